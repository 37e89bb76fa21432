//! What the mode message of an Aztec Code says of it, and which module says what (ISO/IEC 24778, clause 7).

use std::sync::LazyLock;

use crate::reed_solomon::Field;

/// Words of the mode message are elements of this field, and codewords of the others by their bits (7.2.3).
static MODE_FIELD: LazyLock<Field> = LazyLock::new(|| Field::binary(4, 0x13, 1));
static FIELD_6: LazyLock<Field> = LazyLock::new(|| Field::binary(6, 0x43, 1));
static FIELD_8: LazyLock<Field> = LazyLock::new(|| Field::binary(8, 0x12D, 1));
static FIELD_10: LazyLock<Field> = LazyLock::new(|| Field::binary(10, 0x409, 1));
static FIELD_12: LazyLock<Field> = LazyLock::new(|| Field::binary(12, 0x1069, 1));

/// What the mode message (7.2.2) says.
pub(super) struct Mode {
    pub(super) full: bool,
    pub(super) layers: usize,
    /// Codewords of data.
    pub(super) words: usize,
}

impl Mode {
    /// Reads the ring of marks and mode message `reach` modules from the middle, when it lies this way.
    pub(super) fn read(reach: i32, dark: &impl Fn((i32, i32)) -> bool) -> Option<Mode> {
        let full = reach == 7;
        let r = reach;
        // Three dark marks above on the left, two on the right, one below on the right, none on the left.
        let marks = [
            ((-r, -r), true),
            ((1 - r, -r), true),
            ((-r, 1 - r), true),
            ((r, -r), true),
            ((r, 1 - r), true),
            ((r - 1, -r), false),
            ((r, r - 1), true),
            ((r, r), false),
            ((r - 1, r), false),
            ((-r, r), false),
            ((1 - r, r), false),
            ((-r, r - 1), false),
        ];
        if marks.iter().filter(|(place, wanted)| dark(*place) != *wanted).count() > 1 {
            return None;
        }
        let side = if full { 10 } else { 7 };
        let offset = |i: i32| if full { i - 5 + i / 5 } else { i - 3 };
        let mut bits = Vec::new();
        bits.extend((0..side).map(|i| dark((offset(i), -r))));
        bits.extend((0..side).map(|i| dark((r, offset(i)))));
        bits.extend((0..side).rev().map(|i| dark((offset(i), r))));
        bits.extend((0..side).rev().map(|i| dark((-r, offset(i)))));
        let mut words: Vec<u16> = bits.chunks(4).map(number).collect();
        let spare = if full { 6 } else { 5 };
        MODE_FIELD.correct(&mut words, spare, 1, &[])?;
        let said = words[..words.len() - spare].iter().fold(0usize, |n, &word| n << 4 | usize::from(word));
        // The number of codewords has six or eleven bits.
        let width = if full { 11 } else { 6 };
        let mut mode = Mode { full, layers: (said >> width) + 1, words: (said & ((1 << width) - 1)) + 1 };
        let top = 1 << (width - 1);
        if mode.words > top && mode.words >= mode.capacity() {
            // More than there is room for: the highest bit tells a reader to initialise itself.
            mode.words -= top;
        }
        (mode.words < mode.capacity()).then_some(mode)
    }

    /// Codewords of all layers.
    fn capacity(&self) -> usize {
        (if self.full { 112 } else { 88 } + 16 * self.layers) * self.layers / self.word_bits()
    }

    /// Modules on a side without the reference grid.
    fn base(&self) -> usize {
        if self.full { 14 + 4 * self.layers } else { 11 + 4 * self.layers }
    }

    /// Modules on a side (7.1, with the reference grid of 7.1.4).
    pub(super) fn size(&self) -> usize {
        let base = self.base();
        if self.full { base + 1 + 2 * ((base / 2 - 1) / 15) } else { base }
    }

    /// Where a row or column lies about the middle, past the lines of the reference grid.
    fn offset(&self, at: usize) -> i32 {
        let (at, base) = (at as i32, self.base() as i32);
        if !self.full {
            return at - base / 2;
        }
        let half = base / 2;
        if at >= half {
            let k = at - half;
            k + k / 15 + 1
        } else {
            let k = half - 1 - at;
            -(k + k / 15 + 1)
        }
    }

    /// Bits of a codeword (table 4).
    pub(super) fn word_bits(&self) -> usize {
        match self.layers {
            0..=2 => 6,
            3..=8 => 8,
            9..=22 => 10,
            _ => 12,
        }
    }

    pub(super) fn field(&self) -> &'static Field {
        match self.word_bits() {
            6 => &FIELD_6,
            8 => &FIELD_8,
            10 => &FIELD_10,
            _ => &FIELD_12,
        }
    }

    /// Places of the bits of all layers in their order, from the outermost in (7.3).
    pub(super) fn places(&self) -> Vec<(i32, i32)> {
        let last = self.base() - 1;
        let mut places = Vec::new();
        for layer in 0..self.layers {
            let side = (self.layers - layer) * 4 + if self.full { 12 } else { 9 };
            let low = 2 * layer;
            let high = last - low;
            for quarter in 0..4 {
                for j in 0..side {
                    for k in 0..2 {
                        let (x, y) = match quarter {
                            0 => (low + k, low + j),
                            1 => (low + j, high - k),
                            2 => (high - k, high - j),
                            _ => (high - j, low + k),
                        };
                        places.push((self.offset(x), self.offset(y)));
                    }
                }
            }
        }
        places
    }
}

/// Bits as a number, the highest first.
pub(super) fn number(bits: &[bool]) -> u16 {
    bits.iter().fold(0, |value, &bit| value << 1 | u16::from(bit))
}
