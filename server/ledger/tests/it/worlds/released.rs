//! What was released and failed, or was changed, afterwards does not leave (C30, C59): gate, records, page and the
//! refusal tell the same, until it was inspected and released again.

use super::*;
use domain::{
    event::EventDraft,
    state::{Aspect, Disposition},
    time::Time,
};
use serde_json::json;
use worlds::{Scale, Tells, World, w1};

/// A clean world of which every shipment was released and none has left.
struct Released {
    book: Book,
    world: World,
    batch: String,
    shipment: String,
    /// When the first shipment was released.
    released_at: Time,
    receipts: Vec<Receipt>,
}

async fn released(book: Book, seed: u64) -> Released {
    let mut world = w1(seed, &Scale::small());
    world.split(Tells::Shipped);
    let receipts = book.hears(&world.recorded).await;
    let release = world.recorded.iter().find(|one| one.tells == Tells::Release).unwrap();
    let released_at = release.draft.event_time;
    let (batch, shipment) = (world.truth.batches[0].key.clone(), world.truth.shipments[0].reference.clone());
    let told = Released { book, batch, shipment, released_at, receipts, world };
    assert_eq!(told.tells().await, Told::well());
    told
}

/// What the gate, the records and the page tell.
#[derive(PartialEq, Debug)]
struct Told {
    held_by: Vec<String>,
    gaps: Vec<String>,
    six: (usize, usize),
    released: bool,
    marks: [Option<Disposition>; 2],
}

impl Told {
    fn well() -> Told {
        let marks = [Some(Disposition::Conformant), Some(Disposition::Released)];
        Told { held_by: vec![], gaps: vec![], six: (6, 6), released: true, marks }
    }

    /// What is missing to the one record of inspection and release.
    fn misses(inspection: Disposition, gaps: &[&str], more: &[&str]) -> Told {
        let gaps: Vec<String> = gaps.iter().map(|gap| gap.to_string()).collect();
        let mut held_by: Vec<String> = gaps.iter().map(|gap| format!("on_record/{gap}")).collect();
        held_by.extend(more.iter().map(|rule| rule.to_string()));
        held_by.sort();
        let marks = [Some(inspection), Some(Disposition::ReleaseStale)];
        Told { held_by, gaps, six: (5, 6), released: false, marks }
    }
}

impl Released {
    async fn tells(&self) -> Told {
        let (book, batch) = (&self.book, &self.batch);
        let card = book.batch_of(batch).await.card;
        let mark = |aspect: Aspect| {
            let mut own = card.marks.iter().filter(|m| m.from.is_none()).map(|m| m.disposition);
            own.find(|disposition| disposition.aspect() == aspect)
        };
        Told {
            held_by: book.held_by(&self.shipment).await,
            gaps: book.gaps(batch).await,
            six: book.six(batch).await,
            released: book.gate(&self.shipment).await.released,
            marks: [mark(Aspect::Inspection), mark(Aspect::Release)],
        }
    }

    /// An event so many minutes after the first release.
    fn draft(&self, minutes: i64, kind: &str, payload: Value) -> EventDraft {
        EventDraft { event_time: self.released_at.plus_minutes(minutes), ..self.book.draft(kind, payload) }
    }

    /// Hands events in together.
    async fn hears(&self, drafts: Vec<EventDraft>) -> Vec<Result<Receipt, Refusal>> {
        let now = self.released_at.plus_minutes(60 * 24 * 700);
        self.book.ledger.capture_at(self.book.brand.id, &crate::support::person(), drafts, now).await.unwrap()
    }

    async fn does(&self, minutes: i64, kind: &str, payload: Value) {
        let answers = self.hears(vec![self.draft(minutes, kind, payload)]).await;
        answers[0].as_ref().unwrap_or_else(|r| panic!("{kind}: {r:?}"));
    }

    async fn does_not_leave(&self) {
        let ship = self.draft(10_000, "shipping", json!({"shipment": self.shipment}));
        let refused = self.hears(vec![ship]).await.remove(0).unwrap_err();
        assert_eq!(refused.reason, "not_released");
        assert!(refused.said.en.contains("no longer stands"), "{}", refused.said.en);
    }

    fn inspection(&self, level: &str, result: &str) -> Value {
        json!({"subjects": [self.batch], "level": level, "result": result, "presented": 50, "sample": 20})
    }
}

#[test]
fn c59_what_failed_after_its_release_leaves_only_inspected_and_released_again() {
    on_each(|book: Book| async move {
        let told = released(book, 80).await;
        // Both in one group: the shipment is judged as the first of the two left it.
        let failed = told.draft(60, "inspecting", told.inspection("re_inspection", "fail"));
        let ship = told.draft(61, "shipping", json!({"shipment": told.shipment}));
        let answers = told.hears(vec![failed, ship]).await;
        assert!(
            answers[0].is_ok() && answers[1].as_ref().unwrap_err().reason == "not_released",
            "{answers:?}"
        );
        let gaps = ["corrective_action", "release.stale"];
        let mut sorted = told.tells().await;
        sorted.gaps.sort();
        assert_eq!(
            sorted,
            Told {
                six: (4, 6),
                ..Told::misses(Disposition::NonConformant, &gaps, &["inspected/inspection.failed"])
            }
        );
        let facts = [("number", "CA-1"), ("problem", "loose wheel"), ("action", "sorted out")]
            .map(|(name, value)| json!({"name": name, "value": value}));
        let action = json!({"subject": format!("batch:{}", told.batch), "record": "corrective_action", "facts": facts});
        told.does(62, "filing", action).await;
        // An inspection of before the failure, handed in late, lifts nothing.
        told.does(-5, "inspecting", told.inspection("re_inspection", "pass")).await;
        let stale = ["release.stale"];
        let failed = Told::misses(Disposition::NonConformant, &stale, &["inspected/inspection.failed"]);
        assert_eq!(told.tells().await, failed);
        told.does(70, "inspecting", told.inspection("re_inspection", "pass")).await;
        assert_eq!(told.tells().await, Told::misses(Disposition::Conformant, &stale, &[]));
        told.does_not_leave().await;
        told.does(65, "releasing", json!({"subject": told.batch})).await;
        assert_eq!(
            told.tells().await,
            Told::misses(Disposition::Conformant, &stale, &[]),
            "signed before it passed"
        );
        told.does(75, "releasing", json!({"subject": told.batch})).await;
        assert_eq!(
            told.tells().await,
            Told { released: false, ..Told::well() },
            "the shipment is not signed yet"
        );
        told.does_not_leave().await;
        told.does(80, "releasing", json!({"subject": told.shipment})).await;
        told.does(81, "shipping", json!({"shipment": told.shipment})).await;
    });
}

#[test]
fn c30_a_rework_after_the_release_or_recorded_late_calls_the_release_back() {
    on_each(|book: Book| async move {
        for (minutes, seed) in [(60, 81), (-5, 82)] {
            let told = released(book.another().await, seed).await;
            let carton = &told.world.truth.cartons[0].code;
            let rework = json!({"subjects": [carton], "work": "warning_sticker", "quantity": 1});
            told.does(minutes, "reworking", rework).await;
            let stale = Told::misses(
                Disposition::InspectionStale,
                &["release.stale"],
                &["inspected/inspection.stale"],
            );
            assert_eq!(told.tells().await, stale, "{minutes}");
            told.does_not_leave().await;
            let waived = json!({"subjects": [told.batch], "level": "re_inspection", "result": "waived",
                                "waived_by": "A. Berg", "grounds": "outer sleeve only"});
            told.does(70, "inspecting", waived).await;
            assert_eq!(told.tells().await, Told::misses(Disposition::Conformant, &["release.stale"], &[]));
            // A release that was signed before the rework, and comes to the book after it, does not answer it.
            if minutes > 0 {
                told.does(minutes - 1, "releasing", json!({"subject": told.batch})).await;
                assert_eq!(
                    told.tells().await,
                    Told::misses(Disposition::Conformant, &["release.stale"], &[])
                );
            }
            told.does(80, "releasing", json!({"subject": told.batch})).await;
            told.does(81, "releasing", json!({"subject": told.shipment})).await;
            assert_eq!(told.tells().await, Told::well());
            told.does(82, "shipping", json!({"shipment": told.shipment})).await;
        }
    });
}

#[test]
fn c30_a_failure_that_was_told_by_mistake_gives_the_release_back_when_it_is_declared_wrong() {
    on_each(|book: Book| async move {
        let told = released(book, 83).await;
        let failed = told.draft(60, "inspecting", told.inspection("re_inspection", "fail"));
        let receipt = told.hears(vec![failed]).await.remove(0).unwrap();
        told.does_not_leave().await;
        let wrong = json!({"entry": receipt.seq.to_string(), "reason": "did_not_occur"});
        told.does(61, "correcting", wrong).await;
        assert_eq!(told.tells().await, Told::well());
        told.does(62, "shipping", json!({"shipment": told.shipment})).await;
    });
}

#[test]
fn c59_the_inspection_on_which_a_release_rests_taken_back_holds_the_shipment() {
    on_each(|book: Book| async move {
        let told = released(book, 84).await;
        let at = told.world.recorded.iter().position(|one| one.tells == Tells::Final).unwrap();
        let wrong = json!({"entry": told.receipts[at].seq.to_string(), "reason": "did_not_occur"});
        told.does(60, "correcting", wrong).await;
        assert_eq!(told.book.gaps(&told.batch).await, ["inspection_report.final"]);
        assert!(!told.book.gate(&told.shipment).await.released);
        told.does_not_leave().await;
    });
}
