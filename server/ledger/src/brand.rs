//! Brands: each has a book and a signing key of its own.

use crate::{
    Fault, Ledger,
    db::{Row, values},
    standing::{NOTE_RULES, RULES},
};
use domain::log::SigningKey;

/// Every brand.
pub(crate) const ALL: &str = "select id, slug, name from brand order by id";
/// One brand.
pub(crate) const BY_SLUG: &str = "select id, slug, name from brand where slug = $1";
/// A new brand.
pub(crate) const INSERT: &str = "insert into brand (slug, name, signing_key) values ($1, $2, $3) \
    on conflict do nothing returning id";
/// Its empty book.
pub(crate) const HEAD: &str =
    "insert into log_head (brand, size, frontier, next_subject) values ($1, 0, $2, 1)";

/// A brand's id: every row in the ledger carries it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct BrandId(pub i64);

/// An organisation that owns a book of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Brand {
    /// Its id.
    pub id: BrandId,
    /// Its short name in addresses and on the command line.
    pub slug: String,
    /// Its name on a screen.
    pub name: String,
}

impl Ledger {
    /// The brand with a slug.
    pub async fn brand(&self, slug: &str) -> Result<Option<Brand>, Fault> {
        self.db.row(BY_SLUG, &values![slug]).await?.as_ref().map(read).transpose()
    }

    /// Every brand, the oldest first.
    pub async fn brands(&self) -> Result<Vec<Brand>, Fault> {
        self.db.rows(ALL, &[]).await?.iter().map(read).collect()
    }

    /// A new brand with an empty book and a signing key of its own; the brand that is there already where
    /// the slug is taken.
    ///
    /// The key is drawn from the operating system's randomness and kept in the database, so that it is
    /// backed up with the book that it signs. Whoever can read the database can sign in its name; a
    /// witness's signature on the checkpoints is what guards against that.
    ///
    /// # Errors
    /// When the slug holds anything but small letters, digits and hyphens, or storage fails.
    pub async fn create_brand(&self, slug: &str, name: &str) -> Result<Brand, Fault> {
        let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if slug.is_empty() || slug.len() > 60 || !slug.bytes().all(good) {
            return Err(Fault::new(
                false,
                format!("the slug {slug:?} is not of small letters, digits, hyphens"),
            ));
        }
        let key =
            SigningKey::from_seed(&format!("lotwalk/{slug}"), &rand::random()).map_err(Fault::damaged)?;
        let mut tx = self.db.begin().await?;
        let made = tx.rows(INSERT, &values![slug, name, key.to_secret_text()]).await?;
        if let Some(row) = made.first() {
            let id = row.int(0)?;
            tx.execute(HEAD, &values![id, Vec::<u8>::new()]).await?;
            // What is not there yet was not made by other rules.
            tx.execute(NOTE_RULES, &values![id, RULES]).await?;
            tx.commit().await?;
            return Ok(Brand { id: BrandId(id), slug: slug.into(), name: name.into() });
        }
        drop(tx);
        let brand = self.brand(slug).await?;
        brand.ok_or_else(|| Fault::new(true, format!("the brand {slug} came and went")))
    }
}

fn read(row: &Row) -> Result<Brand, Fault> {
    Ok(Brand { id: BrandId(row.int(0)?), slug: row.text(1)?, name: row.text(2)? })
}
