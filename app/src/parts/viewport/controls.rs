//! The controls under the thumb.

use super::view::{Phase, View};
use crate::{
    browser::{self, sound},
    here::tr,
    parts::icon::{Glyph, Icon},
};
use domain::text::{Text, text};
use leptos::{html, prelude::*};

const STOP: Text = text("Camera off", "关闭摄像头");
const TORCH: Text = text("Torch", "手电筒");
const ZOOM: Text = text("Zoom", "变焦");
const LENS: Text = text("Lens", "镜头");
const PHOTO: Text = text("Photo", "照片");
const SOUND: Text = text("Sound", "声音");

/// The controls; those that this device has not are not there.
#[component]
pub fn Controls(
    /// The state.
    view: View,
) -> impl IntoView {
    let photo = NodeRef::<html::Input>::new();
    let chosen = move |_| {
        if let Some(input) = photo.get_untracked() {
            view.read_photos(browser::chosen(&input));
        }
    };
    let aloud = view.scans.aloud();
    let glyph = move || if aloud.get() { Glyph::Sound } else { Glyph::Silent };
    let is_on = move || view.phase.read() == Phase::On;
    let has_lenses = move || is_on() && view.lenses.read().len() > 1;
    let (torch, zoom, lens, stop) = (tr(TORCH), tr(ZOOM), tr(LENS), tr(STOP));
    view! {
        <div class="controls">
            <Show when=move || view.torch.read().is_some()>
                <button
                    type="button"
                    class="quiet"
                    aria-pressed=move || (view.torch.get() == Some(true)).to_string()
                    on:click=move |_| view.switch_torch()
                >
                    <Icon glyph=Glyph::Torch/>{torch}
                </button>
            </Show>
            <Show when=move || is_on() && view.zoom.read().is_some()>
                <button type="button" class="quiet zoom" on:click=move |_| view.switch_zoom()>
                    <span class="times" translate="no">
                        {move || view.zoom.get().map(|zoom| format!("{}×", (zoom.now * 10.0).round() / 10.0))}
                    </span>
                    {zoom}
                </button>
            </Show>
            <Show when=has_lenses>
                <button type="button" class="quiet lens" on:click=move |_| view.switch_lens()>
                    <Icon glyph=Glyph::Lens/>{lens}
                </button>
            </Show>
            <label class="button quiet">
                <input
                    class="visually-hidden"
                    type="file"
                    accept="image/*"
                    node_ref=photo
                    on:change=chosen
                />
                <Icon glyph=Glyph::Photo/>{tr(PHOTO)}
            </label>
            <button
                type="button"
                class="quiet"
                aria-pressed=move || aloud.get().to_string()
                on:click=move |_| {
                    sound::wake();
                    view.scans.set_aloud(!view.scans.is_aloud());
                }
            >
                {move || view! { <Icon glyph=glyph()/> }}{tr(SOUND)}
            </button>
            <Show when=is_on>
                <button type="button" class="quiet" on:click=move |_| view.stop()>
                    <Icon glyph=Glyph::Pause/>{stop}
                </button>
            </Show>
        </div>
    }
    .into_any()
}
