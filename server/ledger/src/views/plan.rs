//! Trace plans, and what the forms of the floor ask by them.

use super::{Reading, records::shown};
use crate::{Ask, Fault, Ledger, Reader, dossier::Depth};
use domain::{
    plan::{self, PLAN, Plan, Proof},
    record::Records,
    subject::{Subject, SubjectKind},
    view::{PlanLine, PlanView, RevisionView},
};
use std::collections::BTreeMap;

impl Ledger {
    /// A trace plan with its revisions. Lists: `batches`, `timeline`.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn trace_plan(&self, reader: &Reader, key: &str, ask: &Ask) -> Result<Option<PlanView>, Fault> {
        let mut reading = Reading::begin(self, reader);
        let Some(id) = reading.page_id(SubjectKind::TracePlan, key).await? else { return Ok(None) };
        let plans = reading.revisions(&[id]).await?.remove(&id).unwrap_or_default();
        let made = reading.rows_of(crate::standing::MADE_AS, &[], &[key.into()]).await?;
        let made =
            made.iter().map(|row| Ok((row.int(0)?, 0))).collect::<Result<BTreeMap<i64, u64>, Fault>>()?;
        let records = reading.records(id).await?;
        let subject_of = |name: &str| {
            let facts =
                records.iter().filter(|record| record.kind == "plan_for").flat_map(|record| &record.facts);
            facts.into_iter().find(|fact| fact.name == name)?.subject.clone()
        };
        let (item, factory) = (subject_of("planned_item"), subject_of("planned_factory"));
        let item = reading.titled_all(item.as_slice()).await?.into_iter().next();
        let factory = reading.titled_all(factory.as_slice()).await?.into_iter().next();
        Ok(Some(PlanView {
            card: reading.card(id).await?,
            item,
            factory,
            revisions: plans.iter().rev().map(revision).collect(),
            batches: reading.batch_page(made, ask.after("batches")).await?,
            timeline: reading.timeline(id, ask.after("timeline")).await?,
        }))
    }

    /// The strictest way in which the trace plans of goods want an event of a kind recorded (C24): what its
    /// form asks for. [`Proof::Named`] for who may not read records, whose form tells nothing of plans.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn proof(&self, reader: &Reader, event: &str, goods: &[Subject]) -> Result<Proof, Fault> {
        if !reader.role.reads_records() {
            return Ok(Proof::Named);
        }
        let mut reading = Reading::begin(self, reader);
        let mut ids = vec![];
        for one in goods {
            ids.extend(reading.page_id(one.kind, &one.key).await?);
        }
        ids.extend(reading.batches_in(&ids).await?);
        let dossiers = reading.gathering().dossiers(&ids, Depth::Completeness).await?;
        let asked = dossiers.iter().filter_map(|(_, dossier)| Some(dossier.plan()?.proof(event)));
        Ok(asked.max().unwrap_or(Proof::Named))
    }
}

/// A revision as shown.
fn revision(plan: &Plan) -> RevisionView {
    let called = Reading::no_names();
    let terms = plan.settled();
    let facts = PLAN.iter().filter(|field| field.name != "revision");
    RevisionView {
        revision: plan.revision,
        status: plan.status(),
        accepted: plan.accepted.clone(),
        facts: facts
            .map(|field| shown("trace_plan", field, terms.get(field.name).map(String::as_str), &called))
            .collect(),
        drafted: plan.drafted.clone(),
    }
}

impl Reading<'_> {
    /// The revisions of plans.
    async fn revisions(&mut self, ids: &[i64]) -> Result<BTreeMap<i64, Vec<Plan>>, Fault> {
        let records = self.gathering().records(ids).await?;
        Ok(records.into_iter().map(|(id, records): (i64, Records)| (id, plan::revisions(&records))).collect())
    }

    /// The trace plans of a trade item, each with its latest revision.
    pub(crate) async fn plans_of(&mut self, item: i64) -> Result<Vec<PlanLine>, Fault> {
        let ids: Vec<i64> = self.referring(item, "planned_item").await?.into_keys().collect();
        let revisions = self.revisions(&ids).await?;
        self.learn_titles(ids.iter().copied()).await?;
        let line = |id: i64| {
            let latest = revisions.get(&id)?.last()?;
            Some(PlanLine { plan: self.titled(id), revision: latest.revision, status: latest.status() })
        };
        Ok(ids.into_iter().filter_map(line).collect())
    }
}
