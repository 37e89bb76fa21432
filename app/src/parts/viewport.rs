//! The viewport: what the camera sees, what was read in it, and the controls under the thumb.

use crate::{
    browser::{
        self,
        camera::{Camera, Trouble},
        held, memory,
        sound::{self, Cue},
        worker::{Budget, Picture, Seen},
    },
    here::{said, tr},
    parts::{
        icon::{Glyph, Icon},
        notice::{Notice, Tone},
    },
    scans::Scans,
};
use domain::text::{Text, text};
use leptos::{html, prelude::*, task::spawn_local};

const START: Text = text("Start the camera", "启动摄像头");
const STARTING: Text = text("The camera is starting", "摄像头正在启动");
const STOP: Text = text("Camera off", "关闭摄像头");
const TORCH: Text = text("Torch", "手电筒");
const PHOTO: Text = text("Photo", "照片");
const SOUND: Text = text("Sound", "声音");
const AIM: Text = text("Hold a code in view", "将条码置于画面中");
const NO_CODE: Text = text(
    "No code was found in this photo. Go closer, keep it flat and sharp, and avoid glare.",
    "照片中未找到条码。请靠近拍摄，保持平整清晰，避免反光。",
);
const NO_SCANNER: Text = text(
    "The scanner did not load, so pictures cannot be read. Type the code, or open this page again.",
    "扫描模块未能加载，无法读取图像。请手动输入，或重新打开本页。",
);
const NO_PICTURE: Text =
    text("This file is no picture that the browser can read.", "浏览器无法读取此图像文件。");

/// How the camera is.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Phase {
    Off,
    Starting,
    On,
    Trouble(Trouble),
}

/// Where codes were seen, in pixels of the frame.
#[derive(Clone, PartialEq, Debug, Default)]
struct Outlines {
    width: u32,
    height: u32,
    shapes: Vec<String>,
}

/// The state of the viewport. Everything is asked for with `try_`: the page may be left while a frame is
/// being looked at.
#[derive(Clone, Copy)]
struct View {
    scans: Scans,
    /// Takes the codes in place of the list of scans.
    on_code: Option<Callback<String>>,
    phase: RwSignal<Phase>,
    outlines: RwSignal<Outlines>,
    /// What to say of the last picture.
    remark: RwSignal<Option<Text>>,
    torch: RwSignal<Option<bool>>,
}

/// The viewport.
#[component]
pub fn Viewport(
    /// Where codes go.
    scans: Scans,
    /// Takes them in its place, as a reader tells them; the camera then starts at once, for somebody has
    /// just asked for it.
    #[prop(optional)]
    on_code: Option<Callback<String>>,
) -> impl IntoView {
    let video = NodeRef::<html::Video>::new();
    let view = View {
        scans,
        on_code,
        phase: RwSignal::new(Phase::Off),
        outlines: RwSignal::default(),
        remark: RwSignal::new(None),
        torch: RwSignal::new(None),
    };
    let start = move || {
        if let Some(video) = video.get_untracked() {
            sound::wake();
            spawn_local(async move { view.start(Camera::open(video.clone()).await).await });
            view.phase.set(Phase::Starting);
        }
    };
    Effect::new(move || {
        scans.wake();
        held::listen(move |code| view.take(code, None));
        if (on_code.is_some() || memory::wants_camera()) && video.get().is_some() {
            start();
        }
    });
    // Inside an effect: the server cleans up as well, and holds nothing.
    Effect::new(|| on_cleanup(held::leave));

    let is_on = move || view.phase.read() == Phase::On;
    let drop_here = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        view.read_photos(browser::dropped(&event));
    };
    view! {
        <section
            class="viewport"
            class:on=is_on
            on:dragover=|event| event.prevent_default()
            on:drop=drop_here
        >
            <div class="finder">
                <video node_ref=video muted playsinline aria-hidden="true"></video>
                <Seeing outlines=view.outlines.read_only()/>
                <div class="aim" aria-hidden="true"></div>
                <Message view/>
                <Show when=move || !is_on() && view.phase.read() != Phase::Starting>
                    <button class="start" on:click=move |_| start()>
                        <Icon glyph=Glyph::Scan/>{tr(START)}
                    </button>
                </Show>
            </div>
            <Controls view/>
        </section>
    }
    .into_any()
}

/// Outlines of what was read, over the picture.
#[component]
fn Seeing(outlines: ReadSignal<Outlines>) -> impl IntoView {
    // The same cut as the video's `object-fit: cover`.
    view! {
        <svg
            class="outlines"
            viewBox=move || outlines.with(|o| format!("0 0 {} {}", o.width.max(1), o.height.max(1)))
            preserveAspectRatio="xMidYMid slice"
            aria-hidden="true"
        >
            {move || outlines.with(|o| {
                o.shapes.iter().map(|points| view! { <polygon points=points.clone()></polygon> }).collect_view()
            })}
        </svg>
    }
}

/// What there is to say about camera and picture.
#[component]
fn Message(view: View) -> impl IntoView {
    let remark =
        move || view.remark.get().map(|text| view! { <Notice tone=Tone::Look><p>{tr(text)}</p></Notice> });
    let phase = move || match view.phase.get() {
        Phase::Off => ().into_any(),
        Phase::Starting => view! { <p class="state" role="status">{tr(STARTING)}</p> }.into_any(),
        Phase::On => view! { <p class="state">{tr(AIM)}</p> }.into_any(),
        Phase::Trouble(trouble) => {
            view! { <Notice tone=Tone::Look><p>{said(&trouble.said())}</p></Notice> }.into_any()
        }
    };
    view! { <div class="message">{remark}{phase}</div> }
}

#[component]
fn Controls(view: View) -> impl IntoView {
    let photo = NodeRef::<html::Input>::new();
    let chosen = move |_| {
        if let Some(input) = photo.get_untracked() {
            view.read_photos(browser::chosen(&input));
        }
    };
    let aloud = view.scans.aloud();
    let glyph = move || if aloud.get() { Glyph::Sound } else { Glyph::Silent };
    view! {
        <div class="controls">
            <Show when=move || view.torch.read().is_some()>
                <button
                    class="quiet"
                    aria-pressed=move || (view.torch.get() == Some(true)).to_string()
                    on:click=move |_| view.switch_torch()
                >
                    <Icon glyph=Glyph::Torch/>{tr(TORCH)}
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
                class="quiet"
                aria-pressed=move || aloud.get().to_string()
                on:click=move |_| {
                    sound::wake();
                    view.scans.set_aloud(!view.scans.is_aloud());
                }
            >
                {move || view! { <Icon glyph=glyph()/> }}{tr(SOUND)}
            </button>
            <Show when=move || view.phase.read() == Phase::On>
                <button class="quiet" on:click=move |_| view.stop()>
                    <Icon glyph=Glyph::Pause/>{tr(STOP)}
                </button>
            </Show>
        </div>
    }
    .into_any()
}

impl View {
    async fn start(self, opened: Result<Camera, Trouble>) {
        let camera = match opened {
            Ok(camera) => camera,
            Err(trouble) => {
                self.phase.try_set(Phase::Trouble(trouble));
                return;
            }
        };
        if self.phase.try_set(Phase::On).is_some() {
            // The page was left meanwhile.
            camera.close();
            return;
        }
        held::hold_camera(camera.clone());
        memory::set_wants_camera(true);
        self.torch.try_set(camera.has_torch().then_some(false));
        self.watch(camera).await;
    }

    /// Looks at one frame after the other until the camera is closed or the page is left.
    async fn watch(self, camera: Camera) {
        const BETWEEN_FRAMES: i32 = 40;
        const WHILE_HIDDEN: i32 = 300;
        while self.phase.try_get_untracked() == Some(Phase::On) {
            if camera.has_ended() {
                self.close(Phase::Trouble(Trouble::InUse));
                return;
            }
            if browser::is_hidden() {
                browser::pause(WHILE_HIDDEN).await;
                continue;
            }
            if let Some(frame) = camera.frame().await {
                let (width, height) = (frame.width, frame.height);
                if let Some(seen) = self.look(frame, Budget::Frame).await {
                    self.outlines.try_set(Outlines {
                        width,
                        height,
                        shapes: seen.iter().map(outline).collect(),
                    });
                    seen.into_iter().for_each(|one| self.saw(one));
                } else {
                    browser::pause(WHILE_HIDDEN).await;
                }
            }
            browser::pause(BETWEEN_FRAMES).await;
        }
    }

    async fn look(self, picture: Picture, budget: Budget) -> Option<Vec<Seen>> {
        let seen = held::scanner().look(picture, budget).await;
        let remark = seen.is_none().then_some(NO_SCANNER);
        if self.remark.try_get_untracked()? != remark {
            self.remark.try_set(remark);
        }
        seen
    }

    fn read_photos(self, files: Vec<browser::Photo>) {
        sound::wake();
        spawn_local(async move {
            for file in files {
                let Some(picture) = Picture::from_file(&file).await else {
                    self.remark.try_set(Some(NO_PICTURE));
                    continue;
                };
                let Some(seen) = self.look(picture, Budget::Photo).await else { return };
                self.remark.try_set(seen.is_empty().then_some(NO_CODE));
                seen.into_iter().for_each(|one| self.take(one.code(), Some(one.identifier)));
            }
        });
    }

    /// A frame of the camera shows a code; it stays in view for many frames.
    fn saw(self, one: Seen) {
        let (code, symbology) = (one.code(), Some(one.identifier));
        match self.on_code {
            Some(_) if self.scans.once_in_view(&code) => self.take(code, symbology),
            Some(_) => {}
            None => self.scans.saw(code, symbology),
        }
    }

    /// A code came in.
    fn take(self, code: String, symbology: Option<String>) {
        match self.on_code {
            Some(on_code) => {
                sound::play(Cue::Answered(Tone::Plain), self.scans.is_aloud());
                let read = domain::code::read(symbology.as_deref(), code.as_bytes());
                on_code.run(read.map_or(code, |read| read.label()));
            }
            None => self.scans.take(code, symbology),
        }
    }

    fn switch_torch(self) {
        let wanted = self.torch.try_get_untracked().flatten() != Some(true);
        spawn_local(async move {
            if let Some(camera) = held::camera()
                && camera.light(wanted).await
            {
                self.torch.try_set(Some(wanted));
            }
        });
    }

    fn stop(self) {
        memory::set_wants_camera(false);
        self.close(Phase::Off);
    }

    fn close(self, phase: Phase) {
        held::close_camera();
        self.outlines.try_set(Outlines::default());
        self.torch.try_set(None);
        self.phase.try_set(phase);
    }
}

/// The corners as an SVG polygon has them: one after the other round the middle, in whichever order the
/// symbology tells them.
fn outline(seen: &Seen) -> String {
    let middle = seen.corners.iter().fold((0.0, 0.0), |sum, (x, y)| (sum.0 + x / 4.0, sum.1 + y / 4.0));
    let angle = |(x, y): &(f32, f32)| (y - middle.1).atan2(x - middle.0);
    let mut corners = seen.corners;
    corners.sort_by(|a, b| angle(a).total_cmp(&angle(b)));
    corners.iter().map(|(x, y)| format!("{x:.0},{y:.0}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_never_crosses_itself() {
        let corners = [(0.0, 0.0), (10.0, 0.0), (0.0, 10.0), (10.0, 10.0)];
        let seen = |corners| Seen {
            symbology: String::new(),
            identifier: String::new(),
            text: String::new(),
            corners,
        };
        assert_eq!(outline(&seen(corners)), "0,0 10,0 10,10 0,10");
        assert_eq!(outline(&seen([corners[0], corners[1], corners[3], corners[2]])), "0,0 10,0 10,10 0,10");
    }
}
