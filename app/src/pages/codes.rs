//! The demo's sheet of codes: something to scan for a newcomer with a phone.

use crate::here::tr;
use domain::text::{Said, Text, text};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

const TITLE: Text = text("Codes to scan", "可供扫描的条码");

/// One symbol of the sheet.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SheetItem {
    /// What it stands on.
    pub title: Said,
    /// What scanning it shows.
    pub about: Said,
    /// The symbol as an SVG element.
    pub svg: String,
    /// The code as a person types it.
    pub text: String,
}

/// The page.
#[component]
pub fn CodesPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
