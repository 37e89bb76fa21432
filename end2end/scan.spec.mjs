// Somebody stands before a carton: camera, photo, hand scanner, paste, typing. Every way in ends in the
// same answer, and where one way fails the page says which others there are.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { goods, sscc, toy } from './goods.mjs';
import { axe, browser, calm, hydrated, open, serve, signIn } from './harness.mjs';

const carton = sscc(1);
const held = sscc(2);
const link = `https://id.gs1.org/01/${toy.gtin}/10/LOT-1`;

describe('scan', () => {
  let server, desk, chrome;

  before(async () => {
    server = await serve({ demo: false });
    desk = await goods(server);
    await desk.furnish();
    await desk.makes('LOT-1', 96);
    await desk.packs(carton, 'LOT-1', 24);
    await desk.makes('LOT-2', 48);
    await desk.packs(held, 'LOT-2', 24);
    await desk.does('holding', { subjects: ['LOT-2'], action: 'hold', reason: 'odour' });
    chrome = await browser();
  });

  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  /** The scan page, awake, with somebody signed in. */
  async function atTheCarton(more) {
    const page = await open(chrome, more);
    await signIn(page, server.origin, 'warehouse');
    await page.goto(`${server.origin}/`);
    await hydrated(page);
    return page;
  }

  describe('C03 a code in front of the camera leads to its batch', () => {
    let camera;
    before(async () => {
      const video = path.join(server.folder, 'codes.y4m');
      const codes = [`gs1-128=${carton}`, `qr=${link}`, `ean-13=${toy.gtin.slice(1)}`, `data-matrix=${held}`];
      const made = await server.lotwalk('video', video, ...codes);
      assert.equal(made.code, 0, made.stderr);
      camera = await browser({ video });
    });
    after(() => camera?.close());

    test('one code after the other, without a touch in between', async (t) => {
      const page = await open(camera);
      await signIn(page, server.origin, 'warehouse');
      await page.goto(`${server.origin}/`);
      await hydrated(page);
      await watch(page);
      await page.click('.viewport .start');
      await page.waitForSelector('.viewport.on');
      await page.waitForSelector('.result .card', { timeout: 60_000 });
      await page.waitForFunction((count) => {
        const plates = [...document.querySelectorAll('.scan-list li, .result')];
        return plates.length >= count;
      }, 4, { timeout: 90_000 });
      const took = await page.evaluate(() => globalThis.watched);
      t.diagnostic(`camera to card: ${took.cards.map((ms) => Math.round(ms)).join(', ')} ms after the frame that was read was sent to the scanner`);
      const lines = await page.locator('.scan-list').innerText();
      const all = `${lines}\n${await page.locator('.result').innerText()}`.replace(/[\s()]/g, '');
      for (const part of [carton, held, toy.gtin.slice(1), 'LOT-1']) {
        assert.ok(all.includes(part.replace(/[()]/g, '')), `${part} in ${all}`);
      }
      assert.ok(await page.locator('.viewport .outlines').count());
      calm(page);
    });

    test('a held carton stops the eye, the ear and the hand', async () => {
      const page = await open(camera);
      await page.addInitScript(() => {
        globalThis.shakes = [];
        globalThis.notes = 0;
        navigator.vibrate = (pattern) => { globalThis.shakes.push([...pattern]); return true; };
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...at) { globalThis.notes += 1; return start.apply(this, at); };
      });
      await signIn(page, server.origin, 'warehouse');
      await page.goto(`${server.origin}/`);
      await hydrated(page);
      await page.click('.viewport .start');
      const plate = page.locator('.result .card.stop .stop-plate');
      await plate.waitFor({ timeout: 90_000 });
      await page.click('.viewport .controls button:has-text("Camera off")').catch(() => {});
      assert.match(await page.locator('.stop-plate .word').first().innerText(), /stop/i);
      assert.match(await page.locator('.stop-plate .from').first().innerText(), /LOT-2/);
      const felt = await page.evaluate(() => ({ shakes: globalThis.shakes, notes: globalThis.notes }));
      assert.ok(felt.notes >= 3, `heard ${felt.notes} notes`);
      assert.ok(felt.shakes.some((pattern) => pattern.length >= 5), `felt ${JSON.stringify(felt.shakes)}`);
      calm(page);
    });

    test('the lamp goes out when the page is left', async () => {
      const page = await open(camera);
      await signIn(page, server.origin, 'warehouse');
      await page.goto(`${server.origin}/`);
      await hydrated(page);
      await page.click('.viewport .start');
      await page.waitForSelector('.viewport.on');
      await page.evaluate(() => { globalThis.track = document.querySelector('video').srcObject.getTracks()[0]; });
      await page.click('nav a[href="/find"]');
      await page.waitForURL(/\/find/);
      await page.waitForFunction(() => globalThis.track.readyState === 'ended');
      calm(page);
    });
  });

  test('a photo is read, and one without a code says so', async () => {
    const page = await atTheCarton();
    const video = path.join(server.folder, 'photo.y4m');
    await server.lotwalk('video', video, `gs1-128=${carton}`);
    const photo = await stillOf(page, video);
    await page.setInputFiles('.controls input[type=file]', { name: 'carton.png', mimeType: 'image/png', buffer: photo });
    await page.locator('.result .card', { hasText: toy.name }).waitFor({ timeout: 30_000 });
    const blank = await page.evaluate(() => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 400, height: 300 });
      return canvas.toDataURL('image/png').split(',')[1];
    });
    await page.setInputFiles('.controls input[type=file]', {
      name: 'blank.png', mimeType: 'image/png', buffer: Buffer.from(blank, 'base64'),
    });
    await page.locator('.viewport .notice', { hasText: 'No code was found' }).waitFor();
    await page.setInputFiles('.controls input[type=file]', {
      name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('not a picture'),
    });
    await page.locator('.viewport .notice', { hasText: 'no picture' }).waitFor();
    calm(page);
  });

  test('typed and pasted', async () => {
    const page = await atTheCarton();
    await page.fill('.code-field input', carton);
    await page.press('.code-field input', 'Enter');
    await page.locator('.result .card', { hasText: toy.name }).waitFor();
    assert.equal(await page.inputValue('.code-field input'), '', 'ready for the next code');
    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.setData('text/plain', text);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    }, link);
    await page.locator('.result .card', { hasText: 'LOT-1' }).waitFor();
    await page.locator('.scan-list li').first().waitFor();
    calm(page);
  });

  test('a hand scanner that types, with GS between two elements', async () => {
    const page = await atTheCarton();
    // What a scanner set to GS1 sends: the lot code has no fixed length, so GS ends it.
    await wedge(page, `01${toy.gtin}10LOT-1\x1d21SERIAL`);
    await page.locator('.result .card', { hasText: 'LOT-1' }).waitFor();
    await page.focus('.code-field input');
    await wedge(page, held.replace(/[()]/g, ''));
    await page.locator('.result .card.stop').waitFor();
    assert.equal(await page.inputValue('.code-field input'), '');
    calm(page);
  });

  test('no camera, a refused one and a page that is not secure: each says the way on', async () => {
    for (const [name, words] of [['NotAllowedError', /not allowed/], ['NotFoundError', /no camera/], ['NotReadableError', /another program/i]]) {
      const page = await open(chrome);
      await page.addInitScript((name) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name));
      }, name);
      await signIn(page, server.origin, 'warehouse');
      await page.goto(`${server.origin}/`);
      await hydrated(page);
      await page.click('.viewport .start');
      const told = page.locator('.viewport .notice');
      await told.waitFor();
      assert.match(await told.innerText(), words);
      assert.match(await told.innerText(), /photo/, 'tells the way on');
      await page.fill('.code-field input', carton);
      await page.press('.code-field input', 'Enter');
      await page.locator('.result .card').waitFor();
      calm(page);
      await page.context().close();
    }
    const page = await open(chrome);
    await page.addInitScript(() => Object.defineProperty(globalThis, 'isSecureContext', { value: false }));
    await signIn(page, server.origin, 'warehouse');
    await page.goto(`${server.origin}/`);
    await hydrated(page);
    await page.click('.viewport .start');
    await page.locator('.viewport .notice', { hasText: 'https' }).waitFor();
  });

  for (const [lang, words] of [['en', /not allowed here\. Allow it in the browser[\s\S]*photo or type/], ['zh-CN', /浏览器设置中[\s\S]*开启权限[\s\S]*照片[\s\S]*手动输入/]]) {
    test(`a person who said no to the camera is told where to allow it, in ${lang}`, async () => {
      // A camera that is there, and a browser that does not grant it.
      const strict = await browser({ camera: true });
      try {
        const page = await open(strict, { lang });
        await signIn(page, server.origin, 'warehouse');
        await page.goto(`${server.origin}/`);
        await hydrated(page);
        await page.click('.viewport .start');
        const told = page.locator('.viewport .notice');
        await told.waitFor();
        assert.match(await told.innerText(), words);
        assert.ok(await page.locator('.viewport .start').isVisible(), 'and can try again');
        await axe(page);
        calm(page);
      } finally {
        await strict.close();
      }
    });
  }

  test('a scanner module that does not load is told, and typing goes on', async () => {
    const page = await open(chrome);
    await page.context().route('**/pkg/scan**', (route) => route.abort());
    await signIn(page, server.origin, 'warehouse');
    await page.goto(`${server.origin}/`);
    await hydrated(page);
    const blank = await page.evaluate(() => document.createElement('canvas').toDataURL('image/png').split(',')[1]);
    await page.setInputFiles('.controls input[type=file]', {
      name: 'blank.png', mimeType: 'image/png', buffer: Buffer.from(blank, 'base64'),
    });
    await page.locator('.viewport .notice', { hasText: 'scanner did not load' }).waitFor();
    await page.fill('.code-field input', carton);
    await page.press('.code-field input', 'Enter');
    await page.locator('.result .card').waitFor();
  });

  test('C07 a lot code of two batches shows both, with what tells them apart', async () => {
    await desk.makes('LOT-7', 10, { produced_from: '2026-01-05' });
    await desk.makes('LOT-7', 20, { batch: 'LOT-7-W', factory: 'W1', produced_from: '2026-02-05' });
    for (const script of [true, false]) {
      const page = await open(chrome, { script });
      await signIn(page, server.origin, 'warehouse');
      await page.goto(`${server.origin}/?code=LOT-7`);
      const choices = page.locator('.answer .choices .choice');
      await choices.first().waitFor();
      assert.equal(await choices.count(), 2);
      const [first, second] = await choices.allInnerTexts();
      assert.notEqual(first, second);
      assert.match(first + second, /Sunrise Toys[\s\S]*Hamburg|Hamburg[\s\S]*Sunrise Toys/);
      const hrefs = await choices.evaluateAll((all) => all.map((a) => a.getAttribute('href')));
      assert.deepEqual(hrefs.sort(), ['/batch/LOT-7', '/batch/LOT-7-W'], 'each has a page of its own');
      for (const href of hrefs) {
        await page.goto(`${server.origin}/?code=LOT-7`);
        await page.locator(`.choices a[href="${href}"]`).click();
        await page.waitForURL(`${server.origin}${href}`);
        await page.locator('.card', { hasText: href.endsWith('W') ? '2026-02-05' : '2026-01-05' }).or(
          page.locator('.record', { hasText: href.endsWith('W') ? '2026-02-05' : '2026-01-05' })).first().waitFor();
      }
    }
  });

  test('C08 an unknown code shows what is near, is kept as seen, and closes when its record comes', async () => {
    const code = carton.slice(0, -2) + ((Number(carton.at(-2)) + 1) % 10) + carton.at(-1);
    const unknown = sscc(1_000);
    const page = await atTheCarton();
    // One digit off: it cannot be read, and the place is told.
    await page.fill('.code-field input', code);
    await page.press('.code-field input', 'Enter');
    await page.locator('.answer', { hasText: 'cannot be read' }).waitFor();

    await page.fill('.code-field input', 'LOT-1X');
    await page.press('.code-field input', 'Enter');
    const answer = page.locator('.answer', { hasText: 'No record names this code' });
    await answer.waitFor();
    assert.match(await page.locator('.nearest').innerText(), /LOT-1/);
    await axe(page);

    await page.fill('.code-field input', unknown);
    await page.press('.code-field input', 'Enter');
    await page.locator('.answer', { hasText: unknown.slice(4, 10) }).waitFor();
    await page.click('.answer form.observe button');
    await page.waitForURL(/receipt=\d+/);
    const seq = Number(new URL(page.url()).searchParams.get('receipt'));
    await page.locator('.receipt').waitFor();
    assert.match(await page.locator('main').innerText(), /seen/i);
    const before = await desk.ask(`/api/v1/entries/${seq}`);
    assert.equal(before.body.discrepancies[0].kind, 'unknown_code');
    assert.equal(before.body.discrepancies[0].closed ?? null, null);

    const receipt = await desk.packs(unknown, 'LOT-1', 24);
    const closed = await desk.ask(`/api/v1/entries/${seq}`);
    assert.equal(closed.body.discrepancies[0].closed, receipt.seq);
    await page.goto(`${server.origin}/?code=${encodeURIComponent(unknown)}`);
    await page.locator('.card', { hasText: toy.name }).waitFor();
    calm(page);
  });
});

/** Keeps the time from each frame that went to the scanner to the first card that followed it. */
function watch(page) {
  return page.evaluate(() => {
    globalThis.watched = { cards: [] };
    let sent = 0;
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...more) {
      if (message?.bitmap) sent = performance.now();
      return post.call(this, message, ...more);
    };
    let shown = '';
    new MutationObserver(() => {
      const card = document.querySelector('.result .card, .result .answer');
      if (!card || card.innerText === shown) return;
      shown = card.innerText;
      globalThis.watched.cards.push(performance.now() - sent);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}

/** As a scanner that acts as a keyboard: each key within milliseconds, Enter at the end. */
async function wedge(page, text) {
  await page.evaluate((text) => {
    const press = (key, more = {}) => (document.activeElement ?? document.body).dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, composed: true, ...more }),
    );
    for (const key of text) {
      if (key === '\x1d') press(']', { code: 'BracketRight', ctrlKey: true });
      else press(key);
    }
    press('Enter');
  }, text);
}

/** The first frame of a Y4M as a PNG, drawn by the browser itself. */
async function stillOf(page, file) {
  const bytes = await readFile(file);
  const [, width, height] = bytes.subarray(0, 200).toString('latin1').match(/W(\d+) H(\d+)/);
  const start = bytes.indexOf('FRAME\n') + 6;
  const luma = bytes.subarray(start, start + width * height).toString('base64');
  const png = await page.evaluate(([width, height, luma]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    const image = context.createImageData(width, height);
    const bytes = Uint8Array.from(atob(luma), (c) => c.charCodeAt(0));
    bytes.forEach((grey, at) => image.data.set([grey, grey, grey, 255], at * 4));
    context.putImageData(image, 0, 0);
    return canvas.toDataURL('image/png').split(',')[1];
  }, [Number(width), Number(height), luma]);
  return Buffer.from(png, 'base64');
}
