//! Incoming materials: every class that carries risk, with supplier, source, lot code and receipt (C13). Which
//! classes must be named the trace plan says (C22); without one, what is named must be told in full.

use super::{Door, Look, run_sheet::labelled};
use crate::{
    dossier::Dossier,
    event::BATCH_MADE,
    field::is_vague,
    person::Role,
    record::material_lot::{CLASSES, KIND},
    text::{Said, Text, text},
};

const NONE: Text = text("No material lot is on record for the batch.", "该批次没有物料批记录。");
const NO_CLASS: Text = text(
    "No material lot of the class “{label}” is on record, which the trace plan asks for.",
    "缺少追溯方案要求的“{label}”类物料批。",
);
const MISSING: Text = text("Material lot {lot} does not tell: {label}.", "物料批 {lot} 缺少：{label}。");

pub(super) fn look(dossier: &Dossier, look: &mut Look) {
    let made = || Door::event(BATCH_MADE, &dossier.batch);
    for material in &dossier.materials {
        look.finds(material.entry.as_ref());
        for field in KIND.fields.iter().filter(|field| field.required) {
            let told = material.fact(field.name).filter(|value| !(field.exact && is_vague(value)));
            if told.is_none() {
                let fill = |label: &str| MISSING.with(&[("lot", &material.lot.key), ("label", label)]);
                let said = Said { en: fill(field.label.en).en, zh: fill(field.label.zh).zh };
                let door = Door::record(KIND.name, &material.lot);
                look.misses(format!("material_lot.{}", field.name), said, Role::Factory, door);
            }
        }
    }
    let asked = dossier.plan().map(|plan| plan.materials()).unwrap_or_default();
    for (class, title) in CLASSES.iter().filter(|(class, _)| asked.contains(class)) {
        if !dossier.materials.iter().any(|material| material.fact("class") == Some(class)) {
            look.misses(
                format!("material_lot.class.{class}"),
                labelled(NO_CLASS, *title),
                Role::Factory,
                made(),
            );
        }
    }
    if dossier.materials.is_empty() && asked.is_empty() {
        look.misses(KIND.name, NONE.said(), Role::Factory, made());
    }
}
