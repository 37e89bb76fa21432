//! Where event and book disagree.

use crate::{code::CodeKey, subject::Subject, text::Said};
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
}

impl Discrepancy {
    /// A discrepancy about a subject.
    pub fn about(kind: DiscrepancyKind, subject: &Subject, said: Said) -> Discrepancy {
        Discrepancy { kind, subject: Some(subject.clone()), key: None, said }
    }
}
