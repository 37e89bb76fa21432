//! Plans that stay what they are.

use sqlx::SqliteConnection;
use std::ffi::c_int;

/// Turns on the query planner stability guarantee. Without it SQLite prepares a join again at each call,
/// because sqlx clears the bindings in between; with it a resolve takes a third of the time.
pub(super) async fn keep(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let mut handle = connection.lock_handle().await?;
    let (on, no_answer) = (1 as c_int, std::ptr::null_mut::<c_int>());
    // SAFETY: the handle is that of an open connection, locked while we hold it. The option takes an int
    // and a pointer to an int that may be null (SQLite C interface, sqlite3_db_config).
    #[allow(unsafe_code, reason = "sqlx has no name for this option")]
    let status = unsafe {
        let raw = handle.as_raw_handle().as_ptr();
        libsqlite3_sys::sqlite3_db_config(raw, libsqlite3_sys::SQLITE_DBCONFIG_ENABLE_QPSG, on, no_answer)
    };
    match status {
        libsqlite3_sys::SQLITE_OK => Ok(()),
        code => Err(sqlx::Error::Configuration(format!("SQLite refused a stable planner: {code}").into())),
    }
}
