//! The log: the tree against its definition, proofs against tampering, notes against forgery.

use domain::log::{
    Checkpoint, Frontier, Hash, NoteError, ProofError, SignedNote, SigningKey, VerifierKey,
    consistency_proof, empty_root, inclusion_proof, leaf_hash, node_hash, root, verify_consistency,
    verify_inclusion,
};
use proptest::prelude::*;
use std::collections::HashMap;

/// Entries and all complete nodes over them, kept as a ledger keeps them.
struct Log {
    leaves: Vec<Hash>,
    nodes: HashMap<(u8, u64), Hash>,
    frontier: Frontier,
}

impl Log {
    fn of(size: u64) -> Log {
        let mut log = Log { leaves: Vec::new(), nodes: HashMap::new(), frontier: Frontier::new() };
        for index in 0..size {
            let leaf = leaf_hash(&index.to_be_bytes());
            log.leaves.push(leaf);
            for node in log.frontier.push(leaf) {
                assert!(
                    log.nodes.insert((node.level, node.index), node.hash).is_none(),
                    "a node is told once"
                );
            }
        }
        log
    }

    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        self.nodes.get(&(level, index)).copied()
    }
}

/// The root as RFC 9162, section 2.1.1, defines it.
fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            node_hash(&defined_root(&leaves[..split]), &defined_root(&leaves[split..]))
        }
    }
}

fn flipped(hash: &Hash, bit: usize) -> Hash {
    let mut bytes = hash.0;
    bytes[bit / 8 % 32] ^= 1 << (bit % 8);
    Hash(bytes)
}

#[test]
fn every_small_tree_has_the_defined_root_and_all_its_proofs_hold() {
    const SIZE: u64 = 40;
    let log = Log::of(SIZE);
    let roots: Vec<Hash> = (0..=SIZE).map(|size| defined_root(&log.leaves[..size as usize])).collect();
    for size in 0..=SIZE {
        let at = size as usize;
        assert_eq!(root(size, |level, index| log.node(level, index)), Ok(roots[at]));
        let frontier =
            Frontier::read(size, |level, index| log.node(level, index)).expect("all nodes are there");
        assert_eq!((frontier.root(), frontier.size()), (roots[at], size));
        for index in 0..size {
            let proof = inclusion_proof(size, index, |level, index| log.node(level, index)).expect("proof");
            assert_eq!(
                verify_inclusion(&log.leaves[index as usize], index, size, &proof, &roots[at]),
                Ok(())
            );
            let neighbour = (index + 1) % size;
            let elsewhere =
                verify_inclusion(&log.leaves[index as usize], neighbour, size, &proof, &roots[at]);
            assert!(size == 1 || elsewhere.is_err(), "{index} of {size} passes for {neighbour}");
        }
        for older in 1..=size {
            let proof = consistency_proof(older, size, |level, index| log.node(level, index)).expect("proof");
            assert_eq!(verify_consistency(older, size, &proof, &roots[older as usize], &roots[at]), Ok(()));
        }
    }
}

#[test]
fn what_proves_nothing_is_refused() {
    let log = Log::of(5);
    let node = |level, index| log.node(level, index);
    assert_eq!(inclusion_proof(5, 5, node), Err(ProofError::IndexBeyondSize { index: 5, size: 5 }));
    assert_eq!(consistency_proof(0, 5, node), Err(ProofError::SizesOutOfOrder { older: 0, newer: 5 }));
    assert_eq!(consistency_proof(6, 5, node), Err(ProofError::SizesOutOfOrder { older: 6, newer: 5 }));
    let root = log.frontier.root();
    assert!(verify_consistency(0, 5, &[], &empty_root(), &root).is_err());
    assert!(verify_consistency(5, 5, &[], &root, &empty_root()).is_err());
    assert!(verify_inclusion(&root, 0, 0, &[], &root).is_err());
    assert_eq!(inclusion_proof(5, 0, |_, _| None), Err(ProofError::NodeMissing { level: 0, index: 4 }));
    for sizes in [(1, u64::MAX), (u64::MAX, u64::MAX), (1 << 63, u64::MAX), (u64::MAX - 1, u64::MAX)] {
        assert!(verify_consistency(sizes.0, sizes.1, &[root, root], &root, &root).is_err());
        assert!(verify_inclusion(&root, sizes.0 - 1, sizes.1, &[root], &root).is_err());
    }
}

#[test]
fn a_frontier_from_storage_must_fit_its_size() {
    let log = Log::of(6);
    let parts = log.frontier.hashes().to_vec();
    assert_eq!(
        Frontier::from_parts(6, parts.clone()).map(|frontier| frontier.root()),
        Ok(log.frontier.root())
    );
    assert!(Frontier::from_parts(7, parts).is_err());
    assert_eq!(Frontier::read(6, |_, _| None), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_proof_holds_for_what_it_proves_and_for_nothing_else(
        size in 1_u64..=300, index in any::<prop::sample::Index>(), older in any::<prop::sample::Index>(),
        bit in 0_usize..256, which in any::<prop::sample::Index>(),
    ) {
        let log = Log::of(size);
        let node = |level, index| log.node(level, index);
        let newer_root = log.frontier.root();
        prop_assert_eq!(newer_root, defined_root(&log.leaves));

        let index = index.index(size as usize) as u64;
        let leaf = log.leaves[index as usize];
        let proof = inclusion_proof(size, index, node).expect("proof");
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &proof, &newer_root), Ok(()));
        prop_assert!(verify_inclusion(&flipped(&leaf, bit), index, size, &proof, &newer_root).is_err());
        prop_assert!(verify_inclusion(&leaf, index, size, &proof, &flipped(&newer_root, bit)).is_err());
        prop_assert!(verify_inclusion(&leaf, index, size, &[&proof[..], &[leaf]].concat(), &newer_root).is_err());
        if !proof.is_empty() {
            let mut altered = proof.clone();
            let at = which.index(altered.len());
            altered[at] = flipped(&altered[at], bit);
            prop_assert_eq!(verify_inclusion(&leaf, index, size, &altered, &newer_root), Err(ProofError::RootDiffers));
            prop_assert!(verify_inclusion(&leaf, index, size, &proof[1..], &newer_root).is_err());
        }

        let older = older.index(size as usize) as u64 + 1;
        let older_root = defined_root(&log.leaves[..older as usize]);
        let proof = consistency_proof(older, size, node).expect("proof");
        prop_assert_eq!(verify_consistency(older, size, &proof, &older_root, &newer_root), Ok(()));
        prop_assert!(verify_consistency(older, size, &proof, &flipped(&older_root, bit), &newer_root).is_err());
        prop_assert!(verify_consistency(older, size, &proof, &older_root, &flipped(&newer_root, bit)).is_err());
        if !proof.is_empty() {
            let mut altered = proof.clone();
            let at = which.index(altered.len());
            altered[at] = flipped(&altered[at], bit);
            prop_assert!(verify_consistency(older, size, &altered, &older_root, &newer_root).is_err());
            prop_assert!(verify_consistency(older, size, &proof[1..], &older_root, &newer_root).is_err());
        }
    }

    #[test]
    fn no_text_makes_the_note_reader_panic(text in any::<String>(), lines in "[—A-Za-z0-9+/= \n]{0,200}") {
        let key = SigningKey::from_seed("toys.example/log", &[7; 32]).expect("key").verifier();
        prop_assert!(Checkpoint::open(&text, std::slice::from_ref(&key)).is_err());
        prop_assert!(Checkpoint::open(&lines, std::slice::from_ref(&key)).is_err());
        prop_assert!(text.parse::<VerifierKey>().is_err());
        let _ = Checkpoint::from_text(&text);
    }
}

fn signed() -> (SigningKey, Checkpoint, SignedNote) {
    let key = SigningKey::from_seed("toys.example/log", &[7; 32]).expect("key");
    let checkpoint =
        Checkpoint { origin: "toys.example/log".into(), size: 7, root: Log::of(7).frontier.root() };
    let note = checkpoint.sign(&key).expect("signed");
    (key, checkpoint, note)
}

#[test]
fn a_signed_checkpoint_opens_with_its_key_alone() {
    let (key, checkpoint, note) = signed();
    let known = [key.verifier()];
    assert_eq!(Checkpoint::open(&note.to_string(), &known), Ok(checkpoint));
    assert_eq!(note.to_string().parse(), Ok(note.clone()));
    let stranger = SigningKey::from_seed("toys.example/log", &[8; 32]).expect("key").verifier();
    assert_eq!(Checkpoint::open(&note.to_string(), &[stranger]), Err(NoteError::NoKnownSignature));
    assert_eq!(Checkpoint::open(&note.to_string(), &[]), Err(NoteError::NoKnownSignature));
}

#[test]
fn an_altered_checkpoint_is_refused_whatever_was_altered() {
    let (key, _, note) = signed();
    let known = [key.verifier()];
    let note = note.to_string();
    assert_eq!(
        Checkpoint::open(&note.replace("\n7\n", "\n8\n"), &known),
        Err(NoteError::SignatureDiffers { name: "toys.example/log".into() })
    );
    for at in 0..note.len() {
        let mut bytes = note.clone().into_bytes();
        bytes[at] ^= 1;
        if let Ok(altered) = String::from_utf8(bytes) {
            assert!(Checkpoint::open(&altered, &known).is_err(), "byte {at}");
        }
    }
    assert!(Checkpoint::open(note.trim_end(), &known).is_err());
}

#[test]
fn unknown_signatures_are_passed_over_and_a_failing_known_one_refuses() {
    let (key, checkpoint, mut note) = signed();
    let witness = SigningKey::from_seed("witness.example", &[9; 32]).expect("key");
    note.cosign(&witness);
    assert_eq!(Checkpoint::open(&note.to_string(), &[key.verifier()]), Ok(checkpoint));
    // The witness alone is known, but it is not the log.
    let by_witness = Checkpoint::open(&note.to_string(), &[witness.verifier()]);
    assert_eq!(by_witness, Err(NoteError::OtherOrigin { origin: "toys.example/log".into() }));
    // The witness's line with the log's signature in it.
    let forged: String = note
        .to_string()
        .lines()
        .map(|line| match line.strip_prefix("— witness.example ") {
            Some(base64) => {
                format!("— witness.example {}{}\n", &base64[..8], "A".repeat(base64.len() - 12) + "AAA=")
            }
            None => format!("{line}\n"),
        })
        .collect();
    let opened = Checkpoint::open(&forged, &[key.verifier(), witness.verifier()]);
    assert_eq!(opened, Err(NoteError::SignatureDiffers { name: "witness.example".into() }));
}

#[test]
fn keys_are_written_and_read_back_and_a_cut_one_is_refused() {
    let key = SigningKey::from_seed("toys.example/log", &[7; 32]).expect("key");
    let secret = key.to_secret_text();
    assert_eq!(secret.parse::<SigningKey>().map(|key| key.verifier()), Ok(key.verifier()));
    let public = key.verifier().to_string();
    assert_eq!(public.parse(), Ok(key.verifier()));
    assert!(public[..public.len() - 4].parse::<VerifierKey>().is_err());
    assert!(public.replace("+", "-").parse::<VerifierKey>().is_err());
    assert!(public.replacen("toys", "boys", 1).parse::<VerifierKey>().is_err());
    assert!(SigningKey::from_seed("a name", &[7; 32]).is_err());
    assert!(SigningKey::from_seed("a+b", &[7; 32]).is_err());
    assert!(!format!("{key:?}").contains(secret.rsplit('+').next().unwrap_or_default()));
}

#[test]
fn a_checkpoint_has_one_spelling() {
    let (_, checkpoint, _) = signed();
    let text = checkpoint.to_text();
    assert_eq!(Checkpoint::from_text(&text), Ok(checkpoint.clone()));
    assert_eq!(Checkpoint::from_text(&format!("{text}an extension\n")), Ok(checkpoint));
    for (wrong, line) in [
        (text.replace("\n7\n", "\n07\n"), 2),
        (text.replace("\n7\n", "\n+7\n"), 2),
        (text.replace("\n7\n", "\n-7\n"), 2),
        (text.replacen("toys.example/log", "", 1), 1),
        (text.trim_end().to_owned(), 3),
        (format!("{text}\n"), 4),
        (String::new(), 1),
    ] {
        assert_eq!(Checkpoint::from_text(&wrong), Err(NoteError::CheckpointLine { line }), "{wrong:?}");
    }
    assert!(checkpoint_signed_by_another().is_err());
}

fn checkpoint_signed_by_another() -> Result<SignedNote, NoteError> {
    let (_, checkpoint, _) = signed();
    checkpoint.sign(&SigningKey::from_seed("other.example", &[7; 32])?)
}
