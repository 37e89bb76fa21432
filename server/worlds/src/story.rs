//! Who writes what down, and when.

use crate::names::{BUYERS, FACTORY, INSPECTORS, WAREHOUSE};
use domain::{
    event::{EventDraft, Evidence},
    person::{Person, Role},
    time::{Time, Zone},
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use uuid::Builder;

/// What a record is about: by this a test finds the one that it leaves out or spoils.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Tells {
    /// A place.
    Place,
    /// A trade item and its GTIN.
    TradeItem,
    /// A revision of a trace plan.
    Plan,
    /// That a party accepted it.
    Agreement,
    /// A certificate.
    Certificate,
    /// A test report.
    TestReport,
    /// An incoming material lot.
    MaterialLot,
    /// That a run was opened.
    Opening,
    /// That it was made, how many pieces and of what.
    Run,
    /// An inspection while it was made.
    Inline,
    /// The inspection when it was made.
    Final,
    /// A sample that is kept.
    Sample,
    /// One carton and what is in it.
    Carton,
    /// Carton numbers with what is in each.
    CartonRange,
    /// A person's answer to a material change.
    Answer,
    /// That a batch was signed off.
    SignOff,
    /// That a shipment was put together.
    Together,
    /// Where it goes, and under which papers.
    Papers,
    /// A line of a purchase order.
    OrderLine,
    /// A line of an invoice.
    InvoiceLine,
    /// That a line belongs to a batch.
    Bridge,
    /// How much of each batch is in a shipment.
    Composition,
    /// That a shipment may leave.
    Release,
    /// That it left.
    Shipped,
    /// That it arrived.
    Received,
}

/// Something that somebody wrote down.
#[derive(Clone, PartialEq, Debug)]
pub struct Recorded {
    /// What it is about.
    pub tells: Tells,
    /// The batches of whose six records it is a part: without it none of them is complete.
    pub records_of: Vec<String>,
    /// Who hands it in.
    pub person: Person,
    /// When that is.
    pub recorded_at: Time,
    /// What it says.
    pub draft: EventDraft,
}

/// The story as it is being told.
#[derive(Debug)]
pub struct Story {
    pub(crate) rng: ChaCha8Rng,
    pub(crate) recorded: Vec<Recorded>,
    now: Time,
}

const ZONE: Zone = Zone(480);
const DAY: i64 = 24 * 60;
/// Monday, 5 January 2026, eight in the morning in Dongguan.
const BEGINNING: Time = Time(1_767_571_200_000);

impl Story {
    /// A story of a seed.
    pub(crate) fn of(seed: u64) -> Story {
        Story { rng: ChaCha8Rng::seed_from_u64(seed), recorded: vec![], now: BEGINNING }
    }

    /// One of several.
    pub(crate) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.rng.random_range(0..all.len())]
    }

    /// Today.
    pub(crate) fn today(&self) -> String {
        self.now.date(ZONE)
    }

    /// The day so many days from now; before now where negative.
    pub(crate) fn in_days(&self, days: i64) -> String {
        self.now.plus_minutes(days * DAY).date(ZONE)
    }

    /// So many days pass, and it is morning again; where none does, it stays as late as it is.
    pub(crate) fn days_pass(&mut self, days: i64) {
        if days == 0 {
            return;
        }
        let since = (self.now.0 - BEGINNING.0) / (DAY * 60_000);
        self.now = BEGINNING.plus_minutes((since + days) * DAY);
    }

    /// Somebody in a role writes something down; it is handed in a minute later.
    pub(crate) fn writes(
        &mut self,
        role: Role,
        tells: Tells,
        records_of: &[&str],
        kind: &str,
        payload: Value,
    ) -> &mut Recorded {
        self.now = self.now.plus_minutes(2);
        let draft = EventDraft {
            id: Builder::from_custom_bytes(self.rng.random()).into_uuid(),
            kind: kind.into(),
            event_time: self.now,
            zone: ZONE,
            place: None,
            evidence: Evidence::Declared,
            note: None,
            source: None,
            payload,
        };
        let person = self.person(role);
        let records_of = records_of.iter().map(|batch| batch.to_string()).collect();
        let recorded_at = self.now.plus_minutes(1);
        let last = self.recorded.len();
        self.recorded.push(Recorded { tells, records_of, person, recorded_at, draft });
        &mut self.recorded[last]
    }

    fn person(&mut self, role: Role) -> Person {
        let names = match role {
            Role::Factory => FACTORY,
            Role::Warehouse | Role::Retailer => WAREHOUSE,
            Role::Inspector => INSPECTORS,
            Role::Buyer | Role::Administrator => BUYERS,
        };
        let which = self.rng.random_range(0..names.len());
        Person { id: format!("{}-{which}", role.word()), name: names[which].into(), role }
    }
}
