//! The symbols that fill an area: every finder over a thresholded picture, and what they read in a frame.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::Symbol;
use crate::bits::Bits;
use crate::luma::Grey;
use crate::symbology::{self, Area, AreaRead, Room};
use crate::texture::Texture;

/// How far bars are taken to go on beyond the lines that were read, as a share of what lies between those.
const BEYOND: f32 = 0.15;

/// What was read in areas of one frame, each symbol once.
#[derive(Default)]
pub(crate) struct Areas {
    symbols: Vec<Symbol>,
    barred: Vec<[(f32, f32); 4]>,
    bits: Bits,
    room: Room,
}

impl Areas {
    /// Forgets what was read, and keeps off what lines have read in the new frame, corners in frame pixels:
    /// bars look like parts of anything.
    pub(crate) fn begin(&mut self, read: impl Iterator<Item = [(f32, f32); 4]>) {
        self.symbols.clear();
        self.barred.clear();
        self.barred.extend(read.map(|[a, b, c, d]| {
            // Bars go on beyond the first and the last line.
            let beyond = |from: (f32, f32), to: (f32, f32)| {
                (to.0 + BEYOND * (to.0 - from.0), to.1 + BEYOND * (to.1 - from.1))
            };
            [beyond(d, a), beyond(c, b), beyond(b, c), beyond(a, d)]
        }));
    }

    /// What was read so far, corners in frame pixels.
    pub(crate) fn symbols(&self) -> &[Symbol] {
        &self.symbols
    }

    /// Reads the symbols that fill an area of the picture, as long as `go_on` says so.
    pub(crate) fn look(&mut self, grey: &Grey, texture: &Texture, thorough: bool, go_on: &dyn Fn() -> bool) {
        if !go_on() {
            return;
        }
        // Taken out, so that what is read may be added meanwhile.
        let mut bits = std::mem::take(&mut self.bits);
        if bits.fill(grey, texture) {
            self.search(grey, &bits, thorough, go_on);
        }
        self.bits = bits;
    }

    /// Puts a thresholded picture to every symbology.
    fn search(&mut self, grey: &Grey, bits: &Bits, thorough: bool, go_on: &dyn Fn() -> bool) {
        let read = self.symbols.iter().map(|symbol| &symbol.corners).chain(&self.barred);
        let mut known: Vec<[(f32, f32); 4]> =
            read.map(|corners| corners.map(|corner| grey.of_frame(corner))).collect();
        for symbology in symbology::ALL {
            if !go_on() {
                return;
            }
            let mut reads: Vec<AreaRead> = Vec::new();
            let area = Area { grey, bits, thorough, read: &known, room: &self.room };
            // The finders from outside index without asking; a strange picture may not end the scan.
            let _ = catch_unwind(AssertUnwindSafe(|| symbology.in_area(&area, &mut reads)));
            for read in reads {
                known.push(read.corners);
                self.add(read, grey);
            }
        }
    }

    fn add(&mut self, read: AreaRead, grey: &Grey) {
        let corners = read.corners.map(|corner| grey.in_frame(corner));
        let centre = |corners: &[(f32, f32); 4]| {
            let sum = corners.iter().fold((0.0, 0.0), |sum, c| (sum.0 + c.0, sum.1 + c.1));
            (sum.0 / 4.0, sum.1 / 4.0)
        };
        let here = centre(&corners);
        let size = (corners[0].0 - corners[2].0).hypot(corners[0].1 - corners[2].1);
        let known = self.symbols.iter().any(|old| {
            let there = centre(&old.corners);
            old.bytes == read.payload.bytes && (here.0 - there.0).hypot(here.1 - there.1) < size / 2.0
        });
        if !known {
            self.symbols.push(Symbol {
                symbology: read.payload.symbology,
                identifier: read.payload.identifier,
                bytes: read.payload.bytes,
                eci: read.payload.eci,
                corners,
                unused_correction: read.unused_correction,
            });
        }
    }
}
