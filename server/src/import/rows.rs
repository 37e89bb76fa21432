//! From the rows of a table to event drafts.
//!
//! A draft's id is made from what its rows say (UUIDv8 of a SHA-256), so that importing a table once more
//! sends the same drafts and changes nothing, whatever the order of columns or rows.

use super::{
    canon::canonical,
    columns::{self, Columns, Header},
    days::Epoch,
    filled::{Filled, read_time},
    grid::{self, Known, Line, Lines, letters},
    made::{Made, Prepared, draft_id},
    notes::{self, Notes, Told},
    report::Problem,
    source::Source,
    table::{Column, MOST_ROWS_AN_EVENT, Table},
    workbook::Range,
};
use domain::{
    event::{EventDraft, Evidence, RECORD_FILED},
    import::Mapping,
    text::{Said, Text, text},
    time::{Time, Zone},
};
use ledger::BrandId;
use std::sync::{Arc, atomic::AtomicU64};
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
    /// The digest of the file, where it is kept as a document.
    pub source: Option<Arc<str>>,
}

/// The rows of a table as drafts.
pub struct Rows {
    table: Table,
    name: String,
    setting: Setting,
    columns: Columns,
    epoch: Epoch,
    in_sheet: bool,
    merged: Vec<Range>,
    lines: std::iter::Chain<std::vec::IntoIter<Result<Line, Problem>>, Lines>,
    ahead: Option<Row>,
    ended: bool,
    notes: Notes,
    told: Vec<Said>,
    shown: Vec<(u64, Vec<String>)>,
}

/// So many rows are kept as they were read.
const SHOWN: usize = 8;
/// So many rows are looked at for the one that names the columns.
const HEADER_WITHIN: usize = 30;

/// A row that is not blank: its line, and the text of its cells with the column of each.
struct Row {
    line: u64,
    cells: Vec<(usize, String)>,
    bad: Vec<Problem>,
}

const MISSING: Text =
    text("The column “{name}” is missing. Name it in the first line.", "缺少“{name}”列，请在第一行写明。");
const TOO_MANY: Text = text(
    "The row has {n} cells, the header names {columns}. A separator inside a cell needs quotation marks around the cell.",
    "该行有 {n} 个单元格，表头只有 {columns} 列。若单元格内含分隔符，请用引号括起该单元格。",
);
const MERGED: Text = text(
    "The cells {range} are merged, so nobody can tell which row their value is for. Take the merge apart, and fill in every cell.",
    "单元格 {range} 已合并，无法判断其内容属于哪一行。请取消合并并填写每个单元格。",
);
const MERGED_EVERYWHERE: Text = text(
    "Thousands of cells of this sheet are merged. Take the merges apart, and fill in every cell.",
    "该工作表有数千处合并单元格。请取消合并并填写每个单元格。",
);
const MERGED_HEADER: Text = text(
    "The cells {range} are merged across the row that names the columns. Take the merge apart, so that every column has one name.",
    "单元格 {range} 的合并跨越列名所在行。请取消合并，使每列只有一个列名。",
);

impl Rows {
    /// Opens a table that was looked through, and reads its header: our own columns, or as the mapping says.
    ///
    /// # Errors
    /// When its header is wrong.
    pub fn open(
        source: &Source,
        table: Table,
        known: &Known,
        mapping: Option<&Mapping>,
        setting: Setting,
        read: Arc<AtomicU64>,
    ) -> Result<Rows, Problem> {
        let mut lines = grid::open(source, known, read)?;
        let sheet = known.sheet();
        let in_sheet = sheet.is_some();
        let mut after = vec![];
        let columns = match mapping {
            Some(mapping) => {
                let above = |line: &Result<Line, Problem>| {
                    line.as_ref().is_ok_and(|line| line.number < mapping.header_row)
                };
                let line = lines.find(|line| !above(line)).transpose()?.unwrap_or(EMPTY);
                Columns::mapped(&line, table, mapping, in_sheet)?
            }
            None if in_sheet => {
                let mut first: Vec<Line> = lines.by_ref().take(HEADER_WITHIN).collect::<Result<_, _>>()?;
                let at = first.iter().position(|line| names_columns(line, table)).unwrap_or(0);
                let header = if first.is_empty() { EMPTY } else { first.swap_remove(at) };
                first.sort_by_key(|line| line.number);
                after = first.into_iter().filter(|line| line.number > header.number).map(Ok).collect();
                Columns::of_ours(&header, table, in_sheet)?
            }
            None => {
                let header = lines.next().transpose()?.unwrap_or(EMPTY);
                Columns::of_ours(&header, table, in_sheet)?
            }
        };
        if sheet.is_some_and(|look| look.merged_everywhere) {
            return Err(Problem::of_file("merged_cells", MERGED_EVERYWHERE));
        }
        let ranges = sheet.map(|look| look.merged.as_slice()).unwrap_or_default();
        let merged: Vec<Range> = ranges.iter().copied().filter(|r| r.rows.1 >= columns.row).collect();
        if let Some(range) = merged.iter().find(|range| range.rows.0 <= columns.row) {
            let said = MERGED_HEADER.with(&[("range", &range.to_string())]);
            let mut problem = Problem::of_row(columns.row, None, "merged_header", said);
            problem.cell = Some(range.to_string().into());
            return Err(problem);
        }
        Ok(Rows {
            table,
            name: table.name(),
            setting,
            epoch: sheet.map_or(Epoch::default(), |look| look.epoch),
            in_sheet,
            merged,
            lines: after.into_iter().chain(lines),
            ahead: None,
            ended: false,
            notes: Notes::default(),
            told: notes::of_table(known, columns.row).into_iter().chain(columns.told.clone()).collect(),
            columns,
            shown: vec![],
        })
    }

    /// Our columns, in the order of the file.
    pub fn heads(&self) -> Vec<String> {
        self.columns.heads.iter().flatten().map(|head| head.name.to_string()).collect()
    }

    /// The first rows as they were read, in the order of [`heads`](Rows::heads).
    pub fn shown(&mut self) -> Vec<(u64, Vec<String>)> {
        std::mem::take(&mut self.shown)
    }

    fn read(&mut self) -> Option<Result<Row, Problem>> {
        if let Some(row) = self.ahead.take() {
            return Some(Ok(row));
        }
        if self.ended {
            return None;
        }
        match self.lines.next()? {
            Ok(line) => Some(Ok(self.row(line))),
            Err(problem) => {
                self.ended = true;
                Some(Err(problem))
            }
        }
    }

    fn row(&mut self, line: Line) -> Row {
        let mut row = Row { line: line.number, cells: Vec::with_capacity(line.cells.len()), bad: vec![] };
        if let Some(range) = self.merged_at(line.number) {
            let said = MERGED.with(&[("range", &range.to_string())]);
            let mut problem = Problem::of_row(line.number, None, "merged_cells", said);
            problem.cell = Some(range.to_string().into());
            row.bad.push(problem);
        }
        let width = self.columns.width;
        let beyond = line.cells.last().filter(|cell| cell.column >= width);
        if let Some(last) = beyond.filter(|_| !self.in_sheet) {
            let (n, columns) = ((last.column + 1).to_string(), width.to_string());
            let said = TOO_MANY.with(&[("n", &n), ("columns", &columns)]);
            row.bad.push(Problem::of_row(line.number, None, "too_many_cells", said));
        }
        for cell in line.cells {
            if cell.column >= width {
                if self.in_sheet {
                    let at = || format!("{}{}", letters(cell.column), line.number);
                    self.notes.add(Told::BesideTheTable, "", at);
                }
                continue;
            }
            let Some(head) = self.columns.heads.get(cell.column).and_then(Option::as_ref) else { continue };
            let at = || head.cell(line.number).map_or_else(|| line.number.to_string(), String::from);
            let notes = &mut self.notes;
            let tell = |told| notes.add(told, &head.shown, at);
            match canonical(&cell.value, &head.column, head.days, self.epoch, tell) {
                Ok(text) => {
                    row.cells.push((cell.column, text));
                    if cell.formula {
                        self.notes.add(Told::Formula, &head.shown, at);
                    }
                }
                Err((reason, said)) => row.bad.push(head.problem(line.number, reason, said)),
            }
        }
        for fixed in &self.columns.fixed {
            if fixed.with.is_none_or(|with| row.cells.iter().any(|(at, _)| *at == with)) {
                row.cells.push((fixed.at, fixed.value.clone()));
            }
        }
        if self.shown.len() < SHOWN {
            let heads = self.columns.heads.iter().enumerate().filter(|(_, head)| head.is_some());
            let cell = |at: usize| row.cells.iter().find(|(i, _)| *i == at).map(|(_, text)| text.clone());
            let cells = heads.map(|(at, _)| cell(at).unwrap_or_default()).collect();
            self.shown.push((row.line, cells));
        }
        row
    }

    /// The merged range that a row stands in, where it covers a column that counts.
    fn merged_at(&self, line: u64) -> Option<Range> {
        let counts = |range: &Range| {
            let (left, right) = range.columns;
            (left..=right.min(self.columns.width))
                .any(|at| self.columns.heads.get(at).is_some_and(Option::is_some))
        };
        let covers = |range: &&Range| (range.rows.0..=range.rows.1).contains(&line) && counts(range);
        self.merged.iter().find(covers).copied()
    }

    fn head(&self, at: usize) -> Option<&Header> {
        self.columns.heads.get(at)?.as_ref()
    }

    /// What must be the same for rows to be one event: the group's value, and when and where it was.
    fn together(&self, row: &Row) -> Option<Vec<(usize, String)>> {
        let Table::Plain(plain, _) = self.table else { return None };
        let group = plain.group?;
        let ties = |i: &usize| {
            self.head(*i).is_some_and(|head| {
                *head.name == *group || matches!(head.column, Column::Time | Column::When | Column::Place)
            })
        };
        let tied: Vec<(usize, String)> = row.cells.iter().filter(|(i, _)| ties(i)).cloned().collect();
        let named = |(i, _): &(usize, String)| self.head(*i).is_some_and(|head| *head.name == *group);
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
                if let Some(head) = self.head(*i) {
                    filled.take(row.line, number, head, value, self.setting.zone)?;
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
            source: self.setting.source.as_deref().map(str::to_string),
            payload,
        };
        let lines = rows.iter().map(|row| row.line).collect();
        Ok(Prepared { draft, lines, dated, cells: filled.cells })
    }

    /// When a plain table's rows say that it happened.
    fn when(&self, times: &[&str], rows: &[Row]) -> Result<Option<(Time, Zone)>, Problem> {
        let Some(row) = rows.first() else { return Ok(None) };
        let cell = times.iter().find_map(|name| {
            row.cells.iter().find_map(|(i, value)| {
                let head = self.head(*i)?;
                (*head.name == **name).then_some((head, value))
            })
        });
        cell.map(|(head, value)| read_time(value, self.setting.zone, row.line, head)).transpose()
    }

    fn id(&self, rows: &[Row]) -> Uuid {
        let mut content = Vec::new();
        for row in rows {
            let mut cells: Vec<(&str, &str)> = row
                .cells
                .iter()
                .filter_map(|(i, value)| Some((&*self.head(*i)?.name, value.trim())))
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
        let rows = match self.read() {
            Some(Ok(row)) => self.gather(row),
            Some(Err(problem)) => Err(problem),
            None => {
                let mut told = std::mem::take(&mut self.told);
                told.extend(std::mem::take(&mut self.notes).said());
                return (!told.is_empty()).then_some(Made::Told(told));
            }
        };
        let rows = match rows {
            Ok(rows) => rows,
            Err(problem) => return Some(Made::Unread(problem)),
        };
        let lines = rows.iter().map(|row| row.line).collect();
        let bad: Vec<Problem> = rows.iter().flat_map(|row| row.bad.clone()).collect();
        if !bad.is_empty() {
            return Some(Made::Bad(lines, bad));
        }
        Some(match self.prepare(&rows) {
            Ok(prepared) => Made::Draft(Box::new(prepared)),
            Err(problem) => Made::Bad(lines, vec![problem]),
        })
    }
}

const EMPTY: Line = Line { number: 1, cells: vec![] };

/// Whether a row names every column that the table must have.
fn names_columns(line: &Line, table: Table) -> bool {
    let names: Vec<String> = columns::names(line).iter().map(|name| columns::as_ours(name)).collect();
    table.required().iter().all(|must| names.contains(must))
}
