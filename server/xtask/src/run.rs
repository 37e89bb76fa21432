//! Running other programs, with steps and their time shown.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

/// What a step comes to; the error is a sentence for the person at the terminal.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// Does one named step: says what it is when it begins and how long it took when it ends.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    eprintln!("▸ {name}");
    let begun = Instant::now();
    let outcome = work();
    let (sign, seconds) = (if outcome.is_ok() { '✓' } else { '✗' }, begun.elapsed().as_secs_f64());
    eprintln!("{sign} {name}: {seconds:.1} s");
    outcome
}

/// Runs a program to its end. It never gets our input: nothing here may wait for an answer.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.stdin(Stdio::null()).status().map_err(|e| cannot_run(command, &e))?;
    if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", shown(command))) }
}

/// Runs a program to its end and returns what it printed.
pub(crate) fn read(command: &mut Command) -> Outcome<String> {
    let out = command.stdin(Stdio::null()).output().map_err(|e| cannot_run(command, &e))?;
    if !out.status.success() {
        let said = String::from_utf8_lossy(&out.stderr);
        return Err(format!("{} ended with {}: {}", shown(command), out.status, said.trim()));
    }
    Ok(String::from_utf8_lossy(&out.stdout).trim().into())
}

/// Whether a program runs and says yes.
pub(crate) fn says_yes(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A program's path in `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// The cargo that runs us, at the root of the project.
///
/// `cargo run` tells its program about the package it runs, and cargo takes these variables for a change
/// wherever a build script declares that it reads them (ring's does): without their removal every build
/// from here would rebuild what the last one from a shell had built, and the other way around.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    let ours = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_NAME", "CARGO_BIN_", "CARGO_PRIMARY_PACKAGE"];
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| ours.iter().any(|prefix| name.starts_with(prefix))) {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// The project's root folder.
pub(crate) fn root() -> PathBuf {
    let crate_dir = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    crate_dir.and_then(|dir| dir.ancestors().nth(2).map(PathBuf::from)).unwrap_or_else(|| PathBuf::from("."))
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

fn cannot_run(command: &Command, why: &std::io::Error) -> String {
    format!("cannot run {}: {why}", shown(command))
}

fn shown(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_is_named_with_its_words() {
        let why = read(Command::new("sh").args(["-c", "echo no >&2; exit 3"])).expect_err("fails");
        assert!(why.contains("sh -c") && why.contains("exit status: 3") && why.ends_with("no"), "{why}");
        assert!(run(&mut Command::new("no-such-program-of-ours")).expect_err("fails").contains("cannot run"));
    }

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("server/xtask/Cargo.toml").is_file());
    }
}
