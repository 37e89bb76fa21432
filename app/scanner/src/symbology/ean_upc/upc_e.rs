//! UPC-E (ISO/IEC 15420): a UPC-A whose zeros are left out. Read only when it is asked for: its six digits
//! are checked by nothing but their own parities.

use super::{PARITIES, nearest};
use crate::symbology::{LineRead, Payload, check_digit_fits};
use crate::line::Bars;

/// Guard, six digits, the special guard.
const ELEMENTS: usize = 3 + 24 + 6;
const MODULES: f32 = 51.0;
/// Light modules asked for beside a symbol; the standard prints seven to nine.
const QUIET: f32 = 6.5;
/// Guards' elements may be this much narrower or wider than a module.
const GUARD: std::ops::Range<f32> = 0.5..1.5;

/// A symbol that begins with element `start`.
pub(super) fn read(bars: &Bars, start: usize) -> Option<LineRead> {
    let widths = bars.widths(start, ELEMENTS)?;
    let module = widths.iter().sum::<f32>() / MODULES;
    let quiet = QUIET * module;
    let guards = [&widths[..3], &widths[27..]];
    if !bars.quiet_before(start, quiet)
        || !bars.quiet_at(start + ELEMENTS, quiet)
        || guards.iter().copied().flatten().any(|w| !GUARD.contains(&(w / module)))
    {
        return None;
    }
    let mut digits = [0; 6];
    let mut parity = 0u8;
    for (digit, own) in digits.iter_mut().zip(widths[3..27].chunks_exact(4)) {
        let own: &[f32; 4] = own.try_into().ok()?;
        let size = own.iter().sum::<f32>() / 7.0;
        let (value, even) = nearest(own, size).filter(|_| (size - module).abs() < 0.2 * module)?;
        *digit = value;
        parity = parity << 1 | u8::from(even);
    }
    let bytes = printed(digits, parity)?;
    let payload = Payload { symbology: "UPCE", identifier: "]E0".into(), bytes, eci: None };
    Some(LineRead { payload, first: start, last: start + ELEMENTS, lines_needed: 8 })
}

/// The eight digits that are printed: number system and check digit, both told by the parities, around
/// the six; `None` where the parities say none or the check digit is wrong.
fn printed(digits: [u8; 6], parity: u8) -> Option<Vec<u8>> {
    // The parities of number system 0 are those of the thirteenth digit of an EAN-13 the other way round,
    // but for check digit 0; number system 1 turns them around once more.
    let pattern = |check: usize| if check == 0 { 0b111000 } else { !PARITIES[check] & 0b111111 };
    let (system, check) =
        [0u8, 1].into_iter().flat_map(|system| (0..10).map(move |check| (system, check))).find(
            |&(system, check)| {
                let own = pattern(check);
                parity == if system == 0 { own } else { !own & 0b111111 }
            },
        )?;
    let all = [&[system], digits.as_slice(), &[check as u8]].concat();
    let bytes: Vec<u8> = all.iter().map(|digit| b'0' + digit).collect();
    let whole: Vec<u8> = expanded(&bytes)?.iter().map(|byte| byte - b'0').collect();
    check_digit_fits(&whole).then_some(bytes)
}

/// The EAN-13 behind eight printed digits, zeros put back (ISO/IEC 15420, 4.2.3); `None` when they are
/// not eight.
pub(super) fn expanded(printed: &[u8]) -> Option<Vec<u8>> {
    let [system, a, b, c, d, e, f, check] = *printed.first_chunk::<8>()?;
    let z = b'0';
    let middle = match f {
        b'0'..=b'2' => [a, b, f, z, z, z, z, c, d, e],
        b'3' => [a, b, c, z, z, z, z, z, d, e],
        b'4' => [a, b, c, d, z, z, z, z, z, e],
        _ => [a, b, c, d, e, z, z, z, z, f],
    };
    Some([&[z, system], middle.as_slice(), &[check]].concat())
}
