//! Documents: photos, PDFs and workbooks that entries name by the digest of their bytes, each for the brand
//! in whose name it came. The bytes are on the [`shelf`](crate::shelf); what they are, who stored them and
//! when stands in a table.

use crate::{
    BrandId, Fault, Ledger, capture,
    db::{Value, look::Look, values},
    open::Places,
    shelf::{self, Found},
};
use bytes::Bytes;
use domain::{
    document::{self, Document, Named},
    event::EventDraft,
    refusal::Refusal,
    text::{Text, text},
};
use std::collections::HashMap;

/// A document and whose it is.
pub(crate) const ONE: &str = "select b.slug, d.media_type, d.bytes, d.name from document d \
    join brand b on b.id = d.brand where d.brand = $1 and d.digest = $2";
/// A file from when the bytes stood in the database.
pub(crate) const BEFORE: &str = "select bytes, media_type from file where brand = $1 and digest = $2";
/// Under which name a brand's documents lie.
pub(crate) const SLUG: &str = "select slug from brand where id = $1";
/// A new document.
pub(crate) const INSERT: &str = "insert into document \
    (brand, digest, media_type, bytes, name, stored_at, stored_by) values ($1, $2, $3, $4, $5, $6, $7) \
    on conflict do nothing";
/// What is known of documents.
pub(crate) const KNOWN: &str =
    "select digest, media_type, bytes, name from document where brand = $1 and digest in ({list})";
/// The same of those that stood in the database.
pub(crate) const KNOWN_BEFORE: &str = "select digest, media_type, cast(length(bytes) as bigint) from file \
    where brand = $1 and digest in ({list})";
/// A stretch of a brand's documents.
pub(crate) const STRETCH: &str =
    "select digest, bytes from document where brand = $1 and digest > $2 order by digest limit $3";

const NOT_STORED: Text = text(
    "The document {digest} was not stored first. Store the photo or PDF, then send this again with the digest that it was given.",
    "文件 {digest} 尚未上传。请先上传照片或 PDF，再用返回的摘要重新提交。",
);
const NOT_A_PHOTO: Text = text(
    "The document {digest} is no photo, and only a photo is asked for here. Store a photo, and send this again with its digest.",
    "文件 {digest} 不是照片，此处仅接受照片。请上传照片，再用其摘要重新提交。",
);
const GONE: Text = text(
    "The document {digest} is on record but its bytes are gone. Bring them back from a backup, or store the same document again.",
    "文件 {digest} 有记录，但内容已丢失。请从备份恢复，或重新上传同一文件。",
);
const CHANGED: Text = text(
    "The document {digest} is not shown: its bytes are not those that were stored. Bring them back from a backup, or store the same document again.",
    "文件 {digest} 不予显示：内容与上传时不一致。请从备份恢复，或重新上传同一文件。",
);

/// A document as it is handed in.
#[derive(Clone, Debug)]
pub struct NewDocument<'a> {
    /// Its bytes.
    pub bytes: Bytes,
    /// What its first bytes say.
    pub media_type: &'a str,
    /// What it was called where it came from.
    pub name: Option<&'a str>,
    /// Who stores it: a person's id.
    pub by: &'a str,
}

/// A document with its bytes, which are those that were stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredDocument {
    /// Its bytes.
    pub bytes: Bytes,
    /// What its first bytes said.
    pub media_type: String,
    /// What it was called where it came from.
    pub name: Option<String>,
}

impl Ledger {
    /// Stores a document of a brand once, whoever sends it; tells its digest `sha256:…`, by which entries
    /// name it. When the digest is here the bytes are durable. Bytes that were lost or changed since are put
    /// right by storing the same again.
    ///
    /// # Errors
    /// When storage fails, or there is no such brand.
    pub async fn store_document(&self, brand: BrandId, document: NewDocument<'_>) -> Result<String, Fault> {
        let NewDocument { bytes, media_type, name, by } = document;
        let digest = shelf::digest(bytes.clone()).await?;
        if let Some(Ok(_)) = self.document(brand, &digest).await? {
            return Ok(digest);
        }
        let slug = self.db.row(SLUG, &values![brand.0]).await?;
        let slug =
            slug.ok_or_else(|| Fault::new(false, format!("there is no brand {}", brand.0)))?.text(0)?;
        let size = bytes.len() as u64;
        self.shelf()?.put(&slug, &digest, bytes).await?;
        let now = capture::now().0;
        self.db.execute(INSERT, &values![brand.0, &digest, media_type, size, name, now, by]).await?;
        Ok(digest)
    }

    /// A stored document of a brand, its bytes hashed again; a refusal where they are gone or are others.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn document(
        &self,
        brand: BrandId,
        digest: &str,
    ) -> Result<Option<Result<StoredDocument, Refusal>>, Fault> {
        let Some(row) = self.db.row(ONE, &values![brand.0, digest]).await? else {
            return self.document_before(brand, digest).await;
        };
        let (media_type, name) = (row.text(1)?, row.text_or_none(3)?);
        let shelf = self.shelf()?;
        let refused = |reason, text: Text| {
            tracing::error!(%digest, place = %shelf, reason, "a stored document is not what it was");
            let said = text.with(&[("digest", digest)]);
            Some(Err(Refusal::said(reason, said)))
        };
        Ok(match shelf.get(&row.text(0)?, digest, row.count(2)?).await? {
            Found::Whole(bytes) => Some(Ok(StoredDocument { bytes, media_type, name })),
            Found::Gone => refused("document_gone", GONE),
            Found::Changed => refused("document_changed", CHANGED),
        })
    }

    async fn document_before(
        &self,
        brand: BrandId,
        digest: &str,
    ) -> Result<Option<Result<StoredDocument, Refusal>>, Fault> {
        let Some(row) = self.db.row(BEFORE, &values![brand.0, digest]).await? else { return Ok(None) };
        let (bytes, media_type) = (Bytes::from(row.bytes(0)?), row.text(1)?);
        if shelf::digest(bytes.clone()).await? != digest {
            let said = CHANGED.with(&[("digest", digest)]);
            return Ok(Some(Err(Refusal::said("document_changed", said))));
        }
        Ok(Some(Ok(StoredDocument { bytes, media_type, name: None })))
    }

    /// Refuses those of the drafts that name a document which was not stored for this brand. Looked up before
    /// the writer has them: a document that is stored stays.
    pub(crate) async fn refuse_unstored(
        &self,
        brand: BrandId,
        drafts: &[EventDraft],
        places: &mut [Result<Places, Refusal>],
    ) -> Result<(), Fault> {
        let named =
            |draft: &EventDraft| document::named(&draft.kind, draft.source.as_deref(), &draft.payload);
        let named: Vec<Vec<Named>> = drafts.iter().map(named).collect();
        let mut digests: Vec<&str> = named.iter().flatten().map(|named| &*named.digest).collect();
        // Every row of a table names the same one.
        digests.sort_unstable();
        digests.dedup();
        if digests.is_empty() {
            return Ok(());
        }
        let known = known(&self.db.look(), brand.0, &digests).await?;
        for (named, place) in named.iter().zip(places) {
            if place.is_ok()
                && let Some(refusal) = named.iter().find_map(|named| unfit(named, &known))
            {
                *place = Err(refusal);
            }
        }
        Ok(())
    }
}

/// Why a document cannot be named where it is.
fn unfit(named: &Named, known: &HashMap<String, Document>) -> Option<Refusal> {
    let (reason, text) = match known.get(&named.digest) {
        None => ("document_not_stored", NOT_STORED),
        Some(document) if named.photo && !document.is_photo() => ("not_a_photo", NOT_A_PHOTO),
        Some(_) => return None,
    };
    Some(Refusal::said(reason, text.with(&[("digest", &named.digest)])).at(&named.field))
}

/// What is known of those of the documents that were stored, by digest.
pub(crate) async fn known(
    look: &Look,
    brand: i64,
    digests: &[&str],
) -> Result<HashMap<String, Document>, Fault> {
    let list: Vec<Value> = digests.iter().map(|digest| Value::from(*digest)).collect();
    let mut known = HashMap::new();
    for row in look.rows_in(KNOWN_BEFORE, &values![brand], &list, false).await? {
        let digest = row.text(0)?;
        let document =
            Document { digest: digest.clone(), media_type: row.text(1)?, bytes: row.count(2)?, name: None };
        known.insert(digest, document);
    }
    for row in look.rows_in(KNOWN, &values![brand], &list, false).await? {
        let (digest, name) = (row.text(0)?, row.text_or_none(3)?);
        let document =
            Document { digest: digest.clone(), media_type: row.text(1)?, bytes: row.count(2)?, name };
        known.insert(digest, document);
    }
    Ok(known)
}
