// The record behind the code: what is missing, what is agreed, and a gate that holds.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browser, hydrated, open, serve, signIn } from './harness.mjs';

describe('records', () => {
  let server, chrome;
  before(async () => {
    server = await serve();
    chrome = await browser();
  });
  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  const as = async (name, options) => {
    const page = await open(chrome, options);
    await signIn(page, server.origin, name);
    return page;
  };
  const at = (path) => `${server.origin}${path}`;

  test('C18 the board tells what is missing, who owes it, and leads to the form that mends it', async () => {
    const page = await as('buyer');
    await page.goto(at('/records'));
    const first = page.locator('.board-row').first();
    assert.match(await first.getAttribute('class'), /blocks/, 'what keeps a shipment back stands first');
    const row = page.locator('.board-row[data-batch="260707-5"]');
    await row.locator('summary').click();
    const gap = row.locator('[data-fact="inspection_report.inline"]');
    await gap.waitFor();
    assert.match(await gap.locator('.owes').innerText(), /Inspector|检验员/);
    await page.goto(at('/records?owes=inspector'));
    assert.equal(await row.count(), 1, 'the inspector owes it');
    await page.goto(at('/records?owes=factory'));
    await page.locator('.board-row').first().waitFor();
    assert.equal(await row.count(), 0, 'and the factory owes nothing of this batch');
  });

  test('C18 C48 C59 what was missing is recorded, the batch and the shipment are released', async () => {
    const inspector = await as('inspector');
    await inspector.goto(at('/event/inspecting?subject=batch%3A260707-5'));
    await hydrated(inspector);
    await inspector.locator('input[name="level"][value="inline"]').check();
    await inspector.locator('input[name="result"][value="pass"]').check();
    await inspector.locator('.send button').click();
    await inspector.waitForURL(/receipt=/);

    await inspector.goto(at('/shipment/SHP-26-009/gate'));
    assert.equal(await inspector.locator('[data-fact="release"]').count(), 1, 'only the sign-off is missing of its records');
    await inspector.goto(at('/event/releasing?subject=batch%3A260707-5'));
    await inspector.locator('.send button').click();
    await inspector.waitForURL(/receipt=/);
    await inspector.goto(at('/batch/260707-5'));
    assert.equal(await inspector.locator('[data-complete]').getAttribute('data-complete'), '6/6');

    const buyer = await as('buyer');
    await buyer.goto(at('/shipment/SHP-26-009/gate'));
    const line = buyer.locator('[data-rule="paid"] [data-fact="order_line"]');
    assert.equal(await line.count(), 1, 'the order line belongs to no batch yet');
    await line.getByRole('link', { name: /Join/ }).click();
    await buyer.locator('input[name="batch"]').last().fill('260707-5');
    await buyer.locator('[name="grounds"]').fill('Packing list of 18 November');
    await buyer.locator('.send button').click();
    await buyer.waitForURL(/receipt=/);
    await buyer.goto(at('/shipment/SHP-26-009/gate'));
    assert.equal(await buyer.locator('.verdict').getAttribute('data-failures'), '0');
    await buyer.getByRole('link', { name: 'Release' }).first().click();
    await buyer.locator('.send button').click();
    await buyer.waitForURL(/receipt=/);
    await buyer.goto(at('/shipment/SHP-26-009/gate'));
    await buyer.locator('.verdict.good').waitFor();
  });

  test('C20 C25 a plan is drafted and accepted by both, each for itself; C26 its brief is one bilingual page', async () => {
    const page = await as('buyer');
    await page.goto(at('/trace-plan/BEAR%40XINLE'));
    await page.locator('.revision.locked').first().waitFor();
    await page.goto(at('/trace-plan/BEAR%40XINLE/brief'));
    const brief = page.locator('.brief');
    for (const word of ['Supplier brief', '供应商简报', 'Identity plan', '标识方案', 'BOM-BEAR-R3']) {
      assert.ok((await brief.innerText()).includes(word), word);
    }
    const pdf = await page.pdf({ format: 'A4' });
    assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g).length, 1, 'it fits one sheet');
  });

  test('C13 C53 a record is filed on a phone; “same as usual” is no answer; memory is told as such', async () => {
    const page = await as('factory', { viewport: { width: 390, height: 844 } });
    await page.goto(at('/record/material_lot?subject=material_lot%3ABEECH-CO%3ABM-250425'));
    const receipt = page.locator('[name="fact.receipt"]');
    assert.equal(await receipt.inputValue(), 'GRN-2504001', 'what is on record stands in the form');
    await receipt.fill('same as usual');
    await page.locator('.send button').click();
    await page.locator('.summary').waitFor();
    assert.match(await page.locator('#question-fact-receipt .refused').innerText(), /same as usual/);
    await page.locator('[name="fact.receipt"]').fill('GRN-2504001-A');
    await page.locator('details.more summary').first().click();
    await page.locator('[name="evidence"]').check();
    await page.locator('.send button').click();
    await page.waitForURL(/receipt=/);
    assert.ok(await page.locator('.evidence.testimony').count() > 0);
  });

  test('C52 a name is sealed on its way in, and shown to nobody', async () => {
    const page = await as('factory');
    await page.goto(at('/record/material_lot?subject=material_lot%3ABEECH-CO%3ABM-250909'));
    await page.locator('[name="fact.source"]').fill('Hidden Valley Timber');
    await page.locator('[name="fact.source.seal"]').check();
    await page.locator('.send button').click();
    await page.waitForURL(/receipt=/);
    const text = await page.locator('main').innerText();
    assert.ok(/Sealed source [0-9a-f]{8}/.test(text) && !text.includes('Hidden Valley'), 'sealed');
  });

  test('C49 C10 what may belong together is proposed and joined by a person', async () => {
    const page = await as('buyer');
    await page.goto(at('/bridges'));
    const line = page.locator('[data-thing="order_line:INV-26-008#9"]');
    assert.match(await line.innerText(), /1180/);
    const stray = page.locator('[data-thing="batch:DG-26258 B"]');
    await stray.locator('.proposals').getByRole('link', { name: 'DG26258B' }).waitFor();
    await stray.getByRole('link', { name: 'Join', exact: true }).first().click();
    await page.locator('[name="grounds"]').fill('Same run, lot code written with spaces');
    await page.locator('.send button').click();
    await page.waitForURL(/receipt=/);
    await page.goto(at('/batch/DG26258B'));
    assert.equal(await page.locator('[data-fact="inspection_report.inline"]').count(), 0, 'its records count now');
  });

  test('C24 a form asks what the trace plan of the goods asks', async () => {
    const page = await as('warehouse', { viewport: { width: 390, height: 844 } });
    await page.goto(at('/event/relabeling?subject=logistic_unit%3A(00)006141410000043491'));
    await hydrated(page);
    assert.equal(await page.locator('.by-plan').count(), 2, 'the pieces, and that the old code was scanned');
    assert.equal(await page.locator('input[name="quantity"]').getAttribute('required'), '');
    await page.goto(at('/event/relabeling'));
    await hydrated(page);
    assert.equal(await page.locator('.by-plan').count(), 0, 'goods that are not named yet have no plan');
  });

  test('C56 a material change waits for an answer and takes it', async () => {
    const page = await as('buyer');
    await page.goto(at('/batch/260602-3'));
    const change = page.locator('[data-change="packaging"]');
    await change.getByRole('link', { name: 'Answer' }).click();
    await page.locator('input[name="affects"][value="no"]').check();
    await page.locator('[name="reason"]').fill('Sleeve in place of a box, same board');
    await page.locator('.send button').click();
    await page.waitForURL(/receipt=/);
    await page.goto(at('/batch/260602-3'));
    assert.match(await change.locator('.judgment').innerText(), /Could not affect compliance/);
  });
});
