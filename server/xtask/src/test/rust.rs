//! The workspace's own tests: units, stories, HTTP, doc examples.

use crate::guard::Guard;
use crate::run::{Outcome, cargo};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// Runs every Rust test whose name contains the filter; the answer is a line of counts.
///
/// `client` is left out: its two modules are built for the browser, one feature at a time, and the
/// browser tests are their tests.
pub(crate) fn test(guard: &mut Guard, postgres: &str, filter: Option<&str>) -> Outcome<String> {
    let mut tests = cargo();
    tests.args(["test", "--workspace", "--exclude", "client", "--no-fail-fast"]).args(filter);
    // Without the second variable a test may pass over a database it was not given.
    tests.env(super::postgres::URL, postgres).env("LOTWALK_TEST_REQUIRE_POSTGRES", "1");
    let mut running = guard.spawn(tests.stdout(Stdio::piped()), "TERM")?;
    let mut counts = Counts::default();
    if let Some(out) = running.stdout.take() {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            println!("{line}");
            counts.add(&line);
        }
    }
    let status = running.wait().map_err(|e| format!("cargo test: {e}"))?;
    let line =
        format!("rust: {} passed, {} failed, {} ignored", counts.passed, counts.failed, counts.ignored);
    match status.success() {
        true => Ok(line),
        // Tests that did not compile are counted nowhere.
        false => Err(format!("{line} ({status})")),
    }
}

#[derive(Default, PartialEq, Eq, Debug)]
struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Counts {
    /// Adds a line like `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
    fn add(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else { return };
        for part in result.split([';', '.']) {
            let mut words = part.split_whitespace();
            let Some(n) = words.next().and_then(|word| word.parse::<u64>().ok()) else { continue };
            match words.next() {
                Some("passed") => self.passed += n,
                Some("failed") => self.failed += n,
                Some("ignored") => self.ignored += n,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_add_up() {
        let mut counts = Counts::default();
        counts.add(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s",
        );
        counts.add(
            "test result: FAILED. 2 passed; 5 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s",
        );
        counts.add("test a_test_of_12 passed; ... ok");
        assert_eq!(counts, Counts { passed: 14, failed: 5, ignored: 1 });
    }
}
