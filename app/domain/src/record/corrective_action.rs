//! What was done about something that went wrong in a batch, by its number (C17).

use super::{FiledBy, RecordKind};
use crate::{
    field::{Field, Input},
    person::Role,
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "corrective_action",
    title: text("Corrective action", "纠正措施"),
    of: &[SubjectKind::Batch],
    expected: false,
    by: Some("number"),
    filed_by: FiledBy::Roles(&[Role::Factory, Role::Inspector, Role::Buyer]),
    tells_apart: &[],
    fields: &[
        Field::must("number", text("Number", "编号"), Input::Line),
        Field::must("problem", text("What went wrong", "问题"), Input::Text),
        Field::may("cause", text("Cause", "原因"), Input::Text),
        Field::must("action", text("What is done about it", "措施"), Input::Text),
        Field::must("responsible", text("Who sees to it", "负责人"), Input::Line),
        Field::may("due_on", text("Due on", "期限"), Input::Date),
        Field::may("closed_on", text("Closed on", "关闭日期"), Input::Date),
        Field::may("photo", text("Photo", "照片"), Input::Photo),
    ],
};
