//! Whether a PDF is one: its header, its end, and that its end leads to the root of the document (ISO 32000-2,
//! 7.5). What stands in between is read by whoever opens it, and not here.

use domain::{
    refusal::Refusal,
    text::{Text, text},
};

/// How far from the begin and from the end readers look.
const NEAR: usize = 1024;
/// How far from the end the last pointer may stand, which comes before the end's mark.
const TAIL: usize = 2 * NEAR;
/// The largest dictionary of an end that is read.
const LARGEST_TRAILER: usize = 64 * 1024;

const CUT_OFF: Text = text(
    "The PDF breaks off: its end is missing. Send it again, or save it anew.",
    "PDF 不完整：缺少结尾。请重新发送，或重新另存。",
);
const BROKEN: Text = text(
    "The PDF is damaged: it cannot be opened from its end. Open it where it came from and save it as PDF again.",
    "PDF 已损坏，无法打开。请在原处打开并重新另存为 PDF。",
);
const LOCKED: Text = text(
    "The PDF is locked with a password or restrictions, and who needs it in years may not be able to open it. Print it to a new PDF without any, and store that.",
    "PDF 设有密码或权限限制，多年后可能无法打开。请打印为不带限制的新 PDF 后再上传。",
);

/// Where a PDF begins, if it is one by its header.
pub(super) fn begin(bytes: &[u8]) -> Option<usize> {
    let head = &bytes[..bytes.len().min(NEAR)];
    let at = head.windows(5).position(|five| five == b"%PDF-")?;
    matches!(bytes.get(at + 5..at + 8), Some([b'1' | b'2', b'.', b'0'..=b'9'])).then_some(at)
}

/// Checks what has a PDF's header.
///
/// # Errors
/// When it breaks off, is damaged or locked.
pub(super) fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let cut_off = || Refusal::new("pdf_cut_off", CUT_OFF);
    let broken = || Refusal::new("pdf_damaged", BROKEN);
    let end = bytes.trim_ascii_end();
    if !contains(&end[end.len().saturating_sub(NEAR)..], b"%%EOF") {
        return Err(cut_off());
    }
    let tail = &end[end.len().saturating_sub(TAIL)..];
    let at = last(tail, b"startxref").ok_or_else(cut_off)?;
    let offset = number(&tail[at + b"startxref".len()..]).ok_or_else(broken)?.0;
    // Bytes before the header are counted by some writers and not by others.
    let offsets = [offset, offset.saturating_add(begin(bytes).unwrap_or(0))];
    let trailer = offsets.iter().find_map(|at| trailer(bytes.get(*at..)?)).ok_or_else(broken)?;
    if contains(trailer, b"/Encrypt") {
        return Err(Refusal::new("pdf_locked", LOCKED));
    }
    contains(trailer, b"/Root").then_some(()).ok_or_else(broken)
}

/// The dictionary of the end: after a table it stands by itself, else it is that of the stream that takes
/// the table's place.
fn trailer(at: &[u8]) -> Option<&[u8]> {
    let at = at.trim_ascii_start();
    let (from, until): (&[u8], &[u8]) = match at.strip_prefix(b"xref") {
        Some(table) => (&table[first(table, b"trailer")?..], b"startxref"),
        None => {
            let (_, rest) = number(at)?;
            let (_, rest) = number(rest)?;
            (rest.trim_ascii_start().strip_prefix(b"obj")?, b"stream")
        }
    };
    let near = &from[..from.len().min(LARGEST_TRAILER)];
    Some(&near[..first(near, until).unwrap_or(near.len())])
}

/// A number after white space, and what follows it.
fn number(text: &[u8]) -> Option<(usize, &[u8])> {
    let text = text.trim_ascii_start();
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let (number, rest) = text.split_at(digits);
    std::str::from_utf8(number).ok()?.parse().ok().map(|number| (number, rest))
}

fn first(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|some| some == word)
}

fn last(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).rposition(|some| some == word)
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    first(text, word).is_some()
}
