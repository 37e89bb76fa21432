//! Finding a subject by a part of what it is called.

use super::{PAGE, Reading, nearest::after, sources::may_read};
use crate::{Fault, Ledger, Reader, db::values, words::kind_number};
use domain::{
    code::{self, CodeKey},
    person::Role,
    subject::SubjectKind,
    view::{Page, Titled},
};
use std::collections::{BTreeMap, BTreeSet};

/// Subjects whose code begins with a text.
pub(crate) const BY_CODE: &str = "select subject from name \
    where brand = $1 and key >= $2 and key < $3 and (until is null or until > 0) order by key limit $4";
/// Subjects of a kind whose key begins with a text.
pub(crate) const BY_KEY: &str = "select id from subject \
    where brand = $1 and kind = $2 and key >= $3 and key < $4 order by key limit $5";
/// Subjects with a record that holds a text.
pub(crate) const BY_FACT: &str = "select distinct subject, facts from fact \
    where brand = $1 and record = $2 and until is null and lower(facts) like $3 escape '!' limit $4";
/// Subjects in the order in which they came into the book, from the end.
pub(crate) const LATEST: &str = "select id from subject \
    where brand = $1 and id >= $2 and kind in ($3, $4) order by id desc limit $5";
/// How many subjects there are.
pub(crate) const SUBJECTS: &str = "select next_subject from log_head where brand = $1";

/// The order in which kinds are shown.
const ORDER: [SubjectKind; 6] = [
    SubjectKind::Batch,
    SubjectKind::TradeItem,
    SubjectKind::LogisticUnit,
    SubjectKind::Shipment,
    SubjectKind::MaterialLot,
    SubjectKind::Place,
];
/// The records by which subjects are called, and that are few enough to be read through.
const CALLED_BY: [(&str, SubjectKind); 4] = [
    ("trade_item", SubjectKind::TradeItem),
    ("place", SubjectKind::Place),
    ("run_sheet", SubjectKind::Batch),
    ("material_lot", SubjectKind::MaterialLot),
];
/// GS1 keys are stored with their identifier; a person types the digits.
const IDENTIFIERS: [&str; 4] = ["", "(00)", "(01)", "(414)"];

impl Ledger {
    /// Subjects whose code or key begins with the text, or whose records hold it; batches and trade items
    /// first. At most one page.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn find(
        &self,
        reader: &Reader,
        text: &str,
        kind: Option<SubjectKind>,
    ) -> Result<Page<Titled>, Fault> {
        let mut reading = Reading::begin(self, reader);
        let text = text.trim();
        if text.is_empty() || !reader.role.reads_records() {
            return Ok(Page::default());
        }
        let mut found = reading.by_code(text).await?;
        found.extend(reading.by_key(text, kind).await?);
        found.extend(reading.by_fact(text, kind).await?);
        let mut seen = BTreeSet::new();
        found.retain(|id| seen.insert(*id));
        reading.learn_ids(found.iter().copied()).await?;
        if let Some(kind) = kind {
            found.retain(|id| reading.is(*id, kind));
        }
        // Within a kind as found: by code first.
        found.sort_by_key(|id| ORDER.iter().position(|k| reading.is(*id, *k)));
        let total = found.len() as u64;
        found.truncate(PAGE);
        reading.learn_titles(found.iter().copied()).await?;
        Ok(Page { rows: found.into_iter().map(|id| reading.titled(id)).collect(), total, next: None })
    }

    /// The batches and shipments that came into the book last, the newest first.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn recent(&self, reader: &Reader) -> Result<Vec<Titled>, Fault> {
        const MOST: i64 = 12;
        let mut reading = Reading::begin(self, reader);
        if !reader.role.reads_records() {
            return Ok(vec![]);
        }
        let next = reading.rows(SUBJECTS, &[]).await?.first().map_or(Ok(1), |r| r.int(0))?;
        let (batch, shipment) = (kind_number(SubjectKind::Batch), kind_number(SubjectKind::Shipment));
        let mut ids = vec![];
        // Cartons lie between; the window grows until it holds enough.
        for window in [1_000, 30_000, 1_000_000] {
            let rows = reading.rows(LATEST, &values![next - window, batch, shipment, MOST]).await?;
            ids = rows.iter().map(|r| r.int(0)).collect::<Result<Vec<i64>, _>>()?;
            if ids.len() as i64 == MOST || window >= next {
                break;
            }
        }
        reading.learn_titles(ids.iter().copied()).await?;
        Ok(ids.into_iter().map(|id| reading.titled(id)).collect())
    }
}

impl Reading<'_> {
    async fn by_code(&mut self, text: &str) -> Result<Vec<i64>, Fault> {
        let mut found = vec![];
        // What would resolve stands first.
        if let Ok(code) = code::read(None, text.as_bytes()) {
            let keys = code.keys();
            let named = self.named_by(&keys).await?;
            found.extend(
                keys.iter().filter_map(|k: &CodeKey| named.get(k.as_str())).flatten().map(|(id, _)| *id),
            );
        }
        for identifier in IDENTIFIERS {
            let from = format!("{identifier}{text}");
            let to = after(&from);
            for row in self.rows_apart(BY_CODE, &values![from, to, PAGE as i64]).await? {
                found.push(row.int(0)?);
            }
        }
        Ok(found)
    }

    async fn by_key(&self, text: &str, only: Option<SubjectKind>) -> Result<Vec<i64>, Fault> {
        let mut found = vec![];
        for kind in SubjectKind::ALL.into_iter().filter(|k| only.is_none_or(|o| o == *k)) {
            let values = values![kind_number(kind), text, after(text), PAGE as i64];
            for row in self.rows_apart(BY_KEY, &values).await? {
                found.push(row.int(0)?);
            }
        }
        Ok(found)
    }

    async fn by_fact(&self, text: &str, only: Option<SubjectKind>) -> Result<Vec<i64>, Fault> {
        let mut found = vec![];
        let text = text.to_lowercase();
        let pattern = format!("%{}%", escaped(&text));
        for (record, _) in CALLED_BY.iter().filter(|(_, k)| only.is_none_or(|o| o == *k)) {
            if *record == "material_lot" && !self.role.reads_suppliers() {
                continue;
            }
            for row in self.rows_apart(BY_FACT, &values![*record, pattern.as_str(), PAGE as i64]).await? {
                if self.role.reads_suppliers() || tells(self.role, &row.text(1)?, &text)? {
                    found.push(row.int(0)?);
                }
            }
        }
        Ok(found)
    }
}

/// True where the facts that the role may read hold the text; that others do is not told by a hit either.
fn tells(role: Role, facts: &str, text: &str) -> Result<bool, Fault> {
    let mut facts: BTreeMap<String, String> = serde_json::from_str(facts).map_err(Fault::damaged)?;
    facts.retain(|name, _| may_read(role, name));
    let told = serde_json::to_string(&facts).map_err(Fault::damaged)?;
    Ok(told.to_lowercase().contains(text))
}

/// A text in which nothing is a pattern any more.
fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}
