//! What falls due: samples that somebody should look for, records whose period ends (C58).

use crate::{
    error::AppError,
    here::{encode, href, role, said, tr},
    parts::{
        icon::{Glyph, Icon},
        loaded::loaded,
        pager::{pager, turned},
        records_nav::RecordsNav,
        section::{Nothing, Section},
    },
};
use domain::{
    event::{SAMPLE_CHECKED, kind_named},
    text::{Text, text},
    view::{KeptUntil, RetentionView, SampleDue},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;

const TITLE: Text = text("Falls due", "到期");
const ABOUT: Text = text(
    "Records are kept for the period of the market or of the trace plan, counted from the last shipment. Nothing is purged early, and nothing under a legal hold at all.",
    "记录按市场或追溯方案规定的期限保存，自最后一个货运单发出起算。到期前不清除；法律保全期间一律不清除。",
);
const SAMPLES: Text = text("Samples to look for", "待查验的留样");
const RECORDS: Text = text("Records whose period ends within a year", "一年内到期的记录");
const NO_SAMPLES: Text = text("No sample is due for a check.", "没有待查验的留样。");
const NO_RECORDS: Text = text("No period ends within a year.", "一年内没有到期的记录。");
const UNTIL: Text = text("kept until {day}", "保存至 {day}");
const HELD: Text = text("Legal hold: {matter}", "法律保全：{matter}");
const DUE: Text = text("due since {day}", "应于 {day} 查验");
const MISSING: Text = text("not found on {day}", "{day} 未找到");
const KEPT_BY: Text = text("kept by {name} at {location}", "{name} 保管于 {location}");

/// What falls due, today.
#[server(prefix = "/ask", endpoint = "retention", input = GetUrl)]
pub async fn ask_retention(
    /// The list to go on with; empty for the first rows.
    list: String,
    /// Its cursor; empty for the first rows.
    after: String,
) -> Result<RetentionView, AppError> {
    use crate::request::{ask, reader, told};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    let day = request.today.clone();
    told(request.ledger.retention(&reader, &day, &ask(list, after)).await)
}

/// The page.
#[component]
pub fn RetentionPage() -> impl IntoView {
    let turned = turned();
    let view = Resource::new(move || turned.get(), |turned| ask_retention(turned.list, turned.after));
    view! {
        <Title text=tr(TITLE)/>
        <div class="retention stack">
            <RecordsNav here="/retention"/>
            <h1>{tr(TITLE)}</h1>
            <p class="soft">{tr(ABOUT)}</p>
            {loaded(view, move |view| {
                let foot = pager("records", &view.records, &turned.get_untracked());
                let (samples, records) = (view.samples.len() as u64, view.records.total);
                view! {
                    <Section id="samples" title=SAMPLES count=samples>{sample_list(view.samples)}</Section>
                    <Section id="records" title=RECORDS count=records>{record_list(view.records.rows)} {foot}</Section>
                }
            })}
        </div>
    }
}

fn sample_list(samples: Vec<SampleDue>) -> impl IntoView {
    if samples.is_empty() {
        return view! { <Nothing word=NO_SAMPLES/> }.into_any();
    }
    view! { <ul class="line-list">{samples.into_iter().map(sample).collect::<Vec<_>>()}</ul> }.into_any()
}

fn sample(due: SampleDue) -> impl IntoView {
    let subject = due.sample.subject.clone();
    let (class, word) = if due.missing { ("due missing", MISSING) } else { ("due", DUE) };
    let told = word.with(&[("day", &due.due_on)]);
    let kept = due
        .custodian
        .zip(due.location)
        .map(|(name, location)| said(&KEPT_BY.with(&[("name", &name), ("location", &location)])));
    let check =
        kind_named(SAMPLE_CHECKED).filter(|kind| role().is_some_and(|role| kind.allows(role))).map(|kind| {
            let to = format!("/event/{}?subject={}", kind.name, encode(&subject.to_string()));
            view! { <a class="button quiet" href=to>{tr(kind.about.verb)}</a> }
        });
    view! {
        <li class=class>
            <a class="name" href=href(&subject)><Icon glyph=Glyph::Sample/>{due.sample.title}</a>
            <span class="detail">{kept}</span>
            <span class="when">{said(&told)}</span>
            {check}
        </li>
    }
}

fn record_list(records: Vec<KeptUntil>) -> impl IntoView {
    if records.is_empty() {
        return view! { <Nothing word=NO_RECORDS/> }.into_any();
    }
    let records: Vec<_> = records
        .into_iter()
        .map(|kept| {
            let held = kept.held.map(|matter| {
                let told = HELD.with(&[("matter", &matter)]);
                view! { <span class="held"><Icon glyph=Glyph::Stop/>{said(&told)}</span> }
            });
            view! {
                <li>
                    <a class="name" href=href(&kept.batch.subject)><Icon glyph=Glyph::Batch/>{kept.batch.title}</a>
                    <span class="detail">{said(&kept.batch.detail)}</span>
                    <span class="when">{said(&UNTIL.with(&[("day", &kept.until)]))}</span>
                    {held}
                </li>
            }
        })
        .collect();
    view! { <ul class="line-list">{records}</ul> }.into_any()
}
