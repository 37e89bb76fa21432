//! What the demo promises, counted in the ledger that it was loaded into.

use crate::scratch::Scratch;
use domain::{
    person::Role,
    quantity::Share,
    subject::{Level, Subject},
    view::{Card, EntryView, Resolution},
};
use ledger::{Ask, Ledger, Reader};
use serde_json::Value;
use server::demo;
use std::collections::{BTreeMap, BTreeSet};

/// The loaded demo, read as a buyer may read it.
struct Loaded {
    ledger: Ledger,
    reader: Reader,
    /// What the entries say, in the order of the book.
    contents: Vec<Value>,
    _scratch: Scratch,
}

impl Loaded {
    async fn new() -> Loaded {
        let scratch = Scratch::sqlite();
        let ledger = Ledger::open(&scratch.url).await.expect("opens");
        let brand = ledger.create_brand(demo::BRAND.0, demo::BRAND.1).await.expect("a brand");
        assert!(demo::load(&ledger, brand.id).await.expect("no fault").is_clean());
        let reader = Reader { brand: brand.id, role: Role::Buyer };
        let contents =
            scratch.book().await.into_iter().map(|one| serde_json::from_str(&one).expect("is JSON"));
        Loaded { ledger, reader, contents: contents.collect(), _scratch: scratch }
    }

    /// The payloads of a kind.
    fn payloads(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.contents.iter().filter(move |content| content["kind"] == kind).map(|content| &content["payload"])
    }

    /// What the payloads of a kind name in a field, each once.
    fn named(&self, kind: &str, field: &str) -> BTreeSet<&str> {
        self.payloads(kind).filter_map(|payload| payload[field].as_str()).collect()
    }

    /// The entries of a kind, with the subjects they touched.
    async fn entries(&self, kind: &str) -> Vec<EntryView> {
        let mut found = Vec::new();
        for (seq, content) in (1..).zip(&self.contents) {
            if content["kind"] == kind {
                found.push(self.ledger.entry(&self.reader, seq).await.expect("answers").expect("is there"));
            }
        }
        found
    }

    /// The card of what a code names.
    async fn card(&self, code: &str) -> Card {
        match self.ledger.resolve(&self.reader, None, code.as_bytes()).await.expect("answers") {
            Resolution::Found { card, .. } => *card,
            other => panic!("{code}: {other:?}"),
        }
    }

    /// The subjects that records of a kind are filed under, and one of their facts.
    fn filed(&self, record: &str, fact: &str) -> BTreeMap<Subject, String> {
        let filings = self.payloads("filing").filter(|payload| payload["record"] == record);
        let told = filings.filter_map(|payload| {
            let subject: Subject = payload["subject"].as_str()?.parse().ok()?;
            let value = payload["facts"].as_array()?.iter().find(|one| one["name"] == fact)?;
            Some((subject, value["value"].as_str()?.to_string()))
        });
        told.collect()
    }
}

fn touches(entry: &EntryView, subject: &Subject) -> bool {
    entry.subjects.iter().any(|titled| titled.subject == *subject)
}

#[tokio::test]
async fn the_demo_has_its_products_batches_and_places() {
    let demo = Loaded::new().await;
    let products = demo.filed("trade_item", "name");
    assert!((6..=9).contains(&products.len()), "about six, with their colours: {products:?}");
    let mut batches = 0;
    for product in products.keys() {
        let view = demo.ledger.trade_item(&demo.reader, &product.key, &Ask::default()).await;
        batches += view.expect("answers").expect("is there").batches.total;
    }
    assert_eq!(batches, 30);

    let mut roles: BTreeMap<String, usize> = BTreeMap::new();
    for (place, role) in demo.filed("place", "role") {
        let view = demo.ledger.place(&demo.reader, &place.key, &Ask::default()).await;
        assert!(view.expect("answers").is_some(), "{place}");
        *roles.entry(role).or_default() += 1;
    }
    let count = |role: &str| roles.get(role).copied().unwrap_or(0);
    assert_eq!(["factory", "subcontractor", "warehouse"].map(count), [2, 1, 4], "{roles:?}");
    assert!(count("retailer") >= 2, "{roles:?}");
}

#[tokio::test]
async fn the_demo_has_something_of_everything_that_happens_to_goods() {
    let demo = Loaded::new().await;
    let mut units: BTreeMap<Subject, Card> = BTreeMap::new();
    for code in demo.named("packing", "container") {
        let card = demo.card(code).await;
        units.insert(card.titled.subject.clone(), card);
    }
    let of_several = |card: &&Card| card.level == Some(Level::Carton) && card.batches.len() > 1;
    let unknown = |card: &Card| card.batches.iter().any(|share| share.share == Share::Unknown);
    assert!(units.values().filter(of_several).any(unknown), "a mixed carton");
    let assorted = |card: &Card| card.batches.len() >= 4 && !unknown(card);
    assert!(units.values().filter(of_several).any(assorted), "an assortment, with the pieces of each batch");

    let relabelings = demo.entries("relabeling").await;
    let relabeled = |card: &Card| {
        let replaced = card.names.iter().any(|n| n.open) && card.names.iter().any(|n| !n.open);
        replaced && relabelings.iter().any(|entry| touches(entry, &card.titled.subject))
    };
    let mut pallets = units.values().filter(|card| card.level == Some(Level::Pallet));
    assert!(pallets.any(relabeled), "a relabeled pallet");

    let mut parts = Vec::new();
    for whole in demo.named("splitting", "whole") {
        let view = demo.ledger.shipment(&demo.reader, whole, &Ask::default()).await;
        parts.push(view.expect("answers").expect("is there").parts.len());
    }
    assert!(parts.iter().any(|parts| *parts >= 2), "a split shipment: {parts:?}");

    let inspected = demo.entries("inspecting").await;
    let after_inspection = |rework: &EntryView| {
        let reworked = rework.subjects.iter().filter_map(|titled| units.get(&titled.subject));
        reworked.flat_map(|card| &card.batches).any(|share| {
            inspected.iter().any(|entry| {
                touches(entry, &share.batch.subject)
                    && entry.line.entry.event_time < rework.line.entry.event_time
            })
        })
    };
    assert!(demo.entries("reworking").await.iter().any(after_inspection), "a rework after inspection");
}
