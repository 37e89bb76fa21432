//! What was scanned since the app was opened, the newest first, and what came of each code.
//!
//! It belongs to the app and not to the scan page: whoever looks at a batch and comes back finds the
//! list as it was. Used in the browser only; on the server it stays empty.

use crate::{
    browser::{
        memory, now,
        sound::{Cue, play},
    },
    error::AppError,
    pages::scan::ask_code,
    parts::answer::Answer,
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::HashMap;

/// One code that came in.
#[derive(Clone, PartialEq, Debug)]
pub struct Scan {
    /// Its number in this list.
    pub id: u32,
    /// The code as it is looked up, which is the same whatever symbol or spelling it came in.
    pub key: String,
    /// How often it came in.
    pub times: u32,
    /// What came of it.
    pub came: Came,
}

impl Scan {
    /// The code as it was read, or as it came in while nobody has read it.
    pub fn label(&self) -> String {
        let read = match &self.came {
            Came::Answer(answer) | Came::Remembered(answer, _) => answer.label(),
            Came::Waiting | Came::Failed(_) => None,
        };
        // What separates the parts of an element string cannot be seen.
        read.unwrap_or_else(|| self.key.chars().filter(|c| !c.is_control()).collect())
    }
}

/// What came of a code.
#[derive(Clone, PartialEq, Debug)]
pub enum Came {
    /// It is being looked up.
    Waiting,
    /// The ledger's answer.
    Answer(Box<Answer>),
    /// There is no signal; this is what the ledger said so many minutes ago.
    Remembered(Box<Answer>, u64),
    /// No answer, and why.
    Failed(AppError),
}

/// The list. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Scans {
    all: RwSignal<Vec<Scan>>,
    shown: RwSignal<Option<u32>>,
    aloud: RwSignal<bool>,
    sights: StoredValue<HashMap<String, f64>>,
}

/// How many scans the list keeps.
const MOST_SCANS: usize = 50;

/// A code in view is one scan until it has been out of view for so many milliseconds.
const OUT_OF_VIEW: f64 = 1500.0;

impl Scans {
    /// An empty list.
    pub fn new() -> Scans {
        Scans {
            all: RwSignal::new(Vec::new()),
            shown: RwSignal::new(None),
            aloud: RwSignal::new(true),
            sights: StoredValue::new(HashMap::new()),
        }
    }

    /// True for a code that has just come into view.
    pub fn once_in_view(self, code: &str) -> bool {
        let at = now();
        let last = self.sights.try_update_value(|sights| {
            sights.retain(|_, last| at - *last < OUT_OF_VIEW);
            sights.insert(code.to_owned(), at)
        });
        last == Some(None)
    }

    /// A code came in: it is shown, told and looked up. The next one may come at any time.
    pub fn take(self, code: String, symbology: Option<String>) {
        let key = key(&code, symbology.as_deref());
        let (mut again, mut id) = (false, 0);
        self.all.update(|all| {
            let former = all.iter().position(|scan| scan.key == key).map(|at| all.remove(at));
            again = former.is_some();
            let next = all.iter().map(|scan| scan.id).max().unwrap_or(0) + 1;
            let scan = match former {
                Some(scan) => Scan { times: scan.times.saturating_add(1), ..scan },
                None => Scan { id: next, key: key.clone(), times: 1, came: Came::Waiting },
            };
            id = scan.id;
            all.insert(0, scan);
            all.truncate(MOST_SCANS);
        });
        self.shown.set(Some(id));
        if again {
            play(Cue::Again, self.is_aloud());
        }
        spawn_local(async move {
            let came = look_up(code, symbology, &key).await;
            self.told(id, came, again);
        });
    }

    fn told(self, id: u32, came: Came, again: bool) {
        let cue = match &came {
            Came::Answer(answer) | Came::Remembered(answer, _) => Cue::Answered(answer.tone()),
            Came::Failed(_) | Came::Waiting => Cue::Offline,
        };
        // A stop is told every time; what is already known to be well is told once.
        if !again || cue == Cue::Answered(crate::parts::notice::Tone::Stop) {
            play(cue, self.is_aloud());
        }
        self.all.update(|all| {
            if let Some(scan) = all.iter_mut().find(|scan| scan.id == id) {
                scan.came = came;
            }
        });
    }

    /// Shows an earlier scan again.
    pub fn show(self, id: u32) {
        self.shown.set(Some(id));
    }

    /// Whether any scan is shown.
    pub fn shows_any(self) -> bool {
        self.shown.with(Option::is_some)
    }

    /// What is known of a code that was scanned before.
    pub fn known(self, code: &str, symbology: Option<&str>) -> Option<Scan> {
        let key = key(code, symbology);
        self.all.try_with_untracked(|all| all.iter().find(|scan| scan.key == key).cloned()).flatten()
    }

    /// The scan that is shown.
    pub fn shown(self) -> Option<Scan> {
        let id = self.shown.get()?;
        self.all.with(|all| all.iter().find(|scan| scan.id == id).cloned())
    }

    /// Every scan, the newest first.
    pub fn all(self) -> Vec<Scan> {
        self.all.get()
    }

    /// Whether sounds are on.
    pub fn is_aloud(self) -> bool {
        self.aloud.get_untracked()
    }

    /// Whether sounds are on, for a switch that shows it.
    pub fn aloud(self) -> ReadSignal<bool> {
        self.aloud.read_only()
    }

    /// Switches sounds; this device remembers it.
    pub fn set_aloud(self, aloud: bool) {
        self.aloud.set(aloud);
        memory::set_silent(!aloud);
    }

    /// Takes up what this device remembers of the person's wishes.
    pub fn wake(self) {
        self.aloud.set(!memory::is_silent());
    }
}

impl Default for Scans {
    fn default() -> Scans {
        Scans::new()
    }
}

/// What a code is looked up by; the text itself where it cannot be read.
fn key(code: &str, symbology: Option<&str>) -> String {
    let read = domain::code::read(symbology, code.as_bytes());
    let first = read.ok().and_then(|read| read.keys().into_iter().next());
    first.map_or_else(|| code.trim().to_string(), |key| key.to_string())
}

async fn look_up(code: String, symbology: Option<String>, key: &str) -> Came {
    match ask_code(code, symbology).await {
        Ok(Some(answer)) => {
            memory::remember(key, &answer, now());
            Came::Answer(Box::new(answer))
        }
        // An empty code is never taken.
        Ok(None) => Came::Failed(AppError::NotFound),
        Err(AppError::Offline) => match memory::recall(key) {
            Some((answer, at)) => {
                let minutes = ((now() - at) / 60_000.0).max(0.0) as u64;
                Came::Remembered(Box::new(answer), minutes)
            }
            None => Came::Failed(AppError::Offline),
        },
        Err(error) => Came::Failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_code_is_one_scan_whatever_its_spelling() {
        let typed = key("(00)306141410000070023", None);
        assert_eq!(key("00306141410000070023", Some("]C1")), typed);
        assert_eq!(key(" KA-2506-0041 ", None), key("KA-2506-0041", Some("]C0")));
        assert_eq!(key("(01)12", None), "(01)12");
    }
}
