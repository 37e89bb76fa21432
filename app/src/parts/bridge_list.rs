//! What leads to a batch, level by level: codes as printed, cartons, shipments, papers (C02). A level that is
//! there and leads nowhere is told.

use crate::{
    here::{href, said, tr},
    parts::{
        amount::quantity,
        icon::{Glyph, Icon},
    },
};
use domain::{
    text::{Text, text},
    view::LevelBridge,
};
use leptos::prelude::*;

const LEADS_HERE: Text = text("Leads here", "通向该批次");
const NOT_BRIDGED: Text = text("Not bridged", "未桥接");

/// The levels.
#[component]
pub fn BridgeList(
    /// Each level that is present.
    bridge: Vec<LevelBridge>,
) -> impl IntoView {
    let rows: Vec<_> = bridge.into_iter().map(row).collect();
    view! { <ul class="bridge-list">{rows}</ul> }
}

fn row(level: LevelBridge) -> impl IntoView {
    let (class, glyph, word) = match level.bridged {
        true => ("bridged", Glyph::Check, LEADS_HERE),
        false => ("open", Glyph::Look, NOT_BRIDGED),
    };
    // A paper's number stands in the title of its line already.
    let told = |code: &String| level.things.iter().any(|thing| thing.title.starts_with(code.as_str()));
    let codes: Vec<_> = level.codes.iter().filter(|code| !told(code)).cloned().collect();
    let codes: Vec<_> = codes.into_iter().map(|code| view! { <code>{code}</code> }).collect();
    let things: Vec<_> = level
        .things
        .into_iter()
        .map(|thing| view! { <a href=href(&thing.subject)>{thing.title}</a> })
        .collect();
    view! {
        <li class=class>
            <span class="level">{said(&level.level)}</span>
            <span class="what">{codes} {things} {level.count.map(quantity)}</span>
            <span class="word"><Icon glyph/>{tr(word)}</span>
        </li>
    }
}
