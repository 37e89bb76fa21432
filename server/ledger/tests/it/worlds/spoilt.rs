//! One record of a good batch at a time is left out, says something else, or is taken back; the gate tells exactly
//! that, and what it keeps from coming about: a batch of which something is missing is not signed off.

use super::*;
use domain::{person::Role, time::Time};
use serde_json::{Value, json};
use worlds::{Scale, Tells, w1};

/// One batch of six cartons, two in each shipment.
const SCALE: Scale = Scale::small();

/// What a record says instead.
type Spoil = fn(&mut Value);

/// A record that is left out or says something else, with what the gate then says.
type Case = (Tells, Option<Spoil>, &'static [&'static str]);

/// What the gate of the first shipment says when one record is otherwise, or was never made.
async fn without(book: &Book, seed: u64, tells: Tells, spoil: Option<Spoil>) -> Vec<String> {
    let mut world = w1(seed, &SCALE);
    world.split(Tells::Release);
    let at = world.recorded.iter().position(|one| one.tells == tells);
    let at = at.unwrap_or_else(|| panic!("nothing tells {tells:?}"));
    match spoil {
        Some(spoil) => spoil(&mut world.recorded[at].draft.payload),
        None => drop(world.recorded.remove(at)),
    }
    book.tries_all(&world.recorded).await;
    book.held_by(&world.truth.shipments[0].reference).await
}

/// A fact of a record is left out.
fn forget(payload: &mut Value, name: &str) {
    if let Some(facts) = payload["facts"].as_array_mut() {
        facts.retain(|fact| fact["name"] != name);
    }
}

/// A fact of a record says something else.
fn say(payload: &mut Value, name: &str, value: &str) {
    forget(payload, name);
    if let Some(facts) = payload["facts"].as_array_mut() {
        facts.push(json!({"name": name, "value": value}));
    }
}

/// An answer of an event is left out.
fn omit(payload: &mut Value, name: &str) {
    payload.as_object_mut().and_then(|members| members.remove(name));
}

const LEFT_OUT: &[Case] = &[
    (Tells::Certificate, None, &[]),
    (Tells::TestReport, None, &[]),
    (
        Tells::Run,
        None,
        &[
            "on_record/material_lot.class.packaging",
            "on_record/material_lot.class.paint",
            "on_record/material_lot.class.resin",
            "on_record/release",
            "on_record/run_sheet.produced_to",
            "on_record/run_sheet.quantity",
        ],
    ),
    (Tells::Inline, None, &["on_record/inspection_report.inline", "on_record/release"]),
    (Tells::Final, None, &["on_record/inspection_report.final", "on_record/release"]),
    (Tells::Sample, None, &["on_record/carton_range.not_packed", "on_record/retained_sample"]),
    (
        Tells::Carton,
        None,
        &["composed/composition.unit", "on_record/carton_range.not_packed", "open/discrepancy.unknown_code"],
    ),
    (Tells::SignOff, None, &["on_record/release"]),
    (Tells::Together, None, &["composed/composition"]),
    (Tells::Papers, None, &["on_record/shipment.destination"]),
    (Tells::OrderLine, None, &[]),
    (Tells::InvoiceLine, None, &[]),
    (Tells::Bridge, None, &["paid/order_line"]),
];

#[test]
fn c48_a_record_that_is_left_out_is_told_and_nothing_unrelated() {
    on_each(|book: Book| async move {
        for ((tells, spoil, told), seed) in LEFT_OUT.iter().zip(20..) {
            assert_eq!(without(&book.another().await, seed, *tells, *spoil).await, *told, "{tells:?} {seed}");
        }
    });
}

const SPOILT: &[Case] = &[
    (Tells::Opening, Some(|p| omit(p, "shift")), &["on_record/release", "on_record/run_sheet.shift"]),
    (
        Tells::MaterialLot,
        Some(|p| forget(p, "receipt")),
        &["on_record/material_lot.receipt", "on_record/release"],
    ),
    (
        Tells::MaterialLot,
        Some(|p| forget(p, "source")),
        &["on_record/material_lot.source", "on_record/release"],
    ),
    (
        Tells::Run,
        Some(|p| drop(p["materials"].as_array_mut().and_then(Vec::pop))),
        &["on_record/material_lot.class.packaging", "on_record/release"],
    ),
    (Tells::Run, Some(|p| p["quantity"] = json!(172)), &["on_record/carton_range.not_packed"]),
    (
        Tells::Run,
        Some(|p| p["quantity"] = json!(140)),
        &["on_record/carton_range.too_many", "open/discrepancy.count_differs"],
    ),
    (
        Tells::Final,
        Some(|p| p["result"] = json!("fail")),
        &["inspected/inspection.failed", "on_record/corrective_action", "on_record/release"],
    ),
    (
        Tells::Sample,
        Some(|p| p["lot_code_on_sample"] = json!("XX2601-09")),
        &["on_record/retained_sample.wrong_label"],
    ),
    (Tells::Carton, Some(|p| omit(&mut p["batches"][0], "pieces")), &["on_record/carton_range.unknown"]),
    (Tells::Carton, Some(|p| p["batches"][0]["pieces"] = json!(20)), &["on_record/carton_range.not_packed"]),
    (
        Tells::Certificate,
        Some(|p| say(p, "product_version", "A")),
        &["certified/certificate.product_version", "on_record/release"],
    ),
    (
        Tells::Certificate,
        Some(|p| say(p, "made_at", "F-HP")),
        &["certified/certificate.made_at", "on_record/release"],
    ),
    (
        Tells::Certificate,
        Some(|p| say(p, "bom", "BOM-6")),
        &["certified/certificate.bom", "on_record/release"],
    ),
    (Tells::Papers, Some(|p| forget(p, "destination")), &["on_record/shipment.destination"]),
];

#[test]
fn c48_a_record_that_says_something_else_is_told_and_nothing_unrelated() {
    on_each(|book: Book| async move {
        for ((tells, spoil, told), seed) in SPOILT.iter().zip(40..) {
            assert_eq!(without(&book.another().await, seed, *tells, *spoil).await, *told, "{tells:?} {seed}");
        }
    });
}

/// A record that is declared wrong when all was well, with what the gate then says.
const TAKEN_BACK: &[(Tells, &[&str])] = &[
    (
        Tells::MaterialLot,
        &[
            "on_record/material_lot.class",
            "on_record/material_lot.class.resin",
            "on_record/material_lot.lot_code",
            "on_record/material_lot.material",
            "on_record/material_lot.receipt",
            "on_record/material_lot.received_on",
            "on_record/material_lot.source",
            "on_record/material_lot.supplier",
        ],
    ),
    (
        Tells::Run,
        &[
            "on_record/material_lot.class.packaging",
            "on_record/material_lot.class.paint",
            "on_record/material_lot.class.resin",
            "on_record/run_sheet.produced_to",
            "on_record/run_sheet.quantity",
        ],
    ),
    (Tells::Inline, &["on_record/inspection_report.inline"]),
    (Tells::Final, &["on_record/inspection_report.final"]),
    (Tells::Sample, &["on_record/carton_range.not_packed", "on_record/retained_sample"]),
    (Tells::Carton, &["composed/composition.unit", "on_record/carton_range.not_packed"]),
    (Tells::SignOff, &["on_record/release"]),
    (Tells::Together, &["composed/composition"]),
    (Tells::Papers, &["on_record/shipment.destination"]),
    (Tells::Bridge, &["paid/order_line"]),
];

#[test]
fn c18_a_correction_opens_the_gap_again_and_that_alone() {
    on_each(|book: Book| async move {
        for ((tells, told), seed) in TAKEN_BACK.iter().zip(60..) {
            let book = book.another().await;
            let mut world = w1(seed, &SCALE);
            world.split(Tells::Release);
            let receipts = book.hears(&world.recorded).await;
            let shipment = &world.truth.shipments[0].reference;
            assert_eq!(book.held_by(shipment).await, Vec::<String>::new());
            let at = world.recorded.iter().position(|one| one.tells == *tells).unwrap();
            let wrong = json!({"entry": receipts[at].seq.to_string(), "reason": "did_not_occur"});
            book.does_as(Role::Administrator, "correcting", wrong).await.unwrap();
            assert_eq!(book.held_by(shipment).await, *told, "{tells:?} {seed}");
            let again =
                domain::event::EventDraft { id: uuid::Uuid::now_v7(), ..world.recorded[at].draft.clone() };
            if *tells == Tells::Final {
                let later = Time(world.recorded.last().unwrap().recorded_at.0);
                let person = &world.recorded[at].person;
                let answer = book.ledger.capture_at(book.brand.id, person, vec![again], later).await.unwrap();
                assert!(answer[0].is_ok(), "{answer:?}");
                assert_eq!(book.held_by(shipment).await, Vec::<String>::new(), "and it closes at once");
            }
        }
    });
}
