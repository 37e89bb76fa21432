//! Interleaved 2 of 5 (ISO/IEC 16390): as ITF-14, fourteen digits with a right check digit, and, when
//! it is asked for, of any length from six digits on. Short ones are found in any texture and in
//! parts of longer ones, so quiet zones, even widths and many lines must speak for them.

use super::{LineRead, LineReads, Payload, Symbology, Values, check_digit_fits};
use crate::Ask;
use crate::line::Bars;

pub(super) struct Itf;

/// Elements of the start pattern, of a pair of digits, of the stop pattern.
const START: usize = 4;
const PAIR: usize = 10;
const STOP: usize = 3;
/// Digits of an ITF-14, and those of the shortest and the longest symbol that is read.
const FOURTEEN: usize = 14;
const SHORTEST: usize = 6;
const LONGEST: usize = 48;

/// What speaks for a symbol.
struct Rules {
    /// Narrow elements of light asked for on either side; the standard prints ten.
    quiet: f32,
    /// How far the width of a pair may be from that of the one before.
    uneven: f32,
    lines_needed: usize,
}

const CHECKED: Rules = Rules { quiet: 4.0, uneven: 0.2, lines_needed: 2 };
const UNCHECKED: Rules = Rules { quiet: 6.0, uneven: 0.12, lines_needed: 6 };

impl Symbology for Itf {
    fn on_line(&self, bars: &Bars, ask: Ask, found: &mut LineReads) {
        for &start in bars.starts() {
            let mut digits = Values::NONE;
            let checked = read(bars, start, &CHECKED, &mut digits)
                .filter(|_| digits.len() == FOURTEEN && check_digit_fits(&digits));
            let made_out = digits.len();
            let mut any = || {
                digits = Values::NONE;
                let read = read(bars, start, &UNCHECKED, &mut digits)?;
                // A fourteen-digit symbol is a GTIN, and a wrong one when its check digit is wrong.
                (digits.len() >= SHORTEST && digits.len() != FOURTEEN).then_some(read)
            };
            // A pair is one pattern.
            found.take(made_out / 2, checked.or_else(|| (ask >= Ask::AnyLength).then(&mut any).flatten()));
        }
    }
}

/// A symbol of any length that begins with element `start`; leaves its digits.
fn read(bars: &Bars, start: usize, rules: &Rules, digits: &mut Values) -> Option<LineRead> {
    let widths = bars.widths(start, START)?;
    let narrow = widths.iter().sum::<f32>() / START as f32;
    let quiet = rules.quiet * narrow;
    if widths.iter().any(|w| !(0.4..1.7).contains(&(w / narrow))) || !bars.quiet_before(start, quiet) {
        return None;
    }
    let mut size: Option<f32> = None;
    let mut at = start + START;
    while !(digits.len() >= SHORTEST && stops(bars, at, quiet)) {
        let pair = bars.widths(at, PAIR).filter(|_| digits.len() < LONGEST)?;
        let whole: f32 = pair.iter().sum();
        // Every pair is as wide as the next; perspective changes that slowly.
        if size.is_some_and(|s| (whole - s).abs() > rules.uneven * s) {
            return None;
        }
        size = Some(whole);
        digits.push(digit([pair[0], pair[2], pair[4], pair[6], pair[8]])?)?;
        digits.push(digit([pair[1], pair[3], pair[5], pair[7], pair[9]])?)?;
        at += PAIR;
    }
    // Six narrow and four wide, twice to three times as wide, make a pair.
    if !(12.0..20.5).contains(&(size? / narrow)) || digits.iter().all(|&d| d == 0) {
        return None;
    }
    let bytes = digits.iter().map(|d| b'0' + d).collect();
    // The modifier says whether a check digit was checked.
    let identifier = if digits.len() == FOURTEEN { "]I1" } else { "]I0" };
    let payload = Payload { symbology: "ITF", identifier: identifier.into(), bytes, eci: None };
    Some(LineRead { payload, first: start, last: at + STOP, lines_needed: rules.lines_needed })
}

/// Whether the stop pattern, wide and twice narrow, and a quiet zone follow.
fn stops(bars: &Bars, at: usize, quiet: f32) -> bool {
    bars.widths(at, STOP).is_some_and(|stop| stop[0] >= 1.3 * stop[2] && stop[0] >= 1.3 * stop[1])
        && bars.quiet_at(at + STOP, quiet)
}

/// The digit of five bars or five spaces: the two widest carry it, clearly wider than the others.
fn digit(widths: [f32; 5]) -> Option<u8> {
    let mut order = [0, 1, 2, 3, 4];
    order.sort_by(|&a, &b| widths[b].total_cmp(&widths[a]));
    let (wide, narrow) = (widths[order[1]], widths[order[2]]);
    if wide < 1.25 * narrow || widths[order[0]] > 2.2 * wide {
        return None;
    }
    // The weights are 1 2 4 7 and parity; four and seven make zero (ISO/IEC 16390, table 1).
    const WEIGHTS: [u8; 5] = [1, 2, 4, 7, 0];
    match WEIGHTS[order[0]] + WEIGHTS[order[1]] {
        11 => Some(0),
        sum if sum < 10 => Some(sum),
        _ => None,
    }
}
