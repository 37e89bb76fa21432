//! A look at what would be imported, before anything is: the tables found, what their columns are taken
//! for, the first rows as they will be read, and everything that is wrong. Whatever can be decided without
//! the book is decided here by the same code that decides it in the import.

use super::{
    columns, encoding,
    grid::{self, Known, Line, Value},
    labels,
    made::Made,
    plan::known,
    propose::{self, Lesson, Proposal},
    report::{Problem, Report},
    rows::{Rows, Setting},
    source::{Source, Sources},
    survey::WHICH_ENCODING,
    table::Table,
};
use domain::{
    event::{self, RECORD_FILED, kind_named},
    import::{BadCell, Mapping, Preview, Rehearsed, RowCounts, SheetSeen, To, Why},
    person::Role,
    text::{Text, text},
};
use encoding_rs::Encoding;
use std::sync::{Arc, atomic::AtomicU64};
use uuid::Uuid;

/// What somebody has said about a file so far.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Its encoding.
    pub encoding: Option<String>,
    /// What the tables in it are, by name.
    pub mappings: Vec<(String, Mapping)>,
    /// What was confirmed for the place before.
    pub lessons: Vec<Lesson>,
    /// The place it came from.
    pub place: String,
    /// The role of who hands it in.
    pub role: Option<Role>,
}

impl Choices {
    fn encoding(&self) -> Option<&'static Encoding> {
        encoding::chosen(self.encoding.as_deref()?)
    }
}

const ROLE_MAY_NOT: Text = text(
    "Your role may not hand in this table: its rows will be refused. Ask a buyer or an administrator.",
    "您的角色无权提交此表，其各行将被拒绝。请联系买方或管理员。",
);

/// So many rows at the top are looked at, and so many of them shown.
const TOP: usize = 30;
const SHOWN: usize = 12;
/// So many cells of a row are shown, and so many characters of a cell.
const WIDE: usize = 40;
const LONG: usize = 80;
/// So many bad cells are told.
const BAD: usize = 100;
/// Ids that are looked up together.
const TOGETHER: usize = 2_000;

/// Looks at what would be imported. `written` tells how many of these ids are in the ledger already.
///
/// # Errors
/// As `written`.
pub fn preview<E>(
    sources: &Sources,
    choices: &Choices,
    setting: &Setting,
    mut written: impl FnMut(&[Uuid]) -> Result<Vec<Uuid>, E>,
) -> Result<Preview, E> {
    let mut preview =
        Preview { encoding: choices.encoding.clone(), offered: labels::tables(), ..Preview::default() };
    for (file, problem) in &sources.problems {
        if sources.tables.is_empty() && sources.problems.len() == 1 {
            preview.refused = Some(bad(problem.clone()));
        } else {
            preview.sheets.push(unread(file, problem.clone()));
        }
    }
    for source in &sources.tables {
        match known(source, choices.encoding()) {
            Ok(known) => preview.sheets.push(sheet(source, &known, choices, setting, &mut written)?),
            Err(problem) if *problem.reason == *WHICH_ENCODING || choices.encoding.is_some() => {
                preview.encodings = encoding::CHOICES.map(str::to_string).to_vec();
                preview.refused = Some(bad(problem));
            }
            Err(problem) => preview.sheets.push(unread(&source.name, problem)),
        }
    }
    Ok(preview)
}

fn unread(name: &str, problem: Problem) -> SheetSeen {
    SheetSeen { name: name.into(), bad: vec![bad(problem)], ..SheetSeen::default() }
}

/// Tells what the book answered, row by row, in the place of what could be told without it.
pub(super) fn answered(preview: &mut Preview, report: Report) {
    let total = report.total();
    preview.rehearsed = Some(Rehearsed { unasked: total.unasked, discrepancies: total.discrepancies });
    for file in report.files {
        let mut wanted = preview.sheets.iter_mut().filter(|sheet| !sheet.is_left_out());
        let Some(sheet) = wanted.find(|sheet| sheet.name == file.file) else { continue };
        sheet.counts =
            RowCounts { rows: file.rows, new: file.fit(), already: file.already, bad: file.refused };
        sheet.more_bad = file.more_problems + file.problems.len().saturating_sub(BAD) as u64;
        sheet.bad = file.problems.into_iter().take(BAD).map(bad).collect();
    }
}

/// A problem as a page shows it.
pub fn bad(problem: Problem) -> BadCell {
    let Problem { line, cell, column, reason, said } = problem;
    BadCell {
        line,
        cell: cell.map(String::from),
        column: column.map(String::from),
        reason: reason.into(),
        said,
    }
}

fn sheet<E>(
    source: &Source,
    known: &Known,
    choices: &Choices,
    setting: &Setting,
    written: &mut impl FnMut(&[Uuid]) -> Result<Vec<Uuid>, E>,
) -> Result<SheetSeen, E> {
    let name = source.name.to_string();
    let read = || Arc::new(AtomicU64::new(0));
    let top =
        grid::open(source, known, read()).and_then(|lines| lines.take(TOP).collect::<Result<Vec<_>, _>>());
    let top: Vec<Line> = match top {
        Ok(top) => top,
        Err(problem) => return Ok(unread(&name, problem)),
    };
    let said = choices.mappings.iter().find(|(of, _)| *of == name).map(|(_, mapping)| mapping);
    let Proposal { mapping, columns, learned } = match said {
        Some(mapping) => chosen(source, &top, choices, mapping),
        None if known.sheet().is_some_and(|look| look.hidden) => hidden(source, &top, choices),
        None => propose::propose(source.stem(), &top, &choices.lessons, &choices.place),
    };
    let mut seen = SheetSeen { name, mapping, learned, columns, ..SheetSeen::default() };
    seen.top = top.iter().take(SHOWN).map(|line| (line.number, raw(line))).collect();
    for column in &mut seen.columns {
        let below = top.iter().filter(|line| line.number > seen.mapping.header_row);
        let mut cells = below.flat_map(|line| &line.cells);
        let sample = cells.find(|cell| grid::letters(cell.column) == column.letter);
        column.sample = sample.map(|cell| shown(&cell.value)).unwrap_or_default();
    }
    let Ok(table) = Table::named(&seen.mapping.table) else {
        seen.mapping.table.clear();
        return Ok(seen);
    };
    seen.offered = labels::columns(table);
    if let (Some(role), Some(kind)) = (choices.role, kind_of(table))
        && !kind.allows(role)
    {
        seen.notes.push(ROLE_MAY_NOT.said());
    }
    // What nobody has said yet is left out of the rows that are shown, not of what is asked.
    let mut so_far = seen.mapping.clone();
    for column in so_far.columns.iter_mut().filter(|column| column.to == To::Open) {
        column.to = To::Ignored;
    }
    match Rows::open(source, table, known, Some(&so_far), setting.clone(), read()) {
        Ok(rows) => through(rows, &mut seen, written)?,
        Err(problem) => seen.bad.push(bad(problem)),
    }
    Ok(seen)
}

fn kind_of(table: Table) -> Option<&'static event::Kind> {
    match table {
        Table::Records(_) => kind_named(RECORD_FILED),
        Table::Plain(_, kind) => Some(kind),
        Table::Events(kind) => kind,
    }
}

/// What somebody said; where they chose another table or another row, its columns are proposed anew.
fn chosen(source: &Source, top: &[Line], choices: &Choices, mapping: &Mapping) -> Proposal {
    let line = top.iter().find(|line| line.number == mapping.header_row);
    let headers = line.map(columns::names).unwrap_or_default();
    let is_of_it = !mapping.columns.is_empty()
        && headers
            .iter()
            .filter(|h| !h.is_empty() && !h.starts_with('#'))
            .all(|h| mapping.columns.iter().any(|c| c.header == *h));
    match line {
        Some(line) if is_of_it => {
            let columns = propose::seen(line, |_| Why::Said);
            Proposal { mapping: mapping.clone(), columns, learned: None }
        }
        Some(line) => {
            let mut anew = propose::propose(&mapping.table, std::slice::from_ref(line), &[], &choices.place);
            anew.mapping.table.clone_from(&mapping.table);
            anew
        }
        None => Proposal {
            mapping: Mapping { columns: vec![], ..mapping.clone() },
            ..propose::propose(source.stem(), top, &[], &choices.place)
        },
    }
}

/// A hidden sheet is shown, and left out until somebody chooses it.
fn hidden(source: &Source, top: &[Line], choices: &Choices) -> Proposal {
    let mut proposal = propose::propose(source.stem(), top, &[], &choices.place);
    proposal.mapping.table.clear();
    proposal
}

fn through<E>(
    mut rows: Rows,
    seen: &mut SheetSeen,
    written: &mut impl FnMut(&[Uuid]) -> Result<Vec<Uuid>, E>,
) -> Result<(), E> {
    seen.heads = rows.heads();
    let mut counts = RowCounts::default();
    let mut ids: Vec<(Uuid, u64)> = Vec::with_capacity(TOGETHER);
    let mut look_up = |ids: &mut Vec<(Uuid, u64)>, counts: &mut RowCounts| -> Result<(), E> {
        let asked: Vec<Uuid> = ids.iter().map(|(id, _)| *id).collect();
        let there = written(&asked)?;
        for (id, rows) in ids.drain(..) {
            match there.contains(&id) {
                true => counts.already += rows,
                false => counts.new += rows,
            }
        }
        Ok(())
    };
    let tell = |seen: &mut SheetSeen, problem: Problem| match seen.bad.len() < BAD {
        true => seen.bad.push(bad(problem)),
        false => seen.more_bad += 1,
    };
    for made in rows.by_ref() {
        match made {
            Made::Told(notes) => seen.notes.extend(notes),
            Made::Unread(problem) => tell(seen, problem),
            Made::Bad(lines, problems) => {
                counts.rows += lines.len() as u64;
                counts.bad += lines.len() as u64;
                problems.into_iter().for_each(|problem| tell(seen, problem));
            }
            Made::Draft(prepared) => {
                counts.rows += prepared.rows();
                match event::references(&prepared.draft) {
                    Ok(_) => ids.push((prepared.draft.id, prepared.rows())),
                    Err(refusal) => {
                        counts.bad += prepared.rows();
                        tell(seen, super::feed::problem(&prepared, refusal));
                    }
                }
                if ids.len() == TOGETHER {
                    look_up(&mut ids, &mut counts)?;
                }
            }
        }
    }
    look_up(&mut ids, &mut counts)?;
    seen.first = rows.shown();
    seen.counts = counts;
    Ok(())
}

/// The cells of a row as they stand.
fn raw(line: &Line) -> Vec<String> {
    let width = line.cells.last().map_or(0, |cell| cell.column + 1).min(WIDE);
    let mut cells = vec![String::new(); width];
    for cell in line.cells.iter().filter(|cell| cell.column < width) {
        cells[cell.column] = shown(&cell.value);
    }
    cells
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONG) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
