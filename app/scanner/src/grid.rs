//! The modules of a symbol in a picture: a plane grid seen in perspective, fitted to what is known of the
//! symbol, and read from the grey picture.

use crate::bits::Bits;
use crate::luma::Grey;

/// A point in pixels.
pub(crate) type Point = (f32, f32);

/// The picture that a grid is read from.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) grey: &'a Grey,
    pub(crate) bits: &'a Bits,
}

/// What one module may add to a fit, in grey levels: glare and dirt are not to outvote the rest.
const MOST: f32 = 40.0;

/// Rounds of steps that a fit takes at most, and before anybody asks whether it gets anywhere.
const ROUNDS: usize = 14;
const FIRST_ROUNDS: usize = 3;
/// Known modules that such first rounds look at, and how much of the agreement may still be missing after.
const FEW: usize = 60;
const PROMISE: f32 = 0.1;

impl Look<'_> {
    /// How much darker than the threshold around it a place is, in grey levels.
    pub(crate) fn darkness(&self, (x, y): Point) -> f32 {
        self.bits.threshold(x, y) - self.grey.sample(x, y)
    }
}

/// A module whose colour the symbology prescribes, in modules from the symbol's top left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) place: Point,
    pub(crate) dark: bool,
}

impl Known {
    /// The middle of a module.
    pub(crate) fn module(column: usize, row: usize, dark: bool) -> Known {
        Known { place: (column as f32 + 0.5, row as f32 + 0.5), dark }
    }
}

/// A grid of modules: its corners in the picture, clockwise from its own top left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grid {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    pub(crate) corners: [Point; 4],
}

/// From modules to pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Projection([f32; 8]);

impl Projection {
    /// The projection that takes four points to four others; `None` when they are degenerate.
    pub(crate) fn between(from: [Point; 4], to: [Point; 4]) -> Option<Projection> {
        // Eight equations for the eight coefficients, by elimination with pivots.
        let mut m = [[0f64; 9]; 8];
        for ((pair, &(u, v)), &(x, y)) in m.chunks_mut(2).zip(&from).zip(&to) {
            let [u, v, x, y] = [u, v, x, y].map(f64::from);
            pair[0] = [u, v, 1.0, 0.0, 0.0, 0.0, -u * x, -v * x, x];
            pair[1] = [0.0, 0.0, 0.0, u, v, 1.0, -u * y, -v * y, y];
        }
        for column in 0..8 {
            let pivot = (column..8).max_by(|&a, &b| m[a][column].abs().total_cmp(&m[b][column].abs()))?;
            if m[pivot][column].abs() < 1e-9 {
                return None;
            }
            m.swap(column, pivot);
            for row in 0..8 {
                if row != column {
                    let factor = m[row][column] / m[column][column];
                    let pivot = m[column];
                    for (value, above) in m[row].iter_mut().zip(pivot).skip(column) {
                        *value -= factor * above;
                    }
                }
            }
        }
        let mut out = [0f32; 8];
        for (k, value) in out.iter_mut().enumerate() {
            *value = (m[k][8] / m[k][k]) as f32;
        }
        out.iter().all(|v| v.is_finite()).then_some(Projection(out))
    }

    /// The projection that takes a rectangle with one corner at the origin to four points, clockwise from
    /// there; in closed form, since fitting a grid asks for it at every step.
    fn of_rectangle(width: f32, height: f32, to: [Point; 4]) -> Option<Projection> {
        let [a, b, c, d] = to.map(|(x, y)| (f64::from(x), f64::from(y)));
        let (right, below) = ((b.0 - c.0, b.1 - c.1), (d.0 - c.0, d.1 - c.1));
        // What keeps the four from being a parallelogram.
        let rest = (a.0 - b.0 + c.0 - d.0, a.1 - b.1 + c.1 - d.1);
        let sine = right.0 * below.1 - below.0 * right.1;
        let g = (rest.0 * below.1 - below.0 * rest.1) / sine;
        let h = (right.0 * rest.1 - rest.0 * right.1) / sine;
        let (width, height) = (f64::from(width), f64::from(height));
        let across = [b.0 - a.0 + g * b.0, b.1 - a.1 + g * b.1, g].map(|v| v / width);
        let down = [d.0 - a.0 + h * d.0, d.1 - a.1 + h * d.1, h].map(|v| v / height);
        let out = [across[0], down[0], a.0, across[1], down[1], a.1, across[2], down[2]].map(|v| v as f32);
        out.iter().all(|v| v.is_finite()).then_some(Projection(out))
    }

    /// Where a point goes.
    pub(crate) fn at(&self, (u, v): Point) -> Point {
        let Projection([a, b, c, d, e, f, g, h]) = self;
        let w = 1.0 / (g * u + h * v + 1.0);
        ((a * u + b * v + c) * w, (d * u + e * v + f) * w)
    }
}

impl Grid {
    /// A grid through four places whose module coordinates are known.
    pub(crate) fn through(
        columns: usize,
        rows: usize,
        modules: [Point; 4],
        places: [Point; 4],
    ) -> Option<Grid> {
        let projection = Projection::between(modules, places)?;
        let (width, height) = (columns as f32, rows as f32);
        let corners =
            [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)].map(|corner| projection.at(corner));
        let grid = Grid { columns, rows, corners };
        grid.is_sane().then_some(grid)
    }

    pub(crate) fn projection(&self) -> Option<Projection> {
        let (width, height) = (self.columns as f32, self.rows as f32);
        Projection::of_rectangle(width, height, self.corners)
    }

    /// Whether the corners make a convex figure of more than a pixel a module.
    pub(crate) fn is_sane(&self) -> bool {
        let mut turns = [0.0f32; 4];
        for (k, turn) in turns.iter_mut().enumerate() {
            let [a, b, c] = [0, 1, 2].map(|step| self.corners[(k + step) % 4]);
            *turn = (b.0 - a.0) * (c.1 - b.1) - (b.1 - a.1) * (c.0 - b.0);
        }
        let area = (self.columns * self.rows) as f32;
        self.corners.iter().all(|c| c.0.is_finite() && c.1.is_finite() && c.0.abs() < 1e5 && c.1.abs() < 1e5)
            && (turns.iter().all(|&t| t > area) || turns.iter().all(|&t| t < -area))
    }

    /// Pixels a module is wide, on average.
    pub(crate) fn module(&self) -> f32 {
        let [a, b, c, d] = self.corners;
        let length = |a: Point, b: Point| (a.0 - b.0).hypot(a.1 - b.1);
        (length(a, b) + length(d, c)) / (2 * self.columns) as f32 / 2.0
            + (length(a, d) + length(b, c)) / (2 * self.rows) as f32 / 2.0
    }

    /// How well the picture agrees with what is known: the mean darkness in the right direction, in grey
    /// levels.
    pub(crate) fn fit(&self, look: Look<'_>, known: &[Known]) -> f32 {
        let Some(projection) = self.projection() else { return f32::MIN };
        let sum: f32 = known
            .iter()
            .map(|known| {
                let darkness = look.darkness(projection.at(known.place)).clamp(-MOST, MOST);
                if known.dark { darkness } else { -darkness }
            })
            .sum();
        sum / known.len().max(1) as f32
    }

    /// The share of the known modules that have their colour.
    pub(crate) fn agreement(&self, look: Look<'_>, known: &[Known]) -> f32 {
        let Some(projection) = self.projection() else { return 0.0 };
        let right = known
            .iter()
            .filter(|known| (look.darkness(projection.at(known.place)) > 0.0) == known.dark)
            .count();
        right as f32 / known.len().max(1) as f32
    }

    /// Moves the corners as [`Grid::refine`] does; whether at least a share `least` of what is known has its
    /// colour then. A grid that a few steps do not bring near that is not worth more of them.
    pub(crate) fn fitted(&mut self, look: Look<'_>, known: &[Known], reach: f32, least: f32) -> bool {
        let some: Vec<Known> = known.iter().step_by(known.len().div_ceil(FEW)).copied().collect();
        self.climb(reach, FIRST_ROUNDS, |grid| grid.fit(look, &some));
        if self.agreement(look, known) < least - PROMISE {
            return false;
        }
        self.refine(look, known, reach);
        self.agreement(look, known) >= least
    }

    /// Moves the corners, the first step `reach` modules, as long as the fit improves.
    pub(crate) fn refine(&mut self, look: Look<'_>, known: &[Known], reach: f32) {
        self.climb(reach, ROUNDS, |grid| grid.fit(look, known));
    }

    /// The same where no colours are known: all of a module is clearly one or the other when the grid lies
    /// right. It is looked at beside its middle too, or a sharp picture would hold the grid only loosely.
    pub(crate) fn settle(&mut self, look: Look<'_>, reach: f32) {
        let every = (self.columns * self.rows).div_ceil(300);
        let places: Vec<Point> = (0..self.columns * self.rows)
            .step_by(every)
            .flat_map(|at| {
                let (u, v) = ((at % self.columns) as f32, (at / self.columns) as f32);
                [(0.5, 0.5), (0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]
                    .map(|(du, dv)| (u + du, v + dv))
            })
            .collect();
        self.climb(reach, ROUNDS, |grid| {
            let Some(projection) = grid.projection() else { return f32::MIN };
            places.iter().map(|&place| look.darkness(projection.at(place)).abs().min(MOST)).sum()
        });
    }

    fn climb(&mut self, reach: f32, most: usize, fit: impl Fn(&Grid) -> f32) {
        let mut step = reach * self.module();
        let least = 0.06 * self.module();
        let mut best = fit(self);
        let mut rounds = 0;
        while step > least && rounds < most {
            rounds += 1;
            let mut better = false;
            for corner in 0..4 {
                for (dx, dy) in [(step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)] {
                    let mut moved = *self;
                    moved.corners[corner].0 += dx;
                    moved.corners[corner].1 += dy;
                    if !moved.is_sane() {
                        continue;
                    }
                    let fit = fit(&moved);
                    if fit > best {
                        best = fit;
                        *self = moved;
                        better = true;
                    }
                }
            }
            if !better {
                step *= 0.5;
            }
        }
    }

    /// The brightness of every module, row by row. Modules of several pixels are averaged over their
    /// middle.
    pub(crate) fn levels(&self, grey: &Grey) -> Option<Vec<f32>> {
        let projection = self.projection()?;
        Some(self.levels_at(grey, |place| projection.at(place)))
    }

    /// The same where the way from modules to pixels is not quite a plane's.
    pub(crate) fn levels_at(&self, grey: &Grey, at: impl Fn(Point) -> Point) -> Vec<f32> {
        let wide = self.module() >= 2.6;
        let mut levels = Vec::with_capacity(self.columns * self.rows);
        for row in 0..self.rows {
            for column in 0..self.columns {
                let (u, v) = (column as f32 + 0.5, row as f32 + 0.5);
                let mut level = grey.sample(at((u, v)).0, at((u, v)).1);
                if wide {
                    for (du, dv) in [(0.22, 0.0), (-0.22, 0.0), (0.0, 0.22), (0.0, -0.22)] {
                        let (x, y) = at((u + du, v + dv));
                        level += grey.sample(x, y);
                    }
                    level /= 5.0;
                }
                levels.push(level);
            }
        }
        levels
    }
}

/// Modules that were told dark from light.
#[derive(Clone, Debug)]
pub(crate) struct Modules {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    dark: Vec<bool>,
    /// How sure each is: the distance from the threshold as a share of the contrast around.
    sure: Vec<f32>,
}

impl Modules {
    /// Tells dark from light by the middle of the extremes among the modules around, after undoing blur:
    /// what differs from its four neighbours differs `sharpen` times as much more.
    pub(crate) fn of(levels: &[f32], columns: usize, rows: usize, sharpen: f32) -> Modules {
        let reach = 3usize;
        let at = |x: usize, y: usize| levels[y * columns + x];
        let mut sharp = Vec::with_capacity(levels.len());
        for y in 0..rows {
            for x in 0..columns {
                let around = at(x.saturating_sub(1), y)
                    + at((x + 1).min(columns - 1), y)
                    + at(x, y.saturating_sub(1))
                    + at(x, (y + 1).min(rows - 1));
                sharp.push(at(x, y) + sharpen * (at(x, y) - around / 4.0));
            }
        }
        // Extremes over a square are extremes over rows of extremes over columns.
        let mut across = Vec::with_capacity(levels.len());
        for row in levels.chunks(columns) {
            for x in 0..columns {
                let around = &row[x.saturating_sub(reach)..(x + reach + 1).min(columns)];
                across.push(around.iter().fold((f32::MAX, f32::MIN), |(lo, hi), &v| (lo.min(v), hi.max(v))));
            }
        }
        let mut modules = Modules {
            columns,
            rows,
            dark: Vec::with_capacity(levels.len()),
            sure: Vec::with_capacity(levels.len()),
        };
        for y in 0..rows {
            for x in 0..columns {
                let (lo, hi) = (y.saturating_sub(reach)..(y + reach + 1).min(rows))
                    .map(|y| across[y * columns + x])
                    .fold((f32::MAX, f32::MIN), |(lo, hi), v| (lo.min(v.0), hi.max(v.1)));
                let off = (lo + hi) / 2.0 - sharp[y * columns + x];
                modules.dark.push(off > 0.0);
                modules.sure.push(off.abs() / (hi - lo).max(1.0));
            }
        }
        modules
    }

    pub(crate) fn is_dark(&self, column: usize, row: usize) -> bool {
        self.dark[row * self.columns + column]
    }

    pub(crate) fn sure(&self, column: usize, row: usize) -> f32 {
        self.sure[row * self.columns + column]
    }

    /// Rows and columns swapped: the symbol seen from behind.
    pub(crate) fn mirrored(&self) -> Modules {
        let places = || (0..self.columns).flat_map(|x| (0..self.rows).map(move |y| y * self.columns + x));
        Modules {
            columns: self.rows,
            rows: self.columns,
            dark: places().map(|at| self.dark[at]).collect(),
            sure: places().map(|at| self.sure[at]).collect(),
        }
    }
}
