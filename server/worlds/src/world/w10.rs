//! W10: version C is agreed and made, and what is certified and tested is version B. The batch is signed off by
//! somebody's name all the same; its records are whole.

use crate::{
    Scale,
    life::{Life, Run, Terms},
    names::SUNRISE,
    story::Tells,
};
use domain::{person::Role, subject::Subject};
use serde_json::json;

pub(super) fn live(life: &mut Life, scale: &Scale) {
    life.places();
    life.sells(life.toy);
    let terms = Terms { version: "C", ..life.usual() };
    life.agrees(life.toy, SUNRISE, &terms);
    life.certifies(life.toy, SUNRISE, "B", "BOM-7");
    life.story.days_pass(2);
    let usual = life.usual_run(1, scale.cartons.max(1));
    let run = Run { version: "C", ..usual };
    let batch = life.makes(&run);
    life.finally(&batch);
    let label = life.lot_code(&batch);
    life.keeps(&batch, &label);
    let packed = life.packs(&batch, scale.cartons.max(1));
    let passed = json!({
        "subject": Subject::batch(&batch).urn(), "override_by": "Anna Berg", "override_role": "quality_manager",
        "override_reason": "report of version C is due on Friday C版报告周五出具",
    });
    life.story.writes(Role::Buyer, Tells::SignOff, &[&batch], "releasing", passed);
    let hub = life.hub();
    life.usual_shipment("SH-26-31", hub, &packed);
    life.releases("SH-26-31");
}
