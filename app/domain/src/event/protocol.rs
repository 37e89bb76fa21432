//! What the trace plans of goods say about how an event is recorded (lock 5, C24) and whether they may leave.

use super::{Context, EventKind, Evidence};
use crate::{
    book::Known,
    code::{self, CodeKey},
    field::{Field, Input},
    plan::{self, Plan, Proof},
    record::Facts,
    refusal::Refusal,
    state::State,
    subject::{Level, Subject, SubjectKind},
    text::{Said, Text, text},
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
    asked.max().unwrap_or(Proof::Named)
}

/// Refuses an event that lacks what the plans of these batches ask for. `lacks` tells of a field of
/// [`EventKind::proven_by`] where it is lacking: its path in the payload.
pub(super) fn check_proof<K: EventKind>(
    batches: &BTreeSet<Subject>,
    context: &Context<'_>,
    book: &Known,
    lacks: impl Fn(&str) -> Option<String>,
) -> Result<(), Refusal> {
    // What a record pack tells has happened already.
    if context.draft.evidence == Evidence::Imported {
        return Ok(());
    }
    let asked = K::proven_by(proof(K::NAME, batches, book)).iter();
    match asked.filter_map(|name| Some((name, lacks(name)?))).next() {
        Some((name, place)) => Err(asked_for(label(K::ABOUT.fields, name), &place)),
        None => Ok(()),
    }
}

/// What a field is called, `rows.field` in rows.
fn label(fields: &[Field], name: &str) -> Text {
    let (first, rest) = name.split_once('.').unwrap_or((name, ""));
    match fields.iter().find(|field| field.name == first) {
        Some(Field { input: Input::Rows(inner), .. }) if !rest.is_empty() => label(inner, rest),
        Some(field) => field.label,
        None => text("", ""),
    }
}

/// The refusal, with the label of the field in each language.
fn asked_for(label: Text, place: &str) -> Refusal {
    let fill = |label: &str| PLAN_ASKS.with(&[("label", label)]);
    let said = Said { en: fill(label.en).en, zh: fill(label.zh).zh };
    Refusal::said("plan_asks", said).at(place)
}

const PLAN_ASKS: Text =
    text("The trace plan asks for “{label}” here. Fill it in.", "追溯方案要求填写“{label}”，请补充。");

/// The trace plan of what two texts name, where both are known.
pub(super) fn plan_between(trade_item: &str, factory: &str, book: &Known) -> Option<Subject> {
    let item = book.one(trade_item, &[SubjectKind::TradeItem]).ok()?;
    let factory = book.one(factory, &[SubjectKind::Place]).ok()?;
    Some(Subject::trace_plan(&item.key, &factory.key))
}

const NOT_APPROVED: Text = text(
    "{label} “{is}” is not approved; the trace plan has “{approved}”. Make that, or amend the trace plan first.",
    "{label}“{is}”未经核准；追溯方案为“{approved}”。请按核准版本生产，或先修订追溯方案。",
);

/// Refuses a revision that is not the approved one.
pub(super) fn approved(plan: &Plan, name: &str, is: &str) -> Result<(), Refusal> {
    let baseline = plan.baseline().find(|(known, _)| *known == name);
    let Some((_, approved)) = baseline.filter(|(_, approved)| *approved != is.trim()) else { return Ok(()) };
    let field = plan::PLAN.iter().find(|field| field.name == name);
    let label = field.map_or(text("Revision", "版本"), |field| field.label);
    let fill = |label: &str| NOT_APPROVED.with(&[("label", label), ("is", is), ("approved", approved)]);
    let said = Said { en: fill(label.en).en, zh: fill(label.zh).zh };
    Err(Refusal::said("not_approved", said))
}

/// The keys `(01)…(10)…` under which the batch is found: one for each GTIN of the trade item.
pub(super) fn gs1_names(trade_item: Option<&State>, level: Level, lot_code: &str) -> Vec<CodeKey> {
    let gtins = trade_item.into_iter().flat_map(State::open_names);
    gtins
        .filter(|name| level == Level::Product || name.level == level)
        .filter_map(|name| name.key.as_str().strip_prefix("(01)"))
        // As an element string the lot code stands last, so nothing in it can end it early.
        .filter_map(|gtin| code::read(Some("]C1"), format!("01{gtin}10{lot_code}").as_bytes()).ok())
        .filter_map(|code| code.keys().into_iter().next())
        .collect()
}

/// Who may let goods pass that the gate holds: those who answer for a recall.
pub(super) const ROLES: &[(&str, Text)] = &[
    ("buyer", text("Buyer", "买方")),
    ("quality_manager", text("Quality manager", "质量经理")),
    ("compliance_manager", text("Compliance manager", "合规经理")),
];
