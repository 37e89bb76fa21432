//! QR Code and Data Matrix.

use datamatrix::DataMatrixBuilder;
use domain::text::text;
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

use super::{Drawing, SymbolData, SymbolError, unfit};

/// Light modules around a QR Code (ISO/IEC 18004, 9.1).
const QR_QUIET: u32 = 4;
/// Light modules around a Data Matrix: the standard asks for one (ISO/IEC 16022, 7.2), screens and cheap
/// printers for another.
const DATA_MATRIX_QUIET: u32 = 2;

pub(super) fn qr(data: &SymbolData) -> Result<Drawing, SymbolError> {
    let too_long = || unfit("QR Code", text("Too much data for a {kind}", "数据太长，{kind} 装不下"));
    let code = if data.element_string {
        element_string(&data.bytes).ok_or_else(too_long)?
    } else {
        QrCode::with_error_correction_level(&data.bytes, EcLevel::M).map_err(|_| too_long())?
    };
    let width = code.width();
    let dark: Vec<bool> = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(squares(width, &dark, QR_QUIET))
}

/// The smallest QR Code with FNC1 first; `%` must be written as a byte there, or it would be FNC1.
fn element_string(bytes: &[u8]) -> Option<QrCode> {
    (1..=40).find_map(|version| {
        let mut bits = Bits::new(Version::Normal(version));
        bits.push_fnc1_first_position().ok()?;
        bits.push_byte_data(bytes).ok()?;
        bits.push_terminator(EcLevel::M).ok()?;
        QrCode::with_bits(bits, EcLevel::M).ok()
    })
}

pub(super) fn data_matrix(data: &SymbolData) -> Result<Drawing, SymbolError> {
    let bitmap = DataMatrixBuilder::new()
        .with_fnc1_start(data.element_string)
        .encode(&data.bytes)
        .map_err(|_| unfit("Data Matrix", text("Too much data for a {kind}", "数据太长，{kind} 装不下")))?
        .bitmap();
    let mut dark = vec![false; bitmap.width() * bitmap.height()];
    for (x, y) in bitmap.pixels() {
        dark[y * bitmap.width() + x] = true;
    }
    Ok(squares(bitmap.width(), &dark, DATA_MATRIX_QUIET))
}

/// Dark modules as rectangles, neighbours in a row joined.
fn squares(width: usize, modules: &[bool], quiet: u32) -> Drawing {
    let mut dark = Vec::new();
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        while let Some(start) = row[x..].iter().position(|&m| m).map(|at| at + x) {
            let end = row[start..].iter().position(|&m| !m).map_or(row.len(), |at| at + start);
            dark.push([start as u32 + quiet, y as u32 + quiet, (end - start) as u32, 1]);
            x = end;
        }
    }
    let side = |modules: usize| modules as u32 + 2 * quiet;
    Drawing { width: side(width), height: side(modules.len() / width), dark, captions: Vec::new() }
}
