//! The pages about one subject.

use super::{
    Reading, card,
    goods::{NOW, Portion},
};
use crate::{
    Ask, Fault, Ledger, Reader,
    db::values,
    words::{MADE_FROM, kind_number},
};
use domain::{
    subject::SubjectKind,
    view::{BatchView, MaterialLotView, PlaceView, ShipmentView, Titled, TradeItemView, UnitView},
};
use std::collections::BTreeMap;

/// What a shipment was split from, and what was split from it.
pub(crate) const PARTS: &str = "select l.child from link l \
    join subject s on s.brand = l.brand and s.id = l.child and s.kind = $4 \
    where l.brand = $1 and l.kind = $2 and l.parent = $3 and l.until is null order by l.child";
/// The whole of a part.
pub(crate) const WHOLE: &str = "select l.parent from link l \
    join subject s on s.brand = l.brand and s.id = l.parent and s.kind = $4 \
    where l.brand = $1 and l.kind = $2 and l.child = $3 and l.until is null order by l.since desc";

impl Ledger {
    /// A batch with its story. Lists: `cartons`, `shipments`, `timeline`. Nothing for who may not read
    /// records.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn batch(&self, reader: &Reader, key: &str, ask: &Ask) -> Result<Option<BatchView>, Fault> {
        let mut reading = Reading::begin(self, reader);
        let Some(id) = reading.page_id(SubjectKind::Batch, key).await? else { return Ok(None) };
        let gone = reading.gone(&[id], &[]).await?;
        Ok(Some(BatchView {
            card: reading.card(id).await?,
            standing: reading.standing(id).await?,
            records: reading.records(id).await?,
            materials: reading.material_lines(&[id]).await?,
            cartons: reading.units_holding(id, ask.after("cartons")).await?,
            shipments: reading.shipment_page(gone.shipments, ask.after("shipments"), &[]).await?,
            timeline: reading.timeline(id, ask.after("timeline")).await?,
        }))
    }

    /// A carton or pallet with its story. Lists: `units`, `timeline`.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn logistic_unit(
        &self,
        reader: &Reader,
        key: &str,
        ask: &Ask,
    ) -> Result<Option<UnitView>, Fault> {
        let mut reading = Reading::begin(self, reader);
        let Some(id) = reading.page_id(SubjectKind::LogisticUnit, key).await? else { return Ok(None) };
        Ok(Some(UnitView {
            card: reading.card(id).await?,
            units: reading.units_in(id, NOW, ask.after("units")).await?,
            timeline: reading.timeline(id, ask.after("timeline")).await?,
        }))
    }

    /// A shipment with its story. Lists: `units`, `timeline`. One that has arrived shows what was in it
    /// when it did.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn shipment(
        &self,
        reader: &Reader,
        key: &str,
        ask: &Ask,
    ) -> Result<Option<ShipmentView>, Fault> {
        let mut reading = Reading::begin(self, reader);
        let kind = SubjectKind::Shipment;
        let Some(id) = reading.page_id(kind, key).await? else { return Ok(None) };
        let marks = reading.marks(&[id]).await?;
        let as_of = card::as_of(Some(kind), marks.get(&id));
        let parts = reading.split(PARTS, id).await?;
        let whole = reading.split(WHOLE, id).await?;
        Ok(Some(ShipmentView {
            card: reading.card(id).await?,
            records: reading.records(id).await?,
            held_back: reading.held_back(id).await?,
            units: reading.units_in(id, as_of, ask.after("units")).await?,
            parts,
            whole: whole.into_iter().next(),
            timeline: reading.timeline(id, ask.after("timeline")).await?,
        }))
    }

    /// A material lot and where it went. Lists: `batches`, `shipments`, `timeline`.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn material_lot(
        &self,
        reader: &Reader,
        key: &str,
        ask: &Ask,
    ) -> Result<Option<MaterialLotView>, Fault> {
        let mut reading = Reading::begin(self, reader);
        let Some(id) = reading.page_id(SubjectKind::MaterialLot, key).await? else { return Ok(None) };
        Ok(Some(MaterialLotView {
            card: reading.card(id).await?,
            records: reading.records(id).await?,
            batches: reading.batches_made_of(id, ask.after("batches")).await?,
            forward: reading.forward(id, ask.after("shipments")).await?,
            timeline: reading.timeline(id, ask.after("timeline")).await?,
        }))
    }

    /// A trade item and its batches. Lists: `batches`, `timeline`.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn trade_item(
        &self,
        reader: &Reader,
        key: &str,
        ask: &Ask,
    ) -> Result<Option<TradeItemView>, Fault> {
        let mut reading = Reading::begin(self, reader);
        let Some(id) = reading.page_id(SubjectKind::TradeItem, key).await? else { return Ok(None) };
        let batches = reading.batches_of_trade_item(id).await?;
        Ok(Some(TradeItemView {
            card: reading.card(id).await?,
            records: reading.records(id).await?,
            plans: reading.plans_of(id).await?,
            batches: reading.batch_page(batches, ask.after("batches")).await?,
            timeline: reading.timeline(id, ask.after("timeline")).await?,
        }))
    }

    /// A place, the shipments that go or went there, and what happened there. Lists: `shipments`,
    /// `timeline`.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn place(&self, reader: &Reader, key: &str, ask: &Ask) -> Result<Option<PlaceView>, Fault> {
        let mut reading = Reading::begin(self, reader);
        let Some(id) = reading.page_id(SubjectKind::Place, key).await? else { return Ok(None) };
        let shipments = reading.shipments_to(id).await?;
        Ok(Some(PlaceView {
            card: reading.card(id).await?,
            records: reading.records(id).await?,
            shipments: reading.shipment_page(shipments, ask.after("shipments"), &[]).await?,
            timeline: reading.timeline(id, ask.after("timeline")).await?,
        }))
    }
}

impl Reading<'_> {
    async fn split(&mut self, sql: &str, id: i64) -> Result<Vec<Titled>, Fault> {
        let kind = kind_number(SubjectKind::Shipment);
        let rows = self.rows(sql, &values![MADE_FROM, id, kind]).await?;
        let ids = rows.iter().map(|r| r.int(0)).collect::<Result<Vec<i64>, _>>()?;
        self.learn_titles(ids.iter().copied()).await?;
        Ok(ids.into_iter().map(|id| self.titled(id)).collect())
    }

    /// Shipments with this destination, with all that is in them.
    async fn shipments_to(&mut self, place: i64) -> Result<BTreeMap<i64, Portion>, Fault> {
        let found = self.referring(place, "destination").await?;
        self.learn_ids(found.keys().copied()).await?;
        let ids: Vec<i64> = found.into_keys().filter(|id| self.is(*id, SubjectKind::Shipment)).collect();
        let mut portions: BTreeMap<i64, Portion> = ids.iter().map(|id| (*id, Portion::default())).collect();
        for row in self.rows_in_apart(crate::open::CARTONS, &values![NOW], &ids).await? {
            portions.entry(row.int(0)?).or_default().cartons = row.count(1)?;
        }
        for row in self.rows_in_apart(crate::open::CONTENTS, &values![NOW], &ids).await? {
            let portion = portions.entry(row.int(0)?).or_default();
            match crate::open::share(&row, 2)?.pieces() {
                Some(pieces) => portion.pieces += pieces.0,
                None => portion.unknown = true,
            }
        }
        Ok(portions)
    }
}
