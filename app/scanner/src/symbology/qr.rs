//! QR Code (ISO/IEC 18004): finder patterns, a grid fitted to what every symbol shows, modules from the
//! grey picture. Where finder patterns were seen and nothing was read, `rqrr` has a second look.

use super::{Area, AreaRead, Payload, Symbology, inside};
use crate::grid::{Grid, Known, Look, Modules, Point};
use finder::{Pattern, Set};

mod finder;
mod layout;
mod payload;

pub(super) struct Qr;

/// Sets of three finder patterns that are tried in one picture.
const SETS: usize = 24;
/// The same where there is time.
const SETS_THOROUGH: usize = 60;
/// The share of the timing patterns that a set must show to be worth more work.
const LEAST_TIMING: f32 = 0.6;
/// That share and the share of everything known together, before a grid is fitted: what is read has 1.65 and
/// more, and most of what is not less than 1.45.
const LEAST_BEFORE: f32 = 1.5;
/// The share of everything known that a fitted grid must show.
const LEAST_AGREEMENT: f32 = 0.7;
/// The share from which on nobody asks whether format information is there, too.
const SURE_AGREEMENT: f32 = 0.88;
/// Crops that `rqrr` is shown in one picture.
const SECOND_LOOKS: usize = 2;

impl Symbology for Qr {
    fn in_area(&self, area: &Area<'_>, found: &mut Vec<AreaRead>) {
        let patterns = finder::patterns(area);
        if patterns.len() < 3 {
            return;
        }
        let sets = finder::sets(area.bits, &patterns);
        let most = if area.thorough { SETS_THOROUGH } else { SETS };
        let (mut failed, mut likeliest): (Vec<Set>, Option<Set>) = (Vec::new(), None);
        for set in sets.iter().take(most) {
            let taken = [set.top_left, set.top_right, set.bottom_left]
                .iter()
                .any(|pattern| found.iter().any(|read| inside(&read.corners, pattern.centre)));
            if taken {
                continue;
            }
            match read(area.look(), set) {
                Attempt::Read(read) => found.push(read),
                Attempt::Seen if failed.len() < SECOND_LOOKS => failed.push(*set),
                _ => likeliest = likeliest.or(Some(*set)),
            }
        }
        if failed.is_empty() && found.is_empty() {
            failed.extend(likeliest);
        }
        for set in failed {
            if area.thorough && !found.iter().any(|read| inside(&read.corners, set.top_left.centre)) {
                second_look(area, &set, found);
            }
        }
    }
}

enum Attempt {
    Read(AreaRead),
    /// What every symbol shows is there, but nothing could be read.
    Seen,
    Nothing,
}

/// Reads the symbol of a set, trying the sizes that come near what was measured.
fn read(look: Look<'_>, set: &Set) -> Attempt {
    let mut grids: Vec<(f32, usize, Grid)> = Vec::new();
    let nearest = ((set.size - 17.0) / 4.0).round() as i32;
    for version in nearest - 2..=nearest + 2 {
        let off = (17.0 + 4.0 * version as f32 - set.size).abs();
        let version = version.max(0) as usize;
        if !layout::VERSIONS.contains(&version) || off > 3.0 + 0.1 * set.size {
            continue;
        }
        if let Some(grid) = square(set, version) {
            grids.push((grid.agreement(look, &layout::timing(version)), version, grid));
        }
    }
    grids.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut attempt = Attempt::Nothing;
    for (timing, version, grid) in grids.into_iter().take(2) {
        if timing < LEAST_TIMING {
            break;
        }
        let known = layout::known(version);
        for start in starts(look, version, grid) {
            let mut grid = start;
            if timing + grid.agreement(look, &known) < LEAST_BEFORE || !grid.fitted(look, &known, 0.6, LEAST_AGREEMENT) {
                continue;
            }
            match modules(look, version, &grid, &known) {
                Attempt::Nothing => {}
                Attempt::Seen => attempt = Attempt::Seen,
                read @ Attempt::Read(_) => return read,
            }
        }
    }
    attempt
}

/// The grid through the middles of the finder patterns, the fourth corner where a square has it.
fn square(set: &Set, version: usize) -> Option<Grid> {
    let [a, b, d] = [set.top_left, set.top_right, set.bottom_left].map(|pattern: Pattern| pattern.centre);
    let c = (b.0 + d.0 - a.0, b.1 + d.1 - a.1);
    let size = layout::size(version);
    let far = size as f32 - 3.5;
    Grid::through(size, size, [(3.5, 3.5), (far, 3.5), (far, far), (3.5, far)], [a, b, c, d])
}

/// Grids to begin with: the fourth corner by the last alignment pattern where one is seen, and as it is.
fn starts(look: Look<'_>, version: usize, grid: Grid) -> Vec<Grid> {
    let mut starts = Vec::new();
    if version > 1
        && let Some(projection) = grid.projection()
    {
        let size = grid.columns as f32;
        let near = size - 6.5;
        let reach = (0.13 * size).max(2.5);
        let pattern = ring();
        let mut best = (0.0f32, (0.0, 0.0));
        let steps = (2.0 * reach) as i32;
        for dy in -steps..=steps {
            for dx in -steps..=steps {
                let off = (dx as f32 / 2.0, dy as f32 / 2.0);
                let score = matching(look, &pattern, |(u, v)| projection.at((near + off.0 + u, near + off.1 + v)))
                    - 0.15 * off.0.hypot(off.1);
                if score > best.0 {
                    best = (score, off);
                }
            }
        }
        let far = size - 3.5;
        let place = projection.at((near + best.1.0, near + best.1.1));
        let corners = [(3.5, 3.5), (far, 3.5), (3.5, far)].map(|corner| projection.at(corner));
        if best.0 > 0.0 {
            starts.extend(Grid::through(
                grid.columns,
                grid.rows,
                [(3.5, 3.5), (far, 3.5), (near, near), (3.5, far)],
                [corners[0], corners[1], place, corners[2]],
            ));
        }
    }
    starts.push(grid);
    starts
}

/// An alignment pattern around its middle.
fn ring() -> Vec<Known> {
    (-2..=2i32)
        .flat_map(|dy| (-2..=2i32).map(move |dx| (dx, dy)))
        .map(|(dx, dy)| Known { place: (dx as f32, dy as f32), dark: dx.abs().max(dy.abs()) != 1 })
        .collect()
}

/// How well a pattern lies at a place, in grey levels.
fn matching(look: Look<'_>, pattern: &[Known], at: impl Fn(Point) -> Point) -> f32 {
    let sum: f32 = pattern
        .iter()
        .map(|known| {
            let darkness = look.darkness(at(known.place)).clamp(-40.0, 40.0);
            if known.dark { darkness } else { -darkness }
        })
        .sum();
    sum / pattern.len() as f32
}

/// How much blur is undone, and how much of the error correction goes to doubtful codewords, in turn.
const WAYS: [(f32, f32); 6] = [(0.4, 0.0), (0.0, 0.0), (1.0, 0.0), (0.4, 0.5), (0.8, 0.5), (0.4, 0.8)];

/// Reads the modules of a grid, where they are a symbol's.
fn modules(look: Look<'_>, version: usize, grid: &Grid, known: &[Known]) -> Attempt {
    let Some(flat) = grid.levels(look.grey) else { return Attempt::Nothing };
    if grid.agreement(look, known) < SURE_AGREEMENT {
        let modules = Modules::of(&flat, grid.columns, grid.rows, WAYS[0].0);
        if !layout::has_format(&modules) && !layout::has_format(&modules.mirrored()) {
            return Attempt::Nothing;
        }
    }
    let read = decode(&flat, grid).or_else(|| decode(&bent(look, version, grid)?, grid));
    read.map_or(Attempt::Seen, |(payload, left)| {
        Attempt::Read(AreaRead { payload, corners: grid.corners, unused_correction: Some(left) })
    })
}

fn decode(levels: &[f32], grid: &Grid) -> Option<(Payload, f32)> {
    WAYS.iter().find_map(|&(sharpen, erase)| {
        let modules = Modules::of(levels, grid.columns, grid.rows, sharpen);
        // Or seen from behind, through glass or foil.
        layout::decode(&modules, erase).or_else(|| layout::decode(&modules.mirrored(), erase))
    })
}

/// The levels where the paper is not flat: every alignment pattern is looked for by itself, and what lies
/// between moves with those around it.
fn bent(look: Look<'_>, version: usize, grid: &Grid) -> Option<Vec<f32>> {
    let places = layout::alignments(version);
    let projection = grid.projection()?;
    let patterns = layout::alignment_patterns(version);
    if patterns.is_empty() {
        return None;
    }
    let ring = ring();
    let count = places.len();
    let mut offsets = vec![(0.0f32, 0.0f32); count * count];
    for (column, row) in patterns {
        let (u, v) = (column as f32 + 0.5, row as f32 + 0.5);
        let mut best = (6.0f32, (0.0, 0.0));
        for dy in -7..=7i32 {
            for dx in -7..=7i32 {
                let off = (dx as f32 * 0.25, dy as f32 * 0.25);
                let score = matching(look, &ring, |(a, b)| projection.at((u + off.0 + a, v + off.1 + b)))
                    - off.0.hypot(off.1);
                if score > best.0 {
                    best = (score, off);
                }
            }
        }
        let at = |place: usize| places.iter().position(|&p| p == place).unwrap_or_default();
        offsets[at(row) * count + at(column)] = best.1;
    }
    // The cell of a coordinate, and how far into it.
    let cell = |u: f32| {
        let k = places[1..count - 1].iter().filter(|&&p| p as f32 + 0.5 < u).count();
        let (from, to) = (places[k] as f32 + 0.5, places[k + 1] as f32 + 0.5);
        (k, ((u - from) / (to - from)).clamp(-0.3, 1.3))
    };
    Some(grid.levels_at(look.grey, |(u, v)| {
        let ((i, s), (k, t)) = (cell(u), cell(v));
        let corner = |i: usize, k: usize| offsets[k * count + i];
        let mix = |part: fn((f32, f32)) -> f32| {
            let above = part(corner(i, k)) * (1.0 - s) + part(corner(i + 1, k)) * s;
            let below = part(corner(i, k + 1)) * (1.0 - s) + part(corner(i + 1, k + 1)) * s;
            above * (1.0 - t) + below * t
        };
        projection.at((u + mix(|o| o.0), v + mix(|o| o.1)))
    }))
}

/// What `rqrr` finds around a set, with its own threshold and its own grid.
fn second_look(area: &Area<'_>, set: &Set, found: &mut Vec<AreaRead>) {
    let grey = area.grey;
    let [a, b, d] = [set.top_left, set.top_right, set.bottom_left].map(|pattern| pattern.centre);
    let corners = [a, b, d, (b.0 + d.0 - a.0, b.1 + d.1 - a.1)];
    let margin = 10.0 * set.top_left.module;
    let range = |side: fn(&Point) -> f32, most: usize| {
        let (lo, hi) =
            corners.iter().map(side).fold((f32::MAX, f32::MIN), |(lo, hi), v| (lo.min(v), hi.max(v)));
        ((lo - margin).max(0.0) as usize).min(most)..((hi + margin).max(0.0) as usize).min(most)
    };
    let (xs, ys) = (range(|c| c.0, grey.width), range(|c| c.1, grey.height));
    if xs.len() < 21 || ys.len() < 21 {
        return;
    }
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(xs.len(), ys.len(), |x, y| {
        grey.pixels[(ys.start + y) * grey.width + xs.start + x]
    });
    for grid in prepared.detect_grids() {
        let size = rqrr::BitGrid::size(&grid.grid);
        let levels: Vec<f32> = (0..size * size)
            .map(|at| if rqrr::BitGrid::bit(&grid.grid, at / size, at % size) { 0.0 } else { 255.0 })
            .collect();
        let modules = Modules::of(&levels, size, size, 0.0);
        let read = layout::decode(&modules, 0.0).or_else(|| layout::decode(&modules.mirrored(), 0.0));
        if let Some((payload, left)) = read {
            let corners =
                grid.bounds.map(|p| (p.x as f32 + xs.start as f32, p.y as f32 + ys.start as f32));
            found.push(AreaRead { payload, corners, unused_correction: Some(left) });
        }
    }
}
