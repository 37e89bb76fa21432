//! A record that somebody by name does without, for one batch: why, and until when (C51).

use super::{FiledBy, RecordKind};
use crate::{
    completeness::WAIVABLE,
    field::{Field, Input},
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "waiver",
    title: text("Waiver", "豁免"),
    of: &[SubjectKind::Batch],
    expected: false,
    by: Some("what"),
    filed_by: FiledBy::Event,
    tells_apart: &[],
    fields: &[
        Field::must("what", text("What is done without", "豁免事项"), Input::Choice(WAIVABLE)),
        Field::must("waived_by", text("Waived by", "豁免批准人"), Input::Line),
        Field::must("role", text("In the role of", "角色"), Input::Line),
        Field::must("reason", text("Reason", "原因"), Input::Text),
    ],
};
