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
    /// What it may be filed under.
    pub of: &'static [SubjectKind],
    /// True where a subject without it has a gap (C18); else it is shown only where it was filed.
    pub expected: bool,
    /// The facts by which a person with the goods in hand tells one subject from another that carries the
    /// same code (C07), the first to look at first.
    pub tells_apart: &'static [&'static str],
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

records![
    trade_item,
    place,
    run_sheet,
    approved_revision,
    inspection_report,
    complaint,
    material_lot,
    shipment
];

/// The record kind of a name.
pub fn record_named(name: &str) -> Option<&'static RecordKind> {
    RECORDS.iter().copied().find(|r| r.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c07_what_tells_subjects_apart_is_a_fact_of_the_record() {
        for record in RECORDS {
            for name in record.tells_apart {
                assert!(record.fields.iter().any(|f| f.name == *name), "{}: {name}", record.name);
            }
        }
    }
}
