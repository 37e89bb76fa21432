//! Moving pictures of symbols for a camera that is not there: browsers play a Y4M file as their camera.

use std::io::{self, Write};

use super::{SymbolData, SymbolError, SymbolKind, luma};

/// Frames that each code stays in view.
const FRAMES_PER_CODE: u32 = 24;
/// Frames a second.
const FPS: u32 = 12;

/// Writes a Y4M stream (4:2:0, 8 bit, no colour) of frames that all have the size of the first.
/// A Y4M is one line of text and then, for each frame, a line and its planes.
///
/// # Errors
/// When a frame has another size than the first or a side that is odd, or `out` cannot be written.
pub fn y4m(
    frames: impl Iterator<Item = (u32, u32, Vec<u8>)>,
    fps: u32,
    mut out: impl Write,
) -> io::Result<()> {
    let mut size = None;
    for (width, height, luma) in frames {
        if size.is_none() {
            writeln!(out, "YUV4MPEG2 W{width} H{height} F{fps}:1 Ip A1:1 C420jpeg")?;
        }
        let fits = *size.get_or_insert((width, height)) == (width, height)
            && width % 2 == 0
            && height % 2 == 0
            && luma.len() == (width * height) as usize;
        if !fits {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "frames of a video are even and of one size",
            ));
        }
        out.write_all(b"FRAME\n")?;
        out.write_all(&luma)?;
        out.write_all(&vec![128; luma.len() / 2])?;
    }
    out.flush()
}

/// Writes a video of codes that appear one after the other, drifting over a slightly noisy background.
/// The text of each is as [`SymbolData::parse`] takes it. The same codes give the same bytes.
///
/// # Errors
/// When a code cannot be drawn or does not fit into the frame, or `out` cannot be written.
pub fn video(
    codes: &[(SymbolKind, String)],
    width: u32,
    height: u32,
    out: impl Write,
) -> Result<(), VideoError> {
    let mut pictures = Vec::new();
    for (kind, text) in codes {
        let data = SymbolData::parse(text).map_err(VideoError::Symbol)?;
        pictures.push(largest(*kind, &data, width, height)?);
    }
    let mut noise = Noise(0x9E37_79B9);
    let frames = pictures.iter().enumerate().flat_map(|(k, picture)| {
        (0..FRAMES_PER_CODE).map(move |frame| (k as u32 * FRAMES_PER_CODE + frame, picture))
    });
    let frames =
        frames.map(|(number, picture)| (width, height, frame(number, picture, width, height, &mut noise)));
    y4m(frames, FPS, out).map_err(VideoError::Io)
}

/// Frames a second of a belt.
const BELT_FPS: u32 = 30;
/// Frames from one carton to the next: two cartons a second.
const BELT_PITCH: u32 = 15;
/// How long the shutter is open, as a share of a frame: about 1/800 s, as a phone does in good light.
const SHUTTER: f32 = 0.04;
/// Cardboard between labels, in pixels.
const BELT_GAP: u32 = 60;

/// Writes a video of a belt of cartons that pass from right to left, each with a label of its own, blurred
/// by their movement. The same codes give the same bytes.
///
/// # Errors
/// As [`video`].
pub fn belt(
    codes: &[(SymbolKind, String)],
    width: u32,
    height: u32,
    out: impl Write,
) -> Result<(), VideoError> {
    let mut labels = Vec::new();
    for (kind, text) in codes {
        let data = SymbolData::parse(text).map_err(VideoError::Symbol)?;
        labels.push(largest(*kind, &data, width * 2 / 3, height / 2)?);
    }
    let pitch = labels.iter().map(|label| label.width).max().unwrap_or(0) + BELT_GAP;
    let speed = pitch as f32 / BELT_PITCH as f32;
    let frames = (labels.len() as u32 + 2) * BELT_PITCH;
    let mut noise = Noise(0x9E37_79B9);
    let frames = (0..frames).map(|number| {
        let gone = number as f32 * speed - width as f32;
        let mut pixels = Vec::with_capacity((width * height) as usize);
        for y in 0..height {
            for x in 0..width {
                let seen = passing(&labels, pitch, gone + x as f32, y, height, SHUTTER * speed);
                pixels.push((seen as u32 + noise.next() % 9).saturating_sub(4).min(255) as u8);
            }
        }
        (width, height, pixels)
    });
    y4m(frames, BELT_FPS, out).map_err(VideoError::Io)
}

/// What one place of the belt looks like while `blur` pixels of it pass.
fn passing(labels: &[Picture], pitch: u32, at: f32, y: u32, height: u32, blur: f32) -> f32 {
    const STEPS: u32 = 4;
    let one = |at: f32| {
        let cardboard = 120.0 + 25.0 * (at / 70.0).sin() * (y as f32 / 50.0).cos();
        let label = labels.get((at / pitch as f32).floor() as usize).filter(|_| at >= 0.0);
        let Some(label) = label else { return cardboard };
        let (left, top) = ((at as u32) % pitch, (height - label.height) / 2);
        if left >= label.width || !(top..top + label.height).contains(&y) {
            return cardboard;
        }
        30.0 + f32::from(label.pixels[((y - top) * label.width + left) as usize]) * 190.0 / 255.0
    };
    (0..STEPS).map(|k| one(at + blur * k as f32 / STEPS as f32)).sum::<f32>() / STEPS as f32
}

/// Why there is no video.
#[derive(Debug)]
pub enum VideoError {
    /// A code cannot be drawn.
    Symbol(SymbolError),
    /// A code is larger than the frame even at one pixel a module.
    Size,
    /// The stream cannot be written.
    Io(io::Error),
}

impl std::fmt::Display for VideoError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            VideoError::Symbol(error) => error.fmt(f),
            VideoError::Size => f.write_str("a code is larger than the frame"),
            VideoError::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for VideoError {}

/// A symbol in pixels.
struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

/// The symbol as large as leaves a tenth of the frame to move in.
fn largest(kind: SymbolKind, data: &SymbolData, width: u32, height: u32) -> Result<Picture, VideoError> {
    for module_px in (1..=8).rev() {
        let (w, h, pixels) = luma(kind, data, module_px).map_err(VideoError::Symbol)?;
        if w * 10 <= width * 9 && h * 10 <= height * 9 {
            return Ok(Picture { width: w, height: h, pixels });
        }
    }
    Err(VideoError::Size)
}

fn frame(number: u32, picture: &Picture, width: u32, height: u32, noise: &mut Noise) -> Vec<u8> {
    let phase = number as f32 / 9.0;
    let place = |room: u32, swing: f32| (room as f32 * (0.5 + 0.4 * swing)) as u32;
    let left = place(width - picture.width, phase.sin());
    let top = place(height - picture.height, (phase * 0.7).cos());
    let mut pixels = Vec::with_capacity((width * height) as usize);
    for y in 0..height {
        for x in 0..width {
            let inside = x >= left && x < left + picture.width && y >= top && y < top + picture.height;
            let value = if inside {
                30 + u32::from(picture.pixels[((y - top) * picture.width + x - left) as usize]) * 190 / 255
            } else {
                // Cardboard: a slow wave in brightness that drifts with the camera.
                (120.0 + 25.0 * ((x + number) as f32 / 70.0).sin() * (y as f32 / 50.0).cos()) as u32
            };
            pixels.push((value + noise.next() % 9).saturating_sub(4).min(255) as u8);
        }
    }
    pixels
}

/// Marsaglia's xorshift: noise that is the same each time.
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }
}
