//! The release binary, and the demo on it.

use crate::run::{self, Outcome, cargo, step};
use crate::site::{self, Grade};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

/// Builds everything and becomes `lotwalk serve --demo`.
pub(crate) fn start(args: &[String]) -> Outcome {
    let binary = build()?;
    let why = Command::new(&binary).current_dir(run::root()).args(["serve", "--demo"]).args(args).exec();
    Err(format!("cannot run {}: {why}", binary.display()))
}

/// Builds the release binary with the site inside, and returns its path.
pub(crate) fn build() -> Outcome<PathBuf> {
    let begun = Instant::now();
    let site = site::build(Grade::Release)?;
    step("server with the site inside", || {
        let mut build = cargo();
        build.args(["build", "--release", "--package", "server", "--bin", "lotwalk"]);
        run::run(build.env("LOTWALK_SITE", &site))
    })?;
    eprintln!("{}", site::sizes(&site)?);
    eprintln!("✓ built in {:.1} s", begun.elapsed().as_secs_f64());
    Ok(run::target().join("release/lotwalk"))
}
