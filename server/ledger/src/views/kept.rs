//! Retained samples, order and invoice lines, and the batches that name a revision.

use super::Reading;
use crate::{Ask, Fault, Ledger, Reader, db::values};
use domain::{
    record::{approved_revision, of_kind},
    subject::{Subject, SubjectKind},
    view::{KeptView, NamedAlikeView},
};
use std::collections::BTreeMap;

/// The subjects of which a field says something, and since when.
pub(crate) const SAYING: &str = "select subject, since from refer \
    where brand = $1 and field = $2 and key = $3 and until is null";

impl Ledger {
    /// A retained sample with its batch (C51). Lists: `timeline`.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn retained_sample(
        &self,
        reader: &Reader,
        key: &str,
        ask: &Ask,
    ) -> Result<Option<KeptView>, Fault> {
        self.kept(reader, SubjectKind::RetainedSample, key, ask).await
    }

    /// An order or invoice line with the batches joined to it (C10). Lists: `batches`, `timeline`.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn order_line(&self, reader: &Reader, key: &str, ask: &Ask) -> Result<Option<KeptView>, Fault> {
        self.kept(reader, SubjectKind::OrderLine, key, ask).await
    }

    async fn kept(
        &self,
        reader: &Reader,
        kind: SubjectKind,
        key: &str,
        ask: &Ask,
    ) -> Result<Option<KeptView>, Fault> {
        let mut reading = Reading::begin(self, reader);
        let Some(id) = reading.page_id(kind, key).await? else { return Ok(None) };
        let records = reading.gathering().records(&[id]).await?.remove(&id).unwrap_or_default();
        let sampled =
            records.get("retained_sample").and_then(|r| r.fact("sampled_batch").map(|key| (key, r)));
        let batches = of_kind(&records, "bridge").chain(sampled);
        let mut since = BTreeMap::new();
        for (key, filed) in batches {
            let seq = filed.entry.as_ref().map_or(0, |entry| entry.seq);
            since.extend(reading.id(&Subject::batch(key)).await?.map(|id| (id, seq)));
        }
        Ok(Some(KeptView {
            card: reading.card(id).await?,
            records: reading.records(id).await?,
            batches: reading.batch_page(since, ask.after("batches")).await?,
            timeline: reading.timeline(id, ask.after("timeline")).await?,
        }))
    }

    /// The batches that name a revision: `bom` and `BOM-12` (C14). Nothing for a field that is none of the
    /// approved revision's. Lists: `batches`.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn named_alike(
        &self,
        reader: &Reader,
        field: &str,
        value: &str,
        ask: &Ask,
    ) -> Result<Option<NamedAlikeView>, Fault> {
        let known = approved_revision::KIND.fields.iter().find(|f| f.name == field);
        let Some(known) = known.filter(|f| approved_revision::KIND.refers(f, value).is_some()) else {
            return Ok(None);
        };
        if !reader.role.reads_records() {
            return Ok(None);
        }
        let mut reading = Reading::begin(self, reader);
        let rows = reading.rows(SAYING, &values![field, value]).await?;
        let named = rows.iter().map(|row| Ok((row.int(0)?, row.count(1)?)));
        let named: BTreeMap<i64, u64> = named.collect::<Result<_, Fault>>()?;
        reading.learn_ids(named.keys().copied()).await?;
        let named = named.into_iter().filter(|(id, _)| reading.is(*id, SubjectKind::Batch)).collect();
        Ok(Some(NamedAlikeView {
            label: known.label.said(),
            value: value.to_string(),
            batches: reading.batch_page(named, ask.after("batches")).await?,
        }))
    }
}
