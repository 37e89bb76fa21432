//! Reading a form as it comes in. A part that is too large is refused at its question and passed over, and a
//! form that goes on beyond all measure is cut off there: no more is in memory than is taken. What came before
//! is kept in either case.

use axum::{
    body::Bytes,
    extract::{
        Multipart,
        multipart::{Field as Part, MultipartError},
    },
    http::StatusCode,
};
use domain::{
    document::SOURCE,
    event::{EventDraft, Evidence},
    field::{Field, Input},
    refusal::Refusal,
    text::{Text, text},
    time::{Time, Zone, parse_with_zone},
};
use ledger::{BrandId, Fault, NewDocument};
use uuid::Uuid;

use super::{BROKEN_FORM, of::Of};
use crate::{
    clock,
    document::{self, Asked},
    problem::Problem,
    shared::Shared,
};

/// The most bytes of a form with its documents: five photos, or a PDF and four.
pub const WHOLE: usize = 4 * document::PHOTO + document::PDF + 1024 * 1024;
/// The most from somebody who is not known: one photo, and as much again, so that one that is too large is told
/// as such.
pub const STRANGER: usize = 2 * document::PHOTO;

/// The most parts a form may have, the most bytes of one text, and of all.
const MOST_PARTS: usize = 2_000;
const LONGEST_TEXT: usize = 64 * 1024;
const MOST_TEXT: usize = 1024 * 1024;
/// What is kept of a document that is too large, to tell what it is.
const BEGIN: usize = 1024;
/// An id made longer ago than this does not tell when the event happened.
const FRESH_MINUTES: i64 = 12 * 60;

const BAD_TIME: Text = text(
    "“{time}” is not a time. Write it as 2026-03-04T14:05.",
    "“{time}”不是有效时间，请写成 2026-03-04T14:05。",
);
const BAD_ZONE: Text =
    text("“{zone}” is not a time zone. Write it as +08:00.", "“{zone}”不是有效时区，请写成 +08:00。");
const TOO_LONG: Text = text("A form holds too much text.", "表单内容过长。");
const TOO_MANY_PARTS: Text = text("A form has too many parts.", "表单字段过多。");
const TWO_DOCUMENTS: Text = text(
    "One document is taken here, and two came. The first is kept: send the form again, or choose the other one alone.",
    "此处仅接收一个文件，但收到了两个。已保留第一个：请重新提交，或仅选择另一个。",
);
const STRAY_FILE: Text = text(
    "The form brings a file “{name}” that no question asks for. One photo or PDF is taken for each question that asks for one.",
    "表单附带了未要求的文件“{name}”。每个需要照片或 PDF 的问题仅接收一个文件。",
);

/// What was posted: answers in the order of the form, with the digest of a stored document in its place.
#[derive(Default)]
pub(super) struct Posted {
    pub(super) values: Vec<(String, String)>,
    /// Why a document was not taken; those that were stay stored and are not asked for again.
    pub(super) refused: Option<Refusal>,
    /// What came in between while one was stored.
    pub(super) fault: Option<Fault>,
    /// True where the form was cut off: what came after is not known.
    pub(super) cut_off: bool,
}

/// In whose name a form's documents are stored.
pub(super) struct Keeper<'a> {
    pub(super) shared: &'a Shared,
    pub(super) brand: BrandId,
    /// A person's id.
    pub(super) by: &'a str,
    /// True where the paper may come with it: not from a stranger.
    pub(super) takes_source: bool,
}

/// Reads a form. One document is taken for each question that asks for one: nothing else that is sent along is
/// ever stored, and nothing at all of a form that no page of ours sends.
///
/// # Errors
/// When it is such a form, or none.
pub(super) async fn read(mut form: Multipart, kind: Of, keeper: &Keeper<'_>) -> Result<Posted, Problem> {
    let mut posted = Posted::default();
    let mut held = vec![];
    match read_parts(&mut form, kind, keeper.takes_source, &mut posted, &mut held).await {
        Ok(()) => {}
        Err(Stop::TooMuch) => posted.cut_off = true,
        Err(Stop::Problem(problem)) => return Err(problem),
    }
    // The connection is not waited on while documents are stored.
    drop(form);
    for document in held {
        let name = document.name.clone();
        match keeper.store(document).await {
            Ok(digest) => {
                // A new one takes the place of one that was kept, wherever the two stood in the form.
                posted.values.retain(|(n, _)| *n != name);
                posted.values.push((name, digest));
            }
            Err(fault) => {
                posted.fault = Some(fault);
                break;
            }
        }
    }
    Ok(posted)
}

/// A document that has come in.
struct Held {
    name: String,
    file: String,
    media_type: &'static str,
    bytes: Vec<u8>,
}

/// Why reading ends before the form does.
enum Stop {
    TooMuch,
    Problem(Problem),
}

impl From<MultipartError> for Stop {
    fn from(error: MultipartError) -> Stop {
        match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Stop::TooMuch,
            _ => Stop::Problem(Problem::malformed(BROKEN_FORM)),
        }
    }
}

fn malformed(said: impl Into<domain::text::Said>) -> Stop {
    Stop::Problem(Problem::malformed(said))
}

async fn read_parts(
    form: &mut Multipart,
    kind: Of,
    takes_source: bool,
    posted: &mut Posted,
    held: &mut Vec<Held>,
) -> Result<(), Stop> {
    let (mut parts, mut letters) = (0, 0);
    while let Some(mut part) = form.next_field().await? {
        parts += 1;
        if parts > MOST_PARTS {
            return Err(malformed(TOO_MANY_PARTS));
        }
        let name = part.name().unwrap_or_default().to_string();
        let Some(file) = part.file_name().map(str::to_string) else {
            let Ok(bytes) = read_up_to(part, LONGEST_TEXT).await? else { return Err(malformed(TOO_LONG)) };
            letters += bytes.len();
            if letters > MOST_TEXT {
                return Err(malformed(TOO_LONG));
            }
            posted.values.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            continue;
        };
        let Some(asked) = asked_for(kind, takes_source, &name) else {
            match part.chunk().await? {
                None if file.is_empty() => continue,
                _ => return Err(malformed(STRAY_FILE.with(&[("name", &name)]))),
            }
        };
        let read = read_up_to(part, asked.most()).await?;
        // A file input left empty is sent all the same.
        if matches!(&read, Ok(bytes) if bytes.is_empty() && file.is_empty()) {
            continue;
        }
        let twice = held.iter().any(|document| document.name == name);
        match (read, asked) {
            (_, Asked::Photo) if twice => return Err(malformed(STRAY_FILE.with(&[("name", &name)]))),
            // Its question has two inputs, one for the camera and one for files.
            (_, Asked::Document) if twice => {
                posted.refused = Some(Refusal::new("two_documents", TWO_DOCUMENTS).at(name));
            }
            (Err(begin), asked) => posted.refused = Some(asked.too_large(&begin).at(name)),
            (Ok(bytes), asked) => match document::check(&bytes, asked) {
                Err(refusal) => posted.refused = Some(refusal.at(name)),
                Ok(media_type) => held.push(Held { name, file, media_type, bytes }),
            },
        }
    }
    Ok(())
}

/// The bytes of a part. Of one that has more than so many, the first of them; the rest is passed over.
async fn read_up_to(mut part: Part<'_>, most: usize) -> Result<Result<Vec<u8>, Vec<u8>>, MultipartError> {
    let (mut bytes, mut fits) = (Vec::new(), true);
    while let Some(chunk) = part.chunk().await? {
        if fits && bytes.len() + chunk.len() > most {
            fits = false;
            bytes.extend_from_slice(&chunk[..chunk.len().min(BEGIN)]);
            bytes.truncate(BEGIN);
            bytes.shrink_to_fit();
        } else if fits {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(if fits { Ok(bytes) } else { Err(bytes) })
}

impl Keeper<'_> {
    async fn store(&self, Held { file, media_type, bytes, .. }: Held) -> Result<String, Fault> {
        let name = document::name(&file);
        let document =
            NewDocument { bytes: Bytes::from(bytes), media_type, name: name.as_deref(), by: self.by };
        self.shared.ledger.store_document(self.brand, document).await
    }
}

/// What a question of this name, `photo` or `defects.0.photo`, takes; nothing where it asks for no document.
fn asked_for(kind: Of, takes_source: bool, name: &str) -> Option<Asked> {
    match name {
        SOURCE => takes_source.then_some(Asked::Document),
        _ => asked_by(kind.fields(), kind.own(name)?),
    }
}

fn asked_by(fields: &[Field], name: &str) -> Option<Asked> {
    let Some((rows, place)) = name.split_once('.') else {
        return fields.iter().find(|field| field.name == name).and_then(|field| Asked::by(field.input));
    };
    let (row, name) = place.split_once('.')?;
    row.parse::<u16>().ok()?;
    fields.iter().find_map(|field| match field.input {
        Input::Rows(fields) if field.name == rows => asked_by(fields, name),
        _ => None,
    })
}

impl Posted {
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        let value = self.values.iter().find(|(n, v)| n == name && !v.trim().is_empty());
        value.map(|(_, v)| v.trim())
    }

    /// The draft's id: made when the form was drawn, so that sending it twice is harmless.
    pub(super) fn id(&mut self) -> Uuid {
        if let Some(id) =
            self.first("draft_id").and_then(|id| id.parse().ok()).filter(|id: &Uuid| !id.is_nil())
        {
            return id;
        }
        let id = clock::new_id();
        self.values.push(("draft_id".into(), id.to_string()));
        id
    }

    pub(super) fn draft(&mut self, kind: Of) -> Result<EventDraft, Refusal> {
        let id = self.id();
        let (event_time, zone) = self.event_time(id)?;
        let all = |name: &str| -> Vec<String> {
            self.values.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone()).collect()
        };
        Ok(EventDraft {
            id,
            kind: kind.event().into(),
            event_time,
            zone,
            place: self.first("place").map(str::to_string),
            evidence: match self.first("evidence") {
                Some("scanned") => Evidence::Scanned,
                Some("testimony") => Evidence::Testimony,
                _ => Evidence::Declared,
            },
            note: self.first("note").map(str::to_string),
            source: self.first(SOURCE).map(str::to_string),
            payload: kind.payload(&all),
        })
    }

    /// The time given, else the time the form was opened: a value that stays the same when the same
    /// form is sent twice. A form left open for long says nothing of when it happened.
    fn event_time(&self, id: Uuid) -> Result<(Time, Zone), Refusal> {
        let zone = match self.first("zone") {
            None => Zone::UTC,
            Some(zone) => zone.parse().map_err(|_| {
                Refusal::said("wrong_shape", BAD_ZONE.with(&[("zone", zone)])).at("event_time")
            })?,
        };
        let now = clock::now();
        let Some(given) = self.first("event_time") else {
            let opened = clock::made(id).filter(|at| *at <= now && *at > now.plus_minutes(-FRESH_MINUTES));
            return Ok((opened.unwrap_or(now), zone));
        };
        // `datetime-local` gives no zone and often no seconds.
        let seconds = if given.len() == "2026-03-04T14:05".len() { ":00" } else { "" };
        parse_with_zone(given)
            .or_else(|_| parse_with_zone(&format!("{given}{seconds}{zone}")))
            .map_err(|_| Refusal::said("wrong_shape", BAD_TIME.with(&[("time", given)])).at("event_time"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::event::kind_named;

    fn posted(values: &[(&str, &str)]) -> Posted {
        let values = values.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
        Posted { values, ..Posted::default() }
    }

    #[test]
    fn a_document_is_asked_for_by_the_kind_and_the_paper_by_every_form_but_a_strangers() {
        let kind = |kind| Of::Event(kind_named(kind).expect("is a kind"));
        let asks = |name| asked_for(kind("inspecting"), true, name);
        assert_eq!(asked_for(kind("returning"), false, "photo"), Some(Asked::Photo));
        assert_eq!(asks("defects.0.photo"), Some(Asked::Photo));
        for name in
            ["photo", "defects.photo", "defects.x.photo", "defects.0.what", "subjects", "", "a.0.photo"]
        {
            assert_eq!(asks(name), None, "{name}");
        }
        assert_eq!(asks("source"), Some(Asked::Document));
        assert_eq!(asked_for(kind("returning"), false, "source"), None);
    }

    #[test]
    fn the_same_form_sent_twice_is_the_same_draft() {
        let id = clock::new_id().to_string();
        let kind = Of::Event(kind_named("relabeling").expect("is a kind"));
        let make = || posted(&[("draft_id", &id), ("old_code", "A")]).draft(kind).expect("is a draft");
        assert_eq!(make(), make());
    }

    #[test]
    fn a_time_is_read_as_the_clock_on_the_wall_showed_it() {
        let at = |values: &[(&str, &str)]| posted(values).event_time(Uuid::nil()).map(|(t, z)| t.at(z));
        let wall = Ok("2026-03-04 14:05 +08:00".to_string());
        assert_eq!(at(&[("event_time", "2026-03-04T14:05"), ("zone", "+08:00")]), wall);
        assert_eq!(at(&[("event_time", "2026-03-04T14:05:00+08:00")]), wall);
        for bad in [("event_time", "yesterday"), ("zone", "Shanghai")] {
            assert_eq!(at(&[bad]).expect_err("is refused").field.as_deref(), Some("event_time"));
        }
    }
}
