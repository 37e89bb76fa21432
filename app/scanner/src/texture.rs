//! Where symbols that fill an area may be: places whose edges point every way and stand out from the noise
//! and the cloth, wood or cardboard that the rest of the picture shows.

use crate::luma::Grey;
use crate::regions::Map;

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
        let gate = (BEYOND * calm).clamp(LEAST, MOST);
        self.far.extend(self.crossing.iter().map(|&crossing| if crossing >= gate { 0 } else { FAR }));
        self.spread();
    }

    /// Distances, by one pass down and one pass up.
    fn spread(&mut self) {
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

    /// The share of the picture that is near a place with crossing edges.
    pub(crate) fn share(&self) -> f32 {
        let near = self.far.iter().filter(|&&far| far <= 1).count();
        near as f32 / self.far.len().max(1) as f32
    }

    /// Whether a block of a picture, `side` pixels wide, may belong to a symbol: whether edges cross within
    /// two blocks, its own or those of the map, whichever are larger.
    pub(crate) fn may_be(&self, grey: &Grey, side: usize, (column, row): (usize, usize)) -> bool {
        let size = side as f32 * grey.scale;
        let index = |k: usize, most: usize| (((k as f32 + 0.5) * size / self.block) as usize).min(most - 1);
        if self.far.is_empty() {
            return true;
        }
        let reach = (2.0 * (size / self.block).max(1.0)) as u8 + 1;
        self.far[index(row, self.rows) * self.columns + index(column, self.columns)] <= reach.min(FAR - 1)
    }
}
