//! Looks into the book: what one reading reads its rows through.
//!
//! A look keeps one connection for all statements of a reading, within one read transaction, so that
//! everything it sees is of one moment. On SQLite it reads where it is called; what may take long is read on
//! a thread of its own.

use super::{
    Db, PATIENCE, Row, Value, fault,
    near::{self, Near, Trouble},
    tx::{LIST, array_list, expand_list},
    value,
};
use crate::fault::Fault;
use rusqlite::Connection;
use sqlx::{PgPool, Postgres, Transaction};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long a look that found the database locked waits before it tries again.
const PAUSE: Duration = Duration::from_millis(20);

/// Begins what sees the book as it was at its first statement.
const ONE_MOMENT: &str = "begin isolation level repeatable read, read only";

/// What one reading reads through.
pub(crate) struct Look(On);

/// A connection that is taken with the first statement and kept across waits.
type Held = tokio::sync::Mutex<Option<Transaction<'static, Postgres>>>;

enum On {
    Near { near: Arc<Near>, connection: Mutex<Option<Connection>> },
    Postgres { pool: PgPool, connection: Held },
}

impl Db {
    /// Begins a look. Nothing is opened or read before its first statement.
    pub(crate) fn look(&self) -> Look {
        Look(match self {
            Db::Sqlite { near, .. } => On::Near { near: near.clone(), connection: Mutex::default() },
            Db::Postgres { pool, .. } => On::Postgres { pool: pool.clone(), connection: Held::default() },
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
                    read(near, &mut held, sql, values, near::rows)
                };
                match read {
                    Ok(rows) => Ok(rows),
                    Err(Trouble::Fault(fault)) => Err(fault),
                    Err(Trouble::Busy) => apart(near, connection, sql, values, near::rows).await,
                }
            }
            On::Postgres { pool, connection } => remote(pool, connection, sql, values).await,
        }
    }

    /// The rows of a statement that may take long, such as one that counts what it finds.
    pub(crate) async fn rows_apart(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        match &self.0 {
            On::Near { near, connection } => apart(near, connection, sql, values, near::rows).await,
            On::Postgres { pool, connection } => remote(pool, connection, sql, values).await,
        }
    }

    /// The rows of a statement that may bring thousands, of whole numbers only; `{list}` as in
    /// [`rows_in`](Self::rows_in).
    pub(crate) async fn numbers_in<const N: usize>(
        &self,
        sql: &str,
        fixed: &[Value],
        list: &[Value],
    ) -> Result<Vec<[Option<i64>; N]>, Fault> {
        let mut rows = Vec::new();
        for chunk in list.chunks(LIST) {
            rows.extend(match &self.0 {
                On::Near { near, connection } => {
                    let (sql, values) = expand_list(sql, fixed, chunk);
                    apart(near, connection, &sql, &values, near::numbers).await?
                }
                On::Postgres { pool, connection } => {
                    let (sql, values) = array_list(sql, fixed, chunk);
                    let mut held = connection.lock().await;
                    value::postgres_numbers(&mut **taken(pool, &mut held).await?, &sql, &values).await?
                }
            });
        }
        Ok(rows)
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
        for chunk in list.chunks(LIST) {
            let (sql, values) = match &self.0 {
                On::Near { .. } => expand_list(sql, fixed, chunk),
                On::Postgres { .. } => array_list(sql, fixed, chunk),
            };
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
            // What fails here is in the log, and nobody waits for it.
            let _ = near.give_back(connection, "commit");
        }
    }
}

async fn remote(pool: &PgPool, connection: &Held, sql: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
    let mut held = connection.lock().await;
    value::postgres_rows(&mut **taken(pool, &mut held).await?, sql, values).await
}

/// The look's connection, taken with its first statement.
async fn taken<'h>(
    pool: &PgPool,
    held: &'h mut Option<Transaction<'static, Postgres>>,
) -> Result<&'h mut Transaction<'static, Postgres>, Fault> {
    match held {
        Some(connection) => Ok(connection),
        none => Ok(none.insert(pool.begin_with(ONE_MOMENT).await.map_err(fault)?)),
    }
}

/// How rows are read from a connection.
type ReadRows<R> = fn(&Connection, &str, &[Value]) -> Result<Vec<R>, Trouble>;

/// Reads on a thread of its own, and waits there for a database that is locked.
async fn apart<R: Send + 'static>(
    near: &Arc<Near>,
    connection: &Mutex<Option<Connection>>,
    sql: &str,
    values: &[Value],
    rows: ReadRows<R>,
) -> Result<Vec<R>, Fault> {
    let mut held = connection.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (sql, values) = (sql.to_string(), values.to_vec());
    let _turn = near.apart.acquire().await.map_err(|e| Fault::new(true, e))?;
    let (near, begun) = (near.clone(), Instant::now());
    let work = move || loop {
        match read(&near, &mut held, &sql, &values, rows) {
            Ok(rows) => return (held, Ok(rows)),
            Err(Trouble::Busy) if begun.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            Err(trouble) => return (held, Err(trouble.into())),
        }
    };
    let (held, rows) = tokio::task::spawn_blocking(work).await.map_err(|e| Fault::new(false, e))?;
    *connection.lock().unwrap_or_else(PoisonError::into_inner) = held;
    rows
}

fn read<R>(
    near: &Near,
    held: &mut Option<Connection>,
    sql: &str,
    values: &[Value],
    rows: ReadRows<R>,
) -> Result<Vec<R>, Trouble> {
    let connection = match held {
        Some(connection) => connection,
        none => none.insert(near.take()?),
    };
    rows(connection, sql, values)
}
