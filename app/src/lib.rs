//! The pages of Lotwalk: rendered on the server, woken in the browser, and usable as plain forms where
//! no script runs.
//!
//! - [`shell`] – the HTML document around every page; [`routes`] – one line per page
//! - [`here`] – what every page knows: language, theme, who is signed in
//! - [`kept`] – a filled form that was not captured, kept so that nothing typed is lost
//! - [`pages`] – one file per page with the server function it reads from
//! - [`parts`] – what pages are built from; a part, its style sheet and its class share one name
//! - [`browser`] – camera, worker, sound, wedge: every use of web-sys beyond plain events
//! - [`scans`] – what was scanned since the app was opened, and what came of each
//! - [`error`] – what a person may be told when something is not so
//! - `request` – what a request carries on the server; the only module that exists on one side
//!
//! A page reads through a server function whose body is one call into the ledger, and writes through a
//! plain form that the server handles; so nothing here knows SQL, sessions or cookies. Status codes stay
//! inside `request`.
#![warn(missing_docs)]
// A page's view is one type, nested as deep as its markup.
#![recursion_limit = "512"]

pub mod browser;
pub mod error;
pub mod here;
pub mod kept;
pub mod pages;
pub mod parts;
#[cfg(feature = "ssr")]
pub mod request;
pub mod routes;
pub mod scans;
pub mod shell;
