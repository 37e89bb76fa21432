//! Retained samples (W11), and how long everything is kept.

use super::*;
use domain::{event::DiscrepancyKind, time::months_later, view::Resolution};
use serde_json::json;
use worlds::{Scale, Tells, w1, w11};

#[test]
fn c51_a_sample_with_another_batchs_label_is_shown_and_its_batch_misses_its_sample() {
    on_each(|book: Book| async move {
        let mut world = w11(1, &Scale::small());
        let rest = world.split(Tells::Release);
        let receipts = book.hears(&world.recorded).await;
        let [first, second] = &world.truth.batches[..] else { panic!("two batches") };
        let sample = world.truth.samples.iter().find(|s| s.batch == second.key).unwrap();
        assert_eq!(sample.label, first.lot_code);
        let told = world.recorded.iter().zip(&receipts).filter(|(one, _)| one.tells == Tells::Sample);
        let told: Vec<Vec<DiscrepancyKind>> =
            told.map(|(_, receipt)| receipt.discrepancies.iter().map(|d| d.kind).collect()).collect();
        assert_eq!(told, [vec![], vec![DiscrepancyKind::Unassigned]]);
        assert_eq!(book.gaps(&second.key).await, ["retained_sample.wrong_label"]);
        assert_eq!(book.six(&first.key).await, (6, 6), "what stands on a bag gives it to nobody");
        assert_eq!(book.held_by("SH-26-42").await, ["on_record/retained_sample.wrong_label"]);
        // Scanned, it opens what its record says, and tells that the label says otherwise.
        let found = book.ledger.resolve(&book.reader(), None, sample.code.as_bytes()).await.unwrap();
        let Resolution::Found { card, .. } = found else { panic!("not found") };
        assert_eq!(card.titled.subject.to_string(), format!("retained_sample:{}", sample.code));
        assert!(card.discrepancies[0].said.en.contains(&first.lot_code), "{:?}", card.discrepancies);
        let view = book.ledger.retained_sample(&book.reader(), &sample.code, &Ask::default()).await;
        let batches: Vec<String> =
            view.unwrap().unwrap().batches.rows.iter().map(|b| b.batch.subject.key.clone()).collect();
        assert_eq!(batches, [second.key.as_str()], "one batch and no other");
        let open = book.ledger.bridges(&book.reader(), &Ask::default()).await.unwrap().samples;
        assert_eq!(open.iter().map(|s| s.subject.key.as_str()).collect::<Vec<_>>(), [sample.code.as_str()]);
        let answers = book.tries_all(&rest).await;
        let answers: Vec<bool> = answers.iter().map(Result::is_ok).collect();
        assert_eq!(answers, [true, false], "the first shipment leaves, the second waits");
        // The label was looked at, the entry declared wrong, and the sample kept as what it is.
        let at = world.recorded.iter().rposition(|one| one.tells == Tells::Sample).unwrap();
        let wrong = json!({"entry": receipts[at].seq.to_string(), "reason": "incorrect_data"});
        book.does_as(Role::Administrator, "correcting", wrong).await.unwrap();
        let mut again = world.recorded[at].draft.payload.clone();
        again["lot_code_on_sample"] = json!(second.lot_code);
        book.does_as(Role::Factory, "sampling", again).await.unwrap();
        assert_eq!(book.held_by("SH-26-42").await, Vec::<String>::new());
        let open = book.ledger.bridges(&book.reader(), &Ask::default()).await.unwrap().samples;
        assert_eq!(open, []);
    });
}

#[test]
fn c51_a_batch_does_without_a_sample_only_by_a_named_waiver() {
    on_each(|book: Book| async move {
        let mut world = w1(3, &Scale::small());
        world.split(Tells::Release);
        let batch = world.truth.batches[0].key.clone();
        let at = world.recorded.iter().position(|one| one.tells == Tells::Run).unwrap();
        let kept = world.truth.samples[0].pieces;
        world.recorded[at].draft.payload["quantity"] = json!(world.truth.batches[0].pieces - kept);
        world.recorded.retain(|one| one.tells != Tells::Sample);
        book.hears(&world.recorded).await;
        assert_eq!(book.gaps(&batch).await, ["retained_sample"]);
        let waive = json!({"batch": batch, "what": "retained_sample", "waived_by": "Anna Berg",
                           "reason": "80 pieces for the trade fair"});
        let refused = book.does_as(Role::Factory, "waiving", waive.clone()).await.unwrap_err();
        assert_eq!(refused.reason, "role_may_not");
        book.does_as(Role::Buyer, "waiving", waive).await.unwrap();
        assert_eq!(book.six(&batch).await, (6, 6));
    });
}

#[test]
fn c17_a_sample_of_a_batch_that_nobody_recorded_is_shown_as_unassigned() {
    on_each(|book: Book| async move {
        let world = w1(4, &Scale::small());
        book.hears(&world.recorded).await;
        let keep = json!({"sample": "RS-99", "batch": "ZZ9999-09", "location": "Shelf 1", "custodian": "Q. Huang",
                          "pieces": 2});
        let receipt = book.does_as(Role::Inspector, "sampling", keep).await.unwrap();
        assert_eq!(receipt.discrepancies[0].kind, DiscrepancyKind::Unassigned);
        let open = book.ledger.bridges(&book.reader(), &Ask::default()).await.unwrap().samples;
        assert_eq!(open.iter().map(|s| s.subject.key.as_str()).collect::<Vec<_>>(), ["RS-99"]);
        let view =
            book.ledger.retained_sample(&book.reader(), "RS-99", &Ask::default()).await.unwrap().unwrap();
        assert_eq!(view.batches.total, 0);
    });
}

#[test]
fn c58_records_are_kept_to_the_last_day_of_their_period_and_under_a_legal_hold_beyond() {
    on_each(|book: Book| async move {
        let world = w1(5, &Scale::small());
        book.hears(&world.recorded).await;
        let batch = &world.truth.batches[0].key;
        // The last shipment, and five years: the market is the United States.
        let shipped = world.recorded.iter().rfind(|one| one.tells == Tells::Shipped).unwrap();
        let until = months_later(&shipped.draft.event_time.date(shipped.draft.zone), 60).unwrap();
        let after = |months: u64| months_later(&until, months).unwrap();
        let purge = |day: String| {
            let book = &book;
            async move { book.ledger.may_purge(&book.reader(), batch, &day).await.unwrap() }
        };
        assert!(!purge("2026-03-01".into()).await && !purge(until.clone()).await, "not on the last day yet");
        assert!(purge(after(1)).await);
        let due = |day: String| {
            let book = &book;
            async move { book.ledger.retention(&book.reader(), &day, &Ask::default()).await.unwrap() }
        };
        assert_eq!(due("2026-03-01".into()).await.records.total, 0);
        let listed = due(until.clone()).await.records.rows.remove(0);
        assert_eq!((listed.until.as_str(), listed.held.as_deref()), (until.as_str(), None));
        let trade_item = format!("trade_item:{}", world.truth.batches[0].trade_item);
        for subject in [format!("batch:{batch}"), trade_item] {
            let hold = |lifted: Option<&str>| {
                let lifted = lifted.map(|day| json!({"name": "lifted_on", "value": day}));
                let facts = [
                    ("matter", "Reyes v. Kite & Anchor"),
                    ("held_by", "Counsel"),
                    ("held_from", "2027-01-01"),
                ]
                .map(|(name, value)| json!({"name": name, "value": value}));
                let facts: Vec<Value> = facts.into_iter().chain(lifted).collect();
                json!({"subject": subject, "record": "legal_hold", "facts": facts})
            };
            book.does_as(Role::Buyer, "filing", hold(None)).await.unwrap();
            assert!(!purge(after(1)).await, "{subject}");
            let held = due(until.clone()).await.records.rows.remove(0).held;
            assert_eq!(held.as_deref(), Some("Reyes v. Kite & Anchor"));
            book.does_as(Role::Buyer, "filing", hold(Some("2031-06-01"))).await.unwrap();
            assert!(purge(after(1)).await, "{subject}");
        }
    });
}

#[test]
fn c58_what_has_not_left_or_may_leave_once_more_is_not_purged() {
    on_each(|book: Book| async move {
        let mut world = w1(6, &Scale::small());
        let batch = world.truth.batches[0].key.clone();
        let late = world.split(Tells::Shipped);
        book.hears(&world.recorded).await;
        let far = "2060-01-01";
        assert!(!book.ledger.may_purge(&book.reader(), &batch, far).await.unwrap(), "it never left");
        book.hears(&late[..2]).await;
        assert!(
            !book.ledger.may_purge(&book.reader(), &batch, far).await.unwrap(),
            "two shipments of it have not left: the last one is still to come"
        );
        book.hears(&late[2..]).await;
        assert!(book.ledger.may_purge(&book.reader(), &batch, far).await.unwrap());
        assert!(!book.ledger.may_purge(&book.reader(), "no such batch", far).await.unwrap());
    });
}

#[test]
fn c58_nothing_is_purged_while_cartons_wait_or_pieces_are_not_accounted_for() {
    on_each(|book: Book| async move {
        let mut world = w1(8, &Scale::small());
        let batch = world.truth.batches[0].key.clone();
        let waits = "SH-26-03";
        let leaves = |one: &worlds::Recorded| {
            let papers = matches!(one.tells, Tells::OrderLine | Tells::InvoiceLine | Tells::Bridge);
            !papers && one.draft.payload.to_string().contains(waits)
        };
        let late: Vec<worlds::Recorded> = world.recorded.iter().filter(|one| leaves(one)).cloned().collect();
        world.recorded.retain(|one| !leaves(one));
        book.hears(&world.recorded).await;
        let purges = || async { book.ledger.may_purge(&book.reader(), &batch, "2060-01-01").await.unwrap() };
        assert!(!purges().await, "two cartons of it are in no shipment");
        let due = book.ledger.retention(&book.reader(), "2060-01-01", &Ask::default()).await.unwrap();
        assert_eq!(due.records.total, 0, "and it does not fall due");
        book.hears(&late).await;
        assert!(purges().await);
        let mut run =
            world.recorded.iter().find(|one| one.tells == Tells::Run).unwrap().draft.payload.clone();
        // What is told of a run again adds to it.
        (run["quantity"], run["materials"]) = (json!(3), json!([]));
        book.does_as(Role::Factory, "producing", run).await.unwrap();
        assert_eq!(book.gaps(&batch).await, ["carton_range.not_packed"]);
        assert!(!purges().await, "three pieces are nowhere");
        let pack = json!({"container": "CTN-LATE", "batches": [{"batch": batch, "pieces": 3}]});
        book.does_as(Role::Warehouse, "packing", pack).await.unwrap();
        assert_eq!(book.gaps(&batch).await, Vec::<String>::new());
        assert!(!purges().await, "they are in a carton that has not left");
        let stack = json!({"container": "PLT-LATE", "level": "pallet", "units": ["CTN-LATE"]});
        book.does_as(Role::Warehouse, "packing", stack).await.unwrap();
        assert!(!purges().await, "nor has the pallet");
        let named = json!({"shipment": "SH-LATE", "units": ["PLT-LATE"], "override_by": "A. Berg",
                           "override_role": "buyer", "override_reason": "samples for the fair"});
        book.does_as(Role::Buyer, "shipping", named).await.unwrap();
        assert!(purges().await, "without papers, it left when that was recorded to have happened");
    });
}

#[test]
fn c58_a_sample_is_looked_for_as_often_as_was_agreed() {
    on_each(|book: Book| async move {
        let world = w1(7, &Scale::small());
        book.hears(&world.recorded).await;
        let sample = &world.truth.samples[0].code;
        let due = |day: String| {
            let book = &book;
            async move { book.ledger.retention(&book.reader(), &day, &Ask::default()).await.unwrap().samples }
        };
        let kept = world.recorded.iter().find(|one| one.tells == Tells::Sample).unwrap();
        let kept_on = kept.draft.event_time.date(kept.draft.zone);
        let (early, on) = (months_later(&kept_on, 5).unwrap(), months_later(&kept_on, 6).unwrap());
        assert_eq!(due(early).await, []);
        let told = due(on.clone()).await.remove(0);
        assert_eq!((told.sample.subject.key.as_str(), told.due_on.as_str()), (sample.as_str(), on.as_str()));
        let checked = |result: &str| json!({"sample": sample, "result": result});
        book.does_as(Role::Inspector, "retrieving", checked("missing")).await.unwrap();
        let told = due("2026-02-10".into()).await.remove(0);
        assert!(told.missing, "what is not there is looked for at once");
        assert_eq!(book.gaps(&world.truth.batches[0].key).await, ["retained_sample"]);
        book.does_as(Role::Inspector, "retrieving", checked("found")).await.unwrap();
        assert_eq!(due("2026-02-10".into()).await, []);
        assert_eq!(book.six(&world.truth.batches[0].key).await, (6, 6));
    });
}
