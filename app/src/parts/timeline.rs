//! A subject's story, the newest first. What was declared wrong stays readable, struck through, with the
//! way to the entry that says so (C32).

use crate::{
    here::{href, lang, said, tr},
    parts::{
        cite::{Cite, CiteSeq},
        icon::{Glyph, Icon},
        section::Nothing,
    },
};
use domain::{
    event::Evidence,
    text::{Text, text},
    time::Time,
    view::TimelineEntry,
};
use leptos::prelude::*;

const NOTHING: Text = text("Nothing has been recorded yet.", "尚无记录。");
const CORRECTED: Text = text("Declared wrong by entry", "已被以下条目声明为错误：");
const HIDDEN: Text = text("Person not shown to your role", "您的角色不可见记录人");
const PHOTO: Text = text("Photo {n}", "照片 {n}");
const LATER_MINUTES: Text = text("recorded {n} minutes later", "{n} 分钟后记录");
const LATER_HOURS: Text = text("recorded {n} hours later", "{n} 小时后记录");
const LATER_DAYS: Text = text("recorded {n} days later", "{n} 天后记录");

/// The lines of a story.
#[component]
pub fn Timeline(
    /// The newest first.
    entries: Vec<TimelineEntry>,
) -> impl IntoView {
    if entries.is_empty() {
        return view! { <Nothing word=NOTHING/> }.into_any();
    }
    view! { <ol class="timeline">{entries.into_iter().map(line).collect::<Vec<_>>()}</ol> }.into_any()
}

fn line(line: TimelineEntry) -> impl IntoView {
    let TimelineEntry {
        entry,
        title,
        sentence,
        record_time,
        person,
        place,
        about,
        note,
        photos,
        corrected_by,
    } = line;
    let sentence = said(&sentence);
    let sentence = match corrected_by {
        Some(_) => view! { <s>{sentence}</s> }.into_any(),
        None => sentence.into_any(),
    };
    let corrected = corrected_by.map(|seq| {
        view! { <p class="corrected"><Icon glyph=Glyph::Look/>{tr(CORRECTED)} " " <CiteSeq seq/></p> }
    });
    let later = later(entry.event_time, record_time).map(|told| view! { <span class="later">{told}</span> });
    let person = match person {
        Some(person) => view! { <span>{person.name} " (" {tr(person.role.title())} ")"</span> }.into_any(),
        None => view! { <span class="hidden">{tr(HIDDEN)}</span> }.into_any(),
    };
    let place = place.map(|p| view! { <a href=href(&p.subject)>{p.title}</a> });
    let about = about.map(|s| {
        view! { <a class="about" href=href(&s.subject)><Icon glyph=Glyph::of(s.subject.kind)/>{s.title}</a> }
    });
    let photos = (!photos.is_empty()).then(|| photos_of(photos));
    let class = if corrected_by.is_some() { "wrong" } else { "" };
    let (id, kind) = (format!("entry-{}", entry.seq), entry.kind.clone());
    view! {
        <li class=class id=id data-kind=kind>
            <p class="kind">{said(&title)} {about}</p>
            <p class="sentence">{sentence}</p>
            {corrected}
            {note.map(|note| view! { <blockquote>{note}</blockquote> })}
            {photos}
            <p class="meta">
                <time datetime=entry.event_time.to_string()>{entry.event_time.at(entry.zone)}</time>
                {later}
                {person}
                {place}
                <EvidenceMark evidence=entry.evidence/>
                <Cite entry/>
            </p>
        </li>
    }
}

fn photos_of(photos: Vec<String>) -> impl IntoView {
    let photos: Vec<_> = photos
        .into_iter()
        .zip(1_u64..)
        .map(|(digest, n)| {
            let alt = PHOTO.with(&[("n", &n.to_string())]).get(lang()).to_owned();
            let address = format!("/file/{digest}");
            view! {
                <a href=address.clone() rel="external"><img src=address.clone() alt=alt loading="lazy" width="96" height="96"/></a>
            }
        })
        .collect();
    view! { <p class="photos">{photos}</p> }
}

/// How something came to be known, in a word.
#[component]
pub fn EvidenceMark(
    /// How.
    evidence: Evidence,
) -> impl IntoView {
    let class = match evidence {
        Evidence::Testimony => "evidence testimony",
        _ => "evidence",
    };
    view! { <span class=class>{tr(evidence.title())}</span> }
}

/// Minutes between happening and being recorded that nobody needs to hear of: walking back to the desk,
/// a phone without signal for a moment.
const UNREMARKABLE: i64 = 30;

/// How much later than it happened it was recorded, where that is worth telling.
fn later(event_time: Time, record_time: Time) -> Option<String> {
    let minutes = record_time.0.saturating_sub(event_time.0) / 60_000;
    let (text, n) = match minutes {
        m if m < UNREMARKABLE => return None,
        m if m < 120 => (LATER_MINUTES, m),
        m if m < 48 * 60 => (LATER_HOURS, m / 60),
        m => (LATER_DAYS, m / (24 * 60)),
    };
    Some(said(&text.with(&[("n", &n.to_string())])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::fixture::{self, html};

    #[test]
    fn c32_a_corrected_entry_stays_readable_and_leads_to_its_correction() {
        let mut entry = fixture::line(12, "C1 became C2");
        entry.corrected_by = Some(15);
        let html = html(move || view! { <Timeline entries=vec![entry]/> });
        assert!(html.contains("<s>C1 became C2"), "{html}");
        assert!(html.contains("href=\"/ledger/15\""), "{html}");
    }

    #[test]
    fn a_record_made_much_later_says_so() {
        let at = |minutes| later(Time(0), Time(0).plus_minutes(minutes));
        assert_eq!(at(5), None);
        assert_eq!(at(-5), None);
        assert_eq!(at(90).as_deref(), Some("recorded 90 minutes later"));
        assert_eq!(at(26 * 60).as_deref(), Some("recorded 26 hours later"));
        assert_eq!(at(3 * 24 * 60 + 5).as_deref(), Some("recorded 3 days later"));
    }

    #[test]
    fn a_testimony_is_told_from_a_record() {
        let mut entry = fixture::line(3, "Counted");
        entry.entry.evidence = Evidence::Testimony;
        let html = html(move || view! { <Timeline entries=vec![entry]/> });
        assert!(html.contains("evidence testimony"), "{html}");
    }
}
