//! Symbology identifiers (ISO/IEC 15424), what they promise about the data behind them, and what a
//! scanner transmits (General Specifications, section 7.8).

use super::Element;
use super::error::{CodeError, CodeErrorKind};
use super::gs1::{ElementString, Identifiers, element_from, element_string_of};
use super::key::Gtin;
use super::rule::CharacterSet;
use super::source::{SEPARATOR, Source};

mod transmit;

pub use transmit::{Carrier, Data, transmit};

/// A transmission taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Transmission {
    /// The symbology identifier, `]` and two characters.
    pub identifier: String,
    /// What it carries.
    pub content: Content,
}

/// What a transmission carries.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Content {
    /// GS1 element strings.
    Elements {
        /// In the order transmitted.
        elements: Vec<Element>,
        /// Whether a separator stood where none is needed.
        surplus_separator: bool,
    },
    /// An EAN or UPC symbol, which is a GTIN for certain, with what its composite part holds.
    TradeItem {
        /// First the GTIN as (01), then the composite part.
        elements: Vec<Element>,
    },
    /// Text that the symbology says nothing about.
    Text(String),
}

/// Takes a transmission apart that begins with a symbology identifier, strictly.
///
/// # Errors
/// When there is no identifier, or the data is not what the identifier promises.
pub fn read_transmission(bytes: &[u8]) -> Result<Transmission, CodeError> {
    let Some(identifier) = leading_identifier(bytes) else {
        return Err(CodeError::new(0, CodeErrorKind::NotASymbologyIdentifier));
    };
    let content = read_content(identifier, &bytes[identifier.len()..], identifier.len())?;
    Ok(Transmission { identifier: identifier.to_owned(), content })
}

/// The symbology identifier that bytes begin with.
pub(super) fn leading_identifier(bytes: &[u8]) -> Option<&str> {
    let head = std::str::from_utf8(bytes.get(..3)?).ok()?;
    is_identifier(head).then_some(head)
}

/// Whether a text is a symbology identifier: `]`, a letter, a modifier.
pub(super) fn is_identifier(text: &str) -> bool {
    matches!(text.as_bytes(), [b']', code, b'0'..=b'9' | b'A'..=b'F'] if code.is_ascii_alphabetic())
}

/// Reads the data behind an identifier; `offset` is where it begins in the original.
pub(super) fn read_content(identifier: &str, bytes: &[u8], offset: usize) -> Result<Content, CodeError> {
    match identifier {
        "]C1" | "]e0" | "]d2" | "]Q3" | "]J1" => {
            let text = std::str::from_utf8(bytes)
                .map_err(|error| CodeError::new(offset + error.valid_up_to(), CodeErrorKind::NotText))?;
            let ElementString { elements, surplus } =
                element_string_of(&Source::wedge(text, offset), Identifiers::Known)?;
            Ok(Content::Elements { elements, surplus_separator: surplus })
        }
        "]E0" | "]E3" => trade_item(bytes, 13, offset),
        "]E4" => trade_item(bytes, 8, offset),
        // The reader checked the check digit of an interleaved 2 of 5 symbol; 14 digits are an ITF-14.
        "]I1" if bytes.len() == 14 => trade_item(bytes, 14, offset),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Content::Text(text.to_owned())),
            Err(error) => Err(CodeError::new(offset + error.valid_up_to(), CodeErrorKind::NotText)),
        },
    }
}

/// A UPC-A symbol whose reader leaves out the zero that a transmission has in front: the twelve digits
/// printed under it.
pub(super) fn read_upc_a(bytes: &[u8], offset: usize) -> Result<Content, CodeError> {
    trade_item(bytes, 12, offset)
}

/// A GTIN of some length, perhaps with an add-on of 2 or 5 digits (which says nothing about the item) or
/// a composite part behind `|]e0`.
fn trade_item(bytes: &[u8], length: usize, offset: usize) -> Result<Content, CodeError> {
    const COMPOSITE: &[u8] = b"|]e0";
    let split = bytes.windows(COMPOSITE.len()).position(|window| window == COMPOSITE);
    let (linear, composite) = match split {
        Some(at) => (&bytes[..at], Some((&bytes[at + COMPOSITE.len()..], at + COMPOSITE.len()))),
        None => (bytes, None),
    };
    let source = Source::plain(linear, offset);
    if linear.is_empty() {
        return Err(source.error(0, CodeErrorKind::Empty));
    }
    CharacterSet::Digits.check(linear).map_err(|fault| source.error(fault.at, fault.kind))?;
    let with_add_on = length == 13 && matches!(linear.len(), 15 | 18);
    if linear.len() != length && !with_add_on {
        let kind = CodeErrorKind::WrongLength { needed: length.to_string(), given: linear.len() };
        return Err(source.error(linear.len().min(length), kind));
    }
    let digits: String = linear[..length].iter().copied().map(char::from).collect();
    let gtin =
        Gtin::parse(&digits).map_err(|error| CodeError { position: offset + error.position, ..error })?;
    let mut elements = vec![element_from("01", gtin.as_str().as_bytes())];
    if let Some((bytes, at)) = composite {
        let composite = element_string_of(&Source::plain(bytes, offset + at), Identifiers::Known)?;
        elements.extend(composite.elements);
    }
    Ok(Content::TradeItem { elements })
}
