//! What the benches of `ledger` and `server` share. A crate of its own so that both can have it.
//!
//! - [`workload`] – W(n), the book that everything is measured on
//! - [`records`] – R(n), the book on which records, board and gate are measured
//! - [`database`] – databases with these in them, of either kind
//! - [`client`] – a load generator over HTTP
//! - [`process`], [`machine`] – what the kernel tells of a process and of the machine (Linux)
//! - [`report`] – tables in Markdown
//!
//! Deliberately unknown here: what is measured. Each bench says that itself.
#![warn(missing_docs)]

pub mod client;
pub mod database;
pub mod machine;
pub mod plain;
pub mod process;
pub mod records;
pub mod report;
pub mod workload;

use std::error::Error;

/// What a bench comes to; the error is for the person at the terminal.
pub type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// A runtime with the threads that a server of this machine has.
pub fn runtime() -> Outcome<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// The bench's command line: `--cartons 20000 --postgres`. Cargo adds a `--bench` of its own.
pub struct Args(Vec<String>);

impl Args {
    /// As it was called.
    pub fn of_process() -> Args {
        Args(std::env::args().skip(1).filter(|arg| arg != "--bench").collect())
    }

    /// Whether an option stands there.
    pub fn has(&self, option: &str) -> bool {
        self.0.iter().any(|arg| arg == option)
    }

    /// What stands behind an option.
    pub fn text(&self, option: &str) -> Option<&str> {
        let at = self.0.iter().position(|arg| arg == option)?;
        self.0.get(at + 1).map(String::as_str)
    }

    /// The number behind an option, with or without `_` between its digits.
    pub fn number(&self, option: &str, otherwise: u64) -> Outcome<u64> {
        match self.text(option) {
            None if self.has(option) => Err(format!("{option} needs a number behind it").into()),
            None => Ok(otherwise),
            Some(text) => {
                text.replace('_', "").parse().map_err(|_| format!("{option}: {text:?} is no number").into())
            }
        }
    }

    /// As it was called, for the report.
    pub fn shown(&self) -> String {
        self.0.join(" ")
    }
}
