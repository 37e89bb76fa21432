//! Documents beside the book: where they are when nobody says, whether they are what entries name, and how
//! they come along in a copy.

use super::{MOST_FINDINGS, Named, VerifyReport, beside};
use crate::{
    BrandId, Fault, Ledger,
    db::{self, values},
    documents::STRETCH,
    shelf::{Found, Shelf},
};
use std::path::Path;

/// The folder of documents is called after the database beside it, as SQLite calls its own files.
pub(super) const FILES: &str = "-files";

const DOCUMENTS_AT_ONCE: i64 = 1000;

/// What became of the documents in a backup or a restore.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Copied {
    /// How many were copied.
    pub documents: u64,
    /// Where they are now.
    pub place: String,
    /// True where they stayed where they are, and are no part of the copy.
    pub stayed: bool,
    /// Those that are gone or changed, in words.
    pub left_out: Vec<String>,
}

/// The place for documents of a database: the one named, else a folder beside an SQLite file.
pub(crate) fn shelf(url: &str, files: Option<&str>) -> Result<Option<Shelf>, Fault> {
    match (files, db::sqlite_path(url)) {
        (Some(files), _) => Shelf::open(files).map(Some),
        (None, Some(path)) => Shelf::folder(&beside(path, FILES)).map(Some),
        (None, None) => Ok(None),
    }
}

impl Ledger {
    /// Reads every document that entries of a brand name.
    pub(super) async fn verify_documents(
        &self,
        brand: BrandId,
        slug: &str,
        named: Named,
        report: &mut VerifyReport,
    ) -> Result<(), Fault> {
        for (digest, seq) in named {
            match self.document(brand, &digest).await? {
                Some(Ok(_)) => report.documents += 1,
                Some(Err(refusal)) => {
                    report.finds(format!("{slug}: entry {seq}: {} ({})", refusal.said.en, self.shelf()?));
                }
                None => report.finds(format!("{slug}: entry {seq}: the document {digest} was never stored")),
            }
        }
        Ok(())
    }

    /// Copies the documents from a folder into one beside a copy of the database. In a bucket they stay: it
    /// is kept by somebody whose trade that is.
    pub(super) async fn copy_documents_beside(&self, path: &Path) -> Result<Copied, Fault> {
        let shelf = self.shelf()?;
        if shelf.as_folder().is_none() {
            return Ok(Copied { stayed: true, place: shelf.to_string(), ..Copied::default() });
        }
        self.copy_documents(&Shelf::folder(&beside(path, FILES))?).await
    }

    /// Verifies the log alone; where it is well, copies the documents. The first finding where it is not.
    pub(super) async fn verified_copy(&self, to: Option<&Shelf>) -> Result<Result<Copied, String>, Fault> {
        let mut report = VerifyReport::default();
        for brand in self.brands().await? {
            self.verify_log(brand.id, &brand.slug, &mut report, &mut Named::default(), &mut |_| ()).await?;
        }
        match (report.findings.into_iter().next(), to) {
            (Some(finding), _) => Ok(Err(finding)),
            (None, Some(to)) => self.copy_documents(to).await.map(Ok),
            (None, None) => Ok(Ok(Copied::default())),
        }
    }

    /// Copies every document to another place. One that is there already, in a bucket say, need not come from
    /// here.
    async fn copy_documents(&self, to: &Shelf) -> Result<Copied, Fault> {
        let mut copied = Copied { place: to.to_string(), ..Copied::default() };
        for brand in self.brands().await? {
            let mut after = String::new();
            loop {
                let rows = self.db.rows(STRETCH, &values![brand.id.0, &after, DOCUMENTS_AT_ONCE]).await?;
                for row in &rows {
                    after = row.text(0)?;
                    self.copy_document(&brand.slug, &after, row.count(1)?, to, &mut copied).await?;
                }
                if rows.is_empty() {
                    break;
                }
            }
        }
        Ok(copied)
    }

    async fn copy_document(
        &self,
        slug: &str,
        digest: &str,
        size: u64,
        to: &Shelf,
        copied: &mut Copied,
    ) -> Result<(), Fault> {
        if matches!(to.get(slug, digest, size).await?, Found::Whole(_)) {
            copied.documents += 1;
            return Ok(());
        }
        let from = self.shelf()?;
        let why = match from.get(slug, digest, size).await? {
            Found::Whole(bytes) => {
                to.put(slug, digest, bytes).await?;
                copied.documents += 1;
                return Ok(());
            }
            Found::Gone => "gone from",
            Found::Changed => "changed in",
        };
        if copied.left_out.len() < MOST_FINDINGS {
            copied.left_out.push(format!("{slug}: the document {digest} is {why} {from}"));
        }
        Ok(())
    }
}
