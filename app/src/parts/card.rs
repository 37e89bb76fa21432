//! The card every answer begins with: what it is, whether to stop, and what it belongs to.

use crate::parts::disposition::Dispositions;
use domain::view;
use leptos::prelude::*;

/// The card.
#[component]
pub fn Card(
    /// What it tells.
    card: view::Card,
    /// On the subject's own page: no link to itself.
    #[prop(optional)]
    own_page: bool,
) -> impl IntoView {
    let _ = own_page;
    view! {
        <article class="card">
            <h2>{card.titled.title}</h2>
            <Dispositions marks=card.marks/>
        </article>
    }
}
