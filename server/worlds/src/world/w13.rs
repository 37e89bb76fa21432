//! W13: the invoice has a line that nobody wrote on any batch. Everything else is as it should be.

use crate::{Scale, life::Life};

pub(super) fn live(life: &mut Life, scale: &Scale) {
    life.begins();
    let run = life.usual_run(1, scale.cartons.max(1));
    let (_, packed) = life.usual_batch(&run);
    let hub = life.hub();
    life.puts_together("SH-26-51", &packed);
    let [order, _] = life.papers("SH-26-51", hub);
    life.joins(&order);
    life.releases("SH-26-51");
}
