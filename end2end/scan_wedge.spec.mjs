// Hand scanners as they come out of the box: prefixes, suffixes, separators in every spelling, keyboard
// layouts of another country, and input methods that press no key.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { goods, sscc, toy } from './goods.mjs';
import { axe, browser, calm, hydrated, open, serve, signIn } from './harness.mjs';

const carton = sscc(1);
const GS = '\x1d';

describe('hand scanners', () => {
  let server, chrome;

  before(async () => {
    server = await serve({ demo: false });
    const desk = await goods(server);
    await desk.furnish();
    await desk.makes('LOT-1', 96);
    await desk.packs(carton, 'LOT-1', 24);
    chrome = await browser();
  });

  // A page that is left open goes on scanning.
  afterEach(() => Promise.all(chrome.contexts().map((context) => context.close())));

  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  async function at(path, more) {
    const page = await open(chrome, more);
    await signIn(page, server.origin, 'warehouse');
    await page.goto(`${server.origin}${path}`);
    await hydrated(page);
    return page;
  }

  const lot = `01${toy.gtin}10LOT-1`;
  const key = (key, more = {}) => ({ key, ...more });
  const keys = (text) => [...text].map((letter) => key(letter));
  const gs = key(']', { code: 'BracketRight', ctrlKey: true });
  const enter = key('Enter');
  const sent = {
    'GS as Ctrl+]': [...keys(lot), gs, ...keys('21S1'), enter],
    'GS as the character itself': [...keys(`${lot}${GS}21S1`), enter],
    'GS as Alt and its number': [...keys(lot), ...'0029'.split('').map((d) => key(d, { code: `Numpad${d}`, altKey: true })), key('Alt', { up: true }), ...keys('21S1'), enter],
    'GS as a function key': [...keys(lot), key('F8'), ...keys('21S1'), enter],
    'GS written <GS>': [...keys(`${lot}<GS>21S1`), enter],
    'GS written {GS}': [...keys(`${lot}{GS}21S1`), enter],
    'GS written ^]': [...keys(`${lot}^]21S1`), enter],
    'the identifier ]C1 in front': [...keys(`]C1${lot}`), gs, ...keys('21S1'), enter],
    'the identifier by AltGr': [key(']', { code: 'Digit9', ctrlKey: true, altKey: true }), ...keys(`C1${lot}`), gs, ...keys('21S1'), enter],
    'Alt held all the time': [...keys(lot).map((k) => ({ ...k, altKey: true })), gs, ...keys('21S1'), enter],
    'start and end of text around it': [key('b', { ctrlKey: true }), ...keys(lot), gs, ...keys('21S1'), key('c', { ctrlKey: true }), enter],
    'a line feed behind it': [...keys(lot), gs, ...keys('21S1'), key('j', { ctrlKey: true })],
    'a tab behind it': [...keys(lot), gs, ...keys('21S1'), key('Tab')],
    'nothing behind it': [...keys(lot), gs, ...keys('21S1')],
  };
  test('every spelling of one code comes to one answer', async () => {
    for (const [name, burst] of Object.entries(sent)) {
      const page = await at('/');
      await press(page, burst);
      await page.locator('.result .card', { hasText: 'LOT-1' }).waitFor();
      const plate = (await page.locator('.result .code-plate').first().innerText()).replace(/\s/g, '');
      assert.ok((await page.locator('.result').innerText()).includes('LOT-1'), `${name}: ${plate}`);
      assert.equal(await page.locator('.scan-list li').count(), 0, `${name}: one code, one scan`);
      calm(page);
      await page.context().close();
    }
  });

  test('a hand is no scanner', async () => {
    const page = await at('/');
    await page.focus('.code-field input');
    await page.keyboard.type('9506000134352', { delay: 90 });
    await page.waitForTimeout(400);
    assert.equal(await page.inputValue('.code-field input'), '9506000134352', 'what a hand types stays until Enter');
    calm(page);
  });

  test('a layout of another country is mended where check digits prove it, and told where they do not', async () => {
    const page = await at('/');
    const french = { 0: 'à', 1: '&', 2: 'é', 3: '"', 4: "'", 5: '(', 6: '-', 7: 'è', 8: '_', 9: 'ç' };
    const digits = carton.replace(/[()]/g, '').slice(2);
    await press(page, [...[...digits].map((d) => key(french[d], { code: `Digit${d}` })), enter]);
    await page.locator('.result .card', { hasText: toy.name }).waitFor();
    assert.equal(await page.locator('.viewport .notice').count(), 0);

    const german = [...'LOT'].map((l) => key(l, { code: `Key${l}`, shiftKey: true }));
    await press(page, [...german, key('ß', { code: 'Minus' }), key('1', { code: 'Digit1' }), enter]);
    const doubt = page.locator('.viewport .notice', { hasText: 'different keyboard layouts' });
    await doubt.waitFor();
    assert.match(await doubt.innerText(), /LOTß1[\s\S]*LOT-1/);
    await page.locator('.result', { hasText: 'LOTß1' }).waitFor();
    calm(page);
  });

  test('an input method that presses no key: the soft keyboard stays away and the text arrives', async () => {
    for (const lang of ['en', 'zh-CN']) {
      const page = await at('/', { lang });
      const toggle = page.locator('.code-field .hand-scanner');
      assert.equal(await toggle.getAttribute('aria-pressed'), 'false');
      await toggle.click();
      const input = page.locator('.code-field input');
      assert.equal(await input.getAttribute('inputmode'), 'none');
      assert.equal(await input.evaluate((field) => field.readOnly), false, 'an input method writes into no read-only field');
      assert.equal(await page.evaluate(() => document.activeElement.name), 'code', 'the field has the focus');
      await page.keyboard.insertText(carton.replace(/[()]/g, ''));
      await page.locator('.result .card', { hasText: toy.name }).waitFor();
      assert.equal(await page.inputValue('.code-field input'), '', 'ready for the next');
      assert.equal(await page.evaluate(() => document.activeElement.name), 'code', 'and still has it');
      await axe(page);
      await page.reload();
      await hydrated(page);
      await page.locator('.code-field input[inputmode=none]').waitFor();
      await page.goto(`${server.origin}/event/relabeling`);
      await hydrated(page);
      await page.locator('input.code[name=old_code][inputmode=none]').waitFor();
      calm(page);
      await page.context().close();
    }
  });

  test('in a form, the code goes whole into the field that has the focus, separators and all', async () => {
    const page = await at('/event/relabeling');
    await page.focus('input[name=old_code]');
    await press(page, [...keys(`]C1${lot}`), gs, ...keys('21S1'), enter]);
    assert.equal(await page.inputValue('input[name=old_code]'), `(01)${toy.gtin}(10)LOT-1(21)S1`);
    assert.equal(await page.evaluate(() => document.activeElement.name), 'new_code');
    assert.match(page.url(), /\/event\/relabeling$/, 'nothing was sent');
    calm(page);
  });

  test('a code that is scanned twice into one list is told, and stays there once', async () => {
    const page = await at('/event/shipping');
    await page.locator('.question:has([name=units]) .scan-into').click();
    await page.locator('dialog.scan-dialog .viewport').waitFor();
    for (const serial of [1, 2, 1]) await press(page, [...keys(sscc(serial).replace(/[()]/g, '')), enter]);
    const again = page.locator('dialog.scan-dialog .notice', { hasText: 'already' });
    await again.waitFor();
    assert.ok((await again.innerText()).includes(sscc(1).slice(4)) );
    assert.equal((await page.inputValue('textarea[name=units]')).trim().split('\n').length, 2);
    calm(page);
  });
});

/** Presses keys within milliseconds, and types what they type into a field. */
function press(page, burst) {
  return page.evaluate((burst) => {
    for (const { key, up = false, ...more } of burst) {
      const target = document.activeElement ?? document.body;
      const event = new KeyboardEvent(up ? 'keyup' : 'keydown', { key, bubbles: true, cancelable: true, composed: true, ...more });
      target.dispatchEvent(event);
      const types = !up && !event.defaultPrevented && [...key].length === 1 && !more.ctrlKey;
      if (types && target.localName === 'input') target.value += key;
    }
  }, burst);
}
