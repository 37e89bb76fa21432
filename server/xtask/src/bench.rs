//! The benches that exist: programs that print figures and never fail for being slow.

use crate::guard::Guard;
use crate::run::{self, Outcome, cargo, step};
use crate::site;
use crate::start;
use crate::test::{browser, packages, postgres};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// The bench that is a program for the browser, in `end2end/waking`.
const WAKING: &str = "waking";

/// The one that reads pictures of codes beside another decoder, in `end2end/decoders`.
const DECODERS: &str = "decoders";

/// Runs the bench named first with the arguments after it; without a name, lists what there is. One
/// that is to measure on PostgreSQL gets a server of its own, unless one is named.
pub(crate) fn bench(args: &[String]) -> Outcome {
    let benches = benches();
    let Some((name, rest)) = args.split_first() else {
        for (name, package) in &benches {
            println!("{name} ({package})");
        }
        println!("{WAKING} (end2end)\n{DECODERS} (end2end)");
        return Ok(());
    };
    if name == WAKING {
        return waking();
    }
    if name == DECODERS {
        return decoders(rest);
    }
    let Some(package) = benches.get(name) else {
        let known: Vec<_> = benches.keys().map(String::as_str).chain([WAKING, DECODERS]).collect();
        return Err(format!("there is no bench {name:?}; there are: {}", known.join(", ")));
    };
    let mut bench = cargo();
    bench.args(["bench", "--package", package, "--bench", name]);
    if !rest.is_empty() {
        bench.arg("--").args(rest);
    }
    let mut guard = Guard::new()?;
    if rest.iter().any(|arg| arg == "--postgres") && std::env::var_os(postgres::URL).is_none() {
        bench.env(postgres::URL, step("PostgreSQL", || postgres::throw_away(&mut guard))?);
    }
    run::run(&mut bench)
}

/// How long a slow phone waits for the scan page, by Lighthouse in the browser of the tests.
fn waking() -> Outcome {
    browser::check_named()?;
    packages::ensure(&[browser::CHROMIUM, browser::NODE])?;
    let binary = start::build()?;
    browser::install(&run::root().join("end2end"))?;
    let room = run::root().join("end2end").join(WAKING);
    browser::install(&room)?;
    let mut node = std::process::Command::new("node");
    node.arg("waking.mjs").current_dir(room);
    run::run(node.env("LOTWALK_BINARY", binary).env("CHROME", browser::chrome()))
}

/// Our scanner beside others, on the pictures of the manifests named: what each reads, what it reads that is
/// not there, and how long it takes. As WASM beside `zxing-wasm`, in Node (`--node`) and in the browser of the
/// tests (`--page`); natively (`--native`) beside `rxing` and `rqrr`; without a flag all of it.
fn decoders(args: &[String]) -> Outcome {
    if !args.iter().any(|arg| arg.ends_with(".csv")) {
        return Err("name a manifest of pictures: cargo xtask bench decoders MANIFEST.csv".into());
    }
    browser::check_named()?;
    packages::ensure(&[browser::CHROMIUM, browser::NODE])?;
    browser::install(&run::root().join("end2end"))?;
    let room = run::root().join("end2end").join(DECODERS);
    browser::install(&room)?;
    let mut node = std::process::Command::new("node");
    node.arg(room.join("decoders.mjs")).args(args).env("CHROME", browser::chrome());
    let wanted = |place| !args.iter().any(|arg| arg.starts_with("--")) || args.iter().any(|arg| arg == place);
    if wanted("--native") {
        node.env("NATIVE", step("native decoders", native_decoders)?);
    }
    if wanted("--node") || wanted("--page") {
        site::ensure_target()?;
        node.env("SCANNER", site::scanner()?);
    }
    run::run(&mut node)
}

/// Builds the program that measures natively. It is a workspace of its own, with its own lock file.
fn native_decoders() -> Outcome<PathBuf> {
    let manifest = run::root().join("end2end").join(DECODERS).join("native/Cargo.toml");
    let mut build = cargo();
    build.args(["build", "--release", "--manifest-path"]).arg(manifest);
    run::run(build.arg("--target-dir").arg(run::target()))?;
    Ok(run::target().join("release/as-shipped"))
}

/// Every `benches/<name>.rs` of the workspace, with its package.
fn benches() -> BTreeMap<String, &'static str> {
    let rooms = [
        ("server/benches", "server"),
        ("server/ledger/benches", "ledger"),
        ("app/domain/benches", "domain"),
        ("app/scanner/benches", "scanner"),
    ];
    let mut found = BTreeMap::new();
    for (dir, package) in rooms {
        for entry in fs::read_dir(run::root().join(dir)).into_iter().flatten().flatten() {
            let path = entry.path();
            if let (Some("rs"), Some(name)) =
                (path.extension().and_then(|e| e.to_str()), path.file_stem().and_then(|s| s.to_str()))
            {
                found.insert(name.to_string(), package);
            }
        }
    }
    found
}
