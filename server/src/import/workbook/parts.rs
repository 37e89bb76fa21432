//! The parts of a workbook, before calamine opens it: which part is which sheet.

use super::super::report::Problem;
use domain::text::{Text, text};
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use std::{
    collections::HashMap,
    fmt::Display,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};
use zip::ZipArchive;

pub(super) type Zip = ZipArchive<BufReader<File>>;

const DAMAGED: Text = text(
    "The workbook cannot be read: {why}. Open it in a spreadsheet program and save it again as XLSX.",
    "无法读取该工作簿：{why}。请用电子表格程序打开并重新保存为 XLSX。",
);

/// A workbook that is not one inside.
pub(super) fn damaged(why: impl Display) -> Problem {
    Problem::of_file("workbook_damaged", DAMAGED.with(&[("why", &why.to_string())]))
}

pub(super) fn open(path: &Path) -> Result<Zip, Problem> {
    let file = File::open(path).map_err(damaged)?;
    ZipArchive::new(BufReader::new(file)).map_err(damaged)
}

/// An element's attribute, by its name without prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

/// Calls back for every element that begins.
pub(super) fn elements<R: BufRead>(
    xml: R,
    mut each: impl FnMut(&str, &BytesStart<'_>),
) -> Result<R, (R, quick_xml::Error)> {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::with_capacity(1 << 12);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element) | Event::Empty(element)) => {
                each(element.local_name().as_ref(), &element);
            }
            Ok(Event::Eof) => return Ok(reader.into_inner()),
            Ok(_) => {}
            Err(error) => return Err((reader.into_inner(), error)),
        }
    }
}

/// A sheet of a workbook, and the part that holds it.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) part: String,
    pub(super) hidden: bool,
}

/// The sheets of a workbook in their order, and whether its days count from 1904.
pub(super) fn sheets(zip: &mut Zip) -> Result<(Vec<Sheet>, bool), Problem> {
    let workbook = target(zip, "_rels/.rels", "/officeDocument")?;
    let (folder, file) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
    let mut parts = HashMap::new();
    each_of(zip, &format!("{folder}/_rels/{file}.rels"), |name, element| {
        if name == "Relationship"
            && let (Some(id), Some(to)) = (attribute(element, "Id"), attribute(element, "Target"))
            && attribute(element, "Type").is_some_and(|kind| kind.ends_with("/worksheet"))
        {
            parts.insert(id, from(folder, &to));
        }
    })?;
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    each_of(zip, &workbook, |name, element| match name {
        "sheet" => {
            let part = element.attributes().flatten().find(|a| a.key.as_ref().ends_with(":id"));
            let part = part.and_then(|id| parts.get(&*id.value).cloned());
            if let (Some(name), Some(part)) = (attribute(element, "name"), part) {
                let state = attribute(element, "state");
                let hidden = state.is_some_and(|state| state != "visible");
                sheets.push(Sheet { name, part, hidden });
            }
        }
        "workbookPr" => {
            from_1904 = attribute(element, "date1904").is_some_and(|v| v == "1" || v == "true");
        }
        _ => {}
    })?;
    Ok((sheets, from_1904))
}

fn target(zip: &mut Zip, rels: &str, kind: &str) -> Result<String, Problem> {
    let mut found = None;
    each_of(zip, rels, |name, element| {
        let of_kind = attribute(element, "Type").is_some_and(|t| t.ends_with(kind));
        if name == "Relationship" && of_kind {
            found = attribute(element, "Target").map(|to| from("", &to));
        }
    })?;
    found.ok_or_else(|| damaged("no workbook part"))
}

/// A target as it stands in the relationships of a folder.
fn from(folder: &str, target: &str) -> String {
    match target.strip_prefix('/') {
        Some(whole) => whole.to_string(),
        None if folder.is_empty() => target.to_string(),
        None => format!("{folder}/{target}"),
    }
}

fn each_of(zip: &mut Zip, part: &str, each: impl FnMut(&str, &BytesStart<'_>)) -> Result<(), Problem> {
    let name = named(zip, part).ok_or_else(|| damaged(format!("{part} is missing")))?;
    let bytes = zip.by_name(&name).map_err(damaged)?;
    elements(BufReader::new(bytes), each).map(drop).map_err(|(_, error)| damaged(error))
}

/// The name of a part as the zip has it; some programs write it with other capitals.
pub(super) fn named(zip: &Zip, part: &str) -> Option<String> {
    zip.file_names().flatten().find(|name| name.eq_ignore_ascii_case(part)).map(|name| name.into_owned())
}
