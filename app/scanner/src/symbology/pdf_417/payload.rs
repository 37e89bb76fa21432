//! The codewords of a PDF417 (ISO/IEC 15438, 5.4 and 5.5): text, byte and numeric compaction, and ECI.

use super::Payload;

const TEXT: u16 = 900;
const BYTES: u16 = 901;
const NUMERIC: u16 = 902;
const SHIFT_BYTE: u16 = 913;
const READER_INIT: u16 = 921;
const BYTES_BY_SIX: u16 = 924;
const ECI_USER: u16 = 925;
const ECI_LARGE: u16 = 926;
const ECI: u16 = 927;
/// Macro PDF417 begins: what follows is about the file that the symbol is a part of.
const MACRO: u16 = 928;

/// The payload of corrected data codewords behind the length; `None` where they break the rules.
pub(super) fn payload(data: &[u16]) -> Option<Payload> {
    let (mut bytes, mut eci) = (Vec::new(), None);
    let mut mode = TEXT;
    let mut at = 0;
    while at < data.len() {
        match data[at] {
            latch @ (TEXT | BYTES | NUMERIC | BYTES_BY_SIX) => {
                mode = latch;
                at += 1;
            }
            ECI => {
                eci = eci.or(Some(u32::from(*data.get(at + 1)?)));
                at += 2;
            }
            ECI_LARGE => {
                let (high, low) = (u32::from(*data.get(at + 1)?), u32::from(*data.get(at + 2)?));
                eci = eci.or(Some(900 * (high + 1) + low));
                at += 3;
            }
            ECI_USER => {
                eci = eci.or(Some(810_900 + u32::from(*data.get(at + 1)?)));
                at += 2;
            }
            READER_INIT => at += 1,
            MACRO => break,
            SHIFT_BYTE if mode == TEXT => at = text(data, at, &mut bytes)?,
            901.. => return None,
            _ => {
                at = match mode {
                    TEXT => text(data, at, &mut bytes)?,
                    NUMERIC => numeric(data, at, &mut bytes)?,
                    _ => byte(data, at, mode == BYTES_BY_SIX, &mut bytes)?,
                }
            }
        }
    }
    if bytes.is_empty() {
        return None;
    }
    // ISO/IEC 15424: 1 with extended channel interpretation, 2 without.
    let modifier = if eci.is_some() { 1 } else { 2 };
    Some(Payload { symbology: "PDF417", identifier: format!("]L{modifier}"), bytes, eci })
}

/// The sets of text compaction (5.4.1.5).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Upper,
    Lower,
    Mixed,
    Punctuation,
}

const MIXED: &[u8; 25] = b"0123456789&\r\t,:#-.$/+%*=^";
const PUNCTUATION: &[u8; 29] = b";<>@[\\]_`~!\r\t,:\n-.$/\"|*()?{}'";

/// Text from here to the next change of mode: two characters of base 30 a codeword.
fn text(data: &[u16], mut at: usize, bytes: &mut Vec<u8>) -> Option<usize> {
    let (mut set, mut once) = (Set::Upper, None);
    while let Some(&word) = data.get(at) {
        if word == SHIFT_BYTE {
            bytes.push(u8::try_from(*data.get(at + 1)?).ok()?);
            at += 2;
            continue;
        }
        if word >= TEXT {
            break;
        }
        at += 1;
        for value in [(word / 30) as u8, (word % 30) as u8] {
            let now = once.take().unwrap_or(set);
            match (now, value) {
                (Set::Upper, 0..=25) => bytes.push(b'A' + value),
                (Set::Lower, 0..=25) => bytes.push(b'a' + value),
                (Set::Mixed, 0..=24) => bytes.push(MIXED[usize::from(value)]),
                (Set::Punctuation, 0..=28) => bytes.push(PUNCTUATION[usize::from(value)]),
                (Set::Punctuation, _) => set = Set::Upper,
                (Set::Mixed, 25) => set = Set::Punctuation,
                (_, 26) => bytes.push(b' '),
                (Set::Lower, 27) => once = Some(Set::Upper),
                (_, 27) => set = Set::Lower,
                (Set::Mixed, 28) => set = Set::Upper,
                (_, 28) => set = Set::Mixed,
                (_, 29) => once = Some(Set::Punctuation),
                _ => return None,
            }
        }
    }
    Some(at)
}

/// Bytes from here to the next change of mode (5.4.3): six in five codewords of base 900, and, unless
/// their number is a multiple of six, the last of them one a codeword.
fn byte(data: &[u16], at: usize, by_six: bool, bytes: &mut Vec<u8>) -> Option<usize> {
    let count = data[at..].iter().take_while(|&&word| word < TEXT).count();
    let words = &data[at..at + count];
    let packed = if by_six { count / 5 } else { count.saturating_sub(1) / 5 };
    for group in words.chunks(5).take(packed) {
        let value = group.iter().fold(0u64, |value, &word| value * 900 + u64::from(word));
        if value >> 48 != 0 {
            return None;
        }
        bytes.extend_from_slice(&value.to_be_bytes()[2..]);
    }
    for &word in &words[packed * 5..] {
        bytes.push(u8::try_from(word).ok()?);
    }
    Some(at + count)
}

/// Digits from here to the next change of mode (5.4.4): up to 44 in fifteen codewords of base 900, behind
/// a one.
fn numeric(data: &[u16], at: usize, bytes: &mut Vec<u8>) -> Option<usize> {
    let count = data[at..].iter().take_while(|&&word| word < TEXT).count();
    for group in data[at..at + count].chunks(15) {
        // Decimal digits, the lowest first.
        let mut digits: Vec<u8> = Vec::new();
        for &word in group {
            let mut carry = u32::from(word);
            for digit in &mut digits {
                carry += u32::from(*digit) * 900;
                *digit = (carry % 10) as u8;
                carry /= 10;
            }
            while carry > 0 {
                digits.push((carry % 10) as u8);
                carry /= 10;
            }
        }
        if digits.pop() != Some(1) {
            return None;
        }
        bytes.extend(digits.iter().rev().map(|digit| b'0' + digit));
    }
    Some(at + count)
}

#[cfg(test)]
mod tests {
    use super::payload;

    fn read(words: &[u16]) -> Option<(String, Vec<u8>, Option<u32>)> {
        payload(words).map(|p| (p.identifier, p.bytes, p.eci))
    }

    #[test]
    fn every_compaction_is_read() {
        // The example of ISO/IEC 15438 for text: "PDF417", in the mixed set from the fourth character.
        let words = [15 * 30 + 3, 5 * 30 + 28, 4 * 30 + 1, 7 * 30 + 29];
        assert_eq!(read(&words), Some(("]L2".into(), b"PDF417".to_vec(), None)));
        // Its example for digits, 000213298174000.
        let words = [902, 1, 624, 434, 632, 282, 200];
        assert_eq!(read(&words), Some(("]L2".into(), b"000213298174000".to_vec(), None)));
        // Six bytes in five codewords, "alcool", and a seventh by itself.
        let words = [924, 163, 238, 432, 766, 244];
        assert_eq!(read(&words), Some(("]L2".into(), b"alcool".to_vec(), None)));
        let words = [927, 26, 901, 163, 238, 432, 766, 244, 115];
        assert_eq!(read(&words), Some(("]L1".into(), b"alcools".to_vec(), Some(26))));
    }

    #[test]
    fn what_no_mode_allows_is_no_payload() {
        assert_eq!(read(&[902, 900, 911]), None);
        assert_eq!(read(&[901, 500]), None);
        assert_eq!(read(&[902, 899]), None);
        assert_eq!(read(&[]), None);
    }
}
