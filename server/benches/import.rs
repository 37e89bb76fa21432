//! Importing W(n) with the `lotwalk` program: rate, memory, and bytes on disk.
//!
//! `--cartons N` (1,000,000), `--small N` (20,000) for the server's memory, `--workload DIR` to import a
//! folder that is there, `--postgres`.

mod http;

use http::Server;
use ledger::Ledger;
use measure::{
    Args, Outcome, client,
    database::{self, Engine},
    process,
    report::{self, Table},
    workload::Workload,
};
use sqlx::{Connection, Row};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

fn main() -> Outcome {
    let args = Args::of_process();
    let large = Workload { cartons: args.number("--cartons", 1_000_000)? };
    let small = Workload { cartons: args.number("--small", 20_000)? };
    if let Some(url) = args.text(http::FLAG) {
        return http::serve(url, large);
    }
    report::head("import", &args);
    for engine in Engine::chosen(args.has("--postgres"))? {
        let mut memory = Vec::new();
        for workload in [small, large] {
            let folder = match args.text("--workload") {
                Some(folder) if workload.cartons == large.cartons => PathBuf::from(folder),
                _ => {
                    let folder = database::scratch()?.join(format!("w{}", workload.cartons));
                    workload.write_folder(&folder)?;
                    folder
                }
            };
            let url = measure::runtime()?.block_on(engine.fresh("imported"))?;
            println!("\n{}, W({})\n", engine.title(), workload.cartons);
            import(&url, &folder, workload)?;
            measure::runtime()?.block_on(sizes(&url, workload))?;
            memory.push((workload.cartons, serve(&url, workload)?));
        }
        println!();
        for (cartons, (begun, used, most)) in memory {
            println!(
                "Server on W({cartons}): {begun:.0} MiB started, {used:.0} MiB after resolves, at most {most:.0} MiB"
            );
        }
    }
    Ok(())
}

/// Imports a folder and prints how fast, and how much memory it took at most.
fn import(url: &str, folder: &Path, workload: Workload) -> Outcome {
    let begun = Instant::now();
    let mut program = Command::new(env!("CARGO_BIN_EXE_lotwalk"));
    program.args(["--database", url, "import", "--workload"]).arg(folder);
    let mut child = program.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let mut most = 0.0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        // A process that is ending tells no memory any more.
        most = process::memory(child.id()).map_or(most, |(_, most)| most);
        std::thread::sleep(Duration::from_millis(20));
    };
    if !status.success() {
        return Err(format!("the import ended with {status}").into());
    }
    let seconds = begun.elapsed().as_secs_f64();
    let (cartons, entries) = (workload.cartons as f64, workload.entries() as f64);
    println!(
        "Imported in {seconds:.1} s: {:.0} cartons/s, {:.0} entries/s; at most {most:.0} MiB\n",
        cartons / seconds,
        entries / seconds
    );
    Ok(())
}

/// What a table or index belongs to.
const PARTS: [(&str, &[&str]); 4] = [
    ("ledger", &["entry", "log_node", "log_head", "checkpoint", "correction", "brand"]),
    ("names", &["name", "subject"]),
    ("links", &["link"]),
    ("other projections", &["mark", "counted", "fact", "refer", "subject_entry", "discrepancy"]),
];

const SQLITE_SIZES: &str = "select m.tbl_name, sum(d.pgsize) from dbstat d \
    join sqlite_schema m on m.name = d.name where d.aggregate = true group by m.tbl_name";
const POSTGRES_SIZES: &str = "select relname::text, pg_total_relation_size(oid)::bigint from pg_class \
    where relkind = 'r' and relnamespace = 'public'::regnamespace";

/// Prints the bytes a carton of every part, indexes included.
async fn sizes(url: &str, workload: Workload) -> Outcome {
    // Closing writes the log back into the file.
    Ledger::open(url).await?.close().await;
    let tables: Vec<(String, i64)> = if url.starts_with("sqlite:") {
        let mut to = sqlx::SqliteConnection::connect(url).await?;
        let rows = sqlx::query(SQLITE_SIZES).fetch_all(&mut to).await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
    } else {
        let mut to = sqlx::PgConnection::connect(url).await?;
        let rows = sqlx::query(POSTGRES_SIZES).fetch_all(&mut to).await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
    };
    let a_carton = |bytes: i64| format!("{:.0}", bytes as f64 / workload.cartons as f64);
    let mut table = Table::new(&["part", "bytes a carton"]);
    let mut all = 0;
    for (part, names) in PARTS {
        let bytes = tables.iter().filter(|(name, _)| names.contains(&name.as_str())).map(|(_, b)| b).sum();
        all += bytes;
        table.row(&[part.into(), a_carton(bytes)]);
    }
    table.row(&["together".into(), a_carton(all)]);
    table.print();
    Ok(())
}

/// The server's memory: when it has started, after resolves, and the most there was.
fn serve(url: &str, workload: Workload) -> Outcome<(f64, f64, f64)> {
    let server = Server::start(url, workload)?;
    let (begun, _) = process::memory(server.pid())?;
    let codes = workload.mixed((workload.batches() * 5).min(100_000));
    let requests: Vec<_> = codes
        .iter()
        .map(|code| {
            client::request(&format!("/api/v1/resolve?code={}", client::encoded(code)), &server.token)
        })
        .collect();
    client::load(server.address, 32, &requests, 200, None)?;
    let (used, most) = process::memory(server.pid())?;
    Ok((begun, used, most))
}
