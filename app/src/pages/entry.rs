//! The page of Entry.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const TITLE: Text = text("Entry", "条目");

/// The page.
#[component]
pub fn EntryPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
