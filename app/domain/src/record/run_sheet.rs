//! How a batch was made: dates, line, shift, quantity, revision, and the lot code text as printed at
//! each level (C12).

use super::RecordKind;
use crate::{
    field::{Field, Input},
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "run_sheet",
    title: text("Run sheet", "生产记录单"),
    of: &[SubjectKind::Batch],
    expected: true,
    by: None,
    filed_by: super::HANDS,
    tells_apart: &["trade_item", "factory", "produced_from", "produced_to", "product_version", "packaging_version", "lot_code_on_product", "lot_code_on_retail_box", "lot_code_on_carton"],
    fields: &[
        Field::must("trade_item", text("Trade item", "商品"), Input::Code(&[SubjectKind::TradeItem])),
        Field::must("lot_code", text("Lot code", "批号"), Input::Line),
        Field::must("factory", text("Factory", "工厂"), Input::Code(&[SubjectKind::Place])),
        Field::must("produced_from", text("Produced from", "生产开始日期"), Input::Date),
        Field::must("produced_to", text("Produced to", "生产结束日期"), Input::Date),
        Field::must("line", text("Line", "产线"), Input::Line),
        Field::must("shift", text("Shift", "班次"), Input::Line),
        Field::must("quantity", text("Quantity (pieces)", "数量（件）"), Input::Count),
        Field::must("product_version", text("Product version", "产品版本"), Input::Line),
        Field::may("packaging_version", text("Packaging version", "包装版本"), Input::Line),
        Field::must(
            "lot_code_on_product",
            text("Lot code text on the product", "产品上的批号文字"),
            Input::Line,
        ),
        Field::may(
            "lot_code_on_inner_pack",
            text("Lot code text on the inner pack", "内包装上的批号文字"),
            Input::Line,
        ),
        Field::must(
            "lot_code_on_retail_box",
            text("Lot code text on the retail box", "彩盒上的批号文字"),
            Input::Line,
        ),
        Field::must(
            "lot_code_on_carton",
            text("Lot code text on the carton", "外箱上的批号文字"),
            Input::Line,
        ),
        Field::may("subcontractor", text("Subcontracted to", "外协厂"), Input::Code(&[SubjectKind::Place])),
        Field::may("second_source", text("Second-source line", "第二来源产线"), Input::Source)
            .help(text("Who else made a part of it; may be sealed.", "另行加工部件的一方；可密封。")),
        Field::may("plan_revision", text("Revision of the trace plan", "追溯方案版本"), Input::Line),
    ],
};
