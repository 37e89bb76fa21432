//! What this device remembers: the last answers, for a place without a signal, and small preferences.
//! All of it is forgotten when somebody signs out.

use crate::parts::answer::Answer;
use serde::{Deserialize, Serialize};
use web_sys::Storage;

const ANSWERS: &str = "lotwalk.answers";
const SILENT: &str = "lotwalk.silent";
const CAMERA: &str = "lotwalk.camera";
const LENS: &str = "lotwalk.lens";
const HAND_SCANNER: &str = "lotwalk.hand-scanner";
const MODE: &str = "lotwalk.scan-mode";

/// How many answers are kept: a shift's worth of cartons, within what browsers give.
const MOST_ANSWERS: usize = 200;

/// An answer, and when it was true.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct Remembered {
    key: String,
    answer: Answer,
    at: f64,
}

/// Remembers the answer to a code, by its key, in place of an older one.
pub fn remember(key: &str, answer: &Answer, at: f64) {
    let mut all = answers();
    all.retain(|kept| kept.key != key);
    all.insert(0, Remembered { key: key.to_string(), answer: answer.clone(), at });
    all.truncate(MOST_ANSWERS);
    let written = |all: &[Remembered]| serde_json::to_string(all).unwrap_or_default();
    if !put(ANSWERS, &written(&all)) {
        // Full: half as many are better than none.
        all.truncate(all.len() / 2);
        put(ANSWERS, &written(&all));
    }
}

/// The answer that was last given to a code, by its key, and when.
pub fn recall(key: &str) -> Option<(Answer, f64)> {
    answers().into_iter().find(|kept| kept.key == key).map(|kept| (kept.answer, kept.at))
}

/// Forgets every answer: the next person at this device may see less.
pub fn forget_answers() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(ANSWERS);
    }
}

/// Whether sounds are off.
pub fn is_silent() -> bool {
    flag(SILENT)
}

/// Switches sounds.
pub fn set_silent(silent: bool) {
    put(SILENT, if silent { "1" } else { "" });
}

/// Whether the camera was on when it was last used here, so that it may start by itself.
pub fn wants_camera() -> bool {
    flag(CAMERA)
}

/// Remembers whether the camera is wanted.
pub fn set_wants_camera(wanted: bool) {
    put(CAMERA, if wanted { "1" } else { "" });
}

/// The lens that was chosen on this device, by the browser's name for it.
pub fn lens() -> Option<String> {
    word(LENS)
}

/// Remembers which lens was chosen; none is the one that the browser would take.
pub fn set_lens(lens: Option<&str>) {
    put(LENS, lens.unwrap_or_default());
}

/// Whether codes come from a hand scanner on this device, so that no soft keyboard is wanted.
pub fn has_hand_scanner() -> bool {
    flag(HAND_SCANNER)
}

/// Remembers whether codes come from a hand scanner.
pub fn set_hand_scanner(has: bool) {
    put(HAND_SCANNER, if has { "1" } else { "" });
}

/// The word for which of the codes in view count.
pub fn scan_mode() -> Option<String> {
    word(MODE)
}

/// Remembers which of the codes in view count.
pub fn set_scan_mode(mode: &str) {
    put(MODE, mode);
}

fn answers() -> Vec<Remembered> {
    let json = storage().and_then(|s| s.get_item(ANSWERS).ok().flatten()).unwrap_or_default();
    // What an older version wrote may not be readable any more; then nothing is remembered.
    serde_json::from_str(&json).unwrap_or_default()
}

fn flag(name: &str) -> bool {
    word(name).is_some()
}

fn word(name: &str) -> Option<String> {
    storage().and_then(|s| s.get_item(name).ok().flatten()).filter(|value| !value.is_empty())
}

fn put(name: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(name, value).is_ok())
}

/// `None` where the person has switched it off.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
