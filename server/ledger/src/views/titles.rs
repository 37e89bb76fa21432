//! What subjects are called, many at once: a batch by its lot code, a carton by its code, a trade item
//! by its name.

use super::Reading;
use crate::{Fault, Ledger, Reader, db::Value, db::values, words::kind_number};
use domain::{
    field::Input,
    record::kind_of_slot,
    seal::Sealed,
    subject::{Level, Subject, SubjectKind},
    text::{Said, Text, text},
    view::Titled,
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// The records that hold for subjects.
pub(crate) const FACTS: &str = "select subject, record, since, facts from fact \
    where brand = $1 and until is null and subject in ({list})";
/// Codes on subjects.
pub(crate) const CODES: &str = "select subject, key, level, until, since from name \
    where brand = $1 and (until is null or until > 0) and subject in ({list})";
/// The names of trade items, places and others by their keys.
pub(crate) const CALLED: &str = "select s.id, s.key, f.facts from subject s \
    left join fact f on f.brand = s.brand and f.subject = s.id and f.record = $3 and f.until is null \
    where s.brand = $1 and s.kind = $2 and s.key in ({list})";

const CARTON: Text = text("Carton", "外箱");
const PALLET: Text = text("Pallet", "托盘");
const UNIT: Text = text("Logistic unit", "物流单元");
const AND: Text = text("{one} · {two}", "{one} · {two}");

/// A record of a subject as it holds.
#[derive(Clone, Debug)]
pub(crate) struct Filed {
    pub(crate) record: String,
    pub(crate) since: u64,
    pub(crate) facts: BTreeMap<String, String>,
}

/// A subject's records, by its id.
pub(crate) type FiledBy = HashMap<i64, Arc<[Filed]>>;

/// A fact of a record kind among a subject's records.
pub(crate) fn fact<'f>(filed: &'f FiledBy, id: i64, record: &str, name: &str) -> Option<&'f str> {
    let record = filed.get(&id)?.iter().find(|f| f.record == record)?;
    record.facts.get(name).map(String::as_str).filter(|v| !v.trim().is_empty())
}

impl Ledger {
    /// Subjects with the words they are called by, in the order given; one that is not in the book is
    /// called by its key.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn titled(&self, reader: &Reader, subjects: &[Subject]) -> Result<Vec<Titled>, Fault> {
        let mut reading = Reading::begin(self, reader);
        if !reader.role.reads_records() {
            return Ok(subjects.iter().map(plain).collect());
        }
        for kind in SubjectKind::ALL {
            let keys: Vec<&str> =
                subjects.iter().filter(|s| s.kind == kind).map(|s| s.key.as_str()).collect();
            reading.learn_keys(kind, &keys).await?;
        }
        let ids: Vec<i64> = subjects.iter().filter_map(|s| reading.known_id(s)).collect();
        reading.learn_titles(ids).await?;
        Ok(subjects
            .iter()
            .map(|s| reading.known_id(s).map_or_else(|| plain(s), |id| reading.titled(id)))
            .collect())
    }
}

/// A subject called by its key.
pub(crate) fn plain(subject: &Subject) -> Titled {
    Titled { subject: subject.clone(), title: subject.key.clone(), detail: Said::default() }
}

impl Reading<'_> {
    /// What a subject is called, learnt before with [`learn_titles`](Self::learn_titles).
    pub(crate) fn titled(&self, id: i64) -> Titled {
        self.titles.get(&id).cloned().unwrap_or_else(|| {
            plain(self.subject(id).unwrap_or(&Subject::new(SubjectKind::Place, id.to_string())))
        })
    }

    /// Learns what subjects are called.
    pub(crate) async fn learn_titles(&mut self, ids: impl IntoIterator<Item = i64>) -> Result<(), Fault> {
        let ids: BTreeSet<i64> = ids.into_iter().filter(|id| !self.titles.contains_key(id)).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        if ids.is_empty() {
            return Ok(());
        }
        self.learn_ids(ids.iter().copied()).await?;
        let filed = self.filed(&ids).await?;
        let codes = self.codes(&ids).await?;
        let others = self.called_in(&filed).await?;
        for id in ids {
            self.rests_on(id);
            let Some(subject) = self.subject(id).cloned() else { continue };
            let codes = codes.get(&id).map(Vec::as_slice).unwrap_or_default();
            let said = |record: &str, name: &str| fact(&filed, id, record, name).map(str::to_string);
            let other = |record: &str, name: &str| {
                let key = fact(&filed, id, record, name)?;
                others.get(&(field_kind(record, name)?, key.to_string())).cloned()
            };
            let code = || codes.first().map(|(code, _)| code.clone());
            let plain_code =
                || codes.iter().map(|(c, _)| c).find(|c| !c.starts_with('(')).cloned().or_else(code);
            let (title, detail) = match subject.kind {
                SubjectKind::Batch => (
                    said("run_sheet", "lot_code").or_else(plain_code),
                    joined(other("run_sheet", "trade_item"), other("run_sheet", "factory")),
                ),
                SubjectKind::MaterialLot => {
                    (said("material_lot", "lot_code").or_else(plain_code), material(&filed, id))
                }
                SubjectKind::LogisticUnit => {
                    let level = match codes.first().map(|(_, level)| *level) {
                        Some(Level::Carton) => CARTON,
                        Some(Level::Pallet) => PALLET,
                        _ => UNIT,
                    };
                    (code(), level.said())
                }
                SubjectKind::Shipment => {
                    (code(), other("shipment", "destination").map(Said::same).unwrap_or_default())
                }
                SubjectKind::TradeItem => {
                    let gtin = codes.iter().find_map(|(c, _)| c.strip_prefix("(01)"));
                    (said("trade_item", "name").or_else(code), Said::same(gtin.unwrap_or_default()))
                }
                SubjectKind::TracePlan => (
                    other("plan_for", "planned_item"),
                    Said::same(other("plan_for", "planned_factory").unwrap_or_default()),
                ),
                SubjectKind::RetainedSample => {
                    (code(), said("retained_sample", "location").map(Said::same).unwrap_or_default())
                }
                SubjectKind::OrderLine => {
                    let (number, line) = (said("order_line", "number"), said("order_line", "line"));
                    let title = number.zip(line).map(|(number, line)| format!("{number} / {line}"));
                    let paper =
                        said("order_line", "paper").and_then(|word| choice("order_line", "paper", &word));
                    (title.or_else(code), paper.unwrap_or_default())
                }
                SubjectKind::Place => {
                    let where_ = [said("place", "city"), said("place", "country")];
                    let where_: Vec<String> = where_.into_iter().flatten().collect();
                    (said("place", "name").or_else(code), Said::same(where_.join(", ")))
                }
            };
            let title = title.unwrap_or_else(|| subject.key.clone());
            self.titles.insert(id, Titled { subject, title, detail });
        }
        Ok(())
    }

    /// The records of subjects that hold now, each read once in a reading.
    pub(crate) async fn filed(&mut self, ids: &[i64]) -> Result<FiledBy, Fault> {
        let unread: BTreeSet<i64> = ids.iter().copied().filter(|id| !self.filed.contains_key(id)).collect();
        let unread: Vec<i64> = unread.into_iter().collect();
        self.filed.extend(unread.iter().map(|id| (*id, Arc::default())));
        let mut read: HashMap<i64, Vec<Filed>> = HashMap::new();
        for row in self.rows_in(FACTS, &[], &unread).await? {
            let facts = serde_json::from_str(&row.text(3)?).map_err(Fault::damaged)?;
            let one = Filed { record: row.text(1)?, since: row.count(2)?, facts };
            read.entry(row.int(0)?).or_default().push(one);
        }
        self.filed.extend(read.into_iter().map(|(id, records)| (id, records.into())));
        Ok(ids.iter().filter_map(|id| Some((*id, self.filed.get(id)?.clone()))).collect())
    }

    /// The codes of subjects with their levels, present ones first, the latest first.
    pub(crate) async fn codes(&self, ids: &[i64]) -> Result<HashMap<i64, Vec<(String, Level)>>, Fault> {
        // Sorted here: each subject has few, and the database would sort them all.
        let mut rows = Vec::new();
        for row in self.rows_in(CODES, &[], ids).await? {
            let (gone, since) = (row.int_or_none(3)?.is_some(), Reverse(row.int(4)?));
            rows.push((gone, since, row.text(1)?, row.int(0)?, row.int(2)?));
        }
        rows.sort();
        let mut codes: HashMap<i64, Vec<(String, Level)>> = HashMap::new();
        for (_, _, key, id, level) in rows {
            codes.entry(id).or_default().push((key, crate::words::level_word(level)?));
        }
        Ok(codes)
    }

    /// The names of the subjects that facts stand for, by kind and key.
    async fn called_in(&mut self, filed: &FiledBy) -> Result<HashMap<(SubjectKind, String), String>, Fault> {
        let mut keys: BTreeMap<SubjectKind, BTreeSet<String>> = BTreeMap::new();
        for one in filed.values().flat_map(|records| records.iter()) {
            for (name, value) in &one.facts {
                if let Some(kind) = field_kind(&one.record, name) {
                    keys.entry(kind).or_default().insert(value.clone());
                }
            }
        }
        let mut called = HashMap::new();
        for (kind, keys) in keys {
            for (_, key, name) in self.called(kind, keys.iter().map(String::as_str)).await? {
                called.insert((kind, key), name);
            }
        }
        Ok(called)
    }

    /// What subjects of a kind are called, by their keys: id, key and name.
    pub(crate) async fn called(
        &mut self,
        kind: SubjectKind,
        keys: impl Iterator<Item = &str>,
    ) -> Result<Vec<(i64, String, String)>, Fault> {
        let keys: Vec<Value> = keys.map(Value::from).collect();
        let fixed = values![kind_number(kind), kind.word()];
        let mut called = Vec::new();
        for row in self.rows_of(CALLED, &fixed, &keys).await? {
            let (id, key) = (row.int(0)?, row.text(1)?);
            self.rests_on(id);
            self.learn(id, Subject::new(kind, key.as_str()));
            let facts: BTreeMap<String, String> = match row.text_or_none(2)? {
                Some(json) => serde_json::from_str(&json).map_err(Fault::damaged)?,
                None => BTreeMap::new(),
            };
            let name = facts.get("name").filter(|n| !n.trim().is_empty()).unwrap_or(&key).clone();
            called.push((id, key, name));
        }
        Ok(called)
    }
}

/// The kind of subject that a fact stands for.
pub(crate) fn field_kind(record: &str, name: &str) -> Option<SubjectKind> {
    let field = kind_of_slot(record)?.fields.iter().find(|f| f.name == name)?;
    match field.input {
        Input::Code(kinds) => kinds.first().copied(),
        _ => None,
    }
}

/// The word of a choice, in both languages.
pub(crate) fn choice(record: &str, name: &str, word: &str) -> Option<Said> {
    let field = kind_of_slot(record)?.fields.iter().find(|f| f.name == name)?;
    match field.input {
        Input::Choice(words) => words.iter().find(|(w, _)| *w == word).map(|(_, title)| title.said()),
        Input::Choices(words) => {
            let chosen: Vec<&Text> = word
                .split(',')
                .filter_map(|one| words.iter().find(|(w, _)| *w == one.trim()).map(|(_, title)| title))
                .collect();
            let joined = |pick: fn(&Text) -> &'static str, between: &str| {
                chosen.iter().map(|title| pick(title)).collect::<Vec<_>>().join(between)
            };
            (!chosen.is_empty()).then(|| Said { en: joined(|t| t.en, ", "), zh: joined(|t| t.zh, "、") })
        }
        Input::Source => Sealed::read(word).map(|sealed| sealed.said()),
        _ => None,
    }
}

fn material(filed: &FiledBy, id: i64) -> Said {
    let material = fact(filed, id, "material_lot", "material").map(Said::same);
    let class =
        fact(filed, id, "material_lot", "class").and_then(|word| choice("material_lot", "class", word));
    match (material, class) {
        (Some(one), Some(two)) => Said {
            en: AND.with(&[("one", &one.en), ("two", &two.en)]).en,
            zh: AND.with(&[("one", &one.zh), ("two", &two.zh)]).zh,
        },
        (one, two) => one.or(two).unwrap_or_default(),
    }
}

fn joined(one: Option<String>, two: Option<String>) -> Said {
    match (one, two) {
        (Some(one), Some(two)) => AND.with(&[("one", &one), ("two", &two)]),
        (one, two) => Said::same(one.or(two).unwrap_or_default()),
    }
}
