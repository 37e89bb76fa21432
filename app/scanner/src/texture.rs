//! Where symbols that fill an area may be: places whose edges point every way and stand out from the noise
//! and the cloth, wood or cardboard that the rest of the picture shows.

use std::ops::Range;

use crate::luma::Grey;
use crate::regions::Map;
use crate::symbology::inside;

/// What a place must have beyond the calmer part of the picture: so many times its crossing edges,
const BEYOND: f32 = 4.0;
/// at least this, and not more than that, in squared grey levels a pixel: a symbol may fill the picture.
const LEAST: f32 = 12.0;
const MOST: f32 = 500.0;
/// The part of the blocks that are the calmer ones: one in so many.
const CALMER: usize = 4;

/// Blocks of a picture that may belong to a symbol.
#[derive(Default)]
pub(crate) struct Texture {
    columns: usize,
    rows: usize,
    /// Side of a block, in frame pixels.
    block: f32,
    crossing: Vec<f32>,
    /// From how much crossing on a block may belong to a symbol.
    gate: f32,
    sorted: Vec<f32>,
    /// For every block the distance in blocks, up to [`FAR`], to the nearest that has crossing edges.
    far: Vec<u8>,
}

/// Distances are not told apart beyond this.
const FAR: u8 = 15;

impl Texture {
    /// Looks at the blocks of a map.
    pub(crate) fn of(&mut self, map: &Map, grey: &Grey) {
        (self.columns, self.rows) = map.size();
        self.block = map.block(grey);
        self.crossing.clear();
        self.far.clear();
        if self.columns == 0 || self.rows == 0 {
            return;
        }
        self.crossing.extend(
            (0..self.columns * self.rows).map(|at| map.crossing(at % self.columns, at / self.columns)),
        );
        self.sorted.clone_from(&self.crossing);
        let calm = self.sorted.len() / CALMER;
        let (_, &mut calm, _) = self.sorted.select_nth_unstable_by(calm, f32::total_cmp);
        self.gate = (BEYOND * calm).clamp(LEAST, MOST);
        self.spread();
    }

    /// Takes out what lies in a symbol that was read: nothing else is there.
    pub(crate) fn cover(&mut self, symbols: impl Iterator<Item = [(f32, f32); 4]>) {
        let mut covered = false;
        for corners in symbols {
            for (row, crossing) in self.crossing.chunks_exact_mut(self.columns.max(1)).enumerate() {
                for (column, crossing) in crossing.iter_mut().enumerate() {
                    let centre = |k: usize| (k as f32 + 0.5) * self.block - 0.5;
                    if *crossing >= self.gate && inside(&corners, (centre(column), centre(row))) {
                        *crossing = 0.0;
                        covered = true;
                    }
                }
            }
        }
        if covered {
            self.spread();
        }
    }

    /// Distances, by one pass down and one pass up.
    fn spread(&mut self) {
        self.far.clear();
        let gate = self.gate;
        self.far.extend(self.crossing.iter().map(|&crossing| if crossing >= gate { 0 } else { FAR }));
        let columns = self.columns;
        let count = self.far.len();
        let step =
            |far: &mut Vec<u8>, at: usize, other: usize| far[at] = far[at].min(far[other] + 1).min(FAR);
        for at in 0..count {
            if at % columns > 0 {
                step(&mut self.far, at, at - 1);
            }
            if at >= columns {
                step(&mut self.far, at, at - columns);
            }
        }
        for at in (0..count).rev() {
            if at % columns + 1 < columns {
                step(&mut self.far, at, at + 1);
            }
            if at + columns < count {
                step(&mut self.far, at, at + columns);
            }
        }
    }

    /// Whether no block of the picture can belong to a symbol.
    pub(crate) fn is_empty(&self) -> bool {
        !self.far.is_empty() && !self.far.contains(&0)
    }

    /// The part of a picture of `columns` x `rows` blocks of `side` pixels that holds every block which may
    /// belong to a symbol, with `margin` blocks around; leaves for every block in it whether it may: whether
    /// edges cross within two blocks, its own or those of the map, whichever are larger. `None` where no
    /// block may.
    pub(crate) fn window(
        &self,
        grey: &Grey,
        side: usize,
        (columns, rows): (usize, usize),
        margin: usize,
        may_be: &mut Vec<bool>,
    ) -> Option<Window> {
        may_be.clear();
        let size = side as f32 * grey.scale / self.block.max(1e-3);
        if self.far.is_empty() {
            // Too small for a map: all of it may.
            may_be.resize(columns * rows, true);
            return Some(Window { columns: 0..columns, rows: 0..rows });
        }
        let reach = ((2.0 * size.max(1.0)) as u8 + 1).min(FAR - 1);
        let (mut left, mut right) = (self.columns, 0);
        let (mut top, mut bottom) = (self.rows, 0);
        for (row, far) in self.far.chunks_exact(self.columns).enumerate() {
            let Some(first) = far.iter().position(|&far| far <= reach) else { continue };
            let last = far.iter().rposition(|&far| far <= reach).unwrap_or(first);
            (left, right) = (left.min(first), right.max(last + 1));
            (top, bottom) = (top.min(row), row + 1);
        }
        if left >= right {
            return None;
        }
        let wider = |from: usize, to: usize, most: usize| {
            let (from, to) = ((from as f32 / size) as usize, (to as f32 / size).ceil() as usize);
            from.saturating_sub(margin).min(most - 1)..(to + margin).min(most)
        };
        let window = Window { columns: wider(left, right, columns), rows: wider(top, bottom, rows) };
        // The last blocks of a picture may be beyond the map's.
        let index = |k: usize, most: usize| (((k as f32 + 0.5) * size) as usize).min(most - 1);
        for row in window.rows.clone() {
            let far = &self.far[index(row, self.rows) * self.columns..][..self.columns];
            may_be.extend(window.columns.clone().map(|column| far[index(column, self.columns)] <= reach));
        }
        Some(window)
    }
}

/// A part of a picture, in blocks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Window {
    pub(crate) columns: Range<usize>,
    pub(crate) rows: Range<usize>,
}
