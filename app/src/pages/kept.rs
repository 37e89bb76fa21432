//! A retained sample, and an order or invoice line: their records, the batches they belong to, their story
//! (C10, C51); and the batches that name a revision (C14).

use crate::{
    error::AppError,
    here::{param, said},
    parts::{
        batch_list::BatchList,
        loaded::loaded,
        pager::{Turned, pager, turned},
        record::Record,
        section::Section,
        subject_page::SubjectPage,
    },
};
use domain::{
    text::{Text, text},
    view::{KeptView, NamedAlikeView},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;

const BATCHES: Text = text("Belongs to", "所属批次");
const RECORDS: Text = text("Record", "记录");
const NO_BATCH: Text = text("It belongs to no batch yet.", "尚未归属任何批次。");
const ALIKE: Text = text("Batches that name it", "采用该版本的批次");
const NONE_ALIKE: Text = text("No batch names it.", "没有批次采用该版本。");

/// A retained sample, by its key.
#[server(prefix = "/ask", endpoint = "retained_sample", input = GetUrl)]
pub async fn ask_retained_sample(
    /// The key.
    key: String,
    /// The list to go on with; empty for the first rows of each.
    list: String,
    /// Its cursor; empty for the first rows.
    after: String,
) -> Result<KeptView, AppError> {
    use crate::request::{ask, found, reader};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    found(request.ledger.retained_sample(&reader, &key, &ask(list, after)).await)
}

/// An order or invoice line, by its key.
#[server(prefix = "/ask", endpoint = "order_line", input = GetUrl)]
pub async fn ask_order_line(
    /// The key.
    key: String,
    /// The list to go on with; empty for the first rows of each.
    list: String,
    /// Its cursor; empty for the first rows.
    after: String,
) -> Result<KeptView, AppError> {
    use crate::request::{ask, found, reader};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    found(request.ledger.order_line(&reader, &key, &ask(list, after)).await)
}

/// The batches that name a revision: `bom` and `BOM-12`.
#[server(prefix = "/ask", endpoint = "named_alike", input = GetUrl)]
pub async fn ask_named_alike(
    /// What it is a revision of.
    field: String,
    /// The revision.
    value: String,
    /// The list to go on with; empty for the first rows.
    list: String,
    /// Its cursor; empty for the first rows.
    after: String,
) -> Result<NamedAlikeView, AppError> {
    use crate::request::{ask, found, reader};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    found(request.ledger.named_alike(&reader, &field, &value, &ask(list, after)).await)
}

/// The page of a retained sample.
#[component]
pub fn RetainedSamplePage() -> impl IntoView {
    let (key, turned) = (param("key"), turned());
    let view = Resource::new(
        move || (key.get(), turned.get()),
        |(key, turned)| ask_retained_sample(key, turned.list, turned.after),
    );
    loaded(view, move |view| shown(view, turned.get_untracked()))
}

/// The page of an order or invoice line.
#[component]
pub fn OrderLinePage() -> impl IntoView {
    let (key, turned) = (param("key"), turned());
    let view = Resource::new(
        move || (key.get(), turned.get()),
        |(key, turned)| ask_order_line(key, turned.list, turned.after),
    );
    loaded(view, move |view| shown(view, turned.get_untracked()))
}

fn shown(kept: KeptView, turned: Turned) -> impl IntoView {
    let foot = pager("batches", &kept.batches, &turned);
    let records: Vec<_> = kept.records.into_iter().map(|record| view! { <Record record/> }).collect();
    let parts = view! {
        <Section id="batches" title=BATCHES count=kept.batches.total>
            <BatchList batches=kept.batches.rows none=NO_BATCH/>
            {foot}
        </Section>
        <Section id="records" title=RECORDS>{records}</Section>
    };
    view! { <SubjectPage card=kept.card parts=parts.into_any() timeline=kept.timeline turned/> }
}

/// The page of a revision.
#[component]
pub fn NamedAlikePage() -> impl IntoView {
    let (field, value, turned) = (param("field"), param("value"), turned());
    let view = Resource::new(
        move || (field.get(), value.get(), turned.get()),
        |(field, value, turned)| ask_named_alike(field, value, turned.list, turned.after),
    );
    loaded(view, move |view: NamedAlikeView| {
        let foot = pager("batches", &view.batches, &turned.get_untracked());
        let title = format!("{} {}", said(&view.label), view.value);
        view! {
            <Title text=title.clone()/>
            <div class="stack">
                <h1>{title}</h1>
                <Section id="batches" title=ALIKE count=view.batches.total>
                    <BatchList batches=view.batches.rows none=NONE_ALIKE/>
                    {foot}
                </Section>
            </div>
        }
    })
}
