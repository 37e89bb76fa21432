// A warning sticker after the inspection (C30): what was inspected no longer speaks for the goods until
// somebody inspects again.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { goods, sscc } from './goods.mjs';
import { axe, browser, calm, hydrated, open, serve, signIn } from './harness.mjs';

const carton = sscc(1);

describe('rework', () => {
  let server, desk, chrome;

  before(async () => {
    server = await serve({ demo: false });
    desk = await goods(server);
    await desk.furnish();
    await desk.makes('LOT-1', 96);
    await desk.packs(carton, 'LOT-1', 24);
    await desk.does('inspecting', { subjects: ['LOT-1'], level: 'final', result: 'pass' });
    chrome = await browser();
  });

  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  test('C30 a rework makes the inspection stale, and the next one clears it', async () => {
    const page = await open(chrome);
    await signIn(page, server.origin, 'factory');
    await page.goto(`${server.origin}/?code=${encodeURIComponent(carton)}`);
    await page.locator('.card a[href^="/event/reworking"]').click();
    await page.locator('.event-form').waitFor();
    await hydrated(page);
    await page.locator('label', { has: page.locator('input[name=work][value=warning_sticker]') }).click();
    await page.fill('input[name=quantity]', '24');
    await page.setInputFiles('input[name=photo]', { name: 'sticker.png', mimeType: 'image/png', buffer: await pixel(page) });
    await axe(page);
    await page.click('.event-form .send button');
    await page.waitForURL(/receipt=\d+/);
    await page.locator('.receipt').waitFor();
    await shows(page, server, 'LOT-1', 'inspection_stale');

    const line = page.locator('.timeline li[data-kind=reworking]').first();
    const photo = await line.locator('.photos img').getAttribute('src');
    const answer = await page.request.get(`${server.origin}${photo}`);
    assert.equal(answer.status(), 200);
    assert.equal(answer.headers()['content-type'], 'image/png');
    assert.equal((await fetch(`${server.origin}${photo}`, { redirect: 'manual' })).status === 200, false, 'not for everybody');

    const inspector = await open(chrome);
    await signIn(inspector, server.origin, 'inspector');
    await inspector.goto(`${server.origin}/event/inspecting?subject=batch%3ALOT-1`);
    await inspector.locator('.event-form').waitFor();
    await hydrated(inspector);
    await inspector.fill('textarea[name=subjects]', carton);
    await inspector.locator('label', { has: inspector.locator('input[name=level][value=re_inspection]') }).click();
    await inspector.locator('label', { has: inspector.locator('input[name=result][value=pass]') }).click();
    await inspector.fill('input[name=presented]', '24');
    await inspector.fill('input[name=sample]', '8');
    await inspector.locator('label', { has: inspector.locator('input[name="defects.0.class"][value=minor]') }).click();
    await inspector.fill('input[name="defects.0.what"]', 'sticker crooked');
    await inspector.fill('input[name="defects.0.count"]', '1');
    await inspector.setInputFiles('input[name="defects.0.photo"]', { name: 'a.png', mimeType: 'image/png', buffer: await pixel(page) });
    await inspector.click('.event-form .send button');
    await inspector.waitForURL(/receipt=\d+/);
    await inspector.locator('.receipt').waitFor();
    await shows(inspector, server, 'LOT-1', 'conformant');
    for (const code of ['LOT-1', carton]) {
      const { body } = await desk.resolve(code);
      assert.ok(!JSON.stringify(body).includes('inspection_stale'), code);
    }
    calm(page);
    calm(inspector);
  });

  test('a photo that is none is refused in words, and the form is kept', async () => {
    const page = await open(chrome, { script: false });
    await signIn(page, server.origin, 'factory');
    await page.goto(`${server.origin}/event/reworking?code=${encodeURIComponent(carton)}`);
    await page.locator('label', { has: page.locator('input[name=work][value=repaired]') }).click();
    await page.setInputFiles('input[name=photo]', { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
    await page.click('.event-form .send button');
    await page.waitForURL(/draft=/);
    await page.locator('.question:has(input[name=photo]) .refused').waitFor();
    assert.ok(await page.locator('input[name=work][value=repaired]').isChecked());
  });
});

async function shows(page, server, batch, disposition) {
  await page.goto(`${server.origin}/batch/${batch}`);
  await page.locator(`.card .disposition.${disposition}`).first().waitFor();
}

async function pixel(page) {
  const data = await page.evaluate(() => document.createElement('canvas').toDataURL('image/png').split(',')[1]);
  return Buffer.from(data, 'base64');
}
