//! A look through a table before its rows are read: which encoding is it in, which sign separates its
//! cells, do its quotation marks close? What fails here would otherwise spoil rows in ways that no row could
//! tell.

use super::{
    encoding::{self, Chinese, Decoded},
    report::Problem,
};
use domain::text::{Text, text};
use encoding_rs::{Encoding, GB18030, UTF_8};
use std::io::{self, Read};

/// What a look through a table found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Survey {
    /// The sign between cells.
    pub separator: u8,
    /// How many bytes the table has, as UTF-8.
    pub bytes: u64,
    /// Its encoding.
    pub encoding: &'static Encoding,
    /// Whether a byte order mark stands in front.
    pub marked: bool,
}

/// A row longer than this is no row: a quotation mark is missing somewhere.
const LONGEST_ROW: u64 = 1 << 20;

const WHICH: Text = text(
    "It is not certain in which encoding the file is: not UTF-8, and not certainly GB18030. Say which, or save it as “CSV UTF-8”.",
    "无法确定该文件的编码：不是 UTF-8，也不能确定为 GB18030。请选择编码，或另存为“CSV UTF-8”。",
);
const NOT_IN_IT: Text = text(
    "The file holds bytes that {encoding} has no character for. Choose another encoding, or save it as “CSV UTF-8”.",
    "该文件含有 {encoding} 中没有的字节。请选择其他编码，或另存为“CSV UTF-8”。",
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
    if error.kind() == io::ErrorKind::InvalidData {
        let said = NOT_IN_IT.with(&[("encoding", &error.to_string())]);
        return Problem::of_file("wrong_encoding", said);
    }
    Problem::of_file("not_readable", UNREADABLE.with(&[("why", &error.to_string())]))
}

/// Looks through a table; `told` is the encoding that somebody chose.
///
/// # Errors
/// When it cannot be read; `which_encoding` where it is not certain in which encoding it is.
pub fn survey(mut table: impl Read, told: Option<&'static Encoding>) -> Result<Survey, Problem> {
    let mut head = vec![0; 1 << 16];
    let n = fill(&mut table, &mut head).map_err(|e| unreadable(&e))?;
    head.truncate(n);
    let by_mark = Encoding::for_bom(&head).is_some();
    let encoding = told.or_else(|| encoding::marked(&head)).unwrap_or(UTF_8);
    let whole = io::Cursor::new(head).chain(table);
    match encoding == UTF_8 {
        true => through(whole, UTF_8, by_mark, told.is_none()),
        false => through(Decoded::new(whole, encoding), encoding, by_mark, false),
    }
}

/// Looks through bytes that are UTF-8 as far as anybody knows.
fn through(
    mut table: impl Read,
    mut encoding: &'static Encoding,
    marked: bool,
    may_be_another: bool,
) -> Result<Survey, Problem> {
    let mut chunk = vec![0; 1 << 16];
    let (mut first, mut bytes, mut separator) = (true, 0, b',');
    let (mut utf_8, mut is_utf_8, mut chinese) = (Utf8::default(), true, Chinese::new());
    let mut quotes = Quotes::new();
    loop {
        let n = fill(&mut table, &mut chunk).map_err(|e| unreadable(&e))?;
        if n == 0 {
            break;
        }
        let mut rest = &chunk[..n];
        bytes += n as u64;
        if first {
            rest = rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest);
            separator = sniff(rest);
            quotes.separator = separator;
            first = false;
        }
        is_utf_8 = is_utf_8 && utf_8.goes_on(rest);
        if may_be_another && !marked {
            chinese.goes_on(rest);
        }
        // In GB18030 no part of a character looks like a quotation mark, a separator or a line's end.
        quotes.go_on(rest)?;
    }
    if first {
        return Err(Problem::of_file("empty_file", EMPTY));
    }
    if !(is_utf_8 && utf_8.is_whole()) {
        if !may_be_another || marked {
            return Err(Problem::of_file(
                "wrong_encoding",
                NOT_IN_IT.with(&[("encoding", encoding::named(encoding))]),
            ));
        }
        if !chinese.is_certain() {
            return Err(Problem::of_file(WHICH_ENCODING, WHICH));
        }
        encoding = GB18030;
    }
    quotes.end()?;
    Ok(Survey { separator, bytes, encoding, marked })
}

/// Why a table is not read where only a person can tell its encoding.
pub const WHICH_ENCODING: &str = "which_encoding";

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

    fn reason(bytes: &[u8]) -> (Box<str>, Option<u64>) {
        let problem = survey(bytes, None).expect_err("a problem");
        (problem.reason, problem.line)
    }

    #[test]
    fn c19_separator_and_mark_are_found() {
        let found = |bytes: &[u8]| survey(bytes, None).map(|s| (s.separator, s.marked));
        assert_eq!(found(b"a,b\r\n1,2"), Ok((b',', false)));
        assert_eq!(found(b"\xef\xbb\xbfa;b\n1;2\n"), Ok((b';', true)));
        assert_eq!(found(b"\"a,a\"\tb\n"), Ok((b'\t', false)));
        assert_eq!(found(b"alone\n"), Ok((b',', false)));
    }

    #[test]
    fn c19_encodings_are_told_where_they_are_certain_and_asked_for_where_not() {
        let utf_16: Vec<u8> = "key;name\nF1;东\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let gb18030 = GB18030.encode("key;name\nF1;东莞工厂\n").0;
        let western = encoding_rs::WINDOWS_1252.encode("key;name\nF1;Müller für Köln\n").0;
        let found =
            |bytes: &[u8], told| survey(bytes, told).map(|s| (s.separator, encoding::named(s.encoding)));
        assert_eq!(found("key;name\nF1;东莞\n".as_bytes(), None), Ok((b';', "UTF-8")));
        assert_eq!(found(&utf_16, None), Ok((b';', "UTF-16LE")));
        assert_eq!(found(&gb18030, None), Ok((b';', "GB18030")));
        assert_eq!(&*found(&western, None).expect_err("asks").reason, WHICH_ENCODING);
        let western_told = encoding::chosen("windows-1252");
        assert_eq!(found(&western, western_told), Ok((b';', "windows-1252")));
        assert_eq!(&*found(&western, Some(UTF_8)).expect_err("is not").reason, "wrong_encoding");
    }

    #[test]
    fn c19_quotation_marks_that_do_not_close_are_placed() {
        assert_eq!(reason(b"a,b\n1,\"two\n3,4\n"), ("open_quote".into(), Some(2)));
        assert_eq!(reason(b"a,b\n1,2\n1,\"two\"x\n"), ("after_quote".into(), Some(3)));
        assert_eq!(reason(b""), ("empty_file".into(), None));
        assert!(survey(&b"a,b\n\"1 \"\"x\"\"\nstill 1\",5\" wheel\n"[..], None).is_ok());
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
            let _ = survey(&bytes[..], None);
        }
    }
}
