//! The page of Setup.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const TITLE: Text = text("Setup", "初始设置");

/// The page.
#[component]
pub fn SetupPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
