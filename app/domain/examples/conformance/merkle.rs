//! The vectors of the log: hashing, proofs, notes.

use std::path::Path;

use domain::log::{
    Frontier, Hash, SignedNote, VerifierKey, consistency_proof, empty_root, inclusion_proof, leaf_hash,
    tile_path, tiles_at, verify_consistency, verify_inclusion,
};
use serde_json::Value;

use crate::report::{Outcome, Report, cases, json, text};

/// Runs every file of the folder.
pub(crate) fn run(folder: &Path, report: &mut Report) {
    let file = |name: &str| json(&folder.join(name));
    let hashing = file("hashing.json");
    let leaves: Vec<Hash> =
        cases(&hashing, "reference_leaves_hex").iter().map(|leaf| leaf_hash(&bytes(leaf))).collect();
    report.file("hashing", cases(&hashing, "hasher"), hash);
    report.file("roots", cases(&hashing, "roots"), |case| {
        Outcome::equal(tree(&leaves, number(case, "size")).root().to_hex(), text(case, "root_hex").to_owned())
    });
    report.file("inclusion_proofs", cases(&file("inclusion_proofs.json"), "cases"), inclusion);
    report.file("consistency_proofs", cases(&file("consistency_proofs.json"), "cases"), consistency);
    report.file("inclusion_generation", cases(&file("inclusion_generation.json"), "cases"), |case| {
        let size = number(case, "treeSize");
        let proof =
            inclusion_proof(size, number(case, "leafIdx"), |level, index| node(&leaves, level, index));
        let root = tree(&leaves, size).root().to_hex();
        Outcome::equal((hex(proof.ok()), root), (expected_proof(case), text(case, "root_hex").to_owned()))
    });
    report.file("consistency_generation", cases(&file("consistency_generation.json"), "cases"), |case| {
        let proof = consistency_proof(number(case, "size1"), number(case, "size2"), |level, index| {
            node(&leaves, level, index)
        });
        Outcome::equal(hex(proof.ok()), expected_proof(case))
    });
    report.file("signed_notes", cases(&file("signed_notes.json"), "cases"), note);
    let tiles = file("tiles.json");
    report.file("tile paths", cases(&tiles, "index_paths"), |case| {
        Outcome::equal(tile_path(number(case, "index")), text(case, "path").to_owned())
    });
    report.file("tile widths", cases(&tiles, "tree_sizes"), tile_widths);
}

fn number(case: &Value, key: &str) -> u64 {
    case[key].as_u64().unwrap_or_default()
}

fn bytes(hex: &Value) -> Vec<u8> {
    let digits: Vec<u8> =
        hex.as_str().unwrap_or_default().chars().filter_map(|c| c.to_digit(16).map(|d| d as u8)).collect();
    digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]).collect()
}

fn tree(leaves: &[Hash], size: u64) -> Frontier {
    let mut frontier = Frontier::new();
    for leaf in leaves.iter().take(size as usize) {
        frontier.push(*leaf);
    }
    frontier
}

/// A complete node over the reference leaves.
fn node(leaves: &[Hash], level: u8, index: u64) -> Option<Hash> {
    let mut frontier = Frontier::new();
    let nodes = leaves.iter().flat_map(|leaf| frontier.push(*leaf)).collect::<Vec<_>>();
    nodes.into_iter().find(|node| (node.level, node.index) == (level, index)).map(|node| node.hash)
}

fn hash(case: &Value) -> Outcome {
    let of = |key: &str| text(case, key).as_bytes().to_vec();
    let got: Option<String> = match text(case, "op") {
        "empty_root" => Some(empty_root().to_hex()),
        "leaf" => Some(leaf_hash(&of("input_utf8")).to_hex()),
        _ => None,
    };
    match got {
        Some(got) => Outcome::equal(got, text(case, "expected_hex").to_owned()),
        None => Outcome::Skipped(
            "a node here is made of two hashes, not of texts; a unit test beside `node_hash` has this vector",
        ),
    }
}

fn proof(case: &Value) -> Result<Vec<Hash>, ()> {
    cases(case, "proof_hex").iter().map(|hash| Hash::from_bytes(&bytes(hash)).map_err(|_| ())).collect()
}

fn inclusion(case: &Value) -> Outcome {
    let holds = || {
        let (leaf, root) = (
            Hash::from_bytes(&bytes(&case["leafHash_hex"])).ok()?,
            Hash::from_bytes(&bytes(&case["root_hex"])).ok()?,
        );
        verify_inclusion(&leaf, number(case, "leafIdx"), number(case, "treeSize"), &proof(case).ok()?, &root)
            .ok()
    };
    Outcome::equal(holds().is_some(), case["valid"] == true)
}

fn consistency(case: &Value) -> Outcome {
    let holds = || {
        // Some vectors put short texts where roots belong; their hashes are as equal as they are.
        let root = |key: &str| {
            let bytes = bytes(&case[key]);
            Hash::from_bytes(&bytes).unwrap_or_else(|_| leaf_hash(&bytes))
        };
        let proof = proof(case).ok()?;
        verify_consistency(
            number(case, "size1"),
            number(case, "size2"),
            &proof,
            &root("root1_hex"),
            &root("root2_hex"),
        )
        .ok()
    };
    Outcome::equal(holds().is_some(), case["valid"] == true)
}

fn hex(proof: Option<Vec<Hash>>) -> Option<Vec<String>> {
    proof.map(|proof| proof.into_iter().map(Hash::to_hex).collect())
}

fn expected_proof(case: &Value) -> Option<Vec<String>> {
    Some(cases(case, "proof_hex").iter().filter_map(|hash| hash.as_str().map(str::to_owned)).collect())
}

fn note(case: &Value) -> Outcome {
    let holds = || {
        let key: VerifierKey = text(case, "verifier_key").parse().ok()?;
        let note: SignedNote = text(case, "note").parse().ok()?;
        note.verify(&[key]).is_ok().then_some(())
    };
    Outcome::equal(holds().is_some(), case["valid"] == true)
}

/// Members such as `full_level0` and `partial_level1`.
fn tile_widths(case: &Value) -> Outcome {
    let expected = case["expected"].as_object().cloned().unwrap_or_default();
    let got = expected.keys().filter_map(|key| {
        let (kind, level) = key.split_once("_level")?;
        let (full, partial) = tiles_at(level.parse().ok()?, number(case, "level_entries"));
        Some((key.clone(), Value::from(if kind == "full" { full } else { partial })))
    });
    Outcome::equal(got.collect(), expected.clone())
}
