//! Where bars may be: blocks whose edges all point the same way, grown into regions with a direction.

use crate::line::Line;
use crate::luma::Grey;

/// Side of a block, in pixels.
const BLOCK: usize = 16;
/// Mean squared gradient under which a block is plain.
const LEAST_ENERGY: f32 = 25.0;
/// How far a block's edges must agree on one direction: 0 any, 1 all.
const LEAST_COHERENCE: f32 = 0.4;
/// Neighbours may differ by this much, in radians, and a block from its region by twice as much.
const SAME_DIRECTION: f32 = 0.35;
/// Sines between which the long axis of a patch is worth lines of its own.
const MIN_FAN: f32 = 0.04;
const MAX_FAN: f32 = 0.6;
/// Regions looked at in one picture, the largest first.
const REGIONS: usize = 24;

/// A patch of the picture that bars may fill.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    centre: (f32, f32),
    /// Middles of its blocks.
    places: Vec<(f32, f32)>,
    /// Unit vectors along which lines cross the bars: at right angles to the bars, and, where the patch
    /// is long and lies otherwise because perspective fans the bars out, along the patch.
    axes: Vec<(f32, f32)>,
}

/// The gradient of one block: its strength, and twice its angle as a vector.
#[derive(Clone, Copy, Default)]
struct Block {
    energy: f32,
    double: (f32, f32),
}

impl Region {
    /// Regions of a picture, the largest first.
    pub(crate) fn find(grey: &Grey) -> Vec<Region> {
        let (columns, rows) = (grey.width / BLOCK, grey.height / BLOCK);
        if columns < 2 || rows < 1 {
            return Vec::new();
        }
        let mut blocks = Vec::with_capacity(columns * rows);
        for by in 0..rows {
            for bx in 0..columns {
                blocks.push(block(grey, bx * BLOCK, by * BLOCK));
            }
        }
        let mut taken = vec![false; blocks.len()];
        let mut regions = Vec::new();
        for seed in 0..blocks.len() {
            if taken[seed] || !blocks[seed].is_barred() {
                continue;
            }
            taken[seed] = true;
            let mut members = vec![seed];
            let mut direction = blocks[seed].double;
            let mut next = 0;
            while let Some(&at) = members.get(next) {
                next += 1;
                let (x, y) = (at % columns, at / columns);
                for ny in y.saturating_sub(1)..(y + 2).min(rows) {
                    for nx in x.saturating_sub(1)..(x + 2).min(columns) {
                        let near = ny * columns + nx;
                        if !taken[near]
                            && blocks[near].is_barred()
                            && between(blocks[near].double, blocks[at].double) < 2.0 * SAME_DIRECTION
                            && between(blocks[near].double, direction) < 4.0 * SAME_DIRECTION
                        {
                            taken[near] = true;
                            direction.0 += blocks[near].double.0;
                            direction.1 += blocks[near].double.1;
                            members.push(near);
                        }
                    }
                }
            }
            if members.len() >= 3 {
                regions.push(Region::of(&members, columns, direction));
            }
        }
        regions.sort_by_key(|region| std::cmp::Reverse(region.places.len()));
        regions.truncate(REGIONS);
        regions
    }

    fn of(members: &[usize], columns: usize, direction: (f32, f32)) -> Region {
        let half = BLOCK as f32 / 2.0;
        let places: Vec<(f32, f32)> = members
            .iter()
            .map(|at| ((at % columns * BLOCK) as f32 + half, (at / columns * BLOCK) as f32 + half))
            .collect();
        let count = places.len() as f32;
        let sum = places.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.0, sum.1 + p.1));
        let centre = (sum.0 / count, sum.1 / count);
        let angle = direction.1.atan2(direction.0) / 2.0;
        let mut axes = vec![(angle.cos(), angle.sin())];
        let long = long_axis(&places, centre);
        if let Some(long) = long
            && (MIN_FAN..MAX_FAN).contains(&(axes[0].0 * long.1 - axes[0].1 * long.0).abs())
        {
            axes.push(long);
        }
        Region { centre, places, axes }
    }

    /// How many ways there are to lay lines across it.
    pub(crate) fn ways(&self) -> usize {
        self.axes.len()
    }

    /// Lines across the region's bars, the given way, with room for the quiet zones, the middle ones first.
    pub(crate) fn lines(&self, grey: &Grey, way: usize, most: usize) -> Vec<Line> {
        let Some(&axis) = self.axes.get(way) else { return Vec::new() };
        let (mut along, mut aside) = ((0.0f32, 0.0f32), (0.0f32, 0.0f32));
        for (x, y) in &self.places {
            let (dx, dy) = (x - self.centre.0, y - self.centre.1);
            let (u, v) = (dx * axis.0 + dy * axis.1, dy * axis.0 - dx * axis.1);
            along = (along.0.min(u), along.1.max(u));
            aside = (aside.0.min(v), aside.1.max(v));
        }
        let height = aside.1 - aside.0 + BLOCK as f32;
        let count = ((height / 5.0) as usize).clamp(3, most.max(3));
        let margin = 0.15 * (along.1 - along.0) + 2.5 * BLOCK as f32;
        // Rows beside a slanting line do not lie along the bars.
        let spread = match way {
            0 if height > 60.0 => 2,
            0 => 1,
            _ => 0,
        };
        let mut lines: Vec<(f32, Line)> = (0..count)
            .filter_map(|k| {
                let v = aside.0 - BLOCK as f32 / 2.0 + height * (k as f32 + 0.5) / count as f32;
                let end = |u: f32| {
                    (self.centre.0 + axis.0 * u - axis.1 * v, self.centre.1 + axis.1 * u + axis.0 * v)
                };
                let (from, to) = clip(end(along.0 - margin), end(along.1 + margin), grey)?;
                let off = (v - (aside.0 + aside.1) / 2.0).abs();
                Some((off, Line { from, to, spread }))
            })
            .collect();
        lines.sort_by(|a, b| a.0.total_cmp(&b.0));
        lines.into_iter().map(|(_, line)| line).collect()
    }
}

/// The direction in which a patch is long, when it is clearly longer than wide.
fn long_axis(places: &[(f32, f32)], centre: (f32, f32)) -> Option<(f32, f32)> {
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in places {
        let (dx, dy) = (x - centre.0, y - centre.1);
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    let spread = (xx - yy).hypot(2.0 * xy);
    // The eigenvalues are half of sum plus and minus spread; 1.5 times as long is 2.25 times the variance.
    let long = xx + yy + spread > 2.25 * (xx + yy - spread);
    let angle = (2.0 * xy).atan2(xx - yy) / 2.0;
    long.then(|| (angle.cos(), angle.sin()))
}

impl Block {
    fn is_barred(&self) -> bool {
        let pixels = (BLOCK * BLOCK) as f32;
        self.energy > LEAST_ENERGY * pixels
            && self.double.0.hypot(self.double.1) > LEAST_COHERENCE * self.energy
    }
}

/// Sums of gradient products: the structure tensor of the block, as strength and doubled angle.
fn block(grey: &Grey, left: usize, top: usize) -> Block {
    let (mut xx, mut yy, mut xy) = (0i32, 0i32, 0i32);
    for y in top.max(1)..(top + BLOCK).min(grey.height - 1) {
        let (above, row, below) = (grey.row(y - 1), grey.row(y), grey.row(y + 1));
        for x in left.max(1)..(left + BLOCK).min(grey.width - 1) {
            let gx = i32::from(row[x + 1]) - i32::from(row[x - 1]);
            let gy = i32::from(below[x]) - i32::from(above[x]);
            xx += gx * gx;
            yy += gy * gy;
            xy += gx * gy;
        }
    }
    Block { energy: (xx + yy) as f32, double: ((xx - yy) as f32, (2 * xy) as f32) }
}

/// The angle between two vectors, 0 to pi.
fn between(a: (f32, f32), b: (f32, f32)) -> f32 {
    let dot = a.0 * b.0 + a.1 * b.1;
    let cross = a.0 * b.1 - a.1 * b.0;
    cross.atan2(dot).abs()
}

/// The part of a line inside the picture.
pub(crate) fn clip(from: (f32, f32), to: (f32, f32), grey: &Grey) -> Option<((f32, f32), (f32, f32))> {
    let (mut start, mut end) = (0.0f32, 1.0f32);
    let delta = (to.0 - from.0, to.1 - from.1);
    for (p, d, most) in
        [(from.0, delta.0, grey.width as f32 - 1.0), (from.1, delta.1, grey.height as f32 - 1.0)]
    {
        if d.abs() < 1e-6 {
            if p < 0.0 || p > most {
                return None;
            }
            continue;
        }
        let (a, b) = (-p / d, (most - p) / d);
        start = start.max(a.min(b));
        end = end.min(a.max(b));
    }
    (start < end).then(|| {
        let at = |t: f32| (from.0 + delta.0 * t, from.1 + delta.1 * t);
        (at(start), at(end))
    })
}
