//! That the record of one thing belongs to a batch: an order or invoice line (C10), or what was kept under
//! another lot code (C49). Joined by a named person, never by likeness alone.

use super::{FiledBy, RecordKind};
use crate::{
    field::{Field, Input},
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "bridge",
    title: text("Bridge", "桥接"),
    of: &[SubjectKind::OrderLine, SubjectKind::Batch],
    expected: false,
    by: Some("bridged_to"),
    filed_by: FiledBy::Event,
    tells_apart: &[],
    fields: &[
        Field::must("bridged_to", text("Belongs to batch", "所属批次"), Input::Code(&[SubjectKind::Batch])),
        Field::may("pieces", text("Pieces of it", "件数"), Input::Count),
        Field::must("bridged_by", text("Joined by", "确认人"), Input::Line),
        Field::must("grounds", text("Grounds", "依据"), Input::Text),
    ],
};
