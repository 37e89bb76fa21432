//! How complete each batch is on record: kept for the board, computed by the domain.
//!
//! Whatever changes a batch's dossier makes its row anew in the same transaction, but for the goods themselves:
//! they are moved carton by carton, and to add up a batch's cartons for each of them would make who scans wait
//! for the board. That their batch is due is written with them; the writer makes its row anew once nobody waits,
//! and who looks at the board waits for that, or is told that it is behind. Another version of the program may see
//! completeness otherwise: then every row is made anew when the ledger is opened, a few at a time, beside the work
//! of the day.

use crate::{
    BrandId, Fault, Ledger,
    db::{Db, Tx, Value, values},
    dictionary::Dictionary,
    dossier::{Depth, Eye, Gathering},
    head::Head,
    words::{kind_number, role_bit},
};
use domain::{
    book::Known,
    completeness::{self, Completeness},
    dossier::Dossier,
    state::Effect,
    subject::{Subject, SubjectKind},
    time::months_later,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// Writes the standing of batches.
pub(crate) const KEEP: &str = "insert into standing (brand, batch, made_as, produced_from, complete, asked, \
    rank, since, owes, kept_until, states) values {rows} on conflict (brand, batch) do update set \
    made_as = excluded.made_as, produced_from = excluded.produced_from, complete = excluded.complete, \
    asked = excluded.asked, rank = excluded.rank, since = excluded.since, owes = excluded.owes, \
    kept_until = excluded.kept_until, states = excluded.states";
/// Forgets the standing of batches.
pub(crate) const DROP: &str = "delete from standing where brand = $1 and batch in ({list})";
/// The batches made from material lots.
pub(crate) const MADE_WITH: &str = "select distinct child from link \
    where brand = $1 and kind = 3 and until is null and parent in ({list})";
/// The batches in units and shipments, however deep.
pub(crate) const HELD_IN: &str = crate::open::within!(
    "select distinct b.child from within w join link b on b.brand = $1 and b.kind = 2 and b.parent = w.unit"
);
/// The batches that samples say, or have said, they are of.
pub(crate) const SAMPLED: &str = "select distinct s.id from refer r \
    join subject s on s.brand = r.brand and s.kind = $2 and s.key = r.key \
    where r.brand = $1 and r.field = 'sampled_batch' and r.subject in ({list})";
/// The batches to which others were joined, now or before.
pub(crate) const JOINED_TO: &str = "select distinct s.id from refer r \
    join subject s on s.brand = r.brand and s.kind = $2 and s.key = r.key \
    where r.brand = $1 and r.field like 'bridged_to:%' and r.subject in ({list})";
/// The batches made as what a plan is for.
pub(crate) const MADE_AS: &str = "select batch from standing where brand = $1 and made_as in ({list})";
/// Batches, from one id on.
pub(crate) const BATCHES_FROM: &str =
    "select id from subject where brand = $1 and kind = $2 and id > $3 order by id limit 200";
/// Notes batches whose rows are due.
pub(crate) const NOTE_DUE: &str =
    "insert into standing_due (brand, batch) values {rows} on conflict do nothing";
/// Some whose rows are due.
pub(crate) const DUE: &str = "select brand, batch from standing_due order by brand, batch limit 16";
/// Whether some of a brand are.
pub(crate) const DUE_OF: &str = "select batch from standing_due where brand = $1 limit 1";
/// Those whose rows were made anew.
pub(crate) const DONE: &str = "delete from standing_due where brand = $1 and batch in ({list})";
/// By which rules a brand's rows were made.
pub(crate) const RULES_OF: &str = "select rules from standing_rules where brand = $1";
/// Notes by which they are.
pub(crate) const NOTE_RULES: &str = "insert into standing_rules (brand, rules) values ($1, $2) \
    on conflict (brand) do update set rules = excluded.rules";
/// Every brand.
pub(crate) const BRANDS: &str = "select id from brand order by id";

/// The number of the rules in [`completeness`] and of this file: raised when a row would come out otherwise.
pub(crate) const RULES: i64 = 3;

/// Nothing is missing.
pub(crate) const WHOLE: i64 = 9;

/// What an entry touched that batches may stand otherwise for.
#[derive(Debug, Default)]
pub(crate) struct Shaken {
    batches: BTreeSet<i64>,
    /// Batches of which goods were moved.
    moved: BTreeSet<i64>,
    lots: BTreeSet<i64>,
    holders: BTreeSet<i64>,
    samples: BTreeSet<i64>,
    plans: BTreeSet<String>,
}

impl Shaken {
    /// True where no batch stands otherwise for it that others are judged by.
    pub(crate) fn is_empty(&self) -> bool {
        let Shaken { batches, lots, holders, samples, plans, moved: _ } = self;
        [batches, lots, holders, samples].iter().all(|ids| ids.is_empty()) && plans.is_empty()
    }

    /// Notes what an effect changes for batches. What a unit or shipment holds, `book` tells.
    pub(crate) fn shake(&mut self, effect: &Effect, dictionary: &Dictionary, book: &Known) {
        let subject = match effect {
            Effect::PutIn { content, container, .. } | Effect::TakenOut { content, container, .. } => {
                // What a batch is packed into tells nothing of other batches; what a unit is put into may.
                let whole = content.kind != SubjectKind::Batch && container.kind == SubjectKind::Shipment;
                for moved in [Some(content), whole.then_some(container)].into_iter().flatten() {
                    match moved.kind {
                        SubjectKind::Batch => self.moved.extend(dictionary.id(moved)),
                        _ => self.moved.extend(held(moved, dictionary, book)),
                    }
                }
                return;
            }
            Effect::MadeFrom { output, .. } => output,
            Effect::Named { subject, .. } | Effect::Unnamed { subject, .. }
                if subject.kind != SubjectKind::Batch =>
            {
                return;
            }
            Effect::Marked { subject, .. } | Effect::Moved { subject, .. }
                if subject.kind == SubjectKind::LogisticUnit =>
            {
                return;
            }
            Effect::Named { subject, .. }
            | Effect::Unnamed { subject, .. }
            | Effect::Moved { subject, .. }
            | Effect::Marked { subject, .. }
            | Effect::Counted { subject, .. }
            | Effect::Filed { subject, .. } => subject,
            Effect::Reversed { .. } => return,
        };
        self.note(subject, dictionary, book);
    }

    fn note(&mut self, subject: &Subject, dictionary: &Dictionary, book: &Known) {
        if matches!(subject.kind, SubjectKind::LogisticUnit | SubjectKind::Shipment) {
            self.batches.extend(held(subject, dictionary, book));
        } else if let Some(id) = dictionary.id(subject) {
            self.touch(id, subject);
        }
    }

    /// Notes a subject that was touched, whatever it holds or held.
    pub(crate) fn touch(&mut self, id: i64, subject: &Subject) {
        match subject.kind {
            SubjectKind::Batch => drop(self.batches.insert(id)),
            SubjectKind::MaterialLot => drop(self.lots.insert(id)),
            SubjectKind::LogisticUnit | SubjectKind::Shipment => drop(self.holders.insert(id)),
            SubjectKind::RetainedSample => drop(self.samples.insert(id)),
            SubjectKind::TracePlan => drop(self.plans.insert(subject.key.clone())),
            SubjectKind::TradeItem | SubjectKind::Place | SubjectKind::OrderLine => {}
        }
    }

    /// Makes the rows of all batches anew that it reaches, and notes those whose goods were moved.
    pub(crate) async fn renew(self, tx: &mut Tx, brand: i64) -> Result<(), Fault> {
        let list = |ids: BTreeSet<i64>| ids.into_iter().map(Value::from).collect::<Vec<_>>();
        let batch = kind_number(SubjectKind::Batch);
        let mut batches = self.batches;
        let plans: Vec<Value> = self.plans.into_iter().map(Value::from).collect();
        let joined = list(batches.clone());
        for (sql, fixed, list) in [
            (MADE_WITH, values![brand].to_vec(), list(self.lots)),
            (HELD_IN, values![brand, i64::MAX].to_vec(), list(self.holders)),
            (SAMPLED, values![brand, batch].to_vec(), list(self.samples)),
            (JOINED_TO, values![brand, batch].to_vec(), joined),
            (MADE_AS, values![brand].to_vec(), plans),
        ] {
            for row in tx.rows_in(sql, &fixed, &list).await? {
                batches.insert(row.int(0)?);
            }
        }
        let due: Vec<Vec<Value>> =
            self.moved.difference(&batches).map(|batch| values![brand, *batch].to_vec()).collect();
        tx.execute_many(NOTE_DUE, 2, &due).await?;
        keep(tx, brand, &batches.into_iter().collect::<Vec<_>>()).await
    }
}

/// The batches in a unit or shipment.
fn held<'k>(
    goods: &Subject,
    dictionary: &'k Dictionary,
    book: &'k Known,
) -> impl Iterator<Item = i64> + use<'k> {
    let batches = book.state(goods).into_iter().flat_map(|state| state.contents.keys());
    batches.filter_map(|batch| dictionary.id(batch))
}

/// Makes the rows of batches.
async fn keep(tx: &mut Tx, brand: i64, batches: &[i64]) -> Result<(), Fault> {
    // More dossiers than this at once would take more memory than the group they are of.
    for some in batches.chunks(200) {
        let dossiers = Gathering::begin(Eye::Tx(tx), brand).dossiers(some, Depth::Completeness).await?;
        let (own, joined): (Vec<_>, Vec<_>) =
            dossiers.iter().partition(|(_, dossier)| dossier.bridged_to.is_none());
        let rows: Vec<Vec<Value>> = own.into_iter().map(|(id, dossier)| row(brand, *id, dossier)).collect();
        tx.execute_many(KEEP, 11, &rows).await?;
        // What was joined to another batch has nothing of its own to be complete in.
        let joined: Vec<Value> = joined.into_iter().map(|(id, _)| Value::from(*id)).collect();
        tx.execute_in(DROP, &values![brand], &joined).await?;
    }
    Ok(())
}

fn row(brand: i64, id: i64, dossier: &Dossier) -> Vec<Value> {
    let six = completeness::of(dossier);
    let said = |name: &str| dossier.fact("run_sheet", name);
    let made_as =
        said("trade_item").zip(said("factory")).map(|(item, factory)| Subject::trace_plan(item, factory).key);
    let since = six.gaps().map(|gap| gap.since.0).min().unwrap_or(dossier.since.0);
    let owes = six.gaps().fold(0, |owes, gap| owes | role_bit(gap.owes));
    // A completeness always serialises.
    let states = serde_json::to_string(&six).unwrap_or_default();
    values![
        brand,
        id,
        made_as.unwrap_or_default(),
        said("produced_from").unwrap_or_default(),
        six.complete() as i64,
        six.asked() as i64,
        rank(dossier, &six),
        since,
        owes,
        kept_until(dossier),
        states,
    ]
    .to_vec()
}

/// Where on the board it stands.
fn rank(dossier: &Dossier, six: &Completeness) -> i64 {
    let waits = dossier.shipments.iter().any(|sent| !sent.left);
    let left = dossier.shipments.iter().any(|sent| sent.left);
    match (six.is_complete(), waits, left, dossier.cartons.count > 0) {
        (true, ..) => WHOLE,
        (_, true, ..) => 0,
        (_, _, true, _) => 3,
        (_, _, _, true) => 1,
        _ => 2,
    }
}

/// The last day on which its records have to be kept: so many years after its last shipment, which is still to
/// come while some of it has not left.
fn kept_until(dossier: &Dossier) -> Option<String> {
    let years = dossier.plan().map_or(10, |plan| plan.record_years());
    months_later(dossier.last_left_on()?, years.saturating_mul(12))
}

/// Makes a few of the rows anew that are due; `false` where none is. To be called by the writer.
pub(crate) async fn settle(db: &Db) -> Result<bool, Fault> {
    let mut due: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for row in db.rows(DUE, &[]).await? {
        due.entry(row.int(0)?).or_default().push(row.int(1)?);
    }
    for (brand, batches) in &due {
        let mut tx = db.begin_group().await?;
        // Another program that writes into this book waits, so that nothing it notes meanwhile is lost.
        Head::lock(&mut tx, *brand).await?;
        keep(&mut tx, *brand, batches).await?;
        let done: Vec<Value> = batches.iter().copied().map(Value::from).collect();
        tx.execute_in(DONE, &values![*brand], &done).await?;
        tx.commit().await?;
    }
    Ok(!due.is_empty())
}

/// Makes rows anew that other rules made, or none: a few at a time, so that who hands something in waits for
/// one such step at most.
pub(crate) async fn catch_up(db: Db) -> Result<(), Fault> {
    for brand in db.rows(BRANDS, &[]).await? {
        let brand = brand.int(0)?;
        let rules = db.row(RULES_OF, &values![brand]).await?.map(|row| row.int(0)).transpose()?;
        if rules == Some(RULES) {
            continue;
        }
        let mut from = 0;
        loop {
            let mut tx = db.begin().await?;
            let batch = kind_number(SubjectKind::Batch);
            let rows = tx.rows(BATCHES_FROM, &values![brand, batch, from]).await?;
            let ids = rows.iter().map(|row| row.int(0)).collect::<Result<Vec<i64>, Fault>>()?;
            keep(&mut tx, brand, &ids).await?;
            match ids.last() {
                Some(last) => from = *last,
                None => drop(tx.execute(NOTE_RULES, &values![brand, RULES]).await?),
            }
            tx.commit().await?;
            if ids.is_empty() {
                break;
            }
        }
    }
    Ok(())
}

impl Ledger {
    /// Whether every batch of a brand stands as the book tells. What was moved just now is caught up with, for a
    /// moment at most; after an update of the program all of it takes longer.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn stands(&self, brand: BrandId) -> Result<bool, Fault> {
        let due = async || Ok::<_, Fault>(self.db.row(DUE_OF, &values![brand.0]).await?.is_some());
        if due().await? {
            self.door.settle(PATIENCE).await;
        }
        let rules = self.db.row(RULES_OF, &values![brand.0]).await?;
        Ok(rules.map(|row| row.int(0)).transpose()? == Some(RULES) && !due().await?)
    }
}

/// So long somebody waits for the board, and others for their receipts meanwhile.
const PATIENCE: Duration = Duration::from_millis(200);
