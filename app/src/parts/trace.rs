//! Where something went and what it came from, in numbers that a person can act on.

use crate::{
    here::tr,
    parts::{
        amount::number,
        icon::{Glyph, Icon},
        pager::{Turned, pager},
        shipment_list::ShipmentList,
    },
};
use domain::{
    text::{Text, text},
    view,
};
use leptos::prelude::*;

const BATCHES: Text = text("batches", "个批次");
const CARTONS: Text = text("cartons", "箱");
const NOT_SHIPPED: Text = text("cartons not shipped", "箱未发出");
const PIECES: Text = text("pieces, as far as known", "件（已知数量）");
const SHIPMENTS: Text = text("shipments", "票货运单");
const MATERIALS: Text = text("material lots", "个物料批");
const NO_SHIPMENT: Text = text("None of it has left in a shipment.", "尚无任何部分随货运单发出。");

/// Towards shipments: the numbers, then the shipments. `list` is the section's id.
#[component]
pub fn TraceForward(
    /// Where it went.
    forward: view::TraceForward,
    /// The name of the list of shipments.
    list: &'static str,
    /// Where the reader stands.
    turned: Turned,
    /// False where the page shows the shipments in a section of their own.
    #[prop(default = true)]
    with_shipments: bool,
) -> impl IntoView {
    let numbers = vec![
        figure(Glyph::Batch, forward.batches, BATCHES),
        figure(Glyph::Carton, forward.cartons, CARTONS),
        figure(Glyph::Pause, forward.cartons_not_shipped, NOT_SHIPPED),
        figure(Glyph::Item, forward.pieces, PIECES),
        figure(Glyph::Shipment, forward.shipments.total, SHIPMENTS),
    ];
    let shipments = with_shipments.then(|| {
        let foot = pager(list, &forward.shipments, &turned);
        view! { <ShipmentList shipments=forward.shipments.rows none=NO_SHIPMENT/> {foot} }
    });
    view! { <ul class="trace">{numbers}</ul> {shipments} }
}

/// Towards materials: the numbers alone; the lists stand in their own sections.
#[component]
pub fn TraceBack(
    /// Batches reached.
    batches: usize,
    /// Material lots reached.
    materials: usize,
) -> impl IntoView {
    view! {
        <ul class="trace">
            {figure(Glyph::Batch, batches as u64, BATCHES)}
            {figure(Glyph::Material, materials as u64, MATERIALS)}
        </ul>
    }
}

fn figure(glyph: Glyph, n: u64, of: Text) -> AnyView {
    view! { <li><strong>{number(n)}</strong> <span><Icon glyph/>{tr(of)}</span></li> }.into_any()
}
