//! The readings: what pages and exports are shown.
//!
//! One file a view, with its SQL beside it. A [`Reading`] is one request's look into the book of one
//! brand, for one role: it remembers what it has met and, for the ready answers, what it rested on.

pub(crate) mod book;
pub(crate) mod bridges;
pub(crate) mod card;
pub(crate) mod find;
pub(crate) mod gate;
pub(crate) mod gone;
pub(crate) mod goods;
pub(crate) mod kept;
pub(crate) mod nearest;
pub(crate) mod pages;
pub(crate) mod plan;
pub(crate) mod public;
pub(crate) mod records;
pub(crate) mod resolve;
pub(crate) mod retention;
pub(crate) mod sources;
pub(crate) mod standing;
pub(crate) mod timeline;
pub(crate) mod titles;
pub(crate) mod trace;

use crate::{
    BrandId, Fault, Ledger, Reader,
    cache::Sources,
    db::{Row, Value, look::Look, values},
    dictionary,
    words::{kind_number, kind_word},
};
use domain::{
    event::Evidence,
    person::Role,
    subject::{Subject, SubjectKind},
    time::{Time, Zone},
    view::{EntryRef, Page, Titled},
};
use std::collections::{BTreeSet, HashMap};
use titles::FiledBy;

/// Entries by their numbers, as far as they are cited.
pub(crate) const CITED: &str = "select seq, kind, event_time, zone, evidence from entry \
    where brand = $1 and seq in ({list})";

/// Rows on one page of a list.
pub(crate) const PAGE: usize = 50;

/// One look into the book.
pub(crate) struct Reading<'l> {
    ledger: &'l Ledger,
    pub(crate) brand: i64,
    pub(crate) role: Role,
    sources: Sources,
    look: Look,
    subjects: HashMap<i64, Subject>,
    ids: HashMap<Subject, i64>,
    titles: HashMap<i64, Titled>,
    filed: FiledBy,
    /// True where the answer rests on a day as well, and may be another tomorrow.
    pub(crate) passing: bool,
}

impl<'l> Reading<'l> {
    /// Begins a reading.
    pub(crate) fn begin(ledger: &'l Ledger, reader: &Reader) -> Reading<'l> {
        Reading {
            ledger,
            brand: reader.brand.0,
            role: reader.role,
            // First what is committed, then the look: a commit between the two makes the answer stale, never
            // the other way round.
            sources: ledger.answers.begin(),
            look: ledger.db.look(),
            subjects: HashMap::new(),
            ids: HashMap::new(),
            titles: HashMap::new(),
            filed: FiledBy::new(),
            passing: false,
        }
    }

    /// What the reading rested on.
    pub(crate) fn into_sources(self) -> Sources {
        self.sources
    }

    /// Notes that a subject was looked at.
    pub(crate) fn rests_on(&mut self, id: i64) {
        self.ledger.answers.rests_on(&mut self.sources, BrandId(self.brand), id);
    }

    /// Notes that a code was looked up.
    pub(crate) fn rests_on_key(&mut self, key: &str) {
        self.ledger.answers.rests_on_key(&mut self.sources, BrandId(self.brand), key);
    }

    /// Rows of a statement whose first value is the brand.
    pub(crate) async fn rows(&self, sql: &str, more: &[Value]) -> Result<Vec<Row>, Fault> {
        self.look.rows(sql, &self.with_brand(more)).await
    }

    /// As [`rows`](Self::rows), where that may take long.
    pub(crate) async fn rows_apart(&self, sql: &str, more: &[Value]) -> Result<Vec<Row>, Fault> {
        self.look.rows_apart(sql, &self.with_brand(more)).await
    }

    /// Rows of a statement over a list of ids.
    pub(crate) async fn rows_in(&self, sql: &str, more: &[Value], ids: &[i64]) -> Result<Vec<Row>, Fault> {
        self.look.rows_in(sql, &self.with_brand(more), &list(ids), false).await
    }

    /// As [`rows_in`](Self::rows_in), where that may take long.
    pub(crate) async fn rows_in_apart(
        &self,
        sql: &str,
        more: &[Value],
        ids: &[i64],
    ) -> Result<Vec<Row>, Fault> {
        self.look.rows_in(sql, &self.with_brand(more), &list(ids), true).await
    }

    /// As [`rows_in_apart`](Self::rows_in_apart), for thousands of rows of whole numbers.
    pub(crate) async fn numbers_in<const N: usize>(
        &self,
        sql: &str,
        ids: &[i64],
    ) -> Result<Vec<[Option<i64>; N]>, Fault> {
        self.look.numbers_in(sql, &[Value::from(self.brand)], &list(ids)).await
    }

    /// Rows of a statement over a list of any values.
    pub(crate) async fn rows_of(&self, sql: &str, more: &[Value], list: &[Value]) -> Result<Vec<Row>, Fault> {
        self.look.rows_in(sql, &self.with_brand(more), list, false).await
    }

    fn with_brand(&self, more: &[Value]) -> Vec<Value> {
        let mut values = Vec::with_capacity(more.len() + 1);
        values.push(Value::from(self.brand));
        values.extend_from_slice(more);
        values
    }

    /// The id of a subject.
    pub(crate) async fn id(&mut self, subject: &Subject) -> Result<Option<i64>, Fault> {
        self.learn_keys(subject.kind, &[subject.key.as_str()]).await?;
        Ok(self.ids.get(subject).copied())
    }

    /// The id of a subject of a kind, for a page about it. Nobody but who may read records gets one.
    pub(crate) async fn page_id(&mut self, kind: SubjectKind, key: &str) -> Result<Option<i64>, Fault> {
        if !self.role.reads_records() {
            return Ok(None);
        }
        self.id(&Subject::new(kind, key)).await
    }

    /// Learns the ids of keys.
    pub(crate) async fn learn_keys(&mut self, kind: SubjectKind, keys: &[&str]) -> Result<(), Fault> {
        let unknown: BTreeSet<&str> =
            keys.iter().copied().filter(|k| !self.ids.contains_key(&Subject::new(kind, *k))).collect();
        let unknown: Vec<Value> = unknown.into_iter().map(Value::from).collect();
        let fixed = values![kind_number(kind)];
        for row in self.rows_of(dictionary::IDS, &fixed, &unknown).await? {
            self.learn(row.int(0)?, Subject::new(kind, row.text(1)?));
        }
        Ok(())
    }

    /// Learns the subjects of ids.
    pub(crate) async fn learn_ids(&mut self, ids: impl IntoIterator<Item = i64>) -> Result<(), Fault> {
        let unknown: BTreeSet<i64> = ids.into_iter().filter(|id| !self.subjects.contains_key(id)).collect();
        let unknown: Vec<i64> = unknown.into_iter().collect();
        for row in self.rows_in(dictionary::SUBJECTS, &[], &unknown).await? {
            self.learn(row.int(0)?, Subject::new(kind_word(row.int(1)?)?, row.text(2)?));
        }
        Ok(())
    }

    fn learn(&mut self, id: i64, subject: Subject) {
        self.ids.insert(subject.clone(), id);
        self.subjects.insert(id, subject);
    }

    /// A subject that was learnt.
    pub(crate) fn subject(&self, id: i64) -> Option<&Subject> {
        self.subjects.get(&id)
    }

    /// The id of a subject that was learnt.
    pub(crate) fn known_id(&self, subject: &Subject) -> Option<i64> {
        self.ids.get(subject).copied()
    }

    /// True for a subject of a kind that was learnt.
    pub(crate) fn is(&self, id: i64, kind: SubjectKind) -> bool {
        self.subject(id).is_some_and(|s| s.kind == kind)
    }

    /// Entries to cite.
    pub(crate) async fn cite(
        &self,
        seqs: impl IntoIterator<Item = u64>,
    ) -> Result<HashMap<u64, EntryRef>, Fault> {
        let seqs: BTreeSet<i64> = seqs.into_iter().filter_map(|s| i64::try_from(s).ok()).collect();
        let seqs: Vec<i64> = seqs.into_iter().collect();
        let mut cited = HashMap::new();
        for row in self.rows_in(CITED, &[], &seqs).await? {
            let entry = entry_ref(&row)?;
            cited.insert(entry.seq, entry);
        }
        Ok(cited)
    }
}

fn list(ids: &[i64]) -> Vec<Value> {
    ids.iter().map(|id| Value::from(*id)).collect()
}

/// An entry as cited, from its first five columns.
pub(crate) fn entry_ref(row: &Row) -> Result<EntryRef, Fault> {
    Ok(EntryRef {
        seq: row.count(0)?,
        kind: row.text(1)?,
        event_time: Time(row.int(2)?),
        zone: Zone(i16::try_from(row.int(3)?).map_err(Fault::damaged)?),
        evidence: serde_json::from_value::<Evidence>(row.text(4)?.into()).map_err(Fault::damaged)?,
    })
}

/// Cuts a page out of rows of which one more than a page was read.
pub(crate) fn page<T>(mut rows: Vec<T>, total: u64, cursor: impl Fn(&T) -> String) -> Page<T> {
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(cursor);
    Page { rows, total, next }
}

/// A number in a cursor; one that is none begins at the beginning.
pub(crate) fn cursor(after: Option<&str>) -> Option<i64> {
    after.and_then(|text| text.parse().ok()).filter(|n| *n >= 0)
}
