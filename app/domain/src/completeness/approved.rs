//! The approved revision: sample, BOM, artwork and packaging that the batch had to match (C14).

use super::{Door, Look, run_sheet::labelled};
use crate::{
    dossier::Dossier,
    person::Role,
    record::approved_revision::KIND,
    text::{Text, text},
};

const NONE: Text = text("No approved revision is on record for the batch.", "该批次没有核准版本记录。");
const MISSING: Text = text("The approved revision does not tell: {label}.", "核准版本缺少：{label}。");

pub(super) fn look(dossier: &Dossier, look: &mut Look) {
    let door = || Door::record(KIND.name, &dossier.batch);
    let Some(approved) = dossier.records.get(KIND.name) else {
        look.misses(KIND.name, NONE.said(), Role::Buyer, door());
        return;
    };
    look.finds(approved.entry.as_ref());
    for field in KIND.fields.iter().filter(|field| field.required) {
        if approved.fact(field.name).is_none() {
            let fact = format!("approved_revision.{}", field.name);
            look.misses(fact, labelled(MISSING, field.label), Role::Buyer, door());
        }
    }
}
