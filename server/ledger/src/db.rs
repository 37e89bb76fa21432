//! The only room that names a database driver.
//!
//! [`Db`] is a small layer over SQLite and PostgreSQL: rows, execute, one kind of write transaction. The
//! SQL is the dialect both share; what differs is here and in `migrations/`. Times are integers
//! (milliseconds), ids are integers, JSON is text.

pub(crate) mod look;
mod near;
mod plans;
#[cfg(test)]
mod tests;
mod tx;
mod value;

use crate::fault::Fault;
use near::{For, Near};
use sqlx::{
    Connection, PgPool, SqlitePool,
    migrate::{Migration, MigrationType, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{borrow::Cow, path::Path, str::FromStr, sync::Arc, time::Duration};
use tokio::sync::Mutex;
use tx::Group;
pub(crate) use tx::Tx;
pub(crate) use value::{Row, Value, values};

/// How long a statement waits for a lock before the caller is told to try again.
const PATIENCE: Duration = Duration::from_secs(5);

/// Readers of one SQLite file. More do not help: each is a thread.
const READERS: u32 = 8;

/// Prepared statements kept per connection. Multi-row statements come in power-of-two sizes, so there
/// are about ten of each.
const STATEMENTS: usize = 600;

/// What every connection of SQLite is told. A page cache and no mapping: a writer into mapped pages makes
/// every reader pay.
const ALWAYS: &[(&str, &str)] = &[("mmap_size", "0"), ("temp_store", "memory"), ("foreign_keys", "1")];
/// What one that writes is told, besides. Full: on the disk before it is acknowledged.
const WRITING: &[(&str, &str)] =
    &[("synchronous", "full"), ("cache_size", "-65536"), ("wal_autocheckpoint", "2000"), WAL_LIMIT];
/// What the write-ahead log is cut back to once nobody reads in it any more, in bytes: a long trace lets it
/// grow, and it would keep its size for ever.
const WAL_LIMIT: (&str, &str) = ("journal_size_limit", "67108864");

/// A database: SQLite with many readers and one writer, or PostgreSQL.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
        near: Arc<Near>,
        pen: Arc<Near>,
        /// Who writes next in this process. SQLite lets those who wait for its lock find it by chance; at
        /// the pace of the ledger's writer, others would never.
        turn: Arc<Mutex<()>>,
    },
    Postgres {
        pool: PgPool,
        /// One connection for the ledger's writer, who lives in a runtime of their own.
        pen: PgPool,
    },
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
            Db::Sqlite { readers, writer, near, pen, .. } => {
                near.close();
                pen.close();
                readers.close().await;
                writer.close().await;
            }
            Db::Postgres { pool, .. } => pool.close().await,
        }
    }

    /// The rows of a reading statement.
    pub(crate) async fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        match self {
            Db::Sqlite { readers, .. } => value::sqlite_rows(readers, sql, values).await,
            Db::Postgres { pool, .. } => value::postgres_rows(pool, sql, values).await,
        }
    }

    /// The first row of a reading statement.
    pub(crate) async fn row(&self, sql: &str, values: &[Value]) -> Result<Option<Row>, Fault> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Runs one writing statement in its own transaction; tells how many rows it touched.
    pub(crate) async fn execute(&self, sql: &str, values: &[Value]) -> Result<u64, Fault> {
        match self {
            Db::Sqlite { writer, turn, .. } => {
                let _mine = turn.lock().await;
                value::sqlite_execute(writer, sql, values).await
            }
            Db::Postgres { pool, .. } => value::postgres_execute(pool, sql, values).await,
        }
    }

    /// A transaction that may write. On SQLite it holds the write lock from the start, so that nothing
    /// it reads can change before it commits.
    pub(crate) async fn begin(&self) -> Result<Tx, Fault> {
        Ok(match self {
            Db::Sqlite { writer, turn, .. } => {
                let turn = turn.clone().lock_owned().await;
                Tx::Sqlite { tx: writer.begin_with("begin immediate").await.map_err(fault)?, _turn: turn }
            }
            Db::Postgres { pool, .. } => Tx::Postgres(pool.begin().await.map_err(fault)?),
        })
    }

    /// [`begin`](Self::begin) for the ledger's writer, on whose thread a statement may take its time.
    pub(crate) async fn begin_group(&self) -> Result<Tx, Fault> {
        Ok(match self {
            Db::Sqlite { pen, turn, .. } => {
                let turn = turn.clone().lock_owned().await;
                let connection = Some(pen.take()?);
                Tx::Near(Group { pen: pen.clone(), connection, _turn: turn })
            }
            Db::Postgres { pen, .. } => Tx::Postgres(pen.begin().await.map_err(fault)?),
        })
    }

    /// Closes what [`begin_group`](Self::begin_group) uses; to be called in the writer's runtime.
    pub(crate) async fn put_pen_down(&self) {
        match self {
            Db::Sqlite { pen, .. } => pen.close(),
            Db::Postgres { pen, .. } => pen.close().await,
        }
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
            Db::Postgres { .. } => Ok(false),
        }
    }

    /// Has PostgreSQL measure its tables, so that plans that were kept from when they were small are made
    /// anew. Its own daemon comes a minute later, which in an import is too late. SQLite is told once and
    /// for all (`migrations/sqlite/0002_plans.sql`).
    pub(crate) async fn measure(&self) -> Result<(), Fault> {
        match self {
            Db::Sqlite { .. } => Ok(()),
            Db::Postgres { pool, .. } => value::postgres_execute(pool, "analyze", &[]).await.map(drop),
        }
    }

    /// A PostgreSQL server as it is, without our tables.
    #[cfg(test)]
    pub(crate) async fn connect_bare(url: &str) -> Result<Db, Fault> {
        let pool = PgPool::connect(url).await.map_err(fault)?;
        Ok(Db::Postgres { pen: pool.clone(), pool })
    }

    /// Whether the statement is one that this database understands.
    #[cfg(test)]
    pub(crate) async fn prepare(&self, sql: &str) -> Result<(), String> {
        use sqlx::Executor;
        match self {
            Db::Sqlite { readers, .. } => readers.prepare(sql).await.map(drop),
            Db::Postgres { pool, .. } => pool.prepare(sql).await.map(drop),
        }
        .map_err(|e| e.to_string())
    }
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
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(STATEMENTS)
        .synchronous(SqliteSynchronous::Full);
    let options = ALWAYS.iter().fold(options, |options, (pragma, setting)| options.pragma(*pragma, *setting));
    let writing = options.clone();
    let writing =
        WRITING.iter().fold(writing, |options, (pragma, setting)| options.pragma(*pragma, *setting));
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
    Ok(Db::Sqlite {
        readers,
        writer,
        near: Arc::new(Near::new(path, For::Reading)),
        pen: Arc::new(Near::new(path, For::Writing)),
        turn: Arc::default(),
    })
}

async fn open_postgres(url: &str) -> Result<Db, Fault> {
    let options = PgConnectOptions::from_str(url)
        .map_err(fault)?
        .statement_cache_capacity(STATEMENTS)
        // Compiling a plan takes longer than any of ours runs.
        .options([("jit", "off")]);
    // Tested before use: after an outage each dead connection would cost somebody an answer.
    let pool = || PgPoolOptions::new().acquire_timeout(PATIENCE * 2);
    // The writer finds everything by an index. A plan made for the values it asks with would read all links of a
    // kind where the tables were measured before the first of them: an import brings one kind after the other.
    let writing = options.clone().options([("plan_cache_mode", "force_generic_plan")]);
    let pen = pool().max_connections(1).connect_lazy_with(writing);
    let pool = pool().max_connections(READERS * 2).connect_with(options).await.map_err(fault)?;
    POSTGRES.run(&pool).await.map_err(migration_fault)?;
    Ok(Db::Postgres { pool, pen })
}

/// The migrations of one database. Never changed once merged; a new file is one more row in both.
struct Migrations(&'static [(i64, &'static str, &'static str)]);

const SQLITE: Migrations = Migrations(&[
    (1, "ledger", include_str!("../migrations/sqlite/0001_ledger.sql")),
    (2, "plans", include_str!("../migrations/sqlite/0002_plans.sql")),
    (3, "brands", include_str!("../migrations/sqlite/0003_brands.sql")),
    (4, "attachments", include_str!("../migrations/sqlite/0004_attachments.sql")),
    (5, "imports", include_str!("../migrations/sqlite/0005_imports.sql")),
    (6, "standing", include_str!("../migrations/sqlite/0006_standing.sql")),
    (7, "board", include_str!("../migrations/sqlite/0007_board.sql")),
    (8, "due", include_str!("../migrations/sqlite/0008_due.sql")),
]);
const POSTGRES: Migrations = Migrations(&[
    (1, "ledger", include_str!("../migrations/postgres/0001_ledger.sql")),
    (2, "plans", include_str!("../migrations/postgres/0002_plans.sql")),
    (3, "brands", include_str!("../migrations/postgres/0003_brands.sql")),
    (4, "attachments", include_str!("../migrations/postgres/0004_attachments.sql")),
    (5, "imports", include_str!("../migrations/postgres/0005_imports.sql")),
    (6, "standing", include_str!("../migrations/postgres/0006_standing.sql")),
    (7, "board", include_str!("../migrations/postgres/0007_board.sql")),
    (8, "due", include_str!("../migrations/postgres/0008_due.sql")),
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
