//! What rows became: drafts, each with the cells it came from, or what is wrong with them.

use super::report::Problem;
use domain::{event::EventDraft, text::Said};
use ledger::BrandId;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use uuid::Uuid;

/// What one or several rows became.
#[derive(Debug)]
pub enum Made {
    /// A draft, to be handed in.
    Draft(Box<Prepared>),
    /// Rows that cannot become one, and everything that is wrong with them.
    Bad(Vec<u64>, Vec<Problem>),
    /// The table as a whole: its header is wrong, so no row of it was read.
    Unread(Problem),
    /// What a person should know of the table, after its last row.
    Told(Vec<Said>),
}

/// A draft with the rows it was made from.
#[derive(Debug)]
pub struct Prepared {
    /// The draft.
    pub draft: EventDraft,
    /// The lines of the rows that it stands for.
    pub lines: Vec<u64>,
    /// True where the rows themselves tell when it happened.
    pub dated: bool,
    /// Which cell each field of the payload came from.
    pub cells: Vec<Cell>,
}

/// Where a field of a payload came from.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The field's path: `batches.1.pieces`.
    pub path: String,
    /// The line.
    pub line: u64,
    /// The column, as its header names it.
    pub column: Arc<str>,
    /// The cell, where it stands in a workbook.
    pub cell: Option<Box<str>>,
}

impl Prepared {
    /// How many rows it stands for.
    pub fn rows(&self) -> u64 {
        self.lines.len() as u64
    }

    /// The cell that a refusal's field came from.
    pub fn cell(&self, path: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.path == path).or_else(|| {
            // A list is refused as a whole, or a row of it.
            self.cells.iter().find(|cell| path.starts_with(&cell.path) || cell.path.starts_with(path))
        })
    }
}

/// The id of a draft that came from a table: the same for the same content.
pub fn draft_id(brand: BrandId, table: &str, content: &[(&str, &str)]) -> Uuid {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    };
    add(&brand.0.to_string());
    add(table);
    for (name, value) in content {
        add(name);
        add(value);
    }
    let digest = hash.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_same_for_the_same_content_only() {
        let id = |brand, table, content: &[(&str, &str)]| draft_id(BrandId(brand), table, content);
        let one = id(1, "cartons", &[("carton", "C1")]);
        assert_eq!(one, id(1, "cartons", &[("carton", "C1")]));
        assert_eq!(one.get_version_num(), 8);
        for other in [
            id(2, "cartons", &[("carton", "C1")]),
            id(1, "pallets", &[("carton", "C1")]),
            id(1, "cartons", &[("carto", "nC1")]),
        ] {
            assert_ne!(one, other);
        }
    }
}
