//! What a frame costs in memory once the first ones have made room.

use allocation_counter::measure;
use scanner::{Effort, Luma, Options, Scanner};

const WIDTH: usize = 640;
const HEIGHT: usize = 480;

/// Cardboard: noise, the same each time, and a stripe of bars that are no symbol.
fn cardboard(seed: u32) -> Vec<u8> {
    let mut state = seed;
    (0..WIDTH * HEIGHT)
        .map(|at| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 24) as i32 % 5 - 2;
            let (x, y) = (at % WIDTH, at / WIDTH);
            let bar = (200..280).contains(&y) && (100..400).contains(&x) && x / 5 % 2 == 0;
            ((if bar { 60 } else { 170 }) + noise) as u8
        })
        .collect()
}

#[test]
fn a_frame_on_which_nothing_comes_near_a_symbol_takes_no_memory_after_the_first_ones() {
    let mut scanner = Scanner::new();
    let frames: Vec<Vec<u8>> = (1..40).map(cardboard).collect();
    let mut scan = |pixels: &[u8]| {
        let frame = Luma::new(WIDTH, HEIGHT, WIDTH, pixels).expect("a frame");
        assert_eq!(scanner.scan(&frame, &Options { effort: Effort::Frame, ..Options::default() }), []);
    };
    // Every way to look has had its turn.
    let (first, later) = frames.split_at(12);
    first.iter().for_each(|frame| scan(frame));
    let taken = measure(|| later.iter().for_each(|frame| scan(frame)));
    assert_eq!(taken.count_total, 0, "{taken:?}");
}
