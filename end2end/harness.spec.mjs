// The harness itself: each check passes on a good page and fails on a bad one.

import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { axe, browser, calm, fits, hydrated, open, pictures } from './harness.mjs';

const good = `<!doctype html><html lang="en" data-hydrated><head><title>Good</title>
  <meta name="viewport" content="width=device-width"></head><body><main><h1>Good</h1></main></body></html>`;
const bad = `<!doctype html><html lang="en"><head><title>Bad</title></head><body><main><h1>Bad</h1>
  <img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==">
  <div style="width: 3000px" class="wide">wide</div><script>console.error('no'); throw new Error('broken')</script>
  </main></body></html>`;
const film = `<!doctype html><title>Film</title><video autoplay muted></video><script type="module">
  const video = document.querySelector('video');
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
  video.onplaying = () => { document.title = video.videoWidth + 'x' + video.videoHeight; };</script>`;

describe('harness', () => {
  let server, origin, folder, chrome;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lotwalk-harness-'));
    await writeFile(path.join(folder, 'film.y4m'), y4m(320, 240, 4));
    server = createServer((asked, answer) => {
      const page = { '/good': good, '/bad': bad, '/film': film }[asked.url];
      const policy = { 'content-security-policy': "default-src 'self' data:; script-src 'unsafe-inline'; style-src 'unsafe-inline'" };
      answer.writeHead(page ? 200 : 204, { 'content-type': 'text/html; charset=utf-8', ...policy }).end(page);
    });
    await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
    origin = `http://127.0.0.1:${server.address().port}`;
    chrome = await browser({ video: path.join(folder, 'film.y4m') });
  });

  after(async () => {
    await chrome?.close();
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('a good page passes every check, also under a strict policy', async () => {
    const page = await open(chrome);
    await page.goto(`${origin}/good`);
    await hydrated(page);
    await axe(page);
    await fits(page);
    calm(page);
    const files = await pictures(page, 'harness');
    assert.equal(files.length, 4);
    for (const file of files) {
      assert.ok((await stat(file)).size > 500);
      await rm(file);
    }
  });

  test('a bad page fails each of them', async () => {
    const page = await open(chrome);
    await page.goto(`${origin}/bad`);
    await assert.rejects(axe(page), /critical image-alt/);
    await assert.rejects(fits(page), /wide/);
    assert.throws(() => calm(page), /broken/);
    page.context().setDefaultTimeout(300);
    await assert.rejects(hydrated(page), /Timeout/);
  });

  test('the camera shows the video', async () => {
    const page = await open(chrome);
    await page.goto(`${origin}/film`);
    await page.waitForFunction(() => document.title === '320x240');
  });
});

/** A few grey frames: a text header and raw planes. */
function y4m(width, height, frames) {
  const frame = [Buffer.from('FRAME\n'), Buffer.alloc(width * height, 120), Buffer.alloc((width * height) / 2, 128)];
  const header = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  return Buffer.concat([header, ...Array.from({ length: frames }, () => frame).flat()]);
}
