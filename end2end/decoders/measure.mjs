// What both places run: Node and the page in Chromium. A decoder is `{ name, only, decode }`; `decode` takes
// `{ width, height, data }` (RGBA) and gives `[{ symbology, hex }]`, `only` names all that it reads, if that
// is less than what all are asked for.

/** The formats that all are asked for. UPC-E is read only when asked, which a label's reader never does. */
export const formats = [
  'Aztec', 'Code128', 'Code39', 'DataMatrix', 'EAN13', 'EAN8', 'ITF', 'PDF417', 'QRCode', 'UPCA',
];

/** What a look may take, in milliseconds: as long as it wants, and what the scan page gives a video frame. */
const photo = 60_000;
const frame = 60;

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** zxing-wasm as it ships, told the same formats. */
function zxing(reader) {
  return async (picture) => {
    const found = await reader.readBarcodes(picture, { formats, tryHarder: true, maxNumberOfSymbols: 32 });
    return found
      .filter((code) => code.isValid)
      .map((code) => ({ symbology: code.format.replace('-', ''), hex: hex(code.bytes) }));
  };
}

/**
 * Our module. By its budget it knows a photo, for which it does all it can, from a video frame, which gets one
 * look; each call is a scanner that has seen nothing before, so no picture helps the next.
 */
function ours(scan, budget) {
  return async ({ width, height, data }) =>
    JSON.parse(scan.scan_frame(data, width, height, true, budget))
      .map((symbol) => ({ symbology: symbol.symbology, hex: symbol.bytes_hex }));
}

/** The decoders that are modules: ours twice, and theirs. */
export const modules = (scan, reader) => [
  { name: 'ours, photo', only: [], decode: ours(scan, photo) },
  { name: 'ours, frame', only: [], decode: ours(scan, frame) },
  { name: 'zxing-wasm', only: [], decode: zxing(reader) },
];

/** Runs decoders over pictures: what each found in each, and the best time of a few in milliseconds. */
export async function run(decoders, pictures, rounds = 3) {
  const all = [];
  for (const { name, only, decode } of decoders) {
    const results = [];
    for (const picture of pictures) {
      let codes = [];
      let ms = Infinity;
      for (let round = 0; round < rounds; round += 1) {
        const begun = performance.now();
        codes = await decode(picture);
        ms = Math.min(ms, performance.now() - begun);
      }
      results.push({ codes, ms });
    }
    all.push({ name, only, results });
  }
  return all;
}
