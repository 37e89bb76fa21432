//! Make, pack, ship, relabel, split, hold, correct: and what the book tells afterwards.

use crate::{
    support::{Book, on_each},
    world::{GTIN, sscc},
};
use domain::{
    event::DiscrepancyKind,
    person::Role,
    quantity::{Pieces, Share},
    state::Disposition,
    subject::{Subject, SubjectKind},
    view::Resolution,
};
use ledger::Ask;
use serde_json::json;
use std::collections::BTreeSet;

fn all() -> Ask {
    Ask::default()
}

#[test]
fn c03_one_request_leads_from_product_code_to_cartons_shipments_run_sheet_and_materials() {
    on_each(|book: Book| async move {
        book.furnish().await;
        let made = book.produce("L-100", "F1", &["M1-0001", "M2-0001"]).await;
        let (one, two) = (sscc(1), sscc(2));
        let packed = book.pack(&one, &[("L-100", Some(24))]).await;
        book.pack(&two, &[("L-100", Some(24))]).await;
        let shipped = book.ship("SH-1", &[&one]).await;
        assert_eq!(book.resolves(&format!("(01){GTIN}(10)L-100")).await, "batch:L-100");
        assert_eq!(book.resolves(&format!("https://id.example.org/01/{GTIN}/10/L-100")).await, "batch:L-100");

        let view = book.ledger.batch(&book.reader(), "L-100", &all()).await.unwrap().unwrap();
        assert_eq!(
            (view.card.titled.title.as_str(), view.card.titled.detail.en.as_str()),
            ("L-100", "Toy Truck · Sunrise Plastics")
        );
        let sheet = view.records.iter().find(|r| r.kind == "run_sheet").unwrap();
        assert_eq!(sheet.entry.as_ref().unwrap().seq, made.seq);
        let fact =
            |name: &str| sheet.facts.iter().find(|f| f.name == name).unwrap().value.clone().map(|v| v.en);
        assert_eq!(fact("factory").as_deref(), Some("Sunrise Plastics"));
        assert_eq!(fact("shift"), None, "an absent fact is a gap");
        let materials: Vec<_> = view
            .materials
            .iter()
            .map(|m| (m.material_lot.title.as_str(), m.supplier.as_deref(), m.entry.seq))
            .collect();
        assert_eq!(
            materials,
            [("M1-0001", Some("Plastika Ltd"), made.seq), ("M2-0001", Some("Colour Works"), made.seq)]
        );
        assert_eq!((view.cartons.total, view.cartons.rows.len()), (2, 2));
        let carton = &view.cartons.rows[0];
        assert_eq!(
            (carton.unit.title.as_str(), carton.share, carton.entry.as_ref().unwrap().seq),
            (one.as_str(), Share::Exactly(Pieces(24)), packed.seq)
        );
        assert_eq!(carton.inside.as_ref().unwrap().subject, Subject::shipment("SH-1"));
        let shipment = &view.shipments.rows[0];
        assert_eq!(
            (shipment.cartons, shipment.share, shipment.shipped.as_ref().unwrap().seq),
            (1, Share::Exactly(Pieces(24)), shipped.seq)
        );
        assert_eq!(shipment.destination.as_ref().unwrap().title, "Toys & More");
        assert_eq!(view.timeline.rows.last().unwrap().entry.seq, made.seq);
    });
}

#[test]
fn c04_the_same_walk_is_closed_from_any_end() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &["M1-0001"]).await;
        book.produce("L-200", "F1", &["M1-0001", "M2-0001"]).await;
        let cartons: Vec<String> = (1..=4).map(sscc).collect();
        book.pack(&cartons[0], &[("L-100", Some(24))]).await;
        book.pack(&cartons[1], &[("L-100", Some(12)), ("L-200", Some(12))]).await;
        book.pack(&cartons[2], &[("L-200", Some(24))]).await;
        book.pack(&cartons[3], &[("L-200", Some(24))]).await;
        let pallet = sscc(90);
        book.stack(&pallet, &[&cartons[0], &cartons[1]]).await;
        book.ship("SH-1", &[&pallet]).await;
        book.ship("SH-2", &[&cartons[2]]).await;
        let reader = book.reader();
        for start in [Subject::material_lot("M1-0001"), Subject::trade_item("TRUCK")] {
            let forward = book.ledger.trace_forward(&reader, &start, &all()).await.unwrap().unwrap();
            assert_eq!((forward.batches, forward.cartons, forward.cartons_not_shipped), (2, 4, 1), "{start}");
            assert_eq!(forward.pieces, 96);
            let shipments: Vec<_> =
                forward.shipments.rows.iter().map(|s| (s.shipment.title.as_str(), s.cartons)).collect();
            assert_eq!(shipments, [("SH-2", 1), ("SH-1", 2)]);
        }
        let back = book.ledger.trace_back(&reader, &Subject::shipment("SH-1")).await.unwrap().unwrap();
        let batches: Vec<_> =
            back.batches.iter().map(|b| (b.batch.title.as_str(), b.share, b.cartons)).collect();
        assert_eq!(
            batches,
            [("L-100", Share::Exactly(Pieces(36)), Some(2)), ("L-200", Share::Exactly(Pieces(12)), Some(1))]
        );
        let materials: Vec<_> = back.materials.iter().map(|m| m.material_lot.title.as_str()).collect();
        assert_eq!(materials, ["M1-0001", "M1-0001", "M2-0001"]);
        let unit = Subject::logistic_unit(cartons[0].as_str());
        let back = book.ledger.trace_back(&reader, &unit).await.unwrap().unwrap();
        assert_eq!(back.batches.len(), 1);
        let view = book.ledger.material_lot(&reader, "M2-0001", &all()).await.unwrap().unwrap();
        assert_eq!((view.batches.total, view.forward.cartons), (1, 3));
    });
}

#[test]
fn c04_a_mixed_carton_counts_once_however_many_batches_there_are() {
    on_each(|book: Book| async move {
        book.furnish().await;
        // More batches than are asked about at once; the mixed cartons hold one of the first and the last.
        let batches: Vec<String> = (0..300).map(|n| format!("L-{n:03}")).collect();
        let made = batches.iter().map(|key| {
            let materials = json!([{"material_lot": "M1-0001", "amount": "1", "unit": "kilogram"}]);
            json!({"trade_item": format!("(01){GTIN}"), "lot_code": key, "batch": key, "quantity": 480,
                "materials": materials})
        });
        book.all("producing", made.collect()).await;
        let (first, last) = (batches[0].as_str(), batches[299].as_str());
        let (loose, packed, alone) = (sscc(1), sscc(2), sscc(3));
        for code in [&loose, &packed] {
            book.pack(code, &[(first, Some(12)), (last, Some(12))]).await;
        }
        book.pack(&alone, &[(first, Some(24))]).await;
        book.ship("SH-1", &[&packed, &alone]).await;
        let lot = Subject::material_lot("M1-0001");
        let forward = book.ledger.trace_forward(&book.reader(), &lot, &all()).await.unwrap().unwrap();
        assert_eq!((forward.batches, forward.cartons, forward.cartons_not_shipped), (300, 3, 1));
        assert_eq!(forward.pieces, 72);
        let shipments: Vec<_> = forward.shipments.rows.iter().map(|s| (s.cartons, s.share)).collect();
        assert_eq!(shipments, [(2, Share::Exactly(Pieces(48)))]);
    });
}

#[test]
fn c07_a_lot_code_of_two_factories_tells_both_and_what_tells_them_apart() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &["M1-0001"]).await;
        book.produce_as("L-100/F2", "L-100", "F2", &["M2-0001"]).await;
        assert_eq!(book.resolves("L-100").await, "several: batch:L-100, batch:L-100/F2");
        let found = book.ledger.resolve(&book.reader(), None, b"L-100").await.unwrap();
        let Resolution::Several { candidates, .. } = found else { panic!("{found:?}") };
        for candidate in &candidates {
            let names: Vec<&str> = candidate.differ.iter().map(|f| f.name.as_str()).collect();
            assert_eq!(names, ["factory"]);
        }
        let refusal = book.refuses("packing", json!({"container": sscc(1), "level": "carton", "batches": [{"batch": "L-100", "pieces": 24}]})).await;
        assert_eq!((refusal.reason.as_str(), refusal.candidates.len()), ("ambiguous_code", 2));
    });
}

#[test]
fn c08_an_unknown_code_is_kept_told_with_what_is_near_and_closes_itself() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &[]).await;
        book.pack(&sscc(7), &[("L-100", Some(24))]).await;
        let misread = sscc(7).replace("10614141000000", "10614141000001");
        assert_eq!(book.resolves("L-101").await, "unknown, seen 0, near: batch:L-100");
        assert_eq!(
            book.resolves(&format!("(01){GTIN}(10)L-999")).await,
            "unknown, seen 0, near: trade_item:TRUCK",
            "a trade item is never the answer to a lot code"
        );
        assert_eq!(book.resolves(&format!("(01){GTIN}")).await, "trade_item:TRUCK");
        drop(misread);
        let seen = book.does("observing", json!({"code": "STRAY-1"})).await;
        assert_eq!(seen.discrepancies[0].kind, DiscrepancyKind::UnknownCode);
        assert_eq!(book.resolves("STRAY-1").await, "unknown, seen 1, near: ");
        let open = book.ledger.ledger_view(&book.reader(), None).await.unwrap().open_discrepancies;
        assert_eq!((open.total, open.rows[0].raised.seq), (1, seen.seq));
        let named = book.does("commissioning", json!({"codes": ["STRAY-1"], "level": "carton"})).await;
        assert_eq!(book.resolves("STRAY-1").await, "logistic_unit:STRAY-1");
        let entry = book.ledger.entry(&book.reader(), seen.seq).await.unwrap().unwrap();
        assert_eq!(entry.discrepancies[0].closed, Some(named.seq));
    });
}

#[test]
fn c28_after_a_relabeling_both_codes_lead_to_the_carton_and_the_batch_tells_of_it() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &[]).await;
        let (old, new) = (sscc(1), sscc(2));
        book.pack(&old, &[("L-100", Some(24))]).await;
        let done = book
            .does(
                "relabeling",
                json!({"old_code": old, "new_code": new, "reason": "damaged", "old_code_scanned": true}),
            )
            .await;
        let key = format!("logistic_unit:{old}");
        assert_eq!(book.resolves(&new).await, key);
        assert_eq!(book.resolves(&old).await, format!("{key} (former)"));
        let view = book.ledger.logistic_unit(&book.reader(), &old, &all()).await.unwrap().unwrap();
        let names: Vec<_> = view.card.names.iter().map(|n| (n.key.as_str(), n.open, n.until)).collect();
        assert_eq!(names, [(new.as_str(), true, None), (old.as_str(), false, Some(done.seq))]);
        assert_eq!(view.card.titled.title, new);
        let story = book.ledger.batch(&book.reader(), "L-100", &all()).await.unwrap().unwrap().timeline;
        let line = story.rows.iter().find(|l| l.entry.seq == done.seq).unwrap();
        assert_eq!(line.about.as_ref().unwrap().title, new);
        let unproven =
            book.does("relabeling", json!({"old_code": new, "new_code": sscc(3), "reason": "damaged"})).await;
        assert_eq!(unproven.discrepancies[0].kind, DiscrepancyKind::Unproven);
        let refused = book
            .refuses("relabeling", json!({"old_code": sscc(9), "new_code": sscc(3), "reason": "damaged"}))
            .await;
        assert_eq!(refused.reason, "code_in_use");
    });
}

#[test]
fn c29_what_a_split_leaves_over_stays_open_as_a_shortfall() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &[]).await;
        let cartons: Vec<String> = (1..=3).map(sscc).collect();
        for carton in &cartons {
            book.pack(carton, &[("L-100", Some(24))]).await;
        }
        let units: Vec<&str> = cartons.iter().map(String::as_str).collect();
        book.ship("SH-1", &units).await;
        let split = book
            .does(
                "splitting",
                json!({"whole": "SH-1", "parts": [
            {"reference": "SH-1A", "units": [cartons[0]]}, {"reference": "SH-1B", "units": [cartons[1]]}]}),
            )
            .await;
        assert_eq!(split.discrepancies[0].kind, DiscrepancyKind::Shortfall);
        let reader = book.reader();
        let whole = book.ledger.shipment(&reader, "SH-1", &all()).await.unwrap().unwrap();
        let parts: Vec<_> = whole.parts.iter().map(|t| t.title.as_str()).collect();
        assert_eq!(parts, ["SH-1A", "SH-1B"]);
        assert_eq!((whole.units.total, whole.card.batches[0].share), (1, Share::Exactly(Pieces(24))));
        assert_eq!(whole.card.discrepancies[0].kind, DiscrepancyKind::Shortfall);
        let part = book.ledger.shipment(&reader, "SH-1A", &all()).await.unwrap().unwrap();
        assert_eq!(part.whole.unwrap().title, "SH-1");
        let carton = book.ledger.logistic_unit(&reader, &cartons[0], &all()).await.unwrap().unwrap();
        assert_eq!(carton.card.inside[0].subject, Subject::shipment("SH-1A"));
    });
}

#[test]
fn c31_a_mixed_carton_keeps_a_quantity_for_each_batch_and_an_unknown_split_stays_unknown() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &[]).await;
        book.produce("L-200", "F1", &[]).await;
        let (known, unknown, pallet) = (sscc(1), sscc(2), sscc(9));
        book.pack(&known, &[("L-100", Some(20)), ("L-200", Some(4))]).await;
        book.pack(&unknown, &[("L-100", None), ("L-200", None)]).await;
        let reader = book.reader();
        let shares = async |key: &str| {
            let view = book.ledger.logistic_unit(&reader, key, &all()).await.unwrap().unwrap();
            view.card.batches.iter().map(|b| (b.batch.title.clone(), b.share)).collect::<Vec<_>>()
        };
        let exactly = |n| Share::Exactly(Pieces(n));
        assert_eq!(shares(&known).await, [("L-100".into(), exactly(20)), ("L-200".into(), exactly(4))]);
        assert_eq!(
            shares(&unknown).await,
            [("L-100".into(), Share::Unknown), ("L-200".into(), Share::Unknown)]
        );
        book.stack(&pallet, &[&known]).await;
        assert_eq!(shares(&pallet).await, [("L-100".into(), exactly(20)), ("L-200".into(), exactly(4))]);
        book.stack(&pallet, &[&unknown]).await;
        assert_eq!(
            shares(&pallet).await,
            [("L-100".into(), Share::Unknown), ("L-200".into(), Share::Unknown)]
        );
        let forward =
            book.ledger.trace_forward(&reader, &Subject::batch("L-100"), &all()).await.unwrap().unwrap();
        assert_eq!((forward.cartons, forward.pieces), (2, 20));
    });
}

#[test]
fn c32_a_correction_takes_the_effect_back_and_both_entries_stay_readable() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &[]).await;
        let (carton, pallet) = (sscc(1), sscc(9));
        book.pack(&carton, &[("L-100", Some(24))]).await;
        book.stack(&pallet, &[&carton]).await;
        let wrong = book
            .does(
                "relabeling",
                json!({"old_code": carton, "new_code": sscc(2), "reason": "damaged", "quantity": 20}),
            )
            .await;
        assert_eq!(wrong.discrepancies[0].kind, DiscrepancyKind::CountDiffers);
        let right =
            book.does("correcting", json!({"entry": wrong.seq.to_string(), "reason": "did_not_occur"})).await;
        assert_eq!(right.subjects, wrong.subjects);
        let key = format!("logistic_unit:{carton}");
        assert_eq!(book.resolves(&carton).await, key);
        assert!(book.resolves(&sscc(2)).await.starts_with("unknown"));
        let view = book.ledger.logistic_unit(&book.reader(), &carton, &all()).await.unwrap().unwrap();
        assert!(view.card.discrepancies.is_empty(), "{:?}", view.card.discrepancies);
        let story: Vec<_> = view.timeline.rows.iter().map(|l| (l.entry.seq, l.corrected_by)).collect();
        assert!(
            story.contains(&(wrong.seq, Some(right.seq))) && story.contains(&(right.seq, None)),
            "{story:?}"
        );
        // Taken off the pallet by mistake, and put back by correcting that.
        let off = book.does("unpacking", json!({"container": pallet, "units": [carton]})).await;
        let inside = async || {
            let view = book.ledger.logistic_unit(&book.reader(), &carton, &all()).await.unwrap().unwrap();
            view.card.inside.iter().map(|t| t.title.clone()).collect::<Vec<_>>()
        };
        assert!(inside().await.is_empty());
        book.does("correcting", json!({"entry": off.id.to_string(), "reason": "did_not_occur"})).await;
        assert_eq!(inside().await, std::slice::from_ref(&pallet));
        let report = book.ledger.verify(|_| ()).await.unwrap();
        assert!(report.findings.is_empty(), "{:?}", report.findings);
    });
}

#[test]
fn c36_a_held_batch_stops_its_cartons_and_the_pallet_round_them() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &[]).await;
        let (carton, pallet) = (sscc(1), sscc(9));
        book.pack(&carton, &[("L-100", Some(24))]).await;
        book.stack(&pallet, &[&carton]).await;
        let held =
            book.does("holding", json!({"subjects": ["L-100"], "action": "hold", "reason": "odour"})).await;
        for code in [&carton, &pallet] {
            let view = book.ledger.logistic_unit(&book.reader(), code, &all()).await.unwrap().unwrap();
            let mark = &view.card.marks[0];
            assert_eq!((mark.disposition, mark.since), (Disposition::Unavailable, held.seq));
            assert_eq!(mark.from.as_ref().unwrap().title, "L-100");
        }
        let refusal = book.refuses("shipping", json!({"shipment": "SH-1", "units": [pallet]})).await;
        assert_eq!(refusal.reason, "held");
        book.does("holding", json!({"subjects": ["L-100"], "action": "release", "reason": "checked"})).await;
        book.ship("SH-1", &[&pallet]).await;
        let story =
            book.ledger.logistic_unit(&book.reader(), &carton, &all()).await.unwrap().unwrap().timeline;
        assert!(
            story.rows.iter().any(|l| l.entry.kind == "shipping"),
            "what happened to the pallet round it"
        );
    });
}

#[test]
fn c09_the_public_page_tells_the_tracking_label_facts_and_nothing_of_suppliers_or_quantities() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &["M1-0001"]).await;
        let code = format!("(01){GTIN}(10)L-100");
        let view = book.ledger.public(None, &code).await.unwrap().unwrap();
        assert_eq!(view.product.as_ref().unwrap().en, "Toy Truck");
        assert_eq!(view.contact.as_deref(), Some("help@acme.example"));
        let place = view.facts.iter().find(|f| f.name == "produced_at").unwrap();
        assert_eq!(place.value.as_ref().unwrap().en, "Dongguan, CN");
        let told = serde_json::to_string(&view).unwrap();
        for secret in ["Plastika", "Sunrise", "480", "M1-0001"] {
            assert!(!told.contains(secret), "{secret} is told");
        }
        assert!(!view.stop_selling);
        book.does(
            "holding",
            json!({"subjects": ["urn:lotwalk:batch:L-100"], "action": "hold", "reason": "odour"}),
        )
        .await;
        assert!(book.ledger.public(None, &code).await.unwrap().unwrap().stop_selling);
        assert_eq!(book.ledger.public(None, "NOPE").await.unwrap(), None);
    });
}

#[test]
fn c62_who_may_not_read_records_is_told_nothing_and_a_warehouse_no_supplier() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &["M1-0001"]).await;
        let retailer = book.as_role(Role::Retailer);
        assert!(book.ledger.batch(&retailer, "L-100", &all()).await.unwrap().is_none());
        assert!(book.ledger.entry(&retailer, 1).await.unwrap().is_none());
        assert!(book.ledger.find(&retailer, "L-1", None).await.unwrap().rows.is_empty());
        assert!(book.ledger.trace_back(&retailer, &Subject::batch("L-100")).await.unwrap().is_none());
        let json = book.ledger.resolve_json(&retailer, "L-100").await.unwrap();
        assert_eq!(json.0, 404);
        let warehouse = book.as_role(Role::Warehouse);
        let view = book.ledger.batch(&warehouse, "L-100", &all()).await.unwrap().unwrap();
        assert_eq!(view.materials[0].supplier, None);
        let lot = book.ledger.material_lot(&warehouse, "M1-0001", &all()).await.unwrap().unwrap();
        assert!(!serde_json::to_string(&lot).unwrap().contains("Plastika"));
        assert!(book.ledger.find(&warehouse, "plastika", None).await.unwrap().rows.is_empty());
        assert_eq!(book.ledger.find(&book.reader(), "plastika", None).await.unwrap().rows.len(), 1);
        for seq in 1..=8 {
            let entry = book.ledger.entry(&warehouse, seq).await.unwrap().unwrap();
            assert!(!serde_json::to_string(&entry).unwrap().contains("Plastika"), "entry {seq}");
        }
    });
}

#[test]
fn a_shipment_received_twice_still_tells_what_it_brought() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &[]).await;
        let (stays, goes_on) = (sscc(1), sscc(2));
        for code in [&stays, &goes_on] {
            book.pack(code, &[("L-100", Some(24))]).await;
        }
        book.ship("SH-1", &[&stays, &goes_on]).await;
        book.receive("SH-1", "W1").await;
        book.does("unpacking", json!({"container": stays})).await;
        book.ship("SH-2", &[&goes_on]).await;
        book.receive("SH-1", "W1").await;
        let brought = book.ledger.shipment(&book.reader(), "SH-1", &all()).await.unwrap().unwrap();
        assert_eq!(brought.card.batches[0].share, Share::Exactly(Pieces(48)));
        assert_eq!(brought.units.total, 2);
    });
}

#[test]
fn c62_a_warehouse_finds_no_batch_by_its_subcontractor() {
    on_each(|book: Book| async move {
        book.furnish().await;
        let run = |lot: &str, factory: &str, by: Option<&str>| {
            json!({"trade_item": format!("(01){GTIN}"), "lot_code": lot, "factory": factory, "quantity": 480,
                "line": "3", "subcontractor": by})
        };
        book.all("producing", vec![run("L-100", "F1", Some("F2")), run("L-200", "F2", None)]).await;
        let found = async |role, text: &str| {
            let found = book.ledger.find(&book.as_role(role), text, Some(SubjectKind::Batch)).await.unwrap();
            let titles: BTreeSet<String> = found.rows.into_iter().map(|t| t.title).collect();
            titles.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(found(Role::Buyer, "f2").await, ["L-100", "L-200"]);
        assert_eq!(found(Role::Warehouse, "f2").await, ["L-200"], "which says it is made there");
        assert_eq!(found(Role::Warehouse, "subcontract").await, [""; 0]);
        assert_eq!(found(Role::Warehouse, "L-1").await, ["L-100"]);
    });
}
