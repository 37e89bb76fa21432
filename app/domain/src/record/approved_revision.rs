//! The sample, BOM, artwork and packaging versions a batch had to match (C14).

use super::RecordKind;
use crate::{
    field::{Field, Input},
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "approved_revision",
    title: text("Approved revision", "核准版本"),
    of: &[SubjectKind::Batch],
    expected: true,
    by: None,
    filed_by: super::HANDS,
    tells_apart: &[],
    fields: &[
        Field::must("product_version", text("Product version", "产品版本"), Input::Line),
        Field::must("sample", text("Approved sample", "核准样"), Input::Listed),
        Field::must("bom", text("BOM revision", "物料清单版本"), Input::Listed),
        Field::must("artwork", text("Artwork revision", "图稿版本"), Input::Listed),
        Field::must("packaging", text("Packaging revision", "包装版本"), Input::Listed),
        Field::may("approved_by", text("Approved by", "核准人"), Input::Line),
        Field::may("approved_on", text("Approved on", "核准日期"), Input::Date),
        Field::may("photo", text("Photo of the approved sample", "核准样照片"), Input::Photo),
    ],
};
