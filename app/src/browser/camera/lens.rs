//! Which lens looks, how near, how bright and how sharp, as far as the browser lets one choose.

use super::{Camera, devices, method};
use crate::browser::memory;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A lens of this device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lens {
    /// The browser's name for it, which it keeps for this site.
    pub id: String,
    /// What the device calls it.
    pub label: String,
}

/// How near the picture is brought.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Zoom {
    /// 1 is the lens as it is.
    pub now: f64,
    /// The least it can.
    pub least: f64,
    /// The most it can.
    pub most: f64,
}

/// Zooms that are worth a touch.
const STEPS: [f64; 3] = [1.0, 2.0, 4.0];
/// Where focus cannot be set, a code is held near to fill the picture and then blurs; twice as near from
/// twice as far is sharp.
const AT_FIRST: f64 = 2.0;

impl Zoom {
    /// The zoom after this one; round again after the last.
    pub fn next(self) -> f64 {
        let within = |step: &f64| (self.least..=self.most).contains(step);
        let steps = || STEPS.iter().copied().filter(within);
        steps().find(|step| *step > self.now + 0.01).or(steps().next()).unwrap_or(self.least)
    }
}

impl Camera {
    /// Whether it has a lamp that can be switched.
    pub fn has_torch(&self) -> bool {
        self.capability("torch").is_some_and(|torch| match torch.dyn_ref::<Array>() {
            // Safari tells which values there are.
            Some(values) => values.includes(&true.into(), 0),
            None => torch.is_truthy(),
        })
    }

    /// Switches the lamp; false where that failed.
    pub async fn light(&self, on: bool) -> bool {
        self.apply(&[("torch", on.into())]).await
    }

    /// How near it is; `None` where that cannot be changed.
    pub fn zoom(&self) -> Option<Zoom> {
        let range = self.capability("zoom")?;
        let number = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok()?.as_f64();
        let (least, most) = (number(&range, "min")?, number(&range, "max")?);
        let now = self.setting("zoom").and_then(|now| now.as_f64()).unwrap_or(least.max(1.0));
        (most > least && most >= 1.5).then_some(Zoom { now, least, most })
    }

    /// Brings the picture nearer or farther; false where that failed.
    pub async fn set_zoom(&self, zoom: f64) -> bool {
        self.apply(&[("zoom", zoom.into())]).await
    }

    /// Whether a touch can say where to focus.
    pub fn has_focus_point(&self) -> bool {
        self.focus_once().is_some()
    }

    /// Focuses on a point, told in parts of the picture's width and height, and lets the camera follow by
    /// itself again afterwards; false where that failed.
    pub async fn focus_at(&self, x: f64, y: f64) -> bool {
        const HOLD: i32 = 4_000;
        let Some(mode) = self.focus_once() else { return false };
        let point = Object::new();
        let set = Reflect::set(&point, &"x".into(), &x.clamp(0.0, 1.0).into()).is_ok()
            && Reflect::set(&point, &"y".into(), &y.clamp(0.0, 1.0).into()).is_ok();
        let focused = set
            && self
                .apply(&[("pointsOfInterest", Array::of1(&point).into()), ("focusMode", mode.into())])
                .await;
        if focused && self.offers("focusMode", "continuous") {
            crate::browser::pause(HOLD).await;
            self.apply(&[("focusMode", "continuous".into())]).await;
        }
        focused
    }

    /// Every camera of this device; names are told only once one of them is open.
    pub async fn lenses(&self) -> Vec<Lens> {
        let Ok(asked) = devices().map(|devices| devices.enumerate_devices()) else { return Vec::new() };
        let Ok(asked) = asked else { return Vec::new() };
        let Ok(all) = JsFuture::from(asked).await else { return Vec::new() };
        let word = |of: &JsValue, name: &str| {
            Reflect::get(of, &name.into()).ok().and_then(|word| word.as_string()).unwrap_or_default()
        };
        let cameras = Array::from(&all).into_iter().filter(|device| word(device, "kind") == "videoinput");
        cameras
            .map(|device| Lens { id: word(&device, "deviceId"), label: word(&device, "label") })
            .filter(|lens| !lens.id.is_empty())
            .collect()
    }

    /// The lens that looks.
    pub fn lens(&self) -> Option<String> {
        self.setting("deviceId").and_then(|id| id.as_string())
    }

    /// Remembers which lens to open on this device from now on.
    pub fn remember_lens(lens: &Lens) {
        memory::set_lens(Some(&lens.id));
    }

    /// The zoom to begin with, and a focus that follows.
    pub(super) async fn look_closely(&self) {
        if let Some(zoom) = self.zoom()
            && self.capability("focusDistance").is_none()
            && (zoom.least..=zoom.most).contains(&AT_FIRST)
            && zoom.now < AT_FIRST
        {
            // A camera that refuses shows its picture as it is.
            self.set_zoom(AT_FIRST).await;
        }
        if self.offers("focusMode", "continuous") {
            self.apply(&[("focusMode", "continuous".into())]).await;
        }
    }

    fn focus_once(&self) -> Option<&'static str> {
        self.capability("pointsOfInterest")?;
        ["single-shot", "continuous"].into_iter().find(|mode| self.offers("focusMode", mode))
    }

    /// Whether a capability that is a list has this word in it.
    fn offers(&self, name: &str, word: &str) -> bool {
        self.capability(name)
            .and_then(|list| list.dyn_into::<Array>().ok())
            .is_some_and(|list| list.includes(&word.into(), 0))
    }

    fn capability(&self, name: &str) -> Option<JsValue> {
        self.asked("getCapabilities", name)
    }

    fn setting(&self, name: &str) -> Option<JsValue> {
        self.asked("getSettings", name)
    }

    /// What the track tells under a name; `None` where the browser has no such method or word.
    fn asked(&self, of: &str, name: &str) -> Option<JsValue> {
        let track = self.track()?;
        let told = method(&track, of)?.call0(&track).ok()?;
        let told = Reflect::get(&told, &name.into()).ok()?;
        (!told.is_undefined() && !told.is_null()).then_some(told)
    }

    async fn apply(&self, wishes: &[(&str, JsValue)]) -> bool {
        let wish = Object::new();
        for (name, value) in wishes {
            // A plain object takes every property.
            let _ = Reflect::set(&wish, &(*name).into(), value);
        }
        let all = Object::new();
        let _ = Reflect::set(&all, &"advanced".into(), &Array::of1(&wish));
        let Some(track) = self.track() else { return false };
        match track.apply_constraints_with_constraints(all.unchecked_ref()) {
            Ok(applied) => JsFuture::from(applied).await.is_ok(),
            Err(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_touch_brings_the_picture_nearer_and_at_last_back() {
        let zoom = |now, most| Zoom { now, least: 1.0, most };
        assert_eq!(zoom(1.0, 8.0).next(), 2.0);
        assert_eq!(zoom(2.0, 8.0).next(), 4.0);
        assert_eq!(zoom(4.0, 8.0).next(), 1.0);
        assert_eq!(zoom(2.0, 3.0).next(), 1.0);
        assert_eq!(zoom(1.3, 8.0).next(), 2.0);
        // Some phones count from a half.
        assert_eq!(Zoom { now: 0.5, least: 0.5, most: 10.0 }.next(), 1.0);
    }
}
