//! What every page begins with: what it is, what is in it, and whether to stop.

use super::{
    Reading,
    titles::{FiledBy, fact},
};
use crate::{
    Fault,
    db::{Row, values},
    open,
    words::{AT, level_word, quantity},
};
use domain::{
    code::CodeKey,
    event::DiscrepancyKind,
    quantity::Share,
    state::{Aspect, Disposition},
    subject::SubjectKind,
    text::Said,
    view::{BatchShare, Card, DiscrepancyView, Mark, NameView, Titled},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Every code of a subject, with the entries that put it on and took it off.
pub(crate) const NAMES: &str = "select key, level, since, until from name \
    where brand = $1 and subject = $2 and (until is null or until > 0) order by since, key";
/// Where subjects are, and since when.
pub(crate) const AT_PLACE: &str = "select child, parent, since from link \
    where brand = $1 and kind = $2 and until is null and child in ({list})";
/// What is open about subjects.
pub(crate) const OPEN_ABOUT: &str = "select seq, kind, subject, key, said, closed from discrepancy \
    where brand = $1 and closed is null and subject in ({list}) order by seq desc, n";
/// What is open about codes that were met before anything was known of them.
pub(crate) const OPEN_ABOUT_KEYS: &str = "select seq, kind, subject, key, said, closed from discrepancy \
    where brand = $1 and closed is null and key in ({list}) order by seq desc, n";
/// How much there is of a subject.
pub(crate) const COUNTED: &str = "select amount, unit from counted \
    where brand = $1 and subject = $2 and until is null";
/// What lies in containers of each batch, unit by unit not told.
pub(crate) const BATCH_LINKS: &str = "select parent, child, since from link \
    where brand = $1 and kind = 2 and until is null and parent in ({list})";

/// Later than every entry.
const NOW: i64 = i64::MAX;

/// A batch in a container.
pub(crate) struct Held {
    pub(crate) batch: i64,
    pub(crate) share: Share,
    /// In how many units of it.
    pub(crate) units: u64,
}

/// A disposition of a subject, and since when.
pub(crate) struct Marked {
    pub(crate) disposition: Disposition,
    pub(crate) since: u64,
}

impl Reading<'_> {
    /// The card of a subject.
    pub(crate) async fn card(&mut self, id: i64) -> Result<Card, Fault> {
        self.learn_titles([id]).await?;
        let kind = self.subject(id).map(|s| s.kind);
        let is_holder = matches!(kind, Some(SubjectKind::LogisticUnit | SubjectKind::Shipment));
        let around = if is_holder { self.around(&[id]).await? } else { BTreeMap::new() };
        let chain = chain(id, &around);
        let marks = self.marks(&[&[id], chain.as_slice()].concat()).await?;
        let held = match is_holder {
            true => self.held(id, as_of(kind, marks.get(&id))).await?,
            false => vec![],
        };
        let in_it: Vec<i64> = held.iter().map(|h| h.batch).collect();
        let of_batches = self.marks(&in_it).await?;
        self.learn_titles(in_it.iter().chain(&chain).copied()).await?;
        let names = self.names(id).await?;
        let trade_items = self.trade_items(&[&[id], in_it.as_slice()].concat()).await?;
        let batches = self.batch_shares(id, kind, &held, &trade_items).await?;
        let discrepancies = self.open_about(id, &names).await?;
        let counted = self.rows(COUNTED, &values![id]).await?;
        Ok(Card {
            titled: self.titled(id),
            level: names.first().map(|n| n.level),
            names,
            trade_item: trade_item(id, &in_it, &trade_items),
            batches,
            place: self.place_of(id, &chain).await?,
            inside: chain.iter().map(|c| self.titled(*c)).collect(),
            marks: self.told_marks(id, &marks, &chain, &in_it, &of_batches),
            discrepancies,
            counted: counted.first().map(|r| quantity(r.int(0)?, r.int(1)?)).transpose()?,
        })
    }

    /// The codes of a subject, present ones first. Intervals of one code are told as one.
    async fn names(&mut self, id: i64) -> Result<Vec<NameView>, Fault> {
        let mut names: Vec<NameView> = Vec::new();
        for row in self.rows(NAMES, &values![id]).await? {
            let (key, until) = (CodeKey::text(&row.text(0)?), row.int_or_none(3)?);
            let level = level_word(row.int(1)?)?;
            let until = until.map(i64::unsigned_abs);
            match names.iter_mut().find(|n| n.key == key) {
                Some(name) => (name.level, name.open, name.until) = (level, until.is_none(), until),
                None => {
                    let since = row.count(2)?;
                    names.push(NameView { key, level, open: until.is_none(), since, until });
                }
            }
        }
        names.sort_by_key(|n| !n.open);
        for name in &names {
            self.rests_on_key(name.key.as_str());
        }
        Ok(names)
    }

    /// What each of the units and the containers round them is directly in, the latest first.
    pub(crate) async fn around(&mut self, ids: &[i64]) -> Result<BTreeMap<i64, Vec<i64>>, Fault> {
        let mut around: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        let mut ask: Vec<i64> = ids.to_vec();
        let mut seen: BTreeSet<i64> = ids.iter().copied().collect();
        while !ask.is_empty() {
            let mut outer = vec![];
            for row in self.rows_in(open::PARENTS, &values![crate::words::UNIT_IN], &ask).await? {
                let (child, parent) = (row.int(0)?, row.int(1)?);
                let parents = around.entry(child).or_default();
                if !parents.contains(&parent) {
                    parents.push(parent);
                }
                if seen.insert(parent) {
                    outer.push(parent);
                }
            }
            ask = outer;
        }
        self.learn_ids(seen).await?;
        Ok(around)
    }

    /// The dispositions of subjects.
    pub(crate) async fn marks(&self, ids: &[i64]) -> Result<HashMap<i64, Vec<Marked>>, Fault> {
        let mut marks: HashMap<i64, Vec<Marked>> = HashMap::new();
        for row in self.rows_in(open::MARKS, &[], ids).await? {
            let marked = Marked { disposition: open::disposition(&row.text(1)?)?, since: row.count(2)? };
            marks.entry(row.int(0)?).or_default().push(marked);
        }
        Ok(marks)
    }

    /// What a container holds of each batch, at a point of the book.
    pub(crate) async fn held(&mut self, id: i64, as_of: i64) -> Result<Vec<Held>, Fault> {
        // A carton holds few; a shipment may hold thousands.
        let rows = match self.is(id, SubjectKind::Shipment) {
            true => self.rows_in_apart(open::CONTENTS, &values![as_of], &[id]).await?,
            false => self.rows_in(open::CONTENTS, &values![as_of], &[id]).await?,
        };
        let held = rows
            .iter()
            .map(|row| Ok(Held { batch: row.int(1)?, share: open::share(row, 2)?, units: row.count(3)? }));
        let held = held.collect::<Result<Vec<Held>, Fault>>()?;
        self.learn_ids(held.iter().map(|h| h.batch)).await?;
        Ok(held)
    }

    /// The trade item of each batch: the one on its run sheet.
    pub(crate) async fn trade_items(&mut self, ids: &[i64]) -> Result<HashMap<i64, Titled>, Fault> {
        let filed: FiledBy = self.filed(ids).await?;
        let key_of = |id: &i64| fact(&filed, *id, "run_sheet", "trade_item");
        let keys: BTreeSet<&str> = ids.iter().filter_map(key_of).collect();
        let known: HashMap<String, i64> = self
            .called(SubjectKind::TradeItem, keys.into_iter())
            .await?
            .into_iter()
            .map(|(id, key, _)| (key, id))
            .collect();
        self.learn_titles(known.values().copied()).await?;
        let found = ids.iter().filter_map(|id| Some((*id, self.titled(*known.get(key_of(id)?)?))));
        Ok(found.collect())
    }

    /// What something holds of each batch, with the entries that say so.
    pub(crate) async fn batch_shares(
        &mut self,
        id: i64,
        kind: Option<SubjectKind>,
        held: &[Held],
        trade_items: &HashMap<i64, Titled>,
    ) -> Result<Vec<BatchShare>, Fault> {
        if kind == Some(SubjectKind::Batch) {
            let counted = self.rows(COUNTED, &values![id]).await?;
            let pieces = counted.first().map(|r| r.count(0)).transpose()?.map(|n| n / 1000);
            return Ok(vec![BatchShare {
                batch: self.titled(id),
                trade_item: trade_items.get(&id).cloned(),
                share: pieces.map_or(Share::Unknown, |n| Share::Exactly(domain::quantity::Pieces(n))),
                cartons: None,
                entry: None,
            }]);
        }
        let mut since: HashMap<i64, u64> = HashMap::new();
        for row in self.rows_in(BATCH_LINKS, &[], &[id]).await? {
            since.insert(row.int(1)?, row.count(2)?);
        }
        let cited = self.cite(since.values().copied()).await?;
        Ok(held
            .iter()
            .map(|h| BatchShare {
                batch: self.titled(h.batch),
                trade_item: trade_items.get(&h.batch).cloned(),
                share: h.share,
                // What lies directly in it is not counted in units.
                cartons: (!since.contains_key(&h.batch)).then_some(h.units),
                entry: since.get(&h.batch).and_then(|seq| cited.get(seq).cloned()),
            })
            .collect())
    }

    /// Where a subject is: as it was recorded last, for itself or for what it is in.
    async fn place_of(&mut self, id: i64, chain: &[i64]) -> Result<Option<Titled>, Fault> {
        let ids = [&[id], chain].concat();
        let mut last: Option<(u64, i64)> = None;
        for row in self.rows_in(AT_PLACE, &values![AT], &ids).await? {
            last = last.max(Some((row.count(2)?, row.int(1)?)));
        }
        let Some((_, place)) = last else { return Ok(None) };
        self.learn_titles([place]).await?;
        Ok(Some(self.titled(place)))
    }

    /// The dispositions of a subject, and those of its batches and containers that forbid moving it or
    /// ask for a look.
    fn told_marks(
        &self,
        id: i64,
        marks: &HashMap<i64, Vec<Marked>>,
        chain: &[i64],
        in_it: &[i64],
        of_batches: &HashMap<i64, Vec<Marked>>,
    ) -> Vec<Mark> {
        let mark = |m: &Marked, from: Option<i64>| Mark {
            disposition: m.disposition,
            since: m.since,
            from: from.map(|f| self.titled(f)),
        };
        let mut told: Vec<Mark> = marks.get(&id).into_iter().flatten().map(|m| mark(m, None)).collect();
        for batch in in_it {
            let grave = of_batches.get(batch).into_iter().flatten();
            let grave = grave.filter(|m| m.disposition.stops() || m.disposition.warns());
            told.extend(grave.map(|m| mark(m, Some(*batch))));
        }
        for container in chain {
            let holds = |m: &&Marked| {
                m.disposition.stops() && matches!(m.disposition.aspect(), Aspect::Hold | Aspect::Recall)
            };
            let grave = marks.get(container).into_iter().flatten().filter(holds);
            told.extend(grave.map(|m| mark(m, Some(*container))));
        }
        told.sort_by_key(|m| (!m.disposition.stops(), !m.disposition.warns(), m.from.is_some()));
        told
    }

    /// What is open about a subject or its codes.
    async fn open_about(&mut self, id: i64, names: &[NameView]) -> Result<Vec<DiscrepancyView>, Fault> {
        let mut rows = self.rows_in(OPEN_ABOUT, &[], &[id]).await?;
        let keys: Vec<_> = names.iter().map(|n| n.key.as_str().into()).collect();
        let mut seen: BTreeSet<i64> = rows.iter().map(|r| r.int(0)).collect::<Result<_, _>>()?;
        for row in self.rows_of(OPEN_ABOUT_KEYS, &[], &keys).await? {
            if row.int_or_none(2)?.is_none() && seen.insert(row.int(0)?) {
                rows.push(row);
            }
        }
        self.discrepancies(rows).await
    }

    /// Discrepancies as shown, from rows of sequence, kind, subject, key, sentence and end.
    pub(crate) async fn discrepancies(&mut self, rows: Vec<Row>) -> Result<Vec<DiscrepancyView>, Fault> {
        let mut subjects = vec![];
        let mut seqs = vec![];
        for row in &rows {
            subjects.extend(row.int_or_none(2)?);
            seqs.push(row.count(0)?);
        }
        self.learn_titles(subjects).await?;
        let cited = self.cite(seqs).await?;
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(raised) = cited.get(&row.count(0)?).cloned() else { continue };
            views.push(DiscrepancyView {
                kind: serde_json::from_value::<DiscrepancyKind>(row.text(1)?.into())
                    .map_err(Fault::damaged)?,
                said: serde_json::from_str::<Said>(&row.text(4)?).map_err(Fault::damaged)?,
                subject: row.int_or_none(2)?.map(|id| self.titled(id)),
                key: row.text_or_none(3)?.map(|k| CodeKey::text(&k)),
                raised,
                closed: row.int_or_none(5)?.map(i64::unsigned_abs),
            });
        }
        Ok(views)
    }
}

/// The containers round a unit, innermost first.
pub(crate) fn chain(id: i64, around: &BTreeMap<i64, Vec<i64>>) -> Vec<i64> {
    let mut chain = vec![];
    let mut ask = vec![id];
    while !ask.is_empty() {
        let outer: Vec<i64> = ask.iter().filter_map(|id| around.get(id)).flatten().copied().collect();
        ask = outer.into_iter().filter(|c| *c != id && !chain.contains(c)).collect();
        ask.dedup();
        chain.extend(&ask);
    }
    chain
}

/// The point of the book at which a container's contents count: a shipment that has arrived held what it
/// held then.
pub(crate) fn as_of(kind: Option<SubjectKind>, marks: Option<&Vec<Marked>>) -> i64 {
    marks.filter(|_| kind == Some(SubjectKind::Shipment)).and_then(|marks| arrived(marks)).unwrap_or(NOW)
}

/// Since when a shipment has arrived.
pub(crate) fn arrived(marks: &[Marked]) -> Option<i64> {
    custody(marks, |d| matches!(d, Disposition::InProgress | Disposition::Returned))
}

/// Since when a shipment has been under way.
pub(crate) fn under_way(marks: &[Marked]) -> Option<i64> {
    custody(marks, |d| d == Disposition::InTransit)
}

fn custody(marks: &[Marked], is: impl Fn(Disposition) -> bool) -> Option<i64> {
    let mut of = marks.iter().filter(|m| m.disposition.aspect() == Aspect::Custody);
    of.find(|m| is(m.disposition)).and_then(|m| i64::try_from(m.since).ok())
}

/// The trade item of a subject: its own, or the one that all batches in it have.
fn trade_item(id: i64, in_it: &[i64], known: &HashMap<i64, Titled>) -> Option<Titled> {
    if let Some(own) = known.get(&id) {
        return Some(own.clone());
    }
    let first = known.get(in_it.first()?)?;
    let same = in_it.iter().all(|b| known.get(b).map(|t: &Titled| &t.subject) == Some(&first.subject));
    same.then(|| first.clone())
}
