//! What a table seems to be: the row that names its columns, which table of ours it is, and which of our
//! columns each of its own is. A proposal, shown with its reason and confirmed by a person; what was
//! confirmed once for a factory is proposed again by itself.

use super::{
    columns::{as_ours, names},
    grid::{Line, letters},
    table::Table,
    words,
};
use domain::{
    import::{ColumnSeen, Learned, Mapped, Mapping, To, Why},
    record::filed_as_they_are,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// A mapping that was confirmed for a place before, under the headers it was confirmed for.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The headers' signature.
    pub signature: String,
    /// The mapping, by whom and when.
    pub learned: Learned,
}

impl From<(String, Learned)> for Lesson {
    fn from((signature, learned): (String, Learned)) -> Lesson {
        Lesson { signature, learned }
    }
}

/// What a table seems to be.
#[derive(Clone, Debug, Default)]
pub(super) struct Proposal {
    pub(super) mapping: Mapping,
    pub(super) columns: Vec<ColumnSeen>,
    pub(super) learned: Option<Learned>,
}

/// The headers of a table in whatever order, in a few letters.
pub fn signature<'a>(headers: impl Iterator<Item = &'a str>) -> String {
    let sorted: BTreeSet<&str> =
        headers.map(str::trim).filter(|header| !header.is_empty() && !header.starts_with('#')).collect();
    let mut hash = Sha256::new();
    for header in sorted {
        hash.update((header.len() as u64).to_be_bytes());
        hash.update(header);
    }
    hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
}

/// The table that a file or sheet is called after.
pub(super) fn called(stem: &str) -> Option<Table> {
    Table::named(stem.trim()).ok().or_else(|| Table::named(words::table(stem)?).ok())
}

/// Every table that has columns of its own.
pub fn tables() -> Vec<Table> {
    let records = filed_as_they_are().map(Table::Records);
    Table::plain().chain(records).collect()
}

/// Proposes for the rows at the top of a table; `place` is the factory it came from.
pub(super) fn propose(stem: &str, top: &[Line], lessons: &[Lesson], place: &str) -> Proposal {
    for line in top {
        let headers = names(line);
        let mark = signature(headers.iter().map(String::as_str));
        if let Some(lesson) = lessons.iter().find(|lesson| lesson.signature == mark) {
            return learned(line, lesson);
        }
    }
    let called = called(stem);
    let offered = called.map_or_else(tables, |table| vec![table]);
    let scored = top.iter().flat_map(|line| {
        let headers = names(line);
        offered.iter().map(move |table| (score(*table, &headers), line, *table)).collect::<Vec<_>>()
    });
    // The first of equals: a table's own rows seldom look like its header, and never better.
    let best = scored.filter(|(score, ..)| *score >= ENOUGH).min_by_key(|(score, ..)| -*score);
    match (best, called) {
        (Some((_, line, table)), _) => mapped(line, Some(table), place),
        (None, called) => {
            let first = top.iter().find(|line| line.cells.len() > 1).or(top.first());
            first.map_or_else(Proposal::default, |line| mapped(line, called, place))
        }
    }
}

/// Two headers that are known make a header row.
const ENOUGH: i64 = 20;

/// How much the headers look like a table's: each that is known counts, and each that must be there again.
fn score(table: Table, headers: &[String]) -> i64 {
    let found: BTreeSet<String> =
        headers.iter().filter_map(|header| ours(table, header).map(|(name, _)| name)).collect();
    let must = table.required().iter().filter(|must| found.contains(*must)).count();
    i64::try_from(found.len() * 10 + must * 5).unwrap_or(0)
}

/// Our column that a header names or is known to mean.
fn ours(table: Table, header: &str) -> Option<(String, Why)> {
    let name = as_ours(header);
    if !name.is_empty() && table.column(&name).is_some() {
        return Some((name, Why::Same));
    }
    let name = words::column(&table.name(), header)?;
    table.column(name).is_some().then(|| (name.to_string(), Why::Word))
}

fn learned(line: &Line, lesson: &Lesson) -> Proposal {
    let mut mapping = lesson.learned.mapping.clone();
    mapping.header_row = line.number;
    let columns = seen(line, |header| {
        let known = mapping.columns.iter().any(|column| column.header == header);
        if known { Why::Learned } else { Why::Unknown }
    });
    Proposal { mapping, columns, learned: Some(lesson.learned.clone()) }
}

fn mapped(line: &Line, table: Option<Table>, place: &str) -> Proposal {
    let mut mapping = Mapping {
        table: table.map(|table| table.name()).unwrap_or_default(),
        header_row: line.number,
        ..Mapping::default()
    };
    let mut reasons = Vec::new();
    for header in names(line).into_iter().filter(|header| !header.is_empty()) {
        let is_new = |name: &str| !mapping.columns.iter().any(|c| c.to == To::Column(name.to_string()));
        let found = table.and_then(|table| ours(table, &header)).filter(|(name, _)| is_new(name));
        let (to, why) = match found {
            Some((name, why)) => (To::Column(name), why),
            None if header.starts_with('#') => (To::Ignored, Why::Same),
            None => (To::Open, Why::Unknown),
        };
        let amount = to == To::Column("amount".into());
        let unit = words::unit(&header).filter(|_| amount).map(str::to_string);
        reasons.push((header.clone(), why));
        mapping.columns.push(Mapped { header, to, unit, days: None });
    }
    let has_factory = mapping.columns.iter().any(|c| c.to == To::Column("factory".into()));
    let may_have = table.is_some_and(|table| table.column("factory").is_some());
    if may_have && !has_factory && !place.is_empty() {
        mapping.fixed.insert("factory".into(), place.to_string());
    }
    let columns = seen(line, |header| {
        reasons.iter().find(|(known, _)| known == header).map_or(Why::Unknown, |(_, why)| *why)
    });
    Proposal { mapping, columns, learned: None }
}

/// The named columns of a row.
pub(super) fn seen(line: &Line, why: impl Fn(&str) -> Why) -> Vec<ColumnSeen> {
    let columns = names(line).into_iter().enumerate().filter(|(_, header)| !header.is_empty());
    columns
        .map(|(at, header)| ColumnSeen {
            letter: letters(at),
            why: why(&header),
            header,
            sample: String::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::grid::{Cell, Value};

    fn line(number: u64, cells: &[&str]) -> Line {
        let filled = cells.iter().enumerate().filter(|(_, text)| !text.is_empty());
        let cell = |(column, text): (usize, &&str)| Cell {
            column,
            value: Value::Text(text.to_string()),
            formula: false,
        };
        Line { number, cells: filled.map(cell).collect() }
    }

    #[test]
    fn c19_a_header_below_titles_is_found_and_its_columns_proposed() {
        let top = [
            line(1, &["东莞玩具厂 生产记录"]),
            line(3, &["批号", "货号", "生产日期", "数量（件）", "颜色"]),
            line(4, &["A1", "TRAIN", "2026/3/4", "100", "红"]),
        ];
        let proposal = propose("Sheet1", &top, &[], "F1");
        assert_eq!((proposal.mapping.table.as_str(), proposal.mapping.header_row), ("batches", 3));
        let to: Vec<_> = proposal.mapping.columns.iter().map(|c| c.to.clone()).collect();
        let column = |name: &str| To::Column(name.into());
        let expected = [column("lot_code"), column("trade_item"), column("produced_to"), column("quantity")];
        assert_eq!(to[..4], expected);
        assert_eq!(to[4], To::Open);
        assert_eq!(proposal.mapping.fixed.get("factory").map(String::as_str), Some("F1"));
        // Nothing is proposed for what nobody knows.
        let unknown = propose("Sheet1", &[line(1, &["x", "y"])], &[], "");
        assert_eq!(unknown.mapping.table, "");
    }

    #[test]
    fn c19_what_was_confirmed_is_proposed_again_whatever_the_order_of_columns() {
        let first = propose("Sheet1", &[line(1, &["箱号", "批号", "数量"])], &[], "");
        let mapping = Mapping { table: "cartons".into(), ..first.mapping };
        let learned = Learned { mapping, by: "Wen".into(), at: domain::time::Time(0) };
        let headers = ["批号", "数量", "箱号"];
        let lesson = Lesson { signature: signature(headers.into_iter()), learned };
        let again = propose("Blatt 7", &[line(1, &["x"]), line(2, &["批号", "箱号", "数量"])], &[lesson], "");
        assert_eq!(again.learned.map(|l| l.by).as_deref(), Some("Wen"));
        assert_eq!((again.mapping.table.as_str(), again.mapping.header_row), ("cartons", 2));
        assert!(again.columns.iter().all(|c| c.why == Why::Learned));
        assert_ne!(signature(["a"].into_iter()), signature(["a", "b"].into_iter()));
    }
}
