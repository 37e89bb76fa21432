//! Pages while they are rendered. What a page asks for is answered in tasks of its own; one that panics
//! would leave its page waiting until the request is given up. Here it ends the page, with a number to
//! quote.

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use axum::{
    extract::Request,
    http::request::Parts,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use leptos::prelude::{provide_context, use_context};
use std::{any::Any, panic::AssertUnwindSafe, sync::Once};
use tokio::sync::mpsc;

use crate::observe;

/// Where the tasks of one page tell that they broke.
#[derive(Clone)]
struct Rendering(mpsc::Sender<Box<dyn Any + Send>>);

/// Watches over the tasks of a page, as a layer round what renders it.
pub async fn watch(mut request: Request, next: Next) -> Response {
    let (broke, mut broken) = mpsc::channel(1);
    request.extensions_mut().insert(Rendering(broke));
    tokio::select! {
        response = next.run(request) => response,
        Some(cause) = broken.recv() => observe::panicked(cause).into_response(),
    }
}

/// Tells the page in context who watches over it, so that its tasks know.
pub fn provide(parts: &Parts) {
    if let Some(rendering) = parts.extensions.get::<Rendering>() {
        provide_context(rendering.clone());
    }
}

/// Has tasks of pages run where a panic is noticed. To be called before anything is rendered; later it
/// changes nothing.
pub fn begin() {
    // Two callers at once would both go on before either is done.
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = Executor::init_custom_executor(Tasks);
    });
}

/// Tokio, with an ear to panics.
struct Tasks;

impl CustomExecutor for Tasks {
    fn spawn(&self, task: PinnedFuture<()>) {
        let page = use_context::<Rendering>();
        tokio::spawn(async move {
            let Err(cause) = AssertUnwindSafe(task).catch_unwind().await else { return };
            // Only the first panic of a page can be told; the others are of no more use to anybody.
            if let Some(Rendering(page)) = page {
                let _ = page.try_send(cause);
            }
        });
    }

    fn spawn_local(&self, task: PinnedLocalFuture<()>) {
        tokio::task::spawn_local(task);
    }

    fn poll_local(&self) {}
}
