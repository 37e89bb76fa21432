// Our scanner beside zxing-wasm on the pictures of manifests, in Node and (CHROME) in a page.
//
//   node decoders.mjs [--node] MANIFEST.csv…
//
// SCANNER  the folder with scan.js and scan_bg.wasm; `cargo xtask bench decoders` sets it
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as reader from 'zxing-wasm/reader';
import { browser } from '../harness.mjs';
import { inPage } from './in_page.mjs';
import { ours, run, zxing } from './measure.mjs';
import { pictures } from './pictures.mjs';
import { judge, print } from './report.mjs';

const manifests = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const onlyNode = process.argv.includes('--node');
const scanner = process.env.SCANNER ?? path.join(import.meta.dirname, '../../target/site/pkg');

const scan = await import(pathToFileURL(path.join(scanner, 'scan.js')));
await scan.default({ module_or_path: await readFile(path.join(scanner, 'scan_bg.wasm')) });
const wasm = await readFile(path.join(import.meta.dirname, 'node_modules/zxing-wasm/dist/reader/zxing_reader.wasm'));
await reader.prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length) }, fireImmediately: true });

for (const manifest of manifests) {
  const all = await pictures(manifest);
  const node = [await run(ours(scan), all), await run(zxing(reader), all)];
  print(`${path.basename(manifest)}, Node ${process.version}`, all, node.map((found) => judge(all, found)));
}
if (!onlyNode) {
  const chromium = await browser();
  try {
    for (const manifest of manifests) {
      const all = await pictures(manifest);
      const found = await inPage(chromium, scanner, all);
      print(`${path.basename(manifest)}, Chromium ${chromium.version()}`, all, found.map((one) => judge(all, one)));
    }
  } finally {
    await chromium.close();
  }
}
