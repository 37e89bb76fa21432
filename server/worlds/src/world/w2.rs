//! W2: two batches packed into one shipment under one shipment mark. The warehouse counted the cartons, and wrote
//! down which batches are in it and not how much of each. Later somebody counts.

use crate::{Scale, life::Life, story::Tells, truth::Carton};
use domain::{person::Role, subject::Subject};
use serde_json::json;

const MARK: &str = "KITE N/M 26-04";

pub(super) fn live(life: &mut Life, scale: &Scale) {
    life.begins();
    let cartons = scale.cartons.max(2);
    let mut all = vec![];
    let mut first = 1;
    for number in 1..=2 {
        life.story.days_pass(2);
        let run = life.usual_run(number, cartons);
        let batch = life.makes(&run);
        life.finally(&batch);
        let label = life.lot_code(&batch);
        life.keeps(&batch, &label);
        // Carton numbers on a packing list, no code on a carton was read.
        all.extend((0..cartons).map(|_| life.carton(&batch)));
        life.numbers(&batch, first, first + cartons - 1);
        first += cartons;
        life.signs_off(&batch);
    }
    life.story.days_pass(1);
    life.truly_in(MARK, &all);
    let batches: Vec<String> =
        life.truth.batches.iter().map(|made| Subject::batch(&made.key).urn()).collect();
    let named: Vec<_> = batches.iter().map(|batch| json!({"batch": batch})).collect();
    let together = json!({"container": MARK, "level": "shipment", "batches": named});
    life.story.writes(Role::Warehouse, Tells::Together, &[], "packing", together);
    let hub = life.hub();
    for line in life.papers(MARK, hub) {
        life.joins(&line);
    }
    let pieces = |batch: &str| {
        let of_batch = |carton: &&Carton| carton.contents.iter().any(|(of, _)| of == batch);
        let cartons = life.truth.cartons.iter().filter(of_batch);
        cartons.flat_map(|carton| &carton.contents).map(|(_, pieces)| pieces).sum::<u64>()
    };
    let counted: Vec<_> = life
        .truth
        .batches
        .iter()
        .map(|made| json!({"batch": Subject::batch(&made.key).urn(), "pieces": pieces(&made.key)}))
        .collect();
    let counted = json!({"container": MARK, "whole": true, "batches": counted});
    life.story.writes(Role::Warehouse, Tells::Composition, &[], "packing", counted);
    life.releases(MARK);
    life.sends(MARK);
}
