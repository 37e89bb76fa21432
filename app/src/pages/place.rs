//! The page of Place.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const TITLE: Text = text("Place", "地点");

/// The page.
#[component]
pub fn PlacePage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
