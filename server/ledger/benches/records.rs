//! The completeness board over 100,000 open batches, and the gate of a shipment of 2,000 cartons, against the
//! plain indexed read of the same rows.
//!
//! `--batches N` (100,000), `--rounds N` (100), `--postgres`, `--anew`.
//!
//! The plain read is told what the view has to find out: it asks by id, on one connection of the same driver
//! with the same settings, in turn with the view. For the board it brings the rows of the page with what
//! titles are made of, and counts the ranks; for the gate the cartons with what is in them, and the records
//! of shipment, batches, material lots, trade items, trace plans, samples and order lines with their entries.

use domain::{
    person::Role,
    view::{BoardView, Rank},
};
use ledger::{Ask, Ledger, Reader};
use measure::{
    Args, Outcome,
    database::{self, Engine},
    plain::Plain,
    records::{GATE, Records},
    report::{self, Table, percentile},
};
use std::time::{Duration, Instant};

fn main() -> Outcome {
    let args = Args::of_process();
    let records = Records { batches: args.number("--batches", 100_000)? };
    let rounds = args.number("--rounds", 100)?;
    report::head("records", &args);
    let columns = [
        "database, view",
        "rows",
        "p50, ms",
        "p95, ms",
        "plain p50, ms",
        "plain p95, ms",
        "p50/p50",
        "p95/p95",
    ];
    let mut table = Table::new(&columns);
    for engine in Engine::chosen(args.has("--postgres"))? {
        measure::runtime()?.block_on(async {
            let url = records.filled(engine, args.has("--anew")).await?;
            measure(engine, &url, records, rounds, &mut table).await
        })?;
    }
    println!("R({}), {rounds} rounds\n", records.batches);
    table.print();
    Ok(())
}

async fn measure(engine: Engine, url: &str, records: Records, rounds: u64, table: &mut Table) -> Outcome {
    let ledger = Ledger::open(url).await?;
    let reader = database::reader(&database::brand(&ledger).await?);
    // What another version of the program filled is seen with the eyes of this one first.
    while !ledger.stands(reader.brand).await? {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let mut plain = Plain::open(url).await?;
    let last = plain.row(BEFORE_LAST_PAGE).await?.iter().map(i64::to_string).collect::<Vec<_>>().join(".");
    let last = Ask { list: Some("rows".into()), after: Some(last) };
    let mut pages = vec![("the whole".to_string(), None, Ask::default()), ("last page".into(), None, last)];
    pages.extend(Role::ALL.map(|role| (format!("owed by {}", role.word()), Some(role), Ask::default())));
    for (name, owes, ask) in &pages {
        let board = ledger.board(&reader, *owes, ask).await?;
        check(&board, records)?;
        let batches = ids(&mut plain, board.rows.rows.iter().map(|r| &r.batch.subject.key)).await?;
        let statements = [STANDING, RANKS, SUBJECTS, FACTS, NAMES].map(|sql| listed(sql, &batches));
        let times = in_turn(rounds, &mut plain, &statements, async || {
            let found = ledger.board(&reader, *owes, ask).await?;
            check(&found, records)
        })
        .await?;
        table.row(&times.row(engine, &format!("board, {name}"), batches.len()));
    }
    let (statements, rows) = at_gate(&mut plain).await?;
    let times = in_turn(rounds, &mut plain, &statements, async || gate(&ledger, &reader).await).await?;
    table.row(&times.row(engine, "gate", rows));
    ledger.close().await;
    Ok(())
}

/// The board is up to date, nothing is left out, and every rank occurs.
fn check(board: &BoardView, records: Records) -> Outcome {
    let occurs = |rank: &Rank| board.ranks.iter().any(|(of, n)| of == rank && *n > 0);
    match board.ready && board.rows.total >= records.batches && Rank::ALL.iter().all(occurs) {
        true => Ok(()),
        false => Err(format!("the board has {:?}, ready: {}", board.ranks, board.ready).into()),
    }
}

/// The gate finds what it is to find: one batch without final inspection and sign-off, one without a sample
/// (whose pieces are nowhere then), and two lines that nobody joined.
async fn gate(ledger: &Ledger, reader: &Reader) -> Outcome {
    let gate = ledger.gate(reader, GATE).await?.ok_or("there is no shipment at the gate")?;
    let failures = gate.rules.iter().flat_map(|rule| &rule.failures);
    let mut found: Vec<&str> = failures.map(|(failure, _)| failure.fact.as_str()).collect();
    found.sort_unstable();
    match found == FOUND {
        true => Ok(()),
        false => Err(format!("the gate found {found:?}").into()),
    }
}

const FOUND: [&str; 6] = [
    "carton_range.not_packed",
    "inspection_report.final",
    "order_line",
    "order_line",
    "release",
    "retained_sample",
];

/// How long view and plain read took, in microseconds, the shortest first.
struct Times {
    view: Vec<u32>,
    plain: Vec<u32>,
}

impl Times {
    fn row(&self, engine: Engine, name: &str, rows: usize) -> Vec<String> {
        let ms = |micros: &[u32], share| percentile(micros, share) / 1000.0;
        let at = |share| (ms(&self.view, share), ms(&self.plain, share));
        let ((p50, plain50), (p95, plain95)) = (at(0.5), at(0.95));
        let shown = [p50, p95, plain50, plain95].map(|ms| format!("{ms:.1}"));
        let name = [format!("{}, {name}", engine.title()), rows.to_string()];
        let ratios = [p50 / plain50, p95 / plain95].map(|ratio| format!("{ratio:.2} x"));
        name.into_iter().chain(shown).chain(ratios).collect()
    }
}

/// View and plain read, in turn. The first round warms the caches and is not counted.
async fn in_turn(
    rounds: u64,
    plain: &mut Plain,
    statements: &[String],
    view: impl AsyncFn() -> Outcome,
) -> Outcome<Times> {
    let mut times = Times { view: vec![], plain: vec![] };
    for round in 0..=rounds {
        let begun = Instant::now();
        view().await?;
        let took_view = begun.elapsed();
        let begun = Instant::now();
        for sql in statements {
            plain.count_rows(sql).await?;
        }
        let took_plain = begun.elapsed();
        if round > 0 {
            times.view.push(u32::try_from(took_view.as_micros())?);
            times.plain.push(u32::try_from(took_plain.as_micros())?);
        }
    }
    times.view.sort_unstable();
    times.plain.sort_unstable();
    Ok(times)
}

const STANDING: &str = "select batch, complete, asked, rank, since, states from standing \
    where brand = 1 and batch in ({list})";
const RANKS: &str = "select rank, count(*) from standing where brand = 1 group by rank";
const SUBJECTS: &str = "select id, kind, key from subject where brand = 1 and id in ({list})";
const FACTS: &str = "select subject, record, since, facts from fact where brand = 1 and until is null and subject in ({list})";
const NAMES: &str =
    "select subject, key, level, until, since from name where brand = 1 and subject in ({list})";
const RECORDS: &str = "select e.seq, e.kind, e.event_time, e.zone, e.evidence, f.subject, f.record, f.facts \
    from fact f join entry e on e.brand = f.brand and e.seq = f.since \
    where f.brand = 1 and f.until is null and f.subject in ({list})";
const UNITS_IN: &str = "select child, parent, amount from link \
    where brand = 1 and kind = 1 and until is null and parent in ({list})";
const BATCHES_IN: &str = "select child, parent, amount from link \
    where brand = 1 and kind = 2 and until is null and parent in ({list})";
const MADE_FROM: &str = "select parent, child, since from link \
    where brand = 1 and kind = 3 and until is null and child in ({list})";
const MARKS: &str =
    "select subject, disposition, since from mark where brand = 1 and until is null and subject in ({list})";
const OPEN: &str =
    "select subject, kind from discrepancy where brand = 1 and closed is null and subject in ({list})";
/// Where the board's last page begins.
const BEFORE_LAST_PAGE: &str = "select rank, since, batch from standing where brand = 1 and rank < 9 \
    order by rank desc, since desc, batch desc limit 1 offset 50";
/// Of the batches at the gate: what is kept of them, their order lines, their trade items and trace plans, and
/// the batches before them.
const SAMPLES: &str = "select subject from refer where brand = 1 and field = 'sampled_batch' and until is null \
    and key in (select key from subject where brand = 1 and id in ({list}))";
const LINES: &str = "select subject from refer where brand = 1 and field = 'number' and until is null \
    and key in ('PO-1', 'INV-1')";
const MADE_AS: &str = "select distinct made_as from standing where brand = 1 and batch in ({list})";
const BEFORE: &str = "select max(w.batch) from standing b join standing w on w.brand = b.brand and \
    w.made_as = b.made_as and w.batch < b.batch where b.brand = 1 and b.batch in ({list}) group by b.batch";

fn listed(sql: &str, ids: &[i64]) -> String {
    // A page may be empty, and a list may not.
    let ids: Vec<String> = ids.iter().chain([&0]).map(i64::to_string).collect();
    sql.replace("{list}", &ids.join(","))
}

/// The statements of the gate's plain read, and how many rows they bring.
async fn at_gate(plain: &mut Plain) -> Outcome<(Vec<String>, usize)> {
    let shipment = ids(plain, [&GATE.to_string()]).await?;
    let directly = plain.column(&listed(UNITS_IN, &shipment)).await?;
    let on_pallets = plain.column(&listed(UNITS_IN, &directly)).await?;
    let units = [shipment.clone(), directly, on_pallets].concat();
    let mut batches = plain.column(&listed(BATCHES_IN, &units)).await?;
    batches.sort_unstable();
    batches.dedup();
    let before = plain.column(&listed(BEFORE, &batches)).await?;
    let made = [batches.clone(), before].concat();
    let lots = plain.column(&listed(MADE_FROM, &made)).await?;
    let mut others = plain.column(&listed(SAMPLES, &batches)).await?;
    others.extend(plain.column::<i64>(LINES).await?);
    let plans: Vec<String> = plain.column(&listed(MADE_AS, &batches)).await?;
    let items = plans.iter().filter_map(|plan| plan.split_once('@')).map(|(item, _)| item.to_string());
    let keys: Vec<String> = items.chain(plans.iter().cloned()).collect();
    others.extend(ids(plain, &keys).await?);
    let mut subjects = [shipment, made.clone(), lots, others].concat();
    subjects.sort_unstable();
    subjects.dedup();
    let mut statements: Vec<String> =
        [UNITS_IN, BATCHES_IN, MARKS, OPEN].map(|sql| listed(sql, &units)).into();
    statements.push(listed(MADE_FROM, &made));
    statements.extend([SUBJECTS, RECORDS, NAMES, MARKS, OPEN].map(|sql| listed(sql, &subjects)));
    let mut rows = 0;
    for sql in &statements {
        rows += plain.count_rows(sql).await?;
    }
    Ok((statements, rows))
}

/// The ids of subjects by their keys; in this book none is of two kinds.
async fn ids<'k>(plain: &mut Plain, keys: impl IntoIterator<Item = &'k String>) -> Outcome<Vec<i64>> {
    let keys: Vec<String> = keys.into_iter().map(|key| format!("'{key}'")).collect();
    if keys.is_empty() {
        return Ok(vec![]);
    }
    let kinds = "kind in (1, 2, 3, 4, 5, 6, 7, 8, 9)";
    let sql = format!("select id from subject where brand = 1 and {kinds} and key in ({})", keys.join(","));
    plain.column(&sql).await
}
