//! What a product is, and who answers for it: the facts that a tracking label leads to
//! (15 USC 2063(a)(5), C01).

use super::RecordKind;
use crate::{
    field::{Field, Input},
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "trade_item",
    title: text("Trade item", "商品"),
    of: &[SubjectKind::TradeItem],
    expected: true,
    by: None,
    filed_by: super::HANDS,
    tells_apart: &["name", "item_number", "age_grade"],
    fields: &[
        Field::must("name", text("Name", "名称"), Input::Line),
        Field::may("name_zh", text("Name in Chinese", "中文名称"), Input::Line),
        Field::may("description", text("Description", "描述"), Input::Text),
        Field::may("item_number", text("Item number", "货号"), Input::Line),
        Field::may("age_grade", text("Age grade", "适用年龄"), Input::Line),
        Field::must("brand_name", text("Brand or private labeler", "品牌或自有品牌商"), Input::Line),
        Field::must("importer", text("Importer", "进口商"), Input::Line),
        Field::must("contact", text("Who can interpret the code", "可解读条码的联系人"), Input::Line),
        Field::may("notice", text("Notice", "公告"), Input::Text),
    ],
};
