//! A connection beside the ledger's: what a view brings is compared with the plain read of the same rows. Only a
//! bench compares the ledger with the tables below it.

use crate::Outcome;
use sqlx::{Connection, Decode, PgConnection, Postgres, Row, Sqlite, SqliteConnection, Type};

/// A connection to either database.
#[derive(Debug)]
pub enum Plain {
    /// To a file.
    Sqlite(SqliteConnection),
    /// To a server.
    Postgres(PgConnection),
}

impl Plain {
    /// Connects to a ledger's database, with the settings of its readers.
    ///
    /// # Errors
    /// When nobody answers there.
    pub async fn open(url: &str) -> Outcome<Plain> {
        if !url.starts_with("sqlite:") {
            return Ok(Plain::Postgres(PgConnection::connect(url).await?));
        }
        let mut connection = SqliteConnection::connect(url).await?;
        sqlx::query("pragma cache_size = -16384").execute(&mut connection).await?;
        Ok(Plain::Sqlite(connection))
    }

    /// A statement's first column.
    ///
    /// # Errors
    /// When the database refuses the statement, or the column is of another type.
    pub async fn column<T>(&mut self, sql: &str) -> Outcome<Vec<T>>
    where
        T: Send + Unpin + Type<Sqlite> + Type<Postgres>,
        T: for<'r> Decode<'r, Sqlite> + for<'r> Decode<'r, Postgres>,
    {
        Ok(match self {
            Plain::Sqlite(to) => sqlx::query_scalar(sql).fetch_all(to).await?,
            Plain::Postgres(to) => sqlx::query_scalar(sql).fetch_all(to).await?,
        })
    }

    /// The whole numbers of one row.
    ///
    /// # Errors
    /// When the database refuses the statement, or tells no such row.
    pub async fn row(&mut self, sql: &str) -> Outcome<Vec<i64>> {
        Ok(match self {
            Plain::Sqlite(to) => {
                let row = sqlx::query(sql).fetch_one(to).await?;
                (0..row.len()).map(|i| row.try_get(i)).collect::<Result<_, _>>()?
            }
            Plain::Postgres(to) => {
                let row = sqlx::query(sql).fetch_one(to).await?;
                (0..row.len()).map(|i| row.try_get(i)).collect::<Result<_, _>>()?
            }
        })
    }

    /// How many rows come back, all of them fetched.
    ///
    /// # Errors
    /// When the database refuses the statement.
    pub async fn count_rows(&mut self, sql: &str) -> Outcome<usize> {
        Ok(match self {
            Plain::Sqlite(to) => sqlx::query(sql).fetch_all(to).await?.len(),
            Plain::Postgres(to) => sqlx::query(sql).fetch_all(to).await?.len(),
        })
    }
}
