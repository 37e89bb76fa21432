//! What can be recorded about a subject here and by this role: one button an event kind that is offered.
//! What is the role's own work stands first.

use crate::{
    here::{role, tr},
    pages::{event::form_href, file_record::record_href},
    parts::icon::{Glyph, Icon},
};
use domain::{
    event::{KINDS, Kind},
    person::Role,
    record::{RECORDS, RecordKind},
    subject::Subject,
    text::{Text, text},
};
use leptos::prelude::*;

const RECORD: Text = text("Record an event", "记录事件");
const FILE: Text = text("File a record", "归档记录");
const MORE: Text = text("Record something else", "记录其他事件");

/// The buttons; nothing where nothing is offered.
#[component]
pub fn Offered(
    /// About whom.
    subject: Subject,
) -> impl IntoView {
    let offered: Vec<_> = offered(&subject).into_iter().map(|kind| button(kind, &subject)).collect();
    let records = records(&subject);
    let records = (!records.is_empty()).then(|| {
        view! {
            <details>
                <summary><Icon glyph=Glyph::Paper/>{tr(FILE)}</summary>
                <div class="actions">{records}</div>
            </details>
        }
    });
    (!offered.is_empty() || records.is_some()).then(|| {
        view! {
            <nav class="offered" aria-label=tr(RECORD)>
                <h2><Icon glyph=Glyph::Add/>{tr(RECORD)}</h2>
                <div class="actions">{offered}</div>
                {records}
            </nav>
        }
    })
}

/// The same on a card: the role's own work in view, the rest one touch away.
#[component]
pub fn OfferedInBrief(
    /// About whom.
    subject: Subject,
    /// What stands beside the first one.
    beside: AnyView,
) -> impl IntoView {
    let kinds = offered(&subject);
    let role = role();
    let own = kinds.iter().take_while(|kind| role.is_some_and(|role| is_own_work(kind, role))).count();
    // A fold for a single one would only be in the way.
    let (first, rest) = kinds.split_at(if kinds.len() - own > 1 { own } else { kinds.len() });
    let more = if first.is_empty() { RECORD } else { MORE };
    let first: Vec<_> = first.iter().map(|kind| button(kind, &subject)).collect();
    let rest: Vec<_> = rest.iter().map(|kind| button(kind, &subject)).collect();
    let rest = (!rest.is_empty()).then(|| {
        view! {
            <details>
                <summary><Icon glyph=Glyph::Add/>{tr(more)}</summary>
                <div class="actions">{rest}</div>
            </details>
        }
    });
    view! {
        <div class="offered no-print">
            <div class="actions">{beside} {first}</div>
            {rest}
        </div>
    }
}

/// The records that this role may file under the subject.
fn records(subject: &Subject) -> Vec<impl IntoView + use<>> {
    let role = role();
    let mine = |record: &&&RecordKind| {
        record.of.contains(&subject.kind) && role.is_some_and(|role| record.files(role))
    };
    let link = |record: &&'static RecordKind| {
        view! { <a class="button quiet" href=record_href(record, subject)>{tr(record.title)}</a> }
    };
    RECORDS.iter().filter(mine).map(link).collect()
}

/// The kinds that are offered here to this role, its own work first.
fn offered(subject: &Subject) -> Vec<&'static Kind> {
    own_work_first(|kind| kind.about.offered_on.contains(&subject.kind))
}

/// The kinds that are offered to this role on any subject, for those who are not told which one it is.
pub fn offered_anywhere() -> Vec<&'static Kind> {
    own_work_first(|kind| !kind.about.offered_on.is_empty())
}

fn own_work_first(offered: impl Fn(&Kind) -> bool) -> Vec<&'static Kind> {
    let Some(role) = role() else { return vec![] };
    let mut kinds: Vec<_> = KINDS.iter().filter(|kind| offered(kind) && kind.allows(role)).collect();
    kinds.sort_by_key(|kind| !is_own_work(kind, role));
    kinds
}

/// Kinds name the role whose daily work they are first.
fn is_own_work(kind: &Kind, role: Role) -> bool {
    kind.about.roles.first() == Some(&role)
}

fn button(kind: &'static Kind, subject: &Subject) -> impl IntoView + use<> {
    view! { <a class="button quiet" href=form_href(kind, subject)>{tr(kind.about.verb)}</a> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::fixture::html_as;

    #[test]
    fn c62_only_what_the_role_may_record_is_offered() {
        let unit = || Subject::logistic_unit("C 1");
        let offered = KINDS.iter().find(|k| k.about.offered_on.contains(&unit().kind)).expect("a kind");
        let allowed = offered.about.roles.first().copied().expect("a role");
        let html = html_as(allowed, move || view! { <Offered subject=unit()/> });
        let link = format!("/event/{}?subject=logistic_unit%3AC%201", offered.name);
        assert!(html.contains(&link), "{html}");
        let verbs =
            html_as(Role::Inspector, move || view! { <OfferedInBrief subject=unit() beside=().into_any()/> });
        let first = verbs.find("/event/").and_then(|at| verbs[at..].split('?').next());
        assert_eq!(first, Some("/event/inspecting"), "own work first: {verbs}");
        let refused = Role::ALL.into_iter().find(|r| !KINDS.iter().any(|k| k.allows(*r)));
        if let Some(role) = refused {
            assert!(!html_as(role, move || view! { <Offered subject=unit()/> }).contains("/event/"));
        }
    }
}
