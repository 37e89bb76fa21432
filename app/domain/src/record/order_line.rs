//! A line of a purchase order or an invoice: what was ordered or billed, and its value (C02, C10).

use super::{FiledBy, RecordKind};
use crate::{
    field::{Field, Input},
    person::Role,
    subject::SubjectKind,
    text::{Text, text},
};

/// Which paper the line stands on.
pub const PAPERS: &[(&str, Text)] =
    &[("purchase_order", text("Purchase order", "采购订单")), ("invoice", text("Invoice", "发票"))];

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "order_line",
    title: text("Order or invoice line", "订单或发票行"),
    of: &[SubjectKind::OrderLine],
    expected: true,
    by: None,
    filed_by: FiledBy::Roles(&[Role::Buyer, Role::Factory]),
    tells_apart: &["paper", "number", "line"],
    fields: &[
        Field::must("paper", text("Paper", "单据"), Input::Choice(PAPERS)),
        Field::must("number", text("Number", "单号"), Input::Listed),
        Field::must("line", text("Line", "行号"), Input::Line),
        Field::must("ordered_item", text("Trade item", "商品"), Input::Code(&[SubjectKind::TradeItem])),
        Field::must("quantity", text("Quantity (pieces)", "数量（件）"), Input::Count),
        Field::may("cartons", text("Cartons", "箱数"), Input::Count),
        Field::may("value", text("Value", "金额"), Input::Amount),
        Field::may("currency", text("Currency (ISO 4217)", "币种（ISO 4217）"), Input::Line),
    ],
};
