//! Sixteen pixels at a time, where the machine can (SSE2, NEON, WASM's `simd128`); `wide` does the same one by
//! one where it cannot.

use wide::bytemuck::cast;
use wide::{i16x8, i32x4, i32x8, u8x16};

/// Pixels in one piece.
pub(crate) const WIDTH: usize = 16;

/// Sixteen pixels of a row from `x` on; beyond its end the last one goes on.
#[inline]
pub(crate) fn load(row: &[u8], x: usize) -> u8x16 {
    if let Some(pixels) = row.get(x..).and_then(<[u8]>::first_chunk::<WIDTH>) {
        return u8x16::new(*pixels);
    }
    let mut pixels = [row.last().copied().unwrap_or_default(); WIDTH];
    if let Some(rest) = row.get(x..) {
        pixels[..rest.len()].copy_from_slice(rest);
    }
    u8x16::new(pixels)
}

/// Sixteen pixels of a row from the one before `x` on; before its beginning the first one goes on.
#[inline]
pub(crate) fn load_before(row: &[u8], x: usize) -> u8x16 {
    if let Some(before) = x.checked_sub(1) {
        return load(row, before);
    }
    let mut pixels = load(row, 0).to_array();
    pixels.copy_within(..WIDTH - 1, 1);
    u8x16::new(pixels)
}

/// How much brighter sixteen pixels are than sixteen others, the first eight and the last eight.
#[inline]
pub(crate) fn differences(more: u8x16, less: u8x16) -> [i16x8; 2] {
    let (more, less) = (halves(more), halves(less));
    [more[0] - less[0], more[1] - less[1]]
}

/// The first eight and the last eight, as numbers that can be subtracted.
#[inline]
pub(crate) fn halves(pixels: u8x16) -> [i16x8; 2] {
    let zero = u8x16::new([0; WIDTH]);
    [cast(u8x16::unpack_low(pixels, zero)), cast(u8x16::unpack_high(pixels, zero))]
}

/// The sums of neighbours: the first with the second, the third with the fourth.
#[inline]
pub(crate) fn pairs(pixels: u8x16) -> i16x8 {
    let words: i16x8 = cast(pixels);
    let even = words & i16x8::splat(0x00FF);
    // The shift brings the sign along, which the mask takes off again.
    even + ((words >> 8) & i16x8::splat(0x00FF))
}

/// The weighed sums of the first three bytes of each of four pixels, in 256ths.
#[inline]
pub(crate) fn weighed(pixels: u8x16, first: i16, second: i16, third: i16) -> i32x4 {
    let words: i16x8 = cast(pixels);
    let outer = words & i16x8::splat(0x00FF);
    let inner: i16x8 = (words >> 8) & i16x8::splat(0x00FF);
    let weights = |a: i16, b: i16| i16x8::new([a, b, a, b, a, b, a, b]);
    (outer.dot(weights(first, third)) + inner.dot(weights(second, 0))) >> 8
}

/// Sixteen numbers up to 255 as bytes.
#[inline]
pub(crate) fn bytes([a, b, c, d]: [i32x4; 4]) -> u8x16 {
    let half = |low: i32x4, high: i32x4| i16x8::from_i32x8_saturate(cast::<[i32x4; 2], i32x8>([low, high]));
    u8x16::narrow_i16x8(half(a, b), half(c, d))
}
