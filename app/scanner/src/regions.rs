//! Where bars may be: blocks whose edges all point the same way, grown into regions with a direction.

use wide::i32x4;

use crate::lanes;
use crate::line::Line;
use crate::luma::Grey;

/// Side of a block, in pixels of the picture that the map is drawn from.
const BLOCK: usize = 8;
/// Mean squared gradient under which a block is plain.
const LEAST_ENERGY: i32 = 30;
/// How far a block's edges must agree on one direction: 0 any, 1 all.
const LEAST_COHERENCE: f32 = 0.4;
/// Neighbours may differ by this much, in radians, and a block from its region by twice as much.
const SAME_DIRECTION: f32 = 0.35;
/// Sines between which the long axis of a patch is worth lines of its own.
const MIN_FAN: f32 = 0.04;
const MAX_FAN: f32 = 0.6;
/// Regions looked at in one picture, the largest first.
const REGIONS: usize = 24;
/// Blocks across the bars below which nothing can be a symbol.
const SHORTEST: f32 = 6.0;

/// A patch of the picture that bars may fill, in frame pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Region {
    centre: (f32, f32),
    /// Blocks that it is made of.
    size: usize,
    /// Side of a block, in frame pixels.
    block: f32,
    ways: [Way; 2],
    count: usize,
}

/// One way to lay lines across a region: at right angles to the bars, or, where the patch is long and
/// lies otherwise because perspective fans the bars out, along the patch.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    /// Unit vector along the lines.
    axis: (f32, f32),
    /// How far the patch reaches from its centre along the lines, and aside from them.
    along: (f32, f32),
    aside: (f32, f32),
}

/// The gradient of one block: its strength, and twice its angle as a vector.
#[derive(Clone, Copy, Default)]
struct Block {
    energy: f32,
    double: (f32, f32),
}

/// The gradients of a picture, block by block. It keeps its buffers from picture to picture.
#[derive(Default)]
pub(crate) struct Map {
    columns: usize,
    rows: usize,
    blocks: Vec<Block>,
    taken: Vec<bool>,
    members: Vec<usize>,
}

impl Map {
    /// Blocks across and down.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    /// Side of a block in frame pixels, for the picture that the map was drawn from.
    pub(crate) fn block(&self, grey: &Grey) -> f32 {
        BLOCK as f32 * grey.scale
    }

    /// How strong the edges in the weaker direction are around a block, in squared grey levels a pixel: the
    /// smaller eigenvalue of the structure tensor of it and its neighbours.
    pub(crate) fn crossing(&self, column: usize, row: usize) -> f32 {
        let mut sum = Block::default();
        let mut count = 0;
        for y in row.saturating_sub(1)..(row + 2).min(self.rows) {
            for block in &self.blocks[y * self.columns + column.saturating_sub(1)..]
                [..(column + 2).min(self.columns) - column.saturating_sub(1)]
            {
                sum.energy += block.energy;
                sum.double.0 += block.double.0;
                sum.double.1 += block.double.1;
                count += 1;
            }
        }
        (sum.energy - length(sum.double)) / (2 * count * BLOCK * BLOCK) as f32
    }

    /// Leaves the regions of the picture that the map was drawn from, the largest first.
    pub(crate) fn find(&mut self, grey: &Grey, regions: &mut Vec<Region>) {
        regions.clear();
        self.taken.clear();
        self.taken.resize(self.blocks.len(), false);
        for seed in 0..self.blocks.len() {
            if self.taken[seed] || !self.blocks[seed].is_barred() {
                continue;
            }
            let direction = self.grow(seed);
            if self.members.len() >= 3
                && let Some(region) = self.region(direction, grey)
            {
                regions.push(region);
            }
        }
        regions.sort_unstable_by_key(|region| std::cmp::Reverse(region.size));
        regions.truncate(REGIONS);
    }

    /// Sums the gradient products of every block: the structure tensor, as strength and doubled angle.
    pub(crate) fn draw(&mut self, grey: &Grey) {
        (self.columns, self.rows) = (grey.width / BLOCK, grey.height / BLOCK);
        self.blocks.clear();
        if self.columns < 2 || self.rows < 1 {
            (self.columns, self.rows) = (0, 0);
            return;
        }
        for by in 0..self.rows {
            let rows = (by * BLOCK).max(1)..((by + 1) * BLOCK).min(grey.height - 1);
            for bx in (0..self.columns).step_by(2) {
                let x = bx * BLOCK;
                let mut sums = [[i32x4::splat(0); 3]; 2];
                for y in rows.clone() {
                    let row = grey.row(y);
                    let across = lanes::differences(lanes::load(row, x + 1), lanes::load_before(row, x));
                    let down =
                        lanes::differences(lanes::load(grey.row(y + 1), x), lanes::load(grey.row(y - 1), x));
                    for (sums, (across, down)) in sums.iter_mut().zip(across.into_iter().zip(down)) {
                        sums[0] += across.dot(across);
                        sums[1] += down.dot(down);
                        sums[2] += across.dot(down);
                    }
                }
                self.blocks.extend(sums.iter().take(self.columns - bx).map(|sums| {
                    let [xx, yy, xy] = sums.map(i32x4::reduce_add);
                    Block { energy: (xx + yy) as f32, double: ((xx - yy) as f32, (2 * xy) as f32) }
                }));
            }
        }
    }

    /// Gathers the blocks around a seed that point the same way; the sum of their directions.
    fn grow(&mut self, seed: usize) -> (f32, f32) {
        let mut direction = self.blocks[seed].double;
        self.taken[seed] = true;
        self.members.clear();
        self.members.push(seed);
        let mut next = 0;
        while let Some(&at) = self.members.get(next) {
            next += 1;
            let (x, y) = (at % self.columns, at / self.columns);
            // Across the bars one block may be flat: in a sharp picture a wide bar or space fills it.
            let (wide, high) = if direction.0 > 0.0 { (2, 1) } else { (1, 2) };
            for ny in y.saturating_sub(high)..(y + high + 1).min(self.rows) {
                for nx in x.saturating_sub(wide)..(x + wide + 1).min(self.columns) {
                    let near = ny * self.columns + nx;
                    let block = self.blocks[near];
                    if !self.taken[near]
                        && block.is_barred()
                        && between(block.double, self.blocks[at].double) < 2.0 * SAME_DIRECTION
                        && between(block.double, direction) < 4.0 * SAME_DIRECTION
                    {
                        self.taken[near] = true;
                        direction.0 += block.double.0;
                        direction.1 += block.double.1;
                        self.members.push(near);
                    }
                }
            }
        }
        direction
    }

    /// The region of the gathered blocks, if a symbol could fill it.
    fn region(&self, direction: (f32, f32), grey: &Grey) -> Option<Region> {
        let block = BLOCK as f32 * grey.scale;
        let place = |&at: &usize| {
            let (x, y) = ((at % self.columns) as f32, (at / self.columns) as f32);
            ((x + 0.5) * block - 0.5, (y + 0.5) * block - 0.5)
        };
        let count = self.members.len() as f32;
        let sum = self.members.iter().map(place).fold((0.0, 0.0), |sum, p| (sum.0 + p.0, sum.1 + p.1));
        let centre = (sum.0 / count, sum.1 / count);
        let from_centre = |at: &usize| {
            let (x, y) = place(at);
            (x - centre.0, y - centre.1)
        };
        let way = |axis: (f32, f32)| {
            let mut way = Way { axis, along: (0.0, 0.0), aside: (0.0, 0.0) };
            for (dx, dy) in self.members.iter().map(from_centre) {
                let (u, v) = (dx * axis.0 + dy * axis.1, dy * axis.0 - dx * axis.1);
                way.along = (way.along.0.min(u), way.along.1.max(u));
                way.aside = (way.aside.0.min(v), way.aside.1.max(v));
            }
            way
        };
        let angle = direction.1.atan2(direction.0) / 2.0;
        let across = way((angle.cos(), angle.sin()));
        if across.along.1 - across.along.0 < (SHORTEST - 1.0) * block {
            return None;
        }
        let mut region = Region { centre, size: self.members.len(), block, ways: [across; 2], count: 1 };
        if let Some(long) = long_axis(self.members.iter().map(from_centre))
            && (MIN_FAN..MAX_FAN).contains(&(across.axis.0 * long.1 - across.axis.1 * long.0).abs())
        {
            region.ways[1] = way(long);
            region.count = 2;
        }
        Some(region)
    }
}

impl Region {
    /// The middle of its blocks, in frame pixels.
    pub(crate) fn centre(&self) -> (f32, f32) {
        self.centre
    }

    /// How many ways there are to lay lines across it.
    pub(crate) fn ways(&self) -> usize {
        self.count
    }

    /// How far it reaches across its bars, in frame pixels.
    pub(crate) fn length(&self) -> f32 {
        let along = self.ways[0].along;
        along.1 - along.0 + self.block
    }

    /// How high the bars are, in frame pixels.
    pub(crate) fn height(&self, way: usize) -> f32 {
        let aside = self.ways[way].aside;
        aside.1 - aside.0 + self.block
    }

    /// A line across the bars, the given way, with room for the quiet zones; `at` is 0 to 1 from one end
    /// of the bars to the other.
    pub(crate) fn line(&self, grey: &Grey, way: usize, at: f32) -> Option<Line> {
        let spread = if self.height(way) > 60.0 * grey.scale { 2 } else { 1 };
        self.band(grey, way, at, spread)
    }

    /// As [`Region::line`], the mean of `spread` rows on either side.
    pub(crate) fn band(&self, grey: &Grey, way: usize, at: f32, spread: usize) -> Option<Line> {
        let Way { axis, along, aside } = self.ways[way];
        let height = self.height(way);
        let margin = 0.2 * (along.1 - along.0) + 4.0 * self.block;
        let v = aside.0 - self.block / 2.0 + height * at;
        let end = |u: f32| {
            grey.of_frame((self.centre.0 + axis.0 * u - axis.1 * v, self.centre.1 + axis.1 * u + axis.0 * v))
        };
        let (from, to) = clip(end(along.0 - margin), end(along.1 + margin), grey)?;
        // The first way is square to the bars.
        let across = self.ways[0].axis;
        Some(Line { from, to, spread, bars: (way > 0).then_some((-across.1, across.0)) })
    }
}

/// The direction in which a patch is long, when it is clearly longer than wide; places are from its centre.
fn long_axis(places: impl Iterator<Item = (f32, f32)>) -> Option<(f32, f32)> {
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (dx, dy) in places {
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
        let pixels = (BLOCK * BLOCK) as i32;
        self.energy > (LEAST_ENERGY * pixels) as f32 && length(self.double) > LEAST_COHERENCE * self.energy
    }
}

/// Without the care that `hypot` takes of huge numbers, which costs as much as all the rest.
fn length((x, y): (f32, f32)) -> f32 {
    (x * x + y * y).sqrt()
}

/// The angle between two vectors, 0 to pi.
fn between(a: (f32, f32), b: (f32, f32)) -> f32 {
    let dot = a.0 * b.0 + a.1 * b.1;
    let cross = a.0 * b.1 - a.1 * b.0;
    cross.atan2(dot).abs()
}

/// The part of a line inside the picture.
fn clip(from: (f32, f32), to: (f32, f32), grey: &Grey) -> Option<((f32, f32), (f32, f32))> {
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
