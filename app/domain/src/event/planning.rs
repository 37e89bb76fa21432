//! Planning: a revision of the trace plan of a trade item at a factory is drafted: the six things that
//! buyer and factory lock before production (C20 to C25). It holds when both have accepted it.
//!
//! CBV has no word for it; exported under the project's own namespace.

use super::{About, Context, EventKind, Outcome, protocol};
use crate::{
    book::Known,
    code::CodeKey,
    field::{Field, Input},
    person::Role,
    plan::{self, CODES, PLAN, Pattern, market_named},
    record::Facts,
    refusal::Refusal,
    state::Effect,
    subject::{Level, Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Planning {
    /// For which trade item.
    pub trade_item: String,
    /// Made at which factory.
    pub factory: String,
    /// What is agreed, by the names of [`PLAN`].
    #[serde(flatten)]
    pub terms: BTreeMap<String, Value>,
}

/// [`PLAN`] behind the two fields that say for what it is.
const FIELDS: &[Field] = &{
    let mut all = [Field::must("trade_item", text("Trade item", "商品"), Input::Code(&[SubjectKind::TradeItem]));
        PLAN.len() + 1];
    all[1] = Field::must("factory", text("Factory", "工厂"), Input::Code(&[SubjectKind::Place]));
    let mut i = 1;
    while i < PLAN.len() {
        all[i + 1] = PLAN[i];
        i += 1;
    }
    all
};

const NOT_LATER: Text = text(
    "Revision {revision} holds from {from} on. An amendment begins later, for it leaves earlier batches alone.",
    "版本 {revision} 自 {from} 起适用。修订须更晚生效，不影响此前的批次。",
);
const TOO_SHORT: Text = text(
    "{market} asks that records are kept {n} years at least. Agree on as many or more, or leave it empty.",
    "{market}要求记录至少保存 {n} 年。请约定不少于该年限，或留空。",
);
const SENTENCE: Text =
    text("Drafted the trace plan of {item} at {factory}", "起草 {item} 在 {factory} 的追溯方案");

impl EventKind for Planning {
    const NAME: &'static str = "planning";
    const FILES: &'static [&'static str] = &["plan_for", "trace_plan"];
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Planning", "制定追溯方案"),
        verb: text("Draft a trace plan", "起草追溯方案"),
        purpose: text(
            "Six things that buyer and factory agree before production: codes, records, materials, approved revision, how events are recorded, and how long all is kept.",
            "生产前由买方与工厂共同确认的六项：编码、记录、物料、核准版本、事件记录方式、保存期限。",
        ),
        roles: &[Role::Buyer, Role::Factory],
        offered_on: &[SubjectKind::TradeItem],
        fields: FIELDS,
        biz_step: "urn:lotwalk:bizstep:planning",
        disposition: None,
    };

    fn references(&self) -> Vec<String> {
        vec![self.trade_item.clone(), self.factory.clone()]
    }

    fn needs(&self, book: &Known) -> Vec<Subject> {
        protocol::plan_between(&self.trade_item, &self.factory, book).into_iter().collect()
    }

    fn check(&self) -> Result<(), Refusal> {
        for (_, name) in CODES {
            if let Some(pattern) = self.terms.get(*name).and_then(Value::as_str) {
                Pattern::read(pattern).map_err(|r| r.at(*name))?;
            }
        }
        let agreed = self.terms.get("record_years").and_then(Value::as_u64);
        let market = self.terms.get("market").and_then(Value::as_str).and_then(market_named);
        match (agreed, market) {
            (Some(years), Some(market)) if years < market.record_years => {
                let Text { en, zh } = market.title;
                let n = market.record_years.to_string();
                let fill = |market: &str| TOO_SHORT.with(&[("market", market), ("n", &n)]);
                let said = Said { en: fill(en).en, zh: fill(zh).zh };
                Err(Refusal::said("period_too_short", said).at("record_years"))
            }
            _ => Ok(()),
        }
    }

    fn decide(&self, _: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let item = book.one(&self.trade_item, &[SubjectKind::TradeItem]).map_err(|r| r.at("trade_item"))?;
        let factory = book.one(&self.factory, &[SubjectKind::Place]).map_err(|r| r.at("factory"))?;
        let subject = Subject::trace_plan(&item.key, &factory.key);
        let before = plan::revisions(book.records(&subject));
        let mut terms = self.facts();
        let from = terms.get("in_force_from").cloned().unwrap_or_default();
        if let Some(locked) = before.iter().rev().find(|plan| plan.is_locked())
            && let Some(since) = locked.term("in_force_from").filter(|since| *since >= from.as_str())
        {
            let said = NOT_LATER.with(&[("revision", &locked.revision.to_string()), ("from", since)]);
            return Err(Refusal::said("not_later", said).at("in_force_from"));
        }
        let revision = before.last().map_or(1, |plan| plan.revision + 1);
        terms.insert("revision".into(), revision.to_string());
        let mut outcome = Outcome::default();
        if book.state(&subject).is_none() {
            outcome.name(&subject, CodeKey::text(&subject.key), Level::Plan);
        }
        let plan_for = [("planned_item", &item.key), ("planned_factory", &factory.key)];
        let plan_for: Facts = plan_for.map(|(name, key)| (name.to_string(), key.clone())).into();
        outcome.effect(Effect::Filed { subject: subject.clone(), record: "plan_for".into(), facts: plan_for });
        outcome.effect(Effect::Filed { subject, record: "trace_plan".into(), facts: terms });
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        SENTENCE.with(&[("item", &self.trade_item), ("factory", &self.factory)])
    }
}

impl Planning {
    fn facts(&self) -> Facts {
        let said = |value: &Value| match value {
            Value::String(text) => text.trim().to_string(),
            Value::Array(words) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
            other => other.to_string(),
        };
        self.terms.iter().map(|(name, value)| (name.clone(), said(value))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn c58_no_plan_keeps_records_shorter_than_the_market_asks() {
        let said = |market: &str, years: Option<u64>| {
            let mut terms = BTreeMap::from([("market".to_string(), json!(market))]);
            terms.extend(years.map(|years| ("record_years".to_string(), json!(years))));
            let plan = Planning { trade_item: "T".into(), factory: "F".into(), terms };
            plan.check().map_err(|refusal| (refusal.reason.to_string(), refusal.field))
        };
        let short = Err(("period_too_short".to_string(), Some("record_years".to_string())));
        assert_eq!(said("us", Some(4)), short);
        assert_eq!(said("eu", Some(5)), short);
        for (market, years) in [("us", Some(5)), ("eu", Some(12)), ("eu", None)] {
            assert_eq!(said(market, years), Ok(()), "{market} {years:?}");
        }
    }
}
