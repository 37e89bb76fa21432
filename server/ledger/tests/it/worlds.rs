//! Worlds with a hidden truth, handed in as people wrote them down; then the ledger's answers are compared with
//! what is so.

mod agreed;
mod board;
mod changes;
mod clean;
mod codes;
mod kept;
mod mixed;
mod papers;
mod random;
mod released;
mod spoilt;

use crate::support::{Book, Scratch, on_each};
use domain::{
    person::{Person, Role},
    refusal::Refusal,
    view::{BatchView, GateView, Receipt},
};
use ledger::Ask;
use serde_json::Value;
use worlds::Recorded;

impl Book {
    /// Hands in what was written down, each by who wrote it and when; tells what became of each.
    pub(crate) async fn tries_all(&self, recorded: &[Recorded]) -> Vec<Result<Receipt, Refusal>> {
        let mut answers = vec![];
        // What one person has written down is handed in at once: how drafts are grouped changes no answer.
        for some in recorded.chunk_by(|one, two| one.person == two.person) {
            let drafts = some.iter().map(|one| one.draft.clone()).collect();
            let (person, now) = (&some[0].person, some[some.len() - 1].recorded_at);
            answers.extend(self.ledger.capture_at(self.brand.id, person, drafts, now).await.unwrap());
        }
        answers
    }

    /// The same, where nothing may be refused.
    pub(crate) async fn hears(&self, recorded: &[Recorded]) -> Vec<Receipt> {
        let answers = self.tries_all(recorded).await;
        let told = answers.into_iter().zip(recorded);
        told.map(|(answer, one)| answer.unwrap_or_else(|r| panic!("{:?} was refused: {r:?}", one.draft)))
            .collect()
    }

    /// A batch as the buyer reads it.
    pub(crate) async fn batch_of(&self, key: &str) -> BatchView {
        let view = self.ledger.batch(&self.reader(), key, &Ask::default()).await.unwrap();
        view.unwrap_or_else(|| panic!("there is no batch {key}"))
    }

    /// How many of the six are complete, and how many are asked for.
    pub(crate) async fn six(&self, key: &str) -> (usize, usize) {
        let six = self.batch_of(key).await.standing.completeness;
        (six.complete(), six.asked())
    }

    /// What is missing to the records of a batch.
    pub(crate) async fn gaps(&self, key: &str) -> Vec<String> {
        self.batch_of(key).await.standing.completeness.gaps().map(|gap| gap.fact.clone()).collect()
    }

    /// The gate of a shipment.
    pub(crate) async fn gate(&self, shipment: &str) -> GateView {
        let view = self.ledger.gate(&self.reader(), shipment).await.unwrap();
        view.unwrap_or_else(|| panic!("there is no shipment {shipment}"))
    }

    /// What keeps a shipment from being released, as `rule/fact`.
    pub(crate) async fn held_by(&self, shipment: &str) -> Vec<String> {
        let gate = self.gate(shipment).await;
        let failures = gate.rules.iter().flat_map(|rule| &rule.failures);
        let mut told: Vec<String> =
            failures.map(|(failure, _)| format!("{}/{}", failure.rule, failure.fact)).collect();
        told.sort();
        told
    }

    /// Everything that the ledger's entries say.
    pub(crate) async fn entries_text(&self) -> String {
        let contents = Scratch::of(&self.url).contents().await;
        contents.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
    }

    /// Hands one event in as somebody in a role, now.
    pub(crate) async fn does_as(&self, role: Role, kind: &str, payload: Value) -> Result<Receipt, Refusal> {
        let draft = self.draft(kind, payload);
        let person = Person { id: role.word().into(), name: format!("Some {}", role.word()), role };
        // Later than all that a world tells.
        let now = draft.event_time.plus_minutes(60 * 24 * 700);
        let mut all = self.ledger.capture_at(self.brand.id, &person, vec![draft], now).await.unwrap();
        all.remove(0)
    }
}
