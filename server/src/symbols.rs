//! Draws printable symbols: for the demo's code sheet, labels, and the frames that tests look at.

/// What kind of symbol to draw.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SymbolKind {
    /// QR Code (ISO/IEC 18004).
    Qr,
    /// GS1 DataMatrix (ISO/IEC 16022, FNC1 first) for element strings, plain Data Matrix for text.
    DataMatrix,
    /// GS1-128: Code 128 with FNC1 first.
    Gs1_128,
    /// Code 128 (ISO/IEC 15417).
    Code128,
    /// ITF-14 with bearer bars.
    Itf14,
    /// EAN-13 (ISO/IEC 15420).
    Ean13,
}
