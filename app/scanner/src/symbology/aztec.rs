//! Aztec Code (ISO/IEC 24778): a bull's eye of square rings, the mode message around it, and layers of
//! codewords around that.

use std::cmp::Reverse;

use super::{Area, AreaRead, Payload, Symbology, inside};
use crate::bits::Bits;
use crate::grid::{Grid, Known, Look, Modules, Point, Projection};
use crate::luma::Grey;
use layout::{Mode, number};
use payload::payload;

mod layout;
mod payload;

pub(super) struct Aztec;

/// Rows between those that are searched.
const STEP: usize = 2;
/// Bull's eyes that are looked at in one picture.
const EYES: usize = 60;
/// Rays from the middle of a bull's eye on which its third ring is measured.
const RAYS: usize = 64;
/// How far a ring's outline may be, by what it is on the row: the diagonal of a square, and half as much
/// again for the slant.
const MOST_SLANT: f32 = 2.1;
/// Half the side of the light ring, up to which every bull's eye is the same, in modules.
const RING: f32 = 3.5;
/// The share of the rings that a fitted grid must show.
const LEAST_AGREEMENT: f32 = 0.85;
/// The same before it is fitted.
const LEAST_BEFORE: f32 = 0.7;
/// Words that must stay unspent for a symbol to be believed.
const EVIDENCE: usize = 3;
/// How far off the middle of a module it is looked at too, in modules; farther where modules are so many
/// pixels wide that what is beside them does not come in.
const OFF: f32 = 0.25;
const OFF_WIDE: f32 = 0.35;
const WIDE: f32 = 3.0;
/// Looks at what is known of a symbol, at most.
const MOST_KNOWN: usize = 1000;
/// How much blur is undone, in turn.
const WAYS: [f32; 3] = [0.4, 0.0, 1.0];

impl Symbology for Aztec {
    fn in_area(&self, area: &Area<'_>, found: &mut Vec<AreaRead>) {
        let mut eyes = eyes(area);
        // In a noisy picture even paper has some, but none with much contrast.
        if eyes.len() > EYES {
            eyes.sort_by_cached_key(|&(centre, module)| Reverse(contrast(area.grey, centre, module)));
        }
        for (centre, module) in eyes.into_iter().take(EYES) {
            if !found.iter().any(|read| inside(&read.corners, centre)) {
                found.extend(read(area.look(), centre, module));
            }
        }
    }
}

/// Middles of bull's eyes outside what was read, and their modules in pixels.
fn eyes(area: &Area<'_>) -> Vec<(Point, f32)> {
    let bits = area.bits;
    let mut eyes: Vec<(Point, f32)> = Vec::new();
    let mut edges = area.room.edges.take();
    for y in (STEP / 2..bits.height).step_by(STEP) {
        bits.edges(y, &mut edges);
        // Seven runs with a dark one in the middle begin with a light one.
        for first in (1..edges.len().saturating_sub(7)).step_by(2) {
            let whole = edges[first + 7] - edges[first];
            // Seven runs of about a module each, in whole numbers: texture has a candidate on every line.
            let runs = edges[first..first + 8].windows(2).map(|e| 7 * (e[1] - e[0]));
            let is_a_module = |run: u32| 3 * run + 9 > whole && run < 2 * whole + 3;
            if whole < 9 || !runs.into_iter().all(is_a_module) {
                continue;
            }
            let module = whole as f32 / 7.0;
            let ends = [4, 5, 6, 7].map(|k| (edges[first + k] - edges[first + 7 - k]) as f32 / 2.0);
            if !even(ends) {
                continue;
            }
            let place = ((edges[first + 3] + edges[first + 4]) as f32 / 2.0 - 0.5, y as f32);
            let near = |eye: &(Point, f32)| {
                (eye.0.0 - place.0).abs() < 2.0 * module && (eye.0.1 - place.1).abs() < 2.0 * module
            };
            if eyes.iter().any(near) || area.read.iter().any(|corners| inside(corners, place)) {
                continue;
            }
            // The middle's height and the rings above and below, before anything dearer.
            let is_dark = |dy: f32| bits.is_dark((place.0 + 0.5) as i32, (place.1 + dy + 0.5) as i32);
            let reach = |sign: f32| (1..999).find(|&k| !is_dark(sign * k as f32) || k as f32 > 2.0 * module);
            let (Some(above), Some(below)) = (reach(-1.0), reach(1.0)) else { continue };
            let off = (below - above) as f32 / 2.0;
            let right = !is_dark(off - module) && !is_dark(off + module);
            if right && (above + below) as f32 <= 2.0 * module + 2.0 {
                eyes.extend(confirmed(bits, place, module));
            }
        }
    }
    area.room.edges.set(edges);
    eyes
}

/// How far brightness swings on the row across a bull's eye, in grey levels.
fn contrast(grey: &Grey, (x, y): Point, module: f32) -> u8 {
    let row = grey.row(y.max(0.0) as usize);
    let (first, last) = ((x - 3.5 * module).max(0.0) as usize, (x + 3.5 * module).max(0.0) as usize);
    let eye = row.get(first..(last + 1).min(row.len())).unwrap_or(&[]);
    eye.iter().max().zip(eye.iter().min()).map_or(0, |(lightest, darkest)| lightest - darkest)
}

/// Whether four half widths are 1, 3, 5 and 7 of the same.
fn even(ends: [f32; 4]) -> bool {
    let half = ends[3] / 7.0;
    ends.iter().zip([1.0, 3.0, 5.0]).all(|(end, halves)| (end - half * halves).abs() < 0.75 * half + 0.5)
}

/// Distances from a place to where the rings change, on one ray. None may end farther than a square of
/// that module seen at a slant would have it: on texture the walk is short.
fn ray(bits: &Bits, from: Point, (dx, dy): Point, module: f32) -> Option<[f32; 4]> {
    let mut ends = [0.0f32; 4];
    let mut at = 0.0f32;
    for (k, end) in ends.iter_mut().enumerate() {
        let dark = k % 2 == 0;
        let most = (k as f32 + 0.5) * MOST_SLANT * module + 2.0;
        while bits.is_dark((from.0 + dx * at + 0.5) as i32, (from.1 + dy * at + 0.5) as i32) == dark {
            at += 0.5;
            if at > most {
                return None;
            }
        }
        *end = at - 0.25;
    }
    Some(ends)
}

/// Looks at a place down, across and along both diagonals.
fn confirmed(bits: &Bits, place: Point, module: f32) -> Option<(Point, f32)> {
    let mut place = place;
    let root = std::f32::consts::FRAC_1_SQRT_2;
    for (dx, dy) in [(0.0, 1.0), (1.0, 0.0), (root, root), (root, -root)] {
        let (ahead, back) = (ray(bits, place, (dx, dy), module)?, ray(bits, place, (-dx, -dy), module)?);
        let ends = [0, 1, 2, 3].map(|k| (ahead[k] + back[k]) / 2.0);
        if !even(ends) {
            return None;
        }
        let off = (ahead[1] - back[1]) / 2.0;
        if dx == 0.0 || dy == 0.0 {
            place = (place.0 + dx * off, place.1 + dy * off);
        }
    }
    Some((place, module))
}

/// The corners of the light ring, clockwise: the farthest point of its outline, the farthest from there
/// on the other side, and on either side what lies farthest from the line between them.
fn ring(bits: &Bits, centre: Point, module: f32) -> Option<[Point; 4]> {
    let mut outline = Vec::with_capacity(RAYS);
    for k in 0..RAYS {
        let (sin, cos) = (std::f32::consts::TAU * k as f32 / RAYS as f32).sin_cos();
        if let Some(ends) = ray(bits, centre, (cos, sin), module) {
            outline.push((centre.0 + cos * ends[3], centre.1 + sin * ends[3]));
        }
    }
    if outline.len() < RAYS * 3 / 4 {
        return None;
    }
    let from = |a: Point| move |b: &Point| (b.0 - a.0) * (b.0 - a.0) + (b.1 - a.1) * (b.1 - a.1);
    let farthest = |a: Point| {
        let distance = from(a);
        outline.iter().copied().max_by(|p, q| distance(p).total_cmp(&distance(q)))
    };
    let first = farthest(centre)?;
    let third = farthest(first)?;
    let side = |p: &Point| (third.0 - first.0) * (p.1 - first.1) - (third.1 - first.1) * (p.0 - first.0);
    let second = outline.iter().copied().min_by(|p, q| side(p).total_cmp(&side(q)))?;
    let fourth = outline.iter().copied().max_by(|p, q| side(p).total_cmp(&side(q)))?;
    Some([first, second, third, fourth])
}

/// Where a module is looked at: `at` modules off its middle too, or a sharp picture would hold the grid
/// only loosely.
fn looks((x, y): Point, at: f32) -> [Point; 5] {
    [(0.0, 0.0), (-at, -at), (at, -at), (at, at), (-at, at)].map(|(u, v)| (x + u, y + v))
}

/// Ring of a module around the middle: even ones are dark.
fn rings(from: i32, to: i32, middle: f32, off: f32) -> Vec<Known> {
    let mut known = Vec::new();
    for dy in -to..=to {
        for dx in -to..=to {
            let ring = dx.abs().max(dy.abs());
            if ring >= from {
                let places = looks((middle + dx as f32, middle + dy as f32), off);
                known.extend(places.map(|place| Known { place, dark: ring % 2 == 0 }));
            }
        }
    }
    known
}

/// Reads the symbol around a bull's eye.
fn read(look: Look<'_>, centre: Point, module: f32) -> Option<AreaRead> {
    let corners = ring(look.bits, centre, module)?;
    let [low, high] = [4.5 - RING, 4.5 + RING];
    let mut eye = Grid::through(9, 9, [(low, low), (high, low), (high, high), (low, high)], corners)?;
    let known = rings(0, 4, 4.5, OFF);
    if eye.agreement(look, &known) < LEAST_BEFORE {
        return None;
    }
    let off = if eye.module() < WIDE { OFF } else { OFF_WIDE };
    if !eye.fitted(look, &rings(0, 4, 4.5, off), 0.4, LEAST_AGREEMENT) {
        return None;
    }
    let full = eye.agreement(look, &rings(5, 6, 4.5, OFF)) >= LEAST_AGREEMENT;
    let reach = if full { 7 } else { 5 };
    let mut grid = around(&eye.projection()?, 4.5, 2 * reach as usize + 1)?;
    grid.refine(look, &rings(0, reach - 1, reach as f32 + 0.5, off), 0.2);
    let projection = grid.projection()?;
    let marks = Modules::of(&grid.levels(look.grey)?, grid.columns, grid.rows, 0.4);
    for mirrored in [false, true] {
        for turn in 0..4 {
            let turned = |(x, y): (i32, i32)| turned((x, y), turn, mirrored);
            let dark = |place: (i32, i32)| {
                let (x, y) = turned(place);
                marks.is_dark((x + reach) as usize, (y + reach) as usize)
            };
            if let Some(mode) = Mode::read(reach, &dark) {
                let middle = reach as f32 + 0.5;
                return layers(look, &projection, middle, &mode, &turned);
            }
        }
    }
    None
}

/// A place about the middle, turned by quarters, or first mirrored.
fn turned((x, y): (i32, i32), turn: usize, mirrored: bool) -> (i32, i32) {
    let (x, y) = if mirrored { (y, x) } else { (x, y) };
    match turn {
        0 => (x, y),
        1 => (-y, x),
        2 => (-x, -y),
        _ => (y, -x),
    }
}

/// A grid of `size` modules around the middle of another's projection.
fn around(projection: &Projection, middle: f32, size: usize) -> Option<Grid> {
    let half = size as f32 / 2.0;
    let (low, high) = (middle - half, middle + half);
    let corners = [(low, low), (high, low), (high, high), (low, high)].map(|corner| projection.at(corner));
    let grid = Grid { columns: size, rows: size, corners };
    grid.is_sane().then_some(grid)
}

/// The bull's eye of a full symbol and its reference grid (7.1.4) up to a distance from the middle: lines
/// sixteen modules apart, dark where the distance is even.
fn reference(reach: i32, off: f32) -> Vec<Known> {
    let mut known = rings(0, 6, reach as f32 + 0.5, off);
    for line in (0..=reach).step_by(16) {
        for k in 7..=reach {
            for (x, y) in [(line, k), (line, -k), (-line, k), (-line, -k)] {
                for (x, y) in [(x, y), (y, x)] {
                    let (x, y) = ((reach + x) as f32 + 0.5, (reach + y) as f32 + 0.5);
                    known.extend(looks((x, y), off).map(|place| Known { place, dark: k % 2 == 0 }));
                }
            }
        }
    }
    // All five looks at a module in turn.
    let every = known.len().div_ceil(MOST_KNOWN);
    let every = if every.is_multiple_of(5) { every + 1 } else { every };
    known.into_iter().step_by(every).collect()
}

/// Reads the layers around a mode message.
fn layers(
    look: Look<'_>,
    projection: &Projection,
    middle: f32,
    mode: &Mode,
    turned: &impl Fn((i32, i32)) -> (i32, i32),
) -> Option<AreaRead> {
    let size = mode.size();
    let places = mode.places();
    let mut plain = around(projection, middle, size)?;
    let grown = grown(look, projection, middle, mode);
    let read = grown.and_then(|grid| modules(look, &grid, &places, mode, turned));
    read.or_else(|| modules(look, &plain, &places, mode, turned)).or_else(|| {
        plain.settle(look, 0.6);
        modules(look, &plain, &places, mode, turned)
    })
}

/// The grid of the whole symbol, from the bull's eye outwards, a few modules each time: what is farther
/// out may lie more than half a module off.
fn grown(look: Look<'_>, projection: &Projection, middle: f32, mode: &Mode) -> Option<Grid> {
    let half = (mode.size() / 2) as i32;
    let (mut projection, mut middle) = (*projection, middle);
    let off = if around(&projection, middle, 9)?.module() < WIDE { OFF } else { OFF_WIDE };
    let (first, step) = if mode.full { (11, 8) } else { (7, 3) };
    let mut grid = None;
    for reach in (first..half + step).step_by(step as usize).map(|reach| reach.min(half)) {
        let mut larger = around(&projection, middle, 2 * reach as usize + 1)?;
        if mode.full {
            larger.refine(look, &reference(reach, off), 0.5);
        } else {
            larger.settle(look, 0.4);
        }
        (projection, middle) = (larger.projection()?, reach as f32 + 0.5);
        grid = Some(larger);
    }
    grid
}

/// Reads the layers of a symbol whose modules lie in a grid.
fn modules(
    look: Look<'_>,
    grid: &Grid,
    places: &[(i32, i32)],
    mode: &Mode,
    turned: &impl Fn((i32, i32)) -> (i32, i32),
) -> Option<AreaRead> {
    let size = mode.size();
    let half = (size / 2) as i32;
    let levels = grid.levels(look.grey)?;
    let [a, b, c, d] = [(-1, -1), (1, -1), (1, 1), (-1, 1)].map(|corner| {
        let (x, y) = turned(corner);
        match (x < 0, y < 0) {
            (true, true) => grid.corners[0],
            (false, true) => grid.corners[1],
            (false, false) => grid.corners[2],
            (true, false) => grid.corners[3],
        }
    });
    WAYS.iter().find_map(|&sharpen| {
        let modules = Modules::of(&levels, size, size, sharpen);
        let bits: Vec<bool> = places
            .iter()
            .map(|&place| {
                let (x, y) = turned(place);
                modules.is_dark((x + half) as usize, (y + half) as usize)
            })
            .collect();
        let (payload, left) = decode(&bits, mode)?;
        Some(AreaRead { payload, corners: [a, b, c, d], unused_correction: Some(left) })
    })
}

/// From bits to payload: error correction, stuffed bits taken out, then the characters; with the share of
/// correctable errors that was left.
fn decode(bits: &[bool], mode: &Mode) -> Option<(Payload, f32)> {
    let width = mode.word_bits();
    let mut words: Vec<u16> = bits[bits.len() % width..].chunks(width).map(number).collect();
    let read = words.clone();
    let spare = words.len().checked_sub(mode.words)?;
    let left = mode.field().correct(&mut words, spare, 0, &[])?;
    let wrong = words.iter().zip(&read).filter(|(a, b)| a != b).count();
    if spare < EVIDENCE + wrong {
        return None;
    }
    let most = (1u16 << width) - 1;
    let mut data = Vec::new();
    for &word in &words[..mode.words] {
        match word {
            0 => return None,
            word if word == most => return None,
            1 => data.extend(std::iter::repeat_n(false, width - 1)),
            word if word == most - 1 => data.extend(std::iter::repeat_n(true, width - 1)),
            word => data.extend((0..width).rev().map(|bit| word >> bit & 1 == 1)),
        }
    }
    Some((payload(&data)?, left))
}

#[cfg(test)]
mod tests;
