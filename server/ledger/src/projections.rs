//! From effects to rows. Knows effects, and has never heard of an event kind.
//!
//! Effects of many entries are gathered in memory and written together; within one slot they keep the
//! order of the entries. What a slot held before is read once for all of them.

pub(crate) mod reverse;

use crate::{
    db::{Tx, Value, values},
    dictionary::Dictionary,
    fault::Fault,
    slot::{Interval, Slot, Step, Table, settle},
    words::{MADE_FROM, aspect_number, level_number, unit_number},
};
use domain::{
    book::Known,
    event::Discrepancy,
    quantity::{Pieces, Share},
    record::record_named,
    state::{Effect, State},
    subject::{Level, Subject, SubjectKind},
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Made-from links: a step of a run is one row, and is closed only by a correction.
pub(crate) const MADE: &str = "insert into link (brand, kind, child, parent, since, until, amount, unit) values {rows} on conflict do nothing";
/// The stories of subjects.
pub(crate) const STORIES: &str =
    "insert into subject_entry (brand, subject, seq, way) values {rows} on conflict do nothing";
/// Where event and book disagree.
pub(crate) const DISCREPANCIES: &str =
    "insert into discrepancy (brand, seq, n, kind, subject, key, said, closed) values {rows}";
/// Keys about which something is open.
pub(crate) const OPEN_KEYS: &str =
    "select distinct key from discrepancy where brand = $1 and closed is null and key in ({list})";
/// Closes what was open about a key when a later entry names it.
pub(crate) const CLOSE_KEY: &str =
    "update discrepancy set closed = $3 where brand = $1 and key = $2 and closed is null and seq < $3";

/// What is to be done to a batch's share in a container.
enum Batched {
    Put(Share),
    Take(Share),
}

/// How much of an input went into an output: thousandths, and of which unit.
type Made = (Option<i64>, Option<i64>);

/// The rows that a run of entries comes to, not yet written.
#[derive(Default)]
pub(crate) struct Projections {
    slots: BTreeMap<Slot, Vec<Step>>,
    batches: BTreeMap<Slot, Vec<(u64, Batched)>>,
    /// By output, input and entry.
    made: BTreeMap<(i64, i64, u64), Made>,
    stories: BTreeMap<(i64, u64), i64>,
    discrepancies: Vec<Vec<Value>>,
    named: BTreeSet<(String, u64)>,
    /// Every subject of which a card would tell something else since the transaction began.
    pub(crate) touched: HashSet<i64>,
    /// Every key that was named, taken off or asked about.
    pub(crate) touched_keys: HashSet<String>,
}

impl Projections {
    /// Adds an effect of entry `seq`. Subjects must have been looked for in the dictionary; `book` tells
    /// what units are after the effect. [`Effect::Reversed`] is not for here, see [`reverse`].
    ///
    /// [`reverse`]: Projections::reverse
    pub(crate) fn add(&mut self, seq: u64, effect: &Effect, dictionary: &mut Dictionary, book: &Known) {
        // What a batch is put into tells of it; of the batch itself, that changes nothing that is kept ready.
        let moves = matches!(effect, Effect::PutIn { .. } | Effect::TakenOut { .. });
        let mut id = |subject: &Subject| {
            let id = dictionary.id_or_new(subject);
            if !moves || subject.kind != SubjectKind::Batch {
                self.touched.insert(id);
            }
            id
        };
        let (slot, value) = match effect {
            Effect::Named { subject, key, level } => {
                let slot = Slot::with_text(Table::Name, id(subject), key.as_str());
                self.named.insert((key.to_string(), seq));
                self.touched_keys.insert(key.to_string());
                (slot, Some(vec![level_number(*level).into()]))
            }
            Effect::Unnamed { subject, key } => {
                self.touched_keys.insert(key.to_string());
                (Slot::with_text(Table::Name, id(subject), key.as_str()), None)
            }
            Effect::MadeFrom { output, input, quantity } => {
                let amount = quantity.map(|q| i64::try_from(q.thousandths).unwrap_or(i64::MAX));
                let row = (amount, quantity.map(|q| unit_number(q.unit)));
                self.made.insert((id(output), id(input), seq), row);
                return;
            }
            Effect::PutIn { content, container, share } => {
                let (one, two) = (id(content), id(container));
                if content.kind == SubjectKind::Batch {
                    let slot = Slot::between(Table::BatchIn, one, two);
                    self.batches.entry(slot).or_default().push((seq, Batched::Put(*share)));
                    return;
                }
                let is_pallet = book.state(content).and_then(State::level) == Some(Level::Pallet);
                let cartons = i64::from(!is_pallet);
                (Slot::between(Table::UnitIn, one, two), Some(vec![cartons.into()]))
            }
            Effect::TakenOut { content, container, share } => {
                let (one, two) = (id(content), id(container));
                if content.kind == SubjectKind::Batch {
                    let slot = Slot::between(Table::BatchIn, one, two);
                    self.batches.entry(slot).or_default().push((seq, Batched::Take(*share)));
                    return;
                }
                (Slot::between(Table::UnitIn, one, two), None)
            }
            Effect::Moved { subject, place } => {
                (Slot::of(Table::At, id(subject)), Some(vec![id(place).into()]))
            }
            Effect::Marked { subject, disposition } => {
                let slot = Slot::between(Table::Mark, id(subject), aspect_number(disposition.aspect()));
                (slot, Some(vec![disposition.word().into()]))
            }
            Effect::Counted { subject, quantity } => {
                let amount = i64::try_from(quantity.thousandths).unwrap_or(i64::MAX);
                let value = values![amount, unit_number(quantity.unit)].to_vec();
                (Slot::of(Table::Counted, id(subject)), Some(value))
            }
            Effect::Filed { subject, record, facts } => {
                let one = id(subject);
                self.file(seq, one, record, facts);
                return;
            }
            Effect::Reversed { .. } => return,
        };
        self.step(slot, seq, value);
    }

    fn file(&mut self, seq: u64, subject: i64, record: &str, facts: &BTreeMap<String, String>) {
        // Text to text always serialises.
        let json = serde_json::to_string(facts).unwrap_or_default();
        let kind = record_named(record);
        let slot = kind.map_or_else(|| record.to_string(), |kind| kind.slot(facts));
        self.step(Slot::with_text(Table::Fact, subject, slot), seq, Some(vec![json.into()]));
        let Some(kind) = kind else { return };
        for field in kind.fields {
            let said = facts.get(field.name).map(|value| refer_key(value));
            let Some(named) = kind.refers(field, said.as_deref().unwrap_or_default()) else { continue };
            self.step(Slot::with_text(Table::Refer, subject, named), seq, said.map(|key| vec![key.into()]));
        }
    }

    fn step(&mut self, slot: Slot, seq: u64, value: Option<Vec<Value>>) {
        self.slots.entry(slot).or_default().push(Step { seq, value });
    }

    /// Adds an entry to the story of a subject. A story told by the subject itself goes before one told
    /// by what holds it.
    pub(crate) fn tell(&mut self, subject: i64, seq: u64, through_others: bool) {
        let way = i64::from(through_others);
        let told = self.stories.entry((subject, seq)).or_insert(way);
        *told = way.min(*told);
        self.touched.insert(subject);
    }

    /// Adds the discrepancies of an entry.
    pub(crate) fn differs(
        &mut self,
        brand: i64,
        seq: u64,
        discrepancies: &[Discrepancy],
        dictionary: &mut Dictionary,
    ) {
        for (n, one) in discrepancies.iter().enumerate() {
            let subject = one.subject.as_ref().map(|s| dictionary.id_or_new(s));
            self.touched.extend(subject);
            self.touched_keys.extend(one.key.iter().map(ToString::to_string));
            let key = one.key.as_ref().map(|k| k.as_str());
            let said = serde_json::to_string(&one.said).unwrap_or_default();
            let kind = one.kind.word();
            let row = values![brand, seq, n as u64, kind, subject, key, said, None::<i64>];
            self.discrepancies.push(row.to_vec());
        }
    }

    /// Writes everything that was added.
    pub(crate) async fn flush(
        &mut self,
        tx: &mut Tx,
        brand: i64,
        dictionary: &mut Dictionary,
    ) -> Result<(), Fault> {
        dictionary.flush(tx, brand).await?;
        self.flush_slots(tx, brand, dictionary).await?;
        dictionary.all_told();
        let made: Vec<Vec<Value>> = std::mem::take(&mut self.made)
            .into_iter()
            .map(|((child, parent, since), (amount, unit))| {
                values![brand, MADE_FROM, child, parent, since, None::<i64>, amount, unit].to_vec()
            })
            .collect();
        tx.execute_many(MADE, 8, &made).await?;
        let stories: Vec<Vec<Value>> = std::mem::take(&mut self.stories)
            .into_iter()
            .map(|((subject, seq), way)| values![brand, subject, seq, way].to_vec())
            .collect();
        tx.execute_many(STORIES, 4, &stories).await?;
        tx.execute_many(DISCREPANCIES, 8, &std::mem::take(&mut self.discrepancies)).await?;
        self.close_discrepancies(tx, brand).await
    }

    async fn flush_slots(&mut self, tx: &mut Tx, brand: i64, dictionary: &Dictionary) -> Result<(), Fault> {
        let mut slots = std::mem::take(&mut self.slots);
        let batches = std::mem::take(&mut self.batches);
        let asked = slots.keys().chain(batches.keys());
        let open = open_intervals(tx, brand, asked, dictionary).await?;
        for (slot, done) in batches {
            let steps = shares(open.get(&slot), done);
            slots.insert(slot, steps);
        }
        let mut inserts: HashMap<Table, Vec<Vec<Value>>> = HashMap::new();
        let mut closes: HashMap<Table, Vec<Vec<Value>>> = HashMap::new();
        for (slot, steps) in &slots {
            let old = open.get(slot);
            let (ends, new) = settle(old.is_some(), steps);
            if let (Some(old), Some(end)) = (old, ends) {
                let row = slot.close_row(brand, old, i64::try_from(end).ok());
                closes.entry(slot.table).or_default().push(row);
            }
            let rows = new.iter().map(|interval| slot.insert_row(brand, interval));
            inserts.entry(slot.table).or_default().extend(rows);
        }
        for table in Table::ALL {
            if let Some(rows) = closes.get(&table) {
                tx.execute_many(table.close(), table.close_width(), rows).await?;
            }
            if let Some(rows) = inserts.get(&table) {
                tx.execute_many(table.insert(), table.insert_width(), rows).await?;
            }
        }
        Ok(())
    }

    async fn close_discrepancies(&mut self, tx: &mut Tx, brand: i64) -> Result<(), Fault> {
        let named = std::mem::take(&mut self.named);
        let keys: BTreeSet<&str> = named.iter().map(|(key, _)| key.as_str()).collect();
        let keys: Vec<Value> = keys.into_iter().map(Value::from).collect();
        let mut open = HashSet::new();
        for row in tx.rows_in(OPEN_KEYS, &values![brand], &keys).await? {
            open.insert(row.text(0)?);
        }
        // In the order of the entries, so that the first one to name the key is the one that closes.
        for (key, seq) in named.iter().filter(|(key, _)| open.contains(key)) {
            tx.execute(CLOSE_KEY, &values![brand, key, *seq]).await?;
        }
        Ok(())
    }
}

/// What a fact that stands for a subject says, as `refer` keeps it: a key of the subject or a code.
pub(crate) fn refer_key(value: &str) -> String {
    Subject::from_urn(value).map_or_else(|| value.to_string(), |s| s.key)
}

/// What the slots hold now. Subjects that are new hold nothing yet.
async fn open_intervals<'a>(
    tx: &mut Tx,
    brand: i64,
    slots: impl Iterator<Item = &'a Slot>,
    dictionary: &Dictionary,
) -> Result<HashMap<Slot, Interval>, Fault> {
    let mut asked: HashMap<Table, BTreeSet<i64>> = HashMap::new();
    for slot in slots.filter(|s| !dictionary.is_fresh(s.found_by())) {
        asked.entry(slot.table).or_default().insert(slot.found_by());
    }
    let mut open = HashMap::new();
    for (table, ids) in asked {
        let ids: Vec<Value> = ids.into_iter().map(Value::from).collect();
        let sql = format!("{} and until is null", table.select());
        for row in tx.rows_in(&sql, &values![brand], &ids).await? {
            let (slot, interval) = Slot::read(table, &row)?;
            open.insert(slot, interval);
        }
    }
    Ok(open)
}

/// What a batch's share in a container becomes, by the same rule as [`State::apply`].
fn shares(open: Option<&Interval>, done: Vec<(u64, Batched)>) -> Vec<Step> {
    // Any batch and any container: only the share is looked at.
    let (batch, container) = (Subject::batch("b"), Subject::logistic_unit("c"));
    let mut state = State::default();
    if let Some(interval) = open {
        state.contents.insert(batch.clone(), share_of(interval));
    }
    let mut steps = Vec::with_capacity(done.len());
    for (seq, what) in done {
        let (content, container) = (batch.clone(), container.clone());
        let effect = match what {
            Batched::Put(share) => Effect::PutIn { content, container, share },
            Batched::Take(share) => Effect::TakenOut { content, container, share },
        };
        state.apply(&Subject::logistic_unit("c"), &effect);
        steps.push(Step { seq, value: state.contents.get(&batch).map(|share| vec![amount_of(*share)]) });
    }
    steps
}

/// The share that an interval of [`Table::BatchIn`] holds.
fn share_of(interval: &Interval) -> Share {
    match interval.value.first() {
        Some(Value::Int(Some(n))) => Share::Exactly(Pieces(u64::try_from(*n).unwrap_or(0))),
        _ => Share::Unknown,
    }
}

fn amount_of(share: Share) -> Value {
    Value::from(share.pieces().map(|p| p.0))
}
