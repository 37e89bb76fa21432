//! A subject's story, the newest first.
//!
//! A carton's story holds what happened to the pallet and the shipment round it while it was in them. A
//! batch's holds what was done to the cartons it is in: the writer noted that down when it happened.

use super::{PAGE, Reading, cursor, entry_ref, sources::tells_supplier};
use crate::{
    Fault,
    db::{Row, values},
    documents,
    open::parse_ids,
};
use domain::{
    document::{self, Document, Named},
    event::kind_named,
    person::Person,
    subject::{Subject, SubjectKind},
    text::Said,
    time::Time,
    view::{Page, TimelineEntry, Titled},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The newest entries of a story before a number.
pub(crate) const STORY: &str = "select seq from subject_entry \
    where brand = $1 and subject = $2 and seq < $3 order by seq desc limit $4";
/// How long a story is.
pub(crate) const LENGTH: &str = "select count(*) from subject_entry where brand = $1 and subject = $2";
/// What happened to a container while something was in it.
pub(crate) const WHILE_IN: &str = "select seq from subject_entry \
    where brand = $1 and subject = $2 and seq > $3 and seq < $4 order by seq desc limit 1000";
/// The containers that units are or were in, and from when to when.
pub(crate) const AROUND: &str = "select parent, since, until from link \
    where brand = $1 and kind = 1 and child = $2 and (until is null or until > 0)";
/// Entries as a timeline shows them.
pub(crate) const ENTRIES: &str = "select e.seq, e.kind, e.event_time, e.zone, e.evidence, e.record_time, \
    e.subjects, e.bytes, c.corrected_by from entry e \
    left join correction c on c.brand = e.brand and c.seq = e.seq where e.brand = $1 and e.seq in ({list})";

/// Later than every entry.
const NEVER: i64 = i64::MAX;

impl Reading<'_> {
    /// A page of the story of a subject, before the cursor.
    pub(crate) async fn timeline(
        &mut self,
        id: i64,
        after: Option<&str>,
    ) -> Result<Page<TimelineEntry>, Fault> {
        let before = cursor(after).unwrap_or(NEVER);
        let (mut seqs, total) = match self.subject(id).map(|s| s.kind) {
            Some(SubjectKind::LogisticUnit | SubjectKind::Shipment) => {
                self.with_containers(id, before).await?
            }
            _ => {
                let rows = self.rows(STORY, &values![id, before, PAGE as i64 + 1]).await?;
                let seqs = rows.iter().map(|r| r.int(0)).collect::<Result<Vec<i64>, _>>()?;
                let length = self.rows(LENGTH, &values![id]).await?;
                (seqs, length.first().map_or(Ok(0), |r| r.count(0))?)
            }
        };
        let more = seqs.len() > PAGE;
        seqs.truncate(PAGE);
        let next = seqs.last().filter(|_| more).map(i64::to_string);
        Ok(Page { rows: self.lines(&seqs, Some(id)).await?, total, next })
    }

    /// The story of a unit with that of what it was in, before a number; and how long it is in all.
    async fn with_containers(&mut self, id: i64, before: i64) -> Result<(Vec<i64>, u64), Fault> {
        let mut all = BTreeSet::new();
        let mut windows = vec![(id, 0, NEVER)];
        let mut seen = BTreeSet::new();
        while let Some((unit, from, to)) = windows.pop() {
            if !seen.insert((unit, from, to)) {
                continue;
            }
            for row in self.rows(WHILE_IN, &values![unit, from, to]).await? {
                all.insert(row.int(0)?);
            }
            for row in self.rows(AROUND, &values![unit]).await? {
                let since = row.int(1)?.max(from);
                let until = row.int_or_none(2)?.unwrap_or(NEVER).min(to);
                if since < until {
                    windows.push((row.int(0)?, since, until));
                }
            }
        }
        let total = all.len() as u64;
        Ok((all.into_iter().rev().filter(|seq| *seq < before).take(PAGE + 1).collect(), total))
    }

    /// Entries as lines of the timeline of `mine`, in the order given.
    pub(crate) async fn lines(
        &mut self,
        seqs: &[i64],
        mine: Option<i64>,
    ) -> Result<Vec<TimelineEntry>, Fault> {
        let mut found = BTreeMap::new();
        for row in self.rows_in(ENTRIES, &[], seqs).await? {
            found.insert(row.int(0)?, (parse_ids(&row.text(6)?)?, row));
        }
        let abouts = found.values().filter_map(|(ids, _)| about(ids, mine)).collect::<Vec<_>>();
        let touched: Vec<i64> = found.values().flat_map(|(ids, _)| ids.iter().copied()).collect();
        // A step that touched a thousand cartons is not asked for all their names.
        self.learn_ids(touched.iter().copied().take(PAGE * 40)).await?;
        let places: Vec<i64> = touched.into_iter().filter(|id| self.is(*id, SubjectKind::Place)).collect();
        self.learn_titles(abouts.into_iter().chain(places)).await?;
        let contents: BTreeMap<i64, Value> = found
            .iter()
            .map(|(seq, (_, row))| {
                Ok((*seq, serde_json::from_slice(&row.bytes(7)?).map_err(Fault::damaged)?))
            })
            .collect::<Result<_, Fault>>()?;
        let documents = self.documents(contents.values()).await?;
        let mut lines = Vec::with_capacity(seqs.len());
        for seq in seqs {
            if let (Some((ids, row)), Some(content)) = (found.get(seq), contents.get(seq)) {
                lines.push(self.line(row, content, ids, about(ids, mine), &documents)?);
            }
        }
        Ok(lines)
    }

    /// What is known of the documents that entries name.
    async fn documents<'a>(
        &self,
        contents: impl Iterator<Item = &'a Value>,
    ) -> Result<HashMap<String, Document>, Fault> {
        let named: Vec<String> = contents.flat_map(named_in).map(|named| named.digest).collect();
        if named.is_empty() {
            return Ok(HashMap::new());
        }
        let named: Vec<&str> = named.iter().map(|digest| &**digest).collect();
        documents::known(&self.look, self.brand, &named).await
    }

    fn line(
        &self,
        row: &Row,
        content: &Value,
        ids: &[i64],
        about: Option<i64>,
        known: &HashMap<String, Document>,
    ) -> Result<TimelineEntry, Fault> {
        let entry = entry_ref(row)?;
        // One that was never stored here is named all the same: it is in the entry.
        let of = |digest: String| {
            let stored = known.get(&digest).cloned();
            stored.unwrap_or(Document { digest, media_type: String::new(), bytes: 0, name: None })
        };
        let source = content[document::SOURCE].as_str().map(|digest| of(digest.to_string()));
        let hides = |source: &Document| tells_supplier(content) || source.is_table();
        let source = source.filter(|source| self.role.reads_suppliers() || !hides(source));
        let (documents, photos): (Vec<_>, Vec<_>) = document::of_payload(&entry.kind, &content["payload"])
            .into_iter()
            .map(|named| of(named.digest))
            .partition(|document| !document.is_photo() && !document.media_type.is_empty());
        let kind = kind_named(&entry.kind);
        let title = kind.map_or_else(|| Said::same(&*entry.kind), |k| k.about.title.said());
        let sentence = kind.and_then(|k| k.sentence(&content["payload"])).unwrap_or_else(|| title.clone());
        let person: Option<Person> = serde_json::from_value(content["person"].clone()).ok();
        Ok(TimelineEntry {
            title,
            sentence,
            record_time: Time(row.int(5)?),
            person: person.filter(|_| self.role.reads_records()),
            place: content["place"].as_str().map(|text| self.place_named(text, ids)),
            about: about.map(|id| self.titled(id)),
            note: content["note"].as_str().map(str::to_string),
            photos: photos.into_iter().map(|photo| photo.digest).collect(),
            documents,
            source,
            corrected_by: row.int_or_none(8)?.map(i64::unsigned_abs),
            entry,
        })
    }

    /// The place that an entry names. The writer puts it last among the subjects; a text that named no
    /// place then is told as it stands.
    fn place_named(&self, text: &str, ids: &[i64]) -> Titled {
        let place = ids.last().filter(|id| self.is(**id, SubjectKind::Place));
        place.map_or_else(|| super::titles::plain(&Subject::place(text)), |id| self.titled(*id))
    }
}

/// What an entry was about, where that is another than the subject whose timeline it is in.
fn about(ids: &[i64], mine: Option<i64>) -> Option<i64> {
    match mine {
        Some(mine) if ids.contains(&mine) => None,
        _ => ids.first().copied(),
    }
}

/// The documents that an entry's content names.
pub(crate) fn named_in(content: &Value) -> Vec<Named> {
    let kind = content["kind"].as_str().unwrap_or_default();
    document::named(kind, content[document::SOURCE].as_str(), &content["payload"])
}
