//! When an opened book can be gone on with, and when it has to be opened anew.

use domain::{
    book::Known,
    event::Outcome,
    quantity::Share,
    state::{Aspect, Disposition, Effect, State},
    subject::{Subject, SubjectKind},
};

/// True where [`Known::apply`] comes to the same as opening the book anew would: sums over unknown
/// shares, corrections and shipments that set out again are beyond it.
pub(crate) fn follows(known: &Known, outcome: &Outcome) -> bool {
    outcome.effects.iter().all(|effect| match effect {
        Effect::Reversed { .. } => false,
        Effect::Marked { subject, disposition } => {
            let state = known.state(subject);
            let sets_out = subject.kind == SubjectKind::Shipment
                && disposition.aspect() == Aspect::Custody
                && state.is_some_and(State::has_arrived)
                && *disposition == Disposition::InTransit;
            // A unit held within another stops that too, and only an opened book tells.
            let stops = matches!(disposition.aspect(), Aspect::Hold | Aspect::Recall);
            !(sets_out || stops && subject.kind == SubjectKind::LogisticUnit)
        }
        Effect::PutIn { content, container, .. } => {
            let inside = |s: &Subject| known.state(s).is_some_and(|s| s.inside.contains(container));
            content.kind == SubjectKind::Batch || !inside(content) && !stopped(known, content)
        }
        Effect::TakenOut { content, container, share } => match content.kind {
            SubjectKind::Batch => {
                let held = known.state(container).and_then(|s| s.contents.get(content)).copied();
                matches!((held, share), (Some(Share::Exactly(had)), Share::Exactly(less)) if *less <= had)
            }
            _ => {
                let unknown = known
                    .state(content)
                    .is_some_and(|s| s.contents.values().any(|share| *share == Share::Unknown));
                !unknown && !stopped(known, content)
            }
        },
        _ => true,
    })
}

fn stopped(known: &Known, unit: &Subject) -> bool {
    known.state(unit).is_some_and(State::is_stopped)
}
