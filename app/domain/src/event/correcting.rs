//! Correcting: an earlier entry is declared wrong. Nothing is edited or deleted: the entry stays readable,
//! and what it did no longer counts (C32).
//!
//! EPCIS: the wrong event once more, with its error declaration.

use super::{About, Context, EventKind, Outcome, kind_named};
use crate::{
    book::{EntryName, Known},
    field::{Field, Input},
    person::Role,
    refusal::Refusal,
    state::Effect,
    subject::SubjectKind,
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Correcting {
    /// The wrong entry: its number in the ledger, or the id of its draft.
    pub entry: String,
    /// `incorrect_data` or `did_not_occur`, the words of EPCIS.
    pub reason: String,
    /// The entries that tell it right, by number or id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrective_entries: Vec<String>,
}

const REASONS: &[(&str, Text)] = &[
    ("incorrect_data", text("It happened, but not as recorded", "确有其事，但记录有误")),
    ("did_not_occur", text("It did not happen", "并未发生")),
];

const NOT_AN_ENTRY: Text = text(
    "“{text}” is neither the number nor the id of an entry. Take it from the ledger page.",
    "“{text}”既不是条目编号也不是条目标识，请从账本页面获取。",
);
const NO_ENTRY: Text =
    text("There is no entry {text} in this ledger. Check the number.", "账本中没有条目 {text}，请核对编号。");
const A_CORRECTION: Text = text(
    "Entry {seq} is itself a correction. Record what is right as a new event.",
    "条目 {seq} 本身是更正。请将正确内容作为新事件录入。",
);
const TWICE: Text =
    text("Entry {seq} was declared wrong already, by entry {by}.", "条目 {seq} 已由条目 {by} 更正。");
const NOT_YOURS: Text = text(
    "Entry {seq} was recorded by {role}. Ask them, a buyer or an administrator.",
    "条目 {seq} 由{role}录入，请联系该角色、买方或管理员。",
);
const STOPS: Text = text(
    "Entry {seq} keeps goods from being moved. A buyer or an administrator may declare it wrong; ask one of them.",
    "条目 {seq} 禁止移动货物，只有买方或管理员可以更正，请联系他们。",
);
const HELD: Text = text(
    "{unit} may not be moved: {by} is held. While it is, a buyer or an administrator may declare entry {seq} wrong; ask one of them.",
    "{unit} 不得移动：{by} 已被扣留。扣留期间只有买方或管理员可以更正条目 {seq}，请联系他们。",
);
const SENTENCE: Text = text("Declared entry {entry} wrong: {reason}", "更正条目 {entry}：{reason}");

impl EventKind for Correcting {
    const NAME: &'static str = "correcting";
    const ABOUT: About = About {
        title: text("Correction", "更正"),
        verb: text("Declare wrong", "更正"),
        purpose: text(
            "An entry is wrong. It stays readable, but no longer counts; record what is right as a new event.",
            "条目有误。原条目仍可查看，但不再生效；请将正确内容作为新事件录入。",
        ),
        roles: &[Role::Buyer, Role::Factory, Role::Warehouse, Role::Inspector],
        offered_on: &[],
        fields: &[
            Field::must("entry", text("Wrong entry", "有误的条目"), Input::Line)
                .help(text("Its number in the ledger.", "账本中的编号。")),
            Field::must("reason", text("Reason", "原因"), Input::Choice(REASONS)),
            Field::may(
                "corrective_entries",
                text("Entries that tell it right", "正确的条目"),
                Input::Codes(&[]),
            )
            .help(text("If there are any yet, one a line.", "如已录入，每行一个。")),
        ],
        biz_step: "urn:lotwalk:bizstep:correcting",
        disposition: None,
    };

    fn references(&self) -> Vec<String> {
        vec![]
    }

    fn entries(&self) -> Vec<EntryName> {
        self.corrective_entries.iter().chain([&self.entry]).filter_map(|text| EntryName::read(text)).collect()
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let find = |text: &str, field: &str| {
            let name = EntryName::read(text).ok_or_else(|| {
                Refusal::said("not_an_entry", NOT_AN_ENTRY.with(&[("text", text)])).at(field)
            })?;
            book.entry(name)
                .ok_or_else(|| Refusal::said("unknown_entry", NO_ENTRY.with(&[("text", text)])).at(field))
        };
        let wrong = find(&self.entry, "entry")?;
        let seq = wrong.seq.to_string();
        let refuse = |reason: &str, said: Said| Err(Refusal::said(reason, said).at("entry"));
        if wrong.kind == Self::NAME {
            return refuse("is_a_correction", A_CORRECTION.with(&[("seq", &seq)]));
        }
        if let Some(by) = wrong.corrected_by {
            return refuse("corrected_already", TWICE.with(&[("seq", &seq), ("by", &by.to_string())]));
        }
        // To declare it wrong is to lift it.
        let stops = kind_named(&wrong.kind).and_then(|kind| kind.about.disposition).is_some_and(|d| d.stops());
        if stops && !context.person.role.releases() {
            return refuse("role_may_not", STOPS.with(&[("seq", &seq)]));
        }
        let may = [wrong.role, Role::Buyer, Role::Administrator];
        if !may.contains(&context.person.role) {
            let title = wrong.role.title();
            let fill = |role: &str| NOT_YOURS.with(&[("seq", &seq), ("role", role)]);
            return refuse("role_may_not", Said { en: fill(title.en).en, zh: fill(title.zh).zh });
        }
        // To take back how held goods were packed or sent is to take them out from under the hold.
        let holders = [SubjectKind::LogisticUnit, SubjectKind::Shipment];
        let held = wrong.subjects.iter().filter(|s| holders.contains(&s.kind));
        let held = held.filter(|_| !context.person.role.releases()).find_map(|s| Some((s, book.stopped_by(s)?)));
        if let Some((unit, by)) = held {
            let words = [("unit", unit.key.as_str()), ("by", by.key.as_str()), ("seq", &seq)];
            return refuse("held", HELD.with(&words));
        }
        for text in &self.corrective_entries {
            find(text, "corrective_entries")?;
        }
        let mut outcome = Outcome::default();
        outcome.effect(Effect::Reversed { seq: wrong.seq });
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        let reason = REASONS.iter().find(|(word, _)| *word == self.reason);
        let reason = reason.map_or_else(|| Said::same(&*self.reason), |(_, title)| title.said());
        let fill = |reason: &str| SENTENCE.with(&[("entry", &self.entry), ("reason", reason)]);
        Said { en: fill(&reason.en).en, zh: fill(&reason.zh).zh }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    #[test]
    fn c32_an_entry_is_declared_wrong_once_and_by_who_may() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.role = Role::Warehouse;
        desk.packs("C1", "L1", 24);
        let packed = desk.seq();
        let wrong = |entry: String| json!({"entry": entry, "reason": "did_not_occur"});
        desk.role = Role::Inspector;
        assert_eq!(desk.refuses("correcting", wrong(packed.to_string())).reason, "role_may_not");
        desk.role = Role::Warehouse;
        let outcome = desk.does("correcting", wrong(format!("#{packed}")));
        assert_eq!(outcome.effects, [Effect::Reversed { seq: packed }]);
        let correction = desk.seq();
        assert_eq!(desk.refuses("correcting", wrong(correction.to_string())).reason, "is_a_correction");
        desk.corrected(packed, correction);
        assert_eq!(desk.refuses("correcting", wrong(packed.to_string())).reason, "corrected_already");
        assert_eq!(desk.refuses("correcting", wrong("999".into())).reason, "unknown_entry");
        assert_eq!(desk.refuses("correcting", wrong("first".into())).reason, "not_an_entry");
    }

    #[test]
    fn the_packing_of_held_goods_is_declared_wrong_only_by_who_may_release_them() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.role = Role::Warehouse;
        desk.packs("C1", "L1", 24);
        let wrong = json!({"entry": desk.seq().to_string(), "reason": "did_not_occur"});
        desk.role = Role::Buyer;
        desk.does("holding", json!({"subjects": ["L1"], "action": "hold", "reason": "odour"}));
        desk.role = Role::Warehouse;
        assert_eq!(desk.refuses("correcting", wrong.clone()).reason, "held");
        desk.role = Role::Buyer;
        desk.does("correcting", wrong);
    }

    #[test]
    fn what_stops_goods_is_declared_wrong_only_by_who_may_release_them() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        for role in [Role::Factory, Role::Warehouse, Role::Inspector] {
            desk.role = role;
            desk.does("holding", json!({"subjects": ["L1"], "action": "hold", "reason": "odour"}));
            let held = desk.seq();
            let wrong = json!({"entry": held.to_string(), "reason": "did_not_occur"});
            let refusal = desk.refuses("correcting", wrong.clone());
            assert_eq!((refusal.reason.as_str(), refusal.field.as_deref()), ("role_may_not", Some("entry")));
            desk.role = Role::Buyer;
            assert_eq!(desk.does("correcting", wrong).effects, [Effect::Reversed { seq: held }]);
        }
    }
}
