//! Bytes that remember where in the original they stood.

use super::error::{CodeError, CodeErrorKind};

/// The group separator, which stands for FNC1 wherever a scanner transmits it.
pub(super) const SEPARATOR: u8 = 0x1d;

/// How scanners and people write the separator when a keyboard cannot type it.
const WRITTEN_SEPARATORS: [&str; 8] = ["<GS>", "{GS}", "[GS]", "^]", "\\x1d", "\\x1D", "\\u001d", "\u{241d}"];

/// Bytes to parse. Each keeps its offset in the original, through escapes and encodings that change the
/// length, so that an error can point at what was really scanned or typed.
#[derive(Debug, Default)]
pub(super) struct Source {
    bytes: Vec<u8>,
    offsets: Vec<usize>,
    end: usize,
}

impl Source {
    /// Bytes as they stand, the first at `offset`.
    pub(super) fn plain(bytes: &[u8], offset: usize) -> Source {
        Source {
            bytes: bytes.to_vec(),
            offsets: (offset..offset + bytes.len()).collect(),
            end: offset + bytes.len(),
        }
    }

    /// Text from a keyboard wedge: separators written out become separators.
    pub(super) fn wedge(text: &str, offset: usize) -> Source {
        let mut source = Source { end: offset + text.len(), ..Source::default() };
        let mut at = 0;
        while let Some(byte) = text.as_bytes().get(at) {
            match written_separator(&text.as_bytes()[at..]) {
                Some(length) => {
                    source.push(SEPARATOR, offset + at);
                    at += length;
                }
                None => {
                    source.push(*byte, offset + at);
                    at += 1;
                }
            }
        }
        source
    }

    /// Adds a byte that stands for what is at `offset`.
    pub(super) fn push(&mut self, byte: u8, offset: usize) {
        self.bytes.push(byte);
        self.offsets.push(offset);
        self.end = self.end.max(offset + 1);
    }

    /// The bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where in the original a byte stands; past the last, where the original ends.
    pub(super) fn place(&self, index: usize) -> usize {
        self.offsets.get(index).copied().unwrap_or(self.end)
    }

    /// Sets where the original ends, when it ends later than its last byte.
    pub(super) fn ending_at(mut self, end: usize) -> Source {
        self.end = end;
        self
    }

    /// An error at a byte.
    pub(super) fn error(&self, index: usize, kind: CodeErrorKind) -> CodeError {
        CodeError::new(self.place(index), kind)
    }
}

/// Whether text holds a separator, transmitted or written out.
pub(super) fn has_separator(text: &str) -> bool {
    text.as_bytes().contains(&SEPARATOR) || WRITTEN_SEPARATORS.iter().any(|written| text.contains(written))
}

fn written_separator(bytes: &[u8]) -> Option<usize> {
    WRITTEN_SEPARATORS
        .iter()
        .find(|written| bytes.starts_with(written.as_bytes()))
        .map(|written| written.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_separator_is_one_however_it_is_written() {
        for written in WRITTEN_SEPARATORS {
            let text = format!("10LOT-7{written}21S1");
            assert!(has_separator(&text), "{written}");
            let source = Source::wedge(&text, 0);
            assert_eq!(source.bytes(), b"10LOT-7\x1d21S1", "{written}");
            assert_eq!(source.place(8), 7 + written.len(), "what follows keeps its place");
        }
        assert!(!has_separator("LOT^7"));
    }
}
