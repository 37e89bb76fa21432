//! Towards materials, and towards shipments (C03, C04).
//!
//! Batches first, then joins (`gone`): the walk over made-from links is short, and what a recursion over
//! cartons would visit one by one, one indexed join brings at once.

use super::{
    Reading,
    card::{as_of, under_way},
    goods::{MADE_FROM_OF, MADE_OF},
};
use crate::{Ask, Fault, Ledger, Reader, db::values, words::MADE_FROM};
use domain::{
    subject::{Subject, SubjectKind},
    view::{BatchShare, TraceBack, TraceForward},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a walk forward has come to.
#[derive(Default)]
struct Met {
    batches: Vec<i64>,
    /// Cartons that material went into without a batch: they were reworked with it.
    reworked: Vec<i64>,
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
        batches.extend(reading.taken_out(id, &batches).await?);
        let mut met: BTreeSet<i64> =
            batches.iter().filter_map(|b| reading.known_id(&b.batch.subject)).collect();
        let mut walk: BTreeSet<i64> = met.clone();
        walk.insert(id);
        // What a rework put into a carton is in everything round it.
        walk.extend(reading.units_within(id).await?);
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
        let met = self.met_from(id).await?;
        let gone = self.gone(&met.batches, &met.reworked).await?;
        // What the start is called is learnt with the shipments.
        let shipments = self.shipment_page(gone.shipments, after, &[id]).await?;
        Ok(TraceForward {
            start: self.titled(id),
            batches: met.batches.len() as u64,
            cartons: gone.cartons,
            cartons_not_shipped: gone.not_shipped,
            pieces: gone.pieces,
            shipments,
        })
    }

    /// The batches that a subject is, holds, or went into, and the cartons it went into in a rework.
    async fn met_from(&mut self, id: i64) -> Result<Met, Fault> {
        let (mut batches, mut reworked) = (BTreeSet::new(), BTreeSet::new());
        let mut seen = BTreeSet::from([id]);
        let mut ask = vec![id];
        let kind = self.subject(id).map(|s| s.kind);
        match kind {
            Some(SubjectKind::Batch) => drop(batches.insert(id)),
            Some(SubjectKind::TradeItem) => {
                ask = self.batches_of_trade_item(id).await?.into_keys().collect();
                batches.extend(&ask);
            }
            Some(SubjectKind::LogisticUnit | SubjectKind::Shipment) => {
                for moment in self.moments(id, kind).await? {
                    batches.extend(self.held(id, moment).await?.into_iter().map(|h| h.batch));
                }
                ask = batches.iter().copied().collect();
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
            reworked.extend(made.iter().filter(|id| self.is(**id, SubjectKind::LogisticUnit)));
            ask = made;
        }
        Ok(Met { batches: batches.into_iter().collect(), reworked: reworked.into_iter().collect() })
    }

    /// The batches that left in a shipment under way and are not in it any more.
    async fn taken_out(&mut self, id: i64, still: &[BatchShare]) -> Result<Vec<BatchShare>, Fault> {
        let kind = self.subject(id).map(|s| s.kind);
        if kind != Some(SubjectKind::Shipment) {
            return Ok(vec![]);
        }
        let still: BTreeSet<i64> = still.iter().filter_map(|b| self.known_id(&b.batch.subject)).collect();
        let mut gone = BTreeMap::new();
        for moment in self.moments(id, kind).await? {
            let held = self.held(id, moment).await?.into_iter().filter(|h| !still.contains(&h.batch));
            gone.extend(held.map(|h| (h.batch, h)));
        }
        let ids: Vec<i64> = gone.keys().copied().collect();
        self.learn_titles(ids.iter().copied()).await?;
        let trade_items = self.trade_items(&ids).await?;
        let gone: Vec<_> = gone.into_values().collect();
        self.batch_shares(id, kind, &gone, &trade_items).await
    }

    /// Every unit in a container, whatever it is in there.
    async fn units_within(&mut self, id: i64) -> Result<Vec<i64>, Fault> {
        let kind = self.subject(id).map(|s| s.kind);
        if !matches!(kind, Some(SubjectKind::LogisticUnit | SubjectKind::Shipment)) {
            return Ok(vec![]);
        }
        let mut units = BTreeSet::new();
        for moment in self.moments(id, kind).await? {
            for row in self.rows_in_apart(UNITS_WITHIN, &values![moment], &[id]).await? {
                units.insert(row.int(0)?);
            }
        }
        Ok(units.into_iter().collect())
    }

    /// The points of the book at which what is in a container counts: as of its arrival, or now; for a
    /// shipment under way, when it left, too.
    async fn moments(&self, id: i64, kind: Option<SubjectKind>) -> Result<Vec<i64>, Fault> {
        let marks = self.marks(&[id]).await?;
        let left = marks.get(&id).filter(|_| kind == Some(SubjectKind::Shipment));
        let left = left.and_then(|marks| under_way(marks));
        Ok(left.into_iter().chain([as_of(kind, marks.get(&id))]).collect())
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

/// The units within a container at a point of the book, itself left out.
pub(crate) const UNITS_WITHIN: &str =
    crate::open::within!("select distinct unit from within where unit <> root");
/// The subjects with a fact that says a key.
pub(crate) const REFERRING: &str = "select subject, since from refer \
    where brand = $1 and field = $2 and key = $3 and until is null order by subject";
