//! A named stretch of a page, with how many things stand in it.

use crate::{here::tr, parts::amount::number};
use domain::text::Text;
use leptos::prelude::*;

/// A section with its heading. Its id is where a pager comes back to.
#[component]
pub fn Section(
    /// Its id and the name of its list.
    id: &'static str,
    /// Its heading.
    title: Text,
    /// How many things stand in it.
    #[prop(optional)]
    count: Option<u64>,
    /// What stands in it.
    children: Children,
) -> impl IntoView {
    let count = count.map(|n| view! { <span class="count">{number(n)}</span> });
    view! {
        <section class="section" id=id>
            <h2>{tr(title)} " " {count}</h2>
            {children()}
        </section>
    }
}

/// What stands in a section in which there is nothing.
#[component]
pub fn Nothing(
    /// Said in words.
    word: Text,
) -> impl IntoView {
    view! { <p class="nothing">{tr(word)}</p> }
}
