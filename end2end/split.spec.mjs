// One shipment leaves as two (C29): the parts are the whole, or what is missing stays open.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { goods, sscc } from './goods.mjs';
import { axe, browser, calm, hydrated, open, serve, signIn } from './harness.mjs';

describe('split', () => {
  let server, desk, chrome;

  before(async () => {
    server = await serve({ demo: false });
    desk = await goods(server);
    await desk.furnish();
    await desk.makes('LOT-1', 480);
    const cartons = [1, 2, 3, 4, 5, 6, 7, 8].map(sscc);
    for (const carton of cartons) await desk.packs(carton, 'LOT-1', 24);
    await desk.ships('SHIP-A', cartons.slice(0, 4));
    await desk.ships('SHIP-B', cartons.slice(4));
    chrome = await browser();
  });

  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  async function form(page, shipment) {
    await signIn(page, server.origin, 'warehouse');
    await page.goto(`${server.origin}/shipment/${shipment}`);
    await page.locator('a[href^="/event/splitting"]').first().click();
    await page.waitForURL(/\/event\/splitting/);
    await page.locator('.event-form').waitFor();
  }

  test('C29 parts that add up leave nothing open', async () => {
    const page = await open(chrome);
    await form(page, 'SHIP-A');
    await hydrated(page);
    await part(page, 0, { reference: 'SHIP-A1', units: [1, 2, 3] });
    await part(page, 1, { reference: 'SHIP-A2', units: [4] });
    await axe(page);
    await page.click('.event-form .send button');
    await page.waitForURL(/receipt=\d+/);
    await page.locator('.receipt .notice.good').waitFor();
    await page.goto(`${server.origin}/shipment/SHIP-A1`);
    await page.locator('.card').waitFor();
    await page.waitForFunction((code) => document.body.textContent.includes(code), sscc(3));
    const { body } = await desk.resolve(sscc(4));
    assert.match(JSON.stringify(body), /SHIP-A2/);
    calm(page);
  });

  test('C29 a shortfall is told at once and stays an open discrepancy, without script too', async () => {
    const page = await open(chrome, { script: false });
    await form(page, 'SHIP-B');
    await part(page, 0, { reference: 'SHIP-B1', units: [5, 6] });
    await part(page, 1, { reference: 'SHIP-B2', cartons: '1' });
    await page.click('.event-form .send button');
    await page.waitForURL(/receipt=\d+/);
    const told = page.locator('.receipt [data-kind=shortfall]');
    assert.match(await told.innerText(), /3 cartons[\s\S]*4[\s\S]*1/);
    await page.goto(`${server.origin}/shipment/SHIP-B`);
    await page.locator('#discrepancies [data-kind=shortfall].open').waitFor();
  });

  test('more rows than stand there: with a touch, and without script by asking for them', async () => {
    const page = await open(chrome);
    await form(page, 'SHIP-A1');
    await hydrated(page);
    const rows = page.locator('fieldset.rows fieldset.row');
    const before = await rows.count();
    await page.click('fieldset.rows .add');
    await page.waitForFunction((n) => document.querySelectorAll('fieldset.rows fieldset.row').length === n, before + 1);
    await page.locator('fieldset.row .remove').last().click();
    await page.waitForFunction((n) => document.querySelectorAll('fieldset.rows fieldset.row').length === n, before);
    calm(page);

    const plain = await open(chrome, { script: false });
    await form(plain, 'SHIP-A1');
    await part(plain, 0, { reference: 'SHIP-X', units: [1] });
    await plain.click('fieldset.rows .add');
    await plain.waitForURL(/draft=/);
    assert.ok(await plain.locator('fieldset.row').count() > before);
    assert.equal(await plain.inputValue('[name="parts.0.reference"]'), 'SHIP-X');
    assert.equal((await plain.inputValue('[name="parts.0.units"]')).trim(), sscc(1));
  });
});

async function part(page, row, { reference, units = [], cartons = '' }) {
  await page.fill(`[name="parts.${row}.reference"]`, reference);
  await page.fill(`[name="parts.${row}.units"]`, units.map(sscc).join('\n'));
  await page.fill(`[name="parts.${row}.cartons"]`, cartons);
}
