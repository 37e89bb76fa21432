//! Rows on one side, the ledger on the other: tables are read on a thread of their own, a few groups of
//! drafts ahead of the ledger, so that memory stays bounded however long the tables are.

use super::{
    made::{Made, Prepared},
    progress::Progress,
    report::{FileReport, Problem, Report},
    run::{self, Run, Tried},
};
use domain::{
    import::RowCounts,
    person::Person,
    refusal::Refusal,
    subject::Subject,
    text::{Said, Text, text},
};
use ledger::{BrandId, Fault, Ledger};
use std::{
    mem,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::mpsc;

const WRITE_ONE: Text = text("Write one of: {subjects}.", "请填写其中之一：{subjects}。");

/// Drafts that are handed in together.
const GROUP: usize = 2000;
/// Drafts about which a dry run asks the book. All of them at once: a row may build on one before it.
const ASKED: usize = 3 * GROUP;
/// Groups that may wait.
const AHEAD: usize = 2;

/// What came of rows, with the number of their file in the report.
type Item = (usize, Made);

/// Where a reader of tables puts what it made.
#[derive(Debug)]
pub struct Feed {
    group: Vec<Item>,
    out: mpsc::Sender<Vec<Item>>,
}

/// Nobody takes what is read any more: the ledger failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hungup;

impl Feed {
    /// Hands on what a row of a file became.
    ///
    /// # Errors
    /// When the other side has stopped.
    pub fn put(&mut self, file: usize, made: Made) -> Result<(), Hungup> {
        self.group.push((file, made));
        if self.group.len() < GROUP {
            return Ok(());
        }
        self.flush()
    }

    /// Hands on what is left.
    ///
    /// # Errors
    /// When the other side has stopped.
    pub fn flush(&mut self) -> Result<(), Hungup> {
        let group = mem::take(&mut self.group);
        self.out.blocking_send(group).map_err(|_| Hungup)
    }
}

/// Where the drafts go.
#[derive(Clone, Copy)]
pub enum Target<'a> {
    /// Into a brand's book, in a person's name.
    Ledger(&'a Ledger, BrandId, &'a Person),
    /// The same, for an import that is kept.
    Run(&'a Ledger, &'a Person, Run<'a>),
    /// Nowhere: a brand's book is asked what it would answer a person, and stays as it is. It is asked about
    /// the first few thousand rows; what follows is checked by itself.
    Rehearsal(&'a Ledger, BrandId, &'a Person),
}

impl Target<'_> {
    /// Whether nothing is to be written.
    pub fn is_dry(self) -> bool {
        matches!(self, Target::Rehearsal(..))
    }
}

/// Reads tables with `read` on a thread of its own and hands in what it puts. `bytes` tells how many
/// there are to read, `done` how many were.
pub async fn feed(
    into: Target<'_>,
    mut report: Report,
    bytes: u64,
    done: Arc<AtomicU64>,
    progress: &mut Progress,
    read: impl FnOnce(&mut Feed) + Send + 'static,
) -> Result<Report, Fault> {
    let (out, mut groups) = mpsc::channel(AHEAD);
    let reader = tokio::task::spawn_blocking(move || {
        let mut feed = Feed { group: Vec::with_capacity(GROUP), out };
        read(&mut feed);
        // Where the other side has stopped there is nobody left to tell.
        let _ = feed.flush();
    });
    let (mut rows, mut ask) = (0, true);
    while let Some(mut group) = groups.recv().await {
        while ask && into.is_dry() && group.len() < ASKED {
            let Some(more) = groups.recv().await else { break };
            group.extend(more);
        }
        rows += take(into, &mut report, group, ask).await?;
        ask = false;
        progress.draw(done.load(Ordering::Relaxed), bytes, rows);
    }
    progress.end();
    if let Err(error) = reader.await {
        // A reader that panicked has not read everything: that must not look like success.
        std::panic::resume_unwind(error.into_panic());
    }
    Ok(report)
}

/// Hands a group in and notes what came of it; returns how many rows it was. In a dry run `ask` tells whether the
/// book is asked.
async fn take(into: Target<'_>, report: &mut Report, group: Vec<Item>, ask: bool) -> Result<u64, Fault> {
    let mut rows = 0;
    let (mut drafts, mut origins) = (Vec::with_capacity(group.len()), Vec::with_capacity(group.len()));
    for (file, made) in group {
        let Some(of_file) = report.files.get_mut(file) else { continue };
        match made {
            Made::Bad(lines, problems) => {
                rows += lines.len() as u64;
                of_file.rows += lines.len() as u64;
                of_file.refuse(&lines, problems);
            }
            Made::Unread(problem) => of_file.problem(problem),
            Made::Told(notes) => of_file.notes.extend(notes),
            Made::Draft(prepared) => {
                rows += prepared.rows();
                of_file.rows += prepared.rows();
                drafts.push(prepared.draft.clone());
                origins.push((file, prepared));
            }
        }
    }
    let answers = match into {
        Target::Rehearsal(ledger, brand, person) => run::rehearse(ledger, brand, person, drafts, ask).await?,
        Target::Ledger(ledger, brand, person) | Target::Run(ledger, person, Run { brand, .. }) => {
            let answers = run::hand_in(ledger, brand, person, drafts).await?;
            answers.into_iter().map(|answer| answer.map(Tried::Asked)).collect::<Vec<_>>()
        }
    };
    let run = match into {
        Target::Run(ledger, _, run) => Some((ledger, run)),
        _ => None,
    };
    let mut entries = Vec::new();
    for ((file, prepared), answer) in origins.into_iter().zip(answers) {
        let Some(of_file) = report.files.get_mut(file) else { continue };
        match answer {
            Ok(Tried::Unasked) => of_file.unasked += prepared.rows(),
            Ok(Tried::Stands) => of_file.already += prepared.rows(),
            Ok(Tried::Asked(receipt))
                if receipt.already && !run.is_some_and(|(_, run)| run.wrote(&receipt)) =>
            {
                of_file.already += prepared.rows();
            }
            Ok(Tried::Asked(receipt)) if into.is_dry() => {
                of_file.discrepancies += receipt.discrepancies.len() as u64;
            }
            Ok(Tried::Asked(receipt)) => {
                entries.push(receipt.seq);
                of_file.written += prepared.rows();
                of_file.entries += 1;
                of_file.discrepancies += receipt.discrepancies.len() as u64;
            }
            // The id is made from the rows, so the same id with another content can only differ in the
            // time of the import, which stands in for a time that the rows do not tell.
            Err(refusal) if refusal.reason == "id_in_use" && !prepared.dated => {
                of_file.already += prepared.rows();
            }
            Err(refusal) => refused(of_file, &prepared, refusal),
        }
    }
    if let Some((ledger, run)) = run {
        let total = report.total();
        let counts =
            RowCounts { rows: total.rows, new: total.written, already: total.already, bad: total.refused };
        run.came(ledger, counts, &entries).await?;
    }
    Ok(rows)
}

fn refused(file: &mut FileReport, prepared: &Prepared, refusal: Refusal) {
    file.refuse(&prepared.lines, vec![problem(prepared, refusal)]);
}

/// A refusal, with the cell that it is about.
pub(super) fn problem(prepared: &Prepared, refusal: Refusal) -> Problem {
    let cell = refusal.field.as_deref().and_then(|path| prepared.cell(path));
    let (line, column) = match cell {
        Some(cell) => (cell.line, Some(&*cell.column)),
        None => (prepared.lines.first().copied().unwrap_or_default(), None),
    };
    let mut problem = Problem::of_row(line, column, &refusal.reason, refusal.said);
    problem.cell = cell.and_then(|cell| cell.cell.clone());
    if refusal.candidates.len() > 1 {
        let subjects: Vec<String> = refusal.candidates.iter().map(Subject::to_string).collect();
        let hint = WRITE_ONE.with(&[("subjects", &subjects.join(", "))]);
        problem.said = Said { en: problem.said.en + " " + &hint.en, zh: problem.said.zh + &hint.zh };
    }
    problem
}
