//! The page of Trade item.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const TITLE: Text = text("Trade item", "商品");

/// The page.
#[component]
pub fn TradeItemPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
