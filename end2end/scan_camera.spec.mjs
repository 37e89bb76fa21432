// The camera's life on a phone: opened, asked for more than it has, hidden, forgotten, taken away. Each
// failure is told, and each has a way on.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { canvasCamera, frameOf, sheet } from './film.mjs';
import { goods, sscc, toy } from './goods.mjs';
import { axe, browser, calm, hydrated, open, serve, signIn } from './harness.mjs';

const carton = sscc(1);

describe('scan: the camera', () => {
  let server, chrome, frame;

  before(async () => {
    server = await serve({ demo: false });
    const desk = await goods(server);
    await desk.furnish();
    await desk.makes('LOT-1', 96);
    await desk.packs(carton, 'LOT-1', 24);
    frame = await frameOf(server, `gs1-128=${carton}`);
    chrome = await browser();
  });

  // A page that is left open goes on scanning.
  afterEach(() => Promise.all(chrome.contexts().map((context) => context.close())));

  after(async () => {
    await chrome?.close();
    await server?.stop();
  });

  /** The scan page with a camera that is a canvas, not yet started. */
  async function atTheCamera({ camera = {}, before: prepare, script, ...more } = {}) {
    const page = await open(chrome, more);
    await canvasCamera(page, { frame, ...camera });
    if (script) await page.addInitScript(script);
    await prepare?.(page);
    await signIn(page, server.origin, 'warehouse');
    await page.goto(`${server.origin}/`);
    await hydrated(page);
    return page;
  }
  const start = async (page) => {
    await page.click('.viewport .start');
    await page.waitForSelector('.viewport.on');
  };
  const card = (page) => page.locator('.result .card', { hasText: toy.name }).waitFor({ timeout: 60_000 });
  const told = (page, words) => page.locator('.viewport .notice', { hasText: words }).waitFor({ timeout: 30_000 });
  /** Another way in still works. */
  async function typed(page) {
    await page.fill('.code-field input', carton);
    await page.press('.code-field input', 'Enter');
    await card(page);
  }

  test('a camera that cannot do full size is asked for less, down to what every camera has', async () => {
    const page = await atTheCamera({
      script: () => { globalThis.cam.refuse = (video) => ({ 1920: 'NotReadableError', 1280: 'OverconstrainedError' })[video.width.ideal]; },
    });
    await start(page);
    const sizes = await page.evaluate(() => globalThis.cam.asked.map((video) => [video.width.ideal, video.height.ideal]));
    assert.deepEqual(sizes, [[1920, 1080], [1280, 720], [640, 480]]);
    assert.equal(await page.evaluate(() => globalThis.cam.asked[0].facingMode.ideal), 'environment', 'the rear one');
    await card(page);
    calm(page);
  });

  test('the lens that was chosen is the lens next time, until it is gone', async () => {
    const devices = ['rear', 'wide'].map((deviceId) => ({ kind: 'videoinput', deviceId, label: deviceId }));
    const page = await atTheCamera({ camera: { devices } });
    await start(page);
    await page.click('.viewport .lens');
    await page.waitForFunction(() => globalThis.cam.asked.length === 2);
    const [first, second] = await page.evaluate(() => globalThis.cam.asked);
    assert.equal(first.deviceId, undefined);
    assert.equal(second.deviceId.exact, 'wide');
    assert.equal(await page.evaluate(() => globalThis.cam.tracks[0].readyState), 'ended', 'one lens at a time');

    await page.reload();
    await hydrated(page);
    await page.waitForSelector('.viewport.on');
    assert.equal(await page.evaluate(() => globalThis.cam.asked[0].deviceId.exact), 'wide');

    await page.addInitScript(() => { globalThis.cam.refuse = (video) => (video.deviceId ? 'OverconstrainedError' : null); });
    await page.reload();
    await hydrated(page);
    await page.waitForSelector('.viewport.on');
    assert.ok(await page.evaluate(() => globalThis.cam.asked.at(-1).facingMode), 'any rear camera then');
    assert.equal(await page.evaluate(() => localStorage.getItem('lotwalk.lens')), '', 'and it is forgotten');
    calm(page);
  });

  test('zoom begins at two where focus cannot be set, and a touch goes on to the next', async () => {
    const can = { zoom: { min: 1, max: 8, step: 0.1 }, torch: true };
    const page = await atTheCamera({ camera: { can } });
    await start(page);
    const zoom = page.locator('.viewport .zoom');
    await zoom.waitFor();
    assert.match(await zoom.innerText(), /2×/);
    await zoom.click();
    await page.locator('.viewport .zoom', { hasText: '4×' }).waitFor();
    await page.click('.viewport .controls button:has-text("Torch")');
    await page.waitForFunction(() => globalThis.cam.applied.some((wish) => wish.torch === true));
    assert.equal(await page.getAttribute('.viewport .controls button:has-text("Torch")', 'aria-pressed'), 'true');
    await axe(page);

    const sharp = await atTheCamera({ camera: { can: { ...can, focusDistance: { min: 0.1, max: 5 } } } });
    await start(sharp);
    assert.match(await sharp.locator('.viewport .zoom').innerText(), /1×/, 'a lens that focuses near needs none');
    const plain = await atTheCamera();
    await start(plain);
    assert.equal(await plain.locator('.viewport .zoom').count(), 0);
    assert.equal(await plain.locator('.controls button:has-text("Torch")').count(), 0);
    for (const one of [page, sharp, plain]) calm(one);
  });

  test('a touch on the picture focuses there', async () => {
    const can = { pointsOfInterest: true, focusMode: ['continuous', 'single-shot'] };
    const page = await atTheCamera({ camera: { can } });
    await start(page);
    assert.equal(await page.evaluate(() => globalThis.cam.applied[0].focusMode), 'continuous');
    const box = await page.locator('.finder').boundingBox();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 4);
    await page.locator('.focus-ring').waitFor();
    const wish = await page.evaluate(() => globalThis.cam.applied.at(-1));
    assert.equal(wish.focusMode, 'single-shot');
    assert.ok(Math.abs(wish.pointsOfInterest[0].x - 0.5) < 0.02, JSON.stringify(wish));
    assert.ok(wish.pointsOfInterest[0].y < 0.45, JSON.stringify(wish));
    await page.waitForFunction(() => globalThis.cam.applied.at(-1).focusMode === 'continuous');
    await page.locator('.focus-ring').waitFor({ state: 'detached' });
    calm(page);
  });

  test('the lamp is out while the page is hidden, and the camera comes back with it', async () => {
    const page = await atTheCamera();
    await start(page);
    const hide = (hidden) => page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, hidden);
    await hide(true);
    await page.waitForFunction(() => globalThis.cam.tracks[0].readyState === 'ended');
    assert.equal(await page.evaluate(() => globalThis.cam.asked.length), 1, 'and is not asked for meanwhile');
    await hide(false);
    await page.waitForSelector('.viewport.on');
    await page.waitForFunction(() => globalThis.cam.tracks[1]?.readyState === 'live');
    await card(page);
    calm(page);
  });

  test('a page that is opened behind another one leaves the camera alone until somebody looks', async () => {
    const page = await atTheCamera({
      script: () => {
        localStorage.setItem('lotwalk.camera', '1');
        globalThis.behind = true;
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => globalThis.behind });
      },
    });
    await page.locator('.viewport .state', { hasText: 'while the page is hidden' }).waitFor();
    assert.equal(await page.evaluate(() => globalThis.cam.asked.length), 0);
    await page.evaluate(() => {
      globalThis.behind = false;
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    });
    await page.waitForSelector('.viewport.on');
    calm(page);
  });

  test('frames that can never be read are told, not tried for ever', async () => {
    const page = await atTheCamera({
      script: () => {
        const Real = VideoFrame;
        globalThis.VideoFrame = class extends Real { constructor(...of) { super(...of); this.close(); } };
      },
    });
    await page.click('.viewport .start');
    await told(page, 'type the code or use a hand scanner');
    assert.equal(await page.evaluate(() => globalThis.cam.tracks[0].readyState), 'ended');
    await typed(page);
    calm(page);
  });

  test('a camera that nobody uses goes off, and a touch wakes it', async () => {
    const page = await atTheCamera({
      camera: { frame: undefined },
      script: () => {
        const now = Date.now;
        globalThis.later = 0;
        Date.now = () => now() + globalThis.later;
      },
    });
    await start(page);
    await page.evaluate(() => { globalThis.later = 170_000; });
    await page.waitForTimeout(500);
    assert.ok(await page.locator('.viewport.on').count(), 'not before its time');
    await page.evaluate(() => { globalThis.later = 190_000; });
    await page.locator('.viewport .state', { hasText: 'spares the battery' }).waitFor();
    assert.equal(await page.evaluate(() => globalThis.cam.tracks[0].readyState), 'ended');
    await page.click('.viewport .start:has-text("Go on scanning")');
    await page.waitForSelector('.viewport.on');
    calm(page);
  });

  test('unplugged in the middle, or no frames any more: it is said, and it can be started again', async () => {
    const page = await atTheCamera();
    await start(page);
    await page.evaluate(() => globalThis.cam.tracks[0].stop());
    await told(page, 'went away');
    await start(page);
    await page.evaluate(() => { globalThis.cam.fps = 0; });
    await told(page, 'no picture any more');
    assert.equal(await page.evaluate(() => globalThis.cam.tracks[1].readyState), 'ended');
    await typed(page);
    calm(page);
  });

  test('a black picture is said, and forgotten when there is light', async () => {
    const page = await atTheCamera({ camera: { frame: undefined } });
    await start(page);
    await page.evaluate(() => { globalThis.cam.black = true; });
    await told(page, 'picture is black');
    await axe(page);
    await page.evaluate(() => { globalThis.cam.black = false; });
    await page.locator('.viewport .notice').waitFor({ state: 'detached' });
    calm(page);
  });

  const agents = {
    'Chrome on Android': ['Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36', /icon left of the address › Permissions › Camera/, /网址左侧图标 › 权限 › 摄像头/],
    'Samsung Internet': ['Mozilla/5.0 (Linux; Android 14; K) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36', /☰ › Settings › Sites and downloads/, /☰ › 设置 › 网站和下载/],
    'Firefox on Android': ['Mozilla/5.0 (Android 14; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0', /lock left of the address › Camera/, /网址左侧的锁 › 相机/],
    'Safari on an iPhone': ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile/15E148 Safari/604.1', /Website Settings › Camera/, /网站设置 › 相机/],
    'a desk': ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36', /Site settings › Camera/, /网站设置 › 摄像头/],
  };
  for (const [name, [userAgent, en, zh]] of Object.entries(agents)) {
    test(`permission refused names the path of ${name}`, async () => {
      for (const [lang, words] of [['en', en], ['zh-CN', zh]]) {
        const page = await atTheCamera({ lang, userAgent, script: () => { globalThis.cam.refuse = () => 'NotAllowedError'; } });
        await page.click('.viewport .start');
        const notice = page.locator('.viewport .notice');
        await notice.waitFor();
        assert.match(await notice.innerText(), words);
        assert.match(await notice.innerText(), lang === 'en' ? /photo or type the code/ : /照片、手动输入/);
        await page.context().close();
      }
    });
  }

  test('permission taken away while it runs', async () => {
    const strict = await browser({ camera: true });
    try {
      const page = await open(strict);
      await page.context().grantPermissions(['camera'], { origin: server.origin });
      await signIn(page, server.origin, 'warehouse');
      await page.goto(`${server.origin}/`);
      await hydrated(page);
      await start(page);
      const devtools = await strict.newBrowserCDPSession();
      const { browserContextIds } = await devtools.send('Target.getBrowserContexts');
      for (const browserContextId of browserContextIds) {
        await devtools.send('Browser.setPermission', { permission: { name: 'camera' }, setting: 'denied', origin: server.origin, browserContextId });
      }
      await told(page, 'switched off in the browser');
      assert.equal(await page.locator('.viewport.on').count(), 0);
      await typed(page);
      calm(page);
    } finally {
      await strict.close();
    }
  });

  test('a policy that refuses WebAssembly is told as such', async () => {
    const page = await atTheCamera({
      serviceWorkers: 'block',
      before: (page) => page.context().route('**/scan-worker.js*', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, headers: { ...answer.headers(), 'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'" } });
      }),
    });
    await page.click('.viewport .start');
    await told(page, 'not allowed to run the scanner');
    assert.equal(await page.evaluate(() => globalThis.cam.tracks[0].readyState), 'ended', 'a camera that nobody looks through goes off');
    await typed(page);
    await page.context().close();
  });

  test('a browser without vector instructions gets the plain scanner, which reads the same', async () => {
    const asked = [];
    const page = await atTheCamera({
      serviceWorkers: 'block',
      before: (page) => page.context().route('**/scan-worker.js*', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: `WebAssembly.validate = () => false;\n${await answer.text()}` });
      }),
    });
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.click('.viewport .start');
    await page.waitForSelector('.result .card', { timeout: 60_000 });
    assert.ok(asked.some((path) => path.includes('scan_plain')), `asked for ${asked.join(' ')}`);
    await page.context().close();
  });

  /** Ends the worker without a word, as a browser does that is short of memory, the first `times` times. */
  const mortal = (times) => `{
    const Real = Worker;
    let left = ${times};
    globalThis.workers = 0;
    globalThis.Worker = class extends Real {
      constructor(...of) { super(...of); globalThis.workers += 1; }
      postMessage(message, ...more) {
        if (message?.bitmap && left > 0) { left -= 1; this.terminate(); }
        return super.postMessage(message, ...more);
      }
    };
  }`;

  test('a scanner that was killed is started again, once', async () => {
    const page = await atTheCamera({ before: (page) => page.addInitScript(mortal(1)) });
    await start(page);
    await card(page);
    assert.equal(await page.evaluate(() => globalThis.workers), 2);
    assert.equal(await page.locator('.viewport .notice').count(), 0, 'nobody has to know');
    calm(page, /VideoFrame was garbage collected/);
  });

  test('a scanner that is killed again is told', async () => {
    const page = await atTheCamera({ before: (page) => page.addInitScript(mortal(9)) });
    await start(page);
    await told(page, 'stopped twice');
    assert.equal(await page.evaluate(() => globalThis.workers), 2);
    await typed(page);
    // The frame that went to a dead worker was nobody's to close.
    calm(page, /VideoFrame was garbage collected/);
  });

  test('a stream of 3840 x 2880 pixels is read', async () => {
    const page = await atTheCamera({ camera: { frame: sheet([null, null, null, null, frame, null, null, null, null], 3), scale: 2, fps: 5 } });
    await start(page);
    await card(page);
    assert.equal(await page.evaluate(() => document.querySelector('video').videoWidth), 3840);
    calm(page);
  });

  test('frames are handed over uncopied, one at a time, and the page stays awake', async (t) => {
    const page = await atTheCamera({
      before: (page) => page.addInitScript(() => {
        globalThis.sent = { frames: 0, moved: 0, open: 0, most: 0 };
        const Real = Worker;
        globalThis.Worker = class extends Real {
          postMessage(message, transfer) {
            if (message?.bitmap) {
              const { sent } = globalThis;
              sent.frames += 1;
              if (message.bitmap instanceof VideoFrame && transfer?.[0] === message.bitmap) sent.moved += 1;
              sent.open += 1;
              sent.most = Math.max(sent.most, sent.open);
              this.addEventListener('message', () => { sent.open -= 1; }, { once: true });
            }
            return super.postMessage(message, transfer);
          }
        };
      }),
    });
    await start(page);
    await card(page);
    const gaps = await page.evaluate(() => new Promise((done) => {
      const gaps = [];
      let last = performance.now();
      const next = (at) => {
        gaps.push(at - last);
        last = at;
        if (gaps.length < 90) requestAnimationFrame(next);
        else done(gaps.sort((a, b) => a - b));
      };
      requestAnimationFrame(next);
    }));
    await page.evaluate(() => {
      globalThis.waits = [];
      new PerformanceObserver((list) => {
        for (const event of list.getEntries()) if (event.interactionId) globalThis.waits.push(event.duration);
      }).observe({ type: 'event', durationThreshold: 16 });
    });
    for (let n = 0; n < 8; n += 1) await page.click('.viewport .controls button:has-text("Sound")');
    await page.waitForTimeout(500);
    // What is not told took less than a frame.
    const waits = (await page.evaluate(() => globalThis.waits)).sort((a, b) => a - b);
    const wait = waits[Math.floor(waits.length / 2)] ?? 16;
    t.diagnostic(`touch to paint while scanning: ${wait} ms in the middle, ${waits.at(-1) ?? 16} ms at most`);
    assert.ok(wait <= 100, `a touch is shown after ${wait} ms`);
    const sent = await page.evaluate(() => globalThis.sent);
    t.diagnostic(`page while scanning: frame after ${gaps[45].toFixed(1)} ms in the middle, ${gaps[85].toFixed(1)} ms at p95`);
    assert.ok(sent.frames > 5 && sent.moved === sent.frames, JSON.stringify(sent));
    assert.equal(sent.most, 1, 'the newest frame only, never a queue');
    assert.ok(gaps[45] < 34, `the page shows a frame every ${gaps[45]} ms`);
    calm(page);
  });
});
