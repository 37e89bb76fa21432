//! The bit stream of a QR Code (ISO/IEC 18004, 7.4): segments in modes, GS1's FNC1 among them.

use super::Payload;

/// The payload of corrected data codewords; `None` where they break the rules of the stream.
pub(super) fn payload(data: &[u8], version: u32) -> Option<Payload> {
    let mut stream = Stream { data, at: 0 };
    let mut bytes = Vec::new();
    let mut eci = None;
    let (mut fnc1_first, mut fnc1_second) = (false, false);
    // Bits of a segment's length, by version (table 3).
    let lengths = |small, medium, large| match version {
        0..=9 => small,
        10..=26 => medium,
        _ => large,
    };
    while let Some(mode) = stream.take(4) {
        match mode {
            0b0000 => break,
            0b0001 => numeric(&mut stream, lengths(10, 12, 14), &mut bytes)?,
            0b0010 => alphanumeric(&mut stream, lengths(9, 11, 13), fnc1_first || fnc1_second, &mut bytes)?,
            0b0100 => {
                let count = stream.take(lengths(8, 16, 16))?;
                for _ in 0..count {
                    bytes.push(stream.take(8)? as u8);
                }
            }
            0b1000 => kanji(&mut stream, lengths(8, 10, 12), &mut bytes)?,
            0b0111 => {
                let named = designator(&mut stream)?;
                eci = eci.or(Some(named));
            }
            // Structured append: place, count and parity; each symbol is reported by itself.
            0b0011 => {
                stream.take(16)?;
            }
            0b0101 => fnc1_first = true,
            0b1001 => {
                fnc1_second = true;
                let application = stream.take(8)? as u8;
                match application {
                    0..=99 => bytes.extend([b'0' + application / 10, b'0' + application % 10]),
                    165..=190 | 197..=222 => bytes.push(application - 100),
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
    if bytes.is_empty() {
        return None;
    }
    // ISO/IEC 15424: 1 plain, 2 with ECI, 3 FNC1 first, 4 both, 5 FNC1 second, 6 both.
    let modifier = if fnc1_first {
        3
    } else if fnc1_second {
        5
    } else {
        1
    } + u8::from(eci.is_some());
    Some(Payload { symbology: "QRCode", identifier: format!("]Q{modifier}"), bytes, eci })
}

fn numeric(stream: &mut Stream<'_>, length: usize, bytes: &mut Vec<u8>) -> Option<()> {
    let mut left = stream.take(length)?;
    while left > 0 {
        let digits = left.min(3);
        let value = stream.take([0, 4, 7, 10][digits as usize])?;
        if value >= 10u32.pow(digits) {
            return None;
        }
        bytes.extend((0..digits).rev().map(|k| b'0' + (value / 10u32.pow(k) % 10) as u8));
        left -= digits;
    }
    Some(())
}

/// In FNC1 mode `%` stands for the separator and `%%` for itself (7.4.8.2).
fn alphanumeric(stream: &mut Stream<'_>, length: usize, fnc1: bool, bytes: &mut Vec<u8>) -> Option<()> {
    const SET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let count = stream.take(length)? as usize;
    let mut text = Vec::with_capacity(count);
    while text.len() + 2 <= count {
        let pair = stream.take(11)? as usize;
        text.extend([*SET.get(pair / 45)?, SET[pair % 45]]);
    }
    if text.len() < count {
        text.push(*SET.get(stream.take(6)? as usize)?);
    }
    if !fnc1 {
        bytes.extend(text);
        return Some(());
    }
    let mut rest = text.as_slice();
    while let Some((&byte, after)) = rest.split_first() {
        let doubled = byte == b'%' && after.first() == Some(&b'%');
        bytes.push(if byte == b'%' && !doubled { 0x1D } else { byte });
        rest = &after[usize::from(doubled)..];
    }
    Some(())
}

/// Kanji are handed on as the Shift JIS bytes they stand for (7.4.6).
fn kanji(stream: &mut Stream<'_>, length: usize, bytes: &mut Vec<u8>) -> Option<()> {
    for _ in 0..stream.take(length)? {
        let value = stream.take(13)?;
        let packed = ((value / 0xC0) << 8) | (value % 0xC0);
        let shift_jis = packed + if packed < 0x1F00 { 0x8140 } else { 0xC140 };
        bytes.extend([(shift_jis >> 8) as u8, shift_jis as u8]);
    }
    Some(())
}

/// An ECI designator is one to three bytes (7.4.3.1); the bytes that follow are handed on as they are.
fn designator(stream: &mut Stream<'_>) -> Option<u32> {
    let first = stream.take(8)?;
    match first {
        0..=0x7F => Some(first),
        0x80..=0xBF => Some((first & 0x3F) << 8 | stream.take(8)?),
        0xC0..=0xDF => Some((first & 0x1F) << 16 | stream.take(16)?),
        _ => None,
    }
}

/// Bits, highest first.
struct Stream<'a> {
    data: &'a [u8],
    at: usize,
}

impl Stream<'_> {
    /// The next `count` bits, at most 24; `None` when fewer are left.
    fn take(&mut self, count: usize) -> Option<u32> {
        if self.at + count > self.data.len() * 8 {
            return None;
        }
        let value = (self.at..self.at + count)
            .fold(0, |value, at| value << 1 | u32::from(self.data[at / 8] >> (7 - at % 8) & 1));
        self.at += count;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::payload;

    fn bits(fields: &[(u32, usize)]) -> Vec<u8> {
        let text: String = fields.iter().map(|(value, count)| format!("{value:0count$b}")).collect();
        text.as_bytes()
            .chunks(8)
            .map(|c| c.iter().enumerate().fold(0, |b, (i, c)| b | (c - b'0') << (7 - i)))
            .collect()
    }

    #[test]
    fn fnc1_first_makes_it_gs1_and_percent_the_separator() {
        // FNC1 first, alphanumeric "10A%21B" (7 characters), terminator.
        let value =
            |c: u8| "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".find(c as char).unwrap_or(0) as u32;
        let mut fields = vec![(5, 4), (2, 4), (7, 9)];
        for pair in b"10A%21B".chunks(2) {
            match pair {
                [a, b] => fields.push((value(*a) * 45 + value(*b), 11)),
                [a] => fields.push((value(*a), 6)),
                _ => {}
            }
        }
        fields.push((0, 4));
        let read = payload(&bits(&fields), 1).expect("a stream");
        assert_eq!((read.identifier.as_str(), read.bytes.as_slice()), ("]Q3", &b"10A\x1d21B"[..]));
    }

    #[test]
    fn a_stream_that_ends_early_is_no_payload() {
        assert_eq!(payload(&bits(&[(4, 4), (9, 8), (65, 8)]), 1), None);
    }
}
