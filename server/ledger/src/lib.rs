//! The append-only book and its readings: the only crate that speaks SQL.
//!
//! # The map
//!
//! - [`Ledger`] – opening and closing; [`Brand`]s; who reads ([`Reader`])
//! - `capture` – the one door for writing: load, decide, append, project, commit; `capture/group` decides
//!   one brand's drafts, `capture/entry` makes an entry's bytes, `capture/rehearse` decides and writes nothing
//! - `open` – the part of the book that a group of drafts needs, read with a few statements for all
//! - `projections` – from effects to rows; `projections/reverse` takes an entry back
//! - `slot` – places that hold one thing at a time, and their history
//! - `dictionary`, `words` – subjects by id, and the small numbers that stand for words
//! - `dossier` – everything a judgment about batches rests on; `standing` – how complete each one is
//! - `head` – the tree's edge and its signature
//! - `cache` – ready answers for scans
//! - `views/` – the readings, one file each, SQL beside it
//! - `seals` – sealed names, beside the book
//! - `keep` – verify, backup, restore; `accounts`, `session`, `beside`, `imports` – what is kept beside the book
//! - `documents` – photos and PDFs that entries name by their digest; `shelf` – the folder or bucket they are in
//! - `db` – the only file that names a database driver; `migrations/` – the tables
//!
//! Deliberately unknown here: HTTP, pages, what an event kind is called, how a password is hashed.
//!
//! # How it works
//!
//! **Entries.** An entry is the canonical JSON (RFC 8785) of `{v, id, brand, seq, kind, eventTime, zone,
//! recordTime, person, place, evidence, note, source, payload}`, at most 65,535 bytes. Its hash is a leaf of the
//! brand's Merkle tree (RFC 9162); `seq` begins at 1, the leaf's index is one less. The database itself
//! refuses to update or delete entries and checkpoints: triggers, on both databases. That an entry was
//! corrected stands in a table of its own.
//!
//! **The tree.** Kept are the frontier (at most 64 hashes, in the head's row), the leaf hashes beside the
//! entries, and complete nodes of every fourth level, about three bytes an entry; a proof hashes what
//! lies between from at most 16 of them a level. Checkpoints are signed with the brand's Ed25519 key,
//! which is drawn when the brand is made and kept in the database. One is stored at least every minute
//! of writing or 10,000 entries, and whenever one is handed out; [`Ledger::verify`] holds the book to
//! each of them.
//!
//! **Projections are intervals.** Whatever effects leave behind (a name, a content, a disposition, a
//! count, facts) is a row with `since` and `until`, both numbers of entries: `until` is null while it
//! holds. That makes a correction uniform: what began with the wrong entry is taken back, what ended
//! with it goes on until the next thing that took its place. Taken back is not `until = since`, for a
//! code that was put on and taken off by one and the same entry has been so; it is minus the correcting
//! entry's number.
//!
//! **Group commit.** One writer drains a queue into one transaction; whoever waits then shares its cost
//! of being durable. The drafts of a group are decided in order on one opened book, each on what those
//! before it left. Where [`Known::apply`](domain::book::Known::apply) cannot know what an opened book
//! would tell (a correction, a sum over unknown shares, a hold deeper in) the book is opened anew; a test
//! compares random groups with the same drafts one by one, row by row. On PostgreSQL several processes
//! may write: they take turns on the brand's head row.
//!
//! **Ready answers.** What a scan was answered is kept until an entry touches what it was read from, see
//! `cache`. Where another process wrote (PostgreSQL), it may be half a second older than that.
//!
//! **Shards.** Every row has `brand` (but a session, which exists before anybody signs in), every key
//! begins with it, subjects are numbered within it, and no statement joins across it: a brand can be moved
//! to another database.
//!
//! # Example
//!
//! ```
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! use domain::{event::{EventDraft, Evidence}, person::{Person, Role}, time::{Time, Zone}, view::Resolution};
//! use ledger::{Ledger, Reader};
//!
//! let file = std::env::temp_dir().join(format!("lotwalk-example-{}.db", uuid::Uuid::now_v7()));
//! let ledger = Ledger::open(&format!("sqlite:{}", file.display())).await?;
//! let brand = ledger.create_brand("acme", "Acme Toys").await?;
//! let wen = Person { id: "wen".into(), name: "Wen".into(), role: Role::Warehouse };
//! let draft = EventDraft {
//!     id: uuid::Uuid::now_v7(),
//!     kind: "commissioning".into(),
//!     event_time: Time(1_770_000_000_000),
//!     zone: Zone(480),
//!     place: None,
//!     evidence: Evidence::Scanned,
//!     note: None,
//!     source: None,
//!     payload: serde_json::json!({ "codes": ["AHK-S000001-001"], "level": "carton" }),
//! };
//! let answers = ledger.capture(brand.id, &wen, vec![draft]).await?;
//! assert_eq!(answers[0].as_ref().map(|receipt| receipt.seq), Ok(1));
//!
//! let reader = Reader { brand: brand.id, role: Role::Buyer };
//! let found = ledger.resolve(&reader, None, b"AHK-S000001-001").await?;
//! assert!(matches!(found, Resolution::Found { former: false, .. }));
//! ledger.close().await;
//! # std::fs::remove_file(file)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![warn(missing_docs)]

mod accounts;
mod beside;
mod brand;
mod cache;
mod capture;
mod db;
mod dictionary;
mod documents;
mod dossier;
mod fault;
mod head;
mod imports;
mod keep;
mod ledger;
mod open;
mod projections;
mod seals;
mod session;
mod shelf;
mod slot;
mod standing;
#[cfg(test)]
mod statements;
mod views;
mod words;

pub use accounts::{Account, Token};
pub use brand::{Brand, BrandId};
pub use documents::{NewDocument, StoredDocument};
pub use fault::Fault;
pub use imports::NewImport;
pub use keep::{Copied, VerifyReport};
pub use ledger::{Ask, Ledger, Reader, Stats};
pub use session::SessionStore;
