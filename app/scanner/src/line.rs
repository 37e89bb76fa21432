//! One line across the picture: its brightness profile, and the dark and light bars on it.

use crate::luma::Grey;

/// A straight line through a picture, from `from` to `to`, in that picture's pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) from: (f32, f32),
    pub(crate) to: (f32, f32),
    /// Rows averaged on either side of the line; they lie along the bars, so noise goes and edges stay.
    pub(crate) spread: usize,
    /// The direction of the bars, where they are not square to the line.
    pub(crate) bars: Option<(f32, f32)>,
}

/// How far bars may lean, as the sine of their angle with the line: rows of others do not show the same.
const LEAST_SINE: f32 = 0.5;

impl Line {
    /// Length in pixels.
    pub(crate) fn length(&self) -> f32 {
        (self.to.0 - self.from.0).hypot(self.to.1 - self.from.1)
    }

    /// The point `distance` pixels along.
    pub(crate) fn at(&self, distance: f32) -> (f32, f32) {
        let t = distance / self.length().max(1e-3);
        (self.from.0 + (self.to.0 - self.from.0) * t, self.from.1 + (self.to.1 - self.from.1) * t)
    }

    /// Brightness at every pixel along the line; leaves nothing when the line is too short to hold a symbol.
    pub(crate) fn profile(&self, grey: &Grey, out: &mut Vec<f32>) {
        out.clear();
        let length = self.length();
        if length < 8.0 || grey.width < 3 || grey.height < 3 {
            return;
        }
        let step = ((self.to.0 - self.from.0) / length, (self.to.1 - self.from.1) / length);
        out.resize(length as usize + 1, 0.0);
        let spread = self.spread as i32;
        // From a row to the next: one pixel aside, and as far along the line as the bars lean.
        let square = (-step.1, step.0);
        let next = self.bars.map_or(square, |bars| {
            let sine = bars.0 * square.0 + bars.1 * square.1;
            if sine.abs() < LEAST_SINE { square } else { (bars.0 / sine, bars.1 / sine) }
        });
        for offset in -spread..=spread {
            let shift = offset as f32;
            let from = (self.from.0 + next.0 * shift, self.from.1 + next.1 * shift);
            grey.add_along(from, step, out);
        }
        let weight = 1.0 / (2 * spread + 1) as f32;
        out.iter_mut().for_each(|value| *value *= weight);
    }
}

/// The bars of one line: element `i` lies between `edges[i]` and `edges[i + 1]`, dark and light in turn.
/// The first and the last element are what lies before the first and after the last edge found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bars {
    /// Distances along the line, in pixels, rising.
    pub(crate) edges: Vec<f32>,
    widths: Vec<f32>,
    first_dark: bool,
    starts: Vec<usize>,
    fine: Vec<f32>,
    ranges: Vec<(f32, f32)>,
    swings: Vec<f32>,
}

/// Elements of the shortest symbol that is read, without its last ones.
const FEWEST: usize = 24;
/// The widest element beside the quiet zone; ink spread and blur narrow the quiet zone a little.
const WIDEST: f32 = 1.25;
/// The least of a quiet zone, in mean elements: four modules, where the elements of every symbology are 1.5
/// to 1.9 modules wide on average. Texture has as many bars, but seldom a quiet zone before them.
const QUIET: f32 = 2.0;

/// Samples of a refined profile in a pixel.
const FINE: usize = 2;

/// Puts samples between the samples (Catmull-Rom), so that the peak of a bar barely wider than a pixel
/// is seen at its height.
fn refine(profile: &[f32], fine: &mut Vec<f32>) {
    let between = |[before, here, next, after]: [f32; 4]| (9.0 * (here + next) - before - after) / 16.0;
    let at = |i: usize| profile[i.min(profile.len() - 1)];
    let edge = |i: usize| between([at(i.saturating_sub(1)), at(i), at(i + 1), at(i + 2)]);
    fine.clear();
    fine.resize(profile.len() * FINE, 0.0);
    for (four, pair) in profile.windows(4).zip(fine[FINE..].chunks_exact_mut(FINE)) {
        pair[0] = four[1];
        pair[1] = between([four[0], four[1], four[2], four[3]]);
    }
    for i in [0, profile.len().saturating_sub(2), profile.len() - 1] {
        fine[i * FINE] = profile[i];
        fine[i * FINE + 1] = edge(i);
    }
}

/// Blocks of the profile whose brightest and darkest values tell how much contrast there is around.
const BLOCK: usize = 16 * FINE;
/// A swing smaller than this is noise, in grey levels.
const LEAST_SWING: f32 = 7.0;
/// A swing smaller than this share of the contrast around is noise; a narrow bar in a blurred symbol
/// keeps about a quarter.
const SWING_SHARE: f32 = 0.16;

/// The least and the most of a block, eight values at a time.
fn range(block: &[f32]) -> (f32, f32) {
    let (mut least, mut most) = ([f32::MAX; 8], [f32::MIN; 8]);
    let eights = block.chunks_exact(8);
    let rest = eights.remainder();
    for eight in eights {
        for (k, &value) in eight.iter().enumerate() {
            least[k] = if value < least[k] { value } else { least[k] };
            most[k] = if value > most[k] { value } else { most[k] };
        }
    }
    let least = least.iter().chain(rest).fold(f32::MAX, |a, &b| a.min(b));
    (least, most.iter().chain(rest).fold(f32::MIN, |a, &b| a.max(b)))
}

/// The extreme before a profile first swings, where it has swung, and whether upwards.
fn first_turn(profile: &[f32], swings: &[f32]) -> Option<((f32, usize), usize, bool)> {
    let (mut low, mut high) = ((profile[0], 0), (profile[0], 0));
    for (i, &value) in profile.iter().enumerate() {
        if value > high.0 {
            high = (value, i);
        }
        if value < low.0 {
            low = (value, i);
        }
        let swing = swings[i / BLOCK].max(swings[low.1 / BLOCK]);
        if value - low.0 > swing {
            return Some((low, i, true));
        }
        if high.0 - value > swing {
            return Some((high, i, false));
        }
    }
    None
}

/// Where a profile crosses the middle between two extremes.
fn crossing(profile: &[f32], from: (f32, usize), to: (f32, usize)) -> f32 {
    let middle = (from.0 + to.0) / 2.0;
    let (start, end) = (from.1.min(to.1), from.1.max(to.1));
    for i in start..end {
        let (a, b) = (profile[i], profile[i + 1]);
        if (a <= middle) != (b <= middle) {
            return i as f32 + (middle - a) / (b - a);
        }
    }
    (start + end) as f32 / 2.0
}

impl Bars {
    /// Finds the edges of a profile: it runs from extreme to extreme, and an edge is where it crosses
    /// the middle between two of them. Sub-pixel, and indifferent to slow changes of light.
    pub(crate) fn find(profile: &[f32], bars: &mut Bars) {
        bars.edges.clear();
        bars.widths.clear();
        bars.starts.clear();
        bars.first_dark = false;
        if profile.len() < BLOCK {
            return;
        }
        let mut fine = std::mem::take(&mut bars.fine);
        refine(profile, &mut fine);
        bars.walk(&fine);
        bars.fine = fine;
        bars.edges.iter_mut().for_each(|edge| *edge /= FINE as f32);
        bars.widths.extend(bars.edges.windows(2).map(|e| (e[1] - e[0]).max(0.01)));
        bars.find_starts();
    }

    /// Leaves the edges of a refined profile, in its samples.
    fn walk(&mut self, profile: &[f32]) {
        self.measure_swings(profile);
        let swings = std::mem::take(&mut self.swings);
        self.edges.push(0.0);
        if let Some((mut before, from, up)) = first_turn(profile, &swings) {
            self.first_dark = up;
            let mut sign = if up { 1.0 } else { -1.0 };
            let mut extreme = (profile[from], from);
            // As much as the extreme that is left asks for: past the last bar there is no contrast, and what
            // rings after its edge is none either.
            let mut asked = swings[from / BLOCK];
            for (block, values) in profile.chunks(BLOCK).enumerate().skip(from / BLOCK) {
                let own = swings[block];
                for (k, &value) in values.iter().enumerate() {
                    let ahead = (value - extreme.0) * sign;
                    if ahead > 0.0 {
                        extreme = (value, block * BLOCK + k);
                        asked = own;
                    } else if -ahead > asked.max(own) && block * BLOCK + k > from {
                        self.edges.push(crossing(profile, before, extreme));
                        before = extreme;
                        extreme = (value, block * BLOCK + k);
                        asked = own;
                        sign = -sign;
                    }
                }
            }
            self.edges.push(crossing(profile, before, extreme));
        }
        self.edges.push((profile.len() - 1) as f32);
        self.swings = swings;
    }

    /// For every block of the profile, the least swing that is no noise: a share of how far brightness
    /// swings in it and the three blocks on either side.
    fn measure_swings(&mut self, profile: &[f32]) {
        self.ranges.clear();
        self.ranges.extend(profile.chunks(BLOCK).map(range));
        self.swings.clear();
        for i in 0..self.ranges.len() {
            let around = &self.ranges[i.saturating_sub(3)..(i + 4).min(self.ranges.len())];
            let (lo, hi) = around.iter().fold((f32::MAX, f32::MIN), |(lo, hi), r| (lo.min(r.0), hi.max(r.1)));
            self.swings.push(((hi - lo) * SWING_SHARE).max(LEAST_SWING));
        }
    }

    /// How many elements there are.
    pub(crate) fn len(&self) -> usize {
        self.widths.len()
    }

    /// The widths of `count` elements from `i` on, in pixels; `None` when there are not as many.
    pub(crate) fn widths(&self, i: usize, count: usize) -> Option<&[f32]> {
        self.widths.get(i..i.checked_add(count)?)
    }

    /// Dark elements that a symbol may begin with: the light before them is a quiet zone beside what
    /// follows. No symbology prints an element much wider than its quiet zone must be.
    pub(crate) fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// Every dark element but the one that the line begins with.
    pub(crate) fn darks(&self) -> impl Iterator<Item = usize> + use<> {
        (if self.first_dark { 2 } else { 1 }..self.widths.len()).step_by(2)
    }

    /// Whether a symbol can begin at element `i`.
    fn is_start(&self, i: usize) -> bool {
        let quiet = self.widths[i - 1];
        let Some(own) = self.widths.get(i..i + FEWEST) else { return false };
        let length = (self.edges[i + FEWEST] - self.edges[i]).abs();
        quiet * FEWEST as f32 >= QUIET * length && own.iter().all(|&w| w <= quiet * WIDEST)
    }

    fn find_starts(&mut self) {
        let darks = self.darks();
        let mut starts = std::mem::take(&mut self.starts);
        starts.clear();
        starts.extend(darks.filter(|&i| self.is_start(i)));
        self.starts = starts;
    }

    /// Whether the light element before element `i` is at least `width` pixels wide. At the end of the
    /// line nobody knows what follows, so what is there must do.
    pub(crate) fn quiet_before(&self, i: usize, width: f32) -> bool {
        i > 0 && self.widths[i - 1] >= width
    }

    /// Whether the light element `i`, which follows a symbol, is at least `width` pixels wide.
    pub(crate) fn quiet_at(&self, i: usize, width: f32) -> bool {
        self.widths.get(i).is_some_and(|&w| w >= width)
    }

    /// Light and dark swapped, for symbols printed light on dark.
    pub(crate) fn invert(&mut self) {
        self.first_dark = !self.first_dark;
        self.find_starts();
    }

    /// The same bars seen from the other end; positions still count from this end.
    pub(crate) fn reverse(&mut self) {
        if self.widths.len().is_multiple_of(2) {
            self.first_dark = !self.first_dark;
        }
        self.edges.reverse();
        self.widths.reverse();
        self.find_starts();
    }
}
