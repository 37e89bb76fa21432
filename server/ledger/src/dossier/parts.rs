//! The parts of a dossier, each read for all batches at once.

use super::Gathering;
use crate::{
    db::{Value, values},
    fault::Fault,
    open,
    views::{self, entry_ref},
    words::{BATCH_IN, MADE_FROM, UNIT_IN, level_word},
};
use domain::{
    code::CodeKey,
    dossier::{Before, Cartons, Dossier, Material, OrderLine, Sample, Sent},
    event::DiscrepancyKind,
    record::{Facts, Filed, Records},
    state::{Aspect, Disposition},
    subject::{Subject, SubjectKind},
    time::Time,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The records of subjects, each with the entry that filed it.
pub(crate) const RECORDS: &str = "select e.seq, e.kind, e.event_time, e.zone, e.evidence, \
    f.subject, f.record, f.facts from fact f join entry e on e.brand = f.brand and e.seq = f.since \
    where f.brand = $1 and f.until is null and f.subject in ({list})";
/// What was joined to batches: by the field that names each.
pub(crate) const JOINED: &str = "select key, subject from refer \
    where brand = $1 and until is null and field in ({list})";
/// Samples that say they are of batches, by the keys of these.
pub(crate) const SAMPLES_OF: &str = "select key, subject from refer \
    where brand = $1 and field = 'sampled_batch' and until is null and key in ({list})";
/// The codes that are on subjects.
pub(crate) const KEYS: &str = "select subject, key, level from name \
    where brand = $1 and until is null and subject in ({list}) order by since, level, key";
/// What went into batches.
pub(crate) const WENT_IN: &str = "select child, parent, since from link \
    where brand = $1 and kind = $2 and until is null and child in ({list}) order by since";
/// Which places are called by these texts.
pub(crate) const NAMING_PLACES: &str = "select n.key, n.subject from name n \
    join subject s on s.brand = n.brand and s.id = n.subject and s.kind = $2 \
    where n.brand = $1 and (n.until is null or n.until > 0) and n.key in ({list})";
/// The cartons of batches, added up; beside them what batches are in directly, one shipment a row.
pub(crate) const CARTONS_OF: &str = "select l.child, case when s.kind = $4 then l.parent end, count(*), \
    count(l.amount), cast(coalesce(sum(l.amount), 0) as bigint) from link l \
    join subject s on s.brand = l.brand and s.id = l.parent and s.kind in ($3, $4) \
    where l.brand = $1 and l.kind = $2 and l.until is null and l.child in ({list}) group by 1, 2";
/// What the cartons of batches are in, with how many; null for nothing, where what batches are in directly counts
/// as well.
pub(crate) const ROUND_BATCHES: &str = "select b.child, u.parent, count(*) from link b \
    left join link u on u.brand = b.brand and u.kind = $3 and u.child = b.parent and u.until is null \
    where b.brand = $1 and b.kind = $2 and b.until is null and b.child in ({list}) group by 1, 2";
/// The first entry of each story.
pub(crate) const FIRST: &str = "select subject, cast(min(seq) as bigint) from subject_entry \
    where brand = $1 and subject in ({list}) group by subject";
/// When what subjects were told by their inspections happened last, whatever came after it; what was taken back
/// does not count.
pub(crate) const INSPECTED: &str = "select m.subject, m.disposition, max(e.event_time) from mark m \
    join entry e on e.brand = m.brand and e.seq = m.since \
    where m.brand = $1 and (m.until is null or m.until > 0) \
    and m.disposition in ('conformant', 'non_conformant', 'inspection_stale') and m.subject in ({list}) \
    group by m.subject, m.disposition";
/// What is open about subjects.
pub(crate) const OPEN_ABOUT: &str = "select subject, kind from discrepancy \
    where brand = $1 and closed is null and subject in ({list})";
/// The batch that was made before a run as the same thing: same trade item, same factory.
pub(crate) const BEFORE: &str = "select batch from standing where brand = $1 and made_as = $2 \
    and (produced_from < $3 or (produced_from = $3 and batch < $4)) \
    order by produced_from desc, batch desc limit 1";

fn list(ids: impl IntoIterator<Item = i64>) -> Vec<Value> {
    ids.into_iter().map(Value::from).collect()
}

/// A stored discrepancy kind.
pub(super) fn discrepancy(word: String) -> Result<DiscrepancyKind, Fault> {
    serde_json::from_value(word.into()).map_err(Fault::damaged)
}

impl Gathering<'_> {
    /// The records of subjects.
    pub(crate) async fn records(&mut self, ids: &[i64]) -> Result<HashMap<i64, Records>, Fault> {
        let mut records: HashMap<i64, Records> = HashMap::new();
        for row in self.rows_in(RECORDS, &[], &list(ids.iter().copied())).await? {
            let facts: Facts = serde_json::from_str(&row.text(7)?).map_err(Fault::damaged)?;
            let filed = Filed { facts, entry: Some(entry_ref(&row)?) };
            records.entry(row.int(5)?).or_default().insert(row.text(6)?, filed);
        }
        Ok(records)
    }

    /// Their own records, those of batches that were joined to them, and their order lines.
    pub(super) async fn joined(
        &mut self,
        ids: &[i64],
        dossiers: &mut HashMap<i64, Dossier>,
    ) -> Result<(), Fault> {
        let by_key: HashMap<String, i64> =
            dossiers.iter().map(|(id, d)| (d.batch.key.clone(), *id)).collect();
        let fields: Vec<Value> = by_key.keys().map(|key| Value::from(format!("bridged_to:{key}"))).collect();
        let mut others: Vec<(i64, i64)> = vec![];
        for row in self.rows_in(JOINED, &[], &fields).await? {
            if let Some(batch) = by_key.get(&row.text(0)?) {
                others.push((*batch, row.int(1)?));
            }
        }
        self.learn(others.iter().map(|(_, other)| *other)).await?;
        let all: BTreeSet<i64> = ids.iter().copied().chain(others.iter().map(|(_, other)| *other)).collect();
        let records = self.records(&all.into_iter().collect::<Vec<_>>()).await?;
        for (id, dossier) in dossiers.iter_mut() {
            dossier.records = records.get(id).cloned().unwrap_or_default();
            let joined = domain::record::of_kind(&dossier.records, "bridge").next();
            dossier.bridged_to = joined.map(|(key, _)| Subject::batch(key));
        }
        for (batch, other) in others {
            let Some(dossier) = dossiers.get_mut(&batch) else { continue };
            let of_other = records.get(&other).cloned().unwrap_or_default();
            match self.subject(other).map(|s| s.kind) {
                Some(SubjectKind::OrderLine) => {
                    let facts = of_other.get("order_line").map(|r| r.facts.clone()).unwrap_or_default();
                    let said = of_other.get(&format!("bridge:{}", dossier.batch.key));
                    let pieces = said.and_then(|bridge| bridge.fact("pieces")?.parse().ok());
                    let line = self.subject(other).cloned();
                    dossier.lines.extend(line.map(|line| OrderLine { line, facts, pieces }));
                }
                // What the batch itself has on record goes before what was joined to it.
                _ => {
                    let key = self.subject(other).map(|s| s.key.clone()).unwrap_or_default();
                    for (slot, filed) in of_other.into_iter().filter(|(slot, _)| !slot.starts_with("bridge"))
                    {
                        // Of two inspections each counts: the one that was kept apart may be the one that failed.
                        let taken = dossier.records.contains_key(&slot);
                        let beside = taken && slot.starts_with("inspection_report:");
                        let slot = if beside { format!("{slot}@{key}") } else { slot };
                        dossier.records.entry(slot).or_insert(filed);
                    }
                }
            }
        }
        Ok(())
    }

    /// Since when, codes, dispositions, counts, and what is open.
    pub(super) async fn states(
        &mut self,
        ids: &[i64],
        dossiers: &mut HashMap<i64, Dossier>,
    ) -> Result<(), Fault> {
        let all = list(ids.iter().copied());
        let mut first: HashMap<i64, i64> = HashMap::new();
        for row in self.rows_in(FIRST, &[], &all).await? {
            first.insert(row.int(0)?, row.int(1)?);
        }
        let seqs: BTreeSet<i64> = first.values().copied().collect();
        let mut times: HashMap<i64, Time> = HashMap::new();
        for row in self.rows_in(views::CITED, &[], &list(seqs)).await? {
            let entry = entry_ref(&row)?;
            times.insert(row.int(0)?, entry.event_time);
        }
        for (id, seq) in first {
            if let (Some(dossier), Some(time)) = (dossiers.get_mut(&id), times.get(&seq)) {
                dossier.since = *time;
            }
        }
        for row in self.rows_in(KEYS, &[], &all).await? {
            if let Some(dossier) = dossiers.get_mut(&row.int(0)?) {
                dossier.names.push((CodeKey::text(&row.text(1)?), level_word(row.int(2)?)?));
            }
        }
        for row in self.rows_in(open::MARKS, &[], &all).await? {
            if let Some(dossier) = dossiers.get_mut(&row.int(0)?) {
                let disposition = open::disposition(&row.text(1)?)?;
                dossier.marks.insert(disposition.aspect(), disposition);
            }
        }
        for row in self.rows_in(open::COUNTS, &[], &all).await? {
            if let Some(dossier) = dossiers.get_mut(&row.int(0)?) {
                dossier.made = Some(row.count(1)? / 1000);
            }
        }
        for row in self.rows_in(OPEN_ABOUT, &[], &all).await? {
            if let Some(dossier) = dossiers.get_mut(&row.int(0)?) {
                dossier.open.push(discrepancy(row.text(1)?)?);
            }
        }
        Ok(())
    }

    /// When what speaks against them, and what cleared them, happened last.
    pub(super) async fn inspected(&mut self, dossiers: &mut HashMap<i64, Dossier>) -> Result<(), Fault> {
        for row in self.rows_in(INSPECTED, &[], &list(dossiers.keys().copied())).await? {
            if let Some(dossier) = dossiers.get_mut(&row.int(0)?) {
                let last = match open::disposition(&row.text(1)?)? {
                    Disposition::Conformant => &mut dossier.cleared,
                    _ => &mut dossier.overtaken,
                };
                *last = (*last).max(Some(Time(row.int(2)?)));
            }
        }
        Ok(())
    }

    /// What went in.
    pub(super) async fn went_in(
        &mut self,
        ids: &[i64],
        dossiers: &mut HashMap<i64, Dossier>,
    ) -> Result<(), Fault> {
        for (batch, material) in self.materials(ids).await? {
            if let Some(dossier) = dossiers.get_mut(&batch) {
                dossier.materials.push(material);
            }
        }
        Ok(())
    }

    async fn materials(&mut self, ids: &[i64]) -> Result<Vec<(i64, Material)>, Fault> {
        let mut links: Vec<(i64, i64, i64)> = vec![];
        for row in self.rows_in(WENT_IN, &values![MADE_FROM], &list(ids.iter().copied())).await? {
            links.push((row.int(0)?, row.int(1)?, row.int(2)?));
        }
        self.learn(links.iter().map(|(_, lot, _)| *lot)).await?;
        links.retain(|(_, lot, _)| self.is(*lot, SubjectKind::MaterialLot));
        let lots: BTreeSet<i64> = links.iter().map(|(_, lot, _)| *lot).collect();
        let records = self.records(&lots.into_iter().collect::<Vec<_>>()).await?;
        let facts_of = |lot: i64| {
            records.get(&lot).and_then(|r| r.get("material_lot")).map(|r| r.facts.clone()).unwrap_or_default()
        };
        let suppliers: BTreeSet<String> = links
            .iter()
            .filter_map(|(_, lot, _)| {
                facts_of(*lot).get("supplier").map(|s| CodeKey::text(s.trim()).to_string())
            })
            .collect();
        let places = self.places(suppliers).await?;
        let cited = list(links.iter().map(|(_, _, since)| *since).collect::<BTreeSet<_>>());
        let mut entries = HashMap::new();
        for row in self.rows_in(views::CITED, &[], &cited).await? {
            entries.insert(row.int(0)?, entry_ref(&row)?);
        }
        let mut seen = BTreeSet::new();
        let mut materials = vec![];
        for (batch, lot, since) in links {
            let (Some(subject), true) = (self.subject(lot).cloned(), seen.insert((batch, lot))) else {
                continue;
            };
            let facts = facts_of(lot);
            let supplier = facts.get("supplier").map(|s| CodeKey::text(s.trim()).to_string());
            let supplier_place = supplier.and_then(|name| places.get(&name).cloned());
            let entry = entries.get(&since).cloned();
            materials.push((batch, Material { lot: subject, facts, supplier_place, entry }));
        }
        Ok(materials)
    }

    /// The one place that each text calls; a text that calls several tells none.
    async fn places(&mut self, texts: BTreeSet<String>) -> Result<HashMap<String, String>, Fault> {
        let texts: Vec<Value> = texts.into_iter().map(Value::from).collect();
        let kind = values![crate::words::kind_number(SubjectKind::Place)];
        let mut called: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
        for row in self.rows_in(NAMING_PLACES, &kind, &texts).await? {
            called.entry(row.text(0)?).or_default().insert(row.int(1)?);
        }
        self.learn(called.values().flatten().copied().collect::<Vec<_>>()).await?;
        let one = |(text, ids): (String, BTreeSet<i64>)| {
            let id = ids.first().filter(|_| ids.len() == 1)?;
            Some((text, self.subject(*id)?.key.clone()))
        };
        Ok(called.into_iter().filter_map(one).collect())
    }

    /// Samples that are kept of them.
    pub(super) async fn samples(
        &mut self,
        _: &[i64],
        dossiers: &mut HashMap<i64, Dossier>,
    ) -> Result<(), Fault> {
        let by_key: HashMap<String, i64> =
            dossiers.iter().map(|(id, d)| (d.batch.key.clone(), *id)).collect();
        let keys: Vec<Value> = by_key.keys().map(|key| Value::from(key.as_str())).collect();
        let mut kept: Vec<(i64, i64)> = vec![];
        for row in self.rows_in(SAMPLES_OF, &[], &keys).await? {
            if let Some(batch) = by_key.get(&row.text(0)?) {
                kept.push((*batch, row.int(1)?));
            }
        }
        self.learn(kept.iter().map(|(_, sample)| *sample)).await?;
        let records = self.records(&kept.iter().map(|(_, sample)| *sample).collect::<Vec<_>>()).await?;
        for (batch, id) in kept {
            let facts = records.get(&id).and_then(|r| r.get("retained_sample")).map(|r| r.facts.clone());
            if let (Some(dossier), Some(sample), Some(facts)) =
                (dossiers.get_mut(&batch), self.subject(id).cloned(), facts)
            {
                dossier.samples.push(Sample { sample, facts });
            }
        }
        Ok(())
    }

    /// Their cartons, added up; tells the shipments that they are in without one.
    pub(super) async fn cartons(
        &mut self,
        ids: &[i64],
        dossiers: &mut HashMap<i64, Dossier>,
    ) -> Result<Vec<(i64, i64)>, Fault> {
        let number = crate::words::kind_number;
        let fixed = values![BATCH_IN, number(SubjectKind::LogisticUnit), number(SubjectKind::Shipment)];
        let mut directly = vec![];
        for row in self.rows_in(CARTONS_OF, &fixed, &list(ids.iter().copied())).await? {
            if let Some(shipment) = row.int_or_none(1)? {
                directly.push((row.int(0)?, shipment));
                continue;
            }
            let (count, known) = (row.count(2)?, row.count(3)?);
            if let Some(dossier) = dossiers.get_mut(&row.int(0)?) {
                let unknown = count.saturating_sub(known);
                dossier.cartons = Cartons { count, unknown, pieces: row.count(4)?, wait: false };
            }
        }
        Ok(directly)
    }

    /// The shipments with some of them in: those that they are in directly, and those round their cartons.
    pub(super) async fn shipments(
        &mut self,
        ids: &[i64],
        directly: Vec<(i64, i64)>,
        dossiers: &mut HashMap<i64, Dossier>,
    ) -> Result<(), Fault> {
        let mut without: HashMap<i64, u64> = HashMap::new();
        for (batch, _) in &directly {
            *without.entry(*batch).or_default() += 1;
        }
        let mut round: BTreeSet<(i64, i64)> = directly.into_iter().collect();
        for row in
            self.rows_in(ROUND_BATCHES, &values![BATCH_IN, UNIT_IN], &list(ids.iter().copied())).await?
        {
            let (batch, container) = (row.int(0)?, row.int_or_none(1)?);
            match (container, dossiers.get_mut(&batch)) {
                (Some(container), _) => drop(round.insert((batch, container))),
                (None, Some(dossier)) => {
                    dossier.cartons.wait = row.count(2)? > without.get(&batch).copied().unwrap_or_default();
                }
                (None, None) => {}
            }
        }
        let mut sent: BTreeSet<(i64, i64)> = BTreeSet::new();
        let mut seen = BTreeSet::new();
        while !round.is_empty() {
            self.learn(round.iter().map(|(_, container)| *container)).await?;
            let (shipments, units): (BTreeSet<_>, BTreeSet<_>) =
                round.into_iter().partition(|(_, container)| self.is(*container, SubjectKind::Shipment));
            sent.extend(shipments);
            let units: BTreeSet<(i64, i64)> = units.into_iter().filter(|pair| seen.insert(*pair)).collect();
            let asked: BTreeSet<i64> = units.iter().map(|(_, unit)| *unit).collect();
            let mut parents: HashMap<i64, Vec<i64>> = HashMap::new();
            for row in self.rows_in(open::PARENTS, &values![UNIT_IN], &list(asked)).await? {
                parents.entry(row.int(0)?).or_default().push(row.int(1)?);
            }
            // A pallet that is in nothing waits, with the cartons on it.
            for (batch, _) in units.iter().filter(|(_, unit)| !parents.contains_key(unit)) {
                if let Some(dossier) = dossiers.get_mut(batch) {
                    dossier.cartons.wait = true;
                }
            }
            let further = |(batch, unit): &(i64, i64)| {
                let parents = parents.get(unit).into_iter().flatten();
                parents.map(|parent| (*batch, *parent)).collect::<Vec<_>>()
            };
            round = units.iter().flat_map(further).collect();
        }
        let ids: BTreeSet<i64> = sent.iter().map(|(_, shipment)| *shipment).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let records = self.records(&ids).await?;
        let mut marks: HashMap<i64, BTreeMap<Aspect, (Disposition, i64)>> = HashMap::new();
        for row in self.rows_in(open::MARKS, &[], &list(ids)).await? {
            let disposition = open::disposition(&row.text(1)?)?;
            marks.entry(row.int(0)?).or_default().insert(disposition.aspect(), (disposition, row.int(2)?));
        }
        let custody = |marks: &BTreeMap<Aspect, (Disposition, i64)>| Some(marks.get(&Aspect::Custody)?.1);
        let cited = list(marks.values().filter_map(custody).collect::<BTreeSet<_>>());
        let mut days: HashMap<i64, String> = HashMap::new();
        for row in self.rows_in(views::CITED, &[], &cited).await? {
            let entry = entry_ref(&row)?;
            days.insert(row.int(0)?, entry.event_time.date(entry.zone));
        }
        for (batch, id) in sent {
            let mark = |aspect| marks.get(&id).and_then(|m| m.get(&aspect)).copied();
            let facts = records.get(&id).and_then(|r| r.get("shipment")).map(|r| r.facts.clone());
            let facts = facts.unwrap_or_default();
            if let (Some(dossier), Some(shipment)) = (dossiers.get_mut(&batch), self.subject(id).cloned()) {
                let left = mark(Aspect::Custody);
                let day = left.and_then(|(_, since)| days.get(&since)).cloned();
                dossier.shipments.push(Sent {
                    shipment,
                    left: left.is_some(),
                    left_on: facts.get("shipped_on").cloned().or(day),
                    released: mark(Aspect::Release).is_some_and(|(mark, _)| mark == Disposition::Released),
                    facts,
                });
            }
        }
        Ok(())
    }

    /// The batch before each.
    pub(super) async fn before(&mut self, dossiers: &mut HashMap<i64, Dossier>) -> Result<(), Fault> {
        let mut found: Vec<(i64, i64)> = vec![];
        for (id, dossier) in dossiers.iter() {
            let said = |name: &str| dossier.fact("run_sheet", name);
            let (Some(item), Some(factory)) = (said("trade_item"), said("factory")) else { continue };
            let from = said("produced_from").unwrap_or_default();
            let made_as = Subject::trace_plan(item, factory).key;
            let rows = self.rows(BEFORE, &values![made_as, from, *id]).await?;
            found.extend(rows.first().map(|row| row.int(0)).transpose()?.map(|before| (*id, before)));
        }
        let ids: BTreeSet<i64> = found.iter().map(|(_, before)| *before).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        self.learn(ids.iter().copied()).await?;
        let records = self.records(&ids).await?;
        let materials = self.materials(&ids).await?;
        for (id, before) in found {
            let (Some(dossier), Some(batch)) = (dossiers.get_mut(&id), self.subject(before).cloned()) else {
                continue;
            };
            let went_in = materials.iter().filter(|(of, _)| *of == before).map(|(_, m)| m.clone());
            dossier.before = Some(Before {
                batch,
                records: records.get(&before).cloned().unwrap_or_default(),
                materials: went_in.collect(),
            });
        }
        Ok(())
    }
}
