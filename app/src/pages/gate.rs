//! The gate of a shipment: every rule, what fails it, and the one scan or document that mends it (C48, C59).

use crate::{
    error::AppError,
    here::{href, param, role, said, tr},
    pages::event::form_href,
    parts::{
        card::Card,
        icon::{Glyph, Icon},
        loaded::loaded,
        receipt::Receipt,
        record::Record,
        six::Mend,
    },
};
use domain::{
    event::{RELEASE_SIGNED, kind_named},
    gate::Failure,
    text::{Text, text},
    view::{GateView, RuleView, Titled},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;

const TITLE: Text = text("Gate", "放行核查");
const BACK: Text = text("Back to the shipment", "返回货运单");
const PASSES: Text = text("It may be released: every rule holds.", "可以放行：各项规则均通过。");
const RELEASED: Text =
    text("It was released, and the release speaks for what is in it.", "已放行，且放行涵盖现有内容。");
const HELD: Text =
    text("It may not be released: {n} things are to be mended.", "不能放行：有 {n} 项待补正。");
const HELD_ONE: Text =
    text("It may not be released: one thing is to be mended.", "不能放行：有 1 项待补正。");
const RELEASE: Text = text("Release", "放行");
const LET_PASS: Text = text("Let it pass by name", "破例放行");
const LET_PASS_HELP: Text = text(
    "A name, a role and a reason are asked, and stay in the record and in every pack made of it.",
    "须填写姓名、角色与原因，并永久留存于记录及此后的资料包中。",
);

/// The gate of a shipment.
#[server(prefix = "/ask", endpoint = "gate", input = GetUrl)]
pub async fn ask_gate(
    /// The shipment's key.
    key: String,
) -> Result<GateView, AppError> {
    use crate::request::{found, reader};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    found(request.ledger.gate(&reader, &key).await)
}

/// The page.
#[component]
pub fn GatePage() -> impl IntoView {
    let key = param("key");
    let view = Resource::new(move || key.get(), ask_gate);
    loaded(view, shown)
}

fn shown(gate: GateView) -> impl IntoView {
    let subject = gate.card.titled.subject.clone();
    let n = gate.rules.iter().map(|rule| rule.failures.len()).sum::<usize>();
    let (class, glyph, told) = match n {
        _ if gate.released => ("verdict good", Glyph::Check, RELEASED.said()),
        0 => ("verdict good", Glyph::Check, PASSES.said()),
        1 => ("verdict stop", Glyph::Stop, HELD_ONE.said()),
        n => ("verdict stop", Glyph::Stop, HELD.with(&[("n", &n.to_string())])),
    };
    let release = kind_named(RELEASE_SIGNED).filter(|kind| role().is_some_and(|role| kind.allows(role)));
    let form = release.filter(|_| !gate.released).map(|kind| {
        let to = form_href(kind, &subject);
        match n {
            0 => view! { <a class="button" href=to>{tr(RELEASE)}</a> }.into_any(),
            _ => {
                let may = role().is_some_and(|role| role.releases());
                may.then(|| {
                    view! {
                        <div class="stack close">
                            <a class="button quiet" href=to>{tr(LET_PASS)}</a>
                            <p class="help">{tr(LET_PASS_HELP)}</p>
                        </div>
                    }
                })
                .into_any()
            }
        }
    });
    let title = format!("{} · {}", tr(TITLE), gate.card.titled.title);
    let back = href(&subject);
    let record = gate.release.map(|record| view! { <Record record/> });
    let rules: Vec<_> = gate.rules.into_iter().map(rule).collect();
    view! {
        <Title text=title/>
        <div class="gate stack">
            <p class="back"><a href=back><Icon glyph=Glyph::Shipment/>{tr(BACK)}</a></p>
            <h1>{tr(TITLE)}</h1>
            <Receipt/>
            <div class=class role="status" data-failures=n>
                <Icon glyph/>
                <p class="word">{said(&told)}</p>
            </div>
            {form}
            <ol class="rules">{rules}</ol>
            {record}
            <Card card=gate.card/>
        </div>
    }
}

fn rule(rule: RuleView) -> impl IntoView {
    let holds = rule.failures.is_empty();
    let (class, glyph) = if holds { ("rule holds", Glyph::Check) } else { ("rule fails", Glyph::Stop) };
    let failures = (!holds).then(|| {
        let failures: Vec<_> = rule.failures.into_iter().map(failure).collect();
        view! { <ul class="gap-list">{failures}</ul> }
    });
    view! {
        <li class=class data-rule=rule.name>
            <p class="heading"><Icon glyph/><strong>{said(&rule.title)}</strong></p>
            {failures}
        </li>
    }
}

fn failure((failure, about): (Failure, Titled)) -> impl IntoView {
    let door = failure.door.map(|door| view! { <Mend door/> });
    view! {
        <li data-fact=failure.fact>
            <a class="about" href=href(&about.subject)><Icon glyph=Glyph::of(about.subject.kind)/>{about.title}</a>
            <span class="said">{said(&failure.said)}</span>
            {door}
        </li>
    }
}
