//! Packing: batches into a carton, cartons onto a pallet. It adds to what is in the container.
//!
//! A carton may hold several batches, each with its pieces (C31). Where the split is not known each
//! batch is in it as "one or more of", so a recall covers it and a clearance never rests on it.
//! “Assorted” alone is refused (C57).
//!
//! EPCIS: AggregationEvent ADD `packing`, one line per batch.

use super::{
    About, Context, DiscrepancyKind, EventKind, Evidence, Outcome, contents::BatchPacked, release::is_released,
};
use crate::{
    book::{Known, Meaning, OVERRIDE_BY, OVERRIDE_REASON, Override},
    field::{Field, Input},
    person::Role,
    quantity::Share,
    refusal::Refusal,
    state::{Disposition, Effect},
    subject::{Level, Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The payload.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Packing {
    /// The carton or pallet. A new one comes into the book by being packed.
    pub container: String,
    /// Further codes on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
    /// Carton or pallet, for a new one; follows from what is packed where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// The batches packed into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub batches: Vec<BatchPacked>,
    /// The cartons put on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// True where somebody looked, and there is nothing else in it: it takes the place of what was not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<bool>,
    /// Who let held cartons be packed all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_by: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
}

const LEVELS: &[(&str, Text)] = &[
    (Level::Carton.word(), Level::Carton.title()),
    (Level::Pallet.word(), Level::Pallet.title()),
    (Level::Shipment.word(), Level::Shipment.title()),
];

/// What can be packed into. A shipment is put together before it leaves, so that it can be released.
const CONTAINERS: &[SubjectKind] = &[SubjectKind::LogisticUnit, SubjectKind::Shipment];

const NO_CONTENTS: Text = text(
    "Nothing is said of what is in {container}. “Assorted” is not enough: name each batch and its pieces, or each carton.",
    "未说明 {container} 的内容。仅写“混装”不够：请填写每个批次及件数，或每个外箱。",
);
const ONE_OR_MORE: Text = text(
    "{container} holds one or more of {batches}; how many of each is not known. Open and count it to tell.",
    "{container} 含 {batches} 中的一个或多个批次，各批次数量不明。请开箱点数确认。",
);
const TWICE: Text = text(
    "{container} holds {batch} already. If the row was edited, declare the former entry wrong first.",
    "{container} 已含 {batch}。若该行有改动，请先更正原条目。",
);
const IN_ITSELF: Text = text("{code} cannot be put into itself.", "{code} 不能装入自身。");
const ROUND: Text =
    text("{container} is itself in {code}. Take it out first.", "{container} 本身就在 {code} 中，请先取出。");
const NOT_THERE: Text = text(
    "{container} was said to hold {batch}, and nothing of it is in what was scanned or counted. Check which is right.",
    "此前记录 {container} 含 {batch}，但扫描或点数的内容中没有，请核对哪项属实。",
);
const SENTENCE: Text = text("Packed {what} into {container}", "将 {what} 装入 {container}");
const CARTONS: Text = text("{n} cartons", "{n} 箱");

/// Words that stand where a batch should.
const ASSORTED: &[&str] = &["assorted", "assortment", "mixed", "混装", "什锦"];

impl EventKind for Packing {
    const NAME: &'static str = "packing";
    const ABOUT: About = About {
        title: text("Packing", "装箱"),
        verb: text("Pack", "装箱"),
        purpose: text(
            "Batches go into a carton, cartons onto a pallet, both into a shipment that is put together. A carton may hold several batches.",
            "批次装入外箱，外箱码上托盘，再集成货运单。一个外箱可装多个批次。",
        ),
        roles: &[Role::Factory, Role::Warehouse, Role::Buyer],
        offered_on: CONTAINERS,
        fields: &[
            Field::must("container", text("Carton, pallet or shipment", "外箱、托盘或货运单"), Input::Code(CONTAINERS)),
            Field::may("level", text("New: which of these", "新建：类别"), Input::Choice(LEVELS)),
            Field::may("marks", text("Further codes on it", "其上的其他条码"), Input::Codes(&[])),
            Field::may("batches", text("Batches in it", "所装批次"), Input::Rows(BatchPacked::FIELDS)),
            Field::may(
                "units",
                text("Cartons on it", "所码外箱"),
                Input::Codes(&[SubjectKind::LogisticUnit]),
            )
            .help(text("Scan each, one a line.", "逐个扫描，每行一个。")),
            Field::may("whole", text("There is nothing else in it", "其中没有其他内容"), Input::Check).help(text(
                "Scanned or counted to the end: it takes the place of what was not known.",
                "已全部扫描或点数，取代此前不明的内容。",
            )),
            OVERRIDE_BY,
            OVERRIDE_REASON,
        ],
        biz_step: "packing",
        disposition: Some(Disposition::InProgress),
    };

    fn references(&self) -> Vec<String> {
        let batches = self.batches.iter().map(|b| b.batch.clone());
        std::iter::once(&self.container)
            .chain(&self.marks)
            .chain(&self.units)
            .cloned()
            .chain(batches)
            .collect()
    }

    fn check(&self) -> Result<(), Refusal> {
        let assorted = |b: &BatchPacked| ASSORTED.contains(&b.batch.trim().to_lowercase().as_str());
        if self.units.is_empty() && self.batches.iter().all(assorted) {
            let said = NO_CONTENTS.with(&[("container", &self.container)]);
            return Err(Refusal::said("no_contents", said).at("batches"));
        }
        Ok(())
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let mut outcome = Outcome::default();
        let container = self.container(context, book, &mut outcome)?;
        if self.whole == Some(true) {
            self.replace_unknown(&container, book, &mut outcome);
        }
        self.put_batches(&container, context, book, &mut outcome)?;
        self.put_units(&container, context, book, &mut outcome)?;
        book.move_there(&container, context, &mut outcome)?;
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        let mut what =
            Said::same(self.batches.iter().map(|b| b.batch.as_str()).collect::<Vec<_>>().join(", "));
        if !self.units.is_empty() {
            what = CARTONS.with(&[("n", &self.units.len().to_string())]);
        }
        let fill = |what: &str| SENTENCE.with(&[("what", what), ("container", &self.container)]);
        Said { en: fill(&what.en).en, zh: fill(&what.zh).zh }
    }
}

impl Packing {
    /// The container; one that is new is named by the codes given, which is no discrepancy: packing is
    /// how a carton comes into being.
    fn container(
        &self,
        context: &Context<'_>,
        book: &Known,
        outcome: &mut Outcome,
    ) -> Result<Subject, Refusal> {
        let one_code = std::slice::from_ref(&self.container);
        let meaning = book.meaning(&self.container, CONTAINERS);
        let (unit, known) = match meaning.map_err(|r| r.at("container"))? {
            Meaning::None(_) if self.level == Some(Level::Shipment) => {
                (book.new_shipment(&self.container).map_err(|r| r.at("container"))?, false)
            }
            Meaning::None(_) => (book.new_unit(one_code, context).map_err(|r| r.at("container"))?, false),
            _ => (book.one(&self.container, CONTAINERS).map_err(|r| r.at("container"))?, true),
        };
        // What is put in after the release is not what was released.
        if is_released(&unit, book) {
            let disposition = Disposition::ReleaseStale;
            outcome.effect(Effect::Marked { subject: unit.clone(), disposition });
        }
        let level = book
            .state(&unit)
            .and_then(|s| s.level())
            .or(self.level)
            .unwrap_or(if self.batches.is_empty() { Level::Pallet } else { Level::Carton });
        if !known {
            book.name(&unit, one_code, level, outcome).map_err(|r| r.at("container"))?;
        }
        book.name(&unit, &self.marks, level, outcome).map_err(|r| r.at("marks"))?;
        Ok(unit)
    }

    /// Takes out what is in the container in unknown share: what is told now is told of all of it. A batch of
    /// which nothing was found then is a discrepancy.
    fn replace_unknown(&self, container: &Subject, book: &Known, outcome: &mut Outcome) {
        let listed = self.batches.iter().filter_map(|b| book.one(&b.batch, &[SubjectKind::Batch]).ok());
        let units = self.units.iter().filter_map(|code| book.one(code, &[SubjectKind::LogisticUnit]).ok());
        let scanned = units.filter_map(|unit| book.state(&unit)).flat_map(|state| state.contents.keys().cloned());
        let found: BTreeSet<Subject> = listed.chain(scanned).collect();
        let held = book.state(container).into_iter().flat_map(|state| &state.contents);
        for (batch, share) in held.filter(|(_, share)| **share == Share::Unknown) {
            let (content, container) = (batch.clone(), container.clone());
            if !found.contains(batch) {
                let said = NOT_THERE.with(&[("container", &self.container), ("batch", &batch.key)]);
                outcome.differs(DiscrepancyKind::CountDiffers, &container, said);
            }
            outcome.effect(Effect::TakenOut { content, container, share: *share });
        }
    }

    fn put_batches(
        &self,
        container: &Subject,
        context: &Context<'_>,
        book: &Known,
        outcome: &mut Outcome,
    ) -> Result<(), Refusal> {
        let holds = |batch: &Subject| book.state(container).is_some_and(|s| s.contents.contains_key(batch));
        let mut unknown = false;
        for (i, packed) in self.batches.iter().enumerate() {
            let at = format!("batches.{i}.batch");
            let content = book.one(&packed.batch, &[SubjectKind::Batch]).map_err(|r| r.at(&at))?;
            // A row that was edited and imported once more would otherwise double what it holds.
            if context.draft.evidence == Evidence::Imported && holds(&content) {
                let said = TWICE.with(&[("container", &self.container), ("batch", &packed.batch)]);
                return Err(Refusal::said("packed_already", said).at(at));
            }
            unknown |= packed.pieces.is_none();
            outcome.effect(Effect::PutIn { content, container: container.clone(), share: packed.share() });
        }
        if unknown && self.batches.len() > 1 {
            let batches: Vec<_> = self.batches.iter().map(|b| b.batch.as_str()).collect();
            let said = ONE_OR_MORE.with(&[("container", &self.container), ("batches", &batches.join(", "))]);
            outcome.differs(DiscrepancyKind::UnknownShare, container, said);
        }
        Ok(())
    }

    fn put_units(
        &self,
        container: &Subject,
        context: &Context<'_>,
        book: &Known,
        outcome: &mut Outcome,
    ) -> Result<(), Refusal> {
        let allowed = Override { by: self.override_by.as_deref(), reason: self.override_reason.as_deref() };
        let units = book.units(&self.units, outcome).map_err(|r| r.at("units"))?;
        for (unit, code) in units {
            if unit == *container {
                return Err(Refusal::said("in_itself", IN_ITSELF.with(&[("code", code)])).at("units"));
            }
            if book.is_within(container, &unit) {
                let said = ROUND.with(&[("container", &self.container), ("code", code)]);
                return Err(Refusal::said("in_itself", said).at("units"));
            }
            if book.state(&unit).is_some_and(|s| s.inside.contains(container)) {
                continue;
            }
            book.may_move(&unit, code, allowed, context, outcome).map_err(|r| r.at("units"))?;
            book.leave(&unit, code, container, outcome);
            let (content, container) = (unit, container.clone());
            outcome.effect(Effect::PutIn { content, container, share: Share::Unknown });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    #[test]
    fn c31_a_mixed_carton_keeps_the_pieces_of_each_batch() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.makes("L2", 100);
        let both = json!([{"batch": "L1", "pieces": 20}, {"batch": "L2", "pieces": 4}]);
        assert_eq!(desk.differs("packing", json!({"container": "C1", "batches": both})), []);
        let carton = Subject::logistic_unit("C1");
        assert_eq!((desk.share(&carton, "L1"), desk.share(&carton, "L2")), (Some(20), Some(4)));
        let either = json!([{"batch": "L1"}, {"batch": "L2"}]);
        assert_eq!(
            desk.differs("packing", json!({"container": "C2", "batches": either})),
            [DiscrepancyKind::UnknownShare]
        );
        assert_eq!(desk.share(&Subject::logistic_unit("C2"), "L1"), None);
    }

    #[test]
    fn c48_a_count_of_everything_takes_the_place_of_what_was_not_known() {
        let mut desk = Desk::furnished();
        for batch in ["L1", "L2", "L3"] {
            desk.makes(batch, 100);
        }
        let some = json!([{"batch": "L1"}, {"batch": "L2"}]);
        desk.does("packing", json!({"container": "S1", "level": "shipment", "batches": some}));
        let shipment = Subject::shipment("S1");
        let more = json!([{"batch": "L1", "pieces": 20}]);
        desk.does("packing", json!({"container": "S1", "batches": more}));
        assert_eq!(desk.share(&shipment, "L1"), None, "nobody said that these are all");
        let counted = json!([{"batch": "L1", "pieces": 48}, {"batch": "L2", "pieces": 24}]);
        assert_eq!(desk.differs("packing", json!({"container": "S1", "whole": true, "batches": counted})), []);
        assert_eq!((desk.share(&shipment, "L1"), desk.share(&shipment, "L2")), (Some(48), Some(24)));
        desk.does("packing", json!({"container": "S2", "level": "shipment", "batches": [{"batch": "L3"}]}));
        desk.packs("C1", "L1", 24);
        let scanned = desk.differs("packing", json!({"container": "S2", "whole": true, "units": ["C1"]}));
        assert_eq!(scanned, [DiscrepancyKind::CountDiffers], "and where is L3?");
    }

    #[test]
    fn c57_assorted_alone_is_refused() {
        let mut desk = Desk::furnished();
        for payload in [
            json!({"container": "C1"}),
            json!({"container": "C1", "batches": [{"batch": "Assorted", "pieces": 12}]}),
        ] {
            let refusal = desk.refuses("packing", payload);
            assert_eq!((refusal.reason.as_str(), refusal.field.as_deref()), ("no_contents", Some("batches")));
        }
    }

    #[test]
    fn c19_a_row_edited_and_imported_again_does_not_double_the_carton() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.evidence = Evidence::Imported;
        let carton = desk.packs("C1", "L1", 24);
        let edited = json!({"container": "C1", "batches": [{"batch": "L1", "pieces": 20}]});
        let refusal = desk.refuses("packing", edited);
        assert_eq!(
            (refusal.reason.as_str(), refusal.field.as_deref()),
            ("packed_already", Some("batches.0.batch"))
        );
        assert_eq!(desk.share(&carton, "L1"), Some(24));
    }

    #[test]
    fn a_carton_packed_twice_leaves_the_former_pallet() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        let carton = desk.packs("C1", "L1", 24);
        let (first, second) = (Subject::logistic_unit("P1"), Subject::logistic_unit("P2"));
        desk.does("packing", json!({"container": "P1", "units": ["C1"]}));
        assert_eq!((desk.share(&first, "L1"), desk.state(&first).cartons), (Some(24), 1));
        assert_eq!(desk.differs("packing", json!({"container": "P1", "units": ["C1"]})), []);
        assert_eq!(
            desk.differs("packing", json!({"container": "P2", "units": ["C1", "C1"]})),
            [DiscrepancyKind::WasElsewhere]
        );
        assert_eq!(desk.state(&carton).inside, std::slice::from_ref(&second));
        assert_eq!((desk.state(&first).cartons, desk.state(&second).cartons), (0, 1));
        assert_eq!((desk.share(&first, "L1"), desk.share(&second, "L1")), (None, Some(24)));
        assert_eq!(desk.refuses("packing", json!({"container": "C1", "units": ["P2"]})).reason, "in_itself");
    }

    #[test]
    fn c36_a_held_carton_is_packed_only_in_somebodys_name() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.packs("C1", "L1", 24);
        desk.does("holding", json!({"subjects": ["L1"], "action": "hold", "reason": "odour"}));
        let refusal = desk.refuses("packing", json!({"container": "P1", "units": ["C1"]}));
        assert_eq!((refusal.reason.as_str(), refusal.field.as_deref()), ("held", Some("units")));
        let named = json!({"container": "P1", "units": ["C1"], "override_by": "Li Na", "override_reason": "move to cage"});
        assert_eq!(desk.differs("packing", named), [DiscrepancyKind::MovedWhileStopped]);
    }
}
