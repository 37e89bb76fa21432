//! An incoming material or component: class, supplier, source, supplier's lot code and receipt (C13).

use super::RecordKind;
use crate::{
    field::{Field, Input},
    subject::SubjectKind,
    text::{Text, text},
};

/// The classes that carry risk, and the rest.
pub const CLASSES: &[(&str, Text)] = &[
    ("resin", text("Resin", "树脂")),
    ("paint", text("Paint or ink", "油漆或油墨")),
    ("fabric", text("Fabric or filling", "面料或填充物")),
    ("electronics", text("Electronics", "电子件")),
    ("magnet", text("Magnets", "磁铁")),
    ("battery_contact", text("Battery contacts", "电池触片")),
    ("packaging", text("Packaging", "包装")),
    ("other", text("Other", "其他")),
];

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "material_lot",
    title: text("Material lot", "物料批"),
    of: &[SubjectKind::MaterialLot],
    expected: true,
    by: None,
    filed_by: super::HANDS,
    tells_apart: &["material", "supplier", "received_on"],
    fields: &[
        Field::must("material", text("Material", "物料"), Input::Line),
        Field::must("class", text("Class", "类别"), Input::Choice(CLASSES)),
        Field::must("supplier", text("Supplier", "供应商"), Input::Line).exact(),
        Field::must("source", text("Source place", "来源地"), Input::Source)
            .exact()
            .help(text("Where the supplier has it from; may be sealed.", "供应商的货源；可密封。")),
        Field::must("lot_code", text("Supplier's lot code", "供应商批号"), Input::Line).exact(),
        Field::must("received_on", text("Received on", "收货日期"), Input::Date),
        Field::must("receipt", text("Receipt", "收货单"), Input::Line).exact(),
        Field::may("specification", text("Specification or grade", "规格或牌号"), Input::Line),
        Field::may("amount", text("Amount", "数量"), Input::Amount),
        Field::may("unit", text("Unit", "单位"), Input::Line),
    ],
};
