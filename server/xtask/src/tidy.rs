//! The house's rules, checked: `cargo xtask tidy`, and as a test of this crate.
//!
//! One file a rule. Each rule is a function from the [`Tree`] to findings, and its tests show it failing
//! on a bad sample. A finding says where, what, and how to mend it.

mod imports;
mod kinds;
mod leftovers;
mod literals;
mod migrations;
mod rust;
mod size;
mod texts;
mod tree;
mod vocabulary;
mod words;

use crate::run::{self, Outcome};
use std::fmt;
use tree::Tree;

type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: &[Rule] = &[
    imports::check,
    kinds::check,
    leftovers::check,
    literals::check,
    migrations::check,
    size::check,
    texts::check,
    words::check,
];

/// Checks the tree and prints what was found.
pub(crate) fn tidy() -> Outcome {
    let found = findings(&Tree::read(&run::root())?);
    for finding in &found {
        println!("{finding}");
    }
    match found.len() {
        0 => Ok(()),
        n => Err(format!("the house has {n} findings")),
    }
}

fn findings(tree: &Tree) -> Vec<Finding> {
    let mut found: Vec<Finding> = RULES.iter().flat_map(|rule| rule(tree)).collect();
    found.sort();
    found
}

/// Something to mend.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Finding {
    path: String,
    line: usize,
    what: String,
    mend: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>, mend: impl Into<String>) -> Finding {
        Finding { path: path.into(), line, what: what.into(), mend: mend.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.path, self.line, self.what, self.mend)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c05_the_house_is_tidy() {
        let found = findings(&Tree::read(&run::root()).expect("reads"));
        let shown: Vec<String> = found.iter().map(Finding::to_string).collect();
        assert!(found.is_empty(), "\n{}", shown.join("\n"));
    }

    #[test]
    fn a_finding_says_where_what_and_the_mend() {
        let finding = Finding::new("app/src/lib.rs", 7, "names sqlx", "ask the ledger");
        assert_eq!(finding.to_string(), "app/src/lib.rs:7: names sqlx: ask the ledger");
    }
}
