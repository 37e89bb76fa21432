//! Answers that are kept ready, and proofs, while the book goes on being written.

use crate::{
    support::{Book, on_each, person},
    world::sscc,
};
use ledger::Ledger;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn answer(ledger: &Ledger, book: &Book, code: &str) -> Value {
    let answer = ledger.resolve_json(&book.reader(), code).await.unwrap();
    serde_json::from_slice(&answer.1).unwrap()
}

/// What is told of the batches in something.
async fn batches(book: &Book, code: &str) -> Value {
    answer(&book.ledger, book, code).await["card"]["batches"].clone()
}

#[test]
fn what_a_ready_answer_tells_of_goods_within_is_never_stale() {
    on_each(|book: Book| async move {
        book.furnish().await;
        for lot in ["L-100", "L-200"] {
            book.produce(lot, "F1", &[]).await;
        }
        let (one, two, pallet) = (sscc(1), sscc(2), sscc(90));
        book.pack(&one, &[("L-100", Some(24))]).await;
        book.stack(&pallet, &[&one]).await;
        book.ship("SH-1", &[&pallet]).await;
        let before = batches(&book, "SH-1").await;
        book.pack(&two, &[("L-100", Some(24))]).await;
        book.stack(&pallet, &[&two]).await;
        let with_two = batches(&book, "SH-1").await;
        assert_ne!(with_two, before, "a carton was put on the pallet in it");
        book.pack(&two, &[("L-200", Some(1))]).await;
        assert_eq!(
            batches(&book, "SH-1").await.as_array().unwrap().len(),
            2,
            "another batch, two levels down"
        );

        assert_eq!(answer(&book.ledger, &book, "SH-1").await["card"]["marks"].as_array().unwrap().len(), 1);
        let held = book
            .does(
                "holding",
                json!({"subjects": ["urn:lotwalk:batch:L-200"], "action": "hold", "reason": "x"}),
            )
            .await;
        assert_eq!(answer(&book.ledger, &book, "SH-1").await["card"]["marks"].as_array().unwrap().len(), 2);
        book.does("correcting", json!({"entry": held.seq.to_string(), "reason": "did_not_occur"})).await;
        assert_eq!(answer(&book.ledger, &book, "SH-1").await["card"]["marks"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_ready_answer_outlasts_what_does_not_change_it() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &[]).await;
        let (one, two) = (sscc(1), sscc(2));
        book.pack(&one, &[("L-100", Some(24))]).await;
        for code in [one.as_str(), "L-100"] {
            answer(&book.ledger, &book, code).await;
        }
        book.pack(&two, &[("L-100", Some(24))]).await;
        let before = book.ledger.stats();
        for code in [one.as_str(), "L-100"] {
            answer(&book.ledger, &book, code).await;
        }
        let after = book.ledger.stats();
        assert_eq!(
            after.cache_hits,
            before.cache_hits + 2,
            "one more carton of the batch is no news of either"
        );
        assert_eq!(after.cache_misses, before.cache_misses);
    });
}

#[test]
fn what_another_program_captures_is_seen_soon() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &[]).await;
        let other = Ledger::open(&book.url).await.unwrap();
        book.pack(&sscc(1), &[("L-100", Some(24))]).await;
        let before = answer(&other, &book, &sscc(1)).await;
        book.does("holding", json!({"subjects": [sscc(1)], "action": "hold", "reason": "x"})).await;
        let begun = Instant::now();
        while answer(&other, &book, &sscc(1)).await == before {
            assert!(begun.elapsed() < Duration::from_secs(20), "the answer stays what it was");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        other.close().await;
    });
}

#[test]
fn an_entry_is_proved_while_others_are_written() {
    on_each(|book: Book| async move {
        book.furnish().await;
        book.produce("L-100", "F1", &[]).await;
        let first = book.pack(&sscc(1), &[("L-100", Some(24))]).await.seq;
        let writing = {
            let (ledger, brand) = (book.ledger.clone(), book.brand.id);
            let draft = |n: u64| book.draft("observing", json!({"code": sscc(n)}));
            let drafts: Vec<_> = (100..130).map(draft).collect();
            let now = book.tick();
            tokio::spawn(async move {
                for draft in drafts {
                    ledger.capture_at(brand, &person(), vec![draft], now).await.unwrap()[0].clone().unwrap();
                }
            })
        };
        let mut asked = 0;
        while !writing.is_finished() || asked == 0 {
            // As many at once as PostgreSQL has connections for readings, and more.
            let all = (0..24).map(|_| {
                let (ledger, reader) = (book.ledger.clone(), book.reader());
                tokio::spawn(async move { ledger.entry(&reader, first).await })
            });
            for entry in all.collect::<Vec<_>>() {
                let entry = entry.await.unwrap().unwrap().unwrap();
                assert!(entry.checkpoint.size >= first);
            }
            asked += 1;
        }
        writing.await.unwrap();
        assert!(book.ledger.entry(&book.reader(), 0).await.unwrap().is_none());
        assert!(book.ledger.entry(&book.reader(), 100_000).await.unwrap().is_none());
    });
}

#[test]
fn a_draft_beyond_all_measure_is_refused_and_the_next_one_written() {
    on_each(|book: Book| async move {
        let units: Vec<String> = (0..200_000).map(|n| format!("C-{n}")).collect();
        let refused = book.refuses("shipping", json!({"shipment": "SH-1", "units": units})).await;
        assert_eq!(refused.reason, "too_large");
        book.does("observing", json!({"code": sscc(1)})).await;
    });
}

#[test]
fn c09_a_code_that_was_used_again_tells_the_public_of_what_carries_it_now() {
    on_each(|book: Book| async move {
        book.furnish().await;
        for lot in ["L-100", "L-200"] {
            book.produce(lot, "F1", &[]).await;
        }
        let (used_again, other, third) = (sscc(1), sscc(2), sscc(3));
        book.pack(&used_again, &[("L-100", Some(24))]).await;
        book.pack(&other, &[("L-200", Some(24))]).await;
        for (old, new) in [(&used_again, &third), (&other, &used_again)] {
            let relabeling =
                json!({"old_code": old, "new_code": new, "reason": "damaged", "old_code_scanned": true});
            book.does("relabeling", relabeling).await;
        }
        let hold = json!({"subjects": ["urn:lotwalk:batch:L-100"], "action": "hold", "reason": "x"});
        book.does("holding", hold).await;
        let stop = async |code: &str| {
            let view = book.ledger.public(Some(book.brand.id), code).await.unwrap().unwrap();
            view.stop_selling
        };
        assert!(stop(&third).await, "the carton of the held batch");
        assert!(!stop(&used_again).await, "a carton of another batch");
        assert!(!stop(&other).await, "a code that only the other carton ever bore");
    });
}
