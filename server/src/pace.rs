//! How long a request may take. Where files are handed in that counts from the last byte that came: a slow link
//! is not an error, a silent one is.

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::StreamExt;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::{Instant, sleep_until};
use tower_http::timeout::TimeoutBody;

/// How long is waited.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// For the next bytes of a file.
    pub still: Duration,
    /// For the answer: since the request came, or the last bytes of its file.
    pub answer: Duration,
    /// For all of it. The largest table comes through 75 kbit/s in this time.
    pub whole: Duration,
}

/// How long people and programs are waited for.
pub const PACE: Pace = Pace {
    still: Duration::from_secs(30),
    answer: Duration::from_secs(120),
    whole: Duration::from_secs(2 * 3600),
};

/// Where files are handed in by people whom the brand knows.
pub const UPLOADS: [&str; 4] = ["/import", "/event/{kind}", "/record/{record}", "/api/v1/files"];

/// Gives a request up that takes too long.
pub async fn keep(State(pace): State<Pace>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let uploads = path.is_some_and(|path| UPLOADS.contains(&path.as_str()));
    let begun = Instant::now();
    let heard = Arc::new(Mutex::new(begun));
    let request = match uploads {
        true => request.map(|body| listened_to(body, pace.still, heard.clone())),
        false => request,
    };
    let mut answer = std::pin::pin!(next.run(request));
    loop {
        let last = *heard.lock().unwrap_or_else(PoisonError::into_inner);
        let until = (last + pace.answer).min(begun + pace.whole);
        tokio::select! {
            answer = &mut answer => return answer,
            () = sleep_until(until) => {
                let silent = *heard.lock().unwrap_or_else(PoisonError::into_inner) == last;
                if silent || until >= begun + pace.whole {
                    return StatusCode::GATEWAY_TIMEOUT.into_response();
                }
            }
        }
    }
}

/// A body that breaks off where nothing comes for too long, and tells when something came.
fn listened_to(body: Body, still: Duration, heard: Arc<Mutex<Instant>>) -> Body {
    let body = Body::new(TimeoutBody::new(still, body));
    Body::from_stream(body.into_data_stream().inspect(move |_| {
        *heard.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::router::ROUTES;
    use axum::{Router, body::Bytes, middleware::from_fn_with_state, routing::post};
    use std::{
        io::{Read, Write},
        net::{SocketAddr, TcpStream},
    };

    /// Long enough that a busy machine does not look like a silent link.
    const QUICK: Pace = Pace {
        still: Duration::from_millis(1500),
        answer: Duration::from_millis(2500),
        whole: Duration::from_secs(7),
    };

    async fn count(body: Bytes) -> String {
        body.len().to_string()
    }

    async fn dawdle() {
        tokio::time::sleep(QUICK.answer * 3).await;
    }

    /// What a server answers to a client that sends `times` bytes, one after each `pause`, of `length`.
    async fn answered(path: &'static str, pause: u64, times: usize, length: usize) -> (String, Duration) {
        let routes = Router::new()
            .route("/import", post(count))
            .route("/sign-in", post(count))
            .route("/record/{record}", post(dawdle))
            .layer(from_fn_with_state(QUICK, keep));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let at: SocketAddr = listener.local_addr().expect("an address");
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await });
        let told = tokio::task::spawn_blocking(move || {
            let begun = Instant::now();
            let mut out = TcpStream::connect(at).expect("listens");
            let head = format!(
                "POST {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
            );
            out.write_all(head.as_bytes()).expect("is sent");
            for _ in 0..times {
                std::thread::sleep(Duration::from_millis(pause));
                if out.write_all(b"x").is_err() {
                    break;
                }
            }
            let mut answer = String::new();
            out.set_read_timeout(Some(Duration::from_secs(20))).expect("is set");
            // A server that closes with bytes unread resets: what came before counts.
            let _ = out.read_to_string(&mut answer);
            (answer, begun.elapsed())
        });
        let told = told.await.expect("is answered");
        serving.abort();
        told
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn c19_a_slow_link_brings_its_table_and_a_silent_one_is_given_up() {
        // Longer than an answer is waited for, and never still.
        let (slow, took) = answered("/import", 150, 24, 24).await;
        assert!(slow.starts_with("HTTP/1.1 200") && slow.ends_with("24"), "{slow}");
        assert!(took > QUICK.answer);
        let (silent, took) = answered("/import", 50, 3, 15).await;
        assert!(silent.starts_with("HTTP/1.1 4") && took < QUICK.whole, "{silent} after {took:?}");
        // Whoever never ends is given up, too.
        let (endless, took) = answered("/import", 150, 80, 15_000).await;
        assert!(endless.starts_with("HTTP/1.1 504") && took >= QUICK.whole, "{endless} after {took:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn where_no_file_is_handed_in_all_of_it_has_to_be_there_in_time() {
        let (drip, took) = answered("/sign-in", 150, 24, 24).await;
        assert!(drip.starts_with("HTTP/1.1 504") && took < QUICK.answer * 4, "{drip} after {took:?}");
        // A file that came whole does not make the answer late.
        let (late, _) = answered("/record/{record}", 50, 3, 3).await;
        assert!(late.starts_with("HTTP/1.1 504"), "{late}");
    }

    #[test]
    fn every_place_for_files_is_an_address() {
        assert!(UPLOADS.iter().all(|path| ROUTES.iter().any(|route| route.path == *path)));
    }
}
