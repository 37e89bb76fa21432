//! One entry as written, with the proof that it stands in the ledger.

use crate::{
    error::AppError,
    here::{href, lang, param, role, said, tr},
    parts::{
        checkpoint::Checkpoint,
        discrepancy_list::DiscrepancyList,
        icon::{Glyph, Icon},
        loaded::loaded,
        proof::Proof,
        section::{Nothing, Section},
        timeline::Timeline,
    },
};
use domain::{
    event::{CORRECTION, kind_named},
    text::{Text, text},
    view::{EntryView, Titled},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;

const TITLE: Text = text("Entry {seq}", "条目 {seq}");
const BACK: Text = text("Ledger", "账本");
const BACK_TO_FIND: Text = text("Find", "查找");
const SUBJECTS: Text = text("What it touched", "涉及对象");
const NO_SUBJECT: Text = text("It touched nothing that is on record.", "未涉及任何已记录的对象。");
const CONTENT: Text = text("Content, as hashed", "内容（哈希依据）");
const HIDDEN: Text = text("The content is not shown to your role.", "您的角色不可见此内容。");
const PROOF: Text = text("Proof", "证明");
const HEAD: Text = text("Checkpoint", "检查点");
const RAISED: Text = text("Discrepancies it raised", "由此产生的差异");
const DECLARE_WRONG: Text = text("Declare it wrong", "声明为错误");

/// An entry, by its place in the ledger.
#[server(prefix = "/ask", endpoint = "entry", input = GetUrl)]
pub async fn ask_entry(
    /// Its place in the ledger.
    seq: u64,
) -> Result<EntryView, AppError> {
    use crate::request::{found, reader};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    found(request.ledger.entry(&reader, seq).await)
}

/// The page.
#[component]
pub fn EntryPage() -> impl IntoView {
    let seq = param("seq");
    let view = Resource::new(
        move || seq.get().parse::<u64>().ok(),
        // Sequence numbers begin at 1, so this is no entry's.
        |seq| ask_entry(seq.unwrap_or(0)),
    );
    loaded(view, shown)
}

fn shown(entry: EntryView) -> impl IntoView {
    let seq = entry.line.entry.seq;
    let title = TITLE.with(&[("seq", &seq.to_string())]).get(lang()).to_owned();
    let (back, back_to) = match role().is_some_and(|role| role.reads_ledger()) {
        true => ("/ledger", BACK),
        false => ("/find", BACK_TO_FIND),
    };
    let may_correct = entry.line.corrected_by.is_none()
        && kind_named(CORRECTION).is_some_and(|kind| role().is_some_and(|role| kind.allows(role)));
    let correct = may_correct.then(|| {
        view! {
            <p class="actions">
                <a class="button quiet" href=format!("/event/{CORRECTION}?entry={seq}")>{tr(DECLARE_WRONG)}</a>
            </p>
        }
    });
    let content = match entry.content.is_null() {
        true => view! { <Nothing word=HIDDEN/> }.into_any(),
        false => {
            let content = serde_json::to_string_pretty(&entry.content).unwrap_or_default();
            view! { <pre class="content" tabindex="0" translate="no">{content}</pre> }.into_any()
        }
    };
    let EntryView { line, subjects: touched, checkpoint, discrepancies: raised, .. } = entry.clone();
    let raised = (!raised.is_empty()).then(|| {
        view! {
            <Section id="discrepancies" title=RAISED count=raised.len() as u64>
                <DiscrepancyList discrepancies=raised/>
            </Section>
        }
    });
    view! {
        <Title text=title.clone()/>
        <div class="entry stack">
            <p class="back"><a href=back><Icon glyph=Glyph::Ledger/>{tr(back_to)}</a></p>
            <h1>{title}</h1>
            <Timeline entries=vec![line] whole=true/>
            {correct}
            {raised}
            <div class="desk">
                <div class="stack">
                    <Section id="subjects" title=SUBJECTS count=touched.len() as u64>
                        {subjects(touched)}
                    </Section>
                    <Section id="content" title=CONTENT>{content}</Section>
                </div>
                <div class="stack">
                    <Section id="proof" title=PROOF><Proof entry/></Section>
                    <Section id="checkpoint" title=HEAD><Checkpoint checkpoint/></Section>
                </div>
            </div>
        </div>
    }
}

fn subjects(subjects: Vec<Titled>) -> impl IntoView {
    if subjects.is_empty() {
        return view! { <Nothing word=NO_SUBJECT/> }.into_any();
    }
    let rows: Vec<_> = subjects
        .into_iter()
        .map(|subject| {
            view! {
                <li>
                    <a class="name" href=href(&subject.subject)>
                        <Icon glyph=Glyph::of(subject.subject.kind)/>{subject.title}
                    </a>
                    <span class="detail">{said(&subject.detail)}</span>
                </li>
            }
        })
        .collect();
    view! { <ul class="line-list">{rows}</ul> }.into_any()
}
