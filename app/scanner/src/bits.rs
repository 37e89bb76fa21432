//! Black and white: a local threshold, in the form that the finders of areas take.

use rxing::common::BitMatrix;

use crate::luma::Grey;

/// A thresholded picture; a set bit is dark.
#[derive(Clone, Debug)]
pub(crate) struct Bits {
    pub(crate) matrix: BitMatrix,
}

/// Side of the blocks whose brightness is averaged.
const BLOCK: usize = 8;
/// Blocks on either side that take part in a block's threshold.
const REACH: usize = 2;
/// Surroundings that swing less than this, in grey levels, are light paper.
const LEAST_CONTRAST: u8 = 22;

impl Bits {
    /// Thresholds a picture by the mean of the 40 x 40 pixels around each block, so that shadow and
    /// glare do not matter; `None` for pictures too small to hold a symbol.
    pub(crate) fn of(grey: &Grey) -> Option<Bits> {
        if grey.width < 2 * BLOCK || grey.height < 2 * BLOCK {
            return None;
        }
        let (across, down) = (grey.width.div_ceil(BLOCK), grey.height.div_ceil(BLOCK));
        let mut blocks = Vec::with_capacity(across * down);
        for by in 0..down {
            for bx in 0..across {
                blocks.push(Block::of(grey, bx, by));
            }
        }
        let mut matrix = BitMatrix::new(grey.width as u32, grey.height as u32).ok()?;
        for by in 0..down {
            let ys = by.saturating_sub(REACH)..(by + REACH + 1).min(down);
            for bx in 0..across {
                let xs = bx.saturating_sub(REACH)..(bx + REACH + 1).min(across);
                let (mut darkest, mut lightest, mut sum, mut count) = (u8::MAX, 0, 0u32, 0u32);
                for y in ys.clone() {
                    for block in &blocks[y * across + xs.start..y * across + xs.end] {
                        darkest = darkest.min(block.darkest);
                        lightest = lightest.max(block.lightest);
                        sum += u32::from(block.middle());
                        count += 1;
                    }
                }
                if lightest - darkest < LEAST_CONTRAST {
                    continue;
                }
                let own = &blocks[by * across + bx];
                let threshold = (sum / count.max(1)) as u8;
                if own.darkest >= threshold {
                    continue;
                }
                for y in by * BLOCK..((by + 1) * BLOCK).min(grey.height) {
                    for (x, &p) in grey.row(y).iter().enumerate().skip(bx * BLOCK).take(BLOCK) {
                        if p < threshold {
                            matrix.set(x as u32, y as u32);
                        }
                    }
                }
            }
        }
        Some(Bits { matrix })
    }
}

/// What one block of pixels holds.
struct Block {
    darkest: u8,
    lightest: u8,
    mean: u8,
}

impl Block {
    fn of(grey: &Grey, bx: usize, by: usize) -> Block {
        let (mut darkest, mut lightest, mut sum, mut count) = (u8::MAX, 0, 0u32, 0u32);
        for y in by * BLOCK..((by + 1) * BLOCK).min(grey.height) {
            let row = grey.row(y);
            for &p in &row[bx * BLOCK..((bx + 1) * BLOCK).min(row.len())] {
                darkest = darkest.min(p);
                lightest = lightest.max(p);
                sum += u32::from(p);
                count += 1;
            }
        }
        Block { darkest, lightest, mean: (sum / count.max(1)) as u8 }
    }

    /// The block's own idea of the middle: its extremes where it has both inks, and something below its
    /// mean where it is flat, since flat is paper more often than ink.
    fn middle(&self) -> u8 {
        if self.lightest - self.darkest > LEAST_CONTRAST {
            ((u16::from(self.lightest) + u16::from(self.darkest) + 2 * u16::from(self.mean)) / 4) as u8
        } else {
            self.mean
        }
    }
}
