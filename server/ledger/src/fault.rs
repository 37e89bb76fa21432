//! Storage trouble, with a number to quote.

use std::fmt;

/// Something broke that the caller did not cause: the database is locked, gone or damaged.
///
/// The detail is in one log line under the [`number`](Self::number); a person is told only the number.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The number to quote: in the answer and in the log line.
    pub number: String,
    /// True where trying again in a moment is likely to help; nothing was half-written.
    pub retry: bool,
    detail: String,
}

impl Fault {
    /// A fault with a fresh number, told to the log at once.
    pub(crate) fn new(retry: bool, detail: impl fmt::Display) -> Fault {
        let number = format!("{:08X}", rand::random::<u32>());
        let detail = detail.to_string();
        if retry {
            tracing::warn!(fault = %number, %detail, "storage is busy or out of reach");
        } else {
            tracing::error!(fault = %number, %detail, "storage fault");
        }
        Fault { number, retry, detail }
    }

    /// A stored value that should not be possible.
    pub(crate) fn damaged(what: impl fmt::Display) -> Fault {
        Fault::new(false, format!("stored data cannot be read: {what}"))
    }
}

impl fmt::Display for Fault {
    /// For the command line and the log; a page shows the number alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (fault {})", self.detail, self.number)
    }
}

impl std::error::Error for Fault {}
