//! Inclusion and consistency proofs (RFC 9162, sections 2.1.3 and 2.1.4).

use super::hash::{Hash, empty_root, node_hash};
use crate::text::{Said, Text, text};

/// Why a proof could not be made or does not hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ProofError {
    /// The index does not lie below the size.
    IndexBeyondSize {
        /// Index of the leaf, from 0.
        index: u64,
        /// Leaves in the tree.
        size: u64,
    },
    /// The older size is larger than the newer, or is 0: an empty log is a prefix of every log and
    /// proves nothing.
    SizesOutOfOrder {
        /// The older size.
        older: u64,
        /// The newer size.
        newer: u64,
    },
    /// The store does not have a node the proof needs.
    NodeMissing {
        /// Height above the leaves.
        level: u8,
        /// Position in its level.
        index: u64,
    },
    /// A proof of the wrong number of hashes.
    WrongLength {
        /// Hashes needed.
        needed: usize,
        /// Hashes given.
        given: usize,
    },
    /// The proof leads to another root: something was altered.
    RootDiffers,
}

impl ProofError {
    /// The error in words.
    pub fn said(&self) -> Said {
        const INDEX: Text = text(
            "Entry {index} is not in a log of {size} entries. Ask for a newer checkpoint.",
            "含 {size} 个条目的账本中没有第 {index} 号条目，请获取更新的检查点。",
        );
        const SIZES: Text = text(
            "No consistency can be proved from {older} to {newer} entries: the older size must be at least 1 and not above the newer.",
            "无法证明从 {older} 到 {newer} 个条目的一致性：旧的条目数须至少为 1 且不大于新的条目数。",
        );
        const MISSING: Text = text(
            "The log's node {index} at level {level} is missing from storage. Verify the log and rebuild its nodes from the entries.",
            "存储中缺少账本第 {level} 层第 {index} 号节点。请校验账本并用条目重建节点。",
        );
        const LENGTH: Text = text(
            "The proof has {given} hashes where {needed} are needed. Fetch it again.",
            "证明含 {given} 个哈希，应为 {needed} 个，请重新获取。",
        );
        const ROOT: Text = text(
            "The proof does not lead to the root of the checkpoint: entry, proof or checkpoint was altered.",
            "该证明无法得到检查点的根：条目、证明或检查点已被更改。",
        );
        match *self {
            ProofError::IndexBeyondSize { index, size } => {
                INDEX.with(&[("index", &index.to_string()), ("size", &size.to_string())])
            }
            ProofError::SizesOutOfOrder { older, newer } => {
                SIZES.with(&[("older", &older.to_string()), ("newer", &newer.to_string())])
            }
            ProofError::NodeMissing { level, index } => {
                MISSING.with(&[("level", &level.to_string()), ("index", &index.to_string())])
            }
            ProofError::WrongLength { needed, given } => {
                LENGTH.with(&[("needed", &needed.to_string()), ("given", &given.to_string())])
            }
            ProofError::RootDiffers => ROOT.said(),
        }
    }
}

impl std::fmt::Display for ProofError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.said().fmt(f)
    }
}

impl std::error::Error for ProofError {}

/// The proof that the leaf at `index` is in the tree of the first `size` leaves, its sibling first.
///
/// `node(level, index)` reads a complete node as [`super::Frontier::push`] told it.
///
/// # Errors
/// When the index is not below the size, or a node is missing.
pub fn inclusion_proof(
    size: u64,
    index: u64,
    mut node: impl FnMut(u8, u64) -> Option<Hash>,
) -> Result<Vec<Hash>, ProofError> {
    if index >= size {
        return Err(ProofError::IndexBeyondSize { index, size });
    }
    let mut proof = Vec::new();
    // Going down from the root, the half that does not hold the leaf is part of the proof.
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            proof.push(range_root(middle, end, &mut node)?);
            end = middle;
        } else {
            proof.push(range_root(start, middle, &mut node)?);
            start = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the tree of the first `newer` leaves begins with the tree of the first `older`.
///
/// # Errors
/// When `older` is 0 or above `newer`, or a node is missing.
pub fn consistency_proof(
    older: u64,
    newer: u64,
    mut node: impl FnMut(u8, u64) -> Option<Hash>,
) -> Result<Vec<Hash>, ProofError> {
    if older == 0 || older > newer {
        return Err(ProofError::SizesOutOfOrder { older, newer });
    }
    let mut proof = Vec::new();
    let (mut start, mut end) = (0, newer);
    while end != older {
        let middle = start + split(end - start);
        if older <= middle {
            proof.push(range_root(middle, end, &mut node)?);
            end = middle;
        } else {
            proof.push(range_root(start, middle, &mut node)?);
            start = middle;
        }
    }
    // The subtree that both trees share whole: known to the verifier when it is the entire older tree.
    if start != 0 {
        proof.push(range_root(start, end, &mut node)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The root of the tree of the first `size` leaves, from its stored nodes.
///
/// # Errors
/// When a node is missing.
pub fn root(size: u64, mut node: impl FnMut(u8, u64) -> Option<Hash>) -> Result<Hash, ProofError> {
    if size == 0 { Ok(empty_root()) } else { range_root(0, size, &mut node) }
}

/// Checks that `leaf` stands at `index` in the tree of `size` leaves with this root.
///
/// # Errors
/// When it does not, or the proof has the wrong shape.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::IndexBeyondSize { index, size });
    }
    let (inner, border) = shape(index, size);
    expect_length(proof, inner + border)?;
    let (inner_hashes, border_hashes) = proof.split_at(inner);
    let reached = chain_left(climb(*leaf, index, inner_hashes), border_hashes);
    if reached == *root { Ok(()) } else { Err(ProofError::RootDiffers) }
}

/// Checks that the tree of `newer` leaves is the tree of `older` leaves with more appended.
///
/// # Errors
/// When it is not, when `older` is 0 or above `newer`, or the proof has the wrong shape.
pub fn verify_consistency(
    older: u64,
    newer: u64,
    proof: &[Hash],
    older_root: &Hash,
    newer_root: &Hash,
) -> Result<(), ProofError> {
    if older == 0 || older > newer {
        return Err(ProofError::SizesOutOfOrder { older, newer });
    }
    if older == newer {
        expect_length(proof, 0)?;
        return if older_root == newer_root { Ok(()) } else { Err(ProofError::RootDiffers) };
    }
    let (inner, border) = shape(older - 1, newer);
    let shift = older.trailing_zeros();
    // Levels below the largest perfect subtree that ends at `older` are the same in both trees.
    let inner = inner - shift as usize;
    let (seed, rest) = if older.is_power_of_two() {
        expect_length(proof, inner + border)?;
        (*older_root, proof)
    } else {
        expect_length(proof, inner + border + 1)?;
        (proof[0], &proof[1..])
    };
    let (inner_hashes, border_hashes) = rest.split_at(inner);
    let mask = (older - 1) >> shift;
    let from_older = inner_hashes
        .iter()
        .enumerate()
        .filter(|(level, _)| (mask >> level) & 1 == 1)
        .fold(seed, |right, (_, left)| node_hash(left, &right));
    let reached_older = chain_left(from_older, border_hashes);
    let reached_newer = chain_left(climb(seed, mask, inner_hashes), border_hashes);
    if reached_older == *older_root && reached_newer == *newer_root {
        Ok(())
    } else {
        Err(ProofError::RootDiffers)
    }
}

/// The perfect subtrees that cover the leaves from `start` (inclusive) to `end` (exclusive), left to
/// right, as level and index. `start` must be a multiple of the largest of them, as it is for every
/// range the algorithms of the RFC cut out.
pub(super) fn perfect_subtrees(start: u64, end: u64) -> Vec<(u8, u64)> {
    let mut at = start;
    let mut found = Vec::new();
    while at < end {
        let level = (end - at).ilog2();
        found.push((level as u8, at >> level));
        at += 1 << level;
    }
    found
}

/// The root over a range of leaves, from complete nodes.
fn range_root(
    start: u64,
    end: u64,
    node: &mut impl FnMut(u8, u64) -> Option<Hash>,
) -> Result<Hash, ProofError> {
    let mut root = None;
    for (level, index) in perfect_subtrees(start, end).into_iter().rev() {
        let left = node(level, index).ok_or(ProofError::NodeMissing { level, index })?;
        root = Some(match root {
            None => left,
            Some(right) => node_hash(&left, &right),
        });
    }
    Ok(root.unwrap_or_else(empty_root))
}

/// The largest power of two smaller than `size`, which must be at least 2.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// How many hashes of an inclusion proof lie below the point where the path to the leaf leaves the
/// right edge of the tree, and how many along that edge.
fn shape(index: u64, size: u64) -> (usize, usize) {
    let inner = (u64::BITS - (index ^ (size - 1)).leading_zeros()) as usize;
    let above = if inner >= 64 { 0 } else { index >> inner };
    (inner, above.count_ones() as usize)
}

/// Climbs inside the perfect part: bit `n` of `index` tells on which side the path stands at level `n`.
fn climb(seed: Hash, index: u64, siblings: &[Hash]) -> Hash {
    siblings.iter().enumerate().fold(seed, |at, (level, sibling)| {
        if (index >> level) & 1 == 0 { node_hash(&at, sibling) } else { node_hash(sibling, &at) }
    })
}

/// Climbs along the right edge, where every sibling is on the left.
fn chain_left(seed: Hash, siblings: &[Hash]) -> Hash {
    siblings.iter().fold(seed, |right, left| node_hash(left, &right))
}

fn expect_length(proof: &[Hash], needed: usize) -> Result<(), ProofError> {
    if proof.len() == needed { Ok(()) } else { Err(ProofError::WrongLength { needed, given: proof.len() }) }
}
