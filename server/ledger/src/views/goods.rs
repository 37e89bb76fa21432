//! Lists of units, shipments and material lots, as pages show them.

use super::{
    PAGE, Reading,
    card::under_way,
    cursor, page,
    sources::may_read,
    titles::{FiledBy, choice, fact},
};
use crate::{
    Fault,
    db::{Row, values},
    open,
    words::{MADE_FROM, kind_number, quantity},
};
use domain::{
    quantity::{Pieces, Share},
    subject::SubjectKind,
    text::Said,
    view::{BatchShare, EntryRef, MaterialLine, Page, ShipmentLine, Titled, UnitLine},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The units that hold a batch, in the order in which they came into the book.
pub(crate) const HOLDING: &str = "select l.parent, l.amount, l.since from link l \
    join subject s on s.brand = l.brand and s.id = l.parent and s.kind = $4 \
    where l.brand = $1 and l.kind = 2 and l.child = $2 and l.until is null and l.parent > $3 \
    order by l.parent limit $5";
/// How many units hold a batch.
pub(crate) const HOLDING_COUNT: &str = "select count(distinct l.parent) from link l \
    join subject s on s.brand = l.brand and s.id = l.parent and s.kind = $3 \
    where l.brand = $1 and l.kind = 2 and l.child = $2 and l.until is null";
/// The units directly in a container, as it is now or as it was at a point of the book.
pub(crate) const UNITS_IN: &str = "select child, min(since) from link \
    where brand = $1 and kind = 1 and parent = $2 and since <= $4 and (until is null or until > $4) \
    and child > $3 group by child order by child limit $5";
/// How many units are directly in a container.
pub(crate) const UNITS_IN_COUNT: &str = "select count(distinct child) from link \
    where brand = $1 and kind = 1 and parent = $2 and since <= $3 and (until is null or until > $3)";
/// What subjects were made from.
pub(crate) const MADE_FROM_OF: &str = "select parent, amount, unit, since from link \
    where brand = $1 and kind = $2 and until is null and child in ({list}) order by since, parent";
/// What was made from a subject.
pub(crate) const MADE_OF: &str = "select child, amount, unit, since from link \
    where brand = $1 and kind = $2 and until is null and parent in ({list}) order by child";

/// Later than every entry.
pub(crate) const NOW: i64 = i64::MAX;

/// Cartons and pieces of something in one shipment.
#[derive(Clone, Copy, Default)]
pub(crate) struct Portion {
    pub(crate) cartons: u64,
    pub(crate) pieces: u64,
    /// Some share in it is not known.
    pub(crate) unknown: bool,
}

impl Portion {
    /// Adds another.
    pub(crate) fn add(&mut self, other: Portion) {
        self.cartons += other.cartons;
        self.pieces = self.pieces.saturating_add(other.pieces);
        self.unknown |= other.unknown;
    }

    fn share(self) -> Share {
        if self.unknown { Share::Unknown } else { Share::Exactly(Pieces(self.pieces)) }
    }
}

impl Reading<'_> {
    /// The units that hold a batch.
    pub(crate) async fn units_holding(
        &mut self,
        batch: i64,
        after: Option<&str>,
    ) -> Result<Page<UnitLine>, Fault> {
        let kind = kind_number(SubjectKind::LogisticUnit);
        let from = cursor(after).unwrap_or(0);
        let rows = self.rows_apart(HOLDING, &values![batch, from, kind, PAGE as i64 + 1]).await?;
        let total = self.rows_apart(HOLDING_COUNT, &values![batch, kind]).await?;
        let mut found = Vec::new();
        for row in &rows {
            let share = match row.int_or_none(1)? {
                Some(n) => Share::Exactly(Pieces(u64::try_from(n).unwrap_or(0))),
                None => Share::Unknown,
            };
            found.push((row.int(0)?, Some(share), row.count(2)?));
        }
        self.unit_page(found, total.first()).await
    }

    /// The units directly in a container.
    pub(crate) async fn units_in(
        &mut self,
        container: i64,
        as_of: i64,
        after: Option<&str>,
    ) -> Result<Page<UnitLine>, Fault> {
        let from = cursor(after).unwrap_or(0);
        let rows = self.rows_apart(UNITS_IN, &values![container, from, as_of, PAGE as i64 + 1]).await?;
        let total = self.rows_apart(UNITS_IN_COUNT, &values![container, as_of]).await?;
        let found = rows.iter().map(|r| Ok((r.int(0)?, None, r.count(1)?)));
        let found = found.collect::<Result<Vec<_>, Fault>>()?;
        self.unit_page(found, total.first()).await
    }

    /// Units with the share asked about (of everything in them where none is), and the entry behind it.
    async fn unit_page(
        &mut self,
        found: Vec<(i64, Option<Share>, u64)>,
        total: Option<&Row>,
    ) -> Result<Page<UnitLine>, Fault> {
        let total = total.map_or(Ok(0), |r| r.count(0))?;
        let found = page(found, total, |(id, ..)| id.to_string());
        let ids: Vec<i64> = found.rows.iter().map(|(id, ..)| *id).collect();
        let around = self.around(&ids).await?;
        let outer: Vec<i64> = ids.iter().filter_map(|id| around.get(id)?.first()).copied().collect();
        self.learn_titles(ids.iter().chain(&outer).copied()).await?;
        let marks = self.marks(&ids).await?;
        let codes = self.codes(&ids).await?;
        let contents = self.contents(&ids).await?;
        let cited = self.cite(found.rows.iter().map(|(.., seq)| *seq)).await?;
        let lines = found.rows.into_iter().map(|(id, share, seq)| {
            let held = contents.get(&id).map(Vec::as_slice).unwrap_or_default();
            UnitLine {
                unit: self.titled(id),
                level: codes.get(&id).and_then(|c| c.first()).map(|(_, level)| *level),
                share: share.unwrap_or_else(|| sum(held)),
                batches: held.len() as u64,
                inside: around.get(&id).and_then(|a| a.first()).map(|c| self.titled(*c)),
                marks: marks.get(&id).into_iter().flatten().map(|m| m.disposition).collect(),
                entry: cited.get(&seq).cloned(),
            }
        });
        Ok(Page { rows: lines.collect(), total, next: found.next })
    }

    /// The batches in units and shipments.
    pub(crate) async fn batches_in(&self, ids: &[i64]) -> Result<Vec<i64>, Fault> {
        let rows = self.rows_in_apart(open::CONTENTS, &values![NOW], ids).await?;
        rows.iter().map(|row| row.int(1)).collect()
    }

    /// What each unit holds of each batch.
    async fn contents(&self, ids: &[i64]) -> Result<HashMap<i64, Vec<Share>>, Fault> {
        let mut contents: HashMap<i64, Vec<Share>> = HashMap::new();
        for row in self.rows_in_apart(open::CONTENTS, &values![NOW], ids).await? {
            contents.entry(row.int(0)?).or_default().push(open::share(&row, 2)?);
        }
        Ok(contents)
    }

    /// Shipments with what is asked about in each; the newest first. What `others` are called is learnt
    /// in the same statements.
    pub(crate) async fn shipment_page(
        &mut self,
        portions: BTreeMap<i64, Portion>,
        after: Option<&str>,
        others: &[i64],
    ) -> Result<Page<ShipmentLine>, Fault> {
        let before = cursor(after).unwrap_or(NOW);
        let total = portions.len() as u64;
        let rows: Vec<(i64, Portion)> =
            portions.into_iter().rev().filter(|(id, _)| *id < before).take(PAGE + 1).collect();
        let rows = page(rows, total, |(id, _)| id.to_string());
        let ids: Vec<i64> = rows.rows.iter().map(|(id, _)| *id).collect();
        self.learn_titles(ids.iter().chain(others).copied()).await?;
        let destinations = self.destinations(&ids).await?;
        let shipped = self.shipped(&ids).await?;
        let lines = rows.rows.into_iter().map(|(id, portion)| ShipmentLine {
            shipment: self.titled(id),
            destination: destinations.get(&id).cloned().filter(|_| self.role.reads_records()),
            shipped: shipped.get(&id).cloned(),
            cartons: portion.cartons,
            share: portion.share(),
        });
        Ok(Page { rows: lines.collect(), total, next: rows.next })
    }

    /// Where shipments go.
    async fn destinations(&mut self, ids: &[i64]) -> Result<HashMap<i64, Titled>, Fault> {
        let filed: FiledBy = self.filed(ids).await?;
        let key_of = |id: &i64| fact(&filed, *id, "shipment", "destination");
        let keys: BTreeSet<&str> = ids.iter().filter_map(key_of).collect();
        let places: HashMap<String, i64> = self
            .called(SubjectKind::Place, keys.into_iter())
            .await?
            .into_iter()
            .map(|(id, key, _)| (key, id))
            .collect();
        self.learn_titles(places.values().copied()).await?;
        Ok(ids.iter().filter_map(|id| Some((*id, self.titled(*places.get(key_of(id)?)?)))).collect())
    }

    /// The entries with which shipments left: what put them in transit, or what they are now.
    async fn shipped(&self, ids: &[i64]) -> Result<HashMap<i64, EntryRef>, Fault> {
        let marks = self.marks(ids).await?;
        let mut since: HashMap<i64, u64> = HashMap::new();
        for (id, marks) in &marks {
            if let Some(at) = under_way(marks) {
                since.insert(*id, u64::try_from(at).map_err(Fault::damaged)?);
            }
        }
        let left: Vec<i64> = ids.iter().copied().filter(|id| !since.contains_key(id)).collect();
        for row in self.rows_in_apart(LEFT, &[], &left).await? {
            since.insert(row.int(0)?, row.count(1)?);
        }
        let cited = self.cite(since.values().copied()).await?;
        Ok(since.into_iter().filter_map(|(id, seq)| Some((id, cited.get(&seq)?.clone()))).collect())
    }

    /// The material lots that subjects were made from.
    pub(crate) async fn material_lines(&mut self, ids: &[i64]) -> Result<Vec<MaterialLine>, Fault> {
        let rows = self.rows_in(MADE_FROM_OF, &values![MADE_FROM], ids).await?;
        let lots = rows.iter().map(|r| r.int(0)).collect::<Result<Vec<i64>, _>>()?;
        self.learn_titles(lots.iter().copied()).await?;
        let filed = self.filed(&lots).await?;
        let cited = self.cite(rows.iter().map(|r| r.count(3)).collect::<Result<Vec<_>, _>>()?).await?;
        let supplied: Vec<&str> =
            lots.iter().filter_map(|id| fact(&filed, *id, "material_lot", "supplier")).collect();
        let called = self.called(SubjectKind::Place, supplied.into_iter()).await?;
        let mut lines: Vec<MaterialLine> = vec![];
        for row in rows {
            let id = row.int(0)?;
            let Some(entry) = cited.get(&row.count(3)?).cloned() else { continue };
            if !self.is(id, SubjectKind::MaterialLot) {
                continue;
            }
            let of = |name: &str| fact(&filed, id, "material_lot", name).map(str::to_string);
            let class = of("class").map(|w| choice("material_lot", "class", &w).unwrap_or(Said::same(w)));
            let supplier = of("supplier").filter(|_| may_read(self.role, "supplier"));
            let supplier = supplier
                .map(|s| called.iter().find(|(_, key, _)| *key == s).map_or(s, |(.., name)| name.clone()));
            lines.push(MaterialLine {
                material_lot: self.titled(id),
                class,
                supplier,
                received_on: of("received_on"),
                quantity: made_quantity(&row)?,
                entry,
            });
        }
        Ok(lines)
    }

    /// The batches made from a subject.
    pub(crate) async fn batches_made_of(
        &mut self,
        id: i64,
        after: Option<&str>,
    ) -> Result<Page<BatchShare>, Fault> {
        let rows = self.rows_in(MADE_OF, &values![MADE_FROM], &[id]).await?;
        let made = rows.iter().map(|r| Ok((r.int(0)?, r.count(3)?)));
        let made: BTreeMap<i64, u64> = made.collect::<Result<_, Fault>>()?;
        self.learn_ids(made.keys().copied()).await?;
        let made = made.into_iter().filter(|(id, _)| self.is(*id, SubjectKind::Batch)).collect();
        self.batch_page(made, after).await
    }

    /// Batches with the entries that say so; the newest first.
    pub(crate) async fn batch_page(
        &mut self,
        batches: BTreeMap<i64, u64>,
        after: Option<&str>,
    ) -> Result<Page<BatchShare>, Fault> {
        let before = cursor(after).unwrap_or(NOW);
        let total = batches.len() as u64;
        let rows: Vec<(i64, u64)> =
            batches.into_iter().rev().filter(|(id, _)| *id < before).take(PAGE + 1).collect();
        let rows = page(rows, total, |(id, _)| id.to_string());
        let ids: Vec<i64> = rows.rows.iter().map(|(id, _)| *id).collect();
        self.learn_titles(ids.iter().copied()).await?;
        let trade_items = self.trade_items(&ids).await?;
        let cited = self.cite(rows.rows.iter().map(|(_, seq)| *seq)).await?;
        let mut pieces: HashMap<i64, u64> = HashMap::new();
        for row in self.rows_in(open::COUNTS, &[], &ids).await? {
            pieces.insert(row.int(0)?, row.count(1)? / 1000);
        }
        let lines = rows.rows.into_iter().map(|(id, seq)| BatchShare {
            batch: self.titled(id),
            trade_item: trade_items.get(&id).cloned(),
            share: pieces.get(&id).map_or(Share::Unknown, |n| Share::Exactly(Pieces(*n))),
            cartons: None,
            entry: cited.get(&seq).cloned(),
        });
        Ok(Page { rows: lines.collect(), total, next: rows.next })
    }
}

/// When shipments that have arrived had left.
pub(crate) const LEFT: &str = "select subject, min(since) from mark \
    where brand = $1 and disposition = 'in_transit' and (until is null or until > 0) \
    and subject in ({list}) group by subject";

/// The amount of a made-from link.
fn made_quantity(row: &Row) -> Result<Option<domain::quantity::Quantity>, Fault> {
    match (row.int_or_none(1)?, row.int_or_none(2)?) {
        (Some(amount), Some(unit)) => quantity(amount, unit).map(Some),
        _ => Ok(None),
    }
}

fn sum(shares: &[Share]) -> Share {
    let known: Option<Vec<Pieces>> = shares.iter().map(|s| s.pieces()).collect();
    known.map_or(Share::Unknown, |all| Share::Exactly(all.into_iter().sum()))
}
