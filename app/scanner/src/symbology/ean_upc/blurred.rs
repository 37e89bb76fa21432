//! EAN-13 and UPC-A symbols whose bars have run into each other: instead of edges, the whole brightness
//! profile is compared with what every digit would look like through the same blur.
//!
//! The digits that explain the profile best are taken only when they fit well, have the right parities
//! and check digit by themselves, and every other number explains it clearly worse.

use std::sync::OnceLock;

use super::{PARITIES, PATTERNS};

/// Samples that are taken of a module.
const FINE: usize = 2;
/// Digits on either side of the centre guard.
const HALF: usize = 6;
/// Digits that bars of their own tell.
const DIGITS: usize = 2 * HALF;
/// All of them, and some to see whether the others are worth it.
const ALL: [usize; DIGITS] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const SOME: [usize; 4] = [1, 4, 7, 10];
/// Modules from first to last bar.
pub(super) const MODULES: f32 = 95.0;
/// Samples of a digit.
const DIGIT: usize = 7 * FINE;
/// Spreads of the blur that are tried, as standard deviations in modules.
const BLURS: [f32; 5] = [0.35, 0.5, 0.65, 0.8, 1.0];
/// The share of the profile's variance that the digits may leave unexplained.
const MOST_LEFT: f32 = 0.24;
/// How much worse than the best the second best number must be: squared errors, in those of one sample.
const LEAST_MARGIN: f32 = 18.0;
/// The share of the variance that may be left before anything is fitted.
const LEAST_HOPE: f32 = 0.48;
/// The share that may be left once the middle is right,
const LEAST_PROSPECT: f32 = 0.42;
/// and after the first round.
const LEAST_PROMISE: f32 = 0.33;
/// Modules to a pixel below which nothing is left to compare.
const SMALLEST: f32 = 0.9;

/// A digit as the blur leaves it: darkness, 0 to 1, without its mean, and the sum of its squares.
#[derive(Clone, Copy)]
struct Template {
    dark: [f32; DIGIT],
    mean: f32,
    power: f32,
}

/// The digits of one half of the symbol, sample by sample, so that a profile is compared with all at once.
struct Set<const N: usize> {
    dark: [[f32; N]; DIGIT],
    mean: [f32; N],
    power: [f32; N],
}

/// What every digit looks like through one blur: number sets A and B, then C.
struct Templates {
    blur: f32,
    left: Set<20>,
    right: Set<10>,
}

impl Templates {
    /// For every one of [`BLURS`], made when they are first asked for.
    fn all() -> &'static [Templates; BLURS.len()] {
        static ALL: OnceLock<[Templates; BLURS.len()]> = OnceLock::new();
        ALL.get_or_init(|| BLURS.map(Templates::of))
    }

    fn of(blur: f32) -> Templates {
        let left = Set::of(std::array::from_fn(|k| {
            let mut widths = PATTERNS[k % 10];
            if k >= 10 {
                widths.reverse();
            }
            Template::of(&widths, false, blur)
        }));
        let right = Set::of(std::array::from_fn(|k| Template::of(&PATTERNS[k], true, blur)));
        Templates { blur, left, right }
    }
}

impl<const N: usize> Set<N> {
    fn of(all: [Template; N]) -> Set<N> {
        let dark = std::array::from_fn(|i| all.map(|template| template.dark[i]));
        Set { dark, mean: all.map(|template| template.mean), power: all.map(|template| template.power) }
    }

    /// Leaves what a profile without its mean costs with each digit, in its own light; the contrast and the
    /// mean of the cheapest.
    fn free(&self, own: &[f32; DIGIT], power: f32, costs: &mut [f32]) -> (f32, f32) {
        let mut both = [0.0; N];
        for (&value, dark) in own.iter().zip(&self.dark) {
            both.iter_mut().zip(dark).for_each(|(both, dark)| *both += value * dark);
        }
        let (mut least, mut light) = (f32::MAX, (0.0, 0.0));
        for (k, cost) in costs.iter_mut().enumerate().take(N) {
            // Ink is darker than paper.
            let contrast = (-both[k] / self.power[k]).max(0.0);
            *cost = power - contrast * contrast * self.power[k];
            if *cost < least {
                (least, light) = (*cost, (contrast, self.mean[k]));
            }
        }
        light
    }

    /// Leaves what a profile costs with each digit in a given light.
    fn lit(&self, own: &[f32; DIGIT], contrast: f32, paper: f32, costs: &mut [f32]) {
        for (k, cost) in costs.iter_mut().enumerate().take(N) {
            let off = |(value, dark): (&f32, &[f32; N])| value - paper + contrast * (dark[k] + self.mean[k]);
            *cost = own.iter().zip(&self.dark).map(off).map(|off| off * off).sum();
        }
    }
}

impl Template {
    /// Four elements, `dark_first` or not. The module before is of the other kind than the first, the
    /// module after of the other kind than the last, and what lies beyond is half of each.
    fn of(widths: &[u8; 4], dark_first: bool, blur: f32) -> Template {
        let ink = |dark: bool| if dark { 1.0 } else { 0.0 };
        let mut modules = vec![0.5, ink(!dark_first)];
        for (k, &width) in widths.iter().enumerate() {
            modules.extend(std::iter::repeat_n(ink(dark_first == (k % 2 == 0)), width.into()));
        }
        modules.extend([ink(dark_first), 0.5]);
        let dark: [f32; DIGIT] = std::array::from_fn(|i| {
            let at = 2.0 + (i as f32 + 0.5) / FINE as f32;
            // What reaches the sample from before the first module and from after the last counts as half.
            let step = |edge: f32| normal((at - edge) / blur);
            let outside = 1.0 - step(0.0) + step(modules.len() as f32);
            let inside = modules.iter().enumerate().map(|(m, ink)| ink * (step(m as f32) - step(m as f32 + 1.0)));
            0.5 * outside + inside.sum::<f32>()
        });
        let mean = dark.iter().sum::<f32>() / DIGIT as f32;
        let dark = dark.map(|d| d - mean);
        Template { dark, mean, power: dark.iter().map(|d| d * d).sum() }
    }
}

/// The normal distribution function, near enough (a logistic curve of the same slope).
fn normal(x: f32) -> f32 {
    1.0 / (1.0 + (-1.702 * x).exp())
}

/// Where the modules lie on a profile: the outer edges of the first and the last bar, and how far the
/// middle is off, as a share of the width, because the symbol is seen at a slant or bent.
#[derive(Clone, Copy)]
struct Place {
    first: f32,
    last: f32,
    bend: f32,
}

/// A profile laid out along the modules of a symbol.
struct Laid<'a> {
    profile: &'a [f32],
    place: Place,
}

impl Laid<'_> {
    /// Brightness at a distance of `at` modules from the first bar.
    fn sample(&self, at: f32) -> f32 {
        let t = at / MODULES;
        let span = self.place.last - self.place.first;
        let x = self.place.first + span * (t + self.place.bend * t * (1.0 - t));
        let x = x.clamp(0.0, (self.profile.len() - 1) as f32);
        let i = x as usize;
        let part = x - i as f32;
        let next = self.profile.get(i + 1).copied().unwrap_or(self.profile[i]);
        self.profile[i] * (1.0 - part) + next * part
    }

    /// The module where a digit begins; the centre guard lies after the left half.
    fn start(&self, digit: usize) -> f32 {
        let guards = if digit < HALF { 3 } else { 8 };
        (guards + 7 * digit) as f32
    }

    fn digit(&self, digit: usize) -> [f32; DIGIT] {
        let start = self.start(digit);
        std::array::from_fn(|i| self.sample(start + (i as f32 + 0.5) / FINE as f32))
    }
}

/// What the digits of a profile cost: squared errors by place and template.
struct Costs {
    /// By digit, then by value; the left half has twenty, A before B.
    all: [[f32; 20]; DIGITS],
    /// The profile's variance within its digits.
    power: f32,
    /// Contrast and paper by digit, from its best template.
    tones: [(f32, f32); DIGITS],
}

impl Costs {
    const NONE: Costs = Costs { all: [[f32::MAX; 20]; DIGITS], power: 0.0, tones: [(0.0, 0.0); DIGITS] };

    /// Compares some digits with every template, each in its own light.
    fn free(laid: &Laid<'_>, templates: &Templates, digits: &[usize]) -> Costs {
        let mut costs = Costs::NONE;
        for &digit in digits {
            let mut own = laid.digit(digit);
            let mean = own.iter().sum::<f32>() / DIGIT as f32;
            own.iter_mut().for_each(|v| *v -= mean);
            let power: f32 = own.iter().map(|v| v * v).sum();
            costs.power += power;
            let row = &mut costs.all[digit];
            // The left half has both number sets.
            let (contrast, middle) = if digit < HALF {
                templates.left.free(&own, power, row)
            } else {
                templates.right.free(&own, power, row)
            };
            costs.tones[digit] = (contrast, mean + contrast * middle);
        }
        costs
    }

    /// Compares again, now in the light that the digits around agree on.
    fn lit(laid: &Laid<'_>, templates: &Templates, free: &Costs) -> Costs {
        let tones = &free.tones;
        let mut costs = Costs { tones: free.tones, ..Costs::NONE };
        for digit in 0..DIGITS {
            let around = &tones[digit.saturating_sub(2)..(digit + 3).min(tones.len())];
            let (contrast, paper) = (median(around, |t| t.0), median(around, |t| t.1));
            let own = laid.digit(digit);
            let mean = own.iter().sum::<f32>() / DIGIT as f32;
            costs.power += own.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>();
            let row = &mut costs.all[digit];
            if digit < HALF {
                templates.left.lit(&own, contrast, paper, row);
            } else {
                templates.right.lit(&own, contrast, paper, row);
            }
        }
        costs
    }

    /// The share of the profile's variance that the best templates leave.
    fn share(&self) -> f32 {
        self.least() / self.power
    }

    /// The cost of the best template everywhere.
    fn least(&self) -> f32 {
        let least = |row: &[f32; 20]| row.iter().copied().fold(f32::MAX, f32::min);
        self.all.iter().map(least).filter(|&least| least < f32::MAX).sum()
    }
}

fn median(of: &[(f32, f32)], by: impl Fn(&(f32, f32)) -> f32) -> f32 {
    let mut values = [0.0; 5];
    let values = &mut values[..of.len().min(5)];
    values.iter_mut().zip(of).for_each(|(value, of)| *value = by(of));
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The digits of a symbol whose outer edges are about at `first` and `last` on a profile.
pub(super) fn read(profile: &[f32], first: f32, last: f32) -> Option<Vec<u8>> {
    let module = (last - first).abs() / MODULES;
    if module < SMALLEST {
        return None;
    }
    let mut laid = Laid { profile, place: Place { first, last, bend: 0.0 } };
    let mut templates = &Templates::all()[BLURS.len() / 2];
    if Costs::free(&laid, templates, &SOME).share() > LEAST_HOPE + 0.1 {
        return None;
    }
    let mut costs = Costs::free(&laid, templates, &ALL);
    if costs.share() > LEAST_HOPE {
        return None;
    }
    // The middle first, since it is off the most; then the ends; then the blur; and once more, finer.
    for step in [0.5, 0.25, 0.12] {
        for knob in [2, 0, 1, 2] {
            if knob == 0 && costs.share() > LEAST_PROSPECT {
                return None;
            }
            let place = laid.place;
            for k in -4i8..=4 {
                let off = f32::from(k) * step * (last - first) / MODULES;
                let mut tried = place;
                match knob {
                    0 => tried.first += off,
                    1 => tried.last += off,
                    _ => tried.bend += 2.0 * off / (last - first),
                }
                let trial = Laid { place: tried, ..laid };
                let cost = Costs::free(&trial, templates, &ALL);
                if cost.share() < costs.share() {
                    (costs, laid) = (cost, trial);
                }
            }
        }
        if costs.share() > LEAST_PROMISE {
            return None;
        }
        for other in Templates::all() {
            let cost = Costs::free(&laid, other, &ALL);
            if cost.least() < costs.least() {
                (costs, templates) = (cost, other);
            }
        }
    }
    if costs.share() > MOST_LEFT {
        return None;
    }
    let lit = Costs::lit(&laid, templates, &costs);
    decide(&lit, &laid, templates.blur)
}

/// The number that explains the profile best, if it is the only one that does.
fn decide(costs: &Costs, laid: &Laid<'_>, blur: f32) -> Option<Vec<u8>> {
    let samples = (DIGITS * DIGIT) as f32;
    let [best, second] = numbers(costs);
    let Number { cost, digits, len } = best?;
    let margin = second?.cost - cost;
    let noise = cost / samples;
    // The best digits must be a number by themselves, or so nearly that it makes no difference.
    let bent = cost - costs.least();
    (cost < MOST_LEFT * costs.power && margin > LEAST_MARGIN * noise && bent < 0.1 * margin && guards(laid, costs, blur)).then(|| digits[..len].to_vec())
}

/// Whether the guards are where they must be: their bars darker than the spaces beside them, and light
/// before the first and after the last bar.
fn guards(laid: &Laid<'_>, costs: &Costs, blur: f32) -> bool {
    let modules = MODULES;
    let centre = 3.0 + 7.0 * HALF as f32;
    let tone = |at: f32| laid.sample(at + 0.5);
    let dips = [0.0, 2.0, centre + 1.0, centre + 3.0, modules - 3.0, modules - 1.0];
    let peaks = [1.0, 1.0, centre + 2.0, centre + 2.0, modules - 2.0, modules - 2.0];
    let open = dips.iter().zip(peaks).filter(|&(&dip, peak)| tone(dip) < tone(peak)).count();
    // In a heavy blur single modules are gone, and only the quiet zones tell.
    let open = open >= 5 || blur > BLURS[1];
    let (contrast, paper) = costs.tones[0];
    let (end_contrast, end_paper) = costs.tones[DIGITS - 1];
    let quiet = [-4.0, -3.0, -2.0].iter().all(|&at| tone(at) > paper - 0.5 * contrast)
        && [1.0, 2.0, 3.0].iter().all(|&at| tone(modules + at) > end_paper - 0.5 * end_contrast);
    open && quiet
}

/// A number and what it costs, as far as it goes.
#[derive(Clone, Copy)]
struct Number {
    cost: f32,
    digits: [u8; 13],
    len: usize,
}

impl Number {
    fn with(mut self, digit: u8, cost: f32) -> Number {
        self.digits[self.len] = digit;
        self.len += 1;
        self.cost += cost;
        self
    }
}

/// The cheapest two of what is offered.
#[derive(Clone, Copy, Default)]
struct Two([Option<Number>; 2]);

impl Two {
    fn offer(&mut self, number: Number) {
        let dearer = |old: &Option<Number>| old.is_none_or(|old| number.cost < old.cost);
        if dearer(&self.0[0]) {
            self.0 = [Some(number), self.0[0]];
        } else if dearer(&self.0[1]) {
            self.0[1] = Some(number);
        }
    }
}

/// The cheapest two numbers with the right parities and check digit.
fn numbers(costs: &Costs) -> [Option<Number>; 2] {
    let mut best = Two::default();
    for (first, parity) in PARITIES.iter().enumerate() {
        // The cheapest ways to every remainder of the weighted sum (ISO/IEC 15420, annex A).
        let mut ways = [Two::default(); 10];
        ways[first].offer(Number { cost: 0.0, digits: [0; 13], len: 0 }.with(first as u8, 0.0));
        for (digit, row) in costs.all.iter().enumerate() {
            let even = digit < HALF && parity >> (HALF - 1 - digit) & 1 == 1;
            let row = if even { &row[10..] } else { &row[..10] };
            let weight = if digit % 2 == 0 { 3 } else { 1 };
            let mut next = [Two::default(); 10];
            for (sum, two) in ways.iter().enumerate() {
                for way in two.0.iter().flatten() {
                    for (value, &cost) in row.iter().enumerate() {
                        next[(sum + weight * value) % 10].offer(way.with(value as u8, cost));
                    }
                }
            }
            ways = next;
        }
        ways[0].0.iter().flatten().for_each(|&number| best.offer(number));
    }
    best.0
}
