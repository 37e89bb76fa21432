//! Material changes (C56): what is different between a batch and the one before it, within the batch, or
//! from what was tested. Listed by itself; whether it could affect compliance a person answers (16 CFR
//! 1107.23), and the answer is an event.

use crate::{
    dossier::{Dossier, Material},
    record::{Facts, Filed, Records, approved_revision, record_named},
    seal::Sealed,
    subject::Subject,
    text::{Said, Text, text},
    view::EntryRef,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One thing that changed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Change {
    /// What, for programs and for the answer: `bom`, `source:ABS red`.
    pub what: String,
    /// What, in words.
    pub label: Said,
    /// As it was.
    pub before: Said,
    /// As it is.
    pub after: Said,
    /// With which batch it was compared; `None` for a change within the batch, or from what was tested.
    pub with: Option<Subject>,
    /// The answer, where somebody gave one to this very change.
    pub answer: Option<Answer>,
}

/// A person's answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// Whether it could affect compliance.
    pub affects: bool,
    /// Why.
    pub reason: String,
    /// By name.
    pub by: String,
    /// The entry.
    pub entry: Option<EntryRef>,
}

/// The facts of the run sheet that are compared. Shift and quantity change with every run.
const OF_RUN: &[&str] =
    &["product_version", "packaging_version", "factory", "line", "subcontractor", "second_source"];
/// The facts of the approved revision that are compared.
const OF_REVISION: &[&str] = &["sample", "bom", "artwork", "packaging"];

const SUPPLIER: Text = text("Supplier of {material}", "{material}的供应商");
const SOURCE: Text = text("Source of {material}", "{material}的来源");
const SPECIFICATION: Text = text("Specification of {material}", "{material}的规格");
const TESTED: Text = text("Product version that was tested ({number})", "检测时的产品版本（{number}）");
const NOTHING: Text = text("not named", "未填写");

/// Every change of a batch, the answered ones included.
pub fn of(dossier: &Dossier) -> Vec<Change> {
    let mut changes = vec![];
    if let Some(before) = &dossier.before {
        let pair = |record: &str| (before.records.get(record), dossier.records.get(record));
        for (record, names) in [("run_sheet", OF_RUN), ("approved_revision", OF_REVISION)] {
            let (was, is) = pair(record);
            compare_facts(record, names, was, is, &before.batch, &mut changes);
        }
    }
    compare_materials(dossier, &mut changes);
    compare_tested(dossier, &mut changes);
    for change in &mut changes {
        change.answer = answer(change, &dossier.records);
    }
    changes
}

/// Those that nobody has answered.
pub fn unanswered(dossier: &Dossier) -> Vec<Change> {
    of(dossier).into_iter().filter(|change| change.answer.is_none()).collect()
}

fn compare_facts(
    record: &str,
    names: &[&str],
    was: Option<&Filed>,
    is: Option<&Filed>,
    with: &Subject,
    changes: &mut Vec<Change>,
) {
    let (Some(was), Some(is)) = (was, is) else { return };
    let fields = record_named(record).map_or(&approved_revision::KIND, |kind| kind).fields;
    for field in fields.iter().filter(|field| names.contains(&field.name)) {
        let (before, after) = (was.fact(field.name), is.fact(field.name));
        if before.map(likened) == after.map(likened) {
            continue;
        }
        let told = |value: Option<&str>| value.map_or_else(|| NOTHING.said(), shown);
        changes.push(Change {
            what: field.name.into(),
            label: field.label.said(),
            before: told(before),
            after: told(after),
            with: Some(with.clone()),
            answer: None,
        });
    }
}

/// A value as it is compared: a sealed name by its likeness.
fn likened(value: &str) -> String {
    Sealed::read(value).map_or_else(|| value.to_string(), |sealed| sealed.likeness)
}

/// A value as it is shown.
fn shown(value: &str) -> Said {
    Sealed::read(value).map_or_else(|| Said::same(value), |sealed| sealed.said())
}

/// What is said of each material: by what it is compared, what is shown.
type Told = BTreeMap<String, BTreeMap<String, Said>>;

/// What a fact of the materials is compared by.
type Likened = fn(&Material) -> Option<String>;

fn compare_materials(dossier: &Dossier, changes: &mut Vec<Change>) {
    const ASKED: &[(&str, Text, Likened)] = &[
        ("supplier", SUPPLIER, Material::supplier),
        ("source", SOURCE, Material::source),
        ("specification", SPECIFICATION, |material| material.fact("specification").map(str::to_lowercase)),
    ];
    for (what, label, by) in ASKED {
        let is = told(&dossier.materials, what, *by);
        let was =
            dossier.before.as_ref().map(|before| told(&before.materials, what, *by)).unwrap_or_default();
        for (material, after) in &is {
            let before = was.get(material);
            let (from, with) = match before {
                Some(before) => (before.clone(), dossier.before.as_ref().map(|b| b.batch.clone())),
                // Nothing to compare with, but within the batch it is not one and the same.
                None if after.len() > 1 => {
                    (after.iter().take(1).map(|(k, v)| (k.clone(), v.clone())).collect(), None)
                }
                None => continue,
            };
            let new: BTreeMap<_, _> = after.iter().filter(|(key, _)| !from.contains_key(*key)).collect();
            if new.is_empty() {
                continue;
            }
            changes.push(Change {
                what: format!("{what}:{material}"),
                label: label.with(&[("material", material)]),
                before: listed(from.values()),
                after: listed(new.values().copied()),
                with,
                answer: None,
            });
        }
    }
}

fn told(materials: &[Material], what: &str, by: Likened) -> Told {
    let mut told = Told::new();
    for material in materials {
        let name = material.fact("material").or(material.fact("class")).unwrap_or_default().to_string();
        if let (Some(key), Some(value)) = (by(material), material.fact(what)) {
            told.entry(name).or_default().insert(key, shown(value));
        }
    }
    told
}

fn listed<'s>(said: impl Iterator<Item = &'s Said>) -> Said {
    let said: Vec<&Said> = said.collect();
    let join = |pick: fn(&Said) -> &str, between: &str| {
        said.iter().map(|s| pick(s)).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(between)
    };
    Said { en: join(|s| &s.en, ", "), zh: join(|s| &s.zh, "、") }
}

/// The version that the latest test report speaks of, beside the version of the batch.
fn compare_tested(dossier: &Dossier, changes: &mut Vec<Change>) {
    let Some(version) = dossier.fact("run_sheet", "product_version") else { return };
    let tests = dossier.certificates.iter().filter(|c| c.fact("document") == Some("test_report"));
    let tests: Vec<&Filed> = tests.collect();
    // What was tested since, of whatever version, changes nothing where this version was tested too.
    if tests.iter().any(|test| test.fact("product_version") == Some(version)) {
        return;
    }
    let day =
        |test: &Filed| test.fact("tested_on").or(test.fact("issued_on")).unwrap_or_default().to_string();
    let latest = tests.into_iter().max_by_key(|test| day(test));
    let Some((test, tested)) = latest.and_then(|test| Some((test, test.fact("product_version")?))) else {
        return;
    };
    let number = test.fact("number").unwrap_or_default();
    changes.push(Change {
        what: format!("tested:{number}"),
        label: TESTED.with(&[("number", number)]),
        before: Said::same(tested),
        after: Said::same(version),
        with: None,
        answer: None,
    });
}

/// The answer to a change, where it was given to this very change: what it was and what it is.
fn answer(change: &Change, records: &Records) -> Option<Answer> {
    let filed = records.get(&format!("material_change:{}", change.what))?;
    let said = |name: &str| filed.fact(name).unwrap_or_default().to_string();
    (said("before") == change.before.en && said("after") == change.after.en).then(|| Answer {
        affects: said("affects") == "yes",
        reason: said("reason"),
        by: said("judged_by"),
        entry: filed.entry.clone(),
    })
}

/// The facts under which an answer to a change is kept.
pub(crate) fn answered(change: &Change, affects: &str, reason: &str, by: &str) -> Facts {
    [
        ("what", change.what.as_str()),
        ("before", &change.before.en),
        ("after", &change.after.en),
        ("affects", affects),
        ("reason", reason),
        ("judged_by", by),
    ]
    .map(|(name, value)| (name.to_string(), value.to_string()))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dossier::Before, time::Time};

    fn material(lot: &str, facts: &[(&str, &str)]) -> Material {
        let facts =
            [("material", "ABS red")].iter().chain(facts).map(|(k, v)| (k.to_string(), v.to_string()));
        Material {
            lot: Subject::material_lot(lot),
            facts: facts.collect(),
            supplier_place: None,
            entry: None,
        }
    }

    fn dossier(before: Option<Vec<Material>>, materials: Vec<Material>) -> Dossier {
        let before = before.map(|materials| Before {
            batch: Subject::batch("L0"),
            records: Records::new(),
            materials,
        });
        Dossier { before, materials, ..Dossier::new(Subject::batch("L1"), Time(0)) }
    }

    fn changed(dossier: &Dossier) -> Vec<String> {
        of(dossier).into_iter().map(|c| format!("{}: {} -> {}", c.what, c.before.en, c.after.en)).collect()
    }

    #[test]
    fn c56_a_grade_swapped_within_a_batch_is_listed() {
        let (old, new) =
            (material("M1", &[("specification", "PA-757")]), material("M2", &[("specification", "PA-765")]));
        let swapped = vec![old.clone(), new];
        assert_eq!(
            changed(&dossier(Some(vec![old.clone()]), swapped.clone())),
            ["specification:ABS red: PA-757 -> PA-765"]
        );
        assert_eq!(changed(&dossier(None, swapped)), ["specification:ABS red: PA-757 -> PA-765"]);
        assert_eq!(changed(&dossier(Some(vec![old.clone()]), vec![old])), Vec::<String>::new());
    }

    #[test]
    fn c56_a_supplier_that_changed_its_name_is_no_change() {
        let was = material("M1", &[("supplier", "Plastika Ltd")]);
        let written_otherwise = material("M2", &[("supplier", "PLASTIKA LIMITED")]);
        assert!(changed(&dossier(Some(vec![was.clone()]), vec![written_otherwise])).is_empty());
        let renamed = |m: Material| Material { supplier_place: Some("S1".into()), ..m };
        let after = material("M3", &[("supplier", "Northern Polymers")]);
        let same_place = dossier(Some(vec![renamed(was.clone())]), vec![renamed(after.clone())]);
        assert!(changed(&same_place).is_empty());
        assert_eq!(changed(&dossier(Some(vec![was]), vec![after])).len(), 1);
    }

    #[test]
    fn c52_whether_two_sealed_sources_are_the_same_is_told_without_the_name() {
        let sealed = |salt: &str, name: &str, likeness: &str| {
            let seal = crate::seal::Seal { salt: salt.into(), name: name.into() };
            material(salt, &[("source", &seal.close(likeness).to_string())])
        };
        let (one, same, other) = (
            sealed("a", "Motor A", "11aa22bb33"),
            sealed("b", "Motor A", "11aa22bb33"),
            sealed("c", "Motor B", "44cc55dd66"),
        );
        assert!(changed(&dossier(Some(vec![one.clone()]), vec![same])).is_empty());
        let told = changed(&dossier(Some(vec![one]), vec![other]));
        assert_eq!(told, ["source:ABS red: Sealed source 11aa22bb -> Sealed source 44cc55dd"]);
    }

    #[test]
    fn c56_an_answer_counts_for_the_change_it_was_given_to() {
        let lots = |grade: &str| {
            vec![material("M1", &[("specification", "A")]), material("M2", &[("specification", grade)])]
        };
        let mut asked = dossier(None, lots("B"));
        let facts = answered(&unanswered(&asked)[0], "no", "same family, tested", "Q. Li");
        asked.records.insert("material_change:specification:ABS red".into(), Filed { facts, entry: None });
        assert!(unanswered(&asked).is_empty());
        asked.materials = lots("C");
        assert_eq!(unanswered(&asked).len(), 1);
    }
}
