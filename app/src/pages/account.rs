//! The page of Account.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const TITLE: Text = text("Account", "账户");

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
