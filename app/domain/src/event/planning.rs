//! Planning: a revision of the trace plan of a trade item at a factory is drafted: the six things that
//! buyer and factory lock before production (C20 to C25). It holds when both have accepted it.
//!
//! CBV has no word for it; exported under the project's own namespace.

use super::{About, Context, EventKind, Outcome};
use crate::{
    book::Known,
    code::CodeKey,
    field::{Field, Input},
    person::Role,
    plan::{self, Pattern},
    record::{Facts, material_lot::CLASSES},
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

/// The terms that say how a code is written, with the level at which it stands (lock 1).
pub const CODES: &[(Level, &str)] = &[
    (Level::Product, "code_on_product"),
    (Level::InnerPack, "code_on_inner_pack"),
    (Level::RetailBox, "code_on_retail_box"),
    (Level::Carton, "code_on_carton"),
    (Level::Paper, "code_on_papers"),
];

/// The terms that a batch must name alike (lock 4).
pub const BASELINE: &[&str] = &["product_version", "sample", "bom", "artwork", "packaging"];

/// The record kinds that can be agreed on (lock 2): the six of every batch.
pub const REQUIRED: &[(&str, Text)] = &[
    ("run_sheet", text("Run sheet", "生产记录单")),
    ("material_lot", text("Incoming materials", "来料记录")),
    ("approved_revision", text("Approved revision", "核准版本")),
    ("inspection_report", text("Inspection and release", "检验与放行")),
    ("carton_range", text("Carton and shipment mapping", "外箱与货运对应")),
    ("retained_sample", text("Retained samples and corrective actions", "留样与纠正措施")),
];

const PROOFS: &[(&str, Text)] = &[
    ("named", text("Who and why", "人员与原因")),
    ("counted", text("And the pieces counted", "并点数")),
    ("counted_and_scanned", text("And counted, and the codes scanned", "并点数、扫描条码")),
];

const MARKETS: &[(&str, Text)] = &[
    ("us", text("United States (5 years)", "美国（5 年）")),
    ("eu", text("European Union (10 years)", "欧盟（10 年）")),
    ("gb", text("Great Britain (10 years)", "英国（10 年）")),
    ("cn", text("China (10 years)", "中国（10 年）")),
];

const PATTERN: Text = text(
    "Letters as printed, and {yy} {mm} {dd} {ww} {line} {shift} {lot} {nn} for what changes.",
    "固定字符照印刷填写；可变部分用 {yy} {mm} {dd} {ww} {line} {shift} {lot} {nn}。",
);

/// What a plan says: the fields of its form, its record and its page, lock by lock.
pub const PLAN: &[Field] = &[
    Field::may("revision", text("Revision", "版本"), Input::Line)
        .help(text("Left empty: the next number.", "留空则自动取下一个编号。")),
    Field::must("in_force_from", text("Holds for runs from", "适用于自此日起的生产"), Input::Date),
    Field::may("amends", text("What is changed, and why", "变更内容及原因"), Input::Text),
    Field::must("code_on_product", text("Code on the product", "产品上的编码"), Input::Line).help(PATTERN),
    Field::may("code_on_inner_pack", text("Code on the inner pack", "内包装上的编码"), Input::Line)
        .help(text("Empty where there is none.", "没有则留空。")),
    Field::may("code_on_retail_box", text("Code on the retail box", "彩盒上的编码"), Input::Line),
    Field::must("code_on_carton", text("Code on the carton", "外箱上的编码"), Input::Line),
    Field::may("code_on_papers", text("Code in documents", "单据中的编码"), Input::Line),
    Field::must("required_records", text("Records of every batch", "每批必备记录"), Input::Choices(REQUIRED)),
    Field::must("materials", text("Materials to preserve", "须追溯的物料"), Input::Choices(CLASSES)),
    Field::must("product_version", text("Product version", "产品版本"), Input::Line),
    Field::must("sample", text("Approved sample", "核准样"), Input::Line),
    Field::must("bom", text("BOM revision", "物料清单版本"), Input::Line),
    Field::must("artwork", text("Artwork revision", "图稿版本"), Input::Line),
    Field::must("packaging", text("Packaging revision", "包装版本"), Input::Line),
    Field::must("relabeling_proof", text("A relabeling is recorded with", "换标记录方式"), Input::Choice(PROOFS)),
    Field::must("reworking_proof", text("A rework is recorded with", "返工记录方式"), Input::Choice(PROOFS)),
    Field::must("splitting_proof", text("A split is recorded with", "拆分记录方式"), Input::Choice(PROOFS)),
    Field::must("market", text("Market", "市场"), Input::Choice(MARKETS)),
    Field::may("record_years", text("Records kept (years after the last shipment)", "记录保存年限（末次发货后）"), Input::Count)
        .help(text("Empty: as the market asks.", "留空则按市场要求。")),
    Field::may("sample_years", text("Samples kept (years after the last shipment)", "留样保存年限（末次发货后）"), Input::Count),
    Field::must("custodian", text("Who keeps them", "保管人"), Input::Line)
        .help(text("A person, by name.", "请填写姓名。")),
    Field::may("retrieval_months", text("A retrieval is tried every (months)", "调取演练间隔（月）"), Input::Count),
];

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
const SENTENCE: Text =
    text("Drafted the trace plan of {item} at {factory}", "起草 {item} 在 {factory} 的追溯方案");

impl EventKind for Planning {
    const NAME: &'static str = "planning";
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
        plan_of(&self.trade_item, &self.factory, book).into_iter().collect()
    }

    fn check(&self) -> Result<(), Refusal> {
        for (_, name) in CODES {
            if let Some(pattern) = self.terms.get(*name).and_then(Value::as_str) {
                Pattern::read(pattern).map_err(|r| r.at(*name))?;
            }
        }
        Ok(())
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

/// The trace plan of what two texts name, where both are known.
pub(super) fn plan_of(trade_item: &str, factory: &str, book: &Known) -> Option<Subject> {
    let item = book.one(trade_item, &[SubjectKind::TradeItem]).ok()?;
    let factory = book.one(factory, &[SubjectKind::Place]).ok()?;
    Some(Subject::trace_plan(&item.key, &factory.key))
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
