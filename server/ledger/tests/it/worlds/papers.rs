//! Papers that lead to no batch (W13), what leaves by somebody's name, and records kept under another lot code.

use super::*;
use serde_json::json;
use worlds::{Scale, Tells, w1, w13};

const SHIPMENT: &str = "SH-26-51";

#[test]
fn c10_an_invoice_line_that_nobody_wrote_on_a_batch_is_listed_with_its_value_and_cartons() {
    on_each(|book: Book| async move {
        let mut world = w13(1, &Scale::small());
        let rest = world.split(Tells::Release);
        book.hears(&world.recorded).await;
        let line = world.truth.lines.iter().find(|line| !line.written).unwrap();
        let open = book.ledger.bridges(&book.reader(), &Ask::default()).await.unwrap().lines;
        assert_eq!(open.total, 1);
        let row = &open.rows[0];
        assert_eq!(row.thing.subject.key, line.key);
        let told = |name: &str| {
            let fact = row.facts.iter().find(|fact| fact.name == name).unwrap();
            fact.value.as_ref().unwrap().en.clone()
        };
        assert!(told("value").starts_with(&format!("{}.", line.value)), "{}", told("value"));
        assert_eq!(told("cartons"), line.cartons.to_string());
        let proposed: Vec<&str> = row.proposals.iter().map(|p| p.batch.subject.key.as_str()).collect();
        assert_eq!(proposed, [line.filled_by[0].0.as_str()], "proposed, and not joined");
        assert_eq!(book.held_by(SHIPMENT).await, ["paid/order_line"]);
        let said = book.gate(SHIPMENT).await.rules.into_iter().find(|r| r.name == "paid").unwrap();
        assert!(said.failures[0].0.said.en.contains(&format!("{} cartons", line.cartons)));
        assert_eq!(book.tries_all(&rest).await[0].as_ref().unwrap_err().reason, "gate_holds");
        let join = json!({"subject": format!("urn:lotwalk:order_line:{}", line.key), "batch": line.filled_by[0].0,
                          "grounds": "invoice and packing list compared"});
        book.does_as(Role::Buyer, "bridging", join).await.unwrap();
        assert_eq!(book.held_by(SHIPMENT).await, Vec::<String>::new());
        let open = book.ledger.bridges(&book.reader(), &Ask::default()).await.unwrap().lines;
        assert_eq!((open.total, open.rows.len()), (0, 0));
    });
}

#[test]
fn c59_what_is_let_pass_stays_in_the_release_with_name_role_and_reason() {
    on_each(|book: Book| async move {
        let mut world = w13(2, &Scale::small());
        world.split(Tells::Release);
        book.hears(&world.recorded).await;
        let ship = json!({"shipment": SHIPMENT});
        let refused = book.does_as(Role::Warehouse, "shipping", ship.clone()).await.unwrap_err();
        assert_eq!(refused.reason, "not_released");
        let named = json!({"subject": SHIPMENT, "override_by": "Tom Reyes", "override_role": "compliance_manager",
                           "override_reason": "credit note follows"});
        for role in [Role::Inspector, Role::Factory] {
            let refused = book.does_as(role, "releasing", named.clone()).await.unwrap_err();
            assert_eq!(refused.reason, "role_may_not");
        }
        book.does_as(Role::Buyer, "releasing", named).await.unwrap();
        book.does_as(Role::Warehouse, "shipping", ship).await.unwrap();
        let gate = book.gate(SHIPMENT).await;
        assert!(gate.released);
        let release = gate.release.unwrap();
        let told = |name: &str| {
            let fact = release.facts.iter().find(|fact| fact.name == name);
            fact.and_then(|fact| fact.value.clone()).unwrap_or_default().en
        };
        assert_eq!(
            (told("override_by"), told("override_role"), told("override_reason")),
            ("Tom Reyes".into(), "compliance_manager".into(), "credit note follows".into())
        );
        assert!(told("let_pass").starts_with("paid/order_line order_line:INV-"), "{}", told("let_pass"));
        assert_eq!(book.held_by(SHIPMENT).await, ["paid/order_line"], "and it is still owed");
    });
}

/// W1 with the final inspection kept under the lot code as somebody typed it. Tells the batch and the stray.
async fn kept_apart(book: &Book, seed: u64, result: &str) -> (String, String) {
    let mut world = w1(seed, &Scale::small());
    world.split(Tells::Release);
    let batch = world.truth.batches[0].key.clone();
    let stray = batch.replace('-', " ");
    let at = world.recorded.iter().position(|one| one.tells == Tells::Final).unwrap();
    let report = &mut world.recorded[at].draft.payload;
    (report["subjects"], report["result"]) = (json!([format!("urn:lotwalk:batch:{stray}")]), json!(result));
    let named = json!({"subject": format!("batch:{stray}"), "names": [{"code": stray}]});
    let mut first = world.recorded[at].clone();
    (first.draft.id, first.draft.kind, first.draft.payload) = (uuid::Uuid::now_v7(), "filing".into(), named);
    world.recorded.insert(at, first);
    book.tries_all(&world.recorded).await;
    (batch, stray)
}

#[test]
fn c49_records_under_another_lot_code_are_proposed_and_joined_by_a_named_person_only() {
    on_each(|book: Book| async move {
        let (batch, stray) = kept_apart(&book, 3, "pass").await;
        assert_eq!(book.gaps(&batch).await, ["inspection_report.final", "release"]);
        let strays = book.ledger.bridges(&book.reader(), &Ask::default()).await.unwrap().strays;
        assert_eq!((strays.total, strays.rows[0].thing.subject.key.as_str()), (1, stray.as_str()));
        let proposed: Vec<&str> =
            strays.rows[0].proposals.iter().map(|p| p.batch.subject.key.as_str()).collect();
        assert_eq!(proposed, [batch.as_str()]);
        assert_eq!(book.gaps(&batch).await.len(), 2, "likeness joins nothing");
        let join = json!({"subject": format!("urn:lotwalk:batch:{stray}"),
                          "batch": format!("urn:lotwalk:batch:{batch}"), "grounds": "the same bags, counted"});
        let refused = book.does_as(Role::Warehouse, "bridging", join.clone()).await.unwrap_err();
        assert_eq!(refused.reason, "role_may_not");
        book.does_as(Role::Factory, "bridging", join).await.unwrap();
        assert_eq!(book.gaps(&batch).await, ["release"]);
        book.does_as(Role::Inspector, "releasing", json!({"subject": batch})).await.unwrap();
        assert_eq!(book.six(&batch).await, (6, 6));
        assert_eq!(book.held_by("SH-26-01").await, Vec::<String>::new());
        let standing = book.batch_of(&batch).await.standing;
        assert_eq!(
            standing.joined.iter().map(|t| t.subject.key.as_str()).collect::<Vec<_>>(),
            [stray.as_str()]
        );
        let of_stray = book.batch_of(&stray).await.standing;
        assert_eq!(of_stray.joined_to.map(|t| t.subject.key), Some(batch));
        assert_eq!(book.ledger.bridges(&book.reader(), &Ask::default()).await.unwrap().strays.total, 0);
        let board = book.ledger.board(&book.reader(), None, &Ask::default()).await.unwrap();
        assert_eq!(board.rows.rows, [], "a joined batch has nothing of its own to miss");
    });
}

#[test]
fn c49_an_inspection_that_failed_under_another_lot_code_fails_the_batch_it_is_joined_to() {
    on_each(|book: Book| async move {
        let (batch, stray) = kept_apart(&book, 4, "fail").await;
        let join = json!({"subject": format!("urn:lotwalk:batch:{stray}"),
                          "batch": format!("urn:lotwalk:batch:{batch}"), "grounds": "the same bags, counted"});
        book.does_as(Role::Factory, "bridging", join).await.unwrap();
        assert_eq!(
            book.held_by("SH-26-01").await,
            ["inspected/inspection.failed", "on_record/corrective_action", "on_record/release"]
        );
        let sign = book.does_as(Role::Inspector, "releasing", json!({"subject": batch})).await;
        assert_eq!(sign.unwrap_err().reason, "gate_holds");
        let again = json!({"subjects": [format!("urn:lotwalk:batch:{batch}")], "level": "re_inspection",
                           "result": "pass", "presented": 100, "sample": 50});
        book.does_as(Role::Inspector, "inspecting", again).await.unwrap();
        assert_eq!(book.held_by("SH-26-01").await, ["on_record/release"], "inspected again, and passed");
    });
}

#[test]
fn c49_of_two_inspections_of_one_batch_the_later_one_counts_wherever_it_was_kept() {
    on_each(|book: Book| async move {
        let mut world = w1(5, &Scale::small());
        world.split(Tells::Release);
        book.hears(&world.recorded).await;
        let batch = world.truth.batches[0].key.clone();
        let named = json!({"subject": "batch:STRAY-1", "names": [{"code": "STRAY-1"}]});
        book.does_as(Role::Inspector, "filing", named).await.unwrap();
        let failed = json!({"subjects": ["STRAY-1"], "level": "final", "result": "fail"});
        book.does_as(Role::Inspector, "inspecting", failed).await.unwrap();
        let join = json!({"subject": "STRAY-1", "batch": batch, "grounds": "the same bags, counted"});
        book.does_as(Role::Factory, "bridging", join).await.unwrap();
        assert_eq!(
            book.held_by("SH-26-01").await,
            ["inspected/inspection.failed", "on_record/corrective_action", "on_record/release.stale"]
        );
    });
}
