//! The sign-off by which a batch (C15) or a shipment (C48, C59) is released, with what was found then. What
//! was let pass stays in it by name, for ever.

use super::{FiledBy, RecordKind};
use crate::{
    field::{Field, Input},
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "release",
    title: text("Release", "放行记录"),
    of: &[SubjectKind::Batch, SubjectKind::Shipment],
    expected: false,
    by: None,
    filed_by: FiledBy::Event,
    tells_apart: &[],
    fields: &[
        Field::must("released_by", text("Released by", "放行人"), Input::Line),
        Field::must("role", text("In the role of", "角色"), Input::Line),
        Field::must("released_on", text("Released on", "放行日期"), Input::Date),
        Field::may("cartons", text("Cartons released", "放行箱数"), Input::Count),
        Field::may("override_by", text("Let pass by", "破例批准人"), Input::Line),
        Field::may("override_role", text("Role of who let it pass", "破例批准人角色"), Input::Line),
        Field::may("override_reason", text("Reason for letting it pass", "破例原因"), Input::Text),
        Field::may("let_pass", text("What was let pass", "破例放行的问题"), Input::Text),
    ],
};
