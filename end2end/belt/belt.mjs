// What the scan page does under a belt of cartons, in the tests' Chromium with a film as its camera.
//
//   node belt.mjs [--minutes N]
//
// - how long from the first frame that shows a code until the tone;
// - how many of the cartons that pass are told, and how many a second;
// - how smooth the page stays meanwhile: frames a second, and how long a touch waits for its picture;
// - whether memory grows while it goes on for N minutes (2; the release figure is of 10).
//
// LOTWALK_BINARY and CHROME as in harness.mjs.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { browser, hydrated, open, serve, signIn } from '../harness.mjs';
import { goods, sscc } from '../goods.mjs';

/** What a process keeps in memory, in MiB. */
async function resident(id) {
  const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

const minutes = Number(process.argv[process.argv.indexOf('--minutes') + 1] || 2) || 2;
const cartons = 24;

const server = await serve({ demo: false });
let chrome;
try {
  const desk = await goods(server);
  await desk.furnish();
  await desk.makes('LOT-1', 24 * cartons);
  const codes = Array.from({ length: cartons }, (_, i) => sscc(i + 1));
  for (const code of codes) await desk.packs(code, 'LOT-1', 24);
  const film = path.join(server.folder, 'belt.y4m');
  const made = await server.lotwalk('video', '--belt', film, ...codes.map((code) => `gs1-128=${code}`));
  if (made.code !== 0) throw new Error(made.stderr);

  chrome = await browser({ video: film });
  const page = await open(chrome);
  await page.addInitScript(() => {
    const start = OscillatorNode.prototype.start;
    globalThis.tones = [];
    OscillatorNode.prototype.start = function (...at) {
      globalThis.tones.push(performance.now());
      return start.apply(this, at);
    };
  });
  await signIn(page, server.origin, 'warehouse');
  await page.goto(`${server.origin}/`);
  await hydrated(page);
  await page.click('.viewport .start');
  await page.waitForSelector('.viewport.on');
  const began = await page.evaluate(() => performance.now());
  await page.waitForFunction(() => globalThis.tones.length > 0, undefined, { timeout: 60_000 });
  console.log(`first tone ${(await page.evaluate(() => globalThis.tones[0]) - began).toFixed(0)} ms after the camera was on`);

  await page.evaluate(() => {
    globalThis.frames = [];
    globalThis.touches = [];
    const frame = (now) => {
      globalThis.frames.push(now);
      if (!globalThis.smooth) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.interactionId) globalThis.touches.push(entry.duration);
    }).observe({ type: 'event', durationThreshold: 16 });
  });
  const told = async () => {
    const text = await page.locator('main').innerText();
    return codes.filter((code) => text.replace(/[\s()]/g, '').includes(code.replace(/[()]/g, ''))).length;
  };
  const devtools = await page.context().newCDPSession(page);
  const system = await chrome.newBrowserCDPSession();
  // The page's own, and all that its processes hold: the worker and the module in it are in no page's heap.
  const memory = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    const { processInfo } = await system.send('SystemInfo.getProcessInfo');
    const held = await Promise.all(processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => resident(id)));
    return { page: usedSize / 2 ** 20, renderer: held.reduce((a, b) => a + b, 0) };
  };
  // One pass of the film is (cartons + 2) * 15 frames at 30 a second.
  const pass = ((cartons + 2) * 15) / 30;
  const passed = Date.now() + pass * 1000;
  while (Date.now() < passed) {
    await page.locator('main h1').click({ force: true });
    await page.waitForTimeout(500);
  }
  const smooth = await page.evaluate(() => {
    const gaps = globalThis.frames.slice(1).map((at, i) => at - globalThis.frames[i]).toSorted((a, b) => a - b);
    // What is counted is no part of the memory that is looked at afterwards.
    globalThis.smooth = true;
    globalThis.frames = [];
    return { fps: 1000 / (gaps.reduce((a, b) => a + b, 0) / gaps.length), p99: gaps[Math.floor(gaps.length * 0.99)], inp: Math.max(0, ...globalThis.touches) };
  });
  console.log(`${smooth.fps.toFixed(0)} frames a second, p99 between two ${smooth.p99.toFixed(0)} ms; the slowest touch ${smooth.inp.toFixed(0)} ms`);
  const seen = await told();
  console.log(`cartons told after one pass of ${pass.toFixed(1)} s: ${seen} of ${cartons}; ${(seen / pass).toFixed(2)} a second of ${(cartons / pass).toFixed(2)}`);
  const heaps = [await memory()];
  for (let minute = 0; minute < minutes; minute += 1) {
    await page.waitForTimeout(60_000);
    heaps.push(await memory());
  }
  for (const part of ['page', 'renderer']) {
    const row = heaps.map((mib) => mib[part].toFixed(part === 'page' ? 1 : 0));
    console.log(`memory of the ${part}, MiB, minute by minute: ${row.join(' ')}`);
  }
} finally {
  await chrome?.close();
  await server.stop();
}
