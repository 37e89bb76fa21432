//! The demo's codes on paper: [`pdf`] answers with them as a file to print.
//!
//! Symbols are rectangles and no pictures, so they come out as sharp as the printer is. Words are in the
//! reader's language.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::text::{Lang, Text, text};
use paper::{A4, Face, Page, Placed, document, wrapped};

use crate::{
    demo::{BRAND, SheetCode, sheet_codes},
    problem::Problem,
    shared::Shared,
    symbols::{Drawing, SymbolData, SymbolKind, drawing},
    visitor,
};

mod paper;

const TITLE: Text = text("Codes to scan", "可供扫描的条码");
const ABOUT: Text = text(
    "{brand}, the demo. Open the scan page on a phone and hold it to a code. Print at full size, not fitted to the page.",
    "演示品牌 {brand}。用手机打开扫描页面并对准条码。请按实际大小打印，不要缩放。",
);

/// What stays free around the page, in millimetres; most printers reach as far.
const MARGIN: f32 = 12.0;
const HEADING: f32 = 16.0;
const COLUMNS: usize = 2;
const ROWS: usize = 5;
const GAP: f32 = 6.0;
/// Height of bars in millimetres: enough for a hand that is not held level.
const BARS: f32 = 20.0;
/// A dot of a common printer in millimetres. Modules are whole numbers of it, so that no bar is rounded to
/// another width than its neighbour.
const DOT: f32 = 25.4 / 300.0;

/// The sheet of the demo; elsewhere there is none.
///
/// # Errors
/// Outside the demo.
pub async fn pdf(State(shared): State<Shared>, headers: HeaderMap) -> Result<Response, Problem> {
    if shared.demo.is_none() {
        return Err(Problem::not_found());
    }
    let headers_out = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        // Shown inside the browser, its own viewer would stand under the policy of this answer.
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"lotwalk-codes.pdf\"")),
    ];
    Ok((headers_out, file(visitor::lang(&headers))).into_response())
}

/// The file.
fn file(lang: Lang) -> Vec<u8> {
    document(TITLE.get(lang), lang, &pages(lang))
}

/// The sheet, page by page.
fn pages(lang: Lang) -> Vec<Page> {
    let pages: Vec<_> = sheet_codes().chunks(COLUMNS * ROWS).collect();
    let of = pages.len();
    let filled = pages.into_iter().zip(1..).map(|(codes, n)| {
        let mut page = Page::default();
        heading(&mut page, &format!("{n} / {of}"), lang);
        for (i, code) in codes.iter().enumerate() {
            let (column, row) = ((i % COLUMNS) as f32, (i / COLUMNS) as f32);
            let top = MARGIN + HEADING + row * (A4[1] - 2.0 * MARGIN - HEADING) / ROWS as f32;
            cell(&mut page, code, [MARGIN + column * (width() + GAP), top], lang);
        }
        page
    });
    filled.collect()
}

/// Width of a column.
const fn width() -> f32 {
    (A4[0] - 2.0 * MARGIN - (COLUMNS - 1) as f32 * GAP) / COLUMNS as f32
}

fn heading(page: &mut Page, number: &str, lang: Lang) {
    page.line(Face::Strong, 6.0, [MARGIN, MARGIN + 5.0], TITLE.get(lang));
    page.line(Face::Words, 3.0, [A4[0] - MARGIN - 8.0, MARGIN + 5.0], number);
    let about = ABOUT.with(&[("brand", BRAND.1)]);
    page.line(Face::Words, 3.0, [MARGIN, MARGIN + 11.0], about.get(lang));
}

/// What it stands on, the symbol, what it says, what scanning it shows.
fn cell(page: &mut Page, code: &SheetCode, [x, y]: [f32; 2], lang: Lang) {
    // One that cannot be drawn is told of in the log when the page's own sheet is made.
    let Ok((module, drawing)) = symbol(code) else { return };
    page.line(Face::Strong, 3.6, [x, y + 3.6], code.title.get(lang));
    let mut under = y + 5.5 + drawing.height as f32 * module;
    let captioned = !drawing.captions.is_empty();
    page.symbols.push(Placed { at: [x, y + 5.5], module, drawing });
    if !captioned {
        under += 3.4;
        page.line(Face::Digits, 2.4, [x, under], code.data);
    }
    for line in wrapped(code.shows.get(lang), 3.0, width()) {
        under += 4.0;
        page.line(Face::Words, 3.0, [x, under], &line);
    }
}

/// The symbol with the width of its modules: what the General Specifications ask for where goods are
/// handled (5.12), at the checkout a printer's nearest to the nominal 0.33 mm, and matrices large enough
/// for a phone.
fn symbol(code: &SheetCode) -> Result<(f32, Drawing), crate::symbols::SymbolError> {
    let dots = match code.kind {
        SymbolKind::Ean13 => 4.0,
        SymbolKind::Gs1_128 | SymbolKind::Code128 | SymbolKind::Itf14 => 6.0,
        SymbolKind::Qr => 7.0,
        SymbolKind::DataMatrix => 8.0,
    };
    let module = dots * DOT;
    let drawing = drawing(code.kind, &SymbolData::parse(code.data)?, (BARS / module) as u32, true)?;
    Ok((module, drawing))
}

#[cfg(test)]
mod tests;
