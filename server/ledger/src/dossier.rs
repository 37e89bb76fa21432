//! Gathering dossiers: everything a judgment about batches rests on, for many batches at once.
//!
//! The same statements serve a page (through a [`Look`]) and the writer, who decides (through a [`Tx`]): so the
//! gate that a person saw and the gate that holds the shipment are one.

pub(crate) mod loaded;
pub(crate) mod parts;

pub(crate) use loaded::loaded;

use crate::{
    db::{Row, Tx, Value, look::Look, values},
    dictionary,
    fault::Fault,
    words::{kind_number, kind_word},
};
use domain::{
    dossier::Dossier,
    plan,
    record::Records,
    subject::{Subject, SubjectKind},
    time::Time,
};
use std::collections::{BTreeSet, HashMap};

/// Through what the book is read.
pub(crate) enum Eye<'a> {
    /// A page's look.
    Look(&'a Look),
    /// The writer's transaction.
    Tx(&'a mut Tx),
}

/// How much of a dossier is gathered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Depth {
    /// What completeness rests on.
    Completeness,
    /// Everything.
    Judgment,
}

/// One gathering in the book of a brand.
pub(crate) struct Gathering<'a> {
    eye: Eye<'a>,
    brand: i64,
    subjects: HashMap<i64, Subject>,
    ids: HashMap<Subject, i64>,
}

impl<'a> Gathering<'a> {
    /// Begins a gathering.
    pub(crate) fn begin(eye: Eye<'a>, brand: i64) -> Gathering<'a> {
        Gathering { eye, brand, subjects: HashMap::new(), ids: HashMap::new() }
    }

    /// The rows of a statement over a list of ids or texts; its first value is the brand.
    async fn rows_in(&mut self, sql: &str, more: &[Value], list: &[Value]) -> Result<Vec<Row>, Fault> {
        let mut fixed = Vec::with_capacity(more.len() + 1);
        fixed.push(Value::from(self.brand));
        fixed.extend_from_slice(more);
        match &mut self.eye {
            Eye::Look(look) => look.rows_in(sql, &fixed, list, true).await,
            Eye::Tx(tx) => tx.rows_in(sql, &fixed, list).await,
        }
    }

    /// The rows of a statement; its first value is the brand.
    async fn rows(&mut self, sql: &str, more: &[Value]) -> Result<Vec<Row>, Fault> {
        let mut values = Vec::with_capacity(more.len() + 1);
        values.push(Value::from(self.brand));
        values.extend_from_slice(more);
        match &mut self.eye {
            Eye::Look(look) => look.rows_apart(sql, &values).await,
            Eye::Tx(tx) => tx.rows(sql, &values).await,
        }
    }

    /// Learns the subjects of ids.
    async fn learn(&mut self, ids: impl IntoIterator<Item = i64>) -> Result<(), Fault> {
        let unknown: BTreeSet<i64> = ids.into_iter().filter(|id| !self.subjects.contains_key(id)).collect();
        let unknown: Vec<Value> = unknown.into_iter().map(Value::from).collect();
        for row in self.rows_in(dictionary::SUBJECTS, &[], &unknown).await? {
            let (id, subject) = (row.int(0)?, Subject::new(kind_word(row.int(1)?)?, row.text(2)?));
            self.ids.insert(subject.clone(), id);
            self.subjects.insert(id, subject);
        }
        Ok(())
    }

    /// The ids of subjects; one that is not in the book has none.
    pub(crate) async fn find(&mut self, subjects: &[Subject]) -> Result<Vec<i64>, Fault> {
        for kind in SubjectKind::ALL {
            let unknown = subjects.iter().filter(|s| s.kind == kind && !self.ids.contains_key(*s));
            let keys: BTreeSet<&str> = unknown.map(|s| s.key.as_str()).collect();
            let keys: Vec<Value> = keys.into_iter().map(Value::from).collect();
            for row in self.rows_in(dictionary::IDS, &values![kind_number(kind)], &keys).await? {
                let (id, subject) = (row.int(0)?, Subject::new(kind, row.text(1)?));
                self.ids.insert(subject.clone(), id);
                self.subjects.insert(id, subject);
            }
        }
        Ok(subjects.iter().filter_map(|s| self.ids.get(s).copied()).collect())
    }

    fn subject(&self, id: i64) -> Option<&Subject> {
        self.subjects.get(&id)
    }

    fn is(&self, id: i64, kind: SubjectKind) -> bool {
        self.subject(id).is_some_and(|s| s.kind == kind)
    }

    /// The dossiers of batches, in the order of the ids; what is no batch has none.
    pub(crate) async fn dossiers(&mut self, ids: &[i64], depth: Depth) -> Result<Vec<(i64, Dossier)>, Fault> {
        self.learn(ids.iter().copied()).await?;
        let ids: Vec<i64> = ids.iter().copied().filter(|id| self.is(*id, SubjectKind::Batch)).collect();
        let mut dossiers: HashMap<i64, Dossier> = HashMap::new();
        for id in &ids {
            if let Some(batch) = self.subject(*id) {
                dossiers.insert(*id, Dossier::new(batch.clone(), Time(0)));
            }
        }
        self.joined(&ids, &mut dossiers).await?;
        self.states(&ids, &mut dossiers).await?;
        self.went_in(&ids, &mut dossiers).await?;
        self.samples(&ids, &mut dossiers).await?;
        let directly = self.cartons(&ids, &mut dossiers).await?;
        self.shipments(&ids, directly, &mut dossiers).await?;
        self.plans(&mut dossiers).await?;
        if depth == Depth::Judgment {
            self.inspected(&mut dossiers).await?;
            self.certificates(&mut dossiers).await?;
            self.before(&mut dossiers).await?;
        }
        Ok(ids.into_iter().filter_map(|id| Some((id, dossiers.remove(&id)?))).collect())
    }

    /// The plans of their trade items at their factories.
    async fn plans(&mut self, dossiers: &mut HashMap<i64, Dossier>) -> Result<(), Fault> {
        let plan_of = |dossier: &Dossier| {
            let said = |name: &str| dossier.fact("run_sheet", name);
            Some(Subject::trace_plan(said("trade_item")?, said("factory")?))
        };
        let asked: BTreeSet<Subject> = dossiers.values().filter_map(plan_of).collect();
        let asked: Vec<Subject> = asked.into_iter().collect();
        let ids = self.find(&asked).await?;
        let records = self.records(&ids).await?;
        for dossier in dossiers.values_mut() {
            let id = plan_of(dossier).and_then(|plan| self.ids.get(&plan).copied());
            if let Some(records) = id.and_then(|id| records.get(&id)) {
                dossier.plans = plan::revisions(records);
            }
        }
        Ok(())
    }

    /// The certificates of their trade items, beside those filed under the batches themselves.
    async fn certificates(&mut self, dossiers: &mut HashMap<i64, Dossier>) -> Result<(), Fault> {
        let item_of = |dossier: &Dossier| dossier.fact("run_sheet", "trade_item").map(Subject::trade_item);
        let asked: BTreeSet<Subject> = dossiers.values().filter_map(item_of).collect();
        let asked: Vec<Subject> = asked.into_iter().collect();
        let ids = self.find(&asked).await?;
        let records = self.records(&ids).await?;
        let none = Records::new();
        for dossier in dossiers.values_mut() {
            let id = item_of(dossier).and_then(|item| self.ids.get(&item).copied());
            let of_item = id.and_then(|id| records.get(&id)).unwrap_or(&none);
            let of_kind = domain::record::of_kind;
            let certificates =
                of_kind(of_item, "certificate").chain(of_kind(&dossier.records, "certificate"));
            dossier.certificates = certificates.map(|(_, filed)| filed.clone()).collect();
        }
        Ok(())
    }
}
