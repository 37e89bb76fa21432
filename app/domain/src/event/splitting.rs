//! Splitting: what was announced as one shipment leaves as several. The parts are equal to the whole, or
//! the shortfall stays an open discrepancy (C29).
//!
//! A part may name its cartons, or only count them. Where it only counts, which cartons went with it is
//! not known, so each such part holds "one or more of" every batch of the whole: a recall then covers
//! it, and a clearance never rests on it.
//!
//! EPCIS: `shipping` once per part, each with its own despatch advice, and `void_shipping` for what was
//! announced but stayed.

use super::{
    About, Context, DiscrepancyKind, EventKind, Evidence, Outcome, protocol,
    release::{self, LEFT, is_released, stands},
};
use crate::{
    book::Known,
    field::{Field, Input},
    person::Role,
    plan::Proof,
    quantity::{Quantity, Share},
    refusal::Refusal,
    state::{Aspect, Disposition, Effect},
    subject::{Level, Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Splitting {
    /// The shipment that is split.
    pub whole: String,
    /// What it becomes. What is in no part stays in the whole.
    pub parts: Vec<Part>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One part of the split.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Part {
    /// Its own reference; new, or that of a shipment without contents yet.
    pub reference: String,
    /// The cartons and pallets in it, by code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// How many cartons, where they were counted and not scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cartons: Option<u64>,
    /// Where it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
}

const PARTS: &[Field] = &[
    Field::must("reference", text("Reference of the part", "分单号"), Input::NewCode(Level::Shipment)),
    Field::may(
        "units",
        text("Cartons or pallets in it", "所含外箱或托盘"),
        Input::Codes(&[SubjectKind::LogisticUnit]),
    )
    .help(text("Scan each, one a line.", "逐个扫描，每行一个。")),
    Field::may("cartons", text("Or: cartons counted", "或：点数（箱）"), Input::Count)
        .help(text("If they were not scanned one by one.", "未逐箱扫描时填写。")),
    Field::may("destination", text("Goes to", "发往"), Input::Code(&[SubjectKind::Place])),
];

const SHORTFALL: Text = text(
    "The parts hold {parts} cartons, the whole held {whole}: {n} are missing. Scan the rest into a part, or keep them in the whole.",
    "各分单共 {parts} 箱，原货运单为 {whole} 箱，缺 {n} 箱。请将其余外箱扫入分单，或留在原单。",
);
const SURPLUS: Text = text(
    "The parts hold {parts} cartons, the whole held {whole}: {n} too many. Count again, or record where they came from.",
    "各分单共 {parts} 箱，原货运单为 {whole} 箱，多 {n} 箱。请复点，或记录其来源。",
);
const NOT_IN_WHOLE: Text = text(
    "{unit} was not in {whole} according to the book. Record where it came from.",
    "按账面，{unit} 不在 {whole} 中。请记录其来源。",
);
const TWICE: Text =
    text("{unit} is in two parts. Leave it in one.", "{unit} 同时出现在两个分单，请保留一个。");
const NOTHING: Text = text(
    "The part {part} has neither cartons nor a count. Scan its cartons, or give the count.",
    "分单 {part} 既无外箱也无数量，请扫描外箱或填写数量。",
);
const STOPPED: Text = text(
    "{unit} is held and was sent all the same. Call it back or release it.",
    "{unit} 处于扣留状态但已发出，请追回或放行。",
);
const SENTENCE: Text = text("Split {whole} into {parts}", "将 {whole} 拆分为 {parts}");

impl EventKind for Splitting {
    const NAME: &'static str = "splitting";
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Splitting", "拆分"),
        verb: text("Split", "拆分"),
        purpose: text(
            "One shipment leaves as several. Give each part its reference and its cartons; what does not add up is shown. Parts of what was not released wait for their release.",
            "一个货运单分多票发出。填写每个分单号及其外箱；数量不符会显示出来。未放行的货运单，其分单须各自放行后发出。",
        ),
        roles: &[Role::Warehouse, Role::Factory, Role::Buyer],
        offered_on: &[SubjectKind::Shipment],
        fields: &[
            Field::must(
                "whole",
                text("Shipment to split", "要拆分的货运单"),
                Input::Code(&[SubjectKind::Shipment]),
            ),
            Field::must("parts", text("Parts", "分单"), Input::Rows(PARTS)),
            Field::may("reason", text("Reason", "原因"), Input::Line),
        ],
        biz_step: "shipping",
        disposition: Some(Disposition::InTransit),
    };

    fn references(&self) -> Vec<String> {
        let parts =
            self.parts.iter().flat_map(|p| p.units.iter().chain([&p.reference]).chain(&p.destination));
        std::iter::once(&self.whole).chain(parts).cloned().collect()
    }

    fn needs(&self, book: &Known) -> Vec<Subject> {
        let whole = book.one(&self.whole, &[SubjectKind::Shipment]).ok();
        protocol::needs(&protocol::batches(&whole, book), book)
    }

    fn judges(&self, book: &Known) -> Vec<Subject> {
        let whole = book.one(&self.whole, &[SubjectKind::Shipment]).ok();
        whole.filter(|whole| is_released(whole, book)).into_iter().collect()
    }

    /// Every carton of every part is scanned, not only counted.
    fn proven_by(proof: Proof) -> &'static [&'static str] {
        if proof == Proof::CountedAndScanned { &["parts.units"] } else { &[] }
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let mut outcome = Outcome::default();
        let whole = book.one(&self.whole, &[SubjectKind::Shipment]).map_err(|r| r.at("whole"))?;
        let counted_only = self.parts.iter().position(|part| part.units.is_empty());
        protocol::check_proof::<Self>(&protocol::batches([&whole], book), context, book, |_| {
            Some(format!("parts.{}.units", counted_only?))
        })?;
        let leaves = leaves(&whole, context, book, &mut outcome);
        let held = book.state(&whole).map_or(0, |s| s.cartons);
        let mut seen = BTreeSet::new();
        let mut in_parts: u64 = 0;
        for (i, part) in self.parts.iter().enumerate() {
            in_parts =
                in_parts.saturating_add(self.split_off(i, part, &whole, book, &mut seen, &mut outcome)?);
            if leaves {
                let subject = book.new_shipment(&part.reference)?;
                outcome.effect(Effect::Marked { subject, disposition: Disposition::InTransit });
            }
        }
        let numbers = |n: u64| [in_parts.to_string(), held.to_string(), n.to_string()];
        let (kind, sentence, n) = match held.cmp(&in_parts) {
            std::cmp::Ordering::Equal => return Ok(outcome),
            std::cmp::Ordering::Greater => (DiscrepancyKind::Shortfall, SHORTFALL, held - in_parts),
            std::cmp::Ordering::Less => (DiscrepancyKind::Surplus, SURPLUS, in_parts - held),
        };
        let [parts, held, n] = numbers(n);
        outcome.differs(kind, &whole, sentence.with(&[("parts", &parts), ("whole", &held), ("n", &n)]));
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        let parts: Vec<_> = self.parts.iter().map(|p| p.reference.as_str()).collect();
        SENTENCE.with(&[("whole", &self.whole), ("parts", &parts.join(", "))])
    }
}

impl Splitting {
    /// Puts one part together; returns how many cartons it holds.
    fn split_off(
        &self,
        i: usize,
        part: &Part,
        whole: &Subject,
        book: &Known,
        seen: &mut BTreeSet<Subject>,
        outcome: &mut Outcome,
    ) -> Result<u64, Refusal> {
        let at = |name: &str| format!("parts.{i}.{name}");
        if part.units.is_empty() && part.cartons.is_none() {
            let said = NOTHING.with(&[("part", &part.reference)]);
            return Err(Refusal::said("empty_part", said).at(at("units")));
        }
        let shipment = book.new_shipment(&part.reference).map_err(|r| r.at(at("reference")))?;
        let key = book.free_key(&part.reference, &shipment).map_err(|r| r.at(at("reference")))?;
        outcome.effect(Effect::Named { subject: shipment.clone(), key, level: Level::Shipment });
        outcome.effect(Effect::MadeFrom { output: shipment.clone(), input: whole.clone(), quantity: None });
        let mut scanned: u64 = 0;
        for code in &part.units {
            let unit = book.unit(code, Level::Carton, outcome).map_err(|r| r.at(at("units")))?;
            if !seen.insert(unit.clone()) {
                return Err(Refusal::said("unit_twice", TWICE.with(&[("unit", code)])).at(at("units")));
            }
            scanned = scanned.saturating_add(book.cartons_of(&unit));
            move_unit(&unit, code, whole, &shipment, book, outcome);
        }
        let count = part.cartons.unwrap_or(scanned).max(scanned);
        if count > scanned {
            // Some of it was only counted: every batch of the whole may be in this part.
            for batch in book.state(whole).into_iter().flat_map(|s| s.contents.keys()) {
                outcome.effect(Effect::PutIn {
                    content: batch.clone(),
                    container: shipment.clone(),
                    share: Share::Unknown,
                });
            }
        }
        outcome.effect(Effect::Counted { subject: shipment.clone(), quantity: Quantity::cartons(count) });
        if let Some(destination) = &part.destination {
            let place = book.one(destination, &[SubjectKind::Place]).map_err(|r| r.at(at("destination")))?;
            outcome.effect(Effect::Filed {
                subject: shipment.clone(),
                record: "shipment".into(),
                facts: [("destination".to_string(), place.key)].into(),
            });
        }
        Ok(count)
    }
}

/// True where the parts leave with the split: the whole is on its way, or was released, or nothing asks for that.
/// Else they wait, each for a release of its own (C59). What a record pack tells has happened already.
fn leaves(whole: &Subject, context: &Context<'_>, book: &Known, outcome: &mut Outcome) -> bool {
    let batches = protocol::batches([whole], book);
    let asked = release::planned(&batches, book) || release::unmade(&batches, book).is_some();
    if book.state(whole).is_some_and(|s| s.mark(Aspect::Custody).is_some()) || stands(whole, book) || !asked {
        return true;
    }
    let has_happened = context.draft.evidence == Evidence::Imported && context.person.role.releases();
    if has_happened {
        outcome.differs(DiscrepancyKind::NotReleased, whole, LEFT.with(&[("shipment", &whole.key)]));
    }
    has_happened
}

fn move_unit(
    unit: &Subject,
    code: &str,
    whole: &Subject,
    into: &Subject,
    book: &Known,
    outcome: &mut Outcome,
) {
    let share = Share::Unknown;
    let inside = book.state(unit).map(|s| s.inside.as_slice()).unwrap_or_default();
    if !book.is_within(unit, whole) {
        let said = NOT_IN_WHOLE.with(&[("unit", code), ("whole", &whole.key)]);
        outcome.differs(DiscrepancyKind::WasElsewhere, unit, said);
    }
    for container in inside.iter().filter(|c| *c == whole || !book.has_arrived(c)) {
        outcome.effect(Effect::TakenOut { content: unit.clone(), container: container.clone(), share });
    }
    outcome.effect(Effect::PutIn { content: unit.clone(), container: into.clone(), share });
    let destroyed = book.state(unit).is_some_and(|s| s.mark(Aspect::Life) == Some(Disposition::Destroyed));
    if !destroyed && book.stopped_by(unit).is_some() {
        let said = STOPPED.with(&[("unit", code)]);
        outcome.differs(DiscrepancyKind::MovedWhileStopped, unit, said);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    /// A shipment `S` of a pallet with two cartons and of two single cartons.
    fn shipped() -> Desk {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        for carton in ["C1", "C2", "C3", "C4"] {
            desk.packs(carton, "L1", 10);
        }
        desk.does("packing", json!({"container": "P1", "units": ["C1", "C2"]}));
        desk.does("shipping", json!({"shipment": "S", "units": ["P1", "C3", "C4"]}));
        desk
    }

    fn split(parts: serde_json::Value) -> serde_json::Value {
        json!({"whole": "S", "parts": parts})
    }

    #[test]
    fn c29_parts_that_equal_the_whole_raise_nothing() {
        let mut desk = shipped();
        let parts =
            json!([{"reference": "S-A", "units": ["P1"]}, {"reference": "S-B", "units": ["C3", "C4"]}]);
        assert_eq!(desk.differs("splitting", split(parts)), []);
        let cartons = |key: &str| desk.state(&Subject::shipment(key)).cartons;
        assert_eq!((cartons("S"), cartons("S-A"), cartons("S-B")), (0, 2, 2));
        assert_eq!(desk.share(&Subject::shipment("S-A"), "L1"), Some(20));
    }

    #[test]
    fn c29_a_shortfall_and_a_surplus_stay_open() {
        let mut desk = shipped();
        let short = split(json!([{"reference": "S-A", "units": ["C3"]}]));
        assert_eq!(desk.differs("splitting", short), [DiscrepancyKind::Shortfall]);
        let counted = desk.does("splitting", split(json!([{"reference": "S-B", "cartons": 9}])));
        assert_eq!(counted.discrepancies[0].kind, DiscrepancyKind::Surplus);
        assert_eq!(desk.state(&Subject::shipment("S-B")).contents.len(), 1, "one or more of L1");
        assert_eq!(desk.share(&Subject::shipment("S-B"), "L1"), None);
    }

    #[test]
    fn c29_a_carton_is_in_one_part_and_comes_from_the_whole() {
        let mut desk = shipped();
        let twice = split(json!([{"reference": "A", "units": ["C3"]}, {"reference": "B", "units": ["C3"]}]));
        assert_eq!(desk.refuses("splitting", twice).field.as_deref(), Some("parts.1.units"));
        let none = desk.refuses("splitting", split(json!([{"reference": "A"}])));
        assert_eq!(none.reason, "empty_part");
        desk.packs("C9", "L1", 10);
        let stray = split(json!([{"reference": "A", "units": ["P1", "C3", "C4", "C9"]}]));
        assert_eq!(
            desk.differs("splitting", stray),
            [DiscrepancyKind::WasElsewhere, DiscrepancyKind::Surplus]
        );
    }

    #[test]
    fn c59_parts_of_what_was_not_released_wait_for_their_own_release() {
        let planned = || {
            let mut desk = Desk::furnished();
            let run = json!({"lot_code": "L1", "trade_item": "TOY", "factory": "F1", "quantity": 100,
                             "produced_from": "1970-01-01", "produced_to": "1970-01-01"});
            desk.does("producing", run);
            desk.locks("TOY", "F1", "1970-01-01");
            desk.packs("C1", "L1", 10);
            desk.packs("C2", "L1", 10);
            desk.does("packing", json!({"container": "S", "level": "shipment", "units": ["C1", "C2"]}));
            desk
        };
        let halves = || split(json!([{"reference": "A", "units": ["C1"]}, {"reference": "B", "units": ["C2"]}]));
        let left = |desk: &Desk| {
            ["A", "B"].map(|part| desk.state(&Subject::shipment(part)).mark(Aspect::Custody).is_some())
        };
        let mut desk = planned();
        assert_eq!(desk.differs("splitting", halves()), []);
        assert_eq!(left(&desk), [false; 2]);
        let refused = desk.refuses("shipping", json!({"shipment": "A"}));
        assert_eq!(refused.reason, "not_released", "nothing leaves by being split");
        let mut desk = planned();
        desk.does("releasing", json!({"subject": "S", "override_by": "A. Berg", "override_role": "buyer",
                                      "override_reason": "a test"}));
        assert_eq!(desk.differs("splitting", halves()), []);
        assert_eq!(left(&desk), [true; 2], "what was released leaves in parts");
    }
}
