//! PDF417 (ISO/IEC 15438): start and stop patterns above one another, rows read along lines through the
//! grey picture, every codeword put in its place by what the row indicators and its cluster say; what lies
//! between two edges and has bars too blurred for that is read by likeness.

use super::{Area, AreaRead, Payload, Symbology, distance, inside};
use crate::bits::Bits;
use crate::grid::Point;
use crate::line::Line;
use table::Table;

mod likely;
mod payload;
mod plane;
mod table;
mod words;

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
/// How far a stop pattern may lie above or below its start pattern, by their distance.
const SLANT: f32 = 0.3;
/// Lines laid through one symbol.
const LINES: usize = 200;

impl Symbology for Pdf417 {
    fn in_area(&self, area: &Area<'_>, found: &mut Vec<AreaRead>) {
        upright(area, area.bits, false, found);
        let mut across = area.room.across.take();
        area.bits.transpose_into(&mut across);
        upright(area, &across, true, found);
        area.room.across.set(across);
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

/// The edges of one symbol that were seen, one at least.
#[derive(Clone, Copy)]
struct Sides<'a> {
    start: Option<&'a Edge>,
    stop: Option<&'a Edge>,
}

impl<'a> Sides<'a> {
    /// The edge that the symbol was found by.
    fn seed(&self) -> Option<&'a Edge> {
        self.start.or(self.stop)
    }

    /// Which way the symbol lies from that edge along the rows of the picture.
    fn inward(&self, seed: &Edge) -> f32 {
        if seed.backwards == self.start.is_some() { -1.0 } else { 1.0 }
    }
}

/// Every start pattern with its stop pattern, if that was seen, and the stop patterns that are left.
fn sides<'a>(starts: &'a [Edge], stops: &'a [Edge]) -> Vec<Sides<'a>> {
    let mut paired = vec![false; stops.len()];
    let mut sides = Vec::with_capacity(starts.len() + stops.len());
    for start in starts {
        let (top, bottom) = start.rows();
        let middle = (top + bottom) / 2.0;
        let sign = if start.backwards { -1.0 } else { 1.0 };
        // Beyond this edge, beside it but for a slant, read in the same direction.
        let stop = (0..stops.len())
            .filter(|&k| {
                let (first, last) = stops[k].rows();
                let distance = sign * (stops[k].at(middle) - start.at(middle));
                stops[k].backwards == start.backwards
                    && distance > 40.0 * start.module
                    && first.max(top) < last.min(bottom) + SLANT * distance
            })
            .min_by(|&a, &b| (sign * stops[a].at(middle)).total_cmp(&(sign * stops[b].at(middle))));
        if let Some(k) = stop {
            paired[k] = true;
        }
        sides.push(Sides { start: Some(start), stop: stop.map(|k| &stops[k]) });
    }
    let alone = stops.iter().zip(paired).filter(|(_, paired)| !paired);
    sides.extend(alone.map(|(stop, _)| Sides { start: None, stop: Some(stop) }));
    sides
}

/// Symbols whose rows lie more or less along the rows of bits.
fn upright(area: &Area<'_>, bits: &Bits, transposed: bool, found: &mut Vec<AreaRead>) {
    let place = |(x, y): Point| if transposed { (y, x) } else { (x, y) };
    let (starts, stops) = edges(area, bits);
    for sides in sides(&starts, &stops) {
        let Some(seed) = sides.seed() else { continue };
        let (top, bottom) = seed.rows();
        let middle = (top + bottom) / 2.0;
        let within = place((seed.at(middle) + sides.inward(seed) * 20.0 * seed.module, middle));
        if area.read.iter().chain(found.iter().map(|read| &read.corners)).any(|c| inside(c, within)) {
            continue;
        }
        let mut table = Table::default();
        for line in lines(sides, bits.width, bits.height) {
            let spread = usize::from(seed.module > 2.0);
            let line = Line { from: place(line.0), to: place(line.1), spread, bars: None };
            table.read(area.grey, &line);
        }
        if let Some((payload, left)) = table.decode()
            && let Some(corners) = table.corners(transposed != seed.backwards)
        {
            found.push(AreaRead { payload, corners, unused_correction: Some(left) });
        } else if area.thorough
            && let Some((start, stop)) = sides.start.zip(sides.stop)
        {
            found.extend(plane::read(area, start, stop, transposed));
        }
    }
}

/// Start patterns and stop patterns that lie above one another.
fn edges(area: &Area<'_>, bits: &Bits) -> (Vec<Edge>, Vec<Edge>) {
    let (mut starts, mut stops) = (Vec::new(), Vec::new());
    let mut turns = area.room.edges.take();
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
    area.room.edges.set(turns);
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

/// Lines along the rows of a symbol, in the picture of its bits and in the direction in which it is read.
fn lines(sides: Sides<'_>, width: usize, height: usize) -> Vec<(Point, Point)> {
    let Some(seed) = sides.seed() else { return Vec::new() };
    let (top, bottom) = seed.rows();
    let more = 0.4 * (bottom - top) + 8.0 * seed.module;
    let (first, last) = (top - more, bottom + more);
    let count = ((last - first) as usize).clamp(8, LINES);
    let inward = sides.inward(seed);
    let slope = (seed.at(bottom) - seed.at(top)) / (bottom - top).max(1.0);
    // A stop pattern lies beyond the place that it is known by.
    let outside = if sides.start.is_some() { 6.0 } else { 22.0 } * seed.module;
    (0..count)
        .filter_map(|k| {
            let y = first + (last - first) * (k as f32 + 0.5) / count as f32;
            let x = seed.at(y);
            // The rows are square to the edge, or lead to the same part of the other one.
            let other = sides.start.and(sides.stop);
            let (dx, dy) = match other {
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
                    (stop.at(other) - x + inward * 22.0 * seed.module, other - y)
                }
                None => (inward, -slope * inward),
            };
            let length = (dx * dx + dy * dy).sqrt().max(1e-3);
            let back = outside / length;
            let reach = if other.is_some() { 1.0 } else { width.max(height) as f32 / length };
            let line = clip(((x - dx * back, y - dy * back), (x + dx * reach, y + dy * reach)), width, height);
            line.map(|(from, to)| if sides.start.is_some() { (from, to) } else { (to, from) })
        })
        .collect()
}

/// The part of a line inside the picture; `None` where there is little of it.
fn clip((from, to): (Point, Point), width: usize, height: usize) -> Option<(Point, Point)> {
    let (mut first, mut last) = (0.0f32, 1.0f32);
    for (a, b, most) in [(from.0, to.0, width as f32 - 1.0), (from.1, to.1, height as f32 - 1.0)] {
        let (low, high) = (-a / (b - a), (most - a) / (b - a));
        if low.is_finite() && high.is_finite() {
            first = first.max(low.min(high));
            last = last.min(low.max(high));
        } else if !(0.0..=most).contains(&a) {
            return None;
        }
    }
    let at = |t: f32| (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
    (last > first + 0.05).then(|| (at(first), at(last)))
}
