//! Percent-encoding (RFC 3986, section 2.1); in a query a plus sign is a space.

use crate::code::source::Source;

/// Where in a link a value stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In the path, where a plus sign is a plus sign.
    Path,
    /// In the query, where it is a space.
    Query,
}

/// Decodes a value. A percent sign without two hexadecimal digits stands for itself.
pub fn percent_decode(text: &str, place: Place) -> Vec<u8> {
    decode(text, 0, place).bytes().to_vec()
}

/// Encodes a value: everything but letters, digits and `-._~`.
pub fn percent_encode(value: &str, place: Place) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b' ' if place == Place::Query => out.push('+'),
            _ if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Decodes a value that stands at `offset`, keeping the place of every byte.
pub(super) fn decode(text: &str, offset: usize, place: Place) -> Source {
    let bytes = text.as_bytes();
    let mut source = Source::default();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let encoded = bytes.get(at + 1..at + 3).filter(|_| byte == b'%').and_then(hex);
        source.push(
            match encoded {
                Some(decoded) => decoded,
                None if byte == b'+' && place == Place::Query => b' ',
                None => byte,
            },
            offset + at,
        );
        at += if encoded.is_some() { 3 } else { 1 };
    }
    source.ending_at(offset + text.len())
}

fn hex(pair: &[u8]) -> Option<u8> {
    pair.iter().try_fold(0, |value: u8, &digit| Some(value * 16 + char::from(digit).to_digit(16)? as u8))
}
