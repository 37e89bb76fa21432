//! What is true about batches and codes. No I/O, no clock, no async; the same on server and phone.
//!
//! The map, along the way a scan takes:
//!
//! - [`code`] – what a scan can mean: symbology identifier and bytes to a `Code` with its keys
//! - [`subject`], [`quantity`], [`time`], [`person`] – what events speak of
//! - [`field`] – what a form asks, declared once and followed everywhere
//! - [`document`] – photos and PDFs that an event names by the digest of their bytes
//! - [`event`] – the draft, the list of event kinds, and `decide`
//! - [`book`] – the part of the book that a decision has open
//! - [`state`] – effects, and what a subject's state is after them
//! - [`record`] – the kinds of fact that can be filed under a subject
//! - [`plan`] – what buyer and factory lock before production
//! - [`dossier`], [`completeness`], [`change`], [`gate`] – what is on record about a batch, what is missing,
//!   what changed, and whether a shipment may leave
//! - [`likeness`] – why two lot codes may mean the same
//! - [`seal`] – names that are on record without being told
//! - [`refusal`] – the domain says no, with the place and the mend
//! - [`log`] – canonical bytes, the Merkle tree, checkpoints and proofs
//! - [`import`] – what an import is told and tells
//! - [`view`] – the plain data that pages and exports receive
//! - [`text`] – words on a screen, always in both languages
//!
//! A batch is made and found again by its lot code, on a book that nobody stored:
//!
//! ```
//! use domain::{book::Known, event::{Context, EventDraft, decide}, person::{Person, Role}, subject::*, time::*};
//! use serde_json::{Value, json};
//!
//! let person = Person { id: "mei".into(), name: "Mei".into(), role: Role::Factory };
//! let mut book = Known::new();
//! let mut record = |kind: &str, payload: Value| {
//!     let (event_time, zone) = parse_with_zone("2026-03-04T14:05:00+08:00").unwrap();
//!     let draft = json!({"id": "0195a0c0-0000-7000-8000-000000000001", "kind": kind,
//!                        "event_time": event_time, "zone": zone, "payload": payload});
//!     let draft: EventDraft = serde_json::from_value(draft).unwrap();
//!     let outcome = decide(&Context { draft: &draft, person: &person, now: event_time }, &book)?;
//!     book.apply(&outcome);
//!     book.one("L2026A", &[SubjectKind::Batch])
//! };
//! let toy = json!({"subject": "trade_item:TRAIN", "record": "trade_item"});
//! assert_eq!(record("filing", toy).unwrap_err().reason, "unknown_code");
//! let run = json!({"trade_item": "TRAIN", "lot_code": "L2026A", "quantity": 480});
//! assert_eq!(record("producing", run), Ok(Subject::batch("L2026A")));
//! ```
//!
//! Deliberately unknown here: databases, HTTP, browsers, pixels, the clock, random numbers. Times and
//! ids are handed in as values, so a story replays to the same bytes.
#![warn(missing_docs)]

pub mod book;
pub mod change;
pub mod code;
pub mod completeness;
pub mod document;
pub mod dossier;
pub mod event;
pub mod field;
pub mod gate;
pub mod import;
pub mod likeness;
pub mod log;
pub mod person;
pub mod plan;
pub mod quantity;
pub mod record;
pub mod refusal;
pub mod seal;
pub mod state;
pub mod subject;
pub mod text;
pub mod time;
pub mod view;
