//! The scan that is shown, and the list of those before it.

use crate::{
    error::AppError,
    here::{lang, said, tr},
    parts::{
        answer::AnswerView,
        code_plate::CodePlate,
        icon::{Glyph, Icon},
        loaded::Waiting,
        notice::{Failed, Notice, Tone},
    },
    scans::{Came, Scan, Scans},
};
use domain::text::{Said, Text, text};
use leptos::prelude::*;

const AGAIN: Text = text("Scanned {n} times since you opened this page.", "自打开本页以来已扫描 {n} 次。");
const REMEMBERED: Text = text(
    "No signal. This is what the ledger said {age}; it may have changed since.",
    "没有信号。以下为账本{age}的答复，此后可能已有变化。",
);
const NOW: Text = text("less than a minute ago", "不到一分钟前");
const MINUTES: Text = text("{n} minutes ago", "{n} 分钟前");
const HOURS: Text = text("{n} hours ago", "{n} 小时前");
const NO_SIGNAL: Text = text(
    "No signal: this code was read but cannot be looked up now. Scan it again where there is one.",
    "没有信号：已读到条码，但暂时无法查询。请在有信号处重新扫描。",
);
const LAST: Text = text("Scanned before", "之前的扫描");
const WAITING: Text = text("Looking it up", "正在查询");

/// The scan that is shown.
#[component]
pub fn Shown(
    /// The list it is in.
    scans: Scans,
) -> impl IntoView {
    move || scans.shown().map(|scan| view! { <Told scan/> })
}

#[component]
fn Told(scan: Scan) -> impl IntoView {
    let again = (scan.times > 1).then(|| {
        let words = said(&AGAIN.with(&[("n", &scan.times.to_string())]));
        view! { <Notice tone=Tone::Plain><p>{words}</p></Notice> }
    });
    let label = scan.label();
    let told = match scan.came {
        Came::Waiting => view! { <CodePlate code=label/><Waiting/> }.into_any(),
        Came::Answer(answer) => view! { <AnswerView answer=*answer/> }.into_any(),
        Came::Remembered(answer, minutes) => {
            let age = age(minutes);
            let words = Said {
                en: REMEMBERED.with(&[("age", &age.en)]).en,
                zh: REMEMBERED.with(&[("age", &age.zh)]).zh,
            };
            view! {
                <Notice tone=Tone::Look><p>{said(&words)}</p></Notice>
                <AnswerView answer=*answer/>
            }
            .into_any()
        }
        Came::Failed(AppError::Offline) => view! {
            <CodePlate code=label/>
            <Notice tone=Tone::Look><p>{tr(NO_SIGNAL)}</p></Notice>
        }
        .into_any(),
        Came::Failed(error) => view! { <CodePlate code=label/><Failed error/> }.into_any(),
    };
    view! { <div class="stack close">{again}{told}</div> }
}

fn age(minutes: u64) -> Said {
    match minutes {
        0 => NOW.said(),
        1..=119 => MINUTES.with(&[("n", &minutes.to_string())]),
        _ => HOURS.with(&[("n", &(minutes / 60).to_string())]),
    }
}

/// The scans before the one that is shown.
#[component]
pub fn ScanList(
    /// The list.
    scans: Scans,
) -> impl IntoView {
    let lang = lang();
    let line = move |scan: Scan| {
        let (tone, title) = match &scan.came {
            Came::Answer(answer) | Came::Remembered(answer, _) => (answer.tone(), answer.title()),
            Came::Waiting => (Tone::Plain, WAITING.said()),
            Came::Failed(error) => (Tone::Look, error.said()),
        };
        let glyph = match &scan.came {
            Came::Failed(AppError::Offline) => Glyph::Offline,
            _ => tone.glyph(),
        };
        let times = (scan.times > 1).then(|| view! { <span class="times">"×" {scan.times}</span> });
        view! {
            <li>
                <button class=format!("line {}", tone.word()) on:click=move |_| scans.show(scan.id)>
                    <Icon glyph/>
                    <CodePlate code=scan.label() inline=true/>
                    <span class="title">{title.get(lang).to_string()}</span>
                    {times}
                </button>
            </li>
        }
    };
    let earlier = move || {
        let shown = scans.shown().map(|scan| scan.id);
        scans.all().into_iter().filter(|scan| Some(scan.id) != shown).collect::<Vec<_>>()
    };
    view! {
        <Show when=move || !earlier().is_empty()>
            <section class="scan-list">
                <h2>{LAST.get(lang)}</h2>
                <ol>{move || earlier().into_iter().map(line).collect_view()}</ol>
            </section>
        </Show>
    }
    .into_any()
}
