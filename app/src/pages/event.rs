//! The page of Event.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const TITLE: Text = text("Event", "事件");

/// The page.
#[component]
pub fn EventPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
