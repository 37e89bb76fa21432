//! A trace plan: its six locks, who accepted each revision, and the batches made under it (C20 to C25).

use crate::{
    error::AppError,
    here::{encode, href, param, role, said, tr},
    parts::{
        batch_list::BatchList,
        cite::Cite,
        facts::Facts,
        icon::{Glyph, Icon},
        loaded::loaded,
        pager::{Turned, pager, turned},
        plan_status::{PlanBadge, revision},
        section::Section,
        subject_page::SubjectPage,
    },
};
use domain::{
    event::{PLAN_ACCEPTED, PLAN_DRAFTED, RUN_OPENED, kind_named},
    plan::{Party, PlanStatus},
    text::{Text, text},
    view::{Fact, PlanView, RevisionView},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

const FOR: Text = text("Agreed for", "适用对象");
const REVISIONS: Text = text("What is agreed", "约定内容");
const BATCHES: Text = text("Batches made as this", "按此生产的批次");
const NO_BATCH: Text = text("No batch of it is on record yet.", "尚无相关批次。");
const ACCEPT: Text = text("Accept this revision", "确认此版本");
const ACCEPT_FOR: Text = text("Accept it for the {party}", "代表{party}确认");
const AMEND: Text = text("Draft an amendment", "起草修订");
const OPEN_RUN: Text = text("Open a run", "开工");
const BRIEF: Text = text("Supplier brief, to print", "供应商简报（可打印）");
const ACCEPTED: Text = text("Accepted for the {party} by {name} on {day}", "{day}，{name} 代表{party}确认");
const BUYER: Text = text("buyer", "买方");
const FACTORY: Text = text("factory", "工厂");
const EARLIER: Text = text("Earlier revisions", "此前版本");

/// The six locks: title, and the terms that are in each.
pub const LOCKS: &[(Text, &[&str])] = &[
    (
        text("1 · Identity plan", "一、标识方案"),
        &["code_on_product", "code_on_inner_pack", "code_on_retail_box", "code_on_carton", "code_on_papers"],
    ),
    (text("2 · Records of every batch", "二、每个批次的记录"), &["required_records"]),
    (text("3 · Materials to preserve", "三、须追溯的物料"), &["materials"]),
    (
        text("4 · Approved baseline", "四、核准基准"),
        &["product_version", "sample", "bom", "artwork", "packaging"],
    ),
    (
        text("5 · Event protocol", "五、事件记录方式"),
        &["relabeling_proof", "reworking_proof", "splitting_proof"],
    ),
    (
        text("6 · Retention and retrieval", "六、保存与调取"),
        &["market", "record_years", "sample_years", "custodian", "retrieval_months"],
    ),
];

/// A trace plan, by its key.
#[server(prefix = "/ask", endpoint = "trace_plan", input = GetUrl)]
pub async fn ask_trace_plan(
    /// The key: trade item and factory, `@` between.
    key: String,
    /// The list to go on with; empty for the first rows of each.
    list: String,
    /// Its cursor; empty for the first rows.
    after: String,
) -> Result<PlanView, AppError> {
    use crate::request::{ask, found, reader};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    found(request.ledger.trace_plan(&reader, &key, &ask(list, after)).await)
}

/// The page.
#[component]
pub fn TracePlanPage() -> impl IntoView {
    let (key, turned) = (param("key"), turned());
    let view = Resource::new(
        move || (key.get(), turned.get()),
        |(key, turned)| ask_trace_plan(key, turned.list, turned.after),
    );
    loaded(view, move |view| shown(view, turned.get_untracked()))
}

fn shown(plan: PlanView, turned: Turned) -> impl IntoView {
    let subject = plan.card.titled.subject.clone();
    let foot = pager("batches", &plan.batches, &turned);
    let ends = plan.item.iter().chain(&plan.factory);
    let ends: Vec<_> = ends
        .map(|end| {
            view! {
                <a class="name" href=href(&end.subject)><Icon glyph=Glyph::of(end.subject.kind)/>{end.title.clone()}</a>
            }
        })
        .collect();
    let may = |kind: &str| role().is_some_and(|role| kind_named(kind).is_some_and(|kind| kind.allows(role)));
    let item = plan.item.as_ref().map(|item| encode(&item.subject.to_string()));
    let about = |kind: &'static str, label: Text| {
        let item = item.clone().filter(|_| may(kind))?;
        let factory = plan.factory.as_ref().map(|place| place.subject.key.clone()).unwrap_or_default();
        let to = format!("/event/{kind}?subject={item}&fill={}", encode(&format!("factory:{factory}")));
        Some(view! { <a class="button quiet" href=to>{tr(label)}</a> })
    };
    let ways = view! {
        <p class="actions no-print">
            <a class="button quiet" href=format!("{}/brief", href(&subject))><Icon glyph=Glyph::Sheet/>{tr(BRIEF)}</a>
            {about(RUN_OPENED, OPEN_RUN)}
            {about(PLAN_DRAFTED, AMEND)}
        </p>
    };
    let mut revisions = plan.revisions.into_iter();
    let latest = revisions.next().map(|latest| {
        let accept = accept(&latest, &subject);
        view! { {shown_revision(latest)} {accept} }
    });
    let earlier: Vec<_> = revisions.map(shown_revision).collect();
    let earlier = (!earlier.is_empty()).then(|| {
        view! { <details class="earlier"><summary>{tr(EARLIER)}</summary><div class="stack">{earlier}</div></details> }
    });
    let parts = view! {
        <Section id="plan-for" title=FOR><p class="plan-ends">{ends}</p> {ways}</Section>
        <Section id="revisions" title=REVISIONS>{latest} {earlier}</Section>
        <Section id="batches" title=BATCHES count=plan.batches.total>
            <BatchList batches=plan.batches.rows none=NO_BATCH/>
            {foot}
        </Section>
    };
    view! { <SubjectPage card=plan.card parts=parts.into_any() timeline=plan.timeline turned/> }
}

const fn party_word(party: Party) -> Text {
    match party {
        Party::Buyer => BUYER,
        Party::Factory => FACTORY,
    }
}

/// The way to accept, for the party that has not yet.
fn accept(revision: &RevisionView, subject: &domain::subject::Subject) -> impl IntoView + use<> {
    let waits: Vec<Party> =
        Party::ALL.into_iter().filter(|party| !revision.accepted.iter().any(|a| a.party == *party)).collect();
    let role = role();
    let mine = waits.into_iter().filter(|party| match role {
        Some(domain::person::Role::Administrator) => true,
        Some(role) => role.word() == party.word(),
        None => false,
    });
    let several = role == Some(domain::person::Role::Administrator);
    let links: Vec<_> = mine
        .map(|party| {
            let to = format!(
                "/event/{PLAN_ACCEPTED}?subject={}&fill={}",
                encode(&subject.to_string()),
                encode(&format!("party:{}", party.word()))
            );
            let word = party_word(party);
            let fill = |party: &str| ACCEPT_FOR.with(&[("party", party)]);
            let named = domain::text::Said { en: fill(word.en).en, zh: fill(word.zh).zh };
            let label = if several { said(&named) } else { tr(ACCEPT).to_owned() };
            view! { <a class="button" href=to><Icon glyph=Glyph::Check/>{label}</a> }
        })
        .collect();
    view! { <p class="actions no-print">{links}</p> }
}

/// A revision: its locks, and who accepted it.
fn shown_revision(plan: RevisionView) -> impl IntoView {
    let accepted: Vec<_> = plan
        .accepted
        .iter()
        .map(|accepted| {
            let word = party_word(accepted.party);
            let fill = |party: &str| {
                ACCEPTED.with(&[("party", party), ("name", &accepted.by), ("day", &accepted.on)])
            };
            let told = domain::text::Said { en: fill(word.en).en, zh: fill(word.zh).zh };
            view! { <li>{said(&told)}</li> }
        })
        .collect();
    let class = if plan.status == PlanStatus::Locked { "revision locked" } else { "revision" };
    let entry = plan.drafted.clone().map(|entry| view! { <Cite entry/> });
    let locks = locks(&plan.facts);
    view! {
        <article class=class data-revision=plan.revision>
            <header>
                <h3>{said(&revision(plan.revision))}</h3>
                <PlanBadge status=plan.status/>
                {entry}
            </header>
            <ul class="accepted">{accepted}</ul>
            <Facts facts=others(&plan.facts)/>
            {locks}
        </article>
    }
}

/// The facts of a revision that belong to no lock: from when, and what is amended.
fn others(facts: &[Fact]) -> Vec<Fact> {
    facts.iter().filter(|fact| ["in_force_from", "amends"].contains(&fact.name.as_str())).cloned().collect()
}

/// The six locks with their facts.
pub fn locks(facts: &[Fact]) -> impl IntoView + use<> {
    let locks: Vec<_> = LOCKS
        .iter()
        .map(|(title, names)| {
            let facts: Vec<Fact> = names
                .iter()
                .filter_map(|name| facts.iter().find(|fact| fact.name == *name).cloned())
                .collect();
            view! { <section class="lock"><h4>{tr(*title)}</h4><Facts facts of_revision=true/></section> }
        })
        .collect();
    view! { <div class="locks">{locks}</div> }
}
