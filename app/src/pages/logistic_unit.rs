//! The page of Logistic unit.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const TITLE: Text = text("Logistic unit", "物流单元");

/// The page.
#[component]
pub fn LogisticUnitPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
