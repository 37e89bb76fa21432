//! What a shipment holds, as the gate looks at it.

use super::{Depth, Gathering, parts::discrepancy};
use crate::{
    db::{Value, values},
    fault::Fault,
    open::{self, within},
};
use domain::{
    dossier::OrderLine,
    gate::Loaded,
    record::{Records, of_kind},
    state::Disposition,
    subject::SubjectKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// Every unit in a shipment, with how many batches lie directly in it.
pub(crate) const UNITS_WITHIN: &str = within!(
    "select w.unit, w.own, count(b.child) from within w \
     left join link b on b.brand = $1 and b.kind = 2 and b.parent = w.unit and b.until is null \
     group by w.unit, w.own"
);
/// What is open about a shipment and the units in it.
pub(crate) const OPEN_WITHIN: &str = within!(
    "select d.subject, d.kind from within w join discrepancy d \
     on d.brand = $1 and d.subject = w.unit and d.closed is null"
);
/// The order and invoice lines of papers, by the numbers of these.
pub(crate) const LINES_OF: &str = "select subject from refer \
    where brand = $1 and field = 'number' and until is null and key in ({list})";

/// Now: later than every entry.
const NOW: i64 = i64::MAX;

/// What a shipment holds; nothing where it is not in the book.
pub(crate) async fn loaded(gathering: &mut Gathering<'_>, id: i64) -> Result<Option<Loaded>, Fault> {
    gathering.learn([id]).await?;
    let Some(shipment) = gathering.subject(id).cloned() else { return Ok(None) };
    let one = [Value::from(id)];
    let mut records = gathering.records(&[id]).await?;
    let records = records.remove(&id).unwrap_or_default();
    let mut shares = BTreeMap::new();
    let mut batches = vec![];
    for row in gathering.rows_in(open::CONTENTS, &values![NOW], &one).await? {
        batches.push(row.int(1)?);
        shares.insert(row.int(1)?, open::share(&row, 2)?);
    }
    gathering.learn(batches.iter().copied()).await?;
    let shares =
        shares.into_iter().filter_map(|(id, share)| Some((gathering.subject(id)?.clone(), share))).collect();
    let (cartons, empty, units) = units(gathering, id).await?;
    let stopped = stopped(gathering, id, &units, &batches).await?;
    let mut open = vec![];
    let mut about = vec![];
    for row in gathering.rows_in(OPEN_WITHIN, &values![NOW], &one).await? {
        about.push(row.int(0)?);
        open.push((row.int(0)?, discrepancy(row.text(1)?)?));
    }
    gathering.learn(about).await?;
    let open =
        open.into_iter().filter_map(|(id, kind)| Some((kind, gathering.subject(id)?.clone()))).collect();
    let lines = lines(gathering, &records).await?;
    let batches = gathering.dossiers(&batches, Depth::Judgment).await?.into_iter().map(|(_, d)| d).collect();
    Ok(Some(Loaded { subject: shipment, records, cartons, shares, empty, stopped, open, lines, batches }))
}

/// How many cartons, those of which nothing says what they hold, and every unit. A pallet holds cartons, and
/// need not hold a batch itself.
async fn units(
    gathering: &mut Gathering<'_>,
    id: i64,
) -> Result<(u64, Vec<domain::subject::Subject>, BTreeSet<i64>), Fault> {
    let (mut cartons, mut bare, mut all) = (0, vec![], BTreeSet::new());
    for row in gathering.rows_in(UNITS_WITHIN, &values![NOW], &[Value::from(id)]).await? {
        let (unit, own, batches) = (row.int(0)?, row.count(1)?, row.count(2)?);
        if unit == id {
            continue;
        }
        cartons += own;
        all.insert(unit);
        if own > 0 && batches == 0 {
            bare.push(unit);
        }
    }
    gathering.learn(bare.iter().copied()).await?;
    let bare = bare.into_iter().filter_map(|unit| gathering.subject(unit).cloned()).collect();
    Ok((cartons, bare, all))
}

/// What in it must not be moved: itself, a unit in it, or a batch.
async fn stopped(
    gathering: &mut Gathering<'_>,
    id: i64,
    units: &BTreeSet<i64>,
    batches: &[i64],
) -> Result<Option<domain::subject::Subject>, Fault> {
    let within: Option<i64> = match units.is_empty() {
        true => None,
        false => {
            let rows = gathering.rows_in(open::STOPPED_WITHIN, &values![NOW], &[Value::from(id)]).await?;
            rows.first().map(|row| row.int(1)).transpose()?
        }
    };
    let asked: Vec<Value> = batches.iter().chain([&id]).map(|id| Value::from(*id)).collect();
    let mut found = within;
    for row in gathering.rows_in(open::MARKS, &[], &asked).await? {
        if Disposition::from_word(&row.text(1)?).is_some_and(Disposition::stops) {
            found = found.or(Some(row.int(0)?));
        }
    }
    gathering.learn(found).await?;
    Ok(found.and_then(|id| gathering.subject(id).cloned()))
}

/// The lines of its purchase order and invoice, and whether each was joined to a batch.
async fn lines(gathering: &mut Gathering<'_>, records: &Records) -> Result<Vec<(OrderLine, bool)>, Fault> {
    let papers = ["purchase_order", "invoice"].iter().filter_map(|name| records.get("shipment")?.fact(name));
    let numbers: Vec<Value> = papers.map(Value::from).collect();
    let mut ids = vec![];
    for row in gathering.rows_in(LINES_OF, &[], &numbers).await? {
        ids.push(row.int(0)?);
    }
    gathering.learn(ids.iter().copied()).await?;
    ids.retain(|id| gathering.is(*id, SubjectKind::OrderLine));
    let records = gathering.records(&ids).await?;
    let line = |id: &i64| {
        let filed = records.get(id)?;
        let facts = filed.get("order_line")?.facts.clone();
        let joined = of_kind(filed, "bridge").next().is_some();
        Some((OrderLine { line: gathering.subject(*id)?.clone(), facts, pieces: None }, joined))
    };
    Ok(ids.iter().filter_map(line).collect())
}
