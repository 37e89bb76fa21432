// Somebody holds a toy and has no account (C09, C35): what is it, is it safe, whom to ask, and a way to
// say what is wrong with it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { goods, sscc, toy } from './goods.mjs';
import { axe, browser, calm, hydrated, open, serve, signIn } from './harness.mjs';

const address = `/01/${toy.gtin}/10/LOT-1`;

describe('return', () => {
  let server, desk, chrome;

  before(async () => {
    server = await serve({ demo: false });
    desk = await goods(server);
    await desk.furnish();
    await desk.files(`trade_item:${toy.key}`, 'trade_item', {
      name: toy.name, brand_name: 'Birch & Bear', importer: 'Birch & Bear GmbH', contact: 'safety@birch.example',
    });
    await desk.makes('LOT-1', 5_317);
    await desk.packs(sscc(1), 'LOT-1', 24);
    await desk.ships('SHIP-SECRET', [sscc(1)]);
    chrome = await browser();
  });

  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  test('C09 the product, whom to ask and nothing that is nobody else\'s business', async () => {
    for (const path of [address, `/p/${encodeURIComponent(`(01)${toy.gtin}(10)LOT-1`)}`, '/p/LOT-1']) {
      const answer = await fetch(`${server.origin}${path}`);
      assert.equal(answer.status, 200, path);
      const html = await answer.text();
      assert.match(html, new RegExp(toy.name), path);
      assert.match(html, /safety@birch\.example/, path);
      // Supplier, material lot, consignee, shipment, carton, quantity; and in the data for the script too.
      for (const secret of ['Secret Paints', 'PAINT-7', 'Hamburg', 'SHIP-SECRET', sscc(1).slice(4)]) {
        assert.ok(!html.includes(secret), `${secret} on ${path}`);
      }
      // By itself only: ids, hashes and nonces may hold any four digits.
      assert.doesNotMatch(html, /(?<![\w-])5,?317(?![\w-])/, path);
    }
    const page = await open(chrome);
    await page.goto(`${server.origin}${address}`);
    await hydrated(page);
    await axe(page);
    calm(page);
  });

  for (const script of [true, false]) {
    test(`C35 a complaint with a photo, ${script ? 'with' : 'without'} script`, async () => {
      const page = await open(chrome, { script });
      await page.goto(`${server.origin}${address}`);
      if (script) await hydrated(page);
      await page.click('details.report summary');
      await page.selectOption('[name=complaint]', { index: 1 });
      await page.fill('textarea[name=note]', 'A wheel came off.');
      const photo = await page.locator('h1').screenshot();
      await page.setInputFiles('.report input[name=photo]', { name: 'wheel.png', mimeType: 'image/png', buffer: photo });
      await page.click('.report .send button');
      await page.waitForURL(/returned=\d+/);
      await page.locator('.notice.good', { hasText: 'Thank you' }).waitFor();
      const seq = new URL(page.url()).searchParams.get('returned');
      const { body } = await desk.ask(`/api/v1/entries/${seq}`);
      const entry = JSON.stringify(body);
      assert.match(entry, /A wheel came off/);
      const [, digest] = entry.match(/"photo":"([^"]+)"/) ?? assert.fail(`no photo in ${entry}`);
      calm(page);
      const buyer = await open(chrome);
      await signIn(buyer, server.origin, 'buyer');
      const stored = await buyer.request.get(`${server.origin}/file/${digest}`);
      assert.equal(stored.headers()['content-type'], 'image/png');
      assert.ok(photo.equals(await stored.body()), 'the photo as it was sent');
      await buyer.goto(`${server.origin}/batch/LOT-1`);
      await buyer.locator('.timeline', { hasText: 'A wheel came off' }).waitFor();
    });
  }

  for (const script of [true, false]) {
    test(`C35 a retailer files a return and is told its number, ${script ? 'with' : 'without'} script`, async () => {
      const page = await open(chrome, { script });
      await signIn(page, server.origin, 'retailer');
      await page.goto(`${server.origin}/?code=LOT-1`);
      const answer = page.locator('.answer', { hasText: toy.name });
      await answer.locator('.verdict').waitFor();
      assert.doesNotMatch(await page.content(), /(?<![\w-])5,?317(?![\w-])/, 'no more than anybody is told');
      await answer.locator('a[href^="/event/returning"]').click();
      await page.waitForURL(/\/event\/returning/);
      if (script) await hydrated(page);
      await page.selectOption('[name=complaint]', { index: 1 });
      await page.click('.event-form .send button');
      await page.waitForURL(/\/\?receipt=\d+/);
      const seq = new URL(page.url()).searchParams.get('receipt');
      const told = page.locator('.receipt .notice.good');
      await told.waitFor();
      assert.match(await told.innerText(), new RegExp(`\\b${seq}\\b`));
      assert.equal(await told.locator('a').count(), 0, 'no way that ends before a closed door');
      if (script) await axe(page);
      calm(page);
    });
  }

  test('the address of the page is the link that stands on the toy', async () => {
    const page = await open(chrome);
    await page.goto(`${server.origin}/p/${encodeURIComponent(`(01)${toy.gtin}(10)LOT-1`)}`);
    assert.equal(await page.locator('a.address').innerText(), address);
    await page.click('a.address');
    await page.waitForURL(`${server.origin}${address}`);
    await page.locator('h1', { hasText: toy.name }).waitFor();
  });

  test('C35 goods that are stopped say so before anything else', async () => {
    await desk.makes('LOT-2', 10);
    await desk.does('holding', { subjects: ['LOT-2'], action: 'hold', reason: 'Paint of Secret Paints' });
    const page = await open(chrome);
    await page.goto(`${server.origin}/01/${toy.gtin}/10/LOT-2`);
    await hydrated(page);
    await page.locator('.verdict.stop[role=alert]').waitFor();
    await axe(page);
    assert.ok(!(await page.content()).includes('Secret Paints'), 'why is ours to know');
  });

  test('a code nobody knows is neither blamed nor cleared', async () => {
    const page = await open(chrome);
    await page.goto(`${server.origin}/p/NEVER-MADE`);
    await page.locator('h1', { hasText: 'not known here' }).waitFor();
    await page.click('details.report summary');
    assert.ok(await page.locator('.report form').isVisible());
  });
});
