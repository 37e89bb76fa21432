//! What the scan page holds of the device: camera, scanner, wedge. There is one page and one of each.
//!
//! They live here and not in signals, because a signal is also made on the server, where it may be
//! dropped on another thread than the one it was made on.

use super::{
    camera::Camera,
    wedge::{Heard, Wedge},
    worker::Scanner,
};
use std::cell::RefCell;

/// What is held.
#[derive(Default)]
pub struct Held {
    camera: Option<Camera>,
    wedge: Option<Wedge>,
    fields: Option<Wedge>,
    scanner: Option<Scanner>,
}

thread_local! {
    static HELD: RefCell<Held> = RefCell::default();
}

/// Holds an open camera in place of the one before, which is closed.
pub fn hold_camera(camera: Camera) {
    if let Some(before) = HELD.with_borrow_mut(|held| held.camera.replace(camera)) {
        before.close();
    }
}

/// The camera that is open.
pub fn camera() -> Option<Camera> {
    HELD.with_borrow(|held| held.camera.clone())
}

/// Lets go of the camera: the lamp beside the lens goes out.
pub fn close_camera() {
    if let Some(camera) = HELD.with_borrow_mut(|held| held.camera.take()) {
        camera.close();
    }
}

/// Listens to hand scanners and pastes from now on.
pub fn listen(on_code: impl Fn(Heard) + Clone + 'static) {
    let wedge = Wedge::listen(on_code);
    HELD.with_borrow_mut(|held| held.wedge = wedge);
}

/// Listens to hand scanners that type into fields which match a selector; `on_code` gets the field's id.
pub fn listen_in(fields: &'static str, on_code: impl Fn(Heard, String) + 'static) {
    let wedge = Wedge::listen_in(fields, move |heard, field| on_code(heard, field.id()));
    HELD.with_borrow_mut(|held| held.fields = wedge);
}

/// Stops listening to fields: their form is gone.
pub fn leave_fields() {
    HELD.with_borrow_mut(|held| held.fields = None);
}

/// Stops listening, and lets go of the camera. The scanner stays loaded for the next visit.
pub fn leave() {
    close_camera();
    HELD.with_borrow_mut(|held| held.wedge = None);
}

/// The scanner, loaded when it is first asked.
pub fn scanner() -> Scanner {
    HELD.with_borrow_mut(|held| held.scanner.get_or_insert_with(Scanner::new).clone())
}
