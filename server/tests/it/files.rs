//! What is sent beside the pages, and what every answer says about safety.

use crate::{http::get, site::Site};

#[tokio::test]
async fn the_style_sheet_is_kept_for_ever_under_its_hash() {
    let site = Site::empty().await;
    let page = site.send(get("/sign-in")).await.text();
    let start = page.find("/style-").expect("names its sheet");
    let path: String = page[start..].chars().take_while(|c| *c != '"').collect();
    let sheet = site.send(get(&path)).await;
    assert_eq!((sheet.status, sheet.header("content-type")), (200, "text/css; charset=utf-8"));
    assert!(sheet.header("cache-control").contains("immutable"));
    assert!(sheet.text().contains("@layer"));
    let old = site.send(get("/style-0123456789abcdef.css")).await;
    assert_eq!(
        old.header("cache-control"),
        "no-cache",
        "an older page gets the present sheet, and asks again"
    );
    let again = site.send(get(&path).with("if-none-match", sheet.header("etag"))).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let site = Site::empty().await;
    for path in ["/sign-in", "/api", "/api/openapi.json", "/healthz", "/nothing", "/pkg/nothing.js"] {
        let told = site.send(get(path).with("accept", "text/html")).await;
        assert_eq!(told.header("x-content-type-options"), "nosniff", "{path}");
        assert!(told.header("permissions-policy").contains("camera=(self)"), "{path}");
        assert!(told.header("content-security-policy").contains("default-src"), "{path}");
        assert!(!told.header("x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn only_scripts_with_this_answers_nonce_run() {
    let site = Site::empty().await;
    let told = site.send(get("/sign-in")).await;
    let policy = told.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
    assert!(told.text().contains(&format!("nonce=\"{nonce}\"")), "{}", told.text());
    assert!(
        policy.contains("'wasm-unsafe-eval'")
            && !policy.contains("unsafe-inline")
            && !policy.contains("'unsafe-eval'")
    );
    let other = site.send(get("/sign-in")).await;
    assert!(!other.header("content-security-policy").contains(nonce), "a fresh one for each answer");
    assert!(!told.text().contains(" style=\""), "no inline style, which the policy would drop");
}

#[tokio::test]
async fn the_guide_describes_the_api_in_both_languages() {
    let site = Site::empty().await;
    let english = site.send(get("/api")).await;
    assert!(english.text().contains("Trace forward") && english.text().contains("/api/v1/resolve"));
    assert!(site.send(get("/api").with("accept-language", "zh-CN")).await.text().contains("向前追踪"));
    let document = site.send(get("/api/openapi.json")).await.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["components"]["schemas"]["Event.relabeling"].is_object());
}

#[tokio::test]
async fn machines_ask_whether_it_is_well() {
    let site = Site::start().await;
    for path in ["/healthz", "/readyz"] {
        let told = site.send(get(path)).await;
        assert_eq!((told.status, told.text().as_str()), (200, "ok\n"));
    }
    site.send(get("/batch/SECRET-NAME")).await;
    let told = site.send(get("/metrics")).await;
    let text = told.text();
    assert!(told.header("content-type").starts_with("text/plain; version=0.0.4"));
    assert!(text.contains("lotwalk_http_requests_total{route=\"GET /healthz\",status=\"2xx\"} 1"), "{text}");
    assert!(
        text.contains(&format!("lotwalk_ledger_captures_total {}\n", site.ledger.stats().captures)),
        "{text}"
    );
    assert!(!text.contains("SECRET-NAME"), "routes, not addresses");
    let proxied = site.send(get("/metrics").with("x-forwarded-for", "203.0.113.9")).await;
    assert_eq!(proxied.status, 401, "not to the world through a proxy");
}

#[tokio::test]
async fn an_id_of_a_proxy_is_kept_when_it_is_plain() {
    let site = Site::empty().await;
    assert_eq!(site.send(get("/healthz").with("x-request-id", "a-1")).await.header("x-request-id"), "a-1");
    assert_ne!(site.send(get("/healthz").with("x-request-id", "a b<")).await.header("x-request-id"), "a b<");
}
