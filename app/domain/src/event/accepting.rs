//! Accepting: a party accepts a revision of a trace plan. When buyer and factory both have, it is locked: it
//! holds for runs from its day on, and is changed by an amendment only (C25).
//!
//! CBV has no word for it; exported under the project's own namespace.

use super::{About, Context, EventKind, Outcome};
use crate::{
    book::Known,
    field::{Field, Input},
    person::Role,
    plan::{self, Party},
    record::Facts,
    refusal::Refusal,
    state::Effect,
    subject::{Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Accepting {
    /// The trace plan.
    pub trace_plan: String,
    /// Which revision; the latest where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
    /// For whom; follows from the role where it is a buyer's or a factory's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<Party>,
}

const PARTIES: &[(&str, Text)] = &[("buyer", text("Buyer", "买方")), ("factory", text("Factory", "工厂"))];

const NO_REVISION: Text = text(
    "The trace plan {plan} has no revision {revision}. Draft it first.",
    "追溯方案 {plan} 没有版本 {revision}，请先起草。",
);
const NOT_LATEST: Text = text(
    "Revision {revision} was replaced by revision {latest}. Look at that and accept it.",
    "版本 {revision} 已被版本 {latest} 取代，请查看并确认后者。",
);
const ALREADY: Text = text(
    "{party} accepted revision {revision} already.",
    "{party}已确认版本 {revision}。",
);
const NO_PARTY: Text =
    text("Say whether it is accepted for the buyer or for the factory.", "请说明代表买方还是工厂确认。");
const NOT_YOURS: Text = text(
    "A factory accepts for the factory, a buyer for the buyer. Ask the other party to accept it.",
    "工厂只能代表工厂确认，买方只能代表买方确认。请另一方自行确认。",
);
const SENTENCE: Text = text("Accepted the trace plan {plan}", "确认追溯方案 {plan}");

impl EventKind for Accepting {
    const NAME: &'static str = "accepting";
    const FILES: &'static [&'static str] = &["agreement"];
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Accepting", "确认"),
        verb: text("Accept", "确认"),
        purpose: text(
            "The trace plan is accepted for the buyer or for the factory. With both it is locked, and production can open.",
            "代表买方或工厂确认追溯方案。双方确认后即锁定，方可开始生产。",
        ),
        roles: &[Role::Buyer, Role::Factory],
        offered_on: &[SubjectKind::TracePlan],
        fields: &[
            Field::must("trace_plan", text("Trace plan", "追溯方案"), Input::Code(&[SubjectKind::TracePlan])),
            Field::may("revision", text("Revision", "版本"), Input::Count)
                .help(text("Left empty: the latest.", "留空则为最新版本。")),
            Field::may("party", text("For whom", "代表"), Input::Choice(PARTIES))
                .help(text("Only an administrator has to say it.", "仅管理员需填写。")),
        ],
        biz_step: "urn:lotwalk:bizstep:accepting",
        disposition: None,
    };

    fn references(&self) -> Vec<String> {
        vec![self.trace_plan.clone()]
    }

    fn needs(&self, book: &Known) -> Vec<Subject> {
        book.one(&self.trace_plan, &[SubjectKind::TracePlan]).into_iter().collect()
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let subject = book.one(&self.trace_plan, &[SubjectKind::TracePlan]).map_err(|r| r.at("trace_plan"))?;
        let party = self.party(context.person.role)?;
        let plans = plan::revisions(book.records(&subject));
        let latest = plans.last().map_or(0, |plan| plan.revision);
        let revision = self.revision.unwrap_or(latest);
        let (number, latest_number) = (revision.to_string(), latest.to_string());
        let values = [("plan", subject.key.as_str()), ("revision", &number), ("latest", &latest_number)];
        let Some(plan) = plans.iter().find(|plan| plan.revision == revision) else {
            return Err(Refusal::said("no_revision", NO_REVISION.with(&values)).at("revision"));
        };
        if revision != latest {
            return Err(Refusal::said("not_latest", NOT_LATEST.with(&values)).at("revision"));
        }
        if plan.accepted.iter().any(|accepted| accepted.party == party) {
            let title = PARTIES.iter().find(|(word, _)| *word == party.word()).map(|(_, title)| *title);
            let title = title.unwrap_or(text("", ""));
            let fill = |party: &str| ALREADY.with(&[("party", party), ("revision", &number)]);
            let said = Said { en: fill(title.en).en, zh: fill(title.zh).zh };
            return Err(Refusal::said("accepted_already", said).at("party"));
        }
        let facts: Facts = [
            ("step", format!("{revision}:{}", party.word())),
            ("accepted_by", context.person.name.clone()),
            ("accepted_on", context.draft.event_time.date(context.draft.zone)),
        ]
        .map(|(name, value)| (name.to_string(), value))
        .into();
        let mut outcome = Outcome::default();
        outcome.effect(Effect::Filed { subject, record: "agreement".into(), facts });
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        SENTENCE.with(&[("plan", &self.trace_plan)])
    }
}

impl Accepting {
    fn party(&self, role: Role) -> Result<Party, Refusal> {
        let own = match role {
            Role::Buyer => Some(Party::Buyer),
            Role::Factory => Some(Party::Factory),
            _ => None,
        };
        match (own, self.party) {
            (Some(own), Some(said)) if own != said => Err(Refusal::new("role_may_not", NOT_YOURS).at("party")),
            (Some(party), _) | (None, Some(party)) => Ok(party),
            (None, None) => Err(Refusal::new("missing_field", NO_PARTY).at("party")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    #[test]
    fn c20_a_plan_is_locked_when_both_parties_accepted_it_each_for_itself() {
        let mut desk = Desk::furnished();
        desk.plans("TOY", "F1", "2026-01-01");
        let plan = json!({"trace_plan": "TOY@F1"});
        assert_eq!(desk.refuses("accepting", plan.clone()).field.as_deref(), Some("party"));
        desk.role = Role::Factory;
        let for_buyer = json!({"trace_plan": "TOY@F1", "party": "buyer"});
        assert_eq!(desk.refuses("accepting", for_buyer).reason, "role_may_not");
        desk.does("accepting", plan.clone());
        assert_eq!(desk.refuses("accepting", plan.clone()).reason, "accepted_already");
        let locked = |desk: &Desk| plan::revisions(desk.known().records(&Subject::trace_plan("TOY", "F1")))[0].is_locked();
        assert!(!locked(&desk));
        desk.role = Role::Buyer;
        desk.does("accepting", plan);
        assert!(locked(&desk));
    }

    #[test]
    fn c25_an_amendment_is_a_further_revision_with_a_later_day() {
        let mut desk = Desk::furnished();
        desk.locks("TOY", "F1", "2026-01-01");
        let refusal = desk.refuses("planning", desk.plan("TOY", "F1", "2026-01-01"));
        assert_eq!((refusal.reason.as_str(), refusal.field.as_deref()), ("not_later", Some("in_force_from")));
        desk.does("planning", desk.plan("TOY", "F1", "2026-06-01"));
        let first = json!({"trace_plan": "TOY@F1", "revision": 1, "party": "buyer"});
        assert_eq!(desk.refuses("accepting", first).reason, "not_latest");
        let plans = plan::revisions(desk.known().records(&Subject::trace_plan("TOY", "F1")));
        assert_eq!(plans.iter().map(|p| (p.revision, p.is_locked())).collect::<Vec<_>>(), [(1, true), (2, false)]);
    }

    #[test]
    fn c20_a_pattern_that_is_none_is_refused_at_its_level() {
        let mut desk = Desk::furnished();
        let mut plan = desk.plan("TOY", "F1", "2026-01-01");
        plan["code_on_carton"] = json!("{colour}");
        let refusal = desk.refuses("planning", plan);
        assert_eq!((refusal.reason.as_str(), refusal.field.as_deref()), ("wrong_pattern", Some("code_on_carton")));
    }

    #[test]
    fn c24_forms_ask_for_what_the_plan_chose() {
        let mut desk = Desk::furnished();
        desk.locks("TOY", "F1", "2026-01-01");
        let run = json!({"trade_item": "TOY", "factory": "F1", "produced_from": "2026-03-04", "line": "3", "shift": "A"});
        desk.does("opening", run);
        desk.does("producing", json!({"batch": "T26-01", "quantity": 48}));
        desk.packs("C1", "T26-01", 24);
        desk.packs("C2", "T26-01", 24);
        let asked = |refusal: crate::refusal::Refusal| (refusal.reason, refusal.field.unwrap_or_default());
        let relabel = |more: serde_json::Value| {
            let mut all = json!({"old_code": "C1", "new_code": "N1", "reason": "damaged"});
            if let Some((all, more)) = all.as_object_mut().zip(more.as_object()) {
                all.extend(more.clone());
            }
            all
        };
        let told = |field: &str| ("plan_asks".to_string(), field.to_string());
        assert_eq!(asked(desk.refuses("relabeling", relabel(json!({})))), told("quantity"));
        assert_eq!(asked(desk.refuses("relabeling", relabel(json!({"quantity": 24})))), told("old_code_scanned"));
        desk.does("relabeling", relabel(json!({"quantity": 24, "old_code_scanned": true})));
        let rework = json!({"subjects": ["N1"], "work": "repacked"});
        assert_eq!(asked(desk.refuses("reworking", rework)), told("quantity"));
        desk.does("packing", json!({"container": "S1", "level": "shipment", "units": ["N1", "C2"]}));
        let counted = json!({"whole": "S1", "parts": [{"reference": "S1-A", "cartons": 1}, {"reference": "S1-B", "cartons": 1}]});
        assert_eq!(asked(desk.refuses("splitting", counted)), told("parts.0.units"));
    }

    #[test]
    fn c59_planned_goods_leave_released_or_by_a_name_a_role_and_a_reason() {
        let mut desk = Desk::furnished();
        desk.locks("TOY", "F1", "2026-01-01");
        let run = json!({"trade_item": "TOY", "factory": "F1", "produced_from": "2026-03-04", "line": "3", "shift": "A"});
        desk.does("opening", run);
        desk.does("producing", json!({"batch": "T26-01", "quantity": 48}));
        desk.packs("C1", "T26-01", 24);
        desk.packs("C2", "T26-01", 24);
        let ship = json!({"shipment": "S1", "units": ["C1"]});
        assert_eq!(desk.refuses("shipping", ship.clone()).reason, "not_released");
        desk.does("packing", json!({"container": "S1", "level": "shipment", "units": ["C1"]}));
        assert_eq!(desk.refuses("shipping", json!({"shipment": "S1"})).reason, "not_released");
        let shipment = Subject::shipment("S1");
        desk.does("releasing", json!({"subject": "S1"}));
        desk.does("packing", json!({"container": "S1", "units": ["C2"]}));
        let stale = desk.state(&shipment).mark(crate::state::Aspect::Release);
        assert_eq!(stale, Some(crate::state::Disposition::ReleaseStale));
        assert_eq!(desk.refuses("shipping", json!({"shipment": "S1"})).reason, "not_released");
        desk.does("releasing", json!({"subject": "S1"}));
        assert_eq!(desk.differs("shipping", json!({"shipment": "S1"})), []);
        desk.packs("C3", "T26-01", 1);
        let named = json!({"shipment": "S2", "units": ["C3"], "override_by": "A. Berg",
                           "override_role": "buyer", "override_reason": "sample for the lab"});
        assert_eq!(desk.differs("shipping", named), [crate::event::DiscrepancyKind::NotReleased]);
        // Of goods that nothing leads to a batch, without any plan, the same is asked.
        let unknown = json!({"shipment": "S3", "units": ["C99"]});
        assert_eq!(desk.refuses("shipping", unknown).reason, "not_bridged");
    }
}
