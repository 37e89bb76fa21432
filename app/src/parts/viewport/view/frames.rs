//! One frame after the other: looked at, and what is seen in it taken.

use super::View;
use crate::{
    browser::{
        self,
        camera::{self, Camera, Trouble},
        held,
        sound::{self, Cue},
        worker::{Budget, Fault, Looked},
    },
    parts::{
        notice::Tone,
        viewport::{
            mode::{Mode, aimed_at},
            sight::{Mark, Sight, kind_of, outline},
            view::Phase,
        },
    },
    scans::Came,
};
use domain::{
    code::{self, Code, Label},
    text::{Text, text},
};
use leptos::prelude::*;

pub(super) const BLACK: Text = text(
    "The picture is black. Uncover the lens, open its slide or switch on the light; or choose a photo or type the code.",
    "画面全黑。请检查镜头是否被遮挡、隐私挡板是否打开，或打开照明；也可选择照片、手动输入。",
);

impl View {
    /// Looks at one frame after the other, always the newest, until there is a reason to stop. `None` when
    /// the camera was closed by somebody else.
    pub(super) async fn watch(self, camera: &Camera, turn: u32) -> Option<Phase> {
        /// Without a code or a touch for so long, in milliseconds, the camera goes off.
        const IDLE: f64 = 180_000.0;
        /// Without a frame for so long it shows none any more, in milliseconds.
        const NO_FRAME: f64 = 6_000.0;
        /// One frame that cannot be read is chance; so many are none.
        const MOST_UNREADABLE: u32 = 30;
        const ASK_PERMISSION: f64 = 1_000.0;
        /// A hand over the lens is no fault at once.
        const BLACK_FOR: f64 = 2_500.0;
        /// Of each side: a code that fills the frame to aim with, and room around it.
        const MIDDLE: f32 = 0.6;
        let (mut unreadable, mut closely) = (0, false);
        let (mut asked, mut light, mut shown) = (browser::now(), browser::now(), browser::now());
        while self.turn.try_get_value()? == turn {
            if camera.has_ended() {
                let refused = camera::is_refused().await;
                return Some(Phase::Trouble(if refused { Trouble::Revoked } else { Trouble::Ended }));
            }
            let at = browser::now();
            if at - asked > ASK_PERMISSION {
                asked = at;
                if camera::is_refused().await {
                    return Some(Phase::Trouble(Trouble::Revoked));
                }
            }
            if at - self.used.try_get_value()? > IDLE {
                return Some(Phase::Idle);
            }
            let frame = if camera.next_frame().await { camera.frame().await } else { None };
            let Some(mut frame) = frame else {
                if browser::now() - shown > NO_FRAME {
                    return Some(Phase::Trouble(Trouble::Frozen));
                }
                continue;
            };
            shown = browser::now();
            let size = (frame.width, frame.height);
            // Aiming, every other look goes into the middle, so that a full sheet takes no time from it.
            closely = !closely && self.mode.try_get_untracked()? == Mode::Aim;
            if closely {
                frame.part = MIDDLE;
            }
            match held::scanner().look(frame, Budget::Frame).await {
                Ok(looked) if self.turn.try_get_value()? == turn => {
                    unreadable = 0;
                    let at = browser::now();
                    if !looked.black {
                        light = at;
                    }
                    let dark = (at - light > BLACK_FOR).then(|| BLACK.said());
                    if self.remark.try_get_untracked()? != dark && (dark.is_some() || self.says(BLACK)) {
                        self.remark.try_set(dark);
                    }
                    self.saw(looked, size, closely, at);
                }
                Ok(_) => return None,
                // The next frame is another try.
                Err(Fault::Restarted) => {}
                Err(Fault::Picture) if unreadable < MOST_UNREADABLE => unreadable += 1,
                Err(fault) => return Some(Phase::Trouble(Trouble::Scanner(fault))),
            }
        }
        None
    }

    /// Whether this is what there is to say.
    pub(super) fn says(self, words: Text) -> bool {
        self.remark.try_get_untracked().flatten() == Some(words.said())
    }

    /// A frame of the camera shows codes; they stay in view for many frames. Of one that was looked at
    /// `closely` only the middle is known.
    fn saw(self, looked: Looked, size: (u32, u32), closely: bool, at: f64) {
        if let Some(tally) = self.tally {
            tally.try_update(|tally| tally.add(&looked, size, at));
        }
        /// A frame or two in which a code was not read do not mean that it is gone, in milliseconds.
        const MISSED: f64 = 600.0;
        let mode = self.mode.try_get_untracked().unwrap_or_default();
        let aimed = aimed_at(&looked.symbols, size.0, size.1);
        let mut marks = Vec::with_capacity(looked.symbols.len());
        for (place, seen) in looked.symbols.into_iter().enumerate() {
            let counts = mode != Mode::Aim || aimed == Some(place);
            let code = code::read(Some(&seen.identifier), seen.code().as_bytes()).ok();
            let label = code.as_ref().map_or_else(|| seen.text.clone(), Code::label);
            let mut mark = Mark {
                points: outline(&seen),
                counts,
                label,
                kind: kind_of(code.as_ref()),
                known: None,
                again: false,
            };
            if counts {
                self.used.try_set_value(at);
                let known = self.scans.known(&seen.code(), Some(&seen.identifier));
                if mode == Mode::Label {
                    if let Some(code) = code {
                        self.add_to_label(code, at);
                    }
                } else if self.scans.once_in_view(&seen.code()) {
                    self.take(seen.code(), Some(seen.identifier));
                }
                if let Some(scan) = known {
                    mark.again = scan.times > 1;
                    mark.known = match &scan.came {
                        Came::Answer(answer) | Came::Remembered(answer, _) => {
                            Some((answer.tone(), answer.title()))
                        }
                        Came::Waiting | Came::Failed(_) => None,
                    };
                }
            }
            marks.push(mark);
        }
        let missed = !marks.iter().any(|mark| mark.counts);
        let still = missed && at - self.seen_at.try_get_value().unwrap_or_default() < MISSED;
        if !missed {
            self.seen_at.try_set_value(at);
        }
        let old = self.sight.try_get_untracked().map(|sight| sight.marks).unwrap_or_default();
        marks.extend(old.into_iter().filter(|mark| if mark.counts { still } else { closely }));
        let sight = Sight { width: size.0, height: size.1, marks };
        if self.sight.try_with_untracked(|old| *old != sight) == Some(true) {
            self.sight.try_set(sight);
        }
    }

    /// A symbol of the label in view. After a while without any of them the next one begins a new label.
    fn add_to_label(self, code: Code, at: f64) {
        const ANOTHER_LABEL: f64 = 4_000.0;
        let Some(last) = self.label_seen.try_get_value() else { return };
        self.label_seen.try_set_value(at);
        let Some(mut codes) = self.label.try_get_untracked() else { return };
        if at - last > ANOTHER_LABEL {
            codes.clear();
        }
        if codes.iter().any(|known| known.elements == code.elements && known.text == code.text) {
            return;
        }
        let before = Label::of(&codes).contradictions.len();
        codes.push(code);
        let after = Label::of(&codes).contradictions.len();
        let tone = if after > before { Tone::Stop } else { Tone::Plain };
        sound::play(Cue::Answered(tone), self.scans.is_aloud());
        self.label.try_set(codes);
    }
}
