//! The worlds: one file each, and the list of them. W3, W4, W5, W9, W12, W14 and W15 are not written yet; each
//! is a file beside these and a line below.

use crate::{Scale, World, life::Life};

/// What makes a world of a seed.
pub type Maker = fn(u64, &Scale) -> World;

/// One line a world: its file, and what happened in it.
macro_rules! worlds {
    ($($name:ident: $what:literal),* $(,)?) => {
        $(mod $name;
        #[doc = $what]
        pub fn $name(seed: u64, scale: &Scale) -> World {
            Life::lived(stringify!($name), seed, scale, $name::live)
        })*
        /// Every world there is, by its name.
        pub static WORLDS: &[(&str, Maker)] = &[$((stringify!($name), $name)),*];
    };
}

worlds![
    w1: "Clean batches in three shipments, all six record kinds present.",
    w2: "Two batches in one shipment under one shipment mark: counted, not scanned.",
    w6: "One lot code used by two factories, and by one of them again a year later.",
    w7: "A resin grade swapped on the second day, the BOM unchanged; and a supplier that changed its name.",
    w8: "The motor moved to a second sub-supplier, whose name is sealed.",
    w10: "The certificate names product version B, the batch is version C.",
    w11: "A retained sample labeled with the lot code of another batch.",
    w13: "An invoice line that nobody wrote on any batch.",
];
