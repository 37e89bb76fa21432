use super::{Mode, grown, reference, rings};
use crate::bits::Bits;
use crate::grid::{Grid, Look};
use crate::luma::Grey;
use crate::texture::Texture;

/// A symbol of 105 modules, four pixels each, in which everything but the bull's eye and the reference
/// grid says nothing.
fn large() -> (Grey, Mode) {
    let mode = Mode { full: true, layers: 21, words: 660 };
    let (side, quiet) = (mode.size(), 2);
    let half = (side / 2) as i32;
    let mut dark: Vec<bool> = (0..side * side).map(|at| at * at % 7919 % 2 == 0).collect();
    for known in reference(half, 0.0).into_iter().chain(rings(0, 6, half as f32 + 0.5, 0.0)) {
        dark[known.place.1 as usize * side + known.place.0 as usize] = known.dark;
    }
    let width = 4 * (side + 2 * quiet);
    let pixel = |at: usize| {
        let [x, y] = [at % width, at / width].map(|v| (v / 4).checked_sub(quiet).filter(|v| *v < side));
        if x.zip(y).is_some_and(|(x, y)| dark[y * side + x]) { 20 } else { 230 }
    };
    (Grey { width, height: width, pixels: (0..width * width).map(pixel).collect(), scale: 1.0 }, mode)
}

#[test]
fn the_grid_of_a_large_and_sharp_symbol_does_not_drift() {
    let (grey, mode) = large();
    let mut bits = Bits::default();
    assert!(bits.fill(&grey, &Texture::default()));
    let look = Look { grey: &grey, bits: &bits };
    // The corners of the bull's eye are found to a fraction of a pixel only.
    let middle = grey.width as f32 / 2.0 - 0.5;
    let corners = [(-18.2, -17.9), (18.1, -18.2), (17.9, 18.2), (-18.0, 17.8)];
    let eye = Grid { columns: 9, rows: 9, corners: corners.map(|(x, y)| (middle + x, middle + y)) };
    let grid = grown(look, &eye.projection().expect("a plane"), 4.5, &mode).expect("a grid");
    for ((x, y), (right, below)) in grid.corners.into_iter().zip([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]) {
        let off = (x - middle - right * 210.0).hypot(y - middle - below * 210.0);
        assert!(off < 2.0, "{x} {y} is {off} pixels off");
    }
}
