//! The only room that names a database driver.
//!
//! [`Db`] is a small layer over SQLite and PostgreSQL: rows, execute, one kind of write transaction. The
//! SQL is the dialect both share; what differs is here and in `migrations/`. Times are integers
//! (milliseconds), ids are integers, JSON is text.

pub(crate) mod look;
mod plans;
mod value;

use crate::fault::Fault;
use sqlx::{
    Connection, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    migrate::{Migration, MigrationType, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{borrow::Cow, path::Path, str::FromStr, sync::Arc, time::Duration};
pub(crate) use value::{Row, Value, values};

/// How long a statement waits for a lock before the caller is told to try again.
const PATIENCE: Duration = Duration::from_secs(5);

/// Readers of one SQLite file. More do not help: each is a thread.
const READERS: u32 = 8;

/// Prepared statements kept per connection. Multi-row statements come in power-of-two sizes, so there
/// are about ten of each.
const STATEMENTS: usize = 600;

/// A database: SQLite with many readers and one writer, or PostgreSQL.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    Sqlite { readers: SqlitePool, writer: SqlitePool, near: Arc<look::Near> },
    Postgres(PgPool),
}

impl Db {
    /// Opens `sqlite:PATH` (made when absent) or `postgres://…` and brings the tables up to date.
    pub(crate) async fn open(url: &str) -> Result<Db, Fault> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return open_postgres(url).await;
        }
        let path = sqlite_path(url).ok_or_else(|| {
            Fault::new(false, "the database URL is neither sqlite:PATH nor postgres://USER@HOST/DATABASE")
        })?;
        open_sqlite(path).await
    }

    /// Writes what is pending and closes every connection.
    pub(crate) async fn close(&self) {
        match self {
            Db::Sqlite { readers, writer, near } => {
                near.close();
                readers.close().await;
                writer.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }

    /// True where other processes may write to the same database.
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self, Db::Postgres(_))
    }

    /// The rows of a reading statement.
    pub(crate) async fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        match self {
            Db::Sqlite { readers, .. } => value::sqlite_rows(readers, sql, values).await,
            Db::Postgres(pool) => value::postgres_rows(pool, sql, values).await,
        }
    }

    /// The first row of a reading statement.
    pub(crate) async fn row(&self, sql: &str, values: &[Value]) -> Result<Option<Row>, Fault> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Runs one writing statement in its own transaction; tells how many rows it touched.
    pub(crate) async fn execute(&self, sql: &str, values: &[Value]) -> Result<u64, Fault> {
        match self {
            Db::Sqlite { writer, .. } => value::sqlite_execute(writer, sql, values).await,
            Db::Postgres(pool) => value::postgres_execute(pool, sql, values).await,
        }
    }

    /// A transaction that may write. On SQLite it holds the write lock from the start, so that nothing
    /// it reads can change before it commits.
    pub(crate) async fn begin(&self) -> Result<Tx, Fault> {
        Ok(match self {
            Db::Sqlite { writer, .. } => {
                Tx::Sqlite(writer.begin_with("begin immediate").await.map_err(fault)?)
            }
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await.map_err(fault)?),
        })
    }

    /// A copy of the whole database in one file, as of now, while others write. `false` where this
    /// database has no such thing.
    pub(crate) async fn copy_to(&self, path: &Path) -> Result<bool, Fault> {
        match self {
            Db::Sqlite { readers, .. } => {
                let path = path.to_string_lossy().into_owned();
                value::sqlite_execute(readers, "vacuum into $1", &values![path]).await?;
                Ok(true)
            }
            Db::Postgres(_) => Ok(false),
        }
    }

    /// Has PostgreSQL measure its tables, so that plans that were kept from when they were small are made
    /// anew. Its own daemon comes a minute later, which in an import is too late. SQLite is told once and
    /// for all (`migrations/sqlite/0002_plans.sql`).
    pub(crate) async fn measure(&self) -> Result<(), Fault> {
        match self {
            Db::Sqlite { .. } => Ok(()),
            Db::Postgres(pool) => value::postgres_execute(pool, "analyze", &[]).await.map(drop),
        }
    }

    /// A PostgreSQL server as it is, without our tables.
    #[cfg(test)]
    pub(crate) async fn connect_bare(url: &str) -> Result<Db, Fault> {
        PgPool::connect(url).await.map(Db::Postgres).map_err(fault)
    }

    /// Whether the statement is one that this database understands.
    #[cfg(test)]
    pub(crate) async fn prepare(&self, sql: &str) -> Result<(), String> {
        use sqlx::Executor;
        match self {
            Db::Sqlite { readers, .. } => readers.prepare(sql).await.map(drop),
            Db::Postgres(pool) => pool.prepare(sql).await.map(drop),
        }
        .map_err(|e| e.to_string())
    }
}

/// A write transaction. Dropped without [`commit`](Tx::commit), it has never been.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// The rows of a statement, seen from inside the transaction.
    pub(crate) async fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        match self {
            Tx::Sqlite(tx) => value::sqlite_rows(&mut **tx, sql, values).await,
            Tx::Postgres(tx) => value::postgres_rows(&mut **tx, sql, values).await,
        }
    }

    /// Runs a writing statement.
    pub(crate) async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Fault> {
        match self {
            Tx::Sqlite(tx) => value::sqlite_execute(&mut **tx, sql, values).await,
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
            let (sql, values) = expand_list(sql, fixed, chunk);
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
            let (sql, values) = expand_list(sql, fixed, chunk);
            self.execute(&sql, &values).await?;
        }
        Ok(())
    }

    /// Runs a statement whose `{rows}` stands for many rows of `width` values each, in as few statements
    /// as power-of-two sizes allow.
    pub(crate) async fn execute_many(
        &mut self,
        sql: &str,
        width: usize,
        rows: &[Vec<Value>],
    ) -> Result<(), Fault> {
        let mut rest = rows;
        while !rest.is_empty() {
            let n = most_rows(width).min(1 << rest.len().ilog2());
            let (now, later) = rest.split_at(n);
            rest = later;
            let sql = sql.replace("{rows}", &self.places(width, n));
            let values: Vec<Value> = now.iter().flatten().cloned().collect();
            self.execute(&sql, &values).await?;
        }
        Ok(())
    }

    /// `($1,$2),($3,$4)`. SQLite gets nameless places: it looks named ones up one by one.
    fn places(&self, width: usize, rows: usize) -> String {
        let numbered = matches!(self, Tx::Postgres(_));
        let mut out = String::with_capacity(rows * width * 6);
        for row in 0..rows {
            out.push_str(if row == 0 { "(" } else { ",(" });
            for column in 0..width {
                if column > 0 {
                    out.push(',');
                }
                match numbered {
                    true => out.push_str(&format!("${}", row * width + column + 1)),
                    false => out.push('?'),
                }
            }
            out.push(')');
        }
        out
    }

    /// The clause that keeps other processes off a row until this transaction ends. SQLite needs none:
    /// it has one writer.
    pub(crate) fn for_update(&self) -> &'static str {
        match self {
            Tx::Sqlite(_) => "",
            Tx::Postgres(_) => " for update",
        }
    }

    /// Makes everything durable.
    pub(crate) async fn commit(self) -> Result<(), Fault> {
        match self {
            Tx::Sqlite(tx) => tx.commit().await.map_err(fault),
            Tx::Postgres(tx) => tx.commit().await.map_err(fault),
        }
    }
}

/// The longest list in one statement.
const LIST: usize = 256;

/// A multi-row statement holds at most so many values; both databases allow 32,766.
const fn most_rows(width: usize) -> usize {
    match width {
        0..=8 => 512,
        9..=16 => 256,
        _ => 128,
    }
}

/// Replaces `{list}` by a power of two of places; the last value is repeated to fill up.
fn expand_list(sql: &str, fixed: &[Value], list: &[Value]) -> (String, Vec<Value>) {
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

/// The file of a `sqlite:` URL.
pub(crate) fn sqlite_path(url: &str) -> Option<&Path> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    (!path.is_empty()).then(|| Path::new(path))
}

async fn open_sqlite(path: &Path) -> Result<Db, Fault> {
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        tokio::fs::create_dir_all(folder)
            .await
            .map_err(|e| Fault::new(false, format!("{} cannot be made: {e}", folder.display())))?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(STATEMENTS)
        // A page cache and no mapping: a writer into mapped pages makes every reader pay.
        .pragma("mmap_size", "0")
        .pragma("temp_store", "memory");
    // Full: on the disk before it is acknowledged.
    let writing = options
        .clone()
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-65536")
        .pragma("wal_autocheckpoint", "2000");
    let writer = SqlitePoolOptions::new()
        .after_connect(|connection, _| Box::pin(plans::keep(connection)))
        // When a disk is full SQLite rolls back by itself, and sqlx loses count: it takes such a connection
        // to be in a transaction for ever. A new one can write as soon as there is room.
        .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
        .max_connections(1)
        .acquire_timeout(PATIENCE * 2)
        .connect_with(writing)
        .await
        .map_err(fault)?;
    SQLITE.run(&writer).await.map_err(migration_fault)?;
    let reading = options.pragma("cache_size", "-16384");
    let readers = SqlitePoolOptions::new()
        .after_connect(|connection, _| Box::pin(plans::keep(connection)))
        .max_connections(READERS)
        .acquire_timeout(PATIENCE * 2)
        .test_before_acquire(false)
        .connect_with(reading)
        .await
        .map_err(fault)?;
    Ok(Db::Sqlite { readers, writer, near: Arc::new(look::Near::new(path)) })
}

async fn open_postgres(url: &str) -> Result<Db, Fault> {
    let options = PgConnectOptions::from_str(url)
        .map_err(fault)?
        .statement_cache_capacity(STATEMENTS)
        // Compiling a plan takes longer than any of ours runs.
        .options([("jit", "off")]);
    let pool = PgPoolOptions::new()
        .max_connections(READERS * 2)
        .acquire_timeout(PATIENCE * 2)
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .map_err(fault)?;
    POSTGRES.run(&pool).await.map_err(migration_fault)?;
    Ok(Db::Postgres(pool))
}

/// The migrations of one database. Never changed once merged; a new file is one more row in both.
struct Migrations(&'static [(i64, &'static str, &'static str)]);

const SQLITE: Migrations = Migrations(&[
    (1, "ledger", include_str!("../migrations/sqlite/0001_ledger.sql")),
    (2, "plans", include_str!("../migrations/sqlite/0002_plans.sql")),
]);
const POSTGRES: Migrations = Migrations(&[
    (1, "ledger", include_str!("../migrations/postgres/0001_ledger.sql")),
    (2, "plans", include_str!("../migrations/postgres/0002_plans.sql")),
]);

impl Migrations {
    async fn run<'a, A>(&self, to: A) -> Result<(), sqlx::migrate::MigrateError>
    where
        A: sqlx::Acquire<'a>,
        <A::Connection as std::ops::Deref>::Target: sqlx::migrate::Migrate,
    {
        let migrations = self.0.iter().map(|&(version, description, sql)| {
            let (description, sql) = (Cow::Borrowed(description), Cow::Borrowed(sql));
            Migration::new(version, description, MigrationType::Simple, sql, false)
        });
        Migrator { migrations: migrations.collect(), ..Migrator::DEFAULT }.run(to).await
    }
}

fn migration_fault(error: sqlx::migrate::MigrateError) -> Fault {
    match error {
        sqlx::migrate::MigrateError::Execute(e) | sqlx::migrate::MigrateError::ExecuteMigration(e, _) => {
            fault(e)
        }
        e => Fault::new(false, format!("the tables cannot be brought up to date: {e}")),
    }
}

/// A driver's error as a fault; whether trying again may help is told by its kind.
pub(crate) fn fault(error: sqlx::Error) -> Fault {
    let retry = match &error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        sqlx::Error::WorkerCrashed | sqlx::Error::Tls(_) => true,
        sqlx::Error::Database(e) => e.code().is_some_and(|code| passes(&code)),
        _ => false,
    };
    Fault::new(retry, error)
}

/// Codes of trouble that passes: locked, full, out of reach, shutting down, serialisation.
fn passes(code: &str) -> bool {
    match code.parse::<i64>() {
        // SQLite's extended codes carry the primary one in their lowest byte:
        // 5 busy, 6 locked, 8 read-only, 10 input/output, 13 full, 14 cannot open.
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6 | 8 | 10 | 13 | 14),
        // PostgreSQL's classes: 08 connection, 53 resources, 57 operator, 40 rollback, 55 not ready.
        _ => ["08", "53", "57", "40", "55"].iter().any(|class| code.starts_with(class)),
    }
}
