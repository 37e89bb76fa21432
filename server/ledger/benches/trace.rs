//! Trace forward of a material lot, against the plain indexed read of the same rows.
//!
//! `--cartons N` (1,000,000), `--lots N` (16), `--rounds N` (9), `--postgres`, `--anew`.
//!
//! Given the batches, the plain read asks the database for their shares in cartons and for what these
//! cartons are in, by index. *Fetched* brings these rows here; *added up* lets the database add them, so
//! that no row leaves it. Both run on one connection of the same driver with the same settings, in turn
//! with the trace.

use domain::subject::Subject;
use ledger::{Ask, Ledger, Reader};
use measure::{
    Args, Outcome,
    database::{self, Engine},
    plain::Plain,
    report::{self, Table, median},
    workload::Workload,
};
use std::time::Instant;

fn main() -> Outcome {
    let args = Args::of_process();
    let workload = Workload { cartons: args.number("--cartons", 1_000_000)? };
    let (lots, rounds) = (args.number("--lots", 16)?, args.number("--rounds", 9)?);
    report::head("trace", &args);
    let columns = [
        "database",
        "cartons",
        "batches",
        "trace, ms",
        "fetched, ms",
        "added up, ms",
        "trace/fetched",
        "trace/added up",
    ];
    let mut table = Table::new(&columns);
    for engine in Engine::chosen(args.has("--postgres"))? {
        let row = measure::runtime()?.block_on(async {
            let url = engine.filled(workload, args.has("--anew")).await?;
            measure(engine, &url, workload, lots, rounds).await
        })?;
        table.row(&row);
    }
    println!("W({}), medians of {rounds} rounds over {lots} material lots\n", workload.cartons);
    table.print();
    Ok(())
}

async fn measure(
    engine: Engine,
    url: &str,
    workload: Workload,
    lots: u64,
    rounds: u64,
) -> Outcome<Vec<String>> {
    let ledger = Ledger::open(url).await?;
    let reader = database::reader(&database::brand(&ledger).await?);
    let mut plain = Plain::open(url).await?;
    let [mut trace, mut counted, mut fetched] = [vec![], vec![], vec![]];
    let (mut cartons, mut batches) = (0, 0);
    let lots: Vec<Lot> = {
        let mut found = Vec::new();
        for key in workload.some_material_lots(lots) {
            found.push(Lot { batches: batches_of(&mut plain, reader, &key).await?, key });
        }
        found
    };
    // The first round warms the caches and is not counted.
    for round in 0..=rounds {
        for lot in &lots {
            let begun = Instant::now();
            let subject = Subject::material_lot(lot.key.as_str());
            let found = ledger.trace_forward(&reader, &subject, &Ask::default()).await?;
            let took_trace = begun.elapsed();
            let found = found.ok_or("a material lot is missing")?;

            let begun = Instant::now();
            let sums = plain.row(&lot.sql(COUNTED)).await?;
            let took_counted = begun.elapsed();
            let begun = Instant::now();
            let rows = plain.count_rows(&lot.sql(FETCHED)).await?;
            let took_fetched = begun.elapsed();

            let told = [found.cartons, found.pieces];
            let agree = told.iter().zip(&sums).all(|(told, sum)| u64::try_from(*sum) == Ok(*told));
            if !agree || (rows as u64) < found.cartons {
                return Err(format!("{}: the trace found {found:?}, the plain read {sums:?}", lot.key).into());
            }
            if round == 0 {
                cartons += found.cartons;
                batches += found.batches;
                continue;
            }
            trace.push(took_trace.as_secs_f64() * 1e3);
            counted.push(took_counted.as_secs_f64() * 1e3);
            fetched.push(took_fetched.as_secs_f64() * 1e3);
        }
    }
    ledger.close().await;
    let n = lots.len().max(1) as u64;
    let (trace, counted, fetched) = (median(trace), median(counted), median(fetched));
    Ok(vec![
        engine.title().into(),
        (cartons / n).to_string(),
        (batches / n).to_string(),
        format!("{trace:.2}"),
        format!("{fetched:.2}"),
        format!("{counted:.2}"),
        format!("{:.2} x", trace / fetched),
        format!("{:.2} x", trace / counted),
    ])
}

/// A material lot and the ids of the batches made from it.
struct Lot {
    key: String,
    batches: Vec<i64>,
}

/// The rows of the batches' shares in cartons, each with what its carton is in.
const FETCHED: &str = "select b.parent, b.amount, c.parent from link b left join link c \
    on c.brand = b.brand and c.kind = 1 and c.child = b.parent and c.until is null \
    where b.brand = 1 and b.kind = 2 and b.until is null and b.child in ({batches})";
/// The same, added up.
const COUNTED: &str = "select count(distinct b.parent), cast(sum(b.amount) as bigint), count(c.parent) \
    from link b left join link c \
    on c.brand = b.brand and c.kind = 1 and c.child = b.parent and c.until is null \
    where b.brand = 1 and b.kind = 2 and b.until is null and b.child in ({batches})";

impl Lot {
    fn sql(&self, sql: &str) -> String {
        let ids: Vec<String> = self.batches.iter().map(i64::to_string).collect();
        sql.replace("{batches}", &ids.join(","))
    }
}

/// The batches made from a material lot.
async fn batches_of(plain: &mut Plain, reader: Reader, key: &str) -> Outcome<Vec<i64>> {
    let brand = reader.brand.0;
    let sql = format!(
        "select distinct child from link where brand = {brand} and kind = 3 and parent = \
         (select id from subject where brand = {brand} and key = '{key}')"
    );
    plain.column(&sql).await
}
