//! One record kind of a subject: its facts and the entry that filed them.

use crate::{
    here::{lang, said, tr},
    parts::{
        amount::number,
        cite::Cite,
        facts::Facts,
        icon::{Glyph, Icon},
    },
};
use domain::{
    record::names_revisions,
    text::{Text, text},
    view,
};
use leptos::prelude::*;

const FILED: Text = text("Filed {time}", "归档于 {time}");
const NOBODY_FILED: Text = text("Nobody has filed this yet", "尚无人归档");
const COMPLETE: Text = text("Nothing required is missing", "必填项齐全");
const ONE_MISSING: Text = text("1 required fact is missing", "缺 1 项必填内容");
const MISSING: Text = text("{n} required facts are missing", "缺 {n} 项必填内容");

/// A record, gaps included.
#[component]
pub fn Record(
    /// The record.
    record: view::Record,
) -> impl IntoView {
    let of_revision = names_revisions(&record.kind);
    let missing = record.facts.iter().filter(|f| f.required && f.value.is_none()).count();
    let (class, glyph) = if missing == 0 { ("sum whole", Glyph::Check) } else { ("sum", Glyph::Look) };
    let sum = match missing {
        0 => tr(COMPLETE).to_owned(),
        1 => tr(ONE_MISSING).to_owned(),
        n => MISSING.with(&[("n", &number(n as u64))]).get(lang()).to_owned(),
    };
    let filed = match record.entry {
        Some(entry) => {
            let time = entry.event_time.at(entry.zone);
            let told = FILED.with(&[("time", &time)]);
            view! { {said(&told)} " · " {tr(entry.evidence.title())} " · " <Cite entry bare=true/> }
                .into_any()
        }
        None => tr(NOBODY_FILED).into_any(),
    };
    view! {
        <article class="record" data-record=record.kind>
            <header>
                <h3>{said(&record.title)}</h3>
                <p class=class><Icon glyph/>{sum}</p>
            </header>
            <Facts facts=record.facts of_revision/>
            <footer>{filed}</footer>
        </article>
    }
}
