//! `lotwalk video`: codes as a film, for a browser whose camera is a file.

use domain::text::{Text, text};
use std::{fs::File, io::BufWriter, path::Path, process::ExitCode};

use super::{failed, refused};
use crate::symbols::{SymbolKind, belt, video};

/// What a camera of a few years ago gives.
const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;

const NO_KIND: Text = text(
    "write a code as KIND=TEXT; the kinds are: {kinds}",
    "条码请写成 KIND=TEXT；可用的 KIND 有：{kinds}",
);

/// Writes the film: codes one after the other, or a belt of cartons that pass.
pub(super) fn run(file: &Path, codes: &[(SymbolKind, String)], is_belt: bool) -> ExitCode {
    let out = match File::create(file) {
        Ok(out) => BufWriter::new(out),
        Err(error) => return failed(format!("{}: {error}", file.display())),
    };
    let film = if is_belt { belt(codes, WIDTH, HEIGHT, out) } else { video(codes, WIDTH, HEIGHT, out) };
    match film {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refused(domain::text::Said::same(error.to_string())),
    }
}

/// The symbologies by the words of the command line.
const KINDS: [(&str, SymbolKind); 6] = [
    ("qr", SymbolKind::Qr),
    ("data-matrix", SymbolKind::DataMatrix),
    ("gs1-128", SymbolKind::Gs1_128),
    ("code-128", SymbolKind::Code128),
    ("itf-14", SymbolKind::Itf14),
    ("ean-13", SymbolKind::Ean13),
];

/// Reads `gs1-128=(00)095060001343520017`.
pub(super) fn code(word: &str) -> Result<(SymbolKind, String), String> {
    let kinds = || KINDS.map(|(word, _)| word).join(", ");
    let named = word.split_once('=').and_then(|(kind, text)| {
        let (_, kind) = KINDS.iter().find(|(word, _)| *word == kind)?;
        Some((*kind, text.to_string()))
    });
    named.ok_or_else(|| NO_KIND.with(&[("kinds", &kinds())]).get(super::lang()).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_kind_and_a_text() {
        assert_eq!(code("qr=https://a.example/?b=c"), Ok((SymbolKind::Qr, "https://a.example/?b=c".into())));
        for bad in ["qr", "barcode=1", "=1"] {
            assert!(code(bad).is_err_and(|why| why.contains("gs1-128")), "{bad}");
        }
    }
}
