//! The papers of the shipment bridge: every line of its purchase order and invoice belongs to a batch (C10).

use super::{Asked, Findings, Loaded, Rule};
use crate::{
    completeness::Door,
    event::BATCH_JOINED,
    text::{Text, text},
};

pub(super) const RULE: Rule = Rule {
    name: "paid",
    title: text("Every order and invoice line belongs to a batch", "每条订单与发票行都归属批次"),
    look: Asked::OfShipment(look),
};

const NOT_JOINED: Text = text(
    "Line {line} of {number} ({value} {currency}, {cartons} cartons) is written on no batch. Join it to the batch that fills it.",
    "{number} 第 {line} 行（{value} {currency}，{cartons} 箱）未归属任何批次，请并入对应批次。",
);

fn look(loaded: &Loaded, found: &mut Findings) {
    for (line, joined) in &loaded.lines {
        if !joined {
            let said = |name: &str| line.facts.get(name).map(String::as_str).unwrap_or("?");
            let names = ["line", "number", "value", "currency", "cartons"];
            let said = NOT_JOINED.with(&names.map(|name| (name, said(name))));
            found.fails("order_line", &line.line, said, Some(Door::event(BATCH_JOINED, &line.line)));
        }
    }
}
