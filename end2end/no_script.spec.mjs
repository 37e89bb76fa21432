// A browser without script: everything that is read or recorded goes on.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { goods, sscc, toy } from './goods.mjs';
import { browser, open, password, serve, signIn } from './harness.mjs';

describe('no script', () => {
  let server, desk, chrome;

  before(async () => {
    server = await serve({ demo: false });
    desk = await goods(server);
    await desk.furnish();
    await desk.makes('LOT-1', 96);
    for (const serial of [1, 2, 3]) await desk.packs(sscc(serial), 'LOT-1', 24);
    chrome = await browser();
  });

  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  test('C03 a typed code leads to its card, and on to the batch and its story', async () => {
    const page = await open(chrome, { script: false });
    await signIn(page, server.origin, 'buyer');
    await page.goto(`${server.origin}/`);
    assert.ok(await page.locator('noscript, .notice', { hasText: /type the code/i }).first().isVisible());
    assert.equal(await page.locator('.viewport').isVisible(), false, 'no camera that cannot work');
    await page.fill('.code-field input', sscc(1));
    await page.click('.code-field button[type=submit]');
    const card = page.locator('.card');
    await card.waitFor();
    assert.match(await card.innerText(), new RegExp(toy.name));
    await card.locator('a[href="/batch/LOT-1"]').first().click();
    await page.waitForURL(/\/batch\/LOT-1/);
    await page.locator('.timeline li[data-kind=producing]').waitFor();
    const html = await page.content();
    for (const part of ['Secret Paints', 'PAINT-7']) assert.ok(html.includes(part), part);
  });

  test('a code that cannot be read says where, and finding goes by words', async () => {
    const page = await open(chrome, { script: false });
    await signIn(page, server.origin, 'warehouse');
    await page.goto(`${server.origin}/?code=${encodeURIComponent('(01)09506000134353(10)A')}`);
    await page.locator('.answer', { hasText: 'cannot be read' }).waitFor();
    assert.equal(await page.inputValue('.code-field input'), '(01)09506000134353(10)A', 'to be mended, not typed again');
    await page.goto(`${server.origin}/find`);
    const field = page.locator('main form[action="/find"] input').first();
    await field.fill('LOT');
    await field.press('Enter');
    await page.locator('main a[href="/batch/LOT-1"]').first().waitFor();
  });

  test('a refusal stands at its field, with everything as it was filled in', async () => {
    const page = await open(chrome, { script: false });
    await signIn(page, server.origin, 'warehouse');
    await relabel(page, server, sscc(1), sscc(2));
    await page.waitForURL(/draft=/);
    assert.ok(await page.locator('.question:has(input[name=new_code]) .refused').isVisible());
    assert.ok(await page.locator('.summary .notice').isVisible());
    assert.equal(await page.inputValue('input[name=new_code]'), sscc(2));
    assert.ok(await page.locator('input[name=reason][value=damaged]').isChecked());
    assert.equal(await page.inputValue('textarea[name=note]'), 'by hand');
    await page.fill('input[name=new_code]', sscc(101));
    await page.click('.event-form .send button');
    await page.waitForURL(/receipt=\d+/);
  });

  test('a session that ends in the middle of a form: after signing in, the draft is there', async () => {
    const page = await open(chrome, { script: false });
    await signIn(page, server.origin, 'warehouse');
    await relabel(page, server, sscc(3), sscc(103), { before: () => page.context().clearCookies() });
    await page.waitForURL(/\/sign-in\?refused=expired/);
    assert.match(await page.locator('.notice').innerText(), /sign in|session|kept/i);
    await page.fill('input[name=name]', 'warehouse');
    await page.fill('input[name=password]', password);
    await page.locator('form:has(input[name=password]) [type=submit]').click();
    await page.waitForURL(/\/event\/relabeling\?draft=/);
    assert.equal(await page.inputValue('input[name=new_code]'), sscc(103));
    assert.equal(await page.inputValue('textarea[name=note]'), 'by hand');
    assert.equal((await desk.resolve(sscc(103))).status, 404, 'not recorded before it is sent again');
    await page.click('.event-form .send button');
    await page.waitForURL(/receipt=\d+/);
    assert.equal((await desk.resolve(sscc(103))).status, 200);
  });

  test('C62 what a role may not do leads to words and not to a blank page', async () => {
    const page = await open(chrome, { script: false });
    await signIn(page, server.origin, 'retailer');
    const answer = await page.goto(`${server.origin}/batch/LOT-1`);
    assert.equal(answer.status(), 403);
    await page.locator('main .notice').waitFor();
    assert.ok(!(await page.content()).includes('Secret Paints'));
  });
});

async function relabel(page, server, old, fresh, { before = () => {} } = {}) {
  await page.goto(`${server.origin}/event/relabeling?code=${encodeURIComponent(old)}`);
  await page.fill('input[name=new_code]', fresh);
  await page.locator('label', { has: page.locator('input[name=reason][value=damaged]') }).click();
  await page.fill('input[name=quantity]', '24');
  await page.click('details.more summary');
  await page.fill('textarea[name=note]', 'by hand');
  await before();
  await page.click('.event-form .send button');
}
