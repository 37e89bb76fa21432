//! What the printer is sent is read back, and nothing lies on anything else.

use scanner::{Luma, Options, scan};

use super::*;
use paper::{digits_width, width as words_width};

/// Dots of a printer in a millimetre.
const DOTS: f32 = 300.0 / 25.4;
/// A PDF's points in a millimetre.
const POINTS: f32 = 72.0 / 25.4;

/// The dark rectangles of one symbol, in millimetres from the top left: left, top, right, bottom.
type Symbol = Vec<[f32; 4]>;

/// What a file's pages are filled with, as its own operators tell it: page by page, symbol by symbol.
fn filled(file: &[u8]) -> Vec<Vec<Symbol>> {
    let file = String::from_utf8_lossy(file);
    let streams = file.split("\nstream\n").skip(1).filter_map(|rest| rest.split("\nendstream").next());
    streams.map(symbols).collect()
}

fn symbols(stream: &str) -> Vec<Symbol> {
    let (mut found, mut symbol): (Vec<Symbol>, Symbol) = Default::default();
    // Scale and shift along each axis; nothing here is turned.
    let (mut now, mut kept) = ([1.0, 0.0, 1.0, 0.0], Vec::new());
    for line in stream.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let Some((operator, operands)) = words.split_last() else { continue };
        let numbers: Vec<f32> = operands.iter().filter_map(|word| word.parse().ok()).collect();
        match (*operator, &numbers[..]) {
            ("q", _) => kept.push(now),
            ("Q", _) => now = kept.pop().expect("was kept"),
            ("f", _) => found.push(std::mem::take(&mut symbol)),
            ("cm", &[a, _, _, d, e, f]) => {
                now = [now[0] * a, now[0] * e + now[1], now[2] * d, now[2] * f + now[3]];
            }
            ("re", &[x, y, w, h]) => {
                let across = |x: f32| (now[0] * x + now[1]) / POINTS;
                let down = |y: f32| A4[1] - (now[2] * y + now[3]) / POINTS;
                symbol.push([across(x), down(y), across(x + w), down(y + h)]);
            }
            _ => {}
        }
    }
    found
}

/// A page as a printer of 300 dots to the inch puts it on paper.
fn printed(page: &[Symbol]) -> (usize, usize, Vec<u8>) {
    let [width, height] = A4.map(|mm| (mm * DOTS).round() as usize);
    let mut dots = vec![255; width * height];
    for [left, top, right, bottom] in page.iter().flatten().map(|r| r.map(|mm| (mm * DOTS).round() as usize))
    {
        for row in top..bottom {
            dots[row * width + left..row * width + right].fill(0);
        }
    }
    (width, height, dots)
}

/// A part of a page, with a finger's width around the symbol.
fn around(symbol: &Symbol, (width, height, dots): &(usize, usize, Vec<u8>)) -> (usize, usize, Vec<u8>) {
    const FINGER: f32 = 8.0;
    let least = |side: usize| symbol.iter().map(|r| r[side]).fold(f32::INFINITY, f32::min) - FINGER;
    let most = |side: usize| symbol.iter().map(|r| r[side]).fold(0.0, f32::max) + FINGER;
    let dot = |mm: f32, end: usize| ((mm * DOTS).max(0.0) as usize).min(end);
    let (left, right) = (dot(least(0), *width), dot(most(2), *width));
    let (top, bottom) = (dot(least(1), *height), dot(most(3), *height));
    let rows = (top..bottom).flat_map(|row| dots[row * width + left..row * width + right].to_vec());
    (right - left, bottom - top, rows.collect())
}

#[test]
fn every_code_of_the_printed_sheet_is_read_back() {
    let pages = filled(&file(Lang::En));
    let mut codes = sheet_codes().iter();
    for page in &pages {
        let paper = printed(page);
        for symbol in page {
            let code = codes.next().expect("a code");
            let (width, height, dots) = around(symbol, &paper);
            let frame = Luma::new(width, height, width, &dots).expect("a frame");
            let read: Vec<Vec<u8>> = scan(&frame, &Options::default()).into_iter().map(|s| s.bytes).collect();
            let wanted = SymbolData::parse(code.data).expect("a code").bytes().to_vec();
            assert!(read.contains(&wanted), "{}: {read:?}", code.data);
        }
    }
    assert_eq!((pages.len(), codes.next().map(|code| code.data)), (2, None));
}

#[test]
fn nothing_on_the_sheet_lies_on_anything_else() {
    for lang in Lang::ALL {
        for page in pages(lang) {
            let lines = page.lines.iter().map(|line| {
                let [x, base] = line.at;
                let width = match line.face {
                    Face::Words => words_width(&line.words),
                    // Bold letters are wider, by a tenth or so.
                    Face::Strong => words_width(&line.words) * 1.2,
                    Face::Digits => digits_width(&line.words),
                };
                (
                    line.words.clone(),
                    [x, base - line.size * 0.8, x + width * line.size, base + line.size * 0.2],
                )
            });
            // Quiet zones and captions are part of a drawing.
            let symbols = page.symbols.iter().map(|symbol| {
                let ([x, y], of) = (symbol.at, &symbol.drawing);
                let (right, bottom) =
                    (x + of.width as f32 * symbol.module, y + of.height as f32 * symbol.module);
                (format!("symbol at {x} {y}"), [x, y, right, bottom])
            });
            let boxes: Vec<(String, [f32; 4])> = lines.chain(symbols).collect();
            for (i, (a, [left, top, right, bottom])) in boxes.iter().enumerate() {
                let inside = *left >= MARGIN
                    && *right <= A4[0] - MARGIN
                    && *top >= MARGIN
                    && *bottom <= A4[1] - MARGIN;
                assert!(inside, "{a} leaves the page: {left} {top} {right} {bottom}");
                for (b, other) in &boxes[i + 1..] {
                    let apart =
                        *right <= other[0] || other[2] <= *left || *bottom <= other[1] || other[3] <= *top;
                    assert!(apart, "{a} lies on {b}");
                }
            }
        }
    }
}

#[test]
fn the_sheet_speaks_the_readers_language() {
    for code in sheet_codes() {
        for lang in Lang::ALL {
            let pages = pages(lang);
            let said: String =
                pages.iter().flat_map(|page| &page.lines).map(|line| line.words.as_str()).collect();
            assert!(said.contains(code.title.get(lang)), "{}", code.title.get(lang));
            let shows = |text: &str| text.replace(' ', "");
            assert!(shows(&said).contains(&shows(code.shows.get(lang))), "{said}");
        }
    }
}

#[test]
fn lines_break_between_words_and_between_chinese_signs() {
    assert_eq!(wrapped("now it is one", 1.0, 4.0), ["now it is", "one"]);
    assert_eq!(wrapped("此时只指一个批次", 1.0, 4.0), ["此时只指", "一个批次"]);
    assert_eq!(wrapped("停止：该批次", 1.0, 2.0), ["停", "止：", "该批", "次"]);
}
