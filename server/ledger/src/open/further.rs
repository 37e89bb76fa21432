//! What has to be open besides the names and states that drafts speak of: short marks, records, dossiers.

use super::states;
use crate::{
    db::{Row, Tx, Value, values},
    dictionary::Dictionary,
    dossier::{self, Depth, Eye, Gathering},
    fault::Fault,
};
use domain::{
    book::Known,
    code::CodeKey,
    event::{self, EventDraft},
    record::Facts,
    subject::{Subject, SubjectKind},
};
use std::collections::{BTreeSet, HashSet};

/// Whether there is any short mark.
pub(crate) const ANY_ALIAS: &str = "select subject from fact where brand = $1 and until is null \
    and record >= 'alias:' and record < 'alias;' limit 1";
/// What short marks stand for, and from when to when.
pub(crate) const ALIASES: &str = "select r.key, r.subject, f.facts from refer r \
    join fact f on f.brand = r.brand and f.subject = r.subject and f.record = 'alias:' || r.key and f.until is null \
    where r.brand = $1 and r.until is null and r.field in ({list})";

/// Opens what drafts need besides, as far as the book tells: the records that their subjects lead to, and the
/// dossiers of what is judged. Asked again until nothing new comes of it: a code leads to a carton, that to a
/// batch, and that to its trace plan.
pub(crate) async fn open_further(
    tx: &mut Tx,
    dictionary: &mut Dictionary,
    brand: i64,
    drafts: &[&EventDraft],
    known: &mut Known,
) -> Result<(), Fault> {
    let mut judged: BTreeSet<Subject> = BTreeSet::new();
    loop {
        let mut unread: BTreeSet<Subject> = BTreeSet::new();
        for draft in drafts {
            known.turn_to(draft.event_time.date(draft.zone));
            let needs = event::needs(draft, known);
            unread.extend(needs.records.into_iter().filter(|subject| !known.has_records(subject)));
            judged.extend(needs.dossiers);
        }
        if unread.is_empty() {
            break;
        }
        dictionary.find(tx, brand, &unread).await?;
        let ids: BTreeSet<i64> = unread.iter().filter_map(|subject| dictionary.id(subject)).collect();
        let list: Vec<i64> = ids.iter().copied().collect();
        let mut records = Gathering::begin(Eye::Tx(tx), brand).records(&list).await?;
        // A plan or a batch that no draft names by itself is as much in the book as those that one does.
        let new: BTreeSet<i64> = ids
            .iter()
            .copied()
            .filter(|id| dictionary.subject(*id).is_some_and(|s| known.state(s).is_none()))
            .collect();
        for (id, state) in states(tx, dictionary, brand, new).await? {
            if let Some(subject) = dictionary.subject(id)
                && known.state(subject).is_none()
            {
                known.learn_state(subject.clone(), state);
            }
        }
        for subject in unread {
            let of_subject = dictionary.id(&subject).and_then(|id| records.remove(&id));
            known.learn_records(subject, of_subject.unwrap_or_default());
        }
    }
    judge(tx, dictionary, brand, judged, known).await
}

/// Gathers what is judged.
async fn judge(
    tx: &mut Tx,
    dictionary: &mut Dictionary,
    brand: i64,
    judged: BTreeSet<Subject>,
    known: &mut Known,
) -> Result<(), Fault> {
    dictionary.find(tx, brand, &judged).await?;
    let mut gathering = Gathering::begin(Eye::Tx(tx), brand);
    let mut batches = vec![];
    for subject in judged {
        let Some(id) = dictionary.id(&subject) else { continue };
        match subject.kind {
            SubjectKind::Batch => batches.push(id),
            _ => {
                if let Some(loaded) = dossier::loaded(&mut gathering, id).await? {
                    known.learn_loaded(loaded);
                }
            }
        }
    }
    for (_, dossier) in gathering.dossiers(&batches, Depth::Judgment).await? {
        known.learn_dossier(dossier);
    }
    Ok(())
}

/// A short mark, for what it stands, from which day and to which.
pub(crate) type Marked = (CodeKey, i64, String, String);

/// What short marks stand for. Most books have none: then nothing more is asked.
pub(super) async fn aliases(tx: &mut Tx, brand: i64, keys: &HashSet<CodeKey>) -> Result<Vec<Marked>, Fault> {
    if keys.is_empty() || tx.rows(ANY_ALIAS, &values![brand]).await?.is_empty() {
        return Ok(vec![]);
    }
    let fields: Vec<Value> = keys.iter().map(|key| Value::from(format!("mark:{key}"))).collect();
    tx.rows_in(ALIASES, &values![brand], &fields).await?.iter().map(alias).collect()
}

/// A row of [`ALIASES`].
pub(crate) fn alias(row: &Row) -> Result<Marked, Fault> {
    let mut facts: Facts = serde_json::from_str(&row.text(2)?).map_err(Fault::damaged)?;
    let mut day = |name: &str| facts.remove(name).unwrap_or_default();
    Ok((CodeKey::text(&row.text(0)?), row.int(1)?, day("valid_from"), day("valid_to")))
}
