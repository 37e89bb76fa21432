//! The ledger itself: its signed head, what disagrees with the book, and the entries as written.

use crate::{
    error::AppError,
    here::{query, tr},
    parts::{
        checkpoint::Checkpoint,
        discrepancy_list::DiscrepancyList,
        loaded::loaded,
        pager::{Pager, Turned},
        section::Section,
        timeline::Timeline,
    },
};
use domain::{
    text::{Text, text},
    view::LedgerView,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;

const TITLE: Text = text("Ledger", "账本");
const ABOUT: Text = text(
    "Every entry as it was written, the newest first. Nothing here is ever changed or taken out.",
    "每个条目按写入时原样保存，最新在前。任何条目都不会被更改或删除。",
);
const HEAD: Text = text("Checkpoint", "检查点");
const DISCREPANCIES: Text = text("Open discrepancies", "未关闭的差异");
const ENTRIES: Text = text("Entries", "条目");

/// The head, and the entries before a sequence number; the newest where none is given.
#[server(prefix = "/ask", endpoint = "ledger", input = GetUrl)]
pub async fn ask_ledger(
    /// A sequence number; empty for the newest.
    before: String,
) -> Result<LedgerView, AppError> {
    use crate::request::{reader, told};
    let (request, reader) = reader(domain::person::Role::reads_ledger)?;
    told(request.ledger.ledger_view(&reader, before.parse().ok()).await)
}

/// The page.
#[component]
pub fn LedgerPage() -> impl IntoView {
    let before = query("after");
    let view = Resource::new(move || before.get(), ask_ledger);
    view! {
        <Title text=tr(TITLE)/>
        <div class="ledger stack">
            <header class="stack close">
                <h1>{tr(TITLE)}</h1>
                <p class="soft">{tr(ABOUT)}</p>
            </header>
            {loaded(view, move |view| shown(view, before.get_untracked()))}
        </div>
    }
}

fn shown(ledger: LedgerView, after: String) -> impl IntoView {
    let turned = Turned { list: "entries".into(), after };
    let (shown, total, next) = (ledger.entries.rows.len(), ledger.entries.total, ledger.entries.next);
    let open = ledger.open_discrepancies;
    view! {
        <div class="desk">
            <div class="stack">
                <Section id="entries" title=ENTRIES count=total>
                    <Timeline entries=ledger.entries.rows/>
                    <Pager list="entries" shown total next turned/>
                </Section>
            </div>
            <div class="stack first-on-phone">
                <Section id="checkpoint" title=HEAD><Checkpoint checkpoint=ledger.checkpoint/></Section>
                <Section id="discrepancies" title=DISCREPANCIES count=open.total>
                    <DiscrepancyList discrepancies=open.rows/>
                </Section>
            </div>
        </div>
    }
}
