//! W2: two batches under one shipment mark. That they are in it is known, and not how much of each.

use super::*;
use serde_json::json;
use worlds::{Scale, Tells, w2};

const MARK: &str = "KITE N/M 26-04";

#[test]
fn c48_two_batches_under_one_mark_wait_until_somebody_declares_how_much_of_each() {
    on_each(|book: Book| async move {
        let mut world = w2(1, &Scale::small());
        let rest = world.split(Tells::Composition);
        book.hears(&world.recorded).await;
        let unknown = ["composed/composition.share", "composed/composition.share"];
        assert_eq!(book.held_by(MARK).await, unknown);
        let release = book.does_as(Role::Buyer, "releasing", json!({"subject": MARK})).await;
        assert_eq!(release.unwrap_err().reason, "gate_holds");
        let ship = book.does_as(Role::Warehouse, "shipping", json!({"shipment": MARK})).await;
        assert_eq!(ship.unwrap_err().reason, "not_released");
        // A count of some of it is none of all.
        let batch = &world.truth.batches[0].key;
        let some = json!({"container": MARK, "batches": [{"batch": batch, "pieces": 24}]});
        let counted = book.does_as(Role::Warehouse, "packing", some).await.unwrap();
        assert_eq!(book.held_by(MARK).await, unknown);
        let wrong = json!({"entry": counted.seq.to_string(), "reason": "did_not_occur"});
        book.does_as(Role::Administrator, "correcting", wrong).await.unwrap();
        book.hears(&rest[..1]).await;
        assert_eq!(book.held_by(MARK).await, Vec::<String>::new());
        for share in book.gate(MARK).await.card.batches {
            let pieces = world.truth.pieces_in(MARK, &share.batch.subject.key);
            assert_eq!(share.share.pieces().map(|p| p.0), Some(pieces));
        }
        book.hears(&rest[1..]).await;
    });
}

#[test]
fn c48_or_until_every_carton_of_it_was_scanned() {
    on_each(|book: Book| async move {
        let mut world = w2(2, &Scale::small());
        world.split(Tells::Composition);
        book.hears(&world.recorded).await;
        let codes: Vec<&str> = world.truth.cartons.iter().map(|carton| carton.code.as_str()).collect();
        for carton in &world.truth.cartons {
            let (batch, pieces) = &carton.contents[0];
            let packed = json!({"container": carton.code, "level": "carton",
                                "batches": [{"batch": batch, "pieces": pieces}]});
            book.does_as(Role::Warehouse, "packing", packed).await.unwrap();
        }
        book.does_as(Role::Warehouse, "packing", json!({"container": MARK, "units": [codes[0]]}))
            .await
            .unwrap();
        assert_eq!(book.held_by(MARK).await, ["composed/composition.share", "composed/composition.share"]);
        let all = json!({"container": MARK, "units": codes, "whole": true});
        let receipt = book.does_as(Role::Warehouse, "packing", all).await.unwrap();
        assert_eq!(receipt.discrepancies, []);
        assert_eq!(book.held_by(MARK).await, Vec::<String>::new());
        for share in book.gate(MARK).await.card.batches {
            let pieces = world.truth.pieces_in(MARK, &share.batch.subject.key);
            assert_eq!(share.share.pieces().map(|p| p.0), Some(pieces));
        }
    });
}
