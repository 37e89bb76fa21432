//! Symbols that were painted over, torn, cut or told with the wrong width: what is read is what was printed or
//! nothing, nothing panics, and no more work is done than was asked for.

use std::cell::Cell;

use scanner::{Effort, Luma, LumaError, Options, scan};

use crate::picture::{Frame, Modules, Noise, View};
use crate::symbols::cases;

/// A side of the pictures, in pixels.
const SIDE: usize = 400;

/// Pieces of work that may be asked about after the answer was no: every loop asks once and leaves.
const AFTERWARDS: usize = 64;

/// Ways to spoil a picture.
const WAYS: usize = 4;

/// From 0 up to but not including `most`.
fn below(noise: &mut Noise, most: usize) -> usize {
    ((noise.next() * 0.5 + 0.5) * most as f32) as usize % most
}

fn drawn(modules: &Modules, noise: &mut Noise) -> Vec<u8> {
    let view = View {
        scale: if modules.width > 120 { 2.1 } else { 2.6 },
        angle: 90.0 * below(noise, 4) as f32 + 6.0 * noise.next(),
        noise: 5.0,
        ..View::default()
    };
    let mut frame = Frame::paper(SIDE, SIDE, view.tones.1);
    frame.put(modules, view, (SIDE as f32 / 2.0, SIDE as f32 / 2.0));
    frame.spoil(view);
    frame.bytes()
}

/// Spoils pixels in one way; what comes back is the size of the picture that is left.
fn spoil(pixels: &mut Vec<u8>, way: usize, noise: &mut Noise) -> (usize, usize) {
    match way % WAYS {
        // Blocks of one tone, anywhere.
        0 => {
            for _ in 0..1 + below(noise, 8) {
                let (x, y, tone) = (below(noise, SIDE), below(noise, SIDE), below(noise, 256) as u8);
                let (end, down) = ((x + 4 + below(noise, 60)).min(SIDE), 4 + below(noise, 60));
                pixels.chunks_exact_mut(SIDE).skip(y).take(down).for_each(|row| row[x..end].fill(tone));
            }
            (SIDE, SIDE)
        }
        // Bands of rows that slid aside.
        1 => {
            let (mut band, mut shift) = (0, 0);
            for row in pixels.chunks_exact_mut(SIDE) {
                if band == 0 {
                    (band, shift) = (2 + below(noise, 30), below(noise, 16));
                }
                row.rotate_left(shift);
                band -= 1;
            }
            (SIDE, SIDE)
        }
        // A stride that is not the picture's.
        2 => {
            let width = SIDE - 7 + below(noise, 15);
            let height = pixels.len() / width;
            (width, height)
        }
        // A strip of it.
        _ => {
            let (from, height) = (below(noise, SIDE - 64), 1 + below(noise, 64));
            pixels.drain(..from * SIDE);
            (SIDE, height)
        }
    }
}

#[test]
fn what_is_left_of_a_symbol_is_read_right_or_not_at_all() {
    for (at, (symbology, modules, _, bytes)) in cases().into_iter().enumerate() {
        for turn in 0..12 {
            let mut noise = Noise(0x9E37_79B9_u32.wrapping_mul((at * 12 + turn) as u32 + 1) | 1);
            let mut pixels = drawn(&modules, &mut noise);
            let (width, height) = spoil(&mut pixels, turn, &mut noise);
            let luma = Luma::new(width, height, width, &pixels).expect("a frame");
            for effort in [Effort::Photo, Effort::Frame] {
                let (budget, asked) = (Cell::new(usize::MAX), Cell::new(0_usize));
                let go_on = || {
                    asked.set(asked.get() + 1);
                    asked.get() <= budget.get()
                };
                let options = Options { go_on: &go_on, effort, ..Options::default() };
                for symbol in scan(&luma, &options) {
                    assert_eq!(
                        (symbol.symbology, symbol.bytes.as_slice()),
                        (symbology, bytes),
                        "turn {turn}"
                    );
                }
                budget.set(asked.replace(0) / 2);
                scan(&luma, &options);
                assert!(asked.get() <= budget.get() + AFTERWARDS, "{symbology}, turn {turn}: {asked:?}");
            }
        }
    }
}

#[test]
fn a_symbol_in_a_frame_of_no_shape_is_an_error_or_nothing() {
    let pixels = drawn(&Modules::qr("HELLO"), &mut Noise(5));
    for (width, height) in [(1, 1), (20_000, 1), (1, 20_000), (3, 7_000), (7_000, 3)] {
        let luma = Luma::new(width, height, width, &pixels).expect("a frame");
        assert_eq!(scan(&luma, &Options::default()), []);
    }
    for (width, stride) in [(SIDE, 0), (SIDE, SIDE - 1), (1, 0)] {
        assert!(matches!(Luma::new(width, SIDE, stride, &pixels), Err(LumaError::Stride { .. })));
    }
    assert!(matches!(Luma::new(SIDE, SIDE + 1, SIDE, &pixels), Err(LumaError::Short { .. })));
}
