//! The six record kinds of every batch are complete (C18).

use super::{Asked, Findings, Rule};
use crate::{completeness, dossier::Dossier, text::text};

pub(super) const RULE: Rule = Rule {
    name: "on_record",
    title: text("The records of every batch are complete", "每个批次的记录齐全"),
    look: Asked::OfBatch(look),
};

fn look(dossier: &Dossier, found: &mut Findings) {
    // Of goods that nobody made there is nothing to complete: the rule before this one tells it.
    if dossier.bridged_to.is_some() || !dossier.records.contains_key("run_sheet") {
        return;
    }
    for gap in completeness::of(dossier).gaps() {
        found.fails(gap.fact.clone(), &dossier.batch, gap.said.clone(), Some(gap.door.clone()));
    }
}
