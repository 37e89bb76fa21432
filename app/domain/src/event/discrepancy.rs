//! Where event and book disagree.

use crate::{
    code::CodeKey,
    subject::Subject,
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// Event and book disagree; both are kept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Discrepancy {
    /// In what way.
    pub kind: DiscrepancyKind,
    /// About whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// About which code, where no subject is known. Closed when the code is given a subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<CodeKey>,
    /// In words, with what would mend it.
    pub said: Said,
}

/// The ways in which event and book can disagree.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscrepancyKind {
    /// A code was met that no record names.
    UnknownCode,
    /// The count given differs from what the book holds.
    CountDiffers,
    /// Parts add up to less than the whole.
    Shortfall,
    /// Parts add up to more than the whole.
    Surplus,
    /// A relabeling without the old code scanned or without a count.
    Unproven,
    /// It was still in another container, and has been taken out of that.
    WasElsewhere,
    /// It was moved although held or recalled.
    MovedWhileStopped,
    /// Something was done to it after it had been destroyed or decommissioned, or before it was made.
    OutOfLife,
    /// The split of batches in it is not known.
    UnknownShare,
    /// A code can mean several subjects, and nobody has told which.
    AmbiguousCode,
    /// A code was met on a subject from which it had been taken off before.
    FormerCode,
    /// A run was made before buyer and factory had locked its trace plan.
    NotAgreed,
    /// A shipment left without a release, or with one that no longer spoke for it.
    NotReleased,
    /// A record names a batch that nothing else knows.
    Unassigned,
    /// A retained sample is not where it should be.
    NotFound,
}

impl DiscrepancyKind {
    /// The word in stored text.
    pub const fn word(self) -> &'static str {
        match self {
            DiscrepancyKind::UnknownCode => "unknown_code",
            DiscrepancyKind::CountDiffers => "count_differs",
            DiscrepancyKind::Shortfall => "shortfall",
            DiscrepancyKind::Surplus => "surplus",
            DiscrepancyKind::Unproven => "unproven",
            DiscrepancyKind::WasElsewhere => "was_elsewhere",
            DiscrepancyKind::MovedWhileStopped => "moved_while_stopped",
            DiscrepancyKind::OutOfLife => "out_of_life",
            DiscrepancyKind::UnknownShare => "unknown_share",
            DiscrepancyKind::AmbiguousCode => "ambiguous_code",
            DiscrepancyKind::FormerCode => "former_code",
            DiscrepancyKind::NotAgreed => "not_agreed",
            DiscrepancyKind::NotReleased => "not_released",
            DiscrepancyKind::Unassigned => "unassigned",
            DiscrepancyKind::NotFound => "not_found",
        }
    }

    /// What differs, in a few words about any such: for a list, where the whole sentence is a page further.
    pub const fn title(self) -> Text {
        match self {
            DiscrepancyKind::UnknownCode => text("a code that no record names", "有无记录的编码"),
            DiscrepancyKind::CountDiffers => text("a count that differs", "点数不符"),
            DiscrepancyKind::Shortfall => text("parts that are less than the whole", "各部分少于整体"),
            DiscrepancyKind::Surplus => text("parts that are more than the whole", "各部分多于整体"),
            DiscrepancyKind::Unproven => text("a relabeling without proof", "换标未经证实"),
            DiscrepancyKind::WasElsewhere => {
                text("packed while it was still elsewhere", "装箱时仍登记在别处")
            }
            DiscrepancyKind::MovedWhileStopped => {
                text("moved while held or recalled", "扣留或召回期间被移动")
            }
            DiscrepancyKind::OutOfLife => {
                text("something done before or after its life", "在其存续期之外发生事件")
            }
            DiscrepancyKind::UnknownShare => text("how many of each batch is not known", "各批次件数不明"),
            DiscrepancyKind::AmbiguousCode => text("a code with several meanings", "编码含义不唯一"),
            DiscrepancyKind::FormerCode => text("met under a former code", "以旧编码出现"),
            DiscrepancyKind::NotAgreed => {
                text("made before its trace plan was locked", "追溯方案锁定前已生产")
            }
            DiscrepancyKind::NotReleased => text("left without a release", "未经放行已发出"),
            DiscrepancyKind::Unassigned => text("a record of an unknown batch", "记录所指批次不明"),
            DiscrepancyKind::NotFound => text("a retained sample that was not found", "留样未找到"),
        }
    }
}

impl Discrepancy {
    /// A discrepancy about a subject.
    pub fn about(kind: DiscrepancyKind, subject: &Subject, said: Said) -> Discrepancy {
        Discrepancy { kind, subject: Some(subject.clone()), key: None, said }
    }
}
