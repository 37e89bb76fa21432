//! Opening the book: the names, states and entries that a group of drafts refers to, read with a few
//! statements for all of them together.

mod further;

pub(crate) use further::{ALIASES, ANY_ALIAS, alias, open_further};

use crate::{
    db::{Row, Tx, Value, values},
    dictionary::Dictionary,
    fault::Fault,
    words::{AT, UNIT_IN, level_word, quantity},
};
use domain::{
    book::{Alias, EntryName, Known, KnownEntry, Reference},
    code::CodeKey,
    event::{self, EventDraft},
    person::Role,
    quantity::{Pieces, Share},
    refusal::Refusal,
    state::{Aspect, Disposition, Name, State},
    subject::{Subject, SubjectKind},
};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Whom codes name or have named.
pub(crate) const NAMED: &str = "select key, subject from name \
    where brand = $1 and (until is null or until > 0) and key in ({list}) order by since, subject";
/// The codes of subjects, former ones included.
pub(crate) const NAMES: &str = "select subject, key, level, until from name \
    where brand = $1 and (until is null or until > 0) and subject in ({list}) order by since, level, key";
/// What units are directly in, and where subjects are.
pub(crate) const PARENTS: &str = "select child, parent from link \
    where brand = $1 and kind = $2 and until is null and child in ({list}) order by since desc";
/// The dispositions of subjects.
pub(crate) const MARKS: &str = "select subject, disposition, since from mark \
    where brand = $1 and until is null and subject in ({list})";
/// The counts of subjects.
pub(crate) const COUNTS: &str = "select subject, amount, unit from counted \
    where brand = $1 and until is null and subject in ({list})";

/// The units within containers at a point of the book ($2), the containers themselves included.
macro_rules! within {
    ($rest:literal) => {
        concat!(
            "with recursive within (root, unit, own) as ( \
                select id, id, cast(0 as bigint) from subject where brand = $1 and id in ({list}) \
                union \
                select w.root, l.child, l.amount from within w join link l \
                on l.brand = $1 and l.kind = 1 and l.parent = w.unit \
                and l.since <= $2 and (l.until is null or l.until > $2)) ",
            $rest
        )
    };
}

pub(crate) use within;

/// What containers hold of each batch, summed over the units in them.
pub(crate) const CONTENTS: &str = within!(
    "select w.root, b.child, cast(sum(b.amount) as bigint), count(*), count(b.amount) \
     from within w join link b on b.brand = $1 and b.kind = 2 and b.parent = w.unit \
     and b.since <= $2 and (b.until is null or b.until > $2) group by w.root, b.child"
);
/// How many cartons are in containers.
pub(crate) const CARTONS: &str =
    within!("select root, cast(sum(own) as bigint) from within group by root having sum(own) > 0");
/// Units in containers that must not be moved.
pub(crate) const STOPPED_WITHIN: &str = within!(
    "select w.root, m.subject from within w join mark m \
     on m.brand = $1 and m.subject = w.unit and m.until is null \
     and m.disposition in ('unavailable', 'recalled') where w.unit <> w.root order by w.root, m.subject"
);

/// Entries by the ids of their drafts, and by their place.
pub(crate) const ENTRIES_BY_ID: &str = "select e.id, e.seq, e.kind, e.subjects, e.bytes, c.corrected_by \
    from entry e left join correction c on c.brand = e.brand and c.seq = e.seq \
    where e.brand = $1 and e.id in ({list})";
/// The same, by sequence number.
pub(crate) const ENTRIES_BY_SEQ: &str = "select e.id, e.seq, e.kind, e.subjects, e.bytes, c.corrected_by \
    from entry e left join correction c on c.brand = e.brand and c.seq = e.seq \
    where e.brand = $1 and e.seq in ({list})";

/// Now: later than every entry.
const NOW: i64 = i64::MAX;

/// Where the book has to be opened.
#[derive(Default)]
pub(crate) struct Places {
    pub(crate) keys: HashSet<CodeKey>,
    pub(crate) subjects: HashSet<Subject>,
    pub(crate) entries: HashSet<EntryName>,
}

impl Places {
    /// The places that a draft needs.
    ///
    /// # Errors
    /// When its fields cannot be read at all.
    pub(crate) fn of(draft: &EventDraft) -> Result<Places, Refusal> {
        let (texts, entries) = event::references(draft)?;
        let mut places = Places { entries: entries.into_iter().collect(), ..Places::default() };
        for text in texts {
            // A text that is no code is refused by the decision, with its field.
            match Reference::read(&text) {
                Ok(Reference::Subject(subject)) => drop(places.subjects.insert(subject)),
                Ok(Reference::Code(keys)) => {
                    // A new unit is keyed by its code, and may be known by it already.
                    places.subjects.extend(keys.iter().map(|k| Subject::logistic_unit(k.as_str())));
                    places.subjects.extend(of_text(&text));
                    places.keys.extend(keys);
                }
                Err(_) => {}
            }
        }
        Ok(places)
    }

    /// Adds the places of another draft.
    pub(crate) fn add(&mut self, other: &Places) {
        self.keys.extend(other.keys.iter().cloned());
        self.subjects.extend(other.subjects.iter().cloned());
        self.entries.extend(other.entries.iter().cloned());
    }
}

/// A plain text may be the key of a subject that is not named by it.
fn of_text(text: &str) -> [Subject; 2] {
    let text = text.trim();
    [Subject::shipment(text), Subject::logistic_unit(text)]
}

/// Opens the book of a brand at these places. Also open are the containers round every unit, and the
/// batches in it: a hold on one of them counts for the unit.
pub(crate) async fn open(
    tx: &mut Tx,
    dictionary: &mut Dictionary,
    brand: i64,
    places: &Places,
) -> Result<Known, Fault> {
    let mut known = Known::new();
    let named = named(tx, brand, &places.keys).await?;
    dictionary.find(tx, brand, &places.subjects).await?;
    let mut ids: BTreeSet<i64> = places.subjects.iter().filter_map(|s| dictionary.id(s)).collect();
    ids.extend(named.values().flatten());
    // A correction speaks of what its entry touched.
    ids.extend(learn_entries(tx, dictionary, brand, &places.entries, &mut known).await?);
    let aliases = further::aliases(tx, brand, &places.keys).await?;
    ids.extend(aliases.iter().map(|(_, id, ..)| *id));
    let states = states(tx, dictionary, brand, ids).await?;
    for (key, subjects) in named {
        let subjects = subjects.iter().filter_map(|id| dictionary.subject(*id).cloned()).collect();
        known.learn_name(key, subjects);
    }
    for (id, state) in states {
        if let Some(subject) = dictionary.subject(id) {
            known.learn_state(subject.clone(), state);
        }
    }
    for (mark, id, from, to) in aliases {
        if let Some(subject) = dictionary.subject(id).cloned() {
            known.learn_alias(mark, Alias { subject, from, to });
        }
    }
    Ok(known)
}

async fn named(
    tx: &mut Tx,
    brand: i64,
    keys: &HashSet<CodeKey>,
) -> Result<HashMap<CodeKey, Vec<i64>>, Fault> {
    let list: Vec<Value> = keys.iter().map(|k| Value::from(k.as_str())).collect();
    let mut named: HashMap<CodeKey, Vec<i64>> = keys.iter().map(|k| (k.clone(), vec![])).collect();
    for row in tx.rows_in(NAMED, &values![brand], &list).await? {
        let subjects = named.entry(CodeKey::text(&row.text(0)?)).or_default();
        let subject = row.int(1)?;
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    Ok(named)
}

/// The states of subjects, of the containers round them and of the batches in them.
async fn states(
    tx: &mut Tx,
    dictionary: &mut Dictionary,
    brand: i64,
    mut ids: BTreeSet<i64>,
) -> Result<HashMap<i64, State>, Fault> {
    // Subjects that this transaction made but has not written yet are not in the database; the caller
    // flushes before it opens, so there are none.
    dictionary.tell(tx, brand, ids.iter().copied()).await?;
    let inside = containers(tx, dictionary, brand, &mut ids).await?;
    let mut states: HashMap<i64, State> = HashMap::new();
    let mut arrived: HashMap<i64, i64> = HashMap::new();
    marks(tx, dictionary, brand, &list(&ids), &mut states, &mut arrived).await?;
    let batches = contents(tx, dictionary, brand, &ids, &arrived, &mut states).await?;
    let more: Vec<Value> = batches.difference(&ids).map(|id| Value::from(*id)).collect();
    marks(tx, dictionary, brand, &more, &mut states, &mut arrived).await?;
    ids.extend(batches);
    for id in &ids {
        states.entry(*id).or_default();
    }
    fill(tx, dictionary, brand, &ids, inside, &mut states).await?;
    stopped(tx, dictionary, brand, &ids, &mut states).await?;
    Ok(states)
}

fn list(ids: &BTreeSet<i64>) -> Vec<Value> {
    ids.iter().map(|id| Value::from(*id)).collect()
}

/// Those of the ids that can hold units or batches.
fn holders(dictionary: &Dictionary, ids: &BTreeSet<i64>) -> BTreeSet<i64> {
    let holds = |id: &&i64| {
        dictionary
            .subject(**id)
            .is_some_and(|s| matches!(s.kind, SubjectKind::LogisticUnit | SubjectKind::Shipment))
    };
    ids.iter().filter(holds).copied().collect()
}

/// What each unit is directly in, the latest first; every container round them joins the ids.
async fn containers(
    tx: &mut Tx,
    dictionary: &mut Dictionary,
    brand: i64,
    ids: &mut BTreeSet<i64>,
) -> Result<HashMap<i64, Vec<i64>>, Fault> {
    let mut inside: HashMap<i64, Vec<i64>> = HashMap::new();
    let mut ask = holders(dictionary, ids);
    while !ask.is_empty() {
        let rows = tx.rows_in(PARENTS, &values![brand, UNIT_IN], &list(&ask)).await?;
        let mut outer = BTreeSet::new();
        for row in rows {
            let (child, parent) = (row.int(0)?, row.int(1)?);
            inside.entry(child).or_default().push(parent);
            if ids.insert(parent) {
                outer.insert(parent);
            }
        }
        dictionary.tell(tx, brand, outer.iter().copied()).await?;
        ask = outer;
    }
    Ok(inside)
}

/// Dispositions; of shipments that are not under way any more also since when.
async fn marks(
    tx: &mut Tx,
    dictionary: &Dictionary,
    brand: i64,
    ids: &[Value],
    states: &mut HashMap<i64, State>,
    arrived: &mut HashMap<i64, i64>,
) -> Result<(), Fault> {
    for row in tx.rows_in(MARKS, &values![brand], ids).await? {
        let (id, disposition) = (row.int(0)?, disposition(&row.text(1)?)?);
        let state = states.entry(id).or_default();
        state.marks.insert(disposition.aspect(), disposition);
        let is_shipment = dictionary.subject(id).is_some_and(|s| s.kind == SubjectKind::Shipment);
        if is_shipment && disposition.aspect() == Aspect::Custody && state.has_arrived() {
            arrived.insert(id, row.int(2)?);
        }
    }
    Ok(())
}

/// A stored disposition.
pub(crate) fn disposition(word: &str) -> Result<Disposition, Fault> {
    Disposition::from_word(word).ok_or_else(|| Fault::damaged(format!("there is no disposition {word}")))
}

/// What holders hold of each batch, and how many cartons; returns every batch met. A shipment that has
/// arrived holds what it held when it arrived.
async fn contents(
    tx: &mut Tx,
    dictionary: &mut Dictionary,
    brand: i64,
    ids: &BTreeSet<i64>,
    arrived: &HashMap<i64, i64>,
    states: &mut HashMap<i64, State>,
) -> Result<BTreeSet<i64>, Fault> {
    let holders = holders(dictionary, ids);
    let now: BTreeSet<i64> = holders.iter().filter(|id| !arrived.contains_key(id)).copied().collect();
    let mut asks: Vec<(i64, Vec<Value>)> = vec![(NOW, list(&now))];
    asks.extend(arrived.iter().map(|(id, since)| (*since, vec![Value::from(*id)])));
    let mut batches = BTreeSet::new();
    for (as_of, ids) in asks {
        let fixed = values![brand, as_of];
        let rows = tx.rows_in(CONTENTS, &fixed, &ids).await?;
        let met: BTreeSet<i64> = rows.iter().map(|r| r.int(1)).collect::<Result<_, _>>()?;
        dictionary.tell(tx, brand, met.iter().copied()).await?;
        batches.extend(met);
        for row in rows {
            let Some(batch) = dictionary.subject(row.int(1)?) else { continue };
            let share = share(&row, 2)?;
            states.entry(row.int(0)?).or_default().contents.insert(batch.clone(), share);
        }
        for row in tx.rows_in(CARTONS, &fixed, &ids).await? {
            states.entry(row.int(0)?).or_default().cartons = row.count(1)?;
        }
    }
    Ok(batches)
}

/// A share from three columns: the sum, the rows, and the rows with a number. One row without a number
/// makes the whole unknown.
pub(crate) fn share(row: &Row, column: usize) -> Result<Share, Fault> {
    if row.int(column + 1)? != row.int(column + 2)? {
        return Ok(Share::Unknown);
    }
    let sum = row.int_or_none(column)?.unwrap_or(0);
    Ok(Share::Exactly(Pieces(u64::try_from(sum).unwrap_or(0))))
}

/// Names, containers, places and counts.
async fn fill(
    tx: &mut Tx,
    dictionary: &mut Dictionary,
    brand: i64,
    ids: &BTreeSet<i64>,
    inside: HashMap<i64, Vec<i64>>,
    states: &mut HashMap<i64, State>,
) -> Result<(), Fault> {
    let ids = list(ids);
    for row in tx.rows_in(NAMES, &values![brand], &ids).await? {
        let state = states.entry(row.int(0)?).or_default();
        let (key, level) = (CodeKey::text(&row.text(1)?), level_word(row.int(2)?)?);
        let open = row.int_or_none(3)?.is_none();
        match state.names.iter_mut().find(|n| n.key == key) {
            Some(name) => (name.level, name.open) = (level, name.open || open),
            None => state.names.push(Name { key, level, open }),
        }
        // Whatever carries a code is in being until something else is said.
        state.marks.entry(Aspect::Life).or_insert(Disposition::Active);
    }
    for (child, parents) in inside {
        let parents = parents.iter().filter_map(|id| dictionary.subject(*id).cloned()).collect();
        states.entry(child).or_default().inside = parents;
    }
    let at = tx.rows_in(PARENTS, &values![brand, AT], &ids).await?;
    let places: Vec<i64> = at.iter().map(|r| r.int(1)).collect::<Result<_, _>>()?;
    dictionary.tell(tx, brand, places).await?;
    for row in at {
        states.entry(row.int(0)?).or_default().place = dictionary.subject(row.int(1)?).cloned();
    }
    for row in tx.rows_in(COUNTS, &values![brand], &ids).await? {
        states.entry(row.int(0)?).or_default().counted = Some(quantity(row.int(1)?, row.int(2)?)?);
    }
    Ok(())
}

/// What forbids moving each unit: a batch in it, a container round it, or a unit in it.
async fn stopped(
    tx: &mut Tx,
    dictionary: &mut Dictionary,
    brand: i64,
    ids: &BTreeSet<i64>,
    states: &mut HashMap<i64, State>,
) -> Result<(), Fault> {
    let holders = holders(dictionary, ids);
    let mut within: HashMap<i64, i64> = HashMap::new();
    for row in tx.rows_in(STOPPED_WITHIN, &values![brand, NOW], &list(&holders)).await? {
        within.entry(row.int(0)?).or_insert(row.int(1)?);
    }
    dictionary.tell(tx, brand, within.values().copied()).await?;
    for id in holders {
        let by = stopped_by(id, dictionary, states)
            .or_else(|| within.get(&id).and_then(|unit| dictionary.subject(*unit)).cloned());
        if let Some(state) = states.get_mut(&id) {
            state.stopped_by = by;
        }
    }
    Ok(())
}

fn stopped_by(id: i64, dictionary: &Dictionary, states: &HashMap<i64, State>) -> Option<Subject> {
    let state_of = |s: &Subject| dictionary.id(s).and_then(|id| states.get(&id));
    let stops = |s: &&Subject| state_of(s).is_some_and(|state| state.marks.values().any(|d| d.stops()));
    let state = states.get(&id)?;
    if let Some(batch) = state.contents.keys().find(stops) {
        return Some(batch.clone());
    }
    let mut around: Vec<&Subject> = state.inside.iter().collect();
    let mut seen: Vec<&Subject> = vec![];
    while let Some(container) = around.pop() {
        if stops(&container) {
            return Some(container.clone());
        }
        if !seen.contains(&container) {
            seen.push(container);
            around.extend(state_of(container).into_iter().flat_map(|s| &s.inside));
        }
    }
    None
}

/// Learns of earlier entries; tells the subjects they touched.
async fn learn_entries(
    tx: &mut Tx,
    dictionary: &mut Dictionary,
    brand: i64,
    names: &HashSet<EntryName>,
    known: &mut Known,
) -> Result<BTreeSet<i64>, Fault> {
    let mut touched = BTreeSet::new();
    let (mut ids, mut seqs) = (vec![], vec![]);
    for name in names {
        match name {
            EntryName::Id(id) => ids.push(Value::from(id.as_bytes().as_slice())),
            EntryName::Seq(seq) => seqs.push(Value::from(*seq)),
        }
    }
    let mut rows = tx.rows_in(ENTRIES_BY_ID, &values![brand], &ids).await?;
    rows.extend(tx.rows_in(ENTRIES_BY_SEQ, &values![brand], &seqs).await?);
    for row in rows {
        let subjects = parse_ids(&row.text(3)?)?;
        dictionary.tell(tx, brand, subjects.iter().copied()).await?;
        let content: serde_json::Value = serde_json::from_slice(&row.bytes(4)?).map_err(Fault::damaged)?;
        let role = content["person"]["role"].as_str().and_then(Role::from_word);
        let entry = KnownEntry {
            seq: row.count(1)?,
            kind: row.text(2)?,
            role: role.ok_or_else(|| Fault::damaged("an entry names no role"))?,
            corrected_by: row.int_or_none(5)?.map(i64::unsigned_abs),
            subjects: subjects.iter().filter_map(|id| dictionary.subject(*id).cloned()).collect(),
        };
        known.learn_entry(Uuid::from_slice(&row.bytes(0)?).map_err(Fault::damaged)?, entry);
        touched.extend(subjects);
    }
    Ok(touched)
}

/// The ids of `entry.subjects`.
pub(crate) fn parse_ids(text: &str) -> Result<Vec<i64>, Fault> {
    text.split(',').filter(|t| !t.is_empty()).map(|t| t.parse().map_err(Fault::damaged)).collect()
}
