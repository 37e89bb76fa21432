//! Small, believable histories of toys, each with a hidden truth.
//!
//! A [`World`] is what people wrote down (`recorded`: drafts, and who hands each in when) and what really
//! happened ([`Truth`]). A test feeds a ledger the first and compares its answers with the second: that a scope
//! holds, that a batch is complete, that a gate may open is then measured and not only asserted.
//!
//! # The map
//!
//! - [`world`] – the worlds, one file each in `world/`, and the list of them
//! - [`truth`] – what really happened, in plain structs
//! - [`life`] – what the life of a toy is made of: agreed, made, inspected, packed, released, sent
//! - [`story`] – the clock, the ids, who writes; `names` – places, people and toys
//! - [`mishaps`] – what goes wrong with records themselves: not made, handed in late, handed in twice
//!
//! Everything comes of the seed: the same seed and scale make the same world to the last byte, on every machine.
//!
//! Deliberately unknown here: the ledger, databases, the clock of the machine.
//!
//! ```
//! use worlds::{Scale, w1};
//! let world = w1(7, &Scale::small());
//! assert_eq!(world, w1(7, &Scale::small()));
//! assert_eq!(world.truth.shipments.len(), 3);
//! let pieces = |carton: &worlds::truth::Carton| carton.contents.iter().map(|(_, pieces)| pieces).sum::<u64>();
//! let packed: u64 = world.truth.cartons.iter().map(pieces).sum();
//! let kept: u64 = world.truth.samples.iter().map(|sample| sample.pieces).sum();
//! assert_eq!(packed + kept, world.truth.batches.iter().map(|batch| batch.pieces).sum::<u64>());
//! ```
#![warn(missing_docs)]

pub mod life;
pub mod mishaps;
mod names;
pub mod story;
pub mod truth;
pub mod world;

pub use mishaps::Mishaps;
pub use story::{Recorded, Tells};
pub use truth::Truth;
pub use world::*;

/// How large a world is, and how carelessly it is recorded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scale {
    /// Batches, where the world's own tale does not say how many.
    pub batches: u64,
    /// Cartons of each batch.
    pub cartons: u64,
    /// What goes wrong with records.
    pub mishaps: Mishaps,
}

impl Scale {
    /// One batch of six cartons, recorded with care.
    pub const fn small() -> Scale {
        Scale { batches: 1, cartons: 6, mishaps: Mishaps::NONE }
    }

    /// The same with other mishaps.
    pub const fn with(self, mishaps: Mishaps) -> Scale {
        Scale { mishaps, ..self }
    }
}

/// A history: what was written down of it, and what really happened.
#[derive(Clone, PartialEq, Debug)]
pub struct World {
    /// Its name: `w1`.
    pub name: &'static str,
    /// What people wrote down, in the order in which it was handed in.
    pub recorded: Vec<Recorded>,
    /// What really happened. No system is shown it.
    pub truth: Truth,
}

impl World {
    /// Takes away from the first record on that tells this; what is left ends before it.
    pub fn split(&mut self, tells: Tells) -> Vec<Recorded> {
        let at = self.recorded.iter().position(|recorded| recorded.tells == tells);
        at.map(|at| self.recorded.split_off(at)).unwrap_or_default()
    }

    /// Puts what a seal comes to where a name is to be sealed (see [`truth::Secret`]).
    pub fn put_seal(&mut self, placeholder: &str, sealed: &str) {
        for recorded in &mut self.recorded {
            replace(&mut recorded.draft.payload, placeholder, sealed);
        }
    }
}

fn replace(value: &mut serde_json::Value, from: &str, to: &str) {
    match value {
        serde_json::Value::String(text) if text == from => *text = to.into(),
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| replace(item, from, to)),
        serde_json::Value::Object(members) => members.values_mut().for_each(|item| replace(item, from, to)),
        _ => {}
    }
}
