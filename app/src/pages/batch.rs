//! A batch with its whole story: how it was made, from what, where it went, and everything that happened
//! to it.

use crate::{
    error::AppError,
    here::param,
    parts::{
        loaded::loaded,
        material_list::MaterialList,
        pager::{Turned, pager, turned},
        record::Record,
        section::Section,
        shipment_list::ShipmentList,
        subject_page::SubjectPage,
        trace::TraceForward,
        unit_list::UnitList,
    },
};
use domain::{
    text::{Text, text},
    view,
    view::BatchView,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

const FORWARD: Text = text("Trace forward", "正向追溯");
const RECORDS: Text = text("How it was made", "生产情况");
const MATERIALS: Text = text("Made from", "所用物料");
const CARTONS: Text = text("Cartons", "外箱");
const SHIPMENTS: Text = text("Shipments", "货运单");
const NO_MATERIAL: Text = text("No material lot is on record for this batch.", "该批次没有物料批记录。");
const NO_CARTON: Text = text("No carton is on record for this batch.", "该批次没有外箱记录。");
const NO_SHIPMENT: Text = text("No part of this batch has been shipped.", "该批次尚未发出。");

/// A batch, by its key.
#[server(prefix = "/ask", endpoint = "batch", input = GetUrl)]
pub async fn ask_batch(
    /// The key.
    key: String,
    /// The list to go on with; empty for the first rows of each.
    list: String,
    /// Its cursor; empty for the first rows.
    after: String,
) -> Result<BatchView, AppError> {
    use crate::request::{ask, found, reader};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    found(request.ledger.batch(&reader, &key, &ask(list, after)).await)
}

/// Where a batch went, in numbers.
#[server(prefix = "/ask", endpoint = "batch_forward", input = GetUrl)]
pub async fn ask_batch_forward(
    /// The key.
    key: String,
) -> Result<view::TraceForward, AppError> {
    use crate::request::{found, reader};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    let batch = domain::subject::Subject::batch(key);
    found(request.ledger.trace_forward(&reader, &batch, &Default::default()).await)
}

/// The page.
#[component]
pub fn BatchPage() -> impl IntoView {
    let (key, turned) = (param("key"), turned());
    let view = Resource::new(
        move || (key.get(), turned.get()),
        |(key, turned)| ask_batch(key, turned.list, turned.after),
    );
    let forward = Resource::new(move || key.get(), ask_batch_forward);
    loaded(view, move |view| shown(view, turned.get_untracked(), forward))
}

fn shown(
    batch: BatchView,
    turned: Turned,
    forward: Resource<Result<view::TraceForward, AppError>>,
) -> impl IntoView {
    let forward = loaded(forward, |forward| {
        view! { <TraceForward forward list="forward" turned=Turned::default() with_shipments=false/> }
    });
    let (cartons, shipments) =
        (pager("cartons", &batch.cartons, &turned), pager("shipments", &batch.shipments, &turned));
    let records: Vec<_> = batch.records.into_iter().map(|record| view! { <Record record/> }).collect();
    let materials = batch.materials.len();
    let parts = view! {
        <Section id="forward" title=FORWARD>{forward}</Section>
        <Section id="records" title=RECORDS>{records}</Section>
        <Section id="materials" title=MATERIALS count=materials as u64>
            <MaterialList materials=batch.materials none=NO_MATERIAL/>
        </Section>
        <Section id="shipments" title=SHIPMENTS count=batch.shipments.total>
            <ShipmentList shipments=batch.shipments.rows none=NO_SHIPMENT/>
            {shipments}
        </Section>
        <Section id="cartons" title=CARTONS count=batch.cartons.total>
            <UnitList units=batch.cartons.rows none=NO_CARTON/>
            {cartons}
        </Section>
    };
    view! { <SubjectPage card=batch.card parts=parts.into_any() timeline=batch.timeline turned/> }
}
