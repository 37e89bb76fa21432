//! The files that rules look at.

use crate::run::Outcome;
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
        self.under("", ".rs").filter(|file| {
            let aside = ["/tests/", "/examples/", "/benches/"].iter().any(|dir| file.path.contains(dir));
            !aside && !file.path.starts_with("server/xtask/") && !file.path.ends_with("/tests.rs")
        })
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
