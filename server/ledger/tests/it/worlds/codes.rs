//! Codes: one lot code of three batches (W6), short marks, and every level that leads to one batch.

use super::*;
use domain::{
    record::Facts,
    time::{Time, Zone},
    view::Resolution,
};
use serde_json::json;
use std::collections::BTreeSet;
use worlds::{Scale, Tells, w1, w6};

impl Book {
    async fn candidates(&self, code: &str) -> Resolution {
        self.ledger.resolve(&self.reader(), None, code.as_bytes()).await.unwrap()
    }
}

#[test]
fn c07_one_lot_code_of_three_batches_tells_all_three_and_what_tells_them_apart() {
    on_each(|book: Book| async move {
        let world = w6(4, &Scale::small());
        book.hears(&world.recorded).await;
        let truth = &world.truth.batches;
        assert_eq!(truth.iter().map(|b| &b.lot_code).collect::<BTreeSet<_>>().len(), 1, "one code");
        let Resolution::Several { candidates, .. } = book.candidates(&truth[0].lot_code).await else {
            panic!("not several");
        };
        assert_eq!(candidates.len(), 3);
        for made in truth {
            let told = candidates.iter().find(|c| c.card.titled.subject.key == made.key).unwrap();
            let differ: Facts = told
                .differ
                .iter()
                .filter_map(|fact| {
                    let value = fact.subject.as_ref().map(|s| s.key.clone());
                    Some((fact.name.clone(), value.or(fact.value.as_ref().map(|said| said.en.clone()))?))
                })
                .collect();
            assert_eq!(differ.get("factory"), Some(&made.factory));
            assert_eq!(differ.get("produced_from"), Some(&made.first_day));
            assert_eq!(differ.get("trade_item"), Some(&made.trade_item));
        }
        let with_gtin = |i: usize| format!("(01){}(10){}", truth[i].gtin, truth[i].lot_code);
        assert_eq!(book.resolves(&with_gtin(1)).await, format!("batch:{}", truth[1].key), "exact");
        let both = format!("several: batch:{}, batch:{}", truth[2].key, truth[0].key);
        assert_eq!(book.resolves(&with_gtin(0)).await, both, "a year apart, the same toy");
    });
}

#[test]
fn c02_every_level_that_is_there_leads_to_the_batch_or_is_told_as_not_bridged() {
    on_each(|book: Book| async move {
        let mut world = w1(5, &Scale::small());
        let rest = world.split(Tells::Bridge);
        let batch = &world.truth.batches[0];
        book.hears(&world.recorded).await;
        let bridge = book.batch_of(&batch.key).await.standing.bridge;
        let open: Vec<&str> = bridge.iter().filter(|l| !l.bridged).map(|l| l.level.en.as_str()).collect();
        assert_eq!(open, ["Purchase order line", "Invoice line"]);
        book.tries_all(&rest).await;
        let bridge = book.batch_of(&batch.key).await.standing.bridge;
        assert!(bridge.iter().all(|level| level.bridged), "{bridge:?}");
        let levels: Vec<&str> = bridge.iter().map(|level| level.level.en.as_str()).collect();
        assert_eq!(
            levels,
            ["Product", "Retail box", "Carton", "Carton", "Shipment", "Purchase order line", "Invoice line"],
            "there is no inner pack"
        );
        for code in [batch.lot_code.clone(), format!("{}-C", batch.lot_code)] {
            assert_eq!(book.resolves(&code).await, format!("batch:{}", batch.key));
        }
        let lines: Vec<&str> =
            bridge.iter().flat_map(|level| &level.things).map(|t| t.subject.key.as_str()).collect();
        for line in &world.truth.lines {
            assert!(lines.contains(&line.key.as_str()), "{}", line.key);
        }
    });
}

/// A day so many days from today.
fn day(days: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Time(now.as_millis() as i64).plus_minutes(days * 24 * 60).date(Zone::UTC)
}

#[test]
fn c06_a_short_mark_leads_there_between_its_days_and_nowhere_outside_them() {
    on_each(|book: Book| async move {
        let world = w1(6, &Scale::small());
        book.hears(&world.recorded).await;
        let marks = |from: String, to: String| {
            json!({"subject": "shipment:SH-26-01", "record": "alias", "facts": [
                {"name": "mark", "value": "K/A 1"}, {"name": "valid_from", "value": from},
                {"name": "valid_to", "value": to}]})
        };
        for (from, to, leads) in [(-2, 2, true), (0, 0, true), (-9, -1, false), (1, 9, false)] {
            book.does_as(Role::Warehouse, "filing", marks(day(from), day(to))).await.unwrap();
            let told = book.resolves("K/A 1").await;
            assert_eq!(told == "shipment:SH-26-01", leads, "{from} to {to}: {told}");
            assert_eq!(told.starts_with("unknown"), !leads, "{told}");
        }
        // In a draft it stands for what it stood for on the day on which that happened.
        book.does_as(Role::Warehouse, "filing", marks("2026-02-01".into(), "2026-02-28".into()))
            .await
            .unwrap();
        let filed = |time: &str| domain::event::EventDraft {
            event_time: time.parse().unwrap(),
            ..book.draft("holding", json!({"subjects": ["K/A 1"], "action": "hold", "reason": "seal broken"}))
        };
        let now: Time = "2027-12-01T00:00:00Z".parse().unwrap();
        let wang = Person { id: "w".into(), name: "Wang Fang".into(), role: Role::Warehouse };
        let at = |time: &str| book.ledger.capture_at(book.brand.id, &wang, vec![filed(time)], now);
        let outside = at("2026-03-02T08:00:00Z").await.unwrap().remove(0).unwrap_err();
        assert_eq!(outside.reason, "unknown_code");
        let inside = at("2026-02-27T08:00:00Z").await.unwrap().remove(0).unwrap();
        assert_eq!(inside.subjects[0].to_string(), "shipment:SH-26-01");
    });
}

#[test]
fn c14_a_revision_lists_the_batches_that_name_it() {
    on_each(|book: Book| async move {
        let world = w1(8, &Scale { batches: 2, ..Scale::small() });
        book.hears(&world.recorded).await;
        for (field, value) in
            [("bom", "BOM-7"), ("artwork", "AW-4"), ("sample", "SP-2"), ("packaging", "PK-3")]
        {
            let view = book.ledger.named_alike(&book.reader(), field, value, &Ask::default()).await.unwrap();
            let rows = view.unwrap().batches.rows;
            let told: BTreeSet<&str> = rows.iter().map(|row| row.batch.subject.key.as_str()).collect();
            assert_eq!(told, world.truth.batches.iter().map(|b| b.key.as_str()).collect(), "{field}");
        }
        let none = book.ledger.named_alike(&book.reader(), "bom", "BOM-8", &Ask::default()).await.unwrap();
        assert_eq!(none.unwrap().batches.total, 0);
        assert!(
            book.ledger.named_alike(&book.reader(), "line", "3", &Ask::default()).await.unwrap().is_none()
        );
    });
}
