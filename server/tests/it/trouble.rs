//! What goes wrong: bodies too large, a database that is gone.

use crate::{
    http::{get, post},
    site::{Site, draft_json, id},
};
use axum::{Router, http::request::Parts, middleware::from_fn, routing::get as get_of};
use domain::person::Role;
use leptos::prelude::*;
use serde_json::json;
use server::{rendering, router, shared::Shared};
use sqlx::{Connection, Executor, SqliteConnection};

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let site = Site::start().await;
    let before = site.size().await;
    let large = vec![b' '; 5 * 1024 * 1024];
    let told = site
        .send(post("/api/v1/events").token(site.token(Role::Buyer)).body("application/json", large))
        .await;
    assert_eq!((told.status, told.problem().as_str()), (413, "too_large"));
    let many: Vec<_> = (0..1_001).map(|_| json!({})).collect();
    let told = site.send(post("/api/v1/events").token(site.token(Role::Buyer)).json(&json!(many))).await;
    assert_eq!((told.status, told.problem().as_str()), (413, "too_large"));
    let cookie = site.sign_in(Role::Warehouse).await;
    let huge = vec![0xFF; 60 * 1024 * 1024];
    let ask = post("/event/relabeling").cookie(&cookie).parts(&[("source@x.jpg", &huge)]);
    assert_eq!(site.send(ask).await.status, 413);
    let long = "x".repeat(70 * 1024);
    assert_eq!(site.send(post("/sign-in").form(&[("name", &long), ("password", "x")])).await.status, 413);
    assert_eq!(site.size().await, before, "nothing was written");
}

#[tokio::test]
async fn a_database_that_is_gone_is_told_as_503_and_nothing_is_half_written() {
    let site = Site::start().await;
    let cookie = site.sign_in(Role::Warehouse).await;
    assert_eq!(site.api(Role::Warehouse, "/api/v1/checkpoint").await.status, 200);
    site.ledger.close().await;

    let draft = draft_json("relabeling", json!({"old_code": "C1", "new_code": "C9", "reason": "damaged"}));
    for ask in [
        get("/readyz"),
        get("/api/v1/resolve?code=C2").token(site.token(Role::Warehouse)),
        post("/api/v1/events").token(site.token(Role::Warehouse)).json(&draft),
        get("/account").cookie(&cookie),
        post("/event/relabeling")
            .cookie(&cookie)
            .parts(&[("draft_id", id().as_bytes()), ("old_code", b"C1")]),
        post("/sign-in").form(&[("name", "buyer"), ("password", "x")]),
    ] {
        let told = site.send(ask.clone()).await;
        assert_eq!((told.status, told.header("retry-after")), (503, "2"), "{ask:?}: {}", told.text());
        assert_eq!(told.problem(), "out_of_reach", "{ask:?}");
        assert!(told.json()["fault"].as_str().is_some_and(|number| !number.is_empty()), "a number to quote");
    }
    assert_eq!(site.send(get("/healthz")).await.status, 200, "the process itself is alive");
}

#[tokio::test]
async fn a_database_that_somebody_else_locks_is_told_as_503_and_the_same_event_lands_afterwards() {
    let site = Site::start().await;
    let before = site.size().await;
    let mut other = SqliteConnection::connect(&site.scratch.url).await.expect("opens");
    other.execute("begin exclusive").await.expect("locks");
    let draft = draft_json("relabeling", json!({"old_code": "C1", "new_code": "C9", "reason": "damaged"}));
    let ask = post("/api/v1/events").token(site.token(Role::Warehouse)).json(&draft);
    let told = site.send(ask.clone()).await;
    assert_eq!((told.status, told.header("retry-after")), (503, "2"), "{}", told.text());
    assert_eq!(told.problem(), "out_of_reach");
    other.execute("rollback").await.expect("unlocks");
    assert_eq!(site.api(Role::Warehouse, "/api/v1/resolve?code=C9").await.problem(), "unknown_code");
    let landed = site.send(ask).await;
    assert_eq!((landed.status, landed.json()["seq"].as_u64()), (201, Some(before + 1)), "{}", landed.text());
}

#[tokio::test]
async fn a_page_that_panics_is_a_fault_in_the_askers_language_wherever_it_panics() {
    let site = Site::empty().await;
    let shared = Shared::new(site.ledger.clone(), site.brand.clone(), None, false);
    let asks = || use_context::<Parts>().iter().for_each(rendering::provide);
    let page = |view: fn() -> AnyView| leptos_axum::render_app_async_with_context(asks, view);
    let pages = Router::new()
        .route("/at-once", get_of(page(|| panic!("a page is drawn"))))
        .route("/while-it-is-asked", get_of(page(Asking)))
        .layer(from_fn(rendering::watch));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = listener.local_addr().expect("an address");
    let service = router::around(pages, &shared);
    tokio::spawn(async move { axum::serve(listener, service).await });
    for path in ["/at-once", "/while-it-is-asked"] {
        let ask = get(path).with("accept", "text/html").with("accept-language", "zh-CN");
        let told = tokio::task::spawn_blocking(move || ask.send(at)).await.expect("is answered");
        assert_eq!(told.status, 500, "{path}: {}", told.text());
        assert!(
            told.text().contains("lang=\"zh-CN\"") && told.text().contains("故障编号"),
            "{}",
            told.text()
        );
        assert!(
            !told.text().contains("is drawn") && !told.text().contains("is read"),
            "words for the log only"
        );
    }
}

/// A page of which a reading panics, as one would in a server function.
#[component]
fn Asking() -> AnyView {
    let read = || async {
        tokio::task::yield_now().await;
        assert!(std::env::args().count() == 0, "a page is read");
        0
    };
    let answer = Resource::new(|| (), move |()| read());
    view! { <Suspense>{move || Suspend::new(async move { view! { <p>{answer.await}</p> } })}</Suspense> }
        .into_any()
}
