//! The scanner's own WASM module: frames and typed text in, symbols and what they mean out, as JSON.
//!
//! It runs in a worker, so that a slow picture never stops the page. A symbol in the answer is
//! `{symbology, identifier, text, bytes_hex, corners, unused_correction, code, keys}`: `code` is `{"ok": …}`
//! or `{"error": {"position", "said"}}`, `keys` are the ways to look the code up, the most telling first.

use domain::code::{Code, CodeError, read_at};
use scanner::{Ask, Effort, Luma, Options, Symbol, scan};
use serde_json::{Value, json};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// A budget from here on is for a picture that will not be followed by another, in milliseconds.
const PHOTO_BUDGET: f64 = 400.0;

/// Reads every symbol in a frame of `width` x `height` pixels, four bytes each when `is_rgba`, else one
/// byte of brightness. No new piece of work is begun once `budget_ms` have passed.
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
    let grey: Vec<u8>;
    let luma = if is_rgba {
        grey = pixels.chunks_exact(4).map(|p| brightness(p[0], p[1], p[2])).collect();
        Luma::new(width, height, width, &grey)?
    } else {
        Luma::new(width, height, width, pixels)?
    };
    let end = js_sys::Date::now() + budget_ms;
    let effort = if budget_ms >= PHOTO_BUDGET { Effort::Photo } else { Effort::Frame };
    let symbols = scan(&luma, &Options { go_on: &|| js_sys::Date::now() < end, effort, ask: Ask::Sure });
    let year = year();
    Ok(Value::Array(symbols.iter().map(|symbol| told(symbol, year)).collect()).to_string())
}

/// Reads text that was typed, pasted or sent by a scanner that acts as a keyboard:
/// `{text, code, keys}` as in a symbol.
#[wasm_bindgen]
pub fn read_text(text: &str) -> String {
    let (code, keys) = meaning(read_at(None, text.as_bytes(), year()));
    json!({ "text": text, "code": code, "keys": keys }).to_string()
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

/// Brightness as television weighs it (ITU-R BT.601).
fn brightness(red: u8, green: u8, blue: u8) -> u8 {
    ((77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue)) >> 8) as u8
}

fn year() -> i32 {
    js_sys::Date::new_0().get_full_year() as i32
}
