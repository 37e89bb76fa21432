//! Databases that are gone after the test: an SQLite file, or a database on a PostgreSQL server.

use server::clock;
use sqlx::{Connection, Executor, PgConnection, Row, SqliteConnection};
use std::{fs, path::PathBuf};

/// Where tests find PostgreSQL: a superuser's URL; each test makes a database of its own.
const POSTGRES: &str = "LOTWALK_TEST_POSTGRES";
/// Set where a test may not pass over a database it was not given.
const REQUIRED: &str = "LOTWALK_TEST_REQUIRE_POSTGRES";

/// A database without any tables yet.
pub(crate) struct Scratch {
    /// Its URL.
    pub(crate) url: String,
    /// A folder for documents, made when the first is stored.
    pub(crate) files: PathBuf,
    kept: Kept,
}

enum Kept {
    Folder(PathBuf),
    Database(String),
}

impl Scratch {
    /// An SQLite file in a folder of its own.
    pub(crate) fn sqlite() -> Scratch {
        let folder = std::env::temp_dir().join(format!("lotwalk-it-{}", clock::new_id()));
        fs::create_dir_all(&folder).expect("a folder");
        let url = format!("sqlite:{}", folder.join("it.sqlite").display());
        Scratch { url, files: folder.join("papers"), kept: Kept::Folder(folder) }
    }

    /// A database on the server that the environment names; none where it names none.
    pub(crate) async fn postgres() -> Option<Scratch> {
        let Ok(server) = std::env::var(POSTGRES) else {
            assert!(std::env::var_os(REQUIRED).is_none(), "{POSTGRES} is not set");
            println!("skipped on PostgreSQL: {POSTGRES} is not set");
            return None;
        };
        let name = format!("lotwalk_{}", clock::new_id().simple());
        on_server(&format!("create database {name}")).await;
        let (base, _) = server.rsplit_once('/').expect("names a database");
        let files = std::env::temp_dir().join(&name);
        Some(Scratch { url: format!("{base}/{name}"), files, kept: Kept::Database(name) })
    }

    /// SQLite, and PostgreSQL where there is one.
    pub(crate) async fn each() -> Vec<Scratch> {
        [Some(Scratch::sqlite()), Scratch::postgres().await].into_iter().flatten().collect()
    }

    /// Keeps everybody out of a PostgreSQL database and cuts off whoever is in it, or lets them in again.
    pub(crate) async fn lets_in(&self, yes: bool) {
        let Kept::Database(name) = &self.kept else { panic!("a file has no door") };
        on_server(&format!("alter database {name} allow_connections {yes}")).await;
        if !yes {
            on_server(&format!(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
            ))
            .await;
        }
    }

    /// How many entries are committed, seen from outside; none where there are no tables yet.
    pub(crate) async fn entries(&self) -> i64 {
        let sql = "select count(*) from entry";
        match self.kept {
            Kept::Folder(_) => match SqliteConnection::connect(&self.url).await {
                Ok(mut file) => sqlx::query_scalar(sql).fetch_one(&mut file).await.unwrap_or(0),
                Err(_) => 0,
            },
            Kept::Database(_) => {
                let mut server = PgConnection::connect(&self.url).await.expect("answers");
                sqlx::query_scalar(sql).fetch_one(&mut server).await.unwrap_or(0)
            }
        }
    }

    /// Makes an import look as if nobody had worked on it for so many milliseconds.
    pub(crate) async fn age_import(&self, id: &str, millis: i64) {
        let sql = format!("update import_run set touched = touched - {millis} where id = '{id}'");
        match self.kept {
            Kept::Folder(_) => {
                let mut file = SqliteConnection::connect(&self.url).await.expect("opens");
                file.execute(sql.as_str()).await.expect("is written");
            }
            Kept::Database(_) => {
                let mut server = PgConnection::connect(&self.url).await.expect("answers");
                server.execute(sql.as_str()).await.expect("is written");
            }
        }
    }

    /// What every entry says, in the order of the book; when it was recorded is left out.
    pub(crate) async fn book(&self) -> Vec<String> {
        let sql = "select bytes from entry order by brand, seq";
        let all: Vec<Vec<u8>> = match self.kept {
            Kept::Folder(_) => {
                let mut file = SqliteConnection::connect(&self.url).await.expect("opens");
                let rows = sqlx::query(sql).fetch_all(&mut file).await.expect("answers");
                rows.iter().map(|row| row.get(0)).collect()
            }
            Kept::Database(_) => {
                let mut server = PgConnection::connect(&self.url).await.expect("answers");
                let rows = sqlx::query(sql).fetch_all(&mut server).await.expect("answers");
                rows.iter().map(|row| row.get(0)).collect()
            }
        };
        let timeless = |bytes: Vec<u8>| {
            let mut content: serde_json::Value = serde_json::from_slice(&bytes).expect("is JSON");
            content.as_object_mut().expect("an object").remove("recordTime").expect("was recorded");
            content.to_string()
        };
        all.into_iter().map(timeless).collect()
    }
}

async fn on_server(sql: &str) {
    let server = std::env::var(POSTGRES).expect("names a server");
    let mut server = PgConnection::connect(&server).await.expect("answers");
    server.execute(sql).await.expect("does it");
}

impl Drop for Scratch {
    fn drop(&mut self) {
        match &self.kept {
            Kept::Folder(folder) => drop(fs::remove_dir_all(folder)),
            Kept::Database(name) => {
                // Where nothing was stored there is no folder.
                let _ = fs::remove_dir_all(&self.files);
                let sql = format!("drop database if exists {name} with (force)");
                // A drop cannot wait for what it starts; a thread of its own can.
                let drop = move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                    runtime.expect("a runtime").block_on(on_server(&sql));
                };
                // One that could not be dropped goes with the server.
                let _ = std::thread::spawn(drop).join();
            }
        }
    }
}
