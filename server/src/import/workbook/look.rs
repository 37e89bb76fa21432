//! A look through a workbook before its cells are read.

use super::{
    super::{days::Epoch, grid::letters, report::Problem},
    guard::{self, Guarded, LIMITS},
    parts::{self, Zip, attribute, damaged},
};
use std::{io::BufReader, path::Path};

/// A rectangle of cells; rows counted from 1, columns from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    /// The first row and the last.
    pub rows: (u64, u64),
    /// The first column and the last.
    pub columns: (usize, usize),
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ((top, bottom), (left, right)) = (self.rows, self.columns);
        write!(f, "{}{top}:{}{bottom}", letters(left), letters(right))
    }
}

impl Range {
    /// `A5:C5`.
    fn read(text: &str) -> Option<Range> {
        let (from, to) = text.split_once(':').unwrap_or((text, text));
        let (from, to) = (cell(from)?, cell(to)?);
        Some(Range { rows: (from.0, to.0), columns: (from.1, to.1) })
    }
}

/// `B17`: its row counted from 1, its column from 0.
fn cell(text: &str) -> Option<(u64, usize)> {
    let text = text.replace('$', "");
    let at = text.find(|c: char| c.is_ascii_digit())?;
    let (column, row) = text.split_at(at);
    let letter = |sum: usize, b: u8| {
        let value = b.to_ascii_uppercase().checked_sub(b'A').filter(|n| *n < 26)?;
        sum.checked_mul(26)?.checked_add(usize::from(value) + 1)
    };
    let column = column.bytes().try_fold(0, letter)?.checked_sub(1)?;
    Some((row.parse().ok().filter(|n| *n > 0)?, column))
}

/// What is known of a sheet before its cells are read.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SheetLook {
    /// Its name.
    pub name: String,
    /// Whether it is hidden.
    pub hidden: bool,
    /// The epoch of its days.
    pub epoch: Epoch,
    /// How many bytes it unpacks to.
    pub bytes: u64,
    /// Hidden rows, the first of them.
    pub hidden_rows: Vec<u64>,
    /// How many rows are hidden.
    pub hidden_rows_in_all: u64,
    /// Hidden columns.
    pub hidden_columns: Vec<usize>,
    /// Cells that were made one.
    pub merged: Vec<Range>,
    /// Whether there are more of them than can be told.
    pub merged_everywhere: bool,
}

/// So many hidden rows are told by number.
const TOLD: usize = 20;
/// So many merged ranges are kept; who has more has them in every row.
const MERGED: usize = 2_000;
/// No spreadsheet has more columns.
pub(super) const COLUMNS: usize = 16_384;

/// Looks through a workbook: its limits first, then each sheet.
///
/// # Errors
/// When it is none, is damaged, or holds more than a workbook may.
pub fn look(path: &Path) -> Result<Vec<SheetLook>, Problem> {
    let mut zip = parts::open(path)?;
    if zip.len() > LIMITS.parts {
        return Err(guard::too_many_parts());
    }
    // Before anything reads the small parts and the shared texts, they are counted.
    let names: Vec<String> = zip.file_names().flatten().map(|name| name.into_owned()).collect();
    for name in &names {
        let small = name.to_ascii_lowercase();
        if !(small.ends_with(".xml") || small.ends_with(".rels"))
            || (small.contains("worksheets/") && !small.contains("_rels/"))
        {
            continue;
        }
        let texts = small.ends_with("sharedstrings.xml");
        let most = if texts { LIMITS.texts } else { LIMITS.other };
        let part = zip.by_name(name).map_err(damaged)?;
        let packed = part.compressed_size();
        Guarded::new(part, name, packed, most, texts).drain()?;
    }
    let (sheets, from_1904) = parts::sheets(&mut zip)?;
    let epoch = if from_1904 { Epoch::From1904 } else { Epoch::From1900 };
    let mut looks = Vec::new();
    for sheet in sheets {
        let look = SheetLook { name: sheet.name, hidden: sheet.hidden, epoch, ..SheetLook::default() };
        looks.push(through(&mut zip, &sheet.part, look)?);
    }
    match looks.is_empty() {
        true => Err(damaged("it has no sheet")),
        false => Ok(looks),
    }
}

fn through(zip: &mut Zip, part: &str, mut look: SheetLook) -> Result<SheetLook, Problem> {
    let name = parts::named(zip, part).ok_or_else(|| damaged(format!("{part} is missing")))?;
    let bytes = zip.by_name(&name).map_err(damaged)?;
    let packed = bytes.compressed_size();
    let guarded = BufReader::with_capacity(1 << 16, Guarded::new(bytes, &name, packed, LIMITS.sheet, true));
    let mut row = 0;
    let read = parts::elements(guarded, |name, element| match name {
        "row" => {
            row = attribute(element, "r").and_then(|r| r.parse().ok()).unwrap_or(row + 1);
            let flag = |name| attribute(element, name).is_some_and(|v| v == "1" || v == "true");
            if flag("hidden") {
                look.hidden_rows_in_all += 1;
                if look.hidden_rows.len() < TOLD {
                    look.hidden_rows.push(row);
                }
            }
        }
        "col" if attribute(element, "hidden").is_some_and(|v| v == "1" || v == "true") => {
            let number = |name| attribute(element, name).and_then(|n| n.parse::<usize>().ok());
            if let (Some(min @ 1..), Some(max)) = (number("min"), number("max")) {
                let room = COLUMNS.saturating_sub(look.hidden_columns.len());
                look.hidden_columns.extend((min - 1..max.min(COLUMNS)).take(room));
            }
        }
        "mergeCell" => {
            look.merged_everywhere = look.merged.len() == MERGED;
            let room = MERGED - look.merged.len();
            let range = attribute(element, "ref").and_then(|range| Range::read(&range));
            look.merged.extend(range.into_iter().take(room));
        }
        _ => {}
    });
    match read {
        Ok(guarded) => look.bytes = guarded.get_ref().count(),
        Err((mut guarded, error)) => {
            let error = std::io::Error::other(error.to_string());
            return Err(guarded.get_mut().why(error));
        }
    }
    Ok(look)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_told_the_same() {
        for text in ["A5:C5", "B2:B9", "XFD1:XFD1048576"] {
            assert_eq!(Range::read(text).expect("a range").to_string(), text);
        }
        assert_eq!(Range::read("$B$2").expect("a cell").to_string(), "B2:B2");
        for bad in ["", "A", "1", "A0", ":", "A1:B", "ÄÄ1"] {
            assert_eq!(Range::read(bad), None, "{bad}");
        }
    }
}
