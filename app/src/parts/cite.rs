//! The reference to the entry that proves what is shown (C03).

use crate::here::{lang, tr};
use domain::{
    event::Evidence,
    text::{Text, text},
    view::EntryRef,
};
use leptos::prelude::*;

const ENTRY: Text = text("Entry {seq}", "条目 {seq}");
const ENTRY_KNOWN: Text = text("Entry {seq}, {evidence}, {time}", "条目 {seq}，{evidence}，{time}");

/// A short link to an entry: how it came to be known stands beside it (C53), its time in its title.
#[component]
pub fn Cite(
    /// The entry.
    entry: EntryRef,
    /// True where its evidence is told beside it already.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let lang = lang();
    let said = ENTRY_KNOWN.with(&[
        ("seq", &entry.seq.to_string()),
        ("evidence", entry.evidence.title().get(lang)),
        ("time", &entry.event_time.at(entry.zone)),
    ]);
    let evidence = (!bare).then(|| view! { <EvidenceMark evidence=entry.evidence/> });
    view! { <span class="cited">{evidence} {link(entry.seq, said.get(lang).to_owned())}</span> }
}

/// How something came to be known, in a word.
#[component]
pub fn EvidenceMark(
    /// How.
    evidence: Evidence,
) -> impl IntoView {
    let class = if evidence == Evidence::Testimony { "evidence testimony" } else { "evidence" };
    view! { <span class=class>{tr(evidence.title())}</span> }
}

/// The same where only the entry's place in the ledger is known.
#[component]
pub fn CiteSeq(
    /// Its place in the ledger.
    seq: u64,
) -> impl IntoView {
    link(seq, ENTRY.with(&[("seq", &seq.to_string())]).get(lang()).to_owned())
}

fn link(seq: u64, said: String) -> impl IntoView {
    view! {
        <a class="cite" href=format!("/ledger/{seq}") title=said.clone() aria-label=said>"#"{seq}</a>
    }
}
