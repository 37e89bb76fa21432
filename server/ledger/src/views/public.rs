//! What anybody may know who holds the product: nothing of suppliers, customers or quantities (C09).

use super::{
    Reading,
    records::shown,
    titles::{FiledBy, fact},
};
use crate::{BrandId, Fault, Ledger, Reader};
use domain::{
    code::{self, Code},
    person::Role,
    record::record_named,
    state::Disposition,
    subject::SubjectKind,
    text::{Said, Text, text},
    view::{Fact, PublicView},
};
use std::collections::{BTreeSet, HashMap};

const RECALL: Text = text(
    "This batch is being recalled. Stop using and selling it, and contact us.",
    "该批次正在召回。请停止使用和销售，并与我们联系。",
);
const HELD: Text = text(
    "This batch is held for a check. Please do not sell it until it is released.",
    "该批次因检查被扣留，放行前请勿销售。",
);
const PRODUCED_AT: Text = text("Place of production", "生产地");

/// The tracking-label facts (15 USC 2063(a)(5)): record kind and name.
const OF_ITEM: [&str; 4] = ["brand_name", "importer", "age_grade", "item_number"];
const OF_BATCH: [&str; 3] = ["lot_code", "produced_from", "produced_to"];

impl Ledger {
    /// What anybody may know of a product code, in one brand or in whichever knows it. Nothing where no
    /// record names the code or its trade item.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn public(&self, brand: Option<BrandId>, code: &str) -> Result<Option<PublicView>, Fault> {
        let Ok(read) = code::read(None, code.as_bytes()) else { return Ok(None) };
        let brands = match brand {
            Some(brand) => vec![brand],
            None => self.brands().await?.into_iter().map(|b| b.id).collect(),
        };
        for brand in brands {
            // In the name of a role that reads what is needed; what is told is chosen below.
            let reader = Reader { brand, role: Role::Buyer };
            if let Some(view) = Reading::begin(self, &reader).public(&read).await? {
                return Ok(Some(view));
            }
        }
        Ok(None)
    }
}

impl Reading<'_> {
    async fn public(&mut self, code: &Code) -> Result<Option<PublicView>, Fault> {
        let keys = code.keys();
        let named = self.named_by(&keys).await?;
        // Whatever carries a code now is meant by it; what carried it once, only where nothing does.
        let meant = |of_key: &Vec<(i64, bool)>| {
            let now: Vec<i64> = of_key.iter().filter(|(_, open)| *open).map(|(id, _)| *id).collect();
            if now.is_empty() { of_key.iter().map(|(id, _)| *id).collect() } else { now }
        };
        let all: Vec<i64> = keys.iter().filter_map(|k| named.get(k.as_str())).flat_map(meant).collect();
        let batches: BTreeSet<i64> = self.batches_meant(&all).await?;
        let items = self.items_meant(&all, &batches).await?;
        // Several products under one code: which one it is nobody can say here.
        let item = match items.iter().collect::<Vec<_>>().as_slice() {
            [] => return Ok(None),
            [one] => Some(**one),
            _ => None,
        };
        let batch = match batches.iter().collect::<Vec<_>>().as_slice() {
            [one] => Some(**one),
            _ => None,
        };
        let ids: Vec<i64> = items.iter().chain(&batches).copied().collect();
        let filed = self.filed(&ids).await?;
        let marks = self.marks(&ids).await?;
        let has = |d: Disposition| marks.values().flatten().any(|m| m.disposition == d);
        let (recalled, held) = (has(Disposition::Recalled), has(Disposition::Unavailable));
        let said = |name: &str| item.and_then(|id| fact(&filed, id, "trade_item", name)).map(str::to_string);
        let product = said("name").map(|en| Said { zh: said("name_zh").unwrap_or(en.clone()), en });
        let notice = match (recalled, held) {
            (true, _) => Some(RECALL.said()),
            (_, true) => Some(HELD.said()),
            _ => said("notice").map(Said::same),
        };
        let gtin = code.value("01").map(str::to_string).or(self.gtin(item).await?);
        Ok(Some(PublicView {
            code: code.clone(),
            product,
            gtin,
            facts: self.public_facts(item, batch, &filed).await?,
            contact: said("contact"),
            notice,
            stop_selling: recalled || held,
        }))
    }

    /// The batches a code can mean: itself, or what is in the unit it names.
    async fn batches_meant(&mut self, all: &[i64]) -> Result<BTreeSet<i64>, Fault> {
        let mut batches: BTreeSet<i64> =
            all.iter().copied().filter(|id| self.is(*id, SubjectKind::Batch)).collect();
        for id in all {
            if self.is(*id, SubjectKind::LogisticUnit) {
                batches.extend(self.held(*id, i64::MAX).await?.into_iter().map(|h| h.batch));
            }
        }
        Ok(batches)
    }

    async fn items_meant(&mut self, all: &[i64], batches: &BTreeSet<i64>) -> Result<BTreeSet<i64>, Fault> {
        let of_batches: Vec<i64> = batches.iter().copied().collect();
        let items: HashMap<i64, _> = self.trade_items(&of_batches).await?;
        let mut found: BTreeSet<i64> = items.values().filter_map(|t| self.known_id(&t.subject)).collect();
        if found.is_empty() {
            found.extend(all.iter().filter(|id| self.is(**id, SubjectKind::TradeItem)));
        }
        Ok(found)
    }

    async fn gtin(&self, item: Option<i64>) -> Result<Option<String>, Fault> {
        let Some(item) = item else { return Ok(None) };
        let codes = self.codes(&[item]).await?;
        let gtin = codes.get(&item).into_iter().flatten().find_map(|(c, _)| c.strip_prefix("(01)"));
        Ok(gtin.map(str::to_string))
    }

    /// The tracking-label facts, gaps included.
    async fn public_facts(
        &mut self,
        item: Option<i64>,
        batch: Option<i64>,
        filed: &FiledBy,
    ) -> Result<Vec<Fact>, Fault> {
        let called = self.facts_called(filed).await?;
        let mut facts = vec![];
        for (record, names, id) in
            [("trade_item", OF_ITEM.as_slice(), item), ("run_sheet", OF_BATCH.as_slice(), batch)]
        {
            let fields = record_named(record).map(|r| r.fields).unwrap_or_default();
            for field in fields.iter().filter(|f| names.contains(&f.name)) {
                let value = id.and_then(|id| fact(filed, id, record, field.name));
                let mut fact = shown(record, field, value, &called);
                // A page about a place or an importer is not public.
                fact.subject = None;
                facts.push(fact);
            }
        }
        facts.push(Fact {
            name: "produced_at".into(),
            label: PRODUCED_AT.said(),
            value: self.produced_at(batch, filed).await?,
            subject: None,
            required: true,
        });
        Ok(facts)
    }

    /// City and country of the factory; its name stays untold.
    async fn produced_at(&mut self, batch: Option<i64>, filed: &FiledBy) -> Result<Option<Said>, Fault> {
        let Some(key) = batch.and_then(|id| fact(filed, id, "run_sheet", "factory")) else {
            return Ok(None);
        };
        let found = self.called(SubjectKind::Place, std::iter::once(key)).await?;
        let Some((id, ..)) = found.first() else { return Ok(None) };
        let place = self.filed(&[*id]).await?;
        let parts = ["city", "region", "country"].iter().filter_map(|n| fact(&place, *id, "place", n));
        let parts: Vec<&str> = parts.collect();
        Ok((!parts.is_empty()).then(|| Said::same(parts.join(", "))))
    }
}
