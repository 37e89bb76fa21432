//! The plain data that pages and exports receive. Made by the ledger's readings, shown as it is: no page
//! computes what a view does not tell, and no view knows how it is shown.
//!
//! Lists that can be long come as a [`Page`]; a reader asks for the next one with its cursor.

use crate::{
    code::{Code, CodeKey},
    document::Document,
    event::{DiscrepancyKind, Evidence},
    person::{Person, Role},
    quantity::{Quantity, Share},
    refusal::Refusal,
    state::Disposition,
    subject::{Level, Subject},
    text::Said,
    time::{Time, Zone},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

mod standing;
mod story;

pub use standing::{
    BoardRow, BoardView, BridgesView, GateView, KeptUntil, KeptView, LevelBridge, NamedAlikeView, NotBridged,
    PlanLine, PlanView, Proposal, Rank, RetentionView, RevisionView, RuleView, SampleDue, StandingView,
};
pub use story::{BatchView, MaterialLotView, PlaceView, ShipmentView, TradeItemView, UnitView};

/// Some rows of a list, and how many there are in all.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many rows there are in all.
    pub total: u64,
    /// What to ask for the next rows with; `None` after the last.
    pub next: Option<String>,
}

impl<T> Default for Page<T> {
    fn default() -> Page<T> {
        Page { rows: vec![], total: 0, next: None }
    }
}

/// A subject with the words it is called by.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Titled {
    /// Which.
    pub subject: Subject,
    /// What a person calls it: a batch by its lot code, a carton by its code, a trade item by its name.
    pub title: String,
    /// What else tells it apart: product and factory of a batch, what a carton holds, a place's city.
    pub detail: Said,
}

/// A fact with its label. An absent fact is a named gap, never blank (C01).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Fact {
    /// The fact's key in its record kind.
    pub name: String,
    /// Its label.
    pub label: Said,
    /// The value as shown; `None` is a gap.
    pub value: Option<Said>,
    /// The subject the value stands for, where it stands for one.
    pub subject: Option<Subject>,
    /// True when a record of this kind must have it.
    pub required: bool,
}

/// The facts of one record kind, with the record behind them.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Record {
    /// The record kind.
    pub kind: String,
    /// Its title.
    pub title: Said,
    /// Its facts, gaps included.
    pub facts: Vec<Fact>,
    /// The entry that filed it; `None` when nobody has, and every fact is a gap.
    pub entry: Option<EntryRef>,
}

/// The entry that proves something: every hop of a walk cites one (C03).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EntryRef {
    /// Its place in the ledger.
    pub seq: u64,
    /// Its event kind.
    pub kind: String,
    /// When it happened.
    pub event_time: Time,
    /// The zone of the clock that was read.
    pub zone: Zone,
    /// How it came to be known.
    pub evidence: Evidence,
}

/// A code that names or has named a subject.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NameView {
    /// The code.
    pub key: CodeKey,
    /// Where it stands.
    pub level: Level,
    /// False once it was taken off.
    pub open: bool,
    /// The entry that put it on.
    pub since: u64,
    /// The entry that took it off.
    pub until: Option<u64>,
}

/// A disposition and the entry that set it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// The disposition.
    pub disposition: Disposition,
    /// The entry that set it.
    pub since: u64,
    /// Where it comes from something else: the held batch of a carton, the recalled shipment round it.
    pub from: Option<Titled>,
}

/// A discrepancy as shown.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DiscrepancyView {
    /// In what way event and book disagree.
    pub kind: DiscrepancyKind,
    /// In words.
    pub said: Said,
    /// About whom.
    pub subject: Option<Titled>,
    /// About which code.
    pub key: Option<CodeKey>,
    /// The entry that raised it.
    pub raised: EntryRef,
    /// The entry that closed it; `None` while it is open.
    pub closed: Option<u64>,
}

/// A batch as part of something: how much of it, and what it is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BatchShare {
    /// The batch, called by its lot code.
    pub batch: Titled,
    /// Its trade item, called by its name.
    pub trade_item: Option<Titled>,
    /// How much of it.
    pub share: Share,
    /// How many cartons of it, where units are summed.
    pub cartons: Option<u64>,
    /// The record that says so.
    pub entry: Option<EntryRef>,
}

/// What every page begins with: what it is, and whether to stop.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Card {
    /// What it is.
    pub titled: Titled,
    /// Carton or pallet, for a logistic unit; where its codes stand, for others.
    pub level: Option<Level>,
    /// Its codes, present ones first.
    pub names: Vec<NameView>,
    /// The batches in it (itself, for a batch).
    pub batches: Vec<BatchShare>,
    /// Its trade item, where it has one.
    pub trade_item: Option<Titled>,
    /// The carton, pallet or shipment it is in, innermost first.
    pub inside: Vec<Titled>,
    /// Where it is, as last recorded.
    pub place: Option<Titled>,
    /// Its dispositions, the gravest first.
    pub marks: Vec<Mark>,
    /// Its open discrepancies.
    pub discrepancies: Vec<DiscrepancyView>,
    /// How much of it there is.
    pub counted: Option<Quantity>,
}

impl Card {
    /// True where somebody who meets the goods has to stop.
    pub fn stops(&self) -> bool {
        self.marks.iter().any(|m| m.disposition.stops())
    }
}

/// What came of looking a code up (C07, C08).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant's sentence names its fields")]
pub enum Resolution {
    /// It names exactly one subject.
    Found { code: Code, key: CodeKey, card: Box<Card>, former: bool },
    /// It could mean any of these; none is picked. `differ` of each tells them apart.
    Several { code: Code, key: CodeKey, candidates: Vec<Candidate> },
    /// No record names it. The nearest names are told as what they are: near, not meant.
    Unknown { code: Code, nearest: Vec<Titled>, observed: u64 },
    /// It cannot be read as a code.
    Unreadable { refusal: Refusal },
}

/// One of several subjects that a code could mean, with what tells it apart from the others.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Candidate {
    /// The candidate.
    pub card: Card,
    /// The facts in which the candidates differ: factory, dates, product, consignee.
    pub differ: Vec<Fact>,
}

/// One line of a timeline.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// The entry.
    pub entry: EntryRef,
    /// The event kind's title.
    pub title: Said,
    /// What happened, in a sentence.
    pub sentence: Said,
    /// When the ledger learned of it.
    pub record_time: Time,
    /// Who said so; `None` where the reader may not see it.
    pub person: Option<Person>,
    /// Where it happened.
    pub place: Option<Titled>,
    /// The subject it happened to, where that is not the one whose timeline this is.
    pub about: Option<Titled>,
    /// A remark.
    pub note: Option<String>,
    /// Digests of photos.
    pub photos: Vec<String>,
    /// The other documents that it names: PDFs.
    pub documents: Vec<Document>,
    /// The document that tells of it: a photo of the paper, a PDF, a workbook. `None` also where the entry
    /// tells a supplier and the reader may not know.
    pub source: Option<Document>,
    /// The entry that declared it wrong.
    pub corrected_by: Option<u64>,
}

/// A material lot in a batch.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct MaterialLine {
    /// The material lot, called by the supplier's lot code.
    pub material_lot: Titled,
    /// Material class.
    pub class: Option<Said>,
    /// Who supplied it; `None` where the reader may not see it or nobody filed it.
    pub supplier: Option<String>,
    /// When it was received.
    pub received_on: Option<String>,
    /// How much of it went in.
    pub quantity: Option<Quantity>,
    /// The record that says so.
    pub entry: EntryRef,
}

/// A carton or pallet in a list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct UnitLine {
    /// The unit.
    pub unit: Titled,
    /// Carton or pallet.
    pub level: Option<Level>,
    /// How much it holds of what is asked about (of everything, for a shipment).
    pub share: Share,
    /// How many batches are in it.
    pub batches: u64,
    /// What it is in.
    pub inside: Option<Titled>,
    /// Its own dispositions.
    pub marks: Vec<Disposition>,
    /// The record that put it there.
    pub entry: Option<EntryRef>,
}

/// A shipment in a list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ShipmentLine {
    /// The shipment, called by its reference.
    pub shipment: Titled,
    /// Who gets it; `None` where the reader may not see it.
    pub destination: Option<Titled>,
    /// When it left.
    pub shipped: Option<EntryRef>,
    /// How many cartons of what is asked about are in it.
    pub cartons: u64,
    /// How many pieces of it, as far as known.
    pub share: Share,
}

/// Towards materials: everything a subject came from, each hop with the record that proves it (C03).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TraceBack {
    /// Where the walk began.
    pub start: Titled,
    /// The batches reached.
    pub batches: Vec<BatchShare>,
    /// The material lots they were made from.
    pub materials: Vec<MaterialLine>,
}

/// Towards shipments: everything a subject went into.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TraceForward {
    /// Where the walk began.
    pub start: Titled,
    /// How many batches were reached.
    pub batches: u64,
    /// How many distinct cartons hold them. A mixed carton counts once.
    pub cartons: u64,
    /// How many of those cartons are in no shipment.
    pub cartons_not_shipped: u64,
    /// Pieces in those cartons, as far as known.
    pub pieces: u64,
    /// The shipments they left in.
    pub shipments: Page<ShipmentLine>,
}

/// An entry as written.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EntryView {
    /// Its line in a timeline.
    pub line: TimelineEntry,
    /// The subjects it touched.
    pub subjects: Vec<Titled>,
    /// The entry's canonical bytes, parsed.
    pub content: Value,
    /// Its leaf hash (RFC 9162), hexadecimal.
    pub hash: String,
    /// The hashes that prove it is in the tree of the checkpoint, hexadecimal, leaf side first.
    pub proof: Vec<String>,
    /// The checkpoint that the proof leads to.
    pub checkpoint: CheckpointView,
    /// What it raised.
    pub discrepancies: Vec<DiscrepancyView>,
}

/// The ledger's head.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CheckpointView {
    /// Name of the log, one a brand.
    pub origin: String,
    /// How many entries the tree holds.
    pub size: u64,
    /// Its root, base64.
    pub root: String,
    /// The signed note.
    pub note: String,
    /// The key that verifies it, as text.
    pub verifier_key: String,
}

/// Entries, the newest first, and the head they belong to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LedgerView {
    /// The head.
    pub checkpoint: CheckpointView,
    /// The entries.
    pub entries: Page<TimelineEntry>,
    /// Discrepancies that are open, orphan observations among them.
    pub open_discrepancies: Page<DiscrepancyView>,
}

/// What somebody who scans a product without signing in is told (C09): nothing of suppliers, customers
/// or quantities.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PublicView {
    /// The code as read.
    pub code: Code,
    /// The product's name, where it is known.
    pub product: Option<Said>,
    /// Its GTIN.
    pub gtin: Option<String>,
    /// Brand or private labeler, place and date of production, batch: the tracking-label facts, gaps
    /// included.
    pub facts: Vec<Fact>,
    /// Who can interpret the code.
    pub contact: Option<String>,
    /// What the brand has to say about it: a recall, a warning.
    pub notice: Option<Said>,
    /// True when goods under this code are to be taken off sale.
    pub stop_selling: bool,
}

/// What the ledger answers to a draft: it is durable.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// The draft's id.
    pub id: uuid::Uuid,
    /// Its place in the ledger.
    pub seq: u64,
    /// Its leaf hash, hexadecimal.
    pub hash: String,
    /// True when it had been written before and this changed nothing.
    pub already: bool,
    /// Where event and book disagree.
    pub discrepancies: Vec<crate::event::Discrepancy>,
    /// The subjects it touched, the first one being what it was about.
    pub subjects: Vec<Subject>,
}

impl Receipt {
    /// What the role may be told of it: one that reads no records learns that it is written, and where.
    pub fn told(self, role: Role) -> Receipt {
        match role.reads_records() {
            true => self,
            false => Receipt { discrepancies: vec![], subjects: vec![], ..self },
        }
    }
}

/// Who is signed in, as pages need it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SignedIn {
    /// The person.
    pub person: Person,
    /// The brand's name.
    pub brand: String,
    /// The role, for short.
    pub role: Role,
}
