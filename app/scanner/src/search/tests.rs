use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use super::*;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

/// The system's allocator, which counts what each thread asks of it.
struct Counting;

// There is no way to see allocations but to be the allocator; everything is handed on unchanged.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bars of changing widths that are no symbol, on paper.
fn stripes(width: usize, height: usize) -> Vec<u8> {
    let mut row = vec![215u8; width];
    let mut at = width / 4;
    for k in 0..60 {
        let wide = 2 + k * 7 % 5;
        if at + wide >= width * 3 / 4 {
            break;
        }
        row[at..at + wide].fill(if k % 2 == 0 { 40 } else { 215 });
        at += wide;
    }
    let blank = vec![215u8; width];
    (0..height)
        .flat_map(|y| if y > height / 4 && y < height / 2 { row.clone() } else { blank.clone() })
        .collect()
}

#[test]
fn bars_cost_no_memory_after_the_first_frames() {
    let (width, height) = (640, 480);
    let frames = [vec![215; width * height], stripes(width, height)];
    let mut scanner = Scanner::new();
    let options = Options { effort: Effort::Frame, ..Options::default() };
    let mut pictures = Vec::new();
    let mut scan = |scanner: &mut Scanner, turn: usize, pixels: &[u8]| {
        let frame = Luma::new(width, height, width, pixels).expect("a frame");
        scanner.idle = turn;
        scanner.votes.clear();
        halve_down(&frame, &mut pictures);
        scanner.lines(&pictures[0], &pictures[1..], &options);
        assert!(!scanner.found());
    };
    for warm in [true, false] {
        for turn in 0..DEAR.len() {
            for frame in &frames {
                let before = ALLOCATIONS.with(Cell::get);
                scan(&mut scanner, turn, frame);
                let more = ALLOCATIONS.with(Cell::get) - before;
                assert!(warm || more == 0, "{more} allocations in turn {turn}");
            }
        }
    }
}
