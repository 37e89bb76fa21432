//! Kept drafts: forms that could not be captured, each for the brand in whose name it came.

use crate::{BrandId, Fault, Ledger, db::values};
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
}
