//! Any bytes as a picture of any size: cells of their brightness, in rows that may be longer than the picture.
#![no_main]

use fuzz::{Bytes, look};
use scanner::Luma;

/// Pixels of a picture, at most: more takes longer and reaches nothing new.
const MOST: usize = 40_000;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let (width, height, spare, cell) = (bytes.wide(), bytes.wide(), bytes.byte() % 9, 1 + bytes.byte() % 7);
    let width = width.clamp(1, MOST);
    let height = height.clamp(1, (MOST / width).max(1));
    let stride = width + spare;
    let columns = stride / cell + 1;
    let rest = bytes.0;
    let tone = |at: usize| rest.get((at % stride / cell + at / stride / cell * columns) % rest.len().max(1));
    // The last row ends with the picture, not with the stride: the shortest that is a frame.
    let pixels: Vec<u8> = (0..stride * height - spare).map(|at| tone(at).copied().unwrap_or(255)).collect();
    if let Ok(frame) = Luma::new(width, height, stride, &pixels) {
        look(&frame, &mut bytes);
    }
});
