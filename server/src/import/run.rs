//! An import that is kept: which entries it wrote, so that the whole of it can be taken back, and what was
//! taken back so that it can be imported again.

use super::made::draft_id;
use domain::{
    event::{CORRECTION, EventDraft, Evidence},
    import::{Outcome, RowCounts},
    person::Person,
    refusal::Refusal,
    time::{Time, Zone},
    view::Receipt,
};
use ledger::{BrandId, Fault, Ledger};
use serde_json::json;
use std::collections::{HashMap, HashSet};
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

/// Hands drafts in. What was written and taken back with its import is written once more, as a new entry;
/// what somebody corrected by itself stays as it is.
pub(super) async fn hand_in(
    ledger: &Ledger,
    brand: BrandId,
    person: &Person,
    mut drafts: Vec<EventDraft>,
) -> Result<Vec<Result<Receipt, Refusal>>, Fault> {
    let mut answers = ledger.capture(brand, person, drafts.clone()).await?;
    for _ in 0..MOST_TIMES {
        let mut there: Vec<(usize, u64)> = Vec::new();
        let in_use = |answer: &Result<Receipt, Refusal>| {
            answer.as_ref().is_err_and(|refusal| refusal.reason == "id_in_use")
        };
        // Where the rows tell no time, another import of them had another one.
        let undated: Vec<usize> = (0..drafts.len()).filter(|i| in_use(&answers[*i])).collect();
        let ids: Vec<Uuid> = undated.iter().map(|i| drafts[*i].id).collect();
        let written = if ids.is_empty() { HashMap::new() } else { ledger.written(brand, &ids).await? };
        there.extend(undated.iter().filter_map(|i| Some((*i, *written.get(&drafts[*i].id)?))));
        let already = answers.iter().enumerate().filter_map(|(i, answer)| {
            let receipt = answer.as_ref().ok().filter(|receipt| receipt.already)?;
            Some((i, receipt.seq))
        });
        there.extend(already);
        if there.is_empty() {
            break;
        }
        let seqs: Vec<u64> = there.iter().map(|(_, seq)| *seq).collect();
        let gone = ledger.taken_back(brand, &seqs).await?;
        let once_more: Vec<usize> = there
            .iter()
            .filter_map(|(i, seq)| {
                let by = gone.get(seq)?;
                drafts[*i].id = again(brand, drafts[*i].id, *by);
                Some(*i)
            })
            .collect();
        if once_more.is_empty() {
            break;
        }
        let those = once_more.iter().map(|i| drafts[*i].clone()).collect();
        for (i, answer) in once_more.into_iter().zip(ledger.capture(brand, person, those).await?) {
            answers[i] = answer;
        }
    }
    Ok(answers)
}

/// Which of these drafts stand in the book: written, and not taken back with their import.
///
/// # Errors
/// When storage fails.
pub async fn standing(ledger: &Ledger, brand: BrandId, ids: &[Uuid]) -> Result<Vec<Uuid>, Fault> {
    let mut standing = HashSet::new();
    let mut open: Vec<(Uuid, Uuid)> = ids.iter().map(|id| (*id, *id)).collect();
    for _ in 0..MOST_TIMES {
        if open.is_empty() {
            break;
        }
        let now: Vec<Uuid> = open.iter().map(|(_, id)| *id).collect();
        let written = ledger.written(brand, &now).await?;
        let seqs: Vec<u64> = written.values().copied().collect();
        let gone = ledger.taken_back(brand, &seqs).await?;
        let mut next = Vec::new();
        for (first, id) in open {
            match written.get(&id).map(|seq| gone.get(seq)) {
                Some(Some(by)) => next.push((first, again(brand, id, *by))),
                Some(None) => drop(standing.insert(first)),
                None => {}
            }
        }
        open = next;
    }
    Ok(standing.into_iter().collect())
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
