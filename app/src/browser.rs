//! Every use of web-sys beyond plain events. Called from effects, event handlers and the hydrating entry
//! only, none of which run on the server.

use crate::here::Here;

pub mod camera;
pub mod held;
pub mod memory;
pub mod sound;
pub mod wedge;
pub mod worker;

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

/// The zone of this device's clock.
pub fn zone() -> domain::time::Zone {
    // A browser tells how far UTC is from here; EPCIS asks how far here is from UTC.
    domain::time::Zone(-js_sys::Date::new_0().get_timezone_offset() as i16)
}

/// Moves the focus from the field in which a key was pressed to the next one of its form.
pub fn focus_next(event: &web_sys::KeyboardEvent) {
    use wasm_bindgen::JsCast;
    const FIELDS: &str =
        "input:not([type=hidden], [type=radio]), select, textarea, button:not([type=button])";
    let field = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some((field, form)) = field.and_then(|field| field.form().map(|form| (field, form))) else { return };
    let Ok(fields) = form.query_selector_all(FIELDS) else { return };
    let place =
        (0..fields.length()).find(|n| fields.get(*n).is_some_and(|other| other.is_same_node(Some(&field))));
    let next =
        place.and_then(|n| fields.get(n + 1)).and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(next) = next {
        // What cannot take the focus leaves it where it is.
        let _ = next.focus();
    }
}

/// The time by this device's clock, in milliseconds since 1970.
pub fn now() -> f64 {
    js_sys::Date::now()
}

/// True while nobody looks at the page: another tab is in front, or the screen is off.
pub fn is_hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}

/// Waits.
pub async fn pause(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |done, _| {
        let set = web_sys::window()
            .map(|window| window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds));
        if !matches!(set, Some(Ok(_))) {
            // No timer, no wait: better than waiting for ever.
            let _ = done.call0(&wasm_bindgen::JsValue::UNDEFINED);
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// Shows the page in a theme from now on; the cookie tells the server for the next document.
pub fn set_theme(theme: crate::here::Theme) {
    use wasm_bindgen::JsCast;
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    if let Some(root) = document.document_element() {
        let _ = root.set_attribute("data-theme", theme.word());
    }
    if let Ok(document) = document.dyn_into::<web_sys::HtmlDocument>() {
        let _ =
            document.set_cookie(&format!("theme={}; Path=/; Max-Age=31536000; SameSite=Lax", theme.word()));
    }
}

/// A file that was chosen or dropped.
pub type Photo = web_sys::File;

/// The files chosen in a field, which is then empty for the same file to be chosen again.
pub fn chosen(input: &web_sys::HtmlInputElement) -> Vec<Photo> {
    let files = input.files().map(files).unwrap_or_default();
    input.set_value("");
    files
}

/// The files dropped somewhere.
pub fn dropped(event: &web_sys::DragEvent) -> Vec<Photo> {
    event.data_transfer().and_then(|data| data.files()).map(files).unwrap_or_default()
}

fn files(list: web_sys::FileList) -> Vec<Photo> {
    (0..list.length()).filter_map(|n| list.item(n)).collect()
}
