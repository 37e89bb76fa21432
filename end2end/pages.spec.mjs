// Every kind of page there is, found as a person finds it: by following links.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, browser, calm, hydrated, open, pictures, serve, signIn } from './harness.mjs';

/** One line a route: what it is called in pictures, and its address. */
const kinds = {
  scan: /^\/$/,
  batch: /^\/batch\/[^/]+$/,
  'logistic-unit': /^\/logistic-unit\/[^/]+$/,
  shipment: /^\/shipment\/[^/]+$/,
  'material-lot': /^\/material-lot\/[^/]+$/,
  'trade-item': /^\/trade-item\/[^/]+$/,
  place: /^\/place\/[^/]+$/,
  find: /^\/find$/,
  ledger: /^\/ledger$/,
  entry: /^\/ledger\/\d+$/,
  event: /^\/event\/[^/]+$/,
  codes: /^\/codes$/,
  account: /^\/account$/,
  public: /^\/(01|00|p)\/.+$/,
};

describe('pages', () => {
  let server, chrome;
  before(async () => {
    server = await serve();
    chrome = await browser();
  });
  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  test('C63 every kind of page can be reached, read and heard, in both languages', async (t) => {
    const page = await open(chrome);
    await signIn(page, server.origin, 'admin');
    const found = await walk(page, server.origin);
    for (const kind of Object.keys(kinds)) {
      await t.test(kind, async () => {
        assert.ok(found.has(kind), `no link leads to a page of the kind ${kind}`);
        await looks(page, `${server.origin}${found.get(kind)}`, kind, 'en');
      });
    }
    await t.test('in Chinese', async (t) => {
      const page = await open(chrome, { lang: 'zh-CN' });
      await signIn(page, server.origin, 'admin');
      for (const [kind, path] of found) {
        await t.test(kind, () => looks(page, `${server.origin}${path}`, `${kind}-zh`, 'zh-CN'));
      }
    });
  });

  test('the page to sign in, and one that does not exist', async () => {
    const page = await open(chrome);
    await looks(page, `${server.origin}/sign-in`, 'sign-in', 'en');
    await signIn(page, server.origin, 'admin');
    const answer = await page.goto(`${server.origin}/no-such-page`);
    assert.equal(answer.status(), 404);
    await axe(page);
    await pictures(page, 'not-found');
  });
});

async function looks(page, address, name, lang) {
  page.troubles.length = 0;
  const answer = await page.goto(address);
  assert.equal(answer.status(), 200, address);
  await hydrated(page);
  assert.equal(await page.getAttribute('html', 'lang'), lang);
  assert.equal(await page.locator('h1').count(), 1, `one heading on ${address}`);
  if (lang === 'zh-CN') assert.match(await page.innerText('main'), /\p{Script=Han}/u);
  await axe(page);
  await pictures(page, name);
  calm(page);
}

/** The first address of each kind, breadth first from the scan page. */
async function walk(page, origin) {
  const found = new Map();
  const open = ['/', '/codes', '/find', '/ledger', '/account'];
  const seen = new Set(open);
  while (open.length > 0 && found.size < Object.keys(kinds).length) {
    const path = open.shift();
    const kind = Object.keys(kinds).find((kind) => kinds[kind].test(path.split('?')[0]));
    if (kind && !found.has(kind)) found.set(kind, path);
    const answer = await page.goto(`${origin}${path}`);
    if (answer.status() !== 200) continue;
    const links = await page.$$eval('a[href^="/"]', (all) => all.map((a) => a.getAttribute('href').split('#')[0]));
    for (const link of links) {
      if (!seen.has(link) && isNew(link, open, found)) {
        seen.add(link);
        open.push(link);
      }
    }
  }
  return found;
}

/** Three of a kind are enough to find what they lead to. */
function isNew(link, open, found) {
  const kind = Object.keys(kinds).find((kind) => kinds[kind].test(link.split('?')[0]));
  if (!kind) return false;
  return !found.has(kind) || open.filter((path) => kinds[kind].test(path.split('?')[0])).length < 3;
}
