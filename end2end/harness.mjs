// What every spec stands on: a server of its own, a browser, and the checks that any page has to pass.
//
//   import { serve, browser, signIn, axe, pictures } from './harness.mjs';
//
// A spec starts the release binary with the demo in a temporary folder, on a port of its own, so that
// specs neither see nor wait for each other. What it deliberately does not know: any page but sign-in.
//
// LOTWALK_BINARY  the binary; `cargo xtask test` sets it
// CHROME          the browser, else /usr/bin/chromium
// LOTWALK_PICTURES  where screenshots go

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, '..', 'target');
const binary = process.env.LOTWALK_BINARY ?? path.join(target, 'release', 'lotwalk');
const pictureDir = process.env.LOTWALK_PICTURES ?? path.join(target, 'pictures');

/** The demo's users by name, one per role, and their password. */
export const users = {
  admin: 'administrator', buyer: 'buyer', factory: 'factory', warehouse: 'warehouse', inspector: 'inspector',
  retailer: 'retailer',
};
export const roles = Object.keys(users);
export const password = 'lotwalk-demo';

/** The phone on the floor and the desk in the office. */
export const phone = { width: 390, height: 844 };
export const desk = { width: 1280, height: 800 };

// Without these Chromium looks for its maker at every start; root and containers need the first.
const quiet = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

const readyWithin = 90_000;
const stopsWithin = 10_000;

/**
 * Starts `lotwalk serve` and waits until it is ready. Call `stop()` in `after`.
 *
 * With the demo there are its users and its goods; without it, users of the same names are added and
 * the ledger is empty: see goods.mjs for what goes into it.
 */
export async function serve({ demo = true, args = [], env = {} } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'lotwalk-end2end-'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const around = { ...process.env, LOTWALK_DATABASE: `sqlite:${path.join(folder, 'lotwalk.sqlite')}`, ...env };
  const own = (...words) => lotwalk(words, { env: around, cwd: folder });
  for (const [name, role] of demo ? [] : Object.entries(users)) {
    const added = await lotwalk(['user', 'add', name, '--role', role, '--password-stdin'], { env: around, input: password });
    assert.equal(added.code, 0, added.stderr);
  }
  const child = spawn(binary, ['serve', ...(demo ? ['--demo'] : []), '--addr', `127.0.0.1:${port}`, ...args], {
    cwd: folder,
    env: around,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let trouble;
  child.stdout.on('data', (text) => { said += text; });
  child.stderr.on('data', (text) => { said += text; });
  child.on('error', (error) => { trouble = error; });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = () => trouble !== undefined || child.exitCode !== null || child.signalCode !== null;

  const stop = async () => {
    if (!ended()) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const force = setTimeout(kill, stopsWithin);
      await gone;
      clearTimeout(force);
    }
    process.removeListener('exit', kill);
    await rm(folder, { recursive: true, force: true });
  };

  const until = Date.now() + readyWithin;
  for (;;) {
    const ready = await fetch(`${origin}/readyz`).then((answer) => answer.ok, () => false);
    if (ready) break;
    if (ended() || Date.now() > until) {
      await stop();
      throw new Error(`lotwalk serve was not ready (${trouble ?? `exit ${child.exitCode}`}):\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { origin, folder, stop, kill, said: () => said, lotwalk: own };
}

/** Runs the binary to its end: `{ code, stdout, stderr }`. */
export function lotwalk(args, { input = '', ...around } = {}) {
  return new Promise((resolve) => {
    const child = execFile(binary, args, { maxBuffer: 1 << 26, ...around }, (error, stdout, stderr) => {
      resolve({ code: error ? error.code ?? 1 : 0, stdout, stderr });
    });
    child.stdin.end(input);
  });
}

/**
 * A Chromium; with `video` (a y4m file) it has a camera that shows it, with `camera` alone one that nobody
 * allows it to use. Close it in `after`.
 */
export function browser({ video, camera: refused = false } = {}) {
  const camera = video
    ? ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${video}`]
    : refused ? ['--use-fake-device-for-media-stream'] : [];
  const executablePath = process.env.CHROME ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: [...quiet, ...camera] });
}

/** A fresh page in a profile of its own. `page.troubles` collects what went wrong in it, for `calm`. */
export async function open(browser, { viewport = phone, lang = 'en', script = true, ...more } = {}) {
  const context = await browser.newContext({
    viewport, locale: lang, javaScriptEnabled: script, hasTouch: viewport.width < 600, ...more,
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.troubles = [];
  page.on('pageerror', (error) => page.troubles.push(`threw: ${error.message}`));
  page.on('console', (line) => {
    if (line.type() === 'error') page.troubles.push(`console: ${line.text()} (${line.location().url})`);
  });
  return page;
}

/** Nothing threw and nothing was written to the console as an error, but for what matches `except`. */
export function calm(page, except = /$^/) {
  assert.deepEqual(page.troubles.filter((line) => !except.test(line)), [], `trouble on ${page.url()}`);
}

/** Waits until the page is woken: a form that posts by itself says nothing about that. */
export async function hydrated(page) {
  await page.waitForSelector('html[data-hydrated]', { state: 'attached' });
}

/** Signs a demo user in through the form, with or without script. */
export async function signIn(page, origin, role) {
  await page.goto(`${origin}/sign-in`);
  await page.fill('input[name=name]', role);
  await page.fill('input[name=password]', password);
  await Promise.all([
    page.waitForURL((url) => url.pathname !== '/sign-in'),
    page.locator('form:has(input[name=password]) [type=submit]').click(),
  ]);
}

/** Waits until nothing moves: colours that are half way from one to the other are nobody's choice. */
async function still(page) {
  await page.evaluate(async () => {
    // A change of scheme begins its transitions with the next frame.
    for (let frame = 0; frame < 2; frame += 1) await new Promise((next) => { requestAnimationFrame(next); });
    await Promise.allSettled(document.getAnimations().map((moving) => moving.finished));
  });
}

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails on what keeps someone out: axe's findings of serious and critical impact. */
export async function axe(page, { without = [] } = {}) {
  await still(page);
  // Evaluated by the debugger, not loaded by the page: its content security policy stays as it is.
  await page.evaluate(axeSource);
  const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
  const { violations } = await page.evaluate((rules) => globalThis.axe.run(document, { rules }), rules);
  const bad = violations.filter((found) => ['serious', 'critical'].includes(found.impact));
  const lines = bad.flatMap((found) =>
    found.nodes.map((node) => `${found.impact} ${found.id}: ${node.target.join(' ')}\n    ${node.html}`));
  assert.equal(lines.length, 0, `axe on ${page.url()}:\n  ${lines.join('\n  ')}`);
}

/** Nothing hangs out of the side of the screen. */
export async function fits(page) {
  const out = await page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const beyond = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > wide + 1);
    return beyond.slice(0, 5).map((e) => `<${e.localName} class="${e.className}">`);
  });
  assert.deepEqual(out, [], `wider than the screen on ${page.url()}`);
}

/** Takes the page's picture on phone and desk, in light and dark, and checks that it fits both; the files. */
export async function pictures(page, name) {
  await mkdir(pictureDir, { recursive: true });
  const before = page.viewportSize();
  const files = [];
  for (const viewport of [phone, desk]) {
    await page.setViewportSize(viewport);
    await fits(page);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await still(page);
      const file = path.join(pictureDir, `${name}-${viewport.width}x${viewport.height}-${colorScheme}.png`);
      await page.screenshot({ path: file, fullPage: true });
      files.push(file);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
  return files;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
