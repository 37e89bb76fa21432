//! A certificate or test report, by its number: for which version, made where (16 CFR 1110, C54, C55).

use super::{FiledBy, RecordKind};
use crate::{
    field::{Field, Input},
    person::Role,
    subject::SubjectKind,
    text::{Text, text},
};

/// What kind of document it is.
pub const DOCUMENTS: &[(&str, Text)] = &[
    ("certificate", text("Certificate (CPC, declaration)", "证书（CPC、符合性声明）")),
    ("test_report", text("Test report", "检测报告")),
];

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "certificate",
    title: text("Certificate or test report", "证书或检测报告"),
    of: &[SubjectKind::TradeItem, SubjectKind::Batch],
    expected: false,
    by: Some("number"),
    filed_by: FiledBy::Roles(&[Role::Buyer, Role::Factory]),
    tells_apart: &[],
    fields: &[
        Field::must("number", text("Number", "编号"), Input::Line),
        Field::must("document", text("Document", "文件类别"), Input::Choice(DOCUMENTS)),
        Field::must("product_version", text("Product version", "产品版本"), Input::Line),
        Field::may("made_at", text("Made at (place)", "生产地点"), Input::Line)
            .help(text("The key of the factory.", "工厂的标识。")),
        Field::may("bom", text("BOM revision", "物料清单版本"), Input::Line),
        Field::may("laboratory", text("Laboratory", "实验室"), Input::Line),
        Field::may("tested_on", text("Tested on", "检测日期"), Input::Date),
        Field::may("issued_on", text("Issued on", "签发日期"), Input::Date),
        Field::may("document_photo", text("Photo of the document", "文件照片"), Input::Photo),
    ],
};
