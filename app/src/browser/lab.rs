//! What somebody who helps from afar has to know of a device, and a file to send it in.

use super::{held, worker::parse};
use js_sys::{Array, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// What the browser tells of the device and of itself. No name, no place, nothing that was recorded.
pub fn device() -> Value {
    let Some(window) = web_sys::window() else { return Value::Null };
    let navigator: JsValue = window.navigator().into();
    let of = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).unwrap_or_default();
    let told = |object: &JsValue, name: &str| parse::<Value>(&of(object, name)).unwrap_or_default();
    let window: JsValue = window.into();
    let screen = of(&window, "screen");
    let has = |name: &str| !of(&window, name).is_undefined();
    let video = of(&of(&window, "HTMLVideoElement"), "prototype");
    json!({
        "user_agent": told(&navigator, "userAgent"),
        "languages": told(&navigator, "languages"),
        "cores": told(&navigator, "hardwareConcurrency"),
        "memory_gb": told(&navigator, "deviceMemory"),
        "touch_points": told(&navigator, "maxTouchPoints"),
        "online": told(&navigator, "onLine"),
        "screen": [told(&screen, "width"), told(&screen, "height")],
        "window": [told(&window, "innerWidth"), told(&window, "innerHeight")],
        "pixel_ratio": told(&window, "devicePixelRatio"),
        "secure": told(&window, "isSecureContext"),
        "has": {
            "VideoFrame": has("VideoFrame"),
            "OffscreenCanvas": has("OffscreenCanvas"),
            "BarcodeDetector": has("BarcodeDetector"),
            "requestVideoFrameCallback": !of(&video, "requestVideoFrameCallback").is_undefined(),
        },
    })
}

/// Device, camera, measurements and the picture that the camera shows now, as one JSON text.
pub async fn report(measured: Value) -> String {
    let camera = held::camera();
    let lenses = match &camera {
        Some(camera) => camera.lenses().await.into_iter().map(|lens| lens.label).collect(),
        None => Vec::new(),
    };
    let report = json!({
        "made": String::from(js_sys::Date::new_0().to_iso_string()),
        "device": device(),
        "camera": camera.as_ref().map(|camera| camera.facts()),
        "lenses": lenses,
        "measured": measured,
        "frame": camera.and_then(|camera| camera.still()),
    });
    serde_json::to_string_pretty(&report).unwrap_or_default()
}

/// Puts a text among the person's downloads; false where the browser does not let one.
pub fn save(name: &str, text: &str) -> bool {
    let saved = || {
        let about = BlobPropertyBag::new();
        about.set_type("application/json");
        let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &about).ok()?;
        let address = Url::create_object_url_with_blob(&blob).ok()?;
        let document = web_sys::window()?.document()?;
        let link: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
        link.set_href(&address);
        link.set_download(name);
        link.click();
        // The click has begun the download; the address is of no use afterwards.
        Url::revoke_object_url(&address).ok()
    };
    saved().is_some()
}
