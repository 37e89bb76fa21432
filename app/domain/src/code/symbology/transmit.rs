//! What a scanner transmits for a symbol: the way back from content to transmission, for comparing a
//! rendered label with what it should say.

use super::SEPARATOR;
use crate::code::error::{CodeError, CodeErrorKind};
use crate::code::gs1::{Identifiers, element_string_of};
use crate::code::key::Gtin;
use crate::code::source::Source;

/// A kind of symbol.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Carrier {
    /// EAN-13, UPC-A or UPC-E.
    Ean,
    /// GS1 DataBar, all but the two below.
    DataBar,
    /// GS1 DataBar Limited, for indicators 0 and 1.
    DataBarLimited,
    /// GS1 DataBar Expanded, for element strings.
    DataBarExpanded,
    /// GS1-128.
    Gs1128,
    /// QR Code.
    QrCode,
    /// Data Matrix.
    DataMatrix,
    /// DotCode.
    DotCode,
}

/// What is in a symbol.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Data<'a> {
    /// A raw element string with FNC1 (0x1D) in front.
    ElementString(&'a [u8]),
    /// The digits of a GTIN with its check digit.
    Digits(&'a str),
    /// Anything else.
    Text(&'a str),
}

/// The transmission for a symbol and, where there is one, the composite component above it (a raw
/// element string).
///
/// # Errors
/// When the carrier cannot hold the data.
pub fn transmit(carrier: Carrier, data: Data<'_>, composite: Option<&[u8]>) -> Result<Vec<u8>, CodeError> {
    let elements = |identifier: &str, raw: &[u8]| {
        let mut out = identifier.as_bytes().to_vec();
        out.extend_from_slice(checked(raw)?);
        Ok(out)
    };
    let mut out = match (carrier, data) {
        (Carrier::Ean, data) => {
            let gtin = gtin_of(data)?;
            let digits = gtin.as_13().ok_or_else(|| CodeError::new(0, wrong_length("13", 14)))?;
            let mut out = format!("]E0{digits}").into_bytes();
            if let Some(raw) = composite {
                out.extend_from_slice(&elements("|]e0", raw)?);
            }
            return Ok(out);
        }
        (Carrier::DataBar | Carrier::DataBarLimited, data) => {
            let gtin = gtin_of(data)?;
            if carrier == Carrier::DataBarLimited && !gtin.as_str().starts_with(['0', '1']) {
                return Err(CodeError::new(0, wrong_length("13", 14)));
            }
            format!("]e001{gtin}").into_bytes()
        }
        (Carrier::DataBarExpanded, Data::ElementString(raw)) => elements("]e0", raw)?,
        (Carrier::Gs1128, Data::ElementString(raw)) => elements("]C1", raw)?,
        (Carrier::QrCode, Data::ElementString(raw)) => elements("]Q3", raw)?,
        (Carrier::DataMatrix, Data::ElementString(raw)) => elements("]d2", raw)?,
        (Carrier::DotCode, Data::ElementString(raw)) => elements("]J1", raw)?,
        (Carrier::DataBarExpanded | Carrier::Gs1128, _) => {
            return Err(CodeError::new(0, CodeErrorKind::SeparatorMissing));
        }
        (Carrier::QrCode, Data::Digits(text) | Data::Text(text)) => format!("]Q1{text}").into_bytes(),
        (Carrier::DataMatrix, Data::Digits(text) | Data::Text(text)) => format!("]d1{text}").into_bytes(),
        (Carrier::DotCode, Data::Digits(text) | Data::Text(text)) => format!("]J0{text}").into_bytes(),
    };
    if let Some(raw) = composite {
        // Linear and composite part are transmitted as one element string.
        if needs_separator(&out[3..]) {
            out.push(SEPARATOR);
        }
        out.extend_from_slice(checked(raw)?);
    }
    Ok(out)
}

/// An element string that reads, without its leading separator.
fn checked(raw: &[u8]) -> Result<&[u8], CodeError> {
    let Some(data) = raw.strip_prefix(&[SEPARATOR]) else {
        return Err(CodeError::new(0, CodeErrorKind::SeparatorMissing));
    };
    element_string_of(&Source::plain(raw, 0), Identifiers::Known)?;
    Ok(data)
}

fn gtin_of(data: Data<'_>) -> Result<Gtin, CodeError> {
    match data {
        Data::Digits(digits) | Data::Text(digits) => Gtin::parse(digits),
        Data::ElementString(raw) => {
            let read = element_string_of(&Source::plain(raw, 0), Identifiers::Known)?;
            match read.elements.as_slice() {
                [element] if element.ai == "01" => Gtin::parse(&element.value),
                _ => Err(CodeError::new(0, CodeErrorKind::TooLong { most: 14 })),
            }
        }
    }
}

/// Whether the last value must be ended before another element string follows.
fn needs_separator(data: &[u8]) -> bool {
    let read = element_string_of(&Source::plain(data, 0), Identifiers::Known);
    let last = read.ok().and_then(|read| read.elements.into_iter().next_back());
    let predefined =
        last.and_then(|last| crate::code::ai_table::row_of(&last.ai)).is_some_and(|row| row.predefined);
    !predefined && data.last() != Some(&SEPARATOR)
}

fn wrong_length(needed: &str, given: usize) -> CodeErrorKind {
    CodeErrorKind::WrongLength { needed: needed.to_owned(), given }
}
