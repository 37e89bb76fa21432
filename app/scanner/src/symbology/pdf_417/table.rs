//! What lines through a symbol say of it, read from the start pattern on and from the stop pattern back.

use super::words::{EVIDENCE, Size, character, decode};
use super::{ELEMENTS, MODULES, Payload, START, STOP, TOLERANCE, distance};
use crate::grid::Point;
use crate::line::{Bars, Line};
use crate::luma::Grey;

/// Elements at the beginning of a line among which its start pattern is looked for.
const FIRST: usize = 24;

/// Which indicator the characters on a line are counted from, which is 0 itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Left,
    Right,
}

/// A codeword that was read.
struct Word {
    row: usize,
    column: usize,
    from: From,
    value: u16,
}

/// What the lines through one symbol say.
#[derive(Default)]
pub(super) struct Table {
    words: Vec<Word>,
    /// What indicators say of the symbol: a third of the rows less one, the level with what is left of
    /// the rows, the columns less one (5.11.3).
    said: [Vec<u16>; 3],
    /// Ends of the lines that were read.
    ends: Vec<(Point, Point)>,
    profile: Vec<f32>,
    bars: Bars,
}

impl Table {
    /// Reads along a line that runs as the symbol is read.
    pub(super) fn read(&mut self, grey: &Grey, line: &Line) {
        line.profile(grey, &mut self.profile);
        let mut bars = std::mem::take(&mut self.bars);
        Bars::find(&self.profile, &mut bars);
        if let Some((first, last)) = self.characters(&bars) {
            self.ends.push((line.at(first), line.at(last)));
        }
        self.bars = bars;
    }

    /// Reads the characters between bars; where along the line they begin and end.
    fn characters(&mut self, bars: &Bars) -> Option<(f32, f32)> {
        // No quiet zone is asked for: the picture may begin with the symbol.
        let first = bars.darks().next().filter(|&i| i == 2).map(|_| 0);
        let darks = || first.into_iter().chain(bars.darks());
        let start = darks().take_while(|&i| i < FIRST).find(|&i| apart(bars, i, &START) < TOLERANCE);
        let after = start.map_or(0, |start| start + ELEMENTS);
        let stop = darks()
            .filter(|&i| i >= after)
            .map(|i| (i, apart(bars, i, &STOP)))
            .filter(|found| found.1 < TOLERANCE)
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|found| found.0);
        let forwards = start.map(|start| (start, self.walk(bars, start, From::Left)));
        let backwards = stop.map(|stop| (stop, self.walk(bars, stop, From::Right)));
        let ends = match (forwards, backwards) {
            (Some((start, a)), Some((stop, b))) if a + b > 3 => (start, stop + ELEMENTS),
            (Some((start, columns)), _) if columns > 2 => (start, start + ELEMENTS * (columns + 1)),
            (_, Some((stop, columns))) if columns > 2 => {
                (stop.saturating_sub(ELEMENTS * columns), stop + ELEMENTS)
            }
            _ => return None,
        };
        Some((*bars.edges.get(ends.0)?, *bars.edges.get(ends.1)?))
    }

    /// Reads characters away from the start or the stop pattern whose first element is given, the indicator
    /// first. How many there were.
    fn walk(&mut self, bars: &Bars, pattern: usize, from: From) -> usize {
        let Some(widths) = bars.widths(pattern, ELEMENTS) else { return 0 };
        let mut size: f32 = widths.iter().sum();
        // Ink spreads: by how much narrow bars are wider than the mean of narrow bars and spaces.
        let narrow_bars = (widths[2] + widths[4] + widths[6]) / 3.0;
        let (narrow_spaces, end) = match from {
            From::Left => ((widths[1] + widths[3] + widths[5]) / 3.0, &STOP),
            From::Right => ((widths[1] + widths[5]) / 2.0, &START),
        };
        let spread = (narrow_bars - narrow_spaces) / 2.0;
        let mut row: Option<(usize, u8)> = None;
        let mut column = 0;
        loop {
            let at = match from {
                From::Left => Some(pattern + ELEMENTS * (column + 1)),
                From::Right => pattern.checked_sub(ELEMENTS * (column + 1)),
            };
            let Some((at, widths)) = at.and_then(|at| Some((at, bars.widths(at, ELEMENTS)?))) else { break };
            let whole: f32 = widths.iter().sum();
            if (whole - size).abs() > 0.15 * size && apart(bars, at, end) > TOLERANCE {
                break;
            }
            size = whole;
            match (character(widths, spread), row) {
                (Some((value, cluster)), None) => {
                    let third = usize::from(cluster / 3);
                    let what = if from == From::Left { third } else { (third + 2) % 3 };
                    self.said[what].push(value % 30);
                    row = Some((3 * usize::from(value / 30) + third, cluster));
                }
                (Some((value, cluster)), Some((number, last))) => {
                    // A slanting line comes into the row above or below.
                    let number = match (9 + cluster - last) % 9 {
                        0 => Some(number),
                        3 => Some(number + 1),
                        _ => number.checked_sub(1),
                    };
                    let Some(number) = number else { break };
                    row = Some((number, cluster));
                    self.words.push(Word { row: number, column, from, value });
                }
                (None, None) => break,
                (None, Some(_)) => {}
            }
            column += 1;
        }
        column
    }

    /// The size that most indicators say.
    fn size(&self) -> Option<Size> {
        let [rows, level, columns] = [0, 1, 2].map(|k| most(self.said[k].iter().copied()));
        let (rows, level, columns) = (usize::from(rows?), usize::from(level?), usize::from(columns?));
        Size::checked(3 * rows + level % 3 + 1, columns + 1, level / 3)
    }

    /// From codewords to payload; with the share of correctable errors that was left.
    pub(super) fn decode(&self) -> Option<(Payload, f32)> {
        let size = self.size()?;
        let mut votes = vec![Vec::new(); size.words()];
        for word in &self.words {
            let column = match word.from {
                From::Left => word.column.checked_sub(1),
                From::Right => size.columns.checked_sub(word.column),
            };
            if let Some(column) = column.filter(|&column| word.row < size.rows && column < size.columns) {
                votes[word.row * size.columns + column].push(word.value);
            }
        }
        let mut words = Vec::with_capacity(votes.len());
        let mut erased = Vec::new();
        for (at, values) in votes.iter().enumerate() {
            let value = most(values.iter().copied());
            words.push(value.unwrap_or(0));
            if value.is_none() {
                erased.push(at);
            }
        }
        decode(&words, size, &erased, EVIDENCE)
    }

    /// The corners, from the ends of the first and the last line.
    pub(super) fn corners(&self, mirrored: bool) -> Option<[Point; 4]> {
        let (first, last) = (self.ends.first()?, self.ends.last()?);
        let (top, bottom) = if mirrored { (last, first) } else { (first, last) };
        Some([top.0, top.1, bottom.1, bottom.0])
    }
}

/// How far the bars from `at` on are from a pattern.
fn apart(bars: &Bars, at: usize, pattern: &[u8; ELEMENTS]) -> f32 {
    bars.widths(at, ELEMENTS)
        .map_or(f32::MAX, |widths| distance(widths, widths.iter().sum::<f32>() / MODULES, pattern))
}

/// The value said most often.
fn most(values: impl Iterator<Item = u16> + Clone) -> Option<u16> {
    let count = |wanted: u16| values.clone().filter(|&value| value == wanted).count();
    values.clone().max_by_key(|&value| count(value))
}
