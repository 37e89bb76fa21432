//! The command line. Data goes to stdout, words to stderr; exit status 0, 1 for a refusal or a fault,
//! 2 for wrong usage.

use clap::{Parser, Subcommand};
use domain::{
    person::Role,
    text::{Lang, Said, Text, text},
};
use std::{env, ffi::OsString, path::PathBuf, process::ExitCode};

use crate::{
    config::{Serving, Storage},
    symbols::SymbolKind,
};

mod accounts;
mod code;
mod serve;
mod upkeep;
mod video;

const EXAMPLES: &str = "\
Examples:
  lotwalk serve --demo                 look around: a toy brand with something to scan
  lotwalk serve --lan                  let a phone on the same Wi-Fi scan
  lotwalk code '(01)09506000134352(10)ABC123'
  lotwalk decode carton.jpg | jq .codes
  lotwalk user add Mei --role warehouse
  TOKEN=$(lotwalk token create --role buyer)          with --demo: a token for the demo
  curl -H \"Authorization: Bearer $TOKEN\" 'localhost:8080/api/v1/resolve?code=KA-2506-0041'

Exit status: 0 done, 1 refused or failed (the reason is on stderr), 2 wrong usage.";

/// Scan a carton or product code, see its batch and its whole story, record what happens to it in a
/// ledger that is only ever added to.
#[derive(Parser, Debug)]
#[command(name = "lotwalk", version, after_help = EXAMPLES, arg_required_else_help = true)]
struct Lotwalk {
    #[command(flatten)]
    storage: Storage,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve pages and API.
    ///
    /// The first start prints a one-time link with which the administrator is set up.
    #[command(after_help = "Examples:\n  lotwalk serve --demo\n  lotwalk serve --lan\n  \
        lotwalk serve --addr 127.0.0.1:9000 --public-url https://trace.example.com\n  \
        lotwalk serve --database postgres://lotwalk@localhost/ledger")]
    Serve(Serving),
    /// Read a code as a scanner or a person would give it, and print what was understood as JSON.
    ///
    /// GS1 element strings (raw or in brackets), Digital Link addresses, bare keys, lot codes. What
    /// cannot be read is told with its position, as JSON on stderr.
    #[command(after_help = "Example:\n  lotwalk code '(01)09506000134352(10)ABC123' | jq .elements")]
    Code {
        /// The code. `-` reads it from stdin, with every byte as it is.
        text: OsString,
        /// The symbology identifier a scanner puts in front, such as `]C1`.
        #[arg(long, value_name = "ID")]
        symbology: Option<String>,
    },
    /// Take a record pack in: a folder or zip of CSV files.
    ///
    /// A bad row is told with file, line, column, reason and mend; good rows land. Importing again
    /// changes nothing.
    #[command(
        after_help = "Examples:\n  lotwalk import pack/ --dry-run\n  lotwalk import pack.zip --zone +08:00 --json"
    )]
    Import(crate::import::ImportArgs),
    /// Read the symbols in image files and print one line of JSON for each file.
    ///
    /// A picture without a symbol has no `codes` and is no failure; a file that cannot be opened as a
    /// picture is told in its line, the others are read all the same, and the exit status is 1.
    ///
    /// Interleaved 2 of 5 is told whatever its length; the app believes only fourteen digits with a right
    /// check digit.
    #[command(after_help = "Example:\n  lotwalk decode *.jpg | jq -r '.codes[].text'")]
    Decode {
        /// Also read UPC-E, which parts of longer symbols are taken for.
        #[arg(long)]
        any: bool,
        /// Images in PNG or JPEG.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Write a film of codes (Y4M), for a browser whose camera is a file: how to try the scan page
    /// without a camera.
    #[command(
        hide = true,
        after_help = "Example:\n  lotwalk video codes.y4m 'gs1-128=(00)095060001343520017' qr=ABC123\n  \
        chromium --use-fake-device-for-media-stream --use-file-for-fake-video-capture=codes.y4m"
    )]
    Video {
        /// The file to write.
        file: PathBuf,
        /// The codes, each as KIND=TEXT.
        #[arg(required = true, value_name = "CODE", value_parser = video::code)]
        codes: Vec<(SymbolKind, String)>,
        /// Labels on a belt of cartons that pass, instead of one code after the other.
        #[arg(long)]
        belt: bool,
    },
    /// People who can sign in.
    #[command(subcommand, after_help = "Example:\n  lotwalk user add Mei --role warehouse")]
    User(User),
    /// Tokens for programs that use the API.
    #[command(subcommand, after_help = "Example:\n  TOKEN=$(lotwalk token create --role buyer)")]
    Token(Token),
    /// Write a copy of the ledger to a file; it may be served meanwhile.
    ///
    /// The copy is one moment of the ledger: everything acknowledged before, nothing half. Photos and PDFs
    /// come along in a folder beside it, called after it; those in a bucket stay there. A ledger in
    /// PostgreSQL is backed up with PostgreSQL's own `pg_dump`, and brought back with `pg_restore`.
    #[command(after_help = "Examples:\n  lotwalk backup friday.sqlite\n  \
        pg_dump --format=custom --file=friday.dump postgres://lotwalk@localhost/ledger")]
    Backup {
        /// A file that does not exist yet.
        file: PathBuf,
    },
    /// Put a backup in the place of a ledger that is empty or not there.
    ///
    /// Its log is verified first: one that was tampered with is refused, and nothing is written. The folder of
    /// photos and PDFs beside the file is copied to where they are kept (`--files`); what is missing there is
    /// told.
    #[command(after_help = "Examples:\n  lotwalk restore friday.sqlite\n  \
        lotwalk restore friday.sqlite --database sqlite:/srv/lotwalk/ledger.sqlite")]
    Restore {
        /// What `backup` wrote.
        file: PathBuf,
    },
    /// Hash every entry again and compare the tree with every checkpoint; then every document that entries
    /// name.
    ///
    /// What does not fit is told with its place, and the exit status is 1.
    #[command(after_help = "Examples:\n  lotwalk verify-log\n  lotwalk verify-log --json | jq .findings\n  \
        lotwalk verify-log --database sqlite:friday.sqlite")]
    VerifyLog {
        /// Print the report as JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand, Debug)]
enum User {
    /// Add somebody. Prints the password when it was made up here.
    #[command(after_help = "Example:\n  lotwalk user add Mei --role warehouse\n  \
        printf %s \"$PASSWORD\" | lotwalk user add Li --role inspector --password-stdin")]
    Add {
        /// The name to sign in with.
        name: String,
        /// What the person may do.
        #[arg(long, value_parser = role)]
        role: Role,
        /// Read the password from stdin instead of making one up.
        #[arg(long)]
        password_stdin: bool,
    },
}

#[derive(Subcommand, Debug)]
enum Token {
    /// Make a token and print it, alone, on stdout. It is shown this once.
    #[command(after_help = "Example:\n  TOKEN=$(lotwalk token create --role buyer --name 'recall script')")]
    Create {
        /// In which role it acts.
        #[arg(long, value_parser = role)]
        role: Role,
        /// What it is for; entries written with it bear this name.
        #[arg(long, default_value = "API")]
        name: String,
    },
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let Lotwalk { storage, command } = Lotwalk::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(error),
    };
    runtime.block_on(async {
        match command {
            Command::Serve(serving) => serve::run(&storage, &serving).await,
            Command::Code { text, symbology } => code::run(&text, symbology.as_deref()),
            Command::Import(args) => upkeep::import(&storage, &args).await,
            Command::Decode { any, files } => {
                match crate::decode::run(&files, any, &mut std::io::stdout().lock()) {
                    Ok(true) => ExitCode::SUCCESS,
                    Ok(false) => ExitCode::FAILURE,
                    Err(error) => failed(error),
                }
            }
            Command::Video { file, codes, belt } => video::run(&file, &codes, belt),
            Command::User(User::Add { name, role, password_stdin }) => {
                accounts::add_user(&storage, &name, role, password_stdin).await
            }
            Command::Token(Token::Create { role, name }) => {
                accounts::create_token(&storage, &name, role).await
            }
            Command::Backup { file } => upkeep::backup(&storage, &file).await,
            Command::Restore { file } => upkeep::restore(&storage, &file).await,
            Command::VerifyLog { json } => upkeep::verify_log(&storage, json).await,
        }
    })
}

/// The language of the words on stderr, from the locale.
pub fn lang() -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| env::var(name).ok().filter(|v| !v.is_empty()));
    locale.and_then(|locale| Lang::from_tag(&locale.replace('_', "-"))).unwrap_or_default()
}

/// Words for the person at the terminal.
fn say(said: impl Into<Said>) {
    eprintln!("{}", said.into().get(lang()));
}

/// Says what went wrong.
fn failed(said: impl ToString) -> ExitCode {
    eprintln!("lotwalk: {}", said.to_string());
    ExitCode::FAILURE
}

/// Says why it was refused.
fn refused(said: impl Into<Said>) -> ExitCode {
    failed(said.into().get(lang()))
}

const ROLES: Text = text("the roles are: {roles}", "可用角色：{roles}");

fn role(word: &str) -> Result<Role, String> {
    let words = Role::ALL.map(Role::word).join(", ");
    Role::from_word(word).ok_or_else(|| ROLES.with(&[("roles", &words)]).get(lang()).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Lotwalk::command().debug_assert();
    }

    #[test]
    fn help_shows_what_a_person_needs_and_not_what_tests_need() {
        let help = Lotwalk::command().render_help().to_string();
        assert!(help.contains("\n  verify-log ") && !help.contains("video"), "{help}");
        assert!(Lotwalk::try_parse_from(["lotwalk", "video", "codes.y4m", "qr=A1"]).is_ok());
    }

    #[test]
    fn a_role_is_one_of_those_there_are() {
        assert_eq!(role("inspector"), Ok(Role::Inspector));
        assert!(role("boss").is_err_and(|why| why.contains("inspector")));
    }
}
