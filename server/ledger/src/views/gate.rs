//! The gate of a shipment, as it holds now.

use super::{Reading, sources::told};
use crate::{Fault, Ledger, Reader, dossier};
use domain::{
    gate::{self, Loaded, RULES},
    state::{Aspect, Disposition},
    subject::{Subject, SubjectKind},
    view::{GateView, RuleView},
};
use std::collections::BTreeMap;

impl Ledger {
    /// What keeps a shipment from being released, rule by rule. Nothing for who may not read records.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn gate(&self, reader: &Reader, shipment: &str) -> Result<Option<GateView>, Fault> {
        let mut reading = Reading::begin(self, reader);
        let Some(id) = reading.page_id(SubjectKind::Shipment, shipment).await? else { return Ok(None) };
        let Some(loaded) = reading.loaded(id).await? else { return Ok(None) };
        let stands = gate::since_release(&loaded).is_empty();
        let failures = gate::of_shipment(&loaded);
        let failures: Vec<_> = failures.into_iter().map(|failure| told(reader.role, failure)).collect();
        let about: Vec<Subject> = failures.iter().map(|failure| failure.subject.clone()).collect();
        let titled = reading.titled_all(&about).await?;
        let titled: BTreeMap<&Subject, _> = titled.iter().map(|titled| (&titled.subject, titled)).collect();
        let rules = RULES.iter().map(|rule| RuleView {
            name: rule.name.into(),
            title: rule.title.said(),
            failures: failures
                .iter()
                .filter(|failure| failure.rule == rule.name)
                .map(|failure| {
                    let plain = super::titles::plain(&failure.subject);
                    (failure.clone(), titled.get(&failure.subject).map_or(plain, |titled| (*titled).clone()))
                })
                .collect(),
        });
        let rules = rules.collect();
        let card = reading.card(id).await?;
        let released = card.marks.iter().any(|m| m.disposition == Disposition::Released && m.from.is_none());
        let released = released && stands;
        let release = reading.records(id).await?.into_iter().find(|record| record.kind == "release");
        Ok(Some(GateView { card, rules, release, released }))
    }
}

impl Reading<'_> {
    /// A shipment as the gate looks at it.
    pub(crate) async fn loaded(&mut self, id: i64) -> Result<Option<Loaded>, Fault> {
        dossier::loaded(&mut self.gathering(), id).await
    }

    /// How many things keep a shipment from being released; none of one that was, or has arrived.
    pub(crate) async fn held_back(&mut self, id: i64) -> Result<u64, Fault> {
        let marks = self.marks(&[id]).await?;
        let settled = marks.get(&id).into_iter().flatten().any(|mark| {
            mark.disposition == Disposition::Released || mark.disposition.aspect() == Aspect::Custody
        });
        if settled {
            return Ok(0);
        }
        Ok(self.loaded(id).await?.map_or(0, |loaded| gate::of_shipment(&loaded).len() as u64))
    }
}
