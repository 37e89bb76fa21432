//! Runs published test vectors against this crate: `cargo run -p domain --example conformance -- FOLDER`.
//!
//! FOLDER holds `gs1/` (JSON cases and `component_rules.csv`) and `merkle/` (JSON cases), as published
//! beside the GS1 Syntax Dictionary, RFC 9162 implementations and C2SP; they are not part of this
//! project. Prints what passed, failed and was skipped, per file and in total; the exit status is 1 when
//! a case failed, or a file is missing, cannot be read, or has no cases.

use std::path::Path;
use std::process::ExitCode;

mod gs1;
mod merkle;
mod report;

use report::Report;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: conformance FOLDER (with gs1/ and merkle/ in it)");
        return ExitCode::from(2);
    };
    let folder = Path::new(&folder);
    let mut report = Report::default();
    gs1::run(&folder.join("gs1"), &mut report);
    merkle::run(&folder.join("merkle"), &mut report);
    report.finish()
}
