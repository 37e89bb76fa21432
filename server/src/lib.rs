//! Everything of Lotwalk that touches a disk or a socket, apart from the database.
//!
//! The map:
//!
//! - [`cli`] – the command line; [`config`] – where things are kept and where to listen
//! - [`router`] – every address, as one list, and the layers around it; [`pace`] – how long one may take;
//!   [`rendering`] – pages that break
//! - [`session`] – who is signed in; [`password`], [`throttle`] – how that is kept safe
//! - [`forms`] – what pages post without script; [`document`] – the photos and PDFs that come with it
//! - [`api`] – the API for other programs
//! - [`assets`] – style sheets, WASM, public files; [`tls`] – HTTPS on the local network
//! - [`problem`] – answers that are not what was asked for
//! - [`observe`], [`metrics`], [`health`] – what is logged, counted and asked by machines
//! - [`decode`], [`symbols`] – symbols read from images, and drawn; [`sheet`] – the demo's, to print
//! - [`shared`], [`visitor`], [`clock`] – what handlers are handed
//!
//! Deliberately unknown here: SQL (the ledger's), what a page looks like (the app's), what an event does
//! to the book (the domain's), and how a symbol is found in an image (the scanner's).
#![warn(missing_docs)]
// The document's view is one type, nested as deep as its markup.
#![recursion_limit = "512"]

pub mod api;
pub mod assets;
pub mod cli;
pub mod clock;
pub mod config;
pub mod decode;
pub mod demo;
pub mod document;
pub mod forms;
pub mod health;
pub mod import;
pub mod metrics;
pub mod observe;
pub mod pace;
pub mod password;
pub mod problem;
pub mod rendering;
pub mod router;
pub mod seals;
pub mod session;
pub mod shared;
pub mod sheet;
pub mod symbols;
pub mod throttle;
pub mod tls;
pub mod visitor;
