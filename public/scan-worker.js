// The scanner's worker. In: {js, wasm} once, then pictures {id, bitmap, budget, most, part}:
// `most` is the longest side worth looking at, `part` how much of each side, in the middle. Out: {ready},
// {id, symbols, black, ms, way}, or {id, error, fatal, refused}: after a fatal error the module cannot be
// trusted and the page starts another worker; `refused` is a browser that is told not to run WebAssembly.
let scanner;
let memory;
let canvas;
// One picture after the other: they share the room in the module's memory.
let turn = Promise.resolve();

self.onmessage = ({ data }) => { turn = turn.then(() => answer(data)); };

async function answer(data) {
  try {
    if (data.js) {
      const module = await import(loadable(data.js));
      ({ memory } = await module.default({ module_or_path: loadable(data.wasm) }));
      scanner = module;
      self.postMessage({ ready: true });
    } else {
      const frame = await framed(data.bitmap, data.most);
      const { layout, way, scale = 1 } = frame;
      const { offset, stride, width, height, left, top } = inner(frame, data.part ?? 1);
      const started = performance.now();
      const seen = JSON.parse(scanner.scan_room(offset, stride, width, height, layout, data.budget));
      const ms = performance.now() - started;
      for (const symbol of seen.symbols) {
        symbol.corners = symbol.corners.map(([x, y]) => [(x + left) * scale, (y + top) * scale]);
      }
      self.postMessage({ id: data.id, ...seen, ms, way });
    }
  } catch (error) {
    const words = String(error?.message ?? error);
    const fatal = !scanner || error instanceof WebAssembly.RuntimeError;
    const refused = !scanner && (typeof WebAssembly === 'undefined' || /polic|refused|blocked|unsafe-eval/i.test(words));
    self.postMessage({ id: data.id, error: words, fatal, refused });
  } finally {
    data.bitmap?.close();
  }
}

/** The module with vector instructions, or the one without where the browser has none (as sw.js asks). */
function loadable(path) {
  // A function that makes one vector and counts its bits.
  const vector = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
  const has = typeof WebAssembly === 'undefined' || WebAssembly.validate(new Uint8Array(vector));
  return has ? path : path.replace('/pkg/scan', '/pkg/scan_plain');
}

/** The middle of a frame, so large a part of each side: where it begins is all that changes. */
function inner({ offset = 0, stride, width, height, layout }, part) {
  const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * part)));
  const [left, top] = [Math.floor((width - across) / 2), Math.floor((height - down) / 2)];
  const begin = offset + top * stride + left * (layout === 'grey' ? 1 : 4);
  return { offset: begin, stride, width: across, height: down, left, top };
}

const planar = ['I420', 'I420A', 'I422', 'I444', 'NV12'];
const packed = { RGBA: 'rgba', RGBX: 'rgba', BGRA: 'bgra', BGRX: 'bgra' };

/** Writes a picture into the module's memory and says how it lies there. */
async function framed(picture, most) {
  const width = picture.displayWidth ?? picture.width;
  const height = picture.displayHeight ?? picture.height;
  // A camera's VideoFrame mostly has its brightness in a plane of its own: nothing to convert or draw.
  const layout = planar.includes(picture.format) ? 'grey' : packed[picture.format];
  const { visibleRect: part } = picture;
  const fits = Math.max(width, height) <= most * 1.5;
  if (layout && fits && part.width === width && part.height === height && !picture.rotation && !picture.flip) {
    const size = picture.allocationSize();
    // First the address: making room may move the module's memory.
    const at = scanner.frame_room(size);
    const [{ offset, stride }] = await picture.copyTo(new Uint8Array(memory.buffer, at, size));
    return { offset, stride, width, height, layout, way: layout === 'grey' ? 'plane' : 'packed' };
  }
  const scale = Math.max(1, Math.max(width, height) / most);
  const [w, h] = [width, height].map((side) => Math.max(1, Math.round(side / scale)));
  if (canvas?.width !== w || canvas.height !== h) canvas = new OffscreenCanvas(w, h);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(picture, 0, 0, w, h);
  const { data } = context.getImageData(0, 0, w, h);
  const at = scanner.frame_room(data.length);
  new Uint8Array(memory.buffer).set(data, at);
  return { stride: w * 4, width: w, height: h, layout: 'rgba', way: 'drawn', scale };
}
