//! Imports handed in on a page: kept as files until they are confirmed or forgotten, looked at, taken over
//! and taken back in the background. How far one has come stands in the ledger, so that its page survives a
//! reload, and another server knows when this one has gone.

use super::{
    encoding, kind,
    plan::Hints,
    preview::{self, Choices},
    progress::Progress,
    propose::{Lesson, signature},
    refused,
    report::{Problem, Report},
    rows::Setting,
    run::{Run, standing, take_back},
    source::{Limits, Sources},
};
use crate::{clock, import::feed::Target, shared::Shared};
use domain::{
    import::{BadCell, ImportRun, ImportState, Mapping, Outcome, Preview, To},
    person::Person,
    text::{Lang, Said},
    time::Zone,
};
use ledger::{BrandId, Fault, NewDocument};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

/// Where files of imports are kept.
#[derive(Debug, Default)]
pub struct Desk {
    folder: OnceLock<PathBuf>,
}

impl Desk {
    /// Keeps them in a folder, which is made when it is needed. To be told before the first one; otherwise
    /// they are kept where the system keeps what may be lost.
    pub fn keep_in(&self, folder: PathBuf) {
        // Told twice, the first counts.
        let _ = self.folder.set(folder);
    }

    /// The folder, made when it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn folder(&self) -> io::Result<&Path> {
        let folder = self.folder.get_or_init(|| {
            std::env::temp_dir().join(format!("lotwalk-imports-{:016x}", rand::random::<u64>()))
        });
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(folder)?;
        Ok(folder)
    }

    /// The file of an import.
    ///
    /// # Errors
    /// When there is no folder for it.
    pub fn source(&self, id: &str) -> io::Result<PathBuf> {
        Ok(self.folder()?.join(format!("{id}.source")))
    }

    /// The refused rows of its n-th table, in a language.
    ///
    /// # Errors
    /// When there is no folder for them.
    pub fn refused(&self, id: &str, n: usize, lang: Lang) -> io::Result<PathBuf> {
        Ok(self.folder()?.join(format!("{id}.{n}.{}.csv", lang.tag())))
    }

    /// Forgets the file of an import.
    pub fn forget(&self, id: &str) {
        // One that is gone already is forgotten.
        let _ = self.source(id).map(fs::remove_file);
    }
}

/// An import is waited for so long before its page shows how far it is.
const PATIENCE: Duration = Duration::from_millis(1500);
/// How often a server says that it still works on an import.
const PULSE: Duration = Duration::from_secs(5);

/// Who works on which import.
#[derive(Clone)]
pub struct Work {
    /// What every handler has.
    pub shared: Shared,
    /// Whose book.
    pub brand: BrandId,
    /// Who has it done.
    pub person: Person,
    /// The import.
    pub run: ImportRun,
}

impl Work {
    fn id(&self) -> &str {
        &self.run.line.id
    }
}

/// Runs a job of an import on its own task, with a pulse, and waits a little for it.
async fn in_background<F>(work: Work, job: impl FnOnce(Work) -> F)
where
    F: Future<Output = Result<(), Fault>> + Send + 'static,
{
    let (ledger, brand, id) = (work.shared.ledger.clone(), work.brand, work.run.line.id.clone());
    // A job that stopped can be done again from where it began.
    let state = match work.run.line.state {
        ImportState::Reading | ImportState::Importing => ImportState::Open,
        ImportState::Undoing => ImportState::Done,
        state => state,
    };
    let job = job(work);
    let task = tokio::spawn(async move {
        let pulse = tokio::spawn({
            let (ledger, id) = (ledger.clone(), id.clone());
            async move {
                loop {
                    tokio::time::sleep(PULSE).await;
                    // A ledger that does not answer is told by the job itself.
                    let _ = ledger.import_lives(brand, &id).await;
                }
            }
        });
        let done = job.await;
        pulse.abort();
        if let Err(fault) = done {
            tracing::error!(fault = %fault, import = id, "an import stopped");
            let outcome = Outcome { fault: Some(fault.number.clone()), ..Outcome::default() };
            // Where this cannot be kept either, the page says that the import stopped.
            let _ = ledger.end_import(brand, &id, state, &outcome).await;
        }
    });
    // Who waits in vain sees how far it is.
    let _ = tokio::time::timeout(PATIENCE, task).await;
}

/// Looks at what was handed in, with what somebody has said of it.
pub async fn look(work: Work, choices: Choices) {
    in_background(work, |work| async move {
        let seen = Box::pin(seen(&work, choices, true)).await?;
        work.shared.ledger.import_seen(work.brand, work.id(), &seen).await
    })
    .await;
}

/// Looks once more, with what somebody has said, and takes the import over where nothing is left to say; unless
/// somebody is at it already, `false` then.
///
/// # Errors
/// When storage fails.
pub async fn confirm(mut work: Work, choices: Choices) -> Result<bool, Fault> {
    let (from, to) = (ImportState::Open, ImportState::Reading);
    if !work.shared.ledger.claim_import(work.brand, work.id(), from, to, None).await? {
        return Ok(false);
    }
    in_background(work.clone(), |_| async move {
        // The import itself asks the book.
        work.run.preview = Box::pin(seen(&work, choices, false)).await?;
        work.shared.ledger.import_seen(work.brand, work.id(), &work.run.preview).await?;
        match work.run.preview.is_ready() && claimed(&work).await? {
            true => taken_over(&work).await,
            false => Ok(()),
        }
    })
    .await;
    Ok(true)
}

/// What is seen in the file of an import. Where nothing is left to say and `ask` says so, the book is asked as
/// well.
async fn seen(work: &Work, mut choices: Choices, ask: bool) -> Result<Preview, Fault> {
    let Work { shared, brand, person, run } = work;
    let (ledger, brand) = (shared.ledger.clone(), *brand);
    choices.place.clone_from(&run.line.place);
    choices.role = Some(person.role);
    choices.lessons = ledger.lessons(brand, &choices.place).await?.into_iter().map(Lesson::from).collect();
    let path = shared.desk.source(work.id());
    let (name, setting) = (run.line.file.clone(), setting(work));
    let runtime = tokio::runtime::Handle::current();
    let look = {
        let (ledger, setting) = (ledger.clone(), setting.clone());
        move || {
            let sources = match path {
                Ok(path) => Sources::of_file(&path, &name, Limits::default()),
                Err(error) => Sources::unreadable(&name, &error),
            };
            let written = |ids: &[uuid::Uuid]| runtime.block_on(standing(&ledger, brand, ids));
            preview::preview(&sources, &choices, &setting, written).map(|preview| (preview, sources))
        }
    };
    let looked = tokio::task::spawn_blocking(look).await;
    let (mut preview, sources) =
        looked.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
    if ask && preview.is_told() {
        let (target, hints) = (Target::Rehearsal(&ledger, brand, person), confirmed(&preview));
        let mut progress = Progress::silent();
        let (report, _) = super::pack_kept(target, sources, hints, setting, &mut progress).await?;
        preview::answered(&mut preview, report);
    }
    Ok(preview)
}

/// What somebody said of the tables, for the import.
fn confirmed(preview: &Preview) -> Hints {
    let wanted = preview.sheets.iter().filter(|sheet| !sheet.is_left_out());
    let said = wanted.map(|sheet| (sheet.name.clone(), sheet.mapping.clone())).collect();
    Hints { said: Some(said), encoding: preview.encoding.clone(), ..Hints::default() }
}

fn setting(work: &Work) -> Setting {
    let zone = work.run.zone.parse().unwrap_or(Zone::UTC);
    Setting { brand: work.brand, zone, now: work.run.line.begun, not_after: None, source: None }
}

/// Goes on with an import that was being taken over, unless somebody does already; `false` then.
///
/// # Errors
/// When storage fails.
pub async fn take_over(work: Work) -> Result<bool, Fault> {
    if !claimed(&work).await? {
        return Ok(false);
    }
    in_background(work, |work| async move { taken_over(&work).await }).await;
    Ok(true)
}

/// Takes an import on, and keeps what was confirmed.
async fn claimed(work: &Work) -> Result<bool, Fault> {
    let (from, to) = (ImportState::Open, ImportState::Importing);
    if !work.shared.ledger.claim_import(work.brand, work.id(), from, to, None).await? {
        return Ok(false);
    }
    for sheet in work.run.preview.sheets.iter().filter(|sheet| !sheet.is_left_out()) {
        learn(work, &sheet.mapping).await?;
    }
    Ok(true)
}

/// What was confirmed is used again for the next table of this place.
async fn learn(work: &Work, mapping: &Mapping) -> Result<(), Fault> {
    let mark = signature(mapping.columns.iter().map(|column| column.header.as_str()));
    let (ledger, line) = (&work.shared.ledger, &work.run.line);
    match mapping.columns.iter().any(|column| column.to != To::Open) {
        true => ledger.learn_mapping(work.brand, &line.place, &mark, mapping, &work.person.name).await,
        false => Ok(()),
    }
}

async fn taken_over(work: &Work) -> Result<(), Fault> {
    let Work { shared, brand, person, run } = work;
    let ledger = &shared.ledger;
    let size_before = ledger.size_before_import(*brand, work.id()).await?;
    let kept = Run { brand: *brand, id: work.id(), size_before };
    let hints = confirmed(&run.preview);
    let source = stored(work).await?;
    let (path, name) = (shared.desk.source(work.id()), run.line.file.clone());
    let sources = tokio::task::spawn_blocking(move || match path {
        Ok(path) => Sources::of_file(&path, &name, Limits::default()),
        Err(error) => Sources::unreadable(&name, &error),
    });
    let sources = sources.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
    let tables = sources.tables.clone();
    let target = Target::Run(ledger, person, kept);
    let mut progress = Progress::silent();
    // What a zip held has to stay until the refused rows are written.
    let setting = Setting { source: source.as_deref().map(Into::into), ..setting(work) };
    let kept = super::pack_kept(target, sources, hints, setting, &mut progress);
    let (report, sources) = kept.await?;
    let outcome = Outcome { source, ..outcome(&report) };
    hand_back(work, &report, &tables);
    drop(sources);
    ledger.end_import(*brand, work.id(), ImportState::Done, &outcome).await?;
    // It lies among the documents now.
    shared.desk.forget(work.id());
    Ok(())
}

/// Keeps the file among the documents, where what its rows come to names it as their source; none where it
/// cannot be read any more, which the import tells.
async fn stored(work: &Work) -> Result<Option<String>, Fault> {
    let path = work.shared.desk.source(work.id());
    let read = tokio::task::spawn_blocking(move || {
        let path = path?;
        let kind = kind::of(&path, |error| Problem::of_file("not_readable", Said::same(error.to_string())));
        Ok::<_, io::Error>(kind.ok().zip(Some(fs::read(&path)?)))
    });
    let read = read.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
    let Ok(Some((kind, bytes))) = read else { return Ok(None) };
    let (name, by) = (crate::document::name(&work.run.line.file), &work.person.id);
    let (bytes, media_type) = (bytes.into(), kind.media_type());
    let new = NewDocument { bytes, media_type, name: name.as_deref(), by };
    work.shared.ledger.store_document(work.brand, new).await.map(Some)
}

/// So many refused rows are told on the page; all of them stand in the table that is handed back.
const TOLD: usize = 200;

pub(super) fn outcome(report: &Report) -> Outcome {
    let problems = report.files.iter().flat_map(|file| {
        file.problems.iter().map(|problem| (file.file.clone(), preview::bad(problem.clone())))
    });
    let all: Vec<(String, BadCell)> = problems.collect();
    let kept = all.len().min(TOLD);
    let more: u64 = report.files.iter().map(|file| file.more_problems).sum();
    Outcome {
        more_refused: (all.len() - kept) as u64 + more,
        refused: all.into_iter().take(TOLD).collect(),
        discrepancies: report.total().discrepancies,
        ..Outcome::default()
    }
}

/// Writes the refused rows of each table, to be mended and handed in again.
fn hand_back(work: &Work, report: &Report, tables: &[super::source::Source]) {
    let run = &work.run;
    let told = run.preview.encoding.as_deref().and_then(encoding::chosen);
    for (n, sheet) in run.preview.sheets.iter().enumerate() {
        let Some(source) = tables.iter().find(|source| *source.name == *sheet.name) else { continue };
        let file = report.files.iter().find(|file| file.file == sheet.name);
        let lines = file.and_then(|file| file.lines.as_ref()).filter(|lines| !lines.is_empty());
        let Some(lines) = lines else { continue };
        for lang in Lang::ALL {
            let written = work.shared.desk.refused(work.id(), n, lang).and_then(fs::File::create);
            let written = written.and_then(|out| {
                refused::write(source, sheet.mapping.header_row, told, lines, lang, io::BufWriter::new(out))
            });
            if let Err(error) = written {
                tracing::warn!(%error, import = work.id(), "refused rows could not be written");
            }
        }
    }
}

/// Takes an import back, unless somebody does already; `false` then.
///
/// # Errors
/// When storage fails.
pub async fn undo(work: Work) -> Result<bool, Fault> {
    let by = work.person.name.clone();
    let (from, to) = (work.run.line.state, ImportState::Undoing);
    if !work.shared.ledger.claim_import(work.brand, work.id(), from, to, Some(&by)).await? {
        return Ok(false);
    }
    in_background(work, |work| async move {
        let kept = Run { brand: work.brand, id: work.id(), size_before: u64::MAX };
        let ledger = &work.shared.ledger;
        let back = take_back(ledger, kept, &work.run.line.file, &work.person, clock::now()).await?;
        let Outcome { left, left_in_all, .. } = back;
        // What came of the import stays told beside what came of taking it back.
        let outcome = Outcome { left, left_in_all, fault: None, ..work.run.outcome.clone() };
        ledger.end_import(work.brand, work.id(), ImportState::Undone, &outcome).await
    })
    .await;
    Ok(true)
}
