//! The scanner's worker: pictures go over to it uncopied, symbols come back.
//!
//! The worker and its module are loaded when the first picture is there to be looked at, not with the
//! page. A module that failed fatally is replaced by a new one at the next picture.

use js_sys::{Array, Function, Object, Promise, Reflect};
use serde::Deserialize;
use std::{cell::RefCell, collections::HashMap, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, MessageEvent, Worker, WorkerOptions, WorkerType};

/// Something to look at: a frame or a bitmap, with its size in pixels.
#[derive(Debug)]
pub struct Picture {
    pub(super) handle: JsValue,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Picture {
    /// A picture from a file that was chosen or dropped; `None` where the browser cannot read it.
    pub async fn from_file(file: &File) -> Option<Picture> {
        let blob: &Blob = file.as_ref();
        let bitmap = web_sys::window()?.create_image_bitmap_with_blob(blob).ok()?;
        let handle = JsFuture::from(bitmap).await.ok()?;
        let bitmap: &web_sys::ImageBitmap = handle.dyn_ref()?;
        let (width, height) = (bitmap.width(), bitmap.height());
        Some(Picture { handle, width, height })
    }
}

/// How long the worker may look, in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Budget {
    /// A frame of a video: the next one comes soon.
    Frame,
    /// A photo: there is only this one.
    Photo,
}

impl Budget {
    const fn milliseconds(self) -> i32 {
        match self {
            Budget::Frame => 60,
            Budget::Photo => 2500,
        }
    }
}

/// A symbol that was seen.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Seen {
    /// The family of patterns.
    pub symbology: String,
    /// Its identifier (ISO/IEC 15424).
    pub identifier: String,
    /// What it says.
    pub text: String,
    /// Its corners in pixels of the picture.
    pub corners: [(f32, f32); 4],
}

impl Seen {
    /// The code as a reader transmits it: a UPC-A goes out as the EAN-13 that it is.
    pub fn code(&self) -> String {
        match self.symbology.as_str() {
            "UPCA" => format!("0{}", self.text),
            _ => self.text.clone(),
        }
    }
}

/// What the worker answered to a picture.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Answered {
    ready: bool,
    id: Option<u32>,
    symbols: Option<Vec<Seen>>,
    fatal: bool,
}

/// The way to the worker. Cheap to clone; the worker ends with the last clone.
#[derive(Clone)]
pub struct Scanner {
    inner: Rc<Inner>,
}

struct Inner {
    version: String,
    running: RefCell<Option<Running>>,
    waiting: Rc<RefCell<HashMap<u32, Function>>>,
    last: RefCell<u32>,
}

struct Running {
    worker: Worker,
    ready: Promise,
    broken: Rc<RefCell<bool>>,
    _listen: Closure<dyn FnMut(MessageEvent)>,
    _fail: Closure<dyn FnMut(JsValue)>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Scanner {
    /// A scanner that starts its worker when it is first asked.
    pub fn new() -> Scanner {
        let inner = Inner {
            version: version(),
            running: RefCell::default(),
            waiting: Rc::default(),
            last: RefCell::default(),
        };
        Scanner { inner: Rc::new(inner) }
    }

    /// Every symbol in the picture; `None` where the scanner did not start or broke over it.
    pub async fn look(&self, picture: Picture, budget: Budget) -> Option<Vec<Seen>> {
        let (worker, ready) = self.worker()?;
        JsFuture::from(ready).await.ok()?;
        let id = {
            let mut last = self.inner.last.borrow_mut();
            *last = last.wrapping_add(1);
            *last
        };
        let waiting = self.inner.waiting.clone();
        let answer = Promise::new(&mut |done, _| {
            waiting.borrow_mut().insert(id, done);
        });
        let asked = message(&[
            ("id", id.into()),
            ("bitmap", picture.handle.clone()),
            ("width", picture.width.into()),
            ("height", picture.height.into()),
            ("budget", budget.milliseconds().into()),
        ]);
        worker.post_message_with_transfer(&asked, &Array::of1(&picture.handle)).ok()?;
        let answer = JsFuture::from(answer).await.ok()?;
        let answered: Answered = parse(&answer)?;
        answered.symbols
    }

    fn worker(&self) -> Option<(Worker, Promise)> {
        let mut running = self.inner.running.borrow_mut();
        if running.as_ref().is_some_and(|r| *r.broken.borrow()) {
            *running = None;
        }
        if running.is_none() {
            *running = Running::start(&self.inner.version, &self.inner.waiting);
        }
        running.as_ref().map(|r| (r.worker.clone(), r.ready.clone()))
    }
}

impl Default for Scanner {
    fn default() -> Scanner {
        Scanner::new()
    }
}

impl Running {
    fn start(version: &str, waiting: &Rc<RefCell<HashMap<u32, Function>>>) -> Option<Running> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&format!("/scan-worker.js{version}"), &options).ok()?;
        let mut settle = None;
        let ready = Promise::new(&mut |done, fail| settle = Some((done, fail)));
        let (done, fail) = settle?;
        let broken = Rc::new(RefCell::new(false));
        let break_off = {
            let (broken, waiting, fail) = (broken.clone(), waiting.clone(), fail);
            move || {
                *broken.borrow_mut() = true;
                let _ = fail.call0(&JsValue::UNDEFINED);
                // Whoever still waits is told that nothing was seen.
                for (_, waiter) in waiting.borrow_mut().drain() {
                    let _ = waiter.call0(&JsValue::UNDEFINED);
                }
            }
        };
        let listen = {
            let (waiting, break_off) = (waiting.clone(), break_off.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let data = event.data();
                let Some(answered) = parse::<Answered>(&data) else { return };
                if answered.ready {
                    let _ = done.call0(&JsValue::UNDEFINED);
                }
                let waiter = answered.id.and_then(|id| waiting.borrow_mut().remove(&id));
                if let Some(waiter) = waiter {
                    let _ = waiter.call1(&JsValue::UNDEFINED, &data);
                }
                if answered.fatal {
                    break_off();
                }
            })
        };
        let failed = Closure::<dyn FnMut(JsValue)>::new(move |_| break_off());
        worker.set_onmessage(Some(listen.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        let js = format!("/pkg/scan.js{version}");
        let wasm = format!("/pkg/scan_bg.wasm{version}");
        worker.post_message(&message(&[("js", js.into()), ("wasm", wasm.into())])).ok()?;
        Some(Running { worker, ready, broken, _listen: listen, _fail: failed })
    }
}

fn message(fields: &[(&str, JsValue)]) -> JsValue {
    let message = Object::new();
    for (name, value) in fields {
        // A plain object takes every property.
        let _ = Reflect::set(&message, &(*name).into(), value);
    }
    message.into()
}

fn parse<T: for<'de> Deserialize<'de>>(value: &JsValue) -> Option<T> {
    let json = js_sys::JSON::stringify(value).ok()?.as_string()?;
    serde_json::from_str(&json).ok()
}

/// `?v=…` as the page's own module was loaded with, so that page and scanner are of one build.
fn version() -> String {
    let document = web_sys::window().and_then(|window| window.document());
    let link = document.and_then(|d| d.query_selector("link[rel=modulepreload]").ok().flatten());
    let href = link.and_then(|link| link.get_attribute("href")).unwrap_or_default();
    href.find('?').map(|at| href[at..].to_string()).unwrap_or_default()
}
