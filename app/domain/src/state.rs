//! Effects, and what a subject's state is after a run of them: the narrow waist between event kinds and
//! everything that is kept about subjects.
//!
//! Every event kind boils down to [`Effect`]s; projections know effects and have never heard of event
//! kinds. A subject's [`State`] is what effects have left open: a name until it is taken off, a content
//! until it is taken out, a disposition until the next one of its [`Aspect`].

use crate::{
    code::CodeKey,
    quantity::{Pieces, Quantity, Share},
    subject::{Level, Subject, SubjectKind},
    text::{Text, text},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an event does to the book.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant's sentence names its fields")]
pub enum Effect {
    /// From here on the code names the subject. Naming also makes the subject known.
    Named { subject: Subject, key: CodeKey, level: Level },
    /// The code is no longer on the subject. It still resolves, as a former name.
    Unnamed { subject: Subject, key: CodeKey },
    /// The output came, in part, from the input: material lot to batch, shipment to its part.
    MadeFrom { output: Subject, input: Subject, quantity: Option<Quantity> },
    /// The content is now in the container: batch in carton, carton on pallet, pallet in shipment.
    /// `Share::Exactly` counts pieces of a batch; a unit in a unit is put in whole.
    PutIn { content: Subject, container: Subject, share: Share },
    /// The content has left the container, whole or (pieces of a batch) in part.
    TakenOut { content: Subject, container: Subject, share: Share },
    /// The subject is now at the place.
    Moved { subject: Subject, place: Subject },
    /// The disposition holds from here on, in place of the former one of the same aspect.
    Marked { subject: Subject, disposition: Disposition },
    /// So much of the subject there is, as counted or declared.
    Counted { subject: Subject, quantity: Quantity },
    /// These facts of a record kind hold for the subject from here on, in place of former ones of the kind.
    Filed { subject: Subject, record: String, facts: BTreeMap<String, String> },
    /// Everything that the entry with this sequence number did no longer counts; what it had ended is
    /// open again, unless something else has taken its place. The entry itself stays readable.
    Reversed { seq: u64 },
}

impl Effect {
    /// The subjects whose story this belongs to.
    pub fn subjects(&self) -> Vec<&Subject> {
        match self {
            Effect::Named { subject, .. }
            | Effect::Unnamed { subject, .. }
            | Effect::Marked { subject, .. }
            | Effect::Counted { subject, .. }
            | Effect::Filed { subject, .. } => vec![subject],
            Effect::MadeFrom { output, input, .. } => vec![output, input],
            Effect::PutIn { content, container, .. } | Effect::TakenOut { content, container, .. } => {
                vec![content, container]
            }
            Effect::Moved { subject, place } => vec![subject, place],
            Effect::Reversed { .. } => vec![],
        }
    }
}

/// A question that a disposition answers. A subject has at most one disposition of each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Does it exist?
    Life,
    /// Where in its way is it?
    Custody,
    /// Has it been inspected, and does that still hold?
    Inspection,
    /// May it be moved?
    Hold,
    /// Is it being taken back?
    Recall,
    /// Has somebody signed that it may leave?
    Release,
}

impl Aspect {
    /// The word in stored text.
    pub const fn word(self) -> &'static str {
        match self {
            Aspect::Life => "life",
            Aspect::Custody => "custody",
            Aspect::Inspection => "inspection",
            Aspect::Hold => "hold",
            Aspect::Recall => "recall",
            Aspect::Release => "release",
        }
    }
}

/// What condition an event left, in CBV 2.0 words where CBV has one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// Commissioned and in being.
    Active,
    /// Decommissioned.
    Inactive,
    /// Destroyed.
    Destroyed,
    /// On its way through production and stores.
    InProgress,
    /// Shipped and not yet received.
    InTransit,
    /// Come back from the field.
    Returned,
    /// Inspected and accepted.
    Conformant,
    /// Inspected and not accepted.
    NonConformant,
    /// Was inspected, then changed: the inspection no longer speaks for it. Our own word; CBV has none.
    InspectionStale,
    /// Held: not to be moved until released.
    Unavailable,
    /// No longer held.
    Available,
    /// Being taken back.
    Recalled,
    /// Signed off: it may leave. Our own word; CBV has none.
    Released,
    /// Was released, then something was added: the release does not speak for it. Our own word.
    ReleaseStale,
}

impl Disposition {
    /// Every disposition.
    pub const ALL: [Disposition; 14] = [
        Disposition::Active,
        Disposition::Inactive,
        Disposition::Destroyed,
        Disposition::InProgress,
        Disposition::InTransit,
        Disposition::Returned,
        Disposition::Conformant,
        Disposition::NonConformant,
        Disposition::InspectionStale,
        Disposition::Unavailable,
        Disposition::Available,
        Disposition::Recalled,
        Disposition::Released,
        Disposition::ReleaseStale,
    ];

    /// The question it answers.
    pub const fn aspect(self) -> Aspect {
        match self {
            Disposition::Active | Disposition::Inactive | Disposition::Destroyed => Aspect::Life,
            Disposition::InProgress | Disposition::InTransit | Disposition::Returned => Aspect::Custody,
            Disposition::Conformant | Disposition::NonConformant | Disposition::InspectionStale => {
                Aspect::Inspection
            }
            Disposition::Unavailable | Disposition::Available => Aspect::Hold,
            Disposition::Recalled => Aspect::Recall,
            Disposition::Released | Disposition::ReleaseStale => Aspect::Release,
        }
    }

    /// The word in stored text, in CSS classes and in exports.
    pub const fn word(self) -> &'static str {
        match self {
            Disposition::Active => "active",
            Disposition::Inactive => "inactive",
            Disposition::Destroyed => "destroyed",
            Disposition::InProgress => "in_progress",
            Disposition::InTransit => "in_transit",
            Disposition::Returned => "returned",
            Disposition::Conformant => "conformant",
            Disposition::NonConformant => "non_conformant",
            Disposition::InspectionStale => "inspection_stale",
            Disposition::Unavailable => "unavailable",
            Disposition::Available => "available",
            Disposition::Recalled => "recalled",
            Disposition::Released => "released",
            Disposition::ReleaseStale => "release_stale",
        }
    }

    /// The disposition for a stored word.
    pub fn from_word(word: &str) -> Option<Disposition> {
        Disposition::ALL.into_iter().find(|d| d.word() == word)
    }

    /// The words on a screen.
    pub const fn title(self) -> Text {
        match self {
            Disposition::Active => text("Active", "有效"),
            Disposition::Inactive => text("No longer in use", "已停用"),
            Disposition::Destroyed => text("Destroyed", "已销毁"),
            Disposition::InProgress => text("In stock", "在库"),
            Disposition::InTransit => text("In transit", "运输中"),
            Disposition::Returned => text("Returned", "已退货"),
            Disposition::Conformant => text("Inspection passed", "检验合格"),
            Disposition::NonConformant => text("Inspection failed", "检验不合格"),
            Disposition::InspectionStale => text("Inspection no longer valid", "检验已失效"),
            Disposition::Unavailable => text("Held: do not move", "扣留：勿移动"),
            Disposition::Available => text("Hold released", "已解除扣留"),
            Disposition::Recalled => text("Recalled", "召回中"),
            Disposition::Released => text("Released", "已放行"),
            Disposition::ReleaseStale => text("Release no longer valid", "放行已失效"),
        }
    }

    /// True where somebody who meets the goods has to stop.
    pub const fn stops(self) -> bool {
        matches!(self, Disposition::Unavailable | Disposition::Recalled | Disposition::Destroyed)
    }

    /// True where it is worth a look before going on.
    pub const fn warns(self) -> bool {
        matches!(
            self,
            Disposition::NonConformant
                | Disposition::InspectionStale
                | Disposition::Inactive
                | Disposition::ReleaseStale
        )
    }
}

/// A code that names, or named, a subject.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Name {
    /// The code.
    pub key: CodeKey,
    /// Where the code stands.
    pub level: Level,
    /// False once it was taken off.
    pub open: bool,
}

/// What is so of one subject, as far as a decision needs it.
///
/// `contents` are batches: of a carton directly; of a pallet or shipment summed over all that is in it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct State {
    /// Its codes, former ones included.
    pub names: Vec<Name>,
    /// The containers it is directly in, the latest first: a carton on its pallet, or in the shipment
    /// itself. A shipment that was received stays, for it tells where the unit has been. Always empty for
    /// a batch.
    pub inside: Vec<Subject>,
    /// What it holds of each batch.
    pub contents: BTreeMap<Subject, Share>,
    /// How many cartons are in it, those on its pallets included.
    pub cartons: u64,
    /// Where it is.
    pub place: Option<Subject>,
    /// Its dispositions.
    pub marks: BTreeMap<Aspect, Disposition>,
    /// How much of it there is, as last counted or declared.
    pub counted: Option<Quantity>,
    /// A batch in it, or a container round it, that must not be moved; the first one found.
    pub stopped_by: Option<Subject>,
}

impl State {
    /// The level of its codes: carton or pallet for a logistic unit.
    pub fn level(&self) -> Option<Level> {
        self.names.iter().rev().find(|n| n.open).or(self.names.last()).map(|n| n.level)
    }

    /// The codes that are on it now.
    pub fn open_names(&self) -> impl Iterator<Item = &Name> {
        self.names.iter().filter(|n| n.open)
    }

    /// Its disposition in an aspect.
    pub fn mark(&self, aspect: Aspect) -> Option<Disposition> {
        self.marks.get(&aspect).copied()
    }

    /// True while it is held or recalled, itself or through what it holds or is in.
    pub fn is_stopped(&self) -> bool {
        self.stopped_by.is_some() || self.marks.values().any(|d| d.stops())
    }

    /// All pieces that are known to be in it; shares that are not known add nothing.
    pub fn pieces(&self) -> Pieces {
        self.contents.values().filter_map(|s| s.pieces()).sum()
    }

    /// True of a shipment that is not under way any more: what is in it was in it when it arrived, and
    /// nothing that happens to the goods later changes that.
    pub fn has_arrived(&self) -> bool {
        matches!(self.mark(Aspect::Custody), Some(Disposition::InProgress | Disposition::Returned))
    }

    /// The state of `me` after the effect, as far as the effect alone tells; what a container sums over
    /// the units in it is [`Known::apply`](crate::book::Known::apply)'s to add. Effects on other subjects
    /// change nothing.
    pub fn apply(&mut self, me: &Subject, effect: &Effect) {
        match effect {
            Effect::Named { subject, key, level } if subject == me => {
                match self.names.iter_mut().find(|n| n.key == *key) {
                    Some(name) => (name.level, name.open) = (*level, true),
                    None => self.names.push(Name { key: key.clone(), level: *level, open: true }),
                }
                self.marks.entry(Aspect::Life).or_insert(Disposition::Active);
            }
            Effect::Unnamed { subject, key } if subject == me => {
                self.names.iter_mut().filter(|n| n.key == *key).for_each(|n| n.open = false);
            }
            Effect::PutIn { content, container, share }
                if container == me && content.kind == SubjectKind::Batch =>
            {
                self.receive(content, *share);
            }
            Effect::TakenOut { content, container, share }
                if container == me && content.kind == SubjectKind::Batch =>
            {
                self.give(content, *share);
            }
            // A batch lies in as many containers as it has cartons; which ones, each of them tells.
            Effect::PutIn { content, container, .. }
                if content == me && me.kind != SubjectKind::Batch && !self.inside.contains(container) =>
            {
                self.inside.insert(0, container.clone());
            }
            Effect::TakenOut { content, container, .. } if content == me => {
                self.inside.retain(|s| s != container);
            }
            Effect::Moved { subject, place } if subject == me => self.place = Some(place.clone()),
            Effect::Marked { subject, disposition } if subject == me => {
                self.marks.insert(disposition.aspect(), *disposition);
            }
            Effect::Counted { subject, quantity } if subject == me => self.counted = Some(*quantity),
            _ => {}
        }
    }

    /// Takes so much of a batch in.
    pub(crate) fn receive(&mut self, content: &Subject, share: Share) {
        let now = match (self.contents.get(content), share) {
            (Some(Share::Exactly(had)), Share::Exactly(more)) => {
                Share::Exactly(Pieces(had.0.saturating_add(more.0)))
            }
            (None, share) => share,
            _ => Share::Unknown,
        };
        self.contents.insert(content.clone(), now);
    }

    /// Gives so much of a batch away.
    pub(crate) fn give(&mut self, content: &Subject, share: Share) {
        match (self.contents.get(content), share) {
            (Some(Share::Exactly(had)), Share::Exactly(less)) if less < *had => {
                self.contents.insert(content.clone(), Share::Exactly(Pieces(had.0 - less.0)));
            }
            // Taking an unknown part of a known number leaves a number that nobody knows.
            (Some(Share::Exactly(_)), Share::Unknown) | (Some(Share::Unknown), Share::Exactly(_)) => {
                self.contents.insert(content.clone(), Share::Unknown);
            }
            _ => {
                self.contents.remove(content);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(key: &str) -> Effect {
        Effect::Named { subject: Subject::batch("B"), key: CodeKey::text(key), level: Level::Product }
    }

    #[test]
    fn a_name_taken_off_stays_as_a_former_one() {
        let me = Subject::batch("B");
        let mut state = State::default();
        state.apply(&me, &named("one"));
        state.apply(&me, &named("two"));
        state.apply(&me, &Effect::Unnamed { subject: me.clone(), key: CodeKey::text("one") });
        assert_eq!(state.open_names().map(|n| n.key.as_str()).collect::<Vec<_>>(), ["two"]);
        assert_eq!(state.names.len(), 2);
        state.apply(&me, &named("one"));
        assert_eq!(state.open_names().count(), 2);
    }

    #[test]
    fn a_disposition_takes_the_place_of_the_former_of_its_aspect_only() {
        let me = Subject::batch("B");
        let mut state = State::default();
        for disposition in [Disposition::Conformant, Disposition::Unavailable, Disposition::InspectionStale] {
            state.apply(&me, &Effect::Marked { subject: me.clone(), disposition });
        }
        assert_eq!(state.mark(Aspect::Inspection), Some(Disposition::InspectionStale));
        assert!(state.is_stopped());
        state.apply(&me, &Effect::Marked { subject: me.clone(), disposition: Disposition::Available });
        assert!(!state.is_stopped());
    }

    #[test]
    fn what_nobody_counted_stays_unknown() {
        let (me, batch) = (Subject::logistic_unit("C"), Subject::batch("B"));
        let exactly = |n| Share::Exactly(Pieces(n));
        let after = |shares: &[(bool, Share)]| {
            let mut state = State::default();
            for (into, share) in shares {
                match into {
                    true => state.receive(&batch, *share),
                    false => state.give(&batch, *share),
                }
            }
            state.contents.get(&batch).copied()
        };
        assert_eq!(after(&[(true, exactly(5)), (true, Share::Unknown)]), Some(Share::Unknown));
        assert_eq!(after(&[(true, exactly(5)), (false, Share::Unknown)]), Some(Share::Unknown));
        assert_eq!(after(&[(true, exactly(5)), (false, exactly(7))]), None);
        let mut state = State::default();
        state.apply(
            &me,
            &Effect::PutIn { content: batch, container: Subject::logistic_unit("D"), share: exactly(1) },
        );
        assert!(state.contents.is_empty(), "it went into another");
    }

    #[test]
    fn every_disposition_reads_back_from_its_word() {
        for disposition in Disposition::ALL {
            assert_eq!(Disposition::from_word(disposition.word()), Some(disposition));
        }
    }
}
