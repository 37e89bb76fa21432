//! Somebody who has the file and all the time in the world: whatever is changed behind the ledger's back,
//! `verify` names the place.

use crate::support::{Book, Scratch};
use domain::log::{Frontier, Hash, leaf_hash};
use ledger::Ledger;
use serde_json::json;
use sqlx::{Connection, SqliteConnection};
use std::path::{Path, PathBuf};

/// Entries of the book: two nodes of the tree are stored, and half a node's worth is not yet.
const ENTRIES: u64 = 40;
/// Sizes of which a checkpoint is kept.
const SIGNED: [u64; 2] = [10, ENTRIES];

const TRIGGERS: [&str; 5] = [
    "entry_is_never_updated",
    "entry_is_never_deleted",
    "entry_is_never_replaced",
    "checkpoint_is_never_updated",
    "checkpoint_is_never_deleted",
];

/// A copy of a book, to be copied on and tampered with.
async fn book() -> Scratch {
    let (scratch, copy) = (Scratch::sqlite(), Scratch::sqlite());
    let book = Book::open(&scratch.url).await;
    for n in 1..=ENTRIES {
        book.does("commissioning", json!({"codes": [format!("C-{n}")], "level": "carton"})).await;
        if SIGNED.contains(&n) {
            book.ledger.checkpoint(book.brand.id).await.unwrap();
        }
    }
    // What a ledger has closed may still lie in two files; a backup is one.
    book.ledger.backup(&copy.file()).await.unwrap().unwrap();
    copy
}

/// A copy on which statements were run as by somebody who has the file: no trigger is in their way.
async fn tampered(book: &Scratch, name: &str, statements: &[&str]) -> PathBuf {
    let copy = book.file().with_file_name(format!("{name}.db"));
    std::fs::copy(book.file(), &copy).unwrap();
    let mut raw = SqliteConnection::connect(&format!("sqlite:{}", copy.display())).await.unwrap();
    for trigger in TRIGGERS {
        sqlx::query(&format!("drop trigger {trigger}")).execute(&mut raw).await.unwrap();
    }
    for sql in statements {
        let done = sqlx::query(sql).execute(&mut raw).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        assert!(done.rows_affected() > 0, "{sql} changed nothing");
    }
    raw.close().await.unwrap();
    copy
}

async fn findings(file: &Path) -> Vec<String> {
    let ledger = Ledger::open(&format!("sqlite:{}", file.display())).await.unwrap();
    let report = ledger.verify(|_| ()).await.unwrap();
    ledger.close().await;
    report.findings
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The head of a tree, as the database keeps it.
fn head(leaves: &[Vec<u8>]) -> String {
    let mut tree = Frontier::new();
    leaves.iter().for_each(|leaf| drop(tree.push(leaf_hash(leaf))));
    let edge: Vec<u8> = tree.hashes().iter().flat_map(|Hash(bytes)| *bytes).collect();
    format!("update log_head set size = {}, frontier = x'{}'", tree.size(), hex(&edge))
}

const STORIES: &str = "delete from subject_entry where seq = 40";
const NAMES: &str = "delete from name where since = 40";

#[tokio::test]
async fn whatever_is_changed_behind_the_ledgers_back_is_found_with_its_place() {
    let book = book().await;
    assert_eq!(findings(&tampered(&book, "untouched", &[]).await).await, Vec::<String>::new());

    let contents = book.contents().await;
    let text = |seq: usize| String::from_utf8(contents[seq - 1].clone()).unwrap();
    let forged = text(17).replace("C-17", "C-99");
    let bytes = format!("update entry set bytes = x'{}' where seq = 17", hex(forged.as_bytes()));
    let hashed = format!(
        "update entry set bytes = x'{}', hash = x'{}' where seq = 17",
        hex(forged.as_bytes()),
        hex(leaf_hash(forged.as_bytes()).as_bytes())
    );
    let last = text(40).replace("C-40", "C-99");
    let last_hashed = format!(
        "update entry set bytes = x'{}', hash = x'{}' where seq = 40",
        hex(last.as_bytes()),
        hex(leaf_hash(last.as_bytes()).as_bytes())
    );
    let mut other = contents.clone();
    other[39] = last.clone().into_bytes();
    let (other_head, shorter_head) = (head(&other), head(&contents[..39]));

    let cases: &[(&str, &[&str], &str)] = &[
        ("bytes", &[&bytes], "entry 17 is not what was hashed"),
        ("bytes-and-hash", &[&hashed], "node 1 of level 4 is not that of the entries"),
        ("hash", &["update entry set hash = zeroblob(32) where seq = 17"], "entry 17 is not what was hashed"),
        ("last", &[&last_hashed], "the head is not that of the 40 entries"),
        ("last-and-head", &[&last_hashed, &other_head], "the checkpoint of 40 entries is of another tree"),
        (
            "column-id",
            &["update entry set id = zeroblob(16) where seq = 17"],
            "entry 17 are not those of its content: id",
        ),
        (
            "column-kind",
            &["update entry set kind = 'packing' where seq = 17"],
            "entry 17 are not those of its content: kind",
        ),
        (
            "column-event-time",
            &["update entry set event_time = event_time - 1 where seq = 17"],
            "entry 17 are not those of its content: eventTime",
        ),
        (
            "column-zone",
            &["update entry set zone = 60 where seq = 17"],
            "entry 17 are not those of its content: zone",
        ),
        (
            "column-record-time",
            &["update entry set record_time = 0 where seq = 17"],
            "entry 17 are not those of its content: recordTime",
        ),
        (
            "column-evidence",
            &["update entry set evidence = 'testimony' where seq = 17"],
            "entry 17 are not those of its content: evidence",
        ),
        (
            "column-subjects",
            &["update entry set subjects = '1' where seq = 17"],
            "tells entry 17, which does not",
        ),
        (
            "swapped",
            &[
                "update entry set seq = 0 where seq = 17",
                "update entry set seq = 17 where seq = 18",
                "update entry set seq = 18 where seq = 0",
            ],
            "entry 17 are not those of its content: seq",
        ),
        ("without-last", &["delete from entry where seq = 40"], "entry 40 is gone"),
        ("without-one", &["delete from entry where seq = 17"], "entry 17 is gone"),
        (
            "one-more",
            &[
                "insert into entry select brand, 41, zeroblob(16), kind, event_time, zone, record_time, evidence, \
               subjects, bytes, hash from entry where seq = 40",
            ],
            "a row of entry names entry 41 of 40",
        ),
        (
            "shorter",
            &["delete from entry where seq = 40", &shorter_head, STORIES, NAMES],
            "a checkpoint tells 40 entries, the head 39",
        ),
        (
            "checkpoint",
            &[
                "update checkpoint set note = replace(note, char(10) || '40' || char(10), char(10) || '41' || char(10)) where size = 40",
            ],
            "the checkpoint of 40 entries",
        ),
        (
            "other-checkpoint",
            &["update checkpoint set note = (select note from checkpoint where size = 10) where size = 40"],
            "the checkpoint of 40 entries is of another tree",
        ),
        (
            "checkpoint-size",
            &["update checkpoint set size = 11 where size = 10"],
            "the checkpoint of 11 entries is of another tree",
        ),
        (
            "node",
            &["update log_node set hash = zeroblob(32) where level = 4 and node = 1"],
            "node 1 of level 4 is not that of the entries",
        ),
        (
            "without-node",
            &["delete from log_node where level = 4 and node = 0"],
            "node 0 of level 4 is not that of the entries",
        ),
        (
            "head",
            &["update log_head set frontier = zeroblob(length(frontier))"],
            "the head is not that of the 40 entries",
        ),
        ("without-head", &["delete from log_head"], "the head is gone"),
        (
            "name",
            &["insert into name (brand, key, subject, since, level) values (1, 'X', 1, 41, 0)"],
            "a row of name names entry 41 of 40",
        ),
        (
            "link",
            &["insert into link (brand, kind, child, parent, since) values (1, 1, 1, 2, 41)"],
            "a row of link names entry 41 of 40",
        ),
        (
            "closed-name",
            &["update name set until = 41 where since = 17"],
            "a row of name names entry 41 of 40",
        ),
        (
            "turned-round",
            &["update name set until = 3 where since = 17"],
            "1 rows of name end before they begin",
        ),
        (
            "mark-twice",
            &[
                "insert into mark (brand, subject, aspect, since, disposition) values (1, 1, 1, 2, 'active'), (1, 1, 1, 3, 'destroyed')",
            ],
            "1 subjects have two dispositions of one aspect",
        ),
        (
            "story",
            &["insert into subject_entry (brand, subject, seq, way) values (1, 1, 17, 0)"],
            "the story of subject 1 tells entry 17, which does not",
        ),
        (
            "story-of-none",
            &["insert into subject_entry (brand, subject, seq, way) values (1, 1, 41, 0)"],
            "the story of subject 1 tells entry 41, which does not",
        ),
    ];
    for (name, statements, place) in cases {
        let found = findings(&tampered(&book, name, statements).await).await;
        assert!(found.iter().any(|finding| finding.contains(place)), "{name}: {found:#?}");
        assert!(found.iter().all(|finding| finding.starts_with("acme: ")), "{name}: {found:#?}");
    }
}

#[tokio::test]
async fn a_backup_whose_log_is_broken_is_not_restored() {
    let book = book().await;
    let broken = tampered(&book, "broken", &["update entry set kind = 'packing' where seq = 17"]).await;
    let fresh = Scratch::sqlite();
    let refusal = Ledger::restore(&fresh.url, None, &broken).await.unwrap().unwrap_err();
    assert_eq!(refusal.reason, "no_backup");
    for words in [&refusal.said.en, &refusal.said.zh] {
        assert!(words.contains("entry 17"), "{words}");
    }
    let folder = fresh.file().parent().unwrap().read_dir().unwrap();
    assert_eq!(folder.count(), 0, "nothing is left where the ledger would have been");
}
