//! The ledger itself: opening, closing, and who reads.

use crate::{
    BrandId, Fault,
    accounts::Tokens,
    cache::Answers,
    capture::{CLOSED, Door},
    db::Db,
    db::Row,
    keep,
    shelf::Shelf,
    standing,
};
use domain::person::Role;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

/// Whether the database answers.
pub(crate) const READY: &str = "select cast(1 as bigint)";
/// How many entries there are.
pub(crate) const SIZE: &str = "select cast(coalesce(sum(size), 0) as bigint) from log_head";

/// How long each brand's book is.
pub(crate) const SIZES: &str = "select brand, size from log_head";

/// How often the database is asked whether another process wrote to it: a second server, or an import beside
/// this one. So long at most an answer may be older than what the other has captured.
const LOOK_ROUND: Duration = Duration::from_millis(500);

/// The book. Cheap to clone: pools, the writer's queue and the ready answers are shared.
#[derive(Clone)]
pub struct Ledger {
    pub(crate) db: Db,
    pub(crate) door: Door,
    pub(crate) answers: Arc<Answers>,
    pub(crate) tokens: Arc<Tokens>,
    shelf: Option<Shelf>,
    captures: Arc<AtomicU64>,
    entries_before: u64,
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

impl Ask {
    /// The cursor for a list, where it is the one that is asked for.
    pub(crate) fn after(&self, list: &str) -> Option<&str> {
        self.after.as_deref().filter(|_| self.list.as_deref() == Some(list))
    }
}

/// Counters since the ledger was opened, and its size.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Stats {
    /// Entries in all brands: those there were at opening, and those captured here since.
    pub entries: u64,
    /// Entries captured here.
    pub captures: u64,
    /// Scans answered from memory.
    pub cache_hits: u64,
    /// Scans for which the database was read.
    pub cache_misses: u64,
}

impl Ledger {
    /// Opens a database, `sqlite:PATH` (made when absent) or `postgres://…`, brings its tables up to date
    /// and starts the writer. To be called within a Tokio runtime. Documents are kept where
    /// [`open_with`](Self::open_with) keeps them when no other place is named.
    ///
    /// # Errors
    /// When the database cannot be reached, or is newer than this program.
    pub async fn open(url: &str) -> Result<Ledger, Fault> {
        Ledger::open_with(url, None).await
    }

    /// The same with a place for documents: `file:///FOLDER`, the path of a folder, or `s3://BUCKET/PREFIX`
    /// with the usual `AWS_…` variables. Where none is named it is a folder beside an SQLite file, called
    /// after it (`ledger.sqlite-files`); a PostgreSQL database has nothing beside it, and nowhere to keep
    /// documents then.
    ///
    /// # Errors
    /// As [`open`](Self::open), and when the place cannot be one.
    pub async fn open_with(url: &str, files: Option<&str>) -> Result<Ledger, Fault> {
        let shelf = keep::shelf(url, files)?;
        let db = Db::open(url).await?;
        let entries_before = size(&db).await?;
        let (answers, captures) = (Arc::new(Answers::new()), Arc::new(AtomicU64::new(0)));
        let door = Door::open(db.clone(), entries_before, answers.clone(), captures.clone())?;
        let tokens = Arc::default();
        let ledger = Ledger { db, door, answers, tokens, shelf, captures, entries_before };
        tokio::spawn(look_round(ledger.db.clone(), Arc::downgrade(&ledger.answers)));
        // Its fault is in the log; the next start tries again.
        let db = ledger.db.clone();
        tokio::spawn(async move { standing::catch_up(db).await.is_ok() });
        Ok(ledger)
    }

    /// Writes what is queued and closes the database. Captures after this are faults.
    pub async fn close(&self) {
        self.door.close().await;
        self.db.close().await;
    }

    /// Where documents are kept.
    ///
    /// # Errors
    /// Where no place was named for them.
    pub(crate) fn shelf(&self) -> Result<&Shelf, Fault> {
        self.shelf.as_ref().ok_or_else(|| Fault::new(false, "no place for documents was named (--files)"))
    }

    /// Whether the database answers and there is somebody who writes.
    ///
    /// # Errors
    /// When it does not, or there is not.
    pub async fn ready(&self) -> Result<(), Fault> {
        if !self.door.is_open() {
            return Err(Fault::new(true, CLOSED));
        }
        self.db.row(READY, &[]).await.map(drop)
    }

    /// Counters, from memory.
    pub fn stats(&self) -> Stats {
        let captures = self.captures.load(Relaxed);
        Stats {
            entries: self.entries_before + captures,
            captures,
            cache_hits: self.answers.hits.load(Relaxed),
            cache_misses: self.answers.misses.load(Relaxed),
        }
    }
}

async fn size(db: &Db) -> Result<u64, Fault> {
    db.row(SIZE, &[]).await?.as_ref().map_or(Ok(0), |row: &Row| row.count(0))
}

/// Looks whether another process wrote to the database, as long as the ledger is open.
async fn look_round(db: Db, answers: std::sync::Weak<Answers>) {
    loop {
        tokio::time::sleep(LOOK_ROUND).await;
        let Some(answers) = answers.upgrade() else { return };
        // A database that does not answer has written its own log line; the next look may find it again.
        let Ok(rows) = db.rows(SIZES, &[]).await else { continue };
        for row in rows {
            if let (Ok(brand), Ok(size)) = (row.int(0), row.count(1)) {
                answers.found(BrandId(brand), size);
            }
        }
    }
}
