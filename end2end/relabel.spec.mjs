// A carton gets a new label (C28): with script and without, and both labels lead to it afterwards.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { goods, sscc } from './goods.mjs';
import { axe, browser, calm, hydrated, open, serve, signIn } from './harness.mjs';

describe('relabel', () => {
  let server, desk, chrome;

  before(async () => {
    server = await serve({ demo: false });
    desk = await goods(server);
    await desk.furnish();
    await desk.makes('LOT-1', 480);
    for (const serial of [1, 2, 3, 4, 5, 6]) await desk.packs(sscc(serial), 'LOT-1', 24);
    chrome = await browser();
  });

  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  for (const [script, serial] of [[true, 1], [false, 2]]) {
    const [old, fresh] = [sscc(serial), sscc(100 + serial)];

    test(`C28 from the carton to the form and back, ${script ? 'with' : 'without'} script`, async () => {
      const page = await open(chrome, { script });
      await signIn(page, server.origin, 'warehouse');
      await page.goto(`${server.origin}/?code=${encodeURIComponent(old)}`);
      await page.locator('.card').waitFor();
      await page.locator('.card a[href^="/event/relabeling"]').click();
      await page.waitForURL(/\/event\/relabeling/);
      if (script) await hydrated(page);
      await page.fill('input[name=new_code]', fresh);
      await page.locator('label', { has: page.locator('input[name=reason][value=damaged]') }).click();
      await page.locator('input[name=old_code_scanned]').check();
      await page.click('.event-form .send button');
      await page.waitForURL(/\/logistic-unit\/.*receipt=\d+/);

      await page.locator('.receipt .notice.good').waitFor();
      const line = page.locator('.timeline li[data-kind=relabeling]').first();
      assert.match((await line.innerText()).replace(/\s/g, ''), new RegExp(fresh.replace(/[()]/g, '\\$&')));
      assert.match(await line.innerText(), /warehouse/);
      assert.match(await page.locator('.card .names').innerText(), /Former code/);
      for (const code of [old, fresh]) {
        const { status, body } = await desk.resolve(code);
        assert.equal(status, 200, code);
        assert.equal(body.outcome, 'found', code);
        assert.equal(body.former, code === old, code);
      }
      if (script) {
        await hydrated(page);
        await axe(page);
      }
      calm(page);
    });
  }

  test('C28 neither scanned nor counted is marked unproven, and stays open', async () => {
    const page = await open(chrome);
    await signIn(page, server.origin, 'warehouse');
    await relabel(page, server, { old: sscc(3), fresh: sscc(103) });
    await page.locator('.receipt .notice.look').waitFor();
    await page.locator('.discrepancy-list [data-kind=unproven].open').first().waitFor();
    await page.goto(`${server.origin}/?code=${encodeURIComponent(sscc(103))}`);
    await page.locator('.card.look .discrepancies').waitFor();
    calm(page);
  });

  test('a count that differs from the book is kept beside it', async () => {
    const page = await open(chrome);
    await signIn(page, server.origin, 'warehouse');
    await relabel(page, server, { old: sscc(4), fresh: sscc(104), pieces: '23' });
    const told = page.locator('.discrepancy-list [data-kind=count_differs]').first();
    assert.match(await told.innerText(), /23[\s\S]*24/);
  });

  test('a code in use is refused at its field, and nothing that was typed is lost', async () => {
    const page = await open(chrome);
    await signIn(page, server.origin, 'warehouse');
    await relabel(page, server, { old: sscc(5), fresh: sscc(6), note: 'forklift' }, /draft=/);
    await hydrated(page);
    const field = page.locator('.question', { has: page.locator('input[name=new_code]') });
    assert.match(await field.locator('.refused').innerText(), /in use|carries|already/i);
    assert.equal((await page.inputValue('input[name=new_code]')).trim(), sscc(6));
    assert.equal(await page.inputValue('textarea[name=note]'), 'forklift');
    assert.ok(await page.locator('input[name=reason][value=consignee]').isChecked());
    await axe(page);
    await page.fill('input[name=new_code]', sscc(106));
    await page.click('.event-form .send button');
    await page.waitForURL(/\/logistic-unit\/.*receipt=\d+/);
    assert.match(await page.locator('.timeline').innerText(), /forklift/);
    calm(page);
  });

  test('C32 an entry that was wrong is declared so, and both stay readable', async () => {
    const old = sscc(6);
    const page = await open(chrome);
    await signIn(page, server.origin, 'warehouse');
    await relabel(page, server, { old, fresh: sscc(107), pieces: '24' });
    await page.click('.receipt a[href^="/event/correcting"]');
    await page.waitForURL(/\/event\/correcting/);
    await hydrated(page);
    const reason = page.locator('[name=reason]').first();
    if (await reason.evaluate((e) => e.localName) === 'select') await reason.selectOption({ index: 1 });
    else if (await reason.getAttribute('type') === 'radio') await page.locator('label.choice', { has: page.locator('[name=reason]') }).first().click();
    else await reason.fill('the wrong label was scanned');
    await page.click('.event-form .send button');
    await page.waitForURL(/receipt=\d+/);
    await page.goto(`${server.origin}/?code=${encodeURIComponent(old)}`);
    await page.locator('.card').waitFor();
    assert.equal((await desk.resolve(old)).body.former, false, 'the old label is the label again');
    await page.locator('.card a.button').first().click();
    await page.waitForURL(/\/logistic-unit\//);
    await page.locator('.timeline li.wrong s').waitFor();
    calm(page);
  });

  test('the same form sent twice is one entry', async () => {
    const page = await open(chrome, { script: false });
    await signIn(page, server.origin, 'warehouse');
    await fill(page, server, { old: sscc(1), fresh: sscc(108), pieces: '24' });
    const fields = await page.locator('.event-form').evaluate((form) => [...new FormData(form)].map(([name, value]) => [name, String(value)]));
    const post = () => page.request.post(`${server.origin}/event/relabeling`, {
      multipart: Object.fromEntries(fields.filter(([, value]) => value !== '')), maxRedirects: 0,
      headers: { origin: server.origin },
    });
    const [first, second] = [await post(), await post()];
    assert.equal(first.status(), 303);
    assert.equal(first.headers().location, second.headers().location);
  });
});

async function fill(page, server, { old, fresh, pieces = '', note = '' }) {
  await page.goto(`${server.origin}/event/relabeling?code=${encodeURIComponent(old)}`);
  await page.locator('.event-form').waitFor();
  await page.fill('input[name=new_code]', fresh);
  await page.locator('label', { has: page.locator('input[name=reason][value=consignee]') }).click();
  await page.fill('input[name=quantity]', pieces);
  if (note) {
    await page.click('details.more summary');
    await page.fill('textarea[name=note]', note);
  }
}

async function relabel(page, server, answers, leads = /receipt=\d+/) {
  await fill(page, server, answers);
  await hydrated(page);
  await page.click('.event-form .send button');
  await page.waitForURL(leads);
}
