//! Sealed names, kept beside the book: readable to who sealed them, opened by an event (C52).

use crate::{BrandId, Fault, Ledger, db::values};
use domain::{
    person::Person,
    seal::{Seal, Sealed, same_name},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The key of a brand's likenesses.
pub(crate) const KEY: &str = "select key from seal_key where brand = $1";
/// A new one, where there is none.
pub(crate) const NEW_KEY: &str = "insert into seal_key (brand, key) values ($1, $2) on conflict do nothing";
/// Keeps a seal.
pub(crate) const KEEP: &str = "insert into seal (brand, commitment, likeness, salt, name, owner, owner_role, sealed_at) \
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
/// A seal.
pub(crate) const SEAL: &str = "select salt, name, owner from seal where brand = $1 and commitment = $2";

impl Ledger {
    /// Seals a name for a person: what comes back stands in the ledger in its place. The likeness is a keyed
    /// hash of the name as names are compared; its key never leaves the database.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn seal(&self, brand: BrandId, owner: &Person, name: &str) -> Result<Sealed, Fault> {
        self.seal_at(brand, owner, name, &rand::random::<u64>().to_string()).await
    }

    /// The same for an answer of a form: sealed again at the same place (the draft and the question), the same
    /// name is the same commitment, so that a form sent twice is one draft.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn seal_at(
        &self,
        brand: BrandId,
        owner: &Person,
        name: &str,
        place: &str,
    ) -> Result<Sealed, Fault> {
        let key = self.seal_key(brand).await?;
        let likeness = keyed(&key, "likeness", &same_name(name))?;
        let salt = keyed(&key, "salt", &format!("{place}/{name}"))?;
        let seal = Seal { salt, name: name.trim().to_string() };
        let sealed = seal.close(&likeness);
        let now = crate::capture::now().0;
        let row = values![
            brand.0,
            &sealed.commitment,
            &sealed.likeness,
            &seal.salt,
            &seal.name,
            &owner.id,
            owner.role.word(),
            now,
        ];
        self.db.execute(KEEP, &row).await?;
        Ok(sealed)
    }

    async fn seal_key(&self, brand: BrandId) -> Result<String, Fault> {
        let new: String = rand::random::<[u8; 32]>().iter().map(|b| format!("{b:02x}")).collect();
        self.db.execute(NEW_KEY, &values![brand.0, new]).await?;
        let row = self.db.row(KEY, &values![brand.0]).await?;
        row.ok_or_else(|| Fault::new(true, format!("brand {} has no seal key", brand.0)))?.text(0)
    }

    /// The name behind a seal, for who sealed it; nobody else is told.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn sealed_name(
        &self,
        brand: BrandId,
        reader: &Person,
        sealed: &Sealed,
    ) -> Result<Option<String>, Fault> {
        let row = self.db.row(SEAL, &values![brand.0, &sealed.commitment]).await?;
        let Some(row) = row else { return Ok(None) };
        Ok((row.text(2)? == reader.id).then_some(row.text(1)?))
    }

    /// Name and salt, to be written into the event that opens the seal: that event is refused unless its
    /// condition has come about. That its owner opens it counts for the owner alone.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn to_open(
        &self,
        brand: BrandId,
        opener: &Person,
        sealed: &Sealed,
        as_owner: bool,
    ) -> Result<Option<Seal>, Fault> {
        let row = self.db.row(SEAL, &values![brand.0, &sealed.commitment]).await?;
        let Some(row) = row else { return Ok(None) };
        if as_owner && row.text(2)? != opener.id {
            return Ok(None);
        }
        Ok(Some(Seal { salt: row.text(0)?, name: row.text(1)? }))
    }
}

/// Half a keyed hash of a text, for a purpose: 32 hexadecimal digits.
fn keyed(key: &str, purpose: &str, text: &str) -> Result<String, Fault> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(Fault::damaged)?;
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(text.as_bytes());
    Ok(mac.finalize().into_bytes().iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}
