//! Symbols that are right in form, whatever their codewords say: the decoders of payloads get what no encoder
//! writes. Then parts of the picture are painted over and rows pushed aside, as nothing printed is.
#![no_main]

use datamatrix::SymbolSize;
use datamatrix::errorcode::encode_error;
use datamatrix::placement::MatrixMap;
use fuzz::{Bytes, look};
use qrcode::bits::Bits;
use qrcode::canvas::Canvas;
use qrcode::ec::construct_codewords;
use qrcode::{Color, EcLevel, Version};
use scanner::Luma;

/// Modules of paper around a symbol.
const QUIET: usize = 5;

/// Sizes of Data Matrix and how many codewords of data they hold: square, of several regions, rectangular.
const SIZES: [(SymbolSize, usize); 8] = [
    (SymbolSize::Square10, 3),
    (SymbolSize::Square14, 8),
    (SymbolSize::Square18, 18),
    (SymbolSize::Square22, 30),
    (SymbolSize::Square26, 44),
    (SymbolSize::Square32, 62),
    (SymbolSize::Rect8x18, 5),
    (SymbolSize::Rect16x48, 49),
];

/// Dark modules, row by row.
struct Modules {
    width: usize,
    dark: Vec<bool>,
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let (family, scale, spoilt) = (bytes.byte(), 2 + bytes.byte() % 2, bytes.byte() % 8);
    let strokes: [[usize; 5]; 8] =
        std::array::from_fn(|at| if at < spoilt { std::array::from_fn(|_| bytes.byte()) } else { [0; 5] });
    let shear = bytes.byte();
    let modules = match family % 3 {
        0 => qr(&mut bytes),
        1 => data_matrix(&mut bytes),
        _ => bars(&mut bytes),
    };
    let Some(modules) = modules else { return };
    let (width, mut pixels) = drawn(&modules, scale);
    for [x, y, across, down, tone] in &strokes[..spoilt] {
        paint(&mut pixels, width, (*x, *y), (across / 8, down / 8), *tone as u8);
    }
    // From none to half a pixel a row.
    for (y, row) in pixels.chunks_exact_mut(width).enumerate().filter(|_| shear >= 128) {
        row.rotate_right(y * (shear - 128) / 256 % width);
    }
    let frame = Luma::new(width, pixels.len() / width, width, &pixels).expect("a frame");
    look(&frame, &mut bytes);
});

/// A QR Code of versions 1 to 8 whose data are any bits.
fn qr(bytes: &mut Bytes<'_>) -> Option<Modules> {
    let version = Version::Normal(1 + (bytes.byte() % 8) as i16);
    let level = [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H][bytes.byte() % 4];
    let room = Bits::new(version).max_len(level).ok()? / 8;
    let data: Vec<u8> = (0..room).map(|_| bytes.byte() as u8).collect();
    let (data, correction) = construct_codewords(&data, version, level).ok()?;
    let mut canvas = Canvas::new(version, level);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    let colors = canvas.apply_best_mask().into_colors();
    Some(Modules {
        width: version.width() as usize,
        dark: colors.into_iter().map(|color| color == Color::Dark).collect(),
    })
}

/// A Data Matrix whose codewords are any bytes.
fn data_matrix(bytes: &mut Bytes<'_>) -> Option<Modules> {
    let (size, room) = SIZES[bytes.byte() % SIZES.len()];
    let mut codewords: Vec<u8> = (0..room).map(|_| bytes.byte() as u8).collect();
    codewords.extend(encode_error(&codewords, size));
    let bitmap = MatrixMap::new_with_codewords(&codewords, size).bitmap();
    Some(Modules { width: bitmap.width(), dark: bitmap.bits().to_vec() })
}

/// Bars and gaps of one to four modules.
fn bars(bytes: &mut Bytes<'_>) -> Option<Modules> {
    let mut row = Vec::new();
    while bytes.more() && row.len() < 150 {
        let four = bytes.byte();
        for bar in 0..4 {
            row.extend(std::iter::repeat_n(bar % 2 == 0, 1 + (four >> (2 * bar) & 3)));
        }
    }
    (!row.is_empty()).then(|| Modules { width: row.len(), dark: row.repeat(30) })
}

/// Ink on paper with a quiet zone: the width in pixels, and the pixels.
fn drawn(modules: &Modules, scale: usize) -> (usize, Vec<u8>) {
    let (across, down) = (modules.width, modules.dark.len() / modules.width);
    let (width, height) = ((across + 2 * QUIET) * scale, (down + 2 * QUIET) * scale);
    let tone = |at: usize| {
        let (x, y) = ((at % width / scale).wrapping_sub(QUIET), (at / width / scale).wrapping_sub(QUIET));
        if x < across && y < down && modules.dark[y * across + x] { 40 } else { 210 }
    };
    (width, (0..width * height).map(tone).collect())
}

/// Paints a rectangle, as far as it lies in the picture.
fn paint(pixels: &mut [u8], width: usize, (x, y): (usize, usize), (across, down): (usize, usize), tone: u8) {
    for row in pixels.chunks_exact_mut(width).skip(y).take(down) {
        let end = (x + across).min(width);
        if x < end {
            row[x..end].fill(tone);
        }
    }
}
