//! Accounts, tokens, setup links, kept drafts and files: what is kept beside the book.
use crate::{BrandId, Fault, Ledger};
use domain::{person::Role, refusal::Refusal, time::Time};
use uuid::Uuid;

/// Somebody who can sign in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// Its key, never re-used; also that of the [`Person`](domain::person::Person).
    pub id: String,
    /// The brand it belongs to.
    pub brand: BrandId,
    /// The name to sign in with, unique on the server whatever its case.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// The password's hash as PHC text; `None` while no password was set.
    pub password: Option<String>,
    /// Goes up when every session is to end.
    pub generation: i64,
}

/// A bearer token of the API, known by the digest of its secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// Its key.
    pub id: String,
    /// The brand it belongs to.
    pub brand: BrandId,
    /// What it is for.
    pub name: String,
    /// The role in which it acts.
    pub role: Role,
}

impl Ledger {
    /// The account of a name, whatever its case.
    pub async fn account_named(&self, _name: &str) -> Result<Option<Account>, Fault> {
        Ok(None)
    }
    /// The account of an id.
    pub async fn account(&self, _id: &str) -> Result<Option<Account>, Fault> {
        Ok(None)
    }
    /// The accounts of a brand, by name.
    pub async fn accounts(&self, _brand: BrandId) -> Result<Vec<Account>, Fault> {
        Ok(vec![])
    }
    /// A new account. Refused (`name_in_use` at `name`) where the name is taken.
    pub async fn create_account(
        &self,
        _brand: BrandId,
        _name: &str,
        _role: Role,
        _password: Option<&str>,
    ) -> Result<Result<Account, Refusal>, Fault> {
        Err(Fault::new(false, "not open"))
    }
    /// Sets the password's hash and ends every session.
    pub async fn set_password(&self, _id: &str, _password: &str) -> Result<(), Fault> {
        Ok(())
    }
    /// Ends every session of the account.
    pub async fn sign_out_everywhere(&self, _id: &str) -> Result<(), Fault> {
        Ok(())
    }
    /// A new token, by the SHA-256 of its secret in hexadecimal.
    pub async fn create_token(
        &self,
        _brand: BrandId,
        _name: &str,
        _role: Role,
        _digest: &str,
    ) -> Result<Token, Fault> {
        Err(Fault::new(false, "not open"))
    }
    /// The token with a digest.
    pub async fn token(&self, _digest: &str) -> Result<Option<Token>, Fault> {
        Ok(None)
    }
    /// A one-time setup link; replaces older ones of the brand.
    pub async fn create_setup_link(&self, _brand: BrandId, _digest: &str, _until: Time) -> Result<(), Fault> {
        Ok(())
    }
    /// The brand of a setup link; `None` when it is unknown, used or expired.
    pub async fn setup_link(&self, _digest: &str, _now: Time) -> Result<Option<BrandId>, Fault> {
        Ok(None)
    }
    /// Creates the administrator and uses the link up, in one transaction.
    pub async fn use_setup_link(
        &self,
        _digest: &str,
        _now: Time,
        _name: &str,
        _password: &str,
    ) -> Result<Result<Account, Refusal>, Fault> {
        Err(Fault::new(false, "not open"))
    }
    /// Keeps a form that could not be captured; in place of an older one of the same id.
    pub async fn keep_draft(&self, _id: Uuid, _json: &str) -> Result<(), Fault> {
        Ok(())
    }
    /// A kept form.
    pub async fn kept_draft(&self, _id: Uuid) -> Result<Option<String>, Fault> {
        Ok(None)
    }
    /// Forgets a kept form.
    pub async fn forget_draft(&self, _id: Uuid) -> Result<(), Fault> {
        Ok(())
    }
    /// Stores a file once, whoever sends it; tells its digest `sha256:…`.
    pub async fn put_file(&self, _bytes: &[u8], _media_type: &str) -> Result<String, Fault> {
        Ok(String::new())
    }
    /// A stored file and its media type.
    pub async fn file(&self, _digest: &str) -> Result<Option<(Vec<u8>, String)>, Fault> {
        Ok(None)
    }
}
