//! Recognising a compressed Digital Link, which is not read here: the standard has given compression up,
//! and a link that needs a program to be read by a person has no place on a toy.

use crate::code::key::has_check_digit;

/// Whether the last segment of a path is compressed: on GS1's own resolver any long base64url text, on
/// other hosts one whose first bits are a GTIN or SSCC with the right check digit.
pub(super) fn is_compressed(host: &str, segments: &[&str]) -> bool {
    const SHORTEST: usize = 10;
    const ENOUGH: usize = 20;
    let Some(last) = segments.last().filter(|last| last.len() >= SHORTEST) else { return false };
    let Some(sextets) = last.bytes().map(sextet).collect::<Option<Vec<u8>>>() else { return false };
    if host.eq_ignore_ascii_case("id.gs1.org") {
        return true;
    }
    let held = sextets.len().min(ENOUGH);
    let bits = sextets.iter().take(ENOUGH).fold(0_u128, |sum, &six| sum << 6 | u128::from(six));
    let field = |from: usize, width: usize| {
        let below = (held * 6).checked_sub(from + width)?;
        Some(bits >> below & ((1 << width) - 1))
    };
    match field(0, 8) {
        // (01), alone or in one of the standard's combinations, then a GTIN in 47 bits.
        Some(0x01 | 0x0a..=0x0f | 0x1a | 0x1b) => field(8, 47).is_some_and(|gtin| is_key(gtin, 14)),
        // (00), then an SSCC in 60 bits.
        Some(0x00) => field(8, 60).is_some_and(|sscc| is_key(sscc, 18)),
        _ => false,
    }
}

/// The value of a base64url character.
fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

fn is_key(number: u128, length: usize) -> bool {
    let digits = format!("{number:0>length$}");
    digits.len() == length && has_check_digit(digits.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fields of some width each, as base64url.
    fn packed(fields: &[(u128, usize)]) -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut bits: Vec<bool> = Vec::new();
        for (value, width) in fields {
            bits.extend((0..*width).rev().map(|bit| value >> bit & 1 == 1));
        }
        let six = |chunk: &[bool]| {
            chunk.iter().fold(0, |sum, &bit| sum * 2 + usize::from(bit)) << (6 - chunk.len())
        };
        bits.chunks(6).map(|chunk| char::from(LETTERS[six(chunk)])).collect()
    }

    #[test]
    fn only_what_holds_a_key_is_taken_for_compressed() {
        let gtin = packed(&[(0x01, 8), (9_506_000_134_352, 47)]);
        let with_lot = packed(&[(0x0b, 8), (9_506_000_134_352, 47), (0b0100_0011_1010, 12)]);
        let sscc = packed(&[(0x00, 8), (6_141_411_234_567_890, 60)]);
        for compressed in [&gtin, &with_lot, &sscc] {
            assert!(is_compressed("toys.example", &["p", compressed]), "{compressed}");
        }
        let wrong = packed(&[(0x01, 8), (9_506_000_134_353, 47)]);
        for other in [wrong.as_str(), "", "abc", "a-page-about-toys", "index.html.of.toys"] {
            assert!(!is_compressed("toys.example", &[other]), "{other}");
        }
    }
}
