// Several codes in view: one that is aimed at, or the whole label of a carton; and what is seen is said
// before anything is done with it.

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { canvasCamera, film, frameOf, sheet } from './film.mjs';
import { goods, sscc, toy } from './goods.mjs';
import { axe, browser, calm, fits, hydrated, open, pictures, serve, signIn } from './harness.mjs';

const carton = sscc(1);
const held = sscc(2);
const other = '(01)09506000134369';

describe('scan: several codes in view', () => {
  let server, chrome;
  const frames = {};

  before(async () => {
    server = await serve({ demo: false });
    const desk = await goods(server);
    await desk.furnish();
    await desk.makes('LOT-1', 96);
    await desk.packs(carton, 'LOT-1', 24);
    await desk.makes('LOT-2', 48);
    await desk.packs(held, 'LOT-2', 24);
    await desk.does('holding', { subjects: ['LOT-2'], action: 'hold', reason: 'odour' });
    for (const [name, code] of Object.entries({
      unit: `gs1-128=${carton}`, held: `data-matrix=${held}`, contents: `gs1-128=(02)${toy.gtin}(37)24`,
      lot: 'data-matrix=(10)LOT-1', item: `qr=(01)${toy.gtin}(10)LOT-1`, wrongLot: `data-matrix=(01)${toy.gtin}(10)LOT-2`,
      wrongItem: `ean-13=${other.slice(5)}`, piece: `ean-13=${toy.gtin.slice(1)}`,
    })) frames[name] = await frameOf(server, code);
    chrome = await browser();
  });

  // A page that is left open goes on scanning.
  afterEach(() => Promise.all(chrome.contexts().map((context) => context.close())));

  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  async function looking(frame, mode, more = {}) {
    const page = await open(chrome, more);
    await canvasCamera(page, { frame });
    await page.addInitScript((mode) => localStorage.setItem('lotwalk.scan-mode', mode), mode);
    await signIn(page, server.origin, 'warehouse');
    await page.goto(`${server.origin}/`);
    await hydrated(page);
    await page.click('.viewport .start');
    await page.waitForSelector('.viewport.on');
    return page;
  }

  test('aiming: of a sheet of codes the one in the middle, and never its neighbour', async () => {
    const nine = sheet([
      frames.piece, frames.unit, frames.item, frames.lot, frames.held, frames.piece, frames.unit, frames.wrongItem, frames.lot,
    ], 3);
    const page = await looking(nine, 'aim');
    await page.locator('.result .card.stop').waitFor({ timeout: 60_000 });
    await page.waitForTimeout(2_000);
    assert.equal(await page.locator('.scan-list li').count(), 0, 'nothing else was taken');
    assert.ok(await page.locator('.outlines polygon.aside').count() > 0, 'what does not count is seen as such');
    await page.waitForFunction(() => document.querySelectorAll('.means li.stop').length === 1
      && document.querySelectorAll('.means li').length === 1);
    await axe(page);
    await fits(page);

    // The same sheet without the one in the middle.
    const around = await looking(sheet([
      frames.piece, frames.unit, frames.item, frames.lot, null, frames.piece, frames.unit, frames.wrongItem, frames.lot,
    ], 3), 'aim');
    await around.locator('.outlines polygon.aside').first().waitFor({ state: 'attached', timeout: 60_000 });
    await around.waitForTimeout(2_000);
    assert.equal(await around.locator('.result .card, .result .answer').count(), 0);
    calm(page);
    calm(around);
  });

  test('the mode is chosen with a thumb and remembered', async () => {
    const page = await looking(frames.unit, 'each');
    const pressed = () => page.locator('.modes [aria-pressed=true]').innerText();
    assert.match(await pressed(), /Each/);
    await page.click('.modes button:has-text("Whole label")');
    assert.match(await pressed(), /Whole label/);
    await page.reload();
    await hydrated(page);
    await page.evaluate(() => localStorage.getItem('lotwalk.scan-mode'));
    calm(page);
  });

  test('a carton label of three symbols becomes one identity, before it is looked up', async () => {
    const page = await looking(sheet([frames.unit, frames.contents, frames.lot, null], 2), 'label');
    const panel = page.locator('.label-panel');
    for (const part of [carton.slice(4), toy.gtin, 'LOT-1', '24']) {
      await panel.locator('dd', { hasText: part }).first().waitFor({ timeout: 60_000 });
    }
    assert.equal(await page.locator('.result .card').count(), 0, 'nothing was looked up yet');
    assert.equal(await panel.locator('.notice').count(), 0, 'it agrees and is whole');
    await pictures(page, 'scan-label');
    await axe(page);
    await panel.locator('.take').click();
    await page.locator('.result .card', { hasText: toy.name }).waitFor();
    calm(page);
  });

  for (const [lang, words] of [['en', /different lots: LOT-1 \/ LOT-2|different lots: LOT-2 \/ LOT-1/], ['zh-CN', /不同的批号/]]) {
    test(`symbols that contradict each other are told, and nothing is chosen, in ${lang}`, async () => {
      const page = await looking(sheet([frames.item, frames.wrongLot], 2), 'label', { lang });
      const stop = page.locator('.label-panel .notice.stop');
      await stop.waitFor({ timeout: 60_000 });
      assert.match(await stop.innerText(), words);
      assert.ok(await page.locator('.label-panel .take').isDisabled());
      await axe(page);
      calm(page);
    });
  }

  test('two articles on one label are told', async () => {
    const page = await looking(sheet([frames.item, frames.wrongItem], 2), 'label');
    const stop = page.locator('.label-panel .notice.stop');
    await stop.waitFor({ timeout: 60_000 });
    assert.match(await stop.innerText(), /different trade items/);
    await page.click('.label-panel button:has-text("Start over")');
    calm(page);
  });

  test('a label that is seen in part says that another symbol belongs to it', async () => {
    const page = await looking(frames.lot, 'label');
    const look = page.locator('.label-panel .notice.look');
    await look.waitFor({ timeout: 60_000 });
    assert.match(await look.innerText(), /other symbol/);
    calm(page);
  });

  test('what is seen is outlined and said, with icon, word and colour, and said again when it comes back', async () => {
    const page = await looking(frames.held, 'each');
    const line = page.locator('.means li.stop');
    await line.waitFor({ timeout: 60_000 });
    assert.ok(await line.locator('svg').count(), 'an icon');
    assert.match(await line.locator('.what').innerText(), /LOT-2/, 'a word');
    assert.ok(await page.locator('.outlines polygon.stop').count(), 'a colour');
    const inside = await page.evaluate(() => {
      const corners = document.querySelector('.outlines polygon').getAttribute('points').split(' ').map((p) => p.split(',').map(Number));
      return corners.length === 4 && corners.every(([x, y]) => x > -20 && x < 660 && y > -20 && y < 500);
    });
    assert.ok(inside, 'the outline lies in the frame');
    await pictures(page, 'scan-seen');
    await axe(page);
    // Out of view, and back.
    await page.evaluate(() => { globalThis.cam.black = true; });
    await page.waitForTimeout(2_500);
    await page.evaluate(() => { globalThis.cam.black = false; });
    await page.locator('.means .again', { hasText: 'scanned before' }).waitFor({ timeout: 30_000 });
    await page.locator('.result .notice', { hasText: /Scanned \d+ times/ }).waitFor();
    calm(page);
  });

  test('a moving belt: every carton of a film is taken once', async (t) => {
    const belt = path.join(server.folder, 'belt.y4m');
    await film(belt, [frames.unit, frames.item, frames.held, frames.piece], 12, 12);
    const moving = await browser({ video: belt });
    try {
      const page = await open(moving);
      await signIn(page, server.origin, 'warehouse');
      await page.goto(`${server.origin}/`);
      await hydrated(page);
      const began = Date.now();
      await page.click('.viewport .start');
      await page.waitForFunction(() => document.querySelectorAll('.scan-list li').length >= 3, null, { timeout: 90_000 });
      t.diagnostic(`four codes of a belt with one a second: ${((Date.now() - began) / 1000).toFixed(1)} s after the touch`);
      calm(page);
    } finally {
      await moving.close();
    }
  });
});
