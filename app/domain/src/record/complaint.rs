//! What came back from the field about a product. The latest one stands; the timeline has them all.

use super::RecordKind;
use crate::{
    field::{Field, Input},
    subject::SubjectKind,
    text::{Text, text},
};

/// What can be wrong (C44).
pub const COMPLAINTS: &[(&str, Text)] = &[
    ("breakage", text("Broke, or a part came off", "破损或部件脱落")),
    ("odour", text("Smell or colour", "异味或掉色")),
    ("injury", text("Somebody was hurt", "有人受伤")),
    ("warning", text("Warning or text is wrong or missing", "警示语或文字有误或缺失")),
    ("retailer", text("The retailer asks", "零售商询问")),
    ("marketplace", text("A marketplace asks", "电商平台询问")),
    ("laboratory", text("A laboratory found something", "实验室复检发现问题")),
    ("authority", text("An authority asks", "监管部门询问")),
    ("other", text("Something else", "其他")),
];

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "complaint",
    title: text("Complaint", "投诉"),
    of: &[SubjectKind::Batch, SubjectKind::LogisticUnit, SubjectKind::TradeItem, SubjectKind::Shipment],
    expected: false,
    by: None,
    filed_by: super::HANDS,
    tells_apart: &[],
    fields: &[
        Field::must("code", text("Code on the goods", "货物上的条码"), Input::Line),
        Field::must("complaint", text("What is wrong", "问题"), Input::Choice(COMPLAINTS)),
        Field::may("pieces", text("Pieces", "件数"), Input::Count),
        Field::may("version_seen", text("Version that stands on it", "其上标注的版本"), Input::Line),
        Field::may("retailer", text("Who sold it", "销售方"), Input::Line),
    ],
};
