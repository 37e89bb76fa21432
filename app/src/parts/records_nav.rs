//! The ways through the records: what is incomplete, what is not bridged, what falls due.

use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const RECORDS: Text = text("Records", "记录");
/// The pages of the records, each with its address.
const PAGES: &[(&str, Text)] = &[
    ("/records", text("Incomplete", "未齐全")),
    ("/bridges", text("Not bridged", "未桥接")),
    ("/retention", text("Falls due", "到期")),
];

/// Links between the pages of the records.
#[component]
pub fn RecordsNav(
    /// The address of the page it stands on.
    here: &'static str,
) -> impl IntoView {
    let links: Vec<_> = PAGES
        .iter()
        .map(|(href, label)| {
            let current = (*href == here).then_some("page");
            view! { <a href=*href aria-current=current>{tr(*label)}</a> }
        })
        .collect();
    view! { <nav class="records-nav no-print" aria-label=tr(RECORDS)>{links}</nav> }
}
