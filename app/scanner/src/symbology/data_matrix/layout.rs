//! Which module of a Data Matrix says what (ISO/IEC 16022, 5.5 to 5.8 and annex F): sizes, finder and
//! timing patterns, the placement of codewords, and their error correction.

use std::sync::LazyLock;

use super::Payload;
use super::payload::payload;
use crate::grid::{Known, Modules};
use crate::reed_solomon::Field;

/// One size of symbol.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Size {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Data regions down and across.
    regions: (usize, usize),
    /// Data codewords and correction codewords of all blocks.
    data: usize,
    spare: usize,
    blocks: usize,
}

const fn size(
    rows: usize,
    columns: usize,
    regions: (usize, usize),
    data: usize,
    spare: usize,
    blocks: usize,
) -> Size {
    Size { rows, columns, regions, data, spare, blocks }
}

/// Every size (table 7), and the rectangular ones of ISO/IEC 21471.
pub(super) const SIZES: [Size; 48] = [
    size(10, 10, (1, 1), 3, 5, 1),
    size(12, 12, (1, 1), 5, 7, 1),
    size(14, 14, (1, 1), 8, 10, 1),
    size(16, 16, (1, 1), 12, 12, 1),
    size(18, 18, (1, 1), 18, 14, 1),
    size(20, 20, (1, 1), 22, 18, 1),
    size(22, 22, (1, 1), 30, 20, 1),
    size(24, 24, (1, 1), 36, 24, 1),
    size(26, 26, (1, 1), 44, 28, 1),
    size(32, 32, (2, 2), 62, 36, 1),
    size(36, 36, (2, 2), 86, 42, 1),
    size(40, 40, (2, 2), 114, 48, 1),
    size(44, 44, (2, 2), 144, 56, 1),
    size(48, 48, (2, 2), 174, 68, 1),
    size(52, 52, (2, 2), 204, 84, 2),
    size(64, 64, (4, 4), 280, 112, 2),
    size(72, 72, (4, 4), 368, 144, 4),
    size(80, 80, (4, 4), 456, 192, 4),
    size(88, 88, (4, 4), 576, 224, 4),
    size(96, 96, (4, 4), 696, 272, 4),
    size(104, 104, (4, 4), 816, 336, 6),
    size(120, 120, (6, 6), 1050, 408, 6),
    size(132, 132, (6, 6), 1304, 496, 8),
    size(144, 144, (6, 6), 1558, 620, 10),
    size(8, 18, (1, 1), 5, 7, 1),
    size(8, 32, (1, 2), 10, 11, 1),
    size(12, 26, (1, 1), 16, 14, 1),
    size(12, 36, (1, 2), 22, 18, 1),
    size(16, 36, (1, 2), 32, 24, 1),
    size(16, 48, (1, 2), 49, 28, 1),
    size(8, 48, (1, 2), 18, 15, 1),
    size(8, 64, (1, 4), 24, 18, 1),
    size(8, 80, (1, 4), 32, 22, 1),
    size(8, 96, (1, 4), 38, 28, 1),
    size(8, 120, (1, 6), 49, 32, 1),
    size(8, 144, (1, 6), 63, 36, 1),
    size(12, 64, (1, 4), 43, 27, 1),
    size(12, 88, (1, 4), 64, 36, 1),
    size(16, 64, (1, 4), 62, 36, 1),
    size(20, 36, (1, 2), 44, 28, 1),
    size(20, 44, (1, 2), 56, 34, 1),
    size(20, 64, (1, 4), 84, 42, 1),
    size(22, 48, (1, 2), 72, 38, 1),
    size(24, 48, (1, 2), 80, 41, 1),
    size(24, 64, (1, 4), 108, 46, 1),
    size(26, 40, (1, 2), 70, 38, 1),
    size(26, 48, (1, 2), 90, 42, 1),
    size(26, 64, (1, 4), 118, 50, 1),
];

impl Size {
    /// The alternating modules along the upper and the right edge.
    pub(super) fn timing(&self) -> Vec<Known> {
        let top = (0..self.columns).map(|x| Known::module(x, 0, x % 2 == 0));
        let right = (0..self.rows).map(|y| Known::module(self.columns - 1, y, y % 2 == 1));
        top.chain(right).collect()
    }

    /// The solid and the alternating edges of every region, and the quiet zone around.
    pub(super) fn known(&self) -> Vec<Known> {
        let (width, height) = (self.columns / self.regions.1, self.rows / self.regions.0);
        let mut known = self.timing();
        for y in 0..self.rows {
            for x in 0..self.columns {
                let (inner_x, inner_y) = (x % width, y % height);
                let outer = y == 0 || x + 1 == self.columns;
                if inner_x == 0 || inner_y + 1 == height {
                    known.push(Known::module(x, y, true));
                } else if inner_y == 0 && !outer {
                    known.push(Known::module(x, y, inner_x % 2 == 0));
                } else if inner_x + 1 == width && !outer {
                    known.push(Known::module(x, y, inner_y % 2 == 1));
                }
            }
        }
        let (right, bottom) = (self.columns as f32, self.rows as f32);
        for x in (0..self.columns).step_by(2) {
            let u = x as f32 + 0.5;
            known.push(Known { place: (u, -0.5), dark: false });
            known.push(Known { place: (u, bottom + 0.5), dark: false });
        }
        for y in (0..self.rows).step_by(2) {
            let v = y as f32 + 0.5;
            known.push(Known { place: (-0.5, v), dark: false });
            known.push(Known { place: (right + 0.5, v), dark: false });
        }
        let every = known.len().div_ceil(260);
        known.into_iter().step_by(every).collect()
    }

    /// Where the bits of the codewords lie, highest bit first, in modules of the data regions put together
    /// (annex F.3).
    fn placement(&self) -> Vec<[(usize, usize); 8]> {
        let rows = self.rows - 2 * self.regions.0;
        let columns = self.columns - 2 * self.regions.1;
        let mut words = Placement { rows, columns, taken: vec![false; rows * columns], words: Vec::new() };
        let (nrow, ncol) = (rows as i32, columns as i32);
        let (mut row, mut column) = (4, 0);
        while row < nrow || column < ncol {
            if row == nrow && column == 0 {
                words.put([(-1, 0), (-1, 1), (-1, 2), (0, -2), (0, -1), (1, -1), (2, -1), (3, -1)]);
            }
            if row == nrow - 2 && column == 0 && ncol % 4 != 0 {
                words.put([(-3, 0), (-2, 0), (-1, 0), (0, -4), (0, -3), (0, -2), (0, -1), (1, -1)]);
            }
            if row == nrow - 2 && column == 0 && ncol % 8 == 4 {
                words.put([(-3, 0), (-2, 0), (-1, 0), (0, -2), (0, -1), (1, -1), (2, -1), (3, -1)]);
            }
            if row == nrow + 4 && column == 2 && ncol % 8 == 0 {
                words.put([(-1, 0), (-1, -1), (0, -3), (0, -2), (0, -1), (1, -3), (1, -2), (1, -1)]);
            }
            loop {
                if row < nrow && column >= 0 {
                    words.utah(row, column);
                }
                row -= 2;
                column += 2;
                if row < 0 || column >= ncol {
                    break;
                }
            }
            row += 1;
            column += 3;
            loop {
                if row >= 0 && column < ncol {
                    words.utah(row, column);
                }
                row += 2;
                column -= 2;
                if row >= nrow || column < 0 {
                    break;
                }
            }
            row += 3;
            column += 1;
        }
        words.words
    }

    /// The codewords, with how sure the least sure module of each is.
    fn codewords(&self, modules: &Modules) -> Vec<(u16, f32)> {
        let width = self.columns / self.regions.1 - 2;
        let height = self.rows / self.regions.0 - 2;
        let mut words: Vec<(u16, f32)> = self
            .placement()
            .iter()
            .map(|bits| {
                bits.iter().fold((0, f32::MAX), |(word, sure), &(row, column)| {
                    let x = column / width * (width + 2) + 1 + column % width;
                    let y = row / height * (height + 2) + 1 + row % height;
                    (word << 1 | u16::from(modules.is_dark(x, y)), sure.min(modules.sure(x, y)))
                })
            })
            .collect();
        words.truncate(self.data + self.spare);
        words
    }
}

struct Placement {
    rows: usize,
    columns: usize,
    taken: Vec<bool>,
    words: Vec<[(usize, usize); 8]>,
}

impl Placement {
    /// A codeword in a corner; negative places count from the far side.
    fn put(&mut self, bits: [(i32, i32); 8]) {
        let far = |v: i32, size: usize| if v < 0 { (size as i32 + v) as usize } else { v as usize };
        let bits = bits.map(|(row, column)| (far(row, self.rows), far(column, self.columns)));
        for (row, column) in bits {
            self.taken[row * self.columns + column] = true;
        }
        self.words.push(bits);
    }

    /// A codeword in the usual shape, whose last bit lies here, unless something lies here already; what
    /// leaves on one side comes back on the other, shifted.
    fn utah(&mut self, row: i32, column: i32) {
        if self.taken[row as usize * self.columns + column as usize] {
            return;
        }
        let (rows, columns) = (self.rows as i32, self.columns as i32);
        let offsets = [(-2, -2), (-2, -1), (-1, -2), (-1, -1), (-1, 0), (0, -2), (0, -1), (0, 0)];
        let bits = offsets.map(|(dy, dx)| {
            let (mut y, mut x) = (row + dy, column + dx);
            if y < 0 {
                y += rows;
                x += 4 - (rows + 4) % 8;
            }
            if x < 0 {
                x += columns;
                y += 4 - (columns + 4) % 8;
            }
            (y.rem_euclid(rows) as usize, x.rem_euclid(columns) as usize)
        });
        for (y, x) in bits {
            self.taken[y * self.columns + x] = true;
        }
        self.words.push(bits);
    }
}

/// Codewords are elements of this field (5.7).
static FIELD: LazyLock<Field> = LazyLock::new(|| Field::binary(8, 0x12D, 1));

/// Words that must stay unspent over all blocks for a symbol to be believed.
const EVIDENCE: usize = 4;
/// The same where the least sure codewords were left out, which proves less.
const EVIDENCE_ERASED: usize = 7;

/// From modules to payload, with the share of correctable errors that was left; `erase` is the share of
/// each block's capacity that may go to the least sure codewords.
pub(super) fn decode(modules: &Modules, size: &Size, erase: f32) -> Option<(Payload, f32)> {
    let words = size.codewords(modules);
    if words.len() < size.data + size.spare {
        return None;
    }
    // At 144 x 144 the last two blocks have a data word less. Some printers go on dealing the correction
    // words with the ninth block, and some begin with the first again.
    let longer = size.data % size.blocks;
    let shifts = if longer == 0 { &[0][..] } else { &[0, size.blocks - longer] };
    shifts.iter().find_map(|&shift| corrected(&words, size, shift, erase))
}

fn corrected(words: &[(u16, f32)], size: &Size, shift: usize, erase: f32) -> Option<(Payload, f32)> {
    let spare = size.spare / size.blocks;
    let mut data = vec![0u8; size.data];
    let (mut left, mut evidence) = (1.0f32, 0);
    for block in 0..size.blocks {
        let from = (block + shift) % size.blocks;
        // Words are dealt to the blocks in turn.
        let places: Vec<usize> = (block..size.data)
            .step_by(size.blocks)
            .chain((0..spare).map(|k| size.data + k * size.blocks + from))
            .collect();
        let dealt: Vec<(u16, f32)> = places.iter().map(|&place| words[place]).collect();
        let mut corrected: Vec<u16> = dealt.iter().map(|word| word.0).collect();
        let erased = least_sure(&dealt, (spare as f32 * erase) as usize);
        left = left.min(FIELD.correct(&mut corrected, spare, 0, &erased)?);
        let changed = corrected.iter().zip(&dealt).filter(|(a, b)| **a != b.0).count();
        evidence += spare.saturating_sub(changed.max(erased.len()));
        for (place, word) in places.iter().zip(corrected) {
            if let Some(slot) = data.get_mut(*place) {
                *slot = word as u8;
            }
        }
    }
    let needed = if erase > 0.0 { EVIDENCE_ERASED } else { EVIDENCE };
    if evidence < needed {
        return None;
    }
    Some((payload(&data)?, left))
}

/// Places of the least sure words, at most so many, and only words that are not sure at all.
fn least_sure(words: &[(u16, f32)], most: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..words.len()).filter(|&k| words[k].1 < 0.2).collect();
    order.sort_by(|&a, &b| words[a].1.total_cmp(&words[b].1));
    order.truncate(most);
    order
}

#[cfg(test)]
mod tests {
    use datamatrix::{DataMatrix, SymbolList};

    use super::{SIZES, decode};
    use crate::grid::Modules;

    /// Symbols of every size, made by another encoder.
    #[test]
    fn symbols_of_every_size_are_read() {
        for size in SIZES {
            let text: Vec<u8> = (0..size.data.min(40) / 2 + 1).map(|k| b'A' + (k * k % 26) as u8).collect();
            let list = SymbolList::with_extended_rectangles()
                .enforce_width_in(size.columns..=size.columns)
                .enforce_height_in(size.rows..=size.rows);
            let code = DataMatrix::encode(&text, list).expect("room");
            let bitmap = code.bitmap();
            let (columns, rows) = (bitmap.width(), bitmap.height());
            assert_eq!((rows, columns), (size.rows, size.columns));
            let mut levels = vec![200.0; columns * rows];
            bitmap.pixels().for_each(|(x, y)| levels[y * columns + x] = 50.0);
            let read = decode(&Modules::of(&levels, columns, rows, 0.0), &size, 0.0);
            let read = read.map(|(payload, left)| (payload.bytes, left));
            assert_eq!(read, Some((text, 1.0)), "{rows} x {columns}");
        }
    }
}
