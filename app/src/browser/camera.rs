//! The camera: opened for scanning, asked for frames, and let go of.

mod lens;
mod trouble;

use super::{
    memory,
    worker::{Picture, parse},
};
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaDevices, MediaStream,
    MediaStreamConstraints, MediaStreamTrack, MediaStreamTrackState,
};

pub use lens::{Lens, Zoom};
pub use trouble::Trouble;

/// Sizes that are asked for, the next one where a camera fails with the one before: enough pixels that a
/// bar of a carton's code at arm's length is three of them wide, down to what every camera has.
const LADDER: [(u32, u32); 3] = [(1920, 1080), (1280, 720), (640, 480)];

/// Milliseconds without a frame after which one stops waiting for it.
const NO_FRAME: i32 = 1_000;

/// An open camera, shown in a video element. Whoever opened it has to [`close`](Self::close) it: the lamp
/// beside the lens stays lit until then.
#[derive(Clone, Debug)]
pub struct Camera {
    video: HtmlVideoElement,
    stream: MediaStream,
}

impl Camera {
    /// Opens the lens that was chosen on this device, else the camera that looks away from the person, and
    /// shows it.
    ///
    /// # Errors
    /// Why there is no picture.
    pub async fn open(video: HtmlVideoElement) -> Result<Camera, Trouble> {
        let devices = devices()?;
        let stream = match memory::lens() {
            Some(lens) => match ladder(&devices, Some(&lens)).await {
                Err(Trouble::Absent) => {
                    // That lens is gone, or the browser calls it by another name today.
                    memory::set_lens(None);
                    ladder(&devices, None).await?
                }
                opened => opened?,
            },
            None => ladder(&devices, None).await?,
        };
        let camera = Camera { video, stream };
        camera.video.set_src_object(Some(&camera.stream));
        if let Ok(playing) = camera.video.play()
            && let Err(error) = JsFuture::from(playing).await
        {
            camera.close();
            return Err(Trouble::of(&error));
        }
        camera.look_closely().await;
        Ok(camera)
    }

    /// Lets go of the camera.
    pub fn close(&self) {
        tracks(&self.stream).for_each(|track| track.stop());
        self.video.set_src_object(None);
    }

    /// True once the camera has ended without being closed: unplugged, or taken by a phone call.
    pub fn has_ended(&self) -> bool {
        tracks(&self.stream).all(|track| track.ready_state() == MediaStreamTrackState::Ended)
    }

    /// Waits for the next frame that the camera shows; false when none came for a while.
    pub async fn next_frame(&self) -> bool {
        let video = &self.video;
        let shown = Promise::new(&mut |done, _| {
            let done: Function = done.bind1(&JsValue::UNDEFINED, &JsValue::TRUE).unchecked_into();
            let asked = match method(video, "requestVideoFrameCallback") {
                Some(ask) => ask.call1(video, &done).is_ok(),
                // Firefox before 132: the page's own frames are as near as one gets.
                None => web_sys::window().is_some_and(|w| w.request_animation_frame(&done).is_ok()),
            };
            if !asked {
                let _ = done.call0(&JsValue::UNDEFINED);
            }
        });
        let first = Promise::race(&Array::of2(&shown, &super::after(NO_FRAME)));
        JsFuture::from(first).await.is_ok_and(|first| first.is_truthy())
    }

    /// What the camera sees now; `None` before the first frame.
    pub async fn frame(&self) -> Option<Picture> {
        let (width, height) = (self.video.video_width(), self.video.video_height());
        if width == 0 || height == 0 {
            return None;
        }
        let handle = match video_frame(&self.video) {
            Some(frame) => frame,
            None => {
                let window = web_sys::window()?;
                let bitmap = window.create_image_bitmap_with_html_video_element(&self.video).ok()?;
                JsFuture::from(bitmap).await.ok()?
            }
        };
        Some(Picture { handle, width, height, part: 1.0 })
    }

    /// What the browser tells of the camera: what it can do, how it is set, what was asked of it.
    pub fn facts(&self) -> serde_json::Value {
        let Some(track) = self.track() else { return serde_json::Value::Null };
        let told = |name: &str| -> serde_json::Value {
            let told = method(&track, name).and_then(|ask| ask.call0(&track).ok());
            told.and_then(|told| parse(&told)).unwrap_or_default()
        };
        serde_json::json!({
            "label": track.label(),
            "muted": track.muted(),
            "capabilities": told("getCapabilities"),
            "settings": told("getSettings"),
            "constraints": told("getConstraints"),
        })
    }

    /// What the camera shows now, as a PNG in a `data:` address; `None` before the first frame.
    pub fn still(&self) -> Option<String> {
        let (width, height) = (self.video.video_width(), self.video.video_height());
        if width == 0 || height == 0 {
            return None;
        }
        let document = web_sys::window()?.document()?;
        let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
        canvas.set_width(width);
        canvas.set_height(height);
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        context.draw_image_with_html_video_element(&self.video, 0.0, 0.0).ok()?;
        canvas.to_data_url().ok()
    }

    fn track(&self) -> Option<MediaStreamTrack> {
        tracks(&self.stream).next()
    }
}

/// The frame itself where the browser hands it out: nothing is drawn or copied for it.
fn video_frame(video: &HtmlVideoElement) -> Option<JsValue> {
    let maker = Reflect::get(&js_sys::global(), &"VideoFrame".into()).ok()?;
    let maker = maker.dyn_into::<Function>().ok()?;
    Reflect::construct(&maker, &Array::of1(video)).ok()
}

/// A method that not every browser has.
fn method(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}

/// True when the person or the device's settings say that this page may not use the camera. Where the
/// browser does not tell, one only knows when the camera ends.
pub async fn is_refused() -> bool {
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else { return false };
    let Ok(permissions) = Reflect::get(&navigator, &"permissions".into()) else { return false };
    let name = Object::new();
    // A plain object takes every property.
    let _ = Reflect::set(&name, &"name".into(), &"camera".into());
    let asked = method(&permissions, "query").and_then(|ask| ask.call1(&permissions, &name).ok());
    let Some(asked) = asked.and_then(|asked| asked.dyn_into::<Promise>().ok()) else { return false };
    let Ok(status) = JsFuture::from(asked).await else { return false };
    Reflect::get(&status, &"state".into()).is_ok_and(|state| state == "denied")
}

fn devices() -> Result<MediaDevices, Trouble> {
    let window = web_sys::window().ok_or(Trouble::Absent)?;
    if !window.is_secure_context() {
        return Err(Trouble::Insecure);
    }
    let devices = window.navigator().media_devices().map_err(|_| Trouble::Absent)?;
    // An old browser, or one whose owner took cameras out, has no such object at all.
    if devices.is_undefined() { Err(Trouble::Absent) } else { Ok(devices) }
}

/// A stream of the largest size that works.
async fn ladder(devices: &MediaDevices, lens: Option<&str>) -> Result<MediaStream, Trouble> {
    let mut trouble = Trouble::Absent;
    for (width, height) in LADDER {
        match stream(devices, lens, width, height).await {
            Ok(stream) => return Ok(stream),
            Err(error) => {
                trouble = Trouble::of(&error);
                if !trouble.may_be_the_size() {
                    break;
                }
            }
        }
    }
    Err(trouble)
}

async fn stream(
    devices: &MediaDevices,
    lens: Option<&str>,
    width: u32,
    height: u32,
) -> Result<MediaStream, JsValue> {
    let video = Object::new();
    let wish = |name: &str, how: &str, value: JsValue| {
        let wish = Object::new();
        Reflect::set(&wish, &how.into(), &value)?;
        Reflect::set(&video, &name.into(), &wish)
    };
    match lens {
        Some(lens) => wish("deviceId", "exact", lens.into())?,
        None => wish("facingMode", "ideal", "environment".into())?,
    };
    wish("width", "ideal", width.into())?;
    wish("height", "ideal", height.into())?;
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&video);
    JsFuture::from(devices.get_user_media_with_constraints(&constraints)?).await?.dyn_into()
}

fn tracks(stream: &MediaStream) -> impl Iterator<Item = MediaStreamTrack> {
    stream.get_video_tracks().into_iter().filter_map(|track| track.dyn_into().ok())
}
