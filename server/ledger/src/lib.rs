//! The append-only book and its readings: the only crate that speaks SQL.
#![warn(missing_docs)]

mod accounts;
mod brand;
mod cache;
mod capture;
mod db;
mod dictionary;
mod fault;
mod head;
mod ledger;
mod open;
mod projections;
mod session;
mod slot;
mod views;
mod words;

pub use accounts::{Account, Token};
pub use brand::{Brand, BrandId};
pub use fault::Fault;
pub use ledger::{Ask, Ledger, Reader, Stats};
pub use session::SessionStore;

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
mod keep;
