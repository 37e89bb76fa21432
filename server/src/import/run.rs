//! An import that is kept: which entries it wrote, so that the whole of it can be taken back, and what was
//! taken back so that it can be imported again.

use super::made::draft_id;
use domain::{
    event::{self, CORRECTION, EventDraft, Evidence},
    import::{Outcome, RowCounts},
    person::Person,
    refusal::Refusal,
    time::{Time, Zone},
    view::Receipt,
};
use ledger::{BrandId, Fault, Ledger};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// An import that is kept.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// Whose book.
    pub brand: BrandId,
    /// Its id.
    pub id: &'a str,
    /// How long the book was before it. What is there already and yet came later came from this import,
    /// before it was broken off.
    pub size_before: u64,
}

impl Run<'_> {
    /// Whether an entry came from this import.
    pub(super) fn wrote(&self, receipt: &Receipt) -> bool {
        !receipt.already || receipt.seq > self.size_before
    }

    /// Keeps how far it has come.
    pub(super) async fn came(
        &self,
        ledger: &Ledger,
        counts: RowCounts,
        entries: &[u64],
    ) -> Result<(), Fault> {
        ledger.import_came(self.brand, self.id, counts, entries).await
    }
}

/// The most times that one row was imported and taken back.
const MOST_TIMES: usize = 100;

/// The id of a draft whose entry was taken back with its import, by the entry that did it.
fn again(brand: BrandId, id: Uuid, by: u64) -> Uuid {
    draft_id(brand, "again", &[("id", &id.to_string()), ("by", &by.to_string())])
}

/// Under which id each draft is written, and whether it stands in the book under it: what was written and taken
/// back with its import is written once more, as a new entry; what somebody corrected by itself stays as it is.
async fn settled(ledger: &Ledger, brand: BrandId, ids: &[Uuid]) -> Result<Vec<(Uuid, bool)>, Fault> {
    let mut settled: Vec<(Uuid, bool)> = ids.iter().map(|id| (*id, false)).collect();
    let mut open: Vec<usize> = (0..ids.len()).collect();
    for _ in 0..MOST_TIMES {
        if open.is_empty() {
            break;
        }
        let now: Vec<Uuid> = open.iter().map(|i| settled[*i].0).collect();
        let written = ledger.written(brand, &now).await?;
        let seqs: Vec<u64> = written.values().copied().collect();
        let gone = ledger.taken_back(brand, &seqs).await?;
        open.retain(|i| {
            let (id, stands) = &mut settled[*i];
            let by = written.get(id).map(|seq| gone.get(seq));
            match by {
                Some(Some(by)) => *id = again(brand, *id, *by),
                Some(None) => *stands = true,
                None => {}
            }
            matches!(by, Some(Some(_)))
        });
    }
    Ok(settled)
}

/// The same for drafts, which get these ids; tells which of them stand.
async fn settle(ledger: &Ledger, brand: BrandId, drafts: &mut [EventDraft]) -> Result<Vec<bool>, Fault> {
    let ids: Vec<Uuid> = drafts.iter().map(|draft| draft.id).collect();
    let settled = settled(ledger, brand, &ids).await?;
    let with = drafts.iter_mut().zip(settled);
    Ok(with
        .map(|(draft, (id, stands))| {
            draft.id = id;
            stands
        })
        .collect())
}

/// Hands drafts in.
pub(super) async fn hand_in(
    ledger: &Ledger,
    brand: BrandId,
    person: &Person,
    mut drafts: Vec<EventDraft>,
) -> Result<Vec<Result<Receipt, Refusal>>, Fault> {
    settle(ledger, brand, &mut drafts).await?;
    ledger.capture(brand, person, drafts).await
}

/// What a dry run tells of a draft that nothing is wrong with.
#[derive(Debug)]
pub(super) enum Tried {
    /// The book was asked.
    Asked(Receipt),
    /// It stands in the book.
    Stands,
    /// It is well-formed, and the book was not asked.
    Unasked,
}

/// So long at most others wait for their receipts while the book is asked.
const PATIENCE: Duration = Duration::from_secs(1);

/// What would come of drafts, where `ask` says so by what the book answers; those it has no time for, and all
/// where it is not asked, are told by what they say themselves.
pub(super) async fn rehearse(
    ledger: &Ledger,
    brand: BrandId,
    person: &Person,
    mut drafts: Vec<EventDraft>,
    ask: bool,
) -> Result<Vec<Result<Tried, Refusal>>, Fault> {
    let stands = settle(ledger, brand, &mut drafts).await?;
    let said = match ask {
        true => ledger.rehearse(brand, person, drafts.clone(), PATIENCE).await?,
        false => vec![],
    };
    let mut tried: Vec<_> = said.into_iter().map(|answer| answer.map(Tried::Asked)).collect();
    let rest = drafts.iter().zip(stands).skip(tried.len());
    tried.extend(rest.map(|(draft, stands)| match stands {
        true => Ok(Tried::Stands),
        false => event::references(draft).map(|_| Tried::Unasked),
    }));
    Ok(tried)
}

/// Which of these drafts stand in the book: written, and not taken back with their import.
///
/// # Errors
/// When storage fails.
pub async fn standing(ledger: &Ledger, brand: BrandId, ids: &[Uuid]) -> Result<Vec<Uuid>, Fault> {
    let settled = settled(ledger, brand, ids).await?;
    Ok(ids.iter().zip(settled).filter(|(_, (_, stands))| *stands).map(|(id, _)| *id).collect())
}

/// Entries that could not be taken back are told up to this many.
const LEFT_TOLD: usize = 200;

/// Takes an import back: each entry of it that still counts is declared wrong, the newest first.
///
/// # Errors
/// When storage fails; what was taken back until then stays so, and doing it again goes on.
pub async fn take_back(
    ledger: &Ledger,
    run: Run<'_>,
    file: &str,
    person: &Person,
    now: Time,
) -> Result<Outcome, Fault> {
    let Run { brand, id, .. } = run;
    let mut outcome = Outcome::default();
    let mut before = u64::MAX;
    loop {
        let seqs = ledger.import_entries(brand, id, before).await?;
        let Some(last) = seqs.last().copied() else { return Ok(outcome) };
        before = last;
        let drafts: Vec<EventDraft> = seqs
            .iter()
            .map(|seq| EventDraft {
                id: draft_id(brand, "take back", &[("run", id), ("seq", &seq.to_string())]),
                kind: CORRECTION.into(),
                event_time: now,
                zone: Zone::UTC,
                place: None,
                evidence: Evidence::Declared,
                note: Some(file.to_string()),
                source: None,
                payload: json!({"entry": seq.to_string(), "reason": "incorrect_data"}),
            })
            .collect();
        let ids: Vec<Uuid> = drafts.iter().map(|draft| draft.id).collect();
        let answers = ledger.capture(brand, person, drafts).await?;
        // A correction from before this was broken off was of another time, and yet is ours.
        let done = ledger.written(brand, &ids).await?;
        let mut pairs = Vec::new();
        for ((seq, draft), answer) in seqs.iter().zip(&ids).zip(answers) {
            match (answer, done.get(draft)) {
                (Ok(receipt), _) => pairs.push((*seq, receipt.seq)),
                (Err(_), Some(by)) => pairs.push((*seq, *by)),
                (Err(refusal), None) => {
                    outcome.left_in_all += 1;
                    if outcome.left.len() < LEFT_TOLD {
                        outcome.left.push((*seq, refusal.said));
                    }
                }
            }
        }
        ledger.import_taken_back(brand, id, &pairs).await?;
    }
}
