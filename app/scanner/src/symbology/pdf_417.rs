//! PDF417 (ISO/IEC 15438): start patterns above one another, rows read along lines through the grey
//! picture, every codeword put in its place by what the row indicators and its cluster say.

use std::sync::LazyLock;

use rxing::pdf417::pdf_417_common::getCodeword;

use super::{Area, AreaRead, Payload, Symbology, distance, inside};
use crate::bits::Bits;
use crate::grid::Point;
use crate::line::{Bars, Line};
use crate::luma::Grey;
use crate::reed_solomon::Field;
use payload::payload;

mod payload;

pub(super) struct Pdf417;

/// Modules of a symbol character (5.1.2), and its bars and spaces.
const MODULES: f32 = 17.0;
const ELEMENTS: usize = 8;
/// The start pattern, and the first elements of the stop pattern (5.1.3).
const START: [u8; 8] = [8, 1, 1, 1, 1, 1, 1, 3];
const STOP: [u8; 8] = [7, 1, 1, 3, 1, 1, 1, 2];
/// The largest distance of a start pattern from what was measured.
const TOLERANCE: f32 = 3.0;
/// Pixel rows between those on which start patterns are looked for.
const STEP: usize = 4;
/// Start patterns above one another that make the edge of a symbol.
const LEAST_HITS: usize = 3;
/// Lines laid through one symbol.
const LINES: usize = 200;
/// Correction codewords that must stay unspent for a symbol to be believed.
const EVIDENCE: usize = 2;

/// Codewords are elements of this field (5.10).
static FIELD: LazyLock<Field> = LazyLock::new(|| Field::modulo(929, 3, 1));

impl Symbology for Pdf417 {
    fn in_area(&self, area: &Area<'_>, found: &mut Vec<AreaRead>) {
        upright(area, area.bits, false, found);
        upright(area, &area.bits.transposed(), true, found);
    }
}

/// The left or the right edge of a symbol: where on each row its start pattern begins.
#[derive(Clone, Debug)]
struct Edge {
    hits: Vec<Point>,
    module: f32,
    /// Whether the symbol is read from right to left.
    backwards: bool,
}

impl Edge {
    /// Where the edge is on a row: the straight line through its first and last third.
    fn at(&self, y: f32) -> f32 {
        let third = (self.hits.len() / 3).max(1);
        let mean = |hits: &[Point]| {
            let sum = hits.iter().fold((0.0, 0.0), |sum, hit| (sum.0 + hit.0, sum.1 + hit.1));
            (sum.0 / hits.len() as f32, sum.1 / hits.len() as f32)
        };
        let (top, bottom) = (mean(&self.hits[..third]), mean(&self.hits[self.hits.len() - third..]));
        top.0 + (y - top.1) * (bottom.0 - top.0) / (bottom.1 - top.1).max(1.0)
    }

    fn rows(&self) -> (f32, f32) {
        (self.hits[0].1, self.hits[self.hits.len() - 1].1)
    }
}

/// Symbols whose rows lie more or less along the rows of bits.
fn upright(area: &Area<'_>, bits: &Bits, transposed: bool, found: &mut Vec<AreaRead>) {
    let place = |(x, y): Point| if transposed { (y, x) } else { (x, y) };
    let (starts, stops) = edges(bits);
    for start in starts {
        let (top, bottom) = start.rows();
        let middle = (top + bottom) / 2.0;
        let sign = if start.backwards { -1.0 } else { 1.0 };
        let within = place((start.at(middle) + sign * 20.0 * start.module, middle));
        if area.read.iter().chain(found.iter().map(|read| &read.corners)).any(|c| inside(c, within)) {
            continue;
        }
        // The other edge, if it was seen: beyond this one, beside it, read in the same direction.
        let stop = stops
            .iter()
            .filter(|stop| {
                let (first, last) = stop.rows();
                stop.backwards == start.backwards
                    && sign * (stop.at(middle) - start.at(middle)) > 40.0 * start.module
                    && first.max(top) < last.min(bottom)
            })
            .min_by(|a, b| (sign * a.at(middle)).total_cmp(&(sign * b.at(middle))));
        let mut table = Table::default();
        for line in lines(&start, stop, bits.width, bits.height) {
            let line = Line { from: place(line.0), to: place(line.1), spread: usize::from(start.module > 2.0) };
            table.read(area.grey, &line);
        }
        if let Some((payload, left)) = table.decode()
            && let Some(corners) = table.corners(transposed != start.backwards)
        {
            found.push(AreaRead { payload, corners, unused_correction: Some(left) });
        }
    }
}

/// Start patterns and stop patterns that lie above one another.
fn edges(bits: &Bits) -> (Vec<Edge>, Vec<Edge>) {
    let (mut starts, mut stops) = (Vec::new(), Vec::new());
    let mut turns = Vec::new();
    for y in (STEP / 2..bits.height).step_by(STEP) {
        bits.edges(y, &mut turns);
        for first in 0..turns.len().saturating_sub(ELEMENTS) {
            let Ok(around) = <[u32; 9]>::try_from(&turns[first..first + 9]) else { continue };
            let mut runs = [0.0f32; 8];
            for (run, pair) in runs.iter_mut().zip(around.windows(2)) {
                *run = (pair[1] - pair[0]) as f32;
            }
            let dark_first = first % 2 == 0;
            // The wide bar is the outer end of either pattern.
            let outer = if dark_first { 0 } else { 7 };
            let whole = around[8] - around[0];
            let module = whole as f32 / MODULES;
            if runs[outer] < 5.0 * module || module < 1.0 {
                continue;
            }
            if !dark_first {
                runs.reverse();
            }
            for (pattern, edges) in [(&START, &mut starts), (&STOP, &mut stops)] {
                if distance(&runs, module, pattern) > TOLERANCE + 1.5 / module {
                    continue;
                }
                // A stop pattern seen forwards begins with its wide bar inside the symbol, and its other
                // end is where the symbol ends; both are a line beside the edge, which is all that counts.
                let at = if dark_first { around[0] } else { around[8] } as f32 - 0.5;
                add(edges, (at, y as f32), module, !dark_first);
            }
        }
    }
    let whole = |edges: Vec<Edge>| edges.into_iter().filter(|edge| edge.hits.len() >= LEAST_HITS).collect();
    (whole(starts), whole(stops))
}

fn add(edges: &mut Vec<Edge>, hit: Point, module: f32, backwards: bool) {
    let old = edges.iter_mut().find(|edge| {
        let last = edge.hits[edge.hits.len() - 1];
        edge.backwards == backwards
            && (hit.0 - last.0).abs() < 2.0 * module + 0.7 * (hit.1 - last.1)
            && hit.1 - last.1 < 12.0 * STEP as f32
            && module < 1.5 * edge.module
            && edge.module < 1.5 * module
    });
    match old {
        Some(edge) => edge.hits.push(hit),
        None => edges.push(Edge { hits: vec![hit], module, backwards }),
    }
}

/// Lines along the rows of a symbol, in the picture of its bits.
fn lines(start: &Edge, stop: Option<&Edge>, width: usize, height: usize) -> Vec<(Point, Point)> {
    let (top, bottom) = start.rows();
    let more = 0.4 * (bottom - top) + 8.0 * start.module;
    let (first, last) = (top - more, bottom + more);
    let count = ((last - first) as usize).clamp(8, LINES);
    let sign = if start.backwards { -1.0 } else { 1.0 };
    let slope = (start.at(bottom) - start.at(top)) / (bottom - top).max(1.0);
    (0..count)
        .filter_map(|k| {
            let y = first + (last - first) * (k as f32 + 0.5) / count as f32;
            let x = start.at(y);
            // The rows are square to the edge, or lead to the same part of the other one.
            let (dx, dy) = match stop {
                Some(stop) => {
                    let (other_top, other_bottom) = stop.rows();
                    let t = (y - top) / (bottom - top).max(1.0);
                    // Both edges are as long as the symbol is high, but hits may be missing at the ends.
                    let seen = (other_bottom - other_top).max(1.0) / (bottom - top).max(1.0);
                    let other = if (0.75..1.34).contains(&seen) {
                        other_top + (other_bottom - other_top) * t
                    } else {
                        y - slope * (stop.at(y) - x)
                    };
                    (stop.at(other) - x + sign * 22.0 * start.module, other - y)
                }
                None => (sign, -slope * sign),
            };
            let length = (dx * dx + dy * dy).sqrt().max(1e-3);
            let back = 6.0 * start.module / length;
            let reach = if stop.is_some() { 1.0 } else { width.max(height) as f32 / length };
            let line = ((x - dx * back, y - dy * back), (x + dx * reach, y + dy * reach));
            clip(line, width, height)
        })
        .collect()
}

/// The part of a line inside the picture, begun at its first point.
fn clip((from, to): (Point, Point), width: usize, height: usize) -> Option<(Point, Point)> {
    let within = |(x, y): Point| {
        (0.0..width as f32 - 1.0).contains(&x) && (0.0..height as f32 - 1.0).contains(&y)
    };
    let at = |t: f32| (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
    let first = (0..=40).map(|k| k as f32 / 400.0).find(|&t| within(at(t)))?;
    let last = (0..=100).map(|k| 1.0 - k as f32 / 100.0).find(|&t| within(at(t)))?;
    (last > first + 0.05).then(|| (at(first), at(last)))
}

/// What the lines through one symbol say.
#[derive(Default)]
struct Table {
    /// Row, column and value; the columns count from the left row indicator, which is 0.
    words: Vec<(usize, usize, u16)>,
    /// What indicators say of the symbol: a third of the rows less one, the level with what is left of
    /// the rows, the columns less one.
    said: [Vec<u16>; 3],
    /// Ends of the lines that were read.
    ends: Vec<(Point, Point)>,
    profile: Vec<f32>,
    bars: Bars,
}

impl Table {
    fn read(&mut self, grey: &Grey, line: &Line) {
        line.profile(grey, &mut self.profile);
        Bars::find(&self.profile, &mut self.bars);
        let bars = &self.bars;
        let start = bars.darks().take_while(|&i| i < 24).find(|&i| {
            bars.widths(i, ELEMENTS).is_some_and(|widths| {
                distance(widths, widths.iter().sum::<f32>() / MODULES, &START) < TOLERANCE
            })
        });
        let Some(start) = start else { return };
        let Some(widths) = bars.widths(start, ELEMENTS) else { return };
        let mut size: f32 = widths.iter().sum();
        // Ink spreads: by how much narrow bars are wider than the mean of narrow bars and spaces.
        let narrow_bars = (widths[2] + widths[4] + widths[6]) / 3.0;
        let narrow_spaces = (widths[1] + widths[3] + widths[5]) / 3.0;
        let spread = (narrow_bars - narrow_spaces) / 2.0;
        let mut at = start + ELEMENTS;
        let mut row: Option<(usize, u8)> = None;
        let mut column = 0;
        while let Some(widths) = bars.widths(at, ELEMENTS) {
            let whole: f32 = widths.iter().sum();
            let apart = (whole - size).abs();
            if apart > 0.15 * size && distance(widths, whole / MODULES, &STOP) > TOLERANCE {
                break;
            }
            size = whole;
            let read = character(widths, spread);
            match (read, row) {
                (Some((value, cluster)), None) => {
                    if column > 0 {
                        break;
                    }
                    let number = 3 * usize::from(value / 30) + usize::from(cluster / 3);
                    self.said[usize::from(cluster / 3)].push(value % 30);
                    row = Some((number, cluster));
                }
                (Some((value, cluster)), Some((number, last))) => {
                    // A slanting line comes into the row above or below.
                    let number = match (9 + cluster - last) % 9 {
                        0 => Some(number),
                        3 => Some(number + 1),
                        _ => number.checked_sub(1),
                    };
                    let Some(number) = number else { break };
                    row = Some((number, cluster));
                    self.words.push((number, column, value));
                }
                (None, None) => break,
                (None, Some(_)) => {}
            }
            at += ELEMENTS;
            column += 1;
        }
        if column > 2
            && let (Some(&first), Some(&last)) = (bars.edges.get(start), bars.edges.get(at))
        {
            self.ends.push((line.at(first), line.at(last)));
        }
    }

    /// From codewords to payload: size and level by what most indicators say, error correction, then
    /// compaction; with the share of correctable errors that was left.
    fn decode(&self) -> Option<(Payload, f32)> {
        let [rows, level, columns] = [0, 1, 2].map(|k| most(self.said[k].iter().copied()));
        let (rows, level, columns) = (rows?, level?, usize::from(columns?) + 1);
        let rows = 3 * usize::from(rows) + usize::from(level % 3) + 1;
        let level = u32::from(level / 3);
        let spare = 2usize << level;
        if !(3..=90).contains(&rows) || level > 8 || rows * columns > 928 || spare + 2 > rows * columns {
            return None;
        }
        let mut votes = vec![Vec::new(); rows * columns];
        for &(row, column, value) in &self.words {
            if row < rows && (1..=columns).contains(&column) {
                votes[row * columns + column - 1].push(value);
            }
        }
        let mut words = Vec::with_capacity(votes.len());
        let mut erased = Vec::new();
        for (at, values) in votes.iter().enumerate() {
            let value = most(values.iter().copied());
            words.push(value.unwrap_or(0));
            if value.is_none() {
                erased.push(at);
            }
        }
        let read = words.clone();
        // Two are kept to notice what cannot be corrected, of more than two (5.7.2).
        let reserve = if level == 0 { 0 } else { 2 };
        let left = FIELD.correct(&mut words, spare, reserve, &erased)?;
        let wrong =
            (0..words.len()).filter(|at| words[*at] != read[*at] && !erased.contains(at)).count();
        if spare < EVIDENCE + wrong + erased.len() {
            return None;
        }
        let length = usize::from(words[0]);
        if length == 0 || length > words.len() - spare {
            return None;
        }
        Some((payload(&words[1..length])?, left))
    }

    /// The corners, from the ends of the first and the last line.
    fn corners(&self, mirrored: bool) -> Option<[Point; 4]> {
        let (first, last) = (self.ends.first()?, self.ends.last()?);
        let (top, bottom) = if mirrored { (last, first) } else { (first, last) };
        Some([top.0, top.1, bottom.1, bottom.0])
    }
}

/// The value said most often.
fn most(values: impl Iterator<Item = u16> + Clone) -> Option<u16> {
    let count = |wanted: u16| values.clone().filter(|&value| value == wanted).count();
    values.clone().max_by_key(|&value| count(value))
}

/// The value and the cluster of a symbol character (5.1.2, annex A).
fn character(widths: &[f32], spread: f32) -> Option<(u16, u8)> {
    let module = widths.iter().sum::<f32>() / MODULES;
    let mut symbol = 0u32;
    let (mut so_far, mut last) = (0.0, 0);
    let mut modules = [0i32; ELEMENTS];
    for (k, width) in widths.iter().enumerate() {
        let bar = k % 2 == 0;
        so_far += if bar { width - spread } else { width + spread };
        let edge = (so_far / module + 0.5) as i32;
        modules[k] = edge - last;
        last = edge;
        if !(1..=6).contains(&modules[k]) {
            return None;
        }
        for _ in 0..modules[k] {
            symbol = symbol << 1 | u32::from(bar);
        }
    }
    let cluster = (modules[0] - modules[2] + modules[4] - modules[6] + 9) % 9;
    let value = getCodeword(symbol);
    (last == 17 && cluster % 3 == 0 && value >= 0).then_some((value as u16, cluster as u8))
}
