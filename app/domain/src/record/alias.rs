//! A short mark that stands for something between two days, and for nothing outside them (C06).

use super::{FiledBy, RecordKind};
use crate::{
    field::{Field, Input},
    person::Role,
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "alias",
    title: text("Alias", "简称"),
    of: &[SubjectKind::Shipment, SubjectKind::Batch, SubjectKind::LogisticUnit],
    expected: false,
    by: Some("mark"),
    filed_by: FiledBy::Roles(&[Role::Warehouse, Role::Factory, Role::Buyer]),
    tells_apart: &[],
    fields: &[
        Field::must("mark", text("Short mark", "简写唛头"), Input::Listed)
            .help(text("As it stands on the goods or papers.", "与货物或单据上的写法一致。")),
        Field::must("valid_from", text("Valid from", "生效日期"), Input::Date),
        Field::must("valid_to", text("Valid to (that day included)", "失效日期（含当日）"), Input::Date),
    ],
};
