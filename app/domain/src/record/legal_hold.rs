//! A legal hold: nothing about the batch or trade item is purged while it lasts, whatever the period (C58).

use super::{FiledBy, RecordKind};
use crate::{
    field::{Field, Input},
    person::Role,
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "legal_hold",
    title: text("Legal hold", "法律保全"),
    of: &[SubjectKind::Batch, SubjectKind::TradeItem],
    expected: false,
    by: None,
    filed_by: FiledBy::Roles(&[Role::Buyer]),
    tells_apart: &[],
    fields: &[
        Field::must("matter", text("Matter", "事由"), Input::Line),
        Field::must("held_by", text("Ordered by", "提出人"), Input::Line),
        Field::must("held_from", text("From", "起始日期"), Input::Date),
        Field::may("lifted_on", text("Lifted on", "解除日期"), Input::Date),
    ],
};
