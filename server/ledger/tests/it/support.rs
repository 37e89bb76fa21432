//! A book to tell stories in: opened on a fresh database of either kind, with a clock of its own.

use domain::{
    event::{EventDraft, Evidence},
    person::{Person, Role},
    refusal::Refusal,
    time::{Time, Zone},
    view::Receipt,
};
use ledger::{Brand, Ledger, Reader};
use serde_json::Value;
use sqlx::Connection;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use uuid::Uuid;

/// Where tests find PostgreSQL: a superuser's URL; each test makes a database of its own.
const POSTGRES: &str = "LOTWALK_TEST_POSTGRES";

/// Runs a story on SQLite, and on PostgreSQL where there is one.
pub(crate) fn on_each<F>(story: impl Fn(Book) -> F)
where
    F: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let scratch = Scratch::sqlite();
        story(Book::open(&scratch.url).await).await;
        match Scratch::postgres().await {
            Some(scratch) => {
                story(Book::open(&scratch.url).await).await;
                scratch.drop_database().await;
            }
            None => println!("skipped on PostgreSQL: {POSTGRES} is not set"),
        }
    });
}

/// A database that is gone after the test.
pub(crate) struct Scratch {
    pub(crate) url: String,
    folder: Option<std::path::PathBuf>,
    database: Option<String>,
}

impl Scratch {
    /// An SQLite file in a folder of its own.
    pub(crate) fn sqlite() -> Scratch {
        let folder = std::env::temp_dir().join(format!("lotwalk-ledger-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let url = format!("sqlite:{}", folder.join("ledger.db").display());
        Scratch { url, folder: Some(folder), database: None }
    }

    /// A database that is there already, and stays.
    pub(crate) fn of(url: &str) -> Scratch {
        let database = url.starts_with("postgres").then(String::new);
        Scratch { url: url.into(), folder: None, database }
    }

    /// A database on the server that the environment names.
    pub(crate) async fn postgres() -> Option<Scratch> {
        let Ok(server) = std::env::var(POSTGRES) else {
            assert!(std::env::var("LOTWALK_TEST_REQUIRE_POSTGRES").is_err(), "{POSTGRES} is not set");
            return None;
        };
        let database = format!("lotwalk_{}", Uuid::now_v7().simple());
        let mut connection = sqlx::PgConnection::connect(&server).await.unwrap();
        sqlx::query(&format!("create database {database}")).execute(&mut connection).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        Some(Scratch { url: format!("{base}/{database}"), folder: None, database: Some(database) })
    }

    /// The file of an SQLite database.
    pub(crate) fn file(&self) -> std::path::PathBuf {
        self.folder.as_ref().unwrap().join("ledger.db")
    }

    /// True where it is a database on a server.
    pub(crate) fn is_postgres(&self) -> bool {
        self.database.is_some()
    }

    /// The bytes of every entry, in the order of the book.
    pub(crate) async fn contents(&self) -> Vec<Vec<u8>> {
        let sql = "select bytes from entry order by brand, seq";
        if self.is_postgres() {
            let mut raw = sqlx::PgConnection::connect(&self.url).await.unwrap();
            return sqlx::query_scalar(sql).fetch_all(&mut raw).await.unwrap();
        }
        let mut raw = sqlx::SqliteConnection::connect(&self.url).await.unwrap();
        sqlx::query_scalar(sql).fetch_all(&mut raw).await.unwrap()
    }

    /// Drops a PostgreSQL database, whoever is in it.
    pub(crate) async fn drop_database(self) {
        let server = std::env::var(POSTGRES).unwrap();
        let mut connection = sqlx::PgConnection::connect(&server).await.unwrap();
        let sql = format!("drop database if exists {} with (force)", self.database.as_ref().unwrap());
        sqlx::query(&sql).execute(&mut connection).await.unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // A file that the system still holds is removed with the temporary folder.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// A brand's book and a clock that moves a minute an event.
pub(crate) struct Book {
    pub(crate) ledger: Ledger,
    pub(crate) brand: Brand,
    pub(crate) url: String,
    clock: AtomicI64,
}

impl Book {
    pub(crate) async fn open(url: &str) -> Book {
        Book::open_with(url, None).await
    }

    /// The same with a place for documents.
    pub(crate) async fn open_with(url: &str, files: Option<&str>) -> Book {
        let ledger = Ledger::open_with(url, files).await.unwrap();
        let brand = ledger.create_brand("acme", "Acme Toys").await.unwrap();
        Book { ledger, brand, url: url.into(), clock: AtomicI64::new(1_770_000_000_000) }
    }

    /// The empty book of another brand in the same database.
    pub(crate) async fn another(&self) -> Book {
        let slug = format!("b{}", Uuid::now_v7().simple());
        let brand = self.ledger.create_brand(&slug, "Another").await.unwrap();
        let clock = AtomicI64::new(self.clock.load(Relaxed));
        Book { ledger: self.ledger.clone(), brand, url: self.url.clone(), clock }
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader { brand: self.brand.id, role: Role::Buyer }
    }

    pub(crate) fn as_role(&self, role: Role) -> Reader {
        Reader { brand: self.brand.id, role }
    }

    /// The next minute.
    pub(crate) fn tick(&self) -> Time {
        Time(self.clock.fetch_add(60_000, Relaxed))
    }

    /// A draft of now.
    pub(crate) fn draft(&self, kind: &str, payload: Value) -> EventDraft {
        draft(kind, payload, self.tick())
    }

    /// Captures one event that must be accepted.
    pub(crate) async fn does(&self, kind: &str, payload: Value) -> Receipt {
        match self.tries(kind, payload).await {
            Ok(receipt) => receipt,
            Err(refusal) => panic!("{kind} was refused: {refusal:?}"),
        }
    }

    /// Captures many events of a kind that must be accepted.
    pub(crate) async fn all(&self, kind: &str, payloads: Vec<Value>) {
        let drafts: Vec<_> = payloads.into_iter().map(|payload| self.draft(kind, payload)).collect();
        let now = self.tick();
        for answer in self.ledger.capture_at(self.brand.id, &person(), drafts, now).await.unwrap() {
            answer.unwrap_or_else(|refusal| panic!("{kind} was refused: {refusal:?}"));
        }
    }

    /// Captures one event that must be refused.
    pub(crate) async fn refuses(&self, kind: &str, payload: Value) -> Refusal {
        match self.tries(kind, payload).await {
            Ok(receipt) => panic!("{kind} was accepted: {receipt:?}"),
            Err(refusal) => refusal,
        }
    }

    /// Captures an event at a place that must be accepted.
    pub(crate) async fn does_at(&self, place: &str, kind: &str, payload: Value) -> Receipt {
        let draft = EventDraft { place: Some(place.into()), ..self.draft(kind, payload) };
        match self.hands_in(draft).await {
            Ok(receipt) => receipt,
            Err(refusal) => panic!("{kind} was refused: {refusal:?}"),
        }
    }

    async fn tries(&self, kind: &str, payload: Value) -> Result<Receipt, Refusal> {
        self.hands_in(self.draft(kind, payload)).await
    }

    /// Captures a draft at the moment it tells of.
    pub(crate) async fn hands_in(&self, draft: EventDraft) -> Result<Receipt, Refusal> {
        let now = draft.event_time;
        let mut all = self.ledger.capture_at(self.brand.id, &person(), vec![draft], now).await.unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }
}

/// Whoever tells the story.
pub(crate) fn person() -> Person {
    Person { id: "p1".into(), name: "Wen".into(), role: Role::Administrator }
}

/// A draft with a fresh id.
pub(crate) fn draft(kind: &str, payload: Value, at: Time) -> EventDraft {
    EventDraft {
        id: Uuid::now_v7(),
        kind: kind.into(),
        event_time: at,
        zone: Zone(480),
        place: None,
        evidence: Evidence::Scanned,
        note: None,
        source: None,
        payload,
    }
}
