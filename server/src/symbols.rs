//! Draws printable symbols: for the demo's code sheet, labels, and the frames that tests look at.
//!
//! [`SymbolData`] is what a symbol shall say, `drawing` its modules with quiet zone, [`svg`] and
//! [`luma`] put them on paper and into pixels, [`video()`] in front of a camera.

use std::fmt::Write;

use domain::code::gs1::{Identifiers, bracketed, element_string, read_bracketed};
use domain::text::{Said, text};

mod bars;
mod matrix;
mod video;

pub use video::{belt, video, y4m};

/// What kind of symbol to draw.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SymbolKind {
    /// QR Code (ISO/IEC 18004), error correction level M.
    Qr,
    /// Data Matrix ECC 200 (ISO/IEC 16022); GS1 DataMatrix when the data is an element string.
    DataMatrix,
    /// GS1-128: Code 128 with FNC1 first; the data must be an element string.
    Gs1_128,
    /// Code 128 (ISO/IEC 15417) of plain text.
    Code128,
    /// ITF-14 with bearer bars; fourteen digits.
    Itf14,
    /// EAN-13 (ISO/IEC 15420); thirteen digits.
    Ean13,
}

impl SymbolKind {
    /// Every kind, in the order of a code sheet.
    pub const ALL: [SymbolKind; 6] = [
        SymbolKind::Qr,
        SymbolKind::DataMatrix,
        SymbolKind::Gs1_128,
        SymbolKind::Code128,
        SymbolKind::Itf14,
        SymbolKind::Ean13,
    ];
}

/// What a symbol shall say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SymbolData {
    /// The payload: no leading FNC1, 0x1D for a later one.
    bytes: Vec<u8>,
    /// Whether FNC1 stands first.
    element_string: bool,
    /// What is printed under a bar code.
    caption: String,
}

impl SymbolData {
    /// Plain text as it stands.
    pub fn plain(text: &str) -> SymbolData {
        SymbolData { bytes: text.as_bytes().to_vec(), element_string: false, caption: text.to_owned() }
    }

    /// Application identifiers in brackets, `(01)…(10)…`, become an element string; anything else stays text.
    ///
    /// # Errors
    /// When brackets open an element string that breaks its rules.
    pub fn parse(text: &str) -> Result<SymbolData, SymbolError> {
        if !text.starts_with('(') {
            return Ok(SymbolData::plain(text));
        }
        let elements = read_bracketed(text, Identifiers::Known).map_err(|error| SymbolError(error.said()))?;
        let raw = element_string(&elements);
        let bytes = raw.strip_prefix(b"\x1d").unwrap_or(&raw).to_vec();
        Ok(SymbolData { bytes, element_string: true, caption: bracketed(&elements) })
    }

    /// The payload that a scanner hands on: no leading FNC1, 0x1D for a later one.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Why a symbol cannot be drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SymbolError(Said);

impl SymbolError {
    /// The reason, in both languages.
    pub fn said(&self) -> &Said {
        &self.0
    }
}

impl std::fmt::Display for SymbolError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for SymbolError {}

/// The data does not fit the kind: wrong characters, wrong length, wrong check digit.
fn unfit(kind: &str, needed: domain::text::Text) -> SymbolError {
    SymbolError(needed.with(&[("kind", kind)]))
}

/// How a symbol is put on paper.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct SvgOptions {
    /// Width of a module in millimetres.
    pub module_mm: f32,
    /// Height of bars in modules; matrices are square whatever it says.
    pub bar_height: u32,
    /// Whether the human readable text is printed under bars.
    pub caption: bool,
}

impl Default for SvgOptions {
    fn default() -> Self {
        SvgOptions { module_mm: 0.5, bar_height: 60, caption: true }
    }
}

/// A symbol in modules, quiet zone and bearer bars included.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Drawing {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Dark rectangles: left, top, width, height.
    pub(crate) dark: Vec<[u32; 4]>,
    /// Text under the bars: middle, baseline and content.
    pub(crate) captions: Vec<(f32, f32, String)>,
}

/// Height of the letters under bars, in modules.
pub(crate) const LETTERS: f32 = 9.0;

/// The symbol as SVG: one path on white, sized in millimetres, text as text.
///
/// # Errors
/// When the data does not fit the kind.
pub fn svg(kind: SymbolKind, data: &SymbolData, options: SvgOptions) -> Result<String, SymbolError> {
    let drawing = drawing(kind, data, options.bar_height, options.caption)?;
    let (width, height) = (drawing.width, drawing.height);
    let mm = |modules: u32| modules as f32 * options.module_mm;
    let mut out = String::new();
    // Writing into a string cannot fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{}\" width=\"{:.2}mm\" \
         height=\"{:.2}mm\" viewBox=\"0 0 {width} {height}\"><path fill=\"#fff\" d=\"M0 0h{width}v{height}H0z\"/>\
         <path fill=\"#000\" shape-rendering=\"crispEdges\" d=\"",
        escape(&data.caption),
        mm(width),
        mm(height),
    );
    for [x, y, w, h] in &drawing.dark {
        let _ = write!(out, "M{x} {y}h{w}v{h}h-{w}z");
    }
    out.push_str("\"/>");
    for (x, y, words) in &drawing.captions {
        let _ = write!(
            out,
            "<text x=\"{x}\" y=\"{y}\" font-family=\"monospace\" font-size=\"{LETTERS}\" text-anchor=\"middle\" \
             fill=\"#000\">{}</text>",
            escape(words)
        );
    }
    out.push_str("</svg>");
    Ok(out)
}

/// The symbol in pixels, `module_px` of them to a module, 0 dark and 255 light, without text:
/// width, height and rows.
///
/// # Errors
/// When the data does not fit the kind.
pub fn luma(kind: SymbolKind, data: &SymbolData, module_px: u32) -> Result<(u32, u32, Vec<u8>), SymbolError> {
    let drawing = drawing(kind, data, 40, false)?;
    let scale = module_px.clamp(1, 64);
    let (width, height) = (drawing.width * scale, drawing.height * scale);
    let mut pixels = vec![255; (width * height) as usize];
    for [x, y, w, h] in drawing.dark {
        for row in y * scale..(y + h) * scale {
            let start = (row * width + x * scale) as usize;
            pixels[start..start + (w * scale) as usize].fill(0);
        }
    }
    Ok((width, height, pixels))
}

/// The symbol in modules.
pub(crate) fn drawing(
    kind: SymbolKind,
    data: &SymbolData,
    bar_height: u32,
    caption: bool,
) -> Result<Drawing, SymbolError> {
    match kind {
        SymbolKind::Qr => matrix::qr(data),
        SymbolKind::DataMatrix => matrix::data_matrix(data),
        SymbolKind::Gs1_128 if !data.element_string => Err(unfit(
            "GS1-128",
            text(
                "{kind} holds application identifiers in brackets, such as (01)…(10)…",
                "{kind} 须写成带括号的应用标识符，如 (01)…(10)…",
            ),
        )),
        SymbolKind::Gs1_128 | SymbolKind::Code128 => bars::code_128(data, bar_height.max(1), caption),
        SymbolKind::Itf14 => bars::itf_14(data, bar_height.max(1), caption),
        SymbolKind::Ean13 => bars::ean_13(data, bar_height.max(1), caption),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
