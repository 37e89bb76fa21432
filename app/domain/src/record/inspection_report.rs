//! What an inspection found: sample, defects and result. The latest one stands; the timeline has them all.

use super::{Facts, RecordKind, Records, of_kind};
use crate::{
    field::{Field, Input},
    subject::SubjectKind,
    text::{Text, text},
};

/// When in its way something is inspected.
pub const LEVELS: &[(&str, Text)] = &[
    ("incoming", text("Incoming", "来料")),
    ("inline", text("Inline", "生产中")),
    ("final", text("Final", "终检")),
    ("re_inspection", text("Re-inspection", "复检")),
];

/// What an inspection came to. A waiver lets a stale one stand, in somebody's name.
pub const RESULTS: &[(&str, Text)] =
    &[("pass", text("Pass", "合格")), ("fail", text("Fail", "不合格")), ("waived", text("Waived", "豁免"))];

/// True of the facts of a report that speaks against the goods.
pub fn fails(facts: &Facts) -> bool {
    facts.get("result").is_some_and(|result| result == "fail")
}

/// True where one of the reports among records speaks against the goods.
pub fn any_fails(records: &Records) -> bool {
    of_kind(records, KIND.name).any(|(_, report)| fails(&report.facts))
}

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "inspection_report",
    title: text("Inspection report", "检验报告"),
    of: &[SubjectKind::Batch, SubjectKind::LogisticUnit, SubjectKind::MaterialLot],
    expected: false,
    by: Some("level"),
    filed_by: super::HANDS,
    tells_apart: &[],
    fields: &[
        Field::must("level", text("When", "检验阶段"), Input::Choice(LEVELS)),
        Field::must("result", text("Result", "结果"), Input::Choice(RESULTS)),
        Field::must("presented", text("Pieces presented", "送检件数"), Input::Count),
        Field::must("sample", text("Sample size", "抽样件数"), Input::Count),
        Field::may("critical", text("Critical defects", "致命缺陷"), Input::Count),
        Field::may("major", text("Major defects", "严重缺陷"), Input::Count),
        Field::may("minor", text("Minor defects", "轻微缺陷"), Input::Count),
        Field::may("waived_by", text("Waived by", "豁免批准人"), Input::Line),
        Field::may("grounds", text("Grounds of the result", "结果依据"), Input::Text),
    ],
};
