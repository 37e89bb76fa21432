//! Batches with how much of each there is: the composition of a shipment, the batches of a trade item.

use crate::{
    here::{href, said},
    parts::{
        amount::{cartons, share},
        cite::Cite,
        icon::{Glyph, Icon},
        section::Nothing,
    },
};
use domain::{text::Text, view::BatchShare};
use leptos::prelude::*;

/// The batches of a list.
#[component]
pub fn BatchList(
    /// The batches.
    batches: Vec<BatchShare>,
    /// What is said where there are none.
    none: Text,
) -> impl IntoView {
    if batches.is_empty() {
        return view! { <Nothing word=none/> }.into_any();
    }
    view! { <ul class="line-list batch-list">{batches.into_iter().map(batch).collect::<Vec<_>>()}</ul> }
        .into_any()
}

fn batch(line: BatchShare) -> impl IntoView {
    let cartons = line.cartons.map(|n| view! { <span>{cartons(n)}</span> });
    let detail = said(&line.batch.detail);
    // A batch's detail begins with what was made; twice would only be longer.
    let item = line.trade_item.filter(|item| !detail.starts_with(&item.title));
    let item = item.map(|item| view! { <a href=href(&item.subject)>{item.title}</a> });
    view! {
        <li>
            <a class="name" href=href(&line.batch.subject)><Icon glyph=Glyph::Batch/>{line.batch.title}</a>
            {(!detail.is_empty()).then(|| view! { <p class="detail">{detail}</p> })}
            <p class="amount"><strong>{share(line.share)}</strong> {cartons}</p>
            <p class="meta">{item} {line.entry.map(|entry| view! { <Cite entry/> })}</p>
        </li>
    }
}
