//! Records in: a record pack, a folder or zip of CSV files, becomes entries of the ledger.
//!
//! The map, along the way a row takes:
//!
//! - [`source`] – folders, files and zips, with the limits of what a stranger's zip may hold
//! - [`survey`] – a look through each file: encoding, separator, quotation marks
//! - [`table`] – which file is which, and what its columns mean
//! - [`rows`] – from rows to event drafts, with ids that come out the same each time; `filled` – the cells
//!   of one event
//! - [`feed`] – groups of drafts to the ledger, and back what came of them
//! - [`report`], [`progress`] – what a person is told
//! - [`workload`] – the measuring workload's own tables
//!
//! `docs/record-pack.md` tells the columns; `demo/` is an example. A bad row names file, line, column,
//! reason and mend, and good rows land; importing again changes nothing (C19).

pub mod feed;
mod filled;
pub mod progress;
pub mod report;
pub mod rows;
pub mod source;
pub mod survey;
pub mod table;
pub mod workload;

use domain::{
    person::Person,
    text::{Lang, Said, Text, text},
    time::{Time, Zone},
};
use feed::{Feed, Hungup, Target};
use ledger::{BrandId, Fault, Ledger};
use progress::Progress;
use report::{FileReport, Problem, Report};
use rows::{Made, Rows, Setting};
use source::{Limits, Source, Sources};
use std::{
    fmt,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, atomic::AtomicU64},
};
use survey::Survey;
use table::Table;

/// What `lotwalk import` is told.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct ImportArgs {
    /// Folders, CSV files or zips of a record pack.
    #[arg(value_name = "DIR|FILE", required_unless_present = "workload")]
    pub paths: Vec<PathBuf>,
    /// Check everything that can be checked without the ledger, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Print the report as JSON on stdout.
    #[arg(long)]
    pub json: bool,
    /// The zone of dates that name none, such as `+08:00`.
    #[arg(long, value_name = "ZONE", default_value = "+00:00", allow_hyphen_values = true)]
    pub zone: Zone,
    /// The language of the report: `en` or `zh-CN`.
    #[arg(long, value_name = "TAG", value_parser = lang)]
    pub lang: Option<Lang>,
    /// A folder with the tables of the measuring workload, instead of a record pack.
    #[arg(long, value_name = "DIR", conflicts_with = "paths")]
    pub workload: Option<PathBuf>,
}

fn lang(tag: &str) -> Result<Lang, String> {
    Lang::from_tag(tag).ok_or_else(|| Lang::ALL.map(Lang::tag).join(", "))
}

/// Why an import stopped before its end. What was written until then stays; importing again goes on.
#[derive(Debug)]
pub enum Stop {
    /// The ledger failed.
    Fault(Fault),
    /// A table of the workload cannot be read.
    Table(Problem),
}

const STOPPED: Text = text(
    "The import stopped: {why}. What was written stays; import again to go on.",
    "导入中断：{why}。已写入的内容保留；重新导入即可继续。",
);

impl Stop {
    /// The reason in words.
    pub fn said(&self) -> Said {
        match self {
            Stop::Fault(fault) => STOPPED.with(&[("why", &fault.to_string())]),
            Stop::Table(problem) => problem.said.clone(),
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(f)
    }
}

impl std::error::Error for Stop {}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Fault(fault)
    }
}

/// Imports what the arguments name, in a person's name.
///
/// # Errors
/// When the ledger fails. Rows that are refused are in the report.
pub async fn run(
    ledger: &Ledger,
    brand: BrandId,
    person: &Person,
    args: &ImportArgs,
    now: Time,
    mut progress: Progress,
) -> Result<Report, Stop> {
    let target = if args.dry_run { Target::Nowhere } else { Target::Ledger(ledger, brand, person) };
    let setting = Setting { brand, zone: args.zone, now, not_after: None };
    if let Some(folder) = &args.workload {
        return workload::run(target, folder, setting, &mut progress).await;
    }
    let paths = args.paths.clone();
    let sources = tokio::task::spawn_blocking(move || Sources::find(&paths, Limits::default()));
    let sources = sources.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
    pack(target, sources, setting, &mut progress).await
}

/// `lotwalk import`: imports, and tells what came of it. Exit status 1 where anything was refused.
pub async fn command(
    ledger: &Ledger,
    brand: BrandId,
    person: &Person,
    args: &ImportArgs,
    lang: Lang,
) -> ExitCode {
    let lang = args.lang.unwrap_or(lang);
    let report = match run(ledger, brand, person, args, crate::clock::now(), Progress::new(lang)).await {
        Ok(report) => report,
        Err(stop) => {
            eprintln!("lotwalk: {}", stop.said().get(lang));
            return ExitCode::FAILURE;
        }
    };
    let told = match args.json {
        true => serde_json::to_writer_pretty(io::stdout().lock(), &report)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(io::stdout())),
        false => report.write(lang, &mut io::stderr().lock()),
    };
    match told {
        Ok(()) if report.is_clean() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Imports the tables of a record pack.
///
/// # Errors
/// When the ledger fails.
pub async fn pack(
    target: Target<'_>,
    sources: Sources,
    setting: Setting,
    progress: &mut Progress,
) -> Result<Report, Stop> {
    let mut report = Report { dry_run: matches!(target, Target::Nowhere), files: vec![] };
    for (file, problem) in &sources.problems {
        let mut of_file = FileReport::new(file);
        of_file.problem(problem.clone());
        report.files.push(of_file);
    }
    let tables = sources.tables.clone();
    let looked = tokio::task::spawn_blocking(move || look(tables)).await;
    let (good, bad) = looked.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
    for (source, problem) in bad {
        let mut of_file = FileReport::new(&source.name);
        of_file.problem(problem);
        report.files.push(of_file);
    }
    let first = report.files.len();
    report.files.extend(good.iter().map(|known| FileReport::new(&known.source.name)));
    let bytes = good.iter().map(|known| known.survey.bytes).sum();
    let done = Arc::new(AtomicU64::new(0));
    let counted = done.clone();
    let read = move |feed: &mut Feed| {
        // What stops the reading is told by who stopped it.
        let _ = read(&good, first, &setting, &counted, feed);
    };
    Ok(feed::run(target, report, bytes, done, progress, read).await?)
}

/// A table that can be read.
struct Surveyed {
    source: Source,
    table: Table,
    survey: Survey,
}

/// Looks through every table, and puts them into the order in which they have to be read.
fn look(tables: Vec<Source>) -> (Vec<Surveyed>, Vec<(Source, Problem)>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for source in tables {
        let looked = Table::named(source.stem()).and_then(|table| {
            let bytes = source.open().map_err(|e| survey::unreadable(&e))?;
            Ok((table, survey::survey(bytes)?))
        });
        match looked {
            Ok((table, survey)) => good.push(Surveyed { source, table, survey }),
            Err(problem) => bad.push((source, problem)),
        }
    }
    good.sort_by(|a, b| (a.table.order(), &a.source.name).cmp(&(b.table.order(), &b.source.name)));
    (good, bad)
}

/// Reads the tables one after the other; events of all kinds together, in the order of their times.
fn read(
    good: &[Surveyed],
    first: usize,
    setting: &Setting,
    done: &Arc<AtomicU64>,
    feed: &mut Feed,
) -> Result<(), Hungup> {
    let mut events = Vec::new();
    for (i, known) in good.iter().enumerate() {
        let rows = Rows::open(&known.source, known.table, known.survey, setting.clone(), done.clone());
        match (rows, known.table) {
            (Err(problem), _) => feed.put(first + i, Made::Unread(problem))?,
            (Ok(rows), Table::Events(_)) => events.push((first + i, rows.peekable())),
            (Ok(mut rows), _) => rows.try_for_each(|made| feed.put(first + i, made))?,
        }
    }
    // Each file is taken to be in order; a row out of order is written when its turn in the file comes.
    let time = |made: Option<&Made>| match made? {
        Made::Bad(_) | Made::Unread(_) => Some(Time(i64::MIN)),
        Made::Draft(prepared) => Some(prepared.draft.event_time),
    };
    loop {
        let next = events.iter_mut().filter_map(|(i, rows)| Some((time(rows.peek())?, *i))).min();
        let Some((_, file)) = next else { break };
        let rows = events.iter_mut().find(|(i, _)| *i == file);
        if let Some(made) = rows.and_then(|(_, rows)| rows.next()) {
            feed.put(file, made)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
