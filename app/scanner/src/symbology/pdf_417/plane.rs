//! A symbol both of whose edges were seen, as a plane in perspective: its size from what the indicators
//! would look like, its codewords by likeness.

use super::likely::{LOOKS, Shape, Shapes, VALUES, alike, shape};
use super::words::{EVIDENCE, Size, decode};
use super::{Area, AreaRead, Edge, START, STOP};
use crate::grid::{Grid, Known, Look, Point, Projection};
use crate::luma::Grey;

/// Rows that the grid is thought to have before their number is known.
const BANDS: usize = 6;
/// The share of the start and stop patterns, and of what lies between characters, that must be seen.
const LEAST_AGREEMENT: f32 = 0.8;
/// The likeness that indicators must have on average.
const LEAST_ALIKE: f32 = 0.6;
/// How much darker ink must be than paper, in grey levels.
const LEAST_CONTRAST: f32 = 10.0;
/// The middle of the wide bar of the start and of the stop pattern, in modules from the edge.
const START_MIDDLE: f32 = 4.0;
const STOP_MIDDLE: f32 = 3.5;
/// Lines on which indicators are looked at, at most.
const LINES: usize = 200;
/// How far the upper and the lower end may lie from where they seem to, in pixels.
const ENDS: [f32; 3] = [0.0, -0.8, 0.8];
/// Correction codewords that must stay unspent where the least sure codewords were left out, which proves
/// less.
const EVIDENCE_ERASED: usize = 4;
/// Shares of the correction that go to the least sure codewords, in turn.
const ERASED: [f32; 5] = [0.0, 0.2, 0.4, 0.65, 1.0];

/// Reads a symbol between two edges; `transposed` says that their points have x and y swapped.
pub(super) fn read(area: &Area<'_>, start: &Edge, stop: &Edge, transposed: bool) -> Option<AreaRead> {
    let look = area.look();
    let (grid, columns) = grid(look, start, stop, transposed)?;
    let projection = grid.projection()?;
    let height = {
        let (top, bottom) = (projection.at((0.0, 0.0)), projection.at((0.0, BANDS as f32)));
        (top.0 - bottom.0).hypot(top.1 - bottom.1)
    };
    let count = ((2.0 * height) as usize).clamp(24, LINES);
    let lines: Vec<f32> = (0..count).map(|k| (k as f32 + 0.5) / count as f32).collect();
    let seen = |character: usize| -> Vec<Option<Shape>> {
        lines.iter().map(|v| shape(&darkness(look.grey, &projection, character, v * BANDS as f32, 0.0))).collect()
    };
    let known = |character: usize| -> Vec<Shape> { seen(character).into_iter().flatten().collect() };
    let shapes = Shapes::of(&known(0), &known(columns + 3));
    let mut indicators =
        Indicators { shapes: &shapes, lines: &lines, seen: [seen(1), seen(columns + 2)], columns, alike: Vec::new() };
    let (size, top, bottom) = indicators.size(height)?;
    let at = |row: f32| (top + (bottom - top) * row / size.rows as f32) * BANDS as f32;
    let pitch = height / size.rows as f32;
    let spread = if pitch > 2.5 { 0.2 * BANDS as f32 / size.rows as f32 } else { 0.0 };
    let mut words = Vec::with_capacity(size.words());
    for row in 0..size.rows {
        for column in 0..columns {
            let seen = shape(&darkness(look.grey, &projection, column + 2, at(row as f32 + 0.5), spread));
            words.push(seen.map_or((0, 0.0, 0.0), |seen| shapes.most_alike(&seen, row % 3)));
        }
    }
    let values: Vec<u16> = words.iter().map(|word| word.0).collect();
    let mut order: Vec<usize> = (0..words.len()).collect();
    order.sort_by(|&a, &b| words[a].2.total_cmp(&words[b].2));
    let capacity = size.capacity();
    let (payload, left) = ERASED.iter().find_map(|share| {
        let most = (capacity as f32 * share) as usize;
        let erased: Vec<usize> = order.iter().copied().take(most).collect();
        decode(&values, size, &erased, if erased.is_empty() { EVIDENCE } else { EVIDENCE_ERASED })
    })?;
    let (width, top, bottom) = (grid.columns as f32, at(0.0), at(size.rows as f32));
    let corners =
        [(0.0, top), (width, top), (width, bottom), (0.0, bottom)].map(|corner| projection.at(corner));
    Some(AreaRead { payload, corners, unused_correction: Some(left) })
}

/// How dark the looks at a symbol character are, the start pattern being character 0; the mean of three
/// lines so far apart where they are apart.
fn darkness(grey: &Grey, projection: &Projection, character: usize, v: f32, spread: f32) -> [f32; LOOKS] {
    std::array::from_fn(|k| {
        let u = (17 * character) as f32 + (k as f32 + 0.5) / 2.0;
        let at = |v: f32| {
            let (x, y) = projection.at((u, v));
            -grey.sample(x, y)
        };
        if spread > 0.0 { (at(v) + at(v - spread) + at(v + spread)) / 3.0 } else { at(v) }
    })
}

/// The grid of modules between two edges, and the columns of data.
fn grid(look: Look<'_>, start: &Edge, stop: &Edge, transposed: bool) -> Option<(Grid, usize)> {
    let [from, to] = [ends(look.grey, start, START_MIDDLE, transposed)?, ends(look.grey, stop, STOP_MIDDLE, transposed)?];
    // The distance between the edges is a whole number of characters.
    let (top, bottom) = start.rows();
    let middle = (top + bottom) / 2.0;
    let modules = (stop.at(middle) - start.at(middle)).abs() / ((start.module + stop.module) / 2.0);
    let about = ((modules / 17.0).round() as usize).checked_sub(3)?;
    let candidates = (about.saturating_sub(1)..=about + 1).filter(|columns| (1..=30).contains(columns));
    let fitted = candidates.filter_map(|columns| {
        let width = 17 * (columns + 4) + 1;
        let (left, right) = (START_MIDDLE, (width - 18) as f32 + STOP_MIDDLE);
        let bands = BANDS as f32;
        let modules = [(left, 0.0), (right, 0.0), (right, bands), (left, bands)];
        let grid = Grid::through(width, BANDS, modules, [from[0], to[0], to[1], from[1]])?;
        Some((grid.fit(look, &known(columns)), grid, columns))
    });
    let (_, mut grid, columns) = fitted.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let known = known(columns);
    grid.refine(look, &known, 0.5);
    (grid.agreement(look, &known) >= LEAST_AGREEMENT).then_some((grid, columns))
}

/// What every symbol of so many columns shows on every row: start and stop pattern, and that characters
/// begin with a bar and end with a space.
fn known(columns: usize) -> Vec<Known> {
    let mut row: Vec<(usize, bool)> = Vec::new();
    let last = 17 * (columns + 3);
    for (first, elements) in [(0, &START), (last, &STOP)] {
        let mut at = first;
        for (k, &width) in elements.iter().enumerate() {
            row.extend((at..at + usize::from(width)).map(|module| (module, k % 2 == 0)));
            at += usize::from(width);
        }
    }
    row.push((last + 17, true));
    row.extend((2..columns + 3).flat_map(|character| [(17 * character - 1, false), (17 * character, true)]));
    (0..BANDS).flat_map(|band| row.iter().map(move |&(module, dark)| Known::module(module, band, dark))).collect()
}

/// The upper and the lower end, as the symbol is read, of the middle of a pattern's wide bar, which lies
/// so many modules from the edge.
fn ends(grey: &Grey, edge: &Edge, middle: f32, transposed: bool) -> Option<[Point; 2]> {
    let sign = if edge.backwards { -1.0 } else { 1.0 };
    let look = |(x, y): Point| if transposed { grey.sample(y, x) } else { grey.sample(x, y) };
    let (top, bottom) = edge.rows();
    let mean = |modules: f32| {
        let at = |k: u8| {
            let y = top + (bottom - top) * f32::from(k) / 8.0;
            look((edge.at(y) + sign * modules * edge.module, y))
        };
        (0..=8).map(at).sum::<f32>() / 9.0
    };
    // A light place nearby: before the start pattern lies paper, in the stop pattern a space of three.
    let (ink, paper) = (mean(middle), mean(if middle == START_MIDDLE { -2.0 } else { 10.5 }));
    if paper - ink < LEAST_CONTRAST {
        return None;
    }
    let limit = (ink + paper) / 2.0;
    // How far from a place the ink reaches one way, over a width across it.
    let reach = |from: Point, (dx, dy): Point, width: f32, most: f32| {
        let ink_at = |t: f32| {
            let (x, y) = (from.0 + dx * t, from.1 + dy * t);
            [-width, 0.0, width].map(|off| look((x + dy * off, y - dx * off))).iter().sum::<f32>() / 3.0
        };
        let (mut t, mut before) = (0.0, ink);
        while t < most {
            let next = ink_at(t + 0.5);
            if next > limit {
                return t + 0.5 * ((limit - before) / (next - before).max(1e-3)).clamp(0.0, 1.0);
            }
            (t, before) = (t + 0.5, next);
        }
        most
    };
    let across = |from: Point| {
        let [left, right] = [-1.0, 1.0].map(|dx| reach(from, (dx, 0.0), 0.0, 8.0 * edge.module));
        (from.0 + (right - left) / 2.0, from.1)
    };
    let along = bottom - top + 30.0 * edge.module;
    let centre = (top + bottom) / 2.0;
    let [mut from, mut to] = [top, bottom].map(|y| (edge.at(y) + sign * middle * edge.module, y));
    // Few hits tell the slant badly: what was seen of the bar tells it better.
    let mut found = [from, to];
    for _ in 0..3 {
        let length = (to.0 - from.0).hypot(to.1 - from.1).max(1e-3);
        let (dx, dy) = ((to.0 - from.0) / length, (to.1 - from.1) / length);
        let middle = (from.0 + (to.0 - from.0) * (centre - from.1) / (to.1 - from.1).max(1e-3), centre);
        let end = |sign: f32, share: f32| {
            let t = share * reach(middle, (sign * dx, sign * dy), edge.module, along);
            (middle.0 + sign * dx * t, middle.1 + sign * dy * t)
        };
        found = [end(-1.0, 1.0), end(1.0, 1.0)];
        (from, to) = (across(end(-1.0, 0.8)), across(end(1.0, 0.8)));
    }
    let place = |(x, y): Point| if transposed { (y, x) } else { (x, y) };
    let [first, last] = found.map(place);
    Some(if transposed != edge.backwards { [last, first] } else { [first, last] })
}

/// Both columns of row indicators as they look on lines from the upper to the lower end.
struct Indicators<'a> {
    shapes: &'a Shapes,
    lines: &'a [f32],
    seen: [Vec<Option<Shape>>; 2],
    columns: usize,
    /// Likeness by side, line and value of each cluster, once it was asked for.
    alike: Vec<f32>,
}

impl Indicators<'_> {
    /// The size under which the indicators look most alike what they should be, and the upper and the
    /// lower end as shares of the height.
    fn size(&mut self, height: f32) -> Option<(Size, f32, f32)> {
        self.alike = vec![f32::NAN; 2 * self.lines.len() * 3 * VALUES];
        let mut best: Option<(f32, Size, f32, f32)> = None;
        for rows in 3..=90 {
            if height < rows as f32 {
                break;
            }
            for level in 0..=8 {
                let Some(size) = Size::checked(rows, self.columns, level) else { continue };
                for top in ENDS.map(|end| end / height) {
                    for bottom in ENDS.map(|end| 1.0 + end / height) {
                        let alike = self.likeness(size, top, bottom);
                        if best.is_none_or(|best| alike > best.0) {
                            best = Some((alike, size, top, bottom));
                        }
                    }
                }
            }
        }
        best.filter(|best| best.0 >= LEAST_ALIKE).map(|(_, size, top, bottom)| (size, top, bottom))
    }

    /// How alike the indicators are on average to those of a size.
    fn likeness(&mut self, size: Size, top: f32, bottom: f32) -> f32 {
        let (mut sum, mut count) = (0.0, 0);
        for line in 0..self.lines.len() {
            let place = (self.lines[line] - top) / (bottom - top) * size.rows as f32;
            let row = place.max(0.0) as usize;
            // Near the border of two rows both show.
            if row >= size.rows || !(0.25..0.75).contains(&place.fract()) {
                continue;
            }
            for side in 0..2 {
                sum += self.one(side, line, row % 3, usize::from(size.indicator(row, side == 1)));
            }
            count += 2;
        }
        sum / count.max(1) as f32
    }

    fn one(&mut self, side: usize, line: usize, third: usize, value: usize) -> f32 {
        let at = ((side * self.lines.len() + line) * 3 + third) * VALUES + value;
        let Some(known) = self.alike.get_mut(at) else { return 0.0 };
        if known.is_nan() {
            *known = match (&self.seen[side][line], self.shapes.one(third, value)) {
                (Some(seen), Some(shape)) => alike(seen, shape),
                _ => 0.0,
            };
        }
        *known
    }
}
