//! Data Matrix ECC 200 (ISO/IEC 16022): two solid edges that meet, a grid fitted to what every symbol
//! shows, modules from the grey picture.

use super::{Area, AreaRead, Payload, Symbology, inside};
use crate::bits::Bits;
use crate::grid::{Grid, Look, Modules, Point};
use finder::Corner;
use layout::{SIZES, Size};

mod finder;
mod layout;
mod payload;

pub(super) struct DataMatrix;

/// Corners that are looked at in one picture, the largest first.
const CORNERS: usize = 80;
/// The same where there is time.
const CORNERS_THOROUGH: usize = 300;
/// The share of the alternating edges that must be seen before a grid is fitted.
const LEAST_TIMING: f32 = 0.62;
/// The share of everything known that a grid must show before it is fitted, and after.
const LEAST_BEFORE: f32 = 0.74;
const LEAST_AGREEMENT: f32 = 0.74;
/// How much blur is undone, and how much of the error correction goes to doubtful codewords, in turn.
const WAYS: [(f32, f32); 5] = [(0.4, 0.0), (0.0, 0.0), (1.0, 0.0), (0.4, 0.5), (0.8, 0.5)];

impl Symbology for DataMatrix {
    fn in_area(&self, area: &Area<'_>, found: &mut Vec<AreaRead>) {
        let most = if area.thorough { CORNERS_THOROUGH } else { CORNERS };
        let before = found.len();
        let mut corners = area.room.corners.take();
        finder::corners(area, &mut corners);
        for corner in corners.iter().take(most).copied().map(Corner::from) {
            let middle =
                ((corner.right.0 + corner.top.0) / 2.0, (corner.right.1 + corner.top.1) / 2.0);
            if !found[before..].iter().any(|read| inside(&read.corners, middle)) {
                found.extend(read(area.look(), &corner));
            }
        }
        area.room.corners.set(corners);
    }
}

/// Reads the symbol in a corner, trying the sizes whose alternating edges are seen.
fn read(look: Look<'_>, corner: &Corner) -> Option<AreaRead> {
    let Corner { right, corner, top } = corner.extended(look.bits);
    let across = (right.0 - corner.0, right.1 - corner.1);
    let up = (top.0 - corner.0, top.1 - corner.1);
    let above = finder::turned(look.bits, top, across, 1.0)?;
    let beside = finder::turned(look.bits, right, up, -1.0)?;
    let mut grids: Vec<(f32, &Size, Grid)> = Vec::new();
    for (above, beside) in above.iter().flat_map(|above| beside.iter().map(move |beside| (above, beside))) {
        // Where the two edges meet.
        let sine = above.0 * beside.1 - above.1 * beside.0;
        if sine.abs() < 1e-3 {
            continue;
        }
        let t = ((right.0 - top.0) * beside.1 - (right.1 - top.1) * beside.0) / sine;
        let opposite = (top.0 + above.0 * t, top.1 + above.1 * t);
        for size in &SIZES {
            let grid =
                Grid { columns: size.columns, rows: size.rows, corners: [top, opposite, right, corner] };
            if grid.is_sane() && grid.module() >= 1.2 && is_square(&grid) {
                let timing = alternating(look.bits, &grid, size);
                if timing >= LEAST_TIMING {
                    grids.push((timing, size, grid));
                }
            }
        }
    }
    grids.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (_, size, mut grid) in grids.into_iter().take(3) {
        let known = size.known();
        if grid.agreement(look, &known) < LEAST_BEFORE || !grid.fitted(look, &known, 0.5, LEAST_AGREEMENT) {
            continue;
        }
        if let Some((payload, left)) = decode(look, &grid, size) {
            return Some(AreaRead { payload, corners: grid.corners, unused_correction: Some(left) });
        }
    }
    None
}

/// The share of the alternating edges that is seen where a grid has them.
fn alternating(bits: &Bits, grid: &Grid, size: &Size) -> f32 {
    let Some(projection) = grid.projection() else { return 0.0 };
    let (mut right, mut count) = (0, 0);
    for known in size.timing() {
        let (x, y) = projection.at(known.place);
        count += 1;
        right += usize::from(bits.is_dark((x + 0.5) as i32, (y + 0.5) as i32) == known.dark);
    }
    right as f32 / count as f32
}

/// Whether modules come out about as high as wide.
fn is_square(grid: &Grid) -> bool {
    let [a, b, c, d] = grid.corners;
    let length = |a: Point, b: Point| (a.0 - b.0).hypot(a.1 - b.1);
    let wide = (length(a, b) + length(d, c)) / grid.columns as f32;
    let high = (length(a, d) + length(b, c)) / grid.rows as f32;
    wide < 1.9 * high && high < 1.9 * wide
}

fn decode(look: Look<'_>, grid: &Grid, size: &Size) -> Option<(Payload, f32)> {
    let levels = grid.levels(look.grey)?;
    WAYS.iter().find_map(|&(sharpen, erase)| {
        let modules = Modules::of(&levels, grid.columns, grid.rows, sharpen);
        layout::decode(&modules, size, erase).or_else(|| {
            // Or seen from behind, through glass or foil.
            (size.rows == size.columns).then(|| layout::decode(&behind(&levels, grid, sharpen), size, erase))?
        })
    })
}

/// The modules with the solid edges' places exchanged.
fn behind(levels: &[f32], grid: &Grid, sharpen: f32) -> Modules {
    let side = grid.columns;
    // The solid edges are left and below: the mirror is the other diagonal.
    let turned: Vec<f32> =
        (0..side * side).map(|at| levels[(side - 1 - at % side) * side + side - 1 - at / side]).collect();
    Modules::of(&turned, side, side, sharpen)
}
