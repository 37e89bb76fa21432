//! From the rows of a table to event drafts.
//!
//! A draft's id is made from what its rows say (UUIDv8 of a SHA-256), so that importing a table once more
//! sends the same drafts and changes nothing, whatever the order of columns or rows.

use super::{
    filled::{Filled, read_time},
    report::Problem,
    source::Source,
    survey::{Survey, unreadable},
    table::{Column, MOST_ROWS_AN_EVENT, Table},
};
use domain::{
    event::{EventDraft, Evidence, RECORD_FILED},
    text::{Text, text},
    time::{Time, Zone},
};
use ledger::BrandId;
use sha2::{Digest, Sha256};
use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use uuid::Uuid;

/// What is the same for every row of an import.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Whose book.
    pub brand: BrandId,
    /// The zone of dates that name none.
    pub zone: Zone,
    /// When the import began: the event time of what tells none.
    pub now: Time,
    /// Events that claim to be later than this are told as of now: the demo on a machine whose clock is
    /// behind. Anybody else's event of tomorrow is refused by the domain.
    pub not_after: Option<Time>,
}

/// What one or several rows became.
#[derive(Debug)]
pub enum Made {
    /// A draft, to be handed in.
    Draft(Box<Prepared>),
    /// A row that cannot become one.
    Bad(Problem),
    /// The table as a whole: its header is wrong, so no row of it was read.
    Unread(Problem),
}

/// A draft with the rows it was made from.
#[derive(Debug)]
pub struct Prepared {
    /// The draft.
    pub draft: EventDraft,
    /// How many rows it stands for.
    pub rows: u64,
    /// The line of the first of them.
    pub line: u64,
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
}

impl Prepared {
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

/// The rows of a table as drafts.
pub struct Rows {
    table: Table,
    name: String,
    setting: Setting,
    headers: Vec<Header>,
    records: csv::StringRecordsIntoIter<Box<dyn Read + Send>>,
    ahead: Option<Row>,
    ended: bool,
}

/// A column's name and meaning; none where it is not for the ledger.
type Header = Option<(Arc<str>, Column)>;

/// A row that is not blank: its line and its cells with the column of each.
struct Row {
    line: u64,
    cells: Vec<(usize, String)>,
}

const TWICE: Text = text(
    "The column “{name}” stands twice, as columns {a} and {b}. Keep one of them.",
    "列“{name}”出现两次（第 {a} 列与第 {b} 列），请保留一列。",
);
const UNKNOWN: Text = text(
    "There is no column “{name}” in this table. The columns are: {names}. To keep a column of your own, begin its name with #.",
    "此表没有“{name}”列。可用的列：{names}。若需保留自己的列，请在列名前加 #。",
);
const MISSING: Text =
    text("The column “{name}” is missing. Name it in the first line.", "缺少“{name}”列，请在第一行写明。");
const TOO_MANY: Text = text(
    "The row has {n} cells, the header names {columns}. A separator inside a cell needs quotation marks around the cell.",
    "该行有 {n} 个单元格，表头只有 {columns} 列。若单元格内含分隔符，请用引号括起该单元格。",
);

impl Rows {
    /// Opens a table that was surveyed, and reads its header.
    pub fn open(
        source: &Source,
        table: Table,
        survey: Survey,
        setting: Setting,
        read: Arc<AtomicU64>,
    ) -> Result<Rows, Problem> {
        let mut bytes: Box<dyn Read + Send> =
            Box::new(Counted { inner: source.open().map_err(|e| unreadable(&e))?, read });
        if survey.marked {
            bytes.read_exact(&mut [0; 3]).map_err(|e| unreadable(&e))?;
        }
        let mut records = csv::ReaderBuilder::new()
            .delimiter(survey.separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes)
            .into_records();
        let header =
            records.next().transpose().map_err(|e| unreadable(&io::Error::other(e)))?.unwrap_or_default();
        let headers = read_header(&header, table)?;
        let name = source.stem().to_lowercase();
        Ok(Rows { table, name, setting, headers, records, ahead: None, ended: false })
    }

    fn read(&mut self) -> Option<Result<Row, Problem>> {
        if let Some(row) = self.ahead.take() {
            return Some(Ok(row));
        }
        loop {
            if self.ended {
                return None;
            }
            let record = match self.records.next()? {
                Ok(record) => record,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(unreadable(&io::Error::other(error))));
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            let filled = record.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty());
            let cells: Vec<(usize, String)> = filled.map(|(i, cell)| (i, cell.to_string())).collect();
            match cells.last() {
                None => {}
                Some((last, _)) if *last >= self.headers.len() => {
                    let (n, columns) = (record.len().to_string(), self.headers.len().to_string());
                    let said = TOO_MANY.with(&[("n", &n), ("columns", &columns)]);
                    return Some(Err(Problem::of_row(line, None, "too_many_cells", said)));
                }
                Some(_) => return Some(Ok(Row { line, cells })),
            }
        }
    }

    /// What must be the same for rows to be one event: the group's value, and when and where it was.
    fn together(&self, row: &Row) -> Option<Vec<(usize, String)>> {
        let Table::Plain(plain, _) = self.table else { return None };
        let group = plain.group?;
        let ties = |i: &usize| match &self.headers[*i] {
            Some((header, column)) => {
                **header == *group || matches!(column, Column::Time | Column::When | Column::Place)
            }
            None => false,
        };
        let tied: Vec<(usize, String)> = row.cells.iter().filter(|(i, _)| ties(i)).cloned().collect();
        let named = |(i, _): &(usize, String)| self.headers[*i].as_ref().is_some_and(|(h, _)| **h == *group);
        tied.iter().any(named).then_some(tied)
    }

    /// The rows that follow and belong to the same event.
    fn gather(&mut self, first: Row) -> Result<Vec<Row>, Problem> {
        let Some(tie) = self.together(&first) else { return Ok(vec![first]) };
        let mut rows = vec![first];
        while rows.len() < MOST_ROWS_AN_EVENT {
            match self.read() {
                Some(Ok(row)) if self.together(&row).as_ref() == Some(&tie) => rows.push(row),
                Some(Ok(row)) => {
                    self.ahead = Some(row);
                    break;
                }
                Some(Err(problem)) => return Err(problem),
                None => break,
            }
        }
        Ok(rows)
    }

    fn prepare(&self, rows: &[Row]) -> Result<Prepared, Problem> {
        let mut filled = Filled::default();
        for (number, row) in rows.iter().enumerate() {
            for (i, value) in &row.cells {
                if let Some((header, column)) = &self.headers[*i] {
                    filled.take(row.line, number, header, column, value, self.setting.zone)?;
                }
            }
        }
        let line = rows.first().map_or(0, |row| row.line);
        let (kind, payload) = match self.table {
            Table::Records(record) => {
                filled.when = filled.when.or(filled.last_date);
                (RECORD_FILED, filled.record(record.name, record.of))
            }
            Table::Plain(plain, kind) => {
                for (name, value) in plain.fixed {
                    filled.values.entry(name.to_string()).or_insert_with(|| vec![value.to_string()]);
                }
                filled.when = filled.when.or(self.when(plain.times, rows)?);
                (kind.name, filled.payload(kind))
            }
            Table::Events(kind) => {
                let kind = kind.or(filled.kind).ok_or_else(|| {
                    let said = MISSING.with(&[("name", "kind")]);
                    Problem::of_row(line, Some("kind"), "missing_field", said)
                })?;
                (kind.name, filled.payload(kind))
            }
        };
        let (told, zone) = filled.when.unwrap_or((self.setting.now, self.setting.zone));
        let event_time = self.setting.not_after.map_or(told, |latest| told.min(latest));
        let dated = filled.when.is_some() && told == event_time;
        let draft = EventDraft {
            id: self.id(rows),
            kind: kind.into(),
            event_time,
            zone,
            place: filled.place,
            evidence: Evidence::Imported,
            note: filled.note,
            source: None,
            payload,
        };
        Ok(Prepared { draft, rows: rows.len() as u64, line, dated, cells: filled.cells })
    }

    /// When a plain table's rows say that it happened.
    fn when(&self, times: &[&str], rows: &[Row]) -> Result<Option<(Time, Zone)>, Problem> {
        let Some(row) = rows.first() else { return Ok(None) };
        let cell = times.iter().find_map(|name| {
            row.cells.iter().find_map(|(i, value)| {
                let (header, _) = self.headers[*i].as_ref()?;
                (**header == **name).then_some((header, value))
            })
        });
        cell.map(|(header, value)| read_time(value, self.setting.zone, row.line, header)).transpose()
    }

    fn id(&self, rows: &[Row]) -> Uuid {
        let mut content = Vec::new();
        for row in rows {
            let mut cells: Vec<(&str, &str)> = row
                .cells
                .iter()
                .filter_map(|(i, value)| Some((&*self.headers[*i].as_ref()?.0, value.trim())))
                .collect();
            cells.sort_unstable();
            content.extend(cells);
            content.push(("", ""));
        }
        draft_id(self.setting.brand, &self.name, &content)
    }
}

impl Iterator for Rows {
    type Item = Made;

    fn next(&mut self) -> Option<Made> {
        let rows = match self.read()? {
            Ok(row) => self.gather(row),
            Err(problem) => Err(problem),
        };
        Some(match rows.and_then(|rows| self.prepare(&rows)) {
            Ok(prepared) => Made::Draft(Box::new(prepared)),
            Err(problem) => Made::Bad(problem),
        })
    }
}

fn read_header(header: &csv::StringRecord, table: Table) -> Result<Vec<Header>, Problem> {
    let names: Vec<String> = header.iter().map(|name| name.trim().to_lowercase().replace(' ', "_")).collect();
    let mut headers: Vec<Header> = Vec::with_capacity(names.len());
    let bad = |name: &str, reason: &str, said| Problem::of_row(1, Some(name), reason, said);
    for (i, name) in names.iter().enumerate() {
        if name.is_empty() || name.starts_with('#') {
            headers.push(None);
            continue;
        }
        if let Some(before) = names[..i].iter().position(|other| other == name) {
            let (a, b) = ((before + 1).to_string(), (i + 1).to_string());
            let said = TWICE.with(&[("name", name), ("a", &a), ("b", &b)]);
            return Err(bad(name, "duplicated_header", said));
        }
        let column = table.column(name).ok_or_else(|| {
            let said = UNKNOWN.with(&[("name", name), ("names", &table.headers().join(", "))]);
            bad(name, "unknown_header", said)
        })?;
        headers.push(Some((name.as_str().into(), column)));
    }
    match table.required().into_iter().find(|must| !names.contains(must)) {
        Some(name) => Err(bad(&name, "missing_header", MISSING.with(&[("name", &name)]))),
        None => Ok(headers),
    }
}

/// Counts what is read, for the progress bar.
struct Counted {
    inner: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
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
