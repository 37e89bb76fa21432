//! What a scan can mean: from a symbology identifier and bytes to a [`Code`].
//!
//! ```
//! use domain::code::{How, read};
//! let code = read(Some("]C1"), b"010950600013435210LOT-7\x1d21S1").unwrap();
//! assert_eq!(code.how, How::ElementString);
//! assert_eq!(code.label(), "(01)09506000134352(10)LOT-7(21)S1");
//! assert_eq!(code.keys()[1].as_str(), "(01)09506000134352(10)LOT-7");
//! ```
//!
//! The readers, from the strictest to the most modest:
//! - [`symbology`]: what a symbology identifier promises must be there, or it is an error;
//! - [`digital_link`]: web addresses whose path names a GS1 key;
//! - [`gs1`]: application identifiers raw or in brackets, by the table in `ai_table` and the content rules
//!   of [`rule`];
//! - [`key`]: bare digits with the right check digit;
//! - everything else is plain text: a lot code, a factory's own carton mark, a reference.
//!
//! Nothing is guessed. What was understood and how is kept beside the original bytes; where digits can
//! mean several things, [`Code::keys`] names them all and a [`Note`] says so; damaged codes fail with the
//! position. Whether a code is known to anybody is the ledger's business, not this module's.

use serde::{Deserialize, Serialize};

use crate::text::Said;

mod ai_table;
mod association;
mod date;
pub mod digital_link;
mod error;
pub mod gs1;
pub mod key;
mod label;
mod lists;
mod lookup;
mod plain;
mod reading;
pub mod rule;
mod source;
pub mod symbology;

pub use association::{AssociationError, AssociationErrorKind, check_associations};
pub use date::{CodeDate, full_year};
pub use error::{CodeError, CodeErrorKind};
pub use label::{Contradiction, Label};
pub use lookup::CodeKey;
pub(crate) use plain::control_character;

/// Reads a code: the bytes of a symbol with its symbology identifier (ISO/IEC 15424, such as `]C1`), or
/// without one when it was typed, pasted or sent by a scanner that hides it. The bytes may begin with an
/// identifier themselves.
///
/// Dates with two-digit years stay unresolved, since nobody said what year it is; see [`read_at`].
///
/// # Errors
/// When the bytes are damaged or partial, with the position. Plain text is not an error.
pub fn read(symbology: Option<&str>, bytes: &[u8]) -> Result<Code, CodeError> {
    reading::read(symbology, bytes, None)
}

/// As [`read`], and resolves the dates in the code as seen from the present `year`.
///
/// # Errors
/// As [`read`].
pub fn read_at(symbology: Option<&str>, bytes: &[u8], year: i32) -> Result<Code, CodeError> {
    reading::read(symbology, bytes, Some(year))
}

/// What was understood from one code.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Code {
    /// How it was understood.
    pub how: How,
    /// The symbology identifier, when one was given or stood in front.
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
    /// 8, 12, 13 or 14 bare digits with the right check digit, or an EAN/UPC or ITF-14 symbol. Thirteen
    /// bare digits may also be a GLN; [`Code::keys`] has both.
    Gtin,
    /// Plain text: a lot code, a factory's own mark, a reference.
    Text,
}

/// One application identifier with its value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Element {
    /// The application identifier, two to four digits.
    pub ai: String,
    /// Its data title in the General Specifications, such as `BATCH/LOT`; empty where it has none.
    pub title: &'static str,
    /// The value, exactly as it stands in the code.
    pub value: String,
    /// The date in the value, when it holds one and the century is known (see [`read_at`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<CodeDate>,
}

impl<'de> Deserialize<'de> for Element {
    /// Takes identifier, value and date; the title follows from the identifier.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Element, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            ai: String,
            value: String,
            #[serde(default)]
            date: Option<CodeDate>,
        }
        let wire = Wire::deserialize(deserializer)?;
        Ok(Element { date: wire.date, ..Element::unchecked(&wire.ai, &wire.value) })
    }
}

/// The bytes of a code as they came. Written as text, to be read, and as hexadecimal digits, to be exact.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(into = "OriginalWire", try_from = "OriginalWire")]
pub struct Original(
    /// The bytes.
    pub Vec<u8>,
);

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
    type Error = &'static str;

    fn try_from(wire: OriginalWire) -> Result<Original, &'static str> {
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        let pairs = wire.hex.as_bytes().chunks(2);
        let bytes = pairs.map(|pair| match *pair {
            [high, low] => Some(digit(high)? * 16 + digit(low)?),
            _ => None,
        });
        bytes.collect::<Option<Vec<u8>>>().map(Original).ok_or("hex must be pairs of hexadecimal digits")
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
    /// Understood by its digits alone: no symbology identifier, bracket or separator said so.
    Unmarked,
    /// The digits look like a GS1 key whose check digit is another one; they were kept as text.
    CheckDigitDiffers,
    /// A pair rule is not met by this code alone; another symbol of the label may complete it.
    Association,
    /// A separator stood where none is needed.
    SurplusSeparator,
    /// A web address that is no Digital Link.
    LinkWithoutKey,
}
