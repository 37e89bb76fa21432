//! What really happened in a world. Tests compare a system's answers with it; the system never sees it.

use crate::story::Tells;

/// Everything that is so, written down or not.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Truth {
    /// What was made.
    pub batches: Vec<Batch>,
    /// What went in.
    pub materials: Vec<Material>,
    /// Every carton, whatever is written about it.
    pub cartons: Vec<Carton>,
    /// What left together.
    pub shipments: Vec<Shipment>,
    /// What was kept.
    pub samples: Vec<Sample>,
    /// What was certified.
    pub certificates: Vec<Certificate>,
    /// What was ordered and billed.
    pub lines: Vec<Line>,
    /// Names that are told to nobody but who sealed them.
    pub secrets: Vec<Secret>,
    /// Records that nobody made, in the order in which they are missing.
    pub lost: Vec<Lost>,
}

/// A batch as it was made.
#[derive(Clone, PartialEq, Debug)]
pub struct Batch {
    /// The key it is kept under.
    pub key: String,
    /// The lot code on its products.
    pub lot_code: String,
    /// The trade item.
    pub trade_item: String,
    /// The GTIN of that.
    pub gtin: String,
    /// Where it was made.
    pub factory: String,
    /// The version that was really made.
    pub version: String,
    /// The first day.
    pub first_day: String,
    /// Pieces made.
    pub pieces: u64,
    /// Which pieces are made of which material lot.
    pub made_from: Vec<Went>,
}

/// A material lot in a range of pieces, the first of the batch being 1.
#[derive(Clone, PartialEq, Debug)]
pub struct Went {
    /// The material lot.
    pub lot: String,
    /// The first piece.
    pub first: u64,
    /// The last one.
    pub last: u64,
}

/// A material lot.
#[derive(Clone, PartialEq, Debug)]
pub struct Material {
    /// The key it is kept under.
    pub lot: String,
    /// What it is.
    pub material: String,
    /// Its grade.
    pub grade: String,
    /// The place that supplied it, whatever that calls itself.
    pub supplier: String,
    /// Where the supplier has it from, by its real name.
    pub source: String,
}

/// A carton with what really is in it.
#[derive(Clone, PartialEq, Debug)]
pub struct Carton {
    /// The code on it.
    pub code: String,
    /// Which batches, with how many pieces.
    pub contents: Vec<(String, u64)>,
    /// The shipment it left in.
    pub shipment: String,
}

/// A shipment.
#[derive(Clone, PartialEq, Debug)]
pub struct Shipment {
    /// Its reference.
    pub reference: String,
    /// Where it went.
    pub destination: String,
    /// How many cartons.
    pub cartons: u64,
}

/// A retained sample.
#[derive(Clone, PartialEq, Debug)]
pub struct Sample {
    /// The code on it.
    pub code: String,
    /// The batch its pieces really are of.
    pub batch: String,
    /// The lot code that stands on it.
    pub label: String,
    /// How many pieces.
    pub pieces: u64,
}

/// A certificate or test report.
#[derive(Clone, PartialEq, Debug)]
pub struct Certificate {
    /// Its number.
    pub number: String,
    /// The trade item it is of.
    pub trade_item: String,
    /// The version that was really tested.
    pub version: String,
}

/// A line of an order or an invoice.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// The key it is kept under.
    pub key: String,
    /// The batches that fill it, with how many pieces.
    pub filled_by: Vec<(String, u64)>,
    /// Whether anybody wrote that on a batch.
    pub written: bool,
    /// Its value.
    pub value: u64,
    /// Its cartons.
    pub cartons: u64,
}

/// A name that is recorded sealed.
#[derive(Clone, PartialEq, Debug)]
pub struct Secret {
    /// What stands in the drafts in its place until it is sealed: one a seal, for every seal has a salt of its
    /// own.
    pub placeholder: String,
    /// The material lot whose source it is.
    pub lot: String,
    /// The name.
    pub name: String,
}

/// A record that nobody made.
#[derive(Clone, PartialEq, Debug)]
pub struct Lost {
    /// What it would have told.
    pub tells: Tells,
    /// The batches of whose six records it is a part.
    pub batches: Vec<String>,
}

impl Truth {
    /// True where a record that is asked of the batch was never made.
    pub fn lacks(&self, batch: &str) -> bool {
        self.lost.iter().any(|lost| lost.batches.iter().any(|of| of == batch))
    }

    /// The batches that really are in a shipment, each once.
    pub fn batches_in(&self, shipment: &str) -> Vec<&str> {
        let cartons = self.cartons.iter().filter(|carton| carton.shipment == shipment);
        let mut batches: Vec<&str> =
            cartons.flat_map(|carton| carton.contents.iter().map(|(batch, _)| batch.as_str())).collect();
        batches.sort_unstable();
        batches.dedup();
        batches
    }

    /// Pieces of a batch that really are in a shipment.
    pub fn pieces_in(&self, shipment: &str, batch: &str) -> u64 {
        let cartons = self.cartons.iter().filter(|carton| carton.shipment == shipment);
        cartons.flat_map(|carton| &carton.contents).filter(|(of, _)| of == batch).map(|(_, n)| n).sum()
    }

    /// The pieces of a batch that are made of a material lot.
    pub fn pieces_of(&self, batch: &str, lot: &str) -> Option<(u64, u64)> {
        let made = self.batches.iter().find(|made| made.key == batch)?;
        made.made_from.iter().find(|went| went.lot == lot).map(|went| (went.first, went.last))
    }
}
