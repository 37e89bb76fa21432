//! A place: what it does in the chain, what goes there, and what happened there.

use crate::{
    error::AppError,
    here::param,
    parts::{
        loaded::loaded,
        pager::{Turned, pager, turned},
        record::Record,
        section::Section,
        shipment_list::ShipmentList,
        subject_page::SubjectPage,
    },
};
use domain::{
    text::{Text, text},
    view::PlaceView,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

const RECORDS: Text = text("Who it is", "基本信息");
const SHIPMENTS: Text = text("Shipments to it", "发往此处的货运单");
const NO_SHIPMENT: Text = text("No shipment on record goes there.", "没有货运单发往此处。");

/// A place, by its key.
#[server(prefix = "/ask", endpoint = "place", input = GetUrl)]
pub async fn ask_place(
    /// The key.
    key: String,
    /// The list to go on with; empty for the first rows of each.
    list: String,
    /// Its cursor; empty for the first rows.
    after: String,
) -> Result<PlaceView, AppError> {
    use crate::request::{ask, found, reader};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    found(request.ledger.place(&reader, &key, &ask(list, after)).await)
}

/// The page.
#[component]
pub fn PlacePage() -> impl IntoView {
    let (key, turned) = (param("key"), turned());
    let view = Resource::new(
        move || (key.get(), turned.get()),
        |(key, turned)| ask_place(key, turned.list, turned.after),
    );
    loaded(view, move |view| shown(view, turned.get_untracked()))
}

fn shown(place: PlaceView, turned: Turned) -> impl IntoView {
    let foot = pager("shipments", &place.shipments, &turned);
    let records: Vec<_> = place.records.into_iter().map(|record| view! { <Record record/> }).collect();
    let parts = view! {
        <Section id="records" title=RECORDS>{records}</Section>
        <Section id="shipments" title=SHIPMENTS count=place.shipments.total>
            <ShipmentList shipments=place.shipments.rows none=NO_SHIPMENT/>
            {foot}
        </Section>
    };
    view! { <SubjectPage card=place.card parts=parts.into_any() timeline=place.timeline turned/> }
}
