//! Every code that is present leads to the same batch (C02): a batch of which there is a run sheet, and whose
//! code at each level of its plan is on record. One that is not bridged leaves only by a named override (C59).

use super::{Asked, Findings, Rule};
use crate::{
    completeness::Door,
    dossier::Dossier,
    event::{BATCH_JOINED, CONTENTS_PACKED},
    text::{Text, text},
};

pub(super) const RULE: Rule = Rule {
    name: "bridged",
    title: text("Every code leads to a batch with a run sheet", "每个编码都通向有生产记录单的批次"),
    look: Asked::OfBatch(look),
};

const NO_RUN: Text = text(
    "{batch} is packed, but nobody recorded that it was made. Record its run sheet, or join it to the batch that it is.",
    "{batch} 已装箱，但没有生产记录。请补录生产记录单，或将其并入实际批次。",
);
const JOINED: Text = text(
    "{batch} was joined to {other}. Pack the cartons under that.",
    "{batch} 已并入 {other}，请以后者装箱。",
);

fn look(dossier: &Dossier, found: &mut Findings) {
    let batch = &dossier.batch;
    if let Some(other) = &dossier.bridged_to {
        let said = JOINED.with(&[("batch", &batch.key), ("other", &other.key)]);
        found.fails("bridge.joined", batch, said, Some(Door::event(CONTENTS_PACKED, other)));
    } else if !dossier.records.contains_key("run_sheet") {
        let said = NO_RUN.with(&[("batch", &batch.key)]);
        found.fails("bridge.run_sheet", batch, said, Some(Door::event(BATCH_JOINED, batch)));
    }
}
