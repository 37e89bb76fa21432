//! The state of the viewport, and what moves it: the camera's life, and one frame after the other.

mod frames;

use super::{mode::Mode, sight::Sight, tally::Tally};
use crate::{
    browser::{
        self,
        camera::{Camera, Lens, Trouble, Zoom},
        held, memory,
        sound::{self, Cue},
        wedge::Heard,
        worker::{Budget, Fault, Looked, Picture},
    },
    scans::Scans,
};
use domain::{
    code::{self, Code},
    text::{Said, Text, text},
};
use frames::BLACK;
use leptos::{html, prelude::*, task::spawn_local};

const NO_CODE: Text = text(
    "No code was found in this photo. Go closer, keep it flat and sharp, and avoid glare.",
    "照片中未找到条码。请靠近拍摄，保持平整清晰，避免反光。",
);
const NO_PICTURE: Text =
    text("This file is no picture that the browser can read.", "浏览器无法读取此图像文件。");
/// How the camera is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Nobody has started it.
    Off,
    /// It was asked for.
    Starting,
    /// It shows a picture, and every frame is looked at.
    On,
    /// Off while nobody looks at the page; it comes back by itself.
    Away,
    /// Off because nothing was scanned for a while.
    Idle,
    /// It cannot go on.
    Trouble(Trouble),
}

/// The state. Everything is asked for with `try_`: the page may be left while a frame is being looked at.
#[derive(Clone, Copy)]
pub struct View {
    pub(super) scans: Scans,
    /// Takes the codes in place of the list of scans.
    on_code: Option<Callback<String, Cue>>,
    tally: Option<RwSignal<Tally>>,
    video: NodeRef<html::Video>,
    pub(super) phase: RwSignal<Phase>,
    pub(super) mode: RwSignal<Mode>,
    pub(super) sight: RwSignal<Sight>,
    /// What to say of the last picture.
    pub(super) remark: RwSignal<Option<Said>>,
    pub(super) torch: RwSignal<Option<bool>>,
    pub(super) zoom: RwSignal<Option<Zoom>>,
    pub(super) lenses: RwSignal<Vec<Lens>>,
    /// Where the person touched to focus, in pixels of the finder.
    pub(super) focus: RwSignal<Option<(f64, f64)>>,
    /// The symbols of the label that is being shown.
    pub(super) label: RwSignal<Vec<Code>>,
    /// When one of them was last in view.
    label_seen: StoredValue<f64>,
    /// When a symbol that counts was last seen.
    seen_at: StoredValue<f64>,
    /// When somebody last did something, or a code was last seen.
    used: StoredValue<f64>,
    /// Counts starts: a loop that belongs to an earlier one ends.
    turn: StoredValue<u32>,
}

impl View {
    pub(super) fn new(
        scans: Scans,
        on_code: Option<Callback<String, Cue>>,
        tally: Option<RwSignal<Tally>>,
        video: NodeRef<html::Video>,
    ) -> View {
        View {
            scans,
            on_code,
            tally,
            video,
            phase: RwSignal::new(Phase::Off),
            mode: RwSignal::new(Mode::Each),
            sight: RwSignal::default(),
            remark: RwSignal::new(None),
            torch: RwSignal::new(None),
            zoom: RwSignal::new(None),
            lenses: RwSignal::new(Vec::new()),
            focus: RwSignal::new(None),
            label: RwSignal::new(Vec::new()),
            label_seen: StoredValue::new(0.0),
            seen_at: StoredValue::new(0.0),
            used: StoredValue::new(0.0),
            turn: StoredValue::new(0),
        }
    }

    /// Takes up what this device remembers.
    pub(super) fn wake(self) {
        let mode = memory::scan_mode().map(|word| Mode::from_word(&word)).unwrap_or_default();
        self.mode.set(if self.fills_a_field() && mode == Mode::Label { Mode::Each } else { mode });
    }

    pub(super) fn fills_a_field(self) -> bool {
        self.on_code.is_some()
    }

    pub(super) fn set_mode(self, mode: Mode) {
        self.mode.set(mode);
        memory::set_scan_mode(mode.word());
        self.start_label();
    }

    /// Forgets the label that was being shown.
    pub(super) fn start_label(self) {
        self.label.try_set(Vec::new());
    }

    /// Somebody is there.
    pub(super) fn touched(self) {
        self.used.try_set_value(browser::now());
    }

    /// Opens the camera, in place of one that is open.
    pub(super) fn start(self) {
        let Some(video) = self.video.get_untracked() else { return };
        if browser::is_hidden() {
            // A page that is opened behind another waits until somebody looks at it.
            self.phase.set(Phase::Away);
            return;
        }
        sound::wake();
        self.touched();
        self.phase.set(Phase::Starting);
        let turn = self.next_turn();
        spawn_local(async move {
            let opened = Camera::open(video).await;
            if self.turn.try_get_value() != Some(turn) {
                // The page was left, hidden, or started the camera again meanwhile.
                if let Ok(camera) = opened {
                    camera.close();
                }
                return;
            }
            match opened {
                Ok(camera) => self.run(camera, turn).await,
                Err(trouble) => self.close(Phase::Trouble(trouble)),
            }
        });
    }

    async fn run(self, camera: Camera, turn: u32) {
        held::hold_camera(camera.clone());
        memory::set_wants_camera(true);
        self.phase.try_set(Phase::On);
        self.torch.try_set(camera.has_torch().then_some(false));
        self.zoom.try_set(camera.zoom());
        self.lenses.try_set(camera.lenses().await);
        if let Some(tally) = self.tally {
            tally.try_set(Tally::default());
        }
        if let Some(after) = self.watch(&camera, turn).await
            && self.turn.try_get_value() == Some(turn)
        {
            self.close(after);
        }
    }

    pub(super) fn read_photos(self, files: Vec<browser::Photo>) {
        sound::wake();
        spawn_local(async move {
            for file in files {
                let looked = match look_at_photo(&file).await {
                    Some(Err(Fault::Restarted)) => look_at_photo(&file).await,
                    looked => looked,
                };
                match looked {
                    None | Some(Err(Fault::Picture)) => {
                        self.remark.try_set(Some(NO_PICTURE.said()));
                    }
                    Some(Err(fault)) => {
                        self.remark.try_set(Some(Trouble::Scanner(fault).said()));
                        return;
                    }
                    Some(Ok(looked)) => {
                        self.remark.try_set(looked.symbols.is_empty().then(|| NO_CODE.said()));
                        for seen in looked.symbols {
                            self.take(seen.code(), Some(seen.identifier));
                        }
                    }
                }
            }
        });
    }

    /// A hand scanner, or a paste.
    pub(super) fn hear(self, heard: Heard) {
        self.touched();
        self.remark.try_set(heard.doubt);
        self.take(heard.code, None);
    }

    /// A code came in.
    pub(super) fn take(self, code: String, symbology: Option<String>) {
        match self.on_code {
            Some(on_code) => {
                let read = code::read(symbology.as_deref(), code.as_bytes());
                let cue = on_code.run(read.map_or(code, |read| read.label()));
                sound::play(cue, self.scans.is_aloud());
            }
            None => self.scans.take(code, symbology),
        }
    }

    pub(super) fn switch_torch(self) {
        let wanted = self.torch.try_get_untracked().flatten() != Some(true);
        spawn_local(async move {
            if let Some(camera) = held::camera()
                && camera.light(wanted).await
            {
                self.torch.try_set(Some(wanted));
            }
        });
    }

    pub(super) fn switch_zoom(self) {
        let Some(zoom) = self.zoom.try_get_untracked().flatten() else { return };
        spawn_local(async move {
            let now = zoom.next();
            if let Some(camera) = held::camera()
                && camera.set_zoom(now).await
            {
                self.zoom.try_set(Some(Zoom { now, ..zoom }));
            }
        });
    }

    /// Looks through the next lens, now and on this device from now on.
    pub(super) fn switch_lens(self) {
        let Some(lenses) = self.lenses.try_get_untracked() else { return };
        let now = held::camera().and_then(|camera| camera.lens());
        let at = lenses.iter().position(|lens| Some(&lens.id) == now.as_ref());
        let next = at.map_or(0, |at| (at + 1) % lenses.len().max(1));
        if let Some(lens) = lenses.get(next) {
            Camera::remember_lens(lens);
            held::close_camera();
            self.start();
        }
    }

    /// Focuses where the picture was touched.
    pub(super) fn focus_at(self, event: &leptos::ev::MouseEvent) {
        let Some(camera) = held::camera().filter(Camera::has_focus_point) else { return };
        let Some(touch) = browser::touch_in_video(event) else { return };
        spawn_local(async move {
            self.focus.try_set(Some(touch.place));
            camera.focus_at(touch.part.0, touch.part.1).await;
            self.focus.try_set(None);
        });
    }

    /// The page was hidden, or shown again: the lamp beside the lens is out while nobody looks.
    pub(super) fn come_or_go(self) {
        let phase = self.phase.try_get_untracked();
        match (browser::is_hidden(), phase) {
            (true, Some(Phase::On | Phase::Starting)) => self.close(Phase::Away),
            (false, Some(Phase::Away)) => self.start(),
            _ => {}
        }
    }

    pub(super) fn stop(self) {
        memory::set_wants_camera(false);
        self.close(Phase::Off);
    }

    fn next_turn(self) -> u32 {
        self.turn
            .try_update_value(|turn| {
                *turn = turn.wrapping_add(1);
                *turn
            })
            .unwrap_or_default()
    }

    fn close(self, phase: Phase) {
        self.next_turn();
        held::close_camera();
        self.sight.try_set(Sight::default());
        self.torch.try_set(None);
        self.zoom.try_set(None);
        self.focus.try_set(None);
        if self.says(BLACK) {
            self.remark.try_set(None);
        }
        self.phase.try_set(phase);
    }
}

/// `None` where the file is no picture.
async fn look_at_photo(file: &browser::Photo) -> Option<Result<Looked, Fault>> {
    let picture = Picture::from_file(file).await?;
    Some(held::scanner().look(picture, Budget::Photo).await)
}
