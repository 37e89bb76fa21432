//! What was agreed: the list of records of every batch, and amendments that leave earlier batches alone.

use super::*;
use domain::plan::PlanStatus;
use serde_json::json;
use worlds::{Scale, Tells, w1};

/// A revision that asks for two records only and knows another BOM, in force from a day.
fn amended(world: &worlds::World, from: &str) -> Value {
    let planned = world.recorded.iter().find(|one| one.tells == Tells::Plan).unwrap();
    let mut plan = planned.draft.payload.clone();
    plan["in_force_from"] = json!(from);
    plan["required_records"] = json!(["run_sheet", "retained_sample"]);
    plan["bom"] = json!("BOM-8");
    plan["amends"] = json!("two records will do");
    plan
}

#[test]
fn c21_c25_an_amendment_both_accepted_holds_for_runs_from_its_day_and_for_none_before() {
    on_each(|book: Book| async move {
        let mut world = w1(1, &Scale { batches: 2, ..Scale::small() });
        let second = world.truth.batches[1].clone();
        let at = world
            .recorded
            .iter()
            .position(|one| one.tells == Tells::Opening && one.records_of == [second.key.clone()]);
        let rest = world.recorded.split_off(at.unwrap());
        book.hears(&world.recorded).await;
        let first = world.truth.batches[0].key.clone();
        let open = book.batch_of(&first).await.standing.completeness;
        assert_eq!((open.complete(), open.asked()), (6, 6));
        let plan = format!("{}@{}", second.trade_item, second.factory);
        book.does_as(Role::Buyer, "planning", amended(&world, &second.first_day)).await.unwrap();
        book.does_as(Role::Buyer, "accepting", json!({"trace_plan": plan})).await.unwrap();
        // With one signature the former revision still holds.
        let opening = rest[0].draft.payload.clone();
        let mut of_new = opening.clone();
        of_new["bom"] = json!("BOM-8");
        let refused = book.does_as(Role::Factory, "opening", of_new.clone()).await.unwrap_err();
        assert_eq!((refused.reason.as_str(), refused.field.as_deref()), ("not_approved", Some("bom")));
        book.does_as(Role::Factory, "accepting", json!({"trace_plan": plan})).await.unwrap();
        book.does_as(Role::Factory, "opening", of_new).await.unwrap();
        let run = rest.iter().find(|one| one.tells == Tells::Run).unwrap();
        book.hears(std::slice::from_ref(run)).await;
        let (old, new) = (book.batch_of(&first).await.standing, book.batch_of(&second.key).await.standing);
        let line = |standing: &domain::view::StandingView| {
            let plan = standing.plan.as_ref().unwrap();
            (plan.revision, plan.status)
        };
        assert_eq!((line(&old), line(&new)), ((1, PlanStatus::Locked), (2, PlanStatus::Locked)));
        assert_eq!(book.six(&first).await, (6, 6), "what was agreed for it is still asked of it");
        // Run sheet and material lots are there; only the sample is asked for and missing.
        assert_eq!(book.gaps(&second.key).await, ["retained_sample"]);
        let told = book.ledger.trace_plan(&book.reader(), &plan, &Ask::default()).await.unwrap().unwrap();
        let revisions: Vec<u64> = told.revisions.iter().map(|r| r.revision).collect();
        assert_eq!(revisions, [2, 1]);
        // A run that began before the amendment's day is made under the former one.
        let mut earlier = opening;
        earlier["produced_from"] = json!("2026-01-06");
        earlier["number"] = json!(9);
        let opened = book.does_as(Role::Factory, "opening", earlier).await.unwrap();
        let key = opened.subjects.iter().find(|s| s.to_string().starts_with("batch:")).unwrap().key.clone();
        assert_eq!(line(&book.batch_of(&key).await.standing).0, 1);
        assert!(book.gaps(&key).await.contains(&"inspection_report.final".to_string()));
    });
}
