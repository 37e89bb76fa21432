//! What would become of drafts, without writing them: decided by the writer as all others are, each on the
//! book that those before it left, in a transaction that is rolled back.

use super::{Answer, Job, Message, group};
use crate::{BrandId, Fault, Ledger, db::Db, dictionary::Dictionary};
use domain::{event::EventDraft, person::Person, refusal::Refusal, view::Receipt};
use std::time::{Duration, Instant};

/// Drafts that are decided before the clock is looked at.
const TOGETHER: usize = 256;

impl Ledger {
    /// What [`capture`](Self::capture) would answer, while the book stays as it is. Drafts see those before
    /// them. Nobody else writes meanwhile, so it ends after about `patience`: what was not decided by then
    /// has no answer, and there are fewer answers than drafts. A receipt tells what an entry would raise; its
    /// number and hash are nobody's.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn rehearse(
        &self,
        brand: BrandId,
        person: &Person,
        drafts: Vec<EventDraft>,
        patience: Duration,
    ) -> Result<Vec<Result<Receipt, Refusal>>, Fault> {
        let _turn = self.door.rehearsing.acquire().await.map_err(|e| Fault::new(true, e))?;
        self.ask_writer(brand, person, drafts, None, |job| Message::Rehearse(job, patience)).await
    }
}

/// Decides what fits into the time, and rolls back.
pub(super) async fn rehearse(db: &Db, job: &Job, patience: Duration) -> Result<Answer, Fault> {
    let begun = Instant::now();
    let mut tx = db.begin_group().await?;
    // Ids that are given out in it have never been.
    let mut dictionary = Dictionary::default();
    let now = job.now.unwrap_or_else(super::now);
    let mut answers = Vec::with_capacity(job.drafts.len());
    for (drafts, places) in job.drafts.chunks(TOGETHER).zip(job.places.chunks(TOGETHER)) {
        let items = drafts.iter().zip(places);
        let items = items.map(|(draft, places)| group::Item { draft, places, person: &job.person, now });
        let mut group = group::Group::begin(&mut tx, &mut dictionary, job.brand, items.collect()).await?;
        group.write(&mut tx, &mut dictionary).await?;
        answers.extend(group.answers());
        if begun.elapsed() >= patience {
            break;
        }
    }
    tx.rollback().await?;
    Ok(answers)
}
