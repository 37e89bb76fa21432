//! The waist between pixels and symbols: what a symbology fulfils, and the list of them.
//!
//! To add one, write `symbology/<name>.rs` and its line in the list below.

use std::cell::Cell;

use crate::Ask;
use crate::bits::Bits;
use crate::grid::Look;
use crate::line::Bars;
use crate::luma::Grey;

macro_rules! symbologies {
    ($($file:ident::$symbology:ident),* $(,)?) => {
        $(mod $file;)*
        /// Every symbology that is read.
        pub(crate) static ALL: &[&dyn Symbology] = &[$(&$file::$symbology),*];
    };
}

symbologies![
    code_128::Code128,
    ean_upc::EanUpc,
    itf::Itf,
    code_39::Code39,
    qr::Qr,
    data_matrix::DataMatrix,
    pdf_417::Pdf417,
    aztec::Aztec,
];

/// A family of patterns: read along a line, or in an area, or both.
pub(crate) trait Symbology: Sync {
    /// Reads whatever is asked for on a line, in its direction; the caller turns the line around.
    fn on_line(&self, _bars: &Bars, _ask: Ask, _found: &mut LineReads) {}

    /// What goes out behind the identifier for the printed `bytes` of a symbol called `name`, where it is
    /// one of these and something else than the bytes.
    fn transmitted(&self, _name: &str, _bytes: &[u8]) -> Option<Vec<u8>> {
        None
    }

    /// Reads what blur has left of symbols on a brightness profile, in the direction of its bars; most
    /// symbologies cannot.
    fn on_profile(&self, _profile: &[f32], _bars: &Bars, _found: &mut LineReads) {}

    /// Reads whatever lies in a thresholded picture; corners are in pixels of that picture.
    fn in_area(&self, _area: &Area<'_>, _found: &mut Vec<AreaRead>) {}
}

/// A picture prepared for finders of areas.
pub(crate) struct Area<'a> {
    pub(crate) grey: &'a Grey,
    pub(crate) bits: &'a Bits,
    /// Whether finders may take their dear ways.
    pub(crate) thorough: bool,
    /// Corners of what was read here already: nothing is looked for inside.
    pub(crate) read: &'a [[(f32, f32); 4]],
    pub(crate) room: &'a Room,
}

/// Buffers of the finders, kept from picture to picture. Who uses one takes it out and puts it back.
#[derive(Default)]
pub(crate) struct Room {
    /// Edges of a row.
    pub(crate) edges: Cell<Vec<u32>>,
    /// The picture with rows and columns swapped.
    pub(crate) across: Cell<Bits>,
    /// Pixels by which an outline was followed, the outline, and its straight parts.
    pub(crate) walked: Cell<Vec<u64>>,
    pub(crate) outline: Cell<Vec<(i32, i32)>>,
    pub(crate) sides: Cell<Vec<[(f32, f32); 2]>>,
    /// Two straight parts that meet: the end of one, the corner, the end of the other.
    pub(crate) corners: Cell<Vec<[(f32, f32); 3]>>,
}

impl<'a> Area<'a> {
    /// What grids are fitted to.
    pub(crate) fn look(&self) -> Look<'a> {
        Look { grey: self.grey, bits: self.bits }
    }
}

/// What was read, wherever.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Payload {
    pub(crate) symbology: &'static str,
    pub(crate) identifier: String,
    pub(crate) bytes: Vec<u8>,
    /// The first extended channel interpretation that the symbol names, if any.
    pub(crate) eci: Option<u32>,
}

/// A reading along one line, between two edges of its bars.
#[derive(Clone, Debug)]
pub(crate) struct LineRead {
    pub(crate) payload: Payload,
    /// Index of the first edge.
    pub(crate) first: usize,
    /// Index of the last edge.
    pub(crate) last: usize,
    /// How many lines must agree before it is believed.
    pub(crate) lines_needed: usize,
}

/// What was read along one line.
#[derive(Default)]
pub(crate) struct LineReads {
    pub(crate) all: Vec<LineRead>,
    /// Whether more was made out of anything than chance has in texture: a few characters one after the
    /// other, or all guards in their places.
    pub(crate) hinted: bool,
}

impl LineReads {
    /// Characters one after the other that texture seldom has.
    const HINT: usize = 3;

    /// Takes in what came of one beginning: the characters that were made out, and the symbol if they are one.
    pub(crate) fn take(&mut self, characters: usize, read: Option<LineRead>) {
        self.hinted |= characters >= LineReads::HINT;
        self.all.extend(read);
    }
}

/// What a line tells character by character. Most beginnings come to nothing, so it needs no memory.
pub(crate) struct Values {
    all: [u8; Values::MOST],
    len: usize,
}

impl Values {
    /// Characters of the longest symbol that a line can show.
    const MOST: usize = 128;
    /// No value yet.
    pub(crate) const NONE: Values = Values { all: [0; Values::MOST], len: 0 };

    /// Replaces the first, where there is one.
    pub(crate) fn set_first(&mut self, value: u8) {
        self.all[0] = value;
    }

    /// One more; `None` when there are too many.
    pub(crate) fn push(&mut self, value: u8) -> Option<()> {
        *self.all.get_mut(self.len)? = value;
        self.len += 1;
        Some(())
    }
}

impl std::ops::Deref for Values {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.all[..self.len]
    }
}

/// A reading in an area.
#[derive(Clone, Debug)]
pub(crate) struct AreaRead {
    pub(crate) payload: Payload,
    pub(crate) corners: [(f32, f32); 4],
    /// The share of what error correction could do that was left.
    pub(crate) unused_correction: Option<f32>,
}

/// How far measured bars are from a pattern: the squared differences, in modules, of the distances
/// between similar edges, which ink spread and blur leave alone, and to a smaller part of the widths.
/// `widths` are divided by `module` here; both sides must hold as many elements.
pub(crate) fn distance(widths: &[f32], module: f32, pattern: &[u8]) -> f32 {
    let mut sum = 0.0;
    for (i, (width, modules)) in widths.iter().zip(pattern).enumerate() {
        let off = width / module - f32::from(*modules);
        sum += 0.25 * off * off;
        if let (Some(next), Some(more)) = (widths.get(i + 1), pattern.get(i + 1)) {
            let off = off + next / module - f32::from(*more);
            sum += off * off;
        }
    }
    sum
}

/// Whether the last digit is the check digit of the others: from the right with weights 1 and 3
/// (ISO/IEC 15420, annex A).
pub(crate) fn check_digit_fits(digits: &[u8]) -> bool {
    let weighted = |(i, &digit): (usize, &u8)| u32::from(digit) * if i % 2 == 0 { 1 } else { 3 };
    digits.iter().rev().enumerate().map(weighted).sum::<u32>().is_multiple_of(10)
}

/// Whether a point lies in a convex quadrilateral.
pub(crate) fn inside(corners: &[(f32, f32); 4], (x, y): (f32, f32)) -> bool {
    let side = |k: usize| {
        let ((x0, y0), (x1, y1)) = (corners[k], corners[(k + 1) % 4]);
        (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)
    };
    (0..4).all(|k| side(k) >= 0.0) || (0..4).all(|k| side(k) <= 0.0)
}
