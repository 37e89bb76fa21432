//! The codewords of a PDF417 as bars (ISO/IEC 15438, 5.1.2 and annex A), and from all of them to the
//! payload (5.7 and 5.10).

use std::sync::LazyLock;

use rxing::pdf417::pdf_417_common::getCodeword;

use super::payload::payload;
use super::{ELEMENTS, MODULES, Payload};
use crate::reed_solomon::Field;

/// Correction codewords that must stay unspent for a symbol to be believed.
pub(super) const EVIDENCE: usize = 2;

/// Codewords are elements of this field (5.10).
static FIELD: LazyLock<Field> = LazyLock::new(|| Field::modulo(929, 3, 1));

/// What the row indicators say of a symbol (5.11.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Size {
    pub(super) rows: usize,
    /// Columns of data, without the indicators.
    pub(super) columns: usize,
    /// The error correction level.
    pub(super) level: usize,
}

impl Size {
    /// A size that a symbol can have.
    pub(super) fn checked(rows: usize, columns: usize, level: usize) -> Option<Size> {
        let size = Size { rows, columns, level };
        let sane = (3..=90).contains(&rows) && (1..=30).contains(&columns) && level <= 8;
        (sane && size.words() <= 928 && size.spare() + 2 <= size.words()).then_some(size)
    }

    /// Codewords of the whole symbol.
    pub(super) fn words(&self) -> usize {
        self.rows * self.columns
    }

    /// What a row indicator says: the left one, or the right one (5.11.3).
    pub(super) fn indicator(&self, row: usize, right: bool) -> u16 {
        let says = match (row + if right { 2 } else { 0 }) % 3 {
            0 => (self.rows - 1) / 3,
            1 => 3 * self.level + (self.rows - 1) % 3,
            _ => self.columns - 1,
        };
        (30 * (row / 3) + says) as u16
    }

    /// Codewords not read that can be made up for: two are kept to notice what cannot be corrected, of
    /// more than two (5.7.2).
    pub(super) fn capacity(&self) -> usize {
        self.spare() - self.reserve()
    }

    fn reserve(&self) -> usize {
        if self.level == 0 { 0 } else { 2 }
    }

    /// Those of them that are for correction.
    fn spare(&self) -> usize {
        2 << self.level
    }
}

/// The value and the cluster of a symbol character (5.1.2, annex A); `spread` is by how many pixels its
/// bars are too wide.
pub(super) fn character(widths: &[f32], spread: f32) -> Option<(u16, u8)> {
    let module = widths.iter().sum::<f32>() / MODULES;
    let mut symbol = 0u32;
    let (mut so_far, mut last) = (0.0, 0);
    let mut modules = [0i32; ELEMENTS];
    for (k, width) in widths.iter().enumerate() {
        let bar = k % 2 == 0;
        so_far += if bar { width - spread } else { width + spread };
        let edge = (so_far / module + 0.5) as i32;
        *modules.get_mut(k)? = edge - last;
        if !(1..=6).contains(&(edge - last)) {
            return None;
        }
        for _ in last..edge {
            symbol = symbol << 1 | u32::from(bar);
        }
        last = edge;
    }
    let cluster = (modules[0] - modules[2] + modules[4] - modules[6] + 9) % 9;
    let value = getCodeword(symbol);
    (last == 17 && cluster % 3 == 0 && value >= 0).then_some((value as u16, cluster as u8))
}

/// From codewords, some of which were not read, to the payload, with the share of correctable errors that
/// was left; `evidence` is how many correction codewords must stay unspent.
pub(super) fn decode(
    read: &[u16],
    size: Size,
    erased: &[usize],
    evidence: usize,
) -> Option<(Payload, f32)> {
    let spare = size.spare();
    let mut words = read.to_vec();
    let left = FIELD.correct(&mut words, spare, size.reserve(), erased)?;
    let wrong = (0..words.len()).filter(|at| words[*at] != read[*at] && !erased.contains(at)).count();
    if spare < evidence + wrong + erased.len() {
        return None;
    }
    let length = usize::from(*words.first()?);
    if length == 0 || length > words.len() - spare {
        return None;
    }
    Some((payload(words.get(1..length)?)?, left))
}
