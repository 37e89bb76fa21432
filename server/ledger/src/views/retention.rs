//! What falls due: records whose period ends, samples that somebody should look for (C58).

use super::{PAGE, Reading};
use crate::{
    Ask, Fault, Ledger, Reader,
    db::{Row, values},
    words::kind_number,
};
use domain::{
    plan::{self, in_force},
    record::Records,
    subject::{Subject, SubjectKind},
    time::months_later,
    view::{KeptUntil, Page, RetentionView, SampleDue},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Batches whose records need not be kept beyond a day, the earliest first.
pub(crate) const DUE: &str = "select batch, kept_until from standing \
    where brand = $1 and kept_until <= $2 and (kept_until > $3 or (kept_until = $3 and batch > $4)) \
    order by kept_until, batch limit 51";
/// How many there are.
pub(crate) const DUE_TOTAL: &str = "select count(*) from standing where brand = $1 and kept_until <= $2";
/// Retained samples.
pub(crate) const SAMPLES: &str = "select id from subject where brand = $1 and kind = $2 order by id";

/// Months ahead that are told.
const AHEAD: u64 = 12;
/// How often a sample is looked for where no plan says it, in months.
const EVERY: u64 = 12;

impl Ledger {
    /// What falls due by a day a year after `day`. Lists: `records`.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn retention(&self, reader: &Reader, day: &str, ask: &Ask) -> Result<RetentionView, Fault> {
        let empty = RetentionView { day: day.into(), records: Page::default(), samples: vec![] };
        if !reader.role.reads_records() {
            return Ok(empty);
        }
        self.stands(reader.brand).await?;
        let mut reading = Reading::begin(self, reader);
        let records = reading.records_due(day, ask.after("records")).await?;
        let samples = reading.samples_due(day).await?;
        Ok(RetentionView { records, samples, ..empty })
    }

    /// Whether the records of a batch may be purged on a day: its period is over, and no legal hold stops it.
    /// What is not known to be over is not, nor is what other rules of the program have told to be.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn may_purge(&self, reader: &Reader, batch: &str, day: &str) -> Result<bool, Fault> {
        if !self.stands(reader.brand).await? {
            return Ok(false);
        }
        let mut reading = Reading::begin(self, reader);
        let Some(id) = reading.page_id(SubjectKind::Batch, batch).await? else { return Ok(false) };
        let Some(row) = reading.rows(KEPT_UNTIL, &values![id]).await?.into_iter().next() else {
            return Ok(false);
        };
        let over = row.text_or_none(0)?.is_some_and(|until| until.as_str() < day);
        Ok(over && reading.legal_holds(&[id]).await?.is_empty())
    }
}

/// Until when the records of a batch are kept.
pub(crate) const KEPT_UNTIL: &str = "select kept_until from standing where brand = $1 and batch = $2";

impl Reading<'_> {
    async fn records_due(&mut self, day: &str, after: Option<&str>) -> Result<Page<KeptUntil>, Fault> {
        let last = months_later(day, AHEAD).unwrap_or_else(|| day.to_string());
        let (from, batch) = after.and_then(|text| text.split_once('.')).unwrap_or(("", "0"));
        let batch: i64 = batch.parse().unwrap_or(0);
        let rows = self.rows_apart(DUE, &values![&last, from, batch]).await?;
        let total = self.rows_apart(DUE_TOTAL, &values![&last]).await?;
        let total = total.first().map_or(Ok(0), |row| row.count(0))?;
        let place = |row: &Row| Ok::<_, Fault>(format!("{}.{}", row.text(1)?, row.int(0)?));
        let next = rows.get(PAGE - 1).filter(|_| rows.len() > PAGE).map(place).transpose()?;
        let due = rows.iter().take(PAGE).map(|row| Ok((row.int(0)?, row.text(1)?)));
        let due = due.collect::<Result<Vec<(i64, String)>, Fault>>()?;
        let ids: Vec<i64> = due.iter().map(|(id, _)| *id).collect();
        self.learn_titles(ids.iter().copied()).await?;
        let held = self.legal_holds(&ids).await?;
        let rows = due.into_iter().map(|(id, until)| KeptUntil {
            batch: self.titled(id),
            until,
            held: held.get(&id).cloned(),
        });
        Ok(Page { rows: rows.collect(), total, next })
    }

    /// The matters of legal holds on batches, or on their trade items.
    async fn legal_holds(&mut self, ids: &[i64]) -> Result<HashMap<i64, String>, Fault> {
        let records = self.gathering().records(ids).await?;
        let item =
            |id: &i64| Some(Subject::trade_item(records.get(id)?.get("run_sheet")?.fact("trade_item")?));
        let items: BTreeSet<Subject> = ids.iter().filter_map(item).collect();
        let items: Vec<Subject> = items.into_iter().collect();
        let item_ids = self.gathering().find(&items).await?;
        let of_items = self.gathering().records(&item_ids).await?;
        self.learn_ids(item_ids).await?;
        let matter = |records: Option<&Records>| {
            let hold = records?.get("legal_hold").filter(|hold| hold.fact("lifted_on").is_none())?;
            hold.fact("matter").map(str::to_string)
        };
        let held = ids.iter().filter_map(|id| {
            let of_item = item(id).and_then(|item| self.known_id(&item)).and_then(|item| of_items.get(&item));
            Some((*id, matter(records.get(id)).or_else(|| matter(of_item))?))
        });
        Ok(held.collect())
    }

    /// Samples to be looked for: a plan says how often, else once a year; those not found at once.
    async fn samples_due(&mut self, day: &str) -> Result<Vec<SampleDue>, Fault> {
        let sample = kind_number(SubjectKind::RetainedSample);
        let ids = self.rows_apart(SAMPLES, &values![sample]).await?;
        let ids = ids.iter().map(|row| row.int(0)).collect::<Result<Vec<i64>, Fault>>()?;
        let records = self.gathering().records(&ids).await?;
        let every = self.retrieval_months(&records).await?;
        self.learn_titles(ids.iter().copied()).await?;
        let mut due = vec![];
        for id in ids {
            let Some(filed) = records.get(&id).and_then(|records| records.get("retained_sample")) else {
                continue;
            };
            let missing = filed.fact("missing_since");
            let last = filed.fact("found_on").or(filed.fact("kept_on")).unwrap_or(day);
            let months =
                filed.fact("sampled_batch").and_then(|batch| every.get(batch)).copied().unwrap_or(EVERY);
            let due_on = missing.map(str::to_string).or_else(|| months_later(last, months));
            let Some(due_on) = due_on.filter(|due_on| due_on.as_str() <= day) else { continue };
            due.push(SampleDue {
                sample: self.titled(id),
                location: filed.fact("location").map(str::to_string),
                custodian: filed.fact("custodian").map(str::to_string),
                due_on,
                missing: missing.is_some(),
            });
        }
        due.sort_by(|a, b| (!a.missing, &a.due_on).cmp(&(!b.missing, &b.due_on)));
        due.truncate(PAGE);
        Ok(due)
    }

    /// How often samples of batches are looked for, by the plans of these.
    async fn retrieval_months(
        &mut self,
        samples: &HashMap<i64, Records>,
    ) -> Result<BTreeMap<String, u64>, Fault> {
        let keys =
            samples.values().filter_map(|records| records.get("retained_sample")?.fact("sampled_batch"));
        let batches: BTreeSet<Subject> = keys.map(Subject::batch).collect();
        let batches: Vec<Subject> = batches.into_iter().collect();
        let ids = self.gathering().find(&batches).await?;
        self.learn_ids(ids.iter().copied()).await?;
        let sheets = self.gathering().records(&ids).await?;
        let plan_of = |id: &i64| {
            let sheet = sheets.get(id)?.get("run_sheet")?;
            Some(Subject::trace_plan(sheet.fact("trade_item")?, sheet.fact("factory")?))
        };
        let plans: BTreeSet<Subject> = ids.iter().filter_map(plan_of).collect();
        let plans: Vec<Subject> = plans.into_iter().collect();
        let plan_ids = self.gathering().find(&plans).await?;
        self.learn_ids(plan_ids.iter().copied()).await?;
        let terms = self.gathering().records(&plan_ids).await?;
        let mut every = BTreeMap::new();
        for id in &ids {
            let Some(batch) = self.subject(*id) else { continue };
            let from =
                sheets.get(id).and_then(|r| r.get("run_sheet")?.fact("produced_from")).unwrap_or_default();
            let revisions =
                plan_of(id).and_then(|plan| self.known_id(&plan)).and_then(|plan| terms.get(&plan));
            let revisions = revisions.map(plan::revisions).unwrap_or_default();
            if let Some(plan) = in_force(&revisions, from) {
                every.insert(batch.key.clone(), plan.retrieval_months());
            }
        }
        Ok(every)
    }
}
