//! A good batch passes; each record that is taken away or made wrong is told, and nothing else is.

use super::*;
use crate::{
    completeness,
    dossier::{Before, Cartons, Material, Sample, Sent},
    plan::{Accepted, Party, Plan},
    quantity::Pieces,
    record::{Facts, Filed},
    state::{Aspect, Disposition},
    time::Time,
};

fn facts(given: &[(&str, &str)]) -> Facts {
    given.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn filed(given: &[(&str, &str)]) -> Filed {
    Filed { facts: facts(given), entry: None }
}

const REVISION: &[(&str, &str)] = &[
    ("product_version", "B"),
    ("sample", "SP-1"),
    ("bom", "BOM-1"),
    ("artwork", "AW-1"),
    ("packaging", "PK-1"),
];

fn sheet() -> Filed {
    filed(&[
        ("trade_item", "TOY"),
        ("factory", "F1"),
        ("lot_code", "T26-01"),
        ("produced_from", "2026-03-04"),
        ("produced_to", "2026-03-05"),
        ("line", "3"),
        ("shift", "A"),
        ("quantity", "100"),
        ("product_version", "B"),
        ("lot_code_on_product", "T26-01"),
        ("lot_code_on_retail_box", "T26-01"),
        ("lot_code_on_carton", "T26-01-C"),
    ])
}

fn material(lot: &str) -> Material {
    let facts = facts(&[
        ("material", "ABS red"),
        ("class", "resin"),
        ("supplier", "Plastika"),
        ("source", "Ulsan works"),
        ("lot_code", lot),
        ("received_on", "2026-02-20"),
        ("receipt", "GR-118"),
        ("specification", "PA-757"),
    ]);
    Material { lot: Subject::material_lot(lot), facts, supplier_place: None, entry: None }
}

fn plan() -> Plan {
    let mut terms = facts(REVISION);
    terms.extend(facts(&[
        ("in_force_from", "2026-01-01"),
        ("code_on_product", "T{yy}-{nn}"),
        ("code_on_retail_box", "{lot}"),
        ("code_on_carton", "{lot}-C"),
        (
            "required_records",
            "run_sheet,material_lot,approved_revision,inspection_report,carton_range,retained_sample",
        ),
        ("materials", "resin"),
    ]));
    let accepted = Party::ALL.map(|party| Accepted { party, by: "Wen".into(), on: "2025-12-20".into() });
    Plan { revision: 1, terms, drafted: None, accepted: accepted.into() }
}

/// A batch of which everything is on record.
pub(crate) fn good() -> Dossier {
    let batch = Subject::batch("T26-01");
    let mut good = Dossier::new(batch.clone(), Time(0));
    for (slot, record) in [
        ("run_sheet", sheet()),
        ("approved_revision", filed(REVISION)),
        ("inspection_report:inline", filed(&[("level", "inline"), ("result", "pass")])),
        ("inspection_report:final", filed(&[("level", "final"), ("result", "pass")])),
        ("release", filed(&[("released_by", "Q. Li")])),
    ] {
        good.records.insert(slot.into(), record);
    }
    good.marks.insert(Aspect::Inspection, Disposition::Conformant);
    good.made = Some(100);
    good.materials = vec![material("M1")];
    let sample = facts(&[("lot_code_on_sample", "T26-01"), ("location", "Room 2"), ("pieces", "4")]);
    good.samples = vec![Sample {
        sample: Subject::new(crate::subject::SubjectKind::RetainedSample, "S-1"),
        facts: sample,
    }];
    good.cartons = Cartons { count: 4, pieces: 96, ..Cartons::default() };
    let destination = facts(&[("destination", "W1")]);
    let shipment = Subject::shipment("SH1");
    good.shipments = vec![Sent { shipment, facts: destination, left: false, left_on: None, released: false }];
    good.plans = vec![plan()];
    let mut before = sheet();
    before.facts.extend(facts(&[("lot_code", "T26-00"), ("produced_from", "2026-02-01"), ("shift", "B")]));
    good.before = Some(Before {
        batch: Subject::batch("T26-00"),
        records: [("run_sheet".to_string(), before), ("approved_revision".to_string(), filed(REVISION))]
            .into(),
        materials: vec![material("M0")],
    });
    good.certificates = vec![
        filed(&[
            ("number", "CPC-1"),
            ("document", "certificate"),
            ("product_version", "B"),
            ("made_at", "F1"),
        ]),
        filed(&[("number", "TR-1"), ("document", "test_report"), ("product_version", "B"), ("bom", "BOM-1")]),
    ];
    good
}

fn loaded(batches: Vec<Dossier>) -> Loaded {
    let shares = batches.iter().map(|d| (d.batch.clone(), Share::Exactly(Pieces(96)))).collect();
    Loaded { subject: Subject::shipment("SH1"), cartons: 4, shares, batches, ..Loaded::batch(good()) }
}

/// What the gate finds, as `rule/fact`.
fn found(loaded: &Loaded) -> Vec<String> {
    of_shipment(loaded).into_iter().map(|f| format!("{}/{}", f.rule, f.fact)).collect()
}

/// What it finds when one thing about a good batch is made wrong.
fn when(mutate: impl Fn(&mut Dossier)) -> Vec<String> {
    let mut dossier = good();
    mutate(&mut dossier);
    found(&loaded(vec![dossier]))
}

#[test]
fn c48_a_good_batch_passes_and_is_six_of_six() {
    assert_eq!(found(&loaded(vec![good()])), Vec::<String>::new());
    let six = completeness::of(&good());
    assert_eq!((six.complete(), six.asked()), (6, 6));
}

#[test]
fn c12_every_fact_of_the_run_sheet_is_missed_by_name() {
    for (name, told) in [
        ("line", "on_record/run_sheet.line"),
        ("shift", "on_record/run_sheet.shift"),
        ("produced_to", "on_record/run_sheet.produced_to"),
        ("quantity", "on_record/run_sheet.quantity"),
        ("product_version", "on_record/run_sheet.product_version"),
        ("lot_code_on_retail_box", "on_record/run_sheet.lot_code_on_retail_box"),
        ("lot_code_on_carton", "on_record/run_sheet.lot_code_on_carton"),
    ] {
        let without = |d: &mut Dossier| {
            d.records.get_mut("run_sheet").and_then(|r| r.facts.remove(name));
            // What is compared with the batch before is not what is asked here.
            if let Some(before) = &mut d.before {
                before.records.get_mut("run_sheet").and_then(|r| r.facts.remove(name));
            }
        };
        assert_eq!(when(without), [told], "{name}");
    }
}

#[test]
fn c13_c22_every_class_that_was_agreed_is_told_with_supplier_source_lot_code_and_receipt() {
    for name in ["supplier", "source", "lot_code", "receipt", "received_on"] {
        let told = when(|d| drop(d.materials[0].facts.remove(name)));
        assert_eq!(told, [format!("on_record/material_lot.{name}")]);
    }
    let usual = when(|d| drop(d.materials[0].facts.insert("receipt".into(), "same as usual".into())));
    assert_eq!(usual, ["on_record/material_lot.receipt"]);
    assert_eq!(when(|d| d.materials.clear()), ["on_record/material_lot.class.resin"]);
    // A class that was not agreed on may be left out.
    let paint = |d: &mut Dossier| drop(d.plans[0].terms.insert("materials".into(), "resin,paint".into()));
    assert_eq!(when(paint), ["on_record/material_lot.class.paint"]);
}

#[test]
fn c14_c23_revisions_are_on_record_and_are_the_approved_ones() {
    assert_eq!(when(|d| drop(d.records.remove("approved_revision"))), ["on_record/approved_revision"]);
    let artwork = |d: &mut Dossier| {
        d.records.get_mut("approved_revision").and_then(|r| r.facts.insert("artwork".into(), "AW-2".into()));
        if let Some(before) = &mut d.before {
            before
                .records
                .get_mut("approved_revision")
                .and_then(|r| r.facts.insert("artwork".into(), "AW-2".into()));
        }
    };
    assert_eq!(when(artwork), ["agreed/baseline.artwork"]);
}

#[test]
fn c15_inspections_and_sign_off_are_of_this_batch() {
    for (slot, told) in [
        ("inspection_report:inline", "on_record/inspection_report.inline"),
        ("inspection_report:final", "on_record/inspection_report.final"),
        ("release", "on_record/release"),
    ] {
        assert_eq!(when(|d| drop(d.records.remove(slot))), [told]);
    }
    let stale = |d: &mut Dossier| {
        d.marks.insert(Aspect::Inspection, Disposition::InspectionStale);
    };
    assert_eq!(when(stale), ["inspected/inspection.stale"]);
    let unsigned = |d: &mut Dossier| {
        d.marks.insert(Aspect::Release, Disposition::ReleaseStale);
    };
    assert_eq!(when(unsigned), ["on_record/release.stale"], "inspected again, and not signed since");
    let changed = |d: &mut Dossier| {
        stale(d);
        unsigned(d);
    };
    assert_eq!(when(changed), ["on_record/release.stale", "inspected/inspection.stale"]);
    let mut dossier = good();
    changed(&mut dossier);
    assert_eq!(completeness::of(&dossier).complete(), 5);
    let signing: Vec<String> = of_batch(&dossier).into_iter().map(|f| f.fact).collect();
    assert_eq!(signing, ["inspection.stale"], "the inspection comes first, then the signature");
}

#[test]
fn c59_what_was_let_pass_is_let_pass_and_what_came_since_is_not() {
    let since = |loaded: &Loaded| since_release(loaded).into_iter().map(|f| f.fact).collect::<Vec<_>>();
    let mut one = good();
    one.records.remove("inspection_report:final");
    one.samples.clear();
    let mut shipment = loaded(vec![one]);
    shipment.records.insert("release".into(), filed(&[("released_by", "Q. Li")]));
    assert_eq!(
        since(&shipment),
        ["inspection_report.final"],
        "what is owed of samples does not call it back"
    );
    let passed: Vec<String> = of_shipment(&shipment).iter().map(Failure::passed).collect();
    shipment.records.insert("release".into(), filed(&[("let_pass", &passed.join("\n"))]));
    assert_eq!(since(&shipment), Vec::<String>::new());
    shipment.batches[0].marks.insert(Aspect::Inspection, Disposition::NonConformant);
    assert_eq!(since(&shipment), ["inspection.failed"]);
}

#[test]
fn c16_cartons_add_up_and_their_numbers_neither_overlap_nor_leave_holes() {
    assert_eq!(when(|d| d.cartons.pieces = 72), ["on_record/carton_range.not_packed"]);
    assert_eq!(when(|d| d.cartons.pieces = 101), ["on_record/carton_range.too_many"]);
    assert_eq!(when(|d| d.cartons.unknown = 1), ["on_record/carton_range.unknown"]);
    assert_eq!(when(|d| d.cartons = Cartons::default()), ["on_record/carton_range"]);
    assert_eq!(when(|d| d.shipments[0].facts.clear()), ["on_record/shipment.destination"]);
    let ranges = |given: &'static [(&str, &str)]| {
        move |d: &mut Dossier| {
            for (first, last) in given {
                let range = filed(&[("first", first), ("last", last), ("pieces", "24")]);
                d.records.insert(format!("carton_range:{first}"), range);
            }
        }
    };
    assert_eq!(when(ranges(&[("1", "2"), ("3", "4")])), Vec::<String>::new());
    assert_eq!(when(ranges(&[("1", "3"), ("3", "4")])), ["on_record/carton_range.overlap"]);
    assert_eq!(when(ranges(&[("1", "2"), ("4", "4")])), ["on_record/carton_range.hole"]);
    assert_eq!(when(ranges(&[("4", "1")])), ["on_record/carton_range.backwards"]);
}

#[test]
fn c51_a_sample_is_located_and_carries_a_code_of_its_batch() {
    assert_eq!(
        when(|d| d.samples.clear()),
        ["on_record/carton_range.not_packed", "on_record/retained_sample"]
    );
    let lost = |d: &mut Dossier| drop(d.samples[0].facts.insert("missing_since".into(), "2026-05-01".into()));
    assert_eq!(when(lost), ["on_record/retained_sample"]);
    let other =
        |d: &mut Dossier| drop(d.samples[0].facts.insert("lot_code_on_sample".into(), "T26-09".into()));
    assert_eq!(when(other), ["on_record/retained_sample.wrong_label"]);
    let waived = |d: &mut Dossier| {
        d.samples[0].facts.remove("location");
        d.records.insert("waiver:retained_sample".into(), filed(&[("waived_by", "A. Berg")]));
    };
    assert_eq!(when(waived), Vec::<String>::new());
}

#[test]
fn c17_what_went_wrong_has_a_corrective_action() {
    let failed = |d: &mut Dossier| {
        d.marks.insert(Aspect::Inspection, Disposition::NonConformant);
    };
    assert_eq!(when(failed), ["on_record/corrective_action", "inspected/inspection.failed"]);
    let acted = |d: &mut Dossier| {
        failed(d);
        d.records.insert("corrective_action:CA-1".into(), filed(&[("number", "CA-1")]));
    };
    assert_eq!(when(acted), ["inspected/inspection.failed"]);
}

#[test]
fn c20_the_plan_was_locked_and_its_codes_are_on_the_goods() {
    assert_eq!(when(|d| drop(d.plans[0].accepted.pop())), ["agreed/trace_plan"]);
    let carton = |d: &mut Dossier| {
        d.records
            .get_mut("run_sheet")
            .and_then(|r| r.facts.insert("lot_code_on_carton".into(), "T26-01".into()));
    };
    assert_eq!(when(carton), ["agreed/code.carton"]);
}

#[test]
fn c21_a_record_that_was_not_agreed_on_is_not_asked_for() {
    let dropped = |d: &mut Dossier| {
        d.plans[0].terms.insert("required_records".into(), "run_sheet,material_lot".into());
        d.samples[0].facts.remove("location");
    };
    assert_eq!(when(dropped), Vec::<String>::new());
    let mut dossier = good();
    dropped(&mut dossier);
    dossier.records.remove("approved_revision");
    let six = completeness::of(&dossier);
    assert_eq!(
        (six.is_complete(), six.asked()),
        (true, 4),
        "what is there counts, what is not asked does not"
    );
}

#[test]
fn c54_a_certificate_of_another_version_blocks_the_release() {
    let certificate =
        |d: &mut Dossier| drop(d.certificates[0].facts.insert("product_version".into(), "A".into()));
    assert_eq!(when(certificate), ["certified/certificate.product_version"]);
    let site = |d: &mut Dossier| drop(d.certificates[0].facts.insert("made_at".into(), "F2".into()));
    assert_eq!(when(site), ["certified/certificate.made_at"]);
    // An older certificate beside one that agrees is no matter.
    let older = |d: &mut Dossier| {
        let old = filed(&[("number", "CPC-0"), ("document", "certificate"), ("product_version", "A")]);
        d.certificates.push(old);
    };
    assert_eq!(when(older), Vec::<String>::new());
}

#[test]
fn c55_a_certificate_alone_is_no_record_of_a_batch() {
    let mut bare = Dossier::new(Subject::batch("T26-02"), Time(0));
    bare.certificates = good().certificates;
    let six = completeness::of(&bare);
    assert_eq!((six.complete(), six.asked()), (0, 6));
    assert_eq!(found(&loaded(vec![bare])), ["bridged/bridge.run_sheet"]);
}

#[test]
fn c56_a_material_change_waits_for_its_answer_and_its_test() {
    let moved = |d: &mut Dossier| drop(d.materials[0].facts.insert("source".into(), "Daesan works".into()));
    assert_eq!(when(moved), ["changed/change.source:ABS red"]);
    let answered = |affects: &'static str| {
        move |d: &mut Dossier| {
            moved(d);
            let change = crate::change::unanswered(d).remove(0);
            let facts = crate::change::answered(&change, affects, "same polymer", "Q. Li");
            d.records.insert("material_change:source:ABS red".into(), Filed { facts, entry: None });
        }
    };
    assert_eq!(when(answered("no")), Vec::<String>::new());
    assert_eq!(when(answered("yes")), ["changed/change.source:ABS red"]);
    let tested = |d: &mut Dossier| {
        answered("yes")(d);
        d.certificates[1].facts.insert("tested_on".into(), "2026-03-20".into());
    };
    assert_eq!(when(tested), Vec::<String>::new());
}

#[test]
fn c48_several_batches_under_one_reference_need_their_composition() {
    let mut other = good();
    other.batch = Subject::batch("T26-02");
    let mut both = loaded(vec![good(), other]);
    assert_eq!(found(&both), Vec::<String>::new());
    both.shares.insert(Subject::batch("T26-02"), Share::Unknown);
    assert_eq!(found(&both), ["composed/composition.share"]);
    let nothing = Loaded { shares: BTreeMap::new(), batches: vec![], ..both.clone() };
    assert_eq!(found(&nothing), ["composed/composition"]);
    let empty = Loaded { empty: vec![Subject::logistic_unit("C9")], ..loaded(vec![good()]) };
    assert_eq!(found(&empty), ["composed/composition.unit"]);
}

#[test]
fn c10_c36_what_is_held_and_lines_that_nobody_joined_keep_it() {
    let held = Loaded { stopped: Some(Subject::logistic_unit("C1")), ..loaded(vec![good()]) };
    assert_eq!(found(&held), ["stopped/hold"]);
    let line = OrderLine {
        line: Subject::new(crate::subject::SubjectKind::OrderLine, "INV-7#2"),
        facts: facts(&[
            ("number", "INV-7"),
            ("line", "2"),
            ("value", "4800"),
            ("currency", "USD"),
            ("cartons", "12"),
        ]),
        pieces: None,
    };
    let mut paid = Loaded { lines: vec![(line, false)], ..loaded(vec![good()]) };
    assert_eq!(found(&paid), ["paid/order_line"]);
    assert!(of_shipment(&paid)[0].said.en.contains("4800 USD, 12 cartons"));
    paid.lines[0].1 = true;
    assert_eq!(found(&paid), Vec::<String>::new());
    let open = vec![(DiscrepancyKind::Unproven, Subject::logistic_unit("C1"))];
    assert_eq!(found(&Loaded { open, ..loaded(vec![good()]) }), ["open/discrepancy.unproven"]);
    let more = when(|d| d.open.push(DiscrepancyKind::CountDiffers));
    assert_eq!(more, ["open/discrepancy.count_differs"], "more was inspected than was made");
}

#[test]
fn c53_what_somebody_only_remembers_clears_nothing() {
    let remembered = |d: &mut Dossier| {
        let entry = crate::view::EntryRef {
            seq: 7,
            kind: "filing".into(),
            event_time: Time(0),
            zone: crate::time::Zone::UTC,
            evidence: crate::event::Evidence::Testimony,
        };
        if let Some(report) = d.records.get_mut("inspection_report:final") {
            report.entry = Some(entry);
        }
    };
    assert_eq!(when(remembered), ["on_record/inspection_report.testimony"]);
}

#[test]
fn c59_goods_joined_to_another_batch_are_not_shipped_as_themselves() {
    assert_eq!(when(|d| d.bridged_to = Some(Subject::batch("T26-07"))), ["bridged/bridge.joined"]);
}

#[test]
fn every_failure_says_where_it_is_mended() {
    let mut wrong = good();
    wrong.records.clear();
    let mut dossiers = vec![wrong];
    for slot in good().records.keys() {
        let mut one = good();
        one.records.remove(slot);
        dossiers.push(one);
    }
    for failure in of_shipment(&loaded(dossiers)) {
        assert!(failure.door.is_some(), "{failure:?}");
        assert!(!failure.said.en.is_empty() && failure.said.en != failure.said.zh, "{failure:?}");
    }
}
