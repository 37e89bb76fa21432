//! The browser tests in `end2end/`, against the release binary.

use super::packages::Need;
use crate::guard::Guard;
use crate::run::{self, Outcome, step};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The browser.
pub(crate) const CHROMIUM: Need = Need {
    what: "Chromium",
    packages: &["chromium"],
    is_here: || chrome().is_file(),
    otherwise: "name a Chromium or Chrome in CHROME",
};

/// What drives it.
pub(crate) const NODE: Need = Need {
    what: "Node.js 20 or newer with npm",
    packages: &["nodejs", "npm"],
    is_here: || run::find("npm").is_some() && node_version() >= Some(20),
    otherwise: "put a newer node and npm on PATH (Debian 12's own is too old)",
};

/// Without it, pictures of Chinese pages show boxes.
pub(crate) const CHINESE: Need = Need {
    what: "a font with Chinese",
    packages: &["fonts-noto-cjk"],
    is_here: || run::read(Command::new("fc-list").arg(":lang=zh-cn")).is_ok_and(|fonts| !fonts.is_empty()),
    otherwise: "install any that fc-list :lang=zh-cn shows",
};

fn node_version() -> Option<u32> {
    let version = run::read(Command::new("node").arg("--version")).ok()?;
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Fails where `CHROME` names nothing: installing another browser would not help.
pub(crate) fn check_named() -> Outcome {
    match std::env::var_os("CHROME").map(PathBuf::from) {
        Some(named) if !named.is_file() => Err(format!("CHROME names {}, which is no file", named.display())),
        _ => Ok(()),
    }
}

pub(crate) fn chrome() -> PathBuf {
    std::env::var_os("CHROME").map_or_else(|| "/usr/bin/chromium".into(), PathBuf::from)
}

/// Brings the npm packages that the lock file in a folder names, when it has changed.
pub(crate) fn install(dir: &Path) -> Outcome {
    let (lock, stamp) = (dir.join("package-lock.json"), dir.join("node_modules/.installed-lock.json"));
    let wanted = fs::read(&lock).map_err(|e| format!("cannot read {}: {e}", lock.display()))?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    step("npm packages of the browser tests", || {
        let mut npm = Command::new("npm");
        run::run(npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(dir))?;
        fs::write(&stamp, &wanted).map_err(|e| format!("cannot write {}: {e}", stamp.display()))
    })
}

/// Runs every spec whose name contains the filter; the answer is a line of counts.
pub(crate) fn test(guard: &mut Guard, binary: &Path, filter: Option<&str>) -> Outcome<String> {
    let counts = run::target().join("end2end-counts");
    let _ = fs::remove_file(&counts);
    let mut node = Command::new("node");
    node.current_dir(run::root().join("end2end"));
    // One spec at a time: each has a server and a browser of its own, on few cores.
    node.args([
        "--test",
        "--test-concurrency=1",
        "--test-reporter=spec",
        "--test-reporter-destination=stdout",
    ]);
    node.arg("--test-reporter=./counts.mjs").arg(format!("--test-reporter-destination={}", counts.display()));
    if let Some(filter) = filter {
        node.arg(format!("--test-name-pattern={}", literally(filter)));
    }
    node.args(specs()?);
    node.env("LOTWALK_BINARY", binary).env("CHROME", chrome());
    node.env("LOTWALK_PICTURES", run::target().join("pictures"));
    let status = guard.spawn(&mut node, "TERM")?.wait().map_err(|e| format!("node: {e}"))?;
    let line = fs::read_to_string(&counts).unwrap_or_else(|_| "no counts".into());
    let line = format!("browser: {}", line.trim());
    if status.success() { Ok(line) } else { Err(format!("{line} ({status})")) }
}

fn specs() -> Outcome<Vec<PathBuf>> {
    let dir = run::root().join("end2end");
    let found = fs::read_dir(&dir).map_err(|e| format!("cannot list {}: {e}", dir.display()))?;
    let mut specs: Vec<PathBuf> = found.flatten().map(|entry| entry.path()).collect();
    specs.retain(|path| path.to_string_lossy().ends_with(".spec.mjs"));
    specs.sort();
    Ok(specs)
}

/// A filter is a text and not a pattern, as cargo takes it.
fn literally(filter: &str) -> String {
    let mut out = String::new();
    for letter in filter.chars() {
        if r"\^$.*+?()[]{}|/".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_filter_is_taken_literally() {
        assert_eq!(super::literally("C33 (offline)"), r"C33 \(offline\)");
    }
}
