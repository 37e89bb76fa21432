//! A disk without room: what cannot be written is told, and lands when there is room again.
#![cfg(target_os = "linux")]

use crate::{
    http::{get, post},
    program::{Data, Serving},
    site::{PASSWORD, draft_json, id},
};
use domain::person::Role;
use serde_json::json;
use std::{io::Write, process::Stdio};

/// Room for a few dozen events beside the tables.
const ROOM: u64 = 2 * 1024 * 1024;

#[test]
fn a_full_disk_is_told_as_503_and_the_same_event_lands_when_there_is_room() {
    let data = Data::new("full");
    let token = data.token(Role::Administrator);
    let mut mei = data.command(&["user", "add", "Mei", "--role", "warehouse", "--password-stdin"]);
    let mut mei = mei.stdin(Stdio::piped()).spawn().expect("runs");
    mei.stdin.take().expect("a pipe").write_all(PASSWORD.as_bytes()).expect("is read");
    assert!(mei.wait().expect("ends").success());
    let commissioning = |code: &str| draft_json("commissioning", json!({"codes": [code], "level": "carton"}));

    let full = Serving::begin(data.command_with_files_up_to(ROOM, &["serve", "--addr", "127.0.0.1:0"]));
    let form = [("name", "Mei"), ("password", PASSWORD)];
    let cookie = post("/sign-in").form(&form).send(full.at).sets("lotwalk").expect("a session");
    let mut written: u64 = 0;
    let refused = loop {
        let draft = commissioning(&format!("C-{written}"));
        let told = post("/api/v1/events").token(&token).json(&draft).send(full.at);
        if told.status != 201 {
            break draft;
        }
        written += 1;
        assert!(written < 2_000, "the disk is never full");
    };
    assert!(written > 2, "{written}");

    // However often it is asked: the same answer, with what a program and a person need to go on.
    for _ in 0..3 {
        let told = post("/api/v1/events").token(&token).json(&refused).send(full.at);
        assert_eq!((told.status, told.header("retry-after")), (503, "2"), "{}", told.text());
        assert_eq!(told.problem(), "out_of_reach");
        assert!(told.json()["fault"].as_str().is_some_and(|number| number.len() == 8), "{}", told.text());
    }
    let draft = id();
    let relabeling =
        [("draft_id", &*draft), ("old_code", "C-0"), ("new_code", "C-NEW"), ("reason", "damaged")];
    let relabeling = relabeling.map(|(name, value)| (name, value.as_bytes()));
    let form = post("/event/relabeling").cookie(&cookie).parts(&relabeling);
    let form = form.with("accept", "text/html").with("accept-language", "zh-CN");
    // A form is kept as long as there is room for it; then the answer itself has to say what happened.
    let page = (0..500).map(|_| form.send(full.at)).find(|told| told.status != 303).expect("is full");
    assert_eq!((page.status, page.header("retry-after")), (503, "2"));
    assert!(page.text().contains("没有写入任何内容") && page.text().contains("故障编号"), "{}", page.text());

    // What was acknowledged is read as before, and of what was not there is nothing.
    let asks = |path: &str| get(path).token(&token).send(full.at);
    assert_eq!(asks(&format!("/api/v1/resolve?code=C-{}", written - 1)).status, 200);
    assert_eq!(asks(&format!("/api/v1/resolve?code=C-{written}")).problem(), "unknown_code");
    assert_eq!(asks(&format!("/api/v1/entries/{}", written + 1)).problem(), "unknown_entry");

    // Room again, and nobody has to start anything anew.
    full.lets_files_grow();
    let again = || post("/api/v1/events").token(&token).json(&refused).send(full.at);
    let landed = again();
    assert_eq!((landed.status, landed.json()["seq"].as_u64()), (201, Some(written + 1)), "{}", landed.text());
    assert_eq!((again().status, &again().json()["already"]), (200, &json!(true)));
    let form = post("/event/relabeling").cookie(&cookie).parts(&relabeling).send(full.at);
    assert!(form.to().contains(&format!("receipt={}", written + 2)), "{}", form.to());
    full.stop();
    assert_eq!(data.verified(&[]), written + 2, "nothing half-written");
}
