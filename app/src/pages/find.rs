//! The page of Find.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const TITLE: Text = text("Find", "查找");

/// The page.
#[component]
pub fn FindPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
