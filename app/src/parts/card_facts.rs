//! What a subject belongs to: batches, product, the carton, pallet or shipment round it, its place.

use crate::here::{href, said, tr};
use domain::{
    quantity::Share,
    subject::SubjectKind,
    text::{Said, Text, text},
    view::{BatchShare, Card, Titled},
};
use leptos::prelude::*;

const BATCHES: Text = text("Batch", "批次");
const TRADE_ITEM: Text = text("Trade item", "商品");
const INSIDE: Text = text("Inside", "所在");
const PLACE: Text = text("Place", "地点");
const COUNTED: Text = text("Counted", "数量");
const NO_BATCH: Text = text("No record says which batch", "没有记录说明所属批次");
const NOT_PLACED: Text = text("Not recorded", "未记录");
const MORE: Text = text("and {n} more", "另有 {n} 项");
const PIECES: Text = text("{n} pieces", "{n} 件");
const CARTONS: Text = text("{n} cartons", "{n} 箱");
const SOME: Text = text("number not known", "数量未知");

/// How many rows of one sort a card shows before it counts the rest.
const MOST_ROWS: usize = 5;

/// The facts of a card.
#[component]
pub fn CardFacts(
    /// Whose.
    card: Card,
) -> impl IntoView {
    let kind = card.titled.subject.kind;
    let holds_batches = matches!(kind, SubjectKind::LogisticUnit | SubjectKind::Shipment);
    let moves = !matches!(
        kind,
        SubjectKind::TradeItem
            | SubjectKind::Place
            | SubjectKind::TracePlan
            | SubjectKind::RetainedSample
            | SubjectKind::OrderLine
    );
    let batches = holds_batches.then(|| row(BATCHES, rows(card.batches, share, NO_BATCH)));
    let item = card.trade_item.map(|item| row(TRADE_ITEM, link(&item)));
    let inside = (!card.inside.is_empty()).then(|| row(INSIDE, rows(card.inside, |t| link(&t), NOT_PLACED)));
    let place = moves.then(|| match card.place {
        Some(place) => row(PLACE, link(&place)),
        None => row(PLACE, gap(NOT_PLACED)),
    });
    let counted = card.counted.map(|n| row(COUNTED, said(&n.said()).into_any()));
    view! { <dl class="facts">{batches}{item}{inside}{place}{counted}</dl> }
}

fn row(label: Text, value: AnyView) -> impl IntoView {
    view! { <div><dt>{tr(label)}</dt><dd>{value}</dd></div> }
}

fn rows<T>(all: Vec<T>, show: impl Fn(T) -> AnyView, none: Text) -> AnyView {
    if all.is_empty() {
        return gap(none);
    }
    let more = all.len().saturating_sub(MOST_ROWS);
    let shown: Vec<_> = all.into_iter().take(MOST_ROWS).map(|one| view! { <li>{show(one)}</li> }).collect();
    let more =
        (more > 0).then(|| view! { <li class="soft">{said(&MORE.with(&[("n", &more.to_string())]))}</li> });
    view! { <ul>{shown}{more}</ul> }.into_any()
}

fn gap(text: Text) -> AnyView {
    view! { <span class="gap">{tr(text)}</span> }.into_any()
}

fn link(titled: &Titled) -> AnyView {
    let detail = said(&titled.detail);
    let detail = (!detail.is_empty()).then(|| view! { <span class="soft detail">{detail}</span> });
    view! { <a href=href(&titled.subject)>{titled.title.clone()}</a> " " {detail} }.into_any()
}

fn share(of: BatchShare) -> AnyView {
    let product = of.trade_item.map(|item| view! { <span class="soft">{item.title}</span> });
    let pieces = match of.share {
        Share::Exactly(pieces) => PIECES.with(&[("n", &pieces.to_string())]),
        Share::Unknown => SOME.said(),
    };
    let cartons = of.cartons.map(|n| CARTONS.with(&[("n", &n.to_string())]));
    let much: Vec<Said> = cartons.into_iter().chain([pieces]).collect();
    let much = much.iter().map(said).collect::<Vec<_>>().join(" · ");
    view! {
        <a href=href(&of.batch.subject)>{of.batch.title}</a> " "
        <span class="much">{much}</span> " " {product}
    }
    .into_any()
}
