// A factory hands in its own workbook (C19): seen, mapped, imported, what was refused handed back, taken
// back; in both languages, with and without script.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { goods } from './goods.mjs';
import { axe, browser, calm, fits, hydrated, open, pictures, serve, signIn } from './harness.mjs';

describe('import', () => {
  let server, chrome;

  before(async () => {
    server = await serve({ demo: false });
    await (await goods(server)).furnish();
    chrome = await browser();
  });

  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  async function handIn(page, name, buffer) {
    await page.goto(`${server.origin}/import`);
    await page.locator('form.hand-in').waitFor();
    await page.setInputFiles('input[type=file]', { name, mimeType: 'application/octet-stream', buffer });
    await page.click('form.hand-in button');
    await page.waitForURL(/\/import\/[0-9a-f-]+$/);
    await page.locator('.sheet-seen, .notice.stop').first().waitFor();
  }

  for (const [lang, script] of [['en', true], ['zh-CN', false]]) {
    test(`C19 mapped once, imported, handed back and taken back, in ${lang} ${script ? 'with' : 'without'} script`, async () => {
      const page = await open(chrome, { lang, script });
      await signIn(page, server.origin, 'factory');
      const code = `${lang}-1`;
      const book = workbook([
        ['东莞玩具厂'], [], ['批号', '货号', '生产日期', '数量', '颜色'],
        [code, 'TRAIN', '2026年3月4日', '480', '红'], [`${lang}-2`, 'NO-TOY', '2026/3/4', '480', '红'],
      ]);
      await handIn(page, `${lang}.xlsx`, book);
      if (script) await hydrated(page);
      const known = lang !== 'en';
      assert.match(await page.innerText('.sheet-seen'), /2026-03-04/);
      const go = page.locator('button[value=import]');
      if (!known) {
        assert.ok(await go.isDisabled(), 'a column is still open');
        if (script) await axe(page);
        await fits(page);
        if (script) await pictures(page, 'import-mapping');
        await page.selectOption('.columns > .open select[name^="to."]', '-');
        await page.click('button[value=look]');
        await page.waitForFunction(() => !document.querySelector('.columns > .open') && document.querySelector('.sheet-seen'));
      } else {
        // What was confirmed for these columns is used again, and says by whom.
        assert.match(await page.innerText('.sheet-seen .notice.good'), /factory/);
      }
      await go.click();
      await page.locator('#came').waitFor();
      assert.match(await page.innerText('#refused'), /B5/);
      if (script) await pictures(page, 'import-came');
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('#refused a[download]')]);
      const toMend = await readFile(await download.path(), 'utf8');
      assert.match(toMend, /NO-TOY/);
      assert.doesNotMatch(toMend, /TRAIN/);
      const address = page.url();
      await page.goto(`${server.origin}/batch/${code}`);
      await page.locator('.card').waitFor();
      await page.goto(address);
      await page.click('form[action$="/undo"] button');
      await page.waitForFunction(() => !document.querySelector('form[action$="/undo"]') && document.querySelector('#came'));
      assert.match(await page.innerText('#came'), /1/);
      if (script) calm(page);
    });
  }

  test('what is no table says what it is', async () => {
    const page = await open(chrome, { script: false });
    await signIn(page, server.origin, 'buyer');
    await handIn(page, 'report.xlsx', Buffer.from('%PDF-1.7 no table at all'));
    assert.match(await page.innerText('.notice.stop'), /PDF/);
  });
});

/** A workbook of one sheet with these rows of text. */
function workbook(rows) {
  const cell = (text, row, column) =>
    `<c r="${String.fromCharCode(65 + column)}${row}" t="inlineStr"><is><t>${text}</t></is></c>`;
  const inside = rows.map((cells, i) =>
    `<row r="${i + 1}">${cells.map((text, c) => cell(text, i + 1, c)).join('')}</row>`).join('');
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const packaged = 'http://schemas.openxmlformats.org/package/2006/relationships';
  return zip({
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': `<Relationships xmlns="${packaged}"><Relationship Id="r1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packaged}"><Relationship Id="r1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="生产" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${inside}</sheetData></worksheet>`,
  });
}

/** A zip of stored files. */
function zip(files) {
  const parts = [], directory = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, bytes] = [Buffer.from(name), Buffer.from(text)];
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(bytes.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(path.length, 22);
    parts.push(Buffer.from('PK\x03\x04'), head, path, bytes);
    const where = Buffer.alloc(14);
    where.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), head, where, path);
    at += 4 + head.length + path.length + bytes.length;
  }
  const end = Buffer.alloc(18);
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  end.writeUInt16LE(Object.keys(files).length, 4);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from('PK\x05\x06'), end]);
}
