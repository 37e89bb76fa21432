//! What is not as it was: a grade (W7), a sealed source (W8), a version that was not tested (W10).

use super::*;
use domain::{seal::Sealed, view::Record};
use serde_json::json;
use worlds::{Scale, Tells, World, w7, w8, w10};

impl Book {
    /// What changed in a batch: what, before, after, and whether it was answered.
    async fn changed(&self, batch: &str) -> Vec<(String, String, String, Option<bool>)> {
        let changes = self.batch_of(batch).await.standing.changes;
        let told = |c: domain::change::Change| (c.what, c.before.en, c.after.en, c.answer.map(|a| a.affects));
        changes.into_iter().map(told).collect()
    }

    /// Seals what is to be sealed in a world, as its supplier's factory would.
    async fn seals(&self, world: &mut World) -> Vec<Sealed> {
        let owner = owner();
        let mut all = vec![];
        for secret in world.truth.secrets.clone() {
            let sealed = self.ledger.seal(self.brand.id, &owner, &secret.name).await.unwrap();
            world.put_seal(&secret.placeholder, &sealed.to_string());
            all.push(sealed);
        }
        all
    }
}

fn owner() -> Person {
    Person { id: "factory-0".into(), name: "Li Qiang 李强".into(), role: Role::Factory }
}

#[test]
fn c56_a_grade_swapped_on_the_second_day_waits_for_an_answer_though_the_bom_is_the_same() {
    on_each(|book: Book| async move {
        let mut world = w7(1, &Scale::small());
        let rest = world.split(Tells::Answer);
        book.hears(&world.recorded).await;
        let batch = &world.truth.batches[1];
        let resin =
            |i: usize| world.truth.materials.iter().find(|m| m.lot == batch.made_from[i].lot).unwrap();
        let what = format!("specification:{}", resin(0).material);
        let change = |answer| (what.clone(), resin(0).grade.clone(), resin(1).grade.clone(), answer);
        assert_eq!(book.changed(&batch.key).await, [change(None)], "and nothing of the supplier's new name");
        assert_eq!(book.changed(&world.truth.batches[0].key).await, []);
        // Which pieces are of which grade only the truth knows; that both went in the ledger does.
        let (first, last) = world.truth.pieces_of(&batch.key, &resin(1).lot).unwrap();
        assert!(first > 1 && last == batch.pieces);
        let held = ["changed/change.".to_string() + &what, "on_record/release".into()];
        assert_eq!(book.held_by("SH-26-12").await, held);
        assert_eq!(book.held_by("SH-26-11").await, Vec::<String>::new());
        let signs = book.does_as(Role::Inspector, "releasing", json!({"subject": batch.key})).await;
        assert_eq!(signs.unwrap_err().reason, "gate_holds");
        book.hears(&rest).await;
        assert_eq!(book.changed(&batch.key).await, [change(Some(false))]);
        assert!(book.gate("SH-26-12").await.released);
    });
}

#[test]
fn c56_a_change_that_could_affect_compliance_waits_for_its_test() {
    on_each(|book: Book| async move {
        let mut world = w7(2, &Scale::small());
        world.split(Tells::Answer);
        book.hears(&world.recorded).await;
        let batch = world.truth.batches[1].clone();
        let yes = json!({"batch": batch.key, "affects": "yes", "reason": "another colourant"});
        book.does_as(Role::Buyer, "judging", yes.clone()).await.unwrap();
        let held = book.held_by("SH-26-12").await;
        assert_eq!(held.len(), 2, "{held:?}");
        assert!(held[0].starts_with("changed/change.specification"), "{held:?}");
        let again = book.does_as(Role::Buyer, "judging", yes).await.unwrap_err();
        assert_eq!(again.reason, "no_change", "it was answered");
        let tested = |number: &str, on: &str| {
            json!({"subject": format!("trade_item:{}", batch.trade_item), "record": "certificate", "facts": [
                {"name": "number", "value": number}, {"name": "document", "value": "test_report"},
                {"name": "product_version", "value": batch.version}, {"name": "tested_on", "value": on}]})
        };
        book.does_as(Role::Buyer, "filing", tested("TR-OLD", "2026-01-02")).await.unwrap();
        assert_eq!(book.held_by("SH-26-12").await, held, "tested before it was made");
        book.does_as(Role::Buyer, "filing", tested("TR-NEW", "2026-02-20")).await.unwrap();
        assert_eq!(book.held_by("SH-26-12").await, ["on_record/release"]);
    });
}

#[test]
fn c52_whether_sealed_sources_are_the_same_is_told_and_no_name_is_anywhere() {
    on_each(|book: Book| async move {
        let mut world = w8(1, &Scale { cartons: 1, ..Scale::small() });
        let seals = book.seals(&mut world).await;
        book.tries_all(&world.recorded).await;
        let keys: Vec<&str> = world.truth.batches.iter().map(|b| b.key.as_str()).collect();
        assert_eq!(book.changed(keys[1]).await, [], "another lot of the same sealed source");
        let changed = book.changed(keys[2]).await;
        let told = |sealed: &Sealed| sealed.said().en;
        assert_eq!(changed, [("source:Motor 3V".into(), told(&seals[1]), told(&seals[2]), None)]);
        assert_eq!(book.held_by("SH-26-23").await, ["changed/change.source:Motor 3V", "on_record/release"]);
        let view = book.batch_of(keys[2]).await;
        let lot =
            book.ledger.material_lot(&book.reader(), &world.truth.secrets[2].lot, &Ask::default()).await;
        let lot = lot.unwrap().unwrap();
        let source = |records: &[Record]| {
            let mut facts = records.iter().flat_map(|record| &record.facts);
            facts.find(|fact| fact.name == "source").and_then(|fact| fact.value.clone()).unwrap().en
        };
        assert_eq!(source(&lot.records), told(&seals[2]), "told as a seal, not as its digits");
        let read = [format!("{view:?}"), format!("{lot:?}"), format!("{:?}", book.gate("SH-26-23").await)];
        let scratch = book.entries_text().await;
        for secret in &world.truth.secrets {
            let name = secret.name.split(' ').next().unwrap();
            assert!(read.iter().all(|told| !told.contains(name)), "{name} is shown");
            assert!(!scratch.contains(name), "{name} stands in the ledger");
        }
        let own = book.ledger.sealed_name(book.brand.id, &owner(), &seals[2]).await.unwrap();
        assert_eq!(own.as_deref(), Some(world.truth.secrets[2].name.as_str()), "its owner reads it");
        let buyer = Person { id: "buyer-0".into(), name: "Anna Berg".into(), role: Role::Buyer };
        assert_eq!(book.ledger.sealed_name(book.brand.id, &buyer, &seals[2]).await.unwrap(), None);
    });
}

#[test]
fn c52_a_seal_is_opened_under_the_agreed_condition_and_not_before() {
    on_each(|book: Book| async move {
        let mut world = w8(2, &Scale { cartons: 1, ..Scale::small() });
        let seals = book.seals(&mut world).await;
        book.tries_all(&world.recorded).await;
        let secret = &world.truth.secrets[2];
        let buyer = Person { id: "buyer-0".into(), name: "Anna Berg".into(), role: Role::Buyer };
        let as_owner = book.ledger.to_open(book.brand.id, &buyer, &seals[2], true).await.unwrap();
        assert_eq!(as_owner, None, "only its owner opens it as such");
        let seal = book.ledger.to_open(book.brand.id, &buyer, &seals[2], false).await.unwrap().unwrap();
        let opens = |name: &str| {
            json!({"subject": format!("urn:lotwalk:material_lot:{}", secret.lot), "condition": "safety",
                   "reason": "motor overheats", "source_name": name, "salt": seal.salt})
        };
        let early = book.does_as(Role::Buyer, "unsealing", opens(&seal.name)).await.unwrap_err();
        assert_eq!(early.reason, "not_agreed_yet");
        let hold = json!({"subjects": [format!("urn:lotwalk:material_lot:{}", secret.lot)], "action": "hold",
                          "reason": "motor overheats"});
        book.does_as(Role::Buyer, "holding", hold).await.unwrap();
        let other = book.does_as(Role::Buyer, "unsealing", opens("Somebody Else")).await.unwrap_err();
        assert_eq!(other.reason, "not_what_was_sealed");
        book.does_as(Role::Buyer, "unsealing", opens(&seal.name)).await.unwrap();
        let told = |role: Role| {
            let reader = book.as_role(role);
            let book = &book;
            async move {
                let lot = book.ledger.material_lot(&reader, &secret.lot, &Ask::default()).await;
                format!("{:?}", lot.unwrap().unwrap().records)
            }
        };
        assert!(told(Role::Buyer).await.contains(&secret.name));
        let size = book.ledger.checkpoint(book.brand.id).await.unwrap().size;
        let opened = book.ledger.entry(&book.as_role(Role::Warehouse), size).await.unwrap().unwrap();
        assert_eq!((opened.line.entry.kind.as_str(), opened.content), ("unsealing", serde_json::Value::Null));
        assert!(!told(Role::Warehouse).await.contains(&secret.name), "who reads no suppliers reads none now");
    });
}

#[test]
fn c56_who_reads_no_suppliers_is_told_that_one_changed_and_not_who() {
    on_each(|book: Book| async move {
        let mut world = w8(3, &Scale { cartons: 1, ..Scale::small() });
        // Nobody seals anything here: the sources stand in plain words.
        for secret in world.truth.secrets.clone() {
            world.put_seal(&secret.placeholder, &secret.name);
        }
        book.tries_all(&world.recorded).await;
        let batch = &world.truth.batches[2].key;
        let no = json!({"batch": batch, "affects": "yes", "reason": "another winding"});
        book.does_as(Role::Buyer, "judging", no).await.unwrap();
        for (role, reads) in [(Role::Inspector, true), (Role::Warehouse, false)] {
            let reader = book.as_role(role);
            let view = book.ledger.batch(&reader, batch, &Ask::default()).await.unwrap().unwrap();
            let gate = book.ledger.gate(&reader, "SH-26-23").await.unwrap().unwrap();
            for told in [format!("{:?}", view.records), format!("{:?}", gate.rules)] {
                assert_eq!(told.contains("Kestrel"), reads, "{role:?}: {told}");
            }
            assert_eq!(view.standing.changes.is_empty(), !reads);
            assert!(gate.rules.iter().any(|rule| rule.name == "changed" && rule.failures.len() == 1));
        }
    });
}

#[test]
fn c54_c55_c56_a_certificate_of_another_version_holds_a_batch_whose_records_are_whole() {
    on_each(|book: Book| async move {
        let mut world = w10(1, &Scale::small());
        world.split(Tells::Release);
        book.hears(&world.recorded).await;
        let batch = &world.truth.batches[0];
        assert_eq!(book.six(&batch.key).await, (6, 6), "no certificate is one of the six");
        let report = world.truth.certificates.iter().find(|c| c.number.starts_with("TR")).unwrap();
        assert_ne!(report.version, batch.version);
        let what = format!("tested:{}", report.number);
        assert_eq!(
            book.held_by("SH-26-31").await,
            ["certified/certificate.product_version".to_string(), format!("changed/change.{what}"),]
        );
        let gate = book.gate("SH-26-31").await;
        let told = &gate.rules.iter().find(|rule| rule.name == "certified").unwrap().failures[0].0.said.en;
        for certificate in &world.truth.certificates {
            assert!(
                told.contains(&format!("{} says “{}”", certificate.number, certificate.version)),
                "{told}"
            );
        }
        let change = (what, report.version.clone(), batch.version.clone(), None);
        assert_eq!(book.changed(&batch.key).await, [change]);
        // The certificates alone are no record of a batch.
        let bare = book.another().await;
        let papers = [Tells::Place, Tells::TradeItem, Tells::Certificate, Tells::TestReport];
        let mut alone: Vec<Recorded> =
            world.recorded.iter().filter(|one| papers.contains(&one.tells)).cloned().collect();
        let names = json!({"subject": format!("batch:{}", batch.key), "names": [{"code": batch.lot_code}]});
        let last = alone.last().unwrap().clone();
        alone.push(Recorded {
            draft: domain::event::EventDraft {
                id: uuid::Uuid::now_v7(),
                payload: names,
                ..last.draft.clone()
            },
            ..last
        });
        bare.hears(&alone).await;
        assert_eq!(bare.six(&batch.key).await, (0, 6));
    });
}
