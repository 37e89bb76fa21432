//! Nothing in it is held or recalled (C36).

use super::{Asked, Findings, Loaded, Rule};
use crate::{
    completeness::Door,
    event::GOODS_HELD,
    text::{Text, text},
};

pub(super) const RULE: Rule = Rule {
    name: "stopped",
    title: text("Nothing in it is held or recalled", "其中没有扣留或召回的货物"),
    look: Asked::OfShipment(look),
};

const HELD: Text = text(
    "{unit} is held or recalled. Take it out of the shipment, or release the hold.",
    "{unit} 处于扣留或召回状态，请从货运单中取出，或解除扣留。",
);

fn look(loaded: &Loaded, found: &mut Findings) {
    if let Some(stopped) = &loaded.stopped {
        let said = HELD.with(&[("unit", &stopped.key)]);
        found.fails("hold", stopped, said, Some(Door::event(GOODS_HELD, stopped)));
    }
}
