//! What a form asks: declared once by each event kind and record kind, and followed by the page that
//! draws it, the check of a draft, and the guide to the API.

use crate::{
    code::control_character,
    document::is_digest,
    quantity::{Quantity, Unit},
    refusal::Refusal,
    subject::{Level, Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde_json::{Map, Value};

mod vague;

pub use vague::is_vague;

/// One question of a form.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key in the payload.
    pub name: &'static str,
    /// What is asked.
    pub label: Text,
    /// How to answer it.
    pub help: Text,
    /// What an answer looks like.
    pub input: Input,
    /// Whether it must be answered.
    pub required: bool,
    /// Whether an answer such as “same as usual” is none.
    pub exact: bool,
}

/// What an answer looks like.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// A code, scanned or typed, that stands for one of these kinds of subject. JSON: text.
    Code(&'static [SubjectKind]),
    /// A code that is new and will stand at the level. JSON: text.
    NewCode(Level),
    /// Several codes. JSON: array of text. In a form: one a line.
    Codes(&'static [SubjectKind]),
    /// A whole number, not negative. JSON: number.
    Count,
    /// A decimal with up to three places. JSON: text.
    Amount,
    /// One line. JSON: text.
    Line,
    /// One line, by which everything that says the same is listed together: a revision, a number. JSON: text.
    Listed,
    /// A name that its owner may keep sealed (see [`crate::seal`]). JSON: text.
    Source,
    /// Several lines. JSON: text.
    Text,
    /// A calendar day, `2026-03-04`. JSON: text.
    Date,
    /// Yes or no. JSON: boolean.
    Check,
    /// One of these words. JSON: the word.
    Choice(&'static [(&'static str, Text)]),
    /// Any of these words. JSON: array of words. As a fact: the words with commas between.
    Choices(&'static [(&'static str, Text)]),
    /// A photo, by the digest of its bytes: `sha256:…`. JSON: text.
    Photo,
    /// A photo or a PDF, by the digest of its bytes: `sha256:…`. JSON: text.
    Document,
    /// Any number of rows with these fields. JSON: array of objects.
    Rows(&'static [Field]),
}

impl Field {
    /// A field that must be answered.
    pub const fn must(name: &'static str, label: Text, input: Input) -> Field {
        Field { name, label, help: text("", ""), input, required: true, exact: false }
    }

    /// A field that may be left out.
    pub const fn may(name: &'static str, label: Text, input: Input) -> Field {
        Field { name, label, help: text("", ""), input, required: false, exact: false }
    }

    /// The same, where “same as usual” is refused (C13).
    pub const fn exact(mut self) -> Field {
        self.exact = true;
        self
    }

    /// The same with a help line.
    pub const fn help(mut self, help: Text) -> Field {
        self.help = help;
        self
    }
}

const MISSING: Text = text("“{label}” is missing. Fill it in.", "缺少“{label}”，请填写。");
const WRONG: Text = text("“{label}” should be {shape}.", "“{label}”应为{shape}。");
const UNKNOWN: Text = text(
    "There is no field “{name}” here. The fields are: {names}.",
    "此处没有“{name}”字段。可用字段：{names}。",
);
const TOO_MANY: Text = text(
    "“{label}” is more than 1,000,000,000,000. Check the digits, or record it in parts.",
    "“{label}”超过 1,000,000,000,000，请核对数字，或分次录入。",
);
const CONTROL: Text = text(
    "In “{label}” the character at position {n} is a line break or one that does not print. Take it out.",
    "“{label}”的第 {n} 个字符是换行符或不可打印字符，请删除。",
);
const VAGUE: Text = text(
    "“{given}” says nothing that could be looked up later. Write in “{label}” what stands on the goods or papers.",
    "“{given}”日后无法查证。请在“{label}”中照货物或单据填写。",
);
const NOT_A_MAP: Text =
    text("The payload should be an object with named fields.", "内容应为带字段名的对象。");

/// Checks an object against the fields: nothing missing, nothing unknown, each of the right shape.
/// The first thing wrong is refused, named by its path (`parts.1.reference`).
pub fn check(fields: &[Field], value: &Value) -> Result<(), Refusal> {
    let map = value.as_object().ok_or_else(|| Refusal::new("wrong_shape", NOT_A_MAP))?;
    check_map(fields, map, "")
}

/// The same for a record that may have gaps: nothing is missing, but what is there has the right shape.
pub fn check_given(fields: &[Field], value: &Value) -> Result<(), Refusal> {
    let map = value.as_object().ok_or_else(|| Refusal::new("wrong_shape", NOT_A_MAP))?;
    let given: Vec<Field> =
        fields.iter().map(|f| Field { required: f.required && map.contains_key(f.name), ..*f }).collect();
    check_map(&given, map, "")
}

/// The value without answers left empty: `null`, and text of nothing but white space.
pub fn answered(value: &Value) -> Value {
    let is_answer = |v: &Value| !v.is_null() && !v.as_str().is_some_and(|s| s.trim().is_empty());
    match value {
        Value::Object(map) => {
            let given = map.iter().filter(|(_, v)| is_answer(v));
            Value::Object(given.map(|(k, v)| (k.clone(), answered(v))).collect())
        }
        Value::Array(rows) => rows.iter().map(answered).collect(),
        other => other.clone(),
    }
}

fn check_map(fields: &[Field], map: &Map<String, Value>, path: &str) -> Result<(), Refusal> {
    if let Some(name) = map.keys().find(|k| !fields.iter().any(|f| f.name == k.as_str())) {
        let names: Vec<_> = fields.iter().map(|f| f.name).collect();
        let said = UNKNOWN.with(&[("name", name), ("names", &names.join(", "))]);
        return Err(Refusal::said("unknown_field", said).at(format!("{path}{name}")));
    }
    for field in fields {
        let here = format!("{path}{}", field.name);
        match map.get(field.name) {
            None | Some(Value::Null) if field.required => return Err(missing(field).at(here)),
            None | Some(Value::Null) => {}
            Some(value) => check_value(field, value, &here)?,
        }
    }
    Ok(())
}

fn missing(field: &Field) -> Refusal {
    let Text { en, zh } = field.label;
    let mut said = MISSING.with(&[("label", en)]);
    said.zh = MISSING.with(&[("label", zh)]).zh;
    Refusal::said("missing_field", said)
}

fn too_many(field: &Field) -> Refusal {
    let mut said = TOO_MANY.with(&[("label", field.label.en)]);
    said.zh = TOO_MANY.with(&[("label", field.label.zh)]).zh;
    Refusal::said("too_many", said)
}

fn not_printable(field: &Field, at: usize) -> Refusal {
    let n = (at + 1).to_string();
    let fill = |label: &str| CONTROL.with(&[("label", label), ("n", &n)]);
    Refusal::said("control_character", Said { en: fill(field.label.en).en, zh: fill(field.label.zh).zh })
}

fn check_value(field: &Field, value: &Value, here: &str) -> Result<(), Refusal> {
    let shape = match field.input {
        Input::Count => match value.as_u64() {
            Some(n) if n > MOST_COUNTED => return Err(too_many(field).at(here)),
            Some(_) => None,
            None => Some(text("a whole number", "整数")),
        },
        Input::Check => (!value.is_boolean()).then_some(text("yes or no", "是或否")),
        Input::Codes(_) => {
            let good = value.as_array().is_some_and(|a| {
                !(a.is_empty() && field.required)
                    && a.iter().all(|v| v.as_str().is_some_and(|s| !s.is_empty()))
            });
            (!good).then_some(text("a list of codes", "条码列表"))
        }
        Input::Choices(words) => {
            let known = |v: &Value| v.as_str().is_some_and(|s| words.iter().any(|(word, _)| *word == s));
            let good =
                value.as_array().is_some_and(|a| !(a.is_empty() && field.required) && a.iter().all(known));
            (!good).then_some(text("some of the words offered", "所列选项中的若干项"))
        }
        Input::Rows(fields) => {
            let Some(rows) = value.as_array() else {
                return Err(wrong(field, text("a list of rows", "多行列表")).at(here));
            };
            if rows.is_empty() && field.required {
                return Err(missing(field).at(here));
            }
            for (i, row) in rows.iter().enumerate() {
                let path = format!("{here}.{i}.");
                let map = row.as_object().ok_or_else(|| Refusal::new("wrong_shape", NOT_A_MAP).at(&path))?;
                check_map(fields, map, &path)?;
            }
            None
        }
        _ => return check_text(field, value, here),
    };
    match shape {
        Some(shape) => Err(wrong(field, shape).at(here)),
        None => Ok(()),
    }
}

fn check_text(field: &Field, value: &Value, here: &str) -> Result<(), Refusal> {
    let Some(given) = value.as_str() else {
        return Err(wrong(field, text("text in quotation marks", "文本")).at(here));
    };
    if given.trim().is_empty() {
        return if field.required { Err(missing(field).at(here)) } else { Ok(()) };
    }
    if given.len() > 4000 {
        return Err(wrong(field, text("shorter than 4,000 bytes", "不超过 4000 字节")).at(here));
    }
    if field.exact && is_vague(given) {
        let fill = |label: &str| VAGUE.with(&[("given", given.trim()), ("label", label)]);
        let said = Said { en: fill(field.label.en).en, zh: fill(field.label.zh).zh };
        return Err(Refusal::said("vague", said).at(here));
    }
    let unprintable = match field.input {
        Input::Line | Input::Listed | Input::Source => given.chars().position(char::is_control),
        Input::Text => control_character(given).map(|at| given[..at].chars().count()),
        _ => None,
    };
    if let Some(at) = unprintable {
        return Err(not_printable(field, at).at(here));
    }
    let shape = match field.input {
        Input::Choice(words) if !words.iter().any(|(word, _)| *word == given) => {
            text("one of the words offered", "所列选项之一")
        }
        Input::Date if crate::time::noon(given, crate::time::Zone::UTC).is_err() => {
            text("a date such as 2026-03-04", "日期，例如 2026-03-04")
        }
        Input::Amount => match Quantity::parse(given, Unit::Piece) {
            Some(q) if q.thousandths > Quantity::pieces(MOST_COUNTED).thousandths => {
                return Err(too_many(field).at(here));
            }
            Some(_) => return Ok(()),
            None => text("a number such as 12.5", "数字，例如 12.5"),
        },
        Input::Photo if !is_digest(given) => text("a photo that was stored first", "已上传的照片"),
        Input::Document if !is_digest(given) => {
            text("a photo or PDF that was stored first", "已上传的照片或 PDF")
        }
        _ => return Ok(()),
    };
    Err(wrong(field, shape).at(here))
}

fn wrong(field: &Field, shape: Text) -> Refusal {
    let mut said = WRONG.with(&[("label", field.label.en), ("shape", shape.en)]);
    said.zh = WRONG.with(&[("label", field.label.zh), ("shape", shape.zh)]).zh;
    Refusal::said("wrong_shape", said)
}

/// The subjects that the answers of a payload may mean by their keys (see [`Subject::by_key`]).
pub fn subjects_by_key(fields: &[Field], payload: &Value) -> Vec<Subject> {
    let mut found = Vec::new();
    for field in fields {
        match (field.input, payload.get(field.name)) {
            (Input::Code(kinds), Some(Value::String(text))) => found.extend(Subject::by_key(text, kinds)),
            (Input::Codes(kinds), Some(Value::Array(codes))) => {
                found.extend(codes.iter().filter_map(Value::as_str).flat_map(|t| Subject::by_key(t, kinds)));
            }
            (Input::Rows(inner), Some(Value::Array(rows))) => {
                found.extend(rows.iter().flat_map(|row| subjects_by_key(inner, row)));
            }
            _ => {}
        }
    }
    found
}

/// The payload that a posted form means. `values` tells every value posted under a name; rows are
/// posted as `parts.0.reference`, `parts.1.reference` and so on. Answers left empty are left out; an
/// answer of the wrong shape is kept as posted, for [`check`] to name.
pub fn payload_from_form(fields: &[Field], values: &dyn Fn(&str) -> Vec<String>) -> Value {
    Value::Object(map_from_form(fields, "", values))
}

fn map_from_form(fields: &[Field], path: &str, values: &dyn Fn(&str) -> Vec<String>) -> Map<String, Value> {
    let mut map = Map::new();
    for field in fields {
        let here = format!("{path}{}", field.name);
        let given: Vec<String> = values(&here).into_iter().filter(|v| !v.trim().is_empty()).collect();
        let value = match field.input {
            Input::Codes(_) => {
                let codes: Vec<Value> = given
                    .iter()
                    .flat_map(|v| v.lines())
                    .map(str::trim)
                    .filter(|l| !l.is_empty())
                    .map(Value::from)
                    .collect();
                (!codes.is_empty()).then_some(Value::Array(codes))
            }
            Input::Choices(_) => {
                let words: Vec<Value> = given.iter().map(|v| Value::from(v.trim())).collect();
                (!words.is_empty()).then_some(Value::Array(words))
            }
            Input::Count => given.first().map(|v| match v.trim().parse::<u64>() {
                Ok(n) => Value::from(n),
                Err(_) => Value::from(v.as_str()),
            }),
            Input::Check => given.first().map(|_| Value::Bool(true)),
            Input::Rows(inner) => {
                let rows: Vec<Value> = (0..MOST_ROWS)
                    .map(|i| map_from_form(inner, &format!("{here}.{i}."), values))
                    .filter(|row| !row.is_empty())
                    .map(Value::Object)
                    .collect();
                (!rows.is_empty()).then_some(Value::Array(rows))
            }
            // A lot code is never trimmed inside, but what a wedge or a thumb adds around it is.
            _ => given.first().map(|v| Value::from(v.trim())),
        };
        if let Some(value) = value {
            map.insert(field.name.into(), value);
        }
    }
    map
}

/// The largest count, and the largest amount. The ledger adds counts up in 64-bit integers, where nine
/// million of this size still fit; a sum beyond fails, and with it every draft that names the goods.
pub const MOST_COUNTED: u64 = 1_000_000_000_000;

/// How many rows a posted form may have; a page never draws more, an API draft may.
pub const MOST_ROWS: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const FIELDS: &[Field] = &[
        Field::must("code", text("Code", "条码"), Input::Code(&[])),
        Field::may("count", text("Count", "数量"), Input::Count),
        Field::may(
            "parts",
            text("Parts", "部分"),
            Input::Rows(&[Field::must("name", text("Name", "名称"), Input::Line)]),
        ),
    ];

    #[test]
    fn a_form_becomes_the_payload_it_means() {
        let form = |name: &str| match name {
            "code" => vec![" A1 ".to_string()],
            "count" => vec!["12".into()],
            "parts.0.name" => vec!["x".into()],
            "parts.2.name" => vec!["y".into()],
            _ => vec![],
        };
        let payload = payload_from_form(FIELDS, &form);
        assert_eq!(payload, json!({"code": "A1", "count": 12, "parts": [{"name": "x"}, {"name": "y"}]}));
        assert_eq!(check(FIELDS, &payload), Ok(()));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path() {
        let at = |v: Value| check(FIELDS, &v).expect_err("refused").field.unwrap_or_default();
        assert_eq!(at(json!({})), "code");
        assert_eq!(at(json!({"code": " "})), "code");
        assert_eq!(at(json!({"code": "a", "count": -1})), "count");
        assert_eq!(at(json!({"code": "a", "count": "many"})), "count");
        assert_eq!(at(json!({"code": "a", "parts": [{"name": "x"}, {}]})), "parts.1.name");
        assert_eq!(at(json!({"code": "a", "colour": "red"})), "colour");
        assert_eq!(at(json!([])), "");
    }

    #[test]
    fn a_line_is_one_line_and_printable() {
        const LINES: &[Field] = &[
            Field::may("lot_code", text("Lot code", "批号"), Input::Line),
            Field::may("note", text("Note", "备注"), Input::Text),
        ];
        assert_eq!(check(LINES, &json!({"lot_code": "L 2026/ç-A", "note": "one\r\n\ttwo"})), Ok(()));
        for (field, bad) in [
            ("lot_code", "L1\nL2"),
            ("lot_code", "L1\t"),
            ("lot_code", "L1\u{1d}21S"),
            ("lot_code", "L\u{85}1"),
            ("note", "one\u{0}two"),
        ] {
            let refusal = check(LINES, &json!({field: bad})).expect_err("refused");
            assert_eq!(
                (refusal.reason.as_str(), refusal.field.as_deref()),
                ("control_character", Some(field))
            );
        }
    }

    #[test]
    fn a_count_beyond_what_can_be_added_up_is_refused() {
        const COUNTED: &[Field] = &[
            Field::may("count", text("Count", "数量"), Input::Count),
            Field::may("amount", text("Amount", "数量"), Input::Amount),
        ];
        let most = json!({"count": MOST_COUNTED, "amount": "1000000000000"});
        assert_eq!(check(COUNTED, &most), Ok(()));
        for (field, more) in [
            ("count", json!(MOST_COUNTED + 1)),
            ("count", json!(1_u64 << 53)),
            ("amount", json!("1000000000000.001")),
        ] {
            let refusal = check(COUNTED, &json!({field: more})).expect_err("refused");
            assert_eq!((refusal.reason.as_str(), refusal.field.as_deref()), ("too_many", Some(field)));
            assert!(refusal.said.en.contains("1,000,000,000,000"), "{refusal}");
        }
    }
}
