//! Text without any mark of GS1: bare digits that look like a key, and everything else as it stands.

use super::key::{Gtin, Sscc, check_digit_of};

/// What bare text looks like.
pub(super) enum Bare {
    /// Eighteen digits with the right check digit.
    Sscc(Sscc),
    /// 8, 12, 13 or 14 digits with the right check digit.
    Gtin(Gtin),
    /// As many digits as a key has, but the last is not the check digit, which would be this.
    Unlike {
        /// Whether it would be an SSCC, else a GTIN.
        sscc: bool,
        /// The check digit that would fit.
        expected: char,
    },
    /// Anything else.
    Text,
}

/// Looks at bare text.
pub(super) fn look_at(text: &str) -> Bare {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(text.len(), 8 | 12 | 13 | 14 | 18) {
        return Bare::Text;
    }
    let found =
        if text.len() == 18 { Sscc::parse(text).map(Bare::Sscc) } else { Gtin::parse(text).map(Bare::Gtin) };
    found.unwrap_or_else(|_| Bare::Unlike {
        sscc: text.len() == 18,
        expected: char::from(check_digit_of(&text.as_bytes()[..text.len() - 1])),
    })
}

/// Text without the white space that typing or a keyboard wedge adds around it (and the byte order mark
/// that a file may begin with), and how many bytes were taken from the front.
pub(super) fn trimmed(text: &str) -> (&str, usize) {
    let around = |c: char| c.is_whitespace() || c == '\u{feff}';
    let rest = text.trim_start_matches(around);
    (rest.trim_end_matches(around), text.len() - rest.len())
}

/// The first control character in plain text, line breaks and tabs aside, which 2D symbols do carry.
pub(crate) fn control_character(text: &str) -> Option<usize> {
    text.char_indices().find(|(_, c)| c.is_control() && !matches!(c, '\t' | '\n' | '\r')).map(|(at, _)| at)
}
