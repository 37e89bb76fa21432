//! Why a code could not be read, where, and what to do about it.

use serde::Serialize;

use super::rule::{CharacterSet, Rule};
use crate::text::{Said, Text, text};

mod words;

/// A code that is damaged, partial or not what its symbology promises.
///
/// `position` is a byte offset in the bytes as they were handed to [`super::read`], so that a screen can
/// point at the character and a log line can be compared with the original.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CodeError {
    /// Byte offset in the original where reading stopped making sense.
    pub position: usize,
    /// What is wrong there.
    #[serde(flatten)]
    pub kind: CodeErrorKind,
    /// The application identifier being read, when there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ai: Option<String>,
}

/// What can be wrong with a code.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "error", rename_all = "snake_case")]
#[non_exhaustive]
pub enum CodeErrorKind {
    /// There is nothing to read.
    Empty,
    /// More bytes than any symbol holds.
    TooLarge {
        /// The most bytes a code may have.
        most: usize,
    },
    /// Bytes that are not UTF-8 text.
    NotText,
    /// A control character inside plain text.
    ControlCharacter,
    /// No symbology identifier (ISO/IEC 15424) where one is needed.
    NotASymbologyIdentifier,
    /// A key or symbol with another number of digits than it has.
    WrongLength {
        /// The numbers of digits that are right, such as `8, 12, 13, 14`.
        needed: String,
        /// How many there are.
        given: usize,
    },
    /// An element string must begin with FNC1, written as the group separator.
    SeparatorMissing,
    /// No digits of an application identifier.
    AiExpected,
    /// Digits that are no application identifier of the General Specifications.
    UnknownAi {
        /// The digits.
        found: String,
    },
    /// An opening bracket is missing.
    BracketExpected,
    /// An application identifier with brackets around something else than two to four digits.
    BracketedAi,
    /// An application identifier with nothing behind it.
    EmptyValue,
    /// The value ends too early.
    TooShort {
        /// The fewest characters this part has.
        least: usize,
        /// How many there are.
        given: usize,
    },
    /// The value goes on too long.
    TooLong {
        /// The most characters it has.
        most: usize,
    },
    /// A character that may not stand there.
    Character {
        /// The set it should be of.
        set: CharacterSet,
        /// The character.
        found: String,
    },
    /// Padding of a base64 value that does not fit.
    Padding,
    /// The check digit does not fit the digits before it.
    CheckDigit {
        /// The digit that would.
        expected: char,
    },
    /// The check character pair does not fit the characters before it.
    CheckPair {
        /// The pair that would.
        expected: String,
    },
    /// A content rule is broken.
    Content {
        /// Which one.
        rule: Rule,
    },
    /// A Digital Link must begin with `https://` or `http://` in one case.
    LinkScheme,
    /// The host or port of a link is not one.
    LinkHost,
    /// A character that must be percent-encoded in a link.
    LinkCharacter,
    /// No GS1 key in the path of the link.
    LinkWithoutKey,
    /// The qualifiers of the key stand in another order, or do not belong to the key.
    LinkOrder,
    /// A qualifier of the key stands in the query.
    LinkQualifierInQuery,
    /// An identifier that may not be part of a Digital Link.
    LinkAttribute,
    /// The same identifier stands in the link twice.
    LinkDuplicate,
    /// A NUL character, `%00`.
    LinkNul,
    /// A compressed Digital Link.
    LinkCompressed,
}

impl CodeError {
    pub(super) fn new(position: usize, kind: CodeErrorKind) -> CodeError {
        CodeError { position, kind, ai: None }
    }

    /// The same error, inside the value of an application identifier.
    pub(super) fn in_ai(mut self, ai: &str) -> CodeError {
        self.ai = Some(ai.to_owned());
        self
    }

    /// The error in words: place, reason and mend.
    pub fn said(&self) -> Said {
        const AT: Text = text("At character {place}: {why}", "第 {place} 个字符：{why}");
        const IN_AI: Text =
            text("At character {place}, in ({ai}): {why}", "第 {place} 个字符，({ai}) 中：{why}");
        let why = self.kind.said();
        if matches!(self.kind, CodeErrorKind::Empty) {
            return why;
        }
        let place = (self.position + 1).to_string();
        let fill = |why: &str| match &self.ai {
            Some(ai) => IN_AI.with(&[("place", &place), ("ai", ai), ("why", why)]),
            None => AT.with(&[("place", &place), ("why", why)]),
        };
        Said { en: fill(&why.en).en, zh: fill(&why.zh).zh }
    }
}

impl std::fmt::Display for CodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.said().fmt(f)
    }
}

impl std::error::Error for CodeError {}
