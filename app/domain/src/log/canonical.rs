//! The one sequence of bytes of a JSON value (RFC 8785, JSON Canonicalization Scheme).
//!
//! Numbers are whole and within ±(2^53 − 1); quantities and times of the ledger are whole numbers or
//! text, and refusing everything else keeps the hash the same in every language that checks a proof.

use serde_json::{Map, Value};

use crate::text::{Said, Text, text};

/// The largest whole number that every JSON reader keeps exactly (RFC 7493, section 2.2).
const LARGEST: u64 = (1 << 53) - 1;

/// How deep values may be nested; beyond it a value is refused rather than the stack exhausted.
const DEEPEST: usize = 64;

/// A value that has no canonical bytes here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CanonicalError {
    /// Where, as a JSON pointer (RFC 6901); empty for the whole value.
    pub pointer: String,
    /// Why.
    pub kind: CanonicalErrorKind,
}

/// Why a value has no canonical bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum CanonicalErrorKind {
    /// A number with a fraction or an exponent.
    NotWhole,
    /// A whole number beyond ±(2^53 − 1).
    TooLarge,
    /// Nested deeper than 64 levels.
    TooDeep,
}

impl CanonicalError {
    /// The error in words.
    pub fn said(&self) -> Said {
        const NOT_WHOLE: Text = text(
            "The number at {pointer} is not whole. Write it as text or in a smaller unit.",
            "{pointer} 处的数字不是整数，请改为文本或使用更小的单位。",
        );
        const TOO_LARGE: Text = text(
            "The number at {pointer} is beyond 9007199254740991. Write it as text.",
            "{pointer} 处的数字超过 9007199254740991，请改为文本。",
        );
        const TOO_DEEP: Text = text(
            "The value at {pointer} is nested deeper than 64 levels. Make it flatter.",
            "{pointer} 处的值嵌套超过 64 层，请减少层级。",
        );
        let why = match self.kind {
            CanonicalErrorKind::NotWhole => NOT_WHOLE,
            CanonicalErrorKind::TooLarge => TOO_LARGE,
            CanonicalErrorKind::TooDeep => TOO_DEEP,
        };
        let pointer = if self.pointer.is_empty() { "/" } else { &self.pointer };
        why.with(&[("pointer", pointer)])
    }
}

impl std::fmt::Display for CanonicalError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.said().fmt(f)
    }
}

impl std::error::Error for CanonicalError {}

/// The canonical bytes of a value: members sorted by the UTF-16 code units of their names, no white
/// space, the shortest escapes.
///
/// ```
/// use serde_json::json;
/// let bytes = domain::log::canonical(&json!({ "b": [1, true], "a": "x\n" })).unwrap();
/// assert_eq!(bytes, br#"{"a":"x\n","b":[1,true]}"#);
/// ```
///
/// # Errors
/// When a number is not whole or too large, or the value is nested too deep.
pub fn canonical(value: &Value) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Vec::new();
    write_value(value, 0, &mut out).map_err(|fault| CanonicalError {
        pointer: fault.path.iter().rev().map(|step| format!("/{step}")).collect(),
        kind: fault.kind,
    })?;
    Ok(out)
}

/// A fault on its way out; each level adds its own step, so that the path costs nothing when all is well.
struct Fault {
    path: Vec<String>,
    kind: CanonicalErrorKind,
}

impl Fault {
    fn new(kind: CanonicalErrorKind) -> Fault {
        Fault { path: Vec::new(), kind }
    }

    fn below(mut self, step: String) -> Fault {
        self.path.push(step);
        self
    }
}

fn write_value(value: &Value, depth: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    if depth > DEEPEST {
        return Err(Fault::new(CanonicalErrorKind::TooDeep));
    }
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => {
            let magnitude = number
                .as_i64()
                .map(i64::unsigned_abs)
                .or_else(|| number.as_u64())
                .ok_or_else(|| Fault::new(CanonicalErrorKind::NotWhole))?;
            if magnitude > LARGEST {
                return Err(Fault::new(CanonicalErrorKind::TooLarge));
            }
            out.extend_from_slice(number.to_string().as_bytes());
        }
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_value(item, depth + 1, out).map_err(|fault| fault.below(index.to_string()))?;
            }
            out.push(b']');
        }
        Value::Object(members) => write_object(members, depth, out)?,
    }
    Ok(())
}

fn write_object(members: &Map<String, Value>, depth: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    // UTF-16 order differs from that of UTF-8 above U+FFFF, and the RFC says UTF-16.
    sorted.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
    out.push(b'{');
    for (position, (name, value)) in sorted.into_iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write_text(name, out);
        out.push(b':');
        write_value(value, depth + 1, out)
            .map_err(|fault| fault.below(name.replace('~', "~0").replace('/', "~1")))?;
    }
    out.push(b'}');
    Ok(())
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0..0x20 => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn text_of(value: &Value) -> String {
        String::from_utf8(canonical(value).expect("canonical")).expect("UTF-8")
    }

    #[test]
    fn members_are_sorted_as_the_rfc_shows() {
        // RFC 8785, section 3.2.3: the order is that of UTF-16 code units.
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis",
        });
        let order: Vec<String> = serde_json::from_str::<Value>(&text_of(&value))
            .map(|_| text_of(&value))
            .unwrap_or_default()
            .split("\":\"")
            .filter_map(|part| part.rsplit('"').next().map(str::to_owned))
            .collect();
        assert_eq!(order[..7], ["\\r", "1", "\u{80}", "\u{f6}", "\u{20ac}", "\u{1f600}", "\u{fb33}"]);
    }

    #[test]
    fn escapes_are_the_shortest() {
        assert_eq!(
            text_of(&json!("\u{20ac}$\u{f}\nA'B\"\\\\\"/\u{7f}")),
            "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}\""
        );
    }

    #[test]
    fn a_number_that_readers_would_round_is_refused_with_its_place() {
        let fault = canonical(&json!({ "a": [0, { "b/c": 1.5 }] })).expect_err("a float");
        assert_eq!((fault.pointer.as_str(), fault.kind), ("/a/1/b~1c", CanonicalErrorKind::NotWhole));
        assert_eq!(canonical(&json!(1_u64 << 53)).expect_err("large").kind, CanonicalErrorKind::TooLarge);
        assert_eq!(
            text_of(&json!([LARGEST, -9_007_199_254_740_991_i64])),
            "[9007199254740991,-9007199254740991]"
        );
    }

    #[test]
    fn a_value_nested_too_deep_is_refused() {
        let deep = (0..200).fold(json!(null), |inner, _| json!([inner]));
        assert_eq!(canonical(&deep).expect_err("deep").kind, CanonicalErrorKind::TooDeep);
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<String>().prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn canonical_bytes_read_back_as_the_same_value(value in values()) {
            let bytes = canonical(&value).expect("canonical");
            let back: Value = serde_json::from_slice(&bytes).expect("JSON");
            prop_assert_eq!(&back, &value);
            prop_assert_eq!(canonical(&back).expect("canonical"), bytes);
        }
    }
}
