//! The server in a process of its own: its processor time and memory are its alone.
//!
//! The bench runs itself again with [`FLAG`]. That one serves the database with the router, the layers,
//! the log (thrown away by the kernel) and the connections of `lotwalk serve`, and beside it a hello
//! route that passes none of the layers. It ends when its standard input does.

use axum::{Router, routing::get};
use axum_server::accept::NoDelayAcceptor;
use domain::person::Role;
use ledger::{Brand, Ledger};
use measure::{Outcome, database, workload::Workload};
use server::{api::token, router, shared::Shared};
use std::{
    io::{BufRead, BufReader, stdin},
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

/// The option that makes the bench a server.
pub(crate) const FLAG: &str = "--serve";

/// A running server.
pub(crate) struct Server {
    /// Its process; a line on its standard input sets the pace of commits.
    pub(crate) child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// A buyer's token.
    pub(crate) token: String,
}

impl Server {
    /// Starts one on a database that holds a workload.
    pub(crate) fn start(url: &str, workload: Workload) -> Outcome<Server> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args([FLAG, url, "--cartons", &workload.cartons.to_string()]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        if std::env::var_os("LOTWALK_LOG").is_none() {
            command.stderr(Stdio::null());
        }
        let mut child = command.spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("the server has no output")?).read_line(&mut line)?;
        let (address, token) = line.trim().split_once(' ').ok_or("the server did not start")?;
        Ok(Server { address: address.parse()?, token: token.into(), child })
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // Whether it ended well is nothing to a figure that was taken before.
        let _ = self.child.wait();
    }
}

/// Serves until standard input ends.
pub(crate) fn serve(url: &str, workload: Workload) -> Outcome {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(
            std::env::var("LOTWALK_LOG").unwrap_or_else(|_| "info,sqlx=warn".into()),
        ))
        .with_writer(std::io::stderr)
        .with_target(false)
        .json()
        .flatten_event(true)
        .init();
    measure::runtime()?.block_on(async {
        let ledger = Ledger::open(url).await?;
        let brand = database::brand(&ledger).await?;
        let (secret, digest) = token::make();
        ledger.create_token(brand.id, "bench", Role::Buyer, &digest).await?;
        let pace = Arc::new(AtomicU64::new(0));
        tokio::spawn(commit(ledger.clone(), brand.clone(), workload, pace.clone()));
        let shared = Shared::new(ledger.clone(), brand, None, false);
        let app: Router = router::build(&shared, false).route("/hello", get(async || "hello"));
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        println!("{} {secret}", listener.local_addr()?);
        std::thread::spawn(move || {
            for line in stdin().lock().lines().map_while(Result::ok) {
                pace.store(line.trim().parse().unwrap_or(0), Relaxed);
            }
            std::process::exit(0);
        });
        let service = app.into_make_service_with_connect_info::<SocketAddr>();
        axum_server::from_tcp(listener)?.acceptor(NoDelayAcceptor::new()).serve(service).await?;
        Ok(())
    })
}

/// Captures at the pace that was told last, as phones do that know nothing of each other: none waits for
/// another's receipt.
async fn commit(ledger: Ledger, brand: Brand, workload: Workload, pace: Arc<AtomicU64>) -> Outcome {
    let mut n = 0;
    loop {
        let a_second = pace.load(Relaxed);
        if a_second == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        }
        let mut tick = tokio::time::interval(Duration::from_secs(1) / u32::try_from(a_second)?);
        while pace.load(Relaxed) == a_second {
            tick.tick().await;
            n += 1;
            let (ledger, brand, draft) = (ledger.clone(), brand.id, workload.another(n));
            tokio::spawn(async move { ledger.capture(brand, &database::person(), vec![draft]).await });
        }
    }
}
