//! An import that is killed without warning, again and again: importing once more brings the rest, and
//! the book is the one that an undisturbed import writes.

use crate::{
    program::{Data, text},
    scratch::Scratch,
};
use domain::person::Role;
use serde_json::Value;
use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Child, Stdio},
    time::Duration,
};

const BATCHES: usize = 40;
const CARTONS: usize = 4_500;
const SHIPMENTS: usize = 30;
/// Kills somewhere in the first group of rows, so long after the start.
const EARLY: [Duration; 3] =
    [Duration::from_millis(60), Duration::from_millis(250), Duration::from_millis(600)];

#[tokio::test]
async fn c19_an_import_killed_again_and_again_ends_in_the_same_book() {
    let data = Data::new("killed");
    let pack = data.0.join("pack");
    let rows = write_pack(&pack);
    let pack = pack.display().to_string();
    for (undisturbed, killed) in Scratch::each().await.into_iter().zip(Scratch::each().await) {
        let whole = import(&data, &pack, &undisturbed);
        assert_eq!((whole.written, whole.refused), (rows, 0));

        // The brand is made first, so that both know it by the same number: ids of drafts hang on it.
        let made = data.run(&["token", "create", "--role", Role::Buyer.word(), "--database", &killed.url]);
        assert!(made.status.success(), "{}", text(&made.stderr));
        for moment in EARLY {
            let mut importing = begin(&data, &pack, &killed);
            tokio::time::sleep(moment).await;
            assert!(kill(&mut importing), "it was over within {moment:?}");
        }
        let mut kills = 0;
        while kill_on_the_way(&data, &pack, &killed, Duration::from_millis(40 * kills)).await {
            kills += 1;
        }
        assert!(kills > 0, "it was never killed between two groups");

        let rest = import(&data, &pack, &killed);
        assert_eq!((rest.written + rest.already, rest.refused), (rows, 0));
        let (one, other) = (undisturbed.book().await, killed.book().await);
        // Line by line, so that a failure tells the first entry that differs.
        for (left, right) in one.iter().zip(&other) {
            assert_eq!(left, right);
        }
        assert_eq!(one.len(), other.len());
        assert_eq!(data.verified(&["--database", &killed.url]), other.len() as u64);
        let again = import(&data, &pack, &killed);
        assert_eq!((again.written, again.already), (0, rows));
    }
}

fn begin(data: &Data, pack: &str, scratch: &Scratch) -> Child {
    let mut command = data.command(&["import", pack, "--database", &scratch.url]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("runs")
}

/// SIGKILL: nothing is flushed, nothing is closed. False when it had come to its end before.
fn kill(importing: &mut Child) -> bool {
    importing.kill().expect("is killed");
    importing.wait().expect("ends").code().is_none()
}

/// Begins an import and kills it a moment after it has committed something, somewhere in what comes next.
/// False when it came to its end before.
async fn kill_on_the_way(data: &Data, pack: &str, scratch: &Scratch, moment: Duration) -> bool {
    let before = scratch.entries().await;
    let mut importing = begin(data, pack, scratch);
    while scratch.entries().await == before {
        if let Some(status) = importing.try_wait().expect("answers") {
            assert!(status.success(), "{status}");
            return false;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    tokio::time::sleep(moment).await;
    kill(&mut importing)
}

/// Imports to the end and gives the counts of all files together.
fn import(data: &Data, pack: &str, scratch: &Scratch) -> Counts {
    let out = data.run(&["import", pack, "--json", "--database", &scratch.url]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let report: Value = serde_json::from_slice(&out.stdout).expect("is JSON");
    let files = report["files"].as_array().expect("files");
    let sum = |name: &str| files.iter().filter_map(|file| file[name].as_u64()).sum();
    Counts { written: sum("written"), already: sum("already"), refused: sum("refused") }
}

/// Rows that were written, were there already, were refused.
struct Counts {
    written: u64,
    already: u64,
    refused: u64,
}

/// Writes a record pack of which every row tells its own time; returns how many rows it has.
fn write_pack(folder: &Path) -> u64 {
    let mut cartons = String::from("carton,batch,pieces,packed_on\n");
    let mut units = String::from("shipment,unit,shipped_on\n");
    let mut relabeling = String::from("event_time,old_code,new_code,reason,old_code_scanned\n");
    for n in 0..CARTONS {
        let batch = n * BATCHES / CARTONS;
        let _ = writeln!(cartons, "C-{n},L-{batch},24,2026-02-03");
        // A carton of two batches now and then.
        if n % 50 == 0 {
            let _ = writeln!(cartons, "C-{n},L-{},4,2026-02-03", (batch + 1) % BATCHES);
        }
        if n % 6 == 0 {
            let _ = writeln!(units, "S-{},C-{n},2026-02-10", n * SHIPMENTS / CARTONS);
        }
        if n % 20 == 0 {
            let _ = writeln!(relabeling, "2026-02-12T10:00:00Z,C-{n},N-{n},damaged,yes");
        }
    }
    let mut batches = String::from("batch,trade_item,lot_code,factory,produced_to,quantity\n");
    for n in 0..BATCHES {
        let _ = writeln!(batches, "L-{n},TRAIN,L-{n},F1,2026-02-01,6000");
    }
    let mut shipments = String::from("shipment,destination,shipped_on,event_time\n");
    for n in 0..SHIPMENTS {
        let _ = writeln!(shipments, "S-{n},W1,2026-02-10,2026-02-10");
    }
    let places = "place,name,role,event_time\nF1,Factory,factory,2026-01-01\nW1,Store,warehouse,2026-01-01\n";
    let trade_items = "trade_item,name,event_time\nTRAIN,Wooden train,2026-01-01\n";
    let tables = [
        ("places", places),
        ("trade_items", trade_items),
        ("batches", &batches),
        ("cartons", &cartons),
        ("shipments", &shipments),
        ("shipment_units", &units),
        ("relabeling", &relabeling),
    ];
    fs::create_dir_all(folder).expect("a folder");
    let mut rows = 0;
    for (name, table) in tables {
        fs::write(folder.join(name).with_extension("csv"), table).expect("is written");
        rows += table.lines().count() as u64 - 1;
    }
    rows
}
