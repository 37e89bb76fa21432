//! The running server asked over HTTP, in this process: real sockets, a real database, the real router.
//!
//! - [`http`] – a client that does what it is told and no more
//! - [`site`] – a server with one account and one token per role, and a few cartons
//! - [`session`], [`forms`], [`api`] – what people and programs do
//! - [`files`] – what is sent beside the pages, and how safely
//! - [`cli`] – the program itself, as a terminal runs it
//! - [`trouble`] – what goes wrong
//! - [`roles`] – every address, method and role, against the table in `roles.txt`

mod api;
mod cli;
mod files;
mod forms;
mod http;
mod roles;
mod session;
mod site;
mod trouble;
