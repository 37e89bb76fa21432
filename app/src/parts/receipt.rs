//! The receipt: the entry is written and durable. It tells its number and hash, what disagrees with the
//! book, and how to declare it wrong.

use crate::{
    here::{lang, query, role, tr},
    pages::entry::ask_entry,
    parts::{
        cite::CiteSeq,
        discrepancy_list::DiscrepancyList,
        notice::{Notice, Tone},
    },
};
use domain::{
    event::CORRECTION,
    text::{Text, text},
    view::EntryView,
};
use leptos::prelude::*;

const WRITTEN: Text = text("Recorded as entry {seq} of the ledger.", "已记入账本，条目 {seq}。");
const KEPT: Text = text(
    "Recorded under number {seq}. Keep the goods and the box until somebody asks for them.",
    "已记录，编号 {seq}。请保留货物和包装，等待联系。",
);
const HASH: Text = text("Hash", "哈希");
const RAISED: Text = text("Event and book disagree. Both are kept:", "事件与账面有差异，两者均已保留：");
const WRONG: Text = text("That was wrong", "记录有误");

/// The receipt that `?receipt=SEQ` names; nothing without one. Those who may not read the entry are told its
/// number.
#[component]
pub fn Receipt() -> impl IntoView {
    let seq = query("receipt");
    if role().is_some_and(|role| !role.reads_records()) {
        let lang = lang();
        return (move || {
            let seq: u64 = seq.get().parse().ok()?;
            let told = KEPT.with(&[("seq", &seq.to_string())]).get(lang).to_owned();
            Some(view! {
                <div class="receipt" id="receipt"><Notice tone=Tone::Good><p><strong>{told}</strong></p></Notice></div>
            })
        })
        .into_any();
    }
    let written = Resource::new(
        move || seq.get().parse::<u64>().ok(),
        |seq| async move {
            match seq {
                // That it cannot be told again takes nothing from its having been written.
                Some(seq) => ask_entry(seq).await.ok(),
                None => None,
            }
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move { written.await.map(|entry| view! { <Written entry/> }) })}
        </Transition>
    }
    .into_any()
}

/// The receipt of an entry.
#[component]
pub fn Written(
    /// The entry.
    entry: EntryView,
) -> impl IntoView {
    let seq = entry.line.entry.seq;
    let told = WRITTEN.with(&[("seq", &seq.to_string())]).get(lang()).to_owned();
    let short: String = entry.hash.chars().take(12).collect();
    let raised = (!entry.discrepancies.is_empty()).then(|| {
        view! { <p>{tr(RAISED)}</p> <DiscrepancyList discrepancies=entry.discrepancies/> }
    });
    let tone = if raised.is_some() { Tone::Look } else { Tone::Good };
    view! {
        <div class="receipt" id="receipt">
            <Notice tone>
                <p><strong>{told}</strong> " " <CiteSeq seq/></p>
                <p class="hash">{tr(HASH)} " " <code translate="no" title=entry.hash>{short}"…"</code></p>
                {raised}
                <p><a class="button quiet" href=format!("/event/{CORRECTION}?entry={seq}")>{tr(WRONG)}</a></p>
            </Notice>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::fixture::{self, html};

    #[test]
    fn a_receipt_tells_number_hash_and_what_disagrees() {
        let html = html(|| view! { <Written entry=fixture::entry()/> });
        assert!(html.contains("/ledger/2") && html.contains(&fixture::entry().hash[..12]), "{html}");
        assert!(html.contains("240") && html.contains(&format!("/event/{CORRECTION}?entry=2")), "{html}");
    }
}
