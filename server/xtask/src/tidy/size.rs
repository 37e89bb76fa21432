//! Files stay short enough to find one's way in.

use super::Finding;
use super::tree::Tree;

const MOST: usize = 450;

/// Tables of facts, one row a line: longer is not harder to read.
const TABLES: &[&str] = &["app/domain/src/code/ai_table.rs"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let code =
        |path: &str| [".rs", ".css", ".js", ".mjs", ".sql"].iter().any(|ending| path.ends_with(ending));
    let long = |text: &str| text.lines().count() > MOST;
    tree.files
        .iter()
        .filter(|file| code(&file.path) && !TABLES.contains(&file.path.as_str()) && long(&file.text))
        .map(|file| {
            let what = format!("has {} lines, more than {MOST}", file.text.lines().count());
            Finding::new(&file.path, MOST + 1, what, "make two rooms of it")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_grew_too_long_is_found() {
        let (fits, grew) = ("x\n".repeat(MOST), "x\n".repeat(MOST + 1));
        let tree = Tree::of(&[("a.rs", &fits), ("b.css", &grew), ("c.json", &grew), (TABLES[0], &grew)]);
        let found = check(&tree);
        assert_eq!(found.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(), ["b.css"]);
    }
}
