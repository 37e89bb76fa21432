//! The two WASM modules and the files beside them, as the server embeds them.
//!
//! ```text
//! target/site/pkg/      client, scan, scan_plain: for each a .js and a _bg.wasm, and their .br
//! target/site/public/   a copy of public/
//! ```
//!
//! A file is written only when its bytes change, so that the server is not rebuilt for nothing; bindgen
//! and brotli run only when cargo's module changed.

use crate::run::{self, Outcome, cargo, step};
use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";

/// How much work goes into a module.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grade {
    /// Small and compressed: what is shipped.
    Release,
    /// Quick to build: what `cargo xtask dev` shows.
    Dev,
}

/// One module: its name in the browser, and the feature of `client` that makes it.
///
/// Both come out of one crate, and cargo has one place for what comes out of it: in one folder, each
/// build of one module would throw the other away. So each has its own, and they build side by side.
pub(crate) struct Module {
    name: &'static str,
    feature: &'static str,
    shown: &'static str,
    /// Where it is built, inside the target folder.
    folder: &'static str,
    /// Whether it works on sixteen pixels at once (`simd128`), which browsers before 2021 to 2023 cannot.
    simd: bool,
}

/// Wakes the page. It shares its macros with the server, so it is built where the server is.
pub(crate) const PAGE: Module =
    Module { name: "client", feature: "hydrate", shown: "page", folder: "", simd: false };
/// Decodes frames in the worker.
pub(crate) const SCANNER: Module =
    Module { name: "scan", feature: "scan", shown: "scanner", folder: "scanner-wasm", simd: true };
/// The same for browsers without vector instructions; the worker finds out which one it can load.
pub(crate) const SCANNER_PLAIN: Module = Module {
    name: "scan_plain",
    feature: "scan",
    shown: "plain scanner",
    folder: "scanner-plain",
    simd: false,
};
/// All of them.
const ALL: [&Module; 3] = [&PAGE, &SCANNER, &SCANNER_PLAIN];

impl Grade {
    fn profile(self) -> &'static str {
        if self == Grade::Release { "wasm" } else { "dev" }
    }

    /// The folder in which cargo puts that profile's output.
    fn folder(self) -> &'static str {
        if self == Grade::Release { "wasm" } else { "debug" }
    }

    /// Where the finished site stands.
    pub(crate) fn site(self) -> PathBuf {
        run::target().join(if self == Grade::Release { "site" } else { "site-dev" })
    }

    fn work(self) -> PathBuf {
        run::target().join("site-work").join(self.folder())
    }
}

/// Builds the whole site and returns its folder.
pub(crate) fn build(grade: Grade) -> Outcome<PathBuf> {
    ensure_target()?;
    modules(grade, &ALL)?;
    assemble(grade)?;
    Ok(grade.site())
}

/// Builds the scanner alone, as it is shipped, and returns the folder with its module.
pub(crate) fn scanner() -> Outcome<PathBuf> {
    module(Grade::Release, &SCANNER)?;
    Ok(Grade::Release.work().join(SCANNER.name))
}

/// Builds modules side by side: much of each is one long last step on one core.
pub(crate) fn modules(grade: Grade, modules: &[&Module]) -> Outcome {
    std::thread::scope(|threads| {
        let work: Vec<_> = modules.iter().map(|which| threads.spawn(|| module(grade, which))).collect();
        work.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a build failed".to_string())?)
    })
}

/// Builds one module, from Rust to what the browser loads.
fn module(grade: Grade, module: &Module) -> Outcome {
    let built = step(&format!("{} as WASM", module.shown), || compile(grade, module))?;
    let bytes = fs::read(&built).map_err(|e| format!("cannot read {}: {e}", built.display()))?;
    let (out, stamp) = (grade.work().join(module.name), grade.work().join(format!("{}.stamp", module.name)));
    let print = fingerprint(&bytes);
    if fs::read_to_string(&stamp).is_ok_and(|old| old == print) {
        return Ok(());
    }
    step(&format!("{} for the browser", module.shown), || {
        // The stamp goes first, so that an interrupted run is never taken for a finished one.
        let _ = fs::remove_file(&stamp);
        let _ = fs::remove_dir_all(&out);
        bind(&built, module, &out)?;
        if grade == Grade::Release {
            compress(&out)?;
        }
        write(&stamp, print.as_bytes())
    })
}

/// Puts modules and public files where the server takes them from.
pub(crate) fn assemble(grade: Grade) -> Outcome {
    let (site, work) = (grade.site(), grade.work());
    mirror(&ALL.map(|module| work.join(module.name)), &site.join("pkg"))?;
    mirror(&[run::root().join("public")], &site.join("public"))
}

/// How large each module of a finished site is, raw and as it travels: one line a module, under a heading.
pub(crate) fn sizes(site: &Path) -> Outcome<String> {
    let mut table = format!("{:<15}{:>12}{:>14}", "module", "raw bytes", "brotli bytes");
    for module in ALL {
        let raw = site.join("pkg").join(format!("{}_bg.wasm", module.name));
        let bytes = |file: &Path| match fs::metadata(file) {
            Ok(about) => Ok(grouped(about.len())),
            Err(e) => Err(format!("cannot see {}: {e}", file.display())),
        };
        let (raw, packed) = (bytes(&raw)?, bytes(&raw.with_extension("wasm.br"))?);
        table.push_str(&format!("\n{:<15}{raw:>12}{packed:>14}", module.shown));
    }
    Ok(table)
}

/// A number as a person reads it: `2,966,312`.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Adds Rust's WASM target where it is not yet: a toolchain file's wish is not always followed by itself.
pub(crate) fn ensure_target() -> Outcome {
    let libraries = run::read(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))?;
    if Path::new(&libraries).is_dir() {
        return Ok(());
    }
    step("Rust's WASM target", || {
        run::run(Command::new("rustup").args(["target", "add", TARGET])).map_err(|e| {
            format!("Rust's target {TARGET} is missing and could not be added ({e}); add it to the toolchain")
        })
    })
}

fn compile(grade: Grade, module: &Module) -> Outcome<PathBuf> {
    let mut build = cargo();
    build.args(["rustc", "--package", "client", "--lib", "--crate-type", "cdylib", "--target", TARGET]);
    build.args(["--no-default-features", "--features", module.feature, "--profile", grade.profile()]);
    if module.simd {
        // Added to what the workspace asks for, which an environment variable would replace.
        build.args(["--config", "build.rustflags=[\"-C\", \"target-feature=+simd128\"]"]);
    }
    let folder = run::target().join(module.folder);
    run::run(build.arg("--target-dir").arg(&folder))?;
    Ok(folder.join(TARGET).join(grade.folder()).join("client.wasm"))
}

fn bind(built: &Path, module: &Module, out: &Path) -> Outcome {
    let generate = || {
        Bindgen::new()
            .input_path(built)
            .out_name(module.name)
            .web(true)?
            .typescript(false)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(out)
    };
    generate().map_err(|e| format!("wasm-bindgen on {}: {e:#}", built.display()))
}

/// Writes a `.br` beside every file, all at once.
fn compress(dir: &Path) -> Outcome {
    std::thread::scope(|threads| {
        let work: Vec<_> = files(dir)?
            .into_values()
            .map(|file| {
                threads.spawn(move || {
                    let bytes =
                        fs::read(&file).map_err(|e| format!("cannot read {}: {e}", file.display()))?;
                    let mut name = file.into_os_string();
                    name.push(".br");
                    write(Path::new(&name), &brotli(&bytes)?)
                })
            })
            .collect();
        work.into_iter().try_for_each(|thread| thread.join().map_err(|_| "brotli failed".to_string())?)
    })
}

fn brotli(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    let mut out = Vec::with_capacity(bytes.len() / 3);
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params).map_err(|e| format!("brotli: {e}"))?;
    Ok(out)
}

fn fingerprint(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x} {} bytes", hasher.finish(), bytes.len())
}

/// Makes `to` hold exactly the files of the folders `from`, and touches none that is already right.
fn mirror(from: &[PathBuf], to: &Path) -> Outcome {
    let mut wanted = BTreeMap::new();
    for dir in from.iter().filter(|dir| dir.is_dir()) {
        wanted.extend(files(dir)?);
    }
    fs::create_dir_all(to).map_err(|e| format!("cannot make {}: {e}", to.display()))?;
    for (name, file) in files(to)? {
        if !wanted.contains_key(&name) {
            fs::remove_file(&file).map_err(|e| format!("cannot remove {}: {e}", file.display()))?;
        }
    }
    for (name, file) in wanted {
        let bytes = fs::read(&file).map_err(|e| format!("cannot read {}: {e}", file.display()))?;
        let place = to.join(name);
        if !fs::read(&place).is_ok_and(|old| old == bytes) {
            write(&place, &bytes)?;
        }
    }
    Ok(())
}

/// Every file below a folder, by its path inside it.
fn files(dir: &Path) -> Outcome<BTreeMap<PathBuf, PathBuf>> {
    let (mut found, mut open) = (BTreeMap::new(), vec![dir.to_path_buf()]);
    while let Some(folder) = open.pop() {
        let cannot = |e: std::io::Error| format!("cannot list {}: {e}", folder.display());
        for entry in fs::read_dir(&folder).map_err(cannot)? {
            let path = entry.map_err(cannot)?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(name) = path.strip_prefix(dir) {
                found.insert(name.to_path_buf(), path.clone());
            }
        }
    }
    Ok(found)
}

fn write(path: &Path, bytes: &[u8]) -> Outcome {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir)
        .and_then(|()| fs::write(path, bytes))
        .map_err(|e| format!("cannot write {}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_holds_exactly_what_its_sources_hold() {
        let dir = std::env::temp_dir().join(format!("lotwalk-mirror-{}", std::process::id()));
        let (a, b, to) = (dir.join("a"), dir.join("b"), dir.join("to"));
        write(&a.join("x.js"), b"1").expect("writes");
        write(&b.join("deep/y.js"), b"2").expect("writes");
        write(&to.join("stale.js"), b"3").expect("writes");
        mirror(&[a.clone(), b, dir.join("absent")], &to).expect("mirrors");
        let names: Vec<_> = files(&to).expect("lists").into_keys().collect();
        assert_eq!(names, [PathBuf::from("deep/y.js"), PathBuf::from("x.js")]);

        let before = fs::metadata(to.join("x.js")).expect("stands").modified().expect("is told");
        std::thread::sleep(std::time::Duration::from_millis(20));
        mirror(&[a], &to).expect("mirrors again");
        assert_eq!(fs::metadata(to.join("x.js")).expect("stands").modified().expect("is told"), before);
        assert!(!to.join("deep/y.js").exists());
        fs::remove_dir_all(dir).expect("is ours");
    }

    #[test]
    fn sizes_are_told_raw_and_packed() {
        let site = std::env::temp_dir().join(format!("lotwalk-sizes-{}", std::process::id()));
        for (name, bytes) in [
            ("client_bg.wasm", 1_234_567),
            ("client_bg.wasm.br", 45_678),
            ("scan_bg.wasm", 999),
            ("scan_plain_bg.wasm", 998),
            ("scan_plain_bg.wasm.br", 11),
        ] {
            write(&site.join("pkg").join(name), &vec![0; bytes]).expect("writes");
        }
        assert!(sizes(&site).expect_err("one is missing").contains("scan_bg.wasm.br"));
        write(&site.join("pkg/scan_bg.wasm.br"), &[0; 12]).expect("writes");
        let table = sizes(&site).expect("is told");
        let words: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(
            words[1..],
            [
                vec!["page", "1,234,567", "45,678"],
                vec!["scanner", "999", "12"],
                vec!["plain", "scanner", "998", "11"]
            ]
        );
        fs::remove_dir_all(site).expect("is ours");
    }

    #[test]
    fn brotli_undoes_itself() {
        let bytes = b"carton carton carton pallet carton".repeat(50);
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &super::brotli(&bytes).expect("packs")[..], &mut back)
            .expect("unpacks");
        assert_eq!(back, bytes);
    }
}
