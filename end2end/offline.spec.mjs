// A warehouse without signal: the page that was visited once opens, scans, and says honestly what it
// cannot do.

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { goods, sscc, toy } from './goods.mjs';
import { browser, hydrated, open, serve, signIn } from './harness.mjs';

const [known, unseen] = [sscc(1), sscc(2)];

describe('offline', () => {
  let server, chrome, page;

  before(async () => {
    server = await serve({ demo: false });
    const desk = await goods(server);
    await desk.furnish();
    await desk.makes('LOT-1', 96);
    await desk.packs(known, 'LOT-1', 24);
    await desk.packs(unseen, 'LOT-1', 24);
    const video = path.join(server.folder, 'codes.y4m');
    const made = await server.lotwalk('video', video, `gs1-128=${unseen}`);
    assert.equal(made.code, 0, made.stderr);
    chrome = await browser({ video });
    page = await open(chrome);
    await signIn(page, server.origin, 'warehouse');
    await page.goto(`${server.origin}/`);
    await hydrated(page);
    // The worker takes the page over and keeps it.
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(async () => navigator.serviceWorker.controller && (await caches.match('/')) !== undefined);
    await page.fill('.code-field input', known);
    await page.press('.code-field input', 'Enter');
    await page.locator('.result .card').waitFor();
  });

  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  test('the scan page opens with the server gone, and scans', async (t) => {
    server.kill();
    await page.waitForFunction(() => fetch('/healthz').then(() => false, () => true));
    const begun = Date.now();
    await page.goto(`${server.origin}/`);
    await hydrated(page);
    t.diagnostic(`awake without a server after ${Date.now() - begun} ms`);
    await page.click('.viewport .start');
    await page.waitForSelector('.viewport.on');
    await page.locator('.result', { hasText: 'No signal' }).waitFor({ timeout: 60_000 });
    const told = (await page.locator('.result').innerText()).replace(/[\s()]/g, '');
    assert.ok(told.includes(unseen.replace(/[()]/g, '')), `the code that was read: ${told}`);
    assert.equal(await page.locator('.result .card').count(), 0, 'nothing is claimed about it');
  });

  test('what the ledger said before is shown as what it said before', async () => {
    await page.goto(`${server.origin}/`);
    await hydrated(page);
    await page.fill('.code-field input', known);
    await page.press('.code-field input', 'Enter');
    await page.locator('.result .card', { hasText: toy.name }).waitFor();
    assert.match(await page.locator('.result .notice').first().innerText(), /No signal[\s\S]*may have changed/);
  });

  test('every other page says that there is no signal, in both languages', async () => {
    await page.goto(`${server.origin}/find`);
    const told = await page.innerText('body');
    assert.match(told, /signal/i);
    assert.match(told, /\p{Script=Han}/u);
    await page.locator('a[href="/"]').first().click();
    await hydrated(page);
  });
});
