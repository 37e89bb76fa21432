//! A story lived on the book alone: make, pack, ship, relabel, split. No database, no clock, no screen.

use domain::{
    book::Known,
    event::{Context, DiscrepancyKind, EventDraft, Evidence, Outcome, decide, kind_named, references},
    person::{Person, Role},
    subject::{Subject, SubjectKind},
    time::{Time, Zone, noon},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// A book, and a factory and a warehouse that write in it day by day.
struct Story {
    book: Known,
    told: Vec<String>,
}

impl Story {
    fn tell(&mut self, day: &str, role: Role, kind: &str, payload: Value) -> Outcome {
        let event_time = noon(day, Zone(480)).expect("a day");
        let draft = EventDraft {
            id: Uuid::from_u128(self.told.len() as u128 + 1),
            kind: kind.into(),
            event_time,
            zone: Zone(480),
            place: None,
            evidence: Evidence::Scanned,
            note: None,
            source: None,
            payload,
        };
        let person = Person { id: role.word().into(), name: role.title().en.into(), role };
        references(&draft).unwrap_or_else(|refusal| panic!("{kind}: {refusal}"));
        let context = Context { draft: &draft, person: &person, now: event_time.plus_minutes(5) };
        let outcome = decide(&context, &self.book).unwrap_or_else(|refusal| panic!("{kind}: {refusal}"));
        self.book.apply(&outcome);
        let sentence = kind_named(kind).and_then(|k| k.sentence(&draft.payload)).expect("a sentence");
        self.told.push(format!("{day} {}", sentence.en));
        outcome
    }

    fn cartons(&self, shipment: &str) -> u64 {
        self.book.state(&Subject::shipment(shipment)).map_or(0, |s| s.cartons)
    }

    fn pieces(&self, container: &Subject, batch: &str) -> Option<u64> {
        self.book.state(container)?.contents.get(&Subject::batch(batch))?.pieces().map(|p| p.0)
    }
}

#[test]
fn c28_c29_make_pack_ship_relabel_split() {
    let mut story = Story { book: Known::new(), told: vec![] };
    let file = |subject: &str, record: &str| json!({"subject": subject, "record": record});
    story.tell("2026-03-01", Role::Buyer, "filing", file("trade_item:TRAIN", "trade_item"));
    story.tell("2026-03-01", Role::Buyer, "filing", file("place:DG", "place"));
    story.tell("2026-03-01", Role::Buyer, "filing", file("place:HH", "place"));
    story.tell("2026-03-01", Role::Factory, "filing", file("material_lot:PAINT-7", "material_lot"));
    for (lot_code, pieces) in [("A1", 48), ("A2", 48)] {
        let run = json!({"lot_code": lot_code, "trade_item": "TRAIN", "factory": "DG", "quantity": pieces,
                         "materials": [{"material_lot": "PAINT-7", "amount": "2.5", "unit": "kilogram"}]});
        story.tell("2026-03-04", Role::Factory, "producing", run);
    }
    for (carton, batches) in [
        ("C1", json!([{"batch": "A1", "pieces": 24}])),
        ("C2", json!([{"batch": "A1", "pieces": 24}])),
        ("C3", json!([{"batch": "A2", "pieces": 20}, {"batch": "A1", "pieces": 4}])),
        ("C4", json!([{"batch": "A2", "pieces": 24}])),
    ] {
        story.tell("2026-03-05", Role::Factory, "packing", json!({"container": carton, "batches": batches}));
    }
    story.tell(
        "2026-03-06",
        Role::Warehouse,
        "packing",
        json!({"container": "P1", "units": ["C1", "C2", "C3"]}),
    );
    let ship = json!({"shipment": "SH-1", "units": ["P1", "C4"], "cartons": 4, "destination": "HH"});
    assert_eq!(story.tell("2026-03-07", Role::Warehouse, "shipping", ship).discrepancies, []);
    let whole = Subject::shipment("SH-1");
    assert_eq!((story.pieces(&whole, "A1"), story.pieces(&whole, "A2")), (Some(52), Some(44)));

    let relabel = json!({"old_code": "C3", "new_code": "N3", "reason": "damaged", "old_code_scanned": true});
    story.tell("2026-04-10", Role::Warehouse, "relabeling", relabel);
    let carton = story.book.one("N3", &[SubjectKind::LogisticUnit]);
    assert_eq!(carton, story.book.one("C3", &[SubjectKind::LogisticUnit]), "both codes lead to the carton");

    // The pallet is broken up: a part by its cartons, by old and new code, and one carton is not found.
    let parts = json!([{"reference": "SH-1A", "units": ["C1", "N3"], "destination": "HH"},
                       {"reference": "SH-1B", "units": ["C4"]}]);
    let split =
        story.tell("2026-04-11", Role::Warehouse, "splitting", json!({"whole": "SH-1", "parts": parts}));
    assert_eq!(split.discrepancies.iter().map(|d| d.kind).collect::<Vec<_>>(), [DiscrepancyKind::Shortfall]);
    assert_eq!((story.cartons("SH-1"), story.cartons("SH-1A"), story.cartons("SH-1B")), (1, 2, 1));
    let part = Subject::shipment("SH-1A");
    assert_eq!((story.pieces(&part, "A1"), story.pieces(&part, "A2")), (Some(28), Some(20)));

    let conserved: u64 = ["SH-1", "SH-1A", "SH-1B"]
        .iter()
        .flat_map(|s| ["A1", "A2"].map(|b| story.pieces(&Subject::shipment(*s), b).unwrap_or(0)))
        .sum();
    assert_eq!(conserved, 96, "no piece came or went");
    assert_eq!(
        story.told[story.told.len() - 3..],
        [
            "2026-03-07 Shipped 2 units under SH-1 to HH",
            "2026-04-10 Relabeled from C3 to N3",
            "2026-04-11 Split SH-1 into SH-1A, SH-1B",
        ]
    );
}

#[test]
fn the_same_story_comes_to_the_same_outcomes() {
    let once = || {
        let mut story = Story { book: Known::new(), told: vec![] };
        let place = json!({"subject": "place:DG", "record": "place", "facts": [{"name": "name", "value": "Dongguan"}]});
        let filed = story.tell("2026-03-01", Role::Buyer, "filing", place);
        serde_json::to_string(&filed).expect("JSON")
    };
    assert_eq!(once(), once());
}

#[test]
fn an_event_of_tomorrow_is_refused() {
    let person = Person { id: "b".into(), name: "B".into(), role: Role::Buyer };
    let draft = EventDraft {
        id: Uuid::nil(),
        kind: "observing".into(),
        event_time: Time(86_400_000),
        zone: Zone::UTC,
        place: None,
        evidence: Evidence::Declared,
        note: None,
        source: None,
        payload: json!({"code": "C1"}),
    };
    let refusal = decide(&Context { draft: &draft, person: &person, now: Time(0) }, &Known::new())
        .expect_err("refused");
    assert_eq!(
        (refusal.reason.as_str(), refusal.field.as_deref()),
        ("event_time_in_future", Some("event_time"))
    );
}
