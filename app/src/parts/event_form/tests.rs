//! What the form shows follows from the fields alone.

use super::*;
use crate::parts::fixture::{html, titled};
use domain::{event::KINDS, text::Said};

fn form(kind: &'static Kind, filled: Filled) -> String {
    html(move || view! { <EventForm sheet=Sheet::event(kind) draft_id="d1".to_owned() filled subject=None/> })
}

#[test]
fn every_field_of_every_kind_has_its_place() {
    for kind in KINDS {
        let html = form(kind, Filled::default());
        for field in kind.about.fields {
            let name = match field.input {
                Input::Rows(inner) => format!("name=\"{}.0.{}\"", field.name, inner[0].name),
                _ => format!("name=\"{}\"", field.name),
            };
            assert!(html.contains(&name), "{} of {}: {html}", field.name, kind.name);
        }
        assert!(html.contains("name=\"draft_id\" value=\"d1\""), "{html}");
    }
}

/// A kind whose first field takes one code, and that field.
fn takes_code() -> (&'static Kind, &'static Field) {
    let first = |kind: &'static Kind| kind.about.fields.first().map(|field| (kind, field));
    let one_code = |(_, field): &(&Kind, &Field)| matches!(field.input, Input::Code(_));
    KINDS.iter().filter_map(first).find(one_code).expect("a kind that takes a code")
}

#[test]
fn c07_all_candidates_of_an_ambiguous_code_are_offered_and_none_is_picked() {
    let (kind, field) = takes_code();
    let (a, b) = (Subject::logistic_unit("C1/2025"), Subject::logistic_unit("C1/2026"));
    let refusal = Refusal {
        reason: "ambiguous_code".into(),
        field: Some(field.name.into()),
        said: Said::same("C1 can mean 2 things."),
        candidates: vec![a.clone(), b.clone()],
    };
    let kept = KeptDraft {
        kind: kind.name.into(),
        values: vec![(field.name.into(), "C1".into())],
        refusal: Some(refusal),
        ..KeptDraft::default()
    };
    let known = vec![titled(a.clone(), "C1", "made in 2025"), titled(b.clone(), "C1", "made in 2026")];
    let html = form(kind, Filled { kept, known, asked: vec![] });
    for (subject, told) in [(a, "made in 2025"), (b, "made in 2026")] {
        assert!(html.contains(&format!("value=\"{}\"", subject.urn())), "{html}");
        assert!(html.contains(told), "{html}");
        let picked = format!("value=\"{}\" checked", subject.urn());
        assert!(!html.contains(&picked), "{html}");
    }
    assert!(html.contains("value=\"C1\""), "what was typed stays: {html}");
    assert!(html.contains(&format!("href=\"#{}\"", question::id(field.name))), "{html}");
    assert_eq!(html.matches("C1 can mean 2 things.").count(), 2, "on top and at its field");
}

#[test]
fn what_was_typed_is_never_read_as_markup() {
    let kind = KINDS.iter().find(|kind| kind.about.fields.iter().any(|f| matches!(f.input, Input::Code(_))));
    let kind = kind.expect("a kind");
    let typed = "</textarea><script>alert(1)</script>\"&";
    let kept = KeptDraft { values: vec![("note".into(), typed.into())], ..KeptDraft::default() };
    let html = form(kind, Filled { kept, known: vec![], asked: vec![] });
    assert!(!html.contains("<script>"), "{html}");
    assert!(
        html.contains("&lt;/textarea>&lt;script>") || html.contains("&lt;/textarea&gt;&lt;script&gt;"),
        "{html}"
    );
}

#[test]
fn an_empty_answer_is_empty() {
    let html = form(takes_code().0, Filled::default());
    let note = html.split("name=\"note\"").nth(1).and_then(|after| after.split_once('>')).expect("a note").1;
    assert!(note.starts_with("</textarea>"), "{note}");
}
