//! What a form is of: an event kind, or a record kind that is filed.

use app::parts::event_form::{FACT, FILED_UNDER};
use domain::{
    event::{Kind, RECORD_FILED},
    field::{Field, Input, payload_from_form},
    record::RecordKind,
    refusal::Refusal,
    subject::Subject,
};
use serde_json::{Value, json};

/// What a form is of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Of {
    /// An event.
    Event(&'static Kind),
    /// A record.
    Record(&'static RecordKind),
}

impl Of {
    /// Its word, under which a form of it is kept.
    pub(super) fn name(self) -> &'static str {
        match self {
            Of::Event(kind) => kind.name,
            Of::Record(kind) => kind.name,
        }
    }

    /// Its page.
    pub(super) fn page(self) -> String {
        match self {
            Of::Event(kind) => format!("/event/{}", kind.name),
            Of::Record(kind) => format!("/record/{}", kind.name),
        }
    }

    /// The event kind that it becomes.
    pub(super) fn event(self) -> &'static str {
        match self {
            Of::Event(kind) => kind.name,
            Of::Record(_) => RECORD_FILED,
        }
    }

    /// Its questions.
    pub(crate) fn fields(self) -> &'static [Field] {
        match self {
            Of::Event(kind) => kind.about.fields,
            Of::Record(kind) => kind.fields,
        }
    }

    /// The name of a question, from the name under which it is posted; nothing where that is no question of
    /// its own.
    pub(crate) fn own(self, posted: &str) -> Option<&str> {
        match self {
            Of::Event(_) => Some(posted),
            Of::Record(_) => posted.strip_prefix(FACT),
        }
    }

    /// What the posted answers come to.
    pub(super) fn payload(self, all: &dyn Fn(&str) -> Vec<String>) -> Value {
        let Of::Record(kind) = self else { return payload_from_form(self.fields(), all) };
        let subject = all(FILED_UNDER).into_iter().find(|text| !text.trim().is_empty()).unwrap_or_default();
        let subject = subject.parse::<Subject>().map_or(subject, |subject| subject.to_string());
        let facts: Vec<Value> = kind
            .fields
            .iter()
            .filter_map(|field| Some(json!({"name": field.name, "value": answer(field, all)?})))
            .collect();
        json!({"subject": subject, "record": kind.name, "facts": facts})
    }

    /// A refusal about a row of facts, told at the answer that gave it.
    pub(super) fn at_answer(self, values: &[(String, String)], refusal: Refusal) -> Refusal {
        let Of::Record(kind) = self else { return refusal };
        let all = |name: &str| -> Vec<String> {
            values.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone()).collect()
        };
        let given: Vec<&Field> = kind.fields.iter().filter(|field| answer(field, &all).is_some()).collect();
        let field = refusal.field.as_deref().and_then(|at| {
            let row = at.strip_prefix("facts.")?.split('.').next()?.parse::<usize>().ok()?;
            given.get(row).map(|field| format!("{FACT}{}", field.name))
        });
        match field {
            Some(field) => refusal.at(field),
            None => refusal,
        }
    }
}

/// What was answered to a question of a record, as one text.
fn answer(field: &Field, all: &dyn Fn(&str) -> Vec<String>) -> Option<String> {
    let given: Vec<String> =
        all(&format!("{FACT}{}", field.name)).into_iter().filter(|v| !v.trim().is_empty()).collect();
    let first = given.first()?;
    Some(match field.input {
        Input::Choices(_) => given.join(","),
        Input::Text => first.clone(),
        _ => first.trim().to_string(),
    })
}
