//! Cartons and pallets, one card each; a grid where there is room.

use crate::{
    here::{href, said, tr},
    parts::{
        amount::{batches, share},
        cite::Cite,
        disposition::DispositionBadge,
        icon::{Glyph, Icon},
        section::Nothing,
    },
};
use domain::{
    subject::{Level, SubjectKind},
    text::{Text, text},
    view::UnitLine,
};
use leptos::prelude::*;

const INSIDE: Text = text("in", "位于");

/// The units of a list.
#[component]
pub fn UnitList(
    /// The units.
    units: Vec<UnitLine>,
    /// What is said where there are none.
    none: Text,
) -> impl IntoView {
    if units.is_empty() {
        return view! { <Nothing word=none/> }.into_any();
    }
    view! { <ul class="line-list unit-list">{units.into_iter().map(unit).collect::<Vec<_>>()}</ul> }
        .into_any()
}

fn unit(line: UnitLine) -> impl IntoView {
    let (glyph, level) = match line.level {
        Some(Level::Pallet) => (Glyph::Pallet, Level::Pallet.title()),
        Some(level) => (Glyph::Carton, level.title()),
        None => (Glyph::Carton, SubjectKind::LogisticUnit.title()),
    };
    // Where nothing tells it apart, the detail is the level once more.
    let detail = Some(said(&line.unit.detail)).filter(|detail| !detail.is_empty() && detail != tr(level));
    let marks: Vec<_> = line
        .marks
        .into_iter()
        .filter(|d| d.stops() || d.warns())
        .map(|disposition| view! { <DispositionBadge disposition/> })
        .collect();
    let inside = line.inside.map(|c| {
        view! { <span>{tr(INSIDE)} " " <a href=href(&c.subject)>{c.title}</a></span> }
    });
    // A mixed carton is said to be one: what is asked about is only a part of it.
    let mixed = (line.batches > 1).then(|| view! { <span class="mixed">{batches(line.batches)}</span> });
    view! {
        <li>
            <a class="name" href=href(&line.unit.subject)><Icon glyph/>{line.unit.title}</a>
            <p class="detail">{tr(level)} " · " {share(line.share)}</p>
            {detail.map(|detail| view! { <p class="detail">{detail}</p> })}
            <p class="meta">{marks} {mixed} {inside} {line.entry.map(|entry| view! { <Cite entry/> })}</p>
        </li>
    }
}
