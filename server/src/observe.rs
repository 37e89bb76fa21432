//! One line per request, one count, one id. The line's fields keep their names:
//!
//! | field | means |
//! |---|---|
//! | `method`, `route` | what was asked for, by its pattern: never a code, a name or a token |
//! | `status`, `micros` | the answer, and how long it took |
//! | `request` | the id that the answer's `X-Request-Id` tells, too |
//! | `fault` | on lines of their own: the number a person was told |

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{any::Any, time::Instant};

use crate::{problem::Problem, shared::Shared};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost layer.
pub async fn observe(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = given_id(&request).unwrap_or_else(new_id);
    let pattern = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str);
    let route = format!("{} {pattern}", request.method());
    let mut response = next.run(request).await;
    let took = begun.elapsed();
    shared.metrics.count(&route, response.status(), took);
    if tracing::enabled!(tracing::Level::INFO) {
        let (method, pattern) = route.split_once(' ').unwrap_or(("", &route));
        let status = response.status().as_u16();
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let request = id.to_str().unwrap_or_default();
        tracing::info!(method, route = pattern, status, micros, request, "answered");
    }
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// The id a proxy in front gave, where it is a short plain word.
fn given_id(request: &Request) -> Option<HeaderValue> {
    let id = request.headers().get(REQUEST_ID)?;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (id.len() <= 64 && id.as_bytes().iter().all(plain)).then(|| id.clone())
}

fn new_id() -> HeaderValue {
    HeaderValue::try_from(format!("{:016x}", rand::random::<u64>())).unwrap_or(HeaderValue::from_static("0"))
}

/// What a handler's panic comes to: a number to quote, and its words in the log only.
pub fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let words = cause.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("panic");
    Problem::broke(words).into_response()
}
