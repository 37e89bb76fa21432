//! A place and the party that runs it: factory, subcontractor, supplier, warehouse, retailer.

use super::RecordKind;
use crate::{
    field::{Field, Input},
    subject::SubjectKind,
    text::{Text, text},
};

/// What a place does in the chain.
pub const ROLES: &[(&str, Text)] = &[
    ("brand", text("Brand", "品牌方")),
    ("importer", text("Importer", "进口商")),
    ("factory", text("Factory", "工厂")),
    ("subcontractor", text("Subcontractor", "外协厂")),
    ("supplier", text("Supplier", "供应商")),
    ("warehouse", text("Warehouse", "仓库")),
    ("retailer", text("Retailer", "零售商")),
    ("laboratory", text("Laboratory", "实验室")),
];

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "place",
    title: text("Place", "地点"),
    of: &[SubjectKind::Place],
    expected: true,
    by: None,
    filed_by: super::HANDS,
    tells_apart: &["name", "role", "city", "country"],
    fields: &[
        Field::must("name", text("Name", "名称"), Input::Line),
        Field::must("role", text("What it does", "职能"), Input::Choice(ROLES)),
        Field::may("city", text("City", "城市"), Input::Line),
        Field::may("region", text("State or province", "省/州"), Input::Line),
        Field::must(
            "country",
            text("Country (ISO 3166, two letters)", "国家（ISO 3166 两位代码）"),
            Input::Line,
        ),
        Field::may("address", text("Address", "地址"), Input::Line),
        Field::may("contact", text("Contact", "联系方式"), Input::Line),
    ],
};
