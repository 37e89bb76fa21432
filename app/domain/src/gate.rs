//! The gate (C48, C59): whether a shipment, or a batch, may be released. Every rule is looked at; each failure
//! says the one scan or document that would mend it. What is let pass all the same is let pass by name, and
//! stays in the release for ever.

mod agreed;
mod bridged;
mod certified;
mod changed;
mod composed;
mod inspected;
mod on_record;
mod open;
mod paid;
mod stopped;

use crate::{
    completeness::Door,
    dossier::{Dossier, OrderLine},
    event::DiscrepancyKind,
    quantity::Share,
    record::Records,
    subject::Subject,
    text::{Said, Text},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A rule of the gate.
#[derive(Debug)]
pub struct Rule {
    /// Its word.
    pub name: &'static str,
    /// What it asks, in words.
    pub title: Text,
    /// Whether it is asked of the shipment as a whole, or of each batch in it.
    look: Asked,
}

#[derive(Debug)]
enum Asked {
    OfShipment(fn(&Loaded, &mut Findings)),
    OfBatch(fn(&Dossier, &mut Findings)),
}

/// Every rule there is, in the order in which they are told.
pub static RULES: [&Rule; 10] = [
    &composed::RULE,
    &bridged::RULE,
    &stopped::RULE,
    &open::RULE,
    &on_record::RULE,
    &inspected::RULE,
    &agreed::RULE,
    &certified::RULE,
    &changed::RULE,
    &paid::RULE,
];

/// Why a shipment or batch may not be released.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Failure {
    /// The rule, by its word.
    pub rule: String,
    /// The fact or thing, for programs: `run_sheet.line`.
    pub fact: String,
    /// About what.
    pub subject: Subject,
    /// What is wrong, and the one scan or document that mends it.
    pub said: Said,
    /// The form that mends it.
    pub door: Option<Door>,
}

impl Failure {
    /// How a release that lets it pass names it.
    pub fn passed(&self) -> String {
        format!("{}/{} {}", self.rule, self.fact, self.subject)
    }
}

/// A shipment as it is loaded, or a batch that is to be released by itself.
#[derive(Clone, PartialEq, Debug)]
pub struct Loaded {
    /// The shipment; the batch, for the sign-off of one.
    pub subject: Subject,
    /// Its records.
    pub records: Records,
    /// Its cartons.
    pub cartons: u64,
    /// What it holds of each batch.
    pub shares: BTreeMap<Subject, Share>,
    /// Units in it of which nothing says what they hold.
    pub empty: Vec<Subject>,
    /// What in it, or round it, must not be moved.
    pub stopped: Option<Subject>,
    /// What is open about it and the units in it.
    pub open: Vec<(DiscrepancyKind, Subject)>,
    /// The order and invoice lines of its papers, each with whether it was joined to a batch.
    pub lines: Vec<(OrderLine, bool)>,
    /// The dossiers of its batches.
    pub batches: Vec<Dossier>,
}

/// What the rules found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    rule: &'static str,
    failures: Vec<Failure>,
}

impl Findings {
    fn fails(&mut self, fact: impl Into<String>, subject: &Subject, said: Said, door: Option<Door>) {
        let rule = self.rule.to_string();
        self.failures.push(Failure { rule, fact: fact.into(), subject: subject.clone(), said, door });
    }
}

impl Loaded {
    /// A batch by itself.
    pub fn batch(dossier: Dossier) -> Loaded {
        Loaded {
            subject: dossier.batch.clone(),
            records: Records::new(),
            cartons: 0,
            shares: BTreeMap::new(),
            empty: vec![],
            stopped: None,
            open: vec![],
            lines: vec![],
            batches: vec![dossier],
        }
    }
}

/// Everything that keeps a shipment from being released.
pub fn of_shipment(loaded: &Loaded) -> Vec<Failure> {
    let mut found = Findings::default();
    for rule in RULES {
        found.rule = rule.name;
        match rule.look {
            Asked::OfShipment(look) => look(loaded, &mut found),
            Asked::OfBatch(look) => loaded.batches.iter().for_each(|dossier| look(dossier, &mut found)),
        }
    }
    found.failures
}

/// What of the inspection and the sign-off of its batches does not hold any more since a shipment was released,
/// an inspection that was taken back above all: then the release does not let it leave. What was let pass by name
/// was let pass for good.
pub fn since_release(loaded: &Loaded) -> Vec<Failure> {
    const OF_INSPECTION: &[&str] = &["inspection", "inspection_report", "release"];
    let let_pass =
        loaded.records.get("release").and_then(|release| release.fact("let_pass")).unwrap_or_default();
    let mut failures = of_shipment(loaded);
    failures.retain(|failure| {
        OF_INSPECTION.iter().any(|about| failure.fact.split('.').next() == Some(about))
            && let_pass.lines().all(|passed| passed != failure.passed())
    });
    failures
}

/// Everything that keeps a batch from being signed off: what the gate asks of each batch, but for the sign-off
/// itself, and what is only there once it was packed and sent.
pub fn of_batch(dossier: &Dossier) -> Vec<Failure> {
    const LATER: &[&str] = &["release", "carton_range", "retained_sample", "shipment"];
    let mut found = Findings::default();
    for rule in RULES {
        found.rule = rule.name;
        if let Asked::OfBatch(look) = rule.look {
            look(dossier, &mut found);
        }
    }
    found.failures.retain(|f| !LATER.iter().any(|later| f.fact.split('.').next() == Some(later)));
    found.failures
}

#[cfg(test)]
pub(crate) mod tests;
