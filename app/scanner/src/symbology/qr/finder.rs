//! Finder patterns of QR Code (ISO/IEC 18004, 6.3.3): dark and light in the proportion 1:1:3:1:1 on every
//! line through the middle, and three of them at the corners of a square.

use super::{Area, inside};
use crate::bits::Bits;
use crate::grid::Point;

/// A finder pattern.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pattern {
    pub(super) centre: Point,
    /// Pixels a module is wide, roughly.
    pub(super) module: f32,
    /// Rows on which it was seen.
    hits: u32,
}

/// Three finder patterns that may belong together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Set {
    pub(super) top_left: Pattern,
    pub(super) top_right: Pattern,
    pub(super) bottom_left: Pattern,
    /// Modules on a side, as measured.
    pub(super) size: f32,
    /// How far from a square: the smaller the better.
    off: f32,
}

/// Rows between those that are searched.
const STEP: usize = 2;
/// Patterns that sets are made of, those seen on the most rows.
const PATTERNS: usize = 24;

/// Every finder pattern of the picture outside what was read.
pub(super) fn patterns(area: &Area<'_>) -> Vec<Pattern> {
    let bits = area.bits;
    let mut patterns: Vec<Pattern> = Vec::new();
    let mut edges = area.room.edges.take();
    for y in (STEP / 2..bits.height).step_by(STEP) {
        bits.edges(y, &mut edges);
        for start in (0..edges.len().saturating_sub(5)).step_by(2) {
            let Ok(run) = <[u32; 6]>::try_from(&edges[start..start + 6]) else { continue };
            let runs = [0, 1, 2, 3, 4].map(|k| (run[k + 1] - run[k]) as f32);
            let Some(module) = proportion(runs) else { continue };
            let middle = (run[2] + run[3]) as f32 / 2.0 - 0.5;
            let here = (middle, y as f32);
            let old = patterns.iter_mut().find(|old| {
                (old.centre.0 - here.0).abs() < 1.5 * module && (old.centre.1 - here.1).abs() < 4.0 * module
            });
            if let Some(old) = old {
                old.hits += 1;
                continue;
            }
            if let Some(pattern) = confirmed(bits, here, module)
                && !area.read.iter().any(|corners| inside(corners, pattern.centre))
            {
                add(&mut patterns, pattern);
            }
        }
    }
    area.room.edges.set(edges);
    patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.hits));
    patterns.truncate(PATTERNS);
    patterns
}

fn add(patterns: &mut Vec<Pattern>, pattern: Pattern) {
    let old = patterns.iter_mut().find(|old| {
        (old.centre.0 - pattern.centre.0).hypot(old.centre.1 - pattern.centre.1) < 2.0 * pattern.module
    });
    match old {
        Some(old) => old.hits += 1,
        None => patterns.push(pattern),
    }
}

/// The module of five runs in the proportion 1:1:3:1:1. Distances between similar edges are compared,
/// which ink spread and blur leave alone, and the runs themselves only loosely.
fn proportion(runs: [f32; 5]) -> Option<f32> {
    let module = runs.iter().sum::<f32>() / 7.0;
    if module < 1.0 {
        return None;
    }
    let slack = 0.7 * module + 0.6;
    let similar =
        (0..4).all(|k| (runs[k] + runs[k + 1] - if k % 3 == 0 { 2.0 } else { 4.0 } * module).abs() < slack);
    let narrow = [0, 1, 3, 4].iter().all(|&k| runs[k] > 0.3 * module && runs[k] < 2.1 * module);
    (similar && narrow && runs[2] > 1.8 * module && runs[2] < 4.3 * module).then_some(module)
}

/// Runs of a line through a place: light and dark ring and half of the middle on either side, with the
/// offset of the middle; `None` where the picture ends first or a run is far too long.
fn through(bits: &Bits, from: Point, (dx, dy): Point, most: f32) -> Option<([f32; 5], f32)> {
    let mut ends = [[0.0f32; 3]; 2];
    for (side, ends) in ends.iter_mut().enumerate() {
        let sign = if side == 0 { -1.0 } else { 1.0 };
        let mut at = 0.0f32;
        for (k, end) in ends.iter_mut().enumerate() {
            let dark = k != 1;
            loop {
                let (x, y) = (from.0 + sign * dx * at, from.1 + sign * dy * at);
                if bits.is_dark((x + 0.5) as i32, (y + 0.5) as i32) != dark {
                    break;
                }
                at += 1.0;
                if at > most {
                    return None;
                }
            }
            *end = at - 0.5;
        }
    }
    let [back, ahead] = ends;
    let runs =
        [back[2] - back[1], back[1] - back[0], back[0] + ahead[0], ahead[1] - ahead[0], ahead[2] - ahead[1]];
    Some((runs, (ahead[0] - back[0]) / 2.0))
}

/// Looks at a place down, across and along both diagonals.
fn confirmed(bits: &Bits, place: Point, module: f32) -> Option<Pattern> {
    let most = 8.0 * module + 2.0;
    let (down, off) = through(bits, place, (0.0, 1.0), most)?;
    let high = proportion(down)?;
    let place = (place.0, place.1 + off);
    let (across, off) = through(bits, place, (1.0, 0.0), most)?;
    let wide = proportion(across)?;
    let place = (place.0 + off, place.1);
    if high > 2.2 * wide || wide > 2.2 * high {
        return None;
    }
    let root = std::f32::consts::FRAC_1_SQRT_2;
    let mut fits = 0;
    let mut least = high.min(wide);
    for direction in [(root, root), (root, -root)] {
        if let Some((runs, _)) = through(bits, place, direction, 1.5 * most)
            && let Some(module) = proportion(runs)
        {
            fits += 1;
            least = least.min(module);
        }
    }
    (fits > 0).then_some(Pattern { centre: place, module: least, hits: 1 })
}

/// The module in the direction of another pattern.
fn module_towards(bits: &Bits, pattern: &Pattern, other: Point) -> f32 {
    let (dx, dy) = (other.0 - pattern.centre.0, other.1 - pattern.centre.1);
    let length = dx.hypot(dy).max(1.0);
    let seen = through(bits, pattern.centre, (dx / length, dy / length), 10.0 * pattern.module + 2.0);
    seen.map_or(pattern.module, |(runs, _)| runs.iter().sum::<f32>() / 7.0)
}

/// Sets of three, the most square first.
pub(super) fn sets(bits: &Bits, patterns: &[Pattern]) -> Vec<Set> {
    let mut sets = Vec::new();
    for corner in 0..patterns.len() {
        for a in 0..patterns.len() {
            for b in a + 1..patterns.len() {
                if corner != a && corner != b {
                    sets.extend(set(bits, [patterns[corner], patterns[a], patterns[b]]));
                }
            }
        }
    }
    sets.sort_by(|a, b| a.off.total_cmp(&b.off));
    sets
}

/// Three patterns as a set whose first is the one in the corner, if they look like one.
fn set(bits: &Bits, [corner, a, b]: [Pattern; 3]) -> Option<Set> {
    let (smallest, largest) = [corner, a, b]
        .iter()
        .fold((f32::MAX, 0.0f32), |(lo, hi), pattern| (lo.min(pattern.module), hi.max(pattern.module)));
    if largest > 2.2 * smallest {
        return None;
    }
    let to = |p: &Pattern| (p.centre.0 - corner.centre.0, p.centre.1 - corner.centre.1);
    let (u, v) = (to(&a), to(&b));
    let (long, short) = (u.0.hypot(u.1).max(v.0.hypot(v.1)), u.0.hypot(u.1).min(v.0.hypot(v.1)));
    let cosine = (u.0 * v.0 + u.1 * v.1) / (long * short).max(1.0);
    if long > 2.0 * short || cosine.abs() > 0.55 || short < 11.0 * smallest || long > 185.0 * largest {
        return None;
    }
    let measured = |other: &Pattern, length: f32| {
        let module = (module_towards(bits, &corner, other.centre) + module_towards(bits, other, corner.centre))
            / 2.0;
        length / module + 7.0
    };
    let (first, second) = (measured(&a, u.0.hypot(u.1)), measured(&b, v.0.hypot(v.1)));
    let size = (first + second) / 2.0;
    let apart = (first - second).abs() / size;
    if !(18.0..190.0).contains(&size) || apart > 0.35 {
        return None;
    }
    let off = cosine.abs() + (long / short).ln() + 2.0 * apart + 0.7 * (largest / smallest).ln();
    // Clockwise from the corner, with the vertical axis pointing down.
    let (top_right, bottom_left) = if u.0 * v.1 - u.1 * v.0 > 0.0 { (a, b) } else { (b, a) };
    Some(Set { top_left: corner, top_right, bottom_left, size, off })
}
