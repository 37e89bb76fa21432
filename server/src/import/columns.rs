//! The columns of a table: which of ours each one is, by its own header or by a mapping.

use super::{
    grid::{Line, Value, letters},
    report::Problem,
    table::{Column, Table},
};
use domain::{
    import::{DayOrder, Mapping, To},
    text::{Text, text},
};
use std::sync::Arc;

/// A column that is for the ledger.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// Our name for it.
    pub(super) name: Arc<str>,
    /// What stands over it in the file.
    pub(super) shown: Arc<str>,
    /// What it means.
    pub(super) column: Column,
    /// How its days are read.
    pub(super) days: Option<DayOrder>,
    /// Its letter, where it stands in a sheet.
    pub(super) letter: Option<Arc<str>>,
}

impl Header {
    /// A problem of its cell in a row.
    pub(super) fn problem(&self, line: u64, reason: &str, said: impl Into<domain::text::Said>) -> Problem {
        let mut problem = Problem::of_row(line, Some(&self.shown), reason, said);
        problem.cell = self.cell(line);
        problem
    }

    /// Its cell in a row: `B17`.
    pub(super) fn cell(&self, line: u64) -> Option<Box<str>> {
        self.letter.as_ref().map(|letter| format!("{letter}{line}").into())
    }
}

/// What does not stand in the file, but is so in every row.
#[derive(Clone, Debug)]
pub(super) struct Fixed {
    /// Its place among the headers.
    pub(super) at: usize,
    /// The value.
    pub(super) value: String,
    /// Only where this column is filled in.
    pub(super) with: Option<usize>,
}

/// The columns of a table.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    /// By their place in the file, none where they are not for the ledger; behind them those of `fixed`.
    pub(super) heads: Vec<Option<Header>>,
    /// How many of them stand in the file.
    pub(super) width: usize,
    pub(super) fixed: Vec<Fixed>,
    /// The row that names them.
    pub(super) row: u64,
    /// What a person should know of their names.
    pub(super) told: Vec<domain::text::Said>,
}

const TWICE: Text = text(
    "The column “{name}” stands twice, as columns {a} and {b}. Keep one of them.",
    "列“{name}”出现两次（第 {a} 列与第 {b} 列），请保留一列。",
);
const MAPPED_TWICE: Text = text(
    "The columns “{one}” and “{other}” are both mapped to “{name}”. Keep one of them, and leave the other out.",
    "列“{one}”与“{other}”都对应到“{name}”。请保留其中一列，另一列设为不导入。",
);
const UNKNOWN: Text = text(
    "There is no column “{name}” in this table. The columns are: {names}. To keep a column of your own, begin its name with #.",
    "此表没有“{name}”列。可用的列：{names}。若需保留自己的列，请在列名前加 #。",
);
const MISSING: Text =
    text("The column “{name}” is missing. Name it in the first line.", "缺少“{name}”列，请在第一行写明。");
const NOT_MAPPED: Text = text(
    "No column is mapped to “{name}”, which this table needs. Choose the column for it, or one value for all rows.",
    "没有列对应到此表必需的“{name}”。请选择对应的列，或为所有行填写同一个值。",
);
const NOT_TOLD: Text = text(
    "Nobody has said what the column “{name}” is. Choose one of our columns for it, or leave it out.",
    "尚未说明“{name}”列的含义。请选择对应的列，或设为不导入。",
);
const NOT_THERE: Text = text(
    "The mapping names a column “{name}”, which the table has not. Map its columns anew.",
    "列对应中的“{name}”列在表中不存在，请重新设置列对应。",
);
const NO_HEADER: Text = text(
    "Row {row}, which should name the columns, is empty. Choose the row that names them.",
    "第 {row} 行应为列名，但该行为空。请选择列名所在的行。",
);

/// The headers of a row, by their place.
pub(super) fn names(line: &Line) -> Vec<String> {
    let width = line.cells.last().map_or(0, |cell| cell.column + 1);
    let mut names = vec![String::new(); width];
    for cell in &line.cells {
        names[cell.column] = match &cell.value {
            Value::Bad(..) => String::new(),
            value => value.to_string().trim().to_string(),
        };
    }
    names
}

/// A header in the way of ours: `Packed on` is `packed_on`.
pub(super) fn as_ours(header: &str) -> String {
    header.trim().to_lowercase().replace(' ', "_")
}

impl Columns {
    /// By headers that are ours. One that is not is refused, for a misspelt one would lose its data silently.
    pub(super) fn of_ours(line: &Line, table: Table, in_sheet: bool) -> Result<Columns, Problem> {
        let names: Vec<String> = names(line).iter().map(|name| as_ours(name)).collect();
        let bad = |at: usize, name: &str, reason: &str, said| {
            let mut problem = Problem::of_row(line.number, Some(name), reason, said);
            problem.cell = in_sheet.then(|| format!("{}{}", letters(at), line.number).into());
            problem
        };
        let mut heads = Vec::with_capacity(names.len());
        for (i, name) in names.iter().enumerate() {
            if name.is_empty() || name.starts_with('#') {
                heads.push(None);
                continue;
            }
            if let Some(before) = names[..i].iter().position(|other| other == name) {
                return Err(bad(i, name, "duplicated_header", twice(name, before, i, in_sheet)));
            }
            let column = table.column(name).ok_or_else(|| {
                let said = UNKNOWN.with(&[("name", name), ("names", &table.headers().join(", "))]);
                bad(i, name, "unknown_header", said)
            })?;
            let name: Arc<str> = name.as_str().into();
            let letter = in_sheet.then(|| letters(i).into());
            heads.push(Some(Header { shown: name.clone(), name, column, days: None, letter }));
        }
        if let Some(name) = table.required().into_iter().find(|must| !names.contains(must)) {
            let said = MISSING.with(&[("name", &name)]);
            return Err(Problem::of_row(line.number, Some(&name), "missing_header", said));
        }
        Ok(Columns { width: heads.len(), heads, fixed: vec![], row: line.number, told: vec![] })
    }

    /// By what a person said the columns are.
    pub(super) fn mapped(
        line: &Line,
        table: Table,
        mapping: &Mapping,
        in_sheet: bool,
    ) -> Result<Columns, Problem> {
        if line.number != mapping.header_row {
            let said = NO_HEADER.with(&[("row", &mapping.header_row.to_string())]);
            return Err(Problem::of_row(mapping.header_row, None, "no_header", said));
        }
        let names = names(line);
        let bad = |at: usize, reason: &str, said| {
            let mut problem = Problem::of_row(line.number, Some(&names[at]), reason, said);
            problem.cell = in_sheet.then(|| format!("{}{}", letters(at), line.number).into());
            problem
        };
        let mut heads: Vec<Option<Header>> = Vec::with_capacity(names.len());
        let (mut units, mut told) = (Vec::new(), Vec::new());
        for (i, shown) in names.iter().enumerate() {
            let before = names[..i].iter().rposition(|other| other == shown);
            let nth = names[..i].iter().filter(|other| *other == shown).count();
            let of_name = || mapping.columns.iter().filter(|mapped| mapped.header == *shown);
            let mapped = of_name().nth(nth);
            if let Some(before) = before.filter(|_| !shown.is_empty()) {
                told.push(twice(shown, before, i, in_sheet));
            }
            let ours = match mapped.map(|mapped| &mapped.to) {
                _ if shown.is_empty() || shown.starts_with('#') => None,
                Some(To::Ignored) => None,
                Some(To::Column(name)) => Some(name),
                Some(To::Open) | None => {
                    return Err(bad(i, "not_mapped", NOT_TOLD.with(&[("name", shown)])));
                }
            };
            let Some(ours) = ours else {
                heads.push(None);
                continue;
            };
            let other = heads.iter().flatten().find(|head| *head.name == **ours);
            if let Some(other) = other {
                let words = [("one", &*other.shown), ("other", shown), ("name", ours)];
                return Err(bad(i, "mapped_twice", MAPPED_TWICE.with(&words)));
            }
            if let Some(unit) = mapped.and_then(|mapped| mapped.unit.clone()) {
                units.push((i, unit));
            }
            let column = table.column(ours).ok_or_else(|| bad(i, "unknown_header", unknown(table, ours)))?;
            let days = mapped.and_then(|mapped| mapped.days);
            let letter = in_sheet.then(|| letters(i).into());
            let (name, shown) = (ours.as_str().into(), shown.as_str().into());
            heads.push(Some(Header { name, shown, column, days, letter }));
        }
        let is_there = |mapped: &&domain::import::Mapped| !names.contains(&mapped.header);
        let gone = mapping.columns.iter().filter(|mapped| matches!(mapped.to, To::Column(_))).find(is_there);
        if let Some(gone) = gone {
            let said = NOT_THERE.with(&[("name", &gone.header)]);
            return Err(Problem::of_row(line.number, Some(&gone.header), "missing_header", said));
        }
        let mut columns = Columns { width: heads.len(), heads, fixed: vec![], row: line.number, told };
        for (name, value) in mapping.fixed.iter().filter(|(_, value)| !value.trim().is_empty()) {
            columns.fix(table, name, value.trim(), None)?;
        }
        for (with, unit) in units {
            if table.column("unit").is_some() && columns.named("unit").is_none() {
                columns.fix(table, "unit", &unit, Some(with))?;
            }
        }
        match table.required().into_iter().find(|must| columns.named(must).is_none()) {
            Some(name) => {
                let said = NOT_MAPPED.with(&[("name", &name)]);
                Err(Problem::of_row(line.number, Some(&name), "missing_header", said))
            }
            None => Ok(columns),
        }
    }

    fn named(&self, name: &str) -> Option<&Header> {
        self.heads.iter().flatten().find(|head| *head.name == *name)
    }

    /// One value for all rows.
    fn fix(&mut self, table: Table, name: &str, value: &str, with: Option<usize>) -> Result<(), Problem> {
        let refuse = |reason, said| Err(Problem::of_row(self.row, Some(name), reason, said));
        if let Some(other) = self.named(name) {
            let words = [("one", &*other.shown), ("other", name), ("name", name)];
            return refuse("mapped_twice", MAPPED_TWICE.with(&words));
        }
        let Some(column) = table.column(name) else { return refuse("unknown_header", unknown(table, name)) };
        self.fixed.push(Fixed { at: self.heads.len(), value: value.to_string(), with });
        let name: Arc<str> = name.into();
        self.heads.push(Some(Header { shown: name.clone(), name, column, days: None, letter: None }));
        Ok(())
    }
}

fn unknown(table: Table, name: &str) -> domain::text::Said {
    UNKNOWN.with(&[("name", name), ("names", &table.headers().join(", "))])
}

fn twice(name: &str, a: usize, b: usize, in_sheet: bool) -> domain::text::Said {
    let shown = |at: usize| if in_sheet { letters(at) } else { (at + 1).to_string() };
    TWICE.with(&[("name", name), ("a", &shown(a)), ("b", &shown(b))])
}
