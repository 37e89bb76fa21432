//! Producing: a run made a batch. It names the batch by its lot code, files the run sheet, and ties the
//! batch to the material lots that went into it.
//!
//! Handed in again for a batch that was produced already, it adds: more pieces, more material lots.
//!
//! EPCIS: `creating_class_instance`, a TransformationEvent where material lots are known.

use super::{
    About, Context, DiscrepancyKind, EventKind, Evidence, Outcome, contents::MaterialUsed, protocol::{self, approved},
};
use crate::{
    book::Known,
    code::CodeKey,
    field::{Field, Input},
    person::Role,
    plan,
    quantity::{Quantity, Unit},
    record::Facts,
    refusal::Refusal,
    state::{Aspect, Disposition, Effect, State},
    subject::{Level, Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Producing {
    /// What was made; told already where the batch is added to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trade_item: Option<String>,
    /// The text that names the batch; told already where the batch is added to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot_code: Option<String>,
    /// The batch's key, needed where another batch has the same lot code; else the lot code itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// Where it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factory: Option<String>,
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub produced_from: Option<String>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub produced_to: Option<String>,
    /// The line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<String>,
    /// Pieces made; further pieces, for a batch that was produced already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// Product version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_version: Option<String>,
    /// Packaging version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packaging_version: Option<String>,
    /// The lot code as printed on the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot_code_on_product: Option<String>,
    /// The lot code as printed on the inner pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot_code_on_inner_pack: Option<String>,
    /// The lot code as printed on the retail box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot_code_on_retail_box: Option<String>,
    /// The lot code as printed on the carton.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot_code_on_carton: Option<String>,
    /// Who else worked on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subcontractor: Option<String>,
    /// Who else made a part of it, by name or sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_source: Option<String>,
    /// What went into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<MaterialUsed>,
}

const EXISTS: Text = text(
    "There is a batch {key} already. To add pieces or material lots, give nothing else; to change its run sheet, file that; for another batch with this lot code, give it a key of its own.",
    "批次 {key} 已存在。若追加数量或物料批，请勿填写其他内容；若修改生产记录单，请使用归档；若为批号相同的另一批次，请另填批次标识。",
);
const BACKWARDS: Text =
    text("The last day is before the first. Check both dates.", "结束日期早于开始日期，请核对。");
const NO_LOT_CODE: Text = text("Give the lot code as it is printed.", "请按印刷内容填写批号。");
const NO_TRADE_ITEM: Text = text("Say which trade item was made.", "请填写所生产的商品。");
const NOT_LOCKED: Text = text(
    "The trace plan was not locked when {batch} was made. Buyer and factory both have to accept it before production.",
    "{batch} 生产时追溯方案尚未锁定。生产前须由买方与工厂双方确认。",
);
const MADE: Text = text("Made batch {lot}", "生产批次 {lot}");
const MADE_SO_MANY: Text = text("Made batch {lot}: {n} pieces", "生产批次 {lot}：{n} 件");
const USED: Text = text("Used {materials} in batch {lot}", "批次 {lot} 使用 {materials}");

impl EventKind for Producing {
    const NAME: &'static str = "producing";
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Producing", "生产"),
        verb: text("Record a batch", "录入批次"),
        purpose: text(
            "A run made a batch: what, where, when, how many, and from which material lots.",
            "录入一个生产批次：产品、工厂、日期、数量及所用物料批。",
        ),
        roles: &[Role::Factory, Role::Buyer],
        offered_on: &[SubjectKind::TradeItem],
        fields: &[
            Field::may("trade_item", text("Trade item", "商品"), Input::Code(&[SubjectKind::TradeItem])),
            Field::may("lot_code", text("Lot code", "批号"), Input::Line).help(text(
                "Exactly as printed, with capitals and spaces.",
                "与印刷完全一致，含大小写与空格。",
            )),
            Field::may("batch", text("Key of the batch", "批次标识"), Input::Line).help(text(
                "Only where another batch has the same lot code.",
                "仅在另有批次使用同一批号时填写。",
            )),
            Field::may("factory", text("Factory", "工厂"), Input::Code(&[SubjectKind::Place])),
            Field::may("produced_from", text("Produced from", "生产开始日期"), Input::Date),
            Field::may("produced_to", text("Produced to", "生产结束日期"), Input::Date),
            Field::may("line", text("Line", "产线"), Input::Line),
            Field::may("shift", text("Shift", "班次"), Input::Line),
            Field::may("quantity", text("Quantity (pieces)", "数量（件）"), Input::Count),
            Field::may("product_version", text("Product version", "产品版本"), Input::Line),
            Field::may("packaging_version", text("Packaging version", "包装版本"), Input::Line),
            Field::may(
                "lot_code_on_product",
                text("Lot code text on the product", "产品上的批号文字"),
                Input::Line,
            ),
            Field::may(
                "lot_code_on_inner_pack",
                text("Lot code text on the inner pack", "内包装上的批号文字"),
                Input::Line,
            ),
            Field::may(
                "lot_code_on_retail_box",
                text("Lot code text on the retail box", "彩盒上的批号文字"),
                Input::Line,
            ),
            Field::may(
                "lot_code_on_carton",
                text("Lot code text on the carton", "外箱上的批号文字"),
                Input::Line,
            ),
            Field::may(
                "subcontractor",
                text("Subcontracted to", "外协厂"),
                Input::Code(&[SubjectKind::Place]),
            ),
            Field::may("second_source", text("Second-source line", "第二来源产线"), Input::Source)
                .help(text("Who else made a part of it; may be sealed.", "另行加工部件的一方；可密封。")),
            Field::may(
                "materials",
                text("Material lots used", "所用物料批"),
                Input::Rows(MaterialUsed::FIELDS),
            ),
        ],
        biz_step: "creating_class_instance",
        disposition: Some(Disposition::InProgress),
    };

    fn references(&self) -> Vec<String> {
        let codes = [&self.factory, &self.subcontractor].into_iter().flatten().cloned();
        let materials = self.materials.iter().map(|m| m.material_lot.clone());
        let own = self.key().into_iter().flat_map(|key| [Subject::batch(key).urn(), key.to_string()]);
        own.chain(self.trade_item.clone()).chain(codes).chain(materials).collect()
    }

    fn needs(&self, book: &Known) -> Vec<Subject> {
        // A run that was opened has its trade item and factory on record already.
        let batch = self.key().map(Subject::batch);
        let opened = batch.as_ref().and_then(|batch| Some(&book.records(batch).get("run_sheet")?.facts));
        let plan = opened.and_then(protocol::subject_of).or_else(|| {
            protocol::plan_between(self.trade_item.as_deref()?, self.factory.as_deref()?, book)
        });
        batch.into_iter().chain(plan).collect()
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.key().is_none() {
            return Err(Refusal::new("missing_field", NO_LOT_CODE).at("lot_code"));
        }
        if self.produced_to.is_some() && self.produced_to < self.produced_from {
            return Err(Refusal::new("dates_backwards", BACKWARDS).at("produced_to"));
        }
        Ok(())
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let mut outcome = Outcome::default();
        let (batch, before) = self.batch(book)?;
        match before {
            Some(_) if self.has_sheet() => {
                let said = EXISTS.with(&[("key", &batch.key)]);
                let refusal = Refusal::said("batch_exists", said).at("batch");
                return Err(Refusal { candidates: vec![batch], ..refusal });
            }
            Some(_) => {}
            None => self.begin(&batch, context, book, &mut outcome)?,
        }
        if let Some(pieces) = self.quantity {
            let had = before.and_then(|s| s.counted).filter(|q| q.unit == Unit::Piece);
            let sum = had.map_or(0, |q| q.thousandths / 1000).saturating_add(pieces);
            outcome.effect(Effect::Counted { subject: batch.clone(), quantity: Quantity::pieces(sum) });
        }
        for (i, used) in self.materials.iter().enumerate() {
            let input = book
                .one(&used.material_lot, &[SubjectKind::MaterialLot])
                .map_err(|r| r.at(format!("materials.{i}.material_lot")))?;
            outcome.effect(Effect::MadeFrom { output: batch.clone(), input, quantity: used.quantity() });
        }
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        let lot = self.lot_code.as_deref().or(self.batch.as_deref()).unwrap_or_default();
        let materials: Vec<_> = self.materials.iter().map(|m| m.material_lot.as_str()).collect();
        match self.quantity {
            None if !self.has_sheet() => USED.with(&[("lot", lot), ("materials", &materials.join(", "))]),
            None => MADE.with(&[("lot", lot)]),
            Some(n) => MADE_SO_MANY.with(&[("lot", lot), ("n", &n.to_string())]),
        }
    }
}

impl Producing {
    fn key(&self) -> Option<&str> {
        self.batch.as_deref().or(self.lot_code.as_deref()).map(str::trim)
    }

    /// The batch, and its state where it was produced already. A batch that is only added to may be
    /// called by any of its codes.
    fn batch<'b>(&self, book: &'b Known) -> Result<(Subject, Option<&'b State>), Refusal> {
        let key = self.key().unwrap_or_default();
        let made = |batch: &Subject| book.state(batch).filter(|s| s.mark(Aspect::Custody).is_some());
        let batch = Subject::batch(key);
        if self.lot_code.is_some() || made(&batch).is_some() {
            let before = made(&batch);
            return Ok((batch, before));
        }
        let batch = book.one(key, &[SubjectKind::Batch]).map_err(|r| r.at("batch"))?;
        let before = made(&batch);
        Ok((batch, before))
    }

    /// What a batch that is new comes to: its names, its run sheet, its being in stock. Where the run was
    /// opened before, what was said then holds unless something else is said now.
    fn begin(
        &self,
        batch: &Subject,
        context: &Context<'_>,
        book: &Known,
        outcome: &mut Outcome,
    ) -> Result<(), Refusal> {
        let opened = book.records(batch).get("run_sheet").map(|filed| filed.facts.clone()).unwrap_or_default();
        let trade_item = match (&self.trade_item, opened.get("trade_item")) {
            (Some(given), _) => book.one(given, &[SubjectKind::TradeItem]).map_err(|r| r.at("trade_item"))?,
            (None, Some(key)) => Subject::trade_item(key),
            (None, None) => return Err(Refusal::new("missing_field", NO_TRADE_ITEM).at("trade_item")),
        };
        let on_it = |key: &CodeKey| book.state(batch).is_some_and(|s| s.open_names().any(|n| n.key == *key));
        for (level, text) in self.lot_codes() {
            let gs1 = protocol::gs1_names(book.state(&trade_item), level, text);
            for key in gs1.into_iter().chain([CodeKey::text(text)]).filter(|key| !on_it(key)) {
                outcome.name(batch, key, level);
            }
        }
        let mut facts = opened;
        facts.append(&mut self.sheet(&trade_item, book)?);
        self.check_agreed(batch, &mut facts, context, book, outcome)?;
        outcome.effect(Effect::Filed { subject: batch.clone(), record: "run_sheet".into(), facts });
        outcome.effect(Effect::Marked { subject: batch.clone(), disposition: Disposition::InProgress });
        Ok(())
    }

    /// A run of a trade item with a trace plan is made when that is locked (C20), to its approved revision
    /// (C23). What a record pack tells has happened already: it is kept, with a discrepancy.
    fn check_agreed(
        &self,
        batch: &Subject,
        sheet: &mut Facts,
        context: &Context<'_>,
        book: &Known,
        outcome: &mut Outcome,
    ) -> Result<(), Refusal> {
        let Some(plans) = protocol::subject_of(sheet).map(|plan| plan::revisions(book.records(&plan))) else {
            return Ok(());
        };
        let has_happened = context.draft.evidence == Evidence::Imported;
        let today = context.draft.event_time.date(context.draft.zone);
        let opened: Option<u64> = sheet.get("plan_revision").and_then(|n| n.parse().ok());
        let plan = match opened {
            Some(revision) => plans.iter().find(|plan| plan.revision == revision),
            None => plan::in_force(&plans, sheet.get("produced_from").unwrap_or(&today)),
        };
        match plan {
            Some(plan) => {
                sheet.insert("plan_revision".into(), plan.revision.to_string());
                let given = sheet.get("product_version").filter(|_| !has_happened);
                given.map_or(Ok(()), |is| approved(plan, "product_version", is).map_err(|r| r.at("product_version")))
            }
            None if plans.is_empty() => Ok(()),
            None => {
                let said = NOT_LOCKED.with(&[("batch", &batch.key)]);
                if has_happened {
                    outcome.differs(DiscrepancyKind::NotAgreed, batch, said);
                    return Ok(());
                }
                Err(Refusal::said("plan_not_locked", said).at("trade_item"))
            }
        }
    }

    /// The lot code texts with the level at which each is printed, each text once.
    fn lot_codes(&self) -> Vec<(Level, &str)> {
        let printed = [
            (Level::Product, &self.lot_code_on_product),
            (Level::InnerPack, &self.lot_code_on_inner_pack),
            (Level::RetailBox, &self.lot_code_on_retail_box),
            (Level::Carton, &self.lot_code_on_carton),
        ];
        let mut codes: Vec<(Level, &str)> =
            self.lot_code.iter().map(|text| (Level::Product, text.trim())).collect();
        for (level, text) in printed {
            let text = text.as_deref().map(str::trim).filter(|t| !t.is_empty());
            codes.extend(text.filter(|t| codes.iter().all(|(_, c)| c != t)).map(|t| (level, t)));
        }
        codes
    }

    /// True where it tells of the run and does not only add to a batch.
    fn has_sheet(&self) -> bool {
        [&self.factory, &self.produced_from, &self.line, &self.product_version].iter().any(|f| f.is_some())
            || (self.quantity.is_none() && self.materials.is_empty())
    }

    fn sheet(&self, trade_item: &Subject, book: &Known) -> Result<Facts, Refusal> {
        let place = |field: &str, text: &Option<String>| match text {
            Some(text) => book.one(text, &[SubjectKind::Place]).map(|s| Some(s.key)).map_err(|r| r.at(field)),
            None => Ok(None),
        };
        let facts = [
            ("trade_item", Some(trade_item.key.clone())),
            ("lot_code", self.lot_code.as_deref().map(|text| text.trim().to_string())),
            ("factory", place("factory", &self.factory)?),
            ("produced_from", self.produced_from.clone()),
            ("produced_to", self.produced_to.clone().or(self.produced_from.clone())),
            ("line", self.line.clone()),
            ("shift", self.shift.clone()),
            ("quantity", self.quantity.map(|n| n.to_string())),
            ("product_version", self.product_version.clone()),
            ("packaging_version", self.packaging_version.clone()),
            ("lot_code_on_product", self.lot_code_on_product.clone()),
            ("lot_code_on_inner_pack", self.lot_code_on_inner_pack.clone()),
            ("lot_code_on_retail_box", self.lot_code_on_retail_box.clone()),
            ("lot_code_on_carton", self.lot_code_on_carton.clone()),
            ("subcontractor", place("subcontractor", &self.subcontractor)?),
            ("second_source", self.second_source.clone()),
        ];
        Ok(facts.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    #[test]
    fn c12_a_run_files_its_sheet_and_ties_its_material_lots() {
        let mut desk = Desk::furnished();
        let outcome = desk.does(
            "producing",
            json!({"lot_code": "L1", "trade_item": "TOY", "factory": "F1", "quantity": 500,
                   "lot_code_on_carton": "C-L1",
                   "materials": [{"material_lot": "M1", "amount": "12.5", "unit": "kilogram"}]}),
        );
        let batch = Subject::batch("L1");
        assert!(outcome.effects.iter().any(|e| matches!(e,
            Effect::Filed { facts, .. } if facts["factory"] == "F1" && facts["quantity"] == "500")));
        assert!(outcome.effects.iter().any(|e| matches!(e,
            Effect::MadeFrom { quantity: Some(q), .. } if q.thousandths == 12_500)));
        assert_eq!(desk.known().one("C-L1", &[SubjectKind::Batch]), Ok(batch.clone()));
        assert_eq!(desk.state(&batch).counted, Some(Quantity::pieces(500)));
    }

    #[test]
    fn c07_the_same_lot_code_of_another_factory_is_another_batch() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 10);
        let run = json!({"lot_code": "L1", "trade_item": "TOY", "factory": "W1", "quantity": 7});
        let refusal = desk.refuses("producing", run);
        assert_eq!((refusal.reason.as_str(), refusal.candidates.len()), ("batch_exists", 1));
        desk.does(
            "producing",
            json!({"lot_code": "L1", "batch": "L1-W", "trade_item": "TOY", "factory": "W1"}),
        );
        assert_eq!(desk.known().one("L1", &[SubjectKind::Batch]).expect_err("refused").candidates.len(), 2);
    }

    #[test]
    fn more_pieces_and_material_lots_are_added() {
        let mut desk = Desk::furnished();
        let batch = desk.makes("L1", 10);
        let materials = json!([{"material_lot": "M2"}]);
        desk.does(
            "producing",
            json!({"lot_code": "L1", "trade_item": "TOY", "quantity": 5, "materials": materials}),
        );
        assert_eq!(desk.state(&batch).counted, Some(Quantity::pieces(15)));
        desk.does("producing", json!({"batch": "L1", "materials": [{"material_lot": "M1"}]}));
        assert_eq!(desk.state(&batch).counted, Some(Quantity::pieces(15)));
        assert_eq!(desk.refuses("producing", json!({"quantity": 5})).field.as_deref(), Some("lot_code"));
        assert_eq!(
            desk.refuses("producing", json!({"batch": "L9", "quantity": 5})).field.as_deref(),
            Some("batch")
        );
        assert_eq!(desk.refuses("producing", json!({"lot_code": "L9"})).field.as_deref(), Some("trade_item"));
        let dates = json!({"lot_code": "L2", "trade_item": "TOY", "produced_from": "2026-02-02", "produced_to": "2026-02-01"});
        assert_eq!(desk.refuses("producing", dates).reason, "dates_backwards");
    }

    #[test]
    fn a_batch_is_found_by_gtin_and_lot_code_at_every_level() {
        let mut desk = Desk::furnished();
        let names = json!([{"code": "(01)09506000134352", "level": "product"},
                           {"code": "(01)19506000134359", "level": "carton"}]);
        desk.does("filing", json!({"subject": "trade_item:TOY", "names": names}));
        let batch = desk.makes("AB-1", 10);
        for code in ["AB-1", "(01)09506000134352(10)AB-1", "https://id.example.org/01/19506000134359/10/AB-1"]
        {
            assert_eq!(desk.known().one(code, &[SubjectKind::Batch]), Ok(batch.clone()), "{code}");
        }
    }
}
