//! A run of carton numbers with what is in each, as packing lists give them: “1–20 of 480” (C16).

use super::{FiledBy, RecordKind};
use crate::{
    field::{Field, Input},
    person::Role,
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "carton_range",
    title: text("Carton numbers", "箱号范围"),
    of: &[SubjectKind::Batch],
    expected: false,
    by: Some("first"),
    filed_by: FiledBy::Roles(&[Role::Factory, Role::Warehouse, Role::Buyer]),
    tells_apart: &[],
    fields: &[
        Field::must("first", text("First carton number", "首箱号"), Input::Count),
        Field::must("last", text("Last carton number", "末箱号"), Input::Count),
        Field::must("pieces", text("Pieces in each carton", "每箱件数"), Input::Count),
        Field::may("pallet", text("Pallet", "托盘"), Input::Line),
        Field::may("shipment", text("Shipment", "货运单"), Input::Line),
    ],
};
