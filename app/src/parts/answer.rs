//! What came of looking a code up: one subject, several, none, or a code that cannot be read.

use crate::{
    here::{encode, href, role, said, tr},
    pages::public::address,
    parts::{
        card::{Card, Loudest, kind, loudest},
        code_plate::CodePlate,
        icon::{Glyph, Icon},
        notice::{Notice, Tone},
        offered::offered_anywhere,
        verdict::Verdict,
    },
};
use domain::{
    event::{OBSERVATION, kind_named},
    text::{Said, Text, text},
    view::{self, Candidate, Fact, PublicView, Resolution, Titled},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What a looked-up code comes to, with what its forms need.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The code as it was asked for.
    pub asked: String,
    /// What came of it.
    pub resolution: Resolution,
    /// What is told to those who may not read records, in place of the resolution.
    #[serde(default)]
    pub outside: Option<Outside>,
    /// For the draft that a tap can hand in, made beforehand so that two taps are one entry.
    pub draft: uuid::Uuid,
}

/// What anybody may know of a code, told to somebody who is signed in and may know no more.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Outside {
    /// Nothing where no product is known by the code.
    pub known: Option<Box<PublicView>>,
}

impl Outside {
    fn tone(&self) -> Tone {
        match &self.known {
            Some(known) if known.stop_selling => Tone::Stop,
            Some(known) if known.notice.is_none() && known.product.is_some() => Tone::Good,
            _ => Tone::Look,
        }
    }
}

impl Answer {
    /// How loud the answer is: for sound, colour and the list of scans.
    pub fn tone(&self) -> Tone {
        if let Some(outside) = &self.outside {
            return outside.tone();
        }
        match &self.resolution {
            Resolution::Found { card, former, .. } => match loudest(card) {
                Tone::Good if *former => Tone::Look,
                tone => tone,
            },
            _ => Tone::Look,
        }
    }

    /// The code as it was read; `None` where it could not be.
    pub fn label(&self) -> Option<String> {
        match &self.resolution {
            Resolution::Found { code, .. }
            | Resolution::Several { code, .. }
            | Resolution::Unknown { code, .. } => Some(code.label()),
            Resolution::Unreadable { .. } => None,
        }
    }

    /// A line for the list of scans.
    pub fn title(&self) -> Said {
        if let Some(Outside { known }) = &self.outside {
            return known
                .as_ref()
                .and_then(|known| known.product.clone())
                .unwrap_or_else(|| NO_PRODUCT.said());
        }
        match &self.resolution {
            Resolution::Found { card, .. } => line(card),
            Resolution::Several { candidates, .. } => SEVERAL.with(&[("n", &candidates.len().to_string())]),
            Resolution::Unknown { .. } => UNKNOWN.said(),
            Resolution::Unreadable { .. } => UNREADABLE.said(),
        }
    }
}

/// What it is and which batches are in it: its code stands beside this already.
fn line(card: &view::Card) -> Said {
    let batches = card.batches.iter().map(|of| of.batch.title.as_str()).take(MOST_BATCHES);
    let kind = kind(card);
    let in_lang =
        |kind: &'static str| std::iter::once(kind).chain(batches.clone()).collect::<Vec<_>>().join(" · ");
    Said { en: in_lang(kind.en), zh: in_lang(kind.zh) }
}

/// How many lot codes a line of the list has room for.
const MOST_BATCHES: usize = 3;

const FORMER: Text = text(
    "This code was taken off. What carried it is shown here with the code it has now.",
    "该条码已被取下。以下为原先带有此码的货物及其现用条码。",
);
const SEVERAL: Text = text("{n} things carry this code", "该条码对应 {n} 个对象");
const CHOOSE: Text = text(
    "Compare with the goods in your hand and choose the one that is meant. None is picked for you.",
    "请与手中的货物核对后选择。系统不会替您选定。",
);
const UNKNOWN: Text = text("No record names this code", "没有任何记录包含此条码");
const NO_PRODUCT: Text = text("No product is known by this code", "没有产品使用此条码");
const UNNAMED: Text = text("This code does not tell which product it is", "仅凭此条码无法确定是哪种产品");
const UNNAMED_HELP: Text = text(
    "Scan the symbol beside it too: the one with the product's number (GTIN).",
    "请再扫描旁边含商品编号（GTIN）的条码。",
);
const NO_PRODUCT_HELP: Text = text(
    "Check the code against the box. You can record a return all the same.",
    "请与包装上的条码核对。您仍可录入退货。",
);
const PUBLIC: Text = text("Product page", "产品页面");
const UNREADABLE: Text = text("This cannot be read as a code", "无法识别为条码");
const NEAREST: Text = text("Near, but not the same", "相近但不相同");
const RECORD: Text = text("Record that it was seen", "记录本次所见");
const RECORD_HELP: Text = text(
    "Kept as an orphan observation. It closes itself when a record with this code arrives.",
    "将作为无主观测保存；含此条码的记录到达后自动关闭。",
);
const OBSERVED_ONCE: Text = text("It was seen once before.", "此前已出现 1 次。");
const OBSERVED: Text = text("It was seen {n} times before.", "此前已出现 {n} 次。");
const GAP: Text = text("not recorded", "未记录");

/// The answer.
#[component]
pub fn AnswerView(
    /// What came of it.
    answer: Answer,
) -> impl IntoView {
    let tone = answer.tone();
    let Answer { asked, resolution, outside, draft } = answer;
    if let Some(Outside { known }) = outside {
        return view! { <Told asked known tone/> }.into_any();
    }
    match resolution {
        Resolution::Found { card, former, .. } => view! {
            {former.then(|| view! { <Notice tone=Tone::Look><p>{tr(FORMER)}</p></Notice> })}
            <Card card=*card/>
        }
        .into_any(),
        Resolution::Several { code, candidates, .. } => {
            let title = SEVERAL.with(&[("n", &candidates.len().to_string())]);
            let candidates: Vec<_> =
                candidates.into_iter().map(|candidate| view! { <li><Choice candidate/></li> }).collect();
            view! {
                <section class="answer look">
                    <h2><Icon glyph=Glyph::Several/>{said(&title)}</h2>
                    <CodePlate code=code.label()/>
                    <p>{tr(CHOOSE)}</p>
                    <ol class="choices">{candidates}</ol>
                </section>
            }
            .into_any()
        }
        Resolution::Unknown { code, nearest, observed } => view! {
            <section class="answer look">
                <h2><Icon glyph=Glyph::Unknown/>{tr(UNKNOWN)}</h2>
                <CodePlate code=code.label()/>
                {seen_before(observed).map(|told| view! { <p>{told}</p> })}
                <Observe asked draft/>
                <Nearest nearest/>
            </section>
        }
        .into_any(),
        Resolution::Unreadable { refusal } => view! {
            <section class="answer look">
                <h2><Icon glyph=Glyph::Unknown/>{tr(UNREADABLE)}</h2>
                <CodePlate code=asked/>
                <p>{said(&refusal.said)}</p>
            </section>
        }
        .into_any(),
    }
}

/// For those who may not read records: what anybody is told, and what they can record.
#[component]
fn Told(asked: String, known: Option<Box<PublicView>>, tone: Tone) -> impl IntoView {
    let code = known.as_ref().map_or(asked.clone(), |known| known.code.label());
    let page = known.as_ref().map(|known| {
        view! { <a class="button" href=address(&known.code)>{tr(PUBLIC)}</a> }
    });
    let told = match known {
        Some(known) => view! {
            <h2>{known.product.as_ref().map_or_else(|| tr(UNNAMED).to_owned(), said)}</h2>
            <CodePlate code/>
            {known.product.is_none().then(|| view! { <p>{tr(UNNAMED_HELP)}</p> })}
            <Verdict stop_selling=known.stop_selling notice=known.notice/>
        }
        .into_any(),
        None => view! {
            <h2><Icon glyph=Glyph::Unknown/>{tr(NO_PRODUCT)}</h2>
            <CodePlate code/>
            <p>{tr(NO_PRODUCT_HELP)}</p>
        }
        .into_any(),
    };
    let offered: Vec<_> = offered_anywhere()
        .into_iter()
        .map(|kind| {
            let href = format!("/event/{}?code={}", kind.name, encode(&asked));
            view! { <a class="button quiet" href=href>{tr(kind.about.verb)}</a> }
        })
        .collect();
    view! {
        <section class=format!("answer {}", tone.word())>
            {told}
            <div class="offered no-print"><div class="actions">{page} {offered}</div></div>
        </section>
    }
}

fn seen_before(times: u64) -> Option<String> {
    match times {
        0 => None,
        1 => Some(tr(OBSERVED_ONCE).to_owned()),
        n => Some(said(&OBSERVED.with(&[("n", &n.to_string())]))),
    }
}

/// One of several: what tells it apart, and the way to it.
#[component]
fn Choice(candidate: Candidate) -> impl IntoView {
    let Candidate { card, differ } = candidate;
    let titled = card.titled.clone();
    let detail = said(&titled.detail);
    // Told line by line below where it tells them apart.
    let told = |part: &str| differ.iter().any(|fact| fact.value.as_ref().is_some_and(|v| said(v) == part));
    let detail = (!detail.split(" · ").all(told)).then_some(detail);
    let facts: Vec<_> = differ.iter().map(differing).collect();
    view! {
        <a class="choice" href=href(&titled.subject)>
            <span class="kind"><Icon glyph=Glyph::of(titled.subject.kind)/>{tr(titled.subject.kind.title())}</span>
            <strong translate="no">{titled.title}</strong>
            {detail.map(|detail| view! { <span class="soft">{detail}</span> })}
            <Loudest card/>
            <dl class="facts">{facts}</dl>
        </a>
    }
}

fn differing(fact: &Fact) -> impl IntoView + use<> {
    let value = match &fact.value {
        Some(value) => view! { <dd>{said(value)}</dd> }.into_any(),
        None => view! { <dd class="gap">{tr(GAP)}</dd> }.into_any(),
    };
    view! { <div><dt>{said(&fact.label)}</dt>{value}</div> }
}

/// Records the orphan observation: a plain post of the one draft made for this answer.
#[component]
fn Observe(asked: String, draft: uuid::Uuid) -> impl IntoView {
    let may = role().is_some_and(|role| kind_named(OBSERVATION).is_some_and(|kind| kind.allows(role)));
    let back = format!("/?code={}", encode(&asked));
    may.then(|| {
        view! {
            <form class="observe" method="post" action=format!("/event/{OBSERVATION}") enctype="multipart/form-data">
                <input type="hidden" name="draft_id" value=draft.to_string()/>
                <input type="hidden" name="code" value=asked/>
                <input type="hidden" name="back" value=back/>
                <button type="submit"><Icon glyph=Glyph::Add/>{tr(RECORD)}</button>
                <p class="help">{tr(RECORD_HELP)}</p>
            </form>
        }
    })
}

#[component]
fn Nearest(nearest: Vec<Titled>) -> impl IntoView {
    (!nearest.is_empty()).then(|| {
        let near = nearest.into_iter().map(|near| {
            view! {
                <li>
                    <a href=href(&near.subject)>{near.title}</a>
                    <span class="soft">{tr(near.subject.kind.title())} " · " {said(&near.detail)}</span>
                </li>
            }
        });
        view! {
            <section class="nearest">
                <h3>{tr(NEAREST)}</h3>
                <ul>{near.collect_view()}</ul>
            </section>
        }
    })
}
