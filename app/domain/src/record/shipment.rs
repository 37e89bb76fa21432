//! Where a shipment goes, and under which papers.

use super::RecordKind;
use crate::{
    field::{Field, Input},
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "shipment",
    title: text("Shipment", "货运单"),
    of: &[SubjectKind::Shipment],
    expected: true,
    by: None,
    filed_by: super::HANDS,
    tells_apart: &["destination", "shipped_on", "purchase_order"],
    fields: &[
        Field::must("destination", text("Goes to", "发往"), Input::Code(&[SubjectKind::Place])),
        Field::may("destination_country", text("Country of destination", "目的国"), Input::Line),
        Field::may("shipped_on", text("Shipped on", "发货日期"), Input::Date),
        Field::may("carrier", text("Carrier", "承运人"), Input::Line),
        Field::may("purchase_order", text("Purchase order", "采购订单"), Input::Line),
        Field::may("invoice", text("Invoice", "发票"), Input::Line),
        Field::may("despatch_advice", text("Despatch advice", "发货通知"), Input::Line),
    ],
};
