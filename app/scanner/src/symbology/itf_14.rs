//! ITF-14: Interleaved 2 of 5 (ISO/IEC 16390) holding fourteen digits with a right check digit, and
//! nothing else. Shorter symbols of the family are found in any texture and in parts of longer ones.

use super::{LineRead, Payload, Symbology, check_digit_fits};
use crate::line::Bars;

pub(super) struct Itf14;

/// Start, seven pairs, stop.
const ELEMENTS: usize = 4 + 70 + 3;
/// Narrow elements of light asked for beside a symbol; the standard prints ten.
const QUIET: f32 = 4.0;

impl Symbology for Itf14 {
    fn on_line(&self, bars: &Bars, found: &mut Vec<LineRead>) {
        found.extend(bars.starts().iter().filter_map(|&start| read(bars, start)));
    }
}

fn read(bars: &Bars, start: usize) -> Option<LineRead> {
    let widths = bars.widths(start, ELEMENTS)?;
    let narrow = widths[..4].iter().sum::<f32>() / 4.0;
    if widths[..4].iter().any(|w| !(0.4..1.7).contains(&(w / narrow)))
        || !bars.quiet_before(start, QUIET * narrow)
        || !bars.quiet_at(start + ELEMENTS, QUIET * narrow)
    {
        return None;
    }
    let stop = &widths[ELEMENTS - 3..];
    if stop[0] < 1.3 * stop[2] || stop[0] < 1.3 * stop[1] {
        return None;
    }
    let mut digits = Vec::with_capacity(14);
    let mut size: Option<f32> = None;
    for pair in widths[4..74].chunks_exact(10) {
        let whole: f32 = pair.iter().sum();
        // Every pair is as wide as the next; perspective changes that slowly.
        if size.is_some_and(|s| (whole - s).abs() > 0.2 * s) {
            return None;
        }
        size = Some(whole);
        digits.push(digit([pair[0], pair[2], pair[4], pair[6], pair[8]])?);
        digits.push(digit([pair[1], pair[3], pair[5], pair[7], pair[9]])?);
    }
    // Six narrow and four wide, twice to three times as wide, make a pair.
    if !(12.0..20.5).contains(&(size? / narrow))
        || !check_digit_fits(&digits)
        || digits.iter().all(|&d| d == 0)
    {
        return None;
    }
    let bytes = digits.iter().map(|d| b'0' + d).collect();
    let payload = Payload { symbology: "ITF", identifier: "]I1".into(), bytes, eci: None };
    Some(LineRead { payload, first: start, last: start + ELEMENTS, lines_needed: 2 })
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
