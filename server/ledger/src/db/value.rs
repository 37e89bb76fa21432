//! Values that go in and rows that come out, the same for both databases.

use super::{fault, near::Cell};
use crate::fault::Fault;
use futures::TryStreamExt;
use sqlx::{
    Decode, Executor, Postgres, Row as _, Sqlite, Type,
    postgres::{PgArguments, PgRow},
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};
use std::sync::Arc;

/// A value for a statement. An absent one keeps its type, for PostgreSQL asks.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Value {
    Int(Option<i64>),
    Text(Option<Arc<str>>),
    Bytes(Option<Arc<[u8]>>),
    /// Many of one kind as one value; PostgreSQL only.
    List(Arc<[Value]>),
}

/// `values![brand, key]`: a list of values of any kind.
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::db::Value::from($value)),*] };
}
pub(crate) use values;

impl Value {
    /// What PostgreSQL calls the type of it.
    pub(super) fn postgres_type(&self) -> &'static str {
        match self {
            Value::Int(_) => "bigint",
            Value::Text(_) => "text",
            Value::Bytes(_) => "bytea",
            Value::List(_) => "record",
        }
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Value {
        Value::Int(Some(n))
    }
}
impl From<u64> for Value {
    /// Sequence numbers and counts stay far below the limit; one beyond it is stored as the limit.
    fn from(n: u64) -> Value {
        Value::Int(Some(i64::try_from(n).unwrap_or(i64::MAX)))
    }
}
impl From<Option<i64>> for Value {
    fn from(n: Option<i64>) -> Value {
        Value::Int(n)
    }
}
impl From<Option<u64>> for Value {
    fn from(n: Option<u64>) -> Value {
        Value::Int(n.map(|n| i64::try_from(n).unwrap_or(i64::MAX)))
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(Some(text.into()))
    }
}
impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(Some(text.into()))
    }
}
impl From<&String> for Value {
    fn from(text: &String) -> Value {
        Value::Text(Some(text.as_str().into()))
    }
}
impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Value {
        Value::Text(text.map(Into::into))
    }
}
impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Value {
        Value::Text(text.map(Into::into))
    }
}
impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Value {
        Value::Bytes(Some(bytes.into()))
    }
}
impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Value {
        Value::Bytes(Some(bytes.into()))
    }
}

/// A row of an answer; columns are counted from 0.
pub(crate) enum Row {
    Near(Box<[Cell]>),
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// A whole number.
    pub(crate) fn int(&self, column: usize) -> Result<i64, Fault> {
        self.int_or_none(column)?.ok_or_else(|| nothing_in(column))
    }

    /// A whole number that is never negative: a sequence number, a count.
    pub(crate) fn count(&self, column: usize) -> Result<u64, Fault> {
        let n = self.int(column)?;
        u64::try_from(n).map_err(|_| Fault::damaged(format!("column {column} holds {n}, below zero")))
    }

    /// A whole number that may be absent.
    pub(crate) fn int_or_none(&self, column: usize) -> Result<Option<i64>, Fault> {
        match self {
            Row::Near(cells) => match cells.get(column) {
                Some(Cell::Null) => Ok(None),
                Some(Cell::Int(n)) => Ok(Some(*n)),
                _ => Err(Fault::damaged(format!("column {column} holds no whole number"))),
            },
            row => row.get(column),
        }
    }

    /// A text.
    pub(crate) fn text(&self, column: usize) -> Result<String, Fault> {
        self.text_or_none(column)?.ok_or_else(|| nothing_in(column))
    }

    /// A text that may be absent.
    pub(crate) fn text_or_none(&self, column: usize) -> Result<Option<String>, Fault> {
        match self {
            Row::Near(cells) => match cells.get(column) {
                Some(Cell::Null) => Ok(None),
                Some(Cell::Text(text)) => Ok(Some(text.to_string())),
                _ => Err(Fault::damaged(format!("column {column} holds no text"))),
            },
            row => row.get(column),
        }
    }

    /// Bytes.
    pub(crate) fn bytes(&self, column: usize) -> Result<Vec<u8>, Fault> {
        match self {
            Row::Near(cells) => match cells.get(column) {
                Some(Cell::Bytes(bytes)) => Ok(bytes.to_vec()),
                _ => Err(Fault::damaged(format!("column {column} holds no bytes"))),
            },
            row => row.get(column),
        }
    }

    fn get<T>(&self, column: usize) -> Result<T, Fault>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        match self {
            Row::Near(_) => return Err(nothing_in(column)),
            Row::Sqlite(row) => row.try_get(column),
            Row::Postgres(row) => row.try_get(column),
        }
        .map_err(Fault::damaged)
    }
}

fn nothing_in(column: usize) -> Fault {
    Fault::damaged(format!("column {column} holds nothing"))
}

fn sqlite<'q>(sql: &'q str, values: &'q [Value]) -> Query<'q, Sqlite, SqliteArguments<'q>> {
    values.iter().fold(sqlx::query(sql), |query, value| match value {
        Value::Int(n) => query.bind(*n),
        Value::Text(text) => query.bind(text.as_deref()),
        Value::Bytes(bytes) => query.bind(bytes.as_deref()),
        // Lists are written out for it; one left whole finds nothing.
        Value::List(_) => query.bind(None::<i64>),
    })
}

fn postgres<'q>(sql: &'q str, values: &'q [Value]) -> Query<'q, Postgres, PgArguments> {
    values.iter().fold(sqlx::query(sql), |query, value| match value {
        Value::Int(n) => query.bind(*n),
        Value::Text(text) => query.bind(text.as_deref()),
        Value::Bytes(bytes) => query.bind(bytes.as_deref()),
        Value::List(list) => array(query, list),
    })
}

/// Binds a list as an array of the type of its first value; absent ones stay absent.
fn array<'q>(query: Query<'q, Postgres, PgArguments>, list: &'q [Value]) -> Query<'q, Postgres, PgArguments> {
    match list.first() {
        Some(Value::Text(_)) => query.bind(gather(list, |value| match value {
            Value::Text(text) => text.as_deref(),
            _ => None,
        })),
        Some(Value::Bytes(_)) => query.bind(gather(list, |value| match value {
            Value::Bytes(bytes) => bytes.as_deref(),
            _ => None,
        })),
        _ => query.bind(gather(list, |value| match value {
            Value::Int(n) => *n,
            _ => None,
        })),
    }
}

fn gather<'q, T>(list: &'q [Value], one: impl Fn(&'q Value) -> Option<T>) -> Vec<Option<T>> {
    list.iter().map(one).collect()
}

pub(super) async fn sqlite_rows<'e>(
    on: impl Executor<'e, Database = Sqlite>,
    sql: &str,
    values: &[Value],
) -> Result<Vec<Row>, Fault> {
    let rows = sqlite(sql, values).fetch_all(on).await.map_err(fault)?;
    Ok(rows.into_iter().map(Row::Sqlite).collect())
}

pub(super) async fn sqlite_execute<'e>(
    on: impl Executor<'e, Database = Sqlite>,
    sql: &str,
    values: &[Value],
) -> Result<u64, Fault> {
    Ok(sqlite(sql, values).execute(on).await.map_err(fault)?.rows_affected())
}

pub(super) async fn postgres_rows<'e>(
    on: impl Executor<'e, Database = Postgres>,
    sql: &str,
    values: &[Value],
) -> Result<Vec<Row>, Fault> {
    let rows = postgres(sql, values).fetch_all(on).await.map_err(fault)?;
    Ok(rows.into_iter().map(Row::Postgres).collect())
}

/// The rows of a statement all of whose columns are whole numbers, each read while the server looks for
/// the next.
pub(super) async fn postgres_numbers<'e, const N: usize>(
    on: impl Executor<'e, Database = Postgres>,
    sql: &str,
    values: &[Value],
) -> Result<Vec<[Option<i64>; N]>, Fault> {
    let mut found = postgres(sql, values).fetch(on);
    let mut rows = Vec::new();
    while let Some(row) = found.try_next().await.map_err(fault)? {
        let mut cells = [None; N];
        for (column, cell) in cells.iter_mut().enumerate() {
            *cell = row.try_get(column).map_err(Fault::damaged)?;
        }
        rows.push(cells);
    }
    Ok(rows)
}

pub(super) async fn postgres_execute<'e>(
    on: impl Executor<'e, Database = Postgres>,
    sql: &str,
    values: &[Value],
) -> Result<u64, Fault> {
    Ok(postgres(sql, values).execute(on).await.map_err(fault)?.rows_affected())
}
