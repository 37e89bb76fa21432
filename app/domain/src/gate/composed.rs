//! What is in the shipment is known: several batches under one reference need their composition scanned or
//! declared (C48), and “assorted” is none (C57).

use super::{Asked, Findings, Loaded, Rule};
use crate::{
    completeness::Door,
    event::CONTENTS_PACKED,
    quantity::Share,
    text::{Text, text},
};

pub(super) const RULE: Rule = Rule {
    name: "composed",
    title: text("It is known which batches are in it, with how many pieces", "所含批次及件数明确"),
    look: Asked::OfShipment(look),
};

const NOTHING: Text = text(
    "Nothing says what is in {shipment}. Scan its cartons into it.",
    "没有记录说明 {shipment} 的内容，请扫描装入其外箱。",
);
const EMPTY: Text = text(
    "Nothing says what is in {unit}. Scan or record the batch packed in it.",
    "没有记录说明 {unit} 的内容，请扫描或补录所装批次。",
);
const MIXED: Text = text(
    "{shipment} holds several batches under one reference, and how much of {batch} is not known. Scan all its cartons, or count the pieces of each batch, and tick that there is nothing else in it.",
    "{shipment} 以同一单号含多个批次，其中 {batch} 的数量不明。请扫描全部外箱，或点明各批次件数，并勾选其中没有其他内容。",
);

fn look(loaded: &Loaded, found: &mut Findings) {
    let shipment = &loaded.subject;
    if loaded.shares.is_empty() && loaded.empty.is_empty() {
        let door = Some(Door::event(CONTENTS_PACKED, shipment));
        found.fails("composition", shipment, NOTHING.with(&[("shipment", &shipment.key)]), door);
    }
    for unit in &loaded.empty {
        let door = Some(Door::event(CONTENTS_PACKED, unit));
        found.fails("composition.unit", unit, EMPTY.with(&[("unit", &unit.key)]), door);
    }
    for (batch, share) in &loaded.shares {
        if *share == Share::Unknown && loaded.shares.len() > 1 {
            let said = MIXED.with(&[("shipment", &shipment.key), ("batch", &batch.key)]);
            found.fails("composition.share", batch, said, Some(Door::event(CONTENTS_PACKED, shipment)));
        }
    }
}
