//! The viewport: what the camera sees, what was read in it and what that means, and the controls under
//! the thumb.

pub mod controls;
pub mod label_panel;
pub mod message;
pub mod mode;
pub mod sight;
pub mod tally;
pub mod view;

use crate::{
    browser,
    here::tr,
    parts::icon::{Glyph, Icon},
    scans::Scans,
};
use browser::{held, memory, sound::Cue};
use controls::Controls;
use domain::text::{Text, text};
use label_panel::LabelPanel;
use leptos::{html, prelude::*};
use message::Message;
use mode::{Mode, Modes};
use sight::{Marks, Means};
use view::{Phase, View};

pub use tally::Tally;

const START: Text = text("Start the camera", "启动摄像头");
const GO_ON: Text = text("Go on scanning", "继续扫描");

/// The viewport.
#[component]
pub fn Viewport(
    /// Where codes go.
    scans: Scans,
    /// Takes them in its place, as a reader tells them, and says how that sounds; the camera then starts
    /// at once, for somebody has just asked for it.
    #[prop(optional)]
    on_code: Option<Callback<String, Cue>>,
    /// What was measured, for whoever looks at the scanner and not at codes.
    #[prop(optional)]
    tally: Option<RwSignal<Tally>>,
) -> impl IntoView {
    let video = NodeRef::<html::Video>::new();
    let view = View::new(scans, on_code, tally, video);
    Effect::new(move || {
        scans.wake();
        view.wake();
        held::listen(move |heard| view.hear(heard));
        let at_once = on_code.is_some() && tally.is_none() || on_code.is_none() && memory::wants_camera();
        if at_once && video.get().is_some() {
            view.start();
        }
        let listening = window_event_listener_untyped("visibilitychange", move |_| view.come_or_go());
        on_cleanup(move || listening.remove());
    });
    // Inside an effect: the server cleans up as well, and holds nothing.
    Effect::new(|| on_cleanup(held::leave));

    let drop_here = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        view.read_photos(browser::dropped(&event));
    };
    let can_start = move || matches!(view.phase.get(), Phase::Off | Phase::Idle | Phase::Trouble(_));
    let (go_on, begin) = (tr(GO_ON), tr(START));
    let word = move || if view.phase.read() == Phase::Idle { go_on } else { begin };
    view! {
        <section
            class="viewport"
            class:on=move || view.phase.read() == Phase::On
            class:aimed=move || view.mode.get() == Mode::Aim
            on:dragover=|event| event.prevent_default()
            on:drop=drop_here
            on:pointerdown=move |_| view.touched()
        >
            <Show when=move || view.phase.read() == Phase::On>
                <Modes view/>
            </Show>
            <div class="finder" on:click=move |event| view.focus_at(&event)>
                <video node_ref=video muted playsinline aria-hidden="true"></video>
                <Marks view/>
                <div class="aim" aria-hidden="true"></div>
                {move || view.focus.get().map(|(x, y)| view! {
                    <div class="focus-ring" aria-hidden="true" style:left=format!("{x}px") style:top=format!("{y}px")></div>
                })}
                <Means view/>
                <Message view/>
                <Show when=can_start>
                    <button class="start" on:click=move |_| view.start()>
                        <Icon glyph=Glyph::Scan/>{word}
                    </button>
                </Show>
            </div>
            <LabelPanel view/>
            <Controls view/>
        </section>
    }
    .into_any()
}
