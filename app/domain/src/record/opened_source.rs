//! A sealed source that was opened: the name, and under which of the agreed conditions (C52).

use super::{FiledBy, RecordKind};
use crate::{
    field::{Field, Input},
    seal::TRIGGERS,
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "opened_source",
    title: text("Opened source", "已公开的来源"),
    of: &[SubjectKind::MaterialLot, SubjectKind::Batch],
    expected: false,
    by: Some("field"),
    filed_by: FiledBy::Event,
    tells_apart: &[],
    fields: &[
        Field::must("field", text("Which source", "来源项"), Input::Line),
        Field::must("source_name", text("Name", "名称"), Input::Line),
        Field::must("condition", text("Condition", "公开条件"), Input::Choice(TRIGGERS)),
        Field::must("reason", text("Reason", "原因"), Input::Text),
        Field::must("opened_by", text("Opened by", "公开人"), Input::Line),
    ],
};
