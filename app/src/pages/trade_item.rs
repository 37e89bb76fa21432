//! A trade item: what the product is, who answers for it, and its batches.

use crate::{
    error::AppError,
    here::param,
    parts::{
        batch_list::BatchList,
        loaded::loaded,
        pager::{Turned, pager, turned},
        plan_status::PlanList,
        record::Record,
        section::{Nothing, Section},
        subject_page::SubjectPage,
    },
};
use domain::{
    text::{Text, text},
    view::TradeItemView,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

const RECORDS: Text = text("What it is", "商品信息");
const BATCHES: Text = text("Batches", "批次");
const PLANS: Text = text("Trace plans", "追溯方案");
const NO_PLAN: Text = text(
    "Nothing is agreed for it yet. Draft a trace plan, so that production can open.",
    "尚未约定。请起草追溯方案，方可开始生产。",
);
const NO_BATCH: Text = text("No batch of it is on record.", "没有该商品的批次记录。");

/// A trade item, by its key.
#[server(prefix = "/ask", endpoint = "trade_item", input = GetUrl)]
pub async fn ask_trade_item(
    /// The key.
    key: String,
    /// The list to go on with; empty for the first rows of each.
    list: String,
    /// Its cursor; empty for the first rows.
    after: String,
) -> Result<TradeItemView, AppError> {
    use crate::request::{ask, found, reader};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    found(request.ledger.trade_item(&reader, &key, &ask(list, after)).await)
}

/// The page.
#[component]
pub fn TradeItemPage() -> impl IntoView {
    let (key, turned) = (param("key"), turned());
    let view = Resource::new(
        move || (key.get(), turned.get()),
        |(key, turned)| ask_trade_item(key, turned.list, turned.after),
    );
    loaded(view, move |view| shown(view, turned.get_untracked()))
}

fn shown(item: TradeItemView, turned: Turned) -> impl IntoView {
    let foot = pager("batches", &item.batches, &turned);
    let records: Vec<_> = item.records.into_iter().map(|record| view! { <Record record/> }).collect();
    let count = item.plans.len() as u64;
    let plans = match count {
        0 => view! { <Nothing word=NO_PLAN/> }.into_any(),
        _ => view! { <PlanList plans=item.plans/> }.into_any(),
    };
    let parts = view! {
        <Section id="plans" title=PLANS count=count>{plans}</Section>
        <Section id="batches" title=BATCHES count=item.batches.total>
            <BatchList batches=item.batches.rows none=NO_BATCH/>
            {foot}
        </Section>
        <Section id="records" title=RECORDS>{records}</Section>
    };
    view! { <SubjectPage card=item.card parts=parts.into_any() timeline=item.timeline turned/> }
}
