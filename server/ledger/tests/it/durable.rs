//! Killed without warning, again and again: what was acknowledged is there.

use crate::support::{Scratch, draft, person};
use domain::{event::EventDraft, time::Time};
use ledger::Ledger;
use serde_json::json;
use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    time::{Duration, Instant},
};
use uuid::Uuid;

/// Set for the process that is killed: the database it writes to.
const CHILD: &str = "LOTWALK_LEDGER_CHILD";

/// The same draft for the same id, so that it can be told whether it was written.
pub(crate) fn known_draft(id: Uuid) -> EventDraft {
    let payload = json!({"codes": [format!("C-{id}")], "level": "carton"});
    EventDraft { id, ..draft("commissioning", payload, Time(1_770_000_000_000)) }
}

/// Not a test of its own: what the killed process does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_process_that_is_killed() {
    let Ok(url) = std::env::var(CHILD) else { return };
    let ledger = Ledger::open(&url).await.unwrap();
    let brand = ledger.create_brand("acme", "Acme Toys").await.unwrap().id;
    let writers = (0..8).map(|_| {
        let ledger = ledger.clone();
        tokio::spawn(async move {
            loop {
                let id = Uuid::now_v7();
                let drafts = vec![known_draft(id)];
                if ledger.capture(brand, &person(), drafts).await.is_ok_and(|a| a[0].is_ok()) {
                    // One write, so that a line is whole or absent.
                    std::io::stdout().lock().write_all(format!("acknowledged {id}\n").as_bytes()).unwrap();
                }
            }
        })
    });
    futures::future::join_all(writers).await;
}

#[test]
fn an_acknowledged_entry_survives_kill_9_under_load() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        survives_kill_9(&Scratch::sqlite()).await;
        match Scratch::postgres().await {
            Some(scratch) => {
                survives_kill_9(&scratch).await;
                scratch.drop_database().await;
            }
            None => println!("skipped on PostgreSQL"),
        }
    });
}

async fn survives_kill_9(scratch: &Scratch) {
    let mut acknowledged = vec![];
    for round in 0..5 {
        kill_under_load(&scratch.url, 40 * (round + 1), &mut acknowledged);
    }
    assert!(acknowledged.len() > 200, "{}", acknowledged.len());
    let ledger = Ledger::open(&scratch.url).await.unwrap();
    let report = ledger.verify(|_| ()).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert!(report.entries >= acknowledged.len() as u64);
    let brand = ledger.brand("acme").await.unwrap().unwrap().id;
    let drafts = acknowledged.iter().map(|id| known_draft(*id)).collect();
    for answer in ledger.capture(brand, &person(), drafts).await.unwrap() {
        assert!(answer.unwrap().already, "an acknowledged entry was lost");
    }
    crate::replay::replays_to_the_same(&ledger, scratch).await;
    ledger.close().await;
}

/// Kills the process that writes once so many were acknowledged in all, and adds what it still told.
fn kill_under_load(url: &str, after: usize, acknowledged: &mut Vec<Uuid>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "durable::the_process_that_is_killed", "--nocapture"])
        .env(CHILD, url)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (lines, begun) = (BufReader::new(child.stdout.take().unwrap()).lines(), Instant::now());
    let mut killed = false;
    for line in lines {
        if let Some(id) = line.unwrap().split("acknowledged ").nth(1) {
            acknowledged.push(id.parse::<Uuid>().unwrap());
        }
        if !killed && acknowledged.len() > after && begun.elapsed() > Duration::from_millis(60) {
            // SIGKILL: nothing is flushed, nothing is closed.
            child.kill().unwrap();
            killed = true;
        }
    }
    assert!(!child.wait().unwrap().success(), "it ended by itself");
}
