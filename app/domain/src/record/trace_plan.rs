//! A revision of the trace plan of a trade item at a factory: the six things that are locked before
//! production (C20 to C25). Its fields are those of the event that drafts it.

use super::{FiledBy, RecordKind};
use crate::{plan::PLAN, subject::SubjectKind, text::text};

/// The kind.
pub const KIND: RecordKind = RecordKind {
    name: "trace_plan",
    title: text("Trace plan", "追溯方案"),
    of: &[SubjectKind::TracePlan],
    expected: false,
    by: Some("revision"),
    filed_by: FiledBy::Event,
    tells_apart: &[],
    fields: PLAN,
};
