//! What the tests of event kinds stand on: a desk with a book, where events are handed in by name.

pub(crate) use serde_json::json;

use super::{Context, DiscrepancyKind, EventDraft, Evidence, Outcome, decide};
use crate::{
    book::{EntryName, Known, KnownEntry},
    dossier::{Dossier, Sent},
    person::{Person, Role},
    refusal::Refusal,
    state::{Aspect, Disposition, Effect, State},
    subject::{Subject, SubjectKind},
    time::{Time, Zone},
};
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A book and who writes in it.
pub(crate) struct Desk {
    book: Known,
    seq: u64,
    pub(crate) role: Role,
    pub(crate) evidence: Evidence,
    pub(crate) place: Option<String>,
    /// When what is handed in happened.
    pub(crate) time: Time,
    inspected: Vec<(Subject, Disposition, Time)>,
}

impl Desk {
    /// An administrator at an empty book.
    pub(crate) fn new() -> Desk {
        Desk {
            book: Known::new(),
            seq: 0,
            role: Role::Administrator,
            evidence: Evidence::Declared,
            place: None,
            time: Time(0),
            inspected: vec![],
        }
    }

    /// A book with two places (`F1`, `W1`), a trade item (`TOY`) and two material lots (`M1`, `M2`).
    pub(crate) fn furnished() -> Desk {
        let mut desk = Desk::new();
        for (key, role) in [("F1", "factory"), ("W1", "warehouse")] {
            let facts = json!([{"name": "name", "value": key}, {"name": "role", "value": role}]);
            desk.does(
                "filing",
                json!({"subject": format!("place:{key}"), "record": "place", "facts": facts}),
            );
        }
        desk.does("filing", json!({"subject": "trade_item:TOY", "record": "trade_item", "facts": []}));
        for key in ["M1", "M2"] {
            let subject = format!("material_lot:{key}");
            desk.does("filing", json!({"subject": subject, "record": "material_lot", "facts": []}));
        }
        desk
    }

    /// A trace plan for a trade item at a factory.
    pub(crate) fn plan(&self, trade_item: &str, factory: &str, from: &str) -> Value {
        json!({"trade_item": trade_item, "factory": factory, "in_force_from": from,
               "code_on_product": "T{yy}-{nn}", "code_on_retail_box": "{lot}", "code_on_carton": "{lot}-C",
               "required_records": ["run_sheet", "material_lot"], "materials": ["resin"],
               "product_version": "B", "sample": "SP-1", "bom": "BOM-1", "artwork": "AW-1", "packaging": "PK-1",
               "relabeling_proof": "counted_and_scanned", "reworking_proof": "counted",
               "splitting_proof": "counted_and_scanned", "market": "us", "custodian": "Q. Li"})
    }

    /// Drafts it.
    pub(crate) fn plans(&mut self, trade_item: &str, factory: &str, from: &str) {
        self.does("planning", self.plan(trade_item, factory, from));
    }

    /// Accepts its latest revision for a party.
    pub(crate) fn accepts(&mut self, trade_item: &str, factory: &str, party: &str) {
        let plan = Subject::trace_plan(trade_item, factory).key;
        self.does("accepting", json!({"trace_plan": plan, "party": party}));
    }

    /// Drafts it and has both parties accept it.
    pub(crate) fn locks(&mut self, trade_item: &str, factory: &str, from: &str) {
        self.plans(trade_item, factory, from);
        for party in ["buyer", "factory"] {
            self.accepts(trade_item, factory, party);
        }
    }

    /// Gathers the dossier of a batch from what this book knows.
    pub(crate) fn gathers(&mut self, batch: &Subject) {
        let mut dossier = Dossier::new(batch.clone(), Time(0));
        dossier.records = self.book.records(batch).clone();
        dossier.marks = self.state(batch).marks;
        for (_, disposition, at) in self.inspected.iter().filter(|(of, ..)| of == batch) {
            let last = match disposition {
                Disposition::Conformant => &mut dossier.cleared,
                _ => &mut dossier.overtaken,
            };
            *last = (*last).max(Some(*at));
        }
        for shipment in self.shipments() {
            let state = self.state(&shipment);
            if state.contents.contains_key(batch) {
                let left = state.mark(Aspect::Custody).is_some();
                let released = state.mark(Aspect::Release) == Some(Disposition::Released);
                let sent = Sent { shipment, facts: Default::default(), left, left_on: None, released };
                dossier.shipments.push(sent);
            }
        }
        self.book.learn_dossier(dossier);
    }

    /// Every shipment that an event touched.
    fn shipments(&self) -> BTreeSet<Subject> {
        let entries = (1..=self.seq).filter_map(|seq| self.book.entry(EntryName::Seq(seq)));
        entries
            .flat_map(|entry| &entry.subjects)
            .filter(|s| s.kind == SubjectKind::Shipment)
            .cloned()
            .collect()
    }

    /// Makes a batch of the toy.
    pub(crate) fn makes(&mut self, lot_code: &str, pieces: u64) -> Subject {
        let payload = json!({"lot_code": lot_code, "trade_item": "TOY", "factory": "F1", "quantity": pieces});
        self.does("producing", payload);
        Subject::batch(lot_code)
    }

    /// Packs pieces of one batch into a carton.
    pub(crate) fn packs(&mut self, carton: &str, batch: &str, pieces: u64) -> Subject {
        let batches = json!([{"batch": batch, "pieces": pieces}]);
        self.does("packing", json!({"container": carton, "batches": batches}));
        Subject::logistic_unit(carton)
    }

    /// Hands an event in; panics with the refusal where there is one.
    pub(crate) fn does(&mut self, kind: &str, payload: Value) -> Outcome {
        let outcome = self.tries(kind, payload).unwrap_or_else(|r| panic!("{kind} refused: {r}"));
        self.book.apply(&outcome);
        for effect in &outcome.effects {
            if let Effect::Marked { subject, disposition } = effect
                && disposition.aspect() == Aspect::Inspection
            {
                self.inspected.push((subject.clone(), *disposition, self.time));
            }
        }
        outcome
    }

    /// The same, for the discrepancies it raises.
    pub(crate) fn differs(&mut self, kind: &str, payload: Value) -> Vec<DiscrepancyKind> {
        self.does(kind, payload).discrepancies.iter().map(|d| d.kind).collect()
    }

    /// Hands an event in that must be refused.
    pub(crate) fn refuses(&mut self, kind: &str, payload: Value) -> Refusal {
        match self.tries(kind, payload) {
            Err(refusal) => refusal,
            Ok(outcome) => panic!("{kind} was not refused: {outcome:?}"),
        }
    }

    fn tries(&mut self, kind: &str, payload: Value) -> Result<Outcome, Refusal> {
        self.seq += 1;
        let draft = EventDraft {
            id: Uuid::from_u128(u128::from(self.seq)),
            kind: kind.into(),
            event_time: self.time,
            zone: Zone::UTC,
            place: self.place.clone(),
            evidence: self.evidence,
            note: None,
            source: None,
            payload,
        };
        let person = Person { id: "p".into(), name: "Somebody".into(), role: self.role };
        super::references(&draft)?;
        // This book holds everything there is: what has no records here has none.
        for subject in super::needs(&draft, &self.book).records {
            if !self.book.has_records(&subject) {
                self.book.learn_records(subject, Default::default());
            }
        }
        let outcome = decide(&Context { draft: &draft, person: &person, now: self.time }, &self.book)?;
        self.book.learn_entry(
            draft.id,
            KnownEntry {
                seq: self.seq,
                kind: kind.into(),
                role: self.role,
                corrected_by: None,
                subjects: outcome.effects.iter().flat_map(|e| e.subjects()).cloned().collect(),
            },
        );
        Ok(outcome)
    }

    /// Tells that an entry was corrected, as the ledger would when it opens the book.
    pub(crate) fn corrected(&mut self, seq: u64, by: u64) {
        if let Some(mut entry) = self.book.entry(EntryName::Seq(seq)).cloned() {
            entry.corrected_by = Some(by);
            self.book.learn_entry(Uuid::from_u128(u128::from(seq)), entry);
        }
    }

    /// The sequence number of the last event handed in.
    pub(crate) fn seq(&self) -> u64 {
        self.seq
    }

    /// The book.
    pub(crate) fn known(&self) -> &Known {
        &self.book
    }

    /// A subject's state.
    pub(crate) fn state(&self, subject: &Subject) -> State {
        self.book.state(subject).cloned().unwrap_or_else(|| panic!("no {subject}"))
    }

    /// The pieces of a batch in a container; `None` where the share is not known.
    pub(crate) fn share(&self, container: &Subject, batch: &str) -> Option<u64> {
        let batch = Subject::new(SubjectKind::Batch, batch);
        self.state(container).contents.get(&batch).and_then(|s| s.pieces()).map(|p| p.0)
    }
}
