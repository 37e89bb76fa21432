//! The growing edge of the tree.

use super::hash::{Hash, empty_root, node_hash};
use super::proof::perfect_subtrees;
use crate::text::{Said, text};

/// A perfect subtree's root and where it stands: `level` 0 are leaves, and the node covers the
/// `2^level` leaves from `index * 2^level` on. A node, once complete, never changes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Node {
    /// Height above the leaves.
    pub level: u8,
    /// Position among the nodes of its level, from the left, counted from 0.
    pub index: u64,
    /// Its hash.
    pub hash: Hash,
}

/// The roots of the perfect subtrees that make up a tree of some size, left (largest) to right.
///
/// This is all that must be kept in memory to go on appending: at most 64 hashes.
///
/// ```
/// use domain::log::{Frontier, leaf_hash, node_hash};
/// let mut frontier = Frontier::new();
/// frontier.push(leaf_hash(b"first"));
/// let complete = frontier.push(leaf_hash(b"second"));
/// assert_eq!(complete.len(), 2); // the leaf itself, and the node above both
/// assert_eq!(frontier.root(), node_hash(&leaf_hash(b"first"), &leaf_hash(b"second")));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Frontier {
    size: u64,
    hashes: Vec<Hash>,
}

impl Frontier {
    /// The frontier of the empty tree.
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// A frontier from storage: one hash for each bit set in `size`, the largest subtree first.
    ///
    /// # Errors
    /// When the number of hashes does not fit the size.
    pub fn from_parts(size: u64, hashes: Vec<Hash>) -> Result<Frontier, FrontierError> {
        if hashes.len() == size.count_ones() as usize {
            Ok(Frontier { size, hashes })
        } else {
            Err(FrontierError { size, hashes: hashes.len() })
        }
    }

    /// The frontier of the tree of `size` leaves, from its stored nodes; nothing when one is missing.
    pub fn read(size: u64, mut node: impl FnMut(u8, u64) -> Option<Hash>) -> Option<Frontier> {
        let subtrees = perfect_subtrees(0, size).into_iter();
        let hashes = subtrees.map(|(level, index)| node(level, index)).collect::<Option<Vec<Hash>>>()?;
        Some(Frontier { size, hashes })
    }

    /// Appends a leaf (its [`super::leaf_hash`]) and tells every node that became complete by it, the
    /// leaf itself first. A store that keeps them all can answer any proof later.
    pub fn push(&mut self, leaf: Hash) -> Vec<Node> {
        let mut node = Node { level: 0, index: self.size, hash: leaf };
        let mut complete = vec![node];
        while node.index % 2 == 1 {
            let Some(left) = self.hashes.pop() else { break };
            node = Node { level: node.level + 1, index: node.index / 2, hash: node_hash(&left, &node.hash) };
            complete.push(node);
        }
        self.hashes.push(node.hash);
        self.size += 1;
        complete
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let mut from_the_right = self.hashes.iter().rev().copied();
        match from_the_right.next() {
            None => empty_root(),
            Some(last) => from_the_right.fold(last, |right, left| node_hash(&left, &right)),
        }
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The hashes, the largest subtree first, to be stored beside the size.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }
}

/// A stored frontier whose parts do not belong together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FrontierError {
    /// The size given.
    pub size: u64,
    /// How many hashes came with it.
    pub hashes: usize,
}

impl FrontierError {
    /// The error in words.
    pub fn said(&self) -> Said {
        text(
            "A log of {size} entries needs {needed} frontier hashes, not {hashes}. Rebuild the frontier from the stored nodes.",
            "含 {size} 个条目的账本需要 {needed} 个前沿哈希，而不是 {hashes} 个。请用已存节点重建前沿。",
        )
        .with(&[
            ("size", &self.size.to_string()),
            ("needed", &self.size.count_ones().to_string()),
            ("hashes", &self.hashes.to_string()),
        ])
    }
}

impl std::fmt::Display for FrontierError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.said().fmt(f)
    }
}

impl std::error::Error for FrontierError {}
