//! Releases that no longer stand (C30, C59): what was signed speaks for the goods as they were then.

use super::{Outcome, protocol};
use crate::{
    book::Known,
    gate,
    state::{Aspect, Disposition, Effect},
    subject::{Subject, SubjectKind},
    text::{Text, text},
};
use std::collections::BTreeSet;

/// Ends the releases that speak for goods against which something is told: an inspection that failed, a rework.
/// That is the sign-off of the batches in them, and the release of every shipment with some of these in it that
/// has not left yet.
///
/// What speaks against goods counts whenever it is recorded, also where it happened before the release was signed:
/// who signed did not know of it. What clears goods counts only where it happened after that, by event time: an
/// older inspection that comes to the book late lifts nothing. Only a further release stands again, signed no
/// earlier than the last that speaks against them and the inspection, or waiver, that cleared it.
pub(super) fn overtake<'s>(
    goods: impl IntoIterator<Item = &'s Subject>,
    book: &Known,
    outcome: &mut Outcome,
) {
    let goods: Vec<&Subject> = goods.into_iter().collect();
    let batches = protocol::batches(goods.iter().copied(), book);
    let round = goods.iter().flat_map(|one| book.all_round(one));
    let dossiers = batches.iter().filter_map(|batch| book.dossier(batch));
    let sent = dossiers.flat_map(|dossier| dossier.shipments.iter().map(|sent| sent.shipment.clone()));
    let shipments: BTreeSet<Subject> =
        round.chain(sent).filter(|container| container.kind == SubjectKind::Shipment).collect();
    let waits = |shipment: &Subject| book.state(shipment).is_some_and(|s| s.mark(Aspect::Custody).is_none());
    let signed = batches.iter().cloned().chain(shipments.into_iter().filter(waits));
    for subject in signed.filter(|subject| is_released(subject, book)) {
        outcome.effect(Effect::Marked { subject, disposition: Disposition::ReleaseStale });
    }
}

/// True while the release of a batch or shipment stands, as far as its own mark tells.
pub(super) fn is_released(subject: &Subject, book: &Known) -> bool {
    book.state(subject).is_some_and(|s| s.mark(Aspect::Release) == Some(Disposition::Released))
}

/// True while the release of a shipment stands, and what it rests on does.
pub(super) fn stands(shipment: &Subject, book: &Known) -> bool {
    let loaded = book.loaded(shipment);
    is_released(shipment, book) && loaded.is_none_or(|loaded| gate::since_release(loaded).is_empty())
}

/// The first of some batches that nobody made, as far as is on record.
pub(super) fn unmade<'b>(batches: &'b BTreeSet<Subject>, book: &Known) -> Option<&'b Subject> {
    batches.iter().find(|batch| !book.records(batch).contains_key("run_sheet"))
}

/// True where some batch is made under a locked trace plan.
pub(super) fn planned(batches: &BTreeSet<Subject>, book: &Known) -> bool {
    batches.iter().any(|batch| protocol::plan_of(batch, book).is_some())
}

/// Said of what left before anybody could be asked.
pub(super) const LEFT: Text = text(
    "{shipment} left without a release. Look at its gate, and record what is missing.",
    "{shipment} 未放行即发出。请查看其核查结果并补录。",
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::desk::{Desk, json},
        time::Time,
    };
    use serde_json::Value;

    const OVERRIDE: [(&str, &str); 3] =
        [("override_by", "A. Berg"), ("override_role", "buyer"), ("override_reason", "no trace plan")];

    /// A batch that passed, was signed off, packed and put into a shipment that was released: all in the first hour.
    fn released() -> (Desk, Subject, Subject) {
        let mut desk = Desk::furnished();
        let batch = desk.makes("L1", 100);
        desk.packs("C1", "L1", 24);
        inspects(&mut desk, 10, "final", "pass");
        desk.does("packing", json!({"container": "S1", "level": "shipment", "units": ["C1"]}));
        signs(&mut desk, 20, "L1");
        signs(&mut desk, 30, "S1");
        let shipment = Subject::shipment("S1");
        assert_eq!(releases(&desk, &batch, &shipment), [Some(Disposition::Released); 2]);
        (desk, batch, shipment)
    }

    fn at(desk: &mut Desk, minute: i64) {
        desk.time = Time(0).plus_minutes(minute);
        desk.gathers(&Subject::batch("L1"));
    }

    fn inspects(desk: &mut Desk, minute: i64, level: &str, result: &str) {
        at(desk, minute);
        desk.does("inspecting", json!({"subjects": ["L1"], "level": level, "result": result}));
    }

    fn signs(desk: &mut Desk, minute: i64, subject: &str) {
        at(desk, minute);
        let mut payload = json!({"subject": subject});
        OVERRIDE.iter().for_each(|(name, value)| payload[*name] = json!(value));
        desk.does("releasing", payload);
    }

    fn releases(desk: &Desk, batch: &Subject, shipment: &Subject) -> [Option<Disposition>; 2] {
        [batch, shipment].map(|subject| desk.state(subject).mark(Aspect::Release))
    }

    fn hands_in(kind: &str, payload: Value, minute: i64) -> [Option<Disposition>; 2] {
        let (mut desk, batch, shipment) = released();
        at(&mut desk, minute);
        desk.does(kind, payload);
        releases(&desk, &batch, &shipment)
    }

    fn report(subject: &str, result: &str) -> Value {
        let facts = [("level", "final"), ("result", result), ("presented", "9"), ("sample", "9")]
            .map(|(name, value)| json!({"name": name, "value": value}));
        json!({"subject": subject, "record": "inspection_report", "facts": facts})
    }

    const BOTH: [Option<Disposition>; 2] = [Some(Disposition::ReleaseStale); 2];
    const NEITHER: [Option<Disposition>; 2] = [Some(Disposition::Released); 2];

    #[test]
    fn c30_what_speaks_against_released_goods_ends_the_release_of_batch_and_shipment() {
        let failed =
            |subject: &str| json!({"subjects": [subject], "level": "re_inspection", "result": "fail"});
        let reworked = |subject: &str| json!({"subjects": [subject], "work": "warning_sticker"});
        for subject in ["L1", "C1"] {
            assert_eq!(hands_in("inspecting", failed(subject), 60), BOTH, "{subject}");
            assert_eq!(hands_in("reworking", reworked(subject), 60), BOTH, "{subject}");
        }
        assert_eq!(hands_in("filing", report("batch:L1", "fail"), 60), BOTH);
        // Recorded late, of a time before the release: who signed did not know of it.
        assert_eq!(hands_in("inspecting", failed("L1"), 15), BOTH);
        assert_eq!(hands_in("reworking", reworked("C1"), 15), BOTH);
        // What passes says nothing against it.
        let passed = json!({"subjects": ["L1"], "level": "re_inspection", "result": "pass"});
        assert_eq!(hands_in("inspecting", passed, 60), NEITHER);
        assert_eq!(hands_in("filing", report("batch:L1", "pass"), 60), NEITHER);
    }

    #[test]
    fn c30_what_left_already_keeps_the_release_with_which_it_left() {
        let (mut desk, batch, shipment) = released();
        desk.does("shipping", json!({"shipment": "S1"}));
        inspects(&mut desk, 60, "re_inspection", "fail");
        assert_eq!(
            releases(&desk, &batch, &shipment),
            [Some(Disposition::ReleaseStale), Some(Disposition::Released)]
        );
    }

    #[test]
    fn c30_only_what_happened_later_clears_what_speaks_against_goods() {
        let (mut desk, batch, shipment) = released();
        let inspection = |desk: &Desk| desk.state(&batch).mark(Aspect::Inspection);
        inspects(&mut desk, 60, "re_inspection", "fail");
        inspects(&mut desk, 50, "re_inspection", "pass");
        assert_eq!(inspection(&desk), Some(Disposition::NonConformant), "it passed before it failed");
        inspects(&mut desk, 70, "re_inspection", "pass");
        assert_eq!(inspection(&desk), Some(Disposition::Conformant));
        assert_eq!(releases(&desk, &batch, &shipment), BOTH, "nobody has signed it since");
        for (minute, because) in [(55, "that was signed before it failed"), (65, "and that before it passed")]
        {
            signs(&mut desk, minute, "L1");
            assert_eq!(releases(&desk, &batch, &shipment), BOTH, "{because}");
        }
        signs(&mut desk, 80, "L1");
        signs(&mut desk, 90, "S1");
        assert_eq!(releases(&desk, &batch, &shipment), NEITHER);
        at(&mut desk, 100);
        desk.does("reworking", json!({"subjects": ["C1"], "work": "repacked"}));
        let waived = json!({"subjects": ["L1"], "level": "re_inspection", "result": "waived", "grounds": "outer sleeve",
                            "waived_by": "A. Berg"});
        at(&mut desk, 95);
        desk.does("inspecting", waived.clone());
        assert_eq!(
            inspection(&desk),
            Some(Disposition::InspectionStale),
            "a waiver is of what was known then"
        );
        at(&mut desk, 110);
        desk.does("inspecting", waived);
        assert_eq!(
            (inspection(&desk), releases(&desk, &batch, &shipment)),
            (Some(Disposition::Conformant), BOTH)
        );
    }

    #[test]
    fn c49_a_failed_inspection_that_is_joined_to_a_batch_ends_its_release() {
        let (mut desk, batch, shipment) = released();
        desk.does("filing", report("batch:L-1", "fail"));
        let join = json!({"subject": "urn:lotwalk:batch:L-1", "batch": "L1", "grounds": "the same bags"});
        assert_eq!(releases(&desk, &batch, &shipment), NEITHER);
        at(&mut desk, 60);
        desk.does("bridging", join);
        assert_eq!(releases(&desk, &batch, &shipment), BOTH);
    }
}
