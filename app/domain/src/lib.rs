//! What is true about batches and codes. No I/O, no clock, no async; the same on server and phone.
//!
//! The map, along the way a scan takes:
//!
//! - [`code`] – what a scan can mean: symbology identifier and bytes to a `Code` with its keys
//! - [`subject`], [`quantity`], [`time`], [`person`] – what events speak of
//! - [`field`] – what a form asks, declared once and followed everywhere
//! - [`event`] – the draft, the list of event kinds, and `decide`
//! - [`book`] – the part of the book that a decision has open
//! - [`state`] – effects, and what a subject's state is after them
//! - [`record`] – the kinds of fact that can be filed under a subject
//! - [`refusal`] – the domain says no, with the place and the mend
//! - [`log`] – canonical bytes, the Merkle tree, checkpoints and proofs
//! - [`view`] – the plain data that pages and exports receive
//! - [`text`] – words on a screen, always in both languages
//!
//! Deliberately unknown here: databases, HTTP, browsers, pixels, the clock, random numbers. Times and
//! ids are handed in as values, so a story replays to the same bytes.
#![warn(missing_docs)]

pub mod book;
pub mod code;
pub mod event;
pub mod field;
pub mod log;
pub mod person;
pub mod quantity;
pub mod record;
pub mod refusal;
pub mod state;
pub mod subject;
pub mod text;
pub mod time;
pub mod view;
