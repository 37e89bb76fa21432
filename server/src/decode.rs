//! `lotwalk decode`: reads the symbols of image files and prints one JSON line per file.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, WINDOWS_1252};
use image::{ImageReader, Limits};
use scanner::{Ask, Luma, Options, Symbol, scan};
use serde::Serialize;

/// The longest side of an image that is opened, in pixels.
const LONGEST_SIDE: u32 = 16_384;
/// Memory that one image may take while it is unpacked, in bytes: a small file may claim to be huge.
const MOST_MEMORY: u64 = 512 * 1024 * 1024;

/// One line of the answer.
#[derive(Serialize)]
#[serde(untagged)]
enum Line<'a> {
    Read { file: &'a str, ms: f64, codes: Vec<Decoded> },
    Unreadable { file: &'a str, error: String },
}

/// A symbol as the line tells it.
#[derive(Serialize)]
struct Decoded {
    symbology: &'static str,
    identifier: String,
    text: String,
    bytes_hex: String,
    corners: [(f32, f32); 4],
    /// The share of error correction that was not needed, 0 to 1; null where there is none.
    unused_correction: Option<f32>,
}

/// Decodes every file and prints its line; `Ok(false)` when at least one could not be read.
/// It tells what is printed, Interleaved 2 of 5 of any length included; the app believes less. With `any`
/// it reads UPC-E, too. `ms` counts the search for symbols, not the unpacking of the image.
///
/// # Errors
/// When `out` cannot be written.
pub fn run(files: &[PathBuf], any: bool, out: &mut impl Write) -> io::Result<bool> {
    let mut all = true;
    for path in files {
        let file = path.display().to_string();
        let line = match decode(path, any) {
            Ok((ms, codes)) => Line::Read { file: &file, ms, codes },
            Err(error) => {
                all = false;
                Line::Unreadable { file: &file, error }
            }
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(all)
}

fn decode(path: &Path, any: bool) -> Result<(f64, Vec<Decoded>), String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut reader =
        ImageReader::new(BufReader::new(file)).with_guessed_format().map_err(|error| error.to_string())?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let picture = on_white(reader.decode().map_err(|error| error.to_string())?);
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let frame = Luma::new(width, height, width, picture.as_raw()).map_err(|error| error.to_string())?;
    let started = Instant::now();
    let ask = if any { Ask::Everything } else { Ask::AnyLength };
    let symbols = scan(&frame, &Options { ask, ..Options::default() });
    let ms = (started.elapsed().as_secs_f64() * 100_000.0).round() / 100.0;
    Ok((ms, symbols.into_iter().map(Decoded::from).collect()))
}

/// Brightness, with transparent parts as the paper they would lie on.
fn on_white(picture: image::DynamicImage) -> image::GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let with_alpha = picture.into_luma_alpha8();
    image::GrayImage::from_fn(with_alpha.width(), with_alpha.height(), |x, y| {
        let [luma, alpha] = with_alpha.get_pixel(x, y).0;
        let alpha = u32::from(alpha);
        image::Luma([((u32::from(luma) * alpha + 255 * (255 - alpha)) / 255) as u8])
    })
}

impl From<Symbol> for Decoded {
    fn from(symbol: Symbol) -> Decoded {
        let bytes_hex = symbol.bytes.iter().fold(String::new(), |mut hex, byte| {
            // Writing into a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Decoded {
            text: text(&symbol),
            bytes_hex,
            symbology: symbol.symbology,
            identifier: symbol.identifier,
            corners: symbol.corners,
            unused_correction: symbol.unused_correction,
        }
    }
}

/// The payload as text: in the encoding that the symbol names, else in the first that fits of UTF-8,
/// Shift JIS (the older default of QR Codes, ISO/IEC 18004) and Latin-1.
fn text(symbol: &Symbol) -> String {
    let strict = |encoding: &'static Encoding| {
        encoding
            .decode_without_bom_handling_and_without_replacement(&symbol.bytes)
            .map(|text| text.into_owned())
    };
    symbol
        .eci
        .and_then(encoding_of)
        .and_then(strict)
        .or_else(|| strict(UTF_8))
        .or_else(|| (symbol.symbology == "QRCode").then(|| strict(SHIFT_JIS)).flatten())
        .unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(&symbol.bytes).0.into_owned())
}

/// The encoding behind an ECI assignment number (AIM ITS/04-023).
fn encoding_of(eci: u32) -> Option<&'static Encoding> {
    let label = match eci {
        1 | 3 => "iso-8859-1".to_owned(),
        4..=18 => format!("iso-8859-{}", eci - 2),
        20 => "shift_jis".to_owned(),
        21..=24 => format!("windows-125{}", [0, 1, 2, 6][eci as usize - 21]),
        25 => "utf-16be".to_owned(),
        26 | 27 | 170 => "utf-8".to_owned(),
        28 => "big5".to_owned(),
        29 | 32 => "gb18030".to_owned(),
        30 => "euc-kr".to_owned(),
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(symbology: &'static str, bytes: &[u8], eci: Option<u32>) -> Symbol {
        Symbol {
            symbology,
            identifier: String::new(),
            bytes: bytes.to_vec(),
            eci,
            corners: [(0.0, 0.0); 4],
            unused_correction: None,
        }
    }

    #[test]
    fn text_is_read_in_the_encoding_that_was_meant() {
        assert_eq!(text(&symbol("QRCode", "批号".as_bytes(), None)), "批号");
        assert_eq!(text(&symbol("QRCode", &[0x83, 0x82], None)), "モ");
        assert_eq!(text(&symbol("QRCode", &[0xC5, 0xFA, 0xBA, 0xC5], Some(29))), "批号");
        assert_eq!(text(&symbol("Code128", &[0xF3, 0x31], None)), "ó1");
    }

    #[test]
    fn a_file_that_is_no_image_does_not_stop_the_others() {
        let folder = std::env::temp_dir().join(format!("lotwalk-decode-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let (bad, good, bomb) = (folder.join("bad.png"), folder.join("good.png"), folder.join("bomb.png"));
        std::fs::write(&bad, b"no image").expect("a file");
        image::GrayImage::from_pixel(30, 20, image::Luma([255])).save(&good).expect("an image");
        // The header of a good image, claiming to be 60000 pixels wide.
        let mut bytes = std::fs::read(&good).expect("the image");
        bytes[16..20].copy_from_slice(&60_000u32.to_be_bytes());
        std::fs::write(&bomb, bytes).expect("a file");

        let mut out = Vec::new();
        let all = run(&[bad, good, bomb, folder.join("none.png")], false, &mut out).expect("a line each");
        std::fs::remove_dir_all(&folder).expect("the folder goes");
        assert!(!all);
        let lines: Vec<serde_json::Value> = out
            .split(|&b| b == b'\n')
            .filter(|l| !l.is_empty())
            .map(|l| serde_json::from_slice(l).expect("JSON"))
            .collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[1]["codes"].as_array().is_some_and(Vec::is_empty) && lines[1]["ms"].is_number());
        for line in [&lines[0], &lines[2], &lines[3]] {
            assert!(line["error"].as_str().is_some_and(|error| !error.is_empty()), "{line}");
        }
    }
}
