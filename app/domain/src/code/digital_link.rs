//! GS1 Digital Link URIs, uncompressed (GS1 Digital Link Standard: URI Syntax).
//!
//! The key is the right-most one of the path, its qualifiers follow in their fixed order, other data is
//! in the query. A free stem may stand before the key. Keys of the query that are no identifiers, and the
//! fragment, are passed over.

use super::Element;
use super::ai_table::{Row, row_of};
use super::error::{CodeError, CodeErrorKind};
use super::gs1::{check_value, element_from};
use super::source::Source;

mod compressed;
mod percent;
mod write;

pub use percent::{Place, percent_decode, percent_encode};
pub use write::{CANONICAL_STEM, write, write_with};

/// What a reader lets pass beyond the standard; nothing by default.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Leniency {
    /// GTINs of 8, 12 or 13 digits, as older links have them.
    pub short_gtin: bool,
    /// Names in place of identifiers, such as `/gtin/`, as version 1.0 of the standard had them.
    pub names: bool,
    /// Identifiers in the query that the table does not know.
    pub unknown: bool,
}

/// Whether a text is a web address at all.
pub(super) fn is_web_address(text: &str) -> bool {
    let starts =
        |scheme: &str| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    starts("http://") || starts("https://")
}

/// Whether the path of a web address names a GS1 key, whether or not all is well with it; compressed
/// links count. Other addresses are nobody's error.
pub(super) fn names_a_key(uri: &str) -> bool {
    let Some((_, rest)) = uri.split_once("://") else { return false };
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = path.split_once('/').unwrap_or((path, ""));
    let segments: Vec<&str> = path.split('/').collect();
    // A key has more digits than the day in the path of a diary.
    const FEWEST_DIGITS: usize = 6;
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let keyed = segments.windows(2).any(|pair| {
        row_of(pair[0]).is_some_and(|row| row.qualifiers.is_some()) && digits(pair[1]) >= FEWEST_DIGITS
    });
    keyed || compressed::is_compressed(host, &segments)
}

/// Reads a Digital Link: the key, its qualifiers, then the other data in the order of the query.
///
/// # Errors
/// At the byte where the link stops following the standard.
pub fn read(uri: &str) -> Result<Vec<Element>, CodeError> {
    read_at(uri, 0, Leniency::default())
}

/// As [`read`], letting more pass.
///
/// # Errors
/// As [`read`].
pub fn read_with(uri: &str, leniency: Leniency) -> Result<Vec<Element>, CodeError> {
    read_at(uri, 0, leniency)
}

/// As [`read`], for a link that begins at `offset` of the original.
pub(super) fn read_at(uri: &str, offset: usize, leniency: Leniency) -> Result<Vec<Element>, CodeError> {
    let moved = |mut error: CodeError| {
        error.position += offset;
        error
    };
    Reader { uri, leniency, elements: Vec::new() }.read().map_err(moved)
}

/// Whether a key followed by these qualifiers is a path of the standard.
pub fn is_path(identifiers: &[&str]) -> bool {
    let Some((key, qualifiers)) = identifiers.split_first() else { return false };
    row_of(key).and_then(|row| row.qualifiers).is_some_and(|sequences| follows(sequences, qualifiers))
}

/// Whether qualifiers stand in the order of one of the sequences, any of them left out.
pub(super) fn follows(sequences: &[&str], qualifiers: &[&str]) -> bool {
    qualifiers.is_empty()
        || sequences.iter().any(|sequence| {
            let mut left = sequence.split(',');
            qualifiers.iter().all(|qualifier| left.any(|next| next == *qualifier))
        })
}

/// Whether an identifier is a qualifier of a key.
pub(super) fn is_qualifier(key: &Row, ai: &str) -> bool {
    key.qualifiers
        .is_some_and(|sequences| sequences.iter().any(|sequence| sequence.split(',').any(|one| one == ai)))
}

/// A stretch of the link, with its offset.
#[derive(Clone, Copy)]
struct Piece<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Piece<'a> {
    fn split(self, separator: char) -> Vec<Piece<'a>> {
        let mut at = self.at;
        let pieces = self.text.split(separator).map(|text| {
            let piece = Piece { text, at };
            at += text.len() + 1;
            piece
        });
        pieces.collect()
    }
}

struct Reader<'a> {
    uri: &'a str,
    leniency: Leniency,
    elements: Vec<Element>,
}

impl Reader<'_> {
    fn read(mut self) -> Result<Vec<Element>, CodeError> {
        let path_at = check_address(self.uri)?;
        let rest = self.uri.split('#').next().unwrap_or_default();
        let (path, query) = match rest.find('?') {
            Some(mark) => (&rest[path_at..mark], Some(Piece { text: &rest[mark + 1..], at: mark + 1 })),
            None => (&rest[path_at..], None),
        };
        let segments = Piece { text: path, at: path_at }.split('/');
        let key = self.read_path(&segments)?;
        if let Some(query) = query {
            for field in query.split('&') {
                self.read_field(field, key)?;
            }
        }
        Ok(self.elements)
    }

    /// Reads key and qualifiers from the right end of the path.
    fn read_path(&mut self, segments: &[Piece]) -> Result<&'static Row, CodeError> {
        let end = segments.last().map_or(0, |last| last.at + last.text.len());
        let no_key =
            || CodeError::new(segments.first().map_or(0, |first| first.at), CodeErrorKind::LinkWithoutKey);
        let mut start = segments.len();
        let (key_at, key) = loop {
            start = start.checked_sub(2).ok_or_else(|| {
                let texts: Vec<&str> = segments.iter().map(|segment| segment.text).collect();
                let host = self.uri.split('/').nth(2).unwrap_or_default();
                match compressed::is_compressed(host, &texts) {
                    true => CodeError::new(
                        texts.last().map_or(end, |last| end - last.len()),
                        CodeErrorKind::LinkCompressed,
                    ),
                    false => no_key(),
                }
            })?;
            match self.identifier(segments[start].text) {
                Some(row) if row.qualifiers.is_some() => break (start, row),
                Some(_) => {}
                None => return Err(no_key()),
            }
        };
        let sequences = key.qualifiers.unwrap_or_default();
        let mut qualifiers: Vec<&str> = Vec::new();
        for pair in segments[key_at..].chunks_exact(2) {
            let ai = self.ai_for(pair[0].text);
            if pair[0].at != segments[key_at].at {
                qualifiers.push(ai);
                if !follows(sequences, &qualifiers) {
                    return Err(CodeError::new(pair[0].at, CodeErrorKind::LinkOrder).in_ai(ai));
                }
            }
            self.push(ai, pair[1], Place::Path)?;
        }
        Ok(key)
    }

    /// Reads one `name=value` of the query.
    fn read_field(&mut self, field: Piece, key: &Row) -> Result<(), CodeError> {
        let Some((name, value)) = field.text.split_once('=') else { return Ok(()) };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(());
        }
        let error = |kind| Err(CodeError::new(field.at, kind).in_ai(name));
        match row_of(name) {
            _ if is_qualifier(key, name) => return error(CodeErrorKind::LinkQualifierInQuery),
            Some(row) if !row.attribute => return error(CodeErrorKind::LinkAttribute),
            None if !self.leniency.unknown || !(2..=4).contains(&name.len()) => {
                return Err(CodeError::new(field.at, CodeErrorKind::UnknownAi { found: name.to_owned() }));
            }
            _ => {}
        }
        self.push(name, Piece { text: value, at: field.at + name.len() + 1 }, Place::Query)
    }

    fn push(&mut self, ai: &str, value: Piece, place: Place) -> Result<(), CodeError> {
        if self.elements.iter().any(|element| element.ai == ai) {
            return Err(CodeError::new(value.at, CodeErrorKind::LinkDuplicate).in_ai(ai));
        }
        let source = percent::decode(value.text, value.at, place);
        if let Some(nul) = source.bytes().iter().position(|&byte| byte == 0) {
            return Err(source.error(nul, CodeErrorKind::LinkNul).in_ai(ai));
        }
        let source = if ai == "01" && self.leniency.short_gtin { fourteen_digits(source) } else { source };
        match row_of(ai) {
            Some(row) => check_value(row, ai, &source, 0, source.bytes().len())?,
            None if source.bytes().is_empty() => {
                return Err(source.error(0, CodeErrorKind::EmptyValue).in_ai(ai));
            }
            None => {
                let checked = super::rule::CharacterSet::Set82.check(source.bytes());
                checked.map_err(|fault| source.error(fault.at, fault.kind).in_ai(ai))?;
            }
        }
        self.elements.push(element_from(ai, source.bytes()));
        Ok(())
    }

    fn identifier(&self, segment: &str) -> Option<&'static Row> {
        row_of(self.ai_for(segment))
    }

    /// The identifier that a path segment stands for.
    fn ai_for<'s>(&self, segment: &'s str) -> &'s str {
        let named = NAMES.iter().find(|(name, _)| self.leniency.names && *name == segment);
        named.map_or(segment, |(_, ai)| ai)
    }
}

/// The names that version 1.0 of the standard allowed for keys and qualifiers.
const NAMES: [(&str, &str); 22] = [
    ("gtin", "01"),
    ("itip", "8006"),
    ("gmn", "8013"),
    ("cpid", "8010"),
    ("gln", "414"),
    ("party", "417"),
    ("gsrnp", "8017"),
    ("gsrn", "8018"),
    ("gcn", "255"),
    ("sscc", "00"),
    ("gdti", "253"),
    ("ginc", "401"),
    ("gsin", "402"),
    ("grai", "8003"),
    ("giai", "8004"),
    ("cpv", "22"),
    ("lot", "10"),
    ("ser", "21"),
    ("cpsn", "8011"),
    ("glnx", "254"),
    ("refno", "8020"),
    ("srin", "8019"),
];

/// Checks scheme, host, port and characters; tells where the path begins, behind its first slash.
pub(super) fn check_address(uri: &str) -> Result<usize, CodeError> {
    let scheme =
        ["https://", "http://", "HTTPS://", "HTTP://"].into_iter().find(|scheme| uri.starts_with(scheme));
    let Some(scheme) = scheme else { return Err(CodeError::new(0, CodeErrorKind::LinkScheme)) };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    if let Some(at) = uri.bytes().position(|byte| !allowed(byte)) {
        return Err(CodeError::new(at, CodeErrorKind::LinkCharacter));
    }
    let authority = uri[scheme.len()..].split(['/', '?', '#']).next().unwrap_or_default();
    if !is_authority(authority) {
        return Err(CodeError::new(scheme.len(), CodeErrorKind::LinkHost));
    }
    let path = scheme.len() + authority.len();
    if uri[path..].starts_with('/') {
        Ok(path + 1)
    } else {
        Err(CodeError::new(path, CodeErrorKind::LinkWithoutKey))
    }
}

/// A host name or address, perhaps with a port. No user name: a link on a product has none.
fn is_authority(authority: &str) -> bool {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let port_fits =
        port.is_none_or(|port| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok());
    let host_fits = match host.strip_prefix('[') {
        Some(address) => address.strip_suffix(']').is_some_and(|address| {
            !address.is_empty()
                && address.bytes().all(|byte| byte.is_ascii_hexdigit() || b":.".contains(&byte))
        }),
        None => {
            !host.is_empty()
                && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        }
    };
    port_fits && host_fits
}

/// A GTIN with the zeros put in front that a shorter one leaves out.
fn fourteen_digits(source: Source) -> Source {
    if !matches!(source.bytes().len(), 8 | 12 | 13) {
        return source;
    }
    let mut padded = Source::default();
    for _ in source.bytes().len()..14 {
        padded.push(b'0', source.place(0));
    }
    for (index, &byte) in source.bytes().iter().enumerate() {
        padded.push(byte, source.place(index));
    }
    padded
}
