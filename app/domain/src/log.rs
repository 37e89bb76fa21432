//! The tamper-evident log: an entry's canonical bytes, the Merkle tree over them, checkpoints and proofs.
//!
//! - [`canonical()`] turns a JSON value into the one sequence of bytes that is hashed (RFC 8785, without floats).
//! - [`leaf_hash`], [`node_hash`] and [`Frontier`] hash entries and keep the growing edge of the tree
//!   (RFC 9162, section 2.1).
//! - [`inclusion_proof`] and [`consistency_proof`] make proofs from a reader of stored nodes;
//!   [`verify_inclusion`] and [`verify_consistency`] check them.
//! - [`Checkpoint`] and [`SignedNote`] are what is signed and handed out (C2SP signed-note and
//!   tlog-checkpoint).
//! - [`tile_path`] and [`tiles_at`] lay the hashes out as static files (C2SP tlog-tiles).
//!
//! The same code runs in the ledger and in the browser that checks a proof. It holds no storage, no clock
//! and no randomness: nodes come through a closure, key seeds as values.

mod canonical;
mod hash;
mod note;
mod proof;
mod tile;
mod tree;

pub use canonical::{CanonicalError, CanonicalErrorKind, canonical};
pub use hash::{Hash, HashError, empty_root, leaf_hash, node_hash};
pub use note::{Checkpoint, NoteError, Signature, SignedNote, SigningKey, VerifierKey};
pub use proof::{ProofError, consistency_proof, inclusion_proof, root, verify_consistency, verify_inclusion};
pub use tile::{TILE_WIDTH, tile_path, tiles_at};
pub use tree::{Frontier, FrontierError, Node};
