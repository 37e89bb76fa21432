//! The page of Ledger.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const TITLE: Text = text("Ledger", "账本");

/// The page.
#[component]
pub fn LedgerPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
