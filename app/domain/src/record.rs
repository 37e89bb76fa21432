//! The kinds of fact that can be filed under a subject.
//!
//! A record kind is one file in `record/` and one word in the list below: its name, what it is filed
//! under, and its fields, which the form, the page and the import follow.

use crate::{field::Field, subject::SubjectKind, text::Text};

/// A kind of record.
#[derive(Debug)]
pub struct RecordKind {
    /// Its name in stored text and in `filing` drafts.
    pub name: &'static str,
    /// Its name on a screen.
    pub title: Text,
    /// What it is filed under.
    pub of: SubjectKind,
    /// Its facts, in the order in which they are shown. A required one that is absent is shown as a gap.
    pub fields: &'static [Field],
}

macro_rules! records {
    ($($file:ident),* $(,)?) => {
        $(pub mod $file;)*
        /// Every record kind there is.
        pub static RECORDS: &[&RecordKind] = &[$(&$file::KIND),*];
    };
}

records![trade_item, place, run_sheet, approved_revision, material_lot, shipment];

/// The record kind of a name.
pub fn record_named(name: &str) -> Option<&'static RecordKind> {
    RECORDS.iter().copied().find(|r| r.name == name)
}
