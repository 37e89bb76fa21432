//! W8: the motor of the third batch comes from another sub-supplier. The supplier of motors tells its sources to
//! nobody, so each stands sealed on record.

use crate::{
    Scale,
    life::{Life, Lot, Terms},
    names::{MOTORS, SUNRISE},
    truth::{Secret, Went},
};

pub(super) fn live(life: &mut Life, scale: &Scale) {
    life.places();
    life.is_at(MOTORS, &[]);
    life.sells(life.toy);
    let terms = Terms { materials: &["resin", "paint", "electronics", "packaging"], ..life.usual() };
    life.agrees(life.toy, SUNRISE, &terms);
    life.certifies(life.toy, SUNRISE, "B", "BOM-7");
    let sources = ["Brightway Motors 明途电机", "Brightway Motors 明途电机", "Kestrel Drives 红隼驱动"];
    let cartons = scale.cartons.max(1);
    for (number, name) in (1..).zip(sources) {
        life.story.days_pass(2);
        let mut run = life.usual_run(number, cartons);
        let placeholder = format!("to be sealed {number}");
        let motor = Lot::part("Motor 3V", MOTORS, &placeholder, "DR-130");
        let lot = life.comes_in(&motor, name);
        run.lots.push(Went { lot: lot.clone(), first: 1, last: run.pieces });
        life.truth.secrets.push(Secret { placeholder, lot, name: name.into() });
        let (_, packed) = life.usual_batch(&run);
        let hub = life.hub();
        life.usual_shipment(&format!("SH-26-2{number}"), hub, &packed);
    }
}
