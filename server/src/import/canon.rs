//! What a cell comes to, by what its column means: the same text whatever file it stood in, so that a row
//! is the same row from CSV and from a workbook.

use super::{
    days::{self, Epoch},
    grid::Value,
    notes::Told,
    table::Column,
    words,
};
use domain::{
    field::Input,
    import::DayOrder,
    text::{Said, Text, text},
    time::{Zone, noon, parse_with_zone},
};

/// Why a cell cannot be read: a short word, and the sentence with the mend.
pub(super) type Bad = (&'static str, Said);

const DAMAGED_NUMBER: Text = text(
    "The code is stored as the number {value}. A spreadsheet keeps 15 digits of a number and makes the others zeros. Format the column as text, and enter the code again.",
    "该代码以数字 {value} 存储。电子表格仅保留数字的前 15 位，其余变为零。请将该列设为文本格式后重新填写代码。",
);
const MADE_A_DAY: Text = text(
    "The spreadsheet made the day {value} of what was entered. Format the column as text, and enter the code again.",
    "电子表格将所填内容转换为日期 {value}。请将该列设为文本格式后重新填写。",
);
const NO_NUMBER: Text = text("“{value}” is not a number.", "“{value}”不是数字。");
const NOT_YES_OR_NO: Text = text("“{value}” is neither yes nor no.", "“{value}”不是“是”或“否”。");

/// What a column is for, as far as cells are concerned.
enum For {
    Code,
    Day,
    Moment,
    Number,
    Check,
    Choice(&'static [(&'static str, Text)]),
    Words,
}

fn what_for(column: &Column) -> For {
    let by_input = |input: &Input| match input {
        Input::Date => For::Day,
        Input::Count | Input::Amount => For::Number,
        Input::Check => For::Check,
        Input::Choice(words) => For::Choice(words),
        Input::Text | Input::Choices(_) => For::Words,
        Input::Code(_) | Input::NewCode(_) | Input::Codes(_) | Input::Line | Input::Listed => For::Code,
        Input::Source | Input::Photo | Input::Document => For::Code,
        Input::Rows(_) => For::Words,
    };
    match column {
        Column::Fact(field) | Column::Field(field, _) => by_input(&field.input),
        Column::Time | Column::When => For::Moment,
        Column::Subject | Column::Names(_) | Column::Place | Column::Kind => For::Code,
        Column::Note => For::Words,
    }
}

/// The text of a cell; `tell` hears what a person should know of it.
pub(super) fn canonical(
    value: &Value,
    column: &Column,
    order: Option<DayOrder>,
    epoch: Epoch,
    mut tell: impl FnMut(Told),
) -> Result<String, Bad> {
    let purpose = what_for(column);
    if let Value::Bad(reason, said) = value {
        return Err((*reason, said.clone()));
    }
    match (&purpose, value) {
        (For::Day | For::Moment, value) => {
            let told = moment(value, order, epoch)?;
            match (&purpose, told.split_once('T')) {
                (For::Day, Some((day, _))) => {
                    tell(Told::TimeLeftOut);
                    Ok(day.to_string())
                }
                _ => Ok(told),
            }
        }
        (For::Number, Value::Text(text)) => Ok(plain_number(text)),
        (For::Number, Value::Number(n)) => Ok(number(*n)),
        (For::Number, Value::Day(n)) => Ok(number(*n)),
        (For::Number, Value::Yes(yes)) => Err(("wrong_shape", NO_NUMBER.with(&[("value", boolean(*yes))]))),
        (For::Check, value) => check(value),
        (For::Choice(offered), Value::Text(text)) => Ok(words::choice(offered, text.trim())),
        (For::Words | For::Code, Value::Text(text)) => Ok(text.clone()),
        (For::Words, Value::Day(n)) => days::from_serial(*n, epoch).map_err(|no| (no.reason, no.said)),
        (_, Value::Day(n)) => {
            let day = days::from_serial(*n, epoch).unwrap_or_else(|_| n.to_string());
            Err(("made_a_day", MADE_A_DAY.with(&[("value", &day)])))
        }
        (For::Code, Value::Number(n)) if n.abs() >= 1e15 => {
            Err(("damaged_number", DAMAGED_NUMBER.with(&[("value", &number(*n))])))
        }
        (_, Value::Number(n)) => {
            if matches!(purpose, For::Code) {
                tell(Told::NumberForCode);
            }
            Ok(number(*n))
        }
        (_, Value::Yes(yes)) => Ok(boolean(*yes).to_string()),
        (_, Value::Bad(reason, said)) => Err((*reason, said.clone())),
    }
}

fn moment(value: &Value, order: Option<DayOrder>, epoch: Epoch) -> Result<String, Bad> {
    let bad = |no: days::NoDay| (no.reason, no.said);
    match value {
        Value::Day(serial) => days::from_serial(*serial, epoch).map_err(bad),
        // Eight digits are a day as some programs export it; a day's own number has five.
        Value::Number(n) if (1e7..1e8).contains(n) => days::from_text(&number(*n), order).map_err(bad),
        Value::Number(n) => days::from_serial(*n, epoch).map_err(bad),
        Value::Text(text) => {
            let text = halfwidth(text.trim());
            if parse_with_zone(&text).is_ok() || noon(&text, Zone::UTC).is_ok() {
                return Ok(text);
            }
            days::from_text(&text, order).map_err(bad)
        }
        Value::Yes(yes) => days::from_text(boolean(*yes), order).map_err(bad),
        Value::Bad(reason, said) => Err((*reason, said.clone())),
    }
}

const fn boolean(yes: bool) -> &'static str {
    if yes { "TRUE" } else { "FALSE" }
}

/// The shortest decimal that means the number to a thousandth: what a formula adds up is often off in the
/// sixteenth digit.
fn number(n: f64) -> String {
    let thousandths = (n * 1000.0).round() / 1000.0;
    let shown = if (n - thousandths).abs() < 1e-9 { thousandths } else { n };
    format!("{shown}")
}

/// A number as text without the marks between its thousands: `1,000` and `1 000`. Those of a decimal stay.
fn plain_number(text: &str) -> String {
    let text = halfwidth(text.trim());
    let groups: Vec<&str> = text.split([',', ' ', '\u{a0}']).collect();
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let in_groups = groups.len() > 1
        && groups[0].len() <= 3
        && groups.iter().all(|group| digits(group))
        && groups[1..].iter().all(|group| group.len() == 3);
    if in_groups { groups.concat() } else { text }
}

/// Digits and marks of the width that Chinese keyboards type become the usual ones.
fn halfwidth(text: &str) -> String {
    text.chars().map(words::halfwidth).collect()
}

fn check(value: &Value) -> Result<String, Bad> {
    let text = match value {
        Value::Yes(yes) => boolean(*yes).to_string(),
        Value::Number(n) | Value::Day(n) => number(*n),
        Value::Text(text) => text.trim().to_string(),
        Value::Bad(reason, said) => return Err((*reason, said.clone())),
    };
    match words::is_yes(&text) {
        Some(true) => Ok("yes".into()),
        Some(false) => Ok("no".into()),
        None => Err(("wrong_shape", NOT_YES_OR_NO.with(&[("value", &text)]))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::table::Table;

    fn read(table: &str, column: &str, value: Value) -> Result<(String, Vec<Told>), &'static str> {
        let column = Table::named(table).ok().and_then(|t| t.column(column)).expect("a column");
        let mut told = vec![];
        canonical(&value, &column, None, Epoch::From1900, |note| told.push(note))
            .map(|text| (text, told))
            .map_err(|(reason, _)| reason)
    }

    #[test]
    fn c19_a_cell_comes_to_the_same_text_whatever_it_stood_in() {
        let text = |text: &str| Value::Text(text.into());
        let plain = |text: &str| Ok((text.to_string(), vec![]));
        for (table, column, values, comes) in [
            (
                "batches",
                "quantity",
                vec![text("1,200"), text("1 200"), text("１２００"), Value::Number(1200.0)],
                "1200",
            ),
            (
                "batches",
                "produced_to",
                vec![
                    text("2026/3/4"),
                    Value::Day(46_085.0),
                    Value::Number(46_085.0),
                    Value::Number(20_260_304.0),
                ],
                "2026-03-04",
            ),
            (
                "batch_materials",
                "unit",
                vec![text("kg"), text("KG"), text("公斤"), text("kilogram")],
                "kilogram",
            ),
            (
                "batch_materials",
                "amount",
                vec![text("12.5"), Value::Number(12.5), Value::Number(12.500_000_000_000_002)],
                "12.5",
            ),
            (
                "relabeling",
                "old_code_scanned",
                vec![text("是"), text("TRUE"), Value::Yes(true), Value::Number(1.0)],
                "yes",
            ),
            (
                "cartons",
                "packed_on",
                vec![text("2026年3月4日 14:05"), Value::Day(46_085.0 + (14.0 * 60.0 + 5.0) / 1440.0)],
                "2026-03-04T14:05:00",
            ),
        ] {
            for value in values {
                assert_eq!(read(table, column, value.clone()), plain(comes), "{table} {column} {value:?}");
            }
        }
    }

    #[test]
    fn c19_what_a_spreadsheet_did_to_a_code_is_refused_or_told() {
        let number = |n: f64| read("cartons", "carton", Value::Number(n));
        assert_eq!(number(123.0), Ok(("123".into(), vec![Told::NumberForCode])));
        assert_eq!(number(123_456_789_012_345.0), Ok(("123456789012345".into(), vec![Told::NumberForCode])));
        assert_eq!(number(3.061_41e17), Err("damaged_number"));
        assert_eq!(read("batches", "lot_code", Value::Day(46_085.0)), Err("made_a_day"));
        assert_eq!(read("batches", "produced_to", Value::Day(60.0)), Err("day_that_never_was"));
        let both = read("batches", "produced_to", Value::Day(46_085.5));
        assert_eq!(both, Ok(("2026-03-04".into(), vec![Told::TimeLeftOut])));
    }
}
