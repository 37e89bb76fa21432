//! Subjects and their ids: the writer's dictionary.

use crate::{
    db::{Tx, Value, values},
    fault::Fault,
    words::{kind_number, kind_word},
};
use domain::subject::{Subject, SubjectKind};
use std::collections::{HashMap, HashSet};

/// The ids of subjects by kind and key.
pub(crate) const IDS: &str = "select id, key from subject where brand = $1 and kind = $2 and key in ({list})";
/// The subjects of ids.
pub(crate) const SUBJECTS: &str = "select id, kind, key from subject where brand = $1 and id in ({list})";
/// New subjects.
pub(crate) const INSERT: &str = "insert into subject (brand, id, kind, key) values {rows}";

/// More subjects than this are not kept in memory from one transaction to the next.
const MOST: usize = 200_000;

/// What is known of the ids of one brand. An id never changes its subject, so what was read once may be
/// kept; that a subject has none yet is asked again each time.
#[derive(Default)]
pub(crate) struct Dictionary {
    ids: HashMap<Subject, i64>,
    subjects: HashMap<i64, Subject>,
    /// Looked for in this transaction, and not in the book.
    absent: HashSet<Subject>,
    fresh: Vec<i64>,
    first_fresh: i64,
    /// The id that the next new subject gets.
    pub(crate) next: i64,
}

impl Dictionary {
    /// Begins a transaction in which new ids start at `next`.
    pub(crate) fn begin(&mut self, next: i64) {
        if self.ids.len() > MOST {
            *self = Dictionary::default();
        }
        (self.next, self.first_fresh) = (next, next);
        self.fresh.clear();
        self.absent.clear();
    }

    /// The id of a subject that was found or made.
    pub(crate) fn id(&self, subject: &Subject) -> Option<i64> {
        self.ids.get(subject).copied()
    }

    /// The subject of an id that was met.
    pub(crate) fn subject(&self, id: i64) -> Option<&Subject> {
        self.subjects.get(&id)
    }

    /// The id of a subject, a new one where it has none. The subject must have been looked for with
    /// [`find`](Self::find).
    pub(crate) fn id_or_new(&mut self, subject: &Subject) -> i64 {
        if let Some(id) = self.ids.get(subject) {
            return *id;
        }
        let id = self.next;
        self.next += 1;
        self.learn(id, subject.clone());
        self.fresh.push(id);
        id
    }

    /// True for a subject that is in no table but perhaps the dictionary yet.
    pub(crate) fn is_fresh(&self, id: i64) -> bool {
        id >= self.first_fresh
    }

    /// Tells that what was said of all subjects so far has been written.
    pub(crate) fn all_told(&mut self) {
        self.first_fresh = self.next;
    }

    /// Looks for subjects; those that are not in the book have no id afterwards.
    pub(crate) async fn find(
        &mut self,
        tx: &mut Tx,
        brand: i64,
        subjects: impl IntoIterator<Item = &Subject>,
    ) -> Result<(), Fault> {
        let mut by_kind: HashMap<SubjectKind, Vec<Value>> = HashMap::new();
        for subject in subjects {
            if !self.ids.contains_key(subject) && self.absent.insert(subject.clone()) {
                by_kind.entry(subject.kind).or_default().push(Value::from(&subject.key));
            }
        }
        for (kind, keys) in by_kind {
            for row in tx.rows_in(IDS, &values![brand, kind_number(kind)], &keys).await? {
                self.learn(row.int(0)?, Subject::new(kind, row.text(1)?));
            }
        }
        Ok(())
    }

    /// Learns the subjects of ids.
    pub(crate) async fn tell(
        &mut self,
        tx: &mut Tx,
        brand: i64,
        ids: impl IntoIterator<Item = i64>,
    ) -> Result<(), Fault> {
        let mut unknown: Vec<i64> = ids.into_iter().filter(|id| !self.subjects.contains_key(id)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        let unknown: Vec<Value> = unknown.into_iter().map(Value::from).collect();
        for row in tx.rows_in(SUBJECTS, &values![brand], &unknown).await? {
            self.learn(row.int(0)?, Subject::new(kind_word(row.int(1)?)?, row.text(2)?));
        }
        Ok(())
    }

    /// Writes the new subjects.
    pub(crate) async fn flush(&mut self, tx: &mut Tx, brand: i64) -> Result<(), Fault> {
        let rows: Vec<Vec<Value>> = self
            .fresh
            .drain(..)
            .filter_map(|id| self.subjects.get(&id).map(|s| (id, s)))
            .map(|(id, s)| values![brand, id, kind_number(s.kind), &s.key].to_vec())
            .collect();
        tx.execute_many(INSERT, 4, &rows).await
    }

    fn learn(&mut self, id: i64, subject: Subject) {
        self.ids.insert(subject.clone(), id);
        self.subjects.insert(id, subject);
    }
}
