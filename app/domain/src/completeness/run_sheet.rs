//! The run sheet: dates, line, shift, quantity, product version, and the lot code text at each level (C12).

use super::{Door, Look};
use crate::{
    dossier::Dossier,
    person::Role,
    record::{record_named, run_sheet::KIND},
    subject::Level,
    text::{Said, Text, text},
};

/// Where the lot code text of a level stands on the run sheet.
pub const PRINTED: &[(Level, &str)] = &[
    (Level::Product, "lot_code_on_product"),
    (Level::InnerPack, "lot_code_on_inner_pack"),
    (Level::RetailBox, "lot_code_on_retail_box"),
    (Level::Carton, "lot_code_on_carton"),
];

const NONE: Text = text("There is no run sheet.", "没有生产记录单。");
const MISSING: Text = text("The run sheet does not tell: {label}.", "生产记录单缺少：{label}。");

/// The levels that carry a code of the batch: as its plan says; product, retail box and carton without one.
pub fn levels(dossier: &Dossier) -> Vec<Level> {
    match dossier.plan() {
        Some(plan) => plan.codes().map(|(level, _)| level).filter(|level| *level != Level::Paper).collect(),
        None => vec![Level::Product, Level::RetailBox, Level::Carton],
    }
}

pub(super) fn look(dossier: &Dossier, look: &mut Look) {
    let door = || Door::record(KIND.name, &dossier.batch);
    let Some(sheet) = dossier.records.get(KIND.name) else {
        look.misses(KIND.name, NONE.said(), Role::Factory, door());
        return;
    };
    look.finds(sheet.entry.as_ref());
    let levels = levels(dossier);
    let printed = |name: &str| PRINTED.iter().find(|(_, field)| *field == name).map(|(level, _)| *level);
    for field in record_named(KIND.name).map(|kind| kind.fields).unwrap_or_default() {
        let asked = match printed(field.name) {
            Some(level) => levels.contains(&level),
            None => field.required,
        };
        if asked && sheet.fact(field.name).is_none() {
            look.misses(
                format!("run_sheet.{}", field.name),
                labelled(MISSING, field.label),
                Role::Factory,
                door(),
            );
        }
    }
}

/// A sentence about a field, with its label in each language.
pub(super) fn labelled(sentence: Text, label: Text) -> Said {
    Said { en: sentence.with(&[("label", label.en)]).en, zh: sentence.with(&[("label", label.zh)]).zh }
}
