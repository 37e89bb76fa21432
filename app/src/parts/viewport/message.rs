//! What there is to say about camera and picture.

use super::view::{Phase, View};
use crate::{
    here::{lang, tr},
    parts::notice::{Notice, Tone},
};
use domain::text::{Text, text};
use leptos::prelude::*;

const STARTING: Text = text("The camera is starting", "摄像头正在启动");
const AWAY: Text = text("The camera is off while the page is hidden", "页面隐藏时摄像头已关闭");
const IDLE: Text = text(
    "Nothing was scanned for a while, so the camera is off. It spares the battery.",
    "一段时间未扫描，摄像头已关闭以节省电量。",
);

/// The words over the picture.
#[component]
pub fn Message(
    /// The state.
    view: View,
) -> impl IntoView {
    let lang = lang();
    let remark = move || {
        let said = view.remark.get()?;
        Some(view! { <Notice tone=Tone::Look><p>{said.get(lang).to_string()}</p></Notice> })
    };
    let (starting, away, idle) = (tr(STARTING), tr(AWAY), tr(IDLE));
    let phase = move || match view.phase.get() {
        Phase::Off => ().into_any(),
        Phase::Starting => view! { <p class="state" role="status">{starting}</p> }.into_any(),
        Phase::Away => view! { <p class="state">{away}</p> }.into_any(),
        Phase::Idle => view! { <p class="state" role="status">{idle}</p> }.into_any(),
        Phase::On => {
            let hint = move || view.mode.get().hint().get(lang);
            // Once something is seen, that is what there is to read.
            let nothing = move || view.sight.with(|sight| !sight.marks.iter().any(|mark| mark.counts));
            view! { <Show when=nothing><p class="state">{hint}</p></Show> }.into_any()
        }
        Phase::Trouble(trouble) => {
            let said = trouble.said().get(lang).to_string();
            view! { <Notice tone=Tone::Look><p>{said}</p></Notice> }.into_any()
        }
    };
    view! { <div class="message">{remark}{phase}</div> }.into_any()
}
