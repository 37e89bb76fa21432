//! A look through a table before its rows are read: is it UTF-8, which sign separates its cells, do its
//! quotation marks close? What fails here would otherwise spoil rows in ways that no row could tell.

use super::report::Problem;
use domain::text::{Text, text};
use std::io::{self, Read};

/// What a look through a table found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Survey {
    /// The sign between cells.
    pub separator: u8,
    /// How many bytes the table has.
    pub bytes: u64,
    /// Whether a byte order mark stands in front.
    pub marked: bool,
}

/// A row longer than this is no row: a quotation mark is missing somewhere.
const LONGEST_ROW: u64 = 1 << 20;

const UTF_16: Text = text(
    "The file is UTF-16 (“Unicode text”). Save it as “CSV UTF-8”.",
    "该文件为 UTF-16（“Unicode 文本”）编码，请另存为“CSV UTF-8”。",
);
const GB18030: Text = text(
    "The file is GB18030 (GBK), not UTF-8. Save it as “CSV UTF-8”.",
    "该文件为 GB18030（GBK）编码，不是 UTF-8，请另存为“CSV UTF-8”。",
);
const NOT_UTF_8: Text = text(
    "The file is not UTF-8 (perhaps Windows-1252). Save it as “CSV UTF-8”.",
    "该文件不是 UTF-8 编码（可能是 Windows-1252），请另存为“CSV UTF-8”。",
);
const EMPTY: Text =
    text("The file is empty. Its first line names the columns.", "该文件为空。第一行应为列名。");
const OPEN_QUOTE: Text = text(
    "The quotation mark that opens here is never closed. Close it, or write it twice where it is meant.",
    "此处的引号没有闭合。请补上引号；若引号是内容，请写两次。",
);
const AFTER_QUOTE: Text = text(
    "Something follows a closing quotation mark. Put a separator there, or write the mark twice.",
    "闭合引号之后还有内容。请加分隔符；若引号是内容，请写两次。",
);
const ROW_TOO_LONG: Text = text(
    "This row is longer than a million bytes. A quotation mark is probably missing in it.",
    "该行超过一百万字节，可能缺少引号。",
);
const UNREADABLE: Text = text("The file cannot be read: {why}", "无法读取该文件：{why}");

/// A file that stopped being readable.
pub(super) fn unreadable(error: &io::Error) -> Problem {
    Problem::of_file("not_readable", UNREADABLE.with(&[("why", &error.to_string())]))
}

/// Looks through a table.
pub fn survey(mut table: impl Read) -> Result<Survey, Problem> {
    let mut chunk = vec![0; 1 << 16];
    let mut first = true;
    let (mut bytes, mut marked, mut separator) = (0, false, b',');
    let mut utf_8 = Utf8::default();
    let mut quotes = Quotes::new();
    loop {
        let n = fill(&mut table, &mut chunk).map_err(|e| unreadable(&e))?;
        if n == 0 {
            break;
        }
        let mut rest = &chunk[..n];
        bytes += n as u64;
        if first {
            if is_utf_16(rest) {
                return Err(Problem::of_file("wrong_encoding", UTF_16));
            }
            marked = rest.starts_with(b"\xef\xbb\xbf");
            rest = if marked { &rest[3..] } else { rest };
            separator = sniff(rest);
            quotes.separator = separator;
            first = false;
        }
        if !utf_8.goes_on(rest) {
            let said = if is_gb18030(&chunk[..n]) { GB18030 } else { NOT_UTF_8 };
            return Err(Problem::of_file("wrong_encoding", said));
        }
        quotes.go_on(rest)?;
    }
    if first {
        return Err(Problem::of_file("empty_file", EMPTY));
    }
    if !utf_8.is_whole() {
        return Err(Problem::of_file("wrong_encoding", NOT_UTF_8));
    }
    quotes.end()?;
    Ok(Survey { separator, bytes, marked })
}

/// Reads until the chunk is full or the table ends, so that a look at its beginning sees enough.
fn fill(table: &mut impl Read, chunk: &mut [u8]) -> io::Result<usize> {
    let mut n = 0;
    while n < chunk.len() {
        match table.read(&mut chunk[n..]) {
            Ok(0) => break,
            Ok(more) => n += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(n)
}

fn is_utf_16(start: &[u8]) -> bool {
    start.starts_with(b"\xff\xfe")
        || start.starts_with(b"\xfe\xff")
        || start.iter().take(4096).any(|b| *b == 0)
}

/// In GB18030 the bytes above 0x7F mostly come in pairs; in the encodings of western Europe alone.
fn is_gb18030(chunk: &[u8]) -> bool {
    let high: Vec<usize> = (0..chunk.len()).filter(|i| chunk[*i] >= 0x80).collect();
    let paired = high.windows(2).filter(|pair| pair[1] == pair[0] + 1).count();
    // A character may be cut in two at the end of the chunk.
    let decodes = (0..4).any(|cut| {
        let whole = &chunk[..chunk.len().saturating_sub(cut)];
        encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(whole).is_some()
    });
    decodes && paired * 2 >= high.len()
}

/// What may stand between cells, the likeliest last.
const SEPARATORS: [u8; 3] = *b"\t;,";

/// The sign that stands most often in the first line, outside quotation marks.
fn sniff(start: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [0_u32; 3];
    for byte in start {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'\n' | b'\r' => break,
            _ => {
                if let Some(i) = SEPARATORS.iter().position(|sign| sign == byte) {
                    counts[i] += 1;
                }
            }
        }
    }
    // `max_by_key` takes the last of equals, and a comma is what a table without any of them means.
    let most = (0..SEPARATORS.len()).max_by_key(|i| counts[*i]);
    most.map_or(b',', |i| SEPARATORS[i])
}

/// UTF-8 across chunk borders.
#[derive(Default)]
struct Utf8 {
    left_over: Vec<u8>,
}

impl Utf8 {
    fn goes_on(&mut self, chunk: &[u8]) -> bool {
        let mut chunk = chunk;
        while !self.left_over.is_empty() && !chunk.is_empty() {
            self.left_over.push(chunk[0]);
            chunk = &chunk[1..];
            match std::str::from_utf8(&self.left_over) {
                Ok(_) => self.left_over.clear(),
                Err(error) if error.error_len().is_some() => return false,
                Err(_) => {}
            }
        }
        match std::str::from_utf8(chunk) {
            Ok(_) => true,
            Err(error) if error.error_len().is_none() => {
                self.left_over.extend_from_slice(&chunk[error.valid_up_to()..]);
                true
            }
            Err(_) => false,
        }
    }

    fn is_whole(&self) -> bool {
        self.left_over.is_empty()
    }
}

/// Quotation marks as RFC 4180 has them. A mark inside a cell without quotes is just a mark.
struct Quotes {
    separator: u8,
    at: At,
    line: u64,
    opened: u64,
    row: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    CellStart,
    Plain,
    Quoted,
    Closed,
}

impl Quotes {
    fn new() -> Quotes {
        Quotes { separator: b',', at: At::CellStart, line: 1, opened: 1, row: 0 }
    }

    fn go_on(&mut self, chunk: &[u8]) -> Result<(), Problem> {
        for byte in chunk {
            self.row += 1;
            if self.row > LONGEST_ROW {
                let line = if self.at == At::Quoted { self.opened } else { self.line };
                return Err(Problem::of_row(line, None, "row_too_long", ROW_TOO_LONG));
            }
            let breaks = matches!(byte, b'\n' | b'\r');
            self.at = match (self.at, byte) {
                (At::CellStart, b'"') => {
                    self.opened = self.line;
                    At::Quoted
                }
                (At::Quoted, b'"') => At::Closed,
                (At::Quoted, _) => At::Quoted,
                (At::Closed, b'"') => At::Quoted,
                (_, byte) if *byte == self.separator || breaks => At::CellStart,
                (At::Closed, _) => return Err(Problem::of_row(self.line, None, "after_quote", AFTER_QUOTE)),
                _ => At::Plain,
            };
            self.line += u64::from(*byte == b'\n');
            if breaks && self.at == At::CellStart {
                self.row = 0;
            }
        }
        Ok(())
    }

    fn end(&self) -> Result<(), Problem> {
        match self.at {
            At::Quoted => Err(Problem::of_row(self.opened, None, "open_quote", OPEN_QUOTE)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reason(bytes: &[u8]) -> (String, Option<u64>) {
        let problem = survey(bytes).expect_err("a problem");
        (problem.reason, problem.line)
    }

    #[test]
    fn c19_separator_and_mark_are_found() {
        let found = |bytes: &[u8]| survey(bytes).map(|s| (s.separator, s.marked));
        assert_eq!(found(b"a,b\r\n1,2"), Ok((b',', false)));
        assert_eq!(found(b"\xef\xbb\xbfa;b\n1;2\n"), Ok((b';', true)));
        assert_eq!(found(b"\"a,a\"\tb\n"), Ok((b'\t', false)));
        assert_eq!(found(b"alone\n"), Ok((b',', false)));
    }

    #[test]
    fn c19_other_encodings_are_known_by_name() {
        let utf_16: Vec<u8> = "key,name\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let gb18030 = encoding_rs::GB18030.encode("key,name\nF1,东莞工厂\n").0;
        let western = encoding_rs::WINDOWS_1252.encode("key,name\nF1,Müller für Köln\n").0;
        for (bytes, word) in [(&utf_16[..], "UTF-16"), (&gb18030, "GB18030"), (&western, "Windows-1252")] {
            let problem = survey(bytes).expect_err("a problem");
            assert_eq!(problem.reason, "wrong_encoding");
            assert!(problem.said.en.contains(word), "{}", problem.said.en);
        }
    }

    #[test]
    fn c19_quotation_marks_that_do_not_close_are_placed() {
        assert_eq!(reason(b"a,b\n1,\"two\n3,4\n"), ("open_quote".into(), Some(2)));
        assert_eq!(reason(b"a,b\n1,2\n1,\"two\"x\n"), ("after_quote".into(), Some(3)));
        assert_eq!(reason(b""), ("empty_file".into(), None));
        assert!(survey(&b"a,b\n\"1 \"\"x\"\"\nstill 1\",5\" wheel\n"[..]).is_ok());
        let long = [b"a\n\"".as_slice(), &vec![b'x'; 2 << 20]].concat();
        assert_eq!(reason(&long), ("row_too_long".into(), Some(2)));
    }

    proptest! {
        #[test]
        fn utf_8_is_judged_the_same_wherever_it_is_cut(text in "\\PC{0,40}", cut in 0..40_usize) {
            let bytes = text.as_bytes();
            let (left, right) = bytes.split_at(cut.min(bytes.len()));
            let mut utf_8 = Utf8::default();
            prop_assert!(utf_8.goes_on(left) && utf_8.goes_on(right) && utf_8.is_whole());
        }

        #[test]
        fn any_bytes_are_surveyed_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = survey(&bytes[..]);
        }
    }
}
