// The run sheet is on paper (C19): somebody photographs it and keys in what it says, and the photo stands
// beside what was keyed in for whoever reads it later (C15).

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { goods, toy } from './goods.mjs';
import { axe, browser, calm, desk as office, hydrated, open, phone, pictures, serve, signIn } from './harness.mjs';

const camera = '#question-source-input-camera';
const file = '#question-source-input';

describe('attachments', () => {
  let server, desk, chrome;

  before(async () => {
    server = await serve({ demo: false });
    desk = await goods(server);
    await desk.furnish();
    chrome = await browser();
  });

  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  test('C19 a photo of the paper is the source of what is keyed in from it', async () => {
    const page = await open(chrome);
    await signIn(page, server.origin, 'factory');
    await page.goto(`${server.origin}/event/producing`);
    await hydrated(page);
    await page.fill('input[name=trade_item]', `(01)${toy.gtin}`);
    await page.fill('input[name=lot_code]', 'LOT-1');
    await page.fill('input[name=quantity]', '480');
    await page.locator('.paper > summary').click();
    assert.ok(await page.locator('.with-camera').isVisible(), 'a phone has a camera');
    const paper = await photo(page);
    await page.setInputFiles(camera, { name: 'IMG_0412.jpg', mimeType: 'image/jpeg', buffer: paper });
    await axe(page);
    await pictures(page, 'form-paper');
    await page.click('.event-form .send button');
    await page.waitForURL(/receipt=\d+/);

    await page.goto(`${server.origin}/batch/LOT-1`);
    const line = page.locator('.timeline li[data-kind=producing]').first();
    await line.locator('.meta .source').waitFor();
    assert.equal((await line.locator('.meta .source').innerText()).trim(), 'Source: photo');
    const shown = line.locator('.photos img');
    await shown.scrollIntoViewIfNeeded();
    await page.waitForFunction((image) => image.complete && image.naturalWidth > 0, await shown.elementHandle());
    const stored = await page.request.get(`${server.origin}${await shown.getAttribute('src')}`);
    assert.ok(paper.equals(await stored.body()), 'the photo as it was taken');
    assert.equal((await fetch(stored.url(), { redirect: 'manual' })).status, 401, 'not for everybody');
    await axe(page);
    await pictures(page, 'batch-paper');

    await line.locator('.meta a.cite, .meta a[href^="/ledger/"]').first().click();
    await page.waitForURL(/\/ledger\/\d+/);
    await page.locator('.timeline .source').waitFor();
    await pictures(page, 'entry-paper');
    calm(page);
  });

  test('C19 a PDF that is none is refused in words at its question, and the form is kept; without script', async () => {
    const page = await open(chrome, { script: false, viewport: office });
    await signIn(page, server.origin, 'factory');
    await page.goto(`${server.origin}/event/producing`);
    await page.fill('input[name=trade_item]', `(01)${toy.gtin}`);
    await page.fill('input[name=lot_code]', 'LOT-2');
    await page.locator('.paper > summary').click();
    assert.ok(!await page.locator('.with-camera').isVisible(), 'a desk has no camera for paper');
    const sheet = (text) => ({ name: 'run sheet.pdf', mimeType: 'application/pdf', buffer: Buffer.from(text) });
    await page.setInputFiles(file, sheet('<!doctype html><title>Sign in</title>'));
    await page.click('.event-form .send button');
    await page.waitForURL(/draft=/);
    await page.locator('.paper[open] .refused', { hasText: 'This is a web page' }).waitFor();
    assert.equal(await page.inputValue('input[name=lot_code]'), 'LOT-2');

    await page.setInputFiles(file, sheet(pdf()));
    await page.click('.event-form .send button');
    await page.waitForURL(/receipt=\d+/);
    await page.goto(`${server.origin}/batch/LOT-2`);
    const source = page.locator('.timeline li[data-kind=producing] .source').first();
    assert.equal((await source.innerText()).trim(), 'Source: run sheet.pdf');
    const saved = page.waitForEvent('download');
    await source.click();
    assert.equal((await saved).suggestedFilename(), 'run sheet.pdf', 'it is saved, and not opened here');
  });

  test('C19 the question is asked in Chinese too', async () => {
    const page = await open(chrome, { lang: 'zh-CN', viewport: phone });
    await signIn(page, server.origin, 'warehouse');
    await page.goto(`${server.origin}/event/relabeling`);
    await hydrated(page);
    await page.locator('.paper > summary', { hasText: '来源：纸质单据的照片或 PDF' }).click();
    await page.locator('.way', { hasText: '拍照' }).waitFor();
    await axe(page);
    await pictures(page, 'form-paper-zh');
  });
});

/** A photo of a sheet of paper. */
async function photo(page) {
  const data = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 480, height: 640 });
    const draw = canvas.getContext('2d');
    draw.fillStyle = '#f3efe2';
    draw.fillRect(0, 0, 480, 640);
    draw.fillStyle = '#222';
    draw.font = '32px sans-serif';
    ['Run sheet', 'Lot LOT-1', 'Line 3, shift A', '480 pcs'].forEach((line, n) => draw.fillText(line, 40, 90 + n * 60));
    return canvas.toDataURL('image/jpeg', 0.8).split(',')[1];
  });
  return Buffer.from(data, 'base64');
}

/** A page with nothing on it. */
function pdf() {
  const objects = [
    '1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n',
    '2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n',
    '3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n',
  ];
  let text = '%PDF-1.4\n';
  const at = objects.map((object) => { const begin = text.length; text += object; return begin; });
  const table = text.length;
  const rows = at.map((begin) => `${String(begin).padStart(10, '0')} 00000 n \n`).join('');
  return `${text}xref\n0 4\n0000000000 65535 f \n${rows}trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`;
}
