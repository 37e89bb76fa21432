// Our scanner beside others on the pictures of manifests: as a module beside zxing-wasm, in Node and (CHROME)
// in a page, and natively beside rxing and rqrr as they are shipped.
//
//   node decoders.mjs [--native] [--node] [--page] MANIFEST.csv…
//
// The flags name the places to measure in; without any it is all of them.
//
// SCANNER  the folder with scan.js and scan_bg.wasm; `cargo xtask bench decoders` sets it
// NATIVE   the program of native/; it sets this, too
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as reader from 'zxing-wasm/reader';
import { browser } from '../harness.mjs';
import { inPage } from './in_page.mjs';
import { modules, run } from './measure.mjs';
import { natively } from './native.mjs';
import { pictures } from './pictures.mjs';
import { print } from './report.mjs';

const manifests = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const flags = process.argv.slice(2).filter((arg) => arg.startsWith('--'));
const wanted = (place) => flags.length === 0 || flags.includes(place);
const scanner = process.env.SCANNER ?? path.join(import.meta.dirname, '../../target/site/pkg');
const native = process.env.NATIVE ?? path.join(import.meta.dirname, '../../target/release/as-shipped');

/** Measures in one place: `find` gives what its decoders find in pictures. */
async function measure(place, find, than) {
  for (const manifest of manifests) {
    const all = await pictures(manifest);
    print(`${path.basename(manifest)}, ${place}`, all, await find(all), than);
  }
}

if (wanted('--native')) await measure('natively', (all) => natively(native, all), 'rxing');
if (wanted('--node')) {
  const scan = await import(pathToFileURL(path.join(scanner, 'scan.js')));
  await scan.default({ module_or_path: await readFile(path.join(scanner, 'scan_bg.wasm')) });
  const wasm = await readFile(path.join(import.meta.dirname, 'node_modules/zxing-wasm/dist/reader/zxing_reader.wasm'));
  await reader.prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length) }, fireImmediately: true });
  await measure(`Node ${process.version}`, (all) => run(modules(scan, reader), all), 'zxing-wasm');
}
if (wanted('--page')) {
  const chromium = await browser();
  try {
    await measure(`Chromium ${chromium.version()}`, (all) => inPage(chromium, scanner, all), 'zxing-wasm');
  } finally {
    await chromium.close();
  }
}
