//! Taking an entry back: what it set has never been so, and what it had ended holds again, unless
//! something else has taken its place.

use super::{Projections, share_of};
use crate::{
    db::{Tx, Value, values},
    fault::Fault,
    open::parse_ids,
    slot::{Interval, Slot, Table},
};
use domain::quantity::{Pieces, Share};
use std::collections::{BTreeMap, HashMap};

/// The subjects that an entry touched.
pub(crate) const SUBJECTS_OF: &str = "select subjects from entry where brand = $1 and seq = $2";
/// Marks an entry as corrected; the first correction counts.
pub(crate) const CORRECT: &str =
    "insert into correction (brand, seq, corrected_by) values ($1, $2, $3) on conflict do nothing";
/// The codes that an entry put on or took off, on whatever they are.
pub(crate) const SAME_KEYS: &str = "select subject, subject, key, since, until, level from name \
    where brand = $1 and key in ({list})";
/// Made-from links are not slots: each is an interval of its own.
pub(crate) const UNMADE: &str = "update link set until = $3 where brand = $1 and kind = 3 and since = $2 \
    and until is null and child in ({list})";
/// What the entry raised is settled with it.
pub(crate) const SETTLED: &str =
    "update discrepancy set closed = $3 where brand = $1 and seq = $2 and closed is null";
/// What it closed by naming a code is open again.
pub(crate) const UNSETTLED: &str =
    "update discrepancy set closed = null where brand = $1 and closed = $2 and key in ({list})";
/// A share that was counted on top of what was taken back.
pub(crate) const RECOUNT: &str = "update link set amount = $5, until = $6 \
    where brand = $1 and kind = 2 and child = $2 and parent = $3 and since = $4";

impl Projections {
    /// Takes back what entry `target` did, on behalf of entry `by`. Everything added before must have
    /// been flushed. Returns the subjects it had touched.
    pub(crate) async fn reverse(
        &mut self,
        tx: &mut Tx,
        brand: i64,
        target: u64,
        by: u64,
    ) -> Result<Vec<i64>, Fault> {
        let Some(row) = tx.rows(SUBJECTS_OF, &values![brand, target]).await?.into_iter().next() else {
            return Ok(vec![]);
        };
        let subjects = parse_ids(&row.text(0)?)?;
        let ids: Vec<Value> = subjects.iter().map(|id| Value::from(*id)).collect();
        tx.execute(CORRECT, &values![brand, target, by]).await?;
        let mut keys = Vec::new();
        for table in Table::ALL {
            let history = history(tx, brand, table, &ids).await?;
            if table == Table::Name {
                keys = touched_keys(&history, target);
                let same = tx.rows_in(SAME_KEYS, &values![brand], &keys).await?;
                let mut by_key = BTreeMap::new();
                for row in &same {
                    let (slot, interval) = Slot::read(table, row)?;
                    by_key.entry(slot.text.clone()).or_insert_with(Vec::new).push((slot, interval));
                }
                take_back(tx, brand, table, by_key.into_values(), target, by).await?;
            } else if table == Table::BatchIn {
                recount(tx, brand, history, target, by).await?;
            } else {
                // A unit that has since been put elsewhere is not put back: one slot a unit.
                let mut groups: BTreeMap<(i64, i64, String), Vec<(Slot, Interval)>> = BTreeMap::new();
                for (slot, intervals) in history {
                    let two = if table == Table::UnitIn { slot.one } else { slot.two };
                    let group = groups.entry((slot.one, two, slot.text.clone())).or_default();
                    group.extend(intervals.into_iter().map(|i| (slot.clone(), i)));
                }
                take_back(tx, brand, table, groups.into_values(), target, by).await?;
            }
        }
        let minus = -i64::try_from(by).unwrap_or(i64::MAX);
        tx.execute_in(UNMADE, &values![brand, target, minus], &ids).await?;
        tx.execute(SETTLED, &values![brand, target, by]).await?;
        tx.execute_in(UNSETTLED, &values![brand, target], &keys).await?;
        self.touched.extend(&subjects);
        self.touched_keys.extend(keys.iter().filter_map(|k| match k {
            Value::Text(Some(text)) => Some(text.to_string()),
            _ => None,
        }));
        Ok(subjects)
    }
}

/// All intervals of the slots of some subjects that have not been taken back, the earliest first.
async fn history(
    tx: &mut Tx,
    brand: i64,
    table: Table,
    ids: &[Value],
) -> Result<BTreeMap<Slot, Vec<Interval>>, Fault> {
    let mut history: BTreeMap<Slot, Vec<Interval>> = BTreeMap::new();
    for row in tx.rows_in(table.select(), &values![brand], ids).await? {
        let (slot, interval) = Slot::read(table, &row)?;
        history.entry(slot).or_default().push(interval);
    }
    for intervals in history.values_mut() {
        intervals.retain(|i| i.until.is_none_or(|u| u > 0));
        intervals.sort_by_key(|i| i.since);
    }
    Ok(history)
}

fn touched_keys(history: &BTreeMap<Slot, Vec<Interval>>, target: u64) -> Vec<Value> {
    let target_end = i64::try_from(target).ok();
    let touched = |i: &Interval| i.since == target || i.until == target_end;
    let mut keys: Vec<&str> = history
        .iter()
        .filter(|(_, intervals)| intervals.iter().any(touched))
        .map(|(slot, _)| slot.text.as_str())
        .collect();
    keys.dedup();
    keys.into_iter().map(Value::from).collect()
}

/// Within each group at most one interval holds at a time (save for codes that two subjects share): what
/// began with `target` is taken back, what ended with it goes on to the next that has begun since.
async fn take_back(
    tx: &mut Tx,
    brand: i64,
    table: Table,
    groups: impl Iterator<Item = Vec<(Slot, Interval)>>,
    target: u64,
    by: u64,
) -> Result<(), Fault> {
    let minus = i64::try_from(by).ok().map(|by| -by);
    let target_end = i64::try_from(target).ok();
    let mut rows = Vec::new();
    for group in groups {
        let next = group
            .iter()
            .filter(|(_, i)| i.since > target && i.until.is_none_or(|u| u > 0))
            .map(|(_, i)| i.since)
            .min();
        for (slot, interval) in &group {
            if interval.since == target && interval.until.is_none_or(|u| u > 0) {
                rows.push(slot.close_row(brand, interval, minus));
            } else if interval.until == target_end {
                let until = next.and_then(|n| i64::try_from(n).ok());
                rows.push(slot.close_row(brand, interval, until));
            }
        }
    }
    tx.execute_many(table.close(), table.close_width(), &rows).await
}

/// Shares are counted one on top of the other, so what came after `target` is counted again without it.
async fn recount(
    tx: &mut Tx,
    brand: i64,
    history: BTreeMap<Slot, Vec<Interval>>,
    target: u64,
    by: u64,
) -> Result<(), Fault> {
    for (slot, intervals) in history {
        let target_end = i64::try_from(target).ok();
        if !intervals.iter().any(|i| i.since == target || i.until == target_end) {
            continue;
        }
        let ends = without(&intervals, target, by);
        for interval in &intervals {
            let Some((amount, until)) = ends.get(&interval.since) else { continue };
            let mut values = values![brand, slot.one, slot.two, interval.since].to_vec();
            values.push(amount.clone());
            values.push((*until).into());
            tx.execute(RECOUNT, &values).await?;
        }
    }
    Ok(())
}

/// The intervals of one share as they are when what `target` did is left out: by `since`, the amount and
/// the end.
fn without(intervals: &[Interval], target: u64, by: u64) -> HashMap<u64, (Value, Option<i64>)> {
    let mut out = HashMap::new();
    // What was, and what would have been.
    let (mut was, mut is): (Option<Share>, Option<Share>) = (None, None);
    let mut last: Option<u64> = None;
    let mut was_until: Option<i64> = None;
    let end = |out: &mut HashMap<u64, (Value, Option<i64>)>, last: Option<u64>, at: Option<i64>| {
        if let Some(entry) = last.and_then(|l| out.get_mut(&l)) {
            entry.1 = at;
        }
    };
    for interval in intervals {
        let since = i64::try_from(interval.since).ok();
        if was.is_some() && was_until != since {
            // It had been emptied before this interval began.
            if was_until != i64::try_from(target).ok() {
                end(&mut out, last, was_until);
                is = None;
            }
            was = None;
        }
        let now = share_of(interval);
        if interval.since == target {
            let minus = i64::try_from(by).ok().map(|by| -by);
            out.insert(interval.since, (super::amount_of(now), minus));
        } else {
            is = Some(moved_along(was, is, now));
            end(&mut out, last, since);
            let amount = is.map(super::amount_of).unwrap_or(Value::Int(None));
            out.insert(interval.since, (amount, None));
            last = Some(interval.since);
        }
        (was, was_until) = (Some(now), interval.until);
    }
    let emptied_by_target = was_until == i64::try_from(target).ok();
    if !emptied_by_target {
        end(&mut out, last, was_until);
    }
    out
}

/// The step from `was` to `now`, made from `is` instead.
fn moved_along(was: Option<Share>, is: Option<Share>, now: Share) -> Share {
    let number = |share: Option<Share>| match share {
        None => Some(0),
        Some(Share::Exactly(p)) => Some(p.0),
        Some(Share::Unknown) => None,
    };
    match (number(was), number(is), now) {
        (Some(was), Some(is), Share::Exactly(Pieces(now))) => {
            Share::Exactly(Pieces(is.saturating_add(now).saturating_sub(was)))
        }
        // Where the number was not known before, the step tells none either.
        (None, _, now) => now,
        _ => Share::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(since: u64, until: Option<i64>, amount: Option<i64>) -> Interval {
        Interval { since, until, value: vec![Value::Int(amount)] }
    }

    #[test]
    fn shares_are_counted_again_without_what_was_taken_back() {
        // 24 put in by 1, 4 taken out by 5, 5 more by 9: without 5 it is 24, then 19.
        let was =
            [interval(1, Some(5), Some(24)), interval(5, Some(9), Some(20)), interval(9, None, Some(15))];
        let now = without(&was, 5, 12);
        assert_eq!(now[&1], (Value::Int(Some(24)), Some(9)));
        assert_eq!(now[&5].1, Some(-12));
        assert_eq!(now[&9], (Value::Int(Some(19)), None));
    }

    #[test]
    fn what_was_emptied_is_full_again() {
        let was = [interval(1, Some(5), Some(24))];
        assert_eq!(without(&was, 5, 6)[&1], (Value::Int(Some(24)), None));
        // Emptied by 5 and filled again by 8: both fillings count.
        let was = [interval(1, Some(5), Some(24)), interval(8, None, Some(10))];
        let now = without(&was, 5, 9);
        assert_eq!(now[&1], (Value::Int(Some(24)), Some(8)));
        assert_eq!(now[&8], (Value::Int(Some(34)), None));
        // Taking back the first filling leaves the second.
        let now = without(&was, 1, 9);
        assert_eq!(now[&1].1, Some(-9));
        assert_eq!(now[&8], (Value::Int(Some(10)), None));
    }
}
