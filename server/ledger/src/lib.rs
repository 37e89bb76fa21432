//! The append-only book and its readings: the only crate that speaks SQL.
#![warn(missing_docs)]

mod accounts;
mod fault;
mod ledger;
mod session;
mod views;

pub use accounts::{Account, Token};
pub use fault::Fault;
pub use ledger::{Ask, Brand, BrandId, Ledger, Reader, Stats, VerifyReport};
pub use session::SessionStore;
