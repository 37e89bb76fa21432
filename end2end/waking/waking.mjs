// How long until the scan page of a signed-in person answers, on a phone four times slower than this
// machine: Lighthouse's metrics, and when the page is awake (its WASM runs and has taken over), which
// Lighthouse does not know of. Medians of five cold loads, as a table.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { browser, hydrated, open, serve, signIn } from '../harness.mjs';

const runs = 5;
const metrics = {
  'first-contentful-paint': 'first paint, ms',
  'largest-contentful-paint': 'largest paint, ms',
  interactive: 'time to interactive, ms',
  'total-blocking-time': 'blocked, ms',
};
// What the network does is given, so that a run is not an opinion about it.
const networks = {
  'no limit': { rttMs: 0, throughputKbps: 0, requestLatencyMs: 0, downloadThroughputKbps: 0, uploadThroughputKbps: 0 },
  'slow Wi-Fi (10 Mbit/s, 40 ms)': {
    rttMs: 40, throughputKbps: 10_240, requestLatencyMs: 40, downloadThroughputKbps: 10_240, uploadThroughputKbps: 5_120,
  },
};

/** When the page is awake, in milliseconds since the navigation began. */
async function awake(browser, cookies, network) {
  const page = await open(browser, { serviceWorkers: 'block' });
  await page.context().addCookies(cookies);
  const slow = await page.context().newCDPSession(page);
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const { requestLatencyMs: latency, downloadThroughputKbps: down, uploadThroughputKbps: up } = network;
  if (down > 0) {
    await slow.send('Network.enable');
    await slow.send('Network.emulateNetworkConditions', {
      offline: false, latency, downloadThroughput: down * 128, uploadThroughput: up * 128,
    });
  }
  await page.addInitScript(() => {
    new MutationObserver(() => {
      if ('hydrated' in document.documentElement.dataset) globalThis.awakeAt ??= performance.now();
    }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-hydrated'] });
  });
  await page.goto(`${server.origin}/`);
  await hydrated(page);
  const found = await page.evaluate(() => globalThis.awakeAt);
  await page.context().close();
  return found;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const server = await serve();
const profile = await mkdtemp(path.join(tmpdir(), 'lotwalk-waking-'));
const first = await browser();
let chrome;
try {
  const page = await open(first);
  await signIn(page, server.origin, 'warehouse');
  const cookies = await page.context().cookies();
  chrome = await launch({
    chromePath: process.env.CHROME ?? '/usr/bin/chromium',
    userDataDir: profile,
    chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run'],
  });
  console.log(`| network | ${Object.values(metrics).join(' | ')} | awake, ms |`);
  console.log(`| --- |${' ---: |'.repeat(Object.keys(metrics).length + 1)}`);
  for (const [title, network] of Object.entries(networks)) {
    const taken = Object.fromEntries(Object.keys(metrics).map((metric) => [metric, []]));
    for (let run = 0; run < runs; run += 1) {
      const { lhr } = await lighthouse(`${server.origin}/`, {
        port: chrome.port,
        logLevel: 'error',
        onlyAudits: Object.keys(metrics),
        formFactor: 'mobile',
        throttlingMethod: 'devtools',
        throttling: { ...network, cpuSlowdownMultiplier: 4 },
        extraHeaders: { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
      });
      if (lhr.runtimeError) throw new Error(`${lhr.runtimeError.code}: ${lhr.runtimeError.message}`);
      if (new URL(lhr.finalDisplayedUrl).pathname !== '/') throw new Error(`led to ${lhr.finalDisplayedUrl}`);
      for (const metric of Object.keys(metrics)) taken[metric].push(lhr.audits[metric].numericValue);
    }
    const woken = [];
    for (let run = 0; run < runs; run += 1) woken.push(await awake(first, cookies, network));
    const figures = [...Object.keys(metrics).map((metric) => median(taken[metric])), median(woken)];
    console.log(`| ${title} | ${figures.map(Math.round).join(' | ')} |`);
  }
} finally {
  await first.close();
  await chrome?.kill();
  await server.stop();
  await rm(profile, { recursive: true, force: true });
}
