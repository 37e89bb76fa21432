//! Rows of cells, whatever they stand in: what CSV files and sheets of workbooks have in common.

use super::{
    encoding,
    report::Problem,
    source::{Content, Source},
    survey::{Survey, unreadable},
    workbook::{self, SheetLook},
};
use domain::text::{Text, text};
use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// What stands in a cell.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// The number of a day, in the epoch of its workbook.
    Day(f64),
    /// Yes or no.
    Yes(bool),
    /// Nothing that can be read: why, and the mend.
    Bad(&'static str, domain::text::Said),
}

impl std::fmt::Display for Value {
    /// As it stands in the file, as far as one can tell.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Number(n) | Value::Day(n) => write!(f, "{n}"),
            Value::Yes(yes) => f.write_str(if *yes { "TRUE" } else { "FALSE" }),
            Value::Bad(reason, _) => write!(f, "#{reason}"),
        }
    }
}

/// A cell that is not empty.
#[derive(Clone, PartialEq, Debug)]
pub struct Cell {
    /// Its column, counted from 0.
    pub column: usize,
    /// What stands in it.
    pub value: Value,
    /// Whether it is the result of a formula.
    pub formula: bool,
}

/// A row that is not blank.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// Its number, the first being 1. Of a CSV file the line it begins on.
    pub number: u64,
    /// Its cells, in the order of their columns.
    pub cells: Vec<Cell>,
}

/// What is known of a table before its rows are read.
#[derive(Clone, Debug)]
pub enum Known {
    /// A CSV file.
    Csv(Survey),
    /// A sheet of a workbook.
    Sheet(Arc<SheetLook>),
}

impl Known {
    /// How many bytes there are to read, or how much else tells how far one has come.
    pub fn bytes(&self) -> u64 {
        match self {
            Known::Csv(survey) => survey.bytes,
            Known::Sheet(look) => look.bytes,
        }
    }

    /// The sheet, where it is one.
    pub fn sheet(&self) -> Option<&SheetLook> {
        match self {
            Known::Csv(_) => None,
            Known::Sheet(look) => Some(look),
        }
    }
}

/// The rows of a table.
pub type Lines = Box<dyn Iterator<Item = Result<Line, Problem>> + Send>;

const FORMULA_TEXT: Text = text(
    "The cell begins with “=”, as a formula does. Put the value in its place.",
    "该单元格以“=”开头，像是公式。请填写数值本身。",
);

/// Opens a table that was looked through; `read` counts what is read of it.
///
/// # Errors
/// When it cannot be read any more.
pub fn open(source: &Source, known: &Known, read: Arc<AtomicU64>) -> Result<Lines, Problem> {
    match (known, &source.content) {
        (Known::Csv(survey), _) => {
            let bytes = source.open().map_err(|e| unreadable(&e))?;
            let bytes = encoding::decoded(bytes, survey.encoding, survey.marked);
            let records = csv::ReaderBuilder::new()
                .delimiter(survey.separator)
                .has_headers(false)
                .flexible(true)
                .from_reader(Counted { inner: bytes, read })
                .into_records();
            Ok(Box::new(CsvLines { records, ended: false }))
        }
        (Known::Sheet(look), Content::Sheet(path, _)) => {
            Ok(Box::new(workbook::lines(path.clone(), look.clone(), read)))
        }
        (Known::Sheet(_), _) => Err(unreadable(&io::ErrorKind::NotFound.into())),
    }
}

struct CsvLines<R> {
    records: csv::StringRecordsIntoIter<R>,
    ended: bool,
}

impl<R: Read> Iterator for CsvLines<R> {
    type Item = Result<Line, Problem>;

    fn next(&mut self) -> Option<Result<Line, Problem>> {
        while !self.ended {
            let record = match self.records.next()? {
                Ok(record) => record,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(unreadable(&as_io(error))));
                }
            };
            let filled = record.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty());
            let cells: Vec<Cell> = filled.map(|(column, cell)| text_cell(column, cell)).collect();
            if !cells.is_empty() {
                let number = record.position().map_or(0, csv::Position::line);
                return Some(Ok(Line { number, cells }));
            }
        }
        None
    }
}

fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn text_cell(column: usize, cell: &str) -> Cell {
    let value = match cell.trim_start().starts_with('=') {
        true => Value::Bad("formula_text", FORMULA_TEXT.said()),
        false => Value::Text(cell.to_string()),
    };
    Cell { column, value, formula: false }
}

/// The letters of a column, counted from 0: `A`, `Z`, `AA`.
pub fn letters(column: usize) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.insert(0, char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters
}

/// Counts what is read, for the progress bar.
struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(out)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (16_383, "XFD")] {
            assert_eq!(letters(column), name);
        }
    }
}
