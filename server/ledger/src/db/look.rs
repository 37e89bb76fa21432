//! Looks into the book: what one reading reads its rows through.
//!
//! A pool hands out a connection a statement, and sqlx answers each from another thread; a reading of
//! twenty small statements then waits twenty times for a few microseconds of work. A look keeps one
//! connection for all of them. On SQLite it reads where it is called, within one read transaction, so that
//! everything it sees is of one moment; what may take long is read on a thread of its own.

use super::{Db, PATIENCE, Row, STATEMENTS, Value, expand_list, fault, passes, value};
use crate::fault::Fault;
use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig, types::ValueRef};
use sqlx::{PgPool, Postgres, pool::PoolConnection};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Connections that wait for the next look. A look that finds none opens one.
const IDLE: usize = 4;
/// How long a look that found the database locked waits before it tries again.
const PAUSE: Duration = Duration::from_millis(20);

/// A cell of a row that SQLite gave.
pub(crate) enum Cell {
    Null,
    Int(i64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
}

/// A file of SQLite, read without a detour.
#[derive(Debug)]
pub(crate) struct Near {
    path: PathBuf,
    /// None when the database was closed.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl Near {
    pub(super) fn new(path: &Path) -> Near {
        Near { path: path.to_path_buf(), idle: Mutex::new(Some(Vec::new())) }
    }

    pub(super) fn close(&self) {
        self.idle().take();
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Option<Vec<Connection>>> {
        // A panic while it was locked leaves whole connections only.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection within a read transaction.
    fn take(&self) -> Result<Connection, Trouble> {
        let waiting = match &mut *self.idle() {
            Some(idle) => idle.pop(),
            None => return Err(Trouble::Fault(fault(sqlx::Error::PoolClosed))),
        };
        let connection = match waiting {
            Some(connection) => connection,
            None => open(&self.path)?,
        };
        connection.prepare_cached("begin")?.execute([])?;
        Ok(connection)
    }

    /// Ends the read transaction. A connection on which that fails is closed.
    fn give_back(&self, connection: Connection) {
        let ended = connection.prepare_cached("commit").and_then(|mut commit| commit.execute([])).is_ok();
        if let Some(idle) = self.idle().as_mut().filter(|idle| ended && idle.len() < IDLE) {
            idle.push(connection);
        }
    }
}

fn open(path: &Path) -> Result<Connection, Trouble> {
    // Whoever makes and migrates the file is the writer; one connection is used by one thread at a time.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // Nobody may be kept waiting where a look is read; see `Look::rows`.
    connection.busy_timeout(Duration::ZERO)?;
    // As `plans::keep`: otherwise a join is prepared again at each call.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    for (pragma, setting) in
        [("query_only", "1"), ("mmap_size", "0"), ("temp_store", "memory"), ("cache_size", "-16384")]
    {
        connection.pragma_update(None, pragma, setting)?;
    }
    Ok(connection)
}

/// Why a look found nothing.
enum Trouble {
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

/// What one reading reads through.
pub(crate) struct Look(On);

/// A connection that is taken with the first statement and kept across waits.
type Held<T> = tokio::sync::Mutex<Option<T>>;

enum On {
    Near { near: Arc<Near>, connection: Mutex<Option<Connection>> },
    Postgres { pool: PgPool, connection: Held<PoolConnection<Postgres>> },
}

impl Db {
    /// Begins a look. Nothing is opened or read before its first statement.
    pub(crate) fn look(&self) -> Look {
        Look(match self {
            Db::Sqlite { near, .. } => On::Near { near: near.clone(), connection: Mutex::default() },
            Db::Postgres(pool) => On::Postgres { pool: pool.clone(), connection: Held::default() },
        })
    }
}

impl Look {
    /// The rows of a statement that takes microseconds: one that finds what it wants by an index.
    pub(crate) async fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        match &self.0 {
            On::Near { near, connection } => {
                let read = {
                    let mut held = connection.lock().unwrap_or_else(PoisonError::into_inner);
                    read(near, &mut held, sql, values)
                };
                match read {
                    Ok(rows) => Ok(rows),
                    Err(Trouble::Fault(fault)) => Err(fault),
                    Err(Trouble::Busy) => apart(near, connection, sql, values).await,
                }
            }
            On::Postgres { pool, connection } => remote(pool, connection, sql, values).await,
        }
    }

    /// The rows of a statement that may take long, such as one that counts what it finds.
    pub(crate) async fn rows_apart(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        match &self.0 {
            On::Near { near, connection } => apart(near, connection, sql, values).await,
            On::Postgres { pool, connection } => remote(pool, connection, sql, values).await,
        }
    }

    /// As [`rows`](Self::rows), for a statement whose `{list}` stands for ids or texts; fixed values come
    /// first.
    pub(crate) async fn rows_in(
        &self,
        sql: &str,
        fixed: &[Value],
        list: &[Value],
        apart: bool,
    ) -> Result<Vec<Row>, Fault> {
        let mut rows = Vec::new();
        for chunk in list.chunks(super::LIST) {
            let (sql, values) = expand_list(sql, fixed, chunk);
            rows.extend(match apart {
                true => self.rows_apart(&sql, &values).await?,
                false => self.rows(&sql, &values).await?,
            });
        }
        Ok(rows)
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        if let On::Near { near, connection } = &mut self.0
            && let Some(connection) = connection.get_mut().unwrap_or_else(PoisonError::into_inner).take()
        {
            near.give_back(connection);
        }
    }
}

async fn remote(
    pool: &PgPool,
    connection: &Held<PoolConnection<Postgres>>,
    sql: &str,
    values: &[Value],
) -> Result<Vec<Row>, Fault> {
    let mut held = connection.lock().await;
    let connection = match &mut *held {
        Some(connection) => connection,
        none => none.insert(pool.acquire().await.map_err(fault)?),
    };
    value::postgres_rows(&mut **connection, sql, values).await
}

/// Reads on a thread of its own, and waits there for a database that is locked.
async fn apart(
    near: &Arc<Near>,
    connection: &Mutex<Option<Connection>>,
    sql: &str,
    values: &[Value],
) -> Result<Vec<Row>, Fault> {
    let mut held = connection.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (near, sql, values) = (near.clone(), sql.to_string(), values.to_vec());
    let begun = Instant::now();
    let work = move || loop {
        match read(&near, &mut held, &sql, &values) {
            Ok(rows) => return (held, Ok(rows)),
            Err(Trouble::Busy) if begun.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            Err(Trouble::Busy) => return (held, Err(Fault::new(true, "the database stayed locked"))),
            Err(Trouble::Fault(fault)) => return (held, Err(fault)),
        }
    };
    let (held, rows) = tokio::task::spawn_blocking(work).await.map_err(|e| Fault::new(false, e))?;
    *connection.lock().unwrap_or_else(PoisonError::into_inner) = held;
    rows
}

fn read(
    near: &Near,
    held: &mut Option<Connection>,
    sql: &str,
    values: &[Value],
) -> Result<Vec<Row>, Trouble> {
    let connection = match held {
        Some(connection) => connection,
        none => none.insert(near.take()?),
    };
    let mut statement = connection.prepare_cached(sql)?;
    for place in 1..=statement.parameter_count() {
        // `$4` is the fourth value wherever it stands; SQLite counts places as it meets them.
        let named = statement.parameter_name(place).and_then(|name| name.get(1..)?.parse().ok());
        match values.get(named.unwrap_or(place) - 1) {
            Some(Value::Int(n)) => statement.raw_bind_parameter(place, n)?,
            Some(Value::Text(text)) => statement.raw_bind_parameter(place, text.as_deref())?,
            Some(Value::Bytes(bytes)) => statement.raw_bind_parameter(place, bytes.as_deref())?,
            None => return Err(rusqlite::Error::InvalidParameterCount(place, values.len()).into()),
        }
    }
    let columns = statement.column_count();
    let mut found = statement.raw_query();
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let cells = (0..columns).map(|column| row.get_ref(column).map(cell));
        rows.push(Row::Near(cells.collect::<Result<_, _>>()?));
    }
    Ok(rows)
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
