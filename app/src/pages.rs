//! The pages: each a file with the server function it reads from.

pub mod account;
pub mod batch;
pub mod bridges;
pub mod brief;
pub mod codes;
pub mod entry;
pub mod event;
pub mod file_record;
pub mod find;
pub mod gate;
pub mod kept;
pub mod ledger;
pub mod logistic_unit;
pub mod material_lot;
pub mod not_found;
pub mod place;
pub mod public;
pub mod records;
pub mod retention;
pub mod scan;
pub mod scan_lab;
pub mod setup;
pub mod shipment;
pub mod sign_in;
pub mod trace_plan;
pub mod trade_item;
