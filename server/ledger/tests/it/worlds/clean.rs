//! W1: nothing is wrong, and nothing is told to be.

use super::*;
use serde_json::json;
use worlds::{Scale, Tells, w1};

/// Two batches: what is compared with the batch before is compared here too.
const TWO: Scale = Scale { batches: 2, cartons: 3, ..Scale::small() };

#[test]
fn c18_every_batch_of_a_clean_world_is_six_of_six_and_every_gate_is_open() {
    on_each(|book: Book| async move {
        let mut world = w1(1, &TWO);
        let rest = world.split(Tells::Release);
        book.hears(&world.recorded).await;
        for batch in &world.truth.batches {
            assert_eq!((book.six(&batch.key).await, book.gaps(&batch.key).await), ((6, 6), vec![]));
        }
        for shipment in &world.truth.shipments {
            assert_eq!(book.held_by(&shipment.reference).await, Vec::<String>::new());
            assert!(!book.gate(&shipment.reference).await.released);
        }
        for receipt in book.hears(&rest).await {
            assert_eq!(receipt.discrepancies, []);
        }
        for shipment in &world.truth.shipments {
            assert!(book.gate(&shipment.reference).await.released);
        }
    });
}

#[test]
fn c16_cartons_and_shipments_of_a_batch_are_told_as_they_are() {
    on_each(|book: Book| async move {
        let world = w1(2, &TWO);
        book.hears(&world.recorded).await;
        for batch in &world.truth.batches {
            let view = book.batch_of(&batch.key).await;
            let told: Vec<&str> = view.cartons.rows.iter().map(|line| line.unit.title.as_str()).collect();
            let truly =
                world.truth.cartons.iter().filter(|c| c.contents.iter().any(|(of, _)| *of == batch.key));
            assert_eq!(told, truly.map(|carton| carton.code.as_str()).collect::<Vec<_>>());
            assert_eq!(view.shipments.rows.len(), 3);
            for line in &view.shipments.rows {
                let pieces = world.truth.pieces_in(&line.shipment.subject.key, &batch.key);
                assert_eq!(line.share.pieces().map(|p| p.0), Some(pieces));
            }
            let went_in: Vec<&str> =
                view.materials.iter().map(|line| line.material_lot.subject.key.as_str()).collect();
            assert_eq!(went_in, batch.made_from.iter().map(|went| went.lot.as_str()).collect::<Vec<_>>());
        }
    });
}

#[test]
fn c05_what_is_missing_is_called_on_the_board_at_the_gate_and_on_the_page_as_its_record_calls_it() {
    on_each(|book: Book| async move {
        let mut world = w1(3, &Scale::small());
        world.split(Tells::Together);
        let batch = world.truth.batches[0].key.clone();
        for one in world.recorded.iter_mut().filter(|one| one.tells == Tells::MaterialLot) {
            one.draft.payload["facts"] = json!([{"name": "class", "value": "resin"}]);
        }
        world.recorded.retain(|one| !matches!(one.tells, Tells::Run));
        let used = world.truth.batches[0].made_from.iter().map(|went| json!({"material_lot": went.lot}));
        let used = json!({"batch": batch, "materials": used.collect::<Vec<_>>()});
        book.tries_all(&world.recorded).await;
        book.does_as(Role::Factory, "producing", used).await.unwrap();
        let six = book.batch_of(&batch).await.standing.completeness;
        let board = book.ledger.board(&book.reader(), None, &Ask::default()).await.unwrap();
        assert_eq!(board.rows.rows[0].gaps, six.gaps().cloned().collect::<Vec<_>>());
        let mut named = 0;
        for gap in six.gaps() {
            let Some((record, fact)) = gap.fact.split_once('.') else { continue };
            let Some(kind) = domain::record::record_named(record) else { continue };
            let Some(field) = kind.fields.iter().find(|field| field.name == fact) else { continue };
            // A gap by the name of a class or level is told by that, and not as a field.
            assert!(gap.said.en.contains(field.label.en) && gap.said.zh.contains(field.label.zh), "{gap:?}");
            named += 1;
        }
        assert!(named >= 8, "{:?}", six.gaps().map(|gap| &gap.fact).collect::<Vec<_>>());
    });
}

#[test]
fn c36_a_held_carton_keeps_its_shipment_until_it_is_taken_out() {
    on_each(|book: Book| async move {
        let mut world = w1(4, &Scale::small());
        world.split(Tells::Release);
        book.hears(&world.recorded).await;
        let shipment = &world.truth.shipments[0].reference;
        let carton = &world.truth.cartons.iter().find(|c| c.shipment == *shipment).unwrap().code;
        let hold = json!({"subjects": [carton], "action": "hold", "reason": "wet"});
        book.does_as(Role::Warehouse, "holding", hold).await.unwrap();
        assert_eq!(book.held_by(shipment).await, ["stopped/hold"]);
        let out = json!({"container": shipment, "units": [carton]});
        book.does_as(Role::Warehouse, "unpacking", out).await.unwrap();
        assert_eq!(book.held_by(shipment).await, Vec::<String>::new());
        let left = book.gate(shipment).await.card.batches.remove(0);
        let pieces = world.truth.pieces_in(shipment, &world.truth.batches[0].key);
        assert_eq!(left.share.pieces().map(|p| p.0), Some(pieces - 24));
    });
}

#[test]
fn c36_what_is_held_after_the_release_does_not_leave_with_its_shipment() {
    on_each(|book: Book| async move {
        let mut world = w1(5, &Scale::small());
        world.split(Tells::Shipped);
        book.hears(&world.recorded).await;
        let carton = |i: usize| {
            let shipment = &world.truth.shipments[i].reference;
            world.truth.cartons.iter().find(|c| c.shipment == *shipment).unwrap().code.clone()
        };
        let hold = |code: String| json!({"subjects": [code], "action": "hold", "reason": "wet"});
        book.does_as(Role::Warehouse, "holding", hold(carton(0))).await.unwrap();
        let ship = |i: usize| json!({"shipment": world.truth.shipments[i].reference});
        let refused = book.does_as(Role::Warehouse, "shipping", ship(0)).await.unwrap_err();
        assert_eq!((refused.reason.as_str(), refused.field.as_deref()), ("held", Some("shipment")));
        book.does_as(Role::Warehouse, "shipping", ship(1)).await.unwrap();
        book.does_as(Role::Buyer, "holding", hold(world.truth.batches[0].key.clone())).await.unwrap();
        let refused = book.does_as(Role::Warehouse, "shipping", ship(2)).await.unwrap_err();
        assert_eq!(refused.reason, "held");
        let mut named = ship(2);
        named["override_by"] = json!("Anna Berg");
        named["override_reason"] = json!("to the laboratory");
        let left = book.does_as(Role::Warehouse, "shipping", named).await.unwrap();
        let told: Vec<_> = left.discrepancies.iter().map(|d| d.kind).collect();
        assert_eq!(told, [domain::event::DiscrepancyKind::MovedWhileStopped]);
    });
}
