//! What the trace plans of goods say about how an event is recorded (lock 5, C24) and whether they may leave.

use crate::{
    book::Known,
    plan::{self, Plan, Proof},
    record::Facts,
    refusal::Refusal,
    subject::{Subject, SubjectKind},
    text::{Said, Text},
};
use std::collections::BTreeSet;

/// The batches in goods: a batch itself, or those in a carton, pallet or shipment.
pub(super) fn batches<'s>(goods: impl IntoIterator<Item = &'s Subject>, book: &Known) -> BTreeSet<Subject> {
    let mut batches = BTreeSet::new();
    for one in goods {
        match one.kind {
            SubjectKind::Batch => drop(batches.insert(one.clone())),
            _ => batches.extend(book.state(one).into_iter().flat_map(|s| s.contents.keys().cloned())),
        }
    }
    batches
}

/// What has to be open to know the plans of batches: their run sheets, then the plans these lead to.
pub(super) fn needs(batches: &BTreeSet<Subject>, book: &Known) -> Vec<Subject> {
    let plans = batches
        .iter()
        .filter_map(|batch| subject_of(book.records(batch).get("run_sheet").map(|r| &r.facts)?));
    batches.iter().cloned().chain(plans).collect()
}

/// The trace plan to which a run sheet leads.
pub(super) fn subject_of(sheet: &Facts) -> Option<Subject> {
    Some(Subject::trace_plan(sheet.get("trade_item")?, sheet.get("factory")?))
}

/// The plan of a batch: under which it was opened, or which held on its first day.
pub(super) fn plan_of(batch: &Subject, book: &Known) -> Option<Plan> {
    let sheet = &book.records(batch).get("run_sheet")?.facts;
    let plans = plan::revisions(book.records(&subject_of(sheet)?));
    let opened = sheet.get("plan_revision").and_then(|n| n.parse::<u64>().ok());
    match opened {
        Some(revision) => plans.into_iter().find(|plan| plan.revision == revision && plan.is_locked()),
        None => plan::in_force(&plans, sheet.get("produced_from")?).cloned(),
    }
}

/// The strictest way in which the plans of these batches want an event of this kind recorded.
pub(super) fn proof(event: &str, batches: &BTreeSet<Subject>, book: &Known) -> Proof {
    let asked = batches.iter().filter_map(|batch| Some(plan_of(batch, book)?.proof(event)));
    asked.max_by_key(|proof| *proof as u8).unwrap_or(Proof::Named)
}

/// The refusal of an event that lacks what a plan asks for, with the label of the field in each language.
pub(super) fn asked_for(sentence: Text, label: Text, field: &str) -> Refusal {
    let fill = |label: &str| sentence.with(&[("label", label)]);
    let said = Said { en: fill(label.en).en, zh: fill(label.zh).zh };
    Refusal::said("plan_asks", said).at(field)
}

/// Said where a form lacks what the plan asks for.
pub(super) const PLAN_ASKS: Text = crate::text::text(
    "The trace plan asks for “{label}” here. Fill it in.",
    "追溯方案要求填写“{label}”，请补充。",
);
