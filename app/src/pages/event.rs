//! The form of an event kind: empty, filled from the subject it was opened on, or kept with what is said
//! against it.

use crate::{
    error::AppError,
    here::{encode, param, query, tr},
    kept::KeptDraft,
    pages::entry::ask_entry,
    parts::{
        event_form::{BackFromForm, EventForm, Filled, OPENED_ON, Sheet},
        loaded::loaded,
        notice::Failed,
        timeline::Timeline,
    },
};
use domain::{
    completeness::Door,
    event::{Kind, kind_named},
    field::{Field, Input},
    subject::Subject,
    view::Titled,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

/// What a form needs besides the fields of its kind.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Blank {
    /// The draft's id, made when the form is handed out.
    pub draft_id: String,
    /// The form as it was kept.
    pub kept: Option<KeptDraft>,
    /// What the subjects in it are called.
    pub known: Vec<Titled>,
    /// The fields that a trace plan of the goods in it asks for, a field of a row as `rows.field`.
    pub asked: Vec<String>,
}

/// A draft's id, the form kept under it, and what the subjects in it are called. `subject` is
/// `kind:key`, or empty.
#[server(prefix = "/ask", endpoint = "form", input = GetUrl)]
pub async fn ask_form(
    /// The kind.
    kind: String,
    /// The subject it is opened on, `kind:key`; empty where there is none.
    subject: String,
    /// The id of a kept draft; empty where there is none.
    draft: String,
) -> Result<Blank, AppError> {
    use crate::request::{failed, reader, told};
    use domain::plan::Proof;
    let allowed = kind_named(&kind).ok_or_else(|| failed(AppError::NotFound))?;
    let (request, reader) = reader(|_| true)?;
    if !allowed.allows(reader.role) {
        return Err(failed(AppError::NotAllowed));
    }
    let kept = match draft.parse() {
        Ok(id) => told(request.ledger.kept_draft(reader.brand, id).await)?,
        Err(_) => None,
    };
    let me = request.who.map(|who| who.person.id);
    let kept = kept
        .and_then(|json| serde_json::from_str::<KeptDraft>(&json).ok())
        .filter(|kept| kept.kind == kind && (kept.account.is_none() || kept.account == me));
    let known = match reader.role.reads_records() {
        true => told(request.ledger.titled(&reader, &subjects(&subject, kept.as_ref())).await)?,
        false => vec![],
    };
    let draft_id = match &kept {
        Some(_) => draft,
        None => uuid::Uuid::now_v7().to_string(),
    };
    let goods: Vec<Subject> = known.iter().map(|titled| titled.subject.clone()).collect();
    // Most kinds are recorded in one way only, whatever the plans say.
    let proof = match (allowed.proven_by)(Proof::CountedAndScanned).is_empty() {
        true => Proof::Named,
        false => told(request.ledger.proof(&reader, allowed.name, &goods).await)?,
    };
    let asked = (allowed.proven_by)(proof).iter().map(|name| (*name).to_owned()).collect();
    Ok(Blank { draft_id, kept, known, asked })
}

/// Every subject a form speaks of: the one it was opened on, those that stand in its answers, and the
/// candidates of its refusal.
#[cfg(feature = "ssr")]
pub(crate) fn subjects(opened_on: &str, kept: Option<&KeptDraft>) -> Vec<Subject> {
    use crate::parts::event_form::FILED_UNDER;
    let mut subjects: Vec<Subject> = opened_on.parse().into_iter().collect();
    if let Some(kept) = kept {
        let lines = kept.values.iter().flat_map(|(_, value)| value.lines());
        subjects.extend(lines.filter_map(|line| Subject::from_urn(line.trim())));
        let standing = [OPENED_ON, FILED_UNDER].into_iter().filter_map(|name| kept.value(name)?.parse().ok());
        subjects.extend(standing);
        subjects.extend(kept.refusal.iter().flat_map(|refusal| refusal.candidates.clone()));
    }
    subjects.sort();
    subjects.dedup();
    subjects
}

/// The page.
#[component]
pub fn EventPage() -> impl IntoView {
    let (name, subject, code, entry, draft) =
        (param("kind"), query("subject"), query("code"), query("entry"), query("draft"));
    let fill = query("fill");
    let blank = Resource::new(
        move || (name.get(), subject.get(), draft.get()),
        |(kind, subject, draft)| ask_form(kind, subject, draft),
    );
    loaded(blank, move |blank| {
        let Some(kind) = kind_named(&name.get_untracked()) else {
            return view! { <Failed error=AppError::NotFound/> }.into_any();
        };
        let opened_on: Option<Subject> = subject.get_untracked().parse().ok();
        let fill = fill.get_untracked();
        let fill = fill.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned()));
        let asked = Asked { opened_on, code: code.get_untracked(), entry: entry.get_untracked(), fill };
        view! { <Shown kind blank asked/> }.into_any()
    })
}

/// What the form's address asks it to begin with.
struct Asked {
    opened_on: Option<Subject>,
    code: String,
    entry: String,
    /// One more answer: the name of its question, and what it says.
    fill: Option<(String, String)>,
}

#[component]
fn Shown(kind: &'static Kind, blank: Blank, asked: Asked) -> impl IntoView {
    let about = asked.entry.parse().ok().map(|seq| view! { <AboutEntry seq/> });
    let kept_subject = blank.kept.as_ref().and_then(|kept| kept.value(OPENED_ON)?.parse().ok());
    let subject = asked.opened_on.clone().or(kept_subject);
    let back = subject.clone().map(|subject| {
        let known = blank.known.iter().find(|titled| titled.subject == subject).cloned();
        known.unwrap_or_else(|| Titled {
            title: subject.key.clone(),
            detail: subject.kind.title().said(),
            subject,
        })
    });
    let kept = blank
        .kept
        .unwrap_or_else(|| KeptDraft { values: first_values(kind, &asked), ..KeptDraft::default() });
    let filled = Filled { kept, known: blank.known, asked: blank.asked };
    view! {
        <Title text=tr(kind.about.title)/>
        <div class="event sheet">
            <BackFromForm subject=back/>
            <header class="stack close">
                <h1>{tr(kind.about.title)}</h1>
                <p class="soft">{tr(kind.about.purpose)}</p>
            </header>
            {about}
            <EventForm sheet=Sheet::event(kind) draft_id=blank.draft_id filled subject/>
        </div>
    }
}

/// The entry that the form is about, so that nobody declares the wrong one wrong.
#[component]
fn AboutEntry(seq: u64) -> impl IntoView {
    let entry = Resource::new(|| (), move |()| ask_entry(seq));
    loaded(entry, |entry| view! { <Timeline entries=vec![entry.line]/> })
}

/// The subject fills the kind's first field; so does an entry. A code fills the first field that takes one.
fn first_values(kind: &Kind, asked: &Asked) -> Vec<(String, String)> {
    let first = kind.about.fields.first().map(|field| field.name.to_owned());
    let takes_code = |input: &Input| matches!(input, Input::Code(_) | Input::NewCode(_) | Input::Codes(_));
    let for_code = kind
        .about
        .fields
        .iter()
        .find(|field| takes_code(&field.input) || field.name == "code")
        .map(|f| f.name.to_owned());
    let mut values = Vec::new();
    if let (Some(first), Some(subject)) = (&first, &asked.opened_on) {
        values.push(place_for(kind.about.fields, subject).unwrap_or((first.clone(), subject.urn())));
    } else if let (Some(first), false) = (&first, asked.entry.is_empty()) {
        values.push((first.clone(), asked.entry.clone()));
    } else if let (Some(field), false) = (for_code, asked.code.is_empty()) {
        values.push((field, asked.code.clone()));
    }
    let asks = |name: &str| kind.about.fields.iter().any(|field| field.name == name);
    values.extend(asked.fill.clone().filter(|(name, _)| asks(name)));
    values
}

/// The answer that a subject fills: the first question that asks for such a one, in a row where that is asked;
/// else the one that asks for its key.
fn place_for(fields: &[Field], subject: &Subject) -> Option<(String, String)> {
    let takes = |field: &Field| match field.input {
        Input::Code(kinds) | Input::Codes(kinds) => kinds.contains(&subject.kind),
        _ => false,
    };
    if let Some(field) = fields.iter().find(|field| takes(field)) {
        return Some((field.name.to_owned(), subject.urn()));
    }
    let in_row = fields.iter().find_map(|field| match field.input {
        Input::Rows(inner) => {
            let inner = inner.iter().find(|field| takes(field))?;
            Some((format!("{}.0.{}", field.name, inner.name), subject.urn()))
        }
        _ => None,
    });
    let by_key = fields.iter().find(|field| field.name == subject.kind.word());
    by_key.map(|field| (field.name.to_owned(), subject.key.clone())).or(in_row)
}

/// The address of the form that mends something.
pub fn door_href(door: &Door) -> String {
    match door {
        Door::Event { kind, subject } => {
            format!("/event/{}?subject={}", encode(kind), encode(&subject.to_string()))
        }
        Door::Record { record, subject } => {
            format!("/record/{}?subject={}", encode(record), encode(&subject.to_string()))
        }
    }
}

/// The address of the form of a kind about a subject.
pub fn form_href(kind: &Kind, subject: &Subject) -> String {
    format!("/event/{}?subject={}", encode(kind.name), encode(&subject.to_string()))
}
