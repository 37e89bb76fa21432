//! Towards materials, and towards shipments (C03, C04).
//!
//! Batches first, then joins: the walk over made-from links is short, and from the batches on two plain
//! indexed joins count what a recursion over cartons would visit one by one. Containers are in containers
//! only a few deep, and there are few of them, so those are climbed here.

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

/// What units hold of batches: pieces, rows, rows with a number.
pub(crate) const SHARES: &str = "select cast(coalesce(sum(amount), 0) as bigint), count(*), count(amount) \
    from link where brand = $1 and kind = 2 and until is null and child in ({list})";
/// The distinct units that hold batches.
pub(crate) const CARTONS: &str = "select count(distinct parent) \
    from link where brand = $1 and kind = 2 and until is null and child in ({list})";
/// Holders of batches in which the share is not known: among them are shipments that were only counted.
pub(crate) const UNCOUNTED: &str = "select distinct parent from link \
    where brand = $1 and kind = 2 and until is null and amount is null and child in ({list})";
/// What the units that hold batches are directly in, null for nothing: distinct units, pieces, rows, rows
/// with a number. The sum keeps SQLite from walking every container there is in the order of the groups.
pub(crate) const DIRECTLY_IN: &str = "select c.parent + 0, count(distinct b.parent), \
    cast(coalesce(sum(b.amount), 0) as bigint), count(*), count(b.amount) \
    from link b left join link c \
    on c.brand = b.brand and c.kind = 1 and c.child = b.parent and c.until is null \
    where b.brand = $1 and b.kind = 2 and b.until is null and b.child in ({list}) group by c.parent + 0";
/// The distinct units that hold batches and are directly in one of some containers.
pub(crate) const SHIPPED: &str = "select distinct b.parent \
    from link b join link c on c.brand = b.brand and c.kind = 1 and c.child = b.parent and c.until is null \
    where b.brand = $1 and b.kind = 2 and b.until is null and b.child = $2 and c.parent in ({list})";

/// Batches that are asked about in one statement; more are asked about in turn.
const ONE_STATEMENT: usize = 256;

/// Where batches have gone.
#[derive(Default)]
pub(crate) struct Gone {
    pub(crate) shipments: BTreeMap<i64, Portion>,
    pub(crate) cartons: u64,
    pub(crate) pieces: u64,
    pub(crate) not_shipped: u64,
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

    /// Where batches have gone.
    pub(crate) async fn gone(&mut self, batches: &[i64]) -> Result<Gone, Fault> {
        let mut gone = Gone::default();
        if batches.is_empty() {
            return Ok(gone);
        }
        let mut direct: BTreeMap<i64, Portion> = BTreeMap::new();
        let (mut units, mut in_nothing, mut all_told) = (0, 0, true);
        for chunk in batches.chunks(ONE_STATEMENT) {
            let mut shares = 0;
            for row in self.rows_in_apart(SHARES, &[], chunk).await? {
                gone.pieces += row.count(0)?;
                shares += row.count(1)?;
                all_told &= row.int(1)? == row.int(2)?;
            }
            let (mut distinct, mut met) = (0, 0);
            for row in self.rows_in_apart(DIRECTLY_IN, &[], chunk).await? {
                let unknown = row.int(3)? != row.int(4)?;
                let portion = Portion { cartons: row.count(1)?, pieces: row.count(2)?, unknown };
                distinct += portion.cartons;
                met += row.count(3)?;
                match row.int_or_none(0)? {
                    Some(container) => direct.entry(container).or_default().add(portion),
                    None => in_nothing += portion.cartons,
                }
            }
            // A unit that has been in several shipments was met in each of them.
            if met != shares {
                distinct = 0;
                for row in self.rows_in_apart(CARTONS, &[], chunk).await? {
                    distinct += row.count(0)?;
                }
            }
            units += distinct;
        }
        let counted_only = if all_told { vec![] } else { self.counted_only(batches).await? };
        gone.cartons = units.saturating_sub(counted_only.len() as u64);
        let containers: Vec<i64> = direct.keys().copied().collect();
        let around = self.around(&containers).await?;
        let mut leads_out = BTreeSet::new();
        for (container, portion) in &direct {
            let outer = super::card::chain(*container, &around);
            for shipment in std::iter::once(container).chain(&outer) {
                if self.is(*shipment, SubjectKind::Shipment) {
                    gone.shipments.entry(*shipment).or_default().add(*portion);
                    leads_out.insert(*container);
                }
            }
        }
        let shipped = match leads_out.len() == direct.len() {
            true => units.saturating_sub(in_nothing),
            false => self.shipped_cartons(batches, leads_out).await?,
        };
        gone.not_shipped = gone.cartons.saturating_sub(shipped);
        for shipment in counted_only {
            gone.shipments.entry(shipment).or_default().unknown = true;
        }
        Ok(gone)
    }

    /// Shipments that may hold some of the batches: cartons of them were counted there, not scanned.
    async fn counted_only(&mut self, batches: &[i64]) -> Result<Vec<i64>, Fault> {
        let mut holders = BTreeSet::new();
        for row in self.rows_in_apart(UNCOUNTED, &[], batches).await? {
            holders.insert(row.int(0)?);
        }
        self.learn_ids(holders.iter().copied()).await?;
        Ok(holders.into_iter().filter(|id| self.is(*id, SubjectKind::Shipment)).collect())
    }

    async fn shipped_cartons(&self, batches: &[i64], leads_out: BTreeSet<i64>) -> Result<u64, Fault> {
        let leads_out: Vec<i64> = leads_out.into_iter().collect();
        let mut shipped = std::collections::HashSet::new();
        for batch in batches {
            for row in self.rows_in_apart(SHIPPED, &values![*batch], &leads_out).await? {
                shipped.insert(row.int(0)?);
            }
        }
        Ok(shipped.len() as u64)
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
