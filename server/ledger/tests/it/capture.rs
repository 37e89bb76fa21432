//! The door for writing.

use crate::{
    durable::known_draft,
    support::{Book, Scratch, draft, on_each, person},
};
use domain::{event::EventDraft, refusal::Refusal, time::Time, view::Receipt};
use ledger::Ledger;
use serde_json::json;
use sqlx::Connection;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};
use uuid::Uuid;

fn commissioning(book: &Book, code: &str) -> EventDraft {
    book.draft("commissioning", json!({"codes": [code], "level": "carton"}))
}

#[test]
fn an_entry_is_written_once_and_answered_again() {
    on_each(|book: Book| async move {
        let person = person();
        let draft = commissioning(&book, "CTN-1");
        let capture = |draft| book.ledger.capture(book.brand.id, &person, vec![draft]);
        let first = capture(draft.clone()).await.unwrap().remove(0).unwrap();
        assert_eq!((first.seq, first.already), (1, false));
        let again = capture(draft.clone()).await.unwrap().remove(0).unwrap();
        assert_eq!((again.seq, again.already, &again.hash), (1, true, &first.hash));
        assert_eq!(again.subjects, first.subjects);
        let mut other = draft;
        other.payload = json!({"codes": ["CTN-2"], "level": "carton"});
        assert_eq!(capture(other).await.unwrap().remove(0).unwrap_err().reason, "id_in_use");
    });
}

#[test]
fn within_one_group_each_draft_stands_alone() {
    on_each(|book: Book| async move {
        let twice = commissioning(&book, "A");
        let drafts = vec![
            twice.clone(),
            twice,
            book.draft("no_such_kind", json!({})),
            commissioning(&book, "A"),
            book.draft("relabeling", json!({"old_code": "A", "new_code": "B", "reason": "damaged"})),
            commissioning(&book, "A2"),
        ];
        let answers = book.ledger.capture(book.brand.id, &person(), drafts).await.unwrap();
        let told: Vec<String> = answers
            .iter()
            .map(|a| match a {
                Ok(receipt) if receipt.already => format!("{} again", receipt.seq),
                Ok(receipt) => receipt.seq.to_string(),
                Err(refusal) => refusal.reason.clone(),
            })
            .collect();
        assert_eq!(told, ["1", "1 again", "unknown_kind", "code_in_use", "2", "3"]);
    });
}

#[test]
fn c19_a_rehearsal_tells_what_capturing_answers_and_writes_nothing() {
    on_each(|book: Book| async move {
        let (id, person) = (book.brand.id, person());
        let relabel = |old: &str, new: &str| json!({"old_code": old, "new_code": new, "reason": "damaged"});
        book.ledger.capture(id, &person, vec![commissioning(&book, "B0")]).await.unwrap();
        // Each builds on those before it, across more than one group; some cannot.
        let mut drafts = vec![commissioning(&book, "A"), book.draft("relabeling", relabel("A", "B"))];
        drafts.extend(
            (0..300).map(|n| book.draft("relabeling", relabel(&format!("B{n}"), &format!("B{}", n + 1)))),
        );
        drafts.push(commissioning(&book, "A"));
        drafts.push(commissioning(&book, "B300"));
        drafts.push(book.draft("relabeling", relabel("NOBODY", "C")));
        let before = book.ledger.checkpoint(id).await.unwrap();
        let rehearse = || book.ledger.rehearse(id, &person, drafts.clone(), Duration::from_secs(60));
        let told = rehearse().await.unwrap();
        assert_eq!(rehearse().await.unwrap().len(), told.len(), "the first one left nothing behind");
        assert_eq!(book.ledger.checkpoint(id).await.unwrap(), before);
        let captured = book.ledger.capture(id, &person, drafts.clone()).await.unwrap();
        // The moment of recording is not the same, and so no hash is.
        let brief = |answers: Vec<Result<Receipt, Refusal>>| {
            let one = |r: Receipt| (r.seq, r.already, r.discrepancies, r.subjects);
            answers.into_iter().map(|answer| answer.map(one)).collect::<Vec<_>>()
        };
        assert_eq!(brief(told.clone()), brief(captured));
        assert_eq!(told.iter().filter(|answer| answer.is_err()).count(), 1, "B300 is taken by then");
        assert!(rehearse().await.unwrap().iter().flatten().all(|receipt| receipt.already));
        // Nobody waits for it longer than told: what there was no time for has no answer.
        let some = book.ledger.rehearse(id, &person, drafts, Duration::ZERO).await.unwrap();
        assert_eq!(some.len(), 256);
        assert!(book.ledger.verify(|_| {}).await.unwrap().findings.is_empty());
    });
}

#[test]
fn too_large_an_entry_is_refused_and_harms_no_other() {
    on_each(|book: Book| async move {
        let codes: Vec<String> = (0..4000).map(|i| format!("A-RATHER-LONG-CODE-{i}")).collect();
        let large = book.draft("commissioning", json!({"codes": codes, "level": "carton"}));
        let small = commissioning(&book, "SMALL");
        let answers = book.ledger.capture(book.brand.id, &person(), vec![large, small]).await.unwrap();
        assert_eq!(answers[0].as_ref().unwrap_err().reason, "too_large");
        assert_eq!(answers[1].as_ref().unwrap().seq, 1);
    });
}

#[test]
fn the_database_itself_refuses_to_change_or_delete_an_entry() {
    on_each(|book: Book| async move {
        book.does("commissioning", json!({"codes": ["A"], "level": "carton"})).await;
        book.ledger.checkpoint(book.brand.id).await.unwrap();
        let mut statements = vec![
            "update entry set kind = 'x'",
            "delete from entry",
            "update checkpoint set note = 'x'",
            "delete from checkpoint",
        ];
        if book.url.starts_with("sqlite") {
            statements.push("insert or replace into entry select * from entry");
            let mut raw = sqlx::SqliteConnection::connect(&book.url).await.unwrap();
            for sql in statements {
                let error = sqlx::query(sql).execute(&mut raw).await.unwrap_err();
                assert!(error.to_string().contains("never"), "{sql}: {error}");
            }
        } else {
            statements.push("truncate entry");
            let mut raw = sqlx::PgConnection::connect(&book.url).await.unwrap();
            for sql in statements {
                let error = sqlx::query(sql).execute(&mut raw).await.unwrap_err();
                assert!(error.to_string().contains("never"), "{sql}: {error}");
            }
        }
    });
}

#[test]
fn many_at_once_are_all_durable_and_in_one_line() {
    on_each(|book: Book| async move {
        let mut tasks = vec![];
        for writer in 0..16 {
            let (ledger, brand) = (book.ledger.clone(), book.brand.id);
            tasks.push(tokio::spawn(async move {
                let mut seqs = vec![];
                for n in 0..20 {
                    let payload = json!({"codes": [format!("C-{writer}-{n}")], "level": "carton"});
                    let drafts = vec![draft("commissioning", payload, Time(1_770_000_000_000))];
                    seqs.push(ledger.capture(brand, &person(), drafts).await.unwrap().remove(0).unwrap().seq);
                }
                seqs
            }));
        }
        let mut seqs = vec![];
        for task in tasks {
            seqs.extend(task.await.unwrap());
        }
        seqs.sort_unstable();
        assert_eq!(seqs, (1..=320).collect::<Vec<u64>>());
        // Another process on the same database sees all of it, and goes on where it ends.
        let other = Ledger::open(&book.url).await.unwrap();
        let report = other.verify(|_| ()).await.unwrap();
        assert_eq!((report.entries, report.findings), (320, vec![]));
        let drafts = vec![commissioning(&book, "C-OTHER")];
        let answer = other.capture(book.brand.id, &person(), drafts).await.unwrap().remove(0).unwrap();
        assert_eq!(answer.seq, 321);
        book.does("commissioning", json!({"codes": ["C-AFTER"], "level": "carton"})).await;
    });
}

#[test]
fn a_locked_database_is_a_fault_to_try_again_and_nothing_is_half_written() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let scratch = Scratch::sqlite();
        let book = Book::open(&scratch.url).await;
        book.does("commissioning", json!({"codes": ["A"], "level": "carton"})).await;
        let mut raw = sqlx::SqliteConnection::connect(&scratch.url).await.unwrap();
        sqlx::query("begin exclusive").execute(&mut raw).await.unwrap();
        let drafts = vec![commissioning(&book, "B"), commissioning(&book, "C")];
        let fault = book.ledger.capture(book.brand.id, &person(), drafts.clone()).await.unwrap_err();
        assert!(fault.retry, "{fault}");
        sqlx::query("rollback").execute(&mut raw).await.unwrap();
        assert_eq!(book.resolves("B").await, "unknown, seen 0, near: ");
        let answers = book.ledger.capture(book.brand.id, &person(), drafts).await.unwrap();
        assert_eq!(answers.iter().map(|a| a.as_ref().unwrap().seq).collect::<Vec<_>>(), [2, 3]);
    });
}

#[tokio::test]
async fn a_backup_is_restored_only_where_nothing_is() {
    let scratch = Scratch::sqlite();
    let book = Book::open(&scratch.url).await;
    book.does("commissioning", json!({"codes": ["A"], "level": "carton"})).await;
    let copy = scratch.file().with_file_name("copy.db");
    book.ledger.backup(&copy).await.unwrap().unwrap();
    assert_eq!(book.ledger.backup(&copy).await.unwrap().unwrap_err().reason, "file_exists");
    assert_eq!(Ledger::restore(&scratch.url, None, &copy).await.unwrap().unwrap_err().reason, "not_empty");
    let fresh = Scratch::sqlite();
    std::fs::write(fresh.file().with_file_name("no.db"), "nothing of the kind").unwrap();
    let no = fresh.file().with_file_name("no.db");
    assert_eq!(Ledger::restore(&fresh.url, None, &no).await.unwrap().unwrap_err().reason, "no_backup");
    Ledger::restore(&fresh.url, None, &copy).await.unwrap().unwrap();
    let again = Book::open(&fresh.url).await;
    assert_eq!(again.resolves("A").await, "logistic_unit:A");
    again.does("commissioning", json!({"codes": ["B"], "level": "carton"})).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_capturing_holds_all_that_was_acknowledged_before_it() {
    let scratch = Scratch::sqlite();
    let book = Book::open(&scratch.url).await;
    let acknowledged = Arc::new(Mutex::new(vec![]));
    let enough = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let (ledger, brand) = (book.ledger.clone(), book.brand.id);
            let (acknowledged, enough) = (acknowledged.clone(), enough.clone());
            tokio::spawn(async move {
                while !enough.load(Relaxed) {
                    let id = Uuid::now_v7();
                    let answers = ledger.capture(brand, &person(), vec![known_draft(id)]).await.unwrap();
                    assert!(!answers[0].as_ref().unwrap().already);
                    acknowledged.lock().unwrap().push(id);
                }
            })
        })
        .collect();
    let ids = || acknowledged.lock().unwrap().clone();
    let mut made = None;
    for n in 0.. {
        while ids().len() < 300 * (n + 1) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let before = ids();
        let copy = scratch.file().with_file_name(format!("copy-{n}.db"));
        book.ledger.backup(&copy).await.unwrap().unwrap();
        // Only one during which somebody was answered shows what it is to show.
        if ids().len() > before.len() {
            made = Some((copy, before));
            break;
        }
    }
    enough.store(true, Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    let (copy, before) = made.unwrap();
    let elsewhere = Scratch::sqlite();
    let left_over = elsewhere.file().with_file_name("ledger.db-wal");
    std::fs::write(&left_over, b"what a crash left").unwrap();
    let refused = Ledger::restore(&elsewhere.url, None, &copy).await.unwrap().unwrap_err();
    assert_eq!(refused.reason, "left_over", "SQLite would write it into the restored book");
    std::fs::remove_file(left_over).unwrap();
    Ledger::restore(&elsewhere.url, None, &copy).await.unwrap().unwrap();
    let restored = Ledger::open(&elsewhere.url).await.unwrap();
    let report = restored.verify(|_| ()).await.unwrap();
    assert_eq!(report.findings, Vec::<String>::new());
    assert!(report.entries >= before.len() as u64, "{} of {}", report.entries, before.len());
    let again = before.iter().map(|id| known_draft(*id)).collect();
    let brand = restored.brand("acme").await.unwrap().unwrap().id;
    for answer in restored.capture(brand, &person(), again).await.unwrap() {
        assert!(answer.unwrap().already, "an entry that was acknowledged before is not in the backup");
    }
    crate::replay::replays_to_the_same(&restored, &elsewhere).await;
}

#[tokio::test]
async fn on_postgresql_a_backup_is_refused_with_the_command_that_makes_one() {
    let Some(scratch) = Scratch::postgres().await else { return };
    let book = Book::open(&scratch.url).await;
    let copy = std::env::temp_dir().join(format!("lotwalk-never-{}", Uuid::now_v7()));
    for refusal in [book.ledger.backup(&copy).await, Ledger::restore(&scratch.url, None, &copy).await] {
        let refusal = refusal.unwrap().unwrap_err();
        assert_eq!(refusal.reason, "use_pg_dump");
        assert!(
            refusal.said.en.contains("pg_dump --format=custom") && refusal.said.zh.contains("pg_restore")
        );
    }
    assert!(!copy.exists());
    book.ledger.close().await;
    scratch.drop_database().await;
}
