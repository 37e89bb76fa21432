//! Frames without a symbol, of any size: nothing is read, nothing panics, and the budget is kept.

use std::cell::Cell;

use crate::picture::{Frame, Modules, Noise, View};
use proptest::prelude::*;
use scanner::{Effort, Luma, LumaError, Options, scan};

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn noise_of_any_size_is_no_symbol(width in 1usize..420, height in 1usize..160, spare in 0usize..9, seed in 1u32.., swing in 2.0f32..127.0) {
        let mut noise = Noise(seed);
        let pixels: Vec<u8> = (0..(width + spare) * height).map(|_| (128.0 + swing * noise.next()) as u8).collect();
        let frame = Luma::new(width, height, width + spare, &pixels).expect("a frame");
        prop_assert_eq!(scan(&frame, &Options::default()), []);
    }

    #[test]
    fn stripes_are_no_symbol(seed in 1u32.., widest in 2.0f32..14.0, slant in -1.0f32..1.0) {
        let mut noise = Noise(seed);
        let mut edges = vec![0.0];
        while edges[edges.len() - 1] < 1200.0 {
            edges.push(edges[edges.len() - 1] + 1.5 + widest * noise.next().abs());
        }
        let pixels: Vec<u8> = (0..480 * 240)
            .map(|at| {
                let along = (at % 480) as f32 + 300.0 + slant * (at / 480) as f32;
                let stripe = edges.partition_point(|&edge| edge < along);
                if stripe % 2 == 0 { 40 } else { 210 }
            })
            .collect();
        let frame = Luma::new(480, 240, 480, &pixels).expect("a frame");
        prop_assert_eq!(scan(&frame, &Options::default()), []);
    }

    #[test]
    fn bytes_are_a_frame_or_an_error(width in 0usize..50, height in 0usize..50, stride in 0usize..60, len in 0usize..3000) {
        let pixels = vec![7; len];
        match Luma::new(width, height, stride, &pixels) {
            Ok(frame) => prop_assert!(scan(&frame, &Options::default()).is_empty()),
            Err(LumaError::Size { .. }) => prop_assert!(width == 0 || height == 0),
            Err(LumaError::Stride { .. }) => prop_assert!(stride < width),
            Err(LumaError::Short { needed, given }) => prop_assert!(given < needed),
        }
    }
}

#[test]
fn strange_shapes_are_frames() {
    for (width, height) in [(1, 1), (20_000, 1), (1, 20_000), (16, 16), (21, 21), (2, 3000), (5000, 40)] {
        for pixels in [
            vec![0; width * height],
            vec![255; width * height],
            (0..width * height).map(|i| (i * 7919 % 256) as u8).collect(),
        ] {
            let frame = Luma::new(width, height, width, &pixels).expect("a frame");
            assert_eq!(scan(&frame, &Options::default()), []);
        }
    }
    assert!(matches!(Luma::new(70_000, 1, 70_000, &[]), Err(LumaError::Size { .. })));
    assert!(matches!(Luma::new(4, 4, usize::MAX, &[0; 16]), Err(LumaError::Short { .. })));
}

#[test]
fn no_work_is_begun_when_the_time_is_up() {
    let frame = Frame::of(&Modules::qr("HELLO"), View::default());
    let pixels: Vec<u8> = frame.pixels.iter().map(|&p| p as u8).collect();
    let luma = Luma::new(640, 640, 640, &pixels).expect("a frame");
    let asked = Cell::new(0);
    let never = || {
        asked.set(asked.get() + 1);
        false
    };
    for effort in [Effort::Frame, Effort::Photo] {
        asked.set(0);
        assert_eq!(scan(&luma, &Options { go_on: &never, effort, ..Options::default() }), []);
        assert!(asked.get() > 0 && asked.get() < 40);
    }
}

/// Cells of random colour look like modules: nothing may be read from them.
#[test]
fn a_hundred_frames_of_random_cells_are_no_symbol() {
    for seed in 1..=100u32 {
        let mut noise = Noise(seed.wrapping_mul(0x9E37_79B9) | 1);
        let cell = 2 + (seed % 5) as usize;
        let dark: Vec<bool> = (0..240 * 180 / (cell * cell) + 400).map(|_| noise.next() > 0.0).collect();
        let pixels: Vec<u8> = (0..240 * 180)
            .map(|at| {
                let place = (at % 240) / cell + (at / 240) / cell * (240 / cell);
                let tone = if dark[place] { 50.0 } else { 200.0 };
                (tone + 12.0 * noise.next()) as u8
            })
            .collect();
        let frame = Luma::new(240, 180, 240, &pixels).expect("a frame");
        assert_eq!(scan(&frame, &Options::default()), [], "seed {seed}");
    }
}
