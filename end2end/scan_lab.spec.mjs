// Somebody whose phone scans badly sends one file to whoever helps.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, describe, test } from 'node:test';
import { canvasCamera, frameOf } from './film.mjs';
import { axe, browser, calm, hydrated, open, pictures, roles, serve, signIn } from './harness.mjs';

const code = '9506000134352';

describe('scan lab', () => {
  let server, chrome, frame;

  before(async () => {
    server = await serve({ demo: false });
    frame = await frameOf(server, `ean-13=${code}`);
    chrome = await browser();
  });

  // A page that is left open goes on scanning.
  afterEach(() => Promise.all(chrome.contexts().map((context) => context.close())));

  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  async function inTheLab(role = 'warehouse', more = {}) {
    const page = await open(chrome, { acceptDownloads: true, ...more });
    await canvasCamera(page, { frame, can: { zoom: { min: 1, max: 4 } } });
    await signIn(page, server.origin, role);
    const answer = await page.goto(`${server.origin}/scan/lab`);
    assert.equal(answer.status(), 200);
    await hydrated(page);
    return page;
  }

  test('speed, what was read and how pixels arrive, live', async () => {
    const page = await inTheLab();
    assert.equal(await page.locator('.viewport.on').count(), 0, 'the camera waits for a touch');
    await pictures(page, 'scan-lab');
    await axe(page);
    await page.click('.viewport .start');
    await page.locator('.scan-lab .read tbody tr', { hasText: 'EAN13' }).waitFor({ timeout: 60_000 });
    await page.waitForFunction(() => Number(document.querySelector('.rate dd').innerText) > 1);
    assert.match(await page.locator('.median dd').innerText(), /^\d+\.\d ms$/);
    assert.equal(await page.locator('.size dd').innerText(), '640 × 480');
    assert.match(await page.locator('.way dd').innerText(), /no conversion|made grey/, 'no detour by a canvas');
    const rate = await page.locator('.rate dd').innerText();
    await page.waitForFunction((rate) => document.querySelector('.rate dd').innerText !== rate, rate);
    await pictures(page, 'scan-lab-on');
    await page.emulateMedia({ colorScheme: 'dark' });
    await axe(page);
    calm(page);
  });

  test('one file has the picture, the measurements and the device, and no name', async () => {
    const page = await inTheLab();
    await page.click('.viewport .start');
    await page.locator('.scan-lab .read tbody tr').first().waitFor({ timeout: 60_000 });
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('.scan-lab .save')]);
    assert.match(download.suggestedFilename(), /^lotwalk-scan-lab-\d{4}-\d\d-\d\d\.json$/);
    const text = await readFile(await download.path(), 'utf8');
    const report = JSON.parse(text);
    assert.match(report.device.user_agent, /Chrome/);
    assert.equal(report.device.has.VideoFrame, true);
    assert.deepEqual(report.camera.capabilities, { zoom: { min: 1, max: 4 } });
    assert.equal(report.camera.settings.deviceId, 'rear');
    assert.deepEqual(report.lenses, ['Rear']);
    assert.equal(report.measured.symbols[0].text, code);
    assert.ok(report.measured.frames > 0 && report.measured.median_ms > 0);
    const png = Buffer.from(report.frame.replace(/^data:image\/png;base64,/, ''), 'base64');
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [640, 480], 'the frame as it is, not as it is shown');
    assert.doesNotMatch(text.replace(report.frame, ''), /warehouse/, 'who is signed in is nobody\'s business');
    await page.locator('.scan-lab .notice', { hasText: 'downloads' }).waitFor();
    calm(page);
  });

  test('every role may look, in both languages, and a stranger may not', async () => {
    for (const role of roles) {
      const page = await inTheLab(role, { lang: 'zh-CN' });
      assert.match(await page.locator('h1').innerText(), /扫描诊断/);
      assert.match(await page.locator('main').innerText(), /不会查询或记录/);
      await page.context().close();
    }
    const page = await open(chrome);
    await page.goto(`${server.origin}/scan/lab`);
    assert.match(page.url(), /sign-in/, 'is asked who they are');
    assert.equal(await page.locator('.viewport').count(), 0);
  });
});
