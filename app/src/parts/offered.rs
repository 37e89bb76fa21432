//! What can be recorded about a subject here and by this role: one button an event kind that is offered.

use crate::{
    here::{role, tr},
    pages::event::form_href,
    parts::icon::{Glyph, Icon},
};
use domain::{
    event::KINDS,
    subject::Subject,
    text::{Text, text},
};
use leptos::prelude::*;

const RECORD: Text = text("Record an event", "记录事件");

/// The buttons; nothing where nothing is offered.
#[component]
pub fn Offered(
    /// About whom.
    subject: Subject,
) -> impl IntoView {
    let role = role();
    let offered: Vec<_> = KINDS
        .iter()
        .filter(|kind| kind.about.offered_on.contains(&subject.kind) && role.is_some_and(|r| kind.allows(r)))
        .map(|kind| {
            view! { <a class="button quiet" href=form_href(kind, &subject)>{tr(kind.about.verb)}</a> }
        })
        .collect();
    (!offered.is_empty()).then(|| {
        view! {
            <nav class="offered" aria-label=tr(RECORD)>
                <h2><Icon glyph=Glyph::Add/>{tr(RECORD)}</h2>
                <div class="actions">{offered}</div>
            </nav>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::fixture::html_as;
    use domain::person::Role;

    #[test]
    fn c62_only_what_the_role_may_record_is_offered() {
        let unit = || Subject::logistic_unit("C 1");
        let offered = KINDS.iter().find(|k| k.about.offered_on.contains(&unit().kind)).expect("a kind");
        let allowed = offered.about.roles.first().copied().expect("a role");
        let html = html_as(allowed, move || view! { <Offered subject=unit()/> });
        let link = format!("/event/{}?subject=logistic_unit%3AC%201", offered.name);
        assert!(html.contains(&link), "{html}");
        let refused = Role::ALL.into_iter().find(|r| !KINDS.iter().any(|k| k.allows(*r)));
        if let Some(role) = refused {
            assert!(!html_as(role, move || view! { <Offered subject=unit()/> }).contains("/event/"));
        }
    }
}
