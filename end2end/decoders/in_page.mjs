// The same measurement in a page of Chromium, served from here and nowhere else.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';

const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

/** What the modules find in the pictures, as `run` gives it. */
export async function inPage(browser, scanner, pictures) {
  const theirs = path.join(import.meta.dirname, 'node_modules/zxing-wasm/dist');
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const [, room, ...rest] = pathname.split('/');
    const folder = { scanner, theirs, here: import.meta.dirname }[room];
    if (pathname === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
    if (room === 'picture') return response.writeHead(200).end(Buffer.from(pictures[Number(rest[0])].data.buffer));
    try {
      const file = path.join(folder, ...rest);
      response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'text/plain' }).end(await readFile(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const sizes = pictures.map(({ width, height }) => ({ width, height }));
    const found = await page.evaluate(async (sizes) => {
      const { modules, run } = await import('/here/measure.mjs');
      const scan = await import('/scanner/scan.js');
      await scan.default({ module_or_path: '/scanner/scan_bg.wasm' });
      const reader = await import('/theirs/es/reader/index.js');
      const wasmBinary = await (await fetch('/theirs/reader/zxing_reader.wasm')).arrayBuffer();
      await reader.prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
      const all = [];
      for (const [i, { width, height }] of sizes.entries()) {
        const bytes = new Uint8ClampedArray(await (await fetch(`/picture/${i}`)).arrayBuffer());
        all.push(new ImageData(bytes, width, height));
      }
      return run(modules(scan, reader), all);
    }, sizes);
    await page.close();
    return found;
  } finally {
    server.close();
  }
}
