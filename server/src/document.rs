//! Photos and PDFs: told by their bytes, whatever a file is called, bounded, and looked into far enough to
//! know that somebody else can open them.

mod pdf;
pub mod shown;
#[cfg(test)]
mod tests;

use domain::{
    field::Input,
    refusal::Refusal,
    text::{Text, text},
};
use image::{ImageFormat, ImageReader};
use std::io::Cursor;

/// The most bytes of one photo.
pub const PHOTO: usize = 8 * 1024 * 1024;
/// The most bytes of one PDF.
pub const PDF: usize = 25 * 1024 * 1024;

/// The media type of a PDF.
pub const PDF_TYPE: &str = "application/pdf";

/// The longest side of a photo, and the most pixels: more than any camera makes, and less than fills the
/// memory of who looks at it. A picture of one colour packs any number of pixels into a few bytes.
const LONGEST_SIDE: u32 = 20_000;
const MOST_PIXELS: u64 = 250_000_000;

/// The most letters that are kept of a file's name.
const LONGEST_NAME: usize = 120;

const EMPTY: Text = text(
    "The file is empty: it has no bytes. Take the photo again, or choose the file anew.",
    "文件为空（0 字节）。请重新拍照或重新选择文件。",
);
const NOT_A_PHOTO: Text = text(
    "This is not a photo in JPEG, PNG or WebP. Take it again, or convert it.",
    "该文件不是 JPEG、PNG 或 WebP 照片，请重新拍摄或转换格式。",
);
const NOT_A_DOCUMENT: Text = text(
    "This is neither a photo in JPEG, PNG or WebP nor a PDF. Take a photo of the paper, or save it as PDF.",
    "该文件既不是 JPEG、PNG 或 WebP 照片，也不是 PDF。请拍摄纸质单据，或另存为 PDF。",
);
const WEB_PAGE: Text = text(
    "This is a web page under another name, often what a download page said in place of the file. Open the document where it came from, and save it as PDF.",
    "该文件实为网页，通常是下载页面的提示内容。请在原处打开该文档并另存为 PDF。",
);
const WORDS: Text = text(
    "This is plain text under another name, and no PDF. Print it to a PDF, or take a photo of the paper.",
    "该文件实为纯文本，并非 PDF。请打印为 PDF，或拍摄纸质单据。",
);
const HEIC: Text = text(
    "This photo is in HEIC, as an iPhone takes it, which not every computer can show. On the iPhone choose Settings, Camera, Formats, “Most Compatible” and take it again, or send it as JPEG.",
    "该照片为 iPhone 的 HEIC 格式，并非所有电脑都能显示。请在 iPhone 的“设置 › 相机 › 格式”中选择“兼容性最佳”后重新拍摄，或转为 JPEG。",
);
const TOO_LARGE: Text = text(
    "The photo has more than {most} MB. Take it at a lower resolution.",
    "照片超过 {most} MB 的上限，请降低分辨率后重试。",
);
const PDF_TOO_LARGE: Text = text(
    "The PDF has more than {most} MB. Scan it at a lower resolution, or hand it in in parts.",
    "PDF 超过 {most} MB 的上限，请降低扫描分辨率或分份提交。",
);
const UNREADABLE: Text = text(
    "The photo cannot be opened: it is damaged or broke off on its way. Take it again, or choose the file anew.",
    "照片无法打开：文件损坏或传输中断。请重新拍摄或重新选择文件。",
);
const TOO_MANY_PIXELS: Text = text(
    "The photo is {w} by {h} pixels, more than is shown safely. Save it with at most {most} pixels a side.",
    "照片为 {w} × {h} 像素，超出安全显示范围。请保存为每边不超过 {most} 像素。",
);

/// What a question takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked {
    /// A photo.
    Photo,
    /// A photo or a PDF.
    Document,
}

impl Asked {
    /// What a field takes; nothing where it asks for no document.
    pub fn by(input: Input) -> Option<Asked> {
        match input {
            Input::Photo => Some(Asked::Photo),
            Input::Document => Some(Asked::Document),
            _ => None,
        }
    }

    /// The most bytes that are worth reading.
    pub fn most(self) -> usize {
        match self {
            Asked::Photo => PHOTO,
            Asked::Document => PDF,
        }
    }

    /// Why so many bytes are too many, as far as the first of them tell what it is.
    pub fn too_large(self, begin: &[u8]) -> Refusal {
        match self {
            Asked::Document if media_type(begin) == Some(PDF_TYPE) => {
                large("pdf_too_large", PDF_TOO_LARGE, PDF)
            }
            _ => large("photo_too_large", TOO_LARGE, PHOTO),
        }
    }
}

fn large(reason: &str, text: Text, most: usize) -> Refusal {
    Refusal::said(reason, text.with(&[("most", &(most / (1024 * 1024)).to_string())]))
}

/// The media type of a document that can be opened.
///
/// # Errors
/// When it is none that is asked for, or too large, or cannot be opened.
pub fn check(bytes: &[u8], asked: Asked) -> Result<&'static str, Refusal> {
    match media_type(bytes) {
        _ if bytes.is_empty() => Err(Refusal::new("empty_file", EMPTY)),
        Some(PDF_TYPE) if asked == Asked::Photo => Err(Refusal::new("not_a_photo", NOT_A_PHOTO)),
        Some(PDF_TYPE) if bytes.len() > PDF => Err(large("pdf_too_large", PDF_TOO_LARGE, PDF)),
        Some(PDF_TYPE) => pdf::check(bytes).map(|()| PDF_TYPE),
        Some(_) if bytes.len() > PHOTO => Err(large("photo_too_large", TOO_LARGE, PHOTO)),
        Some(media_type) => check_size(bytes, media_type).map(|()| media_type),
        None => Err(neither(bytes, asked)),
    }
}

/// What the first bytes say: JPEG (ISO/IEC 10918-1), PNG (ISO/IEC 15948), WebP (RFC 9649) or PDF (ISO 32000-2,
/// whose readers look for the header in the first 1,024 bytes).
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ if pdf::begin(bytes).is_some() => Some(PDF_TYPE),
        _ => None,
    }
}

/// What a file was called, as far as it is kept: the last part of a path, in one line, not too long.
pub fn name(given: &str) -> Option<String> {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_string())
}

/// Reads a picture's header: it must have one, and its size must be one that can be shown.
fn check_size(bytes: &[u8], media_type: &str) -> Result<(), Refusal> {
    let unreadable = || Refusal::new("unreadable_photo", UNREADABLE);
    let format = ImageFormat::from_mime_type(media_type).ok_or_else(unreadable)?;
    let size = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions();
    let (w, h) = size.map_err(|_| unreadable())?;
    if w.max(h) > LONGEST_SIDE || u64::from(w) * u64::from(h) > MOST_PIXELS {
        let [w, h, most] = [w, h, LONGEST_SIDE].map(|n| n.to_string());
        let said = TOO_MANY_PIXELS.with(&[("w", &w), ("h", &h), ("most", &most)]);
        return Err(Refusal::said("photo_too_many_pixels", said));
    }
    Ok(())
}

/// What it is instead, where that can be told: each has another mend.
fn neither(bytes: &[u8], asked: Asked) -> Refusal {
    let brand = bytes.get(4..12).filter(|b| b.starts_with(b"ftyp")).and_then(|b| b.get(4..));
    if brand.is_some_and(|b| {
        [b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"].iter().any(|h| b == *h)
    }) {
        return Refusal::new("heic", HEIC);
    }
    let (reason, or_else) = match asked {
        Asked::Photo => return Refusal::new("not_a_photo", NOT_A_PHOTO),
        Asked::Document => ("not_a_document", NOT_A_DOCUMENT),
    };
    // A byte-order mark says no more than that text follows.
    let begin = &bytes[..bytes.len().min(1024)];
    let begin = begin.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(begin).trim_ascii_start();
    let begin_text = String::from_utf8_lossy(begin).to_lowercase();
    let is_page = ["<!doctype", "<html", "<head", "<body", "<?xml", "<svg", "<script"];
    if is_page.iter().any(|tag| begin_text.starts_with(tag)) {
        return Refusal::new(reason, WEB_PAGE);
    }
    match begin.iter().any(|b| b.is_ascii_control() && !b.is_ascii_whitespace()) {
        true => Refusal::new(reason, or_else),
        false => Refusal::new(reason, WORDS),
    }
}
