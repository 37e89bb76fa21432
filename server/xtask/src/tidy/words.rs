//! One word for one thing (C05): on the screen, in columns, in addresses.
//!
//! The words themselves stand in `vocabulary.rs`.

use super::Finding;
use super::rust::{self, Kind};
use super::texts::{self, Pair};
use super::tree::{File, Tree};
use super::vocabulary::{CHINESE, COLUMNS, ENGLISH, PARITY};

/// A second word, and the one we have.
pub(super) struct Second {
    pub(super) word: &'static str,
    pub(super) ours: &'static str,
    /// Longer expressions in which the word is right.
    pub(super) except: &'static [&'static str],
}

/// What a word of the English is called in the Chinese of the same text.
pub(super) struct Same {
    pub(super) en: &'static str,
    /// Any of these; the first is the name, the others shorten it inside a sentence.
    pub(super) zh: &'static [&'static str],
    /// Expressions in which the English word means something else.
    pub(super) except: &'static [&'static str],
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in tree.program() {
        for pair in texts::pairs(file).0 {
            for (what, mend) in of_pair(&pair) {
                found.push(Finding::new(&file.path, pair.line, what, mend));
            }
        }
        addresses(file, &mut found);
    }
    for file in tree.under("server/ledger/migrations/", ".sql") {
        columns(file, &mut found);
    }
    found
}

fn of_pair(pair: &Pair) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for second in ENGLISH.iter().filter(|second| says(&pair.en, second.word, second.except)) {
        found.push((format!("{:?} in {:?}", second.word, pair.en), format!("say {}", second.ours)));
    }
    for second in CHINESE {
        if without(&pair.zh, second.except).contains(second.word) {
            found.push((format!("{} in {}", second.word, pair.zh), format!("say {}", second.ours)));
        }
    }
    for same in PARITY.iter().filter(|same| says(&pair.en, same.en, same.except)) {
        if !same.zh.iter().any(|zh| pair.zh.contains(zh)) {
            let what = format!("{:?} is {:?} in {:?}, but {:?}", same.en, same.zh[0], pair.en, pair.zh);
            found.push((what, "say it so, or reword the English".into()));
        }
    }
    found
}

/// Whether a text says a word: whole, in singular or plural, in either case.
fn says(text: &str, word: &str, except: &[&str]) -> bool {
    let text = without(&text.to_lowercase(), except);
    let word = word.to_lowercase();
    let edge = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '{' || c == '}');
    text.match_indices(&word).any(|(at, _)| {
        let after = &text[at + word.len()..];
        let after = after.strip_prefix("es").filter(|rest| edge(rest.chars().next())).unwrap_or(after);
        let after = after.strip_prefix('s').unwrap_or(after);
        // `batch:2026-04` is a key, whole in every language.
        let key = after.strip_prefix(':').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        edge(text[..at].chars().next_back()) && edge(after.chars().next()) && !key
    })
}

fn without(text: &str, except: &[&str]) -> String {
    except.iter().fold(text.to_string(), |text, expression| text.replace(&expression.to_lowercase(), "·"))
}

/// String literals that are a path of ours: `/batch/{key}`.
fn addresses(file: &File, found: &mut Vec<Finding>) {
    let of_pages = file.path.starts_with("app/src/") || file.path.starts_with("server/src/");
    for token in rust::program(&file.text).iter().filter(|token| of_pages && token.kind == Kind::Str) {
        let Some(path) = token.text.strip_prefix('/').filter(|path| !path.contains(' ')) else { continue };
        let path = path.split(['?', '#']).next().unwrap_or_default();
        for part in path.split(['/', '.']).filter(|part| !part.starts_with(['{', ':'])) {
            second(part, token.line, file, "address", found);
        }
    }
}

/// Names in `create table`, `alter table` and `create index`.
fn columns(file: &File, found: &mut Vec<Finding>) {
    for (n, line) in file.text.lines().enumerate() {
        let code = line.split("--").next().unwrap_or_default();
        // A literal is a value and not a name.
        for (part, text) in code.split('\'').enumerate() {
            if part % 2 == 0 {
                for name in
                    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty())
                {
                    second(name, n + 1, file, "column", found);
                }
            }
        }
    }
}

fn second(name: &str, line: usize, file: &File, sort: &str, found: &mut Vec<Finding>) {
    let spoken = name.replace(['_', '-'], " ");
    let table = ENGLISH.iter().chain(COLUMNS);
    for second in table.filter(|second| says(&spoken, &second.word.replace(['_', '-'], " "), second.except)) {
        let what = format!("{sort} {name:?} says {:?}", second.word);
        found.push(Finding::new(&file.path, line, what, format!("say {}", second.ours)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|finding| finding.what).collect()
    }

    fn of_text(en: &str, zh: &str) -> usize {
        found("app/src/a.rs", &format!("text({en:?}, {zh:?})")).len()
    }

    #[test]
    fn c05_a_second_word_on_the_screen_is_found() {
        assert_eq!(of_text("Carton and batch", "外箱与批次"), 0);
        assert_eq!(of_text("Open this SKU", "打开此商品"), 1);
        assert_eq!(of_text("Two deliveries", "两张货运单"), 1);
        assert_eq!(of_text("Quarantined", "已扣留"), 1);
        assert_eq!(of_text("The warning sticker", "警示贴纸"), 0);
        assert_eq!(of_text("A tracking sticker", "追溯标识"), 1);
        assert_eq!(of_text("Such as batch:2026-04", "例如 batch:2026-04"), 0);
        assert_eq!(of_text("{site}", "{site}中"), 0, "a place to fill is no word");
    }

    #[test]
    fn c05_a_second_word_in_chinese_is_found() {
        assert_eq!(of_text("Pallets", "栈板"), 2, "a second word, and not the first");
        assert_eq!(of_text("Batch", "批号"), 1);
        assert_eq!(of_text("Lot code", "批号"), 0);
        assert_eq!(of_text("{n} cartons", "{n} 箱"), 0);
    }

    #[test]
    fn c05_columns_and_addresses_say_our_words() {
        let path = "server/ledger/migrations/sqlite/1.sql";
        assert_eq!(
            found(path, "create table t (event_time integer, kind text check (kind in ('site'))) -- site")
                .len(),
            0
        );
        assert_eq!(found(path, "create table t (created_at integer, sku text)").len(), 2);
        assert_eq!(
            found(
                "app/src/routes.rs",
                "f(\"/batch/:key\"); f(\"/\"); f(\"/material-lot/{key}\"); f(\"/delivery/{key}\")"
            )
            .len(),
            1
        );
        assert_eq!(found("server/src/api.rs", "f(\"/api/v1/trace/upstream\")").len(), 1);
    }
}
