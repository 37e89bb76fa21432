//! Symbol characters by likeness: what every one of them looks like through a blur, and which of those a
//! profile resembles most, where bars run into each other.

use std::sync::LazyLock;

use rxing::pdf417::pdf_417_common::{SYMBOL_TABLE, getCodeword};

use super::{START, STOP};

/// Values of a codeword in each of the three clusters (5.1.2).
pub(super) const VALUES: usize = 929;
/// Looks at one symbol character, two to a module.
pub(super) const LOOKS: usize = 34;
/// Modules on either side that blur brings in.
const AROUND: usize = 3;
/// Blurs that are tried: standard deviations in modules.
const BLURS: [f32; 5] = [0.2, 0.35, 0.5, 0.65, 0.85];

/// Modules of every symbol character, the first in bit 16: those of cluster 0, 3 and 6 by value.
static SYMBOLS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut symbols = vec![0; 3 * VALUES];
    for symbol in SYMBOL_TABLE {
        let (Ok(value), cluster) = (usize::try_from(getCodeword(symbol)), cluster(symbol)) else { continue };
        if let Some(slot) = symbols.get_mut(cluster / 3 * VALUES + value) {
            *slot = symbol;
        }
    }
    symbols
});

/// The cluster of a symbol character: the widths of its bars in turn added and taken away, modulo 9.
fn cluster(symbol: u32) -> usize {
    let (mut sum, mut sign, mut before) = (9, -1i32, 0);
    for bit in (0..17).rev() {
        let dark = symbol >> bit & 1;
        if dark == 1 {
            sign = if before == 0 { -sign } else { sign };
            sum += sign;
        }
        before = dark;
    }
    (sum.rem_euclid(9)) as usize
}

/// Darkness along one symbol character, its mean zero and its squares adding up to one.
pub(super) type Shape = [f32; LOOKS];

/// Brings darkness to a mean of zero and a sum of squares of one; `None` for a flat one.
pub(super) fn shape(darkness: &[f32; LOOKS]) -> Option<Shape> {
    let mean = darkness.iter().sum::<f32>() / LOOKS as f32;
    let mut shape = darkness.map(|value| value - mean);
    let norm = shape.iter().map(|value| value * value).sum::<f32>().sqrt();
    shape.iter_mut().for_each(|value| *value /= norm);
    (norm > 1.0).then_some(shape)
}

/// How alike two shapes are: their correlation.
pub(super) fn alike(a: &Shape, b: &Shape) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// What modules look like through a blur, between a light module before them and a dark one after them, as
/// symbol characters stand between others.
fn blurred(modules: u32, weights: &[[f32; 2 * AROUND + 1]; 2]) -> Shape {
    // Half dark is what nobody knows.
    let mut levels = [0.5f32; 17 + 2 * AROUND];
    for (k, level) in levels.iter_mut().skip(AROUND).take(17).enumerate() {
        *level = (modules >> (16 - k) & 1) as f32;
    }
    (levels[AROUND - 1], levels[AROUND + 17]) = (0.0, 1.0);
    let mut darkness = [0.0; LOOKS];
    for (k, darkness) in darkness.iter_mut().enumerate() {
        let around = &levels[k / 2..k / 2 + 2 * AROUND + 1];
        // In grey levels, or almost nothing would be flat.
        *darkness = 200.0 * around.iter().zip(&weights[k % 2]).map(|(level, weight)| level * weight).sum::<f32>();
    }
    shape(&darkness).unwrap_or([0.0; LOOKS])
}

/// How much of the modules around comes to the first and to the second look at one.
fn weights(blur: f32) -> [[f32; 2 * AROUND + 1]; 2] {
    // Close to the integral of the Gaussian.
    let below = |x: f32| 1.0 / (1.0 + (-1.702 * x / blur).exp());
    [0.25, 0.75].map(|at| {
        std::array::from_fn(|k| {
            let first = k as f32 - AROUND as f32 - at;
            below(first + 1.0) - below(first)
        })
    })
}

/// Elements as modules, the first in bit 16.
fn modules(elements: &[u8; 8]) -> u32 {
    elements.iter().enumerate().fold(0, |symbol, (k, &width)| {
        (0..width).fold(symbol, |symbol, _| symbol << 1 | u32::from(k % 2 == 0))
    })
}

/// Every symbol character as it looks through the blur of one picture.
pub(super) struct Shapes {
    /// By cluster and value.
    all: Vec<Shape>,
}

impl Shapes {
    /// Under the blur through which start and stop patterns look most like themselves.
    pub(super) fn of(starts: &[Shape], stops: &[Shape]) -> Shapes {
        let likeness = |blur: f32| {
            let weights = weights(blur);
            let sum = |seen: &[Shape], elements| {
                let wanted = blurred(modules(elements), &weights);
                seen.iter().map(|seen| alike(seen, &wanted)).sum::<f32>()
            };
            sum(starts, &START) + sum(stops, &STOP)
        };
        let best = BLURS.into_iter().max_by(|&a, &b| likeness(a).total_cmp(&likeness(b)));
        let weights = weights(best.unwrap_or(BLURS[0]));
        Shapes { all: SYMBOLS.iter().map(|&symbol| blurred(symbol, &weights)).collect() }
    }

    /// One of them; `third` is a third of its cluster.
    pub(super) fn one(&self, third: usize, value: usize) -> Option<&Shape> {
        self.all.get(third * VALUES + value)
    }

    /// The value that a shape is most alike, how alike it is, and by how much less alike is the next.
    pub(super) fn most_alike(&self, seen: &Shape, third: usize) -> (u16, f32, f32) {
        let (mut value, mut best, mut next) = (0, -1.0f32, -1.0f32);
        for (k, shape) in self.all.iter().skip(third * VALUES).take(VALUES).enumerate() {
            let alike = alike(seen, shape);
            if alike > best {
                (value, next, best) = (k as u16, best, alike);
            } else if alike > next {
                next = alike;
            }
        }
        (value, best, best - next)
    }
}

#[cfg(test)]
mod tests {
    use super::{SYMBOLS, VALUES, cluster};

    #[test]
    fn every_value_has_a_symbol_of_its_cluster() {
        assert!(SYMBOLS.iter().enumerate().all(|(k, &symbol)| cluster(symbol) == k / VALUES * 3));
        // The first of cluster 0 in annex A: bars and spaces 3 1 1 1 1 1 3 6.
        assert_eq!(SYMBOLS[0], 0b1_1101_0101_1100_0000);
    }
}
