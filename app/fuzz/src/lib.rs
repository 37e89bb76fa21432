//! What the fuzz targets share: bytes that are used up one by one, and a look that keeps its budget.
//!
//! ```sh
//! cd app/fuzz    # its .cargo/config.toml says how to compile; a C++ compiler builds libFuzzer
//! cargo run --release --bin symbol -- -timeout=10 -max_total_time=600 FOLDER
//! ```
//!
//! Targets: `frame` (any bytes as a picture), `symbol` (well-formed symbols with any payload, then spoilt),
//! `code` (what a symbol says). What made one fail is kept in a file that the target takes instead of FOLDER.

use std::cell::Cell;

use scanner::{Ask, Effort, Luma, Options, Symbol, scan};

/// Pieces of work that may be asked about after the answer was no: every loop asks once and leaves.
const AFTERWARDS: usize = 64;

/// The fuzzer's bytes; when they are used up, zeros.
pub struct Bytes<'a>(pub &'a [u8]);

impl Bytes<'_> {
    /// The next byte.
    pub fn byte(&mut self) -> usize {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        usize::from(*first)
    }

    /// The next two bytes as a number.
    pub fn wide(&mut self) -> usize {
        self.byte() << 8 | self.byte()
    }

    /// Whether there is another.
    pub fn more(&self) -> bool {
        !self.0.is_empty()
    }
}

/// Looks at a frame with an effort, wishes and a budget that the bytes choose.
///
/// # Panics
/// When work is begun after the budget was spent.
pub fn look(frame: &Luma<'_>, bytes: &mut Bytes<'_>) -> Vec<Symbol> {
    let kind = bytes.byte();
    let effort = if kind & 1 == 0 { Effort::Frame } else { Effort::Photo };
    let ask = [Ask::Everything, Ask::AnyLength, Ask::Sure][(kind >> 1) % 3];
    // Mostly all of it; else so many pieces of work.
    let budget = if kind < 192 { usize::MAX } else { bytes.byte() };
    let asked = Cell::new(0_usize);
    let go_on = || {
        asked.set(asked.get() + 1);
        asked.get() <= budget
    };
    let symbols = scan(frame, &Options { go_on: &go_on, effort, ask });
    assert!(asked.get() <= budget.saturating_add(AFTERWARDS), "{} asked for after {budget}", asked.get());
    symbols
}
