//! For which trade item, made where, a trace plan is.

use super::{FiledBy, RecordKind};
use crate::{
    field::{Field, Input},
    subject::SubjectKind,
    text::text,
};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "plan_for",
    title: text("Plan for", "方案对象"),
    of: &[SubjectKind::TracePlan],
    expected: true,
    by: None,
    filed_by: FiledBy::Event,
    tells_apart: &["planned_item", "planned_factory"],
    fields: &[
        Field::must("planned_item", text("Trade item", "商品"), Input::Code(&[SubjectKind::TradeItem])),
        Field::must("planned_factory", text("Factory", "工厂"), Input::Code(&[SubjectKind::Place])),
    ],
};
