//! Sessions, kept in the same database.

use crate::{
    Fault, Ledger,
    db::{Db, values},
};
use async_trait::async_trait;
use tower_sessions::{
    session::{Id, Record},
    session_store::{Error, Result},
};

/// A session under an id that nobody has.
pub(crate) const CREATE: &str =
    "insert into session (id, record, expires) values ($1, $2, $3) on conflict do nothing";
/// A session as it is now.
pub(crate) const SAVE: &str = "insert into session (id, record, expires) values ($1, $2, $3) \
    on conflict (id) do update set record = excluded.record, expires = excluded.expires";
/// A session that has not expired.
pub(crate) const LOAD: &str = "select record from session where id = $1 and expires > $2";
/// Ends a session.
pub(crate) const DELETE: &str = "delete from session where id = $1";
/// Clears away sessions that have expired.
pub(crate) const DELETE_EXPIRED: &str = "delete from session where expires <= $1";

/// Where tower-sessions keeps its records: in the ledger's database, so that one backup holds all.
#[derive(Clone, Debug)]
pub struct SessionStore {
    db: Db,
}

impl Ledger {
    /// The store of sessions in this database.
    pub fn session_store(&self) -> SessionStore {
        SessionStore { db: self.db.clone() }
    }
}

#[async_trait]
impl tower_sessions::SessionStore for SessionStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let now = crate::capture::now().0;
        self.db.execute(DELETE_EXPIRED, &values![now]).await.map_err(backend)?;
        loop {
            let row = values![record.id.to_string(), json(record)?, expires(record)];
            if self.db.execute(CREATE, &row).await.map_err(backend)? > 0 {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let row = values![record.id.to_string(), json(record)?, expires(record)];
        self.db.execute(SAVE, &row).await.map(drop).map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let now = crate::capture::now().0;
        let row = self.db.row(LOAD, &values![id.to_string(), now]).await.map_err(backend)?;
        let Some(row) = row else { return Ok(None) };
        let json = row.text(0).map_err(backend)?;
        serde_json::from_str(&json).map(Some).map_err(|e| Error::Decode(e.to_string()))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.db.execute(DELETE, &values![id.to_string()]).await.map(drop).map_err(backend)
    }
}

fn json(record: &Record) -> Result<String> {
    serde_json::to_string(record).map_err(|e| Error::Encode(e.to_string()))
}

/// Milliseconds, as all times in the database.
fn expires(record: &Record) -> i64 {
    record.expiry_date.unix_timestamp().saturating_mul(1000)
}

fn backend(fault: Fault) -> Error {
    Error::Backend(fault.to_string())
}
