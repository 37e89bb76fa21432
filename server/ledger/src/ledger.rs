//! The ledger's face: open it, capture into it, read from it.
use crate::Fault;
use domain::{
    event::EventDraft,
    person::{Person, Role},
    refusal::Refusal,
    time::Time,
    view::Receipt,
};
use std::path::Path;

/// A brand's id: every row in the ledger carries it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct BrandId(pub i64);

/// An organisation that owns a book of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Brand {
    /// Its id.
    pub id: BrandId,
    /// Its short name in addresses and on the command line.
    pub slug: String,
    /// Its name on a screen.
    pub name: String,
}

/// Who reads: decides what is left out (suppliers, consignees, everything).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Reader {
    /// Of which brand.
    pub brand: BrandId,
    /// In which role.
    pub role: Role,
}

/// Which rows of a view's lists are asked for. The default is the first page of each.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ask {
    /// The list to go on with, by the name of its field in the view: `cartons`, `timeline`.
    pub list: Option<String>,
    /// The [`next`](domain::view::Page::next) of the page before.
    pub after: Option<String>,
}

/// Counters since the ledger was opened, and its size.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Stats {
    /// Entries in all brands, as last written or read here.
    pub entries: u64,
    /// Entries captured here.
    pub captures: u64,
    /// Resolves answered from memory.
    pub cache_hits: u64,
    /// Resolves that had to read.
    pub cache_misses: u64,
}

/// What [`Ledger::verify`] found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VerifyReport {
    /// Entries whose bytes were hashed again.
    pub entries: u64,
    /// Checkpoints that were compared.
    pub checkpoints: u64,
    /// What does not fit, in words with the place; empty when all is well.
    pub findings: Vec<String>,
}

/// The book. Cheap to clone.
#[derive(Clone)]
pub struct Ledger {}

impl Ledger {
    /// Opens a database: `sqlite:PATH` (made when absent) or `postgres://…`, and brings its tables up to date.
    pub async fn open(_url: &str) -> Result<Ledger, Fault> {
        Err(Fault::new(false, "not open"))
    }
    /// Writes what is queued and closes.
    pub async fn close(&self) {}
    /// Whether the database answers.
    pub async fn ready(&self) -> Result<(), Fault> {
        Ok(())
    }
    /// Counters.
    pub fn stats(&self) -> Stats {
        Stats::default()
    }
    /// The brand with a slug.
    pub async fn brand(&self, _slug: &str) -> Result<Option<Brand>, Fault> {
        Ok(None)
    }
    /// Every brand.
    pub async fn brands(&self) -> Result<Vec<Brand>, Fault> {
        Ok(vec![])
    }
    /// A new brand with a signing key of its own; the existing one where the slug is taken.
    pub async fn create_brand(&self, _slug: &str, _name: &str) -> Result<Brand, Fault> {
        Err(Fault::new(false, "not open"))
    }
    /// The one door for writing. Answers in the order given; each draft stands alone.
    pub async fn capture(
        &self,
        _brand: BrandId,
        _person: &Person,
        _drafts: Vec<EventDraft>,
    ) -> Result<Vec<Result<Receipt, Refusal>>, Fault> {
        Ok(vec![])
    }
    /// [`capture`](Self::capture) with the record time given, for stories that must replay to the same bytes.
    pub async fn capture_at(
        &self,
        _brand: BrandId,
        _person: &Person,
        _drafts: Vec<EventDraft>,
        _now: Time,
    ) -> Result<Vec<Result<Receipt, Refusal>>, Fault> {
        Ok(vec![])
    }
    /// Recomputes the tree and compares it with every stored checkpoint; `progress` is told how many entries are done.
    pub async fn verify(&self, _progress: impl FnMut(u64)) -> Result<VerifyReport, Fault> {
        Ok(VerifyReport::default())
    }
    /// Writes a copy of the database to a file that does not exist yet, while serving.
    pub async fn backup(&self, _path: &Path) -> Result<Result<(), Refusal>, Fault> {
        Ok(Ok(()))
    }
    /// Puts a backup in the place of a database that does not exist yet, or is empty.
    pub async fn restore(_url: &str, _path: &Path) -> Result<Result<(), Refusal>, Fault> {
        Ok(Ok(()))
    }
}
