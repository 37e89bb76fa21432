//! The page of Material lot.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const TITLE: Text = text("Material lot", "物料批");

/// The page.
#[component]
pub fn MaterialLotPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
