//! Where goods have gone: the cartons that hold them, and the shipments these left in (C04).
//!
//! A shipment that has arrived held what it held then, whatever was unpacked, repacked or sent on since; one
//! that is under way holds what it holds now. So every link is read with the time for which it held, and
//! added up here: in the database, to count units once each, everything would have to be sorted first.

use super::{Reading, card::as_of, goods::NOW, goods::Portion};
use crate::{Fault, db::Row};
use domain::subject::SubjectKind;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What units have held of batches, and what they have been directly in: unit, batch, pieces (null where
/// the share is not known), since, until; container (null for nothing), since, until.
macro_rules! held {
    ($which:literal) => {
        concat!(
            "select b.parent, b.child, b.amount, b.since, b.until, c.parent, c.since, c.until \
             from link b left join link c on c.brand = b.brand and c.kind = 1 and c.child = b.parent \
             and (c.until is null or c.until > 0) \
             where b.brand = $1 and b.kind = 2 and (b.until is null or b.until > 0) and ",
            $which,
            " in ({list})"
        )
    };
}

/// All units that have held batches.
pub(crate) const OF_BATCHES: &str = held!("b.child");
/// All that units have held.
pub(crate) const OF_UNITS: &str = held!("b.parent");
/// What units have been directly in: unit, container, since, until.
pub(crate) const ROUND: &str = "select child, parent, since, until from link \
    where brand = $1 and kind = 1 and (until is null or until > 0) and child in ({list})";

/// Batches and units that are asked about at once: what comes of them is turned into [`Line`]s before the
/// next are.
const AT_ONCE: usize = 256;
/// More lines than this are added up on a thread apart.
const QUICK: usize = 20_000;

/// Where goods have gone.
#[derive(Default)]
pub(crate) struct Gone {
    /// What each shipment had of them.
    pub(crate) shipments: BTreeMap<i64, Portion>,
    /// Cartons that hold them, or that were emptied of them after they had left.
    pub(crate) cartons: u64,
    /// What these hold; what they held when they arrived, where they were emptied since.
    pub(crate) pieces: u64,
    /// Cartons that are in no shipment and never were.
    pub(crate) not_shipped: u64,
}

/// The part of the book for which something held.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct During {
    since: i64,
    until: Option<i64>,
}

impl During {
    const EVER: During = During { since: 0, until: None };

    fn read(row: &Row, since: usize) -> Result<During, Fault> {
        Ok(During { since: row.int(since)?, until: row.int_or_none(since + 1)? })
    }

    fn holds_at(self, moment: i64) -> bool {
        self.since <= moment && self.until.is_none_or(|until| until > moment)
    }
}

/// Something a unit was directly in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Inside {
    container: i64,
    during: During,
}

/// One of the shares a unit has held, with one of the things it has been in: in order, all lines of a share
/// stand together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    unit: i64,
    batch: i64,
    held: During,
    pieces: Option<u64>,
    inside: Option<Inside>,
}

/// The shipments that whatever is in a container is in, each with the point of the book that counts.
type Reach = HashMap<i64, Vec<(i64, i64)>>;

impl Reading<'_> {
    /// Where batches have gone, and units that were reworked with something. A unit counts once, however
    /// many of the batches it holds and however many things it is in.
    pub(crate) async fn gone(&mut self, batches: &[i64], reworked: &[i64]) -> Result<Gone, Fault> {
        let mut lines = Vec::new();
        for ids in batches.chunks(AT_ONCE) {
            lines.extend(as_lines(self.rows_in_apart(OF_BATCHES, &[], ids).await?)?);
        }
        for ids in reworked.chunks(AT_ONCE) {
            lines.extend(as_lines(self.rows_in_apart(OF_UNITS, &[], ids).await?)?);
        }
        let known: BTreeSet<i64> =
            if reworked.is_empty() { BTreeSet::new() } else { lines.iter().map(|l| l.unit).collect() };
        let without: Vec<i64> = reworked.iter().copied().filter(|id| !known.contains(id)).collect();
        for (unit, insides) in self.round(&without).await? {
            let nowhere = insides.is_empty().then_some(None);
            let insides = insides.into_iter().map(Some).chain(nowhere);
            let line = |inside| Line { unit, batch: unit, held: During::EVER, pieces: None, inside };
            lines.extend(insides.map(line));
        }
        let containers: BTreeSet<i64> = lines.iter().filter_map(|l| Some(l.inside?.container)).collect();
        let reach = self.reach(containers).await?;
        let counted = self.counted_only(&lines).await?;
        if lines.len() <= QUICK {
            return Ok(add_up(lines, &reach, &counted));
        }
        let sum = move || add_up(lines, &reach, &counted);
        tokio::task::spawn_blocking(sum).await.map_err(|e| Fault::new(false, e))
    }

    /// What units have been directly in; each of them is in the answer.
    async fn round(&self, ids: &[i64]) -> Result<HashMap<i64, Vec<Inside>>, Fault> {
        let mut round: HashMap<i64, Vec<Inside>> = ids.iter().map(|id| (*id, vec![])).collect();
        for row in self.rows_in(ROUND, &[], ids).await? {
            let inside = Inside { container: row.int(1)?, during: During::read(&row, 2)? };
            round.entry(row.int(0)?).or_default().push(inside);
        }
        Ok(round)
    }

    /// Climbs from containers to shipments.
    async fn reach(&mut self, containers: BTreeSet<i64>) -> Result<Reach, Fault> {
        let mut round: HashMap<i64, Vec<Inside>> = HashMap::new();
        let mut ask: Vec<i64> = containers.iter().copied().collect();
        while !ask.is_empty() {
            let outer = self.round(&ask).await?;
            let further: BTreeSet<i64> = outer.values().flatten().map(|inside| inside.container).collect();
            round.extend(outer);
            ask = further.into_iter().filter(|id| !round.contains_key(id)).collect();
        }
        self.learn_ids(round.keys().copied()).await?;
        let shipments: Vec<i64> =
            round.keys().copied().filter(|id| self.is(*id, SubjectKind::Shipment)).collect();
        let moments = self.moments(&shipments).await?;
        let climbed = containers.into_iter().map(|id| (id, climb(id, &round, &moments)));
        Ok(climbed.filter(|(_, found)| !found.is_empty()).collect())
    }

    /// The point of the book that counts for each shipment: its arrival, or now.
    async fn moments(&self, shipments: &[i64]) -> Result<HashMap<i64, i64>, Fault> {
        let marks = self.marks(shipments).await?;
        let moment = |id: &i64| (*id, as_of(Some(SubjectKind::Shipment), marks.get(id)));
        Ok(shipments.iter().map(moment).collect())
    }

    /// Shipments that may hold some of the batches: cartons of them were counted there, not scanned.
    async fn counted_only(&mut self, lines: &[Line]) -> Result<HashMap<i64, i64>, Fault> {
        let holders: BTreeSet<i64> = lines.iter().filter(|l| l.pieces.is_none()).map(|l| l.unit).collect();
        self.learn_ids(holders.iter().copied()).await?;
        let holders: Vec<i64> =
            holders.into_iter().filter(|id| self.is(*id, SubjectKind::Shipment)).collect();
        self.moments(&holders).await
    }
}

fn as_lines(rows: Vec<Row>) -> Result<Vec<Line>, Fault> {
    let line = |row: &Row| {
        let inside = match row.int_or_none(5)? {
            Some(container) => Some(Inside { container, during: During::read(row, 6)? }),
            None => None,
        };
        Ok(Line {
            unit: row.int(0)?,
            batch: row.int(1)?,
            held: During::read(row, 3)?,
            pieces: row.int_or_none(2)?.map(|n| u64::try_from(n).unwrap_or(0)),
            inside,
        })
    };
    rows.iter().map(line).collect()
}

/// The shipments that a container is or was in when it counted. Ways round in a circle, which only a wrong
/// record can make, are left.
fn climb(from: i64, round: &HashMap<i64, Vec<Inside>>, moments: &HashMap<i64, i64>) -> Vec<(i64, i64)> {
    let mut found = BTreeSet::new();
    let mut ways = vec![vec![Inside { container: from, during: During::EVER }]];
    while let Some(way) = ways.pop() {
        let Some(last) = way.last() else { continue };
        if let Some(moment) = moments.get(&last.container)
            && way.iter().all(|step| step.during.holds_at(*moment))
        {
            found.insert((last.container, *moment));
        }
        for next in round.get(&last.container).into_iter().flatten() {
            if way.iter().all(|step| step.container != next.container) {
                ways.push(way.iter().copied().chain([*next]).collect());
            }
        }
    }
    found.into_iter().collect()
}

fn add_up(mut lines: Vec<Line>, reach: &Reach, counted_only: &HashMap<i64, i64>) -> Gone {
    // They come in runs, each in order of the units, which this sort makes use of.
    lines.sort_by_key(|line| line.unit);
    let mut gone = Gone::default();
    let mut left_in: Vec<(i64, i64)> = Vec::new();
    for unit in lines.chunk_by_mut(|a, b| a.unit == b.unit) {
        // One that was asked for by its batch and by itself stands there twice, which counts once below.
        unit.sort_unstable();
        let unit = &*unit;
        if let Some(moment) = counted_only.get(&unit[0].unit) {
            if held_at(unit, *moment).is_some() {
                gone.shipments.entry(unit[0].unit).or_default().unknown = true;
            }
            continue;
        }
        left_in.clear();
        for inside in unit.iter().filter_map(|line| line.inside) {
            let reached = reach.get(&inside.container).into_iter().flatten();
            left_in.extend(reached.filter(|(_, moment)| inside.during.holds_at(*moment)));
        }
        left_in.sort_unstable();
        left_in.dedup();
        let mut last = None;
        for (shipment, moment) in &left_in {
            if let Some(portion) = held_at(unit, *moment) {
                gone.shipments.entry(*shipment).or_default().add(portion);
                last = Some(portion);
            }
        }
        let now = held_at(unit, NOW);
        let Some(portion) = now.or(last) else { continue };
        gone.cartons += 1;
        gone.pieces = gone.pieces.saturating_add(portion.pieces);
        gone.not_shipped += u64::from(last.is_none());
    }
    gone
}

/// What a unit held at a point of the book; `None` for nothing.
fn held_at(unit: &[Line], moment: i64) -> Option<Portion> {
    let mut portion = None;
    for share in unit.chunk_by(|a, b| (a.batch, a.held) == (b.batch, b.held)) {
        if share[0].held.holds_at(moment) {
            let portion = portion.get_or_insert(Portion { cartons: 1, ..Portion::default() });
            portion.pieces = portion.pieces.saturating_add(share[0].pieces.unwrap_or(0));
            portion.unknown |= share[0].pieces.is_none();
        }
    }
    portion
}
