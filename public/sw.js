// The app without a signal: the scan page opens and scans; every other page says that there is no signal.
//
// One cache a build, named by the version in this script's address. A page is kept only when it belongs
// to the same build as the modules beside it: a stale module under a newer page fails without a word.

const version = new URL(self.location).searchParams.get('v') ?? '';
const name = `lotwalk-${version}`;
// The scanner that scan-worker.js will load.
const vector = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
const scan = typeof WebAssembly === 'undefined' || WebAssembly.validate(new Uint8Array(vector)) ? 'scan' : 'scan_plain';
const modules = ['/pkg/client.js', '/pkg/client_bg.wasm', `/pkg/${scan}.js`, `/pkg/${scan}_bg.wasm`, '/scan-worker.js'];
const files = ['/offline.html', '/offline.css', '/manifest.webmanifest', '/icons/icon.svg'];
const home = '/';
const offline = '/offline.html';

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  // Who signs out takes the kept page along: it bears a name and a role.
  if (/^\/sign-(in|out)/.test(url.pathname)) event.waitUntil(forget());
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') event.respondWith(page(event, url));
  else if (isAsset(url)) event.respondWith(asset(request));
});

async function install() {
  const cache = await caches.open(name);
  await cache.addAll([...files, ...modules.map((path) => `${path}?v=${version}`)]);
  await self.skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((key) => key.startsWith('lotwalk-') && key !== name);
  await Promise.all(old.map((key) => caches.delete(key)));
  await self.clients.claim();
  // The page that registered this was loaded before it could be kept.
  const answer = await fetch(home, { headers: { accept: 'text/html' } }).catch(() => null);
  if (answer) await keep(answer);
}

async function page(event, url) {
  try {
    const answer = await fetch(event.request);
    if (url.pathname === home && url.search === '') event.waitUntil(keep(answer.clone()));
    return answer;
  } catch {
    if (url.pathname === home && url.search !== '') return Response.redirect(home, 302);
    const kept = url.pathname === home ? await caches.match(home) : undefined;
    return kept ?? (await caches.match(offline)) ?? Response.error();
  }
}

async function keep(answer) {
  if (!answer.ok || answer.redirected || answer.type !== 'basic') return;
  const html = await answer.clone().text();
  if (!html.includes(`/pkg/client.js?v=${version}`)) return;
  const cache = await caches.open(name);
  const style = html.match(/href="(\/style-[^"]+)"/)?.[1];
  if (style && !(await cache.match(style))) await cache.add(style);
  await cache.put(home, answer);
}

async function forget() {
  await (await caches.open(name)).delete(home);
}

function isAsset({ pathname, searchParams }) {
  return pathname.startsWith('/style-') || pathname.startsWith('/icons/') || files.includes(pathname)
    || (searchParams.get('v') === version && (modules.includes(pathname) || pathname.startsWith('/pkg/')));
}

async function asset(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(name)).put(request, answer.clone());
  return answer;
}
