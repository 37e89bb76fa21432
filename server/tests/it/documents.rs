//! C19, paper: a photo of it and keyed fields, the photo attached as the source; and C15: what is handed out
//! is what was stored.

use crate::{
    http::{Ask, Told, get, post},
    papers::{jpeg, pdf},
    program::{Data, Serving, text},
    site::{Site, draft_json, id, on_each},
};
use app::kept::KeptDraft;
use axum::{Router, body::Bytes, extract::State, http::StatusCode, http::Uri, routing::get as get_of};
use domain::{person::Role, view::EntryView};
use ledger::Reader;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

const RUN: [(&str, &[u8]); 3] =
    [("lot_code", b"LOT-9"), ("trade_item", b"urn:lotwalk:trade_item:TOY"), ("quantity", b"480")];

fn run_sheet(paper: (&str, &[u8])) -> Ask {
    post("/event/producing").parts(&[&RUN[..], &[paper]].concat())
}

async fn kept(site: &Site, address: &str) -> KeptDraft {
    let id = address.rsplit("draft=").next().and_then(|id| id.parse().ok()).expect("an id");
    let json = site.ledger.kept_draft(site.brand.id, id).await.expect("answers").expect("is kept");
    serde_json::from_str(&json).expect("is a form")
}

async fn entry(site: &Site, told: &Told) -> EntryView {
    let seq = told.to().rsplit("receipt=").next().and_then(|seq| seq.parse().ok()).expect("a number");
    let reader = Reader { brand: site.brand.id, role: Role::Buyer };
    site.ledger.entry(&reader, seq).await.expect("answers").expect("is there")
}

fn only_file_in(folder: &Path) -> PathBuf {
    let mut at = folder.to_path_buf();
    while at.is_dir() {
        let mut inside = std::fs::read_dir(&at).expect("is read").map(|e| e.expect("an entry").path());
        at = inside.next().expect("something");
        assert_eq!(inside.next(), None);
    }
    at
}

#[tokio::test]
async fn c19_paper_is_a_photo_and_keyed_fields_and_the_photo_is_the_source() {
    on_each(async |site: Site| {
        let cookie = site.sign_in(Role::Factory).await;
        let told = site.send(run_sheet(("source@IMG_0412.jpg", &jpeg())).cookie(&cookie)).await;
        let entry = entry(&site, &told).await;
        let source = entry.line.source.expect("the paper");
        assert_eq!(
            (entry.content["source"].as_str(), entry.content["payload"]["source"].as_str()),
            (Some(&*source.digest), None)
        );
        let path = format!("/file/{}", source.digest);
        for page in [told.to(), &format!("/ledger/{}", entry.line.entry.seq)] {
            let page = site.send(get(page).cookie(&cookie)).await.text();
            assert!(page.contains(&format!("href=\"{path}\"")) && page.contains("Source: photo"), "{page}");
        }
        let photo = site.send(get(&path).cookie(&cookie)).await;
        assert_eq!((photo.status, photo.header("content-type")), (200, "image/jpeg"));
        assert_eq!(photo.body, jpeg(), "stripped of nothing");
        assert_eq!(site.ledger.verify(|_| ()).await.expect("no fault").findings, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn c19_a_refused_form_keeps_the_paper_and_a_new_one_takes_its_place() {
    let site = Site::start().await;
    let cookie = site.sign_in(Role::Factory).await;
    let short: [(&str, &[u8]); 2] = [("lot_code", b"LOT-9"), ("source@sheet.pdf", &pdf())];
    let told = site.send(post("/event/producing").parts(&short).cookie(&cookie)).await;
    let form = kept(&site, told.to()).await;
    let digest = form.value("source").expect("is kept").to_string();
    let page = site.send(get(told.to()).cookie(&cookie)).await.text();
    assert!(page.contains(&format!("name=\"source\" value=\"{digest}\"")), "{page}");
    assert!(page.contains("<details open class=\"more paper\">"), "{page}");

    let told = site.send(run_sheet(("source", digest.as_bytes())).cookie(&cookie)).await;
    assert_eq!(entry(&site, &told).await.content["source"], digest);
    let both: [(&str, &[u8]); 2] = [("source@new.jpg", &jpeg()), ("source", digest.as_bytes())];
    let fields: Vec<_> =
        [("lot_code", &b"LOT-10"[..])].into_iter().chain(RUN[1..].to_vec()).chain(both).collect();
    let told = site.send(post("/event/producing").parts(&fields).cookie(&cookie)).await;
    assert_ne!(entry(&site, &told).await.content["source"], digest);
}

#[tokio::test]
async fn c19_a_paper_that_is_none_is_refused_at_its_question_in_both_languages() {
    let site = Site::start().await;
    let cookie = site.sign_in(Role::Factory).await;
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    let broken = pdf();
    let large = [b"%PDF-1.7\n".as_slice(), &vec![0; 26 << 20]].concat();
    let cases: [(&str, &[u8], &str); 6] = [
        ("report.pdf", b"<!doctype html><p>Sign in", "not_a_document"),
        ("report.pdf", &broken[..broken.len() / 2], "pdf_cut_off"),
        ("IMG_1.HEIC", heic, "heic"),
        ("empty.pdf", b"", "empty_file"),
        ("logo.svg", b"<svg onload=alert(1)>", "not_a_document"),
        ("large.pdf", &large, "pdf_too_large"),
    ];
    for (name, bytes, reason) in cases {
        let told = site.send(run_sheet((&format!("source@{name}"), bytes)).cookie(&cookie)).await;
        let form = kept(&site, told.to()).await;
        let refusal = form.refusal.clone().expect("is refused");
        assert_eq!((refusal.reason.as_str(), refusal.field.as_deref()), (reason, Some("source")), "{name}");
        assert_eq!((form.value("lot_code"), form.value("source")), (Some("LOT-9"), None));
        for (lang, said) in [("en", &refusal.said.en), ("zh", &refusal.said.zh)] {
            let page = get(told.to()).cookie(&format!("{cookie}; lang={lang}")).with("accept-language", lang);
            let page = site.send(page).await.text();
            let said: String = said.chars().take(20).collect();
            assert!(page.contains(&said), "{name}, {lang}: {said} in {page}");
        }
    }
    assert!(!site.files().exists(), "nothing of it was stored");
}

#[tokio::test]
async fn c19_a_pdf_is_saved_and_never_opened_as_a_page() {
    let site = Site::start().await;
    let cookie = site.sign_in(Role::Factory).await;
    let told = site.send(run_sheet(("source@检验 1.pdf", &pdf())).cookie(&cookie)).await;
    let source = entry(&site, &told).await.line.source.expect("the paper");
    let told = site.send(get(&format!("/file/{}", source.digest)).cookie(&cookie)).await;
    assert_eq!((told.status, told.header("content-type")), (200, "application/pdf"));
    let disposition = told.header("content-disposition");
    assert!(disposition.starts_with("attachment;") && disposition.contains("%E6%A3%80"), "{disposition}");
    assert_eq!(told.header("x-content-type-options"), "nosniff");
    assert!(told.header("content-security-policy").contains("sandbox"));
    assert_eq!(told.body, pdf());
}

#[tokio::test]
async fn c15_bytes_that_were_changed_are_handed_to_nobody() {
    let site = Site::start().await;
    let cookie = site.sign_in(Role::Factory).await;
    let told = site.send(run_sheet(("source@sheet.jpg", &jpeg())).cookie(&cookie)).await;
    let source = entry(&site, &told).await.line.source.expect("the paper");
    let mut other = jpeg();
    *other.last_mut().expect("a byte") ^= 1;
    std::fs::write(only_file_in(&site.files()), &other).expect("is swapped");
    let told = site.send(get(&format!("/file/{}", source.digest)).cookie(&cookie)).await;
    assert_eq!((told.status, told.problem().as_str()), (500, "document_changed"));
    let report = site.ledger.verify(|_| ()).await.expect("no fault");
    assert!(report.findings[0].contains(&source.digest), "{report:?}");
}

#[tokio::test]
async fn c19_a_program_stores_a_document_and_names_it() {
    on_each(async |site: Site| {
        let token = site.token(Role::Factory);
        let store = |bytes: Vec<u8>| {
            post("/api/v1/files?name=run%20sheet.jpg").token(token).body("image/heic", bytes)
        };
        let told = site.send(store(jpeg())).await;
        let stored = told.json();
        assert_eq!((told.status, &stored["media_type"]), (201, &json!("image/jpeg")), "told by its bytes");
        assert_eq!((&stored["bytes"], &stored["name"]), (&json!(jpeg().len()), &json!("run sheet.jpg")));
        assert_eq!(site.send(store(jpeg())).await.json(), stored, "stored twice, once there");
        let draft = |source: &Value| {
            let mut draft = draft_json("commissioning", json!({"codes": [id()], "level": "carton"}));
            draft["source"] = source.clone();
            post("/api/v1/events").token(token).json(&draft)
        };
        assert_eq!(site.send(draft(&stored["digest"])).await.status, 201);
        let never = site.send(draft(&json!(format!("sha256:{}", "0".repeat(64))))).await;
        assert_eq!((never.status, never.problem().as_str()), (422, "document_not_stored"));
        assert_eq!(never.json()["field"], "source");
        assert_eq!(site.send(draft(&json!("run sheet.jpg"))).await.problem(), "wrong_shape");
        assert_eq!(site.send(store(b"<html>".to_vec())).await.problem(), "not_a_document");
        assert_eq!(site.send(store(vec![0; 26 << 20])).await.problem(), "too_large");
    })
    .await;
}

/// Sends a form whose document never ends; tells what was answered, and how much was sent until then.
fn endless(at: SocketAddr, path: &str, cookie: &str, fields: &[(&str, &str)]) -> (String, usize) {
    let mut stream = TcpStream::connect(at).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("is set");
    stream.set_write_timeout(Some(Duration::from_secs(30))).expect("is set");
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--f\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    let last =
        fields.last().map_or("source", |(name, _)| if *name == "complaint" { "photo" } else { "source" });
    body += &format!("--f\r\ncontent-disposition: form-data; name=\"{last}\"; filename=\"a.jpg\"\r\n\r\n");
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {at}\r\ncookie: {cookie}\r\naccept: text/html\r\n\
         content-type: multipart/form-data; boundary=f\r\ncontent-length: {}\r\n\r\n{body}",
        1 << 30
    );
    stream.write_all(head.as_bytes()).expect("the begin is sent");
    let (mut sent, chunk) = (0, [0xFF_u8; 64 * 1024]);
    while sent < 1 << 30 {
        match stream.write(&chunk) {
            Ok(n) => sent += n,
            Err(_) => break,
        }
    }
    let mut answer = Vec::new();
    // The server has closed: what it said before is here, and then there is no more.
    let _ = stream.read_to_end(&mut answer);
    (String::from_utf8_lossy(&answer).into_owned(), sent)
}

#[tokio::test]
async fn c19_a_gigabyte_is_refused_while_it_streams_and_the_answers_before_it_are_kept() {
    let site = Site::start().await;
    let cookie = site.sign_in(Role::Factory).await;
    let at = site.at;
    let mine = cookie.clone();
    let run = move || {
        let fields = [("draft_id", "0195a0c0-0000-7000-8000-000000000009"), ("lot_code", "LOT-9")];
        endless(at, "/event/producing", &mine, &fields)
    };
    let (told, sent) = tokio::task::spawn_blocking(run).await.expect("is answered");
    assert!(told.starts_with("HTTP/1.1 413 "), "{told}");
    assert!(told.contains("Too large") && told.contains("/event/producing?draft=0195a0c0"), "{told}");
    // Besides what is read there is what the system holds for both ends.
    assert!(sent < server::forms::WHOLE + (32 << 20), "{sent} bytes were taken");
    let form = kept(&site, "draft=0195a0c0-0000-7000-8000-000000000009").await;
    assert_eq!(form.value("lot_code"), Some("LOT-9"));

    let run = move || endless(at, "/p/return", "", &[("code", "LOT-1"), ("complaint", "breakage")]);
    let (told, sent) = tokio::task::spawn_blocking(run).await.expect("is answered");
    assert!(told.starts_with("HTTP/1.1 413 ") && told.contains("/p/LOT-1?draft="), "{told}");
    assert!(sent < server::forms::STRANGER + (32 << 20), "{sent} bytes were taken");
    assert!(!site.files().exists(), "nothing of it was stored");
}

fn store(at: SocketAddr, token: &str, bytes: Vec<u8>) -> String {
    let told = post("/api/v1/files").token(token).body("image/jpeg", bytes).send(at);
    assert_eq!(told.status, 201, "{}", told.text());
    told.json()["digest"].as_str().expect("a digest").to_string()
}

fn name_it(at: SocketAddr, token: &str, digest: &str) {
    let mut draft = draft_json("commissioning", json!({"codes": ["C-1"], "level": "carton"}));
    draft["source"] = digest.into();
    let told = post("/api/v1/events").token(token).json(&draft).send(at);
    assert_eq!(told.status, 201, "{}", told.text());
}

#[cfg(unix)]
#[test]
fn c15_documents_come_along_in_a_backup_and_a_swapped_one_is_told() {
    let (data, other) = (Data::new("papers"), Data::new("papers-restore"));
    let token = data.token(Role::Administrator);
    let serving = Serving::begin(data.command(&["serve", "--addr", "127.0.0.1:0"]));
    let digest = store(serving.at, &token, jpeg());
    name_it(serving.at, &token, &digest);
    let file = data.0.join("friday.sqlite").display().to_string();
    let told = data.run(&["backup", &file]);
    assert!(told.status.success() && text(&told.stderr).contains("1 documents"), "{}", text(&told.stderr));
    serving.stop();

    assert_eq!(data.verified(&["--database", &format!("sqlite:{file}")]), 1);
    let papers = other.0.join("papers").display().to_string();
    let told = other.run(&["restore", &file, "--files", &format!("file://{papers}")]);
    assert!(told.status.success(), "{}", text(&told.stderr));
    assert_eq!(other.verified(&["--files", &papers]), 1);
    let paper = only_file_in(Path::new(&papers));
    assert_eq!(std::fs::read(&paper).expect("is read"), jpeg());

    std::fs::write(&paper, "another").expect("is swapped");
    let told = other.run(&["verify-log", "--json", "--files", &papers]);
    let found: Value = serde_json::from_slice(&told.stdout).expect("is JSON");
    assert_eq!((told.status.code(), &found["documents"]), (Some(1), &json!(0)));
    assert!(found["findings"][0].as_str().is_some_and(|f| f.contains(&digest)), "{found}");
    std::fs::remove_dir_all(format!("{file}-files")).expect("is removed");
    let third = Data::new("papers-lost");
    let told = third.run(&["restore", &file]);
    assert_eq!(told.status.code(), Some(1), "the book is back, and what is missing is told");
    assert!(text(&told.stderr).contains(&digest), "{}", text(&told.stderr));
    assert!(third.0.join("lotwalk.sqlite").exists());
}

type Objects = Arc<Mutex<HashMap<String, Bytes>>>;

/// As much of S3 as a document needs.
async fn bucket() -> (SocketAddr, Objects) {
    let objects = Objects::default();
    let read = async |State(objects): State<Objects>, uri: Uri| {
        let found = objects.lock().expect("is whole").get(uri.path()).cloned();
        match found {
            Some(bytes) => (
                StatusCode::OK,
                [("last-modified", "Wed, 04 Mar 2026 06:05:00 GMT"), ("etag", "\"1\"")],
                bytes,
            ),
            None => (StatusCode::NOT_FOUND, [("x-none", ""), ("x-none", "")], Bytes::new()),
        }
    };
    let write = async |State(objects): State<Objects>, uri: Uri, bytes: Bytes| {
        objects.lock().expect("is whole").insert(uri.path().to_string(), bytes);
        [("etag", "\"1\"")]
    };
    let router = Router::new().route("/{*key}", get_of(read).put(write)).with_state(objects.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    (at, objects)
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c15_documents_are_kept_in_a_bucket_that_speaks_s3() {
    let (at, objects) = bucket().await;
    let data = Data::new("bucket");
    let token = data.token(Role::Administrator);
    let with_bucket = |args: &[&str]| {
        let mut command = data.command(args);
        command.env("LOTWALK_FILES", "s3://papers/toys");
        command.env("AWS_ENDPOINT", format!("http://{at}")).env("AWS_ALLOW_HTTP", "true");
        command.env("AWS_ACCESS_KEY_ID", "key").env("AWS_SECRET_ACCESS_KEY", "secret");
        command
    };
    let serving = Serving::begin(with_bucket(&["serve", "--addr", "127.0.0.1:0"]));
    let digest = store(serving.at, &token, jpeg());
    name_it(serving.at, &token, &digest);
    serving.stop();
    let hex = digest.strip_prefix("sha256:").expect("a digest");
    let key = format!("/papers/toys/lotwalk/sha256/{}/{}", &hex[..2], &hex[2..]);
    let stored: Vec<String> = objects.lock().expect("is whole").keys().cloned().collect();
    assert_eq!(stored, std::slice::from_ref(&key));
    let verified = || with_bucket(&["verify-log"]).output().expect("runs").status.code();
    assert_eq!(verified(), Some(0));
    let file = data.0.join("friday.sqlite").display().to_string();
    let told = with_bucket(&["backup", &file]).output().expect("runs");
    assert!(text(&told.stderr).contains("stay in s3://papers/toys"), "{}", text(&told.stderr));
    objects.lock().expect("is whole").insert(key, Bytes::from_static(b"another"));
    assert_eq!(verified(), Some(1));
}
