//! Every string a person can see stands in both languages (C63).

use super::Finding;
use super::rust::{self, Kind, Token};
use super::tree::{File, Tree};
use std::collections::BTreeSet;

/// One `text("English", "中文")`.
pub(super) struct Pair {
    pub(super) line: usize,
    pub(super) en: String,
    pub(super) zh: String,
}

/// Names that are the same in Chinese. What is all capitals, digits and signs needs no entry.
const NAMES: &[&str] = &[
    "Lotwalk",
    "English",
    "Data",
    "Matrix",
    "Code",
    "Aztec",
    "Link",
    "Digital",
    "Wi",
    "Fi",
    "PostgreSQL",
    "SQLite",
    "Merkle",
    "kg",
    "g",
    "mg",
    "t",
    "mm",
    "cm",
    "m",
    "ml",
    "l",
    "h",
    "min",
    "s",
    "ms",
    "pcs",
    "x",
];

/// English words in a row that no Chinese sentence needs.
const MOST_ENGLISH: usize = 4;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in tree.program() {
        let (pairs, unread) = pairs(file);
        for line in unread {
            let mend = "write both as literals, so that they can be checked";
            found.push(Finding::new(&file.path, line, "text() of something other than two literals", mend));
        }
        for pair in pairs {
            for (what, mend) in wrong(&pair) {
                found.push(Finding::new(
                    &file.path,
                    pair.line,
                    format!("text({:?}, …) {what}", pair.en),
                    mend,
                ));
            }
        }
    }
    found
}

/// The pairs of a source, and the lines of calls that are not two literals.
pub(super) fn pairs(file: &File) -> (Vec<Pair>, Vec<usize>) {
    let tokens = rust::program(&file.text);
    let (mut pairs, mut unread) = (Vec::new(), Vec::new());
    // Elsewhere `text` may be a function of its own.
    let ours = imports_text(&tokens);
    for at in 0..tokens.len() {
        if is_call(&tokens, at) {
            match &tokens[at + 2..] {
                [en, comma, zh, end, ..]
                    if is_str(en) && comma.is(",") && is_str(zh) && (end.is(")") || end.is(",")) =>
                {
                    pairs.push(Pair { line: tokens[at].line, en: en.text.clone(), zh: zh.text.clone() });
                }
                _ if ours => unread.push(tokens[at].line),
                _ => {}
            }
        }
        if rust::starts(&tokens[at..], &["Text", "{", "en", ":"]) {
            unread.push(tokens[at].line);
        }
    }
    (pairs, unread)
}

/// Whether a `use` brings in `text` itself, and not only what lies below it.
fn imports_text(tokens: &[Token]) -> bool {
    let mut within = false;
    tokens.windows(2).any(|two| {
        within = two[0].is("use") || (within && !two[0].is(";"));
        within && two[0].is("text") && [",", "}", ";"].iter().any(|sign| two[1].is(sign))
    })
}

/// Whether `text(…)` or `text::text(…)` is called here.
fn is_call(tokens: &[Token], at: usize) -> bool {
    let before = |n: usize, text: &str| at >= n && tokens[at - n].is(text);
    let path = before(1, ":") && before(2, ":") && !before(3, "text");
    rust::starts(&tokens[at..], &["text", "("]) && !(before(1, "fn") || before(1, ".") || path)
}

fn is_str(token: &Token) -> bool {
    token.kind == Kind::Str
}

fn wrong(pair: &Pair) -> Vec<(String, &'static str)> {
    let mut wrong = Vec::new();
    let mut say = |what: &str, mend| wrong.push((what.to_string(), mend));
    if pair.en.is_empty() && pair.zh.is_empty() {
        // Nothing to say, such as no help line.
        return wrong;
    }
    if pair.en.trim().is_empty() || pair.zh.trim().is_empty() {
        say("is empty in one language", "write it in both");
        return wrong;
    }
    let (en, zh) = (places(&pair.en), places(&pair.zh));
    if en != zh {
        let only = en.symmetric_difference(&zh).copied().collect::<Vec<_>>().join(", ");
        say(&format!("has the places {{{only}}} in one language only"), "name the same places in both");
    }
    let speaks = without_places(&pair.zh).contains(char::is_alphabetic);
    if speaks && !pair.zh.contains(is_chinese) && !is_name(&pair.en, &pair.zh) {
        say(&format!("has no Chinese in {:?}", pair.zh), "translate it");
    }
    if pair.en.contains(is_chinese) {
        say("has Chinese in its English", "translate it");
    }
    if english_in_a_row(&without_commands(&pair.zh)) >= MOST_ENGLISH {
        say("has an English sentence in its Chinese", "translate it");
    }
    if half_width(&pair.zh) {
        say("has a half-width sign after Chinese", "use ，；：？！");
    }
    wrong
}

/// The names in `{…}`.
fn places(text: &str) -> BTreeSet<&str> {
    let after_open = text.split('{').skip(1);
    after_open.filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

fn without_places(text: &str) -> String {
    let mut parts = text.split('{');
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        out.push(' ');
        out += part.split_once('}').map_or(part, |(_, after)| after);
    }
    out
}

pub(super) fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
}

/// A name or a unit is the same in both languages.
fn is_name(en: &str, zh: &str) -> bool {
    let outside = without_places(zh);
    let mut words = outside.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    en == zh && words.all(|word| NAMES.contains(&word) || word.chars().all(|c| !c.is_lowercase()))
}

fn english_in_a_row(text: &str) -> usize {
    let outside = without_places(text);
    let (mut most, mut row) = (0, 0);
    for word in outside.split_whitespace() {
        let plain = word.trim_matches(|c: char| c.is_ascii_punctuation());
        let english = !plain.is_empty() && plain.chars().all(|c| c.is_ascii_alphabetic());
        row = if english && !plain.chars().all(|c| c.is_ascii_uppercase()) { row + 1 } else { 0 };
        most = most.max(row);
    }
    most
}

/// What stands between backquotes is typed as it stands, in any language.
fn without_commands(text: &str) -> String {
    text.split('`').step_by(2).collect()
}

fn half_width(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    letters.windows(2).any(|two| is_chinese(two[0]) && matches!(two[1], ',' | ';' | ':' | '?' | '!'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<String> {
        check(&Tree::of(&[("app/src/a.rs", source)])).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn c63_what_is_missing_in_one_language_is_found() {
        assert!(found(r#"text("{n} cartons", "{n} 个外箱")"#).is_empty());
        assert!(found(r#"text("Cartons", "")"#)[0].contains("empty"));
        assert!(found(r#"A { title: text("Cartons", "") }"#)[0].contains("empty"));
        assert!(found(r#"domain::text::text("Cartons", "")"#)[0].contains("empty"));
        assert!(found(r#"text("{n} cartons", "{m} 个外箱")"#)[0].contains("{m, n}"));
        assert!(found(r#"text("Cartons", "Cartons")"#)[0].contains("no Chinese"));
        assert!(found(r#"text("外箱", "外箱")"#)[0].contains("Chinese in its English"));
        assert!(found(r#"text("A b", "外箱 the carton was not found")"#)[0].contains("English sentence"));
        assert!(found(r#"text("A b", "运行 `lotwalk the carton was not found`")"#).is_empty());
        assert!(found(r#"text("A, b", "外箱, 托盘")"#)[0].contains("half-width"));
        assert!(found("use domain::text::text; text(EN, ZH)")[0].contains("literals"));
        assert!(found(r#"Text { en: "a", zh: "b" }"#)[0].contains("literals"));
    }

    #[test]
    fn names_and_units_are_the_same_in_both() {
        assert!(found(r#"text("{n} of {total}", "{n} / {total}")"#).is_empty());
        for same in ["GTIN", "{n} kg", "GS1-128", "Data Matrix", "Lotwalk {version}"] {
            assert!(found(&format!("text({same:?}, {same:?})")).is_empty(), "{same}");
        }
    }

    #[test]
    fn other_things_called_text_are_left_alone() {
        assert!(found(r#"response.text("x"); fn text(en: &str) {} // text("x", "y")"#).is_empty());
        assert!(found("use domain::text::text; CodeKey::text(x)").is_empty());
        assert!(found("use domain::text::{Lang, Text}; fn f() { text(x) }").is_empty());
    }
}
