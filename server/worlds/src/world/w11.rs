//! W11: the label printer still had yesterday's batch in it. The pieces are of the second batch, and so says who
//! kept them; on the bag stands the lot code of the first.

use crate::{Scale, life::Life};

pub(super) fn live(life: &mut Life, scale: &Scale) {
    life.begins();
    let cartons = scale.cartons.max(1);
    let first = life.usual_run(1, cartons);
    let (first, packed) = life.usual_batch(&first);
    let hub = life.hub();
    life.usual_shipment("SH-26-41", hub, &packed);
    life.story.days_pass(2);
    let second = life.usual_run(2, cartons);
    let second = life.makes(&second);
    life.finally(&second);
    let wrong = life.lot_code(&first);
    life.keeps(&second, &wrong);
    let packed = life.packs(&second, cartons);
    life.signs_off(&second);
    life.usual_shipment("SH-26-42", hub, &packed);
    for reference in ["SH-26-41", "SH-26-42"] {
        life.releases(reference);
    }
}
