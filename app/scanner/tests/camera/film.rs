//! Frames that follow each other: what was seen is found again first, and what needs a dearer look is
//! found within a few frames.

use std::cell::Cell;

use scanner::{Effort, Luma, Options, Scanner, Symbol};

use crate::picture::{Frame, Modules, Noise, View};

fn scan(scanner: &mut Scanner, frame: &Frame, looks: usize) -> Vec<Symbol> {
    let pixels = frame.bytes();
    let luma = Luma::new(frame.width, frame.height, frame.width, &pixels).expect("a frame");
    let left = Cell::new(looks);
    let go_on = || {
        left.set(left.get().saturating_sub(1));
        left.get() > 0
    };
    scanner.scan(&luma, &Options { go_on: &go_on, effort: Effort::Frame, ..Options::default() })
}

/// A small symbol under a large patch of bars that are none.
fn crowded() -> Frame {
    let mut frame = Frame::paper(640, 640, 220.0);
    let mut noise = Noise(7);
    let mut right = 40.0;
    while right < 600.0 {
        let (left, width) = (right, 2.0 + 3.0 * noise.next().abs());
        for y in 20..400 {
            frame.pixels[y * 640 + left as usize..y * 640 + (left + width) as usize].fill(40.0);
        }
        right += 2.0 * width + 2.0 * noise.next().abs();
    }
    frame.put(&Modules::ean_13("9506000134352"), View { scale: 2.0, ..View::default() }, (320.0, 520.0));
    frame
}

#[test]
fn what_was_seen_is_looked_for_first() {
    let frame = crowded();
    let mut scanner = Scanner::new();
    assert_eq!(scan(&mut scanner, &frame, usize::MAX).len(), 1);
    // One look and no more: enough for who knows where, too little for who does not.
    assert_eq!(scan(&mut scanner, &frame, 2).len(), 1);
    assert_eq!(scan(&mut Scanner::new(), &frame, 2), []);
}

#[test]
fn dearer_looks_come_in_turn() {
    let view = View { scale: 2.0, ..View::default() };
    let inverted = View { tones: (220.0, 30.0), ..view };
    let frame = Frame::of(&Modules::code_128("ƁLOT-2026x"), inverted);
    let mut scanner = Scanner::new();
    let reads: Vec<usize> = (0..5).map(|_| scan(&mut scanner, &frame, usize::MAX).len()).collect();
    assert_eq!(reads[0], 0, "the first frame is for what is likely");
    assert!(reads.contains(&1), "{reads:?}");
}

#[test]
fn frames_of_changing_size_do_not_disturb_each_other() {
    let mut scanner = Scanner::new();
    let good = Frame::of(&Modules::ean_13("9506000134352"), View::default());
    for (width, height) in [(1, 1), (20_000, 1), (1, 20_000), (37, 900), (1280, 720)] {
        let mut frame = Frame::paper(width, height, 128.0);
        let mut noise = Noise(width as u32);
        frame.pixels.iter_mut().for_each(|pixel| *pixel += 100.0 * noise.next());
        assert_eq!(scan(&mut scanner, &frame, usize::MAX), []);
        let read = scan(&mut scanner, &good, usize::MAX);
        assert_eq!(read.iter().map(|symbol| symbol.bytes.as_slice()).collect::<Vec<_>>(), [b"9506000134352"]);
    }
}
