//! What is counted, and the page that tells it in Prometheus' text format.
//!
//! A route is counted under its pattern (`/batch/{key}`), so that there are as many series as routes and
//! no code or name of anybody's ever stands in one.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use crate::shared::Shared;

/// Upper ends of the latency histogram, in microseconds.
const BUCKETS: [u64; 12] =
    [250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000];

/// Counters of every route that has been asked for.
#[derive(Debug, Default)]
pub struct Metrics {
    routes: RwLock<BTreeMap<String, Arc<Counted>>>,
}

#[derive(Debug, Default)]
struct Counted {
    /// By class of the status: 1xx to 5xx.
    answers: [AtomicU64; 5],
    /// Not cumulative; the last one holds what took longer than the last bucket.
    took: [AtomicU64; BUCKETS.len() + 1],
    micros: AtomicU64,
}

impl Metrics {
    /// Counts an answer of a route (`GET /batch/{key}`).
    pub fn count(&self, route: &str, status: StatusCode, took: Duration) {
        let known = self.routes.read().unwrap_or_else(PoisonError::into_inner).get(route).cloned();
        let counted = known.unwrap_or_else(|| {
            let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
            routes.entry(route.into()).or_default().clone()
        });
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        counted.answers[class].fetch_add(1, Relaxed);
        let bucket = BUCKETS.iter().position(|end| micros <= *end).unwrap_or(BUCKETS.len());
        counted.took[bucket].fetch_add(1, Relaxed);
        counted.micros.fetch_add(micros, Relaxed);
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        head(out, "http_requests_total", "counter", "Answers by route and class of status.")?;
        for (route, counted) in routes.iter() {
            for (class, answers) in counted.answers.iter().enumerate() {
                let n = answers.load(Relaxed);
                if n > 0 {
                    let class = class + 1;
                    writeln!(
                        out,
                        "lotwalk_http_requests_total{{route=\"{route}\",status=\"{class}xx\"}} {n}"
                    )?;
                }
            }
        }
        head(out, "http_request_seconds", "histogram", "Time from request to answer, by route.")?;
        for (route, counted) in routes.iter() {
            let mut so_far = 0;
            for (n, took) in counted.took.iter().enumerate() {
                so_far += took.load(Relaxed);
                let end = BUCKETS.get(n).map_or("+Inf".to_string(), |end| seconds(*end));
                writeln!(
                    out,
                    "lotwalk_http_request_seconds_bucket{{route=\"{route}\",le=\"{end}\"}} {so_far}"
                )?;
            }
            let sum = seconds(counted.micros.load(Relaxed));
            writeln!(out, "lotwalk_http_request_seconds_sum{{route=\"{route}\"}} {sum}")?;
            writeln!(out, "lotwalk_http_request_seconds_count{{route=\"{route}\"}} {so_far}")?;
        }
        Ok(())
    }
}

/// `GET /metrics`.
pub async fn metrics(State(shared): State<Shared>) -> impl IntoResponse {
    let mut out = String::with_capacity(8 * 1024);
    let stats = shared.ledger.stats();
    let ledger = [
        ("ledger_entries", "gauge", "Entries in the ledger.", stats.entries),
        ("ledger_captures_total", "counter", "Entries captured since the start.", stats.captures),
        ("resolve_cache_hits_total", "counter", "Codes answered from memory.", stats.cache_hits),
        ("resolve_cache_misses_total", "counter", "Codes that had to be looked up.", stats.cache_misses),
    ];
    // Writing into a String does not fail.
    let _ = shared.metrics.write(&mut out);
    for (name, kind, help, value) in ledger {
        let _ = head(&mut out, name, kind, help).and_then(|()| writeln!(out, "lotwalk_{name} {value}"));
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], out)
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) -> std::fmt::Result {
    writeln!(out, "# HELP lotwalk_{name} {help}\n# TYPE lotwalk_{name} {kind}")
}

fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_hold_everything_up_to_their_end() {
        let metrics = Metrics::default();
        metrics.count("GET /a", StatusCode::OK, Duration::from_micros(300));
        metrics.count("GET /a", StatusCode::NOT_FOUND, Duration::from_secs(60));
        let mut out = String::new();
        metrics.write(&mut out).expect("writes into memory");
        for line in [
            "lotwalk_http_requests_total{route=\"GET /a\",status=\"2xx\"} 1",
            "lotwalk_http_requests_total{route=\"GET /a\",status=\"4xx\"} 1",
            "lotwalk_http_request_seconds_bucket{route=\"GET /a\",le=\"0.000250\"} 0",
            "lotwalk_http_request_seconds_bucket{route=\"GET /a\",le=\"0.000500\"} 1",
            "lotwalk_http_request_seconds_bucket{route=\"GET /a\",le=\"+Inf\"} 2",
            "lotwalk_http_request_seconds_sum{route=\"GET /a\"} 60.000300",
        ] {
            assert!(out.contains(line), "{line}\n{out}");
        }
    }
}
