//! Hand scanners that act as a keyboard ("wedge"): a burst of keys that no hand types, ended by Enter or
//! Tab. Whatever has the focus, the burst is taken for a code.

use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{ClipboardEvent, Document, HtmlElement, KeyboardEvent};

/// The group separator of GS1 element strings. Scanners send it as Ctrl+] (its place in ASCII).
const GROUP_SEPARATOR: char = '\u{1d}';
/// Milliseconds between two keys of a burst. A fast typist needs about 80, a slow scanner 20.
const MOST_BETWEEN: f64 = 50.0;
/// Shorter bursts are keys that fell together.
const FEWEST_KEYS: usize = 4;

/// Keys that came one after the other.
#[derive(Default, Debug)]
struct Burst {
    text: String,
    last: f64,
}

impl Burst {
    fn key(&mut self, key: char, at: f64) {
        if at - self.last > MOST_BETWEEN {
            self.text.clear();
        }
        self.text.push(key);
        self.last = at;
    }

    /// The code, where Enter or Tab ends a burst.
    fn end(&mut self, at: f64) -> Option<String> {
        let text = std::mem::take(&mut self.text);
        (at - self.last <= MOST_BETWEEN && text.chars().count() >= FEWEST_KEYS).then_some(text)
    }
}

/// Listens while it is kept.
pub struct Wedge {
    document: Document,
    keys: Closure<dyn FnMut(KeyboardEvent)>,
    paste: Closure<dyn FnMut(ClipboardEvent)>,
}

impl Drop for Wedge {
    fn drop(&mut self) {
        let keys = self.keys.as_ref().unchecked_ref();
        // What was never added cannot be removed; either is fine.
        let _ = self.document.remove_event_listener_with_callback_and_bool("keydown", keys, true);
        let _ =
            self.document.remove_event_listener_with_callback("paste", self.paste.as_ref().unchecked_ref());
    }
}

impl Wedge {
    /// Hands every burst, and every paste outside a field, to `on_code`.
    pub fn listen(on_code: impl Fn(String) + Clone + 'static) -> Option<Wedge> {
        let document = web_sys::window()?.document()?;
        let burst = Rc::new(RefCell::new(Burst::default()));
        let keys = {
            let on_code = on_code.clone();
            Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
                if let Some(code) = on_key(&event, &mut burst.borrow_mut()) {
                    event.prevent_default();
                    event.stop_propagation();
                    clear_field(&event);
                    on_code(code);
                }
            })
        };
        let paste = Closure::<dyn FnMut(ClipboardEvent)>::new(move |event: ClipboardEvent| {
            let pasted = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
            let pasted = pasted.filter(|text| !text.trim().is_empty() && !is_in_field(&event));
            if let Some(code) = pasted {
                on_code(code);
            }
        });
        document
            .add_event_listener_with_callback_and_bool("keydown", keys.as_ref().unchecked_ref(), true)
            .ok()?;
        document.add_event_listener_with_callback("paste", paste.as_ref().unchecked_ref()).ok()?;
        Some(Wedge { document, keys, paste })
    }
}

/// The code, where this key ends a burst.
fn on_key(event: &KeyboardEvent, burst: &mut Burst) -> Option<String> {
    let (key, at) = (event.key(), event.time_stamp());
    if key == "Enter" || key == "Tab" {
        return burst.end(at);
    }
    if event.ctrl_key() && (key == "]" || event.code() == "BracketRight") {
        event.prevent_default();
        burst.key(GROUP_SEPARATOR, at);
        return None;
    }
    let mut letters = key.chars();
    if let (Some(letter), None, false) =
        (letters.next(), letters.next(), event.ctrl_key() || event.meta_key())
    {
        burst.key(letter, at);
    }
    None
}

/// The burst also went into the field that had the focus, where it has no business.
fn clear_field(event: &KeyboardEvent) {
    let field = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    if let Some(field) = field {
        field.set_value("");
    }
}

fn is_in_field(event: &ClipboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|e| matches!(e.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, gap: f64) -> Option<String> {
        let (mut burst, mut at) = (Burst::default(), 1000.0);
        for key in text.chars() {
            burst.key(key, at);
            at += gap;
        }
        burst.end(at)
    }

    #[test]
    fn a_scanner_is_told_from_a_hand() {
        assert_eq!(typed("0109506000134352\u{1d}10A", 8.0).as_deref(), Some("0109506000134352\u{1d}10A"));
        assert_eq!(typed("0109506000134352", 120.0), None);
        assert_eq!(typed("abc", 8.0), None);
    }

    #[test]
    fn what_was_typed_before_a_burst_is_no_part_of_it() {
        let mut burst = Burst::default();
        burst.key('x', 0.0);
        for (n, key) in "40063813".chars().enumerate() {
            burst.key(key, 900.0 + n as f64 * 5.0);
        }
        assert_eq!(burst.end(945.0).as_deref(), Some("40063813"));
    }
}
