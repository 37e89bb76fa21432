//! Code 128 and GS1-128, ITF-14, EAN-13.

use barcoders::sym::code128;
use barcoders::sym::ean13::EAN13;
use barcoders::sym::tf::TF;
use domain::code::key::check_digit;
use domain::text::text;

use super::{Drawing, LETTERS, SymbolData, SymbolError, unfit};

/// Room for a line of text under bars, in modules.
const TEXT_ROOM: u32 = 12;

pub(super) fn code_128(data: &SymbolData, height: u32, caption: bool) -> Result<Drawing, SymbolError> {
    let kind = if data.element_string { "GS1-128" } else { "Code 128" };
    let bad = || {
        unfit(
            kind,
            text(
                "{kind} holds 1 to 80 printable ASCII characters",
                "{kind} 只能含 1 至 80 个可打印 ASCII 字符",
            ),
        )
    };
    if data.bytes.is_empty() || data.bytes.len() > 80 {
        return Err(bad());
    }
    let script = script(&data.bytes, data.element_string).ok_or_else(bad)?;
    let modules = code128::Code128::new(script).map_err(|_| bad())?.encode();
    const QUIET: u32 = 10;
    let mut drawing = row(&modules, QUIET, 1, height);
    drawing.height += 1;
    if caption {
        under(&mut drawing, &data.caption);
    }
    Ok(drawing)
}

/// The switches between code sets as `barcoders` writes them: pairs of digits in set C where four or
/// more follow each other (two at the ends), text in set B.
fn script(bytes: &[u8], fnc1_first: bool) -> Option<String> {
    const SET_B: char = '\u{181}';
    const SET_C: char = '\u{106}';
    const FNC1: char = '\u{179}';
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut out = String::new();
    let mut set =
        if digits(0) >= 4 || (digits(0) == bytes.len() && digits(0) % 2 == 0) { SET_C } else { SET_B };
    out.push(set);
    if fnc1_first {
        out.push(FNC1);
    }
    let mut i = 0;
    while let Some(&byte) = bytes.get(i) {
        let run = digits(i);
        match byte {
            0x1D => {
                out.push(FNC1);
                i += 1;
            }
            _ if set == SET_C && run >= 2 => {
                out.extend([char::from(byte), char::from(bytes[i + 1])]);
                i += 2;
            }
            _ if set == SET_C => {
                set = SET_B;
                out.push(set);
            }
            // An odd run leaves its first digit in set B.
            _ if run >= 4 && run % 2 == 0 => {
                set = SET_C;
                out.push(set);
            }
            b' '..=b'~' => {
                out.push(char::from(byte));
                i += 1;
            }
            _ => return None,
        }
    }
    Some(out)
}

pub(super) fn itf_14(data: &SymbolData, height: u32, caption: bool) -> Result<Drawing, SymbolError> {
    let digits = digits(data, 14, "ITF-14")?;
    let modules = TF::interleaved(&digits).map_err(|_| wrong_digits("ITF-14"))?.encode();
    // General Specifications, 5.3.2.4: bearer bars of at least two modules touch the bars above and
    // below; a frame around the quiet zones keeps the plate even.
    const BEARER: u32 = 4;
    const QUIET: u32 = 10 + BEARER;
    let mut drawing = row(&modules, QUIET, BEARER, height);
    let (width, inner) = (drawing.width, drawing.height);
    drawing.height += BEARER;
    drawing.dark.extend([
        [0, 0, width, BEARER],
        [0, inner, width, BEARER],
        [0, BEARER, BEARER, inner - BEARER],
        [width - BEARER, BEARER, BEARER, inner - BEARER],
    ]);
    if caption {
        let spaced = format!(
            "{} {} {} {} {}",
            &digits[..1],
            &digits[1..3],
            &digits[3..8],
            &digits[8..13],
            &digits[13..]
        );
        under(&mut drawing, &spaced);
    }
    Ok(drawing)
}

pub(super) fn ean_13(data: &SymbolData, height: u32, caption: bool) -> Result<Drawing, SymbolError> {
    let digits = digits(data, 13, "EAN-13")?;
    let modules = EAN13::new(&digits).map_err(|_| wrong_digits("EAN-13"))?.encode();
    // ISO/IEC 15420, 4.3.4: eleven light modules on the left, seven on the right.
    const QUIET: u32 = 11;
    const GUARD: u32 = 5;
    let mut drawing = row(&modules, QUIET, 1, height);
    drawing.height += GUARD;
    for bar in &mut drawing.dark {
        let at = bar[0] - QUIET;
        if at < 3 || (45..50).contains(&at) || at >= 92 {
            bar[3] += GUARD;
        }
    }
    if caption {
        let baseline = drawing.height as f32 + LETTERS - GUARD as f32;
        let start = QUIET as f32;
        drawing.height += TEXT_ROOM - GUARD;
        drawing.captions = vec![
            (start - 6.0, baseline, digits[..1].to_owned()),
            (start + 24.0, baseline, digits[1..7].to_owned()),
            (start + 71.0, baseline, digits[7..].to_owned()),
        ];
    }
    Ok(drawing)
}

/// The data as digits with a right check digit.
fn digits(data: &SymbolData, count: usize, kind: &str) -> Result<String, SymbolError> {
    let digits = String::from_utf8(data.bytes.clone()).unwrap_or_default();
    let right = digits.len() == count
        && digits.bytes().all(|b| b.is_ascii_digit())
        && check_digit(&digits[..count - 1]).is_ok_and(|check| digits.ends_with(check));
    if right { Ok(digits) } else { Err(wrong_digits(kind)) }
}

fn wrong_digits(kind: &str) -> SymbolError {
    let count = if kind == "EAN-13" { "13" } else { "14" };
    let said = text(
        "{kind} holds {count} digits with a right check digit",
        "{kind} 须为 {count} 位数字且校验码正确",
    );
    SymbolError(said.with(&[("kind", kind), ("count", count)]))
}

/// A row of bars from modules that are dark where 1.
fn row(modules: &[u8], quiet: u32, top: u32, height: u32) -> Drawing {
    let mut dark = Vec::new();
    let mut x = 0;
    for bar in modules.chunk_by(|a, b| a == b) {
        let width = bar.len() as u32;
        if bar[0] == 1 {
            dark.push([quiet + x, top, width, height]);
        }
        x += width;
    }
    Drawing { width: x + 2 * quiet, height: top + height, dark, captions: Vec::new() }
}

/// One line of text in the middle under everything.
fn under(drawing: &mut Drawing, words: &str) {
    let baseline = drawing.height as f32 + LETTERS;
    drawing.captions.push((drawing.width as f32 / 2.0, baseline, words.to_owned()));
    drawing.height += TEXT_ROOM;
}
