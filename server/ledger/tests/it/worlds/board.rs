//! The board: what blocks a shipment stands first, with who owes what since when.

use super::*;
use domain::{
    time::Time,
    view::{BoardRow, Rank},
};
use serde_json::json;
use sqlx::{Connection, PgConnection, SqliteConnection};
use worlds::{Scale, Tells, w1};

impl Book {
    /// Waits until nothing is due any more: on a busy machine one look may not be enough.
    async fn catches_up(&self) {
        for _ in 0..100 {
            if self.ledger.stands(self.brand.id).await.unwrap() {
                return;
            }
        }
        panic!("the board stays behind");
    }

    async fn board(&self, owes: Option<Role>) -> Vec<BoardRow> {
        self.catches_up().await;
        let board = self.ledger.board(&self.reader(), owes, &Ask::default()).await.unwrap();
        assert!(board.ready, "an empty book is made by the present rules");
        board.rows.rows
    }
}

#[test]
fn c18_the_board_tells_what_blocks_a_shipment_first_and_who_owes_what_since_when() {
    on_each(|book: Book| async move {
        // Four batches: nothing of the first is missing; the others stop at different points.
        let mut world = w1(1, &Scale { batches: 4, ..Scale::small() });
        world.split(Tells::Together);
        let keys: Vec<String> = world.truth.batches.iter().map(|b| b.key.clone()).collect();
        let is_of = |one: &Recorded, batch: usize| one.records_of == [keys[batch].clone()];
        world.recorded.retain(|one| {
            !(is_of(one, 1) && one.tells == Tells::Inline
                || is_of(one, 2) && matches!(one.tells, Tells::Sample | Tells::SignOff)
                || is_of(one, 3) && matches!(one.tells, Tells::Carton | Tells::Final | Tells::SignOff))
        });
        let answers = book.tries_all(&world.recorded).await;
        let opened = |batch: usize| {
            let mut told = world.recorded.iter().zip(&answers);
            told.find(|(one, answer)| is_of(one, batch) && one.tells == Tells::Opening && answer.is_ok())
                .map(|(one, _)| one.draft.event_time)
        };
        let carton = |batch: usize| {
            let of = |c: &&worlds::truth::Carton| c.contents.iter().any(|(of, _)| *of == keys[batch]);
            world.truth.cartons.iter().find(of).unwrap().code.clone()
        };
        let load = json!({"container": "SH-X", "level": "shipment", "units": [carton(2)]});
        book.does_as(Role::Warehouse, "packing", load).await.unwrap();
        let told = |rows: &[BoardRow]| -> Vec<(Rank, usize)> {
            let at = |row: &BoardRow| keys.iter().position(|key| *key == row.batch.subject.key).unwrap();
            rows.iter().map(|row| (row.rank, at(row))).collect()
        };
        let rows = book.board(None).await;
        assert_eq!(told(&rows), [(Rank::Blocks, 2), (Rank::Packed, 1), (Rank::Open, 3)]);
        let board = book.ledger.board(&book.reader(), None, &Ask::default()).await.unwrap();
        assert_eq!(board.ranks.iter().map(|(_, n)| n).sum::<u64>(), 4);
        assert_eq!(board.rows.total, 3);
        for (row, batch) in rows.iter().zip([2, 1, 3]) {
            assert_eq!(Some(row.since), opened(batch));
            let gaps: Vec<&str> = row.gaps.iter().map(|gap| gap.fact.as_str()).collect();
            assert_eq!(gaps, book.gaps(&keys[batch]).await, "the board is what the batch's page is");
        }
        // Only what somebody owes.
        assert_eq!(told(&book.board(Some(Role::Factory)).await), [(Rank::Blocks, 2), (Rank::Open, 3)]);
        let inspector = book.board(Some(Role::Inspector)).await;
        assert_eq!(told(&inspector), [(Rank::Blocks, 2), (Rank::Packed, 1), (Rank::Open, 3)]);
        // The shipment that was put together does not tell where it goes.
        assert_eq!(told(&book.board(Some(Role::Warehouse)).await), [(Rank::Blocks, 2)]);
        assert_eq!(book.board(Some(Role::Buyer)).await, []);
    });
}

#[test]
fn c18_a_gap_closes_when_its_record_arrives_and_opens_again_when_that_is_taken_back() {
    on_each(|book: Book| async move {
        let mut world = w1(2, &Scale::small());
        world.split(Tells::Together);
        let key = world.truth.batches[0].key.clone();
        let mut complete = 0;
        // Every record is handed in by itself, as it happened.
        for one in &world.recorded {
            book.hears(std::slice::from_ref(one)).await;
            if one.records_of.contains(&key) && !matches!(one.tells, Tells::MaterialLot) {
                let (now, asked) = book.six(&key).await;
                assert!(now >= complete && asked == 6, "{:?}: {now} after {complete}", one.tells);
                complete = now;
                let rows = book.board(None).await;
                let row = rows.iter().find(|row| row.batch.subject.key == key);
                assert_eq!(row.map(|row| row.complete.0), (now < 6).then_some(now as u64), "{:?}", one.tells);
            }
        }
        assert_eq!(complete, 6);
        let release = book.ledger.batch(&book.reader(), &key, &Ask::default()).await.unwrap().unwrap();
        let signed = release.records.iter().find(|r| r.kind == "release").unwrap().entry.clone().unwrap();
        let wrong = json!({"entry": signed.seq.to_string(), "reason": "did_not_occur"});
        book.does_as(Role::Administrator, "correcting", wrong).await.unwrap();
        let rows = book.board(None).await;
        assert_eq!(rows[0].gaps.iter().map(|g| g.fact.as_str()).collect::<Vec<_>>(), ["release"]);
        assert!(rows[0].since > Time(0));
        // What a shipment left without is owed all the same.
        let leaves = json!({"shipment": "SH-Y", "units": [world.truth.cartons[0].code], "override_by": "Anna Berg",
                            "override_role": "buyer", "override_reason": "air freight"});
        book.does_as(Role::Warehouse, "shipping", leaves).await.unwrap();
        assert_eq!(book.board(None).await[0].rank, Rank::Left);
    });
}

#[test]
fn c18_page_by_page_the_board_tells_every_batch_once_in_order() {
    on_each(|book: Book| async move {
        let toy = json!({"subject": "trade_item:TOY", "record": "trade_item",
                         "facts": [{"name": "name", "value": "Toy"}], "names": [{"code": "TOY"}]});
        book.does_as(Role::Buyer, "filing", toy).await.unwrap();
        for n in 0..110 {
            let made = json!({"trade_item": "TOY", "lot_code": format!("L{n:03}")});
            book.does_as(Role::Factory, "producing", made).await.unwrap();
            // In one carton of two nobody knows how many pieces there are, which the warehouse has to tell.
            if n % 2 == 0 {
                let batches = json!([{"batch": format!("L{n:03}"), "pieces": (n % 4 == 0).then_some(5)}]);
                let packed = json!({"container": format!("C{n:03}"), "batches": batches});
                book.does_as(Role::Factory, "packing", packed).await.unwrap();
            }
        }
        book.catches_up().await;
        for (owes, count) in [(None, 110_usize), (Some(Role::Factory), 110), (Some(Role::Warehouse), 27)] {
            let (mut told, mut after, mut pages) = (vec![], None, 0);
            loop {
                let ask = Ask { list: Some("rows".into()), after };
                let rows = book.ledger.board(&book.reader(), owes, &ask).await.unwrap().rows;
                told.extend(rows.rows.into_iter().map(|row| (row.rank, row.since, row.batch.subject.key)));
                pages += 1;
                after = rows.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!((told.len(), pages), (count, count.div_ceil(50)), "{owes:?}");
            assert!(told.is_sorted_by(|a, b| a < b), "{owes:?}: {told:?}");
            let packed = told.iter().filter(|(rank, ..)| *rank == Rank::Packed).count();
            assert_eq!(packed, if owes == Some(Role::Warehouse) { 27 } else { 55 });
        }
    });
}

#[test]
fn c18_what_the_board_is_behind_with_outlives_the_writer() {
    on_each(|book: Book| async move {
        let mut world = w1(3, &Scale::small());
        world.split(Tells::Together);
        world.recorded.retain(|one| !matches!(one.tells, Tells::SignOff));
        book.tries_all(&world.recorded).await;
        let rows = book.board(None).await;
        book.ledger.close().await;
        // As if it had been killed between a carton and the board.
        let spoil = [
            "update standing set rank = 2, owes = 0",
            "insert into standing_due select brand, batch from standing",
        ];
        for sql in spoil {
            if book.url.starts_with("sqlite") {
                sqlx::query(sql)
                    .execute(&mut SqliteConnection::connect(&book.url).await.unwrap())
                    .await
                    .unwrap();
            } else {
                sqlx::query(sql).execute(&mut PgConnection::connect(&book.url).await.unwrap()).await.unwrap();
            }
        }
        let again = Book::open(&book.url).await;
        assert_eq!(again.board(None).await, rows);
        assert!(!rows.is_empty() && again.ledger.stands(again.brand.id).await.unwrap());
        again.ledger.close().await;
    });
}
