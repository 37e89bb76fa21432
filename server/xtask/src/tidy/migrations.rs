//! Both databases grow by the same steps.

use super::Finding;
use super::tree::Tree;
use std::collections::BTreeSet;

const DIRS: [&str; 2] = ["server/ledger/migrations/sqlite/", "server/ledger/migrations/postgres/"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let names = DIRS.map(|dir| {
        tree.under(dir, ".sql").filter_map(|file| file.path.strip_prefix(dir)).collect::<BTreeSet<_>>()
    });
    let lacks = |here: usize, there: usize| {
        let missing: Vec<_> = names[here].difference(&names[there]).copied().collect();
        missing.into_iter().map(move |name| {
            let what = format!("has no twin {}{name}", DIRS[there]);
            Finding::new(&format!("{}{name}", DIRS[here]), 1, what, "write the step for both databases")
        })
    };
    lacks(0, 1).chain(lacks(1, 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_for_one_database_only_is_found() {
        let tree = Tree::of(&[
            ("server/ledger/migrations/sqlite/1_a.sql", ""),
            ("server/ledger/migrations/postgres/1_a.sql", ""),
            ("server/ledger/migrations/postgres/2_b.sql", ""),
        ]);
        let found = check(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "server/ledger/migrations/postgres/2_b.sql");
    }
}
