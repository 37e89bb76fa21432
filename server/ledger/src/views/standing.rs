//! How batches stand: one in full, and the board of all that are open.

use super::{PAGE, Reading, records::Called, sources::is_of_supplier};
use crate::{
    Ask, Fault, Ledger, Reader,
    db::{Row, Value, values},
    dossier::{Depth, Eye, Gathering},
    standing::WHOLE,
    words::role_bit,
};
use domain::{
    change,
    completeness::{self, Completeness, PRINTED},
    dossier::Dossier,
    person::Role,
    quantity::Quantity,
    subject::{Level, Subject, SubjectKind},
    text::{Said, Text, text},
    time::Time,
    view::{BoardRow, BoardView, LevelBridge, Page, PlanLine, Rank, StandingView, Titled},
};

/// Open batches on the board, from one on.
pub(crate) const BOARD: &str = "select batch, complete, asked, rank, since, states from standing \
    where brand = $1 and (rank, since, batch) > ($2, $3, $4) and rank < $5 \
    order by rank, since, batch limit 51";
/// The same, of those for which some role owes something. Where these are few, many others are passed over: that
/// is done in the index, and only what is shown is read.
pub(crate) const BOARD_OWED: &str = "select s.batch, s.complete, s.asked, s.rank, s.since, s.states from \
    (select batch from standing where brand = $1 and (rank, since, batch) > ($2, $3, $4) and rank < $5 \
    and (owes / $6) % 2 = 1 order by rank, since, batch limit 51) p \
    join standing s on s.brand = $1 and s.batch = p.batch order by s.rank, s.since, s.batch";
/// How many batches stand at each rank.
pub(crate) const RANKS: &str = "select rank, count(*) from standing where brand = $1 group by rank";

const ORDERED: Text = text("Purchase order line", "采购订单行");
const BILLED: Text = text("Invoice line", "发票行");

/// A rank for its number.
pub(crate) fn rank(number: i64) -> Rank {
    match number {
        0 => Rank::Blocks,
        1 => Rank::Packed,
        2 => Rank::Open,
        3 => Rank::Left,
        _ => Rank::Whole,
    }
}

impl Ledger {
    /// The board of batches to whose records something is missing, what blocks a shipment first; where `owes`
    /// is given, those for which that role owes something. Goes on after `after`.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn board(&self, reader: &Reader, owes: Option<Role>, ask: &Ask) -> Result<BoardView, Fault> {
        if !reader.role.reads_records() {
            return Ok(BoardView { ready: true, ranks: vec![], rows: Page::default() });
        }
        let ready = self.stands(reader.brand).await?;
        let mut reading = Reading::begin(self, reader);
        let mut ranks = vec![];
        for row in reading.rows_apart(RANKS, &[]).await? {
            ranks.push((rank(row.int(0)?), row.count(1)?));
        }
        ranks.sort();
        let (at, since, batch) = cursor(ask.after("rows"));
        let mut fixed = values![at, since, batch, WHOLE].to_vec();
        let sql = match owes {
            Some(role) => {
                fixed.push(role_bit(role).into());
                BOARD_OWED
            }
            None => BOARD,
        };
        let rows = reading.rows_apart(sql, &fixed).await?;
        let next = rows.get(PAGE - 1).filter(|_| rows.len() > PAGE).map(place).transpose()?;
        let rows: Vec<Row> = rows.into_iter().take(PAGE).collect();
        let ids = rows.iter().map(|row| row.int(0)).collect::<Result<Vec<i64>, Fault>>()?;
        reading.learn_titles(ids).await?;
        let told = rows.iter().map(|row| reading.board_row(row)).collect::<Result<Vec<_>, Fault>>()?;
        let total = ranks.iter().filter(|(rank, _)| *rank != Rank::Whole).map(|(_, n)| n).sum();
        Ok(BoardView { ready, ranks, rows: Page { rows: told, total, next } })
    }
}

/// Where a row stands, as a cursor: rank, since, batch.
fn place(row: &Row) -> Result<String, Fault> {
    Ok(format!("{}.{}.{}", row.int(3)?, row.int(4)?, row.int(0)?))
}

fn cursor(after: Option<&str>) -> (i64, i64, i64) {
    let read = |text: &str| {
        let mut numbers = text.splitn(3, '.').map(|n| n.parse::<i64>().ok());
        Some((numbers.next()??, numbers.next()??, numbers.next()??))
    };
    after.and_then(read).unwrap_or((-1, i64::MIN, i64::MIN))
}

impl Reading<'_> {
    /// A gathering in the book that this reading looks at.
    pub(crate) fn gathering(&self) -> Gathering<'_> {
        Gathering::begin(Eye::Look(&self.look), self.brand)
    }

    /// The dossier of a batch.
    pub(crate) async fn dossier(&mut self, id: i64) -> Result<Option<Dossier>, Fault> {
        let dossiers = self.gathering().dossiers(&[id], Depth::Judgment).await?;
        Ok(dossiers.into_iter().next().map(|(_, dossier)| dossier))
    }

    fn board_row(&self, row: &Row) -> Result<BoardRow, Fault> {
        let six: Completeness = serde_json::from_str(&row.text(5)?).map_err(Fault::damaged)?;
        Ok(BoardRow {
            batch: self.titled(row.int(0)?),
            rank: rank(row.int(3)?),
            complete: (row.count(1)?, row.count(2)?),
            records: six.records.iter().map(|record| (record.name.clone(), record.standing)).collect(),
            gaps: six.gaps().cloned().collect(),
            since: Time(row.int(4)?),
        })
    }

    /// How a batch stands, as far as the reader's role may know.
    pub(crate) async fn standing(&mut self, id: i64) -> Result<StandingView, Fault> {
        let Some(dossier) = self.dossier(id).await? else {
            return Err(Fault::new(true, format!("subject {id} is no batch")));
        };
        let may_know = |what: &str| self.role.reads_suppliers() || !is_of_supplier(what);
        let changes = change::of(&dossier).into_iter().filter(|change| may_know(&change.what)).collect();
        let samples: Vec<Subject> = dossier.samples.iter().map(|kept| kept.sample.clone()).collect();
        let plan = self.plan_line(&dossier).await?;
        let bridge = self.bridge(&dossier).await?;
        let joined = self.joined_to(&dossier.batch).await?;
        let joined_to = self.titled_all(dossier.bridged_to.as_slice()).await?.into_iter().next();
        Ok(StandingView {
            completeness: completeness::of(&dossier),
            changes,
            plan,
            bridge,
            samples: self.titled_all(&samples).await?,
            joined,
            joined_to,
        })
    }

    async fn plan_line(&mut self, dossier: &Dossier) -> Result<Option<PlanLine>, Fault> {
        let said = |name: &str| dossier.fact("run_sheet", name);
        let Some((item, factory)) = said("trade_item").zip(said("factory")) else { return Ok(None) };
        let Some(plan) = dossier.plan().or(dossier.plans.last()) else { return Ok(None) };
        let titled = self.titled_all(&[Subject::trace_plan(item, factory)]).await?;
        let line =
            |plan_is: Titled| PlanLine { plan: plan_is, revision: plan.revision, status: plan.status() };
        Ok(titled.into_iter().next().map(line))
    }

    /// Subjects with what they are called; those that are not in the book are left out.
    pub(crate) async fn titled_all(&mut self, subjects: &[Subject]) -> Result<Vec<Titled>, Fault> {
        for kind in SubjectKind::ALL {
            let keys: Vec<&str> =
                subjects.iter().filter(|s| s.kind == kind).map(|s| s.key.as_str()).collect();
            if !keys.is_empty() {
                self.learn_keys(kind, &keys).await?;
            }
        }
        let ids: Vec<i64> = subjects.iter().filter_map(|s| self.known_id(s)).collect();
        self.learn_titles(ids.iter().copied()).await?;
        Ok(ids.into_iter().map(|id| self.titled(id)).collect())
    }

    /// Batches that were joined to one.
    async fn joined_to(&mut self, batch: &Subject) -> Result<Vec<Titled>, Fault> {
        let field = Value::from(format!("bridged_to:{}", batch.key));
        let mut ids = vec![];
        for row in self.rows_of(crate::dossier::parts::JOINED, &[], &[field]).await? {
            ids.push(row.int(1)?);
        }
        self.learn_ids(ids.iter().copied()).await?;
        ids.retain(|id| self.is(*id, SubjectKind::Batch));
        self.learn_titles(ids.iter().copied()).await?;
        Ok(ids.into_iter().map(|id| self.titled(id)).collect())
    }

    /// What leads to the batch, level by level (C02): codes as printed, cartons, shipments, papers.
    async fn bridge(&mut self, dossier: &Dossier) -> Result<Vec<LevelBridge>, Fault> {
        let mut bridge = vec![];
        let asked = completeness::levels(dossier);
        for (level, printed) in PRINTED {
            let text = dossier.fact("run_sheet", printed);
            if !asked.contains(level) && text.is_none() {
                continue;
            }
            let named =
                text.is_some_and(|text| dossier.names.iter().any(|(key, _)| key.as_str() == text.trim()));
            let codes = text.map(str::to_string).into_iter().collect();
            bridge.push(level_bridge(level.title().said(), codes, named));
        }
        if dossier.cartons.count > 0 {
            let count = Some(Quantity::cartons(dossier.cartons.count));
            bridge.push(LevelBridge { count, ..level_bridge(Level::Carton.title().said(), vec![], true) });
        }
        let shipments: Vec<Subject> = dossier.shipments.iter().map(|sent| sent.shipment.clone()).collect();
        if !shipments.is_empty() {
            let things = self.titled_all(&shipments).await?;
            bridge.push(LevelBridge { things, ..level_bridge(Level::Shipment.title().said(), vec![], true) });
        }
        for (paper, level, named_on) in
            [("purchase_order", ORDERED, "purchase_order"), ("invoice", BILLED, "invoice")]
        {
            let lines = dossier
                .lines
                .iter()
                .filter(|line| line.facts.get("paper").map(String::as_str) == Some(paper));
            let lines: Vec<Subject> = lines.map(|line| line.line.clone()).collect();
            let codes: Vec<String> =
                dossier.shipments.iter().filter_map(|sent| sent.facts.get(named_on).cloned()).collect();
            if lines.is_empty() && codes.is_empty() {
                continue;
            }
            let things = self.titled_all(&lines).await?;
            let bridged = !things.is_empty();
            bridge.push(LevelBridge { things, ..level_bridge(level.said(), codes, bridged) });
        }
        Ok(bridge)
    }

    /// What facts are called, for a fact list that is no record's.
    pub(crate) fn no_names() -> Called {
        Called::new()
    }
}

fn level_bridge(level: Said, codes: Vec<String>, bridged: bool) -> LevelBridge {
    LevelBridge { level, codes, things: vec![], count: None, bridged }
}
