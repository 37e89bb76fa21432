//! Code 128 and GS1-128 (ISO/IEC 15417).

use super::{LineRead, LineReads, Payload, Symbology, Values, distance};
use crate::Ask;
use crate::line::Bars;

pub(super) struct Code128;

/// Modules of a symbol character (ISO/IEC 15417, 4.2).
const MODULES: f32 = 11.0;
/// Modules of the stop pattern with its termination bar.
const STOP_MODULES: f32 = 13.0;
/// Light modules asked for beside a symbol; the standard prints ten, labels are often cut closer.
const QUIET: f32 = 4.5;
/// The largest distance of a character from its pattern.
const TOLERANCE: f32 = 1.6;
const START_A: u8 = 103;
const START_C: u8 = 105;
const FNC1: u8 = 102;
/// What a line alone may not say: shorter symbols need more lines.
const SHORT: usize = 4;

impl Symbology for Code128 {
    fn on_line(&self, bars: &Bars, _ask: Ask, found: &mut LineReads) {
        for &first in bars.starts() {
            let mut values = Values::NONE;
            let read = characters(bars, first, &mut values).and_then(|last| {
                let lines_needed = if values.len() < SHORT + 2 { 4 } else { 2 };
                Some(LineRead { payload: payload(&values)?, first, last, lines_needed })
            });
            found.take(values.len(), read);
        }
    }
}

/// Leaves the values from start character to check character of a symbol that starts with element `start`;
/// the edge where it ends.
fn characters(bars: &Bars, start: usize, values: &mut Values) -> Option<usize> {
    let first = bars.widths(start, 6)?;
    let mut size: f32 = first.iter().sum();
    let module = size / MODULES;
    if !bars.quiet_before(start, QUIET * module) {
        return None;
    }
    let value = nearest(first, START_A..=START_C)?;
    values.push(value)?;
    let mut i = start + 6;
    loop {
        let stop = bars.widths(i, 7);
        let widths = bars.widths(i, 6)?;
        let next: f32 = widths.iter().sum();
        if let Some(stop) = stop {
            let whole: f32 = stop.iter().sum();
            let module = whole / STOP_MODULES;
            let fits = (whole / STOP_MODULES - size / MODULES).abs() < 0.2 * size / MODULES;
            if fits
                && distance(stop, module, &STOP) < TOLERANCE
                && values.len() >= 3
                && bars.quiet_at(i + 7, QUIET * module)
            {
                return checked(values).then_some(i + 7);
            }
        }
        if (next - size).abs() > 0.2 * size {
            return None;
        }
        values.push(nearest(widths, 0..=FNC1)?)?;
        size = next;
        i += 6;
    }
}

/// The value whose pattern is nearest, when it is near and no other is nearly as near.
fn nearest(widths: &[f32], among: std::ops::RangeInclusive<u8>) -> Option<u8> {
    let module = widths.iter().sum::<f32>() / MODULES;
    let (mut best, mut second) = ((f32::MAX, 0), f32::MAX);
    for value in among {
        let d = distance(widths, module, &PATTERNS[usize::from(value)]);
        if d < best.0 {
            second = best.0;
            best = (d, value);
        } else if d < second {
            second = d;
        }
    }
    (best.0 < TOLERANCE && best.0 < 0.8 * second).then_some(best.1)
}

/// The symbol check character (ISO/IEC 15417, annex A).
fn checked(values: &[u8]) -> bool {
    let Some((&check, data)) = values.split_last() else { return false };
    let sum: u32 = data.iter().enumerate().map(|(i, &v)| i.max(1) as u32 * u32::from(v)).sum();
    sum % 103 == u32::from(check)
}

/// What the characters say (ISO/IEC 15417, 4.3.3 and 4.3.4); `None` where one stands that cannot.
fn payload(values: &[u8]) -> Option<Payload> {
    let mut set = match values.first()? {
        103 => b'A',
        104 => b'B',
        _ => b'C',
    };
    let data = &values[1..values.len() - 1];
    let mut bytes = Vec::with_capacity(data.len() * 2);
    let mut modifier = '0';
    let mut shifted = false;
    let (mut upper_once, mut upper_latched) = (false, false);
    for (at, &value) in data.iter().enumerate() {
        let now = if shifted { if set == b'A' { b'B' } else { b'A' } } else { set };
        shifted = false;
        let mut put = |byte: u8| {
            let byte = if upper_once != upper_latched { byte | 0x80 } else { byte };
            upper_once = false;
            bytes.push(byte);
        };
        match (value, now) {
            (FNC1, _) if at == 0 => modifier = '1',
            // One letter or two digits, then FNC1: an application that AIM has named.
            (FNC1, _) if at == 1 && modifier == '0' => modifier = '2',
            (FNC1, _) => bytes.push(0x1D),
            (0..=99, b'C') => bytes.extend([b'0' + value / 10, b'0' + value % 10]),
            (0..=63, _) => put(value + 32),
            (64..=95, b'A') => put(value - 64),
            (64..=95, _) => put(value + 32),
            (96 | 97, _) => {}
            (98, b'A' | b'B') => shifted = true,
            (99, _) => set = b'C',
            (100, b'B') | (101, b'A') => {
                if upper_once {
                    upper_latched = !upper_latched;
                }
                upper_once = !upper_once;
            }
            (100, _) => set = b'B',
            (101, _) => set = b'A',
            _ => return None,
        }
    }
    if bytes.is_empty() {
        return None;
    }
    Some(Payload { symbology: "Code128", identifier: format!("]C{modifier}"), bytes, eci: None })
}

/// Element widths of the stop character and its termination bar.
const STOP: [u8; 7] = [2, 3, 3, 1, 1, 1, 2];

/// Element widths, bar first, by value (ISO/IEC 15417, table 1).
#[rustfmt::skip]
const PATTERNS: [[u8; 6]; 106] = [
    [2, 1, 2, 2, 2, 2], [2, 2, 2, 1, 2, 2], [2, 2, 2, 2, 2, 1], [1, 2, 1, 2, 2, 3], [1, 2, 1, 3, 2, 2], [1, 3, 1, 2, 2, 2], [1, 2, 2, 2, 1, 3], [1, 2, 2, 3, 1, 2],
    [1, 3, 2, 2, 1, 2], [2, 2, 1, 2, 1, 3], [2, 2, 1, 3, 1, 2], [2, 3, 1, 2, 1, 2], [1, 1, 2, 2, 3, 2], [1, 2, 2, 1, 3, 2], [1, 2, 2, 2, 3, 1], [1, 1, 3, 2, 2, 2],
    [1, 2, 3, 1, 2, 2], [1, 2, 3, 2, 2, 1], [2, 2, 3, 2, 1, 1], [2, 2, 1, 1, 3, 2], [2, 2, 1, 2, 3, 1], [2, 1, 3, 2, 1, 2], [2, 2, 3, 1, 1, 2], [3, 1, 2, 1, 3, 1],
    [3, 1, 1, 2, 2, 2], [3, 2, 1, 1, 2, 2], [3, 2, 1, 2, 2, 1], [3, 1, 2, 2, 1, 2], [3, 2, 2, 1, 1, 2], [3, 2, 2, 2, 1, 1], [2, 1, 2, 1, 2, 3], [2, 1, 2, 3, 2, 1],
    [2, 3, 2, 1, 2, 1], [1, 1, 1, 3, 2, 3], [1, 3, 1, 1, 2, 3], [1, 3, 1, 3, 2, 1], [1, 1, 2, 3, 1, 3], [1, 3, 2, 1, 1, 3], [1, 3, 2, 3, 1, 1], [2, 1, 1, 3, 1, 3],
    [2, 3, 1, 1, 1, 3], [2, 3, 1, 3, 1, 1], [1, 1, 2, 1, 3, 3], [1, 1, 2, 3, 3, 1], [1, 3, 2, 1, 3, 1], [1, 1, 3, 1, 2, 3], [1, 1, 3, 3, 2, 1], [1, 3, 3, 1, 2, 1],
    [3, 1, 3, 1, 2, 1], [2, 1, 1, 3, 3, 1], [2, 3, 1, 1, 3, 1], [2, 1, 3, 1, 1, 3], [2, 1, 3, 3, 1, 1], [2, 1, 3, 1, 3, 1], [3, 1, 1, 1, 2, 3], [3, 1, 1, 3, 2, 1],
    [3, 3, 1, 1, 2, 1], [3, 1, 2, 1, 1, 3], [3, 1, 2, 3, 1, 1], [3, 3, 2, 1, 1, 1], [3, 1, 4, 1, 1, 1], [2, 2, 1, 4, 1, 1], [4, 3, 1, 1, 1, 1], [1, 1, 1, 2, 2, 4],
    [1, 1, 1, 4, 2, 2], [1, 2, 1, 1, 2, 4], [1, 2, 1, 4, 2, 1], [1, 4, 1, 1, 2, 2], [1, 4, 1, 2, 2, 1], [1, 1, 2, 2, 1, 4], [1, 1, 2, 4, 1, 2], [1, 2, 2, 1, 1, 4],
    [1, 2, 2, 4, 1, 1], [1, 4, 2, 1, 1, 2], [1, 4, 2, 2, 1, 1], [2, 4, 1, 2, 1, 1], [2, 2, 1, 1, 1, 4], [4, 1, 3, 1, 1, 1], [2, 4, 1, 1, 1, 2], [1, 3, 4, 1, 1, 1],
    [1, 1, 1, 2, 4, 2], [1, 2, 1, 1, 4, 2], [1, 2, 1, 2, 4, 1], [1, 1, 4, 2, 1, 2], [1, 2, 4, 1, 1, 2], [1, 2, 4, 2, 1, 1], [4, 1, 1, 2, 1, 2], [4, 2, 1, 1, 1, 2],
    [4, 2, 1, 2, 1, 1], [2, 1, 2, 1, 4, 1], [2, 1, 4, 1, 2, 1], [4, 1, 2, 1, 2, 1], [1, 1, 1, 1, 4, 3], [1, 1, 1, 3, 4, 1], [1, 3, 1, 1, 4, 1], [1, 1, 4, 1, 1, 3],
    [1, 1, 4, 3, 1, 1], [4, 1, 1, 1, 1, 3], [4, 1, 1, 3, 1, 1], [1, 1, 3, 1, 4, 1], [1, 1, 4, 1, 3, 1], [3, 1, 1, 1, 4, 1], [4, 1, 1, 1, 3, 1], [2, 1, 1, 4, 1, 2],
    [2, 1, 1, 2, 1, 4], [2, 1, 1, 2, 3, 2],
];
