//! PDF417 of which not everything can be seen.

use crate::picture::{Frame, Modules, View};

/// By pdf417gen 0.8: four columns, level 3.
const PDF_417: [&str; 9] = [
    "1fea8fabe5618241b1851886e375383fa29",
    "1fea8fa837a90341d1fa9cebef7a903fa29",
    "1fea8d4f84fb23ebd93e34c7937eb43fa29",
    "1fea8d79f4f7a3d67dd04ecec457df3fa29",
    "1fea8d7b07eae3e5b9c674bf587ae73fa29",
    "1fea8f5e45837afc7579209c6e75f13fa29",
    "1fea8e9df679d3ddb94c60b9e6539c3fa29",
    "1fea8fd277e4bb89cd27d8ec3a57ee3fa29",
    "1fea8a67c5e08b79319e98ebf37d393fa29",
];

pub(crate) const TEXT: &[u8] = b"LOT 2026-041 abc, 0123456789012345";

/// The symbol that says [`TEXT`], with bars four modules high.
pub(crate) fn printed() -> Modules {
    Modules::printed(137, &PDF_417, 4)
}

fn is_read(missing: std::ops::Range<usize>, view: View) {
    let wanted = ("PDF417", "]L2".to_owned(), TEXT.to_vec());
    let read = Frame::of(&printed().without(missing.clone()), view).read();
    assert_eq!(read, [wanted], "without {missing:?} under {view:?}");
}

#[test]
fn either_end_may_be_missing() {
    for angle in [2.0, 91.0, 178.0, 269.0] {
        let view = View { angle, blur: 0.5, noise: 4.0, ..View::default() };
        // The start pattern, the left indicator with it, and a column of data with both.
        for columns in [0..17, 0..34, 0..51] {
            is_read(columns, view);
        }
        // The same from the other end, where one bar left is Compact PDF417 (5.12); characters end with a space, which the next bar bounds.
        for columns in [119..137, 103..137, 86..137] {
            is_read(columns, view);
        }
    }
}

#[test]
fn a_picture_may_begin_and_end_with_the_symbol() {
    for (width, height, angle) in [(411, 108, 0.0), (411, 108, 180.0), (108, 411, 90.0)] {
        let mut frame = Frame::paper(width, height, 220.0);
        let centre = (width as f32 / 2.0 - 0.5, height as f32 / 2.0 - 0.5);
        frame.put(&printed(), View { angle, ..View::default() }, centre);
        let wanted = ("PDF417", "]L2".to_owned(), TEXT.to_vec());
        assert_eq!(frame.read(), [wanted], "{angle}");
    }
}

#[test]
fn bars_that_run_into_each_other_are_read() {
    for (scale, blur, angle) in [(1.15, 0.3, 0.0), (1.4, 0.6, 94.0), (1.8, 0.9, 183.0), (3.0, 1.5, 274.0)] {
        for tilt in [(0.0, 0.0), (0.15, -0.1)] {
            let view = View { scale, blur, angle, tilt, noise: 5.0, ..View::default() };
            is_read(0..0, view);
        }
    }
}
