//! Unpacking: contents leave a carton, a pallet, or a shipment that has not arrived.
//!
//! EPCIS: AggregationEvent DELETE `unpacking`.

use super::{About, Context, DiscrepancyKind, EventKind, Outcome, contents::BatchPacked};
use crate::{
    book::Known,
    field::{Field, Input},
    person::Role,
    quantity::Share,
    refusal::Refusal,
    state::{Disposition, Effect},
    subject::{Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Unpacking {
    /// The carton, pallet or shipment.
    pub container: String,
    /// The batches taken out, with their pieces; all of a batch where left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub batches: Vec<BatchPacked>,
    /// The cartons taken off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
}

/// What can be taken out of.
const CONTAINERS: &[SubjectKind] = &[SubjectKind::LogisticUnit, SubjectKind::Shipment];

const ARRIVED: Text = text(
    "{container} has arrived, and what it brought stays on record. Unpack its cartons, or send them on.",
    "{container} 已到货，其带来的货物保留在记录中。请拆其外箱，或另行发出。",
);
const SAY_WHICH: Text = text(
    "{container} holds {n} cartons. Scan those that were taken off.",
    "{container} 上有 {n} 箱，请扫描取下的外箱。",
);
const NOT_IN: Text = text(
    "By the book {what} was not in {container}. Check both, or record where it came from.",
    "按账面，{what} 不在 {container} 中。请核对，或记录其来源。",
);
const TOO_MANY: Text = text(
    "{n} pieces of {what} came out of {container}; the book held {book}. Count again.",
    "从 {container} 取出 {what} {n} 件，账面仅 {book} 件，请复点。",
);
const SENTENCE: Text = text("Unpacked {what} from {container}", "从 {container} 取出 {what}");
const EVERYTHING: Text = text("everything", "全部内容");

impl EventKind for Unpacking {
    const NAME: &'static str = "unpacking";
    const ABOUT: About = About {
        title: text("Unpacking", "拆箱"),
        verb: text("Unpack", "拆箱"),
        purpose: text(
            "Contents leave a carton, or cartons leave a pallet or a shipment that has not arrived.",
            "从外箱取出内容，或从托盘、未到货的货运单中取下外箱。",
        ),
        roles: &[Role::Factory, Role::Warehouse, Role::Buyer],
        offered_on: CONTAINERS,
        fields: &[
            Field::must(
                "container",
                text("Carton, pallet or shipment", "外箱、托盘或货运单"),
                Input::Code(CONTAINERS),
            ),
            Field::may("batches", text("Batches taken out", "取出的批次"), Input::Rows(BatchPacked::FIELDS))
                .help(text("Leave empty if a carton was emptied.", "外箱全部取空时请留空。")),
            Field::may(
                "units",
                text("Cartons taken off", "取下的外箱"),
                Input::Codes(&[SubjectKind::LogisticUnit]),
            ),
        ],
        biz_step: "unpacking",
        disposition: Some(Disposition::InProgress),
    };

    fn references(&self) -> Vec<String> {
        let batches = self.batches.iter().map(|b| b.batch.clone());
        std::iter::once(&self.container).chain(&self.units).cloned().chain(batches).collect()
    }

    fn decide(&self, _: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let mut outcome = Outcome::default();
        let container = book.one(&self.container, CONTAINERS).map_err(|r| r.at("container"))?;
        if book.has_arrived(&container) {
            let said = ARRIVED.with(&[("container", &self.container)]);
            return Err(Refusal::said("has_arrived", said).at("container"));
        }
        if self.batches.is_empty() && self.units.is_empty() {
            self.empty(&container, book, &mut outcome)?;
        }
        for (i, packed) in self.batches.iter().enumerate() {
            let content = book
                .one(&packed.batch, &[SubjectKind::Batch])
                .map_err(|r| r.at(format!("batches.{i}.batch")))?;
            self.take_out(packed, content, &container, book, &mut outcome);
        }
        for (unit, code) in book.units(&self.units, &mut outcome).map_err(|r| r.at("units"))? {
            if book.state(&unit).is_some_and(|s| s.inside.contains(&container)) {
                let (content, container) = (unit, container.clone());
                outcome.effect(Effect::TakenOut { content, container, share: Share::Unknown });
            } else {
                let said = NOT_IN.with(&[("what", code), ("container", &self.container)]);
                outcome.differs(DiscrepancyKind::WasElsewhere, &unit, said);
            }
        }
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        let what: Vec<&str> = self
            .batches
            .iter()
            .map(|b| b.batch.as_str())
            .chain(self.units.iter().map(String::as_str))
            .collect();
        let what = if what.is_empty() { EVERYTHING.said() } else { Said::same(what.join(", ")) };
        let fill = |what: &str| SENTENCE.with(&[("what", what), ("container", &self.container)]);
        Said { en: fill(&what.en).en, zh: fill(&what.zh).zh }
    }
}

impl Unpacking {
    /// Everything leaves a carton. Which cartons stand on a pallet somebody has to scan.
    fn empty(&self, container: &Subject, book: &Known, outcome: &mut Outcome) -> Result<(), Refusal> {
        let Some(state) = book.state(container) else { return Ok(()) };
        if state.cartons > 0 {
            let n = state.cartons.to_string();
            let said = SAY_WHICH.with(&[("container", &self.container), ("n", &n)]);
            return Err(Refusal::said("units_missing", said).at("units"));
        }
        for (batch, share) in &state.contents {
            let (content, container) = (batch.clone(), container.clone());
            outcome.effect(Effect::TakenOut { content, container, share: *share });
        }
        Ok(())
    }

    fn take_out(
        &self,
        packed: &BatchPacked,
        content: Subject,
        container: &Subject,
        book: &Known,
        outcome: &mut Outcome,
    ) {
        let held = book.state(container).and_then(|s| s.contents.get(&content)).copied();
        match (held, packed.pieces) {
            (None, _) => {
                let said = NOT_IN.with(&[("what", &packed.batch), ("container", &self.container)]);
                outcome.differs(DiscrepancyKind::WasElsewhere, &content, said);
                return;
            }
            (Some(Share::Exactly(had)), Some(n)) if n > had.0 => {
                let (n, book) = (n.to_string(), had.0.to_string());
                let values = [
                    ("n", n.as_str()),
                    ("what", &packed.batch),
                    ("container", &self.container),
                    ("book", &book),
                ];
                outcome.differs(DiscrepancyKind::CountDiffers, container, TOO_MANY.with(&values));
            }
            _ => {}
        }
        let share = packed.pieces.map_or(held.unwrap_or(Share::Unknown), |_| packed.share());
        outcome.effect(Effect::TakenOut { content, container: container.clone(), share });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    #[test]
    fn a_carton_is_emptied_or_gives_some_pieces() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        let carton = desk.packs("C1", "L1", 24);
        desk.does("unpacking", json!({"container": "C1", "batches": [{"batch": "L1", "pieces": 4}]}));
        assert_eq!(desk.share(&carton, "L1"), Some(20));
        desk.does("unpacking", json!({"container": "C1"}));
        assert!(desk.state(&carton).contents.is_empty());
    }

    #[test]
    fn c36_a_carton_leaves_a_shipment_that_has_not_arrived() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.packs("C1", "L1", 24);
        desk.packs("C2", "L1", 24);
        desk.does("packing", json!({"container": "S1", "level": "shipment", "units": ["C1", "C2"]}));
        desk.does("unpacking", json!({"container": "S1", "units": ["C1"]}));
        let shipment = Subject::shipment("S1");
        assert_eq!((desk.share(&shipment, "L1"), desk.state(&shipment).cartons), (Some(24), 1));
        desk.does("shipping", json!({"shipment": "S1"}));
        desk.place = Some("W1".into());
        desk.does("receiving", json!({"shipment": "S1"}));
        let told = desk.refuses("unpacking", json!({"container": "S1", "units": ["C2"]}));
        assert_eq!(told.reason, "has_arrived");
    }

    #[test]
    fn what_the_book_did_not_hold_is_told() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.makes("L2", 100);
        desk.packs("C1", "L1", 24);
        desk.packs("C2", "L1", 24);
        desk.does("packing", json!({"container": "P1", "units": ["C1"]}));
        let more = json!({"container": "C1", "batches": [{"batch": "L1", "pieces": 30}, {"batch": "L2"}]});
        assert_eq!(
            desk.differs("unpacking", more),
            [DiscrepancyKind::CountDiffers, DiscrepancyKind::WasElsewhere]
        );
        assert_eq!(desk.refuses("unpacking", json!({"container": "P1"})).reason, "units_missing");
        assert_eq!(
            desk.differs("unpacking", json!({"container": "P1", "units": ["C2"]})),
            [DiscrepancyKind::WasElsewhere]
        );
    }
}
