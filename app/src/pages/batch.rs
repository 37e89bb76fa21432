//! A batch with its whole story: how it was made, from what, where it went, and everything that happened
//! to it.

use crate::{
    error::AppError,
    here::{href, param, said},
    parts::{
        bridge_list::BridgeList,
        change_list::ChangeList,
        icon::{Glyph, Icon},
        loaded::loaded,
        material_list::MaterialList,
        notice::{Notice, Tone},
        pager::{Turned, pager, turned},
        plan_status::PlanList,
        record::Record,
        section::Section,
        shipment_list::ShipmentList,
        six::Six,
        subject_page::SubjectPage,
        trace::TraceForward,
        unit_list::UnitList,
    },
};
use domain::{
    event::{CHANGE_JUDGED, kind_named},
    text::{Text, text},
    view,
    view::{BatchView, Titled},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

const FORWARD: Text = text("Trace forward", "正向追溯");
const RECORDS: Text = text("How it was made", "生产情况");
const MATERIALS: Text = text("Made from", "所用物料");
const CARTONS: Text = text("Cartons", "外箱");
const SHIPMENTS: Text = text("Shipments", "货运单");
const SIX: Text = text("Six records", "六类记录");
const CHANGES: Text = text("Material changes", "重大变更");
const BRIDGE: Text = text("What leads to this batch", "通向该批次的编码与单据");
const PLAN: Text = text("Made under", "依据的追溯方案");
const JOINED: Text = text("Joined to it", "已并入");
const JOINED_TO: Text = text(
    "The records under this lot code belong to batch {batch}; they were joined to it.",
    "该批号下的记录属于批次 {batch}，已并入。",
);
const SAMPLES: Text = text("Retained samples", "留样");
const NO_MATERIAL: Text = text("No material lot is on record for this batch.", "该批次没有物料批记录。");
const NO_CARTON: Text = text("No carton is on record for this batch.", "该批次没有外箱记录。");
const NO_SHIPMENT: Text = text("No part of this batch has been shipped.", "该批次尚未发出。");

/// True of a record that a section of its own tells.
fn is_told_above(record: &str) -> bool {
    kind_named(CHANGE_JUDGED).is_some_and(|kind| kind.files.contains(&record))
}

/// A thing that was joined, or is kept.
fn joined_line(thing: Titled) -> impl IntoView {
    view! {
        <li>
            <a class="name" href=href(&thing.subject)><Icon glyph=Glyph::of(thing.subject.kind)/>{thing.title}</a>
            <span class="detail">{said(&thing.detail)}</span>
        </li>
    }
}

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
    let records: Vec<_> = batch
        .records
        .into_iter()
        .filter(|record| !is_told_above(&record.kind))
        .map(|record| view! { <Record record/> })
        .collect();
    let materials = batch.materials.len();
    let standing = batch.standing;
    let subject = batch.card.titled.subject.clone();
    let plan = standing
        .plan
        .map(|line| view! { <Section id="plan" title=PLAN><PlanList plans=vec![line]/></Section> });
    let (changes, levels) = (standing.changes.len() as u64, standing.bridge.len() as u64);
    let joined: Vec<_> = standing.joined.into_iter().map(joined_line).collect();
    let joined = (!joined.is_empty()).then(|| {
        view! { <Section id="joined" title=JOINED><ul class="line-list">{joined}</ul></Section> }
    });
    let joined_to = standing.joined_to.map(|to| {
        let told = JOINED_TO.with(&[("batch", &to.title)]);
        view! { <Notice tone=Tone::Look><p>{said(&told)}</p><a class="button" href=href(&to.subject)>{to.title}</a></Notice> }
    });
    let samples: Vec<_> = standing.samples.into_iter().map(joined_line).collect();
    let samples = (!samples.is_empty()).then(|| {
        view! { <Section id="samples" title=SAMPLES><ul class="line-list">{samples}</ul></Section> }
    });
    let parts = view! {
        {joined_to}
        <Section id="six" title=SIX><Six completeness=standing.completeness/></Section>
        <Section id="changes" title=CHANGES count=changes>
            <ChangeList batch=subject changes=standing.changes/>
        </Section>
        <Section id="bridge" title=BRIDGE count=levels><BridgeList bridge=standing.bridge/></Section>
        {plan}
        <Section id="forward" title=FORWARD>{forward}</Section>
        {samples}
        {joined}
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
