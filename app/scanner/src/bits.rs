//! Black and white: one local threshold a picture, shared by every finder of areas.

use std::ops::Range;

use wide::{i16x8, u8x16};

use crate::lanes;
use crate::luma::Grey;
use crate::texture::{Texture, Window};

/// Side of the blocks whose brightness is averaged; a block's row is one byte of bits.
const BLOCK: usize = 8;
/// Blocks on either side that take part in a block's threshold.
const REACH: usize = 2;
/// Surroundings that swing less than this, in grey levels, are paper.
const LEAST_CONTRAST: u8 = 22;

/// A thresholded picture; a set bit is dark. Pixel `x` is bit `x % 64` of word `x / 64` of its row. It keeps
/// its buffers from picture to picture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits {
    pub(crate) width: usize,
    pub(crate) height: usize,
    stride: usize,
    words: Vec<u64>,
    /// The blocks that have thresholds; all others are paper.
    window: Window,
    may_be: Vec<bool>,
    blocks: Blocks,
    spread: Spread,
}

impl Bits {
    /// Thresholds a picture by the mean of the 40 x 40 pixels around each block, so that shadow and
    /// glare do not matter; blocks without contrast around them, or that can be no part of a symbol, are
    /// paper. Whether anything is there: not in pictures too small to hold a symbol.
    pub(crate) fn fill(&mut self, grey: &Grey, texture: &Texture) -> bool {
        if grey.width < 2 * BLOCK || grey.height < 2 * BLOCK {
            return false;
        }
        let size = (grey.width.div_ceil(BLOCK), grey.height.div_ceil(BLOCK));
        let Some(window) = texture.window(grey, BLOCK, size, REACH, &mut self.may_be) else { return false };
        self.blocks.measure(grey, &window);
        self.blocks.spread(window.columns.len(), window.rows.len(), &mut self.spread);
        (self.width, self.height) = (grey.width, grey.height);
        self.stride = grey.width.div_ceil(64);
        reset(&mut self.words, self.stride * grey.height, 0);
        let left = window.columns.start * BLOCK;
        let across = window.columns.len();
        for (line, by) in window.rows.clone().enumerate() {
            let busy = &self.spread.busy[line * across..(line + 1) * across];
            let may_be = &self.may_be[line * across..(line + 1) * across];
            let thresholds = &self.spread.threshold[line * across..(line + 1) * across];
            for y in by * BLOCK..((by + 1) * BLOCK).min(grey.height) {
                let out = &mut self.words[y * self.stride..(y + 1) * self.stride];
                let blocks = grey.row(y)[left..].chunks(BLOCK).zip(busy).zip(may_be).zip(thresholds);
                for (k, (((pixels, &busy), &may_be), &threshold)) in blocks.enumerate() {
                    if busy && may_be {
                        let bx = window.columns.start + k;
                        out[bx / 8] |= u64::from(darker(pixels, threshold)) << (8 * (bx % 8));
                    }
                }
            }
        }
        self.window = window;
        true
    }

    /// Leaves the same with rows and columns swapped; thresholds stay behind, since only runs are looked for
    /// in it.
    pub(crate) fn transpose_into(&self, across: &mut Bits) {
        let stride = self.height.div_ceil(64);
        let words = &mut across.words;
        reset(words, stride * self.width, 0);
        let mut tile = [0u64; 64];
        for ty in 0..stride {
            for tx in 0..self.stride {
                let rows = (self.height - 64 * ty).min(64);
                let mut any = 0;
                for (k, line) in tile.iter_mut().enumerate() {
                    *line = if k < rows { self.words[(64 * ty + k) * self.stride + tx] } else { 0 };
                    any |= *line;
                }
                if any == 0 {
                    continue;
                }
                transpose(&mut tile);
                for (k, line) in tile.iter().enumerate().take((self.width - 64 * tx).min(64)) {
                    words[(64 * tx + k) * stride + ty] = *line;
                }
            }
        }
        (across.width, across.height, across.stride) = (self.height, self.width, stride);
    }

    /// Whether a pixel is dark; outside nothing is.
    pub(crate) fn is_dark(&self, x: i32, y: i32) -> bool {
        // A negative number is a huge one.
        (x as u32 as usize) < self.width
            && (y as u32 as usize) < self.height
            && self.words[y as usize * self.stride + x as usize / 64] >> (x as usize % 64) & 1 == 1
    }

    /// The brightness under which a place counts as dark; 0 where nobody asked.
    pub(crate) fn threshold(&self, x: f32, y: f32) -> f32 {
        let index = |at: f32, range: &Range<usize>| {
            (at.max(0.0) as usize / BLOCK).clamp(range.start, range.end.max(range.start + 1) - 1)
                - range.start
        };
        let (bx, by) = (index(x, &self.window.columns), index(y, &self.window.rows));
        self.spread.threshold.get(by * self.window.columns.len() + bx).copied().map_or(0.0, f32::from)
    }

    /// Where a row turns from light to dark and back, light first: every even edge begins a dark run.
    pub(crate) fn edges(&self, y: usize, edges: &mut Vec<u32>) {
        edges.clear();
        let mut carry = 0;
        for (k, &word) in self.words[y * self.stride..(y + 1) * self.stride].iter().enumerate() {
            let mut turns = word ^ (word << 1 | carry);
            carry = word >> 63;
            while turns != 0 {
                edges.push(64 * k as u32 + turns.trailing_zeros());
                turns &= turns - 1;
            }
        }
        if edges.len() % 2 == 1 {
            edges.push(self.width as u32);
        }
    }
}

/// Which of up to eight pixels are darker than a threshold, the first in the lowest bit.
fn darker(pixels: &[u8], threshold: u8) -> u8 {
    let Ok(eight) = <[u8; 8]>::try_from(pixels) else {
        return pixels.iter().enumerate().fold(0, |byte, (k, &p)| byte | u8::from(p < threshold) << k);
    };
    // Eight bytes are compared in one word: the high bit of each lane says less, and a multiplication
    // gathers the eight.
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let x = u64::from_le_bytes(eight);
    let y = u64::from(threshold) * 0x0101_0101_0101_0101;
    let lanes = (x | HIGH).wrapping_sub(y & !HIGH);
    let less = (!x & y | !(x ^ y) & !lanes) & HIGH;
    ((less >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8
}

/// Transposes 64 x 64 bits: halves of ever smaller squares change places.
fn transpose(tile: &mut [u64; 64]) {
    let mut size = 32;
    let mut mask = 0x0000_0000_FFFF_FFFFu64;
    while size > 0 {
        for k in (0..64).filter(|k| k & size == 0) {
            let swap = (tile[k] >> size ^ tile[k + size]) & mask;
            tile[k] ^= swap << size;
            tile[k + size] ^= swap;
        }
        size /= 2;
        mask ^= mask << size;
    }
}

/// What the blocks of pixels hold, each in its own row of numbers so that the compiler may take several
/// at a time.
#[derive(Clone, Debug, Default)]
struct Blocks {
    darkest: Vec<u8>,
    lightest: Vec<u8>,
    middle: Vec<u8>,
}

/// What the surroundings of blocks make of them.
#[derive(Clone, Debug, Default)]
struct Spread {
    threshold: Vec<u8>,
    /// Whether anything in the block is darker than its threshold.
    busy: Vec<bool>,
    /// The darkest, the lightest and the sum of the middles of the blocks on either side along a row,
    along: [Vec<u8>; 2],
    sums: Vec<u16>,
    /// and of those of the rows around, by column.
    down: [Vec<u8>; 2],
    totals: Vec<u32>,
}

/// Leaves so many of the same.
fn reset<T: Clone>(of: &mut Vec<T>, count: usize, value: T) {
    of.clear();
    of.resize(count, value);
}

impl Blocks {
    /// Measures the blocks of a part of a picture.
    fn measure(&mut self, grey: &Grey, window: &Window) {
        let Blocks { darkest, lightest, middle } = self;
        darkest.clear();
        lightest.clear();
        middle.clear();
        for by in window.rows.clone() {
            let rows = by * BLOCK..((by + 1) * BLOCK).min(grey.height);
            let lines = rows.len() as u32;
            for bx in window.columns.clone().step_by(2) {
                let (mut low, mut high) = (u8x16::splat(u8::MAX), u8x16::splat(0));
                let mut sums = [i16x8::splat(0); 2];
                for y in rows.clone() {
                    let pixels = lanes::load(grey.row(y), bx * BLOCK);
                    low = low.min(pixels);
                    high = high.max(pixels);
                    let halves = lanes::halves(pixels);
                    sums = [sums[0] + halves[0], sums[1] + halves[1]];
                }
                let (low, high) = (low.to_array(), high.to_array());
                let blocks = low.chunks(BLOCK).zip(high.chunks(BLOCK)).zip(sums);
                for ((low, high), sum) in blocks.take(window.columns.end - bx) {
                    let least = low.iter().copied().fold(u8::MAX, u8::min);
                    let most = high.iter().copied().fold(0, u8::max);
                    let total: u32 = sum.to_array().iter().map(|&sum| sum as u32).sum();
                    let mean = total / (lines * BLOCK as u32);
                    // The block's own idea of the middle: its extremes where it has both inks, and its mean
                    // where it is flat.
                    let own = if most - least > LEAST_CONTRAST {
                        (u32::from(most) + u32::from(least) + 2 * mean) / 4
                    } else {
                        mean
                    };
                    darkest.push(least);
                    lightest.push(most);
                    middle.push(own as u8);
                }
            }
        }
    }

    /// Thresholds from the blocks around each: first along rows, then down.
    fn spread(&self, across: usize, down: usize, spread: &mut Spread) {
        let count = across * down;
        let Spread { threshold, busy, along: [low, high], sums, down: [darkest, lightest], totals } = spread;
        reset(low, count, 0);
        reset(high, count, 0);
        reset(sums, count, 0);
        for y in 0..down {
            let row = y * across;
            for x in 0..across {
                let around = row + x.saturating_sub(REACH)..row + (x + REACH + 1).min(across);
                low[row + x] = self.darkest[around.clone()].iter().copied().fold(u8::MAX, u8::min);
                high[row + x] = self.lightest[around.clone()].iter().copied().fold(0, u8::max);
                sums[row + x] = self.middle[around].iter().map(|&m| u16::from(m)).sum();
            }
        }
        reset(threshold, count, 0);
        reset(busy, count, false);
        for y in 0..down {
            reset(totals, across, 0);
            reset(darkest, across, u8::MAX);
            reset(lightest, across, 0);
            let rows = y.saturating_sub(REACH)..(y + REACH + 1).min(down);
            for from in rows.clone() {
                let row = from * across..(from + 1) * across;
                for (total, &sum) in totals.iter_mut().zip(&sums[row.clone()]) {
                    *total += u32::from(sum);
                }
                for (darkest, &low) in darkest.iter_mut().zip(&low[row.clone()]) {
                    *darkest = (*darkest).min(low);
                }
                for (lightest, &high) in lightest.iter_mut().zip(&high[row]) {
                    *lightest = (*lightest).max(high);
                }
            }
            for x in 0..across {
                let columns = (x + REACH + 1).min(across) - x.saturating_sub(REACH);
                let middle = (totals[x] / (columns * rows.len()) as u32) as u8;
                let at = y * across + x;
                threshold[at] = middle;
                busy[at] = lightest[x] - darkest[x] >= LEAST_CONTRAST && self.darkest[at] < middle;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bits, darker};
    use crate::luma::Grey;
    use crate::texture::Texture;

    fn striped(width: usize, height: usize) -> Grey {
        let pixels = (0..width * height)
            .map(|at| if (at % width * 7 + at / width * 3) % 19 < 8 { 40 } else { 200 })
            .collect();
        Grey { width, height, pixels, scale: 1.0 }
    }

    #[test]
    fn eight_pixels_are_compared_as_one() {
        for threshold in [0, 1, 127, 128, 129, 255] {
            let pixels = [0, 1, 126, 127, 128, 129, 254, 255];
            let wanted = pixels.iter().enumerate().fold(0, |b, (k, &p)| b | u8::from(p < threshold) << k);
            assert_eq!(darker(&pixels, threshold), wanted);
        }
    }

    #[test]
    fn edges_and_pixels_and_the_transposed_picture_agree() {
        for (width, height) in [(70, 67), (64, 64), (129, 40)] {
            let mut bits = Bits::default();
            assert!(bits.fill(&striped(width, height), &Texture::default()));
            let mut across = Bits::default();
            bits.transpose_into(&mut across);
            let mut edges = Vec::new();
            for y in 0..height {
                bits.edges(y, &mut edges);
                for x in 0..width {
                    let dark = edges.iter().filter(|&&edge| edge as usize <= x).count() % 2 == 1;
                    assert_eq!(bits.is_dark(x as i32, y as i32), dark);
                    assert_eq!(across.is_dark(y as i32, x as i32), dark);
                    assert_eq!(dark, (x * 7 + y * 3) % 19 < 8, "{x} {y}");
                }
            }
        }
    }
}
