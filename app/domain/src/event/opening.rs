//! Opening: a run is opened, before its first piece is made. Its trace plan must be locked (C20), its
//! revisions are the approved ones (C23), and its codes come from the identity plan.
//!
//! CBV has no word for it; exported under the project's own namespace.

use super::{About, Context, EventKind, Outcome, protocol::{self, approved}};
use crate::{
    book::Known,
    code::CodeKey,
    field::{Field, Input},
    person::Role,
    plan::{self, Pattern, Plan, Run},
    record::Facts,
    refusal::Refusal,
    state::Effect,
    subject::{Level, Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Opening {
    /// What will be made.
    pub trade_item: String,
    /// Where.
    pub factory: String,
    /// The first day.
    pub produced_from: String,
    /// The line.
    pub line: String,
    /// The shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<String>,
    /// Which run it is where several share day, line and shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// The lot code on the product; made from the identity plan where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot_code: Option<String>,
    /// The batch's key, needed where another batch has the same lot code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// The product version; the approved one where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_version: Option<String>,
    /// The BOM revision; the approved one where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bom: Option<String>,
}

const NO_PLAN: Text = text(
    "There is no trace plan for {item} at {factory}. Draft one and have buyer and factory accept it.",
    "{item} 在 {factory} 没有追溯方案。请起草并由买方与工厂确认。",
);
const NOT_LOCKED: Text = text(
    "The trace plan of {item} at {factory} is not locked for {day}. Buyer and factory both have to accept it first.",
    "{item} 在 {factory} 的追溯方案对 {day} 尚未锁定，须先由买方与工厂双方确认。",
);
const NOT_SO: Text = text(
    "“{code}” is not written as agreed for {level}: {pattern}. Leave it empty to have it made.",
    "“{code}”不符合{level}的约定规则：{pattern}。留空可自动生成。",
);
const NO_CODE: Text = text(
    "The code for {level} ({pattern}) cannot be made from what is given. Give line, shift and number.",
    "所填信息不足以生成{level}编码（{pattern}）。请填写产线、班次与序号。",
);
const EXISTS: Text = text(
    "There is a batch {key} already. Give another number, or a key of its own.",
    "批次 {key} 已存在，请更换序号或另填批次标识。",
);
const SENTENCE: Text = text("Opened a run of {item} at {factory}", "在 {factory} 开始生产 {item}");

impl EventKind for Opening {
    const NAME: &'static str = "opening";
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Opening", "开工"),
        verb: text("Open a run", "开工"),
        purpose: text(
            "Before the first piece is made: the run gets its codes from the trace plan, which must be locked.",
            "首件生产前：按已锁定的追溯方案为该次生产分配编码。",
        ),
        roles: &[Role::Factory, Role::Buyer],
        offered_on: &[SubjectKind::TradeItem, SubjectKind::TracePlan],
        fields: &[
            Field::must("trade_item", text("Trade item", "商品"), Input::Code(&[SubjectKind::TradeItem])),
            Field::must("factory", text("Factory", "工厂"), Input::Code(&[SubjectKind::Place])),
            Field::must("produced_from", text("First day", "首日"), Input::Date),
            Field::must("line", text("Line", "产线"), Input::Line),
            Field::may("shift", text("Shift", "班次"), Input::Line),
            Field::may("number", text("Number of the run", "序号"), Input::Count)
                .help(text("Where several share day, line and shift.", "同日同线同班次有多次生产时填写。")),
            Field::may("lot_code", text("Lot code", "批号"), Input::Line)
                .help(text("Left empty: made from the trace plan.", "留空则按追溯方案生成。")),
            Field::may("batch", text("Key of the batch", "批次标识"), Input::Line).help(text(
                "Only where another batch has the same lot code.",
                "仅在另有批次使用同一批号时填写。",
            )),
            Field::may("product_version", text("Product version", "产品版本"), Input::Line)
                .help(text("Left empty: the approved one.", "留空则为核准版本。")),
            Field::may("bom", text("BOM revision", "物料清单版本"), Input::Line)
                .help(text("Left empty: the approved one.", "留空则为核准版本。")),
        ],
        biz_step: "urn:lotwalk:bizstep:opening",
        disposition: None,
    };

    fn references(&self) -> Vec<String> {
        let key = self.batch.iter().chain(&self.lot_code);
        let own = key.flat_map(|key| [Subject::batch(key.trim()).urn(), key.clone()]);
        [self.trade_item.clone(), self.factory.clone()].into_iter().chain(own).collect()
    }

    fn needs(&self, book: &Known) -> Vec<Subject> {
        let plan = protocol::plan_between(&self.trade_item, &self.factory, book);
        // The code that the plan makes names the batch: it has to be open before that is decided.
        let made = plan.as_ref().and_then(|subject| {
            let plans = plan::revisions(book.records(subject));
            let plan = plan::in_force(&plans, &self.produced_from)?;
            Some(Subject::batch(self.codes(plan).ok()?.into_iter().next()?.1))
        });
        plan.into_iter().chain(made).collect()
    }

    fn decide(&self, _: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let item = book.one(&self.trade_item, &[SubjectKind::TradeItem]).map_err(|r| r.at("trade_item"))?;
        let factory = book.one(&self.factory, &[SubjectKind::Place]).map_err(|r| r.at("factory"))?;
        let plans = plan::revisions(book.records(&Subject::trace_plan(&item.key, &factory.key)));
        let plan = in_force(&plans, &item, &factory, &self.produced_from)?;
        let given = [("product_version", &self.product_version), ("bom", &self.bom)];
        for (name, is) in given {
            if let Some(is) = is.as_deref() {
                approved(plan, name, is).map_err(|r| r.at(name))?;
            }
        }
        let codes = self.codes(plan)?;
        let lot_code = codes.first().map(|(_, code)| code.clone()).unwrap_or_default();
        let key = self.batch.as_deref().map_or(lot_code.as_str(), str::trim);
        let batch = Subject::batch(key);
        if book.state(&batch).is_some() {
            let refusal = Refusal::said("batch_exists", EXISTS.with(&[("key", key)])).at("batch");
            return Err(Refusal { candidates: vec![batch], ..refusal });
        }
        let mut outcome = Outcome::default();
        for (level, code) in &codes {
            for name in protocol::gs1_names(book.state(&item), *level, code) {
                outcome.name(&batch, name, *level);
            }
            outcome.name(&batch, CodeKey::text(code), *level);
        }
        let sheet = self.sheet(plan, &item, &factory, &lot_code, &codes);
        outcome.effect(Effect::Filed { subject: batch.clone(), record: "run_sheet".into(), facts: sheet });
        let approved = plan.baseline().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        outcome.effect(Effect::Filed { subject: batch, record: "approved_revision".into(), facts: approved });
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        SENTENCE.with(&[("item", &self.trade_item), ("factory", &self.factory)])
    }
}

/// The revision that holds for a day.
fn in_force<'p>(plans: &'p [Plan], item: &Subject, factory: &Subject, day: &str) -> Result<&'p Plan, Refusal> {
    let values = [("item", item.key.as_str()), ("factory", &factory.key), ("day", day)];
    match plan::in_force(plans, day) {
        Some(plan) => Ok(plan),
        None if plans.is_empty() => Err(Refusal::said("no_trace_plan", NO_PLAN.with(&values)).at("trade_item")),
        None => Err(Refusal::said("plan_not_locked", NOT_LOCKED.with(&values)).at("trade_item")),
    }
}

impl Opening {
    /// The code at each level, product first.
    fn codes(&self, plan: &Plan) -> Result<Vec<(Level, String)>, Refusal> {
        let mut codes: Vec<(Level, String)> = vec![];
        for (level, pattern) in plan.codes().filter(|(level, _)| *level != Level::Paper) {
            let lot = codes.first().map(|(_, code)| code.clone()).unwrap_or_default();
            let run = Run {
                day: &self.produced_from,
                line: &self.line,
                shift: self.shift.as_deref().unwrap_or_default(),
                lot: &lot,
                number: self.number.unwrap_or(1),
            };
            let read = Pattern::read(pattern).map_err(|r| r.at("lot_code"))?;
            let given = self.lot_code.as_deref().map(str::trim).filter(|_| level == Level::Product);
            let values = |level: &'static str, code: &str, said: Text| {
                said.with(&[("level", level), ("code", code), ("pattern", pattern)])
            };
            let refuse = |reason: &str, said: Text, code: &str| {
                let (en, zh) = (values(level.title().en, code, said).en, values(level.title().zh, code, said).zh);
                Refusal::said(reason, Said { en, zh }).at("lot_code")
            };
            let code = match given {
                Some(code) if read.fits(code, &run) => code.to_string(),
                Some(code) => return Err(refuse("code_differs", NOT_SO, code)),
                None => read.make(&run).ok_or_else(|| refuse("no_code", NO_CODE, ""))?,
            };
            codes.push((level, code));
        }
        Ok(codes)
    }

    fn sheet(
        &self,
        plan: &Plan,
        item: &Subject,
        factory: &Subject,
        lot_code: &str,
        codes: &[(Level, String)],
    ) -> Facts {
        let version = self.product_version.as_deref().or(plan.term("product_version"));
        let given = [
            ("trade_item", Some(item.key.as_str())),
            ("factory", Some(&factory.key)),
            ("lot_code", Some(lot_code)),
            ("produced_from", Some(&self.produced_from)),
            ("line", Some(&self.line)),
            ("shift", self.shift.as_deref()),
            ("product_version", version),
            ("packaging_version", plan.term("packaging")),
        ];
        let mut facts: Facts =
            given.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?.to_string()))).collect();
        facts.insert("plan_revision".into(), plan.revision.to_string());
        for (level, code) in codes {
            let printed = crate::completeness::PRINTED.iter().find(|(at, _)| at == level);
            facts.extend(printed.map(|(_, name)| (name.to_string(), code.clone())));
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    fn run() -> serde_json::Value {
        json!({"trade_item": "TOY", "factory": "F1", "produced_from": "2026-03-04", "line": "3", "shift": "A"})
    }

    #[test]
    fn c20_production_cannot_open_before_both_parties_accepted() {
        let mut desk = Desk::furnished();
        assert_eq!(desk.refuses("opening", run()).reason, "no_trace_plan");
        desk.plans("TOY", "F1", "2026-01-01");
        assert_eq!(desk.refuses("opening", run()).reason, "plan_not_locked");
        desk.accepts("TOY", "F1", "buyer");
        assert_eq!(desk.refuses("opening", run()).reason, "plan_not_locked");
        desk.accepts("TOY", "F1", "factory");
        desk.does("opening", run());
        let batch = Subject::batch("T26-01");
        assert_eq!(desk.known().one("T26-01-C", &[SubjectKind::Batch]), Ok(batch.clone()));
        let sheet = &desk.known().records(&batch)["run_sheet"];
        assert_eq!((sheet.fact("plan_revision"), sheet.fact("lot_code_on_carton")), (Some("1"), Some("T26-01-C")));
        assert_eq!(desk.refuses("opening", run()).reason, "batch_exists");
    }

    #[test]
    fn c23_a_run_of_another_revision_is_refused_until_that_is_approved() {
        let mut desk = Desk::furnished();
        desk.locks("TOY", "F1", "2026-01-01");
        let mut other = run();
        other["bom"] = json!("BOM-2");
        let refusal = desk.refuses("opening", other.clone());
        assert_eq!((refusal.reason.as_str(), refusal.field.as_deref()), ("not_approved", Some("bom")));
        let mut amended = desk.plan("TOY", "F1", "2026-03-01");
        amended["bom"] = json!("BOM-2");
        desk.does("planning", amended);
        assert_eq!(desk.refuses("opening", other.clone()).reason, "not_approved");
        desk.accepts("TOY", "F1", "buyer");
        desk.accepts("TOY", "F1", "factory");
        desk.does("opening", other);
    }

    #[test]
    fn c20_a_lot_code_that_is_not_written_as_agreed_is_refused() {
        let mut desk = Desk::furnished();
        desk.locks("TOY", "F1", "2026-01-01");
        let mut free = run();
        free["lot_code"] = json!("SUMMER");
        assert_eq!(desk.refuses("opening", free).field.as_deref(), Some("lot_code"));
    }
}
