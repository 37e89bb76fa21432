// How it looks and feels: every kind of page on phone and desk, in light and dark, and what keeps people
// out is found before they are.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, browser, calm, desk, hydrated, open, phone, pictures, serve, signIn } from './harness.mjs';
import { kinds, walk } from './pages.mjs';

/** What a thumb in a glove hits, in CSS pixels (WCAG 2.5.5). */
const leastTarget = 44;

describe('look', () => {
  let server, chrome, page, found;
  before(async () => {
    server = await serve();
    chrome = await browser();
    page = await open(chrome);
    await signIn(page, server.origin, 'admin');
    found = await walk(page, server.origin);
  });
  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  for (const kind of Object.keys(kinds)) {
    test(`${kind} can be read, heard and hit`, async () => {
      assert.ok(found.has(kind), `no link leads to a page of the kind ${kind}`);
      await looks(page, found.get(kind), kind);
    });
  }

  test('answers: a stop, several candidates, an unknown and an unreadable code', async () => {
    await page.goto(`${server.origin}/codes`);
    const codes = await page.$$eval('a[href^="/?code="]', (all) => all.map((a) => a.getAttribute('href')));
    let stopped = 0;
    for (const href of codes) {
      await page.goto(`${server.origin}${href}`);
      await page.locator('.result .card, .result .answer').first().waitFor();
      if (stopped === 0 && await page.locator('.card.stop').count()) {
        stopped += 1;
        await looks(page, href, 'answer-stop');
      }
      if (await page.locator('.choices').count()) await looks(page, href, 'answer-several');
    }
    await looks(page, codes[0], 'answer');
    await looks(page, '/?code=NEVER-MADE-77', 'answer-unknown');
    await looks(page, `/?code=${encodeURIComponent('(01)09506000134353')}`, 'answer-unreadable');
    assert.equal(stopped, 1, 'the demo has something that stops');
  });

  test('the page to sign in, and one that does not exist', async () => {
    const stranger = await open(chrome);
    await looks(stranger, '/sign-in', 'sign-in');
    await signIn(stranger, server.origin, 'warehouse');
    await looks(stranger, '/no-such-page', 'not-found', 404);
  });

  test('it can be installed: manifest and icons load, and the browser agrees', async () => {
    const fresh = await open(chrome);
    await signIn(fresh, server.origin, 'warehouse');
    await fresh.goto(`${server.origin}/`);
    await hydrated(fresh);
    await fresh.evaluate(() => navigator.serviceWorker.ready);
    const address = await fresh.getAttribute('link[rel=manifest]', 'href');
    const manifest = await (await fetch(`${server.origin}${address}`)).json();
    assert.ok(manifest.name && manifest.start_url && manifest.display === 'standalone');
    for (const icon of manifest.icons) {
      const answer = await fetch(new URL(icon.src, `${server.origin}${address}`));
      assert.equal(answer.status, 200, icon.src);
      assert.match(answer.headers.get('content-type'), /^image\//, icon.src);
    }
    const devtools = await fresh.context().newCDPSession(fresh);
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    // A profile that leaves nothing behind installs nothing; that is the test's, not the page's.
    const errors = installabilityErrors.map((error) => error.errorId).filter((id) => id !== 'in-incognito');
    assert.deepEqual(errors, []);
  });

  async function looks(page, path, name, status = 200) {
    page.troubles.length = 0;
    await page.setViewportSize(phone);
    const answer = await page.goto(`${server.origin}${path}`);
    assert.equal(answer.status(), status, path);
    await hydrated(page);
    await pictures(page, name);
    assert.equal(await page.locator('h1').count(), 1, `one heading on ${path}`);
    await axe(page);
    assert.deepEqual(await smallTargets(page), [], `too small for a thumb on ${path}`);
    await page.setViewportSize(desk);
    await page.emulateMedia({ colorScheme: 'dark' });
    await axe(page);
    await page.emulateMedia({ colorScheme: null });
    calm(page, status === 200 ? undefined : /status of 404/);
  }
});

/**
 * What can be touched and is smaller than a thumb. Links inside running text are as high as the text, and
 * a reference to an entry is larger to the finger than to the eye.
 */
function smallTargets(page) {
  return page.evaluate((least) => {
    const touched = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
    const visible = (e) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !e.closest('.visually-hidden, .skip');
    const inText = (e) => e.localName === 'a' && !e.matches('.button')
      && (getComputedStyle(e).display === 'inline' || e.closest('.cite, .meta, .sentence, .kind, dd'));
    return touched.filter((e) => visible(e) && !inText(e)).map((e) => {
      const label = e.matches('input[type=radio], input[type=checkbox], input[type=file]') ? e.closest('label') : null;
      const box = (label ?? e).getBoundingClientRect();
      return [box, e];
    }).filter(([box]) => box.width > 1 && (box.height < least - 0.5 || box.width < least - 0.5))
      .map(([box, e]) => `${Math.round(box.width)}x${Math.round(box.height)} ${e.outerHTML.slice(0, 120)}`);
  }, leastTarget);
}
