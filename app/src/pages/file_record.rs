//! The form of a record: its facts as questions, filled with what is on record where there is one. What is
//! filed takes the place of what was there; both stay readable in the ledger.

use crate::{
    error::AppError,
    here::{encode, param, query, tr},
    pages::event::Blank,
    parts::{
        event_form::{BackFromForm, EventForm, FILED_UNDER, Filled, Sheet},
        loaded::loaded,
        notice::Failed,
    },
};
use domain::{
    record::{RecordKind, record_named},
    subject::Subject,
    text::{Text, text},
    view::Titled,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;

const PURPOSE: Text = text(
    "Write what stands on the record; leave empty what it does not tell. It takes the place of what was filed before.",
    "照原始记录填写；记录中没有的请留空。新归档的内容将取代此前的内容。",
);

/// A draft's id, the form kept under it or filled with what is on record, and what the subjects in it are
/// called.
#[server(prefix = "/ask", endpoint = "record_form", input = GetUrl)]
pub async fn ask_record_form(
    /// The record kind.
    record: String,
    /// What it is filed under, `kind:key`.
    subject: String,
    /// The id of a kept draft; empty where there is none.
    draft: String,
) -> Result<Blank, AppError> {
    use crate::{
        kept::KeptDraft,
        pages::event::subjects,
        parts::event_form::FACT,
        request::{failed, reader, told},
    };
    let record = record_named(&record).ok_or_else(|| failed(AppError::NotFound))?;
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    if !record.files(reader.role) {
        return Err(failed(AppError::NotAllowed));
    }
    let kept = match draft.parse() {
        Ok(id) => told(request.ledger.kept_draft(reader.brand, id).await)?,
        Err(_) => None,
    };
    let me = request.who.map(|who| who.person.id);
    let kept = kept
        .and_then(|json| serde_json::from_str::<KeptDraft>(&json).ok())
        .filter(|kept| kept.kind == record.name && (kept.account.is_none() || kept.account == me));
    let known = told(request.ledger.titled(&reader, &subjects(&subject, kept.as_ref())).await)?;
    let draft_id = match &kept {
        Some(_) => draft,
        None => uuid::Uuid::now_v7().to_string(),
    };
    // Where several stand beside one another, nobody can tell yet which one is meant.
    let kept = match (kept, record.by, subject.parse::<Subject>()) {
        (None, None, Ok(subject)) => {
            let facts = told(request.ledger.facts(&reader, &subject, record.name).await)?;
            let values = facts.into_iter().map(|(name, value)| (format!("{FACT}{name}"), value)).collect();
            Some(KeptDraft { values, ..KeptDraft::default() })
        }
        (kept, ..) => kept,
    };
    Ok(Blank { draft_id, kept, known, asked: vec![] })
}

/// The page.
#[component]
pub fn FileRecordPage() -> impl IntoView {
    let (name, subject, draft) = (param("record"), query("subject"), query("draft"));
    let blank = Resource::new(
        move || (name.get(), subject.get(), draft.get()),
        |(kind, subject, draft)| ask_record_form(kind, subject, draft),
    );
    loaded(blank, move |blank| {
        let kept_subject = blank.kept.as_ref().and_then(|kept| kept.value(FILED_UNDER)?.parse().ok());
        let subject: Option<Subject> = subject.get_untracked().parse().ok().or(kept_subject);
        match (record_named(&name.get_untracked()), subject) {
            (Some(kind), Some(subject)) => view! { <Shown kind blank subject/> }.into_any(),
            _ => view! { <Failed error=AppError::NotFound/> }.into_any(),
        }
    })
}

#[component]
fn Shown(kind: &'static RecordKind, blank: Blank, subject: Subject) -> impl IntoView {
    let known = blank.known.iter().find(|titled| titled.subject == subject).cloned();
    let back = known.unwrap_or_else(|| Titled {
        title: subject.key.clone(),
        detail: subject.kind.title().said(),
        subject: subject.clone(),
    });
    let filled = Filled { kept: blank.kept.unwrap_or_default(), known: blank.known, asked: vec![] };
    view! {
        <Title text=tr(kind.title)/>
        <div class="event sheet">
            <BackFromForm subject=Some(back)/>
            <header class="stack close">
                <h1>{tr(kind.title)}</h1>
                <p class="soft">{tr(PURPOSE)}</p>
            </header>
            <EventForm sheet=Sheet::record(kind) draft_id=blank.draft_id filled subject=Some(subject)/>
        </div>
    }
}

/// The address of the form of a record of a subject.
pub fn record_href(record: &RecordKind, subject: &Subject) -> String {
    format!("/record/{}?subject={}", encode(record.name), encode(&subject.to_string()))
}
