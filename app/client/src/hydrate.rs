//! Wakes the page that the server rendered.

use app::{browser, routes::App};
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the document's body. Called once by the script in the shell.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let here = browser::here();
    leptos::mount::hydrate_body(move || view! { <App here/> });
    browser::mark_hydrated();
}
