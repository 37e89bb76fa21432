//! Carrying an outcome over, so that the next draft is decided on what this one left.

use super::Known;
use crate::{
    event::Outcome,
    quantity::Share,
    record::{Filed, record_named},
    state::Effect,
    subject::{Level, Subject, SubjectKind},
};

/// What a unit brings along into a container, or takes with it out of one.
struct Load {
    batches: Vec<(Subject, Share)>,
    cartons: u64,
}

impl Known {
    /// Applies every effect of an outcome. [`Effect::Reversed`] needs what the book does not have open:
    /// after a correction the book is to be opened anew.
    pub fn apply(&mut self, outcome: &Outcome) {
        // Of what is in the book already, records that were not looked up stay so: one of them alone would pass
        // for all.
        let new = |subject: &Subject| !self.states.contains_key(subject);
        let filed = outcome.effects.iter().filter_map(|effect| match effect {
            Effect::Filed { subject, .. } => Some(subject),
            _ => None,
        });
        for subject in filed.filter(|subject| new(subject)).cloned().collect::<Vec<_>>() {
            self.records.entry(subject).or_default();
        }
        for effect in &outcome.effects {
            if let Effect::Named { subject, key, .. } = effect {
                let named = self.names.entry(key.clone()).or_default();
                if !named.contains(subject) {
                    named.push(subject.clone());
                }
            }
            if let Effect::Filed { subject, record, facts } = effect
                && let Some(kind) = record_named(record)
                && let Some(records) = self.records.get_mut(subject)
            {
                records.insert(kind.slot(facts), Filed { facts: facts.clone(), entry: None });
            }
            self.carry_outwards(effect);
            for subject in effect.subjects() {
                self.states.entry(subject.clone()).or_default().apply(subject, effect);
                self.note_stop(subject);
            }
        }
    }

    /// A pallet or shipment tells its batches and cartons summed over all that is in it, so what a unit
    /// brings along has to be added there as well.
    fn carry_outwards(&mut self, effect: &Effect) {
        let (content, direct, into) = match effect {
            Effect::PutIn { content, container, .. } => (content, container, true),
            Effect::TakenOut { content, container, .. } => (content, container, false),
            _ => return,
        };
        let was_in = self.states.get(content).is_some_and(|s| s.inside.contains(direct));
        if content.kind != SubjectKind::Batch && was_in == into {
            return;
        }
        let load = self.load(effect, content);
        let mut outward = match content.kind {
            // The direct container takes a batch by the effect itself; only what is round it is left.
            SubjectKind::Batch => self.round(direct),
            _ => vec![direct.clone()],
        };
        let mut seen = Vec::new();
        while let Some(container) = outward.pop() {
            if seen.contains(&container) {
                continue;
            }
            let state = self.states.entry(container.clone()).or_default();
            for (batch, share) in &load.batches {
                match into {
                    true => state.receive(batch, *share),
                    false => state.give(batch, *share),
                }
            }
            state.cartons = match into {
                true => state.cartons.saturating_add(load.cartons),
                false => state.cartons.saturating_sub(load.cartons),
            };
            outward.extend(self.round(&container));
            seen.push(container);
        }
    }

    fn load(&self, effect: &Effect, content: &Subject) -> Load {
        if let (SubjectKind::Batch, Effect::PutIn { share, .. } | Effect::TakenOut { share, .. }) =
            (content.kind, effect)
        {
            return Load { batches: vec![(content.clone(), *share)], cartons: 0 };
        }
        let Some(state) = self.states.get(content) else { return Load { batches: vec![], cartons: 1 } };
        let batches = state.contents.iter().map(|(batch, share)| (batch.clone(), *share)).collect();
        // Everything but a pallet counts itself, and whatever stands in it besides.
        let itself = u64::from(state.level() != Some(Level::Pallet));
        let cartons = state.cartons.saturating_add(itself);
        Load { batches, cartons }
    }

    /// The containers directly round a subject whose sums still follow it.
    fn round(&self, subject: &Subject) -> Vec<Subject> {
        let inside = self.states.get(subject).map(|s| s.inside.as_slice()).unwrap_or_default();
        inside.iter().filter(|c| !self.has_arrived(c)).cloned().collect()
    }

    /// True of a shipment that is not under way any more.
    pub(crate) fn has_arrived(&self, container: &Subject) -> bool {
        container.kind == SubjectKind::Shipment && self.states.get(container).is_some_and(|s| s.has_arrived())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{quantity::Pieces, state::State};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const CARTONS: usize = 6;
    const PALLETS: usize = 3;

    /// One thing that can happen to six cartons, three pallets and two shipments.
    #[derive(Clone, Debug)]
    enum Step {
        Pack { carton: usize, batch: usize, pieces: u64 },
        Empty { carton: usize },
        Stack { carton: usize, pallet: usize },
        Ship { pallet: usize, shipment: usize },
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..CARTONS, 0..3_usize, 1..50_u64).prop_map(|(carton, batch, pieces)| Step::Pack {
                carton,
                batch,
                pieces
            }),
            (0..CARTONS).prop_map(|carton| Step::Empty { carton }),
            (0..CARTONS, 0..PALLETS).prop_map(|(carton, pallet)| Step::Stack { carton, pallet }),
            (0..PALLETS, 0..2_usize).prop_map(|(pallet, shipment)| Step::Ship { pallet, shipment }),
        ]
    }

    fn carton(i: usize) -> Subject {
        Subject::logistic_unit(format!("C{i}"))
    }
    fn pallet(i: usize) -> Subject {
        Subject::logistic_unit(format!("P{i}"))
    }

    fn outcome_of(effects: Vec<Effect>) -> Outcome {
        let mut outcome = Outcome::default();
        effects.into_iter().for_each(|effect| outcome.effect(effect));
        outcome
    }

    fn commissioned() -> Known {
        let mut book = Known::new();
        let names = (0..CARTONS).map(|i| (carton(i), Level::Carton));
        let names = names.chain((0..PALLETS).map(|i| (pallet(i), Level::Pallet)));
        let effects = names
            .map(|(subject, level)| {
                let key = crate::code::CodeKey::text(&subject.key);
                Effect::Named { subject, key, level }
            })
            .collect();
        book.apply(&outcome_of(effects));
        book
    }

    /// The effects of a step: a unit leaves what it is in before it goes elsewhere.
    fn effects(book: &Known, step: &Step) -> Vec<Effect> {
        let into = |unit: Subject, container: Subject| {
            let inside = book.state(&unit).map(|s| s.inside.clone()).unwrap_or_default();
            let out = inside.into_iter().map({
                let unit = unit.clone();
                move |container| Effect::TakenOut { content: unit.clone(), container, share: Share::Unknown }
            });
            let put = Effect::PutIn { content: unit, container, share: Share::Unknown };
            out.chain([put]).collect()
        };
        match step {
            Step::Pack { carton: i, batch, pieces } => {
                let (content, share) = (Subject::batch(format!("B{batch}")), Share::Exactly(Pieces(*pieces)));
                vec![Effect::PutIn { content, container: carton(*i), share }]
            }
            Step::Empty { carton: i } => {
                let contents = book.state(&carton(*i)).map(|s| s.contents.clone()).unwrap_or_default();
                let out = |(content, share)| Effect::TakenOut { content, container: carton(*i), share };
                contents.into_iter().map(out).collect()
            }
            Step::Stack { carton: c, pallet: p } => into(carton(*c), pallet(*p)),
            Step::Ship { pallet: p, shipment } => into(pallet(*p), Subject::shipment(format!("S{shipment}"))),
        }
    }

    /// What a container should tell, summed afresh over the cartons in it.
    fn summed(book: &Known, container: &Subject) -> (BTreeMap<Subject, u64>, u64) {
        let (mut batches, mut cartons) = (BTreeMap::new(), 0);
        for unit in (0..CARTONS).map(carton).filter(|unit| book.is_within(unit, container)) {
            cartons += 1;
            for (batch, share) in &book.state(&unit).cloned().unwrap_or_default().contents {
                *batches.entry(batch.clone()).or_default() += share.pieces().map_or(0, |p| p.0);
            }
        }
        (batches, cartons)
    }

    proptest! {
        #[test]
        fn sums_over_containers_hold_after_any_run_of_events(steps in prop::collection::vec(step(), 0..60)) {
            let mut book = commissioned();
            for step in &steps {
                let effects = effects(&book, step);
                book.apply(&outcome_of(effects));
            }
            let shipments = (0..2).map(|i| Subject::shipment(format!("S{i}")));
            for container in (0..PALLETS).map(pallet).chain(shipments) {
                let state = book.state(&container).cloned().unwrap_or_default();
                let told = state.contents.iter().map(|(b, s)| (b.clone(), s.pieces().map_or(0, |p| p.0)));
                prop_assert_eq!((told.collect(), state.cartons), summed(&book, &container), "{}", container);
            }
        }

        #[test]
        fn taking_out_what_was_put_in_restores_the_contents(
            had in prop::collection::btree_map(0..4_u8, 1..1000_u64, 0..4), batch in 0..4_u8, pieces in 1..1000_u64,
        ) {
            let container = carton(0);
            let contents: BTreeMap<Subject, Share> = had
                .into_iter()
                .map(|(batch, n)| (Subject::batch(batch.to_string()), Share::Exactly(Pieces(n))))
                .collect();
            let before = State { contents, ..State::default() };
            let (content, share) = (Subject::batch(batch.to_string()), Share::Exactly(Pieces(pieces)));
            let mut state = before.clone();
            state.apply(&container, &Effect::PutIn { content: content.clone(), container: container.clone(), share });
            prop_assert_ne!(&state, &before);
            state.apply(&container, &Effect::TakenOut { content, container: container.clone(), share });
            prop_assert_eq!(state, before);
        }
    }
}
