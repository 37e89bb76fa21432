//! The page of Product.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const TITLE: Text = text("Product", "产品");

/// The page.
#[component]
pub fn PublicPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
