//! What goes wrong with records themselves: one is never made, one is handed in days later, one twice.

use crate::{World, story::Recorded, truth::Lost};
use rand::Rng;

/// How often each happens, out of a thousand records.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Mishaps {
    /// Nobody makes the record.
    pub drops: u32,
    /// It is handed in up to three days later, with the time at which it happened.
    pub delays: u32,
    /// It is handed in twice.
    pub repeats: u32,
}

impl Mishaps {
    /// Everything is recorded once, at once.
    pub const NONE: Mishaps = Mishaps { drops: 0, delays: 0, repeats: 0 };

    /// Lets them happen to a world, and writes into its truth what got lost.
    pub(crate) fn happen(&self, world: &mut World, rng: &mut impl Rng) {
        const DAYS: i64 = 3;
        let mut recorded = vec![];
        for record in std::mem::take(&mut world.recorded) {
            // Each is drawn whether or not it counts: so another rate changes nothing else.
            let mut happens = |often: u32| rng.random_range(0..1000) < often;
            let (dropped, late, twice) = (happens(self.drops), happens(self.delays), happens(self.repeats));
            let minutes = rng.random_range(60..DAYS * 24 * 60);
            if dropped {
                world.truth.lost.push(Lost { tells: record.tells, batches: record.records_of });
                continue;
            }
            recorded.extend(twice.then(|| record.clone()));
            let later = if late { minutes } else { 0 };
            recorded.push(Recorded { recorded_at: record.recorded_at.plus_minutes(later), ..record });
        }
        recorded.sort_by_key(|record| record.recorded_at);
        world.recorded = recorded;
    }
}
