//! The files that rules look at.

use crate::run::Outcome;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Every text file of the project, by its path from the root, in order.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) files: Vec<File>,
}

/// One of them.
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
}

const KINDS: &[&str] = &["rs", "toml", "sql", "css", "js", "mjs", "json", "html", "md", "svg", "webmanifest"];

/// What is beside the program: it builds, tests or measures it.
const TOOLS: &[&str] = &["server/xtask/", "server/measure/", "server/worlds/"];

impl Tree {
    pub(super) fn read(root: &Path) -> Outcome<Tree> {
        let mut tree = Tree::default();
        tree.add(root, "")?;
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    /// A tree of samples, for the tests of rules.
    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Tree {
        let file = |(path, text): &(&str, &str)| File { path: path.to_string(), text: text.to_string() };
        Tree { files: files.iter().map(file).collect() }
    }

    /// The files below a folder with a name ending.
    pub(super) fn under<'a>(&'a self, dir: &'a str, ending: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.starts_with(dir) && file.path.ends_with(ending))
    }

    /// Rust that ends up in a program: no tests, examples or benches, and not the tools beside it.
    pub(super) fn program(&self) -> impl Iterator<Item = &File> {
        let test_only = self.test_only();
        self.under("", ".rs").filter(move |file| {
            let aside = ["/tests/", "/examples/", "/benches/"].iter().any(|dir| file.path.contains(dir));
            let tool = TOOLS.iter().any(|dir| file.path.starts_with(dir));
            !aside && !tool && !test_only.contains(&file.path)
        })
    }

    /// Files that another takes in by `#[cfg(test)] mod name;`.
    fn test_only(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for file in self.under("", ".rs") {
            let lines: Vec<&str> = file.text.lines().map(str::trim).collect();
            for pair in lines.windows(2).filter(|pair| pair[0] == "#[cfg(test)]") {
                let name = pair[1].strip_suffix(';').and_then(|line| line.rsplit_once("mod "));
                if let Some((_, name)) = name {
                    found.insert(format!("{}{name}.rs", modules_of(&file.path)));
                }
            }
        }
        found
    }

    fn add(&mut self, dir: &Path, prefix: &str) -> Outcome {
        let cannot = |e: std::io::Error| format!("cannot read {}: {e}", dir.display());
        for entry in fs::read_dir(dir).map_err(cannot)? {
            let entry = entry.map_err(cannot)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.path().is_dir() {
                // What cargo, npm and git keep, and the data of a server started here.
                if !name.starts_with('.') && !["target", "node_modules", "data"].contains(&name.as_str()) {
                    self.add(&entry.path(), &format!("{path}/"))?;
                }
            } else if KINDS.iter().any(|kind| name.ends_with(&format!(".{kind}"))) {
                let text =
                    fs::read_to_string(entry.path()).map_err(|e| format!("cannot read {path}: {e}"))?;
                self.files.push(File { path, text });
            }
        }
        Ok(())
    }
}

/// The folder of a file's modules: `a/lib.rs` has them beside it, `a/b.rs` in `a/b/`.
fn modules_of(path: &str) -> String {
    let (dir, name) = path.rsplit_once('/').map_or(("", path), |(dir, name)| (dir, name));
    match name {
        "lib.rs" | "main.rs" | "mod.rs" => format!("{dir}/"),
        _ => format!("{}/", path.trim_end_matches(".rs")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_tests_take_in_is_no_program() {
        let tree = Tree::of(&[
            ("a/src/event.rs", "#[cfg(test)]\npub(crate) mod testing;\nmod splitting;"),
            ("a/src/event/testing.rs", ""),
            ("a/src/event/splitting.rs", ""),
            ("a/tests/story.rs", ""),
        ]);
        let names: Vec<_> = tree.program().map(|file| file.path.as_str()).collect();
        assert_eq!(names, ["a/src/event.rs", "a/src/event/splitting.rs"]);
    }
}
