//! What a trace plan says, lock by lock: the fields of its form, its record and its page.

use crate::{
    field::{Field, Input},
    record::material_lot::CLASSES,
    subject::Level,
    text::{Text, text},
};

/// The terms that say how a code is written, with the level at which it stands (lock 1).
pub const CODES: &[(Level, &str)] = &[
    (Level::Product, "code_on_product"),
    (Level::InnerPack, "code_on_inner_pack"),
    (Level::RetailBox, "code_on_retail_box"),
    (Level::Carton, "code_on_carton"),
    (Level::Paper, "code_on_papers"),
];

/// The terms that a batch must name alike (lock 4).
pub const BASELINE: &[&str] = &["product_version", "sample", "bom", "artwork", "packaging"];

/// The record kinds that can be agreed on (lock 2): the six of every batch.
pub const REQUIRED: &[(&str, Text)] = &[
    ("run_sheet", text("Run sheet", "生产记录单")),
    ("material_lot", text("Incoming materials", "来料记录")),
    ("approved_revision", text("Approved revision", "核准版本")),
    ("inspection_report", text("Inspection and release", "检验与放行")),
    ("carton_range", text("Carton and shipment mapping", "外箱与货运单对应")),
    ("retained_sample", text("Retained samples and corrective actions", "留样与纠正措施")),
];

const PROOFS: &[(&str, Text)] = &[
    ("named", text("Who and why", "人员与原因")),
    ("counted", text("And the pieces counted", "并点数")),
    ("counted_and_scanned", text("And counted, and the codes scanned", "并点数、扫描条码")),
];

const MARKETS: &[(&str, Text)] = &[
    ("us", text("United States (5 years)", "美国（5 年）")),
    ("eu", text("European Union (10 years)", "欧盟（10 年）")),
    ("gb", text("Great Britain (10 years)", "英国（10 年）")),
    ("cn", text("China (10 years)", "中国（10 年）")),
];

const PATTERN: Text = text(
    "Letters as printed, and {yy} {mm} {dd} {ww} {line} {shift} {lot} {nn} for what changes.",
    "固定字符照印刷填写；可变部分用 {yy} {mm} {dd} {ww} {line} {shift} {lot} {nn}。",
);

/// What a plan says: the fields of its form, its record and its page, lock by lock.
pub const PLAN: &[Field] = &[
    Field::may("revision", text("Revision", "版本"), Input::Line)
        .help(text("Left empty: the next number.", "留空则自动取下一个编号。")),
    Field::must("in_force_from", text("Holds for runs from", "适用于自此日起的生产"), Input::Date),
    Field::may("amends", text("What is changed, and why", "变更内容及原因"), Input::Text),
    Field::must("code_on_product", text("Code on the product", "产品上的编码"), Input::Line).help(PATTERN),
    Field::may("code_on_inner_pack", text("Code on the inner pack", "内包装上的编码"), Input::Line)
        .help(text("Empty where there is none.", "没有则留空。")),
    Field::may("code_on_retail_box", text("Code on the retail box", "彩盒上的编码"), Input::Line),
    Field::must("code_on_carton", text("Code on the carton", "外箱上的编码"), Input::Line),
    Field::may("code_on_papers", text("Code in documents", "单据中的编码"), Input::Line),
    Field::must(
        "required_records",
        text("Records of every batch", "每个批次必备的记录"),
        Input::Choices(REQUIRED),
    ),
    Field::must("materials", text("Materials to preserve", "须追溯的物料"), Input::Choices(CLASSES)),
    Field::must("product_version", text("Product version", "产品版本"), Input::Line),
    Field::must("sample", text("Approved sample", "核准样"), Input::Line),
    Field::must("bom", text("BOM revision", "物料清单版本"), Input::Line),
    Field::must("artwork", text("Artwork revision", "图稿版本"), Input::Line),
    Field::must("packaging", text("Packaging revision", "包装版本"), Input::Line),
    Field::must(
        "relabeling_proof",
        text("A relabeling is recorded with", "换标记录方式"),
        Input::Choice(PROOFS),
    ),
    Field::must("reworking_proof", text("A rework is recorded with", "返工记录方式"), Input::Choice(PROOFS)),
    Field::must("splitting_proof", text("A split is recorded with", "拆分记录方式"), Input::Choice(PROOFS)),
    Field::must("market", text("Market", "市场"), Input::Choice(MARKETS)),
    Field::may(
        "record_years",
        text("Records kept (years after the last shipment)", "记录保存年限（最后一个货运单之后）"),
        Input::Count,
    )
    .help(text("Empty: as the market asks.", "留空则按市场要求。")),
    Field::may(
        "sample_years",
        text("Samples kept (years after the last shipment)", "留样保存年限（最后一个货运单之后）"),
        Input::Count,
    ),
    Field::must("custodian", text("Who keeps them", "保管人"), Input::Line)
        .help(text("A person, by name.", "请填写姓名。")),
    Field::may(
        "retrieval_months",
        text("A retrieval is tried every (months)", "调取演练间隔（月）"),
        Input::Count,
    ),
];
