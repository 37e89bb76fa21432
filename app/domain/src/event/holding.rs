//! Holding: goods stay where they are until they are released. Holding a batch holds every carton of it.
//!
//! EPCIS: ObjectEvent OBSERVE `holding`, persistent disposition `unavailable` set or unset.

use super::{About, Context, EventKind, Outcome};
use crate::{
    book::Known,
    field::{Field, Input},
    person::Role,
    refusal::Refusal,
    state::{Aspect, Disposition, Effect},
    subject::SubjectKind,
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Holding {
    /// What is held or released.
    pub subjects: Vec<String>,
    /// `hold` or `release`.
    pub action: String,
    /// Why.
    pub reason: String,
}

const GOODS: &[SubjectKind] =
    &[SubjectKind::Batch, SubjectKind::LogisticUnit, SubjectKind::Shipment, SubjectKind::MaterialLot];

const ACTIONS: &[(&str, Text)] = &[("hold", text("Hold", "扣留")), ("release", text("Release", "放行"))];

const MAY_NOT: Text = text(
    "A hold is released by a buyer or an administrator. Ask one of them.",
    "放行须由买方或管理员操作，请联系他们。",
);
const NOT_HELD: Text = text("{code} is not held. Check the code.", "{code} 未被扣留，请核对条码。");
const HELD_BY: Text = text(
    "{code} is not held itself, but {by} is. Release that.",
    "{code} 本身未被扣留，被扣留的是 {by}，请对其放行。",
);
const SENTENCE: Text = text("Held {what}: {reason}", "扣留 {what}：{reason}");
const RELEASED: Text = text("Released {what}: {reason}", "放行 {what}：{reason}");

impl EventKind for Holding {
    const NAME: &'static str = "holding";
    const ABOUT: About = About {
        title: text("Holding", "扣留"),
        verb: text("Hold or release", "扣留或放行"),
        purpose: text(
            "Goods are not to be moved until they are released. A held batch holds all its cartons.",
            "货物在放行前不得移动。扣留批次即扣留其全部外箱。",
        ),
        roles: &[Role::Buyer, Role::Inspector, Role::Warehouse, Role::Factory],
        offered_on: GOODS,
        fields: &[
            Field::must("subjects", text("What", "对象"), Input::Codes(GOODS)).help(text(
                "Batches, cartons, pallets, shipments or material lots, one a line.",
                "批次、外箱、托盘、货运单或物料批，每行一个。",
            )),
            Field::must("action", text("Hold or release", "扣留或放行"), Input::Choice(ACTIONS)),
            Field::must("reason", text("Reason", "原因"), Input::Line),
        ],
        biz_step: "holding",
        disposition: Some(Disposition::Unavailable),
    };

    fn references(&self) -> Vec<String> {
        self.subjects.clone()
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let release = self.action == "release";
        if release && !context.person.role.releases() {
            return Err(Refusal::new("role_may_not", MAY_NOT).at("action"));
        }
        let mut outcome = Outcome::default();
        for code in &self.subjects {
            let subject = book.one(code, GOODS).map_err(|r| r.at("subjects"))?;
            let held =
                book.state(&subject).and_then(|s| s.mark(Aspect::Hold)) == Some(Disposition::Unavailable);
            if release && !held {
                let said = match book.stopped_by(&subject).filter(|by| *by != subject) {
                    Some(by) => HELD_BY.with(&[("code", code), ("by", &by.key)]),
                    None => NOT_HELD.with(&[("code", code)]),
                };
                return Err(Refusal::said("not_held", said).at("subjects"));
            }
            let disposition = if release { Disposition::Available } else { Disposition::Unavailable };
            outcome.effect(Effect::Marked { subject, disposition });
        }
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        let sentence = if self.action == "release" { RELEASED } else { SENTENCE };
        sentence.with(&[("what", &self.subjects.join(", ")), ("reason", &self.reason)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::desk::{Desk, json},
        subject::Subject,
    };

    #[test]
    fn a_hold_is_lifted_by_who_answers_for_it() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        let carton = desk.packs("C1", "L1", 24);
        let act = |code: &str, action: &str| json!({"subjects": [code], "action": action, "reason": "odour"});
        desk.role = Role::Warehouse;
        desk.does("holding", act("L1", "hold"));
        assert_eq!(desk.known().stopped_by(&carton), Some(Subject::batch("L1")));
        assert_eq!(desk.refuses("holding", act("L1", "release")).reason, "role_may_not");
        desk.role = Role::Buyer;
        let carton_alone = desk.refuses("holding", act("C1", "release"));
        assert!(carton_alone.said.en.contains("L1 is"), "{carton_alone}");
        desk.does("holding", act("L1", "release"));
        assert_eq!(desk.known().stopped_by(&carton), None);
        assert_eq!(desk.refuses("holding", act("L1", "release")).reason, "not_held");
    }
}
