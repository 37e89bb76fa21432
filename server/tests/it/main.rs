//! The running server asked over HTTP, in this process: real sockets, a real database, the real router.
//!
//! - [`http`] – a client that does what it is told and no more
//! - [`handed`] – events of every kind, each on goods of its own
//! - [`site`] – a server with one account and one token per role, and a few cartons
//! - [`scratch`] – databases of either kind that are gone after the test
//! - [`program`] – the program itself, as a process that can be stopped and killed
//! - [`session`], [`forms`], [`api`] – what people and programs do
//! - [`seals`] – names that never enter the ledger
//! - [`documents`] – photos and PDFs that come with a form, and [`papers`] – a few of them
//! - [`files`] – what is sent beside the pages, and how safely
//! - [`cli`] – the program itself, as a terminal runs it; [`lan`] – for phones on the same network
//! - [`demo`] – what the demo promises to hold
//! - [`upkeep`] – backup, restore and verify, also while it is served
//! - [`trouble`] – what goes wrong; [`full`] – a disk without room; [`killed`] – an import that is killed
//! - [`either`] – the same book and the same words on SQLite and PostgreSQL
//! - [`roles`] – every address, method and role, against the table in `roles.txt`

mod api;
mod cli;
mod demo;
mod documents;
mod either;
mod files;
mod forms;
mod full;
mod handed;
mod http;
mod imports;
mod killed;
mod lan;
mod papers;
mod program;
mod roles;
mod scratch;
mod seals;
mod session;
mod site;
mod trouble;
mod upkeep;
