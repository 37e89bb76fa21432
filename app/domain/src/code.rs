//! What a scan can mean: from a symbology identifier and bytes to a [`Code`].
//!
//! Nothing here is guessed: what was understood and how stays beside the original bytes, and
//! [`Code::keys`] lists every way to look the code up, the most specific first.

use std::convert::Infallible;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::Said;

mod error;

pub use error::{CodeError, CodeErrorKind};

/// What was understood from one code.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Code {
    /// How it was understood.
    pub how: How,
    /// The symbology identifier (ISO/IEC 15424, such as `]C1`), when one was given or stood in front.
    pub symbology: Option<String>,
    /// The bytes as they came, untouched.
    pub original: Original,
    /// The application identifiers and their values in the order read; empty for plain text.
    pub elements: Vec<Element>,
    /// The code as text, without symbology identifier and without outer white space.
    pub text: String,
    /// What a reader should know about the reading.
    pub notes: Vec<Note>,
}

/// How a code was understood.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// A GS1 element string as a scanner transmits it.
    ElementString,
    /// Application identifiers in brackets, as printed under a symbol and typed by a person.
    Bracketed,
    /// A GS1 Digital Link URI.
    DigitalLink,
    /// Eighteen bare digits with the right check digit.
    Sscc,
    /// 8, 12, 13 or 14 bare digits with the right check digit, or an EAN/UPC or ITF-14 symbol.
    Gtin,
    /// A bare global location number.
    Gln,
    /// Plain text: a lot code, a factory's own mark, a reference.
    Text,
}

/// One application identifier with its value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Element {
    /// The application identifier, two to four digits.
    pub ai: String,
    /// Its data title in the GS1 General Specifications, such as `BATCH/LOT`.
    pub title: &'static str,
    /// The value, exactly as it stands in the code.
    pub value: String,
    /// The date in the value, when it holds one and the century is known (see [`read_at`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<CodeDate>,
}

/// What travels of an [`Element`]: the title follows from the identifier.
#[derive(Deserialize)]
struct ElementWire {
    ai: String,
    value: String,
    #[serde(default)]
    date: Option<CodeDate>,
}

impl<'de> Deserialize<'de> for Element {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Element, D::Error> {
        let wire = ElementWire::deserialize(deserializer)?;
        Ok(Element { title: "", ai: wire.ai, value: wire.value, date: wire.date })
    }
}

/// A date in a code; day absent means "day not given" (day 00), to be shown as a month.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct CodeDate {
    /// Four-digit year.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31, or absent.
    pub day: Option<u8>,
}

/// The bytes of a code as they came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(into = "OriginalWire", try_from = "OriginalWire")]
pub struct Original(pub Vec<u8>);

/// [`Original`] as written: readable, and exact.
#[derive(Serialize, Deserialize)]
struct OriginalWire {
    text: String,
    hex: String,
}

impl From<Original> for OriginalWire {
    fn from(original: Original) -> OriginalWire {
        OriginalWire {
            text: String::from_utf8_lossy(&original.0).into_owned(),
            hex: original.0.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

impl TryFrom<OriginalWire> for Original {
    type Error = String;

    fn try_from(wire: OriginalWire) -> Result<Original, String> {
        let digits = wire.hex.as_bytes();
        if !digits.len().is_multiple_of(2) {
            return Err("hex has an odd number of digits".into());
        }
        digits
            .chunks_exact(2)
            .map(|pair| {
                std::str::from_utf8(pair)
                    .ok()
                    .and_then(|pair| u8::from_str_radix(pair, 16).ok())
                    .ok_or_else(|| "hex holds a character that is no hexadecimal digit".into())
            })
            .collect::<Result<Vec<u8>, String>>()
            .map(Original)
    }
}

/// Something a reader should know about how a code was read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Note {
    /// What kind of thing.
    pub kind: NoteKind,
    /// In words.
    pub said: Said,
}

/// The kinds of [`Note`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoteKind {
    /// The digits look like a GS1 key whose check digit is another one; they were kept as text.
    CheckDigitDiffers,
}

/// What the ledger's code dictionary knows a code by.
///
/// `(00)…`, `(01)…(10)…` and so on for GS1 keys, the bare text for everything else; equal keys mean
/// the same thing whatever symbol, spelling or link they were read from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeKey(String);

impl CodeKey {
    /// The key as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of a plain text: a lot code, a carton mark, a reference.
    pub fn text(text: &str) -> CodeKey {
        CodeKey(text.to_owned())
    }
}

impl std::fmt::Display for CodeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CodeKey {
    type Err = Infallible;

    /// Takes a key back from storage. A scan goes through [`read`] and [`Code::keys`] instead.
    fn from_str(stored: &str) -> Result<CodeKey, Infallible> {
        Ok(CodeKey(stored.to_owned()))
    }
}

impl Code {
    /// Every key to look this code up by, the most specific first.
    pub fn keys(&self) -> Vec<CodeKey> {
        vec![CodeKey::text(&self.text)]
    }

    /// The code as a person reads it, such as `(01)09506000134352(10)ABC`.
    pub fn label(&self) -> String {
        self.text.clone()
    }
}

/// Reads a code. Two-digit years keep their value but get no [`Element::date`]; see [`read_at`].
///
/// # Errors
/// When the bytes are damaged or partial, with the position.
pub fn read(symbology: Option<&str>, bytes: &[u8]) -> Result<Code, CodeError> {
    let text =
        std::str::from_utf8(bytes).map_err(|e| CodeError::new(e.valid_up_to(), CodeErrorKind::NotText))?;
    let text = text.trim();
    if text.is_empty() {
        return Err(CodeError::new(0, CodeErrorKind::Empty));
    }
    Ok(Code {
        how: How::Text,
        symbology: symbology.map(str::to_owned),
        original: Original(bytes.to_vec()),
        elements: Vec::new(),
        text: text.to_owned(),
        notes: Vec::new(),
    })
}

/// Reads a code and resolves two-digit years as seen from `year` (the present year).
///
/// # Errors
/// As [`read`].
pub fn read_at(symbology: Option<&str>, bytes: &[u8], _year: i32) -> Result<Code, CodeError> {
    read(symbology, bytes)
}
