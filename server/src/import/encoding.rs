//! Which encoding a table is in, and its text as UTF-8. Where the bytes do not tell for certain, nobody
//! guesses: a person is asked.

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, Read};

/// The encodings a person can choose from.
pub const CHOICES: [&str; 5] = ["UTF-8", "GB18030", "Big5", "Shift_JIS", "windows-1252"];

/// The encoding for a word that somebody chose.
pub fn chosen(word: &str) -> Option<&'static Encoding> {
    CHOICES.iter().find(|choice| choice.eq_ignore_ascii_case(word))?;
    Encoding::for_label(word.as_bytes())
}

/// An encoding as people write it.
pub(super) fn named(encoding: &'static Encoding) -> &'static str {
    let name = encoding.name();
    CHOICES.into_iter().find(|choice| choice.eq_ignore_ascii_case(name)).unwrap_or(name)
}

/// What the beginning of a table tells by itself: a byte order mark, or the zeros of UTF-16.
pub(super) fn marked(start: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(start) {
        return Some(encoding);
    }
    let start = &start[..start.len().min(4096)];
    let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    match (zeros(0), zeros(1)) {
        (0, 0) => None,
        (even, odd) if even > odd => Some(UTF_16BE),
        _ => Some(UTF_16LE),
    }
}

/// Whether a table that is not UTF-8 is GB18030 beyond doubt.
pub(super) struct Chinese {
    decoder: Decoder,
    decodes: bool,
    /// Bytes above 0x7F, and how many of them stand in pairs.
    high: u64,
    paired: u64,
    before_was_high: bool,
    common: u64,
    others: u64,
}

impl Chinese {
    pub(super) fn new() -> Chinese {
        Chinese {
            decoder: GB18030.new_decoder_without_bom_handling(),
            decodes: true,
            high: 0,
            paired: 0,
            before_was_high: false,
            common: 0,
            others: 0,
        }
    }

    pub(super) fn goes_on(&mut self, chunk: &[u8]) {
        if !self.decodes {
            return;
        }
        for byte in chunk {
            let high = *byte >= 0x80;
            self.high += u64::from(high);
            if high && self.before_was_high {
                self.paired += 2;
                self.before_was_high = false;
            } else {
                self.before_was_high = high;
            }
        }
        let most = self.decoder.max_utf8_buffer_length_without_replacement(chunk.len());
        let mut out = String::with_capacity(most.unwrap_or(chunk.len() * 3));
        let (result, _) = self.decoder.decode_to_string_without_replacement(chunk, &mut out, false);
        self.decodes = matches!(result, DecoderResult::InputEmpty);
        for c in out.chars().filter(|c| !c.is_ascii()) {
            match is_common(c) {
                true => self.common += 1,
                false => self.others += 1,
            }
        }
    }

    /// Every byte decodes, most of them come in pairs as they do in no western encoding, and what they come
    /// to is Chinese as it is written: Big5 and Shift_JIS read as GB18030 come to rare characters.
    pub(super) fn is_certain(&self) -> bool {
        self.decodes && self.paired * 4 >= self.high * 3 && self.common >= self.others * 2
    }
}

/// A character of the first level of GB 2312, which a Chinese text is made of, or its punctuation.
fn is_common(c: char) -> bool {
    let mut utf_8 = [0; 4];
    let text = c.encode_utf8(&mut utf_8);
    let (bytes, _, failed) = GB18030.encode(text);
    !failed && matches!(bytes[..], [0xA1..=0xA3 | 0xB0..=0xD7, 0xA1..=0xFE])
}

/// Bytes in an encoding, read as UTF-8 without a byte order mark.
pub(super) struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Decoded<R> {
        let decoder = encoding.new_decoder_with_bom_removal();
        Decoded { inner, decoder, raw: vec![0; 1 << 14], text: vec![], at: 0, ended: false }
    }

    fn more(&mut self) -> io::Result<()> {
        let n = self.inner.read(&mut self.raw)?;
        self.ended = n == 0;
        let most = self.decoder.max_utf8_buffer_length_without_replacement(n).unwrap_or(n * 3 + 16);
        self.text.resize(most, 0);
        self.at = 0;
        let (result, _, written) =
            self.decoder.decode_to_utf8_without_replacement(&self.raw[..n], &mut self.text, n == 0);
        self.text.truncate(written);
        match result {
            DecoderResult::InputEmpty => Ok(()),
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, named(self.decoder.encoding()))),
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() && !self.ended {
            self.more()?;
        }
        let n = out.len().min(self.text.len() - self.at);
        out[..n].copy_from_slice(&self.text[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

/// Reads bytes of an encoding as UTF-8; those that are UTF-8 already pass as they are.
pub(super) fn decoded(
    bytes: Box<dyn Read + Send>,
    encoding: &'static Encoding,
    marked: bool,
) -> Box<dyn Read + Send> {
    match encoding == UTF_8 && !marked {
        true => bytes,
        false => Box::new(Decoded::new(bytes, encoding)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c19_text_comes_out_the_same_from_every_encoding() {
        let text = "箱号,批号\nC1,东莞\n".repeat(5000);
        let utf_16 = |order: fn(u16) -> [u8; 2], mark: &[u8]| {
            mark.iter().copied().chain(text.encode_utf16().flat_map(order)).collect::<Vec<u8>>()
        };
        for (encoding, bytes) in [
            (UTF_8, text.as_bytes().to_vec()),
            (UTF_8, ["\u{feff}", &text].concat().into_bytes()),
            (UTF_16LE, utf_16(u16::to_le_bytes, b"\xff\xfe")),
            (UTF_16BE, utf_16(u16::to_be_bytes, b"")),
            (GB18030, GB18030.encode(&text).0.into_owned()),
        ] {
            let told = marked(&bytes);
            assert!(told.is_none_or(|told| told == encoding), "{told:?}");
            let mut came = String::new();
            Decoded::new(&bytes[..], encoding).read_to_string(&mut came).expect("decodes");
            assert!(came == text, "{}", encoding.name());
        }
        let cut = &GB18030.encode("东").0[..1];
        assert!(Decoded::new(cut, GB18030).read_to_string(&mut String::new()).is_err());
    }

    #[test]
    fn c19_only_what_is_certainly_chinese_is_taken_for_it() {
        let certain = |bytes: &[u8]| {
            let mut chinese = Chinese::new();
            bytes.chunks(7).for_each(|chunk| chinese.goes_on(chunk));
            chinese.is_certain()
        };
        assert!(certain(&GB18030.encode("批号,工厂\nA1,东莞市玩具厂\n").0));
        let big5 = encoding_rs::BIG5.encode("批號,工廠\nA1,台灣玩具廠\n").0;
        let western = encoding_rs::WINDOWS_1252.encode("Müller für Köln, Größe, Ärzte").0;
        let japanese = encoding_rs::SHIFT_JIS.encode("ロット番号,工場\nA1,おもちゃ工場\n").0;
        for other in [big5, western, japanese] {
            assert!(!certain(&other), "{other:?}");
        }
    }
}
