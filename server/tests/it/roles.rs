//! C62 in its first form: every address, method and role against the table in `roles.txt`.
//!
//! The rows come from the same lists the router is built from: the server's own routes, the app's pages,
//! its server functions. A row that is missing, too many or different fails; with `LOTWALK_BLESS=1` the
//! table is written anew, to be read before it is committed.

use crate::{
    handed::Handed,
    http::{Ask, Told, ask, get},
    papers::jpeg,
    scratch::Scratch,
    site::Site,
};
use app::kept::KeptDraft;
use domain::{
    event::{KINDS, kind_named},
    person::Role,
};
use ledger::NewDocument;
use serde_json::json;
use server::router::{self, ROUTES};
use std::{collections::BTreeSet, fmt::Write, path::Path};

/// Real values for the named parts of a pattern.
const PARTS: &[(&str, &str)] = &[
    ("/batch/{key}", "/batch/LOT-1"),
    ("/logistic-unit/{key}", "/logistic-unit/C1"),
    ("/shipment/{key}", "/shipment/S1"),
    ("/material-lot/{key}", "/material-lot/ML"),
    ("/trade-item/{key}", "/trade-item/TOY"),
    ("/place/{key}", "/place/WH"),
    ("/shipment/{key}/gate", "/shipment/S1/gate"),
    ("/trace-plan/{key}", "/trace-plan/TOY@WH"),
    ("/trace-plan/{key}/brief", "/trace-plan/TOY@WH/brief"),
    ("/retained-sample/{key}", "/retained-sample/RS-1"),
    ("/order-line/{key}", "/order-line/PO-1"),
    ("/revision/{field}/{value}", "/revision/bom/BM"),
    ("/record/{record}", "/record/certificate?subject=batch:LOT-1"),
    ("/ask/gate", "/ask/gate?key=S1"),
    ("/ask/trace_plan", "/ask/trace_plan?key=TOY@WH"),
    ("/ask/retained_sample", "/ask/retained_sample?key=RS-1"),
    ("/ask/order_line", "/ask/order_line?key=PO-1"),
    ("/ask/named_alike", "/ask/named_alike?field=bom&value=BM"),
    ("/ask/record_form", "/ask/record_form?record=certificate"),
    ("/ask/batch", "/ask/batch?key=LOT-1"),
    ("/ask/batch_forward", "/ask/batch_forward?key=LOT-1"),
    ("/ask/logistic_unit", "/ask/logistic_unit?key=C1"),
    ("/ask/shipment", "/ask/shipment?key=S1"),
    ("/ask/material_lot", "/ask/material_lot?key=ML"),
    ("/ask/trade_item", "/ask/trade_item?key=TOY"),
    ("/ask/place", "/ask/place?key=WH"),
    ("/ledger/{seq}", "/ledger/1"),
    ("/import/{id}", "/import/none"),
    ("/import/{id}/undo", "/import/none/undo"),
    ("/import/{id}/go-on", "/import/none/go-on"),
    ("/import/{id}/refused/{n}", "/import/none/refused/0"),
    ("/import/{id}/mapping", "/import/none/mapping"),
    ("/setup/{token}", "/setup/none"),
    ("/p/{code}", "/p/LOT-1"),
    ("/01/{*code}", "/01/09506000134352"),
    ("/00/{*code}", "/00/095060001343520008"),
    ("/api/v1/entries/{seq}", "/api/v1/entries/1"),
    ("/api/v1/seals/{commitment}", "/api/v1/seals/none"),
    ("/pkg/{*path}", "/pkg/none.js"),
];

/// What server functions and readings are asked.
const QUERY: &str =
    "code=C1&kind=relabeling&subject=&draft=&text=LOT&seq=1&list=&after=&before=&short=&id=none&owes=";

#[tokio::test]
async fn c62_each_role_reaches_what_the_table_says() {
    for scratch in Scratch::each().await {
        let table = table(&Site::demo_on(scratch).await).await;
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/roles.txt");
        if std::env::var_os("LOTWALK_BLESS").is_some() {
            std::fs::write(&file, &table).expect("is written");
        }
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        let (had, has): (BTreeSet<_>, BTreeSet<_>) = (expected.lines().collect(), table.lines().collect());
        let gone: Vec<_> = had.difference(&has).collect();
        let new: Vec<_> = has.difference(&had).collect();
        assert!(expected == table, "the table said\n{gone:#?}\nit is now\n{new:#?}");
    }
}

#[tokio::test]
async fn what_only_the_demo_shows_is_nowhere_else() {
    let site = Site::start().await;
    for path in ["/codes", "/codes.pdf", "/ask/sheet"] {
        assert_eq!(site.send(get(path)).await.status, 404, "{path}");
    }
}

async fn table(site: &Site) -> String {
    let photo = site
        .ledger
        .store_document(
            site.brand.id,
            NewDocument { bytes: jpeg().into(), media_type: "image/jpeg", name: None, by: "story" },
        )
        .await
        .expect("is stored");
    let photo = format!("/file/{photo}");
    let mut sessions = Vec::new();
    for role in Role::ALL {
        sessions.push((role, site.sign_in(role).await));
    }
    let mut table = String::from(
        "# What each role reaches: the status of every address. Written by the test that checks it.\n\
         # nobody: not signed in, no token. wrong: a cookie and a token that are not known.\n\
         # in: led to the sign-in. back: refused, and led back to the form. done: recorded.\n\
         # barred: as back, because this role may not record it. Each kind of event has its own rows.\n",
    );
    let names: Vec<_> = Role::ALL.iter().map(|role| role.word()).collect();
    let _ = writeln!(table, "{:<6}{:<30}{:>8}{:>8}  {}", "", "", "nobody", "wrong", names.join("  "));
    for row in rows() {
        let _ = write!(table, "{:<6}{:<30}", row.method, row.shown());
        let nobody = row.filled(site, Role::Administrator, &photo).await;
        let nobody = reached(site, &site.send(nobody).await).await;
        let wrong = row.filled(site, Role::Administrator, &photo).await;
        let wrong = wrong.cookie("lotwalk=AAAAAAAAAAAAAAAAAAAAAA").token("lotwalk_wrong");
        let _ = write!(table, "{nobody:>8}{:>8}  ", reached(site, &site.send(wrong).await).await);
        for (role, cookie) in &sessions {
            // A session that the address itself ends is begun anew.
            let mut cookie = cookie.clone();
            if row.pattern.starts_with("/sign-out") {
                cookie = site.sign_in(*role).await;
            }
            let one = row.filled(site, *role, &photo).await.cookie(&cookie).token(site.token(*role));
            let reached = reached(site, &site.send(one).await).await;
            row.is_as_declared(*role, &reached);
            let _ = write!(table, "{reached:<w$}", w = role.word().len() + 2);
        }
        table = table.trim_end().to_string() + "\n";
        if row.pattern == "/sign-out-everywhere" {
            for (role, cookie) in &mut sessions {
                *cookie = site.sign_in(*role).await;
            }
        }
    }
    table
}

/// The status; of those that lead on, where to.
async fn reached(site: &Site, told: &Told) -> String {
    match (told.status, told.header("location")) {
        (303, to) if to.starts_with("/sign-in?") => "in".into(),
        (303, to) if to.contains("receipt=") || to.contains("returned=") => "done".into(),
        (303, to) if to.contains("draft=") => {
            let id = to.rsplit("draft=").next().and_then(|id| id.parse().ok()).expect("an id");
            let kept = site.ledger.kept_draft(site.brand.id, id).await.expect("answers").expect("is kept");
            let kept: KeptDraft = serde_json::from_str(&kept).expect("is a form");
            let barred = kept.refusal.is_some_and(|refusal| refusal.reason == "role_may_not");
            if barred { "barred" } else { "back" }.into()
        }
        (303, to) if to.contains("refused=") => "back".into(),
        (status, _) => status.to_string(),
    }
}

/// One line of the table.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    method: String,
    pattern: String,
    /// The kind of event, where the address is asked once for each.
    kind: Option<&'static str>,
}

/// Every method and pattern, each once, in order.
fn rows() -> BTreeSet<Row> {
    let own = ROUTES.iter().map(|route| (route.method.to_string(), route.path.to_string()));
    let pages = router::page_routes();
    let pages = pages.iter().map(|page| ("GET".to_string(), page.path().to_string()));
    let asked = leptos::server_fn::axum::server_fn_paths();
    let asked = asked.map(|(path, method)| (method.to_string(), path.to_string()));
    own.chain(pages).chain(asked).flat_map(|(method, pattern)| each_kind(&method, &pattern)).collect()
}

/// What is asked or handed in by kind has a row for each.
fn each_kind(method: &str, pattern: &str) -> Vec<Row> {
    let row = |kind| Row { method: method.into(), pattern: pattern.into(), kind };
    match pattern.contains("{kind}") || pattern == "/api/v1/events" {
        true => KINDS.iter().map(|kind| row(Some(kind.name))).collect(),
        false => vec![row(None)],
    }
}

impl Row {
    fn shown(&self) -> String {
        match self.kind {
            Some(kind) if self.pattern.contains("{kind}") => self.pattern.replace("{kind}", kind),
            Some(kind) => format!("{} {kind}", self.pattern),
            None => self.pattern.clone(),
        }
    }

    /// An event is recorded for the roles that its kind declares, and for nobody else.
    fn is_as_declared(&self, role: Role, reached: &str) {
        let Some(kind) = self.kind.and_then(kind_named).filter(|_| self.method == "POST") else { return };
        let expected = if kind.allows(role) { ["201", "done"] } else { ["403", "barred"] };
        assert!(expected.contains(&reached), "{} as {}: {reached}", self.shown(), role.word());
    }

    /// The request, filled with values that exist.
    async fn filled(&self, site: &Site, role: Role, photo: &str) -> Ask {
        let method = &*self.method;
        let known = PARTS.iter().find(|(pattern, _)| *pattern == self.pattern).map(|(_, path)| *path);
        let known = if self.pattern == "/file/{digest}" { Some(photo) } else { known };
        let path = known.map_or_else(|| self.shown().replace(['{', '}'], ""), str::to_string);
        match (method, &*self.pattern, self.kind) {
            ("GET", ..) => {
                let joint = if path.contains('?') { '&' } else { '?' };
                ask(method, &format!("{path}{joint}{QUERY}"))
            }
            (_, "/event/{kind}", Some(kind)) => Handed::fresh(site, kind, role).await.as_form(),
            (_, _, Some(kind)) => Handed::fresh(site, kind, role).await.as_json(),
            (_, "/p/return", _) => {
                ask(method, &path).parts(&[("code", b"LOT-1"), ("complaint", b"breakage")])
            }
            (_, "/api/v1/files", _) => ask(method, &path).body("image/jpeg", jpeg()),
            (_, "/api/v1/seals", _) => {
                ask(method, &path).json(&json!({"subject": "material_lot:ML", "name": "Brightway Motors"}))
            }
            (_, "/import", _) => ask(method, &path).parts(&[("place", b"")]),
            ("POST", "/record/{record}", _) => ask(method, "/record/certificate").parts(&[
                ("subject", b"batch:LOT-1"),
                ("fact.number", b"CPC-1"),
                ("fact.document", b"certificate"),
                ("fact.product_version", b"B"),
            ]),
            (_, "/language", _) => ask(method, &path).form(&[("lang", "en")]),
            (_, "/theme", _) => ask(method, &path).form(&[("theme", "light")]),
            (_, "/sign-in", _) => ask(method, &path).form(&[("name", ""), ("password", "")]),
            (_, "/setup/{token}", _) => {
                ask(method, &path).form(&[("name", ""), ("password", ""), ("repeat", "")])
            }
            _ => ask(method, &path).form(&[]),
        }
    }
}
