//! The limits of a workbook, kept by counting what really comes out of its zip: sizes told by a zip are not
//! believed.

use super::super::report::Problem;
use domain::text::{Text, text};
use std::io::{self, Read};

/// What a workbook may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Parts.
    pub(super) parts: usize,
    /// Bytes of one sheet, unpacked.
    pub(super) sheet: u64,
    /// Bytes of the texts that its sheets share, which are kept in memory.
    pub(super) texts: u64,
    /// Bytes of any other part.
    pub(super) other: u64,
    /// Unpacked bytes for each packed one. Sheets come to 10 or 20.
    pub(super) ratio: u64,
}

pub(super) const LIMITS: Limits =
    Limits { parts: 5_000, sheet: 2 << 30, texts: 128 << 20, other: 32 << 20, ratio: 250 };

/// A small part may be pressed together as much as it likes.
const HARMLESS: u64 = 10 << 20;
/// A cell holds up to 32,767 characters; markup without an end for longer than this is none.
const LONGEST_GAP: usize = 4 << 20;
/// Where a document type may stand.
const PROLOG: u64 = 4096;
/// The attribute by which a reader makes room for the shared texts before it has read any of them.
const COUNT: &[u8] = b"uniqueCount";
/// The fewest bytes of a shared text: `<si/>`.
const SHORTEST_TEXT: u64 = 5;

const TOO_MANY: Text = text(
    "The workbook holds more than {n} parts. Copy the table into a new workbook, and hand that in.",
    "该工作簿含 {n} 个以上部件。请将表格复制到新工作簿后再提交。",
);
const TOO_LARGE: Text = text(
    "{part} in the workbook unpacks to more than {n} MB. Copy the table into a new workbook, or hand it in in parts.",
    "工作簿中的 {part} 解压后超过 {n} MB。请将表格复制到新工作簿，或分批提交。",
);
const BOMB: Text = text(
    "{part} in the workbook unpacks to more than {n} times its size, which no table does. Check where it comes from.",
    "工作簿中的 {part} 解压后超过原大小的 {n} 倍，正常表格不会如此。请核实其来源。",
);
const MARKUP: Text = text(
    "{part} in the workbook holds markup that no spreadsheet program writes. Open it in one, and save it again.",
    "工作簿中的 {part} 含有电子表格程序不会写入的标记。请用电子表格程序打开并重新保存。",
);

pub(super) fn too_many_parts() -> Problem {
    Problem::of_file("workbook_too_many_parts", TOO_MANY.with(&[("n", &LIMITS.parts.to_string())]))
}

/// A part of a workbook, watched while it is read.
pub(super) struct Guarded<'a, R> {
    inner: R,
    part: &'a str,
    most: u64,
    pressed: u64,
    read: u64,
    gap: usize,
    last: u8,
    strict: bool,
    claims: Claim,
    broken: Option<Problem>,
}

/// How far the attribute that tells how many texts there are was met.
#[derive(Clone, Copy)]
enum Claim {
    /// So many letters of its name.
    Name(usize),
    /// Its name, and what may stand before its number.
    Sign,
    /// Its number, as far as it was read.
    Number(u64),
}

impl Claim {
    fn goes_on(self, byte: u8) -> Claim {
        match (self, byte) {
            (Claim::Sign, b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n') => Claim::Sign,
            (Claim::Sign, b'0'..=b'9') => Claim::Number(u64::from(byte - b'0')),
            (Claim::Number(n), b'0'..=b'9') => {
                Claim::Number(n.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
            }
            (Claim::Name(n), byte) if COUNT[n] == byte => match n + 1 < COUNT.len() {
                true => Claim::Name(n + 1),
                false => Claim::Sign,
            },
            _ => Claim::Name(usize::from(byte == COUNT[0])),
        }
    }

    /// True for more texts than any part can hold: room for them would take all memory there is.
    fn is_absurd(self) -> bool {
        matches!(self, Claim::Number(n) if n > LIMITS.texts / SHORTEST_TEXT)
    }
}

impl<'a, R: Read> Guarded<'a, R> {
    /// Watches a part that has so many bytes packed. A sheet and the shared texts hold elements and text,
    /// nothing else: no document type, comment or CDATA, in which text could hide from the count, and no
    /// control characters, which XML does not have and in which UTF-16 would hide everything.
    pub(super) fn new(inner: R, part: &'a str, packed: u64, most: u64, strict: bool) -> Guarded<'a, R> {
        let pressed = packed.saturating_mul(LIMITS.ratio).max(HARMLESS);
        Guarded {
            inner,
            part,
            most,
            pressed,
            read: 0,
            gap: 0,
            last: 0,
            strict,
            claims: Claim::Name(0),
            broken: None,
        }
    }

    /// Reads to the end.
    pub(super) fn drain(mut self) -> Result<u64, Problem> {
        let mut buffer = vec![0; 1 << 16];
        loop {
            match self.read(&mut buffer) {
                Ok(0) => return Ok(self.read),
                Ok(_) => {}
                Err(error) => return Err(self.why(error)),
            }
        }
    }

    /// Why reading failed.
    pub(super) fn why(&mut self, error: io::Error) -> Problem {
        self.broken.take().unwrap_or_else(|| super::parts::damaged(error))
    }

    /// How many bytes were read.
    pub(super) fn count(&self) -> u64 {
        self.read
    }

    fn check(&mut self, bytes: &[u8]) -> Option<Problem> {
        self.read += bytes.len() as u64;
        let words = |n: u64| [("part", self.part.to_string()), ("n", n.to_string())];
        let told = |text: Text, n: u64| {
            let words = words(n);
            text.with(&words.each_ref().map(|(name, value)| (*name, value.as_str())))
        };
        if self.read > self.most {
            return Some(Problem::of_file("workbook_too_large", told(TOO_LARGE, self.most >> 20)));
        }
        if self.read > self.pressed {
            return Some(Problem::of_file("workbook_bomb", told(BOMB, LIMITS.ratio)));
        }
        let in_prolog = self.read <= PROLOG.max(bytes.len() as u64);
        for byte in bytes {
            let markup = self.last == b'<' && *byte == b'!' && (self.strict || in_prolog);
            let control = self.strict && *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
            self.gap = if *byte == b'>' { 0 } else { self.gap + 1 };
            self.claims = self.claims.goes_on(*byte);
            self.last = *byte;
            if markup || control || self.claims.is_absurd() || self.gap > LONGEST_GAP {
                return Some(Problem::of_file("workbook_markup", told(MARKUP, 0)));
            }
        }
        None
    }
}

impl<R: Read> Read for Guarded<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(out)?;
        if let Some(problem) = self.check(&out[..n]) {
            self.broken = Some(problem);
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(n)
    }
}
