//! Element strings: application identifiers and their values, read and written raw, in brackets and as
//! text for people (General Specifications, sections 3 and 7.8).
//!
//! The table of identifiers is in `ai_table`; adding one is adding a row there.

use super::ai_table::{Row, length_for, row_at, row_of};
use super::date::date_in;
use super::error::{CodeError, CodeErrorKind};
use super::source::{SEPARATOR, Source};
use super::{CodeDate, Element};

/// Which application identifiers are accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Identifiers {
    /// Those of the table only.
    Known,
    /// Any two to four digits in brackets that do not contradict the table's lengths; what they hold is
    /// checked for characters only. For data of a later edition than the table's.
    Any,
}

/// Reads a raw element string, which begins with FNC1 (the group separator, 0x1D).
///
/// A separator too many is passed over, as the General Specifications ask of readers. A value that goes
/// on after its fixed length makes the rest unreadable and fails.
///
/// # Errors
/// At the byte where reading stopped making sense.
pub fn read_element_string(bytes: &[u8]) -> Result<Vec<Element>, CodeError> {
    if bytes.first() != Some(&SEPARATOR) {
        return Err(CodeError::new(0, CodeErrorKind::SeparatorMissing));
    }
    element_string_of(&Source::plain(bytes, 0), Identifiers::Known).map(|read| read.elements)
}

/// As [`read_element_string`], with a choice of identifiers.
///
/// # Errors
/// As [`read_element_string`].
pub fn read_element_string_with(bytes: &[u8], identifiers: Identifiers) -> Result<Vec<Element>, CodeError> {
    element_string_of(&Source::plain(bytes, 0), identifiers).map(|read| read.elements)
}

/// Reads identifiers in brackets, `(01)…(10)…`. A bracket inside a value is written `\(`. Full-width
/// brackets and digits, as a Chinese keyboard types them, count as the plain ones; spaces beside the
/// brackets, as printed under symbols, do not count.
///
/// # Errors
/// At the byte where reading stopped making sense.
pub fn read_bracketed(text: &str, identifiers: Identifiers) -> Result<Vec<Element>, CodeError> {
    bracketed_of(text, 0, identifiers)
}

/// The raw element string: FNC1 (0x1D) first, and after each value that needs it when more follows.
pub fn element_string(elements: &[Element]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut separate = true;
    for element in elements {
        if separate {
            out.push(SEPARATOR);
        }
        out.extend_from_slice(element.ai.as_bytes());
        out.extend_from_slice(element.value.as_bytes());
        separate = !row_of(&element.ai).is_some_and(|row| row.predefined);
    }
    out
}

/// The identifiers in brackets, on one line: `(01)09506000134352(10)ABC`. Reads back as it was.
pub fn bracketed(elements: &[Element]) -> String {
    elements.iter().map(|element| format!("({}){}", element.ai, element.value.replace('(', "\\("))).collect()
}

/// The human readable interpretation, a line for each element, with or without data titles
/// (General Specifications, section 4.14).
pub fn human_readable(elements: &[Element], titles: bool) -> Vec<String> {
    let line = |element: &Element| match element.title {
        title if titles && !title.is_empty() => format!("{title} ({}) {}", element.ai, element.value),
        _ => format!("({}) {}", element.ai, element.value),
    };
    elements.iter().map(line).collect()
}

impl Element {
    /// An element made of parts, checked against the table.
    ///
    /// # Errors
    /// When the identifier is unknown or the value breaks its rules; the position counts in the value.
    pub fn new(ai: &str, value: &str) -> Result<Element, CodeError> {
        let unknown = || CodeError::new(0, CodeErrorKind::UnknownAi { found: ai.to_owned() });
        let row = row_of(ai).ok_or_else(unknown)?;
        let source = Source::plain(value.as_bytes(), 0);
        check_value(row, ai, &source, 0, value.len())?;
        Ok(Element::unchecked(ai, value))
    }

    /// The date in the value, as seen from the present year; none when the value holds no date.
    pub fn date_seen_from(&self, year: i32) -> Option<CodeDate> {
        date_in(&self.ai, &self.value, Some(year))
    }

    pub(super) fn unchecked(ai: &str, value: &str) -> Element {
        let title = row_of(ai).map_or("", |row| row.title);
        Element { date: date_in(ai, value, None), ai: ai.to_owned(), title, value: value.to_owned() }
    }
}

/// Elements read from an element string, and whether separators stood where none is needed.
#[derive(Debug)]
pub(super) struct ElementString {
    pub(super) elements: Vec<Element>,
    pub(super) surplus: bool,
}

/// Reads an element string with or without its leading separator.
pub(super) fn element_string_of(
    source: &Source,
    identifiers: Identifiers,
) -> Result<ElementString, CodeError> {
    let bytes = source.bytes();
    let mut read = ElementString { elements: Vec::new(), surplus: false };
    let mut at = usize::from(bytes.first() == Some(&SEPARATOR));
    if at == bytes.len() {
        return Err(source.error(at, CodeErrorKind::Empty));
    }
    while at < bytes.len() {
        if bytes[at] == SEPARATOR {
            read.surplus = true;
            at += 1;
            continue;
        }
        let (row, length) = identifier_at(source, at, identifiers)?;
        let ai: String = bytes[at..at + length].iter().copied().map(char::from).collect();
        at += length;
        let value_end =
            bytes[at..].iter().position(|&byte| byte == SEPARATOR).map_or(bytes.len(), |n| at + n);
        let end = match row {
            Some(row) if row.predefined => value_end.min(at + row.most()),
            _ => value_end,
        };
        match row {
            Some(row) => check_value(row, &ai, source, at, end)?,
            None => check_unknown(&ai, source, at, end)?,
        }
        read.elements.push(element_from(&ai, &bytes[at..end]));
        at = end;
        if bytes.get(at) == Some(&SEPARATOR) {
            at += 1;
            read.surplus |= at == bytes.len() || row.is_some_and(|row| row.predefined);
        }
    }
    if read.elements.is_empty() {
        return Err(source.error(0, CodeErrorKind::Empty));
    }
    Ok(read)
}

/// Reads identifiers in brackets; `offset` is where the text begins in the original.
pub(super) fn bracketed_of(
    text: &str,
    offset: usize,
    identifiers: Identifiers,
) -> Result<Vec<Element>, CodeError> {
    let source = plain_brackets(text, offset);
    let bytes = source.bytes();
    let mut elements = Vec::new();
    let mut at = 0;
    if bytes.is_empty() {
        return Err(source.error(0, CodeErrorKind::Empty));
    }
    while at < bytes.len() {
        if bytes[at] != b'(' {
            return Err(source.error(at, CodeErrorKind::BracketExpected));
        }
        let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let close = at + 1 + digits;
        if !(2..=4).contains(&digits) || bytes.get(close) != Some(&b')') {
            return Err(source.error(at + 1, CodeErrorKind::BracketedAi));
        }
        let ai: String = bytes[at + 1..close].iter().copied().map(char::from).collect();
        let (value, end) = bracketed_value(&source, close + 1);
        let row = row_of(&ai);
        match row {
            Some(row) => check_value(row, &ai, &value, 0, value.bytes().len())?,
            None => {
                let fits = length_for(&ai.as_bytes()[..2]).is_none_or(|length| length == ai.len());
                if identifiers == Identifiers::Known || !fits {
                    return Err(source.error(at + 1, CodeErrorKind::UnknownAi { found: ai }));
                }
                check_unknown(&ai, &value, 0, value.bytes().len())?;
            }
        }
        elements.push(element_from(&ai, value.bytes()));
        at = end;
    }
    Ok(elements)
}

/// Checks the value of one identifier, the bytes from `start` to `end`.
pub(super) fn check_value(
    row: &Row,
    ai: &str,
    source: &Source,
    start: usize,
    end: usize,
) -> Result<(), CodeError> {
    let error = |at, kind| source.error(at, kind).in_ai(ai);
    let value = &source.bytes()[start..end];
    if value.is_empty() {
        return Err(error(start, CodeErrorKind::EmptyValue));
    }
    if value.len() > row.most() {
        return Err(error(start + row.most(), CodeErrorKind::TooLong { most: row.most() }));
    }
    if value.len() < row.least() {
        return Err(error(end, CodeErrorKind::TooShort { least: row.least(), given: value.len() }));
    }
    let mut at = 0;
    for part in row.parts {
        if part.optional && at == value.len() {
            break;
        }
        let length = part.most.min(value.len() - at);
        let held = &value[at..at + length];
        part.set.check(held).map_err(|fault| error(start + at + fault.at, fault.kind))?;
        if length < part.least {
            return Err(error(end, CodeErrorKind::TooShort { least: at + part.least, given: value.len() }));
        }
        for rule in part.rules {
            rule.check(held).map_err(|fault| error(start + at + fault.at, fault.kind))?;
        }
        at += length;
    }
    Ok(())
}

/// The row and length of the identifier at a byte; no row for one that is accepted unknown.
fn identifier_at(
    source: &Source,
    at: usize,
    identifiers: Identifiers,
) -> Result<(Option<&'static Row>, usize), CodeError> {
    let rest = &source.bytes()[at..];
    if let Some((row, length)) = row_at(rest) {
        return Ok((Some(row), length));
    }
    let digits = rest.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    if digits < 2 {
        return Err(source.error(at, CodeErrorKind::AiExpected));
    }
    let length = length_for(&rest[..2]);
    match length {
        Some(length) if identifiers == Identifiers::Any && digits >= length => Ok((None, length)),
        _ => {
            let found =
                rest[..digits.min(length.unwrap_or(2).max(2))].iter().copied().map(char::from).collect();
            Err(source.error(at, CodeErrorKind::UnknownAi { found }))
        }
    }
}

/// The value after a closing bracket, up to the next opening one, and where that is.
fn bracketed_value(source: &Source, start: usize) -> (Source, usize) {
    let bytes = source.bytes();
    let mut value = Source::default();
    let mut at = start;
    while at < bytes.len() && bytes[at] != b'(' {
        // A backslash is no character of any value, so before a bracket it can only escape it.
        let escaped = bytes[at] == b'\\' && bytes.get(at + 1) == Some(&b'(');
        let taken = if escaped { at + 1 } else { at };
        value.push(bytes[taken], source.place(at));
        at = taken + 1;
    }
    (value.ending_at(source.place(at)), at)
}

/// Text with full-width characters made plain and the spaces beside brackets left out.
fn plain_brackets(text: &str, offset: usize) -> Source {
    const FULL_WIDTH: std::ops::RangeInclusive<char> = '\u{ff01}'..='\u{ff5e}';
    let mut source = Source::default();
    let mut spaces: Vec<(u8, usize)> = Vec::new();
    for (at, c) in text.char_indices() {
        let at = offset + at;
        let c = if FULL_WIDTH.contains(&c) { char::from_u32(c as u32 - 0xfee0).unwrap_or(c) } else { c };
        if c.is_whitespace() {
            spaces.push((b' ', at));
            continue;
        }
        let beside_bracket = c == '(' || source.bytes().last() == Some(&b')');
        for (space, place) in spaces.drain(..) {
            if !beside_bracket {
                source.push(space, place);
            }
        }
        for &byte in c.encode_utf8(&mut [0; 4]).as_bytes() {
            source.push(byte, at);
        }
    }
    source.ending_at(offset + text.len())
}

/// The value of an identifier outside the table: the usual characters, up to the usual length.
fn check_unknown(ai: &str, source: &Source, start: usize, end: usize) -> Result<(), CodeError> {
    const MOST: usize = 90;
    let value = &source.bytes()[start..end];
    if value.is_empty() {
        return Err(source.error(start, CodeErrorKind::EmptyValue).in_ai(ai));
    }
    if value.len() > MOST {
        return Err(source.error(start + MOST, CodeErrorKind::TooLong { most: MOST }).in_ai(ai));
    }
    let checked = super::rule::CharacterSet::Set82.check(value);
    checked.map_err(|fault| source.error(start + fault.at, fault.kind).in_ai(ai))
}

/// An element whose value was checked, so that its bytes are ASCII.
pub(super) fn element_from(ai: &str, value: &[u8]) -> Element {
    Element::unchecked(ai, &value.iter().copied().map(char::from).collect::<String>())
}
