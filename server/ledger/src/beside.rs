//! Kept drafts and files: what is kept beside the book, each for the brand in whose name it came.

use crate::{BrandId, Fault, Ledger, db::values};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Keeps a form; a later one of the same id takes its place.
pub(crate) const KEEP: &str = "insert into kept_draft (brand, id, draft, kept_at) values ($1, $2, $3, $4) \
    on conflict (brand, id) do update set draft = excluded.draft, kept_at = excluded.kept_at";
/// A kept form.
pub(crate) const KEPT: &str = "select draft from kept_draft where brand = $1 and id = $2";
/// Forgets a kept form.
pub(crate) const FORGET: &str = "delete from kept_draft where brand = $1 and id = $2";
/// Forgets forms that nobody came back for.
pub(crate) const FORGET_OLD: &str = "delete from kept_draft where brand = $1 and kept_at < $2";
/// Stores a file once.
pub(crate) const PUT: &str =
    "insert into file (brand, digest, media_type, bytes) values ($1, $2, $3, $4) on conflict do nothing";
/// A stored file.
pub(crate) const FILE: &str = "select bytes, media_type from file where brand = $1 and digest = $2";

/// A kept form is forgotten after seven days.
const KEEP_MINUTES: i64 = 7 * 24 * 60;

impl Ledger {
    /// Keeps a form that could not be captured, in place of an older one of the same id. Forms that
    /// nobody came back for within seven days are forgotten.
    ///
    /// # Errors
    /// When storage fails, as everywhere below.
    pub async fn keep_draft(&self, brand: BrandId, id: Uuid, json: &str) -> Result<(), Fault> {
        let now = crate::capture::now();
        let mut tx = self.db.begin().await?;
        tx.execute(FORGET_OLD, &values![brand.0, now.plus_minutes(-KEEP_MINUTES).0]).await?;
        tx.execute(KEEP, &values![brand.0, id.to_string(), json, now.0]).await?;
        tx.commit().await
    }

    /// A kept form; none where it was kept for another brand.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn kept_draft(&self, brand: BrandId, id: Uuid) -> Result<Option<String>, Fault> {
        self.db.row(KEPT, &values![brand.0, id.to_string()]).await?.map(|row| row.text(0)).transpose()
    }

    /// Forgets a kept form.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn forget_draft(&self, brand: BrandId, id: Uuid) -> Result<(), Fault> {
        self.db.execute(FORGET, &values![brand.0, id.to_string()]).await.map(drop)
    }

    /// Stores a file of a brand once, whoever sends it; tells its digest `sha256:…`, by which entries name it.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn put_file(&self, brand: BrandId, bytes: &[u8], media_type: &str) -> Result<String, Fault> {
        let hex: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        let digest = format!("sha256:{hex}");
        self.db.execute(PUT, &values![brand.0, &digest, media_type, bytes]).await?;
        Ok(digest)
    }

    /// A stored file of a brand and its media type.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn file(&self, brand: BrandId, digest: &str) -> Result<Option<(Vec<u8>, String)>, Fault> {
        let row = self.db.row(FILE, &values![brand.0, digest]).await?;
        row.map(|row| Ok((row.bytes(0)?, row.text(1)?))).transpose()
    }
}
