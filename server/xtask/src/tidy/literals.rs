//! No bare words in a view: what a person reads goes through `text`.

use super::Finding;
use super::rust::{self, Kind, Token};
use super::tree::Tree;

/// Attributes whose value a person sees or hears.
const SEEN: &[&str] = &["title", "placeholder", "alt", "label", "description", "summary"];

const MEND: &str = "write text(\"English\", \"中文\") and show it in the reader's language";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in tree.under("app/src/", ".rs") {
        let tokens = rust::program(&file.text);
        for at in 0..tokens.len() {
            let called = |name: &str| rust::starts(&tokens[at..], &[name, "!"]);
            let Some(group) = tokens.get(at + 2..) else { break };
            let group = &group[..rust::group_length(group).min(group.len())];
            let bare: Vec<&Token> = if called("view") {
                (0..group.len()).filter(|n| is_bare(group, *n)).map(|n| &group[n]).collect()
            } else if called("format") {
                group
                    .get(1)
                    .filter(|token| token.kind == Kind::Str && is_prose(&token.text))
                    .into_iter()
                    .collect()
            } else {
                continue;
            };
            for token in bare {
                found.push(Finding::new(
                    &file.path,
                    token.line,
                    format!("bare words {:?}", token.text),
                    MEND,
                ));
            }
        }
    }
    found
}

/// Whether the token is a string that lands on the screen as it stands.
fn is_bare(view: &[Token], at: usize) -> bool {
    let token = &view[at];
    let (Some(before), true) = (at.checked_sub(1).map(|n| &view[n]), token.kind == Kind::Str) else {
        return false;
    };
    let one_further = at.checked_sub(2).map(|n| &view[n]);
    let has_letters = token.text.chars().any(char::is_alphabetic);
    let arrow = before.is(">") && one_further.is_some_and(|sign| sign.is("=") || sign.is("-"));
    match before {
        sign if sign.is("=") => {
            has_letters && one_further.is_some_and(|name| SEEN.contains(&name.text.as_str()))
        }
        // After a tag, or after another child.
        sign if sign.is(">") && !arrow => has_letters,
        sign if sign.kind == Kind::Str => has_letters,
        // In code: a class name is as likely as words are.
        _ => is_prose(&token.text),
    }
}

/// Two words beside each other, or one that begins a sentence; not a path, a class list or a header.
fn is_prose(text: &str) -> bool {
    let outside: String = {
        let mut depth = 0;
        text.chars()
            .filter(|c| {
                depth += i32::from(*c == '{');
                let keep = depth == 0;
                depth -= i32::from(*c == '}');
                keep
            })
            .collect()
    };
    let is_word = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic());
    let words: Vec<&str> =
        outside.split(' ').map(|word| word.trim_matches(['.', ',', ':', '!', '?', '…'])).collect();
    let sentence = |first: &str| {
        first.starts_with(|c: char| c.is_ascii_uppercase())
            && first.contains(|c: char| c.is_ascii_lowercase())
    };
    let capital =
        words.iter().find(|word| !word.is_empty()).is_some_and(|word| is_word(word) && sentence(word));
    let pair = words.windows(2).any(|two| is_word(&two[0]) && is_word(&two[1]));
    capital || (pair && outside.contains(['.', ',', ':', '!', '?']) && !outside.contains([';', '=', '/']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(view: &str) -> usize {
        check(&Tree::of(&[("app/src/pages/a.rs", view)])).len()
    }

    #[test]
    fn c63_bare_words_in_a_view_are_found() {
        assert_eq!(found(r#"view! { <p>"Cartons"</p> }"#), 1);
        assert_eq!(
            found(r#"view! { <p>{n} "cartons"</p> }"#),
            0,
            "after a block, only prose is told from a class"
        );
        assert_eq!(found(r#"view! { <p>{n} "Cartons left"</p> }"#), 1);
        assert_eq!(found(r#"view! { <p>{if a { "Not found." } else { "" }}</p> }"#), 1);
        assert_eq!(found(r#"view! { <input placeholder="code"/> }"#), 1);
        assert_eq!(found(r#"view! { <nav aria-label="pages"/> }"#), 1);
        assert_eq!(found(r#"let a = format!("Carton {key} was packed");"#), 1);
    }

    #[test]
    fn what_nobody_reads_is_left_alone() {
        assert_eq!(found(r#"view! { <p class="code-plate held" id="x">{t(LEFT)}" · "</p> }"#), 0);
        assert_eq!(found(r#"view! { <p class={if held { "plate held" } else { "plate" }}/> }"#), 0);
        assert_eq!(found(r#"view! { <p class={match a { A => "held" }}/> }"#), 0);
        assert_eq!(found(r#"format!("/batch/{key}?lang={lang}")"#), 0);
        assert_eq!(found(r#"format!("lang={l}; Path=/; Max-Age=1")"#), 0);
    }
}
