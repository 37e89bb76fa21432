//! `lotwalk code`: what a code means.

use domain::code::{self, CodeError};
use serde_json::json;
use std::{
    ffi::OsStr,
    io::{self, Read, Write},
    process::ExitCode,
};

use super::failed;
use crate::clock;

/// Prints the code as JSON, or tells on stderr what is wrong with it and where.
pub(super) fn run(text: &OsStr, symbology: Option<&str>) -> ExitCode {
    let bytes = match text.to_str() {
        Some("-") => {
            let mut bytes = Vec::new();
            if let Err(error) = io::stdin().lock().read_to_end(&mut bytes) {
                return failed(error);
            }
            bytes
        }
        _ => text.as_encoded_bytes().to_vec(),
    };
    match code::read_at(symbology, &bytes, clock::now().year(domain::time::Zone::UTC)) {
        Ok(code) => match serde_json::to_string_pretty(&code) {
            // A reader that stops reading early is no failure of ours.
            Ok(json) => match writeln!(io::stdout(), "{json}") {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => failed(error),
                _ => ExitCode::SUCCESS,
            },
            Err(error) => failed(error),
        },
        Err(error) => {
            eprintln!("{}", told(&error));
            ExitCode::FAILURE
        }
    }
}

/// The error's own fields, and the sentence in both languages.
fn told(error: &CodeError) -> serde_json::Value {
    let mut told = serde_json::to_value(error).unwrap_or_else(|_| json!({"position": error.position}));
    told["said"] = json!(error.said());
    told
}
