//! What each table of an import is: by its name and our own columns, as somebody said on the page, by a
//! mapping that is given, or by what was learned before.

use super::{
    columns::names,
    encoding,
    grid::{self, Known, Line},
    notes,
    propose::{Lesson, signature},
    report::Problem,
    source::Source,
    survey::{self, unreadable},
    table::Table,
};
use domain::{
    import::{Mapping, To},
    text::{Said, Text, text},
};
use encoding_rs::Encoding;
use std::{
    fs,
    path::Path,
    sync::{Arc, atomic::AtomicU64},
};

/// What is known of tables before they are looked at.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// What somebody said of each table, by its name; tables that are not among them are left out.
    pub said: Option<Vec<(String, Mapping)>>,
    /// Mappings for whichever table has their columns.
    pub mappings: Vec<Mapping>,
    /// What was confirmed before.
    pub lessons: Vec<Lesson>,
    /// The encoding of CSV files.
    pub encoding: Option<String>,
}

/// A table that can be read.
pub(super) struct Surveyed {
    pub(super) source: Source,
    pub(super) table: Table,
    pub(super) known: Known,
    pub(super) mapping: Option<Mapping>,
}

/// Every table, looked through.
#[derive(Default)]
pub(super) struct Looked {
    /// In the order in which they have to be read.
    pub(super) good: Vec<Surveyed>,
    pub(super) bad: Vec<(Source, Problem)>,
    /// What is not taken over, and why.
    pub(super) left_out: Vec<(Source, Vec<Said>)>,
}

const NO_MAPPING: Text = text(
    "There is no mapping in {path}: {why}. Take one from the page of an import.",
    "{path} 中没有列对应：{why}。请从导入页面获取。",
);

/// The mappings in a file: one, or a list of them.
///
/// # Errors
/// When there are none.
pub fn mappings(path: &Path) -> Result<Vec<Mapping>, Problem> {
    let shown = path.display().to_string();
    let no =
        |why: String| Problem::of_file("no_mapping", NO_MAPPING.with(&[("path", &shown), ("why", &why)]));
    let json = fs::read_to_string(path).map_err(|e| no(e.to_string()))?;
    serde_json::from_str(&json)
        .or_else(|_| serde_json::from_str(&json).map(|one| vec![one]))
        .map_err(|e| no(e.to_string()))
}

/// Looks through every table.
pub(super) fn look(tables: Vec<Source>, hints: &Hints) -> Looked {
    let mut looked = Looked::default();
    for source in tables {
        match one(&source, hints) {
            Ok(Found::Is(table, known, mapping)) => {
                looked.good.push(Surveyed { source, table, known, mapping });
            }
            Ok(Found::LeftOut(notes)) => looked.left_out.push((source, notes)),
            Err(problem) => looked.bad.push((source, problem)),
        }
    }
    looked.good.sort_by(|a, b| (a.table.order(), &a.source.name).cmp(&(b.table.order(), &b.source.name)));
    looked
}

enum Found {
    Is(Table, Known, Option<Mapping>),
    LeftOut(Vec<Said>),
}

fn one(source: &Source, hints: &Hints) -> Result<Found, Problem> {
    let told = hints.encoding.as_deref().and_then(encoding::chosen);
    if let Some(said) = &hints.said {
        let mapping = said.iter().find(|(name, _)| **name == *source.name).map(|(_, mapping)| mapping);
        let Some(mapping) = mapping.filter(|mapping| !mapping.table.is_empty()) else {
            return Ok(Found::LeftOut(vec![]));
        };
        let table = Table::named(&mapping.table)?;
        return Ok(Found::Is(table, known(source, told)?, Some(mapping.clone())));
    }
    let known = known(source, told)?;
    if known.sheet().is_some_and(|look| look.hidden) {
        return Ok(Found::LeftOut(notes::of_table(&known, 1)));
    }
    if let Some(mapping) = by_headers(source, &known, hints)? {
        return Ok(Found::Is(Table::named(&mapping.table)?, known, Some(mapping)));
    }
    Ok(Found::Is(Table::named(source.stem())?, known, None))
}

/// So many rows are looked at for the one that names the columns.
const HEADER_WITHIN: usize = 30;

/// The mapping that fits a table's headers.
fn by_headers(source: &Source, known: &Known, hints: &Hints) -> Result<Option<Mapping>, Problem> {
    if hints.lessons.is_empty() && hints.mappings.is_empty() {
        return Ok(None);
    }
    let lines = grid::open(source, known, Arc::new(AtomicU64::new(0)))?;
    let top: Vec<Line> = lines.take(HEADER_WITHIN).collect::<Result<_, _>>()?;
    for line in &top {
        let headers = names(line);
        let has = |mapping: &&Mapping| {
            let wanted = mapping.columns.iter().filter(|column| matches!(column.to, To::Column(_)));
            let mut wanted = wanted.peekable();
            wanted.peek().is_some() && wanted.all(|column| headers.contains(&column.header))
        };
        let mark = signature(headers.iter().map(String::as_str));
        let learned = hints.lessons.iter().find(|lesson| lesson.signature == mark);
        let found = hints.mappings.iter().find(has).or(learned.map(|lesson| &lesson.learned.mapping));
        if let Some(mapping) = found {
            return Ok(Some(Mapping { header_row: line.number, ..mapping.clone() }));
        }
    }
    Ok(None)
}

/// What is known of a table before its rows are read; `told` is the encoding that somebody chose.
pub(super) fn known(source: &Source, told: Option<&'static Encoding>) -> Result<Known, Problem> {
    match source.sheet() {
        Some(look) => Ok(Known::Sheet(look.clone())),
        None => {
            let bytes = source.open().map_err(|e| unreadable(&e))?;
            Ok(Known::Csv(survey::survey(bytes, told)?))
        }
    }
}
