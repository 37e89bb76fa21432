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
    /// Runs the cases of a file through a judge. One without cases fails: a file that is missing or cannot
    /// be read must not pass for one that was passed.
    pub(crate) fn file<'v, T: std::fmt::Debug + 'v>(
        &mut self,
        name: &str,
        cases: impl IntoIterator<Item = T>,
        judge: impl Fn(&T) -> Outcome,
    ) {
        let before = (self.passed, self.failed, self.skipped);
        let mut cases = cases.into_iter().enumerate().peekable();
        if cases.peek().is_none() {
            self.failed += 1;
            println!("FAILED {name}: no cases");
        }
        for (number, case) in cases {
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
        match self.failed {
            0 => ExitCode::SUCCESS,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_missing_or_unparsable_fails() {
        let folder = std::env::temp_dir().join(format!("lotwalk-conformance-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let failed = |content: Option<&str>| {
            let path = folder.join("vectors.json");
            content.map_or_else(|| drop(std::fs::remove_file(&path)), |c| std::fs::write(&path, c).unwrap());
            let mut report = Report::default();
            report.file("vectors", cases(&json(&path), "cases"), |_| Outcome::Passed);
            report.failed
        };
        assert_eq!(failed(Some(r#"{"cases": [1]}"#)), 0);
        assert_eq!(failed(Some(r#"{"cases": [1"#)), 1);
        assert_eq!(failed(Some(r#"{"casings": [1]}"#)), 1);
        assert_eq!(failed(None), 1);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
