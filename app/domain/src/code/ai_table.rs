//! The table of application identifiers (General Specifications, section 3; edition of January 2026).
//!
//! The rows are in `rows.rs`, one per identifier, in lexical order, which the look-up relies on. To add
//! an identifier, add its row: what its value is made of, whether a separator must end it, which others
//! it needs or excludes, and its part in a Digital Link.

use super::rule::{CharacterSet, Rule};
use rows::ROWS;

mod rows;

/// An application identifier, or several that differ in the last digit only.
pub(super) struct Row {
    ai: &'static str,
    last_digit: u8,
    /// The data title.
    pub(super) title: &'static str,
    /// What the value is made of; optional parts come last.
    pub(super) parts: &'static [Part],
    /// The length is known from the first two digits, so no separator need end the value.
    pub(super) predefined: bool,
    /// May stand in the query of a Digital Link.
    pub(super) attribute: bool,
    /// Each is a requirement: alternatives separated by `,`, `+` between those needed together, `n` for
    /// any digit.
    pub(super) requires: &'static [&'static str],
    /// Identifiers that must not stand beside this one, in the same notation.
    pub(super) excludes: &'static str,
    /// Present for a primary key of a Digital Link: the sequences of qualifiers that may follow it.
    pub(super) qualifiers: Option<&'static [&'static str]>,
}

/// A part of a value.
pub(super) struct Part {
    pub(super) set: CharacterSet,
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) optional: bool,
    pub(super) rules: &'static [Rule],
}

impl Row {
    /// The fewest characters a value has.
    pub(super) fn least(&self) -> usize {
        self.parts.iter().filter(|part| !part.optional).map(|part| part.least).sum()
    }

    /// The most characters a value has.
    pub(super) fn most(&self) -> usize {
        self.parts.iter().map(|part| part.most).sum()
    }

    /// Whether the value begins with digits that a check digit guards.
    pub(super) fn begins_with_checked_digits(&self) -> bool {
        self.parts.iter().take(2).any(|part| part.rules.contains(&Rule::CheckDigit))
    }

    fn holds(&self, data: &[u8]) -> bool {
        let ai = self.ai.as_bytes();
        let (stem, first) = (&ai[..ai.len() - 1], ai[ai.len() - 1]);
        data.starts_with(stem)
            && data.get(stem.len()).is_some_and(|last| (first..=self.last_digit).contains(last))
    }
}

/// The row of the identifier that data begins with, and how many digits the identifier has.
pub(super) fn row_at(data: &[u8]) -> Option<(&'static Row, usize)> {
    let head = &data[..data.len().min(4)];
    // No identifier is the beginning of another, so the last row not above the data is the one.
    let row = ROWS.get(ROWS.partition_point(|row| row.ai.as_bytes() <= head).checked_sub(1)?)?;
    row.holds(head).then_some((row, row.ai.len()))
}

/// The row of an identifier.
pub(super) fn row_of(ai: &str) -> Option<&'static Row> {
    row_at(ai.as_bytes()).filter(|&(_, length)| length == ai.len()).map(|(row, _)| row)
}

/// How many digits identifiers have that begin with these two: the same for all of them.
pub(super) fn length_for(first_two: &[u8]) -> Option<usize> {
    ROWS.iter().find(|row| row.ai.as_bytes().starts_with(first_two)).map(|row| row.ai.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_the_search_needs_and_none_begins_another() {
        assert!(ROWS.windows(2).all(|pair| pair[0].ai < pair[1].ai && !pair[1].ai.starts_with(pair[0].ai)));
    }

    #[test]
    fn identifiers_with_the_same_first_two_digits_are_equally_long() {
        assert!(
            ROWS.windows(2)
                .all(|pair| pair[0].ai[..2] != pair[1].ai[..2] || pair[0].ai.len() == pair[1].ai.len())
        );
    }

    #[test]
    fn only_the_last_parts_are_optional_or_of_varying_length() {
        for row in ROWS {
            let varying = row.parts.iter().position(|part| part.least != part.most);
            assert!(varying.is_none_or(|at| at + 1 == row.parts.len()), "{}", row.ai);
            assert!(row.parts.is_sorted_by_key(|part| part.optional), "{}", row.ai);
            assert!(!row.predefined || row.least() == row.most(), "{}", row.ai);
        }
    }

    #[test]
    fn a_range_ends_at_its_last_digit() {
        assert!(row_of("3105").is_some() && row_of("3106").is_none());
        assert!(row_of("90").is_some() && row_of("99").is_some() && row_of("89").is_none());
        assert!(row_of("1").is_none() && row_of("").is_none() && row_of("010").is_none());
    }
}
