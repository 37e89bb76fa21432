//! `cargo xtask`: builds, starts, watches, tests and tidies Lotwalk.
//!
//! | module | what |
//! |---|---|
//! | [`run`] | running other programs, with steps and their time shown |
//! | [`site`] | the two WASM modules and the files beside them, as the server embeds them |
//! | [`start`] | the release binary, and the demo on it |
//! | [`dev`] | rebuild what changed, restart |
//! | [`mod@test`] | everything a test needs, then every test |
//! | [`mod@bench`] | the benches that exist |
//! | [`tidy`] | the house's rules, checked |
//! | [`guard`] | what has to end with this program, however it ends |
//!
//! Nothing here needs a tool to be installed beforehand besides Rust itself: wasm-bindgen and brotli are
//! libraries, pinned in `Cargo.lock` beside what they have to agree with. What it deliberately does not
//! know: what any page, test or bench contains.

mod bench;
mod dev;
mod guard;
mod run;
mod site;
mod start;
mod test;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  start [ARG…]       set everything up, build release and serve the demo; ARGs go to `lotwalk serve`
  dev [ARG…]         serve a debug build; rebuild and restart whenever a source changes
  test [FILTER]      install what tests need and run them all; FILTER keeps the names that contain it
       --only rust|browser   only that half
  build              the release binary with the site embedded, and nothing started
  tidy               check the rules of the house: imports, words, both languages, sizes
  bench [NAME ARG…]  run a bench; without a name, list them
  help               this text

CHROME names the Chromium that browser tests use, LOTWALK_TEST_POSTGRES a PostgreSQL to test on
in place of a throw-away one.";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_else(|| "help".into());
    let rest: Vec<String> = args.collect();
    let outcome = match command.as_str() {
        "start" => start::start(&rest),
        "dev" => dev::dev(&rest),
        "test" => test::test(&rest),
        "build" => start::build().map(|binary| println!("{}", binary.display())),
        "tidy" => tidy::tidy(),
        "bench" => bench::bench(&rest),
        "help" | "-h" | "--help" => {
            println!("{HELP}");
            Ok(())
        }
        unknown => {
            eprintln!("xtask: there is no command {unknown:?}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}
