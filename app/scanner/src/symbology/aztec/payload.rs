//! The bits of an Aztec Code (ISO/IEC 24778, clause 6): five character sets, binary shift and FLG.

use super::Payload;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Upper,
    Lower,
    Mixed,
    Punctuation,
    Digit,
}

const MIXED: &[u8; 26] =
    b"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x1b\x1c\x1d\x1e\x1f@\\^_`|~\x7f";
const PUNCTUATION: &[u8; 25] = b"!\"#$%&'()*+,-./:;<=>?[]{}";
const PAIRS: [&[u8]; 5] = [b"\r", b"\r\n", b". ", b", ", b": "];

/// The payload of the bits of corrected codewords; `None` where they break the rules.
pub(super) fn payload(bits: &[bool]) -> Option<Payload> {
    let mut bits = Bits { bits, at: 0 };
    let mut bytes: Vec<u8> = Vec::new();
    let mut eci = None;
    let mut modifier = 0;
    let (mut set, mut once) = (Set::Upper, None);
    loop {
        let now = once.take().unwrap_or(set);
        let Some(value) = bits.take(if now == Set::Digit { 4 } else { 5 }) else { break };
        let value = value as u8;
        match (now, value) {
            (Set::Punctuation, 0) => match bits.take(3)? {
                0 => match bytes.as_slice() {
                    [] if modifier == 0 => modifier = 1,
                    // After one letter or two digits: an application that AIM has named.
                    [letter] if modifier == 0 && letter.is_ascii_alphabetic() => modifier = 2,
                    [a, b] if modifier == 0 && a.is_ascii_digit() && b.is_ascii_digit() => modifier = 2,
                    _ => bytes.push(0x1D),
                },
                7 => return None,
                digits => {
                    let mut number = 0;
                    for _ in 0..digits {
                        let digit = bits.take(4)?.checked_sub(2).filter(|&digit| digit < 10)?;
                        number = number * 10 + digit;
                    }
                    eci = eci.or(Some(number));
                }
            },
            (Set::Punctuation, 1..=5) => bytes.extend_from_slice(PAIRS[usize::from(value) - 1]),
            (Set::Punctuation, 6..=30) => bytes.push(PUNCTUATION[usize::from(value) - 6]),
            (Set::Punctuation, _) => set = Set::Upper,
            (_, 0) => once = Some(Set::Punctuation),
            (_, 1) => bytes.push(b' '),
            (Set::Upper, 2..=27) => bytes.push(b'A' + value - 2),
            (Set::Lower, 2..=27) => bytes.push(b'a' + value - 2),
            (Set::Mixed, 2..=27) => bytes.push(MIXED[usize::from(value) - 2]),
            (Set::Digit, 2..=11) => bytes.push(b'0' + value - 2),
            (Set::Digit, 12) => bytes.push(b','),
            (Set::Digit, 13) => bytes.push(b'.'),
            (Set::Digit, 14) | (Set::Mixed, 29) => set = Set::Upper,
            (Set::Digit, _) | (Set::Lower, 28) => once = Some(Set::Upper),
            (_, 28) => set = Set::Lower,
            (_, 29) => set = Set::Mixed,
            (Set::Mixed, 30) => set = Set::Punctuation,
            (_, 30) => set = Set::Digit,
            _ => {
                // What is left of the last codeword is filled up with ones.
                let Some(mut count) = bits.take(5) else { break };
                if count == 0 {
                    count = bits.take(11)? + 31;
                }
                for _ in 0..count {
                    bytes.push(bits.take(8)? as u8);
                }
            }
        }
    }
    if bytes.is_empty() {
        return None;
    }
    // ISO/IEC 15424: 0 plain, 1 FNC1 first, 2 FNC1 second, and three more with ECI.
    let modifier = modifier + if eci.is_some() { 3 } else { 0 };
    Some(Payload { symbology: "Aztec", identifier: format!("]z{modifier}"), bytes, eci })
}

struct Bits<'a> {
    bits: &'a [bool],
    at: usize,
}

impl Bits<'_> {
    /// The next bits, the highest first; `None` when fewer are left.
    fn take(&mut self, count: usize) -> Option<u32> {
        let bits = self.bits.get(self.at..self.at + count)?;
        self.at += count;
        Some(bits.iter().fold(0, |value, &bit| value << 1 | u32::from(bit)))
    }
}

#[cfg(test)]
mod tests {
    use super::payload;

    fn read(bits: &str) -> Option<(String, Vec<u8>, Option<u32>)> {
        let bits: Vec<bool> = bits.bytes().filter(|b| *b != b' ').map(|b| b == b'1').collect();
        payload(&bits).map(|p| (p.identifier, p.bytes, p.eci))
    }

    #[test]
    fn every_set_is_read() {
        // A, lower b, shift upper C, mixed @, punctuation !, back to upper, digits 7 and comma.
        let text = "00010 11100 00011 11100 00100 11101 10100 11110 00110 11111 11110 1001 1100";
        assert_eq!(read(text), Some(("]z0".into(), b"AbC@!7,".to_vec(), None)));
        // Two bytes by binary shift.
        assert_eq!(read("11111 00010 11111111 00000001"), Some(("]z0".into(), vec![255, 1], None)));
    }

    #[test]
    fn fnc1_and_eci_are_told_by_the_identifier() {
        // FLG(0) first, A, FLG(0), B.
        let text = "00000 00000 000 00010 00000 00000 000 00011";
        assert_eq!(read(text), Some(("]z1".into(), b"A\x1dB".to_vec(), None)));
        // FLG(2) 2 6, A.
        let text = "00000 00000 010 0100 1000 00010";
        assert_eq!(read(text), Some(("]z3".into(), b"A".to_vec(), Some(26))));
        assert_eq!(read("00000 00000 111"), None);
    }
}
