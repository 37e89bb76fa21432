//! Refused rows handed back: a table with the rows as they stand and why each was refused, to be mended and
//! handed in again. Its last column begins with `#`, so that it is left out then.

use super::{
    columns::names,
    days::{self, Epoch},
    grid::{self, Line, Value},
    plan,
    report::Problem,
    source::Source,
};
use domain::text::{Lang, Said, Text, text};
use encoding_rs::Encoding;
use std::{
    collections::BTreeMap,
    io::{self, Write},
    sync::{Arc, atomic::AtomicU64},
};

const WHY: Text = text("#why it was refused", "#拒绝原因");

/// Writes the rows of these lines, each with why, under their header.
///
/// # Errors
/// When it cannot be written, or the table cannot be read any more.
pub fn write(
    source: &Source,
    header_row: u64,
    encoding: Option<&'static Encoding>,
    lines: &BTreeMap<u64, Said>,
    lang: Lang,
    mut out: impl Write,
) -> io::Result<()> {
    let broken = |problem: Problem| io::Error::other(problem.said.en);
    let known = plan::known(source, encoding).map_err(broken)?;
    let epoch = known.sheet().map_or(Epoch::default(), |look| look.epoch);
    // A spreadsheet takes UTF-8 for what it is only with the mark in front.
    out.write_all("\u{feff}".as_bytes())?;
    let mut table = csv::Writer::from_writer(out);
    let mut headers: Vec<String> = Vec::new();
    for line in grid::open(source, &known, Arc::new(AtomicU64::new(0))).map_err(broken)? {
        let line = line.map_err(broken)?;
        if headers.is_empty() && line.number >= header_row {
            headers = names(&line);
            let head = headers.iter().map(String::as_str).chain([WHY.get(lang)]);
            table.write_record(head)?;
        } else if let Some(why) = lines.get(&line.number) {
            let cells = cells(&line, headers.len(), epoch);
            table.write_record(cells.iter().map(String::as_str).chain([why.get(lang)]))?;
        }
    }
    table.flush()
}

fn cells(line: &Line, width: usize, epoch: Epoch) -> Vec<String> {
    let mut cells = vec![String::new(); width];
    for cell in line.cells.iter().filter(|cell| cell.column < width) {
        cells[cell.column] = match &cell.value {
            Value::Day(n) => days::from_serial(*n, epoch).unwrap_or_else(|_| n.to_string()),
            value => harmless(value.to_string()),
        };
    }
    cells
}

/// What a spreadsheet would take for a formula is marked as text.
fn harmless(text: String) -> String {
    let begins = |signs: &[char]| text.starts_with(signs);
    let number = text.get(1..).unwrap_or_default().starts_with(|c: char| c.is_ascii_digit() || c == '.');
    match begins(&['=', '@', '\t']) || (begins(&['+', '-']) && text.len() > 1 && !number) {
        true => format!("'{text}"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_handed_back_starts_no_formula() {
        let same = |text: &str| harmless(text.into()) == text;
        assert!(["A1", "-", "-12", "+86 769", "+.5", "", "é"].into_iter().all(same));
        assert!(!["=1+1", "@SUM(A1)", "+cmd|x", "-A1"].into_iter().any(same));
    }
}
