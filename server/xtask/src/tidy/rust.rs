//! Just enough Rust to tell words in code from words in strings and comments.

/// A piece of Rust source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// An identifier, one punctuation sign, the value of a string, the text of a comment.
    pub(super) text: String,
    /// Counted from 1.
    pub(super) line: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Word,
    Number,
    Sign,
    Str,
    Comment,
}

impl Token {
    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Word | Kind::Sign) && self.text == text
    }
}

/// Code without comments and without test modules.
pub(super) fn program(source: &str) -> Vec<Token> {
    let mut tokens = tokens(source);
    tokens.retain(|token| token.kind != Kind::Comment);
    let test_only = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut at = 0;
    while at < tokens.len() {
        if starts(&tokens[at..], &test_only) {
            let end = at + test_only.len() + item_length(&tokens[at + test_only.len()..]);
            tokens.drain(at..end);
        } else {
            at += 1;
        }
    }
    tokens
}

/// Whether tokens begin with these words and signs.
pub(super) fn starts(tokens: &[Token], with: &[&str]) -> bool {
    tokens.len() >= with.len() && tokens.iter().zip(with).all(|(token, text)| token.is(text))
}

/// How many tokens the bracketed group has that begins here, both brackets counted.
pub(super) fn group_length(tokens: &[Token]) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate() {
        if token.kind == Kind::Sign {
            match token.text.as_str() {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// An item goes on to its `;` or to the end of its braces.
fn item_length(tokens: &[Token]) -> usize {
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            token if token.is(";") => return at + 1,
            token if token.is("{") => return at + group_length(&tokens[at..]),
            token if token.is("(") || token.is("[") => at += group_length(&tokens[at..]),
            _ => at += 1,
        }
    }
    tokens.len()
}

/// All of a source, comments included.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { rest: source, line: 1, found: Vec::new() };
    while lexer.next() {}
    lexer.found
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
    found: Vec<Token>,
}

impl Lexer<'_> {
    fn next(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else { return false };
        let rest = self.rest;
        if first.is_whitespace() {
            self.take(None, first.len_utf8(), "");
        } else if rest.starts_with("//") {
            let length = rest.find('\n').unwrap_or(rest.len());
            self.take(Some(Kind::Comment), length, &rest[..length]);
        } else if rest.starts_with("/*") {
            let length = block_comment(rest);
            self.take(Some(Kind::Comment), length, &rest[..length]);
        } else if let Some((length, value)) = string(rest) {
            self.take(Some(Kind::Str), length, &value);
        } else if first == '\'' {
            let length = quote(rest);
            self.take(None, length, "");
        } else if first.is_alphabetic() || first == '_' {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            self.take(Some(Kind::Word), length, &rest[..length]);
        } else if first.is_ascii_digit() {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            self.take(Some(Kind::Number), length, &rest[..length]);
        } else {
            self.take(Some(Kind::Sign), first.len_utf8(), &rest[..first.len_utf8()]);
        }
        true
    }

    fn take(&mut self, kind: Option<Kind>, length: usize, text: &str) {
        if let Some(kind) = kind {
            self.found.push(Token { kind, text: text.into(), line: self.line });
        }
        self.line += self.rest[..length].matches('\n').count();
        self.rest = &self.rest[length..];
    }
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    let bytes = rest.as_bytes();
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// A string literal of any sort that begins here: its length in the source and its value.
fn string(rest: &str) -> Option<(usize, String)> {
    // The longest prefix has two letters; looking further would read the whole rest for every word.
    let prefix = rest.bytes().take(3).position(|byte| byte == b'"' || byte == b'#')?;
    if !["", "b", "c", "r", "br", "cr"].contains(&&rest[..prefix]) {
        return None;
    }
    let raw = rest[..prefix].contains('r');
    let after = &rest[prefix..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    if !after[hashes..].starts_with('"') || (hashes > 0 && !raw) {
        return None;
    }
    let open = prefix + hashes + 1;
    if raw {
        let close = format!("\"{}", "#".repeat(hashes));
        let length = rest[open..].find(&close).unwrap_or(rest.len() - open);
        return Some(((open + length + close.len()).min(rest.len()), rest[open..open + length].into()));
    }
    let (mut value, mut letters) = (String::new(), rest[open..].char_indices().peekable());
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((open + at + 1, value)),
            '\\' => match letters.next().map(|(_, escaped)| escaped) {
                Some('n') => value.push('\n'),
                Some('t') => value.push('\t'),
                // A line that goes on: the next one's indent is not part of the value.
                Some('\n') => while letters.next_if(|(_, c)| c.is_whitespace()).is_some() {},
                Some(other) => value.push(other),
                None => break,
            },
            other => value.push(other),
        }
    }
    Some((rest.len(), value))
}

/// A character literal, or the tick of a lifetime.
fn quote(rest: &str) -> usize {
    let mut letters = rest.char_indices().skip(1);
    match (letters.next(), letters.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let from = at + escaped.len_utf8();
            rest[from..].find('\'').map_or(rest.len(), |close| from + close + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: Kind, source: &str) -> Vec<String> {
        tokens(source).into_iter().filter(|t| t.kind == kind).map(|t| t.text).collect()
    }

    #[test]
    fn words_strings_and_comments_are_told_apart() {
        let source = r##"let a = "sqlx \"x\""; // leptos
            /* std::fs /* nested */ */ f('"', r#"raw "q""#, b"bytes", '\'', &'static x);"##;
        assert_eq!(of(Kind::Word, source), ["let", "a", "f", "static", "x"]);
        assert_eq!(of(Kind::Str, source), ["sqlx \"x\"", "raw \"q\"", "bytes"]);
        assert_eq!(of(Kind::Comment, source).len(), 2);
    }

    #[test]
    fn a_line_that_goes_on_is_one_string() {
        let found = tokens("a(\n\"one \\\n    two\", b)");
        assert_eq!(found[2].text, "one two");
        assert_eq!((found[2].line, found[3].line), (2, 3));
    }

    #[test]
    fn test_modules_are_left_out() {
        let source = "use a; #[cfg(test)] mod tests { fn f() { sqlx } } use b; #[cfg(test)] mod t; fn c() {}";
        let words: Vec<_> =
            program(source).into_iter().filter(|t| t.kind == Kind::Word).map(|t| t.text).collect();
        assert_eq!(words, ["use", "a", "use", "b", "fn", "c"]);
    }

    #[test]
    fn unfinished_source_ends() {
        for source in ["\"open", "r#\"open", "/* open", "'", "'\\", "\"\\", "#[cfg(test)]", "b", "r#type"] {
            program(source);
        }
    }
}
