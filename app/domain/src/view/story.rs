//! A subject of each kind with its whole story: what its page shows.

use super::{
    BatchShare, Card, MaterialLine, Page, PlanLine, Record, ShipmentLine, StandingView, TimelineEntry,
    Titled, TraceForward, UnitLine,
};
use serde::{Deserialize, Serialize};

/// A batch with its whole story.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BatchView {
    /// What it is.
    pub card: Card,
    /// How complete it is on record, what changed, and what leads to it.
    pub standing: StandingView,
    /// Its records, gaps included.
    pub records: Vec<Record>,
    /// What it was made from.
    pub materials: Vec<MaterialLine>,
    /// The cartons that hold it.
    pub cartons: Page<UnitLine>,
    /// The shipments it left in.
    pub shipments: Page<ShipmentLine>,
    /// Its story, the newest first.
    pub timeline: Page<TimelineEntry>,
}

/// A carton or pallet with its whole story.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct UnitView {
    /// What it is.
    pub card: Card,
    /// The units directly in it.
    pub units: Page<UnitLine>,
    /// Its story, what happened to the pallet and shipment round it included.
    pub timeline: Page<TimelineEntry>,
}

/// A shipment with its whole story.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ShipmentView {
    /// What it is; `batches` tells its composition.
    pub card: Card,
    /// Destination and papers, gaps included.
    pub records: Vec<Record>,
    /// How many things keep it from being released.
    pub held_back: u64,
    /// The units directly in it.
    pub units: Page<UnitLine>,
    /// The parts it was split into, and the whole it came from.
    pub parts: Vec<Titled>,
    /// What it was split from.
    pub whole: Option<Titled>,
    /// Its story.
    pub timeline: Page<TimelineEntry>,
}

/// A material lot and everything made from it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct MaterialLotView {
    /// What it is.
    pub card: Card,
    /// Supplier, source and receipt, gaps included.
    pub records: Vec<Record>,
    /// The batches that used it.
    pub batches: Page<BatchShare>,
    /// Where it went.
    pub forward: TraceForward,
    /// Its story.
    pub timeline: Page<TimelineEntry>,
}

/// A trade item with its batches.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TradeItemView {
    /// What it is.
    pub card: Card,
    /// Its facts, gaps included.
    pub records: Vec<Record>,
    /// Its trace plans, one a factory, with the latest revision.
    pub plans: Vec<PlanLine>,
    /// Its batches, the newest first.
    pub batches: Page<BatchShare>,
    /// Its story.
    pub timeline: Page<TimelineEntry>,
}

/// A place, and what is there as last recorded.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlaceView {
    /// What it is.
    pub card: Card,
    /// Its facts, gaps included.
    pub records: Vec<Record>,
    /// Shipments that go or went there.
    pub shipments: Page<ShipmentLine>,
    /// What happened there.
    pub timeline: Page<TimelineEntry>,
}
