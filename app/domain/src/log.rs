//! An entry's canonical bytes, the Merkle tree, checkpoints and proofs.
