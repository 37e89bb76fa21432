//! Accounts, tokens and setup links: who may sign in, and in which role.
//!
//! Passwords come here as PHC text and secrets as digests: hashing is the server's work.

use crate::{
    BrandId, Fault, Ledger,
    db::{Row, Tx, values},
};
use domain::{
    person::Role,
    refusal::Refusal,
    text::{Text, text},
    time::Time,
};
use uuid::Uuid;

/// The account of a name, small letters.
pub(crate) const BY_NAME: &str =
    "select id, brand, name, role, password, generation from account where folded_name = $1";
/// The account of an id.
pub(crate) const BY_ID: &str =
    "select id, brand, name, role, password, generation from account where id = $1";
/// The accounts of a brand.
pub(crate) const OF_BRAND: &str =
    "select id, brand, name, role, password, generation from account where brand = $1 order by folded_name";
/// A new account, unless the name is taken.
pub(crate) const INSERT: &str = "insert into account (id, brand, name, folded_name, role, password, generation) \
    values ($1, $2, $3, $4, $5, $6, 1) on conflict do nothing";
/// A new password.
pub(crate) const PASSWORD: &str =
    "update account set password = $2, generation = generation + 1 where id = $1";
/// The end of every session.
pub(crate) const SIGN_OUT: &str = "update account set generation = generation + 1 where id = $1";
/// A new token.
pub(crate) const TOKEN: &str =
    "insert into token (id, brand, name, role, digest) values ($1, $2, $3, $4, $5)";
/// The token of a digest.
pub(crate) const TOKEN_BY: &str = "select id, brand, name, role from token where digest = $1";
/// A setup link in place of the one before.
pub(crate) const LINK: &str = "insert into setup_link (brand, digest, until) values ($1, $2, $3) \
    on conflict (brand) do update set digest = excluded.digest, until = excluded.until";
/// A setup link that is good.
pub(crate) const LINK_BY: &str = "select brand from setup_link where digest = $1 and until > $2";
/// Uses a setup link up.
pub(crate) const USE_LINK: &str = "delete from setup_link where digest = $1 and until > $2 returning brand";

const NAME_IN_USE: Text =
    text("The name {name} is taken. Choose another one.", "名称“{name}”已被使用，请另选一个。");
const LINK_USED: Text = text(
    "This setup link was used already or has expired. Restart the server to get another one.",
    "此设置链接已使用或已过期，请重启服务器以获取新链接。",
);

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

/// A name as it is compared: without outer space, in small letters.
fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

impl Ledger {
    /// The account of a name, whatever its case.
    ///
    /// # Errors
    /// When storage fails, as everywhere below.
    pub async fn account_named(&self, name: &str) -> Result<Option<Account>, Fault> {
        self.db.row(BY_NAME, &values![folded(name)]).await?.as_ref().map(read).transpose()
    }

    /// The account of an id.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn account(&self, id: &str) -> Result<Option<Account>, Fault> {
        self.db.row(BY_ID, &values![id]).await?.as_ref().map(read).transpose()
    }

    /// The accounts of a brand, by name.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn accounts(&self, brand: BrandId) -> Result<Vec<Account>, Fault> {
        self.db.rows(OF_BRAND, &values![brand.0]).await?.iter().map(read).collect()
    }

    /// A new account. Refused (`name_in_use` at `name`) where the name is taken.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn create_account(
        &self,
        brand: BrandId,
        name: &str,
        role: Role,
        password: Option<&str>,
    ) -> Result<Result<Account, Refusal>, Fault> {
        let mut tx = self.db.begin().await?;
        let made = insert(&mut tx, brand, name, role, password).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Sets the password's hash and ends every session.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn set_password(&self, id: &str, password: &str) -> Result<(), Fault> {
        self.db.execute(PASSWORD, &values![id, password]).await.map(drop)
    }

    /// Ends every session of the account.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn sign_out_everywhere(&self, id: &str) -> Result<(), Fault> {
        self.db.execute(SIGN_OUT, &values![id]).await.map(drop)
    }

    /// A new token, by the SHA-256 of its secret in hexadecimal.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn create_token(
        &self,
        brand: BrandId,
        name: &str,
        role: Role,
        digest: &str,
    ) -> Result<Token, Fault> {
        let id = new_id();
        self.db.execute(TOKEN, &values![&id, brand.0, name, role.word(), digest]).await?;
        Ok(Token { id, brand, name: name.into(), role })
    }

    /// The token with a digest. Tokens are never changed, so one that was read is kept in memory.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn token(&self, digest: &str) -> Result<Option<Token>, Fault> {
        if let Some(token) = self.tokens.get(digest) {
            return Ok(Some(token));
        }
        let Some(row) = self.db.row(TOKEN_BY, &values![digest]).await? else { return Ok(None) };
        let (brand, role) = (BrandId(row.int(1)?), role(&row.text(3)?)?);
        let token = Token { id: row.text(0)?, brand, name: row.text(2)?, role };
        self.tokens.keep(digest, token.clone());
        Ok(Some(token))
    }

    /// A one-time setup link; replaces older ones of the brand.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn create_setup_link(&self, brand: BrandId, digest: &str, until: Time) -> Result<(), Fault> {
        self.db.execute(LINK, &values![brand.0, digest, until.0]).await.map(drop)
    }

    /// The brand of a setup link; `None` when it is unknown, used or expired.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn setup_link(&self, digest: &str, now: Time) -> Result<Option<BrandId>, Fault> {
        let row = self.db.row(LINK_BY, &values![digest, now.0]).await?;
        row.map(|r| r.int(0).map(BrandId)).transpose()
    }

    /// Creates the administrator and uses the link up, in one transaction. Refused as `link_used` or
    /// `name_in_use`; a refusal leaves the link as it was.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn use_setup_link(
        &self,
        digest: &str,
        now: Time,
        name: &str,
        password: &str,
    ) -> Result<Result<Account, Refusal>, Fault> {
        let mut tx = self.db.begin().await?;
        let used = tx.rows(USE_LINK, &values![digest, now.0]).await?;
        let Some(row) = used.first() else {
            return Ok(Err(Refusal::new("link_used", LINK_USED)));
        };
        let brand = BrandId(row.int(0)?);
        let made = insert(&mut tx, brand, name, Role::Administrator, Some(password)).await?;
        if made.is_ok() {
            tx.commit().await?;
        }
        Ok(made)
    }
}

async fn insert(
    tx: &mut Tx,
    brand: BrandId,
    name: &str,
    role: Role,
    password: Option<&str>,
) -> Result<Result<Account, Refusal>, Fault> {
    let (id, name) = (new_id(), name.trim().to_string());
    let row = values![&id, brand.0, &name, folded(&name), role.word(), password];
    if tx.execute(INSERT, &row).await? == 0 {
        let said = NAME_IN_USE.with(&[("name", &name)]);
        return Ok(Err(Refusal::said("name_in_use", said).at("name")));
    }
    Ok(Ok(Account { id, brand, name, role, password: password.map(str::to_string), generation: 1 }))
}

/// An id that nobody can guess and nobody else has.
fn new_id() -> String {
    Uuid::from_bytes(rand::random()).simple().to_string()
}

fn read(row: &Row) -> Result<Account, Fault> {
    Ok(Account {
        id: row.text(0)?,
        brand: BrandId(row.int(1)?),
        name: row.text(2)?,
        role: role(&row.text(3)?)?,
        password: row.text_or_none(4)?,
        generation: row.int(5)?,
    })
}

fn role(word: &str) -> Result<Role, Fault> {
    Role::from_word(word).ok_or_else(|| Fault::damaged(format!("there is no role {word}")))
}

/// Tokens that were read, by digest. Bounded: when it is full it begins anew.
#[derive(Default)]
pub(crate) struct Tokens(std::sync::RwLock<std::collections::HashMap<String, Token>>);

impl Tokens {
    const MOST: usize = 10_000;

    fn get(&self, digest: &str) -> Option<Token> {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(digest).cloned()
    }

    fn keep(&self, digest: &str, token: Token) {
        let mut kept = self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if kept.len() >= Self::MOST {
            kept.clear();
        }
        kept.insert(digest.to_string(), token);
    }
}
