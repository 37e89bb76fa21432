//! A subject's story, the newest first. What was declared wrong stays readable, struck through, with the
//! way to the entry that says so (C32).

use crate::{
    here::{href, lang, said, tr},
    parts::{
        cite::{Cite, CiteSeq, EvidenceMark},
        icon::{Glyph, Icon},
        section::Nothing,
    },
};
use domain::{
    document::Document,
    text::{Said, Text, text},
    view::TimelineEntry,
};
use leptos::prelude::*;

const NOTHING: Text = text("Nothing has been recorded yet.", "尚无记录。");
const CORRECTED: Text = text("Declared wrong by entry", "已被以下条目声明为错误：");
const HIDDEN: Text = text("Person not shown to your role", "您的角色不可见记录人");
const PHOTO: Text = text("Photo {n}", "照片 {n}");
const SOURCE: Text = text("Source: {what}", "来源：{what}");
const SOURCE_PHOTO: Text = text("photo", "照片");
const SOURCE_FILE: Text = text("document", "文件");
const BYTES: Text = text("{n} bytes", "{n} 字节");
const RECORDED: Text = text("recorded {day}", "{day} 记录");
const RECORDED_WITH_NEXT: Text = text("recorded {day}, with the next one", "{day} 记录，连同下一条");
const RECORDED_WITH: Text = text("recorded {day}, with the next {n}", "{day} 记录，连同以下 {n} 条");
const RECORDED_AT: Text = text("Recorded {time}", "记录于 {time}");
const LATER_MINUTES: Text = text("Recorded {time}, {n} minutes later", "记录于 {time}，{n} 分钟后");
const LATER_HOURS: Text = text("Recorded {time}, {n} hours later", "记录于 {time}，{n} 小时后");
const LATER_DAYS: Text = text("Recorded {time}, {n} days later", "记录于 {time}，{n} 天后");

/// The lines of a story.
#[component]
pub fn Timeline(
    /// The newest first.
    entries: Vec<TimelineEntry>,
    /// Tells of each line when the ledger learned of it; a story tells it only where it was much later.
    #[prop(optional)]
    whole: bool,
) -> impl IntoView {
    if entries.is_empty() {
        return view! { <Nothing word=NOTHING/> }.into_any();
    }
    let recorded: Vec<_> = match whole {
        true => entries.iter().map(|line| Some(said(&recorded_at(line)))).collect(),
        false => recorded_much_later(&entries).iter().map(|told| told.as_ref().map(said)).collect(),
    };
    let lines: Vec<_> = entries.into_iter().zip(recorded).map(|(entry, told)| line(entry, told)).collect();
    view! { <ol class="timeline">{lines}</ol> }.into_any()
}

fn line(line: TimelineEntry, recorded: Option<String>) -> impl IntoView {
    let TimelineEntry { entry, title, sentence, person, place, about, note, corrected_by, .. } = line;
    let (photos, documents) = (photos_of(line.photos, line.source.as_ref()), documents_of(line.documents));
    let source = line.source.map(source_of);
    let sentence = said(&sentence);
    let sentence = match corrected_by {
        Some(_) => view! { <s>{sentence}</s> }.into_any(),
        None => sentence.into_any(),
    };
    let corrected = corrected_by.map(|seq| {
        view! { <p class="corrected"><Icon glyph=Glyph::Look/>{tr(CORRECTED)} " " <CiteSeq seq/></p> }
    });
    let recorded = recorded.map(|told| view! { <span class="recorded">{told}</span> });
    let person = match person {
        Some(person) => view! { <span>{person.name} " (" {tr(person.role.title())} ")"</span> }.into_any(),
        None => view! { <span class="hidden">{tr(HIDDEN)}</span> }.into_any(),
    };
    let place = place.map(|p| view! { <a href=href(&p.subject)>{p.title}</a> });
    let about = about.map(|s| {
        view! { <a class="about" href=href(&s.subject)><Icon glyph=Glyph::of(s.subject.kind)/>{s.title}</a> }
    });
    let class = if corrected_by.is_some() { "wrong" } else { "" };
    let (id, kind) = (format!("entry-{}", entry.seq), entry.kind.clone());
    view! {
        <li class=class id=id data-kind=kind>
            <p class="kind">{said(&title)} {about}</p>
            <p class="sentence">{sentence}</p>
            {corrected}
            {note.map(|note| view! { <blockquote>{note}</blockquote> })}
            {photos}
            {documents}
            <p class="meta">
                <time datetime=entry.event_time.to_string()>{entry.event_time.at(entry.zone)}</time>
                {recorded}
                {person}
                {place}
                <EvidenceMark evidence=entry.evidence/>
                {source}
                <Cite entry bare=true/>
            </p>
        </li>
    }
}

/// Photos as pictures, that of the paper with them.
fn photos_of(photos: Vec<String>, source: Option<&Document>) -> Option<impl IntoView + use<>> {
    let numbered =
        |(digest, n): (String, u64)| (digest, PHOTO.with(&[("n", &n.to_string())]).get(lang()).to_owned());
    let mut photos: Vec<_> = photos.into_iter().zip(1_u64..).map(numbered).collect();
    photos.extend(
        source.filter(|source| source.is_photo()).map(|source| (source.digest.clone(), told(source))),
    );
    let shown = |(digest, alt): (String, String)| {
        let address = address(&digest);
        view! {
            <a href=address.clone() rel="external"><img src=address.clone() alt=alt loading="lazy" width="96" height="96"/></a>
        }
    };
    (!photos.is_empty()).then(|| {
        let photos: Vec<_> = photos.into_iter().map(shown).collect();
        view! { <p class="photos">{photos}</p> }
    })
}

fn documents_of(documents: Vec<Document>) -> Option<impl IntoView + use<>> {
    (!documents.is_empty()).then(|| {
        let documents: Vec<_> = documents
            .iter()
            .map(|document| {
                let size = size(document.bytes);
                let named = what(document);
                view! {
                    <a class="document" href=address(&document.digest) rel="external">
                        <Icon glyph=Glyph::Document/>{named} " " <span class="detail">{size}</span>
                    </a>
                }
            })
            .collect();
        view! { <p class="documents">{documents}</p> }
    })
}

/// The way to the document that tells of it, beside how it came to be known.
fn source_of(source: Document) -> impl IntoView {
    let glyph = if source.is_photo() { Glyph::Photo } else { Glyph::Document };
    view! { <a class="source" href=address(&source.digest) rel="external"><Icon glyph/>{told(&source)}</a> }
}

fn told(source: &Document) -> String {
    SOURCE.with(&[("what", &what(source))]).get(lang()).to_owned()
}

/// What a document is called: a photo by that word, for cameras name them by numbers.
fn what(document: &Document) -> String {
    match (&document.name, document.media_type.as_str()) {
        _ if document.is_photo() => tr(SOURCE_PHOTO).to_owned(),
        (Some(name), _) => name.clone(),
        (None, "application/pdf") => "PDF".to_owned(),
        (None, _) => tr(SOURCE_FILE).to_owned(),
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        n if n < 1024 => BYTES.with(&[("n", &n.to_string())]).get(lang()).to_owned(),
        n if n < 1024 * 1024 => format!("{} kB", n / 1024),
        n => format!("{}.{} MB", n >> 20, ((n >> 10) & 1023) * 10 / 1024),
    }
}

fn address(digest: &str) -> String {
    format!("/file/{digest}")
}

/// Days between happening and being recorded that are not worth a word in a story: a weekend, a run
/// sheet that waits for its signature.
const UNREMARKABLE: i64 = 7;

/// How much later than it happened it was recorded, in minutes.
fn minutes_later(line: &TimelineEntry) -> i64 {
    line.record_time.0.saturating_sub(line.entry.event_time.0) / 60_000
}

/// The day on which a line was recorded, where that was much later.
fn late_day(line: &TimelineEntry) -> Option<String> {
    let late = minutes_later(line) > UNREMARKABLE * 24 * 60;
    late.then(|| line.record_time.at(line.entry.zone).chars().take(DAY).collect())
}

/// How many letters of a time are its day: `2026-03-04`.
const DAY: usize = 10;

/// A remark a line: what was recorded on one day is told once, at the first of the lines.
fn recorded_much_later(entries: &[TimelineEntry]) -> Vec<Option<Said>> {
    let days: Vec<_> = entries.iter().map(late_day).collect();
    let remark = |at: usize| {
        let day = days.get(at)?.as_ref()?;
        let before = at.checked_sub(1).and_then(|before| days.get(before)?.as_ref());
        if before == Some(day) {
            return None;
        }
        let next = days.iter().skip(at + 1).take_while(|next| next.as_ref() == Some(day)).count();
        let text = match next {
            0 => RECORDED,
            1 => RECORDED_WITH_NEXT,
            _ => RECORDED_WITH,
        };
        Some(text.with(&[("day", day), ("n", &next.to_string())]))
    };
    (0..entries.len()).map(remark).collect()
}

/// When the ledger learned of it, and how much later that was.
fn recorded_at(line: &TimelineEntry) -> Said {
    let (text, n) = match minutes_later(line) {
        m if m < 1 => (RECORDED_AT, m),
        m if m < 120 => (LATER_MINUTES, m),
        m if m < 48 * 60 => (LATER_HOURS, m / 60),
        m => (LATER_DAYS, m / (24 * 60)),
    };
    text.with(&[("time", &line.record_time.at(line.entry.zone)), ("n", &n.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::fixture::{self, html};
    use domain::time::Time;

    #[test]
    fn c32_a_corrected_entry_stays_readable_and_leads_to_its_correction() {
        let mut entry = fixture::line(12, "C1 became C2");
        entry.corrected_by = Some(15);
        let html = html(move || view! { <Timeline entries=vec![entry]/> });
        assert!(html.contains("<s>C1 became C2"), "{html}");
        assert!(html.contains("href=\"/ledger/15\""), "{html}");
    }

    /// A line of 1970, recorded so many days after it happened.
    fn recorded(days: i64) -> TimelineEntry {
        let mut line = fixture::line(1, "Packed");
        line.entry.event_time = Time(0);
        line.record_time = Time(0).plus_minutes(days * 24 * 60);
        line
    }

    #[test]
    fn what_was_recorded_much_later_says_so_once_a_day() {
        let told = |days: &[i64]| {
            let lines: Vec<_> = days.iter().copied().map(recorded).collect();
            let told = recorded_much_later(&lines).into_iter();
            told.map(|told| told.map(|said| said.en).unwrap_or_default()).collect::<Vec<_>>()
        };
        assert_eq!(told(&[-1, 0, 7]), ["", "", ""]);
        assert_eq!(told(&[8, 0, 8]), ["recorded 1970-01-09", "", "recorded 1970-01-09"]);
        assert_eq!(
            told(&[9, 9, 9, 20]),
            ["recorded 1970-01-10, with the next 2", "", "", "recorded 1970-01-21"]
        );
        assert_eq!(told(&[9, 9]), ["recorded 1970-01-10, with the next one", ""]);
    }

    #[test]
    fn an_entry_by_itself_tells_when_the_ledger_learned_of_it() {
        let told = |minutes| {
            let line = TimelineEntry { record_time: Time(0).plus_minutes(minutes), ..recorded(0) };
            recorded_at(&line).en
        };
        assert!(told(0).starts_with("Recorded 1970-01-01") && !told(0).contains("later"), "{}", told(0));
        assert!(told(90).ends_with(", 90 minutes later"), "{}", told(90));
        assert!(told(26 * 60).ends_with(", 26 hours later"), "{}", told(26 * 60));
        assert!(told(3 * 24 * 60 + 5).ends_with(", 3 days later"), "{}", told(3 * 24 * 60 + 5));
    }

    #[test]
    fn c19_the_paper_stands_beside_how_it_came_to_be_known() {
        let document = |media_type: &str, name: Option<&str>| Document {
            digest: "sha256:ab".into(),
            media_type: media_type.into(),
            bytes: 1_600_000,
            name: name.map(str::to_owned),
        };
        let shown = |source: Document| {
            let mut entry = fixture::line(4, "Made");
            entry.documents = vec![document("application/pdf", Some("test report.pdf"))];
            entry.source = Some(source);
            html(move || view! { <Timeline entries=vec![entry]/> })
        };
        let photo = shown(document("image/jpeg", Some("IMG_0001.JPG")));
        let meta = photo.split("class=\"meta\"").nth(1).expect("a line below");
        assert!(meta.contains("href=\"/file/sha256:ab\"") && meta.contains("Source: photo"), "{meta}");
        assert!(photo.contains("<img src=\"/file/sha256:ab\" alt=\"Source: photo\""), "{photo}");
        assert!(photo.contains("test report.pdf") && photo.contains("1.5 MB"), "{photo}");
        let pdf = shown(document("application/pdf", None));
        assert!(pdf.contains("Source: PDF") && !pdf.contains("<img"), "{pdf}");
    }

    #[test]
    fn a_testimony_is_told_from_a_record() {
        let mut entry = fixture::line(3, "Counted");
        entry.entry.evidence = domain::event::Evidence::Testimony;
        let html = html(move || view! { <Timeline entries=vec![entry]/> });
        assert!(html.contains("evidence testimony"), "{html}");
    }
}
