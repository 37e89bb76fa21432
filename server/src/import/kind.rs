//! What a file is by what stands in it, whatever it is called: a table, a workbook, a pack of them, or
//! something else, which is told by its name with the way to a table.

use super::report::Problem;
use domain::{
    document,
    text::{Said, Text, text},
};
use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

impl Kind {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Kind::Csv => document::CSV,
            Kind::Workbook => document::WORKBOOK,
            Kind::Pack => document::ZIP,
        }
    }
}

/// A file that tables can be read from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// CSV.
    Csv,
    /// XLSX.
    Workbook,
    /// A zip of tables.
    Pack,
}

const OLD_WORKBOOK: Text = text(
    "This is a workbook of the old kind (.xls). Open it in a spreadsheet program and save it as XLSX.",
    "这是旧格式工作簿（.xls）。请用电子表格程序打开并另存为 XLSX。",
);
const LOCKED: Text = text(
    "The workbook is protected by a password. Take the password off, and save it again.",
    "该工作簿设有密码。请取消密码后重新保存。",
);
const OPEN_DOCUMENT: Text = text(
    "This is an OpenDocument spreadsheet (.ods). Save it as XLSX.",
    "这是 OpenDocument 电子表格（.ods），请另存为 XLSX。",
);
const BINARY_WORKBOOK: Text =
    text("This is a binary workbook (.xlsb). Save it as XLSX.", "这是二进制工作簿（.xlsb），请另存为 XLSX。");
const NUMBERS: Text = text(
    "This is a Numbers document. Export it as Excel (XLSX).",
    "这是 Numbers 文档，请导出为 Excel（XLSX）。",
);
const PDF: Text = text(
    "This is a PDF, whatever it is called. Ask for the table itself, as XLSX or CSV.",
    "无论文件名如何，这是一个 PDF。请索取表格本身（XLSX 或 CSV）。",
);
const WEB_PAGE: Text = text(
    "This is a web page, whatever it is called: some programs export tables so. Open it in a spreadsheet program and save it as XLSX.",
    "无论文件名如何，这是一个网页，某些程序会这样导出表格。请用电子表格程序打开并另存为 XLSX。",
);
const XML: Text = text(
    "This is XML, whatever it is called. Open it in a spreadsheet program and save it as XLSX.",
    "无论文件名如何，这是一个 XML 文件。请用电子表格程序打开并另存为 XLSX。",
);
const PICTURE: Text = text(
    "This is a picture. Type the table in, or ask for it as XLSX or CSV.",
    "这是一张图片。请录入表格内容，或索取 XLSX 或 CSV 文件。",
);
const TEXT_DOCUMENT: Text = text(
    "This is a text document or a presentation. Copy the table into a spreadsheet, and save it as XLSX.",
    "这是文字文档或演示文稿。请将表格复制到电子表格并保存为 XLSX。",
);
const OTHER_ARCHIVE: Text = text(
    "This is an archive that is not taken here. Unpack it, and hand in the tables or a zip of them.",
    "不支持此类压缩包。请解压后提交表格或 zip。",
);

fn other(reason: &str, said: impl Into<Said>) -> Problem {
    Problem::of_file(reason, said)
}

/// What a file is.
///
/// # Errors
/// Where no table can be read from it, with the mend; where it cannot be read at all, as `said` tells it.
pub fn of(path: &Path, said: impl Fn(io::Error) -> Problem) -> Result<Kind, Problem> {
    let mut start = vec![];
    let file = File::open(path).map_err(&said)?;
    file.take(4096).read_to_end(&mut start).map_err(&said)?;
    match &start[..] {
        [b'P', b'K', 3 | 5, ..] => in_zip(path),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(compound(path).map_err(said)?),
        [b'%', b'P', b'D', b'F', ..] => Err(other("is_pdf", PDF)),
        [0xFF, 0xD8, 0xFF, ..] | [0x89, b'P', b'N', b'G', ..] | [b'G', b'I', b'F', b'8', ..] => {
            Err(other("is_picture", PICTURE))
        }
        [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xBC, 0xAF, ..] | [0x1F, 0x8B, ..] => {
            Err(other("is_archive", OTHER_ARCHIVE))
        }
        start => {
            let words =
                String::from_utf8_lossy(start).trim_start_matches('\u{feff}').trim_start().to_lowercase();
            let begins = |tags: &[&str]| tags.iter().any(|tag| words.starts_with(tag));
            match () {
                () if begins(&["<!doctype html", "<html", "<table", "<head", "<meta", "<body"]) => {
                    Err(other("is_web_page", WEB_PAGE))
                }
                () if begins(&["<?xml"]) && words.contains("<html") => Err(other("is_web_page", WEB_PAGE)),
                () if begins(&["<?xml"]) => Err(other("is_xml", XML)),
                () => Ok(Kind::Csv),
            }
        }
    }
}

/// What a zip is, by the names in it.
fn in_zip(path: &Path) -> Result<Kind, Problem> {
    let open = || zip::ZipArchive::new(BufReader::new(File::open(path).ok()?)).ok();
    // A zip that is damaged is told as one by who unpacks it.
    let Some(zip) = open() else { return Ok(Kind::Pack) };
    let has = |part: &str| zip.file_names().flatten().any(|name| name.eq_ignore_ascii_case(part));
    let under = |folder: &str| zip.file_names().flatten().any(|name| name.starts_with(folder));
    match () {
        () if has("xl/workbook.bin") => Err(other("is_binary_workbook", BINARY_WORKBOOK)),
        () if has("word/document.xml") || has("ppt/presentation.xml") => {
            Err(other("is_text_document", TEXT_DOCUMENT))
        }
        () if has("[Content_Types].xml") => Ok(Kind::Workbook),
        () if has("content.xml") && has("META-INF/manifest.xml") => {
            Err(other("is_open_document", OPEN_DOCUMENT))
        }
        () if under("Index/") || has("Index.zip") => Err(other("is_numbers", NUMBERS)),
        () => Ok(Kind::Pack),
    }
}

/// A compound file (MS-CFB) is an old workbook, or a new one that was encrypted: a stream is called so.
fn compound(path: &Path) -> io::Result<Problem> {
    /// The directory stands in the first megabytes, however large the file is.
    const DIRECTORY: u64 = 4 << 20;
    let mut start = vec![];
    File::open(path)?.take(DIRECTORY).read_to_end(&mut start)?;
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    Ok(match start.windows(name.len()).any(|window| window == name) {
        true => other("is_locked", LOCKED),
        false => other("is_old_workbook", OLD_WORKBOOK),
    })
}
