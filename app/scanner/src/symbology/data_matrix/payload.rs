//! The codewords of a Data Matrix (ISO/IEC 16022, 5.2): six encodation schemes and FNC1.

use super::Payload;

/// The payload of corrected data codewords; `None` where they break the rules of their scheme.
pub(super) fn payload(data: &[u8]) -> Option<Payload> {
    let mut words = Words { data, at: 0 };
    let mut out = Out::default();
    let mut trailer: &[u8] = b"";
    // FNC1 says GS1 in the first place, which structured append moves back by its four codewords.
    let mut first = 0;
    while let Some(word) = words.next() {
        let place = words.at - 1;
        match word {
            0 => return None,
            1..=128 => out.put(word - 1),
            129 => break,
            130..=229 => {
                out.put(b'0' + (word - 130) / 10);
                out.put(b'0' + (word - 130) % 10);
            }
            230 => triplets(&mut words, &mut out, &C40)?,
            231 => base_256(&mut words, &mut out)?,
            232 if place == first => out.modifier = 2,
            // After one letter or two digits: an application that AIM has named.
            232 if place == first + 1 && out.modifier == 1 => out.modifier = 3,
            232 => out.put(0x1D),
            233 if place == 0 => {
                words.at += 3;
                first = 4;
            }
            234 => {}
            235 => out.upper = true,
            236 | 237 if place == 0 => {
                out.bytes.extend_from_slice(if word == 236 { b"[)>\x1e05\x1d" } else { b"[)>\x1e06\x1d" });
                trailer = b"\x1e\x04";
            }
            238 => x12(&mut words, &mut out)?,
            239 => triplets(&mut words, &mut out, &TEXT)?,
            240 => edifact(&mut words, &mut out)?,
            241 => {
                let named = designator(&mut words)?;
                out.eci = out.eci.or(Some(named));
            }
            // Some encoders end with a needless return to ASCII.
            254 if words.at == words.data.len() => {}
            _ => return None,
        }
    }
    out.bytes.extend_from_slice(trailer);
    if out.bytes.is_empty() {
        return None;
    }
    // ISO/IEC 15424: 1 plain, 2 FNC1 first, 3 FNC1 second, and three more with ECI.
    let modifier = out.modifier + if out.eci.is_some() { 3 } else { 0 };
    Some(Payload {
        symbology: "DataMatrix",
        identifier: format!("]d{modifier}"),
        bytes: out.bytes,
        eci: out.eci,
    })
}

/// An ECI designator is one to three codewords (5.4.1).
fn designator(words: &mut Words<'_>) -> Option<u32> {
    let first = u32::from(words.next()?);
    match first {
        1..=127 => Some(first - 1),
        128..=191 => Some((first - 128) * 254 + 127 + u32::from(words.next()?).checked_sub(1)?),
        192..=207 => {
            let (second, third) =
                (u32::from(words.next()?).checked_sub(1)?, u32::from(words.next()?).checked_sub(1)?);
            Some((first - 192) * 64_516 + 16_383 + second * 254 + third)
        }
        _ => None,
    }
}

struct Words<'a> {
    data: &'a [u8],
    at: usize,
}

impl Words<'_> {
    fn next(&mut self) -> Option<u8> {
        let word = self.data.get(self.at).copied();
        self.at += 1;
        word
    }

    fn left(&self) -> usize {
        self.data.len().saturating_sub(self.at)
    }
}

struct Out {
    bytes: Vec<u8>,
    /// The next character is one of the upper half.
    upper: bool,
    eci: Option<u32>,
    modifier: u8,
}

impl Default for Out {
    fn default() -> Self {
        Out { bytes: Vec::new(), upper: false, eci: None, modifier: 1 }
    }
}

impl Out {
    fn put(&mut self, byte: u8) {
        self.bytes.push(if self.upper { byte.wrapping_add(128) } else { byte });
        self.upper = false;
    }
}

/// The character sets of C40 and Text, which differ in where they keep the small letters (annex C).
struct Sets {
    basic: &'static [u8; 37],
    third: &'static [u8; 32],
}

const C40: Sets =
    Sets { basic: b" 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", third: b"`abcdefghijklmnopqrstuvwxyz{|}~\x7f" };
const TEXT: Sets =
    Sets { basic: b" 0123456789abcdefghijklmnopqrstuvwxyz", third: b"`ABCDEFGHIJKLMNOPQRSTUVWXYZ{|}~\x7f" };
const SECOND: &[u8; 27] = b"!\"#$%&'()*+,-./:;<=>?@[\\]^_";

/// Three values from two codewords (5.2.5).
fn unpack(high: u8, low: u8) -> [u8; 3] {
    let packed = (u16::from(high) << 8 | u16::from(low)).saturating_sub(1);
    [(packed / 1600) as u8, (packed / 40 % 40) as u8, (packed % 40) as u8]
}

fn triplets(words: &mut Words<'_>, out: &mut Out, sets: &Sets) -> Option<()> {
    let mut shift = 0;
    // A single codeword left is ASCII again.
    while words.left() >= 2 {
        let high = words.next()?;
        if high == 254 {
            return Some(());
        }
        for value in unpack(high, words.next()?) {
            let set = std::mem::take(&mut shift);
            match (set, value) {
                (0, 0..=2) => shift = value + 1,
                (0, _) => out.put(*sets.basic.get(usize::from(value) - 3)?),
                (1, 0..=31) => out.put(value),
                (2, 27) => out.put(0x1D),
                (2, 30) => out.upper = true,
                (2, _) => out.put(*SECOND.get(usize::from(value))?),
                (3, _) => out.put(*sets.third.get(usize::from(value))?),
                _ => return None,
            }
        }
    }
    Some(())
}

fn x12(words: &mut Words<'_>, out: &mut Out) -> Option<()> {
    while words.left() >= 2 {
        let high = words.next()?;
        if high == 254 {
            return Some(());
        }
        for value in unpack(high, words.next()?) {
            out.put(match value {
                0 => b'\r',
                1 => b'*',
                2 => b'>',
                3 => b' ',
                4..=13 => b'0' + value - 4,
                14..=39 => b'A' + value - 14,
                _ => return None,
            });
        }
    }
    Some(())
}

/// Four characters of six bits in three codewords, until unlatched (5.2.8).
fn edifact(words: &mut Words<'_>, out: &mut Out) -> Option<()> {
    const UNLATCH: u8 = 0b011111;
    // One or two codewords left are ASCII again.
    while words.left() > 2 {
        let three = [words.next()?, words.next()?, words.next()?];
        let packed = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        for (k, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let value = (packed >> shift & 0x3F) as u8;
            if value == UNLATCH {
                // The rest of this codeword is padding, the next is ASCII.
                words.at -= 3 - (k + 1).min(3);
                return Some(());
            }
            out.put(if value & 0x20 == 0 { value | 0x40 } else { value });
        }
    }
    Some(())
}

/// Bytes, whose length and values are scrambled by their place (5.2.9, annex B).
fn base_256(words: &mut Words<'_>, out: &mut Out) -> Option<()> {
    let next = |words: &mut Words<'_>| {
        let word = words.next()?;
        let pseudo = (149 * words.at % 255 + 1) as u8;
        Some(word.wrapping_sub(pseudo))
    };
    let count = match next(words)? {
        0 => words.left(),
        short @ 1..=249 => usize::from(short),
        long => 250 * (usize::from(long) - 249) + usize::from(next(words)?),
    };
    for _ in 0..count {
        let byte = next(words)?;
        out.bytes.push(byte);
    }
    Some(())
}
