//! What is not bridged: order lines on no batch, goods and records under a lot code that nobody made, samples
//! of no one batch. The page proposes; a person joins (C10, C17, C49).

use crate::{
    error::AppError,
    here::{encode, href, role, said, tr},
    parts::{
        facts::Facts,
        icon::{Glyph, Icon},
        loaded::loaded,
        pager::{pager, turned},
        records_nav::RecordsNav,
        section::{Nothing, Section},
    },
};
use domain::{
    event::{BATCH_JOINED, kind_named},
    text::{Text, text},
    view::{BridgesView, NotBridged, Proposal, Titled},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;

const TITLE: Text = text("Not bridged", "未桥接");
const ABOUT: Text = text(
    "Things that no record leads from to a batch. What may belong together is proposed; only a person joins it, by name.",
    "没有记录通向批次的内容。系统仅提出可能的归属，须由专人确认并入。",
);
const LINES: Text = text("Order and invoice lines on no batch", "未归属批次的订单与发票行");
const STRAYS: Text = text("Lot codes that nobody made", "没有生产记录的批号");
const SAMPLES: Text = text("Samples of no one batch", "批次不明的留样");
const NO_LINES: Text =
    text("Every order and invoice line belongs to a batch.", "所有订单与发票行均已归属批次。");
const NO_STRAYS: Text =
    text("Every lot code leads to a batch that was made.", "所有批号均对应已生产的批次。");
const NO_SAMPLES: Text = text("Every sample is of one batch.", "所有留样均归属单一批次。");
const PROPOSED: Text = text("May belong to", "可能归属");
const NONE_LIKE: Text =
    text("Nothing like it was found. Join it by hand if you know.", "未找到相近者。如确知归属，可手动并入。");
const JOIN: Text = text("Join", "并入");
const JOIN_OTHER: Text = text("Join to another batch", "并入其他批次");

/// What is not bridged.
#[server(prefix = "/ask", endpoint = "bridges", input = GetUrl)]
pub async fn ask_bridges(
    /// The list to go on with; empty for the first rows of each.
    list: String,
    /// Its cursor; empty for the first rows.
    after: String,
) -> Result<BridgesView, AppError> {
    use crate::request::{ask, reader, told};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    told(request.ledger.bridges(&reader, &ask(list, after)).await)
}

/// The page.
#[component]
pub fn BridgesPage() -> impl IntoView {
    let turned = turned();
    let view = Resource::new(move || turned.get(), |turned| ask_bridges(turned.list, turned.after));
    view! {
        <Title text=tr(TITLE)/>
        <div class="bridges stack">
            <RecordsNav here="/bridges"/>
            <h1>{tr(TITLE)}</h1>
            <p class="soft">{tr(ABOUT)}</p>
            {loaded(view, move |view| {
                let turned = turned.get_untracked();
                let (lines, strays) = (pager("lines", &view.lines, &turned), pager("strays", &view.strays, &turned));
                let samples = view.samples.len() as u64;
                view! {
                    <Section id="lines" title=LINES count=view.lines.total>
                        {list(view.lines.rows, NO_LINES)} {lines}
                    </Section>
                    <Section id="strays" title=STRAYS count=view.strays.total>
                        {list(view.strays.rows, NO_STRAYS)} {strays}
                    </Section>
                    <Section id="samples" title=SAMPLES count=samples>{sample_list(view.samples)}</Section>
                }
            })}
        </div>
    }
}

fn list(things: Vec<NotBridged>, none: Text) -> impl IntoView {
    if things.is_empty() {
        return view! { <Nothing word=none/> }.into_any();
    }
    view! { <ul class="line-list wide">{things.into_iter().map(thing).collect::<Vec<_>>()}</ul> }.into_any()
}

fn thing(one: NotBridged) -> impl IntoView {
    let subject = one.thing.subject.clone();
    let may = role().is_some_and(|role| kind_named(BATCH_JOINED).is_some_and(|kind| kind.allows(role)));
    let form = format!("/event/{BATCH_JOINED}?subject={}", encode(&subject.to_string()));
    let proposals: Vec<_> =
        one.proposals.into_iter().map(|p| proposal(p, may.then(|| form.clone()))).collect();
    let proposed = match proposals.is_empty() {
        true => view! { <p class="soft">{tr(NONE_LIKE)}</p> }.into_any(),
        false => {
            view! { <p class="soft">{tr(PROPOSED)}</p> <ul class="proposals">{proposals}</ul> }.into_any()
        }
    };
    let other = may.then(|| view! { <a class="button quiet" href=form.clone()>{tr(JOIN_OTHER)}</a> });
    view! {
        <li data-thing=subject.to_string()>
            <a class="name" href=href(&subject)><Icon glyph=Glyph::of(subject.kind)/>{one.thing.title}</a>
            <span class="detail">{said(&one.thing.detail)}</span>
            <Facts facts=one.facts/>
            {proposed}
            {other}
        </li>
    }
}

fn proposal(one: Proposal, form: Option<String>) -> impl IntoView {
    let batch = one.batch.subject.clone();
    let join = form.map(|form| {
        let to = format!("{form}&fill={}", encode(&format!("batch:{}", batch.urn())));
        view! { <a class="button quiet" href=to>{tr(JOIN)}</a> }
    });
    view! {
        <li>
            <a class="name" href=href(&batch)><Icon glyph=Glyph::Batch/>{one.batch.title}</a>
            <span class="detail">{said(&one.batch.detail)} " · " {said(&one.why)}</span>
            {join}
        </li>
    }
}

fn sample_list(samples: Vec<Titled>) -> impl IntoView {
    if samples.is_empty() {
        return view! { <Nothing word=NO_SAMPLES/> }.into_any();
    }
    let samples: Vec<_> = samples
        .into_iter()
        .map(|one| {
            view! {
                <li>
                    <a class="name" href=href(&one.subject)><Icon glyph=Glyph::Sample/>{one.title}</a>
                    <span class="detail">{said(&one.detail)}</span>
                </li>
            }
        })
        .collect();
    view! { <ul class="line-list">{samples}</ul> }.into_any()
}
