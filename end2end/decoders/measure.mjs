// What both places run: Node and the page in Chromium. A decoder takes `{ width, height, data }` (RGBA)
// and gives `[{ symbology, hex }]`.

/** The formats that both are asked for. UPC-E is read only when asked, which a label's reader never does. */
export const formats = [
  'Aztec', 'Code128', 'Code39', 'DataMatrix', 'EAN13', 'EAN8', 'ITF', 'PDF417', 'QRCode', 'UPCA',
];

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** zxing-wasm as it ships, told the same formats. */
export function zxing(reader) {
  return async (picture) => {
    const found = await reader.readBarcodes(picture, { formats, tryHarder: true, maxNumberOfSymbols: 32 });
    return found
      .filter((code) => code.isValid)
      .map((code) => ({ symbology: code.format.replace('-', ''), hex: hex(code.bytes) }));
  };
}

/** Our module, with the time that a photo gets. */
export function ours(scan) {
  return async ({ width, height, data }) =>
    JSON.parse(scan.scan_frame(data, width, height, true, 60_000))
      .map((symbol) => ({ symbology: symbol.symbology, hex: symbol.bytes_hex }));
}

/** Runs a decoder over pictures: what it found in each, and the best time of a few in milliseconds. */
export async function run(decode, pictures, rounds = 3) {
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
  return results;
}
