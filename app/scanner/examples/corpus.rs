//! Reads the pictures that manifests name and says how many of their codes were read, how many were
//! read that are not there, and how long it took: `corpus [--list] [--frame] [--thrice] [--sure | --any] MANIFEST.csv…`.
//! `--list` names the codes that were missed, `--frame` spends on each picture what a video frame gets,
//! `--thrice` scans each picture three times and tells the shortest, for machines that do other work,
//! `--sure` asks only for what the app believes, `--any` for UPC-E, too.
//!
//! A manifest has the columns `path` (beside the manifest), `symbology`, `text`, `hex` and `role`:
//! `target` must be read; `extra` and `damaged` may; any other reading is false.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, WINDOWS_1252};
use image::{DynamicImage, GrayImage};
use scanner::{Ask, Effort, Luma, Options, Symbol, scan};

/// One code of a picture.
struct Expected {
    symbology: String,
    bytes: Vec<u8>,
    role: String,
}

/// What is told of one symbology.
#[derive(Default)]
struct Tally {
    targets: usize,
    read: usize,
    millis: Vec<f64>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, manifests): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let list = flags.iter().any(|flag| flag == "--list");
    let effort = if flags.iter().any(|flag| flag == "--frame") { Effort::Frame } else { Effort::Photo };
    let times = if flags.iter().any(|flag| flag == "--thrice") { 3 } else { 1 };
    let asked = |flag: &str| flags.iter().any(|given| given == flag);
    let ask = match (asked("--any"), asked("--sure")) {
        (true, _) => Ask::Everything,
        (_, true) => Ask::Sure,
        _ => Ask::AnyLength,
    };
    for manifest in manifests {
        let mut pictures: BTreeMap<String, Vec<Expected>> = BTreeMap::new();
        let mut reader = csv::Reader::from_path(&manifest)?;
        for row in reader.deserialize() {
            let row: BTreeMap<String, String> = row?;
            let column = |name: &str| row.get(name).cloned().unwrap_or_default();
            pictures.entry(column("path")).or_default().push(Expected {
                symbology: column("symbology"),
                bytes: unhex(&column("hex")),
                role: column("role"),
            });
        }
        let folder = Path::new(&manifest).parent().unwrap_or(Path::new("."));
        measure(&manifest, folder, &pictures, list, effort, times, ask)?;
    }
    Ok(())
}

fn measure(
    name: &str,
    folder: &Path,
    pictures: &BTreeMap<String, Vec<Expected>>,
    list: bool,
    effort: Effort,
    times: usize,
    ask: Ask,
) -> Result<(), Box<dyn Error>> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (path, expected) in pictures {
        let picture = on_white(image::open(folder.join(path))?);
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let frame = Luma::new(width, height, width, picture.as_raw())?;
        let mut symbols = Vec::new();
        let mut millis = f64::MAX;
        for _ in 0..times {
            let started = Instant::now();
            symbols = scan(&frame, &Options { effort, ask, ..Options::default() });
            millis = millis.min(started.elapsed().as_secs_f64() * 1000.0);
        }
        for kind in expected.iter().map(|e| &e.symbology).collect::<std::collections::BTreeSet<_>>() {
            tallies.entry(kind.clone()).or_default().millis.push(millis);
        }
        for code in expected.iter().filter(|code| code.role == "target") {
            let tally = tallies.entry(code.symbology.clone()).or_default();
            tally.targets += 1;
            if symbols.iter().any(|symbol| same(symbol, code)) {
                tally.read += 1;
            } else if list {
                println!("missed  {:10} {path} {}", code.symbology, String::from_utf8_lossy(&code.bytes));
            }
        }
        for symbol in &symbols {
            let there =
                |code: &Expected| code.role != "bad" && code.role != "bad-itf14" && same(symbol, code);
            if !expected.iter().any(there) {
                wrong.push(format!(
                    "{path}: {} {:?}",
                    symbol.symbology,
                    String::from_utf8_lossy(&symbol.bytes)
                ));
            }
        }
    }
    println!("{name}: {} pictures", pictures.len());
    println!(
        "{:12} {:>8} {:>8} {:>7} {:>10} {:>8}",
        "symbology", "targets", "read", "share", "median ms", "p95 ms"
    );
    let (mut targets, mut read, mut all) = (0, 0, Vec::new());
    for (kind, mut tally) in tallies {
        targets += tally.targets;
        read += tally.read;
        all.extend_from_slice(&tally.millis);
        line(&kind, tally.targets, tally.read, &mut tally.millis);
    }
    line("all", targets, read, &mut all);
    println!("false reads: {}", wrong.len());
    wrong.iter().for_each(|wrong| println!("  {wrong}"));
    Ok(())
}

/// Brightness, with transparent parts as the paper they would lie on.
fn on_white(picture: DynamicImage) -> GrayImage {
    let picture = picture.into_luma_alpha8();
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [luma, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        image::Luma([((luma * alpha + 255 * (255 - alpha)) / 255) as u8])
    })
}

fn line(name: &str, targets: usize, read: usize, millis: &mut [f64]) {
    millis.sort_by(f64::total_cmp);
    let at = |share: f64| millis.get((millis.len() as f64 * share) as usize).copied().unwrap_or_default();
    let share = 100.0 * read as f64 / targets.max(1) as f64;
    println!("{name:12} {targets:>8} {read:>8} {share:>6.1}% {:>10.1} {:>8.1}", at(0.5), at(0.95));
}

/// Whether a symbol is the code; a UPC-A is an EAN-13 with a zero in front.
fn same(symbol: &Symbol, code: &Expected) -> bool {
    let family = |name: &str| if name == "UPCA" { "EAN13".to_owned() } else { name.to_owned() };
    let bytes =
        |name: &str, bytes: &[u8]| if name == "UPCA" { [b"0", bytes].concat() } else { bytes.to_vec() };
    family(symbol.symbology) == family(&code.symbology)
        && (bytes(symbol.symbology, &symbol.bytes) == bytes(&code.symbology, &code.bytes)
            || readings(&symbol.bytes).any(|text| text.as_bytes() == code.bytes)
            || Some(symbol.bytes.as_slice()) == code.bytes.strip_prefix(b"\x1d"))
}

/// Bytes as text in the encodings that people use without saying so; manifests hold UTF-8.
fn readings(bytes: &[u8]) -> impl Iterator<Item = String> {
    let encodings: [&'static Encoding; 3] = [UTF_8, SHIFT_JIS, WINDOWS_1252];
    encodings.into_iter().filter_map(move |encoding| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        Some(text.into_owned())
    })
}

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
