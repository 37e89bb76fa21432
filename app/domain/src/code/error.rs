//! Why a code could not be read, where, and what to do about it.

use serde::Serialize;

use crate::text::{Said, Text, text};

/// A code that is damaged, partial or not what its symbology promises.
///
/// `position` is a byte offset in the bytes as they were handed to [`super::read`], so that a screen can
/// point at the character and a log line can be compared with the original.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CodeError {
    /// Byte offset in the original where reading stopped making sense.
    pub position: usize,
    /// What is wrong there.
    #[serde(flatten)]
    pub kind: CodeErrorKind,
    /// The application identifier being read, when there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ai: Option<String>,
}

/// What can be wrong with a code.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "error", rename_all = "snake_case")]
#[non_exhaustive]
pub enum CodeErrorKind {
    /// There is nothing to read.
    Empty,
    /// Bytes that are not UTF-8 text.
    NotText,
    /// A `]` that is not followed by a symbology identifier (ISO/IEC 15424).
    NotASymbologyIdentifier,
}

impl CodeError {
    pub(crate) fn new(position: usize, kind: CodeErrorKind) -> CodeError {
        CodeError { position, kind, ai: None }
    }

    /// The error in words: place, reason and mend.
    pub fn said(&self) -> Said {
        const EMPTY: Text =
            text("There is no code to read. Scan or type one.", "没有可读取的代码，请扫描或输入。");
        EMPTY.said()
    }
}

impl std::fmt::Display for CodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.said().fmt(f)
    }
}

impl std::error::Error for CodeError {}
