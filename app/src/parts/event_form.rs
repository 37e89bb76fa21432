//! The form of an event kind, drawn from the fields that the kind declares. No kind is known here by name.
//!
//! It is a plain form: without script it posts as it stands, with a fixed number of rows and a button
//! that asks the server for more. Awake, rows come and go in place and a scanner's Enter leads to the next
//! field in place of sending half a form.

pub mod question;
pub mod rows;
pub mod scan_field;

pub use question::Question;

use scan_field::{ScanDialog, Scanning};

use crate::{
    here::{encode, href, lang, role, said, tr},
    kept::KeptDraft,
    parts::{
        icon::{Glyph, Icon},
        notice::{Notice, Tone},
    },
};
use domain::{
    document::SOURCE,
    event::Kind,
    field::{Field, Input},
    record::RecordKind,
    refusal::Refusal,
    subject::{Subject, SubjectKind},
    text::{Text, text},
    view::Titled,
};
use leptos::prelude::*;
use std::sync::Arc;

const REFUSED: Text = text("This was not recorded yet.", "尚未记录。");
const FAULT: Text = text(
    "Something broke on our side and this was not recorded. Your answers are kept: send it again. Fault number {number}.",
    "系统出现故障，尚未记录。您填写的内容已保留，请重新提交。故障编号 {number}。",
);
const KEPT: Text =
    text("Your answers were kept. Look them over and send them.", "您填写的内容已保留，请核对后提交。");
const TO_FIELD: Text = text("Go to the field", "转到该项");
const MORE: Text = text("Place, time and note", "地点、时间与备注");
const PLACE: Text = text("Where", "地点");
const PLACE_HELP: Text =
    text("A place's name or code. Leave it empty if you are not sure.", "地点名称或条码。不确定可留空。");
const EVENT_TIME: Text = text("When it happened", "发生时间");
const EVENT_TIME_HELP: Text = text("Leave it empty for now.", "留空表示现在。");
const ZONE: Text = text("Zone of that clock", "该时间的时区");
const FROM_MEMORY: Text = text("From memory: there is no record of it", "凭记忆：没有记录");
const FROM_MEMORY_HELP: Text = text(
    "It is kept as testimony and shown as such. It completes no record and clears no batch.",
    "将作为口述保存并标明，不能补齐记录，也不能为批次放行。",
);
const NOTE: Text = text("Note", "备注");
const PAPER: Text = text("Source: photo or PDF of the paper", "来源：纸质单据的照片或 PDF");
const PAPER_LABEL: Text = text("The paper that this is copied from", "所抄录的纸质单据");
const PAPER_HELP: Text =
    text("It is kept as it is and shown beside what you key in.", "原件将按原样保存，并与录入内容一同显示。");
const OPTIONAL: Text = text("may stay empty", "可不填");

/// What stands in a form before anybody has typed, and what is said against it.
#[derive(Clone, Default)]
pub struct Filled {
    /// The answers.
    pub kept: KeptDraft,
    /// What subjects that stand in the answers are called, and the candidates of a refusal.
    pub known: Vec<Titled>,
    /// The fields that a trace plan asks for, a field of a row as `rows.field`.
    pub asked: Vec<String>,
}

impl Filled {
    /// True of a field that a trace plan asks for, by the name it is posted under.
    fn is_asked(&self, name: &str) -> bool {
        let field: Vec<&str> = name.split('.').filter(|part| part.parse::<usize>().is_err()).collect();
        self.asked.contains(&field.join("."))
    }

    /// The refusal, where it is about the answer of this name.
    fn refusal(&self, name: &str) -> Option<&Refusal> {
        self.kept.refusal.as_ref().filter(|refusal| refusal.field.as_deref() == Some(name))
    }

    /// What a subject is called; its key where nobody told.
    fn titled(&self, subject: &Subject) -> Titled {
        self.known.iter().find(|titled| titled.subject == *subject).cloned().unwrap_or_else(|| Titled {
            subject: subject.clone(),
            title: subject.key.clone(),
            detail: subject.kind.title().said(),
        })
    }

    /// The same with its filled rows numbered from 0, for every field that has rows.
    fn with_rows_closed_up(mut self, fields: &[Field]) -> Filled {
        for field in fields.iter().filter(|field| matches!(field.input, Input::Rows(_))) {
            self.kept = self.kept.with_rows_closed_up(field.name);
        }
        self
    }
}

/// The fields every event has besides its own.
const COMMON: &[Field] = &[
    Field::may("place", PLACE, Input::Code(&[SubjectKind::Place])).help(PLACE_HELP),
    Field::may("note", NOTE, Input::Text),
];

/// The paper, a field of every event as well.
const FROM_PAPER: Field = Field::may(SOURCE, PAPER_LABEL, Input::Document).help(PAPER_HELP);

/// What a form is of: where it is posted, what it asks, and what is on its button.
#[derive(Clone, Copy)]
pub struct Sheet {
    /// Its word, for programs.
    pub name: &'static str,
    /// The path it is posted to, and under which it is drawn.
    pub path: &'static str,
    /// What stands before the names of its answers.
    pub prefix: &'static str,
    /// The name under which the subject travels that it was opened on. A record is filed under that subject;
    /// an event kind may ask for a subject of its own, and the two must not be taken for each other.
    pub opened_on: &'static str,
    /// Its questions.
    pub fields: &'static [Field],
    /// On the button.
    pub verb: Text,
}

impl Sheet {
    /// The form of an event kind.
    pub fn event(kind: &'static Kind) -> Sheet {
        let (fields, verb) = (kind.about.fields, kind.about.verb);
        Sheet { name: kind.name, path: "event", prefix: "", opened_on: OPENED_ON, fields, verb }
    }

    /// The form of a record kind. Its facts stand apart, for one may be called as what every form asks.
    pub fn record(kind: &'static RecordKind) -> Sheet {
        let (fields, verb) = (kind.fields, FILE_IT);
        Sheet { name: kind.name, path: "record", prefix: FACT, opened_on: FILED_UNDER, fields, verb }
    }
}

/// The name of the hidden answer that tells on which subject an event's form was opened.
pub const OPENED_ON: &str = "opened_on";

/// The name of the hidden answer that tells under which subject a record is filed.
pub const FILED_UNDER: &str = "subject";

/// What stands before the name of a fact in the form of a record.
pub const FACT: &str = "fact.";

const FILE_IT: Text = text("File it", "归档");

/// The form.
#[component]
pub fn EventForm(
    /// What it is of.
    sheet: Sheet,
    /// The draft's id: sending it twice is harmless.
    draft_id: String,
    /// What stands in it.
    filled: Filled,
    /// The subject it was opened from, to go back to.
    subject: Option<Subject>,
) -> impl IntoView {
    let scanning = Scanning::default();
    provide_context(scanning);
    let filled = Arc::new(filled.with_rows_closed_up(sheet.fields));
    let fields: Vec<_> = sheet
        .fields
        .iter()
        .map(|field| {
            let name = format!("{}{}", sheet.prefix, field.name);
            view! { <Question field name filled=filled.clone()/> }
        })
        .collect();
    let subject_field =
        subject.map(|s| view! { <input type="hidden" name=sheet.opened_on value=s.to_string()/> });
    view! {
        <form
            class="event-form"
            method="post"
            action=format!("/{}/{}", sheet.path, encode(sheet.name))
            enctype="multipart/form-data"
            data-kind=sheet.name
        >
            <Summary filled=filled.clone() sheet/>
            <input type="hidden" name="draft_id" value=draft_id/>
            {subject_field}
            {fields}
            <More filled=filled.clone()/>
            // Last, so that what was typed is here before a large document is.
            <Paper filled=filled.clone()/>
            <div class="send"><button><Icon glyph=Glyph::Check/>{tr(sheet.verb)}</button></div>
        </form>
        // Beside the form, and not in it: its buttons send nothing.
        <ScanDialog scanning/>
    }
}

/// What is said against the draft, on top and in focus.
#[component]
fn Summary(filled: Arc<Filled>, sheet: Sheet) -> impl IntoView {
    let kept = &filled.kept;
    let told = match (&kept.refusal, &kept.fault) {
        (Some(refusal), _) => {
            let at = refusal.field.as_deref().filter(|name| is_drawn(sheet, name));
            let to =
                at.map(|name| view! { <p><a href=format!("#{}", question::id(name))>{tr(TO_FIELD)}</a></p> });
            view! { <p><strong>{tr(REFUSED)}</strong></p> <p>{said(&refusal.said)}</p> {to} }.into_any()
        }
        (None, Some(number)) => view! { <p>{said(&FAULT.with(&[("number", number)]))}</p> }.into_any(),
        (None, None) if kept.kind.is_empty() || kept.value("more_rows").is_some() => return ().into_any(),
        (None, None) => {
            return view! { <Notice tone=Tone::Plain><p>{tr(KEPT)}</p></Notice> }.into_any();
        }
    };
    view! { <div class="summary" tabindex="-1" autofocus><Notice tone=Tone::Look>{told}</Notice></div> }
        .into_any()
}

/// True where the answer of this name has a place in the form.
fn is_drawn(sheet: Sheet, name: &str) -> bool {
    let own = name.strip_prefix(sheet.prefix).unwrap_or(name);
    let first = own.split('.').next().unwrap_or_default();
    first == "event_time"
        || sheet.fields.iter().chain(COMMON).chain(&[FROM_PAPER]).any(|field| field.name == first)
}

/// Where, when, and what else a reader should know; folded, for most of the time now and here are meant.
#[component]
fn More(filled: Arc<Filled>) -> impl IntoView {
    let names = ["place", "event_time", "note", "evidence"];
    let from_memory = filled.kept.value("evidence") == Some("testimony");
    let open = names.iter().any(|n| filled.kept.value(n).is_some() || filled.refusal(n).is_some());
    let common: Vec<_> = COMMON
        .iter()
        .map(|field| view! { <Question field name=field.name.to_owned() filled=filled.clone()/> })
        .collect();
    let refusal = filled.refusal("event_time").map(|refusal| said(&refusal.said));
    let invalid = refusal.as_ref().map(|_| "true");
    let time = filled.kept.value("event_time").unwrap_or_default().to_owned();
    let zone_field = NodeRef::<leptos::html::Input>::new();
    let zone = filled.kept.value("zone").unwrap_or(UTC).to_owned();
    if filled.kept.value("zone").is_none() {
        // The device knows its own zone; the server does not, and a person who has typed one knows better.
        Effect::new(move |_| {
            if let Some(field) = zone_field.get().filter(|field| field.value() == UTC) {
                field.set_value(&crate::browser::zone().to_string());
            }
        });
    }
    view! {
        <details class="more" open=open>
            <summary>{tr(MORE)} " " <span class="optional">{tr(OPTIONAL)}</span></summary>
            <div class="question" id=question::id("event_time")>
                <label>
                    <span class="label">{tr(EVENT_TIME)}</span>
                    <input type="datetime-local" name="event_time" value=time aria-invalid=invalid/>
                </label>
                <p class="help">{tr(EVENT_TIME_HELP)}</p>
                {refusal.map(|told| view! { <p class="refused"><Icon glyph=Glyph::Look/>{told}</p> })}
                <label>
                    <span class="label">{tr(ZONE)}</span>
                    <input node_ref=zone_field name="zone" value=zone pattern="[+\\-][0-9]{2}:[0-9]{2}" autocomplete="off"/>
                </label>
            </div>
            {common}
            <div class="question check" id=question::id("evidence")>
                <label>
                    <input type="checkbox" name="evidence" value="testimony" checked=from_memory/>
                    <span class="label">{tr(FROM_MEMORY)}</span>
                </label>
                <p class="help">{tr(FROM_MEMORY_HELP)}</p>
            </div>
        </details>
    }
}

/// The photo or PDF of the paper from which somebody keys this in; folded, for most is told by who saw it.
#[component]
fn Paper(filled: Arc<Filled>) -> impl IntoView {
    let open = filled.kept.value(SOURCE).is_some() || filled.refusal(SOURCE).is_some();
    view! {
        <details class="more paper" open=open>
            <summary>{tr(PAPER)} " " <span class="optional">{tr(OPTIONAL)}</span></summary>
            <Question field=&FROM_PAPER name=SOURCE.to_owned() filled/>
        </details>
    }
}

const UTC: &str = "+00:00";

/// The way back from the form: to what it was opened from, or to the scan page.
#[component]
pub fn BackFromForm(
    /// What it was opened from.
    subject: Option<Titled>,
) -> impl IntoView {
    const SCAN: Text = text("Scan", "扫描");
    match subject.filter(|_| role().is_some_and(|role| role.reads_records())) {
        Some(s) => view! {
            <p class="back">
                <a href=href(&s.subject)><Icon glyph=Glyph::of(s.subject.kind)/>{s.title}</a>
            </p>
        }
        .into_any(),
        None => view! { <p class="back"><a href="/"><Icon glyph=Glyph::Scan/>{SCAN.get(lang())}</a></p> }
            .into_any(),
    }
}

#[cfg(test)]
mod tests;
