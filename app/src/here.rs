//! What every page knows without asking: the reader's language, the theme, who is signed in.
//!
//! The server writes it into the document's head and the browser reads it back, so both render the same
//! page from the same value. It changes only with a new document: switching the language, signing in
//! and signing out are plain form posts.

use domain::{
    person::Role,
    subject::Subject,
    text::{Lang, Said, Text},
    view::SignedIn,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_url};
use serde::{Deserialize, Serialize};

/// What every page knows.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Here {
    /// The language to show.
    pub lang: Lang,
    /// Light or dark.
    pub theme: Theme,
    /// Who is signed in.
    pub who: Option<SignedIn>,
    /// True in the demo, which has a sheet of codes to scan.
    pub demo: bool,
}

/// Light or dark.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the device is set.
    #[default]
    Auto,
    /// Dark ink on light: for sunlight.
    Light,
    /// Light ink on dark: for the night shift.
    Dark,
}

impl Theme {
    /// Every theme, in the order the switch shows them.
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    /// The word in the cookie and in `data-theme`.
    pub const fn word(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme for a word; anything else is [`Theme::Auto`].
    pub fn from_word(word: &str) -> Theme {
        Theme::ALL.into_iter().find(|t| t.word() == word).unwrap_or_default()
    }
}

/// What this page knows; the default outside a page.
pub fn here() -> Here {
    use_context::<Here>().unwrap_or_default()
}

/// The reader's language. Read it while the component is made: event handlers have no context.
pub fn lang() -> Lang {
    here().lang
}

/// A text in the reader's language. As [`lang`], not inside event handlers.
pub fn tr(text: Text) -> &'static str {
    text.get(lang())
}

/// A sentence in the reader's language. As [`lang`], not inside event handlers.
pub fn said(said: &Said) -> String {
    said.get(lang()).to_string()
}

/// The role of whoever is signed in.
pub fn role() -> Option<Role> {
    here().who.map(|who| who.role)
}

/// The address of a subject's page; its key may hold any text.
pub fn href(subject: &Subject) -> String {
    format!("/{}/{}", subject.kind.slug(), encode(&subject.key))
}

/// Percent-encodes everything but RFC 3986's unreserved characters: for one path segment or one value
/// of a query.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
    out
}

/// Undoes [`encode`] once; `+` means a space, as forms post it. What is no valid encoding stays.
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = after;
                }
                _ => bytes.push(b'%'),
            },
            _ => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// A named part of the page's path, such as `key` of `/batch/:key`.
pub fn param(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get(name).unwrap_or_default())
}

/// A value of the page's query; empty where there is none.
///
/// The router's own map decodes twice, which turns the `%2F` inside a scanned web address into `/`.
pub fn query(name: &'static str) -> Memo<String> {
    let url = use_url();
    Memo::new(move |_| query_value(url.read().search(), name))
}

fn query_value(search: &str, name: &str) -> String {
    let pairs = search.trim_start_matches('?').split('&');
    let mut values = pairs.filter_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(key) == name).then(|| decode(value))
    });
    values.next().unwrap_or_default()
}

/// The address of this page, to come back to after a form post.
pub fn back() -> Memo<String> {
    let url = use_url();
    Memo::new(move |_| {
        let url = url.read();
        match url.search() {
            "" => url.path().to_string(),
            search => format!("{}?{}", url.path(), search.trim_start_matches('?')),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_any_text_survives_the_address() {
        for key in ["2026/04 ø+%2F?&#", "批次 1", "\u{1d}01", "~a-b.c_"] {
            assert_eq!(decode(&encode(key)), key);
            assert!(!encode(key).contains(['/', '?', '#', '&', '+', ' ']));
        }
        assert_eq!(href(&Subject::batch("A/1")), "/batch/A%2F1");
    }

    #[test]
    fn a_query_is_decoded_once() {
        let search = format!("?a=1&code={}", encode("https://x.org/01/1/10/AB%2FC"));
        assert_eq!(query_value(&search, "code"), "https://x.org/01/1/10/AB%2FC");
        assert_eq!(query_value("a=%zz%4", "a"), "%zz%4");
        assert_eq!(query_value("", "a"), "");
    }
}
