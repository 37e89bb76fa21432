//! The page of Shipment.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const TITLE: Text = text("Shipment", "货运单");

/// The page.
#[component]
pub fn ShipmentPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
