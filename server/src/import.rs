//! Records in: tables, of a record pack or in a factory's own columns, become entries of the ledger.
//!
//! The map, along the way a row takes:
//!
//! - [`source`], [`kind`] – folders, files, workbooks and zips, by what stands in them, with their limits
//! - [`survey`], [`encoding`] – a look through each CSV file: encoding, separator, quotation marks
//! - [`workbook`] – a look through each workbook, and its cells; [`grid`] – rows of cells, whatever they stand in
//! - [`table`] – which table is which, and what its columns mean; `words` – what others call them
//! - [`plan`], [`propose`], `columns` – what each table and column is: as named, said, learned or proposed
//! - `canon`, [`days`] – what a cell comes to, the same from every kind of file; `notes` – what is told of it
//! - [`rows`], [`made`] – from rows to event drafts, with ids that come out the same each time; `filled` – the
//!   cells of one event
//! - [`preview`], `labels` – what would be imported, before anything is
//! - [`feed`] – groups of drafts to the ledger, and back what came of them; [`mod@run`] – an import that is kept
//! - [`desk`], [`forms`] – imports on a page: in the background, taken back; [`refused`] – rows handed back
//! - [`report`], [`progress`] – what a person is told
//! - [`workload`] – the measuring workload's own tables
//!
//! `docs/record-pack.md` tells the columns; `demo/` is an example. A bad row names file, cell or line, column,
//! reason and mend, and good rows land; importing again changes nothing (C19).

mod canon;
mod columns;
pub mod days;
pub mod desk;
pub mod encoding;
pub mod feed;
mod filled;
pub mod forms;
pub mod grid;
pub mod kind;
mod labels;
pub mod made;
mod notes;
pub mod plan;
pub mod preview;
pub mod progress;
pub mod propose;
pub mod refused;
pub mod report;
pub mod rows;
pub mod run;
pub mod source;
pub mod survey;
pub mod table;
mod words;
pub mod workbook;
pub mod workload;

use domain::{
    import::ImportState,
    person::Person,
    text::{Lang, Said, Text, text},
    time::{Time, Zone},
};
use feed::{Feed, Hungup, Target};
use ledger::{BrandId, Fault, Ledger, NewImport};
use made::Made;
use plan::{Hints, Looked, Surveyed};
use progress::Progress;
use propose::Lesson;
use report::{FileReport, Problem, Report};
use rows::{Rows, Setting};
use run::Run;
use source::{Limits, Sources};
use std::{
    fmt,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, atomic::AtomicU64},
};
use table::Table;

/// What `lotwalk import` is told.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct ImportArgs {
    /// Folders, CSV files, workbooks (XLSX) or zips of a record pack.
    #[arg(value_name = "DIR|FILE", required_unless_present = "workload")]
    pub paths: Vec<PathBuf>,
    /// Tell what would come of it, and write nothing.
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
    /// What the columns are, where they are not ours: a JSON file as the page of an import shows it.
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// The key of the factory that the tables came from: what was confirmed for its columns is used again.
    #[arg(long, value_name = "KEY")]
    pub place: Option<String>,
    /// The encoding of CSV files that are neither UTF-8 nor certainly GB18030.
    #[arg(long, value_name = "NAME", value_parser = an_encoding)]
    pub encoding: Option<String>,
    /// A folder with the tables of the measuring workload, instead of a record pack.
    #[arg(long, value_name = "DIR", conflicts_with = "paths")]
    pub workload: Option<PathBuf>,
}

fn lang(tag: &str) -> Result<Lang, String> {
    Lang::from_tag(tag).ok_or_else(|| Lang::ALL.map(Lang::tag).join(", "))
}

fn an_encoding(word: &str) -> Result<String, String> {
    encoding::chosen(word).map(|found| found.name().to_string()).ok_or_else(|| encoding::CHOICES.join(", "))
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
    let target = match args.dry_run {
        true => Target::Rehearsal(ledger, brand, person),
        false => Target::Ledger(ledger, brand, person),
    };
    let setting = Setting { brand, zone: args.zone, now, not_after: None, source: None };
    if let Some(folder) = &args.workload {
        return workload::run(target, folder, setting, &mut progress).await;
    }
    let paths = args.paths.clone();
    let sources = tokio::task::spawn_blocking(move || Sources::find(&paths, Limits::default()));
    let sources = sources.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
    let mut hints = Hints { encoding: args.encoding.clone(), ..Hints::default() };
    if let Some(path) = &args.mapping {
        hints.mappings = plan::mappings(path).map_err(Stop::Table)?;
    }
    if let Some(place) = &args.place {
        hints.lessons = ledger.lessons(brand, place).await?.into_iter().map(Lesson::from).collect();
    }
    if args.dry_run {
        return pack_with(target, sources, hints, setting, &mut progress).await;
    }
    kept(ledger, brand, person, args, (sources, hints, setting), &mut progress).await
}

/// Imports, and keeps which entries came of it, so that they can be taken back together.
async fn kept(
    ledger: &Ledger,
    brand: BrandId,
    person: &Person,
    args: &ImportArgs,
    (sources, hints, setting): (Sources, Hints, Setting),
    progress: &mut Progress,
) -> Result<Report, Stop> {
    let names = args.paths.iter().filter_map(|path| path.file_name()).map(|name| name.to_string_lossy());
    let file = names.collect::<Vec<_>>().join(", ");
    let (id, zone) = (crate::clock::new_id(), setting.zone.to_string());
    let place = args.place.as_deref().unwrap_or_default();
    let new = NewImport { id, person, place, file: &file, digest: "", zone: &zone };
    ledger.begin_import(brand, &new).await?;
    let id = id.to_string();
    ledger.claim_import(brand, &id, ImportState::Reading, ImportState::Importing, None).await?;
    let size_before = ledger.size_before_import(brand, &id).await?;
    let target = Target::Run(ledger, person, Run { brand, id: &id, size_before });
    let report = pack_with(target, sources, hints, setting, progress).await?;
    ledger.end_import(brand, &id, ImportState::Done, &desk::outcome(&report)).await?;
    Ok(report)
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
    pack_with(target, sources, Hints::default(), setting, progress).await
}

/// Imports tables as far as it is known what they are.
///
/// # Errors
/// When the ledger fails.
pub async fn pack_with(
    target: Target<'_>,
    sources: Sources,
    hints: Hints,
    setting: Setting,
    progress: &mut Progress,
) -> Result<Report, Stop> {
    Ok(pack_kept(target, sources, hints, setting, progress).await?.0)
}

/// The same, with the sources: what a zip held is there as long as they are.
async fn pack_kept(
    target: Target<'_>,
    sources: Sources,
    hints: Hints,
    setting: Setting,
    progress: &mut Progress,
) -> Result<(Report, Sources), Fault> {
    let mut report = Report { dry_run: target.is_dry(), files: vec![] };
    for (file, problem) in &sources.problems {
        let mut of_file = FileReport::new(file);
        of_file.problem(problem.clone());
        report.files.push(of_file);
    }
    let tables = sources.tables.clone();
    let looked = tokio::task::spawn_blocking(move || plan::look(tables, &hints)).await;
    let Looked { good, bad, left_out } =
        looked.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
    for (source, problem) in bad {
        let mut of_file = FileReport::new(&source.name);
        of_file.problem(problem);
        report.files.push(of_file);
    }
    for (source, notes) in left_out {
        let mut of_file = FileReport::new(&source.name);
        of_file.notes = notes;
        report.files.push(of_file);
    }
    let first = report.files.len();
    report.files.extend(good.iter().map(|known| FileReport::new(&known.source.name)));
    if let Target::Run(..) = target {
        report.files.iter_mut().for_each(FileReport::keep_lines);
    }
    let bytes = good.iter().map(|known| known.known.bytes()).sum();
    let done = Arc::new(AtomicU64::new(0));
    let counted = done.clone();
    let read = move |feed: &mut Feed| {
        // What stops the reading is told by who stopped it.
        let _ = read(&good, first, &setting, &counted, feed);
    };
    Ok((feed::feed(target, report, bytes, done, progress, read).await?, sources))
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
        let rows = Rows::open(
            &known.source,
            known.table,
            &known.known,
            known.mapping.as_ref(),
            setting.clone(),
            done.clone(),
        );
        match (rows, known.table) {
            (Err(problem), _) => feed.put(first + i, Made::Unread(problem))?,
            (Ok(rows), Table::Events(_)) => events.push((first + i, rows.peekable())),
            (Ok(mut rows), _) => rows.try_for_each(|made| feed.put(first + i, made))?,
        }
    }
    // Each file is taken to be in order; a row out of order is written when its turn in the file comes.
    let time = |made: Option<&Made>| match made? {
        Made::Bad(..) | Made::Unread(_) | Made::Told(_) => Some(Time(i64::MIN)),
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
