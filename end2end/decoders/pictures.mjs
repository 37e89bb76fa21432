// The pictures that a manifest names, as RGBA on white paper, with what is in them.
//
// A manifest has the columns path, symbology, text, hex and role, one row a code: see
// app/scanner/examples/corpus.rs.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';

/** Rows of a CSV file as objects; fields may stand in quotes. */
function rows(text) {
  const all = [];
  let [row, field, quoted] = [[], '', false];
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') { field += c; i += 1; } else if (c === '"') quoted = false; else field += c;
    } else if (c === '"') quoted = true;
    else if (c === ',' || c === '\n') {
      row.push(field.replace(/\r$/, ''));
      field = '';
      if (c === '\n') { all.push(row); row = []; }
    } else field += c;
  }
  if (field || row.length > 0) all.push([...row, field]);
  const [names, ...rest] = all;
  return rest.filter((r) => r.length > 1).map((r) => Object.fromEntries(names.map((name, i) => [name, r[i] ?? ''])));
}

function decode(bytes) {
  const { width, height, data } = bytes[0] === 0x89 ? PNG.sync.read(bytes) : jpeg.decode(bytes, { useTArray: true });
  const rgba = new Uint8ClampedArray(data);
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3];
    for (let c = i; c < i + 3; c += 1) rgba[c] = (rgba[c] * alpha + 255 * (255 - alpha)) / 255;
    rgba[i + 3] = 255;
  }
  return { width, height, data: rgba };
}

/** `[{ path, codes: [{ symbology, hex, text, role }], width, height, data }]`. */
export async function pictures(manifest) {
  const found = new Map();
  for (const row of rows(await readFile(manifest, 'utf8'))) {
    const { path: name, symbology, hex, text, role } = row;
    if (!found.has(name)) found.set(name, []);
    found.get(name).push({ symbology, hex, text, role });
  }
  const all = [];
  for (const [name, codes] of found) {
    const bytes = await readFile(path.join(path.dirname(manifest), name));
    all.push({ path: name, codes, ...decode(bytes) });
  }
  return all;
}
