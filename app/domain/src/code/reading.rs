//! From bytes to a [`Code`]: which of the readers has its say, in which order.

use super::ai_table::row_at;
use super::association::check_associations;
use super::digital_link::{self, Leniency};
use super::error::{CodeError, CodeErrorKind};
use super::gs1::{Identifiers, bracketed_of, element_from, element_string_of};
use super::plain::{Bare, control_character, look_at, trimmed};
use super::source::{Source, has_separator};
use super::symbology::{Content, is_identifier, leading_identifier, read_content, read_upc_a};
use super::{Code, Element, How, Note, NoteKind, Original};
use crate::text::{Text, text};

/// More than the largest symbol holds (a QR code: 7089 digits).
const MOST_BYTES: usize = 8192;

/// What was understood, before it is put together with the original.
struct Reading {
    how: How,
    elements: Vec<Element>,
    notes: Vec<Note>,
}

impl Reading {
    fn new(how: How, elements: Vec<Element>) -> Reading {
        Reading { how, elements, notes: Vec::new() }
    }

    fn noted(mut self, kind: NoteKind, words: Text, values: &[(&str, &str)]) -> Reading {
        self.notes.push(Note { kind, said: words.with(values) });
        self
    }
}

pub(super) fn read(symbology: Option<&str>, bytes: &[u8], year: Option<i32>) -> Result<Code, CodeError> {
    if bytes.len() > MOST_BYTES {
        return Err(CodeError::new(MOST_BYTES, CodeErrorKind::TooLarge { most: MOST_BYTES }));
    }
    if symbology.is_some_and(|identifier| !is_identifier(identifier)) {
        return Err(CodeError::new(0, CodeErrorKind::NotASymbologyIdentifier));
    }
    let whole = std::str::from_utf8(bytes)
        .map_err(|error| CodeError::new(error.valid_up_to(), CodeErrorKind::NotText))?;
    let (whole, offset) = trimmed(whole);
    let leading = leading_identifier(whole.as_bytes())
        .filter(|leading| symbology.is_none_or(|given| given == *leading));
    let identifier = symbology.or(leading);
    let prefix = leading.map_or(0, str::len);
    let (data, offset) = (&whole[prefix..], offset + prefix);
    if data.is_empty() {
        return Err(CodeError::new(offset, CodeErrorKind::Empty));
    }
    let content = match identifier {
        // Decoders hand UPC-A over as printed; a transmission with its identifier in front has 13 digits.
        Some("]E0") if leading.is_none() && data.len() == 12 => read_upc_a(data.as_bytes(), offset)?,
        Some(identifier) => read_content(identifier, data.as_bytes(), offset)?,
        None => Content::Text(data.to_owned()),
    };
    let reading = match content {
        Content::Elements { elements, surplus_separator } => {
            with_surplus(Reading::new(How::ElementString, elements), surplus_separator)
        }
        Content::TradeItem { elements } if elements.len() == 1 => Reading::new(How::Gtin, elements),
        Content::TradeItem { elements } => Reading::new(How::ElementString, elements),
        Content::Text(text) => read_text(&text, offset, identifier)?,
    };
    let Reading { how, mut elements, mut notes } = reading;
    for element in &mut elements {
        if let Some(year) = year {
            element.date = element.date_seen_from(year);
        }
    }
    if let Err(broken) = check_associations(&elements) {
        notes.push(Note { kind: NoteKind::Association, said: broken.said() });
    }
    Ok(Code {
        how,
        symbology: identifier.map(str::to_owned),
        original: Original(bytes.to_vec()),
        elements,
        text: data.to_owned(),
        notes,
    })
}

/// Reads text that no symbology says anything about.
fn read_text(data: &str, offset: usize, identifier: Option<&str>) -> Result<Reading, CodeError> {
    if digital_link::is_web_address(data) {
        return read_web_address(data, offset);
    }
    if is_bracketed(data) {
        return Ok(Reading::new(How::Bracketed, bracketed_of(data, offset, Identifiers::Known)?));
    }
    let source = Source::wedge(data, offset);
    // A separator is never part of plain text. Written out it may be, unless identifiers stand before it.
    let separated = source.bytes().first() == Some(&super::source::SEPARATOR)
        || data.as_bytes().contains(&super::source::SEPARATOR)
        || has_separator(data) && row_at(source.bytes()).is_some();
    if separated {
        let read = element_string_of(&source, Identifiers::Known)?;
        return Ok(with_surplus(Reading::new(How::ElementString, read.elements), read.surplus));
    }
    if let Some(at) = control_character(data) {
        return Err(CodeError::new(offset + at, CodeErrorKind::ControlCharacter));
    }
    Ok(read_plain(data, identifier))
}

/// Reads a web address: a Digital Link when its path names a GS1 key, else nobody's error.
fn read_web_address(data: &str, offset: usize) -> Result<Reading, CodeError> {
    const OTHER: Text = text(
        "This web address is no GS1 Digital Link; it was kept as text.",
        "该网址不是 GS1 数字链接，已按文本保留。",
    );
    match digital_link::read_at(data, offset, Leniency::default()) {
        Ok(elements) => Ok(Reading::new(How::DigitalLink, elements)),
        Err(error) if digital_link::names_a_key(data) => Err(error),
        Err(_) => match control_character(data) {
            Some(at) => Err(CodeError::new(offset + at, CodeErrorKind::ControlCharacter)),
            None => Ok(Reading::new(How::Text, Vec::new()).noted(NoteKind::LinkWithoutKey, OTHER, &[])),
        },
    }
}

/// Reads text without separators, brackets or scheme.
fn read_plain(data: &str, identifier: Option<&str>) -> Reading {
    const SSCC: Text = text(
        "Read as an SSCC, for the check digit fits; it may also be a plain code of these digits.",
        "校验位相符，按 SSCC 读取；也可能只是由这些数字组成的普通代码。",
    );
    const GTIN: Text = text(
        "Read as a GTIN, for the check digit fits; it may also be a plain code of these digits.",
        "校验位相符，按 GTIN 读取；也可能只是由这些数字组成的普通代码。",
    );
    const NOT_SSCC: Text = text(
        "This looks like an SSCC whose check digit would be {expected}. It was kept as text; compare it with the label.",
        "看似 SSCC，但校验位应为 {expected}。已按文本保留，请对照标签核对。",
    );
    const NOT_GTIN: Text = text(
        "This looks like a GTIN whose check digit would be {expected}. It was kept as text; compare it with the label.",
        "看似 GTIN，但校验位应为 {expected}。已按文本保留，请对照标签核对。",
    );
    const ELEMENTS: Text = text(
        "Read as GS1 identifiers, for it reads completely and its check digits fit; the mark that says so was missing.",
        "可完整读取且校验位相符，按 GS1 标识读取；但缺少标明它的标识符。",
    );
    match look_at(data) {
        Bare::Sscc(sscc) => {
            let elements = vec![element_from("00", sscc.as_str().as_bytes())];
            Reading::new(How::Sscc, elements).noted(NoteKind::Unmarked, SSCC, &[])
        }
        Bare::Gtin(gtin) => {
            let reading = Reading::new(How::Gtin, vec![element_from("01", gtin.as_str().as_bytes())]);
            // Fourteen digits in an interleaved 2 of 5 symbol are an ITF-14.
            if identifier == Some("]I0") && data.len() == 14 {
                reading
            } else {
                reading.noted(NoteKind::Unmarked, GTIN, &[])
            }
        }
        Bare::Unlike { sscc, expected } => {
            let words = if sscc { NOT_SSCC } else { NOT_GTIN };
            let expected = expected.to_string();
            Reading::new(How::Text, Vec::new()).noted(
                NoteKind::CheckDigitDiffers,
                words,
                &[("expected", &expected)],
            )
        }
        Bare::Text => match unmarked_elements(data) {
            Ok(elements) => {
                Reading::new(How::ElementString, elements).noted(NoteKind::Unmarked, ELEMENTS, &[])
            }
            Err(Some(expected)) => Reading::new(How::Text, Vec::new()).noted(
                NoteKind::CheckDigitDiffers,
                if data.starts_with("00") { NOT_SSCC } else { NOT_GTIN },
                &[("expected", &expected.to_string())],
            ),
            Err(None) => Reading::new(How::Text, Vec::new()),
        },
    }
}

/// Elements of text without any mark, as phone cameras hand it over: only when it begins with a key that
/// a check digit guards and reads to the end. Otherwise the check digit that an SSCC or GTIN standing
/// alone behind its identifier would have.
fn unmarked_elements(data: &str) -> Result<Vec<Element>, Option<char>> {
    let begins_with_key = row_at(data.as_bytes()).is_some_and(|(row, _)| row.begins_with_checked_digits());
    if !begins_with_key {
        return Err(None);
    }
    match element_string_of(&Source::plain(data.as_bytes(), 0), Identifiers::Known) {
        Ok(read) => Ok(read.elements),
        Err(CodeError { kind: CodeErrorKind::CheckDigit { expected }, .. })
            if data.starts_with("00") && data.len() == 20 || data.starts_with("01") && data.len() == 16 =>
        {
            Err(Some(expected))
        }
        Err(_) => Err(None),
    }
}

/// Whether text begins like identifiers in brackets, plain or full-width.
fn is_bracketed(data: &str) -> bool {
    let mut characters = data.chars();
    matches!(characters.next(), Some('(' | '\u{ff08}'))
        && characters.next().is_some_and(|c| c.is_ascii_digit() || ('\u{ff10}'..='\u{ff19}').contains(&c))
}

fn with_surplus(reading: Reading, surplus: bool) -> Reading {
    const SURPLUS: Text =
        text("A separator stands where none is needed; it was passed over.", "有一个多余的分隔符，已忽略。");
    if surplus { reading.noted(NoteKind::SurplusSeparator, SURPLUS, &[]) } else { reading }
}
