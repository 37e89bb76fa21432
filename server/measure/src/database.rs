//! Databases with W(n) in them. One that was filled is kept in the target folder and used again.

use crate::{Outcome, workload::Workload};
use domain::{
    event::EventDraft,
    person::{Person, Role},
};
use ledger::{Brand, Ledger, Reader};
use std::{
    fs,
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    time::Instant,
};

/// Where benches find PostgreSQL: the URL of a server on which they may make databases.
pub const POSTGRES: &str = "LOTWALK_TEST_POSTGRES";

/// One of the two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// SQLite, in the target folder.
    Sqlite,
    /// PostgreSQL, on the server that [`POSTGRES`] names.
    Postgres,
}

impl Engine {
    /// SQLite, and PostgreSQL where it was asked for.
    pub fn chosen(postgres: bool) -> Outcome<Vec<Engine>> {
        match postgres {
            false => Ok(vec![Engine::Sqlite]),
            true if std::env::var_os(POSTGRES).is_some() => Ok(vec![Engine::Sqlite, Engine::Postgres]),
            true => Err(format!("--postgres needs a server named in {POSTGRES}").into()),
        }
    }

    /// In a table.
    pub const fn title(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }

    /// The URL of a database of that name.
    pub fn url(self, name: &str) -> Outcome<String> {
        Ok(match self {
            Engine::Sqlite => format!("sqlite:{}", self.file(name)?.display()),
            Engine::Postgres => {
                let server = std::env::var(POSTGRES)?;
                let (base, _) = server.rsplit_once('/').ok_or("the URL names no database")?;
                format!("{base}/lotwalk_bench_{name}")
            }
        })
    }

    /// The file of an SQLite database of that name.
    pub fn file(self, name: &str) -> Outcome<PathBuf> {
        Ok(scratch()?.join(format!("{name}.sqlite")))
    }

    /// An empty database.
    pub async fn fresh(self, name: &str) -> Outcome<String> {
        match self {
            Engine::Sqlite => remove(&self.file(name)?),
            Engine::Postgres => {
                on_server(&format!("drop database if exists lotwalk_bench_{name} with (force)")).await?;
                on_server(&format!("create database lotwalk_bench_{name}")).await?;
            }
        }
        self.url(name)
    }

    /// A database with W(n) in it.
    pub async fn filled(self, workload: Workload, anew: bool) -> Outcome<String> {
        let name = format!("w{}", workload.cartons);
        self.filled_with(&name, workload.entries(), anew, || workload.drafts()).await
    }

    /// A database of that name with so many entries in it, which come of these drafts.
    pub async fn filled_with<I: Iterator<Item = EventDraft>>(
        self,
        name: &str,
        entries: u64,
        anew: bool,
        drafts: impl FnOnce() -> I,
    ) -> Outcome<String> {
        let url = self.url(name)?;
        if !anew && holds(&url, entries).await {
            return Ok(url);
        }
        let url = self.fresh(name).await?;
        fill(&url, entries, drafts()).await?;
        Ok(url)
    }

    /// A database of a new name with W(n) in it, to write into.
    pub async fn copy(self, workload: Workload, name: &str) -> Outcome<String> {
        match self {
            Engine::Sqlite => {
                self.filled(workload, false).await?;
                self.fresh(name).await?;
                fs::copy(self.file(&format!("w{}", workload.cartons))?, self.file(name)?)?;
                self.url(name)
            }
            Engine::Postgres => {
                let url = self.fresh(name).await?;
                fill(&url, workload.entries(), workload.drafts()).await?;
                Ok(url)
            }
        }
    }
}

/// Where databases are kept between runs.
pub fn scratch() -> Outcome<PathBuf> {
    let folder = target()?.join("tmp").join("bench");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Cargo puts benches into `target/release/deps`.
fn target() -> Outcome<PathBuf> {
    let program = std::env::current_exe()?;
    Ok(program.ancestors().nth(3).ok_or("the bench is in no target folder")?.to_path_buf())
}

/// Removes an SQLite database.
pub fn remove(file: &Path) {
    for ending in ["", "-wal", "-shm"] {
        // What is not there need not be removed.
        let _ = fs::remove_file(format!("{}{ending}", file.display()));
    }
}

/// Whoever records the workload.
pub fn person() -> Person {
    Person { id: "bench".into(), name: "Bench".into(), role: Role::Administrator }
}

/// The only brand of a filled database.
pub async fn brand(ledger: &Ledger) -> Outcome<Brand> {
    Ok(ledger.brands().await?.pop().ok_or("the database holds no brand")?)
}

/// A buyer of that brand.
pub fn reader(brand: &Brand) -> Reader {
    Reader { brand: brand.id, role: Role::Buyer }
}

async fn holds(url: &str, entries: u64) -> bool {
    let there = url.strip_prefix("sqlite:").is_none_or(|file| Path::new(file).exists());
    let Ok(ledger) = (if there { Ledger::open(url).await } else { return false }) else { return false };
    let held = ledger.stats().entries;
    ledger.close().await;
    held == entries
}

/// Captures all of it, in groups as large as the importer's.
async fn fill(url: &str, all: u64, drafts: impl Iterator<Item = EventDraft>) -> Outcome {
    let ledger = Ledger::open(url).await?;
    let brand = ledger.create_brand("bench", "Bench").await?;
    let begun = Instant::now();
    let (mut drafts, mut done) = (drafts.peekable(), 0);
    while drafts.peek().is_some() {
        let group: Vec<_> = drafts.by_ref().take(4096).collect();
        for answer in ledger.capture(brand.id, &person(), group).await? {
            let receipt = answer.map_err(|refusal| format!("the workload was refused: {refusal:?}"))?;
            if let Some(discrepancy) = receipt.discrepancies.first() {
                return Err(format!("the workload disagrees with the book: {discrepancy:?}").into());
            }
            done += 1;
        }
        if std::io::stderr().is_terminal() {
            eprint!("\rfilling: {done} of {all} entries ");
            std::io::stderr().flush()?;
        }
    }
    let rate = done as f64 / begun.elapsed().as_secs_f64();
    eprintln!("\rfilled with {done} entries, {rate:.0} a second");
    ledger.close().await;
    Ok(())
}

async fn on_server(sql: &str) -> Outcome {
    use sqlx::{Connection, Executor};
    let mut server = sqlx::PgConnection::connect(&std::env::var(POSTGRES)?).await?;
    server.execute(sql).await?;
    Ok(server.close().await?)
}
