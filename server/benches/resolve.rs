//! A resolve over HTTP: requests a second as a share of a hello route of the same process, and processor
//! time of the server a request, at two sizes of the book.
//!
//! And what a resolve costs while 500 events a second are committed.
//!
//! `--cartons N` (1,000,000), `--small N` (20,000) the book to compare with, `--written N` (200,000) the one
//! that is written to, `--postgres` on PostgreSQL, too, `--anew` fills the databases again.
//!
//! *Cold*: every code is asked for the first time since the server started. *Warm*: the same ones again.
//! A warehouse is in between.

mod http;

use http::Server;
use measure::{
    Args, Outcome,
    client::{self, Load},
    database::Engine,
    machine, process,
    report::{self, Table},
    workload::{Of, Workload},
};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

const CONNECTIONS: usize = 32;
/// Codes of one run, where the book has as many.
const CODES: u64 = 40_000;
const HELLO: Duration = Duration::from_secs(3);
const COMMITS: u64 = 500;

fn main() -> Outcome {
    let args = Args::of_process();
    let large = Workload { cartons: args.number("--cartons", 1_000_000)? };
    let small = Workload { cartons: args.number("--small", 20_000)? };
    let written = Workload { cartons: args.number("--written", 200_000)? };
    if let Some(url) = args.text(http::FLAG) {
        return http::serve(url, large);
    }
    report::head("resolve", &args);
    for engine in Engine::chosen(args.has("--postgres"))? {
        let mut costs = Vec::new();
        for workload in [small, large] {
            let url = measure::runtime()?.block_on(engine.filled(workload, args.has("--anew")))?;
            let mut server = Server::start(&url, workload)?;
            println!("\n{}, W({}), {CONNECTIONS} connections\n", engine.title(), workload.cartons);
            costs.push(measure(&mut server, workload)?);
        }
        if let [small_cost, large_cost] = costs[..] {
            println!(
                "\nProcessor time of a cold resolve as people scan, W({}) over W({}): {:.2} x",
                large.cartons,
                small.cartons,
                large_cost / small_cost
            );
        }
        println!(
            "\n{}, W({}), while {COMMITS} events a second are captured\n",
            engine.title(),
            written.cartons
        );
        resolves(engine, written, HELLO)?;
    }
    println!("\n{}", machine::facts());
    Ok(())
}

/// One run of requests with the server's processor time for each, in microseconds.
struct Run {
    load: Load,
    cpu: f64,
}

fn run(server: &Server, requests: &[Vec<u8>], expected: u16, during: Option<Duration>) -> Outcome<Run> {
    let before = process::cpu(server.pid())?;
    let load = client::load(server.address, CONNECTIONS, requests, expected, during)?;
    if load.astray > 0 {
        return Err(format!("{} of {} answers were not {expected}", load.astray, load.answered).into());
    }
    let cpu = (process::cpu(server.pid())? - before).as_secs_f64() * 1e6 / load.answered as f64;
    Ok(Run { load, cpu })
}

/// Prints a table of runs; returns the processor time of a cold resolve as people scan, from the cost of
/// each kind of code, so that a small book, which has few lot codes, is comparable with a large one.
fn measure(server: &mut Server, workload: Workload) -> Outcome<f64> {
    let hello = [client::request("/hello", &server.token)];
    let begun = Instant::now();
    run(server, &hello, 200, Some(Duration::from_secs(1)))?;
    let first = run(server, &hello, 200, Some(HELLO))?;

    let mut runs: Vec<(String, Run)> = Vec::new();
    let kinds = [(Of::Sscc, 0.7), (Of::Mark, 0.1), (Of::LotCode, 0.1), (Of::DigitalLink, 0.1)];
    let mut cold = 0.0;
    for (of, share) in kinds.into_iter().chain([(Of::Nothing, 0.0)]) {
        // From the far end, so that the mixture below still finds codes that nobody asked for.
        let codes: Vec<_> = (0..CODES / 10).filter_map(|i| far(workload, of, i)).collect();
        let requests: Vec<_> = codes.iter().map(|code| ask(server, code)).collect();
        let expected = if of == Of::Nothing { 404 } else { 200 };
        let run = run(server, &requests, expected, None)?;
        cold += run.cpu * share;
        runs.push((format!("cold, {}", of.title()), run));
    }
    let mixed: Vec<_> =
        workload.mixed((workload.batches() * 5).min(CODES)).iter().map(|code| ask(server, code)).collect();
    runs.push(("cold, as people scan".into(), run(server, &mixed, 200, None)?));
    runs.push(("warm, as people scan".into(), run(server, &mixed, 200, Some(HELLO))?));
    let last = run(server, &hello, 200, Some(HELLO))?;

    let base = (first.load.rate() + last.load.rate()) / 2.0;
    runs.insert(0, ("hello, before".into(), first));
    runs.push(("hello, after".into(), last));
    let columns = ["asked", "codes", "requests/s", "of hello", "server CPU, µs", "p99, ms", "bytes"];
    let mut table = Table::new(&columns);
    for (title, Run { load, cpu }) in &runs {
        table.row(&[
            title.clone(),
            load.answered.to_string(),
            format!("{:.0}", load.rate()),
            format!("{:.0} %", load.rate() / base * 100.0),
            format!("{cpu:.0}"),
            format!("{:.1}", load.within(0.99)),
            (load.bytes / load.answered.max(1)).to_string(),
        ]);
    }
    table.print();
    let (now, most) = process::memory(server.pid())?;
    let took = begun.elapsed().as_secs_f64();
    println!("\nServer memory after it: {now:.0} MiB, at most {most:.0} MiB ({took:.0} s)");
    Ok(cold)
}

/// The last codes of the random order.
fn far(workload: Workload, of: Of, i: u64) -> Option<String> {
    let most = match of {
        Of::LotCode | Of::DigitalLink => workload.batches(),
        _ => workload.cartons,
    };
    let half = most / 2;
    (i < half).then(|| workload.code(of, most - 1 - i)).flatten()
}

fn ask(server: &Server, code: &str) -> Vec<u8> {
    client::request(&format!("/api/v1/resolve?code={}", client::encoded(code)), &server.token)
}

/// Resolves without commits and with them. The processor time of the commits alone is taken off.
fn resolves(engine: Engine, workload: Workload, during: Duration) -> Outcome {
    let url = measure::runtime()?.block_on(engine.copy(workload, "meanwhile"))?;
    let mut server = Server::start(&url, workload)?;
    let codes = workload.mixed(workload.batches() * 10);
    let (beforehand, codes) = codes.split_at(codes.len() / 10);
    let (first, second) = codes.split_at(codes.len() / 2);
    let columns = ["codes", "commits/s", "requests/s", "server CPU, µs", "p50, ms", "p99, ms", "cost"];
    let mut table = Table::new(&columns);
    let mut alone = [0.0; 2];
    // Once through, so that the pages of the database are in memory in either case.
    resolve(&server, beforehand, None)?;
    for (commits, cold) in [(0, first), (COMMITS, second)] {
        commit(&mut server, commits)?;
        std::thread::sleep(Duration::from_millis(500));
        let idle = {
            let (before, begun) = (process::cpu(server.pid())?, Instant::now());
            std::thread::sleep(during);
            (process::cpu(server.pid())? - before).as_secs_f64() / begun.elapsed().as_secs_f64()
        };
        let warm = &cold[..cold.len() / 2];
        for (i, (title, codes, during)) in
            [("cold", cold, None), ("warm", warm, Some(during))].into_iter().enumerate()
        {
            let captured_before = captured(&server)?;
            let before = process::cpu(server.pid())?;
            let load = resolve(&server, codes, during)?;
            let seconds = load.took.as_secs_f64();
            let cpu = (process::cpu(server.pid())? - before).as_secs_f64() - idle * seconds;
            let cost = cpu * 1e6 / load.answered as f64;
            if commits == 0 {
                alone[i] = cost;
            }
            table.row(&[
                title.into(),
                format!("{:.0}", (captured(&server)? - captured_before) as f64 / seconds),
                format!("{:.0}", load.rate()),
                format!("{cost:.0}"),
                format!("{:.1}", load.within(0.5)),
                format!("{:.1}", load.within(0.99)),
                format!("{:.2} x", cost / alone[i]),
            ]);
        }
    }
    table.print();
    Ok(())
}

fn resolve(server: &Server, codes: &[String], during: Option<Duration>) -> Outcome<client::Load> {
    let requests: Vec<_> = codes.iter().map(|code| ask(server, code)).collect();
    client::load(server.address, CONNECTIONS, &requests, 200, during)
}

/// How many events the server has captured.
fn captured(server: &Server) -> Outcome<u64> {
    let mut stream = TcpStream::connect(server.address)?;
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let line = answer.lines().find_map(|line| line.strip_prefix("lotwalk_ledger_captures_total "));
    Ok(line.ok_or("the metrics tell no captures")?.trim().parse()?)
}

/// Lets the server capture so many events a second from now on, as single events that the writer may gather.
fn commit(server: &mut Server, a_second: u64) -> Outcome {
    let input = server.child.stdin.as_mut().ok_or("the server takes no words")?;
    writeln!(input, "{a_second}")?;
    Ok(input.flush()?)
}
