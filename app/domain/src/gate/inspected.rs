//! The inspection speaks for the goods as they are: passed, and not overtaken by a rework (C30).

use super::{Asked, Findings, Rule};
use crate::{
    completeness::Door,
    dossier::Dossier,
    event::GOODS_INSPECTED,
    state::Disposition,
    text::{Text, text},
};

pub(super) const RULE: Rule = Rule {
    name: "inspected",
    title: text("Its inspection passed and still holds", "检验合格且仍然有效"),
    look: Asked::OfBatch(look),
};

const FAILED: Text = text(
    "{batch} failed its inspection. Inspect it again after the mend.",
    "{batch} 检验不合格，请整改后复检。",
);
const STALE: Text = text(
    "{batch} was changed after its inspection. Inspect it again, or waive that by name.",
    "{batch} 检验后有改动，请复检或由专人豁免。",
);

fn look(dossier: &Dossier, found: &mut Findings) {
    let batch = &dossier.batch;
    let (fact, said) = match dossier.inspection() {
        Some(Disposition::NonConformant) => ("inspection.failed", FAILED),
        Some(Disposition::InspectionStale) => ("inspection.stale", STALE),
        _ => return,
    };
    found.fails(fact, batch, said.with(&[("batch", &batch.key)]), Some(Door::event(GOODS_INSPECTED, batch)));
}
