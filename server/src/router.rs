//! Every address of the server, as one list; the layers around it; and where the pages are joined in.
//!
//! The pages' own addresses are in the app's `routes.rs`, the server functions' under `/ask/`: both are
//! asked of the app. What each door asks of a visitor is checked before a handler runs, or, for pages and
//! forms, by the page itself, which knows how to lead to the sign-in and back.

use app::{here::Here, routes::App, shell::Shell};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, Method, header, request::Parts},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use domain::person::Role;
use leptos::prelude::*;
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list};
use std::{
    convert::Infallible,
    sync::{Arc, LazyLock},
};
use tower::ServiceExt;
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer};

use crate::{
    api::{self, token},
    assets, clock, document, forms, health,
    import::forms as import,
    metrics, observe,
    pace::{self, PACE},
    problem::{self, Problem},
    rendering,
    session::{self, Visitor},
    shared::Shared,
    sheet,
    visitor::{self, Secure},
};

/// Which roles may.
pub type Allow = fn(Role) -> bool;

/// What is asked of somebody before a handler runs.
#[derive(Clone, Copy, Debug)]
pub enum Door {
    /// Nothing.
    Open,
    /// A bearer token of a role that may. Cookies count for nothing.
    Token(Allow),
    /// That it comes from this machine, or with an administrator's token.
    Own,
    /// Who it is, by the session's cookie, and that it comes from a page of this server. What follows
    /// from it is the handler's.
    Page,
}

/// One address of the server.
#[derive(Debug)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The pattern.
    pub path: &'static str,
    /// What is asked before.
    pub door: Door,
    /// The most bytes of a body.
    pub most: usize,
    handler: fn() -> MethodRouter<Shared>,
}

const fn route(
    method: Method,
    path: &'static str,
    door: Door,
    most: usize,
    handler: fn() -> MethodRouter<Shared>,
) -> Route {
    Route { method, path, door, most, handler }
}

const NONE: usize = 0;
const SMALL: usize = 64 * 1024;
/// A thousand events with room for long ones.
const EVENTS: usize = 4 * 1024 * 1024;
/// A form is read as it comes, and bounded by its handler ([`forms`]): one that is too large is kept as far as
/// it came.
const AS_IT_COMES: usize = usize::MAX;
/// What is said of a few sheets with some hundred columns.
const CHOICES: usize = 1024 * 1024;
/// A table is counted while it comes in, by who keeps it: one that is too large is read to its end, so that
/// a browser shows why it was not taken.
const TABLE: usize = usize::MAX;

use Door::{Open, Own, Page, Token};
const GET: Method = Method::GET;
const POST: Method = Method::POST;

/// The list.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route(GET,  "/healthz",                Open,                        NONE,   || get(health::alive)),
    route(GET,  "/readyz",                 Open,                        NONE,   || get(health::ready)),
    route(GET,  "/metrics",                Own,                         NONE,   || get(metrics::metrics)),

    route(GET,  "/pkg/{*path}",            Open,                        NONE,   || get(assets::module)),

    route(GET,  "/api",                    Open,                        NONE,   || get(api::guide::page)),
    route(GET,  "/api/openapi.json",       Open,                        NONE,   || get(api::openapi::document)),
    route(GET,  "/api/v1/resolve",         Token(Role::reads_records),  NONE,   || get(api::resolve)),
    route(GET,  "/api/v1/trace/back",      Token(Role::reads_records),  NONE,   || get(api::trace_back)),
    route(GET,  "/api/v1/trace/forward",   Token(Role::reads_records),  NONE,   || get(api::trace_forward)),
    route(POST, "/api/v1/events",          Token(token::anyone),        EVENTS, || post(api::events::post)),
    route(POST, "/api/v1/files",           Token(token::anyone),        document::PDF, || post(api::files::post)),
    route(POST, "/api/v1/seals",           Token(api::seals::may_seal), SMALL,  || post(api::seals::post)),
    route(GET,  "/api/v1/seals/{commitment}", Token(token::anyone),     NONE,   || get(api::seals::get)),
    route(GET,  "/api/v1/entries/{seq}",   Token(Role::reads_records),  NONE,   || get(api::entry)),
    route(GET,  "/api/v1/checkpoint",      Token(token::anyone),        NONE,   || get(api::checkpoint)),

    route(POST, "/sign-in",                Page,                        SMALL,  || post(session::sign_in)),
    route(POST, "/sign-out",               Page,                        SMALL,  || post(session::sign_out)),
    route(POST, "/sign-out-everywhere",    Page,                        SMALL,  || post(session::sign_out_everywhere)),
    route(POST, "/setup/{token}",          Page,                        SMALL,  || post(session::setup)),
    route(POST, "/language",               Page,                        SMALL,  || post(session::language)),
    route(POST, "/theme",                  Page,                        SMALL,  || post(session::theme)),
    route(POST, "/event/{kind}",           Page,                        AS_IT_COMES, || bounded(post(forms::event), forms::WHOLE)),
    route(POST, "/record/{record}",        Page,                        AS_IT_COMES, || bounded(post(forms::record), forms::WHOLE)),
    route(POST, "/p/return",               Page,                        AS_IT_COMES, || bounded(post(forms::public_return), forms::STRANGER)),
    route(POST, "/import",                 Page,                        TABLE,  || post(import::hand_in)),
    route(POST, "/import/{id}",            Page,                        CHOICES, || post(import::say)),
    route(POST, "/import/{id}/undo",       Page,                        SMALL,  || post(import::undo)),
    route(POST, "/import/{id}/go-on",      Page,                        SMALL,  || post(import::go_on)),
    route(GET,  "/import/{id}/refused/{n}", Page,                       NONE,   || get(import::refused)),
    route(GET,  "/import/{id}/mapping",    Page,                        NONE,   || get(import::mapping)),
    route(GET,  "/file/{digest}",          Page,                        NONE,   || get(document::shown::show)),
    route(GET,  "/codes.pdf",              Page,                        NONE,   || get(sheet::pdf)),
];

/// A handler that is given no more than so many bytes, and finds out when it has read them.
fn bounded(handler: MethodRouter<Shared>, most: usize) -> MethodRouter<Shared> {
    handler.layer(DefaultBodyLimit::max(most))
}

/// The whole server. `secure` keeps cookies off plain HTTP.
pub fn build(shared: &Shared, secure: bool) -> Router {
    rendering::begin();
    let (mut open, mut pages) = (Router::new(), Router::new());
    for route in ROUTES {
        let handler = (route.handler)()
            .layer::<_, Infallible>(DefaultBodyLimit::disable())
            .layer(RequestBodyLimitLayer::new(route.most));
        match route.door {
            Open => open = open.route(route.path, handler),
            Own => {
                let guarded = handler.route_layer(from_fn_with_state(shared.clone(), health::own));
                open = open.route(route.path, guarded);
            }
            Token(allow) => {
                let guarded =
                    handler.route_layer(from_fn_with_state((shared.clone(), allow), token::require));
                open = open.route(route.path, guarded);
            }
            Page => pages = pages.route(route.path, handler),
        }
    }
    let rendered = Router::new()
        .leptos_routes_with_context(shared, page_routes(), context(shared), document)
        .layer(from_fn(rendering::watch))
        .layer(RequestBodyLimitLayer::new(EVENTS));
    let lost = leptos_axum::render_app_async_with_context(context(shared), document);
    let lost = Router::new().fallback(lost).layer(from_fn(rendering::watch));
    let lost = with_session(lost, shared, secure).with_state(shared.clone());
    let all = with_session(pages.merge(rendered), shared, secure)
        .merge(open)
        .fallback(move |State(shared): State<Shared>, request: Request| file_or_page(shared, lost, request));
    around(all, shared)
}

/// What is round every answer: an end to waiting, a fault number where a handler broke, the safety headers,
/// the words of problems, and the log, the outermost last.
pub fn around(router: Router<Shared>, shared: &Shared) -> Router {
    router
        .layer(from_fn_with_state(PACE, pace::keep))
        .layer(CatchPanicLayer::custom(observe::panicked))
        .layer(from_fn(guard))
        .layer(from_fn(problem::dress))
        .layer(from_fn_with_state(shared.clone(), observe::observe))
        .with_state(shared.clone())
}

/// The pages, as the app tells them. Asked once a process: while Leptos lists routes, resources load on no
/// thread, and a page that is rendered meanwhile would wait for its own until the request is given up.
pub fn page_routes() -> Vec<AxumRouteListing> {
    static PAGES: LazyLock<Vec<AxumRouteListing>> =
        LazyLock::new(|| generate_route_list(|| view! { <App here=Here::default()/> }));
    PAGES.clone()
}

/// The innermost layer runs last: first the cookie, then where it comes from, then who it is.
fn with_session(router: Router<Shared>, shared: &Shared, secure: bool) -> Router<Shared> {
    router
        .layer(from_fn_with_state(shared.clone(), session::who))
        .layer(from_fn(session::same_site))
        .layer(session::layer(shared, secure))
        .layer(axum::Extension(Secure(secure)))
}

/// A file of the site, or the page that says there is nothing here.
async fn file_or_page(shared: Shared, lost: Router, request: Request) -> Response {
    if let Some(file) = assets::serve(&shared.assets, &request) {
        return file;
    }
    let is_page = request.method() == Method::GET && visitor::reads_pages(request.headers());
    if !is_page || request.uri().path().starts_with("/api/") {
        return Problem::not_found().into_response();
    }
    lost.oneshot(request).await.unwrap_or_else(|never| match never {})
}

/// What a page and a server function are provided with.
fn context(shared: &Shared) -> impl Fn() + Clone + Send + Sync + 'static {
    let shared = shared.clone();
    move || {
        let Some(parts) = use_context::<Parts>() else { return };
        rendering::provide(&parts);
        let visitor = parts.extensions.get::<Visitor>();
        provide_context(app::request::Request {
            ledger: shared.ledger.clone(),
            brand: visitor.map_or_else(|| shared.brand.clone(), |v| v.brand.clone()),
            public: shared.brand.id,
            who: visitor.and_then(Visitor::signed_in),
            lang: visitor::lang(&parts.headers),
            theme: visitor::theme(&parts.headers),
            today: clock::now().date(domain::time::Zone::UTC),
            assets: Arc::new(shared.assets.named()),
            demo: shared.demo.as_ref().map(|demo| demo.accounts.clone()),
            sheet: shared.demo.as_ref().map(|demo| demo.sheet.clone()),
        });
        if let (Some(nonce), Some(answer)) = (leptos::nonce::use_nonce(), use_context::<ResponseOptions>())
            && let Ok(policy) = HeaderValue::try_from(page_policy(&nonce))
        {
            answer.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// The document for the request in context.
fn document() -> impl IntoView {
    let request = use_context::<app::request::Request>();
    let here = request.as_ref().map(app::request::Request::here).unwrap_or_default();
    let assets = request.map(|request| (*request.assets).clone());
    let assets =
        assets.unwrap_or(app::shell::Assets { style: "".into(), version: "".into(), hydrates: false });
    view! { <Shell here=here.clone() assets=assets><App here=here.clone()/></Shell> }
}

/// Scripts only from here and with this answer's nonce; WASM may be compiled, nothing else evaluated.
fn page_policy(nonce: &impl std::fmt::Display) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; media-src 'self' blob:; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// Where an answer brings no policy of its own: words and a style sheet.
const PLAIN_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'none'";

/// What every answer says to the browser about safety, unless it says something else itself.
async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, PLAIN_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            header::HeaderName::from_static("permissions-policy"),
            "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
        ),
    ] {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}
