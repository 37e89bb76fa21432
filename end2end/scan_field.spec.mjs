// A form asks for a code: the label is in front of the person, so it is scanned and not typed.

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { goods, sscc } from './goods.mjs';
import { axe, browser, calm, hydrated, open, serve, signIn } from './harness.mjs';

const old = sscc(1);
const fresh = sscc(101);

describe('scan field', () => {
  let server, desk, chrome, camera;

  before(async () => {
    server = await serve({ demo: false });
    desk = await goods(server);
    await desk.furnish();
    await desk.makes('LOT-1', 96);
    for (const serial of [1, 2]) await desk.packs(sscc(serial), 'LOT-1', 24);
    chrome = await browser();
    const video = path.join(server.folder, 'labels.y4m');
    const made = await server.lotwalk('video', video, `gs1-128=${fresh}`);
    assert.equal(made.code, 0, made.stderr);
    camera = await browser({ video });
  });

  after(async () => {
    await camera?.close();
    await chrome?.close();
    await server?.stop();
  });

  async function relabeling(chrome, query = '', more = {}) {
    const page = await open(chrome, more);
    await signIn(page, server.origin, 'warehouse');
    await page.goto(`${server.origin}/event/relabeling${query}`);
    if (more.script !== false) await hydrated(page);
    return page;
  }
  const button = (page, field) => page.locator(`.question:has([name=${field}]) .scan-into`);

  test('C28 the camera fills the field that asked, and the form goes on', async () => {
    const page = await relabeling(camera, `?code=${encodeURIComponent(old)}`);
    await button(page, 'new_code').click();
    const dialog = page.locator('dialog.scan-dialog');
    await dialog.locator('.viewport').waitFor();
    await page.waitForFunction(() => document.querySelector('input[name=new_code]').value !== '', null, { timeout: 60_000 });
    assert.equal(await page.inputValue('input[name=new_code]'), fresh);
    assert.equal(await page.inputValue('input[name=old_code]'), old, 'and no other');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement.name), 'quantity', 'on to the next field');
    assert.equal(await page.locator('video').count(), 0, 'the lamp is out');
    assert.equal(await page.locator('.notice').count(), 0, 'nothing was sent');
    await axe(page);
    calm(page);
  });

  test('C28 a hand scanner in front of the open dialog, and what was scanned is said to have been', async () => {
    const page = await relabeling(chrome, `?subject=${encodeURIComponent('logistic_unit:' + (await keyOf(desk, old)))}`);
    assert.ok(await page.locator('input[name=old_code][type=radio]').first().isVisible());
    await button(page, 'old_code').click();
    await page.locator('dialog.scan-dialog .viewport').waitFor();
    await axe(page);
    await wedge(page, old.replace(/[()]/g, ''));
    await page.locator('dialog.scan-dialog').waitFor({ state: 'hidden' });
    assert.equal((await page.inputValue('input.code[name=old_code]')).replace(/[()]/g, ''), old.replace(/[()]/g, ''));
    assert.ok(await page.isChecked('input[name=old_code_scanned]'));
    assert.ok(await page.isChecked('input[name=old_code][type=radio][value=""]'), 'what was scanned is meant');
    calm(page);
  });

  test('several codes come in one after the other, each once', async () => {
    const page = await open(chrome);
    await signIn(page, server.origin, 'warehouse');
    await page.goto(`${server.origin}/event/shipping`);
    await hydrated(page);
    await button(page, 'units').click();
    await page.locator('dialog.scan-dialog .viewport').waitFor();
    for (const serial of [1, 2, 1]) await wedge(page, sscc(serial).replace(/[()]/g, ''));
    const lines = (await page.inputValue('textarea[name=units]')).trim().split('\n');
    assert.equal(lines.length, 2, lines.join());
    await page.click('dialog.scan-dialog .done');
    await page.locator('dialog.scan-dialog').waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement.classList.contains('scan-into')), true, 'the focus is back');
    calm(page);
  });

  test('Enter at the end of a code leads on and sends nothing', async () => {
    const page = await relabeling(chrome);
    await page.fill('input[name=old_code]', old);
    await page.press('input[name=old_code]', 'Enter');
    assert.equal(await page.evaluate(() => document.activeElement.name), 'new_code');
    await page.keyboard.type(fresh);
    await page.keyboard.press('Enter');
    assert.match(page.url(), /\/event\/relabeling$/);
    assert.equal(await page.evaluate(() => document.activeElement.name), 'quantity');
    calm(page);
  });

  test('without script there is a field to type into and no button that does nothing', async () => {
    const page = await relabeling(chrome, '', { script: false });
    assert.ok(await page.locator('input[name=new_code]').isVisible());
    assert.equal(await page.locator('.scan-into:visible').count(), 0);
  });
});

async function keyOf(desk, code) {
  const { body } = await desk.resolve(code);
  return body.card.titled.subject.key;
}

/** As a scanner that acts as a keyboard. */
async function wedge(page, text) {
  await page.evaluate((text) => {
    const press = (key) => (document.activeElement ?? document.body).dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, composed: true }),
    );
    for (const key of text) press(key);
    press('Enter');
  }, text);
}
