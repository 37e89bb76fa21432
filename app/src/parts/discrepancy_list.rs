//! Discrepancies: where event and book disagree, both kept. Open ones stand first and are loud.

use crate::{
    here::{href, said, tr},
    parts::{
        cite::{Cite, CiteSeq},
        code_plate::CodePlate,
        icon::{Glyph, Icon},
        section::Nothing,
    },
};
use domain::{
    text::{Text, text},
    view::DiscrepancyView,
};
use leptos::prelude::*;

const NONE: Text = text("No discrepancies: event and book agree.", "无差异：事件与账面一致。");
const OPEN: Text = text("Open", "未关闭");
const CLOSED: Text = text("Closed by", "关闭于");

/// Discrepancies, as given.
#[component]
pub fn DiscrepancyList(
    /// What disagrees.
    discrepancies: Vec<DiscrepancyView>,
) -> impl IntoView {
    if discrepancies.is_empty() {
        return view! { <Nothing word=NONE/> }.into_any();
    }
    let lines: Vec<_> = discrepancies.into_iter().map(discrepancy).collect();
    view! { <ul class="discrepancy-list">{lines}</ul> }.into_any()
}

fn discrepancy(line: DiscrepancyView) -> impl IntoView {
    let subject = line.subject.map(|s| view! { <a href=href(&s.subject)>{s.title}</a> });
    let key = line.key.map(|key| view! { <CodePlate code=key.as_str().to_owned() inline=true/> });
    let (class, glyph) = match line.closed {
        None => ("open", Glyph::Look),
        Some(_) => ("closed", Glyph::Check),
    };
    let standing = match line.closed {
        None => view! { <strong>{tr(OPEN)}</strong> }.into_any(),
        Some(seq) => view! { {tr(CLOSED)} " " <CiteSeq seq/> }.into_any(),
    };
    view! {
        <li class=class data-kind=line.kind.word()>
            <Icon glyph/>
            <div>
                <p>{said(&line.said)}</p>
                <p class="meta"><span>{standing}</span> {subject} {key} <Cite entry=line.raised/></p>
            </div>
        </li>
    }
}
