//! Traces over goods that went on being handled: unpacked, repacked, sent on, reworked.

use crate::{
    support::{Book, on_each},
    world::sscc,
};
use domain::subject::Subject;
use ledger::Ask;
use serde_json::json;

/// What a trace forward finds: cartons, of them not shipped, pieces, and the cartons of each shipment.
async fn forward(book: &Book, start: &Subject) -> (u64, u64, u64, Vec<(String, u64)>) {
    let found = book.ledger.trace_forward(&book.reader(), start, &Ask::default()).await.unwrap().unwrap();
    let mut shipments: Vec<_> =
        found.shipments.rows.iter().map(|s| (s.shipment.title.clone(), s.cartons)).collect();
    shipments.sort();
    (found.cartons, found.cartons_not_shipped, found.pieces, shipments)
}

fn shipments(of: &[(&str, u64)]) -> Vec<(String, u64)> {
    of.iter().map(|(title, cartons)| (title.to_string(), *cartons)).collect()
}

#[test]
fn c04_what_was_unpacked_after_arrival_is_still_found_where_it_left() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &["M1-0001"]).await;
        let (one, two, pallet, next) = (sscc(1), sscc(2), sscc(90), sscc(91));
        for code in [&one, &two] {
            book.pack(code, &[("L-100", Some(24))]).await;
        }
        book.stack(&pallet, &[&one, &two]).await;
        book.ship("SH-1", &[&pallet]).await;
        let lot = Subject::material_lot("M1-0001");
        let left = (2, 0, 48, shipments(&[("SH-1", 2)]));
        assert_eq!(forward(&book, &lot).await, left);

        book.does_at("W1", "receiving", json!({"shipment": "SH-1"})).await;
        book.does("unpacking", json!({"container": pallet, "units": [one, two]})).await;
        assert_eq!(forward(&book, &lot).await, left, "taken off the pallet it came on");
        book.stack(&next, &[&one]).await;
        book.ship("SH-2", &[&next]).await;
        let sent_on = shipments(&[("SH-1", 2), ("SH-2", 1)]);
        assert_eq!(forward(&book, &lot).await, (2, 0, 48, sent_on.clone()), "sent on to somebody else");
        book.does("unpacking", json!({"container": two})).await;
        assert_eq!(forward(&book, &lot).await, (2, 0, 48, sent_on), "emptied");

        let shipment = Subject::shipment("SH-1");
        assert_eq!(forward(&book, &shipment).await.0, 2, "from the shipment, too");
        let batch = book.ledger.batch(&book.reader(), "L-100", &Ask::default()).await.unwrap().unwrap();
        assert_eq!(batch.shipments.total, 2);
    });
}

#[test]
fn c04_what_was_taken_out_before_it_left_is_not_found_in_the_shipment() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &["M1-0001"]).await;
        let (one, two, pallet) = (sscc(1), sscc(2), sscc(90));
        for code in [&one, &two] {
            book.pack(code, &[("L-100", Some(24))]).await;
        }
        book.stack(&pallet, &[&one, &two]).await;
        let off = book.does("unpacking", json!({"container": pallet, "units": [two]})).await;
        book.ship("SH-1", &[&pallet]).await;
        book.does_at("W1", "receiving", json!({"shipment": "SH-1"})).await;
        let lot = Subject::material_lot("M1-0001");
        assert_eq!(forward(&book, &lot).await, (2, 1, 48, shipments(&[("SH-1", 1)])));
        book.does("unpacking", json!({"container": two})).await;
        assert_eq!(
            forward(&book, &lot).await,
            (1, 0, 24, shipments(&[("SH-1", 1)])),
            "emptied, never shipped"
        );
        // It was another pallet's carton: this one had been on it all the time, and was emptied later.
        book.does("correcting", json!({"entry": off.seq.to_string(), "reason": "did_not_occur"})).await;
        assert_eq!(forward(&book, &lot).await, (2, 0, 48, shipments(&[("SH-1", 2)])));
    });
}

/// Nobody recorded that the shipment came; what was in it when it left is still found in it, whatever was
/// done to the goods since.
#[test]
fn c04_goods_that_went_on_without_a_receiving_are_found_in_the_shipment_they_came_in() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &["M1-0001"]).await;
        let units: Vec<String> = (1..=4).map(sscc).collect();
        let (pallet, next) = (sscc(90), sscc(91));
        for code in &units {
            book.pack(code, &[("L-100", Some(24))]).await;
        }
        let [one, two, three, never] = units.as_slice() else { unreachable!("four cartons") };
        book.stack(&pallet, &[one, two, three, never]).await;
        book.does("unpacking", json!({"container": pallet, "units": [never]})).await;
        book.ship("SH-1", &[&pallet]).await;
        let lot = Subject::material_lot("M1-0001");
        book.does("unpacking", json!({"container": pallet, "units": [one, two]})).await;
        assert_eq!(forward(&book, &lot).await, (4, 1, 96, shipments(&[("SH-1", 3)])), "taken off");
        book.stack(&next, &[one]).await;
        book.ship("SH-2", &[&next]).await;
        let both = shipments(&[("SH-1", 3), ("SH-2", 1)]);
        assert_eq!(forward(&book, &lot).await, (4, 1, 96, both.clone()), "sent on");
        book.does("unpacking", json!({"container": two})).await;
        assert_eq!(forward(&book, &lot).await, (4, 1, 96, both.clone()), "emptied");
        // It came after all: what had been taken off on the way is not lost again.
        book.does_at("W1", "receiving", json!({"shipment": "SH-1"})).await;
        assert_eq!(forward(&book, &lot).await, (4, 1, 96, both), "received late");
    });
}

/// The whole load was taken out: the shipment itself still leads to its batches and their materials.
#[test]
fn c04_an_emptied_shipment_under_way_still_leads_to_what_left_in_it() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &["M1-0001"]).await;
        let (one, pallet) = (sscc(1), sscc(90));
        book.pack(&one, &[("L-100", Some(24))]).await;
        book.stack(&pallet, &[&one]).await;
        book.ship("SH-1", &[&pallet]).await;
        book.does("unpacking", json!({"container": pallet, "units": [one]})).await;
        let shipment = Subject::shipment("SH-1");
        assert_eq!(forward(&book, &shipment).await, (1, 0, 24, shipments(&[("SH-1", 1)])));
        let back = book.ledger.trace_back(&book.reader(), &shipment).await.unwrap().unwrap();
        let materials: Vec<_> = back.materials.iter().map(|m| m.material_lot.title.as_str()).collect();
        assert_eq!(materials, ["M1-0001"]);
    });
}

#[test]
fn c30_a_material_lot_of_a_rework_is_traced_through_the_cartons_it_went_into() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &["M1-0001"]).await;
        let (one, two, pallet) = (sscc(1), sscc(2), sscc(90));
        for code in [&one, &two] {
            book.pack(code, &[("L-100", Some(24))]).await;
        }
        let materials = json!([{"material_lot": "M2-0001", "amount": "24", "unit": "piece"}]);
        book.does(
            "reworking",
            json!({"subjects": [one], "work": "warning_sticker", "quantity": 24, "materials_in": materials}),
        )
        .await;
        let lot = Subject::material_lot("M2-0001");
        assert_eq!(forward(&book, &lot).await, (1, 1, 24, vec![]));
        book.stack(&pallet, &[&one, &two]).await;
        book.ship("SH-1", &[&pallet]).await;
        assert_eq!(forward(&book, &lot).await, (1, 0, 24, shipments(&[("SH-1", 1)])));

        for start in [Subject::shipment("SH-1"), Subject::logistic_unit(pallet.as_str())] {
            let back = book.ledger.trace_back(&book.reader(), &start).await.unwrap().unwrap();
            let mut materials: Vec<_> =
                back.materials.iter().map(|m| m.material_lot.title.as_str()).collect();
            materials.sort_unstable();
            assert_eq!(materials, ["M1-0001", "M2-0001"], "{start}");
        }
    });
}
