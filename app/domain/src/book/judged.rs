//! What is open besides names and states: records, dossiers, shipments at the gate, and short marks.

use super::Known;
use crate::{code::CodeKey, dossier::Dossier, gate::Loaded, record::Records, subject::Subject};

/// That a short mark stands for a subject between two days, both included (C06).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alias {
    /// For what.
    pub subject: Subject,
    /// From this day on, `2026-03-04`.
    pub from: String,
    /// To this day.
    pub to: String,
}

impl Alias {
    /// True where it counts on a day.
    pub fn counts_on(&self, day: &str) -> bool {
        self.from.as_str() <= day && day <= self.to.as_str()
    }
}

impl Known {
    /// Tells the records of a subject, none among them.
    pub fn learn_records(&mut self, subject: Subject, records: Records) {
        self.records.insert(subject, records);
    }

    /// True where the records of a subject were looked up, whatever came of it.
    pub fn has_records(&self, subject: &Subject) -> bool {
        self.records.contains_key(subject)
    }

    /// The records of a subject; none where they were not looked up.
    pub fn records(&self, subject: &Subject) -> &Records {
        static NONE: Records = Records::new();
        self.records.get(subject).unwrap_or(&NONE)
    }

    /// Tells everything that a judgment about a batch rests on.
    pub fn learn_dossier(&mut self, dossier: Dossier) {
        self.dossiers.insert(dossier.batch.clone(), dossier);
    }

    /// The dossier of a batch, where it was gathered.
    pub fn dossier(&self, batch: &Subject) -> Option<&Dossier> {
        self.dossiers.get(batch)
    }

    /// Tells what a shipment holds, as the gate looks at it.
    pub fn learn_loaded(&mut self, loaded: Loaded) {
        self.loaded.insert(loaded.subject.clone(), loaded);
    }

    /// What a shipment holds, where that was gathered.
    pub fn loaded(&self, shipment: &Subject) -> Option<&Loaded> {
        self.loaded.get(shipment)
    }

    /// Tells for what a short mark stands, and when.
    pub fn learn_alias(&mut self, mark: CodeKey, alias: Alias) {
        self.aliases.entry(mark).or_default().push(alias);
    }

    /// Turns to a draft that happened on this day.
    pub fn turn_to(&mut self, day: String) {
        self.day = day;
    }
}
