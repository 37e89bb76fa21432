//! W7: on the second day of a run the resin is another grade, from the same supplier, and the BOM does not say so.
//! The same supplier's paint comes under a new company name, which is no change of anything.

use crate::{
    Scale,
    life::{Life, Lot, Run},
    names::PAINT,
    story::Tells,
    truth::Went,
};
use domain::{person::Role, subject::Subject};
use serde_json::json;

/// What the supplier of paint calls itself since January.
const NEW_NAME: &str = "Chromatic Coatings 彩涂";

pub(super) fn live(life: &mut Life, scale: &Scale) {
    life.begins();
    life.is_at(PAINT, &[NEW_NAME]);
    let cartons = scale.cartons.max(2);
    let before = life.usual_run(1, cartons);
    let (_, first) = life.usual_batch(&before);
    life.story.days_pass(3);
    let usual = life.usual_run(2, cartons);
    let half = usual.pieces / 2;
    let other = Lot { grade: "PA-765".into(), ..Lot::resin(life.toy) };
    let other = life.comes_in(&other, &other.source);
    let paint = Lot { called: NEW_NAME.into(), ..Lot::paint() };
    let paint = life.comes_in(&paint, &paint.source);
    let lots = match usual.lots.as_slice() {
        [resin, _, boxes] => vec![
            Went { last: half, ..resin.clone() },
            Went { lot: other, first: half + 1, last: usual.pieces },
            Went { lot: paint, first: 1, last: usual.pieces },
            boxes.clone(),
        ],
        _ => vec![],
    };
    let run = Run { lots, ..usual };
    let batch = life.makes(&run);
    life.finally(&batch);
    let label = life.lot_code(&batch);
    life.keeps(&batch, &label);
    let packed = life.packs(&batch, cartons);
    let hub = life.hub();
    life.usual_shipment("SH-26-11", hub, &first);
    life.usual_shipment("SH-26-12", hub, &packed);
    let answer = json!({
        "batch": Subject::batch(&batch).urn(), "affects": "no",
        "reason": "same polymer family, extractables compared 同一聚合物，已比对析出物",
    });
    life.story.writes(Role::Inspector, Tells::Answer, &[], "judging", answer);
    life.signs_off(&batch);
    for reference in ["SH-26-11", "SH-26-12"] {
        life.releases(reference);
    }
}
