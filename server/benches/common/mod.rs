//! What the benches share. Each of them takes in what it needs.
#![allow(dead_code, reason = "no bench needs all of it")]

pub(crate) mod client;
pub(crate) mod database;
pub(crate) mod machine;
pub(crate) mod process;
pub(crate) mod report;
pub(crate) mod server;
pub(crate) mod workload;

use std::error::Error;

/// What a bench comes to; the error is for the person at the terminal.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// A runtime with the threads that a server of this machine has.
pub(crate) fn runtime() -> Outcome<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// The bench's command line: `--cartons 20000 --postgres`. Cargo adds a `--bench` of its own.
pub(crate) struct Args(Vec<String>);

impl Args {
    /// As it was called.
    pub(crate) fn of_process() -> Args {
        Args(std::env::args().skip(1).filter(|arg| arg != "--bench").collect())
    }

    /// Whether an option stands there.
    pub(crate) fn has(&self, option: &str) -> bool {
        self.0.iter().any(|arg| arg == option)
    }

    /// What stands behind an option.
    pub(crate) fn text(&self, option: &str) -> Option<&str> {
        let at = self.0.iter().position(|arg| arg == option)?;
        self.0.get(at + 1).map(String::as_str)
    }

    /// The number behind an option, with or without `_` between its digits.
    pub(crate) fn number(&self, option: &str, otherwise: u64) -> Outcome<u64> {
        match self.text(option) {
            None if self.has(option) => Err(format!("{option} needs a number behind it").into()),
            None => Ok(otherwise),
            Some(text) => {
                text.replace('_', "").parse().map_err(|_| format!("{option}: {text:?} is no number").into())
            }
        }
    }

    /// As it was called, for the report.
    pub(crate) fn shown(&self) -> String {
        self.0.join(" ")
    }
}
