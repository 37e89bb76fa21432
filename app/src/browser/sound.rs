//! What is heard and felt when a code was read: one figure a tone, so that eyes can stay on the goods.

use crate::parts::notice::Tone;
use std::cell::RefCell;
use web_sys::{AudioContext, AudioContextState, OscillatorType};

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cue {
    /// A code was answered, and how loud the answer is.
    Answered(Tone),
    /// The same code again.
    Again,
    /// There is no signal to look it up.
    Offline,
}

thread_local! {
    // Browsers allow few of them, and one that a touch has woken stays awake.
    static CONTEXT: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// One sound: pitch in hertz, from when and for how long in seconds.
type Note = (f32, f64, f64);

impl Cue {
    /// Told apart by number and direction of the notes, not by pitch alone.
    const fn notes(self) -> (&'static [Note], OscillatorType) {
        match self {
            Cue::Answered(Tone::Good | Tone::Plain) => (&[(1568.0, 0.0, 0.09)], OscillatorType::Sine),
            Cue::Answered(Tone::Look) => {
                (&[(988.0, 0.0, 0.1), (740.0, 0.14, 0.16)], OscillatorType::Triangle)
            }
            Cue::Answered(Tone::Stop) => {
                (&[(220.0, 0.0, 0.22), (220.0, 0.3, 0.22), (165.0, 0.6, 0.5)], OscillatorType::Square)
            }
            Cue::Again => (&[(1175.0, 0.0, 0.04), (1175.0, 0.08, 0.04)], OscillatorType::Sine),
            Cue::Offline => (&[(440.0, 0.0, 0.18)], OscillatorType::Triangle),
        }
    }

    /// Milliseconds of shaking and rest.
    const fn shakes(self) -> &'static [u32] {
        match self {
            Cue::Answered(Tone::Good | Tone::Plain) => &[40],
            Cue::Answered(Tone::Look) => &[60, 80, 60],
            Cue::Answered(Tone::Stop) => &[300, 120, 300, 120, 500],
            Cue::Again => &[20, 40, 20],
            Cue::Offline => &[150],
        }
    }
}

/// Sounds and shakes. Where the browser or the person allows neither, nothing happens.
pub fn play(cue: Cue, aloud: bool) {
    if let Some(window) = web_sys::window() {
        let pattern: js_sys::Array = cue.shakes().iter().map(|&n| wasm_bindgen::JsValue::from(n)).collect();
        // iOS has no vibration and answers with a missing method.
        if js_sys::Reflect::has(&window.navigator(), &"vibrate".into()) == Ok(true) {
            let _ = window.navigator().vibrate_with_pattern(&pattern);
        }
    }
    if aloud {
        // A silent device is no reason to stop scanning.
        let _ = sound(cue);
    }
}

/// Has to run once inside a touch or key press; before that browsers stay silent.
pub fn wake() {
    with_context(|context| {
        if context.state() == AudioContextState::Suspended {
            let _ = context.resume();
        }
        Some(())
    });
}

fn sound(cue: Cue) -> Option<()> {
    with_context(|context| {
        let (notes, shape) = cue.notes();
        let now = context.current_time();
        for (pitch, start, length) in notes {
            let (voice, gain) = (context.create_oscillator().ok()?, context.create_gain().ok()?);
            voice.set_type(shape);
            voice.frequency().set_value(*pitch);
            // A short fade keeps the loudspeaker from clicking.
            let end = now + start + length;
            gain.gain().set_value_at_time(0.25, now + start).ok()?;
            gain.gain().set_value_at_time(0.25, (end - 0.02).max(now + start)).ok()?;
            gain.gain().linear_ramp_to_value_at_time(0.0, end).ok()?;
            voice.connect_with_audio_node(&gain).ok()?;
            gain.connect_with_audio_node(&context.destination()).ok()?;
            voice.start_with_when(now + start).ok()?;
            voice.stop_with_when(end).ok()?;
        }
        Some(())
    })
}

fn with_context<T>(act: impl FnOnce(&AudioContext) -> Option<T>) -> Option<T> {
    CONTEXT.with_borrow_mut(|kept| {
        if kept.is_none() {
            *kept = AudioContext::new().ok();
        }
        act(kept.as_ref()?)
    })
}
