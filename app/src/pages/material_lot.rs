//! A material lot: what it is and who supplied it, every batch that used it, and where those went (C43).

use crate::{
    error::AppError,
    here::param,
    parts::{
        batch_list::BatchList,
        loaded::loaded,
        pager::{Turned, pager, turned},
        record::Record,
        section::Section,
        subject_page::SubjectPage,
        trace::TraceForward,
    },
};
use domain::{
    text::{Text, text},
    view::MaterialLotView,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

const FORWARD: Text = text("Trace forward", "正向追溯");
const RECORDS: Text = text("Source and receipt", "来源与收货");
const BATCHES: Text = text("Batches made from it", "用它生产的批次");
const NO_BATCH: Text = text("No batch on record was made from it.", "没有批次记录使用过它。");

/// A material lot, by its key.
#[server(prefix = "/ask", endpoint = "material_lot", input = GetUrl)]
pub async fn ask_material_lot(
    /// The key.
    key: String,
    /// The list to go on with; empty for the first rows of each.
    list: String,
    /// Its cursor; empty for the first rows.
    after: String,
) -> Result<MaterialLotView, AppError> {
    use crate::request::{ask, found, reader};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    found(request.ledger.material_lot(&reader, &key, &ask(list, after)).await)
}

/// The page.
#[component]
pub fn MaterialLotPage() -> impl IntoView {
    let (key, turned) = (param("key"), turned());
    let view = Resource::new(
        move || (key.get(), turned.get()),
        |(key, turned)| ask_material_lot(key, turned.list, turned.after),
    );
    loaded(view, move |view| shown(view, turned.get_untracked()))
}

fn shown(lot: MaterialLotView, turned: Turned) -> impl IntoView {
    let foot = pager("batches", &lot.batches, &turned);
    let here = turned.clone();
    let records: Vec<_> = lot.records.into_iter().map(|record| view! { <Record record/> }).collect();
    let parts = view! {
        <Section id="shipments" title=FORWARD>
            <TraceForward forward=lot.forward list="shipments" turned=here/>
        </Section>
        <Section id="batches" title=BATCHES count=lot.batches.total>
            <BatchList batches=lot.batches.rows none=NO_BATCH/>
            {foot}
        </Section>
        <Section id="records" title=RECORDS>{records}</Section>
    };
    view! { <SubjectPage card=lot.card parts=parts.into_any() timeline=lot.timeline turned/> }
}
