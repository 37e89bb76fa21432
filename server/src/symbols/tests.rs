//! What is drawn is read back by the scanner, whichever way it lies.

use scanner::{Luma, Options, scan};

use super::*;

/// Each kind with data, and the identifier and payload that a scanner must hand on.
fn cases() -> Vec<(SymbolKind, &'static str, &'static str, &'static [u8])> {
    const GS1: &str = "(01)09506000134352(10)B-7/a(21)00042";
    const GS1_BYTES: &[u8] = b"010950600013435210B-7/a\x1d2100042";
    vec![
        (
            SymbolKind::Qr,
            "https://id.example.com/01/09506000134352/10/B-7",
            "]Q1",
            b"https://id.example.com/01/09506000134352/10/B-7",
        ),
        (SymbolKind::Qr, GS1, "]Q3", GS1_BYTES),
        (SymbolKind::DataMatrix, GS1, "]d2", GS1_BYTES),
        (SymbolKind::DataMatrix, "LOT 2026-041", "]d1", b"LOT 2026-041"),
        (SymbolKind::Gs1_128, GS1, "]C1", GS1_BYTES),
        (SymbolKind::Gs1_128, "(00)095060001343520017", "]C1", b"00095060001343520017"),
        (SymbolKind::Code128, "CARTON 12345-x", "]C0", b"CARTON 12345-x"),
        (SymbolKind::Itf14, "09506000134352", "]I1", b"09506000134352"),
        (SymbolKind::Ean13, "9506000134352", "]E0", b"9506000134352"),
    ]
}

/// A quarter turn clockwise.
fn turned((width, height, pixels): (u32, u32, Vec<u8>)) -> (u32, u32, Vec<u8>) {
    let at = |x: u32, y: u32| pixels[(y * width + x) as usize];
    let turned =
        (0..width).flat_map(|x| (0..height).rev().map(move |y| (x, y))).map(|(x, y)| at(x, y)).collect();
    (height, width, turned)
}

#[test]
fn every_kind_is_read_back_in_four_rotations() {
    for (kind, words, identifier, bytes) in cases() {
        let data = SymbolData::parse(words).expect("data");
        assert_eq!(data.bytes(), bytes);
        let mut picture = luma(kind, &data, 3).expect("a symbol");
        for quarter in 0..4 {
            let (width, height) = (picture.0 as usize, picture.1 as usize);
            let frame = Luma::new(width, height, width, &picture.2).expect("a frame");
            let read: Vec<(String, Vec<u8>)> =
                scan(&frame, &Options::default()).into_iter().map(|s| (s.identifier, s.bytes)).collect();
            assert_eq!(read, [(identifier.to_owned(), bytes.to_vec())], "{kind:?} {words} turned {quarter}");
            picture = turned(picture);
        }
    }
}

#[test]
fn data_that_does_not_fit_is_refused() {
    for (kind, words) in [
        (SymbolKind::Ean13, "9506000134353"),
        (SymbolKind::Ean13, "950600013435"),
        (SymbolKind::Itf14, "0950600013435x"),
        (SymbolKind::Gs1_128, "plain text"),
        (SymbolKind::Code128, "批号"),
        (SymbolKind::Code128, ""),
    ] {
        assert!(svg(kind, &SymbolData::plain(words), SvgOptions::default()).is_err(), "{kind:?} {words}");
    }
    assert!(SymbolData::parse("(01)09506000134353").is_err());
}

#[test]
fn an_svg_has_its_size_and_escapes_its_text() {
    let drawn =
        svg(SymbolKind::Code128, &SymbolData::plain("A<B&C"), SvgOptions::default()).expect("a symbol");
    assert!(drawn.starts_with("<svg ") && drawn.ends_with("</svg>"));
    assert!(drawn.contains(">A&lt;B&amp;C</text>"));
    assert!(drawn.contains("mm\""));
}

#[test]
fn a_video_holds_every_code_in_turn() {
    let codes = [
        (SymbolKind::Gs1_128, "(01)09506000134352(10)AB12".to_owned()),
        (SymbolKind::Qr, "HELLO 1".to_owned()),
        // Its quiet zone is two modules wide, and beyond it is cardboard.
        (SymbolKind::DataMatrix, "(00)006141410000000029".to_owned()),
    ];
    let mut file = Vec::new();
    video(&codes, 640, 480, &mut file).expect("a video");
    let header = file.iter().position(|&b| b == b'\n').expect("a header") + 1;
    assert!(file.starts_with(b"YUV4MPEG2 W640 H480 F12:1"));
    let frame_len = 6 + 640 * 480 * 3 / 2;
    let frames: Vec<&[u8]> = file[header..].chunks(frame_len).collect();
    assert_eq!(frames.len(), 72);
    for (frame, wanted) in
        [(5, &b"010950600013435210AB12"[..]), (30, b"HELLO 1"), (48, b"00006141410000000029")]
    {
        let luma = Luma::new(640, 480, 640, &frames[frame][6..]).expect("a frame");
        let read: Vec<Vec<u8>> = scan(&luma, &Options::default()).into_iter().map(|s| s.bytes).collect();
        assert_eq!(read, [wanted.to_vec()], "frame {frame}");
    }
}

#[test]
fn a_belt_lets_every_carton_pass_and_each_is_readable_on_its_way() {
    let codes: Vec<(SymbolKind, String)> =
        (1..=3).map(|n| (SymbolKind::Gs1_128, format!("(01)09506000134352(10)BELT{n}"))).collect();
    let mut file = Vec::new();
    belt(&codes, 640, 480, &mut file).expect("a belt");
    let header = file.iter().position(|&b| b == b'\n').expect("a header") + 1;
    let mut read: Vec<String> = Vec::new();
    for frame in file[header..].chunks(6 + 640 * 480 * 3 / 2) {
        let luma = Luma::new(640, 480, 640, &frame[6..]).expect("a frame");
        for symbol in scan(&luma, &Options::default()) {
            let text = String::from_utf8(symbol.bytes).expect("digits and letters");
            if !read.contains(&text) {
                read.push(text);
            }
        }
    }
    assert_eq!(read, [1, 2, 3].map(|n| format!("010950600013435210BELT{n}")));
}
