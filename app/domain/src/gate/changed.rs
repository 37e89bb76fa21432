//! Every material change was answered by a person (16 CFR 1107.23, C56); one that could affect compliance
//! waits for its test.

use super::{Asked, Findings, Rule};
use crate::{
    change::{self, Change},
    completeness::Door,
    dossier::Dossier,
    event::CHANGE_JUDGED,
    text::{Said, Text, text},
};

pub(super) const RULE: Rule = Rule {
    name: "changed",
    title: text("Every material change was answered", "每项重大变更均已判定"),
    look: Asked::OfBatch(look),
};

const UNANSWERED: Text = text(
    "{label} changed from “{before}” to “{after}”. Say whether that could affect compliance.",
    "{label}由“{before}”变为“{after}”。请判定是否可能影响合规。",
);
const AFFECTS: Text = text(
    "{label} changed from “{before}” to “{after}”, which could affect compliance. File the test report of the changed product.",
    "{label}由“{before}”变为“{after}”，可能影响合规。请归档变更后产品的检测报告。",
);

fn look(dossier: &Dossier, found: &mut Findings) {
    for change in change::of(dossier) {
        let tested = || {
            let version = dossier.fact("run_sheet", "product_version");
            dossier.certificates.iter().any(|certificate| {
                certificate.fact("document") == Some("test_report")
                    && certificate.fact("product_version") == version
                    && certificate.fact("tested_on") >= dossier.fact("run_sheet", "produced_from")
            })
        };
        let (said, door) = match &change.answer {
            None => (UNANSWERED, Door::event(CHANGE_JUDGED, &dossier.batch)),
            Some(answer) if answer.affects && !tested() => {
                (AFFECTS, Door::record("certificate", &dossier.batch))
            }
            Some(_) => continue,
        };
        found.fails(format!("change.{}", change.what), &dossier.batch, filled(said, &change), Some(door));
    }
}

fn filled(said: Text, change: &Change) -> Said {
    let fill = |pick: fn(&Said) -> &str| {
        said.with(&[
            ("label", pick(&change.label)),
            ("before", pick(&change.before)),
            ("after", pick(&change.after)),
        ])
    };
    Said { en: fill(|s| &s.en).en, zh: fill(|s| &s.zh).zh }
}
