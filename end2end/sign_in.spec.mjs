// A person signs in and out, with script and without.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browser, open, password, roles, serve, signIn } from './harness.mjs';

describe('sign-in', () => {
  let server, chrome;
  before(async () => {
    server = await serve();
    chrome = await browser();
  });
  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  for (const script of [false, true]) {
    const how = script ? 'with script' : 'without script';

    test(`every role of the demo can sign in, ${how}`, async () => {
      for (const role of roles) {
        const page = await open(chrome, { script });
        await signIn(page, server.origin, role);
        const answer = await page.goto(`${server.origin}/account`);
        assert.equal(new URL(page.url()).pathname, '/account', role);
        assert.equal(answer.status(), 200, role);
        assert.match(await page.innerText('main'), new RegExp(role, 'i'));
        await page.context().close();
      }
    });

    test(`a wrong password is refused in words, ${how}`, async () => {
      const page = await open(chrome, { script });
      await page.goto(`${server.origin}/sign-in`);
      await page.fill('input[name=name]', 'buyer');
      await page.fill('input[name=password]', `${password}-not`);
      await page.locator('form:has(input[name=password]) [type=submit]').click();
      await page.waitForURL(/refused=credentials/);
      assert.equal(await page.locator('[role=alert]').count(), 1);
      await page.goto(`${server.origin}/ledger`);
      assert.equal(new URL(page.url()).pathname, '/sign-in');
    });
  }
});
