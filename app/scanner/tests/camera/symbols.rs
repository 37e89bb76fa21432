//! Every symbology, made by encoders that are not ours and spoilt as a camera spoils, is read as it was.

use scanner::{Ask, Symbol};

use crate::pdf_417::{TEXT, printed};
use crate::picture::{Frame, Modules, View};

pub(crate) type Case = (&'static str, Modules, &'static str, &'static [u8]);

const GS1: &[u8] = b"010950600013435210AB-7\x1d21000421";

/// By aztec_code_generator 0.12: two layers.
const AZTEC: [&str; 19] = [
    "38e41", "54842", "685fb", "192b0", "e9d2", "47ffe", "4a028", "6afb9", "668a0", "4aaaa", "128b5",
    "32fb2", "2e020", "1bff9", "9c02", "49670", "26024", "154f", "2212e",
];

const LINK: &[u8] = b"https://id.example.com/01/09506000134352/10/AB7?17=271231&21=0042x";

/// By the same: four layers.
const AZTEC_LINK: [&str; 27] = [
    "74d7043", "401c328", "1524c0", "5281230", "27db4dd", "5c51c33", "4f3656a", "6c602cb", "2b7dd12",
    "347ff28", "4b603ec", "eefb92", "6d68a69", "392aa34", "a28be3", "72fbb8", "a0312", "20bff74", "3087858",
    "30ba061", "487036", "e282f1", "30ec9bd", "336e53a", "63622", "100150c", "db2b56",
];

pub(crate) fn cases() -> Vec<Case> {
    let text = |bytes| std::str::from_utf8(bytes).expect("text");
    vec![
        ("Code128", Modules::code_128("ƁLOT-2026x"), "]C0", b"LOT-2026x"),
        ("Code128", Modules::code_128("ĆŹ0109506000134352ƁŹ10AB7"), "]C1", b"0109506000134352\x1d10AB7"),
        ("Code39", Modules::code_39("TOY-41 A"), "]A0", b"TOY-41 A"),
        ("EAN13", Modules::ean_13("9506000134352"), "]E0", b"9506000134352"),
        ("UPCA", Modules::ean_13("0036602301467"), "]E0", b"036602301467"),
        ("EAN8", Modules::ean_8("55123457"), "]E4", b"55123457"),
        ("ITF", Modules::itf("09506000134352"), "]I1", b"09506000134352"),
        (
            "QRCode",
            Modules::qr("https://id.example.com/01/09506000134352/10/AB7"),
            "]Q1",
            b"https://id.example.com/01/09506000134352/10/AB7",
        ),
        ("QRCode", Modules::qr("1234567890ABC $%*+-./:"), "]Q1", b"1234567890ABC $%*+-./:"),
        ("QRCode", Modules::gs1_qr(GS1), "]Q3", GS1),
        (
            "DataMatrix",
            Modules::data_matrix(b"LOT 2026-041 abc"),
            "]d1",
            text(b"LOT 2026-041 abc").as_bytes(),
        ),
        ("DataMatrix", Modules::gs1_data_matrix(GS1), "]d2", GS1),
        ("PDF417", printed(), "]L2", TEXT),
        ("Aztec", Modules::printed(19, &AZTEC, 1), "]z0", b"LOT 2026-041 abc"),
        ("Aztec", Modules::printed(27, &AZTEC_LINK, 1), "]z0", LINK),
    ]
}

/// Reads every case under a view and compares.
pub(crate) fn all_are_read(view: View) {
    for (symbology, modules, identifier, bytes) in cases() {
        let scale = if modules.width * 3 > 520 { 2.2 } else { view.scale };
        let read = Frame::of(&modules, View { scale, ..view }).read();
        let wanted = (symbology, identifier.to_owned(), bytes.to_vec());
        assert_eq!(read, [wanted], "{symbology} {identifier} under {view:?}");
    }
}

#[test]
fn read_as_printed() {
    all_are_read(View::default());
}

#[test]
fn read_at_any_angle() {
    for angle in [12.0, 37.0, 90.0, 133.0, 180.0, 251.0, 315.0] {
        all_are_read(View { angle, ..View::default() });
    }
}

#[test]
fn read_when_small() {
    all_are_read(View { scale: 2.1, angle: 4.0, ..View::default() });
}

#[test]
fn read_blurred_and_noisy() {
    all_are_read(View { blur: 1.0, noise: 14.0, angle: 3.0, ..View::default() });
}

/// A symbol in a small picture, so blurred that narrow bars run into each other.
fn out_of_focus(digits: &str, blur: f32) -> Vec<Vec<u8>> {
    let view = View { scale: 1.5, angle: 2.0, blur, noise: 3.0, ..View::default() };
    let mut frame = Frame::paper(240, 240, 220.0);
    frame.put(&Modules::ean_13(digits), view, (120.0, 120.0));
    frame.spoil(view);
    frame.read().into_iter().map(|(_, _, bytes)| bytes).collect()
}

#[test]
fn retail_symbols_out_of_focus_are_read_right_or_not_at_all() {
    for digits in ["9506000134352", "4006381333931", "0036602301467"] {
        let printed = digits.strip_prefix('0').unwrap_or(digits).as_bytes();
        for blur in [1.1, 1.25] {
            assert_eq!(out_of_focus(digits, blur), [printed], "{digits} through {blur}");
        }
        for blur in [1.6, 2.0, 2.6, 3.5] {
            let read = out_of_focus(digits, blur);
            assert!(read.is_empty() || read == [printed], "{digits} through {blur}: {read:?}");
        }
    }
}

#[test]
fn read_in_perspective() {
    all_are_read(View { tilt: (0.12, -0.08), angle: 8.0, blur: 0.5, noise: 6.0, ..View::default() });
}

#[test]
fn read_in_bad_light() {
    all_are_read(View { tones: (40.0, 110.0), shadow: 0.5, noise: 4.0, blur: 0.4, ..View::default() });
}

#[test]
fn read_light_on_dark() {
    all_are_read(View { tones: (220.0, 30.0), ..View::default() });
}

#[test]
fn every_symbol_of_a_label_is_reported() {
    let view = View { scale: 2.0, ..View::default() };
    let mut frame = Frame::paper(800, 640, 220.0);
    frame.put(&Modules::code_128("ĆŹ00095060001343520017"), view, (220.0, 90.0));
    frame.put(&Modules::itf("09506000134352"), view, (220.0, 300.0));
    frame.put(&Modules::ean_13("9506000134352"), view, (620.0, 300.0));
    frame.put(&Modules::qr("HELLO 1"), View { scale: 4.0, ..view }, (650.0, 100.0));
    frame.put(&Modules::gs1_data_matrix(GS1), View { scale: 4.0, ..view }, (200.0, 520.0));
    frame.put(&Modules::data_matrix(b"second"), View { scale: 4.0, ..view }, (600.0, 520.0));
    frame.spoil(View { blur: 0.5, noise: 5.0, ..view });
    let read: Vec<Vec<u8>> = frame.read().into_iter().map(|(_, _, bytes)| bytes).collect();
    for wanted in
        [&b"00095060001343520017"[..], b"09506000134352", b"9506000134352", b"HELLO 1", GS1, b"second"]
    {
        assert!(read.iter().any(|bytes| bytes == wanted), "{} is missing", String::from_utf8_lossy(wanted));
    }
    assert_eq!(read.len(), 6);
}

#[test]
fn corners_lie_on_the_symbol() {
    let modules = Modules::ean_13("9506000134352");
    let frame = Frame::of(&modules, View::default());
    let pixels: Vec<u8> = frame.pixels.iter().map(|&p| p as u8).collect();
    let luma = scanner::Luma::new(640, 640, 640, &pixels).expect("a frame");
    let symbols = scanner::scan(&luma, &scanner::Options::default());
    let [(left, top), (right, _), (_, bottom), _] = symbols[0].corners;
    // 95 modules of 3 pixels around the middle.
    assert!((left - 177.5).abs() < 3.0 && (right - 462.5).abs() < 3.0, "{left} {right}");
    assert!(top > 225.0 && bottom < 415.0 && bottom - top > 100.0, "{top} {bottom}");
}

#[test]
fn a_wrong_check_digit_or_a_part_is_no_symbol() {
    for modules in [
        // A wrong check digit inside a valid Interleaved 2 of 5.
        Modules::itf("09506000134353"),
        // Interleaved 2 of 5 of another length.
        Modules::itf("0950600013"),
        // Too short to be believed without a check.
        Modules::code_39("A"),
    ] {
        assert_eq!(Frame::of(&modules, View::default()).read(), []);
    }
}

#[test]
fn what_has_little_to_check_itself_is_read_when_it_is_asked_for() {
    // UPC-E 04252614, number system 0 and check digit 4: the digits' sets are B A B B A A.
    let upc_e = ["101", "0011101", "0010011", "0111001", "0011011", "0101111", "0011001", "010101"];
    let cases = [
        (Modules::itf("070429"), "ITF", "]I0", "070429"),
        (Modules::itf("2167361334"), "ITF", "]I0", "2167361334"),
        (Modules::itf("09506000134352"), "ITF", "]I1", "09506000134352"),
        (Modules::spelt(&upc_e.concat()), "UPCE", "]E0", "04252614"),
    ];
    for (modules, symbology, identifier, text) in cases {
        for angle in [0.0, 184.0] {
            let frame = Frame::of(&modules, View { angle, blur: 0.6, noise: 6.0, ..View::default() });
            let wanted = [(symbology, identifier.to_owned(), text.as_bytes().to_vec())];
            assert_eq!(frame.read_when_asked(Ask::Everything), wanted);
            assert_eq!(frame.read(), if text.len() == 14 { &wanted[..] } else { &[] });
        }
    }
    // A fourteen-digit symbol with a wrong check digit is wrong, whatever is asked for.
    let wrong = Frame::of(&Modules::itf("09506000134353"), View::default());
    assert_eq!(wrong.read_when_asked(Ask::Everything), []);
}

#[test]
fn a_upc_e_goes_out_as_the_number_behind_it() {
    let symbol = |bytes: &[u8]| Symbol {
        symbology: "UPCE",
        identifier: "]E0".into(),
        bytes: bytes.to_vec(),
        eci: None,
        unused_correction: None,
        corners: [(0.0, 0.0); 4],
    };
    for (printed, whole) in
        [(b"04252614", b"0042100005264"), (b"01234531", b"0012300000451"), (b"01234558", b"0012345000058")]
    {
        assert_eq!(symbol(printed).transmitted(), whole);
    }
}

#[test]
fn bars_without_quiet_zones_are_no_symbol() {
    for (symbology, modules, _, _) in cases() {
        if modules.width > 2 * modules.height || symbology.starts_with("EAN") || symbology == "UPCA" {
            let view = View { scale: 2.2, ..View::default() };
            assert_eq!(Frame::of(&modules.crowded(), view).read(), [], "{symbology}");
        }
    }
}

#[test]
fn bars_cut_off_at_the_edge_are_no_symbol() {
    for modules in
        [Modules::ean_13("9506000134352"), Modules::itf("09506000134352"), Modules::code_128("Ć123456789012")]
    {
        for middle in [60.0, 580.0] {
            let mut frame = Frame::paper(640, 480, 220.0);
            frame.put(&modules, View::default(), (middle, 240.0));
            assert_eq!(frame.read(), []);
        }
    }
}
