//! Receiving: a shipment, or single units, arrive at a place.
//!
//! EPCIS: ObjectEvent OBSERVE `receiving`, disposition `in_progress`.

use super::{About, Context, DiscrepancyKind, EventKind, Outcome};
use crate::{
    book::Known,
    field::{Field, Input},
    person::Role,
    refusal::Refusal,
    state::{Aspect, Disposition, Effect},
    subject::{Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload. The place is the draft's.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Receiving {
    /// The shipment that arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment: Option<String>,
    /// The cartons and pallets that were scanned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// How many cartons were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cartons: Option<u64>,
}

const NOTHING: Text = text("Say what arrived: a shipment, or the cartons.", "请填写到货内容：货运单或外箱。");
const NO_PLACE: Text = text("Say where it arrived.", "请填写到货地点。");
const COUNT: Text = text(
    "{n} cartons arrived of {shipment}; the book holds {book}. Count again, or ask who shipped it.",
    "货运单 {shipment} 到货 {n} 箱，账面为 {book} 箱。请复点，或询问发货方。",
);
const NOT_IN: Text = text(
    "{code} arrived with {shipment}, but is not in it by the book. Ask who shipped it.",
    "{code} 随货运单 {shipment} 到货，但账面不在其中，请询问发货方。",
);
const SHIPMENT: Text = text("Received shipment {what}", "收到货运单 {what}");
const UNITS: Text = text("Received {what}", "收到 {what}");

impl EventKind for Receiving {
    const NAME: &'static str = "receiving";
    const ABOUT: About = About {
        title: text("Receiving", "收货"),
        verb: text("Receive", "收货"),
        purpose: text(
            "A shipment or single cartons arrive at a place. Count them, or scan each.",
            "货运单或单个外箱到达某地点。请点数或逐箱扫描。",
        ),
        roles: &[Role::Warehouse, Role::Retailer, Role::Buyer, Role::Factory],
        offered_on: &[SubjectKind::Shipment],
        fields: &[
            Field::may("shipment", text("Shipment", "货运单"), Input::Code(&[SubjectKind::Shipment])),
            Field::may(
                "units",
                text("Cartons and pallets scanned", "扫描的外箱与托盘"),
                Input::Codes(&[SubjectKind::LogisticUnit]),
            )
            .help(text(
                "Scan each, one a line, or count them below.",
                "逐个扫描，每行一个；或在下方填写箱数。",
            )),
            Field::may("cartons", text("Cartons counted", "点数（箱）"), Input::Count),
        ],
        biz_step: "receiving",
        disposition: Some(Disposition::InProgress),
    };

    fn references(&self) -> Vec<String> {
        self.shipment.iter().chain(&self.units).cloned().collect()
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        if self.shipment.is_none() && self.units.is_empty() {
            return Err(Refusal::new("nothing_given", NOTHING).at("shipment"));
        }
        let Some(place) = book.place_of(context.draft)? else {
            return Err(Refusal::new("missing_field", NO_PLACE).at("place"));
        };
        let mut outcome = Outcome::default();
        let shipment = match &self.shipment {
            Some(text) => Some(book.one(text, &[SubjectKind::Shipment]).map_err(|r| r.at("shipment"))?),
            None => None,
        };
        let arrived = |subject: &Subject, outcome: &mut Outcome| {
            outcome.effect(Effect::Moved { subject: subject.clone(), place: place.clone() });
        };
        if let Some(shipment) = &shipment {
            arrived(shipment, &mut outcome);
            // It arrived once. What it held then is what it brought, and what has left it since is not undone.
            if !book.has_arrived(shipment) {
                let disposition = Disposition::InProgress;
                outcome.effect(Effect::Marked { subject: shipment.clone(), disposition });
            }
        }
        let mut scanned: u64 = 0;
        for (unit, code) in book.units(&self.units, &mut outcome).map_err(|r| r.at("units"))? {
            arrived(&unit, &mut outcome);
            if book.state(&unit).is_some_and(|s| s.mark(Aspect::Custody).is_some()) {
                let disposition = Disposition::InProgress;
                outcome.effect(Effect::Marked { subject: unit.clone(), disposition });
            }
            if let Some(shipment) = shipment.as_ref().filter(|s| !book.is_within(&unit, s)) {
                let said = NOT_IN.with(&[("code", code), ("shipment", &shipment.key)]);
                outcome.differs(DiscrepancyKind::WasElsewhere, &unit, said);
            }
            scanned = scanned.saturating_add(book.cartons_of(&unit));
        }
        if let Some(shipment) = &shipment {
            self.count(scanned, shipment, book, &mut outcome);
        }
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        match &self.shipment {
            Some(shipment) => SHIPMENT.with(&[("what", shipment)]),
            None => UNITS.with(&[("what", &self.units.join(", "))]),
        }
    }
}

impl Receiving {
    /// Compares what arrived with what the book says was sent; nobody counted says nothing.
    fn count(&self, scanned: u64, shipment: &Subject, book: &Known, outcome: &mut Outcome) {
        let Some(arrived) = self.cartons.or((scanned > 0).then_some(scanned)) else { return };
        let Some(state) = book.state(shipment) else { return };
        let counted = state.counted.map_or(0, |q| q.thousandths / 1000);
        let sent = counted.max(state.cartons);
        if arrived != sent {
            let (n, book) = (arrived.to_string(), sent.to_string());
            let said = COUNT.with(&[("n", &n), ("shipment", &shipment.key), ("book", &book)]);
            outcome.differs(DiscrepancyKind::CountDiffers, shipment, said);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    fn shipped() -> Desk {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.packs("C1", "L1", 24);
        desk.packs("C2", "L1", 24);
        desk.does("shipping", json!({"shipment": "S1", "units": ["C1", "C2"]}));
        desk.place = Some("W1".into());
        desk
    }

    #[test]
    fn what_arrives_is_compared_with_what_was_sent() {
        let mut desk = shipped();
        let counts = DiscrepancyKind::CountDiffers;
        assert_eq!(desk.differs("receiving", json!({"shipment": "S1", "cartons": 1})), [counts]);
        assert_eq!(desk.differs("receiving", json!({"shipment": "S1", "units": ["C1", "C2"]})), []);
        desk.packs("C3", "L1", 24);
        assert_eq!(
            desk.differs("receiving", json!({"shipment": "S1", "units": ["C3"]})),
            [DiscrepancyKind::WasElsewhere, counts]
        );
        assert_eq!(desk.state(&Subject::shipment("S1")).place, Some(Subject::place("W1")));
        desk.place = None;
        let nowhere = desk.refuses("receiving", json!({"shipment": "S1"}));
        assert_eq!((nowhere.reason.as_str(), nowhere.field.as_deref()), ("missing_field", Some("place")));
    }

    #[test]
    fn a_shipment_received_again_arrived_the_first_time() {
        let mut desk = shipped();
        let shipment = Subject::shipment("S1");
        let arrival = Effect::Marked { subject: shipment.clone(), disposition: Disposition::InProgress };
        assert!(desk.does("receiving", json!({"shipment": "S1"})).effects.contains(&arrival));
        desk.place = Some("F1".into());
        assert!(!desk.does("receiving", json!({"shipment": "S1"})).effects.contains(&arrival));
        assert_eq!(desk.state(&shipment).place, Some(Subject::place("F1")), "where it was met last");
    }

    #[test]
    fn a_shipment_that_arrived_keeps_what_it_brought() {
        let mut desk = shipped();
        desk.does("receiving", json!({"shipment": "S1"}));
        desk.does("unpacking", json!({"container": "C1"}));
        let (first, second) = (Subject::shipment("S1"), Subject::shipment("S2"));
        assert_eq!(desk.share(&first, "L1"), Some(48), "it did bring them");
        assert_eq!(desk.differs("shipping", json!({"shipment": "S2", "units": ["C2"]})), []);
        assert_eq!((desk.share(&first, "L1"), desk.share(&second, "L1")), (Some(48), Some(24)));
        assert_eq!(desk.state(&Subject::logistic_unit("C2")).inside, [second, first]);
    }
}
