//! What becomes WASM: `hydrate` wakes the page, `scan` decodes frames in a worker.
//!
//! Built twice, each time with one feature, so that neither module carries the other's weight. Knows no
//! database and no server.
#![warn(missing_docs)]
// As in `app`: a page's view is one type.
#![recursion_limit = "512"]

#[cfg(feature = "hydrate")]
pub mod hydrate;
#[cfg(feature = "scan")]
pub mod scan;
