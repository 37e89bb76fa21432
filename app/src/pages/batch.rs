//! The page of Batch.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const TITLE: Text = text("Batch", "批次");

/// The page.
#[component]
pub fn BatchPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
