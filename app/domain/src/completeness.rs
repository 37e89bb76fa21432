//! Completeness (C18): the six record kinds of a batch, each with what is missing by name, who owes it and
//! since when. Computed from the dossier; nobody ticks anything.

mod approved;
mod inspection;
mod kept;
mod mapping;
mod materials;
mod run_sheet;

pub use run_sheet::{PRINTED, levels};

use crate::{
    dossier::Dossier,
    event::Evidence,
    person::Role,
    subject::Subject,
    text::{Said, Text, text},
    time::Time,
    view::EntryRef,
};
use serde::{Deserialize, Serialize};

/// One of the six record kinds that make a batch complete.
#[derive(Debug)]
pub struct Six {
    /// Its word: what a trace plan asks for by it.
    pub name: &'static str,
    /// Its name on a screen.
    pub title: Text,
    look: fn(&Dossier, &mut Look),
}

/// The six, in the order in which a batch lives through them.
pub static SIX: [Six; 6] = [
    Six { name: "run_sheet", title: text("Run sheet", "生产记录单"), look: run_sheet::look },
    Six { name: "material_lot", title: text("Incoming materials", "来料记录"), look: materials::look },
    Six { name: "approved_revision", title: text("Approved revision", "核准版本"), look: approved::look },
    Six {
        name: "inspection_report",
        title: text("Inspection and release", "检验与放行"),
        look: inspection::look,
    },
    Six {
        name: "carton_range",
        title: text("Carton and shipment mapping", "外箱与货运单对应"),
        look: mapping::look,
    },
    Six {
        name: "retained_sample",
        title: text("Retained samples and corrective actions", "留样与纠正措施"),
        look: kept::look,
    },
];

/// What may be done without, by a named waiver.
pub const WAIVABLE: &[(&str, Text)] = &[
    ("retained_sample", text("Retained sample", "留样")),
    ("inline_inspection", text("Inline inspection", "生产中检验")),
];

/// How far one of the six has come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Everything is there.
    Complete,
    /// Something is there, and something missing.
    Partial,
    /// Nothing is there.
    Missing,
    /// The trace plan does not ask for it.
    NotAsked,
}

/// The state of one of the six.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RecordState {
    /// Which, by its word.
    pub name: String,
    /// How far it has come.
    pub standing: Standing,
    /// What is missing, by name.
    pub gaps: Vec<Gap>,
    /// The records that are there.
    pub entries: Vec<EntryRef>,
}

/// Something that is missing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Gap {
    /// The fact, for programs: `run_sheet.line`, `material_lot.receipt`.
    pub fact: String,
    /// What is missing, in words.
    pub said: Said,
    /// Who owes it.
    pub owes: Role,
    /// Since when.
    pub since: Time,
    /// The form that mends it.
    pub door: Door,
}

/// The one form that mends something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// A record of this kind, filed under the subject.
    Record {
        /// The record kind.
        record: String,
        /// Filed under what.
        subject: Subject,
    },
    /// An event of this kind, about the subject.
    Event {
        /// The event kind.
        kind: String,
        /// About what.
        subject: Subject,
    },
}

impl Door {
    /// The form of a record.
    pub fn record(record: &str, subject: &Subject) -> Door {
        Door::Record { record: record.into(), subject: subject.clone() }
    }

    /// The form of an event.
    pub fn event(kind: &str, subject: &Subject) -> Door {
        Door::Event { kind: kind.into(), subject: subject.clone() }
    }
}

/// The six of a batch.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Completeness {
    /// Each of the six.
    pub records: Vec<RecordState>,
}

impl Completeness {
    /// How many are complete.
    pub fn complete(&self) -> usize {
        self.records.iter().filter(|r| r.standing == Standing::Complete).count()
    }

    /// How many are asked for.
    pub fn asked(&self) -> usize {
        self.records.iter().filter(|r| r.standing != Standing::NotAsked).count()
    }

    /// True where nothing that is asked for is missing.
    pub fn is_complete(&self) -> bool {
        self.complete() == self.asked()
    }

    /// Everything that is missing.
    pub fn gaps(&self) -> impl Iterator<Item = &Gap> {
        self.records.iter().flat_map(|record| &record.gaps)
    }
}

const TESTIMONY: Text = text(
    "Entry {seq} is testimony: somebody remembers it, and no record stands behind it. Hand in the record.",
    "条目 {seq} 仅为口述，背后没有记录。请补交记录。",
);

/// What one look found.
pub(crate) struct Look {
    name: &'static str,
    door: Door,
    since: Time,
    there: bool,
    gaps: Vec<Gap>,
    entries: Vec<EntryRef>,
}

impl Look {
    /// Notes a record that is there. What somebody only remembers is no record, and completes nothing (C53).
    fn finds(&mut self, entry: Option<&EntryRef>) {
        self.there = true;
        if let Some(entry) = entry.filter(|entry| entry.evidence == Evidence::Testimony) {
            let said = TESTIMONY.with(&[("seq", &entry.seq.to_string())]);
            let door = self.door.clone();
            self.misses(format!("{}.testimony", self.name), said, Role::Factory, door);
        }
        self.entries.extend(entry.filter(|e| self.entries.iter().all(|known| known.seq != e.seq)).cloned());
    }

    /// Notes what is missing.
    fn misses(&mut self, fact: impl Into<String>, said: Said, owes: Role, door: Door) {
        self.gaps.push(Gap { fact: fact.into(), said, owes, since: self.since, door });
    }
}

/// The completeness of a batch.
pub fn of(dossier: &Dossier) -> Completeness {
    let plan = dossier.plan().filter(|plan| plan.is_locked());
    let asked = plan.map(|plan| plan.required_records());
    let state = |six: &Six| {
        let mut look = Look {
            name: six.name,
            door: Door::record(six.name, &dossier.batch),
            since: dossier.since,
            there: false,
            gaps: vec![],
            entries: vec![],
        };
        (six.look)(dossier, &mut look);
        let is_asked = asked.as_ref().is_none_or(|asked| asked.contains(&six.name));
        let standing = match (is_asked, look.there, look.gaps.is_empty()) {
            (_, true, true) => Standing::Complete,
            (false, ..) => Standing::NotAsked,
            (_, false, _) => Standing::Missing,
            (_, true, false) => Standing::Partial,
        };
        let gaps = if is_asked { look.gaps } else { vec![] };
        RecordState { name: six.name.into(), standing, gaps, entries: look.entries }
    };
    Completeness { records: SIX.iter().map(state).collect() }
}
