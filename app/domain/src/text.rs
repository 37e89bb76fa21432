//! Words on a screen, always in both languages.
//!
//! A [`Text`] cannot be written without its Chinese, so a string that exists in one language only does
//! not compile. `{name}` marks a place that [`Text::with`] fills; the tidy check in `xtask` reads every
//! `text("…", "…")` of the tree and fails where the two languages name different places or where a
//! second word is used for a thing that already has one.
//!
//! ```
//! use domain::text::{text, Lang, Text};
//! const LEFT: Text = text("{n} cartons left", "剩余 {n} 箱");
//! let said = LEFT.with(&[("n", "12")]);
//! assert_eq!(said.get(Lang::En), "12 cartons left");
//! assert_eq!(said.get(Lang::Zh), "剩余 12 箱");
//! ```

use crate::subject::plain;
use serde::{Deserialize, Serialize};

/// A language of the screen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub enum Lang {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    Zh,
}

impl Lang {
    /// Every language, in the order the switch shows them.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Zh];

    /// The BCP 47 tag, as in `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh-CN",
        }
    }

    /// The language for a tag or an `Accept-Language` header; the first that is ours counts.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        tag.split(',').find_map(|part| {
            let part = part.trim().to_ascii_lowercase();
            match part {
                p if p.starts_with("zh") => Some(Lang::Zh),
                p if p.starts_with("en") => Some(Lang::En),
                _ => None,
            }
        })
    }
}

/// A string of the program in both languages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

/// A [`Text`]. The one way to write one, so that a check can find them all.
pub const fn text(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

impl Text {
    /// The string in a language.
    pub const fn get(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }

    /// Both languages, with each `{name}` replaced by its value; a subject named by its urn is told by its
    /// key.
    pub fn with(&self, values: &[(&str, &str)]) -> Said {
        let fill = |pattern: &str| {
            let mut out = String::with_capacity(pattern.len() + 16);
            let mut rest = pattern;
            // One pass over the pattern: a value that itself holds `{other}` is never filled again.
            while let Some(open) = rest.find('{') {
                out.push_str(&rest[..open]);
                let tail = &rest[open + 1..];
                let Some(close) = tail.find('}') else {
                    rest = &rest[open..];
                    break;
                };
                let name = &tail[..close];
                match values.iter().find(|(n, _)| *n == name) {
                    Some((_, value)) => out.push_str(&plain(value)),
                    None => out.push_str(&rest[open..open + close + 2]),
                }
                rest = &tail[close + 1..];
            }
            out.push_str(rest);
            out
        };
        Said { en: fill(self.en), zh: fill(self.zh) }
    }

    /// Both languages as they stand.
    pub fn said(&self) -> Said {
        Said { en: self.en.into(), zh: self.zh.into() }
    }
}

/// A sentence that was filled in, in both languages: what refusals and discrepancies carry, so that
/// the reader's language is chosen where it is shown and not where it was said.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Said {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Said {
    /// The sentence in a language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }

    /// A name or code that reads the same in every language.
    pub fn same(text: impl Into<String>) -> Said {
        let en = text.into();
        Said { zh: en.clone(), en }
    }
}

impl std::fmt::Display for Said {
    /// English, for logs and the command line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en)
    }
}

impl From<Text> for Said {
    fn from(text: Text) -> Said {
        text.said()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_never_filled_twice() {
        let said = text("{a} and {b}", "{b}、{a}").with(&[("a", "{b}"), ("b", "x")]);
        assert_eq!(said.en, "{b} and x");
        assert_eq!(said.zh, "x、{b}");
    }

    #[test]
    fn an_unknown_or_open_place_stays_as_written() {
        assert_eq!(text("{n} of {", "{n} {").with(&[]).en, "{n} of {");
    }

    #[test]
    fn the_first_language_of_ours_counts() {
        assert_eq!(Lang::from_tag("de-DE,zh-CN;q=0.8,en;q=0.5"), Some(Lang::Zh));
        assert_eq!(Lang::from_tag("fr"), None);
    }
}
