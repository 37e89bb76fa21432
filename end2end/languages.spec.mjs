// English and Chinese at parity (C63): no page is half translated, and switching stays where one is.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browser, calm, hydrated, open, phone, pictures, serve, signIn } from './harness.mjs';
import { kinds, walk } from './pages.mjs';

describe('languages', () => {
  let server, chrome, found;
  const pages = {};
  before(async () => {
    server = await serve();
    chrome = await browser();
    for (const lang of ['en', 'zh-CN']) {
      pages[lang] = await open(chrome, { lang });
      await signIn(pages[lang], server.origin, 'admin');
    }
    found = await walk(pages.en, server.origin);
  });
  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  for (const kind of Object.keys(kinds)) {
    test(`C63 ${kind}`, async () => {
      const path = found.get(kind);
      for (const [lang, page] of Object.entries(pages)) {
        page.troubles.length = 0;
        await page.setViewportSize(phone);
        await page.goto(`${server.origin}${path}`);
        await hydrated(page);
        assert.equal(await page.getAttribute('html', 'lang'), lang);
        assert.deepEqual(await strangers(page, lang), [], `${path} in ${lang}`);
        calm(page);
      }
      assert.match(await pages['zh-CN'].innerText('h1'), /./);
      await pictures(pages['zh-CN'], `${kind}-zh`);
    });
  }

  for (const script of [true, false]) {
    test(`C63 the switch keeps the page, ${script ? 'with' : 'without'} script`, async () => {
      const page = await open(chrome, { script });
      await signIn(page, server.origin, 'warehouse');
      const address = `${server.origin}/find?q=a%2Fb&kind=`;
      await page.goto(address);
      if (script) await hydrated(page);
      await page.click('.language-switch button');
      await page.waitForFunction(() => document.documentElement.lang === 'zh-CN').catch(async () => {
        await page.waitForSelector('html[lang=zh-CN]');
      });
      assert.equal(page.url(), address);
      await page.click('.language-switch button');
      await page.waitForSelector('html[lang=en]');
      assert.equal(page.url(), address);
    });
  }

  test('C63 the page to sign in follows the browser, and refusals speak its language', async () => {
    const page = await open(chrome, { lang: 'zh-CN', script: false });
    await page.goto(`${server.origin}/sign-in`);
    assert.deepEqual(await strangers(page, 'zh-CN'), []);
    await page.fill('input[name=name]', 'nobody');
    await page.fill('input[name=password]', 'wrong password');
    await page.locator('form:has(input[name=password]) [type=submit]').click();
    assert.match(await page.locator('[role=alert]').innerText(), /\p{Script=Han}/u);
    await page.goto(`${server.origin}/?code=A`);
    assert.equal(new URL(page.url()).pathname, '/sign-in');
  });
});

/**
 * What is said in the other language. Names, codes and what people wrote stay as they are; so on a Chinese
 * page only that counts which has the small words of an English sentence, and on an English page what is
 * Chinese throughout (a factory is called by both its names).
 */
function strangers(page, lang) {
  return page.evaluate((lang) => {
    const sentence = /\b(the|is|are|was|were|be|not|this|that|with|from|to|and|or|for|it|no|of|in|on|at|by|an?)\b/g;
    const isEnglish = (text) => (text.match(/[A-Za-z]{2,}/g) ?? []).length >= 4 && (text.match(sentence) ?? []).length >= 2
      && !/\p{Script=Han}/u.test(text);
    const isStrange = lang === 'en' ? (text) => /\p{Script=Han}/u.test(text) && !/[A-Za-z]/.test(text) : isEnglish;
    // Facts and notes are what somebody wrote, in whatever language that was.
    const own = 'script, style, noscript, code, pre, svg, blockquote, [translate=no], dd, [lang]:not(html)';
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement.closest(own) && isStrange(node.data)) found.push(node.data.trim());
    }
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      for (const e of document.body.querySelectorAll(`[${name}]`)) {
        if (!e.closest(own) && isStrange(e.getAttribute(name))) found.push(`${name}: ${e.getAttribute(name)}`);
      }
    }
    return found;
  }, lang);
}
