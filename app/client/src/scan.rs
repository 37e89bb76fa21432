//! The scanner's own WASM module: frames in, symbols and what they mean out, as JSON.
//!
//! It runs in a worker, so that a slow picture never stops the page. A symbol in the answer is
//! `{symbology, identifier, text, bytes_hex, corners, unused_correction, code, keys}`: `code` is `{"ok": …}`
//! or `{"error": {"position", "said"}}`, `keys` are the ways to look the code up, the most telling first.

use domain::code::{Code, CodeError, read_at};
use scanner::{Ask, Channels, Effort, Luma, Options, Scanner, Symbol, brightness};
use serde_json::{Value, json};
use std::cell::RefCell;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// A budget from here on is for a picture that will not be followed by another, in milliseconds.
const PHOTO_BUDGET: f64 = 400.0;

/// The most bytes a frame may have: more than any camera's, less than a browser's memory for a module.
const MOST_BYTES: usize = 1 << 28;

/// No part of a covered lens's picture is brighter: black is 16 in video, and sensors are noisy.
const BLACK: u8 = 36;

/// Pixels between two that are looked at to tell whether a frame is black.
const SPARSE: usize = 16;

thread_local! {
    static ROOM: RefCell<Room> = RefCell::default();
}

/// What is kept from frame to frame.
#[derive(Default)]
struct Room {
    /// Remembers where it last saw something.
    scanner: Scanner,
    /// What the browser wrote.
    frame: Vec<u8>,
    /// Its brightness, where that had to be worked out.
    grey: Vec<u8>,
}

/// Makes room for a frame of so many bytes and tells its address in the module's memory, for the browser
/// to write into: a frame then gets here without a copy of its own. The address is good until the next
/// call into the module.
///
/// # Errors
/// When no camera has frames of that size.
#[wasm_bindgen]
pub fn frame_room(bytes: usize) -> Result<*mut u8, JsError> {
    if bytes > MOST_BYTES {
        return Err(JsError::new("the frame is too large"));
    }
    Ok(ROOM.with_borrow_mut(|room| {
        room.frame.resize(bytes, 0);
        room.frame.as_mut_ptr()
    }))
}

/// Reads every symbol in the frame that was written into the room: `{symbols, black}`, where `black` is a
/// frame that shows nothing at all. It begins `offset` bytes in and has rows `stride` bytes apart;
/// `layout` is `grey` for a byte of brightness a pixel, `rgba` or `bgra` for four bytes.
///
/// # Errors
/// When the bytes are too few for the size, or the size is absurd.
#[wasm_bindgen]
pub fn scan_room(
    offset: usize,
    stride: usize,
    width: usize,
    height: usize,
    layout: &str,
    budget_ms: f64,
) -> Result<String, JsError> {
    ROOM.with_borrow_mut(|Room { scanner, frame, grey }| {
        let pixels = frame.get(offset..).unwrap_or_default();
        let luma = match layout {
            "grey" => Luma::new(width, height, stride, pixels)?,
            _ => {
                grey.clear();
                let rows = pixels.chunks(stride.max(1)).take(height);
                let row = |row: &[u8]| row.len().min(width.saturating_mul(4));
                let channels = if layout == "bgra" { Channels::Bgra } else { Channels::Rgba };
                rows.for_each(|bytes| brightness(&bytes[..row(bytes)], channels, grey));
                Luma::new(width, height, width, grey)?
            }
        };
        Ok(json!({ "symbols": symbols(scanner, &luma, Ask::Sure, budget_ms), "black": is_black(&luma) })
            .to_string())
    })
}

/// Reads every symbol in a frame of `width` x `height` pixels, four bytes each when `is_rgba`, else one
/// byte of brightness, as an array, Interleaved 2 of 5 of any length included: what a decoder is compared
/// by. What people scan goes through [`frame_room`].
///
/// No new piece of work is begun once `budget_ms` have passed.
///
/// # Errors
/// When the bytes are too few for the size, or the size is absurd.
#[wasm_bindgen]
pub fn scan_frame(
    pixels: &[u8],
    width: usize,
    height: usize,
    is_rgba: bool,
    budget_ms: f64,
) -> Result<String, JsError> {
    ROOM.with_borrow_mut(|Room { scanner, grey, .. }| {
        let luma = if is_rgba {
            grey.clear();
            brightness(pixels, Channels::Rgba, grey);
            Luma::new(width, height, width, grey)?
        } else {
            Luma::new(width, height, width, pixels)?
        };
        scanner.forget();
        Ok(symbols(scanner, &luma, Ask::AnyLength, budget_ms).to_string())
    })
}

fn symbols(scanner: &mut Scanner, luma: &Luma<'_>, ask: Ask, budget_ms: f64) -> Value {
    let end = js_sys::Date::now() + budget_ms;
    let effort = if budget_ms >= PHOTO_BUDGET { Effort::Photo } else { Effort::Frame };
    let go_on = || js_sys::Date::now() < end;
    let symbols = scanner.scan(luma, &Options { go_on: &go_on, effort, ask });
    let year = year();
    symbols.iter().map(|symbol| told(symbol, year)).collect()
}

fn is_black(luma: &Luma<'_>) -> bool {
    let rows = (0..luma.height()).step_by(SPARSE);
    rows.flat_map(|y| luma.row(y).iter().step_by(SPARSE)).all(|&pixel| pixel <= BLACK)
}

fn told(symbol: &Symbol, year: i32) -> Value {
    let (code, keys) = meaning(read_at(Some(&symbol.identifier), &symbol.transmitted(), year));
    let hex: String = symbol.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "symbology": symbol.symbology,
        "identifier": symbol.identifier,
        "text": text(&symbol.bytes),
        "bytes_hex": hex,
        "corners": symbol.corners,
        "unused_correction": symbol.unused_correction,
        "code": code,
        "keys": keys,
    })
}

fn meaning(read: Result<Code, CodeError>) -> (Value, Value) {
    match read {
        Ok(code) => (json!({ "ok": code }), json!(code.keys())),
        Err(error) => {
            let position = error.position;
            (json!({ "error": { "position": position, "said": error.said() } }), json!([]))
        }
    }
}

/// UTF-8 where it is, else Latin-1: what people write who say nothing about encoding.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}

fn year() -> i32 {
    js_sys::Date::new_0().get_full_year() as i32
}
