//! The same book and the same words on SQLite and PostgreSQL, and a PostgreSQL that goes away.
//!
//! What people and programs do is told once for both: see the stories that begin with
//! [`on_each`](crate::site::on_each).

use crate::{
    http::{get, post},
    scratch::Scratch,
    site::{Site, draft_json, id},
};
use domain::{
    person::{Person, Role},
    time::Zone,
};
use ledger::Ledger;
use serde_json::json;
use server::{
    clock, demo,
    import::{
        self,
        feed::Target,
        progress::Progress,
        report::{FileReport, Report},
        rows::Setting,
        source::{Source, Sources},
    },
};
use std::time::{Duration, Instant};

/// Rows of which some can be taken, and some cannot for reasons that only the book knows.
const GOODS: [(&str, &[u8]); 4] = [
    ("places.csv", b"place,name,role,event_time\nF1,One,factory,2026-01-01\nF2,Two,factory,2026-01-01\n"),
    ("trade_items.csv", b"trade_item,name,event_time\nTRAIN,Wooden train,2026-01-01\n"),
    (
        "batches.csv",
        b"batch,trade_item,lot_code,factory,produced_to,quantity\n\
          L1,TRAIN,L1,F1,2026-02-01,100\nL2,TRAIN,L2,F1,2026-02-02,100\nL2-B,TRAIN,L2,F1,2026-02-30,100\n\
          L2-C,TRAIN,L2,F2,2026-02-03,100\n",
    ),
    (
        "cartons.csv",
        b"carton,batch,pieces,packed_on\nC1,L1,24,2026-02-03\nC2,L2,24,2026-02-03\nC3,L9,24,2026-02-03\n\
          (00)006141410000000002,L1,24,2026-02-03\nC4,L1,two dozen,2026-02-03\nC5,L1,24,2026-02-03\n",
    ),
];
const RELABELING: (&str, &[u8]) = (
    "relabeling.csv",
    b"event_time,old_code,new_code,reason,quantity\n2026-02-04T10:00:00Z,C1,C5,damaged,24\n\
      2026-02-04T11:00:00Z,C1,N1,damaged,24\n2099-01-01T00:00:00Z,C5,N5,damaged,24\n",
);

#[tokio::test]
async fn c19_the_demo_pack_comes_to_the_same_book_on_either_database() {
    let mut came = vec![];
    for scratch in Scratch::each().await {
        let ledger = Ledger::open(&scratch.url).await.expect("opens");
        let brand = ledger.create_brand(demo::BRAND.0, demo::BRAND.1).await.expect("a brand");
        let first = demo::load(&ledger, brand.id).await.expect("no fault");
        let book = scratch.book().await;
        let sealed = demo::SEALED.len() as u64;
        assert_eq!(first.total().entries + sealed, book.len() as u64, "its rows, and what no table may name");
        let again = demo::load(&ledger, brand.id).await.expect("no fault");
        assert_eq!((again.total().written, again.total().already), (0, first.total().rows));
        assert_eq!(scratch.book().await, book, "imported twice, written once");
        assert_eq!(ledger.verify(|_| ()).await.expect("no fault").findings, [""; 0]);
        ledger.close().await;
        // Sealed with a key of each ledger's own, so no two say the same; they are the last.
        let mut book = book;
        book.truncate(book.len() - demo::SEALED.len());
        came.push((first, book));
    }
    same(came);
}

#[tokio::test]
async fn c19_the_same_rows_are_refused_in_the_same_words_on_either_database() {
    let mut came = vec![];
    for scratch in Scratch::each().await {
        let ledger = Ledger::open(&scratch.url).await.expect("opens");
        let brand = ledger.create_brand("toys", "Toys").await.expect("a brand").id;
        let person = Person { id: "p".into(), name: "Somebody".into(), role: Role::Administrator };
        let takes = async |into: Target<'_>| {
            let tables = GOODS.iter().chain([&RELABELING]);
            let tables: Vec<Source> = tables.map(|(name, bytes)| Source::embedded(name, bytes)).collect();
            let setting =
                Setting { brand, zone: Zone::UTC, now: clock::now(), not_after: None, source: None };
            import::pack(into, Sources::from(tables), setting, &mut Progress::silent())
                .await
                .expect("no fault")
        };
        let (real, dry) =
            (Target::Ledger(&ledger, brand, &person), Target::Rehearsal(&ledger, brand, &person));
        let rehearsed = takes(dry).await;
        assert_eq!(scratch.book().await, [""; 0], "a dry run writes nothing");
        let first = takes(real).await;
        same_answers(&rehearsed, &first);
        let refused: Vec<_> = first.files.iter().flat_map(|f| &f.problems).map(|p| &*p.reason).collect();
        let book = scratch.book().await;
        assert_eq!(refused.len() as u64, first.total().refused, "{refused:?}");
        for reason in ["ambiguous_code", "unknown_code", "code_in_use", "event_time_in_future"] {
            assert!(refused.contains(&reason), "{reason} is missing in {refused:?}");
        }
        let head = ledger.checkpoint(brand).await.expect("is signed");
        same_answers(&takes(dry).await, &takes(real).await);
        let again = takes(real).await;
        assert_eq!((again.total().written, again.total().refused), (0, first.total().refused));
        assert_eq!(scratch.book().await, book);
        assert_eq!(ledger.checkpoint(brand).await.expect("is signed"), head);
        assert_eq!(ledger.verify(|_| ()).await.expect("no fault").findings, [""; 0]);
        ledger.close().await;
        came.push((first, book));
    }
    same(came);
}

/// A dry run tells what the real run then does.
fn same_answers(dry: &Report, real: &Report) {
    assert!(dry.dry_run && !real.dry_run);
    assert_eq!(dry.files.len(), real.files.len());
    for (dry, real) in dry.files.iter().zip(&real.files) {
        assert_eq!(dry.problems, real.problems);
        let counts = |file: &FileReport| (file.rows, file.fit(), file.already, file.refused);
        assert_eq!(counts(dry), counts(real), "{}", dry.file);
        assert_eq!((dry.discrepancies, dry.written, dry.unasked), (real.discrepancies, 0, 0), "{}", dry.file);
    }
}

/// Compares what each database came to, entry by entry, so that a failure tells the first that differs.
fn same(came: Vec<(Report, Vec<String>)>) {
    for two in came.windows(2) {
        let [(one, book), (other, other_book)] = two else { continue };
        assert_eq!(one, other);
        for (left, right) in book.iter().zip(other_book) {
            assert_eq!(left, right);
        }
        assert_eq!(book.len(), other_book.len());
    }
}

#[tokio::test]
async fn a_postgres_that_goes_away_is_told_as_503_and_the_same_event_lands_when_it_is_back() {
    let Some(scratch) = Scratch::postgres().await else { return };
    let site = Site::start_on(scratch).await;
    let cookie = site.sign_in(Role::Warehouse).await;
    let before = site.size().await;
    assert_eq!(site.send(get("/readyz")).await.status, 200);

    site.scratch.lets_in(false).await;
    let relabel = |new: &str| {
        let payload = json!({"old_code": "C1", "new_code": new, "reason": "damaged"});
        post("/api/v1/events").token(site.token(Role::Warehouse)).json(&draft_json("relabeling", payload))
    };
    let event = relabel("C9");
    let form = id();
    let fields = [("draft_id", &*form), ("old_code", "C2"), ("new_code", "C8"), ("reason", "damaged")];
    let form = post("/event/relabeling").cookie(&cookie);
    let form = form.parts(&fields.map(|(name, value)| (name, value.as_bytes())));
    for ask in [
        get("/readyz"),
        event.clone(),
        form.clone(),
        event.clone(),
        get("/api/v1/resolve?code=C2").token(site.token(Role::Warehouse)),
        get("/account").cookie(&cookie),
        post("/sign-in").form(&[("name", "buyer"), ("password", "x")]),
        event.clone(),
    ] {
        let told = site.send(ask.clone()).await;
        assert_eq!((told.status, told.header("retry-after")), (503, "2"), "{ask:?}: {}", told.text());
        assert_eq!(told.problem(), "out_of_reach", "{ask:?}");
    }

    site.scratch.lets_in(true).await;
    // Whoever tries again, as the answer says, gets through.
    let patiently = async |ask: &crate::http::Ask| {
        let begun = Instant::now();
        loop {
            let told = site.send(ask.clone()).await;
            if told.status != 503 || begun.elapsed() > Duration::from_secs(30) {
                return told;
            }
        }
    };
    let landed = patiently(&event).await;
    assert_eq!((landed.status, landed.json()["seq"].as_u64()), (201, Some(before + 1)), "{}", landed.text());
    assert_eq!(patiently(&event).await.json()["already"], true);
    assert_eq!(patiently(&form).await.to(), format!("/logistic-unit/C2?receipt={}", before + 2));
    assert_eq!(site.ledger.verify(|_| ()).await.expect("answers").findings, [""; 0]);
}
