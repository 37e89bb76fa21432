//! Code 39 (ISO/IEC 16388), without check character, as its 43 plain characters.

use super::{LineRead, LineReads, Payload, Symbology, Values};
use crate::Ask;
use crate::line::Bars;

pub(super) struct Code39;

/// Narrow elements of light asked for beside a symbol; the standard prints ten.
const QUIET: f32 = 5.0;
/// Characters that a symbol without any check must have at least.
const SHORTEST: usize = 3;
/// How much wider the least wide element is than the widest narrow one of its kind, and wide ones than
/// narrow ones on average; two to three times are printed (4.3.2).
const CLEAR: f32 = 1.25;
const WIDE: f32 = 1.4;
/// The start and stop character.
const STAR: u16 = 0b010010100;

impl Symbology for Code39 {
    fn on_line(&self, bars: &Bars, _ask: Ask, found: &mut LineReads) {
        for &start in bars.starts() {
            let mut bytes = Values::NONE;
            let read = read(bars, start, &mut bytes);
            found.take(bytes.len(), read);
        }
    }
}

/// The symbol that begins with element `start`; leaves its characters.
fn read(bars: &Bars, start: usize, bytes: &mut Values) -> Option<LineRead> {
    let (pattern, narrow, mut size) = character(bars.widths(start, 9)?)?;
    if pattern != STAR || !bars.quiet_before(start, QUIET * narrow) {
        return None;
    }
    let mut i = start + 10;
    loop {
        let gap = bars.widths(i - 1, 1)?[0];
        let (pattern, narrow, next) = character(bars.widths(i, 9)?)?;
        if gap > 3.5 * narrow || (next - size).abs() > 0.2 * size {
            return None;
        }
        size = next;
        if pattern == STAR {
            if bytes.len() < SHORTEST || !bars.quiet_at(i + 9, QUIET * narrow) {
                return None;
            }
            let payload = Payload { symbology: "Code39", identifier: "]A0".into(), bytes: bytes.to_vec(), eci: None };
            return Some(LineRead { payload, first: start, last: i + 9, lines_needed: 4 });
        }
        bytes.push(PATTERNS.iter().find(|(_, p)| *p == pattern)?.0)?;
        i += 10;
    }
}

/// Nine elements as bits, wide ones set, with the width of a narrow one and of the whole.
///
/// Bars are compared with bars and spaces with spaces, since ink spread and blur move them apart: two bars
/// and one space are wide, or, in four characters, three spaces.
fn character(widths: &[f32]) -> Option<(u16, f32, f32)> {
    let widths: &[f32; 9] = widths.try_into().ok()?;
    let mut bars = [0, 2, 4, 6, 8];
    let mut spaces = [1, 3, 5, 7];
    bars.sort_by(|&a, &b| widths[b].total_cmp(&widths[a]));
    spaces.sort_by(|&a, &b| widths[b].total_cmp(&widths[a]));
    let clear = |order: &[usize], wide: usize| widths[order[wide - 1]] >= CLEAR * widths[order[wide]];
    let (wide_bars, wide_spaces) = match (clear(&bars, 2), clear(&spaces, 1), clear(&spaces, 3)) {
        (true, true, _) => (2, 1),
        (false, false, true) => (0, 3),
        _ => return None,
    };
    let mean = |of: &[usize]| of.iter().map(|&k| widths[k]).sum::<f32>() / of.len().max(1) as f32;
    let narrow = (mean(&bars[wide_bars..]) + mean(&spaces[wide_spaces..])) / 2.0;
    let wide = mean(&spaces[..wide_spaces]).min(if wide_bars == 0 { f32::MAX } else { mean(&bars[..wide_bars]) });
    // Elements of a kind are alike, and wide ones wider than any narrow one.
    let alike = |order: &[usize], wide: usize| {
        (wide == 0 || widths[order[0]] < 1.7 * widths[order[wide - 1]])
            && widths[order[wide]] < 1.9 * widths[order[order.len() - 1]].max(0.5 * narrow)
    };
    if wide < WIDE * narrow || !alike(&bars, wide_bars) || !alike(&spaces, wide_spaces) {
        return None;
    }
    let pattern = bars[..wide_bars].iter().chain(&spaces[..wide_spaces]).fold(0, |bits, &k| bits | 1 << (8 - k));
    Some((pattern, narrow, widths.iter().sum()))
}

/// Which of the nine elements are wide, the first bar in the highest bit (ISO/IEC 16388, table 1).
#[rustfmt::skip]
const PATTERNS: [(u8, u16); 43] = [
    (b'0', 0b000110100), (b'1', 0b100100001), (b'2', 0b001100001), (b'3', 0b101100000), (b'4', 0b000110001),
    (b'5', 0b100110000), (b'6', 0b001110000), (b'7', 0b000100101), (b'8', 0b100100100), (b'9', 0b001100100),
    (b'A', 0b100001001), (b'B', 0b001001001), (b'C', 0b101001000), (b'D', 0b000011001), (b'E', 0b100011000),
    (b'F', 0b001011000), (b'G', 0b000001101), (b'H', 0b100001100), (b'I', 0b001001100), (b'J', 0b000011100),
    (b'K', 0b100000011), (b'L', 0b001000011), (b'M', 0b101000010), (b'N', 0b000010011), (b'O', 0b100010010),
    (b'P', 0b001010010), (b'Q', 0b000000111), (b'R', 0b100000110), (b'S', 0b001000110), (b'T', 0b000010110),
    (b'U', 0b110000001), (b'V', 0b011000001), (b'W', 0b111000000), (b'X', 0b010010001), (b'Y', 0b110010000),
    (b'Z', 0b011010000), (b'-', 0b010000101), (b'.', 0b110000100), (b' ', 0b011000100), (b'$', 0b010101000),
    (b'/', 0b010100010), (b'+', 0b010001010), (b'%', 0b000101010),
];
