//! Recognising a compressed Digital Link, which is not read here: the standard has given compression up,
//! and a link that needs a program to be read by a person has no place on a toy.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::code::key::has_check_digit;

/// Whether the last segment of a path is compressed: on GS1's own resolver any long base64url text, on
/// other hosts one whose first bits are a GTIN or SSCC with the right check digit.
pub(super) fn is_compressed(host: &str, segments: &[&str]) -> bool {
    const SHORTEST: usize = 10;
    let Some(last) = segments.last().filter(|last| last.len() >= SHORTEST) else { return false };
    let is_base64 = last.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if !is_base64 {
        return false;
    }
    if host.eq_ignore_ascii_case("id.gs1.org") {
        return true;
    }
    // Only whole groups of four characters decode on their own; eleven bytes are more than enough.
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(&last[..(last.len() / 4 * 4).min(16)]) else { return false };
    let Some((head, rest)) = bytes.split_first() else { return false };
    let bits = rest.iter().take(8).fold(0_u64, |sum, &byte| sum << 8 | u64::from(byte));
    let held = rest.len().min(8) * 8;
    let number = |width: usize| (held >= width).then(|| bits >> (held - width));
    match head {
        // (01), alone or in one of the standard's combinations, then a GTIN in 47 bits.
        0x01 | 0x0a..=0x0f | 0x1a | 0x1b => number(47).is_some_and(|gtin| is_key(gtin, 14)),
        // (00), then an SSCC in 60 bits.
        0x00 => number(60).is_some_and(|sscc| is_key(sscc, 18)),
        _ => false,
    }
}

fn is_key(number: u64, length: usize) -> bool {
    let digits = format!("{number:0>length$}");
    digits.len() == length && has_check_digit(digits.as_bytes())
}
