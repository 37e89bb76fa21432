//! Where goods have gone: the cartons that hold them, and the shipments these left in (C04).
//!
//! What was in a shipment at any time from when it left until it arrived left in it, whatever was unpacked,
//! repacked or sent on since: goods that somebody took on without recording that they had come are not lost
//! to the shipment they came in. So every link is read with the time for which it held, and added up here:
//! in the database, to count units once each, everything would have to be sorted first.

use super::{
    Reading,
    card::{arrived, under_way},
    goods::{LEFT, NOW, Portion},
};
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

/// The points of the book from one to another, both included, at which something counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Window {
    to: i64,
    from: i64,
}

impl Window {
    const NOW: Window = Window { to: NOW, from: NOW };

    /// What of it lies within the time for which something held.
    fn within(self, during: During) -> Option<Window> {
        let to = during.until.map_or(self.to, |until| self.to.min(until - 1));
        let from = self.from.max(during.since);
        (from <= to).then_some(Window { to, from })
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

/// The shipments that whatever is in a container is or was in, each with when that counted.
type Reach = HashMap<i64, Vec<(i64, Window)>>;

impl Reading<'_> {
    /// Where batches have gone, and units that were reworked with something. A unit counts once, however
    /// many of the batches it holds and however many things it is in.
    pub(crate) async fn gone(&mut self, batches: &[i64], reworked: &[i64]) -> Result<Gone, Fault> {
        let mut lines = Vec::new();
        for ids in batches.chunks(AT_ONCE) {
            lines.extend(as_lines(self.numbers_in(OF_BATCHES, ids).await?)?);
        }
        for ids in reworked.chunks(AT_ONCE) {
            lines.extend(as_lines(self.numbers_in(OF_UNITS, ids).await?)?);
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
        let windows = self.windows(&shipments).await?;
        let climbed = containers.into_iter().map(|id| (id, climb(id, &round, &windows)));
        Ok(climbed.filter(|(_, found)| !found.is_empty()).collect())
    }

    /// When what is in shipments counts as having left in them: from when they left until they arrived;
    /// now, for what has not left.
    async fn windows(&self, shipments: &[i64]) -> Result<HashMap<i64, Window>, Fault> {
        let marks = self.marks(shipments).await?;
        let mut windows: HashMap<i64, Window> = shipments.iter().map(|id| (*id, Window::NOW)).collect();
        let mut come = Vec::new();
        for (id, marks) in &marks {
            let Some(window) = windows.get_mut(id) else { continue };
            if let Some(at) = arrived(marks) {
                *window = Window { to: at, from: at };
                come.push(*id);
            } else if let Some(since) = under_way(marks) {
                window.from = since;
            }
        }
        for row in self.rows_in_apart(LEFT, &[], &come).await? {
            let (id, since) = (row.int(0)?, row.int(1)?);
            // A shipment that was sent again after it had arrived counts from its arrival.
            if let Some(window) = windows.get_mut(&id) {
                window.from = window.from.min(since);
            }
        }
        Ok(windows)
    }

    /// Shipments that may hold some of the batches: cartons of them were counted there, not scanned.
    async fn counted_only(&mut self, lines: &[Line]) -> Result<HashMap<i64, Window>, Fault> {
        let holders: BTreeSet<i64> = lines.iter().filter(|l| l.pieces.is_none()).map(|l| l.unit).collect();
        self.learn_ids(holders.iter().copied()).await?;
        let holders: Vec<i64> =
            holders.into_iter().filter(|id| self.is(*id, SubjectKind::Shipment)).collect();
        self.windows(&holders).await
    }
}

fn as_lines(rows: Vec<[Option<i64>; 8]>) -> Result<Vec<Line>, Fault> {
    let line = |row: [Option<i64>; 8]| {
        let [Some(unit), Some(batch), pieces, Some(since), until, container, since_in, until_in] = row else {
            return Err(Fault::damaged("a share without a unit, a batch or a beginning"));
        };
        Ok(Line {
            unit,
            batch,
            held: During { since, until },
            pieces: pieces.map(|n| u64::try_from(n).unwrap_or(0)),
            inside: container
                .zip(since_in)
                .map(|(container, since)| Inside { container, during: During { since, until: until_in } }),
        })
    };
    rows.into_iter().map(line).collect()
}

/// The shipments that a container is or was in when it counted. Ways round in a circle, which only a wrong
/// record can make, are left.
fn climb(from: i64, round: &HashMap<i64, Vec<Inside>>, windows: &HashMap<i64, Window>) -> Vec<(i64, Window)> {
    let mut found = BTreeSet::new();
    let mut ways = vec![vec![Inside { container: from, during: During::EVER }]];
    while let Some(way) = ways.pop() {
        let Some(last) = way.last() else { continue };
        if let Some(window) = windows.get(&last.container) {
            let all_the_way = way.iter().try_fold(*window, |window, step| window.within(step.during));
            found.extend(all_the_way.map(|window| (last.container, window)));
        }
        for next in round.get(&last.container).into_iter().flatten() {
            if way.iter().all(|step| step.container != next.container) {
                ways.push(way.iter().copied().chain([*next]).collect());
            }
        }
    }
    found.into_iter().collect()
}

fn add_up(mut lines: Vec<Line>, reach: &Reach, counted_only: &HashMap<i64, Window>) -> Gone {
    // They come in runs, each in order of the units, which this sort makes use of.
    lines.sort_by_key(|line| line.unit);
    let mut gone = Gone::default();
    let mut left_in: Vec<(i64, Window)> = Vec::new();
    for unit in lines.chunk_by_mut(|a, b| a.unit == b.unit) {
        // One that was asked for by its batch and by itself stands there twice, which counts once below.
        unit.sort_unstable();
        let unit = &*unit;
        if let Some(window) = counted_only.get(&unit[0].unit) {
            if held_last(unit, *window).is_some() {
                gone.shipments.entry(unit[0].unit).or_default().unknown = true;
            }
            continue;
        }
        left_in.clear();
        for inside in unit.iter().filter_map(|line| line.inside) {
            let reached = reach.get(&inside.container).into_iter().flatten();
            left_in.extend(reached.filter_map(|(id, when)| Some((*id, when.within(inside.during)?))));
        }
        left_in.sort_unstable();
        left_in.dedup();
        let mut last = None;
        for ways in left_in.chunk_by(|a, b| a.0 == b.0) {
            // A unit counts once in a shipment, as it was when it was last in it.
            let held = ways.iter().rev().find_map(|(_, window)| held_last(unit, *window));
            if let Some(portion) = held {
                gone.shipments.entry(ways[0].0).or_default().add(portion);
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

/// What a unit held when it last held anything in a window; `None` for nothing.
fn held_last(unit: &[Line], window: Window) -> Option<Portion> {
    let last = unit.iter().filter_map(|line| Some(window.within(line.held)?.to)).max()?;
    held_at(unit, last)
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
