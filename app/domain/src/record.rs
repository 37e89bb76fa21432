//! The kinds of fact that can be filed under a subject.
//!
//! A record kind is one file in `record/` and one word in the list below: its name, what it is filed
//! under, and its fields, which the form, the page and the import follow.

use crate::{
    field::{Field, Input},
    person::Role,
    subject::SubjectKind,
    text::Text,
    view::EntryRef,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// The fact that tells several of one subject apart: the level of an inspection, the number of a
    /// certificate. Filing another of the same takes the place of the former one; others stay beside it.
    pub by: Option<&'static str>,
    /// Who files it, and how.
    pub filed_by: FiledBy,
    /// The facts by which a person with the goods in hand tells one subject from another that carries the
    /// same code (C07), the first to look at first.
    pub tells_apart: &'static [&'static str],
    /// Its facts, in the order in which they are shown. A required one that is absent is shown as a gap.
    pub fields: &'static [Field],
}

/// How a record of a kind comes to be filed.
#[derive(Clone, Copy, Debug)]
pub enum FiledBy {
    /// By these roles, as it is (an administrator always may).
    Roles(&'static [Role]),
    /// By an event of its own only, which checks more than a record can; the event kind says so.
    Event,
}

/// Those who file what an event of theirs tells anyway.
const HANDS: FiledBy = FiledBy::Roles(&[Role::Buyer, Role::Factory, Role::Warehouse]);

/// The facts of a record, by the names of its fields.
pub type Facts = BTreeMap<String, String>;

/// A record as it is filed, with the entry that filed it; `None` while that is being written.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Filed {
    /// Its facts.
    pub facts: Facts,
    /// The entry.
    pub entry: Option<EntryRef>,
}

impl Filed {
    /// A fact; `None` where it is absent or empty.
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.facts.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }
}

/// The records of a subject, by their slots ([`RecordKind::slot`]).
pub type Records = BTreeMap<String, Filed>;

/// The records of a kind among them, each with what tells it apart.
pub fn of_kind<'r>(records: &'r Records, kind: &'r str) -> impl Iterator<Item = (&'r str, &'r Filed)> {
    records.iter().filter_map(move |(slot, filed)| match slot.strip_prefix(kind)? {
        "" => Some(("", filed)),
        rest => Some((rest.strip_prefix(':')?, filed)),
    })
}

impl RecordKind {
    /// True where the role files it as it is.
    pub fn files(&self, role: Role) -> bool {
        match self.filed_by {
            FiledBy::Roles(roles) => role == Role::Administrator || roles.contains(&role),
            FiledBy::Event => false,
        }
    }

    /// Where a record with these facts is kept under its subject: the kind's name, and what tells it apart
    /// from others of the kind: `certificate:CPC-2026-14`.
    pub fn slot(&self, facts: &Facts) -> String {
        match self.by.and_then(|by| facts.get(by)).map(|value| value.trim()).filter(|v| !v.is_empty()) {
            Some(which) => format!("{}:{which}", self.name),
            None => self.name.to_string(),
        }
    }

    /// The name under which it is kept that a field says this: the field's, and where several records of the
    /// kind stand beside one another with what tells them apart. `None` for a field that nothing is looked up by.
    pub fn refers(&self, field: &Field, value: &str) -> Option<String> {
        match (field.input, self.by) {
            (Input::Code(_) | Input::Listed, None) => Some(field.name.to_string()),
            (Input::Code(_) | Input::Listed, Some(by)) if by == field.name => {
                Some(format!("{}:{value}", field.name))
            }
            _ => None,
        }
    }
}

/// The record kinds that are filed as they are: those of which a record pack can have a table.
pub fn filed_as_they_are() -> impl Iterator<Item = &'static RecordKind> {
    RECORDS.iter().copied().filter(|record| matches!(record.filed_by, FiledBy::Roles(_)))
}

/// The kind of the record in a slot.
pub fn kind_of_slot(slot: &str) -> Option<&'static RecordKind> {
    record_named(slot.split_once(':').map_or(slot, |(kind, _)| kind))
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
    release,
    certificate,
    corrective_action,
    carton_range,
    waiver,
    material_change,
    bridge,
    alias,
    opened_source,
    legal_hold,
    complaint,
    material_lot,
    shipment,
    order_line,
    retained_sample,
    trace_plan,
    plan_for,
    agreement
];

/// True of a fact that names an approved revision: the batches that name the same are listed together (C14).
pub fn is_revision(name: &str) -> bool {
    approved_revision::KIND
        .fields
        .iter()
        .any(|field| field.name == name && matches!(field.input, Input::Listed))
}

/// True of the record kind whose facts name approved revisions.
pub fn names_revisions(record: &str) -> bool {
    record == approved_revision::KIND.name
}

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

    #[test]
    fn what_tells_records_apart_must_be_filled_in() {
        for record in RECORDS {
            let (Some(by), FiledBy::Roles(_)) = (record.by, record.filed_by) else { continue };
            let field = record.fields.iter().find(|f| f.name == by);
            assert!(field.is_some_and(|f| f.required), "{}: {by}", record.name);
            // What else stands for a subject could not be looked up by itself.
            let others = record.fields.iter().filter(|f| f.name != by);
            assert!(
                others.clone().all(|f| !matches!(f.input, Input::Code(_) | Input::Listed)),
                "{}",
                record.name
            );
        }
    }

    #[test]
    fn several_records_of_a_kind_stand_beside_one_another() {
        let of = |level: &str| Facts::from([("level".to_string(), level.to_string())]);
        assert_eq!(inspection_report::KIND.slot(&of("final")), "inspection_report:final");
        assert_eq!(kind_of_slot("inspection_report:final").map(|k| k.name), Some("inspection_report"));
        assert_eq!(run_sheet::KIND.slot(&of("final")), "run_sheet");
    }
}
