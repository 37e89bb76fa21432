//! Durable captures: how many a second with 1, 8 and 64 clients at once, against one transaction per
//! event.
//!
//! `--seconds N` (5) for each figure, `--cartons N` (20,000) in the book, `--postgres`.
//!
//! A client hands in one event, the packing of a new carton, and waits for its receipt before the next.
//! *One at a time* is the same path with the clients queueing before the door, so that the writer never
//! finds more than one event to write.

use ledger::Ledger;
use measure::{
    Args, Outcome,
    database::{self, Engine},
    report::{self, Table, percentile},
    workload::Workload,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;

fn main() -> Outcome {
    let args = Args::of_process();
    let workload = Workload { cartons: args.number("--cartons", 20_000)? };
    let during = Duration::from_secs(args.number("--seconds", 5)?);
    report::head("capture", &args);
    for engine in Engine::chosen(args.has("--postgres"))? {
        println!("\n{}, W({})\n", engine.title(), workload.cartons);
        captures(engine, workload, during)?;
    }
    Ok(())
}

fn captures(engine: Engine, workload: Workload, during: Duration) -> Outcome {
    let columns = ["clients", "captures/s", "of one at a time", "p50, ms", "p99, ms"];
    let mut table = Table::new(&columns);
    let runtime = measure::runtime()?;
    runtime.block_on(async {
        let url = engine.copy(workload, "captures").await?;
        let ledger = Ledger::open(&url).await?;
        let numbers = Arc::new(AtomicU64::new(0));
        capture(&ledger, workload, &numbers, 8, None, Duration::from_secs(1)).await?;
        let mut base = 0.0;
        let runs = [(1, Some(1), "1, one at a time"), (64, Some(1), "64, one at a time")];
        let runs = runs.into_iter().chain([(1, None, "1"), (8, None, "8"), (64, None, "64")]);
        for (clients, at_once, title) in runs {
            let micros = capture(&ledger, workload, &numbers, clients, at_once, during).await?;
            let rate = micros.len() as f64 / during.as_secs_f64();
            if at_once.is_some() {
                base = f64::max(base, rate);
            }
            table.row(&[
                title.into(),
                format!("{rate:.0}"),
                format!("{:.1} x", rate / base),
                format!("{:.1}", percentile(&micros, 0.5) / 1e3),
                format!("{:.1}", percentile(&micros, 0.99) / 1e3),
            ]);
        }
        ledger.close().await;
        Outcome::Ok(())
    })?;
    table.print();
    Ok(())
}

/// Captures from so many clients until the time is over; returns how long each took, in microseconds.
async fn capture(
    ledger: &Ledger,
    workload: Workload,
    numbers: &Arc<AtomicU64>,
    clients: usize,
    at_once: Option<usize>,
    during: Duration,
) -> Outcome<Vec<u32>> {
    let brand = database::brand(ledger).await?.id;
    let door = Arc::new(Semaphore::new(at_once.unwrap_or(clients)));
    let begun = Instant::now();
    let clients: Vec<_> = (0..clients)
        .map(|_| {
            let (ledger, numbers, door) = (ledger.clone(), numbers.clone(), door.clone());
            tokio::spawn(async move {
                let mut micros = Vec::new();
                while begun.elapsed() < during {
                    let _turn = door.acquire().await?;
                    let draft = workload.another(numbers.fetch_add(1, Relaxed));
                    let asked = Instant::now();
                    let answers = ledger.capture(brand, &database::person(), vec![draft]).await?;
                    for answer in answers {
                        answer.map_err(|refusal| format!("refused: {refusal:?}"))?;
                    }
                    micros.push(u32::try_from(asked.elapsed().as_micros())?);
                }
                Outcome::Ok(micros)
            })
        })
        .collect();
    let mut all = Vec::new();
    for client in clients {
        all.extend(client.await??);
    }
    all.sort_unstable();
    Ok(all)
}
