//! Whatever way drafts come in, in one large group or one by one, the book and everything kept from it
//! come out the same: the opened book that a group is decided on is as good as one opened anew each time.

use crate::{
    support::{Scratch, person},
    world::{GTIN, sscc},
};
use domain::{
    event::{EventDraft, Evidence},
    log::{Frontier, leaf_hash},
    person::{Person, Role},
    time::{Time, Zone},
};
use ledger::{BrandId, Ledger, Reader};
use proptest::prelude::*;
use serde_json::{Value, json};
use sqlx::{Column, Connection, PgConnection, Row, SqliteConnection, TypeInfo, ValueRef};
use uuid::Uuid;

/// A row of either database as text.
macro_rules! line {
    ($row:expr) => {{
        let cell = |i: usize| {
            let value = $row.try_get_raw(i).unwrap();
            match value.type_info().name() {
                _ if value.is_null() => "-".to_string(),
                "INTEGER" | "INT8" => $row.get::<i64, _>(i).to_string(),
                "TEXT" => $row.get::<String, _>(i),
                _ => format!("{:?}", leaf_hash(&$row.get::<Vec<u8>, _>(i))),
            }
        };
        let columns = $row.columns().iter().map(|c| format!("{}={}", c.name(), cell(c.ordinal())));
        columns.collect::<Vec<_>>().join(" ")
    }};
}

/// The tables that are kept from entries.
const TABLES: &[&str] = &[
    "entry",
    "log_head",
    "log_node",
    "correction",
    "subject",
    "name",
    "link",
    "mark",
    "counted",
    "fact",
    "refer",
    "subject_entry",
    "discrepancy",
    "standing",
];

/// Every row of the tables as text, in order; the same for the same rows in either database.
async fn dump(scratch: &Scratch) -> Vec<String> {
    let mut all = vec![];
    for table in TABLES {
        let sql = format!("select * from {table}");
        let mut lines: Vec<String> = if scratch.is_postgres() {
            let mut connection = PgConnection::connect(&scratch.url).await.unwrap();
            sqlx::query(&sql).fetch_all(&mut connection).await.unwrap().iter().map(|r| line!(r)).collect()
        } else {
            let mut connection = SqliteConnection::connect(&scratch.url).await.unwrap();
            sqlx::query(&sql).fetch_all(&mut connection).await.unwrap().iter().map(|r| line!(r)).collect()
        };
        lines.sort();
        all.extend(lines.into_iter().map(|line| format!("{table} {line}")));
    }
    all
}

/// The drafts, persons and record times of a book, from the bytes of its entries.
async fn entries(scratch: &Scratch) -> Vec<(EventDraft, Person, Time, Vec<u8>)> {
    scratch
        .contents()
        .await
        .into_iter()
        .map(|bytes| {
            let content: Value = serde_json::from_slice(&bytes).unwrap();
            let of = |name: &str| serde_json::from_value(content[name].clone());
            let draft = EventDraft {
                id: of("id").unwrap_or_else(|_| panic!()),
                kind: content["kind"].as_str().unwrap().into(),
                event_time: content["eventTime"].as_str().unwrap().parse().unwrap(),
                zone: content["zone"].as_str().unwrap().parse().unwrap(),
                place: content["place"].as_str().map(Into::into),
                evidence: serde_json::from_value(content["evidence"].clone()).unwrap(),
                note: content["note"].as_str().map(Into::into),
                source: content["source"].as_str().map(Into::into),
                payload: content["payload"].clone(),
            };
            let person = serde_json::from_value(content["person"].clone()).unwrap();
            (draft, person, content["recordTime"].as_str().unwrap().parse().unwrap(), bytes)
        })
        .collect()
}

/// Replays a book one entry at a time into an empty one and compares everything.
pub(crate) async fn replays_to_the_same(ledger: &Ledger, scratch: &Scratch) {
    let again = Scratch::sqlite();
    let copy = Ledger::open(&again.url).await.unwrap();
    let brand = copy.create_brand("acme", "Acme Toys").await.unwrap().id;
    let mut naive = Frontier::new();
    for (draft, person, now, bytes) in entries(scratch).await {
        naive.push(leaf_hash(&bytes));
        copy.capture_at(brand, &person, vec![draft], now).await.unwrap().remove(0).unwrap();
    }
    assert_eq!(ledger.checkpoint(brand).await.unwrap().root, naive.root().to_base64());
    assert!(ledger.stands(brand).await.unwrap() && copy.stands(brand).await.unwrap(), "nothing is due");
    same(dump(scratch).await, dump(&again).await);
    copy.close().await;
}

/// Compares row by row, so that a failure tells the first that differs.
fn same(one: Vec<String>, two: Vec<String>) {
    for (left, right) in one.iter().zip(&two) {
        assert_eq!(left, right);
    }
    assert_eq!(one.len(), two.len());
}

/// Something somebody may do, on a handful of things.
#[derive(Clone, Debug)]
enum Step {
    Pack(u64, u8, Option<u64>),
    Unpack(u64, u8, Option<u64>),
    Stack(u64, u64),
    Unstack(u64, u64),
    Ship(u8, u64),
    Receive(u8),
    Split(u8, u64),
    Relabel(u64, u64),
    Hold(u8, bool),
    HoldUnit(u64, bool),
    Observe(u64),
    Correct(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let carton = 1..5_u64;
    let pallet = 10..12_u64;
    let batch = 0..3_u8;
    let pieces = proptest::option::weighted(0.8, 1..30_u64);
    let step = prop_oneof![
        4 => (carton.clone(), batch.clone(), pieces.clone()).prop_map(|(c, b, n)| Step::Pack(c, b, n)),
        2 => (carton.clone(), batch.clone(), pieces).prop_map(|(c, b, n)| Step::Unpack(c, b, n)),
        3 => (pallet.clone(), carton.clone()).prop_map(|(p, c)| Step::Stack(p, c)),
        1 => (pallet.clone(), carton.clone()).prop_map(|(p, c)| Step::Unstack(p, c)),
        2 => (batch.clone(), prop_oneof![carton.clone(), pallet]).prop_map(|(s, u)| Step::Ship(s, u)),
        1 => batch.clone().prop_map(Step::Receive),
        1 => (batch.clone(), carton.clone()).prop_map(|(s, u)| Step::Split(s, u)),
        2 => (carton.clone(), 20..26_u64).prop_map(|(c, n)| Step::Relabel(c, n)),
        1 => (batch, any::<bool>()).prop_map(|(b, held)| Step::Hold(b, held)),
        1 => (carton.clone(), any::<bool>()).prop_map(|(u, held)| Step::HoldUnit(u, held)),
        1 => (20..26_u64).prop_map(Step::Observe),
        2 => (0..60_usize).prop_map(Step::Correct),
    ];
    proptest::collection::vec(step, 1..50)
}

impl Step {
    fn told(&self, furnished: usize, number: usize) -> (&'static str, Value) {
        let batch = |b: &u8| format!("urn:lotwalk:batch:L-{b}");
        let action = |held: &bool| if *held { "hold" } else { "release" };
        match self {
            Step::Pack(c, b, n) => (
                "packing",
                json!({"container": sscc(*c), "level": "carton", "override_by": "Wen", "override_reason": "x",
                       "batches": [{"batch": batch(b), "pieces": n}]}),
            ),
            Step::Unpack(c, b, n) => {
                ("unpacking", json!({"container": sscc(*c), "batches": [{"batch": batch(b), "pieces": n}]}))
            }
            Step::Stack(p, c) => (
                "packing",
                json!({"container": sscc(*p), "level": "pallet", "units": [sscc(*c)], "override_by": "Wen", "override_reason": "x"}),
            ),
            Step::Unstack(p, c) => ("unpacking", json!({"container": sscc(*p), "units": [sscc(*c)]})),
            Step::Ship(s, u) => (
                "shipping",
                json!({"shipment": format!("SH-{s}"), "units": [sscc(*u)], "override_by": "Wen", "override_reason": "x"}),
            ),
            Step::Receive(s) => ("receiving", json!({"shipment": format!("SH-{s}")})),
            Step::Split(s, u) => (
                "splitting",
                json!({"whole": format!("SH-{s}"), "parts": [{"reference": format!("SH-{s}-{number}"), "units": [sscc(*u)]}]}),
            ),
            Step::Relabel(c, n) => (
                "relabeling",
                json!({"old_code": sscc(*c), "new_code": sscc(*n), "reason": "damaged", "old_code_scanned": true}),
            ),
            Step::Hold(b, held) => {
                ("holding", json!({"subjects": [batch(b)], "action": action(held), "reason": "x"}))
            }
            Step::HoldUnit(u, held) => {
                ("holding", json!({"subjects": [sscc(*u)], "action": action(held), "reason": "x"}))
            }
            Step::Observe(n) => ("observing", json!({"code": sscc(*n)})),
            Step::Correct(i) => {
                ("correcting", json!({"entry": (furnished + i).to_string(), "reason": "did_not_occur"}))
            }
        }
    }
}

fn draft(number: u64, kind: &str, payload: Value) -> EventDraft {
    let at = Time(1_770_000_000_000 + number as i64 * 60_000);
    let payload = without_nulls(payload);
    EventDraft {
        id: Uuid::from_u128(u128::from(number) + 1),
        kind: kind.into(),
        event_time: at,
        zone: Zone(480),
        place: (kind == "receiving").then(|| "W1".into()),
        evidence: Evidence::Scanned,
        note: None,
        source: None,
        payload,
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            members.into_iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k, without_nulls(v))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

/// A trade item and three batches, then the steps.
fn drafts(steps: &[Step]) -> Vec<EventDraft> {
    let mut told = vec![(
        "filing",
        json!({"subject": "trade_item:T", "record": "trade_item", "facts": [{"name": "name", "value": "Truck"}],
               "names": [{"code": format!("(01){GTIN}")}]}),
    )];
    for b in 0..3 {
        told.push((
            "producing",
            json!({"trade_item": format!("(01){GTIN}"), "lot_code": format!("L-{b}"), "quantity": 100, "line": "1"}),
        ));
    }
    let furnished = told.len();
    told.extend(steps.iter().enumerate().map(|(number, step)| step.told(furnished, number)));
    told.into_iter().zip(0..).map(|((kind, payload), number)| draft(number, kind, payload)).collect()
}

async fn run(drafts: Vec<EventDraft>) {
    let scratch = Scratch::sqlite();
    let ledger = Ledger::open(&scratch.url).await.unwrap();
    let brand: BrandId = ledger.create_brand("acme", "Acme Toys").await.unwrap().id;
    let now = Time(1_780_000_000_000);
    let answers = ledger.capture_at(brand, &person(), drafts.clone(), now).await.unwrap();
    assert!(answers[0].is_ok() && answers[1].is_ok(), "{:?}", &answers[..2]);
    let report = ledger.verify(|_| ()).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let again = Scratch::sqlite();
    let copy = Ledger::open(&again.url).await.unwrap();
    copy.create_brand("acme", "Acme Toys").await.unwrap();
    for (draft, answer) in drafts.into_iter().zip(answers) {
        let one = copy.capture_at(brand, &person(), vec![draft.clone()], now).await.unwrap().remove(0);
        assert_eq!(one, answer, "{draft:?}");
    }
    assert!(ledger.stands(brand).await.unwrap() && copy.stands(brand).await.unwrap(), "nothing is due");
    same(dump(&scratch).await, dump(&again).await);
    ledger.close().await;
    copy.close().await;
}

/// The codes that steps may have put on something.
fn codes() -> Vec<String> {
    let units = (1..5).chain(10..12).chain(20..26).map(sscc);
    let others = ["L-0", "L-1", "L-2", "SH-0", "SH-1", "SH-2"].map(str::to_string);
    units.chain(others).chain([format!("(01){GTIN}")]).collect()
}

/// What is kept ready is asked for after every draft, and looked up afresh beside it.
async fn asked_throughout(drafts: Vec<EventDraft>) {
    let scratch = Scratch::sqlite();
    let ledger = Ledger::open(&scratch.url).await.unwrap();
    let brand: BrandId = ledger.create_brand("acme", "Acme Toys").await.unwrap().id;
    let reader = Reader { brand, role: Role::Buyer };
    let now = Time(1_780_000_000_000);
    for draft in drafts {
        ledger.capture_at(brand, &person(), vec![draft.clone()], now).await.unwrap();
        for code in codes() {
            let ready = ledger.resolve_json(&reader, &code).await.unwrap();
            let ready: Value = serde_json::from_slice(&ready.1).unwrap();
            let fresh = ledger.resolve(&reader, None, code.as_bytes()).await.unwrap();
            // A problem has further members, which name it.
            for (name, value) in serde_json::to_value(fresh).unwrap().as_object().unwrap() {
                assert_eq!(&ready[name], value, "{name} of {code} after {draft:?}");
            }
        }
    }
    assert!(ledger.stats().cache_hits > 0);
    ledger.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_group_comes_to_the_same_as_its_drafts_one_by_one(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(run(drafts(&steps)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_ready_is_what_a_look_would_tell(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(asked_throughout(drafts(&steps)));
    }
}
