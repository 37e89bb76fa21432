//! That a party accepted a revision of a trace plan. When buyer and factory both have, it is locked.

use super::{FiledBy, RecordKind};
use crate::{
    field::{Field, Input},
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "agreement",
    title: text("Agreement", "确认"),
    of: &[SubjectKind::TracePlan],
    expected: false,
    by: Some("step"),
    filed_by: FiledBy::Event,
    tells_apart: &[],
    fields: &[
        Field::must("step", text("Revision and party", "版本与当事方"), Input::Line),
        Field::must("accepted_by", text("Accepted by", "确认人"), Input::Line),
        Field::must("accepted_on", text("Accepted on", "确认日期"), Input::Date),
    ],
};
