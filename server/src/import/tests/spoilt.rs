//! Bytes of strangers, from a seed: good files in which something was changed, and the same each time.

/// Numbers as a generator without a secret gives them (SplitMix64).
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Less than `n`, which is at least one.
    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub(super) fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// A stretch of so many bytes, up to `most` long.
    fn range(&mut self, len: usize, most: usize) -> std::ops::Range<usize> {
        let from = self.below(len + 1);
        from..len.min(from + self.below(most))
    }
}

/// What breaks readers: marks of CSV and XML, ends of encodings, numbers beyond every type.
const TOKENS: &[&[u8]] = &[
    b"\"",
    b",",
    b";",
    b"\t",
    b"\r",
    b"\n",
    b"\r\n",
    b"=",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\xFE\xFF",
    b"\0",
    b"\x80",
    b"\xFF",
    b"\x81\x30\x81\x30",
    b"\xC4\xE3",
    b"-1",
    b"4294967296",
    b"1e308",
    b"NaN",
    b"99999999999999999999",
    b"2958466",
    b"0.1",
    b"<",
    b">",
    b"/>",
    b"</row>",
    b"<row r=\"1048577\">",
    b"<c r=\"XFE1\">",
    b"<c r=\"ZZZZZZZ1\" t=\"s\"><v>77</v></c>",
    b"<mergeCell ref=\"A1:XFD1048576\"/>",
    b" t=\"s\"",
    b" t=\"e\"",
    b" t=\"b\"",
    b" t=\"d\"",
    b" s=\"4000000000\"",
    b" hidden=\"1\"",
    b"&#0;",
    b"&#x110000;",
    b"&lol;",
    b"<!DOCTYPE a>",
    b"<![CDATA[",
    b"<!--",
];

/// Changes a few places.
pub(super) fn bytes(chance: &mut Chance, good: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..=chance.below(6) {
        let at = chance.below(bytes.len().max(1));
        match chance.below(8) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << chance.below(8),
            1 if !bytes.is_empty() => bytes[at] = chance.next() as u8,
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(chance.range(bytes.len(), 40))),
            4 => {
                let some = bytes[chance.range(bytes.len(), 200)].to_vec();
                let times = 1 + chance.below(50);
                let at = chance.below(bytes.len() + 1);
                bytes.splice(at..at, some.repeat(times));
            }
            5 => number(chance, &mut bytes),
            _ => {
                let token = *chance.one_of(TOKENS);
                let at = chance.below(bytes.len() + 1);
                bytes.splice(at..at, token.iter().copied());
            }
        }
    }
    bytes
}

/// Puts another number in the place of one.
fn number(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let from = chance.below(bytes.len() + 1);
    let Some(at) = bytes[from..].iter().position(u8::is_ascii_digit) else { return };
    let digits = bytes[from + at..].iter().take_while(|b| b.is_ascii_digit()).count();
    let other = *chance.one_of(&[
        "0",
        "65536",
        "2147483648",
        "1099511627776",
        "18446744073709551615",
        "-7",
        "1.5",
        "999999999999999999999999",
    ]);
    bytes.splice(from + at..from + at + digits, other.bytes());
}

/// A zip whose parts, directory or bytes are no longer what they were.
pub(super) fn zip(chance: &mut Chance, parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut parts = parts.to_vec();
    match chance.below(10) {
        0 => drop(parts.remove(chance.below(parts.len()))),
        1 => {
            let other = chance.one_of(&parts).1.clone();
            let at = chance.below(parts.len());
            parts[at].1 = other;
        }
        2 => {
            let (name, bytes) = chance.one_of(&parts).clone();
            parts.push((name.to_uppercase() + "x", bytes));
        }
        3 => {
            let at = chance.below(parts.len());
            parts[at].1.extend(vec![b' '; chance.below(11 << 20)]);
        }
        _ => {
            for _ in 0..=chance.below(2) {
                let at = chance.below(parts.len());
                parts[at].1 = bytes(chance, &parts[at].1);
            }
        }
    }
    let borrowed: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (&**name, &**bytes)).collect();
    let mut whole = super::zipped(&borrowed);
    match chance.below(6) {
        0 => bytes(chance, &whole),
        1 => {
            // A field of one of the zip's own records: sizes, offsets, counts, methods, flags.
            let records: Vec<usize> =
                (4..whole.len()).filter(|at| whole[at - 4..].starts_with(b"PK")).map(|at| at - 4).collect();
            let at = chance.one_of(&records) + 4 + chance.below(42);
            let value = *chance.one_of(&[0, 1, 0xFFFF, 0x8000_0000, u32::MAX, u32::MAX - 1]);
            for (byte, new) in whole.iter_mut().skip(at).zip(value.to_le_bytes()) {
                *byte = new;
            }
            whole
        }
        _ => whole,
    }
}
