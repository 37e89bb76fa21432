//! Retained samples and corrective actions: at least one sample that is known to lie somewhere, or a named
//! waiver (C51); and where something went wrong, what was done about it (C17).

use super::{Door, Look};
use crate::{
    dossier::Dossier,
    event::SAMPLE_KEPT,
    person::Role,
    record::of_kind,
    state::{Aspect, Disposition},
    text::{Text, text},
};

const NONE: Text = text(
    "No retained sample of the batch is known to be kept anywhere. Keep one, or waive it by name.",
    "没有该批次留样的存放记录。请留样，或由专人豁免。",
);
const WRONG_LABEL: Text = text(
    "Sample {sample} is kept for this batch, but “{code}” stands on it, which is none of its codes. Look at the sample.",
    "留样 {sample} 归于该批次，但其上批号“{code}”不属于该批次。请核对留样。",
);
const NO_ACTION: Text = text(
    "The batch failed an inspection or is held, and no corrective action is on record.",
    "该批次检验不合格或被扣留，但没有纠正措施记录。",
);

pub(super) fn look(dossier: &Dossier, look: &mut Look) {
    let sample = || Door::event(SAMPLE_KEPT, &dossier.batch);
    let mut wrong = 0;
    for kept in dossier.samples.iter().filter(|kept| !kept.is_of(dossier)) {
        wrong += 1;
        let code = kept.facts.get("lot_code_on_sample").map(String::as_str).unwrap_or_default();
        let said = WRONG_LABEL.with(&[("sample", &kept.sample.key), ("code", code)]);
        look.misses("retained_sample.wrong_label", said, Role::Factory, sample());
    }
    let waived = dossier.records.get("waiver:retained_sample");
    let good = dossier.samples.iter().filter(|kept| kept.is_of(dossier) && kept.is_located()).count();
    look.there |= good > 0;
    if let Some(waived) = waived {
        look.finds(waived.entry.as_ref());
    } else if good == 0 && wrong == 0 {
        look.misses("retained_sample", NONE.said(), Role::Factory, sample());
    }
    let mut actions = 0;
    for (_, action) in of_kind(&dossier.records, "corrective_action") {
        look.finds(action.entry.as_ref());
        actions += 1;
    }
    let failed = dossier.inspection() == Some(Disposition::NonConformant)
        || dossier.mark(Aspect::Hold) == Some(Disposition::Unavailable);
    if failed && actions == 0 {
        let door = Door::record("corrective_action", &dossier.batch);
        look.misses("corrective_action", NO_ACTION.said(), Role::Factory, door);
    }
}
