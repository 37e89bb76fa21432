//! Shipments with where they go and how much they hold of what is asked about.

use crate::{
    here::{href, role, said, tr},
    parts::{
        amount::{cartons, share},
        cite::Cite,
        facts::Gap,
        icon::{Glyph, Icon},
        section::Nothing,
    },
};
use domain::{
    quantity::Share,
    text::{Text, text},
    view::ShipmentLine,
};
use leptos::prelude::*;

const GOES_TO: Text = text("to", "发往");
const NOT_SHOWN: Text = text("a place not shown to your role", "您的角色不可见的地点");
const LEFT: Text = text("left {time}", "发出 {time}");
const NOT_LEFT: Text = text("Not shipped yet", "尚未发出");

/// The shipments of a list.
#[component]
pub fn ShipmentList(
    /// The shipments.
    shipments: Vec<ShipmentLine>,
    /// What is said where there are none.
    none: Text,
) -> impl IntoView {
    if shipments.is_empty() {
        return view! { <Nothing word=none/> }.into_any();
    }
    view! { <ul class="line-list shipment-list">{shipments.into_iter().map(shipment).collect::<Vec<_>>()}</ul> }
        .into_any()
}

fn shipment(line: ShipmentLine) -> impl IntoView {
    let destination = match line.destination {
        Some(place) => view! { <a href=href(&place.subject)>{place.title}</a> }.into_any(),
        None if role().is_some_and(|role| role.reads_suppliers()) => {
            view! { <Gap required=true/> }.into_any()
        }
        None => view! { <span class="hidden">{tr(NOT_SHOWN)}</span> }.into_any(),
    };
    // Cartons that were only counted cannot be told apart, so none of them is known to hold it.
    let cartons = (line.cartons > 0 || line.share != Share::Unknown)
        .then(|| view! { <strong>{cartons(line.cartons)}</strong> });
    let left = match line.shipped {
        Some(entry) => {
            let time = entry.event_time.at(entry.zone);
            view! { <span>{said(&LEFT.with(&[("time", &time)]))}</span> <Cite entry/> }.into_any()
        }
        None => view! { <span>{tr(NOT_LEFT)}</span> }.into_any(),
    };
    view! {
        <li>
            <a class="name" href=href(&line.shipment.subject)>
                <Icon glyph=Glyph::Shipment/>{line.shipment.title}
            </a>
            <p class="detail">{tr(GOES_TO)} " " {destination}</p>
            <p class="amount">{cartons} <span>{share(line.share)}</span></p>
            <p class="meta">{left}</p>
        </li>
    }
}
