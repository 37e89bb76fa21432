//! Pictures of symbols as a hand-held camera sees them, the same each time. The symbols are made by
//! encoders that share nothing with the decoder.

use barcoders::sym::{code39::Code39, code128::Code128, ean8::EAN8, ean13::EAN13, tf::TF};
use datamatrix::{DataMatrix, SymbolList};
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};
use scanner::{Ask, Luma, Options, scan};

/// Modules, dark where true, without quiet zone.
pub(crate) struct Modules {
    pub(crate) width: usize,
    pub(crate) height: usize,
    dark: Vec<bool>,
}

impl Modules {
    fn bars(row: &[u8], height: usize) -> Modules {
        let row: Vec<bool> = row.iter().map(|&bar| bar == 1).collect();
        Modules { width: row.len(), height, dark: row.repeat(height) }
    }

    /// Code 128 in the notation of `barcoders`: Ɓ starts set B, Ć set C, Ź is FNC1.
    pub(crate) fn code_128(script: &str) -> Modules {
        Modules::bars(&Code128::new(script).expect("a script").encode(), 40)
    }

    pub(crate) fn code_39(text: &str) -> Modules {
        Modules::bars(&Code39::new(text).expect("a text").encode(), 40)
    }

    pub(crate) fn ean_13(digits: &str) -> Modules {
        Modules::bars(&EAN13::new(digits).expect("digits").encode(), 60)
    }

    pub(crate) fn ean_8(digits: &str) -> Modules {
        Modules::bars(&EAN8::new(digits).expect("digits").encode(), 50)
    }

    /// Interleaved 2 of 5 of any even number of digits.
    pub(crate) fn itf(digits: &str) -> Modules {
        Modules::bars(&TF::interleaved(digits).expect("digits").encode(), 60)
    }

    /// Bars as modules that are spelt out, dark ones as 1.
    pub(crate) fn spelt(modules: &str) -> Modules {
        let row: Vec<u8> = modules.bytes().map(|module| module - b'0').collect();
        Modules::bars(&row, 50)
    }

    pub(crate) fn qr(text: &str) -> Modules {
        Modules::qr_code(QrCode::new(text).expect("a text"))
    }

    /// A QR Code that is still read where a quarter of it is lost.
    pub(crate) fn robust_qr(text: &str) -> Modules {
        Modules::qr_code(QrCode::with_error_correction_level(text, EcLevel::H).expect("a text"))
    }

    /// A QR Code with FNC1 first.
    pub(crate) fn gs1_qr(bytes: &[u8]) -> Modules {
        let mut bits = Bits::new(Version::Normal(5));
        bits.push_fnc1_first_position().expect("room");
        bits.push_byte_data(bytes).expect("room");
        bits.push_terminator(EcLevel::L).expect("room");
        Modules::qr_code(QrCode::with_bits(bits, EcLevel::L).expect("a symbol"))
    }

    fn qr_code(code: QrCode) -> Modules {
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Modules { width: code.width(), height: code.width(), dark }
    }

    pub(crate) fn data_matrix(bytes: &[u8]) -> Modules {
        Modules::matrix(DataMatrix::encode(bytes, SymbolList::default()).expect("room"))
    }

    pub(crate) fn gs1_data_matrix(bytes: &[u8]) -> Modules {
        Modules::matrix(DataMatrix::encode_gs1(bytes, SymbolList::default()).expect("room"))
    }

    fn matrix(code: DataMatrix) -> Modules {
        let bitmap = code.bitmap();
        let mut dark = vec![false; bitmap.width() * bitmap.height()];
        bitmap.pixels().for_each(|(x, y)| dark[y * bitmap.width() + x] = true);
        Modules { width: bitmap.width(), height: bitmap.height(), dark }
    }

    /// A symbol as another encoder printed it: rows of hexadecimal digits, the last module in the lowest
    /// bit, each so many modules high.
    pub(crate) fn printed(width: usize, rows: &[&str], high: usize) -> Modules {
        let row = |digits: &&str| {
            let bit = |at: usize| {
                let digit = digits.len().checked_sub(at / 4 + 1).map_or(0, |k| digits.as_bytes()[k]);
                (digit as char).to_digit(16).unwrap_or(0) >> (at % 4) & 1 == 1
            };
            (0..width).rev().map(bit).collect::<Vec<bool>>().repeat(high)
        };
        Modules { width, height: rows.len() * high, dark: rows.iter().flat_map(row).collect() }
    }

    /// The same bars with others close on both sides, so that no quiet zone is left.
    pub(crate) fn crowded(&self) -> Modules {
        let row = &self.dark[..self.width];
        let row = [&[true, true, false], row, &[false, true, true]].concat();
        Modules { width: row.len(), height: self.height, dark: row.repeat(self.height) }
    }

    /// The same with nothing printed in some of its columns.
    pub(crate) fn without(mut self, columns: std::ops::Range<usize>) -> Modules {
        for row in self.dark.chunks_mut(self.width) {
            row[columns.clone()].fill(false);
        }
        self
    }

    fn is_dark(&self, x: f32, y: f32) -> bool {
        x >= 0.0
            && y >= 0.0
            && (x as usize) < self.width
            && (y as usize) < self.height
            && self.dark[y as usize * self.width + x as usize]
    }
}

/// How a symbol lies before the camera, and how good the camera is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    /// Pixels a module, in the middle.
    pub(crate) scale: f32,
    /// Degrees clockwise.
    pub(crate) angle: f32,
    /// How much nearer the right and the lower edge are than the middle.
    pub(crate) tilt: (f32, f32),
    /// Radius of the blur, in pixels.
    pub(crate) blur: f32,
    /// Largest error of a pixel, in grey levels.
    pub(crate) noise: f32,
    /// Ink and paper.
    pub(crate) tones: (f32, f32),
    /// Share of the light that is left at the right edge.
    pub(crate) shadow: f32,
    /// How far the hand moves while the shutter is open, in pixels, and whereto, in degrees.
    pub(crate) motion: (f32, f32),
    /// A lamp's reflection.
    pub(crate) glare: Option<Glare>,
    /// The quality of the JPEG that the picture went through.
    pub(crate) jpeg: Option<u8>,
}

/// A soft ellipse of light.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glare {
    /// Its middle, in pixels from the middle of the frame.
    pub(crate) at: (f32, f32),
    /// Where half of its light is left, in pixels from its middle.
    pub(crate) reach: (f32, f32),
    /// What it adds in its middle, in grey levels; more than a pixel holds is lost.
    pub(crate) light: f32,
}

impl View {
    /// Straight and clear.
    pub(crate) const PLAIN: View = View {
        scale: 3.0,
        angle: 0.0,
        tilt: (0.0, 0.0),
        blur: 0.0,
        noise: 0.0,
        tones: (30.0, 220.0),
        shadow: 1.0,
        motion: (0.0, 0.0),
        glare: None,
        jpeg: None,
    };
}

impl Default for View {
    fn default() -> Self {
        View::PLAIN
    }
}

/// A frame of brightness.
pub(crate) struct Frame {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<f32>,
}

impl Frame {
    /// Plain paper.
    pub(crate) fn paper(width: usize, height: usize, tone: f32) -> Frame {
        Frame { width, height, pixels: vec![tone; width * height] }
    }

    /// A symbol in the middle of a frame, with everything that `view` does to it.
    pub(crate) fn of(symbol: &Modules, view: View) -> Frame {
        let mut frame = Frame::paper(640, 640, view.tones.1);
        frame.put(symbol, view, (320.0, 320.0));
        frame.spoil(view);
        frame
    }

    /// Draws a symbol around a place, nine looks to a pixel.
    pub(crate) fn put(&mut self, symbol: &Modules, view: View, (cx, cy): (f32, f32)) {
        let (sin, cos) = view.angle.to_radians().sin_cos();
        let reach = (symbol.width as f32).hypot(symbol.height as f32) * view.scale * 0.75;
        for y in (cy - reach).max(0.0) as usize..((cy + reach).max(0.0) as usize).min(self.height) {
            for x in (cx - reach).max(0.0) as usize..((cx + reach).max(0.0) as usize).min(self.width) {
                let mut dark = 0.0;
                for part in 0..9 {
                    let u = x as f32 + (part % 3) as f32 / 3.0 - 1.0 / 3.0 - cx;
                    let v = y as f32 + (part / 3) as f32 / 3.0 - 1.0 / 3.0 - cy;
                    let depth = view.scale * (1.0 + view.tilt.0 * u / 320.0 + view.tilt.1 * v / 320.0);
                    let (u, v) = ((u * cos + v * sin) / depth, (v * cos - u * sin) / depth);
                    let (mx, my) = (u + symbol.width as f32 / 2.0, v + symbol.height as f32 / 2.0);
                    dark += if symbol.is_dark(mx, my) { 1.0 / 9.0 } else { 0.0 };
                }
                if dark > 0.0 {
                    self.pixels[y * self.width + x] = view.tones.1 + (view.tones.0 - view.tones.1) * dark;
                }
            }
        }
    }

    /// The pixels as a sensor tells them.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.pixels.iter().map(|pixel| pixel.clamp(0.0, 255.0) as u8).collect()
    }

    /// What the scanner reads: symbology, identifier and bytes, sorted.
    pub(crate) fn read(&self) -> Vec<(&'static str, String, Vec<u8>)> {
        self.read_when_asked(Ask::Sure)
    }

    /// As [`Frame::read`], with all that is asked for.
    pub(crate) fn read_when_asked(&self, ask: Ask) -> Vec<(&'static str, String, Vec<u8>)> {
        let pixels = self.bytes();
        let luma = Luma::new(self.width, self.height, self.width, &pixels).expect("a frame");
        let mut read: Vec<_> = scan(&luma, &Options { ask, ..Options::default() })
            .into_iter()
            .map(|symbol| (symbol.symbology, symbol.identifier, symbol.bytes))
            .collect();
        read.sort();
        read
    }
}

/// Marsaglia's xorshift: from -1 to 1, the same each time.
pub(crate) struct Noise(pub(crate) u32);

impl Noise {
    pub(crate) fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as f32 / (u32::MAX / 2) as f32 - 1.0
    }
}
