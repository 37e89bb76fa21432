//! Nothing unfinished, nothing of one machine.

use super::Finding;
use super::rust::{self, Kind};
use super::tree::{File, Tree};

/// Words of a comment that put something off.
const PUT_OFF: &[&str] = &["TODO", "FIXME", "XXX", "HACK"];
/// Macros that do.
const MACROS: &[&str] = &["todo", "unimplemented", "dbg"];
/// Lints that are never allowed away.
const ALLOWED_AWAY: &[&str] = &["dead_code", "unused", "unused_variables", "unused_imports", "unused_mut"];
/// Beginnings of paths that exist on one machine only. Written so that this file does not hold them.
const MACHINE: &[&str] = &[concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/ho", "me/")];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in &tree.files {
        match file.path.rsplit('.').next() {
            Some("rs") => in_rust(file, &mut found),
            Some("css" | "js" | "mjs" | "sql") => in_others(file, &mut found),
            _ => {}
        }
        of_one_machine(file, &mut found);
        if file.path.ends_with("package-lock.json") {
            registries(file, &mut found);
        }
    }
    found
}

fn in_rust(file: &File, found: &mut Vec<Finding>) {
    let tokens = rust::tokens(&file.text);
    for (at, token) in tokens.iter().enumerate() {
        let next = |n: usize, sign: &str| tokens.get(at + n).is_some_and(|t| t.is(sign));
        match token.kind {
            Kind::Comment => put_off(&file.path, token.line, &token.text, found),
            Kind::Word if MACROS.contains(&token.text.as_str()) && next(1, "!") => {
                found.push(Finding::new(&file.path, token.line, format!("{}!", token.text), "finish it"));
            }
            Kind::Word if token.text == "allow" && next(1, "(") => {
                let group = rust::group_length(&tokens[at + 1..]);
                for lint in
                    tokens[at + 2..at + 1 + group].iter().filter(|t| ALLOWED_AWAY.contains(&t.text.as_str()))
                {
                    let what = format!("allows {}", lint.text);
                    found.push(Finding::new(&file.path, token.line, what, "remove what nothing uses"));
                }
            }
            Kind::Word
                if token.text == "ignore" && at >= 2 && tokens[at - 1].is("[") && tokens[at - 2].is("#") =>
            {
                let mend = "make it run, or remove it";
                found.push(Finding::new(&file.path, token.line, "a test that is never run", mend));
            }
            _ => {}
        }
    }
}

fn in_others(file: &File, found: &mut Vec<Finding>) {
    for (n, line) in file.text.lines().enumerate() {
        put_off(&file.path, n + 1, line, found);
    }
}

fn put_off(path: &str, line: usize, text: &str, found: &mut Vec<Finding>) {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    for word in words.filter(|word| PUT_OFF.contains(word)) {
        found.push(Finding::new(
            path,
            line,
            format!("{word} puts something off"),
            "do it, or say what is absent",
        ));
    }
}

fn of_one_machine(file: &File, found: &mut Vec<Finding>) {
    for (n, line) in file.text.lines().enumerate() {
        // A folder of that name inside an address of the web is not a path.
        let path = MACHINE.iter().any(|dir| {
            line.match_indices(dir)
                .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}".contains(c)))
        });
        if path {
            found.push(Finding::new(
                &file.path,
                n + 1,
                "a path of one machine",
                "take it from the environment",
            ));
        }
    }
}

fn registries(file: &File, found: &mut Vec<Finding>) {
    for (n, line) in file.text.lines().enumerate().filter(|(_, line)| line.contains("\"resolved\"")) {
        let mend = "npm install with omit-lockfile-registry-resolved=true";
        found.push(Finding::new(&file.path, n + 1, format!("names a registry: {}", line.trim()), mend));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&Tree::of(&[(path, text)])).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn what_was_put_off_is_found_in_comments_and_not_in_strings() {
        let source = concat!("let a = \"TODO\";\n// TO", "DO later\ntodo", "!();\n#[ignore]\nfn f() {}\n");
        assert_eq!(lines("a.rs", source), [2, 3, 4]);
        assert_eq!(lines("a.css", concat!("a {}\n/* FIX", "ME */")), [2]);
    }

    #[test]
    fn an_allowed_lint_is_found_when_it_hides_what_nothing_uses() {
        assert_eq!(
            lines("a.rs", "#[allow(clippy::large_enum_variant)]\n#[allow(dead_code)]\nfn f() {}"),
            [2]
        );
    }

    #[test]
    fn a_path_of_one_machine_is_found() {
        assert_eq!(lines("a.md", concat!("see https://example.com/ro", "ot/x\nsee /ro", "ot/x")), [2]);
    }

    #[test]
    fn a_registry_in_a_lock_file_is_found() {
        assert_eq!(
            lines("end2end/package-lock.json", "{\n\"resolved\": \"https://r.example/a.tgz\"\n}"),
            [2]
        );
    }
}
