//! W6: one lot code, three batches. Both factories write week and run on their products and no year; so the
//! same code comes out of both, and out of one of them again a year later.

use crate::{
    Scale,
    life::{Life, Run, Terms},
    names::{RED_RIVER, SUNRISE, TOYS},
};

pub(super) fn live(life: &mut Life, scale: &Scale) {
    life.places();
    life.is_at(RED_RIVER, &[]);
    let ours = life.toy;
    let theirs = TOYS.iter().find(|toy| toy.key != ours.key).copied().unwrap_or(ours);
    let terms = Terms { code: "W{ww}-{nn}".into(), ..life.usual() };
    for (toy, factory) in [(ours, SUNRISE), (theirs, RED_RIVER)] {
        life.sells(toy);
        life.agrees(toy, factory, &terms);
        life.certifies(toy, factory, "B", "BOM-7");
    }
    life.story.days_pass(4);
    let cartons = scale.cartons.max(1);
    // 53 weeks: so many the year 2026 has.
    let runs =
        [(ours, SUNRISE, None, 0), (theirs, RED_RIVER, Some("HP"), 0), (ours, SUNRISE, Some("27"), 371)];
    for (toy, factory, key, later) in runs {
        life.story.days_pass(later);
        let usual = life.usual_run(1, cartons);
        let lots = life.usual_lots(toy, usual.pieces);
        let key = key.map(|key| format!("W-{key}"));
        // A day each: the week, which is all that the code tells of the date, is the same.
        let run = Run { toy, factory, key, lots, days: 1, ..usual };
        let (_, packed) = life.usual_batch(&run);
        let reference = format!("SH-{}", life.next());
        let hub = life.hub();
        life.usual_shipment(&reference, hub, &packed);
        life.releases(&reference);
    }
}
