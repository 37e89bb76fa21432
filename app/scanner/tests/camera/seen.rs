//! What a hand, a lamp and a file do to a picture. Each is far enough from where reading ends that it tells
//! whether the scanner got worse, not whether one frame was lucky.

use crate::picture::{Frame, Glare, Modules, View};
use crate::symbols::{all_are_read, cases};

/// Held nearly straight, by a camera that is neither good nor bad.
const HELD: View = View { angle: 4.0, blur: 0.5, noise: 4.0, ..View::PLAIN };

/// Across, along and aslant; a module is three pixels.
#[test]
fn read_while_the_hand_moves() {
    for direction in [0.0, 40.0, 90.0, 135.0] {
        all_are_read(View { motion: (2.5, direction), ..HELD });
    }
}

#[test]
fn read_from_a_jpeg() {
    for quality in [60, 30] {
        all_are_read(View { jpeg: Some(quality), ..HELD });
    }
}

/// The paper is as bright as a pixel can be, the ink brighter than the paper elsewhere is.
#[test]
fn read_under_a_soft_reflection() {
    for (at, shadow) in [((30.0, 20.0), 0.6), ((-60.0, -30.0), 1.0)] {
        let glare = Some(Glare { at, reach: (80.0, 50.0), light: 130.0 });
        all_are_read(View { glare, shadow, ..HELD });
    }
}

/// Bars are longer than the reflection is high.
#[test]
fn bars_are_read_beside_a_reflection_that_leaves_nothing() {
    for (symbology, modules, identifier, bytes) in cases() {
        let linear = ["Code128", "Code39", "EAN13", "UPCA", "EAN8", "ITF"].contains(&symbology);
        for at in [(0.0, -50.0), (20.0, 10.0), (-70.0, 30.0)] {
            let scale = if modules.width * 3 > 520 { 2.2 } else { HELD.scale };
            let glare = Some(Glare { at, reach: (40.0, 16.0), light: 400.0 });
            let read = Frame::of(&modules, View { glare, scale, ..HELD }).read();
            let wanted = (symbology, identifier.to_owned(), bytes.to_vec());
            // Of an area it may burn more than error correction mends; then nothing is told.
            assert!(read == [wanted] || !linear && read.is_empty(), "{symbology} at {at:?}: {read:?}");
        }
    }
}

#[test]
fn a_robust_symbol_is_read_with_a_hole_burnt_into_it() {
    let text = "https://id.example.com/01/09506000134352/10/AB7";
    for at in [(24.0, -12.0), (-20.0, 16.0), (10.0, 24.0)] {
        let glare = Some(Glare { at, reach: (10.0, 8.0), light: 400.0 });
        let read = Frame::of(&Modules::robust_qr(text), View { glare, ..HELD }).read();
        assert_eq!(read, [("QRCode", "]Q1".to_owned(), text.as_bytes().to_vec())], "{at:?}");
    }
}

#[test]
fn read_in_little_light() {
    all_are_read(View { tones: (9.0, 38.0), ..HELD });
}

#[test]
fn read_when_all_of_it_comes_together() {
    all_are_read(View {
        angle: 11.0,
        tilt: (0.08, -0.06),
        shadow: 0.7,
        motion: (1.5, 30.0),
        jpeg: Some(45),
        noise: 5.0,
        ..HELD
    });
}

/// One of each family side by side, as on a label that was printed for everybody.
#[test]
fn every_area_of_a_frame_is_reported() {
    for (angle, blur, jpeg) in
        [(0.0, 0.0, None), (17.0, 0.5, Some(40)), (45.0, 0.5, None), (200.0, 0.7, Some(30))]
    {
        let view = View { scale: 4.0, angle, blur, jpeg, ..HELD };
        let mut frame = Frame::paper(900, 480, view.tones.1);
        let mut wanted = Vec::new();
        for (family, middle) in [("Aztec", 620.0), ("DataMatrix", 450.0), ("QRCode", 280.0)] {
            let case = cases().into_iter().find(|case| case.0 == family);
            let (symbology, modules, identifier, bytes) = case.expect("a case of each family");
            frame.put(&modules, view, (middle, 240.0));
            wanted.push((symbology, identifier.to_owned(), bytes.to_vec()));
        }
        frame.spoil(view);
        assert_eq!(frame.read(), wanted, "at {angle}");
    }
}
