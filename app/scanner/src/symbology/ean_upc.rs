//! EAN-13, UPC-A, EAN-8 and, when everything is asked for, UPC-E (ISO/IEC 15420). Add-ons are not read.

use super::{LineRead, LineReads, Payload, Symbology, Values, check_digit_fits, distance};
use crate::Ask;
use crate::line::Bars;

mod blurred;
mod upc_e;

pub(super) struct EanUpc;

/// One shape of symbol.
#[derive(Clone, Copy)]
struct Shape {
    /// Digits on either side of the centre guard.
    half: usize,
    /// Modules from first to last bar.
    modules: f32,
    lines_needed: usize,
}

impl Shape {
    /// Bars and spaces from first to last bar.
    fn elements(self) -> usize {
        3 + 4 * self.half + 5 + 4 * self.half + 3
    }
}

const EAN_13: Shape = Shape { half: 6, modules: 95.0, lines_needed: 2 };
/// Eight digits are soon found in texture or in the middle of a longer symbol: more lines must agree.
const EAN_8: Shape = Shape { half: 4, modules: 67.0, lines_needed: 4 };

/// As much beside a symbol whose bars have run into each other.
const QUIET_BLURRED: f32 = 5.0;
/// The share of a line across a region that such a symbol takes up.
const LEAST_SPAN: f32 = 0.35;
/// Bars and spaces that blur leaves of its 59; noise may add some.
const FEWEST_BLURRED: usize = 11;
const MOST_BLURRED: usize = 63;
/// Modules of the widest light inside such a symbol.
const WIDEST: f32 = 8.0;
/// Light modules asked for beside a symbol; the standard prints 7 to 11, pictures are cut closer.
const QUIET: f32 = 3.5;
/// The largest distance of a digit from its pattern.
const TOLERANCE: f32 = 1.1;

impl Symbology for EanUpc {
    fn on_line(&self, bars: &Bars, ask: Ask, found: &mut LineReads) {
        for &start in bars.starts() {
            let mut digits = Values::NONE;
            let long = read(bars, start, &EAN_13, &mut digits);
            let short = || if ask == Ask::Everything { upc_e::read(bars, start) } else { None };
            let eight = || {
                let mut digits = Values::NONE;
                read(bars, start, &EAN_8, &mut digits)
            };
            found.take(digits.len(), long.or_else(eight).or_else(short));
        }
    }

    fn transmitted(&self, name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        match name {
            "UPCA" => Some([b"0", bytes].concat()),
            "UPCE" => upc_e::expanded(bytes),
            _ => None,
        }
    }

    fn on_profile(&self, profile: &[f32], bars: &Bars, found: &mut LineReads) {
        let edges = &bars.edges;
        // The widest light between two quiet zones, and the least that a quiet zone must be, as shares of
        // what lies between: blur swallows bars, so only the ends of a symbol are sure.
        for first in bars.darks() {
            let mut widest = 0.0f32;
            for last in (first + 1..edges.len() - 1).step_by(2) {
                let module = (edges[last] - edges[first]).abs() / blurred::MODULES;
                let quiet = (QUIET_BLURRED * module).max(0.8 * widest);
                if (FEWEST_BLURRED..=MOST_BLURRED).contains(&(last - first))
                    && widest < WIDEST * module
                    && module * blurred::MODULES > LEAST_SPAN * profile.len() as f32
                    && bars.quiet_before(first, quiet)
                    && bars.quiet_at(last, quiet)
                    && let Some(digits) = blurred::read(profile, edges[first], edges[last])
                {
                    found.all.push(LineRead { payload: payload(&digits), first, last, lines_needed: 3 });
                    return;
                }
                widest = widest.max((edges[last + 1] - edges[last]).abs());
            }
        }
    }
}

/// The symbol of a shape that begins with element `start`; leaves its digits.
fn read(bars: &Bars, start: usize, shape: &Shape, digits: &mut Values) -> Option<LineRead> {
    let elements = shape.elements();
    let widths = bars.widths(start, elements)?;
    let module = widths.iter().sum::<f32>() / shape.modules;
    let quiet = QUIET * module;
    if !bars.quiet_before(start, quiet) || !bars.quiet_at(start + elements, quiet) {
        return None;
    }
    let (left, centre, right) = (3, 3 + 4 * shape.half, 8 + 4 * shape.half);
    let guards = [&widths[..3], &widths[centre..centre + 5], &widths[elements - 3..]];
    if guards.iter().copied().flatten().any(|w| !(0.35..1.8).contains(&(w / module))) {
        return None;
    }
    // Ink spread and threshold make all bars wider or narrower by as much; the guards tell how much.
    let growth = growth(&guards);
    let digit = |at: usize, first_dark: bool| {
        let mut own = [0.0; 4];
        for (k, w) in own.iter_mut().enumerate() {
            let dark = first_dark == (k % 2 == 0);
            *w = widths[at + k] + if dark { -growth } else { growth };
        }
        let size: f32 = own.iter().sum();
        // One digit is seven modules; perspective changes that slowly.
        ((size / 7.0 - module).abs() < 0.3 * module).then(|| nearest(&own, size / 7.0)).flatten()
    };
    if shape.half == 6 {
        // The thirteenth digit, which the parities tell.
        digits.push(0)?;
    }
    let mut parity = 0u8;
    for k in 0..shape.half {
        let (value, even) = digit(left + 4 * k, false)?;
        digits.push(value)?;
        parity = parity << 1 | u8::from(even);
    }
    for k in 0..shape.half {
        let (value, even) = digit(right + 4 * k, true)?;
        if even {
            return None;
        }
        digits.push(value)?;
    }
    if shape.half == 6 {
        digits.set_first(PARITIES.iter().position(|&p| p == parity)? as u8);
    } else if parity != 0 {
        return None;
    }
    let last = start + shape.elements();
    check_digit_fits(digits).then(|| LineRead {
        payload: payload(digits),
        first: start,
        last,
        lines_needed: shape.lines_needed,
    })
}

/// Thirteen or eight digits as they are printed.
fn payload(digits: &[u8]) -> Payload {
    let (symbology, identifier, digits) = match digits {
        // With a leading zero the symbol is a UPC-A, whose twelve digits are what is printed under it.
        [0, upc @ ..] if upc.len() == 12 => ("UPCA", "]E0", upc),
        _ if digits.len() == 13 => ("EAN13", "]E0", digits),
        _ => ("EAN8", "]E4", digits),
    };
    Payload { symbology, identifier: identifier.into(), bytes: text(digits), eci: None }
}

/// How much wider than their modules the bars are, in pixels, from guards that begin with a bar or,
/// in the centre, with a space.
fn growth(guards: &[&[f32]; 3]) -> f32 {
    let dark = [guards[0][0], guards[0][2], guards[1][1], guards[1][3], guards[2][0], guards[2][2]];
    let light = [guards[0][1], guards[1][0], guards[1][2], guards[1][4], guards[2][1]];
    (dark.iter().sum::<f32>() / 6.0 - light.iter().sum::<f32>() / 5.0) / 2.0
}

/// The digit whose pattern is nearest, and whether it is one of the even number set (B).
fn nearest(widths: &[f32; 4], module: f32) -> Option<(u8, bool)> {
    let (mut best, mut second) = ((f32::MAX, 0, false), f32::MAX);
    for (value, odd) in PATTERNS.iter().enumerate() {
        let even = [odd[3], odd[2], odd[1], odd[0]];
        for (pattern, is_even) in [(odd, false), (&even, true)] {
            let d = distance(widths, module, pattern);
            if d < best.0 {
                second = best.0;
                best = (d, value as u8, is_even);
            } else if d < second {
                second = d;
            }
        }
    }
    (best.0 < TOLERANCE && best.0 < 0.85 * second).then_some((best.1, best.2))
}

fn text(digits: &[u8]) -> Vec<u8> {
    digits.iter().map(|d| b'0' + d).collect()
}

/// Element widths of number set A, space first; set C is the same, bar first, and set B is A backwards.
const PATTERNS: [[u8; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];

/// Which of the six left digits are of number set B, by the thirteenth digit that they spell.
const PARITIES: [u8; 10] =
    [0b000000, 0b001011, 0b001101, 0b001110, 0b010011, 0b011001, 0b011100, 0b010101, 0b010110, 0b011010];
