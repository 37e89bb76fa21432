//! Signing in and out, on one device and on all of them.

use crate::{
    http::{get, post},
    site::{PASSWORD, Site, on_each},
};
use domain::{person::Role, time::Time};
use serde_json::json;
use server::{clock, session};
use tower_sessions::{
    SessionStore,
    cookie::time::{Duration, OffsetDateTime},
    session::{Id, Record},
};

const DAY_MS: i64 = 24 * 3600 * 1000;

/// Changes a session as time would.
async fn age(site: &Site, cookie: &str, change: impl FnOnce(&mut Record)) {
    let id: Id = cookie.trim_start_matches("lotwalk=").parse().expect("an id");
    let store = site.ledger.session_store();
    let mut record = store.load(&id).await.expect("answers").expect("is there");
    change(&mut record);
    store.save(&record).await.expect("is stored");
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_or_old() {
    on_each(async |site: Site| {
        let since = |days: i64| json!(clock::now().0 - days * DAY_MS);
        let cookie = site.sign_in(Role::Buyer).await;
        let left = async |cookie: &str| site.send(get("/account").cookie(cookie)).await.status;

        age(&site, &cookie, |r| r.data.get_mut("signed").expect("is signed in")["since"] = since(6)).await;
        assert_eq!(left(&cookie).await, 200, "six days old");
        age(&site, &cookie, |r| r.data.get_mut("signed").expect("is signed in")["since"] = since(8)).await;
        assert_eq!(left(&cookie).await, 303, "eight days old, however busy");

        let cookie = site.sign_in(Role::Buyer).await;
        age(&site, &cookie, |r| {
            let signed = r.data.get_mut("signed").expect("is signed in");
            signed["seen"] = json!(clock::now().0 - DAY_MS / 48);
            r.expiry_date = OffsetDateTime::now_utc() + Duration::minutes(1);
        })
        .await;
        assert_eq!(left(&cookie).await, 200);
        age(&site, &cookie, |r| assert!(r.expiry_date > OffsetDateTime::now_utc() + Duration::hours(11)))
            .await;
        age(&site, &cookie, |r| r.expiry_date = OffsetDateTime::now_utc() - Duration::minutes(1)).await;
        assert_eq!(left(&cookie).await, 303, "idle for too long");
    })
    .await;
}

#[tokio::test]
async fn a_person_signs_in_and_out() {
    on_each(async |site: Site| {
        let told = site.send(get("/account").with("accept", "text/html")).await;
        assert_eq!(told.to(), "/sign-in?back=%2Faccount");

        let cookie = site.sign_in(Role::Inspector).await;
        let told = site.send(get("/account").cookie(&cookie)).await;
        assert_eq!(told.status, 200, "{}", told.text());
        assert!(told.text().contains("inspector"));

        let out = site.send(post("/sign-out").cookie(&cookie).form(&[("back", "/sign-in")])).await;
        assert_eq!(out.to(), "/sign-in");
        assert_eq!(
            site.send(get("/account").cookie(&cookie)).await.status,
            303,
            "the session itself has ended"
        );
    })
    .await;
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let site = Site::empty().await;
    let form = [("name", "buyer"), ("password", PASSWORD)];
    let told = site.send(post("/sign-in").form(&form)).await;
    let cookie = told.header("set-cookie");
    for word in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain HTTP on this machine");
}

#[tokio::test]
async fn the_session_gets_a_new_id_at_sign_in() {
    let site = Site::empty().await;
    let first = site.sign_in(Role::Buyer).await;
    let form = [("name", "factory"), ("password", PASSWORD)];
    let told = site.send(post("/sign-in").cookie(&first).form(&form)).await;
    let second = told.sets("lotwalk").expect("a session");
    assert_ne!(first, second);
    assert_eq!(
        site.send(get("/account").cookie(&first)).await.status,
        303,
        "the id of before is worth nothing"
    );
    assert!(site.send(get("/account").cookie(&second)).await.text().contains("factory"));
}

#[tokio::test]
async fn sign_out_everywhere_ends_every_session() {
    let site = Site::empty().await;
    let (phone, desk) = (site.sign_in(Role::Warehouse).await, site.sign_in(Role::Warehouse).await);
    let other = site.sign_in(Role::Buyer).await;
    let out = site.send(post("/sign-out-everywhere").cookie(&desk).form(&[("back", "/sign-in")])).await;
    assert_eq!(out.to(), "/sign-in");
    assert_eq!(site.send(get("/account").cookie(&phone)).await.status, 303);
    assert_eq!(site.send(get("/account").cookie(&other)).await.status, 200, "nobody else is sent away");
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_get_the_same_answer() {
    let site = Site::empty().await;
    let answer = async |name: &str, password: &str| {
        let told = site.send(post("/sign-in").form(&[("name", name), ("password", password)])).await;
        assert_eq!(told.sets("lotwalk"), None);
        told.to().replace(name, "NAME")
    };
    let wrong = answer("buyer", "not the password").await;
    assert_eq!(wrong, "/sign-in?refused=credentials&name=NAME&back=%2F");
    assert_eq!(answer("nobody", PASSWORD).await, wrong);
    assert_eq!(answer("buyer", "").await, wrong);
}

#[tokio::test]
async fn a_name_is_not_guessed_at_for_ever() {
    let site = Site::empty().await;
    for _ in 0..5 {
        let told = site.send(post("/sign-in").form(&[("name", "Buyer"), ("password", "guess")])).await;
        assert!(told.to().contains("refused=credentials"));
    }
    let right = site.send(post("/sign-in").form(&[("name", "buyer"), ("password", PASSWORD)])).await;
    assert!(right.to().contains("refused=throttled"), "not even the right one, in whatever case");
    site.sign_in(Role::Factory).await;
}

#[tokio::test]
async fn signing_in_never_leads_to_another_host() {
    let site = Site::empty().await;
    for back in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let form = [("name", "buyer"), ("password", PASSWORD), ("back", back)];
        assert_eq!(site.send(post("/sign-in").form(&form)).await.to(), "/", "{back}");
    }
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let site = Site::empty().await;
    let cookie = site.sign_in(Role::Buyer).await;
    let foreign = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
    for (name, value) in foreign {
        let ask = post("/sign-out").cookie(&cookie).with(name, value).form(&[]);
        let told = site.send(ask).await;
        assert_eq!((told.status, told.problem().as_str()), (403, "foreign_request"));
    }
    assert_eq!(site.send(get("/account").cookie(&cookie)).await.status, 200, "still signed in");
    let page = post("/sign-out").cookie(&cookie).with("origin", "https://evil.example").form(&[]);
    let told = site.send(page.with("accept", "text/html").with("accept-language", "zh-CN")).await;
    assert!(told.text().contains("lang=\"zh-CN\""), "a person gets a page: {}", told.text());
}

#[tokio::test]
async fn language_and_theme_live_in_cookies() {
    let site = Site::empty().await;
    let told = site.send(post("/language").form(&[("lang", "zh-CN"), ("back", "/sign-in")])).await;
    assert_eq!(told.to(), "/sign-in");
    let lang = told.sets("lang").expect("a cookie");
    let theme = site.send(post("/theme").form(&[("theme", "dark")])).await.sets("theme").expect("a cookie");
    let page = site.send(get("/sign-in").cookie(&format!("{lang}; {theme}"))).await.text();
    assert!(page.contains("lang=\"zh-CN\"") && page.contains("data-theme=\"dark\""), "{page}");
    let english = site.send(get("/sign-in").with("accept-language", "en")).await.text();
    assert!(english.contains("lang=\"en\""));
    assert_eq!(site.send(post("/language").form(&[("lang", "fr")])).await.status, 422);
}

#[tokio::test]
async fn a_setup_link_works_once() {
    on_each(async |site: Site| {
        let secret = session::secret();
        let until: Time = clock::now().plus_minutes(5);
        let made = site.ledger.create_setup_link(site.brand.id, &session::digest(&secret), until).await;
        made.expect("is stored");
        let path = format!("/setup/{secret}");
        let fill = |name: &str, password: &str, repeat: &str| {
            post(&path).form(&[("name", name), ("password", password), ("repeat", repeat)])
        };
        let refused = async |ask| site.send(ask).await.to().split("refused=").nth(1).map(str::to_string);
        let why = refused(fill("Ada", PASSWORD, "another password")).await;
        assert_eq!(why.as_deref(), Some("password_differs&name=Ada"));
        assert_eq!(refused(fill("Ada", "short", "short")).await.as_deref(), Some("password_short&name=Ada"));
        assert_eq!(
            refused(fill("Buyer", PASSWORD, PASSWORD)).await.as_deref(),
            Some("name_in_use&name=Buyer")
        );

        let told = site.send(fill("Ada", PASSWORD, PASSWORD)).await;
        assert_eq!(told.to(), "/");
        let cookie = told.sets("lotwalk").expect("is signed in");
        assert!(site.send(get("/account").cookie(&cookie)).await.text().contains("Ada"));
        assert_eq!(refused(fill("Eve", PASSWORD, PASSWORD)).await.as_deref(), Some("link_used&name=Eve"));
    })
    .await;
}
