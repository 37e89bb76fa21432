//! Documents: photos, PDFs and workbooks that an event names by the digest of their bytes. The bytes are
//! kept beside the book; the digest in an entry is what makes them part of what was said.

use crate::{
    event::{self, EventDraft},
    field::{Field, Input},
    record::record_named,
    refusal::Refusal,
    text::{Text, text},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The media type of a table as CSV (RFC 7111).
pub const CSV: &str = "text/csv";
/// The media type of a workbook (ECMA-376).
pub const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The media type of a zip of tables.
pub const ZIP: &str = "application/zip";
const TABLES: [&str; 3] = [CSV, WORKBOOK, ZIP];

/// The field of a draft that names the document which tells of the event.
pub const SOURCE: &str = "source";

/// A stored document, as a page tells of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Document {
    /// The digest of its bytes: `sha256:…`.
    pub digest: String,
    /// What its first bytes said; empty where it was never stored here.
    pub media_type: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// What it was called where it came from.
    pub name: Option<String>,
}

impl Document {
    /// True of a picture, which a page can show.
    pub fn is_photo(&self) -> bool {
        self.media_type.starts_with("image/")
    }

    /// True of what tables are handed in as. Any row of them may tell who supplied a material.
    pub fn is_table(&self) -> bool {
        TABLES.contains(&&*self.media_type)
    }
}

/// Whether a text is a digest as entries name it: `sha256:` and 64 digits of base 16, the letters small, so
/// that one document has one name.
pub fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hex| {
        hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

const NO_SOURCE: Text = text(
    "The source should be a photo or PDF that was stored first, as sha256: and 64 digits. Store it again, or leave the source out.",
    "来源应为已上传的照片或 PDF，格式为 sha256: 加 64 位数字。请重新上传，或不填来源。",
);

/// Whether the source, where one is named, has the shape of a digest.
///
/// # Errors
/// Where it has not.
pub fn check_source(draft: &EventDraft) -> Result<(), Refusal> {
    match draft.source.as_deref() {
        Some(source) if !is_digest(source) => Err(Refusal::new("wrong_shape", NO_SOURCE).at(SOURCE)),
        _ => Ok(()),
    }
}

/// A document where it is named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// In which field: `source`, `defects.0.photo`.
    pub field: String,
    /// By which digest.
    pub digest: String,
    /// True where nothing but a photo will do.
    pub photo: bool,
}

/// The documents that a draft or an entry names: its source, and those in its payload.
pub fn named(kind: &str, source: Option<&str>, payload: &Value) -> Vec<Named> {
    let source = source.filter(|source| is_digest(source));
    let source = source.map(|digest| Named { field: SOURCE.into(), digest: digest.into(), photo: false });
    source.into_iter().chain(of_payload(kind, payload)).collect()
}

/// The documents that a payload of a kind names. Only fields that ask for one are looked at: a text elsewhere
/// may look like a digest and be something else.
pub fn of_payload(kind: &str, payload: &Value) -> Vec<Named> {
    let mut found = Vec::new();
    if let Some(kind) = event::kind_named(kind) {
        of_fields(kind.about.fields, payload, "", &mut found);
    }
    // A record's facts come as rows of name and value, and the record kind tells what each of them is.
    if let Some(record) = payload["record"].as_str().and_then(record_named) {
        for (i, fact) in payload["facts"].as_array().into_iter().flatten().enumerate() {
            let field = record.fields.iter().find(|field| Some(field.name) == fact["name"].as_str());
            if let Some(field) = field {
                take(field, &fact["value"], format!("facts.{i}.value"), &mut found);
            }
        }
    }
    found
}

fn of_fields(fields: &[Field], given: &Value, path: &str, found: &mut Vec<Named>) {
    for field in fields {
        let value = &given[field.name];
        match field.input {
            Input::Rows(inner) => {
                for (i, row) in value.as_array().into_iter().flatten().enumerate() {
                    of_fields(inner, row, &format!("{path}{}.{i}.", field.name), found);
                }
            }
            _ => take(field, value, format!("{path}{}", field.name), found),
        }
    }
}

fn take(field: &Field, value: &Value, place: String, found: &mut Vec<Named>) {
    let photo = match field.input {
        Input::Photo => true,
        Input::Document => false,
        _ => return,
    };
    if let Some(digest) = value.as_str().filter(|text| is_digest(text)) {
        found.push(Named { field: place, digest: digest.into(), photo });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn digest(letter: char) -> String {
        format!("sha256:{}", letter.to_string().repeat(64))
    }

    #[test]
    fn a_digest_has_one_spelling() {
        assert!(is_digest(&digest('a')) && is_digest(&digest('0')));
        for bad in
            [digest('A'), digest('g'), digest('a') + "0", digest('a').replace(':', "-"), "sha256:".into()]
        {
            assert!(!is_digest(&bad), "{bad}");
        }
    }

    #[test]
    fn documents_are_found_where_a_field_asks_for_one_and_nowhere_else() {
        let payload = json!({
            "subjects": ["urn:lotwalk:batch:L"],
            "findings": digest('e'),
            "defects": [{"what": digest('d'), "photo": digest('a')}, {"what": "dent"}, {"photo": digest('b')}],
        });
        let source = digest('f');
        let found = named("inspecting", Some(&source), &payload);
        let at = |field: &str, letter, photo| Named { field: field.into(), digest: digest(letter), photo };
        let all =
            [at("source", 'f', false), at("defects.0.photo", 'a', true), at("defects.2.photo", 'b', true)];
        assert_eq!(found, all);
        assert_eq!(of_payload("no such kind", &payload), []);
    }
}
