//! Shipping: cartons and whole pallets leave under one reference. Handed in again for the same
//! reference, it adds to the shipment.
//!
//! EPCIS: ObjectEvent OBSERVE `shipping`, disposition `in_transit`, with its despatch advice and papers.

use super::{
    About, Context, DiscrepancyKind, EventKind, Evidence, Outcome,
    protocol::{self, ROLES},
    release::{LEFT, is_released, planned, stands, unmade},
};
use crate::{
    book::{Known, Meaning, OVERRIDE_BY, OVERRIDE_REASON, Override},
    field::{Field, Input},
    person::Role,
    quantity::{Quantity, Share},
    record::Facts,
    refusal::Refusal,
    state::{Aspect, Disposition, Effect},
    subject::{Level, Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Shipping {
    /// The shipment's reference.
    pub shipment: String,
    /// The cartons and pallets in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// How many cartons were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cartons: Option<u64>,
    /// Where it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// Who carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// The purchase order it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase_order: Option<String>,
    /// Its invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<String>,
    /// Its despatch advice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub despatch_advice: Option<String>,
    /// Who let held units leave all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_by: Option<String>,
    /// In which role: asked where a shipment leaves that was not released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_role: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
}

const NOTHING: Text = text(
    "The shipment {shipment} has neither cartons nor a count. Scan its cartons, or give the count.",
    "货运单 {shipment} 既无外箱也无数量，请扫描外箱或填写箱数。",
);
const ONLY_COUNTED: Text = text(
    "{n} cartons left under {shipment}, but only {scanned} were scanned: which others went is not known.",
    "货运单 {shipment} 共发出 {n} 箱，仅扫描 {scanned} 箱：其余外箱不明。",
);
const COUNT: Text = text(
    "{scanned} cartons were scanned into {shipment}, {n} were counted. Count again.",
    "货运单 {shipment} 扫描 {scanned} 箱，点数 {n} 箱，请复点。",
);
const NOT_BRIDGED: Text = text(
    "Nothing leads from {code} to a batch that was made. Record what is in it, or name who lets it leave, in which role and why.",
    "{code} 未能对应到已生产的批次。请补录其内容，或填写批准人、角色与原因。",
);
const NOT_RELEASED: Text = text(
    "{shipment} was not released. Put it together, look at its gate and release it; or name who lets it leave, in which role and why.",
    "{shipment} 尚未放行。请先集货、核查并放行；或填写批准人、角色与原因。",
);
const OVERTAKEN: Text = text(
    "The release of {shipment} no longer stands: since then something was added, changed, or told of its inspection. Look at its gate, mend what it tells and release it again; or name who lets it leave, in which role and why.",
    "{shipment} 的放行已失效：放行后内容有增加、改动，或检验情况有变。请核查、补正后重新放行；或填写批准人、角色与原因。",
);
const LEFT_BY_NAME: Text = text(
    "{shipment} left without a release. {by} let it leave: {reason}.",
    "{shipment} 未放行即发出。批准人：{by}；原因：{reason}。",
);
const SENTENCE: Text = text("Shipped {n} under {shipment}", "以货运单 {shipment} 发出 {n}");
const TO: Text = text("Shipped {n} under {shipment} to {place}", "以货运单 {shipment} 发出 {n} 至 {place}");
const ONE_UNIT: Text = text("1 unit", "1 个单元");
const UNITS: Text = text("{n} units", "{n} 个单元");

impl EventKind for Shipping {
    const NAME: &'static str = "shipping";
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Shipping", "发货"),
        verb: text("Ship", "发货"),
        purpose: text(
            "Cartons and whole pallets leave under one reference. Scan each as it is loaded.",
            "外箱与整个托盘以同一货运单发出。装车时逐个扫描。",
        ),
        roles: &[Role::Warehouse, Role::Factory, Role::Buyer],
        offered_on: &[SubjectKind::Shipment],
        fields: &[
            Field::must(
                "shipment",
                text("Reference of the shipment", "货运单号"),
                Input::NewCode(Level::Shipment),
            ),
            Field::may(
                "units",
                text("Cartons and pallets", "外箱与托盘"),
                Input::Codes(&[SubjectKind::LogisticUnit]),
            )
            .help(text(
                "Scan each, one a line. A pallet brings its cartons along.",
                "逐个扫描，每行一个。扫描托盘即含其上外箱。",
            )),
            Field::may("cartons", text("Cartons counted", "点数（箱）"), Input::Count),
            Field::may("destination", text("Goes to", "发往"), Input::Code(&[SubjectKind::Place])),
            Field::may("carrier", text("Carrier", "承运人"), Input::Line),
            Field::may("purchase_order", text("Purchase order", "采购订单"), Input::Line),
            Field::may("invoice", text("Invoice", "发票"), Input::Line),
            Field::may("despatch_advice", text("Despatch advice", "发货通知"), Input::Line),
            OVERRIDE_BY,
            Field::may("override_role", text("In the role of", "角色"), Input::Choice(ROLES))
                .help(text("Only where it leaves without a release.", "仅在未放行而发出时填写。")),
            OVERRIDE_REASON,
        ],
        biz_step: "shipping",
        disposition: Some(Disposition::InTransit),
    };

    fn references(&self) -> Vec<String> {
        std::iter::once(&self.shipment).chain(&self.units).chain(&self.destination).cloned().collect()
    }

    fn needs(&self, book: &Known) -> Vec<Subject> {
        let shipment = book.one(&self.shipment, &[SubjectKind::Shipment]).ok();
        let batches = protocol::batches(&self.goods(shipment.as_ref(), book), book);
        shipment.into_iter().chain(protocol::needs(&batches, book)).collect()
    }

    fn judges(&self, book: &Known) -> Vec<Subject> {
        let shipment = book.one(&self.shipment, &[SubjectKind::Shipment]).ok();
        shipment.filter(|shipment| is_released(shipment, book)).into_iter().collect()
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let mut outcome = Outcome::default();
        let kinds = [SubjectKind::Shipment];
        let shipment = match book.meaning(&self.shipment, &kinds).map_err(|r| r.at("shipment"))? {
            Meaning::None(_) => book.new_shipment(&self.shipment).map_err(|r| r.at("shipment"))?,
            _ => book.one(&self.shipment, &kinds).map_err(|r| r.at("shipment"))?,
        };
        if book.state(&shipment).is_none() {
            let code = std::slice::from_ref(&self.shipment);
            book.name(&shipment, code, Level::Shipment, &mut outcome).map_err(|r| r.at("shipment"))?;
        }
        let holds = book.state(&shipment).is_some_and(|s| s.cartons > 0 || !s.contents.is_empty());
        if self.units.is_empty() && self.cartons.is_none() && !holds {
            return Err(Refusal::said("empty_shipment", NOTHING.with(&[("shipment", &self.shipment)])).at("units"));
        }
        self.check_released(&shipment, context, book, &mut outcome)?;
        self.check_held(&shipment, context, book, &mut outcome)?;
        let scanned = self.load(&shipment, context, book, &mut outcome)?;
        self.count(scanned, &shipment, book, &mut outcome);
        let facts = self.papers(&shipment, context, book)?;
        if !facts.is_empty() {
            outcome.effect(Effect::Filed { subject: shipment.clone(), record: "shipment".into(), facts });
        }
        outcome.effect(Effect::Marked { subject: shipment, disposition: Disposition::InTransit });
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        let n = self.units.len();
        let what = match (n, self.cartons) {
            (0, Some(cartons)) => Quantity::cartons(cartons).said(),
            (1, _) => ONE_UNIT.said(),
            _ => UNITS.with(&[("n", &n.to_string())]),
        };
        let fill = |what: &str| match &self.destination {
            Some(place) => TO.with(&[("n", what), ("shipment", &self.shipment), ("place", place)]),
            None => SENTENCE.with(&[("n", what), ("shipment", &self.shipment)]),
        };
        Said { en: fill(&what.en).en, zh: fill(&what.zh).zh }
    }
}

impl Shipping {
    /// Everything that leaves: what is in the shipment already, and what is loaded now.
    fn goods(&self, shipment: Option<&Subject>, book: &Known) -> Vec<Subject> {
        let units = self.units.iter().filter_map(|code| book.one(code, &[SubjectKind::LogisticUnit]).ok());
        shipment.cloned().into_iter().chain(units).collect()
    }

    /// The gate (C59). A shipment whose goods nobody can tell, or whose trace plan is locked, leaves released,
    /// or by a name, a role and a reason; either stays on record. What a record pack tells has happened
    /// already, and is kept with a discrepancy where who may release hands it in.
    fn check_released(
        &self,
        shipment: &Subject,
        context: &Context<'_>,
        book: &Known,
        outcome: &mut Outcome,
    ) -> Result<(), Refusal> {
        let is_in = |unit: &Subject| book.state(unit).is_some_and(|s| s.inside.contains(shipment));
        let goods = self.goods(Some(shipment), book);
        let adds = goods.iter().skip(1).any(|unit| !is_in(unit)) || goods.len() <= self.units.len();
        if stands(shipment, book) && !adds {
            return Ok(());
        }
        let batches = protocol::batches(&goods, book);
        let planned = planned(&batches, book);
        let unbridged = unmade(&batches, book).map(|batch| batch.key.clone()).or_else(|| self.unknown(book));
        if !planned && unbridged.is_none() {
            return Ok(());
        }
        let named = [&self.override_by, &self.override_role, &self.override_reason].iter().all(|g| g.is_some());
        let has_happened = context.draft.evidence == Evidence::Imported && context.person.role.releases();
        let code = unbridged.as_deref().unwrap_or_default();
        let values = [("shipment", self.shipment.as_str()), ("code", code)];
        if !named && !has_happened {
            return Err(match unbridged {
                Some(_) => Refusal::said("not_bridged", NOT_BRIDGED.with(&values)).at("units"),
                None if book.records(shipment).contains_key("release") => {
                    Refusal::said("not_released", OVERTAKEN.with(&values)).at("shipment")
                }
                None => Refusal::said("not_released", NOT_RELEASED.with(&values)).at("shipment"),
            });
        }
        let said = match &self.override_by {
            Some(by) if named => LEFT_BY_NAME.with(&[
                ("shipment", &self.shipment),
                ("by", by),
                ("reason", self.override_reason.as_deref().unwrap_or_default()),
            ]),
            _ => LEFT.with(&values),
        };
        outcome.differs(DiscrepancyKind::NotReleased, shipment, said);
        Ok(())
    }

    /// What was put together and released may have been held since, as a whole or a carton of it (C36).
    fn check_held(
        &self,
        shipment: &Subject,
        context: &Context<'_>,
        book: &Known,
        outcome: &mut Outcome,
    ) -> Result<(), Refusal> {
        if book.state(shipment).is_none_or(|s| s.mark(Aspect::Custody).is_some()) {
            return Ok(());
        }
        let allowed = Override { by: self.override_by.as_deref(), reason: self.override_reason.as_deref() };
        book.may_move(shipment, &self.shipment, allowed, context, outcome).map_err(|r| r.at("shipment"))
    }

    /// A unit of which no record tells what is in it.
    fn unknown(&self, book: &Known) -> Option<String> {
        let empty = |code: &&String| {
            let unit = book.one(code, &[SubjectKind::LogisticUnit]);
            unit.ok().and_then(|unit| book.state(&unit)).is_none_or(|s| s.contents.is_empty() && s.cartons == 0)
        };
        self.units.iter().find(empty).cloned()
    }

    /// Puts the units into the shipment; returns how many cartons they are.
    fn load(
        &self,
        shipment: &Subject,
        context: &Context<'_>,
        book: &Known,
        outcome: &mut Outcome,
    ) -> Result<u64, Refusal> {
        let allowed = Override { by: self.override_by.as_deref(), reason: self.override_reason.as_deref() };
        let units = book.units(&self.units, outcome).map_err(|r| r.at("units"))?;
        let listed: std::collections::HashSet<&Subject> = units.iter().map(|(unit, _)| unit).collect();
        let mut cartons: u64 = 0;
        for (unit, code) in &units {
            let inside = book.state(unit).map(|s| s.inside.as_slice()).unwrap_or_default();
            // It is in already, or its pallet is: a carton scanned on its pallet leaves with that.
            if inside.iter().any(|c| c == shipment || listed.contains(c)) {
                continue;
            }
            book.may_move(unit, code, allowed, context, outcome).map_err(|r| r.at("units"))?;
            book.leave(unit, code, shipment, outcome);
            let (content, container) = (unit.clone(), shipment.clone());
            outcome.effect(Effect::PutIn { content, container, share: Share::Unknown });
            // A unit that was received or had come back is under way again.
            if book.state(unit).is_some_and(|s| s.mark(Aspect::Custody).is_some()) {
                let disposition = Disposition::InTransit;
                outcome.effect(Effect::Marked { subject: unit.clone(), disposition });
            }
            cartons = cartons.saturating_add(book.cartons_of(unit));
        }
        Ok(cartons)
    }

    /// Compares what was counted with what was scanned, earlier units of the shipment included.
    fn count(&self, scanned: u64, shipment: &Subject, book: &Known, outcome: &mut Outcome) {
        let scanned = scanned.saturating_add(book.state(shipment).map_or(0, |s| s.cartons));
        let counted = self.cartons.unwrap_or(scanned);
        let values = [scanned.to_string(), counted.to_string()];
        let values = [("scanned", values[0].as_str()), ("n", &values[1]), ("shipment", &self.shipment)];
        match counted.cmp(&scanned) {
            std::cmp::Ordering::Greater => {
                outcome.differs(DiscrepancyKind::UnknownShare, shipment, ONLY_COUNTED.with(&values));
            }
            std::cmp::Ordering::Less => {
                outcome.differs(DiscrepancyKind::CountDiffers, shipment, COUNT.with(&values));
            }
            std::cmp::Ordering::Equal => {}
        }
        let (subject, quantity) = (shipment.clone(), Quantity::cartons(counted));
        outcome.effect(Effect::Counted { subject, quantity });
    }

    /// The facts of the shipment; none where this only adds units to it.
    fn papers(
        &self,
        shipment: &Subject,
        context: &Context<'_>,
        book: &Known,
    ) -> Result<Facts, Refusal> {
        let destination = match &self.destination {
            Some(text) => Some(book.one(text, &[SubjectKind::Place]).map_err(|r| r.at("destination"))?.key),
            None => None,
        };
        let facts = [
            ("destination", destination),
            ("carrier", self.carrier.clone()),
            ("purchase_order", self.purchase_order.clone()),
            ("invoice", self.invoice.clone()),
            ("despatch_advice", self.despatch_advice.clone()),
        ];
        let mut given: Facts =
            facts.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?))).collect();
        // What was filed while it was put together stays, unless something else is said now.
        let mut facts = book.records(shipment).get("shipment").map(|r| r.facts.clone()).unwrap_or_default();
        if !given.is_empty() || !facts.is_empty() {
            facts.append(&mut given);
            let day = context.draft.event_time.date(context.draft.zone);
            facts.insert("shipped_on".into(), day);
        }
        Ok(facts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    fn packed() -> Desk {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        for carton in ["C1", "C2", "C3"] {
            desk.packs(carton, "L1", 24);
        }
        desk.does("packing", json!({"container": "P1", "units": ["C1", "C2"]}));
        desk
    }

    #[test]
    fn a_pallet_brings_its_cartons_along() {
        let mut desk = packed();
        let payload =
            json!({"shipment": "S1", "units": ["P1", "C1", "C3"], "cartons": 3, "destination": "W1"});
        let outcome = desk.does("shipping", payload);
        assert_eq!(outcome.discrepancies, []);
        let shipment = Subject::shipment("S1");
        assert_eq!((desk.share(&shipment, "L1"), desk.state(&shipment).cartons), (Some(72), 3));
        assert!(outcome.effects.iter().any(|e| matches!(e,
            Effect::Filed { facts, .. } if facts["destination"] == "W1" && facts["shipped_on"] == "1970-01-01")));
    }

    #[test]
    fn a_carton_of_another_open_shipment_or_pallet_is_taken_out_of_it() {
        let mut desk = packed();
        desk.does("shipping", json!({"shipment": "S1", "units": ["P1"]}));
        assert_eq!(
            desk.differs("shipping", json!({"shipment": "S2", "units": ["C1", "P1"]})),
            [DiscrepancyKind::WasElsewhere]
        );
        assert_eq!(
            desk.differs("shipping", json!({"shipment": "S3", "units": ["C1"]})),
            [DiscrepancyKind::WasElsewhere]
        );
        let left = |desk: &Desk, key: &str| desk.state(&Subject::shipment(key)).cartons;
        assert_eq!((left(&desk, "S1"), left(&desk, "S2"), left(&desk, "S3")), (0, 1, 1));
    }

    #[test]
    fn c36_held_goods_leave_only_in_somebodys_name() {
        let mut desk = packed();
        desk.does("holding", json!({"subjects": ["P1"], "action": "hold", "reason": "odour"}));
        let refusal = desk.refuses("shipping", json!({"shipment": "S1", "units": ["C1"]}));
        assert_eq!((refusal.reason.as_str(), refusal.field.as_deref()), ("held", Some("units")));
        desk.evidence = crate::event::Evidence::Imported;
        for role in [Role::Factory, Role::Warehouse] {
            desk.role = role;
            let told = desk.refuses("shipping", json!({"shipment": "S1", "units": ["P1"]}));
            assert_eq!(told.reason, "held", "calling it imported opens nothing");
        }
        desk.role = Role::Buyer;
        let imported = desk.differs("shipping", json!({"shipment": "S1", "units": ["P1"]}));
        assert_eq!(imported, [DiscrepancyKind::MovedWhileStopped]);
    }

    #[test]
    fn c36_goods_held_in_a_shipment_that_was_put_together_do_not_leave_with_it() {
        let mut desk = packed();
        desk.does("packing", json!({"container": "S1", "level": "shipment", "units": ["P1"]}));
        desk.does("holding", json!({"subjects": ["C1"], "action": "hold", "reason": "odour"}));
        let refusal = desk.refuses("shipping", json!({"shipment": "S1"}));
        assert_eq!((refusal.reason.as_str(), refusal.field.as_deref()), ("held", Some("shipment")));
        desk.does("holding", json!({"subjects": ["C1"], "action": "release", "reason": "aired"}));
        desk.does("shipping", json!({"shipment": "S1"}));
    }

    #[test]
    fn a_reference_scanned_with_separators_reads_back() {
        let mut desk = packed();
        desk.does("shipping", json!({"shipment": "]C1400PO-7\u{1d}91A", "units": ["P1"]}));
        let shipment = desk.known().one("PO-7", &[SubjectKind::Shipment]).expect("is named");
        assert_eq!(shipment.to_string().parse(), Ok(shipment));
    }

    #[test]
    fn counts_are_compared() {
        let mut desk = packed();
        let ship =
            |cartons: u64| json!({"shipment": format!("S{cartons}"), "units": ["C3"], "cartons": cartons});
        assert_eq!(desk.differs("shipping", ship(2)), [DiscrepancyKind::UnknownShare]);
        assert_eq!(desk.refuses("shipping", json!({"shipment": "S9"})).reason, "empty_shipment");
        assert_eq!(
            desk.differs("shipping", json!({"shipment": "S0", "units": ["P1"], "cartons": 1})),
            [DiscrepancyKind::CountDiffers]
        );
    }
}
