//! Natively: our scanner with every effort and with a video frame's, and `rxing` and `rqrr` as they are
//! shipped, on the same pictures.
//!
//! In: for each picture its width and height, four bytes each with the lowest first, and then a byte of
//! brightness a pixel. Out: a line about the decoders, `[{"name", "only"}]` with the symbologies that are all it
//! reads, and a line for each picture with what each found: `[{"codes": [{"symbology", "hex"}], "ms", "panicked"}]`.

use std::collections::HashSet;
use std::error::Error;
use std::io::{self, Read, Write};
use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use rxing::helpers::detect_multiple_in_luma_with_hints;
use rxing::{BarcodeFormat, DecodeHints};
use scanner::{Ask, Effort, Luma, Options, scan};

/// Looks at each picture, of which the shortest is told.
const ROUNDS: usize = 3;

/// What the scan page gives a video frame.
const FRAME: Duration = Duration::from_millis(60);

/// Our names of what is asked for, and rxing's.
const FORMATS: [(&str, BarcodeFormat); 10] = [
    ("Aztec", BarcodeFormat::AZTEC),
    ("Code128", BarcodeFormat::CODE_128),
    ("Code39", BarcodeFormat::CODE_39),
    ("DataMatrix", BarcodeFormat::DATA_MATRIX),
    ("EAN13", BarcodeFormat::EAN_13),
    ("EAN8", BarcodeFormat::EAN_8),
    ("ITF", BarcodeFormat::ITF),
    ("PDF417", BarcodeFormat::PDF_417),
    ("QRCode", BarcodeFormat::QR_CODE),
    ("UPCA", BarcodeFormat::UPC_A),
];

/// The brightness of one picture.
struct Picture {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

/// A code that was read: its symbology by our name, and its bytes.
type Code = (String, Vec<u8>);

struct Decoder {
    name: &'static str,
    /// The symbologies that it reads; none named where it reads what all are asked for.
    only: &'static [&'static str],
    decode: fn(&Picture) -> Vec<Code>,
}

const DECODERS: [Decoder; 4] = [
    Decoder { name: "ours, photo", only: &[], decode: |picture| ours(picture, Effort::Photo) },
    Decoder { name: "ours, frame", only: &[], decode: |picture| ours(picture, Effort::Frame) },
    Decoder { name: "rxing", only: &[], decode: with_rxing },
    Decoder { name: "rqrr", only: &["QRCode"], decode: with_rqrr },
];

fn main() -> Result<(), Box<dyn Error>> {
    // A decoder that panics is told by its answer.
    panic::set_hook(Box::new(|_| ()));
    let (mut stdin, mut stdout) = (io::stdin().lock(), io::stdout().lock());
    let about = |decoder: Decoder| format!("{{\"name\":{:?},\"only\":{:?}}}", decoder.name, decoder.only);
    writeln!(stdout, "[{}]", DECODERS.map(about).join(","))?;
    while let Some(picture) = next(&mut stdin)? {
        let found = DECODERS.map(|decoder| told(decoder.decode, &picture));
        writeln!(stdout, "[{}]", found.join(","))?;
        stdout.flush()?;
    }
    Ok(())
}

/// The next picture, or none where the input ends between two.
fn next(input: &mut impl Read) -> io::Result<Option<Picture>> {
    let mut head = Vec::new();
    input.take(8).read_to_end(&mut head)?;
    let (width, height) = match head.as_slice() {
        [] => return Ok(None),
        &[a, b, c, d, e, f, g, h] => (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])),
        _ => return Err(io::ErrorKind::UnexpectedEof.into()),
    };
    let (width, height) = (width as usize, height as usize);
    let mut grey = vec![0; width * height];
    input.read_exact(&mut grey)?;
    Ok(Some(Picture { width, height, grey }))
}

/// What a decoder finds in a picture and how long it takes, as JSON.
fn told(decode: fn(&Picture) -> Vec<Code>, picture: &Picture) -> String {
    let (mut best, mut codes) = (Duration::MAX, Ok(Vec::new()));
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        codes = panic::catch_unwind(AssertUnwindSafe(|| decode(picture)));
        best = best.min(begun.elapsed());
    }
    let panicked = codes.is_err();
    let codes: Vec<String> = codes
        .unwrap_or_default()
        .iter()
        .map(|(symbology, bytes)| {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{{\"symbology\":{symbology:?},\"hex\":\"{hex}\"}}")
        })
        .collect();
    let ms = best.as_secs_f64() * 1000.0;
    format!("{{\"codes\":[{}],\"ms\":{ms:.3},\"panicked\":{panicked}}}", codes.join(","))
}

/// A scanner that has seen nothing before, so that no picture helps the next.
fn ours(picture: &Picture, effort: Effort) -> Vec<Code> {
    let begun = Instant::now();
    let go_on = || effort == Effort::Photo || begun.elapsed() < FRAME;
    let options = Options { go_on: &go_on, effort, ask: Ask::AnyLength };
    Luma::new(picture.width, picture.height, picture.width, &picture.grey).map_or(Vec::new(), |luma| {
        scan(&luma, &options).into_iter().map(|symbol| (symbol.symbology.to_owned(), symbol.bytes)).collect()
    })
}

/// Every effort that it has for a picture with several codes, and FNC1 as it is printed.
fn with_rxing(picture: &Picture) -> Vec<Code> {
    let mut hints = DecodeHints {
        PossibleFormats: Some(HashSet::from(FORMATS.map(|(_, theirs)| theirs))),
        TryHarder: Some(true),
        AssumeGs1: Some(true),
        ..DecodeHints::default()
    };
    let (width, height) = (picture.width as u32, picture.height as u32);
    let found = detect_multiple_in_luma_with_hints(picture.grey.clone(), width, height, &mut hints);
    let code = |result: &rxing::RXingResult| {
        let (ours, _) = FORMATS.iter().find(|(_, theirs)| theirs == result.getBarcodeFormat())?;
        // It writes a first FNC1 as the identifier that a reader would send.
        let text = result.getText().strip_prefix("]C1").unwrap_or(result.getText());
        Some(((*ours).to_owned(), text.as_bytes().to_vec()))
    };
    found.unwrap_or_default().iter().filter_map(code).collect()
}

fn with_rqrr(picture: &Picture) -> Vec<Code> {
    let pixel = |x, y| picture.grey[y * picture.width + x];
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(picture.width, picture.height, pixel);
    let read = |grid: &rqrr::Grid<_>| {
        let mut bytes = Vec::new();
        grid.decode_to(&mut bytes).ok()?;
        Some(("QRCode".to_owned(), bytes))
    };
    prepared.detect_grids().iter().filter_map(read).collect()
}
