//! Dispositions: whether to stop, told by shape, word and colour together.

use crate::{
    here::{href, tr},
    parts::{icon::Icon, notice::Tone},
};
use domain::{
    state::Disposition,
    text::{Text, text},
    view::Mark,
};
use leptos::prelude::*;

const FROM: Text = text("through", "源于");

/// How loud a disposition is.
pub const fn tone(disposition: Disposition) -> Tone {
    match disposition {
        d if d.stops() => Tone::Stop,
        d if d.warns() => Tone::Look,
        Disposition::Conformant | Disposition::Available => Tone::Good,
        _ => Tone::Plain,
    }
}

/// One disposition, as a badge.
#[component]
pub fn DispositionBadge(
    /// Which.
    disposition: Disposition,
) -> impl IntoView {
    let tone = tone(disposition);
    view! {
        <span class=format!("disposition {} {}", tone.word(), disposition.word())>
            <Icon glyph=tone.glyph()/>
            {tr(disposition.title())}
        </span>
    }
}

/// All of a subject's dispositions, with what an inherited one comes from.
#[component]
pub fn Dispositions(
    /// The gravest first.
    marks: Vec<Mark>,
) -> impl IntoView {
    let marks: Vec<_> = marks
        .into_iter()
        .map(|mark| {
            let from = mark.from.map(|from| {
                view! {
                    <span class="from">{tr(FROM)} " " <a href=href(&from.subject)>{from.title}</a></span>
                }
            });
            view! { <li><DispositionBadge disposition=mark.disposition/>{from}</li> }
        })
        .collect();
    view! { <ul class="dispositions">{marks}</ul> }
}
