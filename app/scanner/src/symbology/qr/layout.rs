//! Which module of a QR Code says what (ISO/IEC 18004, clauses 6 and 7): function patterns, format and
//! version information, the order of codewords, and their error correction.

use std::sync::LazyLock;

use super::Payload;
use super::payload::payload;
use crate::grid::{Known, Modules};
use crate::reed_solomon::Field;

/// The smallest and the largest version.
pub(super) const VERSIONS: std::ops::RangeInclusive<usize> = 1..=40;

/// Modules on a side.
pub(super) const fn size(version: usize) -> usize {
    17 + 4 * version
}

/// Rows and columns on which alignment patterns are centred (annex E).
pub(super) fn alignments(version: usize) -> Vec<usize> {
    if version == 1 {
        return Vec::new();
    }
    let count = version / 7 + 2;
    let step = (version * 8 + count * 3 + 5) / (count * 4 - 4) * 2;
    let mut places = vec![6];
    places.extend((0..count - 1).rev().map(|k| size(version) - 7 - k * step));
    places
}

/// Middles of the alignment patterns, those left out that would lie on a finder pattern.
pub(super) fn alignment_patterns(version: usize) -> Vec<(usize, usize)> {
    let places = alignments(version);
    let last = size(version) - 7;
    let mut patterns = Vec::new();
    for &row in &places {
        for &column in &places {
            let finder = (row == 6 && (column == 6 || column == last)) || (row == last && column == 6);
            if !finder {
                patterns.push((column, row));
            }
        }
    }
    patterns
}

/// Whether the module of a finder pattern is dark, counted from its middle: rings of 3, 5 and 7.
pub(super) fn finder_is_dark(dx: i32, dy: i32) -> bool {
    let ring = dx.abs().max(dy.abs());
    ring != 2 && ring <= 3
}

/// The timing patterns between the finder patterns.
pub(super) fn timing(version: usize) -> Vec<Known> {
    let size = size(version);
    (8..size - 8)
        .flat_map(|k| [Known::module(k, 6, k % 2 == 0), Known::module(6, k, k % 2 == 0)])
        .collect()
}

/// What every symbol of a version shows, thinned where it is much.
pub(super) fn known(version: usize) -> Vec<Known> {
    let size = size(version);
    let mut known = Vec::new();
    for (column, row) in [(3, 3), (size as i32 - 4, 3), (3, size as i32 - 4)] {
        for dy in -4..=4i32 {
            for dx in -4..=4i32 {
                let (x, y) = (column + dx, row + dy);
                let inside = x >= 0 && y >= 0 && x < size as i32 && y < size as i32;
                // A chessboard of the rings holds the grid as well as all of them.
                if inside && (dx + dy) % 2 == 0 {
                    known.push(Known::module(x as usize, y as usize, finder_is_dark(dx, dy)));
                }
            }
        }
    }
    let timing = timing(version);
    let every = timing.len().div_ceil(60);
    known.extend(timing.chunks(2).step_by(every).flatten());
    let patterns = alignment_patterns(version);
    for (column, row) in patterns.iter().rev().step_by(patterns.len().div_ceil(8).max(1)) {
        for dy in -2..=2i32 {
            for dx in -2..=2i32 {
                let dark = dx.abs().max(dy.abs()) != 1;
                let place = (*column as f32 + 0.5 + dx as f32, *row as f32 + 0.5 + dy as f32);
                known.push(Known { place, dark });
            }
        }
    }
    known
}

/// The two copies of the format information (7.9): each as the nearest that there is, behind the bits that
/// differ from it.
fn formats(modules: &Modules) -> [(u32, u32); 2] {
    let size = modules.columns;
    let (mut first, mut second) = (0u32, 0u32);
    for bit in 0..15 {
        let (x, y) = match bit {
            0..=5 => (8, bit),
            6 => (8, 7),
            7 => (8, 8),
            8 => (7, 8),
            _ => (14 - bit, 8),
        };
        first |= u32::from(modules.is_dark(x, y)) << bit;
        let (x, y) = if bit < 8 { (size - 1 - bit, 8) } else { (8, size - 15 + bit) };
        second |= u32::from(modules.is_dark(x, y)) << bit;
    }
    [first, second].map(|read| {
        let off = |data: u32| (bch(data, 10, 0x537) ^ 0x5412 ^ read).count_ones();
        (0..32).map(|data| (off(data), data)).min().unwrap_or((u32::MAX, 0))
    })
}

/// Whether the format information is there: chance seldom has one copy nearly right, or both alike.
pub(super) fn has_format(modules: &Modules) -> bool {
    let [first, second] = formats(modules);
    first.0.min(second.0) <= 1 || first.1 == second.1 && first.0 + second.0 <= 6
}

/// Error correction level and mask (7.9), from the better of two copies; `None` where both are too
/// damaged, or both are sure of different things.
fn format(modules: &Modules) -> Option<(usize, usize)> {
    let [first, second] = formats(modules);
    let (best, other) = if first <= second { (first, second) } else { (second, first) };
    if best.0 > 3 || (other.1 != best.1 && other.0 <= 1) {
        return None;
    }
    // The bits of the level are 01, 00, 11, 10 for L, M, Q, H.
    let level = [1, 0, 3, 2][(best.1 >> 3) as usize];
    Some((level, (best.1 & 7) as usize))
}

/// Data bits with the remainder of a BCH code behind them (annexes C and D).
fn bch(data: u32, spare: u32, generator: u32) -> u32 {
    let mut rest = data << spare;
    for bit in (spare..spare + 6).rev() {
        if rest >> bit & 1 == 1 {
            rest ^= generator << (bit - spare);
        }
    }
    data << spare | rest
}

/// Whether one of the copies of the version information (7.10) names this version.
fn version_fits(modules: &Modules, version: usize) -> bool {
    if version < 7 {
        return true;
    }
    let wanted = bch(version as u32, 12, 0x1F25);
    let (mut first, mut second) = (0u32, 0u32);
    for bit in 0..18 {
        let (a, b) = (modules.columns - 11 + bit % 3, bit / 3);
        first |= u32::from(modules.is_dark(a, b)) << bit;
        second |= u32::from(modules.is_dark(b, a)) << bit;
    }
    (first ^ wanted).count_ones().min((second ^ wanted).count_ones()) <= 3
}

/// Modules that carry no codewords, row by row.
fn functions(version: usize) -> Vec<bool> {
    let size = size(version);
    let mut taken = vec![false; size * size];
    let mut fill = |left: usize, top: usize, width: usize, height: usize| {
        for y in top..top + height {
            taken[y * size + left..y * size + left + width].fill(true);
        }
    };
    fill(0, 0, 9, 9);
    fill(size - 8, 0, 8, 9);
    fill(0, size - 8, 9, 8);
    fill(6, 0, 1, size);
    fill(0, 6, size, 1);
    for (column, row) in alignment_patterns(version) {
        fill(column - 2, row - 2, 5, 5);
    }
    if version >= 7 {
        fill(size - 11, 0, 3, 6);
        fill(0, size - 11, 6, 3);
    }
    taken
}

/// Whether a mask turns a module over (7.8.2).
fn masked(mask: usize, x: usize, y: usize) -> bool {
    0 == match mask {
        0 => (x + y) % 2,
        1 => y % 2,
        2 => x % 3,
        3 => (x + y) % 3,
        4 => (x / 3 + y / 2) % 2,
        5 => x * y % 2 + x * y % 3,
        6 => (x * y % 2 + x * y % 3) % 2,
        _ => ((x + y) % 2 + x * y % 3) % 2,
    }
}

/// The codewords in the order in which they are placed (7.7.3), with how sure the least sure module of
/// each is.
fn codewords(modules: &Modules, version: usize, mask: usize) -> Vec<(u16, f32)> {
    let size = modules.columns;
    let taken = functions(version);
    let mut words = Vec::with_capacity(size * size / 8);
    let (mut word, mut sure, mut count) = (0u16, f32::MAX, 0);
    // Pairs of columns from the right, upwards and downwards in turn; the timing column is left out.
    let pairs = (0..size / 2).map(|k| size - 1 - 2 * k).map(|right| if right <= 6 { right - 1 } else { right });
    for (k, right) in pairs.enumerate() {
        for step in 0..size {
            let y = if k % 2 == 0 { size - 1 - step } else { step };
            for x in [right, right - 1] {
                if taken[y * size + x] {
                    continue;
                }
                word = word << 1 | u16::from(modules.is_dark(x, y) != masked(mask, x, y));
                sure = sure.min(modules.sure(x, y));
                count += 1;
                if count == 8 {
                    words.push((word, sure));
                    (word, sure, count) = (0, f32::MAX, 0);
                }
            }
        }
    }
    words
}

/// Codewords are elements of this field (7.5.2).
static FIELD: LazyLock<Field> = LazyLock::new(|| Field::binary(8, 0x11D, 0));

/// Words that must stay unspent over all blocks for a symbol to be believed.
const EVIDENCE: usize = 4;
/// The same where the least sure codewords were left out, which proves less.
const EVIDENCE_ERASED: usize = 7;

/// From modules to payload, with the share of correctable errors that was left; `erase` is the share of
/// each block's capacity that may go to the least sure codewords.
pub(super) fn decode(modules: &Modules, erase: f32) -> Option<(Payload, f32)> {
    let version = modules.columns.checked_sub(17)? / 4;
    if !VERSIONS.contains(&version) || modules.columns != size(version) || modules.rows != modules.columns {
        return None;
    }
    let (level, mask) = format(modules)?;
    if !version_fits(modules, version) {
        return None;
    }
    let words = codewords(modules, version, mask);
    let spare = SPARE[level][version - 1];
    let blocks = BLOCKS[level][version - 1];
    let short = words.len() / blocks;
    let longer = words.len() % blocks;
    let (mut data, mut left, mut evidence) = (Vec::new(), 1.0f32, 0usize);
    // What is kept to notice errors that cannot be corrected (table 9, footnote).
    let reserve = match (version, level) {
        (1, 0) => 3,
        (1, 1) | (2, 0) => 2,
        (1, 2 | 3) | (3, 0) => 1,
        _ => 0,
    };
    for block in 0..blocks {
        let long = usize::from(block >= blocks - longer);
        let kept = short - spare + long;
        // Data words are dealt to the blocks in turn, the longer ones last; then the correction words.
        let place = |k: usize| {
            if k < short - spare {
                k * blocks + block
            } else if k < kept {
                (short - spare) * blocks + block - (blocks - longer)
            } else {
                words.len() - spare * blocks + (k - kept) * blocks + block
            }
        };
        let dealt: Vec<(u16, f32)> = (0..kept + spare).map(|k| words[place(k)]).collect();
        let mut corrected: Vec<u16> = dealt.iter().map(|word| word.0).collect();
        let most = ((spare - reserve) as f32 * erase) as usize;
        let erased = least_sure(&dealt, most);
        let share = FIELD.correct(&mut corrected, spare, reserve, &erased)?;
        left = left.min(share);
        let changed = corrected.iter().zip(&dealt).filter(|(a, b)| **a != b.0).count();
        evidence += spare.saturating_sub(changed.max(erased.len()));
        data.extend(corrected[..kept].iter().map(|&word| word as u8));
    }
    let needed = if erase > 0.0 { EVIDENCE_ERASED } else { EVIDENCE };
    if evidence < needed {
        return None;
    }
    Some((payload(&data, version as u32)?, left))
}

/// Places of the least sure words, at most so many, and only words that are not sure at all.
fn least_sure(words: &[(u16, f32)], most: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..words.len()).filter(|&k| words[k].1 < 0.2).collect();
    order.sort_by(|&a, &b| words[a].1.total_cmp(&words[b].1));
    order.truncate(most);
    order
}

/// Correction words of each block, by level (L, M, Q, H) and version (table 9).
#[rustfmt::skip]
const SPARE: [[usize; 40]; 4] = [
    [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
    [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28],
    [13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
    [17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
];

/// Blocks, by level and version (table 9).
#[rustfmt::skip]
const BLOCKS: [[usize; 40]; 4] = [
    [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25],
    [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49],
    [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68],
    [1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81],
];
