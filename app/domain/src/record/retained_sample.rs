//! A retained sample: of which batch, where, in whose keeping, and when somebody last found it there (C17,
//! C51, C58).

use super::{FiledBy, RecordKind};
use crate::{
    field::{Field, Input},
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "retained_sample",
    title: text("Retained sample", "留样"),
    of: &[SubjectKind::RetainedSample],
    expected: true,
    by: None,
    filed_by: FiledBy::Event,
    tells_apart: &["sampled_batch", "location"],
    fields: &[
        Field::must("sampled_batch", text("Batch", "批次"), Input::Code(&[SubjectKind::Batch])),
        Field::must("lot_code_on_sample", text("Lot code on the sample", "留样上的批号"), Input::Line),
        Field::must("location", text("Where it is kept", "存放位置"), Input::Line),
        Field::must("custodian", text("Custodian", "保管人"), Input::Line),
        Field::must("pieces", text("Pieces", "件数"), Input::Count),
        Field::must("kept_on", text("Kept since", "留样日期"), Input::Date),
        Field::may("found_on", text("Last found there on", "最近查验日期"), Input::Date),
        Field::may("missing_since", text("Not found since", "缺失日期"), Input::Date),
    ],
};
