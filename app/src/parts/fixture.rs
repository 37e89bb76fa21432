//! Views for the tests of parts and pages, and the way to their HTML.

use crate::here::Here;
use domain::{
    code::CodeKey,
    event::{DiscrepancyKind, Evidence, KINDS},
    log::{Checkpoint, Frontier, Hash, SigningKey, canonical, inclusion_proof, leaf_hash},
    person::{Person, Role},
    subject::Subject,
    text::Said,
    time::{Time, Zone},
    view::{
        CheckpointView, DiscrepancyView, EntryRef, EntryView, Fact, MaterialLine, SignedIn, TimelineEntry,
        Titled,
    },
};
use leptos::prelude::*;
use serde_json::json;

/// The HTML of a view, read by a buyer in English.
pub(crate) fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    html_as(Role::Buyer, view)
}

/// The HTML of a view, read in a role.
pub(crate) fn html_as<V: IntoView>(role: Role, view: impl FnOnce() -> V) -> String {
    Owner::new().with(|| {
        provide_context(Here { who: Some(who(role)), ..Here::default() });
        view().into_view().to_html()
    })
}

fn who(role: Role) -> SignedIn {
    let person = Person { id: "u1".into(), name: "Mei".into(), role };
    SignedIn { person, brand: "Toys".into(), role }
}

/// A fact of a name; absent where `value` is.
pub(crate) fn fact(name: &str, value: Option<&str>, required: bool) -> Fact {
    Fact { name: name.into(), label: Said::same(name), value: value.map(Said::same), subject: None, required }
}

/// What a subject is called.
pub(crate) fn titled(subject: Subject, title: &str, detail: &str) -> Titled {
    Titled { subject, title: title.into(), detail: Said::same(detail) }
}

/// An entry, noon on a day in China.
pub(crate) fn entry_ref(seq: u64) -> EntryRef {
    EntryRef {
        seq,
        kind: KINDS[0].name.into(),
        event_time: Time(1_772_600_000_000),
        zone: Zone(8 * 60),
        evidence: Evidence::Scanned,
    }
}

/// A line of a timeline.
pub(crate) fn line(seq: u64, sentence: &str) -> TimelineEntry {
    let entry = entry_ref(seq);
    TimelineEntry {
        record_time: entry.event_time,
        entry,
        title: KINDS[0].about.title.said(),
        sentence: Said::same(sentence),
        person: Some(who(Role::Warehouse).person),
        place: None,
        about: None,
        note: None,
        photos: vec![],
        documents: vec![],
        source: None,
        corrected_by: None,
    }
}

/// A material lot in a batch.
pub(crate) fn material(supplier: Option<&str>) -> MaterialLine {
    MaterialLine {
        material_lot: titled(Subject::material_lot("M1"), "R-77", "ABS resin"),
        class: Some(Said::same("Resin")),
        supplier: supplier.map(str::to_owned),
        received_on: Some("2026-02-01".into()),
        quantity: None,
        entry: entry_ref(1),
    }
}

/// The second entry of a log of two, with its real proof and a discrepancy.
pub(crate) fn entry() -> EntryView {
    let contents = [json!({"id": "a", "note": "first"}), json!({"id": "b", "note": "second"})];
    let leaves = contents.clone().map(|content| leaf_hash(&canonical(&content).expect("canonical")));
    let mut tree = Frontier::new();
    let mut nodes = Vec::new();
    for leaf in leaves {
        nodes.extend(tree.push(leaf));
    }
    let node = |level, index| nodes.iter().find(|n| (n.level, n.index) == (level, index)).map(|n| n.hash);
    let proof = inclusion_proof(2, 1, node).expect("a proof");
    let key = SigningKey::from_seed("log.example/toys", &[7; 32]).expect("a key");
    let head = Checkpoint { origin: key.name().into(), size: 2, root: tree.root() };
    let [_, content] = contents;
    EntryView {
        line: line(2, "C1 became C2"),
        subjects: vec![titled(Subject::logistic_unit("C1"), "C1", "Carton")],
        content,
        hash: leaves[1].to_hex(),
        proof: proof.into_iter().map(Hash::to_hex).collect(),
        checkpoint: CheckpointView {
            origin: head.origin.clone(),
            size: head.size,
            root: head.root.to_base64(),
            note: head.sign(&key).expect("signed").to_string(),
            verifier_key: key.verifier().to_string(),
        },
        discrepancies: vec![discrepancy("It holds 240, the book says 250.")],
    }
}

/// An open discrepancy.
pub(crate) fn discrepancy(said: &str) -> DiscrepancyView {
    DiscrepancyView {
        kind: DiscrepancyKind::CountDiffers,
        said: Said::same(said),
        subject: None,
        key: Some(CodeKey::text("C1")),
        raised: entry_ref(2),
        closed: None,
    }
}
