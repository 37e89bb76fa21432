//! What an import is told and tells: which of our columns a factory's own columns are, what was seen in
//! its table before anything is written, and what came of it. Plain data, the same on server and phone.

use crate::{person::Role, text::Said, time::Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which of our columns the columns of a table are.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Mapping {
    /// The table of a record pack: `batches`.
    pub table: String,
    /// The row that names the columns, counted from 1.
    #[serde(default = "first")]
    pub header_row: u64,
    /// The columns, by their headers.
    pub columns: Vec<Mapped>,
    /// Our columns that are the same in every row.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fixed: BTreeMap<String, String>,
}

const fn first() -> u64 {
    1
}

/// One column of a factory's table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mapped {
    /// Its header, as it stands.
    pub header: String,
    /// What it is.
    pub to: To,
    /// The unit of its amounts, by its word: `kilogram`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// How to read days such as 04.03.2026.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DayOrder>,
}

/// What a factory's column is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// This column of ours.
    Column(String),
    /// Left out on purpose.
    Ignored,
    /// Nobody has said yet.
    #[default]
    Open,
}

/// Which comes first in 04/03/2026.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayOrder {
    /// The fourth of March.
    DayFirst,
    /// The third of April.
    MonthFirst,
}

impl DayOrder {
    /// The word in a form.
    pub const fn word(self) -> &'static str {
        match self {
            DayOrder::DayFirst => "day_first",
            DayOrder::MonthFirst => "month_first",
        }
    }

    /// The order for a word.
    pub fn from_word(word: &str) -> Option<DayOrder> {
        [DayOrder::DayFirst, DayOrder::MonthFirst].into_iter().find(|order| order.word() == word)
    }
}

/// A mapping that was learned before, and from whom.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Learned {
    /// The mapping.
    pub mapping: Mapping,
    /// The name of who confirmed it.
    pub by: String,
    /// When.
    pub at: Time,
}

/// Why a column is proposed for a header.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It was confirmed for this factory before.
    Learned,
    /// Somebody said so just now.
    Said,
    /// The header is our column's name.
    Same,
    /// The header is a word known for it.
    Word,
    /// Nothing is proposed.
    #[default]
    Unknown,
}

/// A column as it was seen.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ColumnSeen {
    /// Its letter, `B`.
    pub letter: String,
    /// Its header.
    pub header: String,
    /// Why its mapping is proposed.
    pub why: Why,
    /// A value that stands in it.
    pub sample: String,
}

/// Something that keeps a row, or a table, from being taken over.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BadCell {
    /// The row; none where it is about the table as a whole.
    pub line: Option<u64>,
    /// The cell, `B17`.
    pub cell: Option<String>,
    /// The column, by its header.
    pub column: Option<String>,
    /// A short word for programs.
    pub reason: String,
    /// What is wrong, and how to mend it.
    pub said: Said,
}

/// How many rows are what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct RowCounts {
    /// Read.
    pub rows: u64,
    /// Not in the ledger yet; after the import, written by it.
    pub new: u64,
    /// In the ledger already.
    pub already: u64,
    /// Bad.
    pub bad: u64,
}

/// One table of a file before it is taken over: a sheet of a workbook, or a CSV file.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct SheetSeen {
    /// What it is called.
    pub name: String,
    /// What its columns are taken for; its table is empty where it is left out.
    pub mapping: Mapping,
    /// The mapping confirmed before, where it is one.
    pub learned: Option<Learned>,
    /// Its columns.
    pub columns: Vec<ColumnSeen>,
    /// The rows at its top as they stand, to find the one that names the columns.
    pub top: Vec<(u64, Vec<String>)>,
    /// What a person should know of it.
    pub notes: Vec<Said>,
    /// Our columns, over `first`.
    pub heads: Vec<String>,
    /// The first rows as they will be read.
    pub first: Vec<(u64, Vec<String>)>,
    /// How many rows are what.
    pub counts: RowCounts,
    /// What is bad, the first of it.
    pub bad: Vec<BadCell>,
    /// How much more of it there is.
    pub more_bad: u64,
    /// Our columns to choose from, as its table has them.
    pub offered: Vec<Offer>,
}

impl SheetSeen {
    /// Whether it is to be taken over, and every column has been told.
    pub fn is_ready(&self) -> bool {
        !self.mapping.table.is_empty() && self.mapping.columns.iter().all(|column| column.to != To::Open)
    }

    /// Whether nobody wants it.
    pub fn is_left_out(&self) -> bool {
        self.mapping.table.is_empty()
    }
}

/// What was seen in a file.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Preview {
    /// Why it cannot be read at all.
    pub refused: Option<BadCell>,
    /// The encodings to choose from, where it is not certain which it is.
    pub encodings: Vec<String>,
    /// The encoding somebody chose.
    pub encoding: Option<String>,
    /// Its tables.
    pub sheets: Vec<SheetSeen>,
    /// The tables of ours to choose from.
    pub offered: Vec<Offer>,
    /// What the book answered, once every column was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehearsed: Option<Rehearsed>,
}

/// That the book was asked what it would answer, and stayed as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Rehearsed {
    /// Rows of which it was not asked, for they are too many.
    pub unasked: u64,
    /// Discrepancies that would be raised.
    pub discrepancies: u64,
}

/// A table or column of ours that can be chosen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Offer {
    /// Its name in a record pack.
    pub name: String,
    /// What a person calls it.
    pub label: Said,
    /// Whether it must be there.
    pub must: bool,
    /// Whether days or amounts stand in it, which may need an order or a unit.
    #[serde(default)]
    pub measured: bool,
}

impl Preview {
    /// Whether some table is wanted, and nothing is left to say.
    pub fn is_told(&self) -> bool {
        let mut wanted = self.sheets.iter().filter(|sheet| !sheet.is_left_out()).peekable();
        wanted.peek().is_some() && wanted.all(SheetSeen::is_ready)
    }

    /// Whether there is something to take over and nothing left to say.
    pub fn is_ready(&self) -> bool {
        let counts = self.counts();
        self.is_told() && counts.rows > counts.bad
    }

    /// Rows of all its tables.
    pub fn counts(&self) -> RowCounts {
        let mut sum = RowCounts::default();
        for sheet in self.sheets.iter().filter(|sheet| !sheet.is_left_out()) {
            sum.rows += sheet.counts.rows;
            sum.new += sheet.counts.new;
            sum.already += sheet.counts.already;
            sum.bad += sheet.counts.bad;
        }
        sum
    }
}

/// How far an import is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// It is being looked at.
    Reading,
    /// It waits to be confirmed.
    #[default]
    Open,
    /// It is being taken over.
    Importing,
    /// It was taken over.
    Done,
    /// It is being taken back.
    Undoing,
    /// It was taken back.
    Undone,
}

impl ImportState {
    const ALL: [ImportState; 6] = [
        ImportState::Reading,
        ImportState::Open,
        ImportState::Importing,
        ImportState::Done,
        ImportState::Undoing,
        ImportState::Undone,
    ];

    /// The word that is stored.
    pub const fn word(self) -> &'static str {
        match self {
            ImportState::Reading => "reading",
            ImportState::Open => "open",
            ImportState::Importing => "importing",
            ImportState::Done => "done",
            ImportState::Undoing => "undoing",
            ImportState::Undone => "undone",
        }
    }

    /// The state for a stored word.
    pub fn from_word(word: &str) -> Option<ImportState> {
        ImportState::ALL.into_iter().find(|state| state.word() == word)
    }

    /// True while the server works on it.
    pub const fn is_under_way(self) -> bool {
        matches!(self, ImportState::Reading | ImportState::Importing | ImportState::Undoing)
    }
}

/// What came of an import, beyond the counts.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// Rows that were refused, the first of them, each with the sheet it stands in.
    pub refused: Vec<(String, BadCell)>,
    /// How many more there were.
    pub more_refused: u64,
    /// Discrepancies that were raised.
    pub discrepancies: u64,
    /// Entries that could not be taken back, the first of them, and why.
    pub left: Vec<(u64, Said)>,
    /// How many could not.
    pub left_in_all: u64,
    /// The digest of its file, where it is kept as a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The number of a fault that stopped it.
    pub fault: Option<String>,
}

/// An import in the list of imports.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ImportLine {
    /// Its id.
    pub id: String,
    /// The name of the file.
    pub file: String,
    /// Whose account handed it in.
    pub person: String,
    /// Their name then.
    pub name: String,
    /// Their role then.
    pub role: Role,
    /// The key of the factory, or another place, that it came from; empty where none was told.
    pub place: String,
    /// The tables it was taken for.
    pub tables: String,
    /// When it was handed in.
    pub begun: Time,
    /// When it was last worked on.
    pub touched: Time,
    /// How far it is.
    pub state: ImportState,
    /// How many rows came to what.
    pub counts: RowCounts,
    /// Entries it wrote, and how many of them were taken back.
    pub entries: u64,
    /// Entries that were taken back.
    pub undone: u64,
    /// The name of who took it back.
    pub undone_by: Option<String>,
}

impl ImportLine {
    /// Whether an account in a role may go on with it, or take it back: whose it is, and who answers for all.
    pub fn may_go_on(&self, account: &str, role: Role) -> bool {
        self.person == account || role.releases()
    }
}

/// An import as its page shows it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ImportRun {
    /// As it stands in the list.
    pub line: ImportLine,
    /// The digest of the file, `sha256:…`.
    pub digest: String,
    /// The zone of dates that name none.
    pub zone: String,
    /// What was seen in it.
    pub preview: Preview,
    /// What came of it.
    pub outcome: Outcome,
    /// True where the server that worked on it has gone.
    pub stopped: bool,
}
