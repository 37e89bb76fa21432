//! The program itself, as a terminal or a script runs it.

use crate::program::{Data, Serving, text};
use serde_json::Value;
use std::{io::Write, process::Stdio};

#[test]
fn a_code_is_read_or_told_why_not() {
    let data = Data::new("code");
    let good = data.run(&["code", "(01)09506000134352(10)ABC"]);
    assert_eq!(good.status.code(), Some(0));
    let json: Value = serde_json::from_slice(&good.stdout).expect("is JSON");
    assert_eq!(json["elements"][1]["value"], "ABC");
    let bad = data.run(&["code", "(01)09506000134351"]);
    assert_eq!((bad.status.code(), text(&bad.stdout).as_str()), (Some(1), ""));
    let json: Value = serde_json::from_slice(&bad.stderr).expect("is JSON");
    assert_eq!(json["position"], 17);
    assert!(!data.0.exists(), "nothing was made for it");
}

#[test]
fn wrong_usage_is_2_and_says_what_is_right() {
    let data = Data::new("usage");
    for args in [&["frobnicate"][..], &["user", "add", "X", "--role", "boss"], &["code"], &[]] {
        let told = data.run(args);
        assert_eq!(told.status.code(), Some(2), "{args:?}");
        assert!(told.stdout.is_empty() && !told.stderr.is_empty(), "{args:?}");
    }
    assert!(text(&data.run(&["user", "add", "X", "--role", "boss"]).stderr).contains("inspector"));
    assert!(text(&data.run(&["--version"]).stdout).starts_with("lotwalk "));
    assert!(text(&data.run(&["--help"]).stdout).contains("lotwalk serve --demo"));
}

#[test]
fn users_and_tokens_print_their_secret_alone() {
    let data = Data::new("user");
    let made = data.run(&["user", "add", "Mei", "--role", "warehouse"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    assert_eq!(text(&made.stdout).trim_end().len(), 20);
    let again = data.run(&["user", "add", "mei", "--role", "buyer"]);
    assert_eq!(again.status.code(), Some(1));
    let mut child = data.command(&["user", "add", "Li", "--role", "buyer", "--password-stdin"]);
    let mut child = child.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().expect("runs");
    child.stdin.take().expect("a pipe").write_all(b"short\n").expect("is read");
    assert_eq!(child.wait().expect("ends").code(), Some(1));
    let token = text(&data.run(&["token", "create", "--role", "buyer"]).stdout);
    assert!(token.starts_with("lotwalk_") && token.trim_end().len() == 51 && token.lines().count() == 1);
}

#[test]
fn a_backup_is_restored_and_the_log_holds() {
    let (data, other) = (Data::new("backup"), Data::new("restore"));
    data.run(&["user", "add", "Mei", "--role", "warehouse"]);
    let file = data.0.join("copy.sqlite").display().to_string();
    assert_eq!(data.run(&["backup", &file]).status.code(), Some(0));
    assert_eq!(data.run(&["backup", &file]).status.code(), Some(1), "a file that is there is left alone");
    assert_eq!(other.run(&["restore", &file]).status.code(), Some(0));
    assert_eq!(other.run(&["user", "add", "Mei", "--role", "buyer"]).status.code(), Some(1), "she is there");
    assert_eq!(other.verified(&[]), 0);
}

#[cfg(unix)]
#[test]
fn serve_says_where_and_stops_when_told() {
    let data = Data::new("serve");
    let serving = Serving::begin(data.command(&["serve", "--addr", "127.0.0.1:0"]));
    assert_eq!(crate::http::get("/healthz").send(serving.at).status, 200);
    let link = serving.says("/setup/");
    assert!(link.trim().starts_with(&format!("http://{}/setup/", serving.at)), "{link}");
    serving.stop();

    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = taken.local_addr().expect("an address").to_string();
    let told = data.run(&["serve", "--addr", &at]);
    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stderr).contains("--addr"), "says how to mend it");
}
