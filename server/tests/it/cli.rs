//! The program itself, as a terminal or a script runs it.

use crate::program::{Data, Serving, text};
use serde_json::Value;
use server::symbols::{self, SymbolData, SymbolKind};
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

/// Every command and what it is made of, as `--help` names them.
fn commands(data: &Data, path: &[String]) -> Vec<Vec<String>> {
    let args: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
    let told = data.run(&args);
    let help = text(&told.stdout);
    assert_eq!((told.status.code(), text(&told.stderr).as_str()), (Some(0), ""), "{args:?}");
    assert!(help.contains("Example") && help.contains("Usage: lotwalk"), "{args:?}: {help}");
    let listed =
        help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap_or_default();
    // Names stand two blanks in; what follows them on lines of its own, further.
    let names = listed.lines().filter_map(|line| line.strip_prefix("  ").filter(|l| !l.starts_with(' ')));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    let inner = names.flat_map(|name| commands(data, &[path, &[name.to_string()]].concat()));
    [path.to_vec()].into_iter().chain(inner.collect::<Vec<_>>()).collect()
}

#[test]
fn every_command_teaches_with_an_example_and_knows_wrong_usage() {
    let data = Data::new("help");
    let all = commands(&data, &[]);
    for command in
        ["serve", "import", "code", "decode", "user add", "token create", "backup", "restore", "verify-log"]
    {
        assert!(all.iter().any(|path| path.join(" ") == command), "{command} is not in {all:?}");
    }
    for path in all {
        let args: Vec<&str> = path.iter().map(String::as_str).chain(["--frobnicate"]).collect();
        let told = data.run(&args);
        assert_eq!((told.status.code(), text(&told.stdout).as_str()), (Some(2), ""), "{args:?}");
        assert!(text(&told.stderr).contains("--frobnicate"), "{args:?}");
    }
    assert!(!data.0.exists(), "nothing was made for it");
}

#[test]
fn an_import_with_a_refused_row_is_told_on_stderr_or_as_json_on_stdout() {
    let data = Data::new("refused-row");
    let pack = data.0.join("pack");
    std::fs::create_dir_all(&pack).expect("a folder");
    let places = "place,name,role,event_time\nF1,One,factory,2026-01-01\nF2,Two,factory,2026-02-30\n";
    std::fs::write(pack.join("places.csv"), places).expect("is written");
    let pack = pack.display().to_string();

    let told = data.run(&["import", &pack]);
    assert_eq!((told.status.code(), text(&told.stdout).as_str()), (Some(1), ""));
    let words = text(&told.stderr);
    assert!(
        words.contains("places.csv, line 3, column event_time:") && words.contains("2026-02-30"),
        "{words}"
    );

    let told = data.run(&["import", &pack, "--json"]);
    assert_eq!(told.status.code(), Some(1));
    let json: Value = serde_json::from_slice(&told.stdout).expect("is JSON");
    let file = &json["files"][0];
    assert_eq!(
        (&file["rows"], &file["already"], &file["refused"]),
        (&2.into(), &1.into(), &1.into()),
        "{json}"
    );
    assert_eq!(
        (&file["problems"][0]["line"], &file["problems"][0]["column"]),
        (&3.into(), &"event_time".into())
    );
}

/// A file of the picture's format.
fn picture(path: &std::path::Path, (width, height, pixels): (u32, u32, Vec<u8>)) -> String {
    image::GrayImage::from_raw(width, height, pixels).expect("a picture").save(path).expect("is written");
    path.display().to_string()
}

#[test]
fn decode_tells_what_is_in_each_picture_and_fails_for_what_is_none() {
    let data = Data::new("decode");
    std::fs::create_dir_all(&data.0).expect("a folder");
    let code = SymbolData::parse("(00)095060001343520017").expect("a code");
    let good = symbols::luma(SymbolKind::Gs1_128, &code, 3).expect("a symbol");
    let good = picture(&data.0.join("good.png"), good);
    let blank = picture(&data.0.join("blank.png"), (200, 100, vec![255; 200 * 100]));
    let none = data.0.join("none.png").display().to_string();
    std::fs::write(&none, "a letter").expect("is written");
    let lines = |args: &[&str]| {
        let told = data.run(&[&["decode"], args].concat());
        let lines: Vec<Value> =
            text(&told.stdout).lines().map(|line| serde_json::from_str(line).expect("is JSON")).collect();
        assert!(lines.iter().map(|line| &line["file"]).eq(args), "a line for each: {lines:?}");
        (told.status.code(), lines)
    };

    let (status, told) = lines(&[&good]);
    let read = &told[0]["codes"][0];
    assert_eq!(
        (status, &read["symbology"], &read["identifier"]),
        (Some(0), &"Code128".into(), &"]C1".into())
    );
    assert_eq!(read["text"], "00095060001343520017");
    assert_eq!(
        (read["bytes_hex"].as_str().map(str::len), read["corners"].as_array().map(Vec::len)),
        (Some(40), Some(4))
    );
    let (status, told) = lines(&[&blank]);
    assert_eq!((status, &told[0]["codes"]), (Some(0), &serde_json::json!([])));
    let (status, told) = lines(&[&none, &good]);
    assert_eq!(status, Some(1));
    assert!(told[0]["error"].as_str().is_some_and(|why| !why.is_empty()), "{told:?}");
    assert_eq!(told[1]["codes"][0]["text"], "00095060001343520017", "the others are read all the same");
    assert_eq!(data.run(&["decode"]).status.code(), Some(2));
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
