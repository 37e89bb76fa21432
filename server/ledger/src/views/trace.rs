//! Towards materials, and towards shipments (C03, C04).
//!
//! Batches first, then one join: the walk over made-from links is short, and from the batches on one plain
//! indexed join brings what a recursion over cartons would visit one by one. It is added up here, which is
//! cheaper than in the database: there, to count units once each, everything is sorted first. Containers
//! are in containers only a few deep, and there are few of them, so those are climbed here, too.

use super::{
    Reading,
    goods::{MADE_FROM_OF, MADE_OF, NOW, Portion},
};
use crate::{Ask, Fault, Ledger, Reader, db::values, words::MADE_FROM};
use domain::{
    subject::{Subject, SubjectKind},
    view::{BatchShare, TraceBack, TraceForward},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The units that hold batches: unit, batch, pieces (null where the share is not known), and what the unit is
/// directly in (null for nothing).
pub(crate) const HELD: &str = "select b.parent, b.child, b.amount, c.parent from link b left join link c \
    on c.brand = b.brand and c.kind = 1 and c.child = b.parent and c.until is null \
    where b.brand = $1 and b.kind = 2 and b.until is null and b.child in ({list})";

/// Where batches have gone.
#[derive(Default)]
pub(crate) struct Gone {
    pub(crate) shipments: BTreeMap<i64, Portion>,
    pub(crate) cartons: u64,
    pub(crate) pieces: u64,
    pub(crate) not_shipped: u64,
}

/// A batch's share in a unit, and one of the things the unit is directly in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Share {
    unit: i64,
    batch: i64,
    container: Option<i64>,
    pieces: Option<u64>,
}

impl Ledger {
    /// Towards materials: the batches in a subject, and what they were made from, each with the record
    /// that says so.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn trace_back(&self, reader: &Reader, subject: &Subject) -> Result<Option<TraceBack>, Fault> {
        let mut reading = Reading::begin(self, reader);
        let Some(id) = reading.page_id(subject.kind, &subject.key).await? else { return Ok(None) };
        reading.learn_titles([id]).await?;
        let start = reading.titled(id);
        let mut batches: Vec<BatchShare> = reading.card(id).await?.batches;
        let mut met: BTreeSet<i64> =
            batches.iter().filter_map(|b| reading.known_id(&b.batch.subject)).collect();
        let mut walk: BTreeSet<i64> = met.clone();
        walk.insert(id);
        let mut ask: Vec<i64> = walk.iter().copied().collect();
        // A batch may have been made from another one: rework, semi-finished parts.
        while !ask.is_empty() {
            let mut made = BTreeMap::new();
            for row in reading.rows_in(MADE_FROM_OF, &values![MADE_FROM], &ask).await? {
                made.insert(row.int(0)?, row.count(3)?);
            }
            made.retain(|id, _| walk.insert(*id));
            reading.learn_ids(made.keys().copied()).await?;
            ask = made.keys().copied().collect();
            let further = made.into_iter().filter(|(id, _)| reading.is(*id, SubjectKind::Batch)).collect();
            let page = reading.batch_page(further, None).await?;
            met.extend(page.rows.iter().filter_map(|b| reading.known_id(&b.batch.subject)));
            batches.extend(page.rows);
        }
        let walk: Vec<i64> = walk.into_iter().collect();
        let materials = reading.material_lines(&walk).await?;
        Ok(Some(TraceBack { start, batches, materials }))
    }

    /// Towards shipments: everything a subject went into. Cartons are distinct: a mixed one counts once.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn trace_forward(
        &self,
        reader: &Reader,
        subject: &Subject,
        ask: &Ask,
    ) -> Result<Option<TraceForward>, Fault> {
        let mut reading = Reading::begin(self, reader);
        let Some(id) = reading.page_id(subject.kind, &subject.key).await? else { return Ok(None) };
        reading.forward(id, ask.after("shipments")).await.map(Some)
    }
}

impl Reading<'_> {
    /// Everything a subject went into.
    pub(crate) async fn forward(&mut self, id: i64, after: Option<&str>) -> Result<TraceForward, Fault> {
        self.learn_titles([id]).await?;
        let batches = self.batches_of(id).await?;
        let gone = self.gone(&batches).await?;
        Ok(TraceForward {
            start: self.titled(id),
            batches: batches.len() as u64,
            cartons: gone.cartons,
            cartons_not_shipped: gone.not_shipped,
            pieces: gone.pieces,
            shipments: self.shipment_page(gone.shipments, after).await?,
        })
    }

    /// The batches that a subject is, holds, or went into.
    async fn batches_of(&mut self, id: i64) -> Result<Vec<i64>, Fault> {
        let mut batches = BTreeSet::new();
        let mut seen = BTreeSet::from([id]);
        let mut ask = vec![id];
        match self.subject(id).map(|s| s.kind) {
            Some(SubjectKind::Batch) => drop(batches.insert(id)),
            Some(SubjectKind::TradeItem) => {
                ask = self.batches_of_trade_item(id).await?.into_keys().collect();
                batches.extend(&ask);
            }
            Some(SubjectKind::LogisticUnit | SubjectKind::Shipment) => {
                ask = self.held(id, NOW).await?.into_iter().map(|h| h.batch).collect();
                batches.extend(&ask);
            }
            _ => {}
        }
        while !ask.is_empty() {
            let mut made = vec![];
            for row in self.rows_in(MADE_OF, &values![MADE_FROM], &ask).await? {
                made.push(row.int(0)?);
            }
            made.retain(|id| seen.insert(*id));
            self.learn_ids(made.iter().copied()).await?;
            batches.extend(made.iter().filter(|id| self.is(**id, SubjectKind::Batch)));
            ask = made;
        }
        Ok(batches.into_iter().collect())
    }

    /// Where batches have gone. A unit counts once, however many of the batches it holds and however many
    /// things it is in.
    pub(crate) async fn gone(&mut self, batches: &[i64]) -> Result<Gone, Fault> {
        let shares = self.shares(batches).await?;
        let containers: BTreeSet<i64> = shares.iter().filter_map(|s| s.container).collect();
        let shipments = self.shipments_of(&containers).await?;
        let counted_only = self.counted_only(&shares).await?;
        let mut gone = Gone::default();
        for unit in shares.chunk_by(|a, b| a.unit == b.unit) {
            let mut portion = Portion { cartons: 1, ..Portion::default() };
            for of_batch in unit.chunk_by(|a, b| a.batch == b.batch) {
                portion.pieces += of_batch[0].pieces.unwrap_or(0);
                portion.unknown |= of_batch[0].pieces.is_none();
            }
            if counted_only.contains(&unit[0].unit) {
                gone.shipments.entry(unit[0].unit).or_default().unknown = true;
                continue;
            }
            gone.cartons += 1;
            gone.pieces += portion.pieces;
            let into: Vec<&[i64]> =
                unit.iter().filter_map(|s| shipments.get(&s.container?)).map(Vec::as_slice).collect();
            match into.as_slice() {
                [] => gone.not_shipped += 1,
                // The common case, and the one that has to be quick.
                [[one]] => gone.shipments.entry(*one).or_default().add(portion),
                several => {
                    let distinct: BTreeSet<i64> = several.iter().copied().flatten().copied().collect();
                    for shipment in distinct {
                        gone.shipments.entry(shipment).or_default().add(portion);
                    }
                }
            }
        }
        Ok(gone)
    }

    /// What units hold of batches, unit by unit.
    async fn shares(&self, batches: &[i64]) -> Result<Vec<Share>, Fault> {
        let mut shares = Vec::new();
        for row in self.rows_in_apart(HELD, &[], batches).await? {
            shares.push(Share {
                unit: row.int(0)?,
                batch: row.int(1)?,
                container: row.int_or_none(3)?,
                pieces: row.int_or_none(2)?.map(|n| u64::try_from(n).unwrap_or(0)),
            });
        }
        shares.sort_unstable();
        Ok(shares)
    }

    /// The shipments that containers are, or are in; those that are in none are left out.
    async fn shipments_of(&mut self, containers: &BTreeSet<i64>) -> Result<HashMap<i64, Vec<i64>>, Fault> {
        let ids: Vec<i64> = containers.iter().copied().collect();
        let around = self.around(&ids).await?;
        let mut shipments = HashMap::new();
        for container in ids {
            let mut found = super::card::chain(container, &around);
            found.push(container);
            found.retain(|id| self.is(*id, SubjectKind::Shipment));
            if !found.is_empty() {
                shipments.insert(container, found);
            }
        }
        Ok(shipments)
    }

    /// Shipments that may hold some of the batches: cartons of them were counted there, not scanned.
    async fn counted_only(&mut self, shares: &[Share]) -> Result<BTreeSet<i64>, Fault> {
        let holders: BTreeSet<i64> = shares.iter().filter(|s| s.pieces.is_none()).map(|s| s.unit).collect();
        self.learn_ids(holders.iter().copied()).await?;
        Ok(holders.into_iter().filter(|id| self.is(*id, SubjectKind::Shipment)).collect())
    }

    /// The batches of a trade item, each with the entry that filed its run sheet.
    pub(crate) async fn batches_of_trade_item(&mut self, id: i64) -> Result<BTreeMap<i64, u64>, Fault> {
        let batches = self.referring(id, "trade_item").await?;
        self.learn_ids(batches.keys().copied()).await?;
        Ok(batches.into_iter().filter(|(id, _)| self.is(*id, SubjectKind::Batch)).collect())
    }

    /// The subjects with a fact that stands for this one, by its key.
    pub(crate) async fn referring(&mut self, id: i64, field: &str) -> Result<BTreeMap<i64, u64>, Fault> {
        let Some(key) = self.subject(id).map(|s| s.key.clone()) else { return Ok(BTreeMap::new()) };
        let rows = self.rows_apart(REFERRING, &values![field, key]).await?;
        let found: HashMap<i64, u64> =
            rows.iter().map(|r| Ok((r.int(0)?, r.count(1)?))).collect::<Result<_, Fault>>()?;
        Ok(found.into_iter().collect())
    }
}

/// The subjects with a fact that says a key.
pub(crate) const REFERRING: &str = "select subject, since from refer \
    where brand = $1 and field = $2 and key = $3 and until is null order by subject";
