//! Backup, restore and `verify-log` of the program itself, also while it serves.

use crate::{
    http::post,
    program::{Data, Serving, text},
    site::draft_json,
};
use domain::person::Role;
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};
use std::net::SocketAddr;

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
