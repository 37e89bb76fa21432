//! Pixels in, symbols out: knows nothing of GS1, browsers or batches.
//!
//! - [`Luma`] is a frame of brightness, borrowed; `luma` keeps the grey pictures made from it.
//! - `regions` finds where bars may be and in which direction, `line` turns a line across them into
//!   bars with sub-pixel edges, `reader` puts them to the symbologies, `vote` believes what several lines agree on.
//! - `texture` tells where symbols that fill an area may be, `bits` thresholds the picture there, `areas` runs
//!   the finders of areas over it; `lanes` takes sixteen pixels at a time in the passes over whole pictures.
//! - `symbology` is the waist: the trait and the list, one file per symbology beneath it.
//! - `search` spends the work that a frame is worth, the likely places first.
//!
//! It has no clock and no threads, and does not know what a code means: bytes go out as they were
//! printed, with the symbology identifier that says how to take them.
//!
//! ```
//! use scanner::{Luma, Options, scan};
//! let paper = vec![255; 64 * 48];
//! let frame = Luma::new(64, 48, 64, &paper)?;
//! assert!(scan(&frame, &Options::default()).is_empty());
//! # Ok::<(), scanner::LumaError>(())
//! ```

mod areas;
mod bits;
mod grid;
mod lanes;
mod line;
mod luma;
mod reader;
mod reed_solomon;
mod regions;
mod search;
mod symbology;
mod texture;
mod vote;

use serde::Serialize;

pub use luma::{Channels, LONGEST_SIDE, Luma, LumaError, brightness};
pub use search::Scanner;

/// A printed pattern that was read.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Symbol {
    /// The family of patterns: `Aztec`, `Code128`, `Code39`, `DataMatrix`, `EAN13`, `EAN8`, `ITF`, `PDF417`,
    /// `QRCode`, `UPCA`, `UPCE`.
    pub symbology: &'static str,
    /// The symbology identifier of ISO/IEC 15424, such as `]C1`.
    pub identifier: String,
    /// The payload: without a leading FNC1, a later FNC1 as 0x1D.
    pub bytes: Vec<u8>,
    /// The first extended channel interpretation that the symbol names: 3 is Latin-1, 20 Shift JIS, 26 UTF-8.
    pub eci: Option<u32>,
    /// The four corners in frame pixels, clockwise from the symbol's own top left.
    pub corners: [(f32, f32); 4],
    /// The share of what error correction could do that was not needed, 0 to 1: unused error correction
    /// as ISO/IEC 15415 (7.8.8) grades it. The lower, the sooner will the symbol no longer be read. `None`
    /// where the symbology has no error correction.
    pub unused_correction: Option<f32>,
}

impl Symbol {
    /// The bytes as a reader transmits them behind the identifier: a UPC-A has twelve digits printed and
    /// in [`Symbol::bytes`], a UPC-E eight, and both go out as the EAN-13 that they are.
    pub fn transmitted(&self) -> Vec<u8> {
        symbology::ALL
            .iter()
            .find_map(|family| family.transmitted(self.symbology, &self.bytes))
            .unwrap_or_else(|| self.bytes.clone())
    }
}

/// How much work a frame is worth, and until when.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Asked between pieces of work (a few milliseconds each): true to go on. The crate has no clock.
    pub go_on: &'a dyn Fn() -> bool,
    /// How far to go where the first look finds nothing.
    pub effort: Effort,
    /// Which symbols are wanted.
    pub ask: Ask,
}

/// Which symbols are wanted. Some have so little to check themselves by that texture and parts of longer
/// symbols look like them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Ask {
    /// Those that are hardly ever misread: of Interleaved 2 of 5 only fourteen digits with a right check
    /// digit, and no UPC-E.
    Sure,
    /// Interleaved 2 of 5 of any even length from six digits on, too; more lines must agree on it.
    AnyLength,
    /// UPC-E as well, which parts of longer symbols are taken for.
    Everything,
}

/// How far to go with one frame.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Effort {
    /// One look; the next video frame comes soon.
    Frame,
    /// Everything that may help; there is only this picture.
    Photo,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options { go_on: &|| true, effort: Effort::Photo, ask: Ask::Sure }
    }
}

/// Every symbol in one picture, in no order that means anything. For frames that follow each other a
/// [`Scanner`] is the cheaper and the better way.
pub fn scan(frame: &Luma<'_>, options: &Options<'_>) -> Vec<Symbol> {
    Scanner::new().scan(frame, options)
}
