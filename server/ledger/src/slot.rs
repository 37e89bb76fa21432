//! Slots: the places in which at most one thing holds at a time, and their history as intervals.
//!
//! A carton's code, a subject's hold, a batch's share in a carton: each is a slot. An effect sets it or
//! clears it; what a slot held before, and from which entry to which, stays in its table. So a
//! correction can take an entry back without replaying the book.

use crate::db::{Row, Value, values};
use crate::fault::Fault;

/// The tables that are made of slots.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) enum Table {
    /// A code on a subject: `one` subject, `text` key; value: level.
    Name,
    /// A unit in a container: `one` unit, `two` container; value: cartons it counts for.
    UnitIn,
    /// A batch in a container: `one` batch, `two` container; value: pieces, null where not known.
    BatchIn,
    /// Where a subject is: `one` subject; value: place.
    At,
    /// A disposition: `one` subject, `two` aspect; value: disposition.
    Mark,
    /// A count: `one` subject; value: amount and unit.
    Counted,
    /// The facts of a record kind: `one` subject, `text` record kind; value: facts.
    Fact,
    /// A fact that stands for a subject: `one` subject, `text` field; value: what it says.
    Refer,
}

impl Table {
    /// Every table, in the order in which they are written.
    pub(crate) const ALL: [Table; 8] = [
        Table::Name,
        Table::UnitIn,
        Table::BatchIn,
        Table::At,
        Table::Mark,
        Table::Counted,
        Table::Fact,
        Table::Refer,
    ];

    /// Reads the rows of slots by their `one` column: one, two, text, since, until, then the value.
    pub(crate) const fn select(self) -> &'static str {
        match self {
            Table::Name => {
                "select subject, subject, key, since, until, level from name \
                 where brand = $1 and subject in ({list})"
            }
            Table::UnitIn => {
                "select child, parent, '', since, until, amount from link \
                 where brand = $1 and kind = 1 and child in ({list})"
            }
            Table::BatchIn => {
                "select child, parent, '', since, until, amount from link \
                 where brand = $1 and kind = 2 and parent in ({list})"
            }
            Table::At => {
                "select child, child, '', since, until, parent from link \
                 where brand = $1 and kind = 4 and child in ({list})"
            }
            Table::Mark => {
                "select subject, aspect, '', since, until, disposition from mark \
                 where brand = $1 and subject in ({list})"
            }
            Table::Counted => {
                "select subject, subject, '', since, until, amount, unit from counted \
                 where brand = $1 and subject in ({list})"
            }
            Table::Fact => {
                "select subject, subject, record, since, until, facts from fact \
                 where brand = $1 and subject in ({list})"
            }
            Table::Refer => {
                "select subject, subject, field, since, until, key from refer \
                 where brand = $1 and subject in ({list})"
            }
        }
    }

    /// Writes new rows.
    pub(crate) const fn insert(self) -> &'static str {
        match self {
            Table::Name => "insert into name (brand, subject, key, since, until, level) values {rows}",
            Table::UnitIn | Table::BatchIn | Table::At => {
                "insert into link (brand, kind, child, parent, since, until, amount) values {rows}"
            }
            Table::Mark => {
                "insert into mark (brand, subject, aspect, since, until, disposition) values {rows}"
            }
            Table::Counted => {
                "insert into counted (brand, subject, since, until, amount, unit) values {rows}"
            }
            Table::Fact => "insert into fact (brand, subject, record, since, until, facts) values {rows}",
            Table::Refer => "insert into refer (brand, subject, field, since, until, key) values {rows}",
        }
    }

    /// Sets `until` of rows that are there. The first row of the list only tells the types.
    pub(crate) const fn close(self) -> &'static str {
        match self {
            Table::Name => {
                "with v (b, s, k, f, u) as (values (cast(null as bigint), cast(null as bigint), \
                 cast(null as text), cast(null as bigint), cast(null as bigint)), {rows}) \
                 update name set until = v.u from v where name.brand = v.b and name.key = v.k \
                 and name.subject = v.s and name.since = v.f"
            }
            Table::UnitIn | Table::BatchIn | Table::At => {
                "with v (b, x, c, p, f, u) as (values (cast(null as bigint), cast(null as bigint), \
                 cast(null as bigint), cast(null as bigint), cast(null as bigint), cast(null as bigint)), \
                 {rows}) update link set until = v.u from v where link.brand = v.b and link.kind = v.x \
                 and link.child = v.c and link.parent = v.p and link.since = v.f"
            }
            Table::Mark => {
                "with v (b, s, a, f, u) as (values (cast(null as bigint), cast(null as bigint), \
                 cast(null as bigint), cast(null as bigint), cast(null as bigint)), {rows}) \
                 update mark set until = v.u from v where mark.brand = v.b and mark.subject = v.s \
                 and mark.aspect = v.a and mark.since = v.f"
            }
            Table::Counted => {
                "with v (b, s, f, u) as (values (cast(null as bigint), cast(null as bigint), \
                 cast(null as bigint), cast(null as bigint)), {rows}) \
                 update counted set until = v.u from v where counted.brand = v.b \
                 and counted.subject = v.s and counted.since = v.f"
            }
            Table::Fact => {
                "with v (b, s, r, f, u) as (values (cast(null as bigint), cast(null as bigint), \
                 cast(null as text), cast(null as bigint), cast(null as bigint)), {rows}) \
                 update fact set until = v.u from v where fact.brand = v.b and fact.subject = v.s \
                 and fact.record = v.r and fact.since = v.f"
            }
            Table::Refer => {
                "with v (b, s, d, k, f, u) as (values (cast(null as bigint), cast(null as bigint), \
                 cast(null as text), cast(null as text), cast(null as bigint), cast(null as bigint)), \
                 {rows}) update refer set until = v.u from v where refer.brand = v.b \
                 and refer.subject = v.s and refer.field = v.d and refer.key = v.k and refer.since = v.f"
            }
        }
    }

    /// How many values a row of [`insert`](Self::insert) has.
    pub(crate) const fn insert_width(self) -> usize {
        match self {
            Table::UnitIn | Table::BatchIn | Table::At => 7,
            _ => 6,
        }
    }

    /// How many values a row of [`close`](Self::close) has.
    pub(crate) const fn close_width(self) -> usize {
        match self {
            Table::Counted => 4,
            Table::Name | Table::Mark | Table::Fact => 5,
            _ => 6,
        }
    }

    const fn link_kind(self) -> i64 {
        match self {
            Table::UnitIn => crate::words::UNIT_IN,
            Table::BatchIn => crate::words::BATCH_IN,
            _ => crate::words::AT,
        }
    }
}

/// A slot: which table, and which place in it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct Slot {
    pub(crate) table: Table,
    pub(crate) one: i64,
    pub(crate) two: i64,
    pub(crate) text: String,
}

/// What a slot held from one entry to another.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Interval {
    pub(crate) since: u64,
    /// Null while it holds; below zero where it was taken back.
    pub(crate) until: Option<i64>,
    pub(crate) value: Vec<Value>,
}

impl Slot {
    /// A slot that one number tells.
    pub(crate) fn of(table: Table, one: i64) -> Slot {
        Slot { table, one, two: one, text: String::new() }
    }

    /// A slot that two numbers tell.
    pub(crate) fn between(table: Table, one: i64, two: i64) -> Slot {
        Slot { table, one, two, text: String::new() }
    }

    /// A slot that a number and a text tell.
    pub(crate) fn with_text(table: Table, one: i64, text: impl Into<String>) -> Slot {
        Slot { table, one, two: one, text: text.into() }
    }

    /// The subject by which [`Table::select`] finds it.
    pub(crate) fn found_by(&self) -> i64 {
        if self.table == Table::BatchIn { self.two } else { self.one }
    }

    /// A slot and one of its intervals, from a row of [`Table::select`].
    pub(crate) fn read(table: Table, row: &Row) -> Result<(Slot, Interval), Fault> {
        let slot = Slot { table, one: row.int(0)?, two: row.int(1)?, text: row.text(2)? };
        let value = match table {
            Table::Name | Table::UnitIn | Table::BatchIn | Table::At => vec![row.int_or_none(5)?.into()],
            Table::Counted => vec![row.int(5)?.into(), row.int(6)?.into()],
            Table::Mark | Table::Fact | Table::Refer => vec![row.text(5)?.into()],
        };
        Ok((slot, Interval { since: row.count(3)?, until: row.int_or_none(4)?, value }))
    }

    /// The row that writes an interval.
    pub(crate) fn insert_row(&self, brand: i64, interval: &Interval) -> Vec<Value> {
        let (since, until) = (interval.since, interval.until);
        let first = || interval.value.first().cloned().unwrap_or(Value::Int(None));
        match self.table {
            Table::Name | Table::Fact | Table::Refer => {
                let mut row = values![brand, self.one, &self.text, since, until].to_vec();
                row.push(first());
                row
            }
            Table::UnitIn | Table::BatchIn => {
                let kind = self.table.link_kind();
                let mut row = values![brand, kind, self.one, self.two, since, until].to_vec();
                row.push(first());
                row
            }
            Table::At => {
                let mut row = values![brand, self.table.link_kind(), self.one].to_vec();
                row.push(first());
                row.extend(values![since, until, None::<i64>]);
                row
            }
            Table::Mark => {
                let mut row = values![brand, self.one, self.two, since, until].to_vec();
                row.push(first());
                row
            }
            Table::Counted => {
                let mut row = values![brand, self.one, since, until].to_vec();
                row.extend(interval.value.iter().cloned());
                row
            }
        }
    }

    /// The row that sets the end of an interval that is in the table.
    pub(crate) fn close_row(&self, brand: i64, interval: &Interval, until: Option<i64>) -> Vec<Value> {
        let since = interval.since;
        let first = || interval.value.first().cloned().unwrap_or(Value::Int(None));
        let mut row = match self.table {
            Table::Name | Table::Fact => values![brand, self.one, &self.text, since].to_vec(),
            Table::UnitIn | Table::BatchIn => {
                values![brand, self.table.link_kind(), self.one, self.two, since].to_vec()
            }
            Table::At => {
                let mut row = values![brand, self.table.link_kind(), self.one].to_vec();
                row.push(first());
                row.push(since.into());
                row
            }
            Table::Mark => values![brand, self.one, self.two, since].to_vec(),
            Table::Counted => values![brand, self.one, since].to_vec(),
            Table::Refer => {
                let mut row = values![brand, self.one, &self.text].to_vec();
                row.push(first());
                row.push(since.into());
                row
            }
        };
        row.push(until.into());
        row
    }
}

/// One thing that happened to a slot: from entry `seq` on it holds `value`, or nothing.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) seq: u64,
    pub(crate) value: Option<Vec<Value>>,
}

/// What steps come to: where the interval that was open ends, and the intervals that are new.
pub(crate) fn settle(was_open: bool, steps: &[Step]) -> (Option<u64>, Vec<Interval>) {
    let mut ends = None;
    let mut old_is_open = was_open;
    let mut new: Vec<Interval> = vec![];
    for step in steps {
        let at = i64::try_from(step.seq).ok();
        if old_is_open {
            (old_is_open, ends) = (false, Some(step.seq));
        } else if let Some(last) = new.last_mut().filter(|i| i.until.is_none()) {
            last.until = at;
        }
        let Some(value) = &step.value else { continue };
        match new.last_mut().filter(|i| i.since == step.seq) {
            // Set twice by one entry: the last word counts.
            Some(same) => (same.value, same.until) = (value.clone(), None),
            None => new.push(Interval { since: step.seq, until: None, value: value.clone() }),
        }
    }
    (ends, new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(seq: u64, value: Option<i64>) -> Step {
        Step { seq, value: value.map(|v| vec![v.into()]) }
    }

    fn told(was_open: bool, steps: &[Step]) -> (Option<u64>, Vec<(u64, Option<i64>)>) {
        let (ends, new) = settle(was_open, steps);
        (ends, new.iter().map(|i| (i.since, i.until)).collect())
    }

    #[test]
    fn each_value_holds_until_the_next() {
        let steps = [step(5, Some(1)), step(7, Some(2)), step(9, None)];
        assert_eq!(told(true, &steps), (Some(5), vec![(5, Some(7)), (7, Some(9))]));
        assert_eq!(told(false, &steps[..1]), (None, vec![(5, None)]));
        assert_eq!(told(true, &[step(5, None), step(6, None)]), (Some(5), vec![]));
    }

    #[test]
    fn within_one_entry_the_last_word_counts_and_a_former_name_stays() {
        assert_eq!(told(false, &[step(5, Some(1)), step(5, Some(2))]), (None, vec![(5, None)]));
        assert_eq!(told(false, &[step(5, Some(1)), step(5, None)]), (None, vec![(5, Some(5))]));
        let thrice = [step(5, Some(1)), step(5, None), step(5, Some(3))];
        assert_eq!(told(true, &thrice), (Some(5), vec![(5, None)]));
    }
}
