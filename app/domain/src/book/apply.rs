//! Carrying an outcome over, so that the next draft is decided on what this one left.

use super::Known;
use crate::{
    event::Outcome,
    quantity::Share,
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
        for effect in &outcome.effects {
            if let Effect::Named { subject, key, .. } = effect {
                let named = self.names.entry(key.clone()).or_default();
                if !named.contains(subject) {
                    named.push(subject.clone());
                }
            }
            self.carry_outwards(effect);
            for subject in effect.subjects() {
                self.states.entry(subject.clone()).or_default().apply(subject, effect);
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
        let cartons = if state.level() == Some(Level::Pallet) { state.cartons } else { 1 };
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
