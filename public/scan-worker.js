// The scanner's worker. In: {js, wasm} once, then frames {id, bitmap | imageData | luma, width, height,
// budget} and texts {id, text}. Out: {ready}, {id, symbols, ms}, {id, read}, or {id, error, fatal}; after
// a fatal error the module cannot be trusted and the page starts another worker.
let scanner;
let canvas;

self.onmessage = async ({ data }) => {
  try {
    if (data.js) {
      const module = await import(data.js);
      await module.default({ module_or_path: data.wasm });
      scanner = module;
      self.postMessage({ ready: true });
    } else if (data.text !== undefined) {
      self.postMessage({ id: data.id, read: JSON.parse(scanner.read_text(data.text)) });
    } else {
      const { pixels, width, height, rgba } = await pixelsOf(data);
      const started = performance.now();
      const symbols = JSON.parse(scanner.scan_frame(pixels, width, height, rgba, data.budget ?? 60));
      self.postMessage({ id: data.id, symbols, ms: performance.now() - started });
    }
  } catch (error) {
    const fatal = !scanner || error instanceof WebAssembly.RuntimeError;
    self.postMessage({ id: data.id, error: String(error?.message ?? error), fatal });
  } finally {
    data.bitmap?.close();
  }
};

async function pixelsOf({ bitmap, imageData, luma, width, height }) {
  if (luma) return { pixels: luma, width, height, rgba: false };
  if (imageData) return { pixels: imageData.data, width: imageData.width, height: imageData.height, rgba: true };
  const w = bitmap.displayWidth ?? bitmap.width;
  const h = bitmap.displayHeight ?? bitmap.height;
  const plane = await brightnessOf(bitmap, w, h);
  if (plane) return { pixels: plane, width: w, height: h, rgba: false };
  if (canvas?.width !== w || canvas.height !== h) canvas = new OffscreenCanvas(w, h);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0, w, h);
  return { pixels: context.getImageData(0, 0, w, h).data, width: w, height: h, rgba: true };
}

// A camera's VideoFrame mostly has its brightness in a plane of its own: nothing to convert.
async function brightnessOf(frame, width, height) {
  if (!["I420", "I420A", "I422", "I444", "NV12"].includes(frame.format)) return null;
  if (frame.visibleRect.width !== width || frame.visibleRect.height !== height) return null;
  const bytes = new Uint8Array(frame.allocationSize());
  const [{ offset, stride }] = await frame.copyTo(bytes);
  return stride === width ? bytes.subarray(offset, offset + width * height) : null;
}
