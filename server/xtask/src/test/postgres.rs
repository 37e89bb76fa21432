//! A PostgreSQL that lasts as long as the tests do.

use super::packages::Need;
use crate::guard::Guard;
use crate::run::{self, Outcome};
use std::fs::{self, File};
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Where tests find the PostgreSQL they may use; set by hand, it replaces the throw-away one.
pub(crate) const URL: &str = "LOTWALK_TEST_POSTGRES";

/// The server programs; a client alone will not do.
pub(crate) const NEED: Need = Need {
    what: "PostgreSQL 15 or newer",
    packages: &["postgresql"],
    is_here: || std::env::var_os(URL).is_some() || programs().is_some(),
    otherwise: "name a server in LOTWALK_TEST_POSTGRES",
};

const OLDEST: u32 = 15;
const STARTS_WITHIN: Duration = Duration::from_secs(60);

/// Starts a cluster of our own on a free port of this machine, and returns its URL. It syncs as a real
/// one does: tests of durability mean nothing without.
pub(crate) fn throw_away(guard: &mut Guard) -> Outcome<String> {
    let programs = programs().ok_or("PostgreSQL's initdb was not found")?;
    let owner = Owner::find()?;
    let dir = std::env::temp_dir().join(format!("lotwalk-postgres-{}", std::process::id()));
    fs::DirBuilder::new().mode(0o700).create(&dir).map_err(|e| cannot("make", &dir, &e))?;
    guard.at_end(&format!("rm -rf '{}'", dir.display()))?;

    // Whoever may connect as its superuser may run programs as its owner: hence a password, also here.
    let password = password()?;
    let (data, key, log) = (dir.join("data"), dir.join("password"), dir.join("log"));
    fs::write(&key, &password).map_err(|e| cannot("write", &key, &e))?;
    let out = File::create(&log).map_err(|e| cannot("write", &log, &e))?;
    owner.give(&[&dir, &key, &log])?;

    let mut initdb = owner.runs(&programs.join("initdb"), &dir);
    initdb.args([
        "--username=postgres",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-locale",
        "--no-sync",
    ]);
    run::read(initdb.arg("--pwfile").arg(&key).arg("--pgdata").arg(&data))?;

    let port = free_port()?;
    let mut server = owner.runs(&programs.join("postgres"), &dir);
    server.arg("-D").arg(&data).args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]);
    server.args(["-c", &format!("port={port}"), "-c", "max_connections=200"]);
    let log_too = out.try_clone().map_err(|e| cannot("write", &log, &e))?;
    // INT is its fast shutdown.
    let mut server = guard.spawn(server.stdout(out).stderr(log_too), "INT")?;
    wait_until_ready(&programs, port, &mut server, &log)?;
    // Someone has to take note of its end, or the guard would wait for what has ended already.
    std::thread::spawn(move || server.wait());
    Ok(format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres"))
}

fn wait_until_ready(programs: &Path, port: u16, server: &mut Child, log: &Path) -> Outcome {
    let begun = Instant::now();
    loop {
        let mut ready = Command::new(programs.join("pg_isready"));
        if run::says_yes(ready.args(["--host=127.0.0.1", &format!("--port={port}")])) {
            return Ok(());
        }
        let ended = server.try_wait().ok().flatten();
        if ended.is_some() || begun.elapsed() > STARTS_WITHIN {
            let said = fs::read_to_string(log).unwrap_or_default();
            return Err(format!("PostgreSQL did not start:\n{said}"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Who the server runs as: it refuses to be root.
struct Owner {
    ids: Option<(u32, u32)>,
}

impl Owner {
    fn find() -> Outcome<Owner> {
        if run::read(Command::new("id").arg("-u"))? != "0" {
            return Ok(Owner { ids: None });
        }
        let id = |which| {
            let said = run::read(Command::new("id").args([which, "postgres"]))?;
            said.parse().map_err(|_| format!("`id {which} postgres` said {said:?}"))
        };
        Ok(Owner { ids: Some((id("-u")?, id("-g")?)) })
    }

    fn give(&self, paths: &[&Path]) -> Outcome {
        let Some((user, group)) = self.ids else { return Ok(()) };
        paths
            .iter()
            .try_for_each(|p| chown(p, Some(user), Some(group)).map_err(|e| cannot("give away", p, &e)))
    }

    /// A program run as the owner, in a folder that is the owner's to stand in.
    fn runs(&self, program: &Path, dir: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(dir);
        if let Some((user, group)) = self.ids {
            command.uid(user).gid(group);
        }
        command
    }
}

/// The folder of the newest server programs on this machine. Debian keeps them out of `PATH`.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")))
        })
        .filter(|(version, bin)| *version >= OLDEST && bin.join("initdb").is_file())
        .max()
        .map(|(_, bin)| bin);
    debian.or_else(|| {
        let bin = PathBuf::from(run::read(Command::new("pg_config").arg("--bindir")).ok()?);
        let version = run::read(Command::new(bin.join("postgres")).arg("--version")).ok()?;
        let major: u32 = version.split_whitespace().nth(2)?.split('.').next()?.parse().ok()?;
        (major >= OLDEST && bin.join("initdb").is_file()).then_some(bin)
    })
}

fn password() -> Outcome<String> {
    let mut bytes = [0u8; 16];
    File::open("/dev/urandom")
        .and_then(|mut random| random.read_exact(&mut bytes))
        .map_err(|e| format!("cannot read /dev/urandom: {e}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn free_port() -> Outcome<u16> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    bound.map(|address| address.port()).map_err(|e| format!("no free port: {e}"))
}

fn cannot(verb: &str, path: &Path, why: &std::io::Error) -> String {
    format!("cannot {verb} {}: {why}", path.display())
}
