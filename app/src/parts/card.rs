//! The card every answer begins with: what it is, whether to stop, what it belongs to, what can be done.

use crate::{
    here::{href, role, said, tr},
    parts::{
        card_facts::CardFacts,
        code_plate::CodePlate,
        disposition::{DispositionBadge, Dispositions, tone},
        icon::{Glyph, Icon},
        notice::Tone,
        offered::OfferedInBrief,
    },
};
use domain::{
    subject::{Level, Subject, SubjectKind},
    text::{Text, text},
    view::{self, Mark, NameView, Titled},
};
use leptos::{either::Either, prelude::*};

const STOP: Text = text("Stop", "停止");
const THROUGH: Text = text("because of", "源于");
const DISCREPANCIES: Text = text("Open discrepancies", "未关闭的差异");
const OPEN: Text = text("Whole story", "完整履历");
const FORMER: Text = text("Former code, ", "原条码，");
const NO_CODE: Text = text("No code is known", "没有已知条码");

/// The card of a subject.
#[component]
pub fn Card(
    /// What it tells.
    card: view::Card,
    /// On the subject's own page it is the page's heading and does not lead to itself.
    #[prop(optional)]
    own_page: bool,
) -> impl IntoView {
    let subject = card.titled.subject.clone();
    let loudest = loudest(&card);
    let (stops, others): (Vec<_>, Vec<_>) =
        card.marks.iter().cloned().partition(|mark| mark.disposition.stops());
    // A subject's own page tells and offers these itself, at more length.
    let disagreeing =
        (!own_page).then(|| view! { <Discrepancies discrepancies=card.discrepancies.clone()/> });
    let ways_on = (!own_page).then(|| view! { <WaysOn subject/> });
    view! {
        <article class=format!("card {}", loudest.word())>
            {stops.into_iter().map(|mark| view! { <StopPlate mark/> }).collect_view()}
            <header>
                <p class="kind"><Icon glyph=glyph(&card)/>{tr(kind(&card))}</p>
                {heading(&card.titled, own_page)}
                {detail(&card)}
                <Names names=card.names.clone() title=card.titled.title.clone() stands=card.level/>
            </header>
            {(!others.is_empty()).then(|| view! { <Dispositions marks=others/> })}
            {disagreeing}
            <CardFacts card/>
            {ways_on}
        </article>
    }
    .into_any()
}

/// The way to the whole story, and what can be recorded about it here by this role.
#[component]
fn WaysOn(subject: Subject) -> impl IntoView {
    let open = role()?.reads_records().then(|| {
        view! { <a class="button" href=href(&subject)>{tr(OPEN)}</a> }
    });
    Some(view! { <OfferedInBrief subject beside=open.into_any()/> })
}

/// The loudest thing about it: what a person sees before reading anything.
pub fn loudest(card: &view::Card) -> Tone {
    let marks = || card.marks.iter().map(|mark| tone(mark.disposition));
    if marks().any(|tone| tone == Tone::Stop) {
        Tone::Stop
    } else if marks().any(|tone| tone == Tone::Look) || !card.discrepancies.is_empty() {
        Tone::Look
    } else {
        Tone::Good
    }
}

/// The word for what it is: carton or pallet rather than logistic unit, where that is known.
pub fn kind(card: &view::Card) -> Text {
    match (card.titled.subject.kind, card.level) {
        (SubjectKind::LogisticUnit, Some(level)) => level.title(),
        (kind, _) => kind.title(),
    }
}

fn glyph(card: &view::Card) -> Glyph {
    match (card.titled.subject.kind, card.level) {
        (SubjectKind::LogisticUnit, Some(Level::Pallet)) => Glyph::Pallet,
        (kind, _) => Glyph::of(kind),
    }
}

fn heading(titled: &Titled, own_page: bool) -> impl IntoView + use<> {
    let title = titled.title.clone();
    // A unit is called by its code, and a code stands on a plate.
    let title = match titled.subject.kind {
        SubjectKind::LogisticUnit => view! { <CodePlate code=title/> }.into_any(),
        _ => view! { <span translate="no">{title}</span> }.into_any(),
    };
    if own_page {
        Either::Left(view! { <h1>{title}</h1> })
    } else {
        Either::Right(view! { <h2>{title}</h2> })
    }
}

/// What else tells it apart, unless that is only what it is.
fn detail(card: &view::Card) -> Option<impl IntoView + use<>> {
    let detail = said(&card.titled.detail);
    (!detail.is_empty() && detail != tr(kind(card))).then(|| view! { <p class="detail">{detail}</p> })
}

/// What stops somebody who meets the goods: as large as the screen allows, in shape, word and colour.
#[component]
fn StopPlate(mark: Mark) -> impl IntoView {
    let from = mark.from.map(|from| {
        view! { <p class="from">{tr(THROUGH)} " " <a href=href(&from.subject)>{from.title}</a></p> }
    });
    view! {
        <div class="stop-plate">
            <Icon glyph=Glyph::Stop/>
            <div>
                <p class="word">{tr(STOP)}</p>
                <p class="why">{tr(mark.disposition.title())}</p>
                {from}
            </div>
        </div>
    }
}

/// How many codes a card shows; a relabeled carton has two, a trade item may have dozens.
const MOST_NAMES: usize = 4;

/// The codes on it, and those it had; not the one that stands in the heading.
#[component]
fn Names(names: Vec<NameView>, title: String, stands: Option<Level>) -> impl IntoView {
    if names.is_empty() {
        return Either::Left(view! { <p class="gap">{tr(NO_CODE)}</p> });
    }
    let names = names.into_iter().filter(|name| !(name.open && name.key.as_str() == title));
    let names = names.take(MOST_NAMES).map(|name| {
        let former = !name.open;
        // A carton's code stands on the carton: said above already.
        let level = (Some(name.level) != stands || former).then(|| tr(name.level.title()));
        view! {
            <li>
                <CodePlate code=name.key.to_string() former/>
                <span class="soft">{former.then(|| tr(FORMER))} {level}</span>
            </li>
        }
    });
    Either::Right(view! { <ul class="names">{names.collect_view()}</ul> })
}

#[component]
fn Discrepancies(discrepancies: Vec<view::DiscrepancyView>) -> impl IntoView {
    (!discrepancies.is_empty()).then(|| {
        let lines = discrepancies.into_iter().map(|open| view! { <li>{said(&open.said)}</li> });
        view! {
            <section class="discrepancies">
                <h3><Icon glyph=Glyph::Look/>{tr(DISCREPANCIES)}</h3>
                <ul>{lines.collect_view()}</ul>
            </section>
        }
    })
}

/// The loudest disposition of a card in one badge, for lists.
#[component]
pub fn Loudest(
    /// Whose.
    card: view::Card,
) -> impl IntoView {
    card.marks.first().map(|mark| view! { <DispositionBadge disposition=mark.disposition/> })
}
