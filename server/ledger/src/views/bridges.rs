//! What is not bridged, with the batches it may belong to. Proposed, never joined.

use super::{PAGE, Reading, cursor, page, records::shown};
use crate::{
    Ask, Fault, Ledger, Reader,
    db::{Value, values},
    words::kind_number,
};
use domain::{
    likeness,
    record::{RECORDS, Records, kind_of_slot, record_named},
    subject::{Subject, SubjectKind},
    text::{Said, Text, text},
    view::{BridgesView, Fact, NotBridged, Page, Proposal},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Order lines that were joined to nothing, the newest first.
pub(crate) const LINES: &str = "select s.id from subject s \
    where s.brand = $1 and s.kind = $2 and s.id < $3 and not exists (select 1 from fact f where f.brand = s.brand \
    and f.subject = s.id and f.record >= 'bridge:' and f.record < 'bridge;' and f.until is null) \
    order by s.id desc limit 51";
/// How many there are.
pub(crate) const LINES_TOTAL: &str = "select count(*) from subject s \
    where s.brand = $1 and s.kind = $2 and not exists (select 1 from fact f where f.brand = s.brand \
    and f.subject = s.id and f.record >= 'bridge:' and f.record < 'bridge;' and f.until is null)";
/// Batches that nobody made and that were joined to nothing, the newest first.
pub(crate) const STRAYS: &str = "select t.batch from standing t \
    where t.brand = $1 and t.made_as = '' and t.batch < $2 order by t.batch desc limit 51";
/// How many there are.
pub(crate) const STRAYS_TOTAL: &str = "select count(*) from standing where brand = $1 and made_as = ''";
/// The batches that were made last.
pub(crate) const MADE_LAST: &str = "select batch from standing where brand = $1 and made_as > '' \
    order by batch desc limit 2000";
/// Samples about which something is open.
pub(crate) const UNASSIGNED: &str = "select distinct d.subject from discrepancy d \
    join subject s on s.brand = d.brand and s.id = d.subject and s.kind = $2 \
    where d.brand = $1 and d.closed is null and d.kind in ('unassigned', 'ambiguous_code') order by d.subject desc \
    limit 50";
const SAME_ITEM: Text = text("The same trade item, {n} pieces made", "同一商品，生产 {n} 件");
const SAME_ITEM_ONLY: Text = text("The same trade item", "同一商品");
/// Batches proposed for one thing.
const MOST: usize = 5;

impl Ledger {
    /// Order lines that are written on no batch, batches that nobody made, samples of no one batch; each with
    /// what it may belong to. Among lot codes the 2,000 batches that were made last are compared. Lists:
    /// `lines`, `strays`.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn bridges(&self, reader: &Reader, ask: &Ask) -> Result<BridgesView, Fault> {
        if !reader.role.reads_records() {
            return Ok(BridgesView { lines: Page::default(), strays: Page::default(), samples: vec![] });
        }
        // A batch that nobody made is known once its row is there.
        self.stands(reader.brand).await?;
        let mut reading = Reading::begin(self, reader);
        let lines = reading.lines_not_bridged(ask.after("lines")).await?;
        let strays = reading.strays(ask.after("strays")).await?;
        let sample = kind_number(SubjectKind::RetainedSample);
        let samples = reading.rows(UNASSIGNED, &values![sample]).await?;
        let samples = samples.iter().map(|row| row.int(0)).collect::<Result<Vec<i64>, Fault>>()?;
        reading.learn_titles(samples.iter().copied()).await?;
        let samples = samples.into_iter().map(|id| reading.titled(id)).collect();
        Ok(BridgesView { lines, strays, samples })
    }
}

impl Reading<'_> {
    async fn ids(&self, sql: &str, fixed: &[Value]) -> Result<Vec<i64>, Fault> {
        self.rows_apart(sql, fixed).await?.iter().map(|row| row.int(0)).collect()
    }

    async fn lines_not_bridged(&mut self, after: Option<&str>) -> Result<Page<NotBridged>, Fault> {
        let kind = kind_number(SubjectKind::OrderLine);
        let before = cursor(after).unwrap_or(i64::MAX);
        let ids = self.ids(LINES, &values![kind, before]).await?;
        let total = self.rows_apart(LINES_TOTAL, &values![kind]).await?;
        let total = total.first().map_or(Ok(0), |row| row.count(0))?;
        let ids = page(ids, total, |id| id.to_string());
        self.learn_titles(ids.rows.iter().copied()).await?;
        let records = self.gathering().records(&ids.rows).await?;
        let mut by_item: HashMap<String, Vec<Proposal>> = HashMap::new();
        let mut rows = vec![];
        for id in &ids.rows {
            let filed = records.get(id).and_then(|records| records.get("order_line"));
            let item = filed.and_then(|filed| filed.fact("ordered_item")).unwrap_or_default().to_string();
            if !item.is_empty() && !by_item.contains_key(&item) {
                let proposals = self.of_item(&item).await?;
                by_item.insert(item.clone(), proposals);
            }
            let asked = ["number", "line", "quantity", "cartons", "value", "currency"];
            let fields = record_named("order_line").map(|kind| kind.fields).unwrap_or_default();
            let facts = fields.iter().filter(|field| asked.contains(&field.name));
            let facts = facts.map(|field| {
                shown(
                    "order_line",
                    field,
                    filed.and_then(|filed| filed.fact(field.name)),
                    &Reading::no_names(),
                )
            });
            let proposals = by_item.get(&item).cloned().unwrap_or_default();
            rows.push(NotBridged { thing: self.titled(*id), facts: facts.collect(), proposals });
        }
        Ok(Page { rows, total, next: ids.next })
    }

    /// The batches of a trade item that were made last.
    async fn of_item(&mut self, item: &str) -> Result<Vec<Proposal>, Fault> {
        let Some(id) = self.id(&Subject::trade_item(item)).await? else { return Ok(vec![]) };
        let batches = self.batches_of_trade_item(id).await?;
        let page = self.batch_page(batches, None).await?;
        let proposal = |share: domain::view::BatchShare| {
            let why = share.share.pieces().map_or_else(
                || SAME_ITEM_ONLY.said(),
                |pieces| SAME_ITEM.with(&[("n", &pieces.to_string())]),
            );
            Proposal { batch: share.batch, why }
        };
        Ok(page.rows.into_iter().take(MOST).map(proposal).collect())
    }

    async fn strays(&mut self, after: Option<&str>) -> Result<Page<NotBridged>, Fault> {
        let before = cursor(after).unwrap_or(i64::MAX);
        let ids = self.ids(STRAYS, &values![before]).await?;
        let total = self.rows_apart(STRAYS_TOTAL, &[]).await?;
        let total = total.first().map_or(Ok(0), |row| row.count(0))?;
        let ids = page(ids, total, |id| id.to_string());
        if ids.rows.is_empty() {
            return Ok(Page { rows: vec![], total, next: None });
        }
        let made = self.ids(MADE_LAST, &[]).await?;
        let mut codes: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        let all: Vec<i64> = ids.rows.iter().chain(&made).copied().collect();
        for (id, named) in self.codes(&all).await? {
            let plain = named.into_iter().map(|(code, _)| code).filter(|code| !code.starts_with('('));
            codes.insert(id, plain.collect());
        }
        let records = self.gathering().records(&ids.rows).await?;
        let mut proposed: Vec<(i64, Vec<(i64, Said)>)> = vec![];
        for stray in &ids.rows {
            let own = codes.get(stray).cloned().unwrap_or_default();
            let alike = |other: &i64| {
                let theirs = codes.get(other).into_iter().flatten();
                theirs.flat_map(|code| own.iter().filter_map(|mine| likeness::of(mine, code))).next()
            };
            let found = made.iter().filter_map(|other| Some((*other, alike(other)?))).take(MOST).collect();
            proposed.push((*stray, found));
        }
        let named: BTreeSet<i64> = proposed
            .iter()
            .flat_map(|(stray, found)| found.iter().map(|(id, _)| *id).chain([*stray]))
            .collect();
        self.learn_titles(named).await?;
        let rows = proposed.into_iter().map(|(stray, found)| NotBridged {
            thing: self.titled(stray),
            facts: records.get(&stray).map(filed_there).unwrap_or_default(),
            proposals: found.into_iter().map(|(id, why)| Proposal { batch: self.titled(id), why }).collect(),
        });
        let rows: Vec<NotBridged> = rows.take(PAGE).collect();
        Ok(Page { rows, total, next: ids.next })
    }
}

/// What kinds of record were filed under something: their names, nothing else.
fn filed_there(records: &Records) -> Vec<Fact> {
    let kinds: BTreeSet<&str> = records.keys().filter_map(|slot| Some(kind_of_slot(slot)?.name)).collect();
    RECORDS
        .iter()
        .filter(|kind| kinds.contains(kind.name))
        .map(|kind| Fact {
            name: kind.name.into(),
            label: kind.title.said(),
            value: Some(Said::same("✓")),
            subject: None,
            required: false,
        })
        .collect()
}
