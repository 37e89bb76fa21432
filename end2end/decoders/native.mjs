// The same measurement outside any engine: the program of `native/`, which is fed the pictures' brightness.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Brightness as our module takes it from RGBA (ITU-R BT.601), with the size in front. */
function framed({ width, height, data }) {
  const bytes = Buffer.alloc(8 + width * height);
  bytes.writeUInt32LE(width, 0);
  bytes.writeUInt32LE(height, 4);
  for (let i = 0, at = 8; i < data.length; i += 4, at += 1) {
    bytes[at] = (77 * data[i] + 150 * data[i + 1] + 29 * data[i + 2]) >> 8;
  }
  return bytes;
}

/** What the native decoders find in the pictures, each as `run` of measure.mjs gives it. */
export async function natively(program, pictures) {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${program} ended before its pictures did`);
    return JSON.parse(value);
  };
  const all = (await next()).map((decoder) => ({ ...decoder, results: [] }));
  for (const picture of pictures) {
    child.stdin.write(framed(picture));
    (await next()).forEach((result, k) => all[k].results.push(result));
  }
  child.stdin.end();
  await gone;
  return all;
}
