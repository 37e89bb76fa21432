//! Trace plans: what buyer and factory lock before production, for a trade item at a factory.
//!
//! A plan is a row of revisions. Each is drafted whole, accepted by buyer and factory in turn, and locked
//! when both have. A later change is another revision with a day from which it counts; a batch goes on under
//! the revision under which it was opened, so nothing that was agreed is ever rewritten (C25).

mod pattern;
mod retention;
mod terms;

pub use pattern::{Pattern, Run};
pub use retention::{MARKETS, Market, market_named};
pub use terms::{BASELINE, CODES, PLAN, REQUIRED};

use crate::{
    record::{Facts, Records},
    subject::Level,
};
use serde::{Deserialize, Serialize};

/// Who has to accept.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// Importer or brand.
    Buyer,
    /// Who makes it.
    Factory,
}

impl Party {
    /// Both.
    pub const ALL: [Party; 2] = [Party::Buyer, Party::Factory];

    /// The word in stored text.
    pub const fn word(self) -> &'static str {
        match self {
            Party::Buyer => "buyer",
            Party::Factory => "factory",
        }
    }

    /// The party for a stored word.
    pub fn from_word(word: &str) -> Option<Party> {
        Party::ALL.into_iter().find(|p| p.word() == word)
    }
}

/// How far a revision has come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// Nobody has accepted it.
    Drafted,
    /// One of the two has.
    AcceptedBy(Party),
    /// Both have: it holds from its day on.
    Locked,
}

/// One revision of a trace plan.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// Its number, from 1.
    pub revision: u64,
    /// What it says, by the names of [`PLAN`].
    pub terms: Facts,
    /// Which entry drafted it; `None` while it is being written.
    pub drafted: Option<crate::view::EntryRef>,
    /// Who accepted it for each party, and when.
    pub accepted: Vec<Accepted>,
}

/// That a party accepted.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Accepted {
    /// For whom.
    pub party: Party,
    /// By name.
    pub by: String,
    /// On which day.
    pub on: String,
}

/// How an event on the floor is to be recorded (lock 5); the stricter is the greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Proof {
    /// Who and why is enough.
    Named,
    /// The pieces are counted.
    Counted,
    /// The pieces are counted and the codes scanned.
    CountedAndScanned,
}

impl Plan {
    /// How far it has come.
    pub fn status(&self) -> PlanStatus {
        match &self.accepted[..] {
            [] => PlanStatus::Drafted,
            [one] => PlanStatus::AcceptedBy(one.party),
            _ => PlanStatus::Locked,
        }
    }

    /// True where both parties accepted it.
    pub fn is_locked(&self) -> bool {
        self.status() == PlanStatus::Locked
    }

    /// What it says of a thing.
    pub fn term(&self, name: &str) -> Option<&str> {
        self.terms.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Its terms with the periods that it leaves to the market: what it comes to, for who reads or signs it.
    pub fn settled(&self) -> Facts {
        let mut terms = self.terms.clone();
        if self.term("market").is_some() {
            let periods = [
                ("record_years", self.record_years()),
                ("sample_years", self.sample_years()),
                ("retrieval_months", self.retrieval_months()),
            ];
            terms.extend(periods.map(|(name, n)| (name.to_string(), n.to_string())));
        }
        terms
    }

    fn words(&self, name: &str) -> impl Iterator<Item = &str> {
        self.term(name).into_iter().flat_map(|words| words.split(',')).map(str::trim)
    }

    /// The record kinds that every batch needs (lock 2).
    pub fn required_records(&self) -> Vec<&str> {
        self.words("required_records").collect()
    }

    /// The material classes that every batch has to name (lock 3).
    pub fn materials(&self) -> Vec<&str> {
        self.words("materials").collect()
    }

    /// The levels that carry a code, each with how it is written (lock 1).
    pub fn codes(&self) -> impl Iterator<Item = (Level, &str)> {
        CODES.iter().filter_map(|(level, name)| Some((*level, self.term(name)?)))
    }

    /// The approved baseline: facts of a batch that must say the same (lock 4).
    pub fn baseline(&self) -> impl Iterator<Item = (&'static str, &str)> {
        BASELINE.iter().filter_map(|name| Some((*name, self.term(name)?)))
    }

    /// How an event of this kind is to be recorded (lock 5).
    pub fn proof(&self, event: &str) -> Proof {
        match self.term(&format!("{event}_proof")) {
            Some("counted") => Proof::Counted,
            Some("counted_and_scanned") => Proof::CountedAndScanned,
            _ => Proof::Named,
        }
    }

    fn years(&self, name: &str, of_market: fn(&Market) -> u64) -> u64 {
        let agreed = self.term(name).and_then(|years| years.parse().ok());
        let market = self.term("market").and_then(market_named);
        agreed.or(market.map(of_market)).unwrap_or(10)
    }

    /// Years for which records are kept, from the last shipment on (lock 6).
    pub fn record_years(&self) -> u64 {
        self.years("record_years", |market| market.record_years)
    }

    /// Years for which retained samples are kept (lock 6).
    pub fn sample_years(&self) -> u64 {
        self.years("sample_years", |market| market.sample_years)
    }

    /// Months between two checks that a retained sample is where it should be (lock 6).
    pub fn retrieval_months(&self) -> u64 {
        self.term("retrieval_months").and_then(|n| n.parse().ok()).unwrap_or(12)
    }
}

/// Every revision of a plan, the first one first.
pub fn revisions(records: &Records) -> Vec<Plan> {
    let mut plans: Vec<Plan> = records
        .iter()
        .filter_map(|(slot, filed)| {
            let revision: u64 = slot.strip_prefix("trace_plan:")?.parse().ok()?;
            let accepted = Party::ALL.into_iter().filter_map(|party| {
                let agreed = records.get(&format!("agreement:{revision}:{}", party.word()))?;
                let said = |name: &str| agreed.facts.get(name).cloned().unwrap_or_default();
                Some(Accepted { party, by: said("accepted_by"), on: said("accepted_on") })
            });
            Some(Plan {
                revision,
                terms: filed.facts.clone(),
                drafted: filed.entry.clone(),
                accepted: accepted.collect(),
            })
        })
        .collect();
    plans.sort_by_key(|plan| plan.revision);
    plans
}

/// The revision that holds for a run that begins on a day: the latest that is locked and counts by then.
pub fn in_force<'p>(plans: &'p [Plan], day: &str) -> Option<&'p Plan> {
    let counts = |plan: &&Plan| plan.is_locked() && plan.term("in_force_from").is_none_or(|from| from <= day);
    plans.iter().rev().find(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Filed;

    fn filed(facts: &[(&str, &str)]) -> Filed {
        let facts = facts.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        Filed { facts, entry: None }
    }

    fn accepted() -> Filed {
        filed(&[("accepted_by", "Wen"), ("accepted_on", "2026-01-02")])
    }

    #[test]
    fn c25_an_amendment_counts_from_its_day_and_only_when_both_accepted_it() {
        let mut records = Records::new();
        records.insert("trace_plan:1".into(), filed(&[("in_force_from", "2026-01-01")]));
        records.insert("trace_plan:2".into(), filed(&[("in_force_from", "2026-06-01")]));
        let force = |records: &Records, day: &str| in_force(&revisions(records), day).map(|p| p.revision);
        assert_eq!(force(&records, "2026-07-01"), None);
        for step in ["agreement:1:buyer", "agreement:1:factory", "agreement:2:buyer"] {
            records.insert(step.into(), accepted());
        }
        assert_eq!(revisions(&records)[1].status(), PlanStatus::AcceptedBy(Party::Buyer));
        assert_eq!(force(&records, "2026-07-01"), Some(1));
        records.insert("agreement:2:factory".into(), accepted());
        assert_eq!(force(&records, "2026-07-01"), Some(2));
        assert_eq!(force(&records, "2026-05-31"), Some(1));
        assert_eq!(force(&records, "2025-12-31"), None);
    }

    #[test]
    fn c58_what_was_not_agreed_is_as_the_market_has_it() {
        let plan = |terms: &[(&str, &str)]| Plan {
            revision: 1,
            terms: filed(terms).facts,
            drafted: None,
            accepted: vec![],
        };
        assert_eq!(plan(&[("market", "us")]).record_years(), 5);
        assert_eq!(plan(&[("market", "eu")]).record_years(), 10);
        assert_eq!(plan(&[("market", "us"), ("record_years", "8")]).record_years(), 8);
        assert_eq!(plan(&[]).record_years(), 10);
        let settled = plan(&[("market", "us"), ("sample_years", "4")]).settled();
        let told = |name: &str| settled.get(name).map(String::as_str);
        assert_eq!(
            [told("record_years"), told("sample_years"), told("retrieval_months")],
            [Some("5"), Some("4"), Some("12")]
        );
    }
}
