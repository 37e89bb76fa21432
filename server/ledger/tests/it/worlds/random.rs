//! Random worlds: records that nobody made, that came days later, or twice. Whatever is missing is never told to be
//! there; and how drafts are grouped changes no answer.

use super::*;
use proptest::prelude::*;
use serde_json::json;
use worlds::{Mishaps, Scale, Tells, WORLDS, World};

async fn sound(world: World) {
    let scratch = Scratch::sqlite();
    let book = Book::open(&scratch.url).await;
    let answers = book.tries_all(&world.recorded).await;
    for (one, answer) in world.recorded.iter().zip(&answers) {
        // A shipment of which something is missing was not released, unless somebody let it pass by name.
        let shipment = one.draft.payload["subject"].as_str().filter(|_| one.tells == Tells::Release);
        let batches = shipment.map(|shipment| world.truth.batches_in(shipment)).unwrap_or_default();
        let lacks = batches.iter().any(|batch| world.truth.lacks(batch));
        assert!(!(lacks && answer.is_ok()), "{shipment:?} was released: {:?}", world.truth.lost);
    }
    for batch in world.truth.batches.iter().filter(|batch| world.truth.lacks(&batch.key)) {
        let view = book.ledger.batch(&book.reader(), &batch.key, &Ask::default()).await.unwrap();
        let Some(view) = view else { continue };
        let six = view.standing.completeness;
        assert!(!six.is_complete(), "{} is told complete: {:?}", batch.key, world.truth.lost);
        let board = book.ledger.board(&book.reader(), None, &Ask::default()).await.unwrap();
        assert!(board.rows.rows.iter().any(|row| row.batch.subject.key == batch.key), "{}", batch.key);
    }
    for shipment in &world.truth.shipments {
        let batches = world.truth.batches_in(&shipment.reference);
        if batches.iter().any(|batch| world.truth.lacks(batch))
            && book.ledger.gate(&book.reader(), &shipment.reference).await.unwrap().is_some()
        {
            let held = book.held_by(&shipment.reference).await;
            assert!(!held.is_empty(), "{} passes: {:?}", shipment.reference, world.truth.lost);
        }
    }
    book.ledger.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn c18_c48_what_was_never_recorded_is_never_told_to_be_there(
        seed in any::<u64>(), which in 0..WORLDS.len(), drops in 5..40_u32,
        delays in prop_oneof![2 => Just(0), 1 => 0..200_u32],
    ) {
        // About one record is dropped: where much is missing, that one thing is not told to be would not show.
        let scale = Scale { batches: 2, cartons: 3, mishaps: Mishaps { drops, delays, repeats: 100 } };
        let (_, make) = WORLDS[which];
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(sound(make(seed, &scale)));
    }
}

#[test]
fn a_record_handed_in_twice_is_one_entry() {
    on_each(|book: Book| async move {
        let (_, make) = WORLDS[0];
        let scale = Scale::small();
        let careful = make(5, &scale);
        let twice = make(5, &scale.with(Mishaps { repeats: 1000, ..Mishaps::NONE }));
        assert_eq!(twice.recorded.len(), careful.recorded.len() * 2);
        book.hears(&twice.recorded).await;
        let size = book.ledger.checkpoint(book.brand.id).await.unwrap().size;
        assert_eq!(size as usize, careful.recorded.len());
        assert_eq!(book.six(&careful.truth.batches[0].key).await, (6, 6));
    });
}

/// The world as one person would type it in.
fn by_one_person(world: &World) -> Vec<domain::event::EventDraft> {
    let draft = |one: &Recorded| {
        let mut draft = one.draft.clone();
        if one.tells == Tells::Agreement {
            draft.payload["party"] = json!(one.person.role.word());
        }
        draft
    };
    world.recorded.iter().map(draft).collect()
}

#[test]
fn worlds_handed_in_at_once_come_to_the_same_as_record_by_record() {
    on_each(|book: Book| async move {
        for (name, make) in WORLDS {
            let world = make(9, &Scale { batches: 2, cartons: 3, ..Scale::small() });
            let drafts = by_one_person(&world);
            let now = world.recorded.last().unwrap().recorded_at;
            let (at_once, one_by_one) = (book.another().await, book.another().await);
            let person = crate::support::person();
            let answer = |answer: Result<Receipt, Refusal>| {
                answer.map(|r| (r.seq, r.discrepancies)).map_err(|r| r.reason)
            };
            let all =
                at_once.ledger.capture_at(at_once.brand.id, &person, drafts.clone(), now).await.unwrap();
            for (together, draft) in all.into_iter().zip(drafts) {
                let said = format!("{name}: {} {}", draft.kind, draft.payload);
                let mut single = one_by_one
                    .ledger
                    .capture_at(one_by_one.brand.id, &person, vec![draft], now)
                    .await
                    .unwrap();
                assert_eq!(answer(together), answer(single.remove(0)), "{said}");
            }
            for shipment in &world.truth.shipments {
                let held = at_once.held_by(&shipment.reference).await;
                assert_eq!(held, one_by_one.held_by(&shipment.reference).await, "{name}");
            }
        }
    });
}
