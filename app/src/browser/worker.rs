//! The scanner's worker: pictures go over to it uncopied, symbols come back.
//!
//! The worker and its module are loaded when the first picture is there to be looked at, not with the
//! page. A worker that broke off, or answers no more, is replaced by a new one at the next picture.

use js_sys::{Array, Function, Object, Promise, Reflect};
use serde::Deserialize;
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};
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
    /// How much of each side is looked at, in the middle: 1 is all of it.
    pub part: f32,
}

impl Picture {
    /// A picture from a file that was chosen or dropped; `None` where the browser cannot read it.
    pub async fn from_file(file: &File) -> Option<Picture> {
        let blob: &Blob = file.as_ref();
        let bitmap = web_sys::window()?.create_image_bitmap_with_blob(blob).ok()?;
        let handle = JsFuture::from(bitmap).await.ok()?;
        let bitmap: &web_sys::ImageBitmap = handle.dyn_ref()?;
        let (width, height) = (bitmap.width(), bitmap.height());
        Some(Picture { handle, width, height, part: 1.0 })
    }
}

/// How long the worker may look.
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

    /// When a worker that has not answered is taken for dead, in milliseconds: a browser that is short of
    /// memory ends workers without a word.
    const fn patience(self) -> i32 {
        match self {
            Budget::Frame => 5_000,
            Budget::Photo => 20_000,
        }
    }

    /// The longest side that is worth looking at where the picture has to be drawn first, in pixels.
    const fn longest(self) -> u32 {
        match self {
            Budget::Frame => 1920,
            Budget::Photo => 4000,
        }
    }
}

/// Why a picture was not looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The worker or its module could not be loaded.
    NotLoaded,
    /// The browser does not run WebAssembly: a policy or its own setting forbids it.
    Refused,
    /// The worker broke off for the first time since it last answered: another takes the next picture.
    Restarted,
    /// It broke off again.
    Broken,
    /// This picture cannot be read, others can.
    Picture,
}

/// How long a module may take to load, in milliseconds: some warehouses have little network.
const LOADING: i32 = 45_000;

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

/// What the worker saw in a picture.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Looked {
    /// Every symbol.
    pub symbols: Vec<Seen>,
    /// True for a picture that shows nothing at all.
    pub black: bool,
    /// Milliseconds that looking took.
    pub took: f64,
    /// How the pixels came to the scanner: `plane` (brightness as the camera has it), `packed` (colours,
    /// made grey there) or `drawn` (by way of a canvas).
    pub way: String,
}

/// What the worker answered.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Answered {
    ready: bool,
    id: Option<u32>,
    symbols: Option<Vec<Seen>>,
    black: bool,
    ms: f64,
    way: String,
    fatal: bool,
    refused: bool,
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
    last: Cell<u32>,
    /// How often it broke off since it last answered.
    broke: Cell<u32>,
}

struct Running {
    worker: Worker,
    ready: Promise,
    broken: Rc<Cell<Option<Fault>>>,
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
            last: Cell::default(),
            broke: Cell::default(),
        };
        Scanner { inner: Rc::new(inner) }
    }

    /// Every symbol in the picture.
    ///
    /// # Errors
    /// Why it was not looked at. The next picture starts a new worker where the old one cannot go on.
    pub async fn look(&self, picture: Picture, budget: Budget) -> Result<Looked, Fault> {
        let (worker, ready) = self.worker().ok_or(Fault::NotLoaded)?;
        if within(&ready, LOADING).await.is_none() {
            return Err(self.break_off(Fault::NotLoaded));
        }
        let id = self.inner.last.get().wrapping_add(1);
        self.inner.last.set(id);
        let waiting = self.inner.waiting.clone();
        let answer = Promise::new(&mut |done, _| {
            waiting.borrow_mut().insert(id, done);
        });
        let asked = message(&[
            ("id", id.into()),
            ("bitmap", picture.handle.clone()),
            ("budget", budget.milliseconds().into()),
            ("most", budget.longest().into()),
            ("part", picture.part.into()),
        ]);
        let sent = worker.post_message_with_transfer(&asked, &Array::of1(&picture.handle));
        let answer = match sent {
            Ok(()) => within(&answer, budget.patience()).await,
            Err(_) => return Err(Fault::Picture),
        };
        self.inner.waiting.borrow_mut().remove(&id);
        match answer.and_then(|answer| parse::<Answered>(&answer)) {
            Some(Answered { symbols: Some(symbols), black, ms: took, way, .. }) => {
                self.inner.broke.set(0);
                Ok(Looked { symbols, black, took, way })
            }
            Some(Answered { fatal: false, .. }) => Err(Fault::Picture),
            _ => Err(self.break_off(Fault::Broken)),
        }
    }

    /// Lets go of a worker that is of no use any more, and tells what to say of it.
    fn break_off(&self, otherwise: Fault) -> Fault {
        let running = self.inner.running.borrow_mut().take();
        match running.and_then(|running| running.broken.get()).unwrap_or(otherwise) {
            Fault::Broken => {
                self.inner.broke.set(self.inner.broke.get() + 1);
                if self.inner.broke.get() > 1 { Fault::Broken } else { Fault::Restarted }
            }
            fault => fault,
        }
    }

    fn worker(&self) -> Option<(Worker, Promise)> {
        let mut running = self.inner.running.borrow_mut();
        if running.is_none() {
            *running = Running::start(&self.inner.version, &self.inner.waiting);
        }
        running.as_ref().map(|r| (r.worker.clone(), r.ready.clone()))
    }
}

/// What a promise comes to, unless it fails or takes longer than so many milliseconds.
async fn within(promise: &Promise, milliseconds: i32) -> Option<JsValue> {
    let late = super::after(milliseconds);
    let first = JsFuture::from(Promise::race(&Array::of2(promise, &late))).await.ok()?;
    (!first.is_undefined()).then_some(first)
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
        let broken = Rc::new(Cell::new(None));
        let break_off = {
            let (broken, waiting, fail) = (broken.clone(), waiting.clone(), fail);
            move |fault: Fault| {
                broken.set(broken.get().or(Some(fault)));
                let _ = fail.call0(&JsValue::UNDEFINED);
                // Whoever still waits is told that nothing was seen.
                for (_, waiter) in waiting.borrow_mut().drain() {
                    let _ = waiter.call0(&JsValue::UNDEFINED);
                }
            }
        };
        let loaded = Rc::new(Cell::new(false));
        let listen = {
            let (waiting, break_off, loaded) = (waiting.clone(), break_off.clone(), loaded.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let data = event.data();
                let Some(answered) = parse::<Answered>(&data) else { return };
                if answered.ready {
                    loaded.set(true);
                    let _ = done.call1(&JsValue::UNDEFINED, &JsValue::TRUE);
                }
                if answered.fatal {
                    break_off(match (answered.refused, loaded.get()) {
                        (true, _) => Fault::Refused,
                        (false, true) => Fault::Broken,
                        (false, false) => Fault::NotLoaded,
                    });
                }
                let waiter = answered.id.and_then(|id| waiting.borrow_mut().remove(&id));
                if let Some(waiter) = waiter {
                    let _ = waiter.call1(&JsValue::UNDEFINED, &data);
                }
            })
        };
        let failed = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            break_off(if loaded.get() { Fault::Broken } else { Fault::NotLoaded });
        });
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

/// A value as its JSON reads; `None` where it does not.
pub(super) fn parse<T: for<'de> Deserialize<'de>>(value: &JsValue) -> Option<T> {
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
