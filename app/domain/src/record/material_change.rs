//! A person's answer to a change between a batch and the one it is compared with: could it affect
//! compliance (16 CFR 1107.23, C56)?

use super::{FiledBy, RecordKind};
use crate::{
    field::{Field, Input},
    subject::SubjectKind,
    text::{Text, text},
};

/// The answers.
pub const ANSWERS: &[(&str, Text)] = &[
    ("no", text("No, it could not affect compliance", "否，不会影响合规")),
    ("yes", text("Yes, it could affect compliance", "是，可能影响合规")),
];

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "material_change",
    title: text("Material change", "重大变更"),
    of: &[SubjectKind::Batch],
    expected: false,
    by: Some("what"),
    filed_by: FiledBy::Event,
    tells_apart: &[],
    fields: &[
        Field::must("what", text("What changed", "变更项"), Input::Line),
        Field::must("before", text("Before", "变更前"), Input::Line),
        Field::must("after", text("After", "变更后"), Input::Line),
        Field::must("affects", text("Could it affect compliance?", "是否可能影响合规？"), Input::Choice(ANSWERS)),
        Field::must("reason", text("Reason", "理由"), Input::Text),
        Field::must("judged_by", text("Answered by", "判定人"), Input::Line),
    ],
};
