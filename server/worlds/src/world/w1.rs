//! W1: clean batches, three shipments. Nothing is wrong: what is told to be missing here is told wrongly.

use crate::{Scale, life::Life, names::HUBS};

pub(super) fn live(life: &mut Life, scale: &Scale) {
    life.begins();
    let mut loads: [Vec<String>; 3] = Default::default();
    let cartons = scale.cartons.max(3);
    for number in 1..=scale.batches.max(1) {
        life.story.days_pass(2);
        let run = life.usual_run(number, cartons);
        let (_, packed) = life.usual_batch(&run);
        // A third of each batch goes into each shipment.
        for (i, carton) in packed.into_iter().enumerate() {
            loads[i % 3].push(carton);
        }
    }
    life.story.days_pass(1);
    let references = ["SH-26-01", "SH-26-02", "SH-26-03"];
    for ((reference, load), hub) in references.iter().zip(&loads).zip(HUBS) {
        life.usual_shipment(reference, *hub, load);
    }
    for reference in references {
        life.releases(reference);
    }
    for reference in references {
        life.sends(reference);
    }
}
