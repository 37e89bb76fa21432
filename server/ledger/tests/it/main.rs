//! The ledger, lived through on SQLite and PostgreSQL alike.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod capture;
mod documents;
mod durable;
mod ready;
mod replay;
mod stories;
mod support;
mod tampering;
mod traces;
mod world;
mod worlds;
