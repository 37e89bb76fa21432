//! Relabeling: a unit gets another code. One event holds old code, new code, reason, quantity and person
//! (C28), for a code that appears without this note is what breaks a trace.
//!
//! EPCIS has no single word: exported as `decommissioning` then `commissioning` between the two halves
//! of a `repackaging`, tied by one business transaction.

use super::{
    About, Context, DiscrepancyKind, EventKind, Outcome,
    protocol,
};
use crate::{
    book::{Known, Reference},
    code::CodeKey,
    field::{Field, Input},
    person::Role,
    plan::Proof,
    refusal::Refusal,
    state::{Aspect, Disposition, Effect, State},
    subject::{Level, Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Relabeling {
    /// The code that was on the unit, or the unit itself where the old label could not be read.
    pub old_code: String,
    /// The code that is on it now.
    pub new_code: String,
    /// Why.
    pub reason: String,
    /// How many pieces were counted in it, where somebody counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// True when the old label was read by a scanner at that moment.
    #[serde(default)]
    pub old_code_scanned: bool,
}

const REASONS: &[(&str, Text)] = &[
    ("damaged", text("Label damaged or unreadable", "标签损坏或无法读取")),
    ("consignee", text("Consignee asks for another label", "收货方要求换标")),
    ("consolidation", text("Consolidation", "并货")),
    ("wrong_label", text("Wrong label was on it", "原标签贴错")),
    ("other", text("Another reason (say it in the note)", "其他原因（请在备注说明）")),
];

const UNPROVEN: Text = text(
    "{old} became {new} without the old label scanned or the pieces counted. Scan or count it to prove it.",
    "{old} 换为 {new} 时未扫描旧标签，也未点数。请扫描或点数以证实。",
);
const FORMER: Text = text(
    "{new} was put over {old}, but by the book {old} had come off before. Look which labels are on it, and declare the wrong relabeling wrong.",
    "{new} 贴在 {old} 上，但账面上 {old} 此前已被取下。请查看实际标签，并更正有误的换标。",
);
const COUNT: Text = text(
    "{new} was counted with {n} pieces; the book holds {book}. Count again or correct the contents.",
    "{new} 点数为 {n} 件，账面为 {book} 件。请复点或更正内容。",
);
const SAME: Text = text("Old and new code are the same. Scan the new label.", "新旧条码相同，请扫描新标签。");
const ALREADY: Text = text(
    "{new} is on this carton already: this relabeling is recorded. There is nothing more to do.",
    "{new} 已在该外箱上：此次换标已有记录，无需再录。",
);
const SENTENCE: Text = text("Relabeled from {old} to {new}", "由 {old} 换标为 {new}");

impl EventKind for Relabeling {
    const NAME: &'static str = "relabeling";
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Relabeling", "换标"),
        verb: text("Relabel", "换标"),
        purpose: text(
            "A carton or pallet gets a new label. Scan the old one first, then the new one; both will lead here.",
            "外箱或托盘更换标签。先扫旧标签，再扫新标签；两者以后都能查到这里。",
        ),
        roles: &[Role::Warehouse, Role::Factory, Role::Buyer],
        offered_on: &[SubjectKind::LogisticUnit],
        fields: &[
            Field::must("old_code", text("Old code", "旧条码"), Input::Code(&[SubjectKind::LogisticUnit]))
                .help(text("Scan the label that is on it now.", "扫描当前的标签。")),
            Field::must("new_code", text("New code", "新条码"), Input::NewCode(Level::Carton))
                .help(text("Scan the label that goes over it.", "扫描将要贴上的标签。")),
            Field::must("reason", text("Reason", "原因"), Input::Choice(REASONS)),
            Field::may("quantity", text("Pieces counted", "点数（件）"), Input::Count)
                .help(text("Only if you opened and counted it.", "仅在开箱点数后填写。")),
            Field::may("old_code_scanned", text("The old label was scanned", "旧标签已扫描"), Input::Check),
        ],
        biz_step: "repackaging",
        disposition: None,
    };

    fn references(&self) -> Vec<String> {
        vec![self.old_code.clone(), self.new_code.clone()]
    }

    fn needs(&self, book: &Known) -> Vec<Subject> {
        let unit = book.one(&self.old_code, &[SubjectKind::LogisticUnit]).ok();
        protocol::needs(&protocol::batches(&unit, book), book)
    }

    fn proven_by(proof: Proof) -> &'static [&'static str] {
        match proof {
            Proof::Named => &[],
            Proof::Counted => &["quantity"],
            Proof::CountedAndScanned => &["quantity", "old_code_scanned"],
        }
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let mut outcome = Outcome::default();
        let unit = book.unit(&self.old_code, Level::Carton, &mut outcome).map_err(|r| r.at("old_code"))?;
        let new = book.free_key(&self.new_code, &unit).map_err(|r| r.at("new_code"))?;
        let state = book.state(&unit);
        protocol::check_proof::<Self>(&protocol::batches([&unit], book), context, book, |name| {
            let lacks = match name {
                "quantity" => self.quantity.is_none(),
                _ => !self.old_code_scanned,
            };
            lacks.then(|| name.to_string())
        })?;
        if state.is_some_and(|s| s.open_names().any(|n| n.key == new)) {
            let same = matches!(Reference::read(&self.old_code), Ok(Reference::Code(keys)) if keys.contains(&new));
            let refusal = match same {
                true => Refusal::new("same_code", SAME),
                // Another phone recorded the same work, or this one twice.
                false => Refusal::said("relabeled_already", ALREADY.with(&[("new", &self.new_code)])),
            };
            return Err(refusal.at("new_code"));
        }
        let level = state.and_then(|s| s.level()).unwrap_or(Level::Carton);
        let coming_off = covered(&self.old_code, level, state)?;
        // Two phones without signal may both have covered the label: both are kept, and neither is picked.
        if state.is_some() && coming_off.is_empty() && Subject::from_urn(&self.old_code).is_none() {
            let said = FORMER.with(&[("old", &self.old_code), ("new", &self.new_code)]);
            outcome.differs(DiscrepancyKind::FormerCode, &unit, said);
        }
        for key in coming_off {
            outcome.effect(Effect::Unnamed { subject: unit.clone(), key });
        }
        outcome.effect(Effect::Named { subject: unit.clone(), key: new, level });
        if !self.old_code_scanned && self.quantity.is_none() {
            let said = UNPROVEN.with(&[("old", &self.old_code), ("new", &self.new_code)]);
            outcome.differs(DiscrepancyKind::Unproven, &unit, said);
        }
        let in_book = state.map(|s| s.pieces().0).filter(|n| *n > 0);
        if let (Some(counted), Some(in_book)) = (self.quantity, in_book)
            && counted != in_book
        {
            let (n, book) = (counted.to_string(), in_book.to_string());
            let said = COUNT.with(&[("new", &self.new_code), ("n", &n), ("book", &book)]);
            outcome.differs(DiscrepancyKind::CountDiffers, &unit, said);
        }
        if state.is_some_and(|s| s.mark(Aspect::Life) == Some(Disposition::Destroyed)) {
            outcome.differs(DiscrepancyKind::OutOfLife, &unit, super::out_of_life(&self.old_code));
        }
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        SENTENCE.with(&[("old", &self.old_code), ("new", &self.new_code)])
    }
}

/// The names that the new label covers: the old code, or, where the draft names the unit itself because
/// its label could not be read, every code of the unit's own level. A mark printed on the carton beside
/// the label stays.
fn covered(old_code: &str, level: Level, state: Option<&State>) -> Result<Vec<CodeKey>, Refusal> {
    let old = Reference::read(old_code).map_err(|r| r.at("old_code"))?;
    let open = state.into_iter().flat_map(State::open_names);
    Ok(match old {
        Reference::Subject(_) => open.filter(|n| n.level == level).map(|n| n.key.clone()).collect(),
        // A unit new to the book was named by its first key just now.
        Reference::Code(keys) if state.is_none() => keys.into_iter().take(1).collect(),
        Reference::Code(keys) => open.filter(|n| keys.contains(&n.key)).map(|n| n.key.clone()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    fn relabel(old: &str, new: &str) -> serde_json::Value {
        json!({"old_code": old, "new_code": new, "reason": "damaged", "old_code_scanned": true})
    }

    #[test]
    fn c28_both_codes_lead_to_the_carton() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        let carton = desk.packs("C1", "L1", 24);
        assert_eq!(desk.differs("relabeling", relabel("C1", "N1")), []);
        for code in ["C1", "N1"] {
            assert_eq!(desk.known().one(code, &[SubjectKind::LogisticUnit]), Ok(carton.clone()), "{code}");
        }
        assert_eq!(desk.state(&carton).open_names().count(), 1);
    }

    #[test]
    fn c28_without_scan_or_count_it_is_unproven() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.packs("C1", "L1", 24);
        let unseen = |old: &str, new: &str| json!({"old_code": old, "new_code": new, "reason": "damaged"});
        assert_eq!(desk.differs("relabeling", unseen("C1", "N1")), [DiscrepancyKind::Unproven]);
        let mut counted = unseen("N1", "N2");
        counted["quantity"] = json!(23);
        assert_eq!(desk.differs("relabeling", counted), [DiscrepancyKind::CountDiffers]);
        assert_eq!(desk.differs("relabeling", relabel("never seen", "N3")), [DiscrepancyKind::UnknownCode]);
    }

    #[test]
    fn c28_a_code_in_use_is_refused() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.packs("C1", "L1", 24);
        desk.packs("C2", "L1", 24);
        let refusal = desk.refuses("relabeling", relabel("C1", "C2"));
        assert_eq!((refusal.reason.as_str(), refusal.field.as_deref()), ("code_in_use", Some("new_code")));
        assert_eq!(refusal.candidates, [Subject::logistic_unit("C2")]);
        assert_eq!(desk.refuses("relabeling", relabel("C1", "C1")).reason, "same_code");
    }

    #[test]
    fn two_who_cover_the_same_label_are_both_recorded_and_told() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        let carton = desk.packs("C1", "L1", 24);
        assert_eq!(desk.differs("relabeling", relabel("C1", "N1")), []);
        let again = desk.refuses("relabeling", relabel("C1", "N1"));
        assert_eq!(again.reason, "relabeled_already", "the same work from two phones is no second one");
        assert_eq!(desk.differs("relabeling", relabel("C1", "N2")), [DiscrepancyKind::FormerCode]);
        let open: Vec<_> = desk.state(&carton).open_names().map(|n| n.key.to_string()).collect();
        assert_eq!(open, ["N1", "N2"], "which of them it carries only a look can tell");
        assert_eq!(desk.differs("relabeling", relabel("N1", "N3")), [], "a label that is on it comes off");
    }

    #[test]
    fn an_unreadable_label_is_replaced_by_naming_the_carton_itself() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        let carton = desk.packs("C1", "L1", 24);
        desk.does("relabeling", relabel(&carton.urn(), "N1"));
        let open: Vec<_> = desk.state(&carton).open_names().map(|n| n.key.to_string()).collect();
        assert_eq!(open, ["N1"]);
    }
}
