//! Every use of web-sys beyond plain events. Called from effects, event handlers and the hydrating entry
//! only, none of which run on the server.

use crate::here::Here;

pub mod camera;
pub mod held;
pub mod lab;
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

/// Keeps the soft keyboard away from the fields that match a selector, on a device whose codes come from a
/// hand scanner. An input method may still write into them.
pub fn keep_keyboard_away(fields: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.query_selector_all(fields).ok());
    let Some(found) = found.filter(|_| memory::has_hand_scanner()) else { return };
    for field in (0..found.length()).filter_map(|n| found.get(n)) {
        use wasm_bindgen::JsCast;
        if let Some(field) = field.dyn_ref::<web_sys::Element>() {
            // A keyboard that comes all the same is in the way, and no more.
            let _ = field.set_attribute("inputmode", "none");
        }
    }
}

/// Moves the focus from the field in which a key was pressed to the next one of its form.
pub fn focus_next(event: &web_sys::KeyboardEvent) {
    use wasm_bindgen::JsCast;
    if let Some(field) = event.target().and_then(|target| target.dyn_into().ok()) {
        focus_behind(&field);
    }
}

/// Moves the focus to the field that comes after the one of this id.
pub fn focus_after(id: &str) {
    if let Some(field) = element(id) {
        focus_behind(&field);
    }
}

/// To the next field that can be seen; the last one keeps the focus.
fn focus_behind(field: &web_sys::Element) {
    use wasm_bindgen::JsCast;
    const FIELDS: &str =
        "input:not([type=hidden], [type=radio]), select, textarea, button:not([type=button])";
    let Ok(Some(form)) = field.closest("form") else { return };
    let Ok(fields) = form.query_selector_all(FIELDS) else { return };
    let fields = || (0..fields.length()).filter_map(|n| fields.get(n));
    let after = fields().skip_while(|other| !other.is_same_node(Some(field))).skip(1);
    // What is folded away has no box.
    let mut seen = after
        .filter_map(|node| node.dyn_into::<web_sys::HtmlElement>().ok())
        .filter(|field| field.get_client_rects().length() > 0);
    if let Some(next) = seen.next() {
        // What cannot take the focus leaves it where it is.
        let _ = next.focus();
    }
}

/// What became of a code in its field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Filled {
    /// It is all there is in the field.
    Whole,
    /// It is one line of several.
    Added,
    /// It was one of them before.
    Again,
}

/// Puts a scanned code into the field of this id: in place of what stands there, or as a line of its own
/// where the field takes several. A check of the same name with `_scanned` is set: it was.
pub fn fill(id: &str, code: &str) -> Filled {
    use wasm_bindgen::JsCast;
    let Some(field) = element(id) else { return Filled::Whole };
    if let Some(area) = field.dyn_ref::<web_sys::HtmlTextAreaElement>() {
        let typed = area.value();
        if typed.lines().any(|line| line.trim() == code) {
            return Filled::Again;
        }
        let before = typed.trim_end();
        let joint = if before.is_empty() { "" } else { "\n" };
        area.set_value(&format!("{before}{joint}{code}\n"));
        tell_of_input(&field);
        return Filled::Added;
    }
    if let Some(input) = field.dyn_ref::<web_sys::HtmlInputElement>() {
        input.set_value(code);
        tell_of_input(&field);
        let check = format!("input[type=checkbox][name=\"{}_scanned\"]", input.name());
        let check = input.form().and_then(|form| form.query_selector(&check).ok().flatten());
        if let Some(check) = check.and_then(|check| check.dyn_into::<web_sys::HtmlInputElement>().ok()) {
            check.set_checked(true);
        }
    }
    Filled::Whole
}

/// Picks the empty choice beside a field that is being typed or scanned into: what stands in the field is
/// meant then, and none of the choices before it.
pub fn mean_what_is_typed(event: &web_sys::Event) {
    use wasm_bindgen::JsCast;
    let field = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some((field, form)) = field.and_then(|field| field.form().map(|form| (field, form))) else { return };
    let none = format!("input[type=radio][name=\"{}\"][value=\"\"]", field.name());
    let none = form.query_selector(&none).ok().flatten();
    if let Some(none) = none.and_then(|none| none.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        none.set_checked(true);
    }
}

fn tell_of_input(field: &web_sys::Element) {
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = web_sys::Event::new_with_event_init_dict("input", &init) {
        // Nobody may be listening.
        let _ = field.dispatch_event(&event);
    }
}

/// Opens a dialog over the page.
pub fn show_dialog(dialog: &web_sys::HtmlDialogElement) {
    // One that is open already stays open.
    let _ = dialog.show_modal();
}

fn element(id: &str) -> Option<web_sys::Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}

/// A touch on a picture.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Touch {
    /// Pixels from the corner of what was touched.
    pub place: (f64, f64),
    /// Parts of the video's own width and height.
    pub part: (f64, f64),
}

/// Where a video was touched that fills what it stands in; `None` beside it, and on what stands over it.
pub fn touch_in_video(event: &web_sys::MouseEvent) -> Option<Touch> {
    use wasm_bindgen::JsCast;
    let touched: web_sys::Element = event.target()?.dyn_into().ok()?;
    if touched.closest("button, label, .notice").ok()?.is_some() {
        return None;
    }
    let around: web_sys::Element = event.current_target()?.dyn_into().ok()?;
    let video: web_sys::HtmlVideoElement = around.query_selector("video").ok()??.dyn_into().ok()?;
    let around = around.get_bounding_client_rect();
    let place = (f64::from(event.client_x()) - around.left(), f64::from(event.client_y()) - around.top());
    let size = (f64::from(video.video_width()), f64::from(video.video_height()));
    uncut(place, (around.width(), around.height()), size).map(|part| Touch { place, part })
}

/// A place in a box as parts of a picture that covers it, cut evenly where it hangs over.
fn uncut(place: (f64, f64), around: (f64, f64), picture: (f64, f64)) -> Option<(f64, f64)> {
    if [around.0, around.1, picture.0, picture.1].iter().any(|side| *side <= 0.0) {
        return None;
    }
    let scale = (around.0 / picture.0).max(around.1 / picture.1);
    let part = |place: f64, around: f64, picture: f64| (place - around / 2.0) / (picture * scale) + 0.5;
    Some((part(place.0, around.0, picture.0), part(place.1, around.1, picture.1)))
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
    let _ = wasm_bindgen_futures::JsFuture::from(after(milliseconds)).await;
}

/// A promise of nothing, after a while.
fn after(milliseconds: i32) -> js_sys::Promise {
    js_sys::Promise::new(&mut |done, _| {
        let set = web_sys::window()
            .map(|window| window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds));
        if !matches!(set, Some(Ok(_))) {
            // No timer, no wait: better than waiting for ever.
            let _ = done.call0(&wasm_bindgen::JsValue::UNDEFINED);
        }
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_touch_is_told_in_parts_of_the_whole_picture() {
        let at = |x, y| uncut((x, y), (400.0, 400.0), (1600.0, 800.0));
        assert_eq!(at(200.0, 200.0), Some((0.5, 0.5)));
        // Covering, the picture is 800 wide, of which the middle half is seen.
        assert_eq!(at(0.0, 0.0), Some((0.25, 0.0)));
        assert_eq!(at(400.0, 400.0), Some((0.75, 1.0)));
        assert_eq!(uncut((1.0, 1.0), (400.0, 400.0), (0.0, 0.0)), None);
    }
}
