//! The append-only book and its readings: the only crate that speaks SQL.
#![warn(missing_docs)]

mod accounts;
mod beside;
mod brand;
mod cache;
mod capture;
mod db;
mod dictionary;
mod fault;
mod head;
mod keep;
mod ledger;
mod open;
mod projections;
mod session;
mod slot;
#[cfg(test)]
mod statements;
mod views;
mod words;

pub use accounts::{Account, Token};
pub use brand::{Brand, BrandId};
pub use fault::Fault;
pub use keep::VerifyReport;
pub use ledger::{Ask, Ledger, Reader, Stats};
pub use session::SessionStore;
