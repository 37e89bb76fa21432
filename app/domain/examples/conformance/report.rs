//! Counting and printing.

use std::path::Path;
use std::process::ExitCode;

use serde_json::Value;

/// What a case came to.
pub(crate) enum Outcome {
    /// As the vector says.
    Passed,
    /// Not so; what was expected and what came instead.
    Failed(String),
    /// Not for this crate, with the reason.
    Skipped(&'static str),
}

impl Outcome {
    /// Passed when both are equal.
    pub(crate) fn equal<T: PartialEq + std::fmt::Debug>(got: T, expected: T) -> Outcome {
        if got == expected {
            Outcome::Passed
        } else {
            Outcome::Failed(format!("expected {expected:?}, got {got:?}"))
        }
    }
}

/// The counts over all files.
#[derive(Default)]
pub(crate) struct Report {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Report {
    /// Runs the cases of a file through a judge; an absent file counts as nothing.
    pub(crate) fn file<'v, T: std::fmt::Debug + 'v>(
        &mut self,
        name: &str,
        cases: impl IntoIterator<Item = T>,
        judge: impl Fn(&T) -> Outcome,
    ) {
        let before = (self.passed, self.failed, self.skipped);
        for (number, case) in cases.into_iter().enumerate() {
            match judge(&case) {
                Outcome::Passed => self.passed += 1,
                Outcome::Failed(why) => {
                    self.failed += 1;
                    println!("FAILED {name} #{}: {why}\n       {case:?}", number + 1);
                }
                Outcome::Skipped(why) => {
                    self.skipped += 1;
                    println!("skipped {name} #{}: {why}", number + 1);
                }
            }
        }
        let (passed, failed, skipped) =
            (self.passed - before.0, self.failed - before.1, self.skipped - before.2);
        println!("{name}: {passed} passed, {failed} failed, {skipped} skipped");
    }

    /// The total and the exit status.
    pub(crate) fn finish(self) -> ExitCode {
        println!("total: {} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped);
        match self {
            Report { failed: 0, passed: 1.., .. } => ExitCode::SUCCESS,
            Report { failed: 0, .. } => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}

/// A JSON file, or null when it is absent or no JSON (which is said).
pub(crate) fn json(path: &Path) -> Value {
    match std::fs::read(path).map_err(|error| error.to_string()) {
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            eprintln!("{}: {error}", path.display());
            Value::Null
        }),
        Err(error) => {
            eprintln!("{}: {error}", path.display());
            Value::Null
        }
    }
}

/// The members of an array at a key; none when there is none.
pub(crate) fn cases(value: &Value, key: &str) -> Vec<Value> {
    value[key].as_array().cloned().unwrap_or_default()
}

/// A text member; empty when there is none.
pub(crate) fn text<'v>(case: &'v Value, key: &str) -> &'v str {
    case[key].as_str().unwrap_or_default()
}
