//! Material changes: what it was, what it is, and a person's answer (16 CFR 1107.23, C56).

use crate::{
    here::{encode, href, role, said, tr},
    parts::{
        cite::Cite,
        icon::{Glyph, Icon},
        section::Nothing,
    },
};
use domain::{
    change::Change,
    event::{CHANGE_JUDGED, kind_named},
    subject::Subject,
    text::{Text, text},
};
use leptos::prelude::*;

const NONE: Text =
    text("Nothing differs from the batch before it or from what was tested.", "与上一批次及检测时一致。");
const BEFORE: Text = text("before", "变更前");
const NOW: Text = text("now", "现在");
const COMPARED: Text = text("compared with", "对比");
const WAITS: Text = text("Waits for an answer: could this affect compliance?", "待判定：是否可能影响合规？");
const NO: Text = text("Could not affect compliance: {reason} ({by})", "不影响合规：{reason}（{by}）");
const YES: Text = text("Could affect compliance: {reason} ({by})", "可能影响合规：{reason}（{by}）");
const ANSWER: Text = text("Answer", "判定");

/// The changes of a batch.
#[component]
pub fn ChangeList(
    /// The batch.
    batch: Subject,
    /// Its changes.
    changes: Vec<Change>,
) -> impl IntoView {
    if changes.is_empty() {
        return view! { <Nothing word=NONE/> }.into_any();
    }
    let may_answer =
        role().is_some_and(|role| kind_named(CHANGE_JUDGED).is_some_and(|kind| kind.allows(role)));
    let changes: Vec<_> = changes.into_iter().map(|change| line(change, &batch, may_answer)).collect();
    view! { <ul class="line-list wide change-list">{changes}</ul> }.into_any()
}

fn line(change: Change, batch: &Subject, may_answer: bool) -> impl IntoView + use<> {
    let with = change.with.map(|with| {
        view! { <span class="with">{tr(COMPARED)} " " <a href=href(&with)>{with.key.clone()}</a></span> }
    });
    let answer = match change.answer {
        Some(answer) => {
            let sentence = if answer.affects { YES } else { NO };
            let told = sentence.with(&[("reason", &answer.reason), ("by", &answer.by)]);
            let (class, glyph) =
                if answer.affects { ("judgment look", Glyph::Look) } else { ("judgment", Glyph::Check) };
            let entry = answer.entry.map(|entry| view! { <Cite entry/> });
            view! { <p class=class><Icon glyph/><span>{said(&told)}</span> {entry}</p> }.into_any()
        }
        None => {
            let fill = encode(&format!("what:{}", change.what));
            let form = format!("/event/{CHANGE_JUDGED}?subject={}&fill={fill}", encode(&batch.to_string()));
            let way = may_answer.then(|| view! { <a class="button quiet" href=form>{tr(ANSWER)}</a> });
            view! { <p class="judgment look"><Icon glyph=Glyph::Look/><span>{tr(WAITS)}</span> {way}</p> }
                .into_any()
        }
    };
    view! {
        <li data-change=change.what>
            <p class="name"><strong>{said(&change.label)}</strong> {with}</p>
            <dl class="was-is">
                <div><dt>{tr(BEFORE)}</dt><dd>{said(&change.before)}</dd></div>
                <div><dt>{tr(NOW)}</dt><dd>{said(&change.after)}</dd></div>
            </dl>
            {answer}
        </li>
    }
}
