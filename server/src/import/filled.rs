//! The cells of one event's rows, sorted by what they mean, and what they come to.

use super::{columns::Header, made::Cell, report::Problem, table::Column, words::is_yes};
use domain::{
    event::{KINDS, Kind, kind_named},
    field::{Input, payload_from_form},
    subject::{Subject, SubjectKind},
    text::{Text, text},
    time::{Time, Zone, noon, parse_with_zone},
};
use serde_json::{Value, json};
use std::collections::HashMap;

const SHORTENED: Text = text(
    "A spreadsheet shortened this number to {value}. Format the column as text, enter the code again, and export once more.",
    "电子表格将该数字缩写为 {value}。请把该列设为文本格式，重新填写条码后再导出。",
);
const NOT_YES_OR_NO: Text = text("“{value}” is neither yes nor no.", "“{value}”不是“是”或“否”。");
const NOT_A_TIME: Text = text(
    "“{value}” is not a time. Write a date such as 2026-03-04, or a time such as 2026-03-04T14:05:00+08:00.",
    "“{value}”不是时间。请写日期（如 2026-03-04）或时间（如 2026-03-04T14:05:00+08:00）。",
);
const NO_KIND: Text = text(
    "There is no event kind “{value}”. The kinds are: {names}.",
    "没有“{value}”这种事件。可用的有：{names}。",
);

/// The cells of one event's rows, sorted by what they mean.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) values: HashMap<String, Vec<String>>,
    facts: Vec<Value>,
    names: Vec<Value>,
    subject: Option<String>,
    pub(super) kind: Option<&'static Kind>,
    pub(super) when: Option<(Time, Zone)>,
    pub(super) last_date: Option<(Time, Zone)>,
    pub(super) place: Option<String>,
    pub(super) note: Option<String>,
    pub(super) cells: Vec<Cell>,
}

impl Filled {
    /// Takes a cell: the row's line and its number among those of the event, the column, the value.
    pub(super) fn take(
        &mut self,
        line: u64,
        number: usize,
        header: &Header,
        value: &str,
        zone: Zone,
    ) -> Result<(), Problem> {
        let trimmed = value.trim();
        let column = &header.column;
        let bad = |reason: &str, said: Text| {
            let names: Vec<&str> = KINDS.iter().map(|k| k.name).collect();
            let said = said.with(&[("value", trimmed), ("names", &names.join(", "))]);
            header.problem(line, reason, said)
        };
        if is_shortened(trimmed) && !matches!(column, Column::Note) {
            return Err(bad("shortened_number", SHORTENED));
        }
        let path = match column {
            Column::Subject => {
                self.subject = Some(trimmed.to_string());
                "subject".to_string()
            }
            Column::Names(level) => {
                for code in several(value) {
                    self.names.push(json!({"code": code, "level": level}));
                }
                format!("names.{}.code", self.names.len().saturating_sub(1))
            }
            Column::Fact(field) => {
                if let (Input::Date, Ok(day)) = (field.input, noon(trimmed, zone)) {
                    let later = self.last_date.is_none_or(|(last, _)| last < day);
                    self.last_date = if later { Some((day, zone)) } else { self.last_date };
                }
                let value = if matches!(field.input, Input::Text) { value } else { trimmed };
                self.facts.push(json!({"name": field.name, "value": value}));
                format!("facts.{}.value", self.facts.len() - 1)
            }
            Column::Field(field, path) => {
                let path = path.replace('#', &number.to_string());
                let values = self.values.entry(path.clone()).or_default();
                match field.input {
                    Input::Codes(kinds) => {
                        for code in several(value).map(|code| by_key(code, kinds)) {
                            if !values.contains(&code) {
                                values.push(code);
                            }
                        }
                    }
                    Input::Choices(_) => values.extend(several(value)),
                    Input::Code(kinds) => values.push(by_key(trimmed.to_string(), kinds)),
                    Input::Check => match is_yes(trimmed) {
                        Some(true) => values.push(trimmed.to_string()),
                        Some(false) => {}
                        None => return Err(bad("wrong_shape", NOT_YES_OR_NO)),
                    },
                    _ => values.push(value.to_string()),
                }
                path
            }
            Column::Kind => {
                self.kind = Some(kind_named(trimmed).ok_or_else(|| bad("unknown_kind", NO_KIND))?);
                "kind".into()
            }
            Column::Time => {
                self.when = Some(read_time(value, zone, line, header)?);
                "event_time".into()
            }
            Column::When => String::new(),
            Column::Place => {
                self.place = Some(trimmed.to_string());
                "place".into()
            }
            Column::Note => {
                self.note = Some(value.trim().to_string());
                "note".into()
            }
        };
        if !path.is_empty() {
            let (column, cell) = (header.shown.clone(), header.cell(line));
            self.cells.push(Cell { path, line, column, cell });
        }
        Ok(())
    }

    /// What an event's form would have posted.
    pub(super) fn payload(&self, kind: &Kind) -> Value {
        payload_from_form(kind.about.fields, &|path| self.values.get(path).cloned().unwrap_or_default())
    }

    /// The facts of a record, to be filed.
    pub(super) fn record(&self, record: &str, of: &[SubjectKind]) -> Value {
        let key = self.subject.as_deref().unwrap_or_default();
        let subject = match of {
            [one] => format!("{}:{key}", one.word()),
            _ => key.to_string(),
        };
        let mut payload = json!({"subject": subject, "record": record});
        for (name, rows) in [("facts", &self.facts), ("names", &self.names)] {
            if !rows.is_empty() {
                payload[name] = Value::Array(rows.clone());
            }
        }
        payload
    }
}

/// Several codes in one cell stand on lines of their own, or with `|` between them.
fn several(value: &str) -> impl Iterator<Item = String> {
    value.split(['\n', '\r', '|']).map(str::trim).filter(|code| !code.is_empty()).map(str::to_string)
}

/// `batch:A0617-2026` means the batch with this key, where its lot code could mean another.
fn by_key(code: String, kinds: &[SubjectKind]) -> String {
    let subject = code.parse::<Subject>().ok().filter(|subject| kinds.contains(&subject.kind));
    subject.map_or(code, |subject| subject.urn())
}

/// `3.06141E+17`: what a spreadsheet makes of an SSCC.
fn is_shortened(value: &str) -> bool {
    let Some((number, power)) = value.split_once("E+") else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, part) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    whole.len() == 1 && digits(whole) && digits(part) && power.len() == 2 && digits(power)
}

/// A day, or a time; one that names no zone is meant in the given one.
pub(super) fn read_time(
    value: &str,
    zone: Zone,
    line: u64,
    header: &Header,
) -> Result<(Time, Zone), Problem> {
    let value = value.trim();
    let day = noon(value, zone).map(|time| (time, zone));
    day.or_else(|_| parse_with_zone(value))
        .or_else(|_| parse_with_zone(&format!("{value}{zone}")))
        .map_err(|_| header.problem(line, "not_a_time", NOT_A_TIME.with(&[("value", value)])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_a_spreadsheet_shortened_is_known() {
        for (value, shortened) in [
            ("3.06141E+17", true),
            ("3,06E+17", true),
            ("4E+10", true),
            ("E+10", false),
            ("A1E+10", false),
            ("1E+100", false),
        ] {
            assert_eq!(is_shortened(value), shortened, "{value}");
        }
    }
}
