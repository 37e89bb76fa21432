//! Workbooks (XLSX): what is looked at before a cell is read, and the cells, one row after the other.
//!
//! A workbook is a zip of XML, and a stranger's. [`look`] counts what its parts unpack to before anything
//! builds on them, and takes none that holds entities or endless text; it also tells what no cell does:
//! hidden rows, columns and sheets, and merged ranges. `lines` reads the cells (calamine) on a thread of
//! its own, a few hundred rows ahead of who takes them.

mod guard;
mod look;
mod parts;
mod read;

pub use look::{Range, SheetLook, look};
pub(super) use read::lines;
