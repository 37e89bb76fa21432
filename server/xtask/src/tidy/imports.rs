//! Which way knowledge flows: who may name whom.

use super::Finding;
use super::rust::{self, Kind, Token};
use super::tree::{File, Tree};

/// What the sources of one room never name.
struct Wall {
    /// Where it stands.
    under: &'static str,
    /// Where it has its door.
    except: &'static [&'static str],
    /// Crates, or paths into them.
    never: &'static [&'static str],
    mend: &'static str,
}

const WALLS: &[Wall] = &[
    Wall {
        under: "app/domain/src/",
        except: &[],
        never: &[
            "app",
            "client",
            "ledger",
            "scanner",
            "server",
            "axum",
            "futures",
            "js_sys",
            "leptos",
            "sqlx",
            "tokio",
            "web_sys",
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "std::thread",
            "SystemTime",
            "Instant",
            "async",
        ],
        mend: "domain is told what it needs as values: no I/O, no clock, no async",
    },
    Wall {
        under: "app/scanner/src/",
        except: &[],
        never: &[
            "app", "client", "domain", "ledger", "server", "leptos", "sqlx", "tokio", "web_sys", "js_sys",
            "std::fs", "std::net",
        ],
        mend: "the scanner knows pixels and symbols only",
    },
    Wall {
        under: "app/src/",
        except: &[],
        never: &[
            "client",
            "scanner",
            "server",
            "sqlx",
            "rqrr",
            "rxing",
            "std::fs",
            "tower_sessions_sqlx_store",
        ],
        mend: "pages ask the ledger, and leave pixels to the worker",
    },
    Wall {
        under: "app/src/",
        except: &["app/src/browser.rs", "app/src/browser/"],
        never: &["web_sys", "js_sys"],
        mend: "put the call into app/src/browser/",
    },
    Wall {
        under: "app/src/",
        except: &["app/src/request.rs"],
        never: &["StatusCode"],
        mend: "status codes are request.rs's",
    },
    Wall {
        under: "app/client/src/",
        except: &[],
        never: &["ledger", "server", "sqlx", "axum", "tokio"],
        mend: "the browser has no database and no server",
    },
    Wall {
        under: "server/src/",
        except: &[],
        never: &[
            "sqlx",
            "rusqlite",
            "libsqlite3_sys",
            "client",
            "web_sys",
            "js_sys",
            "tower_sessions_sqlx_store",
        ],
        mend: "ask the ledger",
    },
    Wall {
        under: "server/ledger/src/",
        except: &[],
        never: &["app", "client", "scanner", "server", "axum", "leptos", "http", "tower_http"],
        mend: "the ledger knows neither HTTP nor pages",
    },
    Wall {
        under: "server/ledger/src/",
        except: &["server/ledger/src/db.rs", "server/ledger/src/db/"],
        never: &["sqlx", "rusqlite", "libsqlite3_sys", "tower_sessions_sqlx_store"],
        mend: "db.rs alone names the database drivers; use what it offers",
    },
    Wall {
        under: "server/worlds/src/",
        except: &[],
        never: &[
            "app",
            "ledger",
            "server",
            "sqlx",
            "tokio",
            "std::fs",
            "std::net",
            "std::env",
            "SystemTime",
            "Instant",
            "async",
        ],
        mend: "a world is made of its seed alone, and what is told of it is not asked of the ledger",
    },
    Wall {
        under: "app/",
        except: &[],
        never: &["rusqlite", "libsqlite3_sys", "measure"],
        mend: "what a browser may hold has neither a database nor a bench",
    },
    Wall {
        under: "server/",
        except: &["server/benches/", "server/ledger/benches/", "server/examples/", "server/measure/"],
        never: &["measure"],
        mend: "it is the benches' and examples' alone",
    },
];

/// Which crates of ours a crate may depend on.
const MAY_DEPEND: &[(&str, &[&str])] = &[
    ("app/domain/Cargo.toml", &[]),
    ("app/scanner/Cargo.toml", &[]),
    ("server/ledger/Cargo.toml", &["domain"]),
    ("app/Cargo.toml", &["domain", "ledger"]),
    ("app/client/Cargo.toml", &["app", "scanner", "domain"]),
    ("server/Cargo.toml", &["app", "ledger", "domain", "scanner"]),
    ("server/measure/Cargo.toml", &["ledger", "domain"]),
    ("server/worlds/Cargo.toml", &["domain"]),
    ("server/xtask/Cargo.toml", &[]),
];
const OURS: &[&str] =
    &["app", "client", "domain", "ledger", "measure", "scanner", "server", "worlds", "xtask"];

/// How often a crate may ask on which side it is built.
const MOST_SIDES: usize = 12;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for wall in WALLS {
        let inside = |file: &&File| !wall.except.iter().any(|door| file.path.starts_with(door));
        for file in tree.under(wall.under, ".rs").filter(inside) {
            through(wall, file, &mut found);
        }
    }
    for file in tree.program().filter(|file| !file.path.starts_with("server/ledger/")) {
        statements(file, &mut found);
    }
    for (manifest, may) in MAY_DEPEND {
        for file in tree.files.iter().filter(|file| file.path == *manifest) {
            dependencies(file, may, &mut found);
        }
    }
    sides(tree, &mut found);
    found
}

fn through(wall: &Wall, file: &File, found: &mut Vec<Finding>) {
    let tokens = rust::program(&file.text);
    for (at, token) in tokens.iter().enumerate() {
        if let Some(name) = wall.never.iter().find(|name| names(&tokens, at, name)) {
            found.push(Finding::new(&file.path, token.line, format!("names {name}"), wall.mend));
        }
    }
}

/// Whether a path is named here: a crate by `name::` or `use name`, a longer path by its parts, a type
/// or keyword by itself.
fn names(tokens: &[Token], at: usize, name: &str) -> bool {
    let parts: Vec<&str> = name.split("::").collect();
    let within = at >= 2 && tokens[at - 1].is(":") && tokens[at - 2].is(":");
    if !tokens[at].is(parts[0]) {
        return false;
    }
    let next = |n: usize, text: &str| tokens.get(at + n).is_some_and(|t| t.is(text));
    match parts[..] {
        [_, part] => {
            !within && next(1, ":") && next(2, ":") && (next(3, part) || grouped(&tokens[at + 3..], part))
        }
        [one] if one == "async" || one.starts_with(char::is_uppercase) => true,
        _ => !within && ((next(1, ":") && next(2, ":")) || (at > 0 && tokens[at - 1].is("use"))),
    }
}

/// `std::{fs, net}` names `std::fs`.
fn grouped(tokens: &[Token], part: &str) -> bool {
    tokens.first().is_some_and(|t| t.is("{"))
        && tokens[..rust::group_length(tokens)]
            .windows(2)
            .any(|two| (two[0].is("{") || two[0].is(",")) && two[1].is(part))
}

const STATEMENTS: &[(&str, &str)] = &[
    ("select ", " from "),
    ("insert into ", " values"),
    ("update ", " set "),
    ("delete from ", ""),
    ("create table ", ""),
];

fn statements(file: &File, found: &mut Vec<Finding>) {
    for token in rust::program(&file.text).iter().filter(|token| token.kind == Kind::Str) {
        let text = token.text.trim_start().to_ascii_lowercase();
        if STATEMENTS.iter().any(|(begins, holds)| text.starts_with(begins) && text.contains(holds)) {
            found.push(Finding::new(&file.path, token.line, "a statement of SQL", "put it into the ledger"));
        }
    }
}

fn dependencies(file: &File, may: &[&str], found: &mut Vec<Finding>) {
    let mut section = "";
    for (n, line) in file.text.lines().enumerate() {
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']', ' ']);
            continue;
        }
        let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
        // What tests use does not reach the program.
        if section.ends_with("dependencies")
            && !section.contains("dev-")
            && OURS.contains(&name)
            && !may.contains(&name)
        {
            let mend = "knowledge flows the other way; see ARCHITECTURE.md";
            found.push(Finding::new(&file.path, n + 1, format!("depends on {name}"), mend));
        }
    }
}

fn sides(tree: &Tree, found: &mut Vec<Finding>) {
    let mut asked = Vec::new();
    for file in tree.under("app/src/", ".rs") {
        let tokens = rust::program(&file.text);
        for pair in tokens.windows(3) {
            if pair[0].is("feature") && pair[1].is("=") && ["ssr", "hydrate"].contains(&pair[2].text.as_str())
            {
                asked.push((file, pair[0].line));
            }
        }
    }
    if let Some((file, line)) = asked.get(MOST_SIDES) {
        let what = format!("cfg(feature) for a side {} times, more than {MOST_SIDES}", asked.len());
        let mend = "a #[server] body and an effect exist on one side by themselves";
        found.push(Finding::new(&file.path, *line, what, mend));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)]))
            .into_iter()
            .map(|finding| format!("{} {}", finding.line, finding.what))
            .collect()
    }

    #[test]
    fn domain_has_no_clock_disk_or_database() {
        let path = "app/domain/src/state.rs";
        assert_eq!(found(path, "use std::{fmt, fs};"), ["1 names std::fs"]);
        assert_eq!(found(path, "fn f() { std::fs::read(p) }"), ["1 names std::fs"]);
        assert_eq!(found(path, "use std::time::SystemTime;"), ["1 names SystemTime"]);
        assert_eq!(found(path, "\nasync fn f() {}"), ["2 names async"]);
        assert_eq!(found(path, "use sqlx::Row;"), ["1 names sqlx"]);
        assert!(
            found(path, "// sqlx::Row\nuse crate::ledger::Entry; let ledger = server.app; \"sqlx::x\"")
                .is_empty()
        );
    }

    #[test]
    fn the_drivers_are_named_in_one_room() {
        assert_eq!(found("server/ledger/src/capture.rs", "use sqlx::Row;"), ["1 names sqlx"]);
        assert!(found("server/ledger/src/db.rs", "use sqlx::Row;").is_empty());
        assert!(found("server/ledger/src/db/pool.rs", "use sqlx::Row;").is_empty());
        assert_eq!(found("server/src/router.rs", "fn f(e: sqlx::Error) {}"), ["1 names sqlx"]);
        for driver in ["rusqlite", "libsqlite3_sys"] {
            let text = format!("use {driver}::ffi;");
            for path in ["server/ledger/src/capture.rs", "server/src/router.rs", "app/src/request.rs"] {
                assert_eq!(found(path, &text), [format!("1 names {driver}")], "{path}");
            }
            assert!(found("server/ledger/src/db/look.rs", &text).is_empty());
        }
    }

    #[test]
    fn what_benches_share_is_theirs_alone() {
        let text = "use measure::workload;";
        for path in
            ["server/src/metrics.rs", "server/ledger/src/open.rs", "server/tests/it/api.rs", "app/src/lib.rs"]
        {
            assert_eq!(found(path, text), ["1 names measure"], "{path}");
        }
        for path in ["server/benches/resolve.rs", "server/ledger/benches/trace.rs"] {
            assert!(found(path, text).is_empty(), "{path}");
        }
        let manifest =
            "[dependencies]\nmeasure.workspace = true\n[dev-dependencies]\nmeasure.workspace = true";
        assert_eq!(found("server/Cargo.toml", manifest), ["2 depends on measure"]);
        let manifest = "[dependencies]\nledger.workspace = true\nserver.workspace = true";
        assert_eq!(found("server/measure/Cargo.toml", manifest), ["3 depends on server"]);
    }

    #[test]
    fn a_world_is_made_of_its_seed_alone() {
        let path = "server/worlds/src/world/w1.rs";
        assert_eq!(found(path, "use ledger::Ledger;"), ["1 names ledger"]);
        assert_eq!(found(path, "use std::time::SystemTime;"), ["1 names SystemTime"]);
        assert!(found("server/ledger/tests/it/worlds.rs", "use worlds::w1;").is_empty());
        let manifest = "[dependencies]\ndomain.workspace = true\nledger.workspace = true";
        assert_eq!(found("server/worlds/Cargo.toml", manifest), ["3 depends on ledger"]);
    }

    #[test]
    fn the_browser_is_called_in_one_folder() {
        assert_eq!(found("app/src/pages/scan.rs", "web_sys::window()"), ["1 names web_sys"]);
        assert!(found("app/src/browser/camera.rs", "web_sys::window()").is_empty());
    }

    #[test]
    fn statements_are_the_ledgers() {
        let select = "f(\"select a from b\")";
        assert_eq!(found("server/src/api.rs", select), ["1 a statement of SQL"]);
        assert!(found("server/ledger/src/views.rs", select).is_empty());
        assert!(found("app/src/pages/find.rs", "f(\"Select a batch\")").is_empty());
    }

    #[test]
    fn a_dependency_against_the_stream_is_found() {
        let manifest = "[package]\nname = \"domain\"\n[dependencies]\nledger.workspace = true\n[dev-dependencies]\nscanner.workspace = true";
        assert_eq!(found("app/domain/Cargo.toml", manifest), ["4 depends on ledger"]);
    }

    #[test]
    fn asking_for_the_side_stays_rare() {
        let once = "#[cfg(feature = \"ssr\")] fn f() {}\n";
        assert!(found("app/src/lib.rs", &once.repeat(MOST_SIDES)).is_empty());
        assert_eq!(found("app/src/lib.rs", &once.repeat(MOST_SIDES + 1)).len(), 1);
    }
}
