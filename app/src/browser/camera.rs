//! The camera: opened for scanning, asked for frames, and let go of.

use super::worker::Picture;
use domain::text::{Said, Text, text};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, HtmlVideoElement, MediaDevices, MediaStream, MediaStreamConstraints, MediaStreamTrack,
};

/// Why there is no picture, told with the way on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// The page did not come over HTTPS, and browsers then have no camera.
    Insecure,
    /// There is no camera.
    Absent,
    /// The person or the device's settings said no.
    Refused,
    /// Another program has it.
    InUse,
    /// Anything else, in the browser's words.
    Other(String),
}

const INSECURE: Text = text(
    "The camera needs a secure page (https). Open this server's https address, or take a photo or type the code.",
    "摄像头需要安全页面（https）。请打开本服务器的 https 网址，或选择照片、手动输入。",
);
const ABSENT: Text = text(
    "This device has no camera. Choose a photo or type the code.",
    "此设备没有摄像头。请选择照片或手动输入。",
);
const REFUSED: Text = text(
    "The camera is not allowed here. Allow it in the browser's settings for this page, or choose a photo or type the code.",
    "未获准使用摄像头。请在浏览器设置中为本页面开启权限，或选择照片、手动输入。",
);
const IN_USE: Text = text(
    "Another program is using the camera. Close it and start again, or choose a photo or type the code.",
    "摄像头正被其他程序占用。请关闭后重试，或选择照片、手动输入。",
);
const OTHER: Text = text(
    "The camera did not start ({why}). Start it again, or choose a photo or type the code.",
    "摄像头未能启动（{why}）。请重试，或选择照片、手动输入。",
);

impl Trouble {
    /// The sentence to show.
    pub fn said(&self) -> Said {
        match self {
            Trouble::Insecure => INSECURE.said(),
            Trouble::Absent => ABSENT.said(),
            Trouble::Refused => REFUSED.said(),
            Trouble::InUse => IN_USE.said(),
            Trouble::Other(why) => OTHER.with(&[("why", why)]),
        }
    }

    /// By the names of the Media Capture specification.
    fn of(error: &JsValue) -> Trouble {
        let Some(error) = error.dyn_ref::<DomException>() else {
            return Trouble::Other(format!("{error:?}"));
        };
        match error.name().as_str() {
            "NotFoundError" | "OverconstrainedError" => Trouble::Absent,
            "NotAllowedError" | "SecurityError" => Trouble::Refused,
            "NotReadableError" | "AbortError" => Trouble::InUse,
            name => Trouble::Other(name.to_owned()),
        }
    }
}

/// An open camera, shown in a video element. Whoever opened it has to [`close`](Self::close) it: the lamp
/// beside the lens stays lit until then.
#[derive(Clone, Debug)]
pub struct Camera {
    video: HtmlVideoElement,
    stream: MediaStream,
}

impl Camera {
    /// Opens the camera that looks away from the person, and shows it.
    ///
    /// # Errors
    /// Why there is no picture.
    pub async fn open(video: HtmlVideoElement) -> Result<Camera, Trouble> {
        let devices = devices()?;
        let constraints = MediaStreamConstraints::new();
        let wishes = wishes().map_err(|e| Trouble::of(&e))?;
        constraints.set_video(&wishes.into());
        let asked = devices.get_user_media_with_constraints(&constraints).map_err(|e| Trouble::of(&e))?;
        let stream = JsFuture::from(asked).await.map_err(|e| Trouble::of(&e))?;
        let stream: MediaStream = stream.dyn_into().map_err(|e| Trouble::of(&e))?;
        let camera = Camera { video, stream };
        camera.video.set_src_object(Some(&camera.stream));
        if let Ok(playing) = camera.video.play()
            && let Err(error) = JsFuture::from(playing).await
        {
            camera.close();
            return Err(Trouble::of(&error));
        }
        Ok(camera)
    }

    /// Lets go of the camera.
    pub fn close(&self) {
        tracks(&self.stream).for_each(|track| track.stop());
        self.video.set_src_object(None);
    }

    /// True once the camera has ended without being closed: unplugged, or taken by a phone call.
    pub fn has_ended(&self) -> bool {
        tracks(&self.stream).all(|track| track.ready_state() == web_sys::MediaStreamTrackState::Ended)
    }

    /// Whether it has a lamp that can be switched.
    pub fn has_torch(&self) -> bool {
        tracks(&self.stream).any(|track| {
            // Chromium alone tells; elsewhere the method is missing.
            let capabilities = Reflect::get(&track, &"getCapabilities".into())
                .ok()
                .and_then(|ask| ask.dyn_into::<js_sys::Function>().ok())
                .and_then(|ask| ask.call0(&track).ok());
            capabilities
                .is_some_and(|c| Reflect::get(&c, &"torch".into()).is_ok_and(|torch| torch.is_truthy()))
        })
    }

    /// Switches the lamp; false where that failed.
    pub async fn light(&self, on: bool) -> bool {
        let wish = Object::new();
        let set = Reflect::set(&wish, &"torch".into(), &on.into()).is_ok();
        let all = Object::new();
        let set = set && Reflect::set(&all, &"advanced".into(), &Array::of1(&wish)).is_ok();
        let Some(track) = tracks(&self.stream).next().filter(|_| set) else { return false };
        match track.apply_constraints_with_constraints(all.unchecked_ref()) {
            Ok(applied) => JsFuture::from(applied).await.is_ok(),
            Err(_) => false,
        }
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
        Some(Picture { handle, width, height })
    }
}

/// The frame itself where the browser hands it out: nothing is drawn or copied for it.
fn video_frame(video: &HtmlVideoElement) -> Option<JsValue> {
    let maker = Reflect::get(&js_sys::global(), &"VideoFrame".into()).ok()?;
    let maker = maker.dyn_into::<js_sys::Function>().ok()?;
    Reflect::construct(&maker, &Array::of1(video)).ok()
}

fn devices() -> Result<MediaDevices, Trouble> {
    let window = web_sys::window().ok_or(Trouble::Absent)?;
    if !window.is_secure_context() {
        return Err(Trouble::Insecure);
    }
    window.navigator().media_devices().map_err(|_| Trouble::Absent)
}

/// The rear camera, and enough pixels that a bar of a carton's code at arm's length is three of them wide.
fn wishes() -> Result<Object, JsValue> {
    let video = Object::new();
    let ideal = |name: &str, value: JsValue| {
        let wish = Object::new();
        Reflect::set(&wish, &"ideal".into(), &value)?;
        Reflect::set(&video, &name.into(), &wish)
    };
    ideal("facingMode", "environment".into())?;
    ideal("width", 1920.into())?;
    ideal("height", 1080.into())?;
    Ok(video)
}

fn tracks(stream: &MediaStream) -> impl Iterator<Item = MediaStreamTrack> {
    stream.get_video_tracks().into_iter().filter_map(|track| track.dyn_into().ok())
}
