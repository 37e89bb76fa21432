//! W1: nothing is wrong, and nothing is told to be.

use super::*;
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
