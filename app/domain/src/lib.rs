//! What is true about batches and codes: no I/O, no clock, no async.
#![warn(missing_docs)]

pub mod code;
pub mod log;
pub mod text;
