//! The six record kinds of a batch: how far each has come, and what is missing, by name, with the form that
//! mends it (C18).

use crate::{
    here::{lang, role, said, tr},
    pages::event::door_href,
    parts::{
        cite::Cite,
        icon::{Glyph, Icon},
    },
};
use domain::{
    completeness::{Completeness, Door, Gap, RecordState, SIX, Standing},
    event::kind_named,
    record::record_named,
    text::{Text, text},
    time::Zone,
};
use leptos::prelude::*;

const WHOLE: Text = text("{n} of {of} on record", "{n} / {of} 项齐全");
const COMPLETE: Text = text("Complete", "齐全");
const PARTIAL: Text = text("Something is missing", "部分缺失");
const MISSING: Text = text("Nothing on record", "无记录");
const NOT_ASKED: Text = text("Not asked for by the trace plan", "追溯方案未要求");
const OWES: Text = text("Owed by {role} since {day}", "{role}应补，自 {day}");
const MEND: Text = text("Record it", "补录");

/// The words for how far a record kind has come.
pub const fn standing_word(standing: Standing) -> Text {
    match standing {
        Standing::Complete => COMPLETE,
        Standing::Partial => PARTIAL,
        Standing::Missing => MISSING,
        Standing::NotAsked => NOT_ASKED,
    }
}

const fn class(standing: Standing) -> (&'static str, Glyph) {
    match standing {
        Standing::Complete => ("complete", Glyph::Check),
        Standing::Partial => ("partial", Glyph::Look),
        Standing::Missing => ("missing", Glyph::Unknown),
        Standing::NotAsked => ("not-asked", Glyph::Silent),
    }
}

/// The name of one of the six.
pub fn six_title(name: &str) -> &'static str {
    SIX.iter().find(|six| six.name == name).map_or("", |six| tr(six.title))
}

/// Six marks in a row, for a line of a list: shape, colour and a word for who cannot see either.
#[component]
pub fn SixMarks(
    /// Each of the six, by name.
    records: Vec<(String, Standing)>,
) -> impl IntoView {
    let marks: Vec<_> = records
        .into_iter()
        .map(|(name, standing)| {
            let (class, glyph) = class(standing);
            let said = format!("{}: {}", six_title(&name), tr(standing_word(standing)));
            let title = said.clone();
            view! { <li class=class title=title><Icon glyph/><span class="unseen">{said}</span></li> }
        })
        .collect();
    view! { <ul class="six-marks">{marks}</ul> }
}

/// The six with everything that is missing.
#[component]
pub fn Six(
    /// The six.
    completeness: Completeness,
) -> impl IntoView {
    let (n, of) = (completeness.complete().to_string(), completeness.asked().to_string());
    let whole = completeness.is_complete();
    let (sum_class, glyph) = if whole { ("sum whole", Glyph::Check) } else { ("sum", Glyph::Look) };
    let told = WHOLE.with(&[("n", &n), ("of", &of)]);
    let states: Vec<_> = completeness.records.into_iter().map(state).collect();
    view! {
        <p class=sum_class data-complete=format!("{n}/{of}")><Icon glyph/>{said(&told)}</p>
        <ol class="line-list wide six">{states}</ol>
    }
}

fn state(state: RecordState) -> impl IntoView {
    let (class, glyph) = class(state.standing);
    let entries: Vec<_> = state.entries.into_iter().take(3).map(|entry| view! { <Cite entry/> }).collect();
    let gaps = (!state.gaps.is_empty()).then(|| view! { <GapList gaps=state.gaps/> });
    view! {
        <li class=class data-record=state.name.clone()>
            <p class="heading">
                <Icon glyph/>
                <strong>{six_title(&state.name).to_owned()}</strong>
                <span class="word">{tr(standing_word(state.standing))}</span>
            </p>
            {gaps}
            <p class="meta">{entries}</p>
        </li>
    }
}

/// What is missing, each with who owes it, since when, and the way to the form.
#[component]
pub fn GapList(
    /// What is missing.
    gaps: Vec<Gap>,
) -> impl IntoView {
    let gaps: Vec<_> = gaps
        .into_iter()
        .map(|gap| {
            let lang = lang();
            let day = gap.since.date(Zone::UTC);
            let owes = OWES.with(&[("role", gap.owes.title().get(lang)), ("day", &day)]);
            view! {
                <li data-fact=gap.fact>
                    <span class="said">{said(&gap.said)}</span>
                    <span class="owes">{said(&owes)}</span>
                    <Mend door=gap.door/>
                </li>
            }
        })
        .collect();
    view! { <ul class="gap-list">{gaps}</ul> }
}

/// The way to the form that mends something, for those who may fill it in.
#[component]
pub fn Mend(
    /// The form.
    door: Door,
) -> impl IntoView {
    let verb = match &door {
        Door::Event { kind, .. } => kind_named(kind).map_or(MEND, |kind| kind.about.verb),
        Door::Record { .. } => MEND,
    };
    may_open(&door).then(|| view! { <a class="button quiet" href=door_href(&door)>{tr(verb)}</a> })
}

/// True where the reader's role may fill in the form.
fn may_open(door: &Door) -> bool {
    let Some(role) = role() else { return false };
    match door {
        Door::Event { kind, .. } => kind_named(kind).is_some_and(|kind| kind.allows(role)),
        Door::Record { record, .. } => record_named(record).is_some_and(|record| record.files(role)),
    }
}
