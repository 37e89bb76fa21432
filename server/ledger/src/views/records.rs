//! The records of a subject, fact by fact, gaps included (C01).

use super::{
    Reading,
    sources::{may_read, may_read_record},
    titles::{FiledBy, choice, field_kind},
};
use crate::{Fault, Ledger, Reader};
use domain::{
    field::Field,
    record::{Facts, RECORDS, RecordKind, kind_of_slot},
    subject::{Subject, SubjectKind},
    text::Said,
    view::{EntryRef, Fact, Record},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What subjects are called, by kind and key.
pub(crate) type Called = HashMap<(SubjectKind, String), String>;

impl Ledger {
    /// The facts of one record of a subject, by its slot; none for who may not read records, and without those
    /// that the role may not read.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn facts(&self, reader: &Reader, subject: &Subject, slot: &str) -> Result<Facts, Fault> {
        let mut reading = Reading::begin(self, reader);
        let Some(id) = reading.page_id(subject.kind, &subject.key).await? else { return Ok(Facts::new()) };
        let filed = reading.filed(&[id]).await?;
        let mine = filed.get(&id).and_then(|records| records.iter().find(|f| f.record == slot));
        let facts = mine.map(|f| f.facts.clone()).unwrap_or_default();
        Ok(facts.into_iter().filter(|(name, _)| may_read(reader.role, name)).collect())
    }
}

impl Reading<'_> {
    /// Every record of a subject: those that are filed, and those that are expected, with their gaps.
    pub(crate) async fn records(&mut self, id: i64) -> Result<Vec<Record>, Fault> {
        let Some(kind) = self.subject(id).map(|s| s.kind) else { return Ok(vec![]) };
        let filed = self.filed(&[id]).await?;
        let called = self.facts_called(&filed).await?;
        let mine = filed.get(&id).map(|records| &records[..]).unwrap_or_default();
        let cited = self.cite(mine.iter().map(|f| f.since)).await?;
        let mut records = Vec::new();
        for record in RECORDS.iter().filter(|r| r.of.contains(&kind) && may_read_record(self.role, r.name)) {
            let of_kind = |slot: &str| kind_of_slot(slot).is_some_and(|kind| kind.name == record.name);
            let mut some = mine.iter().filter(|f| of_kind(&f.record)).peekable();
            if some.peek().is_none() && record.expected {
                records.push(self.record(record, &BTreeMap::new(), &called, None));
            }
            for one in some {
                let entry: Option<EntryRef> = cited.get(&one.since).cloned();
                records.push(self.record(record, &one.facts, &called, entry));
            }
        }
        Ok(records)
    }

    fn record(
        &self,
        record: &RecordKind,
        facts: &BTreeMap<String, String>,
        called: &Called,
        entry: Option<EntryRef>,
    ) -> Record {
        let facts = record
            .fields
            .iter()
            .filter(|f| may_read(self.role, f.name))
            .map(|f| shown(record.name, f, facts.get(f.name).map(String::as_str), called))
            .collect();
        Record { kind: record.name.into(), title: record.title.said(), facts, entry }
    }

    /// What the subjects are called that facts stand for.
    pub(crate) async fn facts_called(&mut self, filed: &FiledBy) -> Result<Called, Fault> {
        let mut keys: BTreeMap<SubjectKind, BTreeSet<&str>> = BTreeMap::new();
        for one in filed.values().flat_map(|records| records.iter()) {
            for (name, value) in &one.facts {
                if let Some(kind) = field_kind(&one.record, name) {
                    keys.entry(kind).or_default().insert(value);
                }
            }
        }
        let mut called = Called::new();
        for (kind, keys) in keys {
            for (_, key, name) in self.called(kind, keys.into_iter()).await? {
                called.insert((kind, key), name);
            }
        }
        Ok(called)
    }
}

/// A fact as shown: a choice by its words, a subject by what it is called, the rest as it stands.
pub(crate) fn shown(record: &str, field: &Field, value: Option<&str>, called: &Called) -> Fact {
    let value = value.filter(|v| !v.trim().is_empty());
    let stands_for = field_kind(record, field.name).zip(value).filter(|_| value.is_some());
    let name = stands_for.and_then(|(kind, key)| called.get(&(kind, key.to_string())));
    Fact {
        name: field.name.into(),
        label: field.label.said(),
        value: value.map(|v| {
            choice(record, field.name, v).unwrap_or_else(|| Said::same(name.map_or(v, String::as_str)))
        }),
        // One that is not in the book has no page to lead to.
        subject: name.and(stands_for).map(|(kind, key)| Subject::new(kind, key)),
        required: field.required,
    }
}
