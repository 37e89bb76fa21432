// Films for a camera that is not there, and a camera made of a canvas that a spec can have fail.

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The first frame of a Y4M: `{ width, height, luma }`. */
export async function firstFrame(file) {
  const bytes = await readFile(file);
  const [, width, height] = bytes.subarray(0, 200).toString('latin1').match(/W(\d+) H(\d+)/).map(Number);
  const start = bytes.indexOf('FRAME\n') + 6;
  return { width, height, luma: bytes.subarray(start, start + width * height) };
}

/** A frame with one code in it; `code` is `KIND=TEXT` as `lotwalk video` takes it. */
export async function frameOf(server, code) {
  const file = path.join(server.folder, 'one.y4m');
  const made = await server.lotwalk('video', file, code);
  if (made.code !== 0) throw new Error(made.stderr);
  return firstFrame(file);
}

/** Frames of one size laid out as a sheet; `null` leaves a place empty. */
export function sheet(frames, columns) {
  const { width, height } = frames.find((frame) => frame);
  const rows = Math.ceil(frames.length / columns);
  const whole = { width: width * columns, height: height * rows, luma: Buffer.alloc(width * columns * height * rows, 235) };
  frames.forEach((frame, at) => {
    const [left, top] = [(at % columns) * width, Math.floor(at / columns) * height];
    for (let y = 0; frame && y < height; y += 1) {
      frame.luma.copy(whole.luma, (top + y) * whole.width + left, y * width, (y + 1) * width);
    }
  });
  return whole;
}

/** Writes a film that shows each frame for a while; the browser plays it again and again. */
export async function film(file, frames, each = 12, fps = 12) {
  const { width, height } = frames[0];
  const chroma = Buffer.alloc(width * height / 2, 128);
  const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F${fps}:1 Ip A1:1 C420jpeg\n`)];
  for (const frame of frames) {
    for (let n = 0; n < each; n += 1) parts.push(Buffer.from('FRAME\n'), frame.luma, chroma);
  }
  await writeFile(file, Buffer.concat(parts));
}

/**
 * Gives the page a camera that is a canvas. `globalThis.cam` then holds what was asked of it (`asked`,
 * `applied`), and what it does can be set: `refuse(constraints)` returns the name of an error or nothing,
 * `can` and `set` are capabilities and settings, `devices` the list of them, `fps` how often it shows a
 * frame (0: never again), `black` hides the picture. `frame` is what it shows.
 */
export async function canvasCamera(page, { frame, scale = 1, ...more } = {}) {
  const picture = frame && { width: frame.width, height: frame.height, luma: Buffer.from(frame.luma).toString('base64') };
  await page.addInitScript(({ picture, scale, more }) => {
    const cam = {
      asked: [], applied: [], tracks: [], can: {}, set: {}, fps: 15, black: false, refuse: () => null,
      devices: [{ kind: 'videoinput', deviceId: 'rear', label: 'Rear' }], ...more,
    };
    globalThis.cam = cam;
    const [width, height] = [picture?.width ?? 640, picture?.height ?? 480];
    const still = new OffscreenCanvas(width, height);
    const image = new ImageData(width, height);
    const luma = picture && Uint8Array.from(atob(picture.luma), (c) => c.charCodeAt(0));
    for (let at = 0; at < width * height; at += 1) image.data.set([luma?.[at] ?? 200, luma?.[at] ?? 200, luma?.[at] ?? 200, 255], at * 4);
    still.getContext('2d').putImageData(image, 0, 0);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      cam.asked.push(constraints.video);
      const name = cam.refuse(constraints.video);
      if (name) throw new DOMException('', name);
      const canvas = Object.assign(document.createElement('canvas'), { width: width * scale, height: height * scale });
      const context = canvas.getContext('2d');
      context.imageSmoothingEnabled = false;
      const stream = canvas.captureStream();
      const [track] = stream.getVideoTracks();
      cam.tracks.push(track);
      let n = 0;
      const draw = () => {
        if (track.readyState === 'ended') return;
        if (cam.fps) {
          context.filter = 'none';
          if (cam.black) context.fillRect(0, 0, canvas.width, canvas.height);
          else context.drawImage(still, 0, 0, canvas.width, canvas.height);
          // Without a change a canvas gives no frame.
          context.fillStyle = cam.black ? '#000' : `rgb(${n % 40}, 0, 0)`;
          context.fillRect(0, 0, 2, 2);
          context.fillStyle = '#000';
          n += 1;
        }
        setTimeout(draw, 1000 / (cam.fps || 10));
      };
      draw();
      const lens = constraints.video.deviceId?.exact ?? cam.devices[0]?.deviceId;
      track.getCapabilities = () => cam.can;
      track.getSettings = () => ({ deviceId: lens, width: canvas.width, height: canvas.height, ...cam.set });
      track.applyConstraints = async ({ advanced: [wish] }) => { cam.applied.push(wish); Object.assign(cam.set, wish); };
      return stream;
    };
    navigator.mediaDevices.enumerateDevices = async () => cam.devices;
  }, { picture, scale, more });
}
