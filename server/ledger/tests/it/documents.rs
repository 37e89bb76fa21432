//! C19, paper and C15: a photo or PDF is stored once, an entry names it, and what is shown is what was stored.

use crate::support::{Book, Scratch};
use bytes::Bytes;
use domain::{event::EventDraft, person::Role, view::TimelineEntry};
use ledger::{Ledger, NewDocument};
use serde_json::json;
use std::path::{Path, PathBuf};

const PAPER: &[u8] = b"a photo of the run sheet";

/// SQLite, and PostgreSQL where there is one, each with a folder for documents.
async fn each() -> Vec<(Scratch, PathBuf)> {
    let mut all = vec![];
    for scratch in [Some(Scratch::sqlite()), Scratch::postgres().await].into_iter().flatten() {
        let name = format!("lotwalk-documents-{}", uuid::Uuid::now_v7());
        all.push((scratch, std::env::temp_dir().join(name)));
    }
    all
}

async fn done(scratch: Scratch, files: &Path) {
    // The folder is not there where nothing was stored.
    let _ = std::fs::remove_dir_all(files);
    if scratch.is_postgres() {
        scratch.drop_database().await;
    }
}

fn paper(bytes: &'static [u8]) -> NewDocument<'static> {
    NewDocument {
        bytes: Bytes::from_static(bytes),
        media_type: "image/jpeg",
        name: Some("run sheet.jpg"),
        by: "wen",
    }
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path().is_dir() {
            true => found.extend(files_in(&entry.path())),
            false => found.push(entry.path()),
        }
    }
    found
}

impl Book {
    async fn with_source(&self, source: &str) -> Result<u64, domain::refusal::Refusal> {
        let payload = json!({"codes": [format!("C-{}", uuid::Uuid::now_v7())], "level": "carton"});
        let draft = self.draft("commissioning", payload);
        let draft = EventDraft { source: Some(source.into()), ..draft };
        self.hands_in(draft).await.map(|receipt| receipt.seq)
    }

    async fn line(&self, role: Role, seq: u64) -> TimelineEntry {
        self.ledger.entry(&self.as_role(role), seq).await.unwrap().unwrap().line
    }
}

#[tokio::test]
async fn c19_paper_the_photo_of_it_is_stored_once_and_stands_in_the_entry() {
    for (scratch, files) in each().await {
        let book = Book::open_with(&scratch.url, Some(&files.to_string_lossy())).await;
        let digest = book.ledger.store_document(book.brand.id, paper(PAPER)).await.unwrap();
        let again = book.ledger.store_document(book.brand.id, paper(PAPER)).await.unwrap();
        assert_eq!(digest, again);
        let hex = digest.strip_prefix("sha256:").unwrap();
        let at = files.join("acme/sha256").join(&hex[..2]).join(&hex[2..]);
        assert_eq!(files_in(&files), std::slice::from_ref(&at), "one file, and none half-written beside it");
        assert_eq!(std::fs::read(at).unwrap(), PAPER);

        let seq = book.with_source(&digest).await.unwrap();
        let source = book.line(Role::Warehouse, seq).await.source.expect("is shown");
        assert_eq!((source.digest, source.name.as_deref()), (digest.clone(), Some("run sheet.jpg")));
        assert_eq!((source.media_type.as_str(), source.bytes), ("image/jpeg", PAPER.len() as u64));
        let entry = book.ledger.entry(&book.as_role(Role::Warehouse), seq).await.unwrap().unwrap();
        assert_eq!(entry.content["source"], digest, "it is part of what was hashed, and hides nothing");

        let other = book.ledger.create_brand("kites", "Kites").await.unwrap();
        assert!(book.ledger.document(other.id, &digest).await.unwrap().is_none(), "each brand has its own");
        let report = book.ledger.verify(|_| ()).await.unwrap();
        assert_eq!((report.documents, report.findings), (1, vec![]));
        done(scratch, &files).await;
    }
}

#[tokio::test]
async fn c19_a_document_that_was_not_stored_first_is_refused_at_its_place() {
    for (scratch, files) in each().await {
        let book = Book::open_with(&scratch.url, Some(&files.to_string_lossy())).await;
        let never = format!("sha256:{}", "0".repeat(64));
        let refused = book.with_source(&never).await.unwrap_err();
        let told = (refused.reason.as_str(), refused.field.as_deref());
        assert_eq!(told, ("document_not_stored", Some("source")), "{refused}");
        let refused = book.with_source("photo.jpg").await.unwrap_err();
        assert_eq!((refused.reason.as_str(), refused.field.as_deref()), ("wrong_shape", Some("source")));
        let complaint = json!({"code": "C1", "complaint": "breakage", "photo": never});
        let refused = book.refuses("returning", complaint).await;
        let told = (refused.reason.as_str(), refused.field.as_deref());
        assert_eq!(told, ("document_not_stored", Some("photo")), "{refused}");

        let pdf = NewDocument { media_type: "application/pdf", ..paper(b"%PDF-1.7") };
        let pdf = book.ledger.store_document(book.brand.id, pdf).await.unwrap();
        assert!(book.with_source(&pdf).await.is_ok());
        let complaint = json!({"code": "C1", "complaint": "breakage", "photo": pdf});
        let refused = book.refuses("returning", complaint).await;
        assert_eq!((refused.reason.as_str(), refused.field.as_deref()), ("not_a_photo", Some("photo")));

        let kites = book.ledger.create_brand("kites", "Kites").await.unwrap();
        let theirs = book.ledger.store_document(kites.id, paper(PAPER)).await.unwrap();
        assert_eq!(book.with_source(&theirs).await.unwrap_err().reason, "document_not_stored");
        done(scratch, &files).await;
    }
}

#[tokio::test]
async fn c15_changed_bytes_are_never_given_out_and_told_by_verify() {
    for (scratch, files) in each().await {
        let book = Book::open_with(&scratch.url, Some(&format!("file://{}", files.display()))).await;
        let digest = book.ledger.store_document(book.brand.id, paper(PAPER)).await.unwrap();
        let seq = book.with_source(&digest).await.unwrap();
        let at = files_in(&files).remove(0);
        let refused = async || match book.ledger.document(book.brand.id, &digest).await.unwrap().unwrap() {
            Ok(_) => panic!("bytes that are not those stored were given out"),
            Err(refusal) => refusal.reason,
        };
        let finding = async || book.ledger.verify(|_| ()).await.unwrap().findings.join("\n");
        for swapped in [&b"A photo of the run sheet"[..], b"short", b""] {
            std::fs::write(&at, swapped).unwrap();
            assert_eq!(refused().await, "document_changed");
            let told = finding().await;
            assert!(
                told.contains(&format!("acme: entry {seq}: "))
                    && told.contains(&digest)
                    && told.contains("-documents-"),
                "{told}"
            );
        }
        std::fs::remove_file(&at).unwrap();
        assert_eq!(refused().await, "document_gone");
        assert!(finding().await.contains("are gone"), "{}", finding().await);
        book.ledger.store_document(book.brand.id, paper(PAPER)).await.unwrap();
        assert_eq!(finding().await, "", "storing the same again puts it right");
        done(scratch, &files).await;
    }
}

#[tokio::test]
async fn c15_who_may_not_read_suppliers_is_not_shown_the_paper_that_tells_one() {
    let scratch = Scratch::sqlite();
    let book = Book::open(&scratch.url).await;
    let digest = book.ledger.store_document(book.brand.id, paper(PAPER)).await.unwrap();
    let facts = json!([{"name": "supplier", "value": "Resin Works"}, {"name": "lot_code", "value": "R1"}]);
    let filed = json!({"subject": "material_lot:R1", "record": "material_lot", "facts": facts});
    let draft = EventDraft { source: Some(digest), ..book.draft("filing", filed) };
    let seq = book.hands_in(draft).await.unwrap().seq;
    assert!(book.line(Role::Factory, seq).await.source.is_some());
    assert_eq!(book.line(Role::Warehouse, seq).await.source, None);
}

#[tokio::test]
async fn c15_what_was_stored_in_the_database_is_still_read_from_there() {
    let scratch = Scratch::sqlite();
    let book = Book::open(&scratch.url).await;
    let digest = "sha256:18e67b5ecf2ed8fb7fa7d3ae0ec1cb3f0ae4b5ad8e0a9bd6e3fd2db0c3f0d3f7";
    let sql = "insert into file (brand, digest, media_type, bytes) values (1, $1, 'image/png', $2)";
    let mut raw = <sqlx::SqliteConnection as sqlx::Connection>::connect(&scratch.url).await.unwrap();
    for (digest, bytes) in [(digest, "other"), (OLD, "an old photo")] {
        sqlx::query(sql).bind(digest).bind(bytes.as_bytes()).execute(&mut raw).await.unwrap();
    }
    let read = async |digest| book.ledger.document(book.brand.id, digest).await.unwrap().unwrap();
    assert_eq!(read(OLD).await.unwrap().bytes, "an old photo");
    assert_eq!(read(digest).await.unwrap_err().reason, "document_changed");
    assert!(book.with_source(OLD).await.is_ok());
    let bytes = Bytes::from_static(b"an old photo");
    let same = NewDocument { bytes, ..paper(PAPER) };
    assert_eq!(book.ledger.store_document(book.brand.id, same).await.unwrap(), OLD);
    assert!(!scratch.file().with_file_name("ledger.db-files").exists(), "it is stored already");
}

/// The digest of `an old photo`.
const OLD: &str = "sha256:69eac47295803fa6b973001f1d931ffa08094cc7350ff69e47104b1282f8da70";

#[tokio::test]
async fn c15_a_backup_brings_the_documents_along_and_tells_what_is_missing() {
    let scratch = Scratch::sqlite();
    let book = Book::open(&scratch.url).await;
    let digest = book.ledger.store_document(book.brand.id, paper(PAPER)).await.unwrap();
    let lost = book.ledger.store_document(book.brand.id, paper(b"a lost page")).await.unwrap();
    for digest in [&digest, &lost] {
        book.with_source(digest).await.unwrap();
    }
    let folder = scratch.file().with_file_name("ledger.db-files");
    let hex = lost.strip_prefix("sha256:").unwrap();
    std::fs::remove_file(folder.join("acme/sha256").join(&hex[..2]).join(&hex[2..])).unwrap();

    let copy = scratch.file().with_file_name("friday.db");
    let copied = book.ledger.backup(&copy).await.unwrap().unwrap();
    assert_eq!((copied.documents, copied.left_out.len()), (1, 1), "{copied:?}");
    assert!(copied.left_out[0].contains(&lost), "{copied:?}");

    let fresh = Scratch::sqlite();
    let elsewhere = fresh.file().with_file_name("papers");
    let elsewhere = elsewhere.to_string_lossy();
    let came = Ledger::restore(&fresh.url, Some(&elsewhere), &copy).await.unwrap().unwrap();
    assert_eq!((came.documents, came.left_out.len()), (1, 1), "{came:?}");
    let again = Book::open_with(&fresh.url, Some(&elsewhere)).await;
    let document = again.ledger.document(again.brand.id, &digest).await.unwrap().unwrap().unwrap();
    assert_eq!(document.bytes, PAPER);
    let report = again.ledger.verify(|_| ()).await.unwrap();
    assert_eq!((report.documents, report.findings.len()), (1, 1), "{report:?}");
}

#[tokio::test]
async fn c15_where_no_place_for_documents_was_named_nothing_is_told_to_be_stored() {
    let Some(scratch) = Scratch::postgres().await else { return };
    let book = Book::open(&scratch.url).await;
    let fault = book.ledger.store_document(book.brand.id, paper(PAPER)).await.unwrap_err();
    assert!(fault.to_string().contains("--files"), "{fault}");
    book.ledger.close().await;
    scratch.drop_database().await;
    assert!(Ledger::open_with("sqlite:never.db", Some("ftp://papers")).await.is_err());
}
