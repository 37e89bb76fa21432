//! C62 in its first form: every address, method and role against the table in `roles.txt`.
//!
//! The rows come from the same lists the router is built from: the server's own routes, the app's pages,
//! its server functions. A row that is missing, too many or different fails; with `LOTWALK_BLESS=1` the
//! table is written anew, to be read before it is committed.

use crate::{
    http::{Ask, Told, ask},
    site::{Site, draft_json, id, on_each},
};
use domain::{event::KINDS, person::Role};
use serde_json::json;
use server::router::{self, Door, ROUTES};
use std::{collections::BTreeSet, fmt::Write, path::Path};

/// Real values for the named parts of a pattern.
const PARTS: &[(&str, &str)] = &[
    ("/batch/{key}", "/batch/LOT-1"),
    ("/logistic-unit/{key}", "/logistic-unit/C1"),
    ("/shipment/{key}", "/shipment/S1"),
    ("/material-lot/{key}", "/material-lot/ML"),
    ("/trade-item/{key}", "/trade-item/TOY"),
    ("/place/{key}", "/place/WH"),
    ("/ask/batch", "/ask/batch?key=LOT-1"),
    ("/ask/batch_forward", "/ask/batch_forward?key=LOT-1"),
    ("/ask/logistic_unit", "/ask/logistic_unit?key=C1"),
    ("/ask/shipment", "/ask/shipment?key=S1"),
    ("/ask/material_lot", "/ask/material_lot?key=ML"),
    ("/ask/trade_item", "/ask/trade_item?key=TOY"),
    ("/ask/place", "/ask/place?key=WH"),
    ("/ledger/{seq}", "/ledger/1"),
    ("/setup/{token}", "/setup/none"),
    ("/p/{code}", "/p/LOT-1"),
    ("/01/{*code}", "/01/09506000134352"),
    ("/00/{*code}", "/00/095060001343520008"),
    ("/api/v1/entries/{seq}", "/api/v1/entries/1"),
    ("/pkg/{*path}", "/pkg/none.js"),
];

/// What server functions and readings are asked.
const QUERY: &str = "code=C1&kind=relabeling&subject=&draft=&text=LOT&seq=1&list=&after=&before=&short=";

#[tokio::test]
async fn c62_each_role_reaches_what_the_table_says() {
    on_each(async |site: Site| {
        let mut sessions = Vec::new();
        for role in Role::ALL {
            sessions.push((role, site.sign_in(role).await));
        }
        let mut table = String::from(
            "# What each role reaches: the status of every address. Written by the test that checks it.\n\
         # nobody: not signed in, no token. wrong: a cookie and a token that are not known.\n\
         # in: led to the sign-in. back: refused, and led back to the form. done: recorded.\n",
        );
        let names: Vec<_> = Role::ALL.iter().map(|role| role.word()).collect();
        let _ = writeln!(table, "{:<6}{:<28}{:>8}{:>8}  {}", "", "", "nobody", "wrong", names.join("  "));
        for (method, pattern) in rows() {
            let _ = write!(table, "{method:<6}{pattern:<28}");
            let nobody = reached(&site.send(filled(&method, &pattern)).await);
            let wrong =
                filled(&method, &pattern).cookie("lotwalk=AAAAAAAAAAAAAAAAAAAAAA").token("lotwalk_wrong");
            let _ = write!(table, "{nobody:>8}{:>8}  ", reached(&site.send(wrong).await));
            for (role, cookie) in &sessions {
                // A session that the address itself ends is begun anew.
                let mut cookie = cookie.clone();
                if pattern.starts_with("/sign-out") {
                    cookie = site.sign_in(*role).await;
                }
                let one = filled(&method, &pattern).cookie(&cookie).token(site.token(*role));
                let _ = write!(table, "{:<w$}", reached(&site.send(one).await), w = role.word().len() + 2);
            }
            table = table.trim_end().to_string() + "\n";
            if pattern == "/sign-out-everywhere" {
                for (role, cookie) in &mut sessions {
                    *cookie = site.sign_in(*role).await;
                }
            }
        }
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/roles.txt");
        if std::env::var_os("LOTWALK_BLESS").is_some() {
            std::fs::write(&file, &table).expect("is written");
        }
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        let (had, has): (BTreeSet<_>, BTreeSet<_>) = (expected.lines().collect(), table.lines().collect());
        let gone: Vec<_> = had.difference(&has).collect();
        let new: Vec<_> = has.difference(&had).collect();
        assert!(expected == table, "the table said\n{gone:#?}\nit is now\n{new:#?}");
    })
    .await;
}

/// The status; of those that lead on, where to.
fn reached(told: &Told) -> String {
    match (told.status, told.header("location")) {
        (303, to) if to.starts_with("/sign-in?") => "in".into(),
        (303, to) if to.contains("draft=") || to.contains("refused=") => "back".into(),
        (303, to) if to.contains("receipt=") || to.contains("returned=") => "done".into(),
        (status, _) => status.to_string(),
    }
}

/// Every method and pattern, each once, in order.
fn rows() -> BTreeSet<(String, String)> {
    let own = ROUTES.iter().map(|route| (route.method.to_string(), route.path.to_string()));
    let pages = router::page_routes();
    let pages = pages.iter().map(|page| ("GET".to_string(), page.path().to_string()));
    let asked = leptos::server_fn::axum::server_fn_paths();
    let asked = asked.map(|(path, method)| (method.to_string(), path.to_string()));
    let all = own.chain(pages).chain(asked);
    all.flat_map(|(method, path)| {
        each_kind(&method, &path).into_iter().map(move |path| (method.clone(), path))
    })
    .collect()
}

/// The form of every kind has a row of its own; what is posted passes one door whatever its kind.
fn each_kind(method: &str, path: &str) -> Vec<String> {
    let kinds = if method == "GET" && path.contains("{kind}") { KINDS } else { return vec![path.into()] };
    kinds.iter().map(|kind| path.replace("{kind}", kind.name)).collect()
}

/// The request for a pattern, filled with values that exist.
fn filled(method: &str, pattern: &str) -> Ask {
    let known = PARTS.iter().find(|(p, _)| *p == pattern).map(|(_, path)| path.to_string());
    let path = known.unwrap_or_else(|| {
        pattern.split('{').next().unwrap_or_default().to_string()
            + if pattern.contains('{') { "none" } else { "" }
    });
    let door = ROUTES.iter().find(|route| route.path == pattern && route.method.as_str() == method);
    if method == "GET" {
        let joint = if path.contains('?') { '&' } else { '?' };
        return ask(method, &format!("{path}{joint}{QUERY}"));
    }
    match door.map(|route| (route.door, route.path)) {
        Some((Door::Token(_), _)) => {
            let payload = json!({"old_code": "C1", "new_code": id(), "reason": "damaged"});
            ask(method, &path).json(&draft_json("relabeling", payload))
        }
        Some((_, "/event/{kind}")) => {
            let new_code = id();
            let fields = [("old_code", "C2"), ("new_code", &new_code), ("reason", "damaged")];
            ask(method, "/event/relabeling").parts(&fields.map(|(name, value)| (name, value.as_bytes())))
        }
        Some((_, "/p/return")) => ask(method, &path).parts(&[("code", b"LOT-1"), ("complaint", b"breakage")]),
        Some((_, "/language")) => ask(method, &path).form(&[("lang", "en")]),
        Some((_, "/theme")) => ask(method, &path).form(&[("theme", "light")]),
        Some((_, "/sign-in")) => ask(method, &path).form(&[("name", ""), ("password", "")]),
        Some((_, "/setup/{token}")) => {
            ask(method, &path).form(&[("name", ""), ("password", ""), ("repeat", "")])
        }
        _ => ask(method, &path).form(&[]),
    }
}
