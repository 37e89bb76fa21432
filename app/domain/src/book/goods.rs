//! What several event kinds ask of the book about goods that are handled: where, whether they may be
//! moved, and what they have to be taken out of first.

use super::Known;
use crate::{
    event::{Context, DiscrepancyKind, EventDraft, Evidence, Outcome},
    field::{Field, Input},
    quantity::Share,
    refusal::Refusal,
    state::{Aspect, Disposition, Effect},
    subject::{Level, Subject, SubjectKind},
    text::{Text, text},
};

/// Who let held goods be moved all the same, and why. It stays in the entry for ever (C36).
#[derive(Clone, Copy, Debug)]
pub struct Override<'a> {
    /// By name.
    pub by: Option<&'a str>,
    /// Why.
    pub reason: Option<&'a str>,
}

/// The two questions of an [`Override`].
pub(crate) const OVERRIDE_BY: Field =
    Field::may("override_by", text("Moved although held: allowed by", "扣留仍移动：批准人"), Input::Line)
        .help(text(
            "Only for held goods: the name of who allowed it.",
            "仅用于被扣留的货物：填写批准人姓名。",
        ));
/// Why held goods were moved.
pub(crate) const OVERRIDE_REASON: Field =
    Field::may("override_reason", text("Moved although held: reason", "扣留仍移动：原因"), Input::Line);

const HELD: Text = text(
    "{code} must not be moved: {by} is held or recalled. Leave it, release the hold, or name who allows it and why.",
    "{code} 不可移动：{by} 已扣留或召回。请勿移动，或先放行，或填写批准人及原因。",
);
const MOVED: Text = text(
    "{code} was moved although {by} is held or recalled. Allowed by: {name}. Reason: {reason}.",
    "{by} 已扣留或召回，但 {code} 仍被移动。批准人：{name}。原因：{reason}。",
);
const NOBODY: Text = text("nobody named", "未填写");
const WAS_IN: Text = text(
    "By the book {code} was still in {container}. It has been taken out of that; check which is right.",
    "按账面，{code} 仍在 {container} 中。现已从中取出，请核对哪项属实。",
);

impl Known {
    /// The place a draft names.
    pub fn place_of(&self, draft: &EventDraft) -> Result<Option<Subject>, Refusal> {
        let Some(text) = &draft.place else { return Ok(None) };
        self.one(text, &[SubjectKind::Place]).map(Some).map_err(|r| r.at("place"))
    }

    /// Moves a subject to the place the draft names, where it names one.
    pub(crate) fn move_there(
        &self,
        subject: &Subject,
        context: &Context<'_>,
        outcome: &mut Outcome,
    ) -> Result<(), Refusal> {
        if let Some(place) = self.place_of(context.draft)? {
            outcome.effect(Effect::Moved { subject: subject.clone(), place });
        }
        Ok(())
    }

    /// What forbids moving a subject: itself, a batch in it, or a container round it. What the book has
    /// open is judged as it is now; beyond that the ledger's finding counts.
    pub fn stopped_by(&self, subject: &Subject) -> Option<Subject> {
        let state = self.state(subject)?;
        if let Some(round) = self.and_round(subject).into_iter().find(|s| self.stopped.contains(s)) {
            return Some(round);
        }
        if let Some(batch) = state.contents.keys().find(|b| self.stopped.contains(b)) {
            return Some(batch.clone());
        }
        if let Some(within) = self.stopped.iter().find(|s| self.and_round(s).contains(subject)) {
            return Some(within.clone());
        }
        state.stopped_by.clone().filter(|by| self.state(by).is_none())
    }

    /// Every container round a subject, as far as the book is open.
    pub fn all_round(&self, subject: &Subject) -> Vec<Subject> {
        self.and_round(subject).split_off(1)
    }

    /// A subject and every container round it, as far as the book is open.
    fn and_round(&self, subject: &Subject) -> Vec<Subject> {
        let mut all = vec![subject.clone()];
        let mut next = 0;
        while let Some(one) = all.get(next) {
            let round = self.state(one).map(|s| s.inside.clone()).unwrap_or_default();
            let new: Vec<Subject> = round.into_iter().filter(|s| !all.contains(s)).collect();
            all.extend(new);
            next += 1;
        }
        all
    }

    /// Held goods are moved only when somebody by name allows it. What a record pack tells has happened
    /// already and is kept with a discrepancy; but where it came from is what the draft says of itself, so
    /// it counts only in the hand of who may release a hold.
    pub(crate) fn may_move(
        &self,
        unit: &Subject,
        code: &str,
        allowed: Override<'_>,
        context: &Context<'_>,
        outcome: &mut Outcome,
    ) -> Result<(), Refusal> {
        let state = self.state(unit);
        if state.is_some_and(|s| s.mark(Aspect::Life) == Some(Disposition::Destroyed)) {
            outcome.differs(DiscrepancyKind::OutOfLife, unit, crate::event::out_of_life(code));
            return Ok(());
        }
        let Some(by) = self.stopped_by(unit) else { return Ok(()) };
        let named = allowed.by.is_some() && allowed.reason.is_some();
        let has_happened = context.draft.evidence == Evidence::Imported && context.person.role.releases();
        if !named && !has_happened {
            let said = HELD.with(&[("code", code), ("by", &by.key)]);
            return Err(Refusal { candidates: vec![], ..Refusal::said("held", said) });
        }
        let mut said = MOVED.with(&[
            ("code", code),
            ("by", &by.key),
            ("name", allowed.by.unwrap_or(NOBODY.en)),
            ("reason", allowed.reason.unwrap_or(NOBODY.en)),
        ]);
        if !named {
            said.zh = said.zh.replace(NOBODY.en, NOBODY.zh);
        }
        outcome.differs(DiscrepancyKind::MovedWhileStopped, unit, said);
        Ok(())
    }

    /// Takes a unit out of what it is in by the book, `but` for one container, and tells of it. A
    /// shipment that has arrived keeps it: that is where the unit has been.
    pub(crate) fn leave(&self, unit: &Subject, code: &str, but: &Subject, outcome: &mut Outcome) {
        let inside = self.state(unit).map(|s| s.inside.as_slice()).unwrap_or_default();
        for container in inside.iter().filter(|c| *c != but && !self.has_arrived(c)) {
            let (content, container) = (unit.clone(), container.clone());
            let said = WAS_IN.with(&[("code", code), ("container", &container.key)]);
            outcome.effect(Effect::TakenOut { content, container, share: Share::Unknown });
            outcome.differs(DiscrepancyKind::WasElsewhere, unit, said);
        }
    }

    /// True where a unit is in another, directly or further in.
    pub(crate) fn is_within(&self, unit: &Subject, container: &Subject) -> bool {
        let mut around = vec![unit];
        let mut seen = Vec::new();
        while let Some(one) = around.pop() {
            let inside = self.state(one).map(|s| s.inside.as_slice()).unwrap_or_default();
            if inside.contains(container) {
                return true;
            }
            seen.push(one);
            around.extend(inside.iter().filter(|s| !seen.contains(s)));
        }
        false
    }

    /// The units that several codes stand for, each once, with the code it was called by. New ones are
    /// named on the spot.
    pub(crate) fn units<'a>(
        &self,
        codes: &'a [String],
        outcome: &mut Outcome,
    ) -> Result<Vec<(Subject, &'a str)>, Refusal> {
        let mut units: Vec<(Subject, &str)> = Vec::with_capacity(codes.len());
        let mut seen = std::collections::HashSet::with_capacity(codes.len());
        for code in codes {
            let unit = self.unit(code, Level::Carton, outcome)?;
            if seen.insert(unit.clone()) {
                units.push((unit, code));
            }
        }
        Ok(units)
    }

    /// How many cartons a unit is: one, or those on it where it is a pallet.
    pub(crate) fn cartons_of(&self, unit: &Subject) -> u64 {
        match self.state(unit) {
            Some(state) if state.level() == Some(Level::Pallet) => state.cartons,
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn units_met_for_the_first_time_are_named_once_each(
            codes in prop::collection::vec("[A-D][0-9]{1,2}", 1..200),
        ) {
            let mut desk = Desk::new();
            let outcome = desk.does("packing", json!({"container": "P", "units": codes}));
            let named: Vec<&Subject> = outcome.effects.iter().filter_map(|effect| match effect {
                Effect::Named { subject, .. } => Some(subject),
                _ => None,
            }).collect();
            let once: BTreeSet<&Subject> = named.iter().copied().collect();
            let met: BTreeSet<&String> = codes.iter().collect();
            prop_assert_eq!((named.len(), once.len()), (met.len() + 1, met.len() + 1), "and the pallet");
            prop_assert_eq!(outcome.discrepancies.len(), met.len());
        }

        #[test]
        fn codes_put_on_one_carton_are_put_on_once_each(
            codes in prop::collection::vec("[A-D][0-9]{1,2}", 1..200),
        ) {
            let mut desk = Desk::new();
            let outcome = desk.does("commissioning", json!({"codes": codes, "level": "carton"}));
            let met: BTreeSet<&String> = codes.iter().collect();
            prop_assert_eq!(outcome.effects.len(), met.len());
        }
    }
}
