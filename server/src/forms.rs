//! Forms of the pages: they work without script, and nothing that was filled in is ever lost.
//!
//! `POST /event/{kind}` makes a draft of what was posted, stores its photos, and captures it. When that
//! cannot be (a refusal, an expired session, a fault) the filled form is kept, and the answer leads back
//! to it; so it is where only more rows are asked for. `POST /p/return` is the same for somebody who holds the toy and has no account.

use app::{
    here::{encode, href},
    kept::KeptDraft,
};
use axum::{
    Extension,
    body::Bytes,
    extract::{Multipart, Path, State, multipart::MultipartError},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    event::{EventDraft, Evidence, FIELD_RETURN, Kind, kind_named},
    field::{Field, Input, payload_from_form},
    person::{Person, Role},
    refusal::Refusal,
    text::{Text, text},
    time::{Time, Zone, parse_with_zone},
    view::Receipt,
};
use ledger::{BrandId, Fault};
use uuid::Uuid;

use crate::{
    clock, photo,
    problem::Problem,
    session::{Visitor, see},
    shared::Shared,
    visitor::{self, Asker},
};

/// The most parts a form may have, and the most bytes of one text.
const MOST_PARTS: usize = 2_000;
const LONGEST_TEXT: usize = 64 * 1024;
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
const STRAY_FILE: Text = text(
    "The form brings a file “{name}” that no question asks for. One photo is taken for each question that asks for one.",
    "表单附带了未要求的文件“{name}”。每个需要照片的问题仅接收一张照片。",
);
const BROKEN_FORM: Text =
    text("The form broke off on its way here. Send it again.", "表单传输中断，请重新提交。");

/// What was posted: answers in the order of the form, and the photos among them.
#[derive(Default)]
struct Posted {
    values: Vec<(String, String)>,
    photos: Vec<(String, Bytes)>,
}

/// `POST /event/{kind}`.
pub async fn event(
    State(shared): State<Shared>,
    Extension(visitor): Extension<Visitor>,
    asker: Asker,
    Path(kind): Path<String>,
    form: Multipart,
) -> Result<Response, Problem> {
    let kind = kind_named(&kind).ok_or_else(Problem::not_found)?;
    let Some(person) = visitor.person() else {
        shared.strangers.take(&asker.counted()).map_err(Problem::too_many)?;
        let mut posted = read(form, kind).await?;
        let refusal = store_photos(&shared, visitor.brand.id, &mut posted).await?.err();
        let page = keep(&shared, &visitor, kind, posted, refusal, None).await?;
        return Ok(see(&format!("/sign-in?refused=expired&back={}", encode(&page))));
    };
    let mut posted = read(form, kind).await?;
    if let Some(field) = posted.first("more_rows").map(str::to_string) {
        let refusal = store_photos(&shared, visitor.brand.id, &mut posted).await?.err();
        let page = keep(&shared, &visitor, kind, posted, refusal, None).await?;
        return Ok(see(&format!("{page}#question-{}", encode(&field))));
    }
    let page = match capture(&shared, &visitor, &person, kind, &mut posted).await {
        Ok(Ok(receipt)) => return Ok(see(&page_of(&receipt, &posted, person.role))),
        Ok(Err(refusal)) => keep(&shared, &visitor, kind, posted, Some(refusal), None).await?,
        Err(fault) => {
            let number = fault.number.clone();
            // Where the draft cannot be kept either, the fault itself is the answer; the browser still
            // holds the form.
            keep(&shared, &visitor, kind, posted, None, Some(number))
                .await
                .map_err(|_| Problem::from(fault))?
        }
    };
    Ok(see(&page))
}

/// `POST /p/return`: somebody returns a toy by the code on it.
pub async fn public_return(
    State(shared): State<Shared>,
    asker: Asker,
    form: Multipart,
) -> Result<Response, Problem> {
    let kind = kind_named(FIELD_RETURN).ok_or_else(Problem::not_found)?;
    shared.strangers.take(&asker.counted()).map_err(Problem::too_many)?;
    let mut posted = read(form, kind).await?;
    let visitor = Visitor { account: None, brand: shared.brand.clone() };
    let person = Person { id: "public".into(), name: "Public page".into(), role: Role::Retailer };
    let code = posted.first("code").unwrap_or_default();
    let page = match domain::code::read(None, code.as_bytes()) {
        Ok(code) => app::pages::public::address(&code),
        Err(_) => format!("/p/{}", encode(code)),
    };
    match capture(&shared, &visitor, &person, kind, &mut posted).await? {
        Ok(receipt) => Ok(see(&format!("{page}?returned={}", receipt.seq))),
        Err(refusal) => {
            let draft = keep(&shared, &visitor, kind, posted, Some(refusal), None).await?;
            let id = draft.rsplit('=').next().unwrap_or_default();
            Ok(see(&format!("{page}?draft={id}")))
        }
    }
}

/// `GET /file/{digest}`: a stored photo, for those who read records.
pub async fn file(
    State(shared): State<Shared>,
    Extension(visitor): Extension<Visitor>,
    Path(digest): Path<String>,
) -> Result<Response, Problem> {
    let account = visitor.must(Role::reads_records)?;
    let file = shared.ledger.file(account.brand, &digest).await?;
    let (bytes, media_type) = file.ok_or_else(Problem::not_found)?;
    let media_type = photo::media_type(&bytes).filter(|seen| *seen == media_type);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type.unwrap_or("application/octet-stream"))),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"photo\"")),
    ];
    Ok((StatusCode::OK, headers, bytes).into_response())
}

/// Captures what was posted.
async fn capture(
    shared: &Shared,
    visitor: &Visitor,
    person: &Person,
    kind: &Kind,
    posted: &mut Posted,
) -> Result<Result<Receipt, Refusal>, Fault> {
    if let Err(refusal) = store_photos(shared, visitor.brand.id, posted).await? {
        return Ok(Err(refusal));
    }
    let draft = match posted.draft(kind) {
        Ok(draft) => draft,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let id = draft.id;
    let mut answers = shared.ledger.capture(visitor.brand.id, person, vec![draft]).await?;
    let receipt = match answers.pop() {
        Some(Ok(receipt)) => receipt,
        // The form shows the candidates, and it is kept as it will be shown.
        Some(Err(refusal)) => return Ok(Err(refusal.told(person.role))),
        None => return Ok(Err(Refusal::new("no_answer", BROKEN_FORM))),
    };
    // An entry is durable now; a kept draft left behind would only be clutter.
    let _ = shared.ledger.forget_draft(visitor.brand.id, id).await;
    Ok(Ok(receipt))
}

/// Where the form asked to go, else the page of what the event was about, or the scan page for those who
/// may not read it; each shows the receipt.
fn page_of(receipt: &Receipt, posted: &Posted, role: Role) -> String {
    let page = match posted.first("back") {
        Some(back) => visitor::back(Some(back)).to_string(),
        None if !role.reads_records() => "/".to_string(),
        None => receipt.subjects.first().map_or("/".to_string(), href),
    };
    let joint = if page.contains('?') { '&' } else { '?' };
    format!("{page}{joint}receipt={}", receipt.seq)
}

/// Keeps the form and tells its address.
async fn keep(
    shared: &Shared,
    visitor: &Visitor,
    kind: &Kind,
    mut posted: Posted,
    refusal: Option<Refusal>,
    fault: Option<String>,
) -> Result<String, Problem> {
    let id = posted.id();
    posted.values.retain(|(name, _)| name != "draft_id");
    posted.values.push(("draft_id".into(), id.to_string()));
    let account = visitor.account.as_ref().map(|account| account.id.clone());
    let kept = KeptDraft { kind: kind.name.into(), values: posted.values, refusal, fault, account };
    let json = serde_json::to_string(&kept).map_err(Problem::broke)?;
    shared.ledger.keep_draft(visitor.brand.id, id, &json).await?;
    Ok(format!("/event/{}?draft={id}", kind.name))
}

/// Stores the photos, and puts the digest of each in its place. A photo that is none is refused, and the
/// others stay stored, so that they are not asked for again.
async fn store_photos(
    shared: &Shared,
    brand: BrandId,
    posted: &mut Posted,
) -> Result<Result<(), Refusal>, Fault> {
    let mut refused = Ok(());
    for (name, bytes) in std::mem::take(&mut posted.photos) {
        match photo::check(&bytes) {
            Ok(media_type) => {
                let digest = shared.ledger.put_file(brand, &bytes, media_type).await?;
                posted.values.retain(|(n, _)| *n != name);
                posted.values.push((name, digest));
            }
            Err(refusal) => refused = Err(refusal.at(name)),
        }
    }
    Ok(refused)
}

impl Posted {
    fn first(&self, name: &str) -> Option<&str> {
        let value = self.values.iter().find(|(n, v)| n == name && !v.trim().is_empty());
        value.map(|(_, v)| v.trim())
    }

    /// The draft's id: made when the form was drawn, so that sending it twice is harmless.
    fn id(&mut self) -> Uuid {
        if let Some(id) =
            self.first("draft_id").and_then(|id| id.parse().ok()).filter(|id: &Uuid| !id.is_nil())
        {
            return id;
        }
        let id = clock::new_id();
        self.values.push(("draft_id".into(), id.to_string()));
        id
    }

    fn draft(&mut self, kind: &Kind) -> Result<EventDraft, Refusal> {
        let id = self.id();
        let (event_time, zone) = self.event_time(id)?;
        let all = |name: &str| -> Vec<String> {
            self.values.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone()).collect()
        };
        Ok(EventDraft {
            id,
            kind: kind.name.into(),
            event_time,
            zone,
            place: self.first("place").map(str::to_string),
            evidence: match self.first("evidence") {
                Some("scanned") => Evidence::Scanned,
                Some("testimony") => Evidence::Testimony,
                _ => Evidence::Declared,
            },
            note: self.first("note").map(str::to_string),
            payload: payload_from_form(kind.about.fields, &all),
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

/// Reads a form. One photo is taken for each question that asks for one: nothing else that is sent along
/// is ever stored.
async fn read(mut form: Multipart, kind: &Kind) -> Result<Posted, Problem> {
    let broken = |e: MultipartError| match e.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
        _ => Problem::malformed(BROKEN_FORM),
    };
    let mut posted = Posted::default();
    while let Some(part) = form.next_field().await.map_err(broken)? {
        if posted.values.len() + posted.photos.len() >= MOST_PARTS {
            return Err(Problem::malformed(TOO_MANY_PARTS));
        }
        let name = part.name().unwrap_or_default().to_string();
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await.map_err(broken)?;
        if is_file {
            // A file input left empty is sent all the same.
            if bytes.is_empty() {
                continue;
            }
            let twice = posted.photos.iter().any(|(n, _)| *n == name);
            if twice || !asks_for_photo(kind.about.fields, &name) {
                return Err(Problem::malformed(STRAY_FILE.with(&[("name", &name)])));
            }
            posted.photos.push((name, bytes));
        } else if bytes.len() > LONGEST_TEXT {
            return Err(Problem::malformed(TOO_LONG));
        } else {
            posted.values.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok(posted)
}

/// Whether a question of this name, `photo` or `defects.0.photo`, asks for a photo.
fn asks_for_photo(fields: &[Field], name: &str) -> bool {
    let Some((rows, place)) = name.split_once('.') else {
        return fields.iter().any(|field| field.name == name && matches!(field.input, Input::Photo));
    };
    let Some((row, name)) = place.split_once('.') else { return false };
    row.parse::<u16>().is_ok()
        && fields.iter().any(|field| match field.input {
            Input::Rows(fields) => field.name == rows && asks_for_photo(fields, name),
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(values: &[(&str, &str)]) -> Posted {
        let values = values.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
        Posted { values, photos: vec![] }
    }

    #[test]
    fn a_photo_is_asked_for_by_the_kind() {
        let asks = |kind, name| asks_for_photo(kind_named(kind).expect("is a kind").about.fields, name);
        for (kind, name) in [("returning", "photo"), ("inspecting", "defects.0.photo")] {
            assert!(asks(kind, name), "{kind} {name}");
        }
        for name in
            ["photo", "defects.photo", "defects.x.photo", "defects.0.what", "subjects", "", "a.0.photo"]
        {
            assert!(!asks("inspecting", name), "{name}");
        }
    }

    #[test]
    fn the_same_form_sent_twice_is_the_same_draft() {
        let id = clock::new_id().to_string();
        let kind = kind_named("relabeling").expect("is a kind");
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
