//! Transactions that write, and statements over many rows.

use super::{
    fault,
    near::{self, Near},
    value::{self, Row, Value},
};
use crate::fault::Fault;
use sqlx::{Postgres, Sqlite, Transaction};
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;

/// A write transaction. Dropped without [`commit`](Tx::commit), it has never been.
pub(crate) enum Tx {
    Near(Group),
    Sqlite { tx: Transaction<'static, Sqlite>, _turn: OwnedMutexGuard<()> },
    Postgres(Transaction<'static, Postgres>),
}

/// A transaction of the ledger's writer on SQLite.
pub(crate) struct Group {
    pub(super) pen: Arc<Near>,
    /// None when it was committed.
    pub(super) connection: Option<rusqlite::Connection>,
    pub(super) _turn: OwnedMutexGuard<()>,
}

impl Group {
    fn connection(&self) -> Result<&rusqlite::Connection, Fault> {
        self.connection.as_ref().ok_or_else(|| fault(sqlx::Error::PoolClosed))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            // Where even that fails the connection is closed, which rolls back as well.
            let _ = self.pen.give_back(connection, "rollback");
        }
    }
}

impl Tx {
    /// The rows of a statement, seen from inside the transaction.
    pub(crate) async fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        match self {
            Tx::Near(group) => Ok(near::rows(group.connection()?, sql, values)?),
            Tx::Sqlite { tx, .. } => value::sqlite_rows(&mut **tx, sql, values).await,
            Tx::Postgres(tx) => value::postgres_rows(&mut **tx, sql, values).await,
        }
    }

    /// Runs a writing statement.
    pub(crate) async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Fault> {
        match self {
            Tx::Near(group) => Ok(near::execute(group.connection()?, sql, values)?),
            Tx::Sqlite { tx, .. } => value::sqlite_execute(&mut **tx, sql, values).await,
            Tx::Postgres(tx) => value::postgres_execute(&mut **tx, sql, values).await,
        }
    }

    /// Runs a statement whose `{list}` stands for the ids or texts of `list`; fixed values come first.
    pub(crate) async fn rows_in(
        &mut self,
        sql: &str,
        fixed: &[Value],
        list: &[Value],
    ) -> Result<Vec<Row>, Fault> {
        let mut rows = Vec::new();
        for chunk in list.chunks(LIST) {
            let (sql, values) = self.with_list(sql, fixed, chunk);
            rows.extend(self.rows(&sql, &values).await?);
        }
        Ok(rows)
    }

    /// Runs a writing statement whose `{list}` stands for the ids or texts of `list`.
    pub(crate) async fn execute_in(
        &mut self,
        sql: &str,
        fixed: &[Value],
        list: &[Value],
    ) -> Result<(), Fault> {
        for chunk in list.chunks(LIST) {
            let (sql, values) = self.with_list(sql, fixed, chunk);
            self.execute(&sql, &values).await?;
        }
        Ok(())
    }

    /// Runs a statement whose `{rows}` stands for many rows of `width` values each, in as few statements
    /// as power-of-two sizes allow. PostgreSQL gets columns as arrays, and so one statement for all.
    pub(crate) async fn execute_many(
        &mut self,
        sql: &str,
        width: usize,
        rows: &[Vec<Value>],
    ) -> Result<(), Fault> {
        let mut rest = rows;
        while !rest.is_empty() {
            let n = match self {
                Tx::Near(_) | Tx::Sqlite { .. } => most_rows(width).min(1 << rest.len().ilog2()),
                Tx::Postgres(_) => rest.len().min(MOST_IN_ARRAYS),
            };
            let (now, later) = rest.split_at(n);
            rest = later;
            let (sql, values) = match self {
                Tx::Near(_) | Tx::Sqlite { .. } => {
                    let values = now.iter().flatten().cloned().collect();
                    (sql.replace("{rows}", &places(width, n)), values)
                }
                Tx::Postgres(_) => array_rows(sql, now),
            };
            self.execute(&sql, &values).await?;
        }
        Ok(())
    }

    fn with_list(&self, sql: &str, fixed: &[Value], list: &[Value]) -> (String, Vec<Value>) {
        match self {
            Tx::Near(_) | Tx::Sqlite { .. } => expand_list(sql, fixed, list),
            Tx::Postgres(_) => array_list(sql, fixed, list),
        }
    }

    /// The clause that keeps other processes off a row until this transaction ends. SQLite needs none:
    /// it has one writer.
    pub(crate) fn for_update(&self) -> &'static str {
        match self {
            Tx::Near(_) | Tx::Sqlite { .. } => "",
            Tx::Postgres(_) => " for update",
        }
    }

    /// Has everything never been, and lets others write.
    pub(crate) async fn rollback(self) -> Result<(), Fault> {
        match self {
            Tx::Near(_) => Ok(()),
            Tx::Sqlite { tx, .. } => tx.rollback().await.map_err(fault),
            Tx::Postgres(tx) => tx.rollback().await.map_err(fault),
        }
    }

    /// Makes everything durable.
    pub(crate) async fn commit(self) -> Result<(), Fault> {
        match self {
            Tx::Near(mut group) => match group.connection.take() {
                Some(connection) => Ok(group.pen.give_back(connection, "commit")?),
                None => Err(fault(sqlx::Error::PoolClosed)),
            },
            Tx::Sqlite { tx, .. } => tx.commit().await.map_err(fault),
            Tx::Postgres(tx) => tx.commit().await.map_err(fault),
        }
    }
}

/// The longest list in one statement.
pub(super) const LIST: usize = 256;

/// A multi-row statement holds at most so many values; both databases allow 32,766.
const fn most_rows(width: usize) -> usize {
    match width {
        0..=8 => 512,
        9..=16 => 256,
        _ => 128,
    }
}

/// The rows in one statement of arrays: a few megabytes where entries are large.
const MOST_IN_ARRAYS: usize = 1024;

/// `(?,?),(?,?)`: nameless places, which SQLite need not look up one by one.
fn places(width: usize, rows: usize) -> String {
    let row = format!("({})", vec!["?"; width].join(","));
    vec![row; rows].join(",")
}

/// Replaces `values {rows}`, or `, {rows}` after a first row, by rows out of one array a column.
/// PostgreSQL then plans and answers once, however many rows there are.
pub(super) fn array_rows(sql: &str, rows: &[Vec<Value>]) -> (String, Vec<Value>) {
    let width = rows.first().map_or(0, Vec::len);
    let columns: Vec<Value> = (0..width)
        .map(|c| Value::List(rows.iter().filter_map(|row| row.get(c)).cloned().collect()))
        .collect();
    let arrays: Vec<String> = rows
        .iter()
        .take(1)
        .flatten()
        .enumerate()
        .map(|(n, value)| format!("${}::{}[]", n + 1, value.postgres_type()))
        .collect();
    let select = format!("select * from unnest({})", arrays.join(", "));
    let sql = match sql.contains("values {rows}") {
        true => sql.replace("values {rows}", &select),
        false => sql.replace(", {rows}", &format!(" union all {select}")),
    };
    (sql, columns)
}

/// Replaces `in ({list})` by a look into one array. PostgreSQL plans it once, whatever its length, where a
/// list of places is planned anew for each of them.
pub(super) fn array_list(sql: &str, fixed: &[Value], list: &[Value]) -> (String, Vec<Value>) {
    let mut values = fixed.to_vec();
    values.push(Value::List(list.into()));
    (sql.replace("in ({list})", &format!("= any(${})", values.len())), values)
}

/// Replaces `{list}` by a power of two of places; the last value is repeated to fill up.
pub(super) fn expand_list(sql: &str, fixed: &[Value], list: &[Value]) -> (String, Vec<Value>) {
    let n = list.len().next_power_of_two();
    let mut places = String::with_capacity(n * 5);
    let mut values = fixed.to_vec();
    for i in 0..n {
        if i > 0 {
            places.push(',');
        }
        places.push_str(&format!("${}", fixed.len() + i + 1));
        values.extend(list.get(i).or(list.last()).cloned());
    }
    (sql.replace("{list}", &places), values)
}
