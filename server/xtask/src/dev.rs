//! Rebuild what changed, restart.
//!
//! Sources are looked at twice a second; asking for a few hundred modification times costs less than a
//! watcher would cost to build. A change settles before it is built, so that "save all" is one build.

use crate::run::{self, Outcome, cargo, step};
use crate::site::{self, Grade};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, SystemTime};

const LOOK_EVERY: Duration = Duration::from_millis(500);
const SETTLE: Duration = Duration::from_millis(150);

/// Serves a debug build and keeps it in step with the sources until it is interrupted.
pub(crate) fn dev(args: &[String]) -> Outcome {
    site::ensure_target()?;
    let mut server = None;
    let mut seen = look();
    let mut due = Parts::ALL;
    // What a failed build left undone is due again with the next change, whatever that touches.
    let mut owed = Parts::NONE;
    loop {
        if due != Parts::NONE {
            match rebuild(due) {
                Ok(()) => {
                    if due.restarts() || server.is_none() {
                        server = Some(restart(server.take(), args)?);
                    }
                    eprintln!("▸ watching");
                }
                Err(why) => {
                    eprintln!("xtask: {why}\n▸ watching; the last good build goes on");
                    owed = due;
                }
            }
        }
        due = wait_for_change(&mut seen).and(std::mem::replace(&mut owed, Parts::NONE));
    }
}

/// What a change touches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Parts {
    page: bool,
    scanner: bool,
    server: bool,
    public: bool,
}

impl Parts {
    const NONE: Parts = Parts { page: false, scanner: false, server: false, public: false };
    const ALL: Parts = Parts { page: true, scanner: true, server: true, public: true };

    /// What is built from a file, by its path from the root.
    fn of(path: &str) -> Parts {
        let (rust, start) = (path.ends_with(".rs") || path.ends_with(".sql"), |p: &str| path.starts_with(p));
        match () {
            _ if start("server/xtask/") || path.contains("/tests/") || path.contains("/examples/") => {
                Parts::NONE
            }
            _ if path.ends_with("Cargo.toml") => Parts::ALL,
            _ if start("public/") => Parts { public: true, ..Parts::NONE },
            // The server reads style sheets at each request in a debug build.
            _ if start("style/") => Parts::NONE,
            _ if !rust && !start("server/") => Parts::NONE,
            _ if start("app/client/") => Parts { page: true, scanner: true, ..Parts::NONE },
            _ if start("app/scanner/") => Parts { scanner: true, server: true, ..Parts::NONE },
            _ if start("app/domain/") => Parts { public: false, ..Parts::ALL },
            _ if start("app/") => Parts { page: true, server: true, ..Parts::NONE },
            _ => Parts { server: true, ..Parts::NONE },
        }
    }

    fn and(self, other: Parts) -> Parts {
        Parts {
            page: self.page || other.page,
            scanner: self.scanner || other.scanner,
            server: self.server || other.server,
            public: self.public || other.public,
        }
    }

    fn restarts(self) -> bool {
        self.server || self.page || self.scanner
    }
}

/// WASM first: a page that is newer than its server fails less than the other way around.
fn rebuild(due: Parts) -> Outcome {
    let modules = [(due.page, &site::PAGE), (due.scanner, &site::SCANNER)];
    let modules: Vec<_> = modules.into_iter().filter(|(due, _)| *due).map(|(_, module)| module).collect();
    site::modules(Grade::Dev, &modules)?;
    site::assemble(Grade::Dev)?;
    if !due.server {
        return Ok(());
    }
    step("server", || run::run(cargo().args(["build", "--package", "server", "--bin", "lotwalk"])))
}

fn restart(old: Option<Child>, args: &[String]) -> Outcome<Child> {
    if let Some(mut old) = old {
        // A TERM lets it close its database; the wait is for its port.
        if let Ok(None) = old.try_wait() {
            run::run(Command::new("kill").arg(old.id().to_string()))?;
        }
        old.wait().map_err(|e| format!("the server did not end: {e}"))?;
    }
    let binary = run::target().join("debug/lotwalk");
    Command::new(&binary)
        .current_dir(run::root())
        .env("LOTWALK_SITE", Grade::Dev.site())
        .args(["serve", "--demo"])
        .args(args)
        .spawn()
        .map_err(|e| format!("cannot run {}: {e}", binary.display()))
}

type Times = BTreeMap<PathBuf, SystemTime>;

fn wait_for_change(seen: &mut Times) -> Parts {
    loop {
        std::thread::sleep(LOOK_EVERY);
        let mut now = look();
        if now == *seen {
            continue;
        }
        loop {
            std::thread::sleep(SETTLE);
            let later = look();
            if later == now {
                break;
            }
            now = later;
        }
        let parts = changed(seen, &now)
            .iter()
            .map(|path| Parts::of(&path.to_string_lossy()))
            .fold(Parts::NONE, Parts::and);
        *seen = now;
        return parts;
    }
}

fn changed(before: &Times, after: &Times) -> Vec<PathBuf> {
    let fresh = after.iter().filter(|(path, time)| before.get(*path) != Some(time)).map(|(path, _)| path);
    let gone = before.keys().filter(|path| !after.contains_key(*path));
    fresh.chain(gone).cloned().collect()
}

/// The modification time of every source, by its path from the root.
fn look() -> Times {
    let root = run::root();
    let mut times = Times::new();
    let mut open: Vec<PathBuf> =
        ["app", "server", "style", "public", "Cargo.toml"].map(|d| root.join(d)).into();
    while let Some(path) = open.pop() {
        // A file that vanishes while we look is a change of the next look.
        let Ok(meta) = fs::metadata(&path) else { continue };
        if meta.is_dir() {
            open.extend(fs::read_dir(&path).into_iter().flatten().flatten().map(|entry| entry.path()));
        } else if let Ok(time) = meta.modified() {
            times.insert(path.strip_prefix(&root).unwrap_or(Path::new("")).to_path_buf(), time);
        }
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_built_from_a_file_is_built_again() {
        assert_eq!(Parts::of("style/timeline.css"), Parts::NONE);
        assert_eq!(Parts::of("server/ledger/tests/story.rs"), Parts::NONE);
        assert_eq!(Parts::of("app/src/pages/scan.rs"), Parts { page: true, server: true, ..Parts::NONE });
        assert_eq!(Parts::of("server/ledger/migrations/sqlite/1.sql"), Parts { server: true, ..Parts::NONE });
        assert!(Parts::of("app/domain/src/code.rs").scanner);
        assert!(!Parts::of("public/sw.js").restarts());
    }

    #[test]
    fn a_removed_file_is_a_change() {
        let at = |path: &str| Times::from([(PathBuf::from(path), SystemTime::UNIX_EPOCH)]);
        assert_eq!(changed(&at("a"), &at("a")), Vec::<PathBuf>::new());
        assert_eq!(changed(&at("a"), &Times::new()), [PathBuf::from("a")]);
        assert_eq!(changed(&Times::new(), &at("b")), [PathBuf::from("b")]);
    }
}
