//! Every use of web-sys beyond plain events. Called from effects, event handlers and the hydrating entry
//! only, none of which run on the server.

use crate::here::Here;

/// Reads back what the server wrote into the document; the default where it is not there.
pub fn here() -> Here {
    let document = web_sys::window().and_then(|window| window.document());
    let written = document.and_then(|d| d.get_element_by_id("here")).and_then(|e| e.text_content());
    written.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
}

/// Tells style sheets and tests that the page is awake.
pub fn mark_hydrated() {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(root) = document.and_then(|d| d.document_element()) {
        // A page that cannot be marked works all the same.
        let _ = root.set_attribute("data-hydrated", "");
    }
}
