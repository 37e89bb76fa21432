//! A file of SQLite without a detour: statements run where they are called.
//!
//! sqlx answers each statement from another thread. That is right for a few large ones and wrong for many
//! small ones, which a reading and a group of captures are made of: twenty times they would wait longer
//! for the answer to come over than for the answer.

use super::{PATIENCE, STATEMENTS, Value, fault, passes, value::Row};
use crate::fault::Fault;
use rusqlite::{CachedStatement, Connection, ErrorCode, OpenFlags, config::DbConfig, types::ValueRef};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Semaphore;

/// Connections that wait to be used again. Who finds none opens one.
const IDLE: usize = 4;
/// How many read at once on threads apart. More would only take turns on the same disk.
const APART: usize = 8;
/// Pages of its own that a reading connection keeps, in KiB, below zero as SQLite wants it: enough for the
/// inner pages of a book of ten million cartons.
const READING_CACHE: &str = "-65536";

/// A cell of a row.
pub(crate) enum Cell {
    Null,
    Int(i64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
}

/// What is done with the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum For {
    /// Reading where nobody may be kept waiting: a lock is told at once.
    Reading,
    /// Writing on a thread that may wait.
    Writing,
}

/// A file of SQLite.
#[derive(Debug)]
pub(crate) struct Near {
    path: PathBuf,
    what_for: For,
    /// None when the database was closed.
    idle: Mutex<Option<Vec<Connection>>>,
    /// Turns of those who read apart: each is a thread with a connection and its page cache.
    pub(super) apart: Semaphore,
}

impl Near {
    pub(super) fn new(path: &Path, what_for: For) -> Near {
        Near {
            path: path.to_path_buf(),
            what_for,
            idle: Mutex::new(Some(Vec::new())),
            apart: Semaphore::new(APART),
        }
    }

    pub(super) fn close(&self) {
        self.idle().take();
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Option<Vec<Connection>>> {
        // A panic while it was locked leaves whole connections only.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection within a transaction.
    pub(super) fn take(&self) -> Result<Connection, Trouble> {
        let waiting = match &mut *self.idle() {
            Some(idle) => idle.pop(),
            None => return Err(Trouble::Fault(fault(sqlx::Error::PoolClosed))),
        };
        let connection = match waiting {
            Some(connection) => connection,
            None => open(&self.path, self.what_for)?,
        };
        let begin = if self.what_for == For::Writing { "begin immediate" } else { "begin" };
        connection.prepare_cached(begin)?.execute([])?;
        Ok(connection)
    }

    /// Ends the transaction of a connection that [`take`](Self::take) gave. One on which that fails is
    /// closed, and so rolled back.
    pub(super) fn give_back(&self, connection: Connection, end: &str) -> Result<(), Trouble> {
        connection.prepare_cached(end)?.execute([])?;
        if let Some(idle) = self.idle().as_mut().filter(|idle| idle.len() < IDLE) {
            idle.push(connection);
        }
        Ok(())
    }
}

fn open(path: &Path, what_for: For) -> Result<Connection, Trouble> {
    // The file is there: it was made and migrated when the database was opened.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // As `plans::keep`: otherwise a join is prepared again at each call.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    let pragmas: &[(&str, &str)] = match what_for {
        For::Reading => &[("query_only", "1"), ("cache_size", READING_CACHE)],
        For::Writing => super::WRITING,
    };
    connection.busy_timeout(if what_for == For::Writing { PATIENCE } else { Duration::ZERO })?;
    for (pragma, setting) in super::ALWAYS.iter().chain(pragmas) {
        connection.pragma_update(None, pragma, setting)?;
    }
    Ok(connection)
}

/// Why a statement gave nothing.
pub(super) enum Trouble {
    /// Somebody else holds a lock.
    Busy,
    Fault(Fault),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Trouble {
        let retry = match error.sqlite_error() {
            Some(e) if matches!(e.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                return Trouble::Busy;
            }
            Some(e) => passes(&e.extended_code.to_string()),
            None => false,
        };
        Trouble::Fault(Fault::new(retry, error))
    }
}

impl From<Trouble> for Fault {
    fn from(trouble: Trouble) -> Fault {
        match trouble {
            Trouble::Busy => Fault::new(true, "the database stayed locked"),
            Trouble::Fault(fault) => fault,
        }
    }
}

/// The rows of a statement.
pub(super) fn rows(connection: &Connection, sql: &str, values: &[Value]) -> Result<Vec<Row>, Trouble> {
    let mut statement = bound(connection, sql, values)?;
    let columns = statement.column_count();
    let mut found = statement.raw_query();
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        // Sized beforehand: collecting results would grow it cell by cell.
        let mut cells = Vec::with_capacity(columns);
        for column in 0..columns {
            cells.push(cell(row.get_ref(column)?));
        }
        rows.push(Row::Near(cells.into_boxed_slice()));
    }
    Ok(rows)
}

/// The rows of a statement all of whose columns are whole numbers, without a row of ours for each.
pub(super) fn numbers<const N: usize>(
    connection: &Connection,
    sql: &str,
    values: &[Value],
) -> Result<Vec<[Option<i64>; N]>, Trouble> {
    let mut statement = bound(connection, sql, values)?;
    let mut found = statement.raw_query();
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let mut cells = [None; N];
        for (column, cell) in cells.iter_mut().enumerate() {
            *cell = row.get(column)?;
        }
        rows.push(cells);
    }
    Ok(rows)
}

/// Runs a writing statement; tells how many rows it touched.
pub(super) fn execute(connection: &Connection, sql: &str, values: &[Value]) -> Result<u64, Trouble> {
    Ok(bound(connection, sql, values)?.raw_execute()? as u64)
}

fn bound<'c>(
    connection: &'c Connection,
    sql: &str,
    values: &[Value],
) -> Result<CachedStatement<'c>, Trouble> {
    // `?4` is the fourth value wherever it stands. With `$4` SQLite counts places as it meets them, and to
    // be asked for the name of each is the square of a long list.
    let mut statement = connection.prepare_cached(&sql.replace('$', "?"))?;
    for place in 1..=statement.parameter_count() {
        match values.get(place - 1) {
            Some(Value::Int(n)) => statement.raw_bind_parameter(place, n)?,
            Some(Value::Text(text)) => statement.raw_bind_parameter(place, text.as_deref())?,
            Some(Value::Bytes(bytes)) => statement.raw_bind_parameter(place, bytes.as_deref())?,
            Some(Value::List(_)) | None => {
                return Err(rusqlite::Error::InvalidParameterCount(place, values.len()).into());
            }
        }
    }
    Ok(statement)
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(n) => Cell::Int(n),
        // Tables are strict: what stands in a column is of its type, and no column holds a fraction.
        ValueRef::Real(n) => Cell::Int(n as i64),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into()),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.into()),
    }
}
