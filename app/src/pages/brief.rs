//! The supplier brief: the six locks as one page in both languages, for the quotation stage, before artwork is
//! approved (C26). Printed from the browser on one sheet.

use crate::{
    here::{href, param, tr},
    pages::trace_plan::{LOCKS, ask_trace_plan},
    parts::{
        icon::{Glyph, Icon},
        loaded::loaded,
        plan_status::{revision, status_word},
    },
};
use domain::{
    text::{Lang, Said, Text, text},
    view::{Fact, PlanView},
};
use leptos::prelude::*;
use leptos_meta::Title;

const TITLE: Text = text("Supplier brief", "供应商简报");
const BACK: Text = text("Back to the trace plan", "返回追溯方案");
const PRINT: Text = text("Print it from your browser: it fits one sheet.", "请用浏览器打印，共一页。");
const LEDE: Text = text(
    "What we agree before artwork is approved and before production opens. Both parties sign; a later change is a dated amendment and leaves earlier batches alone.",
    "图稿核准及生产开始前须确认的事项。双方签署；此后变更须另立注明日期的修订，不影响此前批次。",
);
const NOT_FILLED: Text = text("to be agreed", "待定");
const SIGNED_BUYER: Text = text("For the buyer: name, date", "买方：姓名、日期");
const SIGNED_FACTORY: Text = text("For the factory: name, date", "工厂：姓名、日期");
const NO_PLAN: Text = text("There is nothing to brief yet.", "尚无内容。");

/// The page.
#[component]
pub fn BriefPage() -> impl IntoView {
    let key = param("key");
    let view = Resource::new(move || key.get(), |key| ask_trace_plan(key, String::new(), String::new()));
    loaded(view, shown)
}

fn both(said: &Said) -> impl IntoView + use<> {
    let (en, zh) = (said.get(Lang::En).to_owned(), said.get(Lang::Zh).to_owned());
    let same = en == zh;
    let zh = (!same).then(|| view! { <span lang="zh-CN">{zh}</span> });
    view! { <span lang="en">{en}</span> " " {zh} }
}

fn shown(plan: PlanView) -> impl IntoView {
    let back = href(&plan.card.titled.subject);
    let Some(latest) = plan.revisions.into_iter().next() else {
        return view! { <p class="nothing">{tr(NO_PLAN)}</p> }.into_any();
    };
    let ends: Vec<_> = plan.item.into_iter().chain(plan.factory).map(|end| end.title).collect();
    let title = ends.join(" · ");
    let locks: Vec<_> = LOCKS
        .iter()
        .map(|(title, names)| {
            let rows: Vec<_> = names
                .iter()
                .filter_map(|name| latest.facts.iter().find(|fact| fact.name == *name))
                .map(row)
                .collect();
            view! { <section><h2>{both(&title.said())}</h2><table><tbody>{rows}</tbody></table></section> }
        })
        .collect();
    let signs: Vec<_> = [SIGNED_BUYER, SIGNED_FACTORY]
        .into_iter()
        .zip(domain::plan::Party::ALL)
        .map(|(label, party)| {
            let signed = latest.accepted.iter().find(|accepted| accepted.party == party);
            let signed =
                signed.map(|accepted| format!("{}, {}", accepted.by, accepted.on)).unwrap_or_default();
            view! { <p class="sign"><span>{both(&label.said())}</span><strong>{signed}</strong></p> }
        })
        .collect();
    view! {
        <Title text=format!("{} · {title}", tr(TITLE))/>
        <article class="brief">
            <p class="back no-print"><a href=back><Icon glyph=Glyph::Plan/>{tr(BACK)}</a></p>
            <p class="help no-print">{tr(PRINT)}</p>
            <header>
                <h1>{both(&TITLE.said())}</h1>
                <p class="for"><strong>{title}</strong></p>
                <p>{both(&revision(latest.revision))} " · " {both(&status_word(latest.status).said())}</p>
                <p class="lede">{both(&LEDE.said())}</p>
            </header>
            {locks}
            <footer>{signs}</footer>
        </article>
    }
    .into_any()
}

fn row(fact: &Fact) -> impl IntoView + use<> {
    let value = fact.value.clone().unwrap_or(NOT_FILLED.said());
    let class = if fact.value.is_some() { "" } else { "empty" };
    view! { <tr><th scope="row">{both(&fact.label)}</th><td class=class>{both(&value)}</td></tr> }
}
