//! Backup, restore and `verify-log` of the program itself, also while it serves.

use crate::{
    http::post,
    program::{Data, Serving, text},
    scratch::Scratch,
    site::draft_json,
};
use domain::person::Role;
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};
use std::{
    net::SocketAddr,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

fn serve(data: &Data) -> Serving {
    Serving::begin(data.command(&["serve", "--addr", "127.0.0.1:0"]))
}

fn commission(at: SocketAddr, token: &str, code: &str) -> Value {
    let draft = draft_json("commissioning", json!({"codes": [code], "level": "carton"}));
    let told = post("/api/v1/events").token(token).json(&draft).send(at);
    assert_eq!(told.status, 201, "{}", told.text());
    draft
}

/// Runs a statement as somebody who has the file: no trigger is in the way.
async fn tamper(file: &str, sql: &str) {
    let mut raw = SqliteConnection::connect(&format!("sqlite:{file}")).await.expect("opens");
    for sql in ["drop trigger entry_is_never_updated", sql] {
        sqlx::query(sql).execute(&mut raw).await.expect("is done");
    }
    raw.close().await.expect("closes");
}

#[cfg(unix)]
#[tokio::test]
async fn a_log_that_was_tampered_with_is_told_with_its_place_and_never_restored() {
    let (data, other) = (Data::new("tampered"), Data::new("tampered-restore"));
    let token = data.token(Role::Administrator);
    let serving = serve(&data);
    for code in ["C-1", "C-2", "C-3"] {
        commission(serving.at, &token, code);
    }
    serving.stop();
    let file = data.0.join("copy.sqlite").display().to_string();
    assert_eq!(data.run(&["backup", &file]).status.code(), Some(0));
    let url = format!("sqlite:{file}");
    assert_eq!(data.verified(&["--database", &url]), 3);

    tamper(&file, "update entry set bytes = cast(replace(bytes, 'C-2', 'C-9') as blob) where seq = 2").await;
    let told = data.run(&["verify-log", "--json", "--database", &url]);
    assert_eq!(told.status.code(), Some(1));
    let json: Value = serde_json::from_slice(&told.stdout).expect("is JSON");
    let finding = json["findings"][0].as_str().expect("a finding");
    assert!(finding.contains("entry 2 is not what was hashed"), "{json}");
    assert!(text(&told.stderr).contains(finding), "{}", text(&told.stderr));

    let refused = other.run(&["restore", &file]);
    assert_eq!((refused.status.code(), text(&refused.stdout).as_str()), (Some(1), ""));
    assert!(text(&refused.stderr).contains("entry 2 is not what was hashed"), "{}", text(&refused.stderr));
    assert!(!other.0.join("lotwalk.sqlite").exists());
}

#[cfg(unix)]
#[test]
fn a_backup_beside_a_live_serve_holds_all_that_was_acknowledged_before_it() {
    let (data, other) = (Data::new("live"), Data::new("live-restore"));
    let token = data.token(Role::Administrator);
    let serving = serve(&data);
    let (at, enough) = (serving.at, AtomicBool::new(false));
    let acknowledged = Mutex::new(Vec::new());
    let so_far = || acknowledged.lock().expect("is whole").clone();
    let (file, before) = std::thread::scope(|threads| {
        for writer in 0..4 {
            let (token, enough, acknowledged) = (&token, &enough, &acknowledged);
            threads.spawn(move || {
                for n in 0.. {
                    if enough.load(Relaxed) {
                        return;
                    }
                    let draft = commission(at, token, &format!("C-{writer}-{n}"));
                    acknowledged.lock().expect("is whole").push(draft);
                }
            });
        }
        let made = (1..).find_map(|n| {
            while so_far().len() < 50 * n {
                std::thread::sleep(Duration::from_millis(5));
            }
            let before = so_far();
            let file = data.0.join(format!("copy-{n}.sqlite")).display().to_string();
            let out = data.run(&["backup", &file]);
            assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
            // Only one during which somebody was answered shows what it is to show.
            (so_far().len() > before.len()).then_some((file, before))
        });
        enough.store(true, Relaxed);
        made.expect("is made")
    });
    serving.stop();
    assert!(data.verified(&[]) >= so_far().len() as u64, "the one that was copied is whole as well");

    assert_eq!(other.run(&["restore", &file]).status.code(), Some(0));
    assert!(other.verified(&[]) >= before.len() as u64);
    let restored = serve(&other);
    for draft in before {
        let told = post("/api/v1/events").token(&token).json(&draft).send(restored.at);
        assert_eq!((told.status, &told.json()["already"]), (200, &json!(true)), "{}", told.text());
    }
}

#[tokio::test]
async fn on_postgresql_backup_and_restore_name_the_tools_it_brings() {
    let Some(scratch) = Scratch::postgres().await else { return };
    let data = Data::new("pg-dump");
    let file = data.0.join("copy.dump").display().to_string();
    for command in ["backup", "restore"] {
        let told = data.run(&[command, &file, "--database", &scratch.url]);
        assert_eq!((told.status.code(), text(&told.stdout).as_str()), (Some(1), ""));
        let words = text(&told.stderr);
        assert!(words.contains(&format!("pg_dump --format=custom --file={file}")), "{words}");
        assert!(words.contains("pg_restore"), "{words}");
    }
    assert!(text(&data.run(&["backup", "--help"]).stdout).contains("pg_dump"));
    assert!(!data.0.exists(), "nothing was made for it");
}
