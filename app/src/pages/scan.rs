//! The page of Scan.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const TITLE: Text = text("Scan", "扫描");

/// The page.
#[component]
pub fn ScanPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
