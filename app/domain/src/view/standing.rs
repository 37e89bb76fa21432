//! How things stand: completeness, the gate, plans, bridges, and what falls due.

use super::{BatchShare, Card, EntryRef, Fact, Page, Record, TimelineEntry, Titled};
use crate::{
    change::Change,
    completeness::{Completeness, Gap, Standing},
    gate::Failure,
    plan::{Accepted, PlanStatus},
    quantity::Quantity,
    text::Said,
    time::Time,
};
use serde::{Deserialize, Serialize};

/// How a batch stands.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StandingView {
    /// Its six record kinds.
    pub completeness: Completeness,
    /// What changed since the batch before, or since the test; what suppliers it tells only to who may know.
    pub changes: Vec<Change>,
    /// The revision of the trace plan under which it was made.
    pub plan: Option<PlanLine>,
    /// The codes and papers that lead to it, level by level (C02).
    pub bridge: Vec<LevelBridge>,
    /// Samples that are kept of it.
    pub samples: Vec<Titled>,
    /// Batches that were joined to it (C49).
    pub joined: Vec<Titled>,
    /// The batch it was joined to itself.
    pub joined_to: Option<Titled>,
}

/// A revision of a trace plan, in a line.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlanLine {
    /// The plan.
    pub plan: Titled,
    /// Which revision.
    pub revision: u64,
    /// How far it has come.
    pub status: PlanStatus,
}

/// Whether the codes or papers of one level lead to the batch.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LevelBridge {
    /// The level, in words.
    pub level: Said,
    /// The code texts there.
    pub codes: Vec<String>,
    /// The things there: shipments, order lines.
    pub things: Vec<Titled>,
    /// How many there are, where there are too many to list.
    pub count: Option<Quantity>,
    /// False where the level is present and nothing there leads to the batch.
    pub bridged: bool,
}

/// The board of open batches.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BoardView {
    /// False while rows are computed anew after an update of the program: some may be missing.
    pub ready: bool,
    /// How many batches stand at each rank.
    pub ranks: Vec<(Rank, u64)>,
    /// The batches, what blocks a shipment first.
    pub rows: Page<BoardRow>,
}

/// Where on the board a batch stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// What is missing keeps a shipment back.
    Blocks,
    /// It is packed, and in no shipment.
    Packed,
    /// It is not packed yet.
    Open,
    /// It has left already; what is missing is still owed.
    Left,
    /// Nothing is missing.
    Whole,
}

impl Rank {
    /// Every rank, the most urgent first.
    pub const ALL: [Rank; 5] = [Rank::Blocks, Rank::Packed, Rank::Open, Rank::Left, Rank::Whole];
}

/// A batch on the board.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BoardRow {
    /// The batch.
    pub batch: Titled,
    /// Where it stands.
    pub rank: Rank,
    /// How many of the six are complete, and how many are asked for.
    pub complete: (u64, u64),
    /// Each of the six.
    pub records: Vec<(String, Standing)>,
    /// What is missing.
    pub gaps: Vec<Gap>,
    /// Since when the oldest of it is missing.
    pub since: Time,
}

/// The gate of a shipment.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GateView {
    /// The shipment.
    pub card: Card,
    /// Every rule, with what fails it.
    pub rules: Vec<RuleView>,
    /// Its release, where there is one.
    pub release: Option<Record>,
    /// True where the release speaks for what is in it now.
    pub released: bool,
}

/// A rule of the gate and what fails it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RuleView {
    /// The rule's word.
    pub name: String,
    /// What it asks.
    pub title: Said,
    /// What fails it, each with what it is about.
    pub failures: Vec<(Failure, Titled)>,
}

/// A trace plan with its revisions.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlanView {
    /// What it is.
    pub card: Card,
    /// For which trade item.
    pub item: Option<Titled>,
    /// Made at which factory.
    pub factory: Option<Titled>,
    /// Its revisions, the newest first.
    pub revisions: Vec<RevisionView>,
    /// The batches made as that.
    pub batches: Page<BatchShare>,
    /// Its story.
    pub timeline: Page<TimelineEntry>,
}

/// A revision of a trace plan.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RevisionView {
    /// Its number.
    pub revision: u64,
    /// How far it has come.
    pub status: PlanStatus,
    /// Who accepted it.
    pub accepted: Vec<Accepted>,
    /// What it says, gaps included, in the order of the form.
    pub facts: Vec<Fact>,
    /// The entry that drafted it.
    pub drafted: Option<EntryRef>,
}

/// A retained sample, or an order or invoice line: its records, its batches, its story.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct KeptView {
    /// What it is.
    pub card: Card,
    /// Its records, gaps included.
    pub records: Vec<Record>,
    /// The batches it belongs to.
    pub batches: Page<BatchShare>,
    /// Its story.
    pub timeline: Page<TimelineEntry>,
}

/// The batches that name a revision (C14).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NamedAlikeView {
    /// What it is a revision of: BOM, artwork.
    pub label: Said,
    /// The revision.
    pub value: String,
    /// Its batches.
    pub batches: Page<BatchShare>,
}

/// What is not bridged, with what it may belong to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BridgesView {
    /// Order and invoice lines that are written on no batch (C10).
    pub lines: Page<NotBridged>,
    /// Batches that nobody made: records or goods kept under another lot code (C49).
    pub strays: Page<NotBridged>,
    /// Samples that are of no one batch (C17).
    pub samples: Vec<Titled>,
}

/// Something that is not bridged.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NotBridged {
    /// What.
    pub thing: Titled,
    /// What is known of it: value, cartons, what was filed under it.
    pub facts: Vec<Fact>,
    /// The batches it may belong to; none is picked.
    pub proposals: Vec<Proposal>,
}

/// A batch that something may belong to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Proposal {
    /// The batch.
    pub batch: Titled,
    /// Why it may be.
    pub why: Said,
}

/// What falls due (C58).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RetentionView {
    /// The day for which it is told.
    pub day: String,
    /// Batches whose records need not be kept beyond a day within the next year, the earliest first.
    pub records: Page<KeptUntil>,
    /// Samples due for a retrieval check, or not found, the most overdue first.
    pub samples: Vec<SampleDue>,
}

/// Until when the records of a batch are kept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct KeptUntil {
    /// The batch.
    pub batch: Titled,
    /// The last day.
    pub until: String,
    /// The matter of a legal hold, which stops every purge.
    pub held: Option<String>,
}

/// A sample that somebody should look after.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SampleDue {
    /// The sample.
    pub sample: Titled,
    /// Where it should be.
    pub location: Option<String>,
    /// Who keeps it.
    pub custodian: Option<String>,
    /// When it is to be looked for.
    pub due_on: String,
    /// True where somebody looked in vain.
    pub missing: bool,
}
