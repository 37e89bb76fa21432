//! Looking a code up (C07, C08).

use super::Reading;
use crate::{Fault, Ledger, Reader, capture, db::Value, open};
use bytes::Bytes;
use domain::{
    code::{self, Code, CodeKey},
    record::RECORDS,
    refusal::Refusal,
    subject::SubjectKind,
    text::{Text, text},
    time::Zone,
    view::{Candidate, Card, Fact, Record, Resolution},
};
use serde_json::{Value as Json, json};
use std::{collections::HashMap, sync::Arc};

/// Whom codes name or have named, and whether they do now.
pub(crate) const NAMED: &str = "select key, subject, until, since from name \
    where brand = $1 and (until is null or until > 0) and key in ({list})";
/// How often codes were met that nothing names.
pub(crate) const OBSERVED: &str = "select count(*) from discrepancy \
    where brand = $1 and kind = 'unknown_code' and key in ({list})";

const UNKNOWN: Text = text("No record names this code.", "没有任何记录包含此条码。");

/// Whom a key names: those that carry it now, or those that carried it once.
struct Named {
    key: CodeKey,
    ids: Vec<i64>,
    former: bool,
}

impl Ledger {
    /// Looks a code up. Several candidates are all told, none is picked (C07); a code that no record
    /// names comes with the nearest names, told as near (C08).
    ///
    /// # Errors
    /// When storage fails.
    pub async fn resolve(
        &self,
        reader: &Reader,
        symbology: Option<&str>,
        code: &[u8],
    ) -> Result<Resolution, Fault> {
        Reading::begin(self, reader).resolve(symbology, code).await
    }

    /// [`resolve`](Self::resolve) as ready JSON with its status: 200 and the [`Resolution`], or 404 (no
    /// record names it) or 422 (it cannot be read) and a problem document (RFC 9457) that holds the
    /// resolution's fields as well. Kept in memory until an entry touches what it rests on; that no record
    /// names a code is looked up each time.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn resolve_json(&self, reader: &Reader, code: &str) -> Result<Arc<(u16, Bytes)>, Fault> {
        if let Some(answer) = self.answers.get(reader, code) {
            return Ok(answer);
        }
        let mut reading = Reading::begin(self, reader);
        let resolution = reading.resolve(None, code.as_bytes()).await?;
        let answer = Arc::new(as_json(&resolution)?);
        // What is near a code that nothing names changes with every name that is given, and a short mark stands
        // for something only for a time: not kept.
        if !matches!(resolution, Resolution::Unknown { .. }) && !reading.passing {
            self.answers.put(reader, code, reading.into_sources(), answer.clone());
        }
        Ok(answer)
    }
}

fn as_json(resolution: &Resolution) -> Result<(u16, Bytes), Fault> {
    let mut body = serde_json::to_value(resolution).map_err(Fault::damaged)?;
    let problem = match resolution {
        Resolution::Found { .. } | Resolution::Several { .. } => None,
        Resolution::Unknown { .. } => Some((404, "unknown_code", UNKNOWN.en.to_string())),
        Resolution::Unreadable { refusal } => Some((422, "unreadable_code", refusal.said.en.clone())),
    };
    if let (Some((status, reason, detail)), Json::Object(members)) = (&problem, &mut body) {
        members.insert("type".into(), json!(format!("urn:lotwalk:problem:{reason}")));
        members.insert("title".into(), json!(reason));
        members.insert("status".into(), json!(status));
        members.insert("detail".into(), json!(detail));
    }
    let status = problem.map_or(200, |(status, ..)| status);
    Ok((status, serde_json::to_vec(&body).map_err(Fault::damaged)?.into()))
}

impl Reading<'_> {
    /// Looks a code up.
    pub(crate) async fn resolve(
        &mut self,
        symbology: Option<&str>,
        bytes: &[u8],
    ) -> Result<Resolution, Fault> {
        let code = match code::read(symbology, bytes) {
            Ok(code) => code,
            Err(error) => return Ok(Resolution::Unreadable { refusal: Refusal::unreadable(&error) }),
        };
        if !self.role.reads_records() {
            return Ok(Resolution::Unknown { code, nearest: vec![], observed: 0 });
        }
        let keys = code.keys();
        let named = match self.named(&keys).await? {
            Some(named) => Some(named),
            None => self.marked(&keys).await?,
        };
        let Some(named) = named else { return self.unknown(code, &keys).await };
        let mut cards = Vec::with_capacity(named.ids.len());
        for id in &named.ids {
            cards.push(self.card(*id).await?);
        }
        if cards.len() == 1 {
            let card = Box::new(cards.remove(0));
            return Ok(Resolution::Found { code, key: named.key, card, former: named.former });
        }
        let candidates = self.told_apart(&named.ids, cards).await?;
        Ok(Resolution::Several { code, key: named.key, candidates })
    }

    /// Whom the most specific key names that names anything. A trade item is an answer only to its own
    /// code: where a lot code or a serial number was scanned with it, it is near and not meant.
    async fn named(&mut self, keys: &[CodeKey]) -> Result<Option<Named>, Fault> {
        let found = self.named_by(keys).await?;
        for (i, key) in keys.iter().enumerate() {
            let Some(rows) = found.get(key.as_str()) else { continue };
            let now: Vec<i64> = rows.iter().filter(|(_, open)| *open).map(|(id, _)| *id).collect();
            let former = now.is_empty();
            let mut ids = if former { rows.iter().map(|(id, _)| *id).collect() } else { now };
            if i > 0 {
                ids.retain(|id| !self.is(*id, SubjectKind::TradeItem));
            }
            if !ids.is_empty() {
                return Ok(Some(Named { key: key.clone(), ids, former }));
            }
        }
        Ok(None)
    }

    /// What a short mark stands for today (C06).
    async fn marked(&mut self, keys: &[CodeKey]) -> Result<Option<Named>, Fault> {
        if self.rows(open::ANY_ALIAS, &[]).await?.is_empty() {
            return Ok(None);
        }
        let today = capture::now().date(Zone::UTC);
        let fields: Vec<Value> = keys.iter().map(|key| Value::from(format!("mark:{key}"))).collect();
        let mut ids = vec![];
        let mut by = None;
        for row in self.rows_of(open::ALIASES, &[], &fields).await? {
            let (key, id, from, to) = open::alias(&row)?;
            let counts = from.as_str() <= today.as_str() && today.as_str() <= to.as_str();
            if counts && !ids.contains(&id) {
                ids.push(id);
                by = Some(key);
            }
        }
        self.learn_ids(ids.iter().copied()).await?;
        self.passing |= !ids.is_empty();
        Ok(by.map(|key| Named { key, ids, former: false }))
    }

    /// Whom keys name: subject, and whether the key is on it now.
    pub(crate) async fn named_by(
        &mut self,
        keys: &[CodeKey],
    ) -> Result<HashMap<String, Vec<(i64, bool)>>, Fault> {
        for key in keys {
            self.rests_on_key(key.as_str());
        }
        let list: Vec<Value> = keys.iter().map(|k| Value::from(k.as_str())).collect();
        let mut found: HashMap<String, Vec<(i64, bool)>> = HashMap::new();
        // The first name first. There are few; sorted here, which is cheaper than in the database.
        let mut rows = Vec::new();
        for row in self.rows_of(NAMED, &[], &list).await? {
            rows.push((row.int(3)?, row.int(1)?, row));
        }
        rows.sort_by_key(|(since, id, _)| (*since, *id));
        for (_, id, row) in rows {
            let open = row.int_or_none(2)?.is_none();
            let named = found.entry(row.text(0)?).or_default();
            match named.iter_mut().find(|(known, _)| *known == id) {
                Some(one) => one.1 |= open,
                None => named.push((id, open)),
            }
        }
        self.learn_ids(found.values().flatten().map(|(id, _)| *id).collect::<Vec<_>>()).await?;
        Ok(found)
    }

    async fn unknown(&mut self, code: Code, keys: &[CodeKey]) -> Result<Resolution, Fault> {
        let list: Vec<Value> = keys.iter().take(1).map(|k| Value::from(k.as_str())).collect();
        let observed = self.rows_of(OBSERVED, &[], &list).await?;
        let observed = observed.first().map_or(Ok(0), |row| row.count(0))?;
        let nearest = self.nearest(&code, keys).await?;
        Ok(Resolution::Unknown { code, nearest, observed })
    }

    /// The candidates with the facts in which they differ.
    async fn told_apart(&mut self, ids: &[i64], cards: Vec<Card>) -> Result<Vec<Candidate>, Fault> {
        let mut records = Vec::with_capacity(ids.len());
        for id in ids {
            records.push(self.records(*id).await?);
        }
        // Facts of all records would drown the few that can be compared with the goods.
        let telling: Vec<&str> = RECORDS.iter().flat_map(|r| r.tells_apart.iter().copied()).collect();
        let facts_of = |i: usize, name: &str| -> Option<&Fact> {
            records
                .get(i)
                .into_iter()
                .flatten()
                .flat_map(|r: &Record| r.facts.iter())
                .find(|f| f.name == name)
        };
        let differs = |name: &str| {
            let first = facts_of(0, name).map(|f| &f.value);
            (1..cards.len()).any(|i| facts_of(i, name).map(|f| &f.value) != first)
        };
        let telling: Vec<&str> = telling.into_iter().filter(|name| differs(name)).collect();
        let differ = |i: usize| telling.iter().filter_map(|name| facts_of(i, name).cloned()).collect();
        let differing: Vec<Vec<Fact>> = (0..cards.len()).map(differ).collect();
        let told = cards.into_iter().zip(differing).map(|(card, differ)| Candidate { card, differ });
        Ok(told.collect())
    }
}
