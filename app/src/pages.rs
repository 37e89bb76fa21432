//! The pages: each a file with the server function it reads from.

pub mod account;
pub mod batch;
pub mod codes;
pub mod entry;
pub mod event;
pub mod find;
pub mod import;
pub mod import_run;
pub mod import_sheet;
pub mod ledger;
pub mod logistic_unit;
pub mod material_lot;
pub mod not_found;
pub mod place;
pub mod public;
pub mod scan;
pub mod scan_lab;
pub mod setup;
pub mod shipment;
pub mod sign_in;
pub mod trade_item;
