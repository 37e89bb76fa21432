// A slow phone: somebody types before the page is awake. Waking takes nothing away.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browser, calm, hydrated, open, serve, signIn } from './harness.mjs';

describe('waking', () => {
  let server, chrome;

  before(async () => {
    server = await serve({ demo: false });
    chrome = await browser();
  });

  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  /** A page whose module comes only when `wake` is called. */
  async function asleep(path) {
    // A service worker would bring the module past what holds it here.
    const page = await open(chrome, { serviceWorkers: 'block' });
    await signIn(page, server.origin, 'warehouse');
    let come;
    const held = new Promise((resolve) => { come = resolve; });
    await page.route('**/pkg/client_bg.wasm*', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${server.origin}${path}`, { waitUntil: 'commit' });
    await page.locator('main h1').waitFor({ state: 'attached' });
    const wake = async () => {
      assert.equal(await page.locator('html[data-hydrated]').count(), 0, 'was asleep until now');
      come();
      await hydrated(page);
    };
    return { page, wake };
  }

  test('what was typed into find stays', async () => {
    const { page, wake } = await asleep('/find?q=old');
    assert.equal(await page.inputValue('#q'), 'old');
    await page.fill('#q', 'KA-26');
    await wake();
    assert.equal(await page.inputValue('#q'), 'KA-26');
    await page.press('#q', 'Enter');
    await page.waitForURL(/q=KA-26/);
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('#q').value === 'old');
    calm(page);
  });

  test('what was typed, chosen and opened in a form stays', async () => {
    const { page, wake } = await asleep('/event/relabeling');
    await page.fill('input[name=old_code]', 'C-1');
    await page.fill('input[name=quantity]', '24');
    await page.locator('label', { has: page.locator('input[name=reason][value=damaged]') }).click();
    await page.locator('input[name=old_code_scanned]').check();
    await page.click('details.more summary');
    await page.fill('textarea[name=note]', 'by hand');
    await page.fill('input[name=event_time]', '2026-03-04T14:05');
    await page.fill('input[name=zone]', '+05:30');
    await wake();
    const kept = await page.evaluate(() => Object.fromEntries(new FormData(document.querySelector('.event-form'))));
    assert.deepEqual(
      [kept.old_code, kept.quantity, kept.reason, kept.old_code_scanned, kept.note, kept.event_time, kept.zone],
      ['C-1', '24', 'damaged', 'true', 'by hand', '2026-03-04T14:05', '+05:30'],
    );
    assert.ok(await page.locator('details.more:not(.paper)').evaluate((e) => e.open));
    calm(page);
  });

  test('what was typed into the code field of the scan page stays', async () => {
    const { page, wake } = await asleep('/');
    await page.fill('.code-field input', 'LOT-77');
    await wake();
    assert.equal(await page.inputValue('.code-field input'), 'LOT-77');
    calm(page);
  });
});
