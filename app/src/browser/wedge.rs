//! Hand scanners that act as a keyboard ("wedge"): a burst of keys that no hand types, mostly ended by
//! Enter or Tab. Whatever has the focus, the burst is taken for a code.
//!
//! Some send no keys: an input method (DataWedge and its like) puts the whole text into the field that
//! has the focus. See [`Wedge::listen_in`].

mod burst;
mod layout;

use burst::{Burst, Key};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ClipboardEvent, Document, HtmlElement, HtmlInputElement, KeyboardEvent};

pub use layout::Heard;

/// Milliseconds of silence after which a burst that nothing ended is over.
const SILENCE: i32 = 150;

type Listener = Closure<dyn FnMut(JsValue)>;
/// Who is told of a code, and the field that had the focus.
type OnCode = Rc<dyn Fn(Heard, Option<HtmlInputElement>)>;

/// Listens while it is kept.
pub struct Wedge {
    document: Document,
    heard: Vec<(&'static str, Listener)>,
}

impl Drop for Wedge {
    fn drop(&mut self) {
        for (name, listener) in &self.heard {
            let listener = listener.as_ref().unchecked_ref();
            // What was never added cannot be removed; either is fine.
            let _ = self.document.remove_event_listener_with_callback_and_bool(name, listener, true);
        }
    }
}

impl Wedge {
    /// Hands every burst, and every paste outside a field, to `on_code`.
    pub fn listen(on_code: impl Fn(Heard) + Clone + 'static) -> Option<Wedge> {
        let pasted = on_code.clone();
        let mut wedge = Wedge::bursts(|_| true, move |heard, _| on_code(heard))?;
        wedge.add("paste", move |event| {
            let Some(event) = event.dyn_ref::<ClipboardEvent>() else { return };
            let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
            if let Some(code) = text.filter(|text| !text.trim().is_empty() && !is_in_field(event)) {
                pasted(Heard { code, doubt: None });
            }
        })?;
        Some(wedge)
    }

    /// Hands every burst into a field that matches a selector to `on_code`, with the field. Bursts
    /// elsewhere are left alone.
    pub fn listen_in(
        fields: &'static str,
        on_code: impl Fn(Heard, HtmlInputElement) + 'static,
    ) -> Option<Wedge> {
        let meant = move |field: Option<&HtmlInputElement>| {
            field.is_some_and(|field| field.matches(fields).unwrap_or(false))
        };
        Wedge::bursts(meant, move |heard, field| {
            if let Some(field) = field {
                on_code(heard, field);
            }
        })
    }

    fn bursts(
        meant: impl Fn(Option<&HtmlInputElement>) -> bool + 'static,
        on_code: impl Fn(Heard, Option<HtmlInputElement>) + 'static,
    ) -> Option<Wedge> {
        let document = web_sys::window()?.document()?;
        let mut wedge = Wedge { document, heard: Vec::new() };
        let burst = Rc::new(RefCell::new(Burst::default()));
        let on_code: OnCode = Rc::new(on_code);
        let lifted = burst.clone();
        wedge.add("keydown", move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if !meant(field.as_ref()) {
                return;
            }
            let key = key_of(event);
            if key == Key::Separator {
                // A browser's own meaning of Ctrl+] is not meant.
                event.prevent_default();
            }
            let ended = burst.borrow_mut().press(&key, &event.code(), event.shift_key(), event.time_stamp());
            if let Some(heard) = ended {
                event.prevent_default();
                event.stop_propagation();
                clear(field.as_ref());
                on_code(heard, field);
            } else if burst.borrow().may_end_in_silence() {
                end_in_silence(burst.clone(), on_code.clone(), field);
            }
        })?;
        wedge.add("keyup", move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            if event.key() == "Alt" {
                lifted.borrow_mut().lift_alt(event.time_stamp());
            }
        })?;
        Some(wedge)
    }

    fn add(&mut self, name: &'static str, listener: impl FnMut(JsValue) + 'static) -> Option<()> {
        let listener = Listener::new(listener);
        self.document
            .add_event_listener_with_callback_and_bool(name, listener.as_ref().unchecked_ref(), true)
            .ok()?;
        self.heard.push((name, listener));
        Some(())
    }
}

/// A scanner that is set to send nothing behind a code: it ends when the keys do.
fn end_in_silence(burst: Rc<RefCell<Burst>>, on_code: OnCode, field: Option<HtmlInputElement>) {
    let before = burst.borrow().keys();
    leptos::task::spawn_local(async move {
        super::pause(SILENCE).await;
        // Another key came, or the code was taken.
        if burst.borrow().keys() != before {
            return;
        }
        let heard = burst.borrow_mut().take();
        if let Some(heard) = heard {
            clear(field.as_ref());
            on_code(heard, field);
        }
    });
}

/// What a key press stands for.
fn key_of(event: &KeyboardEvent) -> Key {
    let (key, code) = (event.key(), event.code());
    // AltGr is Ctrl and Alt together on Windows: `]` on a German keyboard is a letter, and no Ctrl+].
    let is_control = event.ctrl_key() && !event.alt_key();
    if event.alt_key() && !event.ctrl_key() && code.starts_with("Numpad") {
        return key.parse().map_or(Key::Other, Key::AltDigit);
    }
    if is_control {
        return match key.to_ascii_lowercase().as_str() {
            "]" => Key::Separator,
            "j" | "m" => Key::End,
            "b" | "c" => Key::Frame,
            _ if code == "BracketRight" => Key::Separator,
            _ => Key::Other,
        };
    }
    match key.as_str() {
        "Enter" | "Tab" => Key::End,
        // Where a scanner may be set to send FNC1 as a function key.
        "F8" => Key::Separator,
        _ if event.meta_key() => Key::Other,
        _ => {
            let mut letters = key.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) => Key::Letter(letter),
                _ => Key::Other,
            }
        }
    }
}

/// The burst also went into the field that had the focus, where it has no business.
fn clear(field: Option<&HtmlInputElement>) {
    if let Some(field) = field {
        field.set_value("");
    }
}

fn is_in_field(event: &ClipboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|e| matches!(e.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}
