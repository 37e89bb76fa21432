//! The dossier of a batch: everything a judgment about it rests on, gathered from all over the book.
//!
//! Completeness, material changes and the gate are functions of dossiers alone, so that a page, the board and
//! the ledger's own decision come to the same.

use crate::{
    code::CodeKey,
    event::DiscrepancyKind,
    plan::{self, Plan},
    record::{Facts, Filed, Records, inspection_report, of_kind},
    seal::{Sealed, same_name},
    state::{Aspect, Disposition},
    subject::{Level, Subject},
    time::Time,
    view::EntryRef,
};
use std::collections::BTreeMap;

/// What is on record about a batch.
#[derive(Clone, PartialEq, Debug)]
pub struct Dossier {
    /// The batch.
    pub batch: Subject,
    /// When it came on record.
    pub since: Time,
    /// Its records, those of batches that were joined to it included.
    pub records: Records,
    /// The codes on it, and where each stands.
    pub names: Vec<(CodeKey, Level)>,
    /// Its dispositions.
    pub marks: BTreeMap<Aspect, Disposition>,
    /// When what left it failed or stale in its inspection happened last, whatever came after.
    pub overtaken: Option<Time>,
    /// When it passed its inspection, or a stale one was waived, last.
    pub cleared: Option<Time>,
    /// Pieces made, as counted or declared.
    pub made: Option<u64>,
    /// What it was made from.
    pub materials: Vec<Material>,
    /// Samples that are kept of it.
    pub samples: Vec<Sample>,
    /// Its cartons.
    pub cartons: Cartons,
    /// The shipments it left, or is to leave, in.
    pub shipments: Vec<Sent>,
    /// Order and invoice lines that were joined to it.
    pub lines: Vec<OrderLine>,
    /// The revisions of the trace plan of its trade item at its factory.
    pub plans: Vec<Plan>,
    /// The batch that the same factory made of the same trade item before it.
    pub before: Option<Before>,
    /// The certificates of its trade item.
    pub certificates: Vec<Filed>,
    /// The batch to which it was joined: then it has no records of its own.
    pub bridged_to: Option<Subject>,
    /// What is open about it.
    pub open: Vec<DiscrepancyKind>,
}

/// A material lot that went in.
#[derive(Clone, PartialEq, Debug)]
pub struct Material {
    /// Which.
    pub lot: Subject,
    /// Its facts; empty where nobody filed it.
    pub facts: Facts,
    /// The place that its supplier's name stands for, where it stands for one: a supplier that changed its
    /// name is the same place.
    pub supplier_place: Option<String>,
    /// The entry that says it went in.
    pub entry: Option<EntryRef>,
}

/// A retained sample.
#[derive(Clone, PartialEq, Debug)]
pub struct Sample {
    /// Which.
    pub sample: Subject,
    /// Its facts.
    pub facts: Facts,
}

/// The cartons of a batch, added up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Cartons {
    /// How many hold some of it.
    pub count: u64,
    /// How many of these in unknown share.
    pub unknown: u64,
    /// Pieces in the others.
    pub pieces: u64,
    /// True where some of them are in no shipment.
    pub wait: bool,
}

/// A shipment with some of the batch in it.
#[derive(Clone, PartialEq, Debug)]
pub struct Sent {
    /// Which.
    pub shipment: Subject,
    /// Its facts.
    pub facts: Facts,
    /// True once it has left.
    pub left: bool,
    /// The day on which it left, where one is known: as its papers tell, else when what is known last of its way
    /// happened.
    pub left_on: Option<String>,
    /// True where its release speaks for it.
    pub released: bool,
}

/// An order or invoice line.
#[derive(Clone, PartialEq, Debug)]
pub struct OrderLine {
    /// Which.
    pub line: Subject,
    /// Its facts.
    pub facts: Facts,
    /// Pieces of the batch on it, where that was said.
    pub pieces: Option<u64>,
}

/// The batch before, as far as it is compared.
#[derive(Clone, PartialEq, Debug)]
pub struct Before {
    /// Which.
    pub batch: Subject,
    /// Its records.
    pub records: Records,
    /// What it was made from.
    pub materials: Vec<Material>,
}

impl Dossier {
    /// A dossier with nothing in it but the batch.
    pub fn new(batch: Subject, since: Time) -> Dossier {
        Dossier {
            batch,
            since,
            records: Records::new(),
            names: vec![],
            marks: BTreeMap::new(),
            overtaken: None,
            cleared: None,
            made: None,
            materials: vec![],
            samples: vec![],
            cartons: Cartons::default(),
            shipments: vec![],
            lines: vec![],
            plans: vec![],
            before: None,
            certificates: vec![],
            bridged_to: None,
            open: vec![],
        }
    }

    /// A fact of a record that stands alone.
    pub fn fact(&self, record: &str, name: &str) -> Option<&str> {
        self.records.get(record)?.fact(name)
    }

    /// The revision of its trace plan: the one under which it was opened, else the one that held on its first
    /// day.
    pub fn plan(&self) -> Option<&Plan> {
        let opened: Option<u64> = self.fact("run_sheet", "plan_revision").and_then(|n| n.parse().ok());
        match opened {
            Some(revision) => self.plans.iter().find(|plan| plan.revision == revision),
            None => plan::in_force(&self.plans, self.fact("run_sheet", "produced_from")?),
        }
    }

    /// What its inspection came to: its disposition, unless the latest report failed. One that was kept under
    /// another lot code left no disposition here.
    pub fn inspection(&self) -> Option<Disposition> {
        let speaks = |report: &&Filed| matches!(report.fact("level"), Some("final" | "re_inspection"));
        let when = |report: &&Filed| report.entry.as_ref().map(|entry| (entry.event_time, entry.seq));
        let reports = of_kind(&self.records, "inspection_report").map(|(_, report)| report);
        let latest = reports.filter(speaks).max_by_key(when);
        match latest.and_then(|report| report.fact("result")) {
            Some("fail") => Some(Disposition::NonConformant),
            _ => self.mark(Aspect::Inspection),
        }
    }

    /// Pieces that are kept as samples.
    pub fn kept(&self) -> u64 {
        let pieces = self.samples.iter().filter_map(|sample| sample.facts.get("pieces")?.parse::<u64>().ok());
        pieces.fold(0, u64::saturating_add)
    }

    /// The day on which the last of it left: none while any of it waits in a carton, or is nowhere on record,
    /// or left on a day that nobody knows.
    pub fn last_left_on(&self) -> Option<&str> {
        let Cartons { unknown, pieces, wait, .. } = self.cartons;
        let accounted = self.made.is_some_and(|made| pieces.saturating_add(self.kept()) >= made);
        let left: Option<Vec<&str>> =
            self.shipments.iter().map(|sent| sent.left_on.as_deref().filter(|_| sent.left)).collect();
        left?.into_iter().max().filter(|_| accounted && unknown == 0 && !wait)
    }

    /// When what speaks against it happened last, by event time: an inspection that failed, a rework.
    pub fn spoken_against(&self) -> Option<Time> {
        let reports = of_kind(&self.records, inspection_report::KIND.name).map(|(_, report)| report);
        let failed = reports.filter(|report| inspection_report::fails(&report.facts));
        failed.filter_map(|report| Some(report.entry.as_ref()?.event_time)).chain(self.overtaken).max()
    }

    /// Before when no release answers what speaks against it: that, and the inspection that cleared it since.
    pub fn releasable_from(&self) -> Option<Time> {
        self.spoken_against().max(self.cleared.filter(|_| self.spoken_against().is_some()))
    }

    /// Its disposition in an aspect.
    pub fn mark(&self, aspect: Aspect) -> Option<Disposition> {
        self.marks.get(&aspect).copied()
    }
}

impl Material {
    /// A fact; `None` where it is absent or empty.
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.facts.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// Who supplied it, as suppliers are compared.
    pub fn supplier(&self) -> Option<String> {
        match &self.supplier_place {
            Some(place) => Some(format!("place:{place}")),
            None => self.fact("supplier").map(same_name),
        }
    }

    /// Where the supplier has it from, as sources are compared: a sealed one by its likeness.
    pub fn source(&self) -> Option<String> {
        let source = self.fact("source")?;
        Some(match Sealed::read(source) {
            Some(sealed) => format!("sealed:{}", sealed.likeness),
            None => same_name(source),
        })
    }
}

impl Sample {
    /// True where it is known where it lies, and nobody has looked there in vain.
    pub fn is_located(&self) -> bool {
        let said = |name: &str| self.facts.get(name).is_some_and(|value| !value.trim().is_empty());
        said("location") && !said("missing_since")
    }

    /// True where what stands on it is a code of this batch.
    pub fn is_of(&self, dossier: &Dossier) -> bool {
        let Some(text) = self.facts.get("lot_code_on_sample").map(|text| text.trim()) else { return false };
        let printed = |name: &str| dossier.fact("run_sheet", name) == Some(text);
        text == dossier.batch.key
            || dossier.names.iter().any(|(key, _)| key.as_str() == text)
            || ["lot_code", "lot_code_on_product", "lot_code_on_retail_box"].into_iter().any(printed)
    }
}
