//! A filled form that was not captured: refused, interrupted by an expired session, or met by a fault.
//!
//! The server keeps it so that nothing a person typed is lost; the page draws the form from it again.
//! Answers are kept as posted and not as a payload, for what is kept is often of the wrong shape.

use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// A filled form, and why it is still here.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct KeptDraft {
    /// The event kind.
    pub kind: String,
    /// Every answer as posted, in the order of the form; repeated names make a list. A photo stands here
    /// as the digest of its stored bytes.
    pub values: Vec<(String, String)>,
    /// Why the domain said no.
    pub refusal: Option<Refusal>,
    /// The number of the fault that came in between.
    pub fault: Option<String>,
    /// The account that may see it; `None` when it was kept while nobody was signed in.
    pub account: Option<String>,
}

impl KeptDraft {
    /// The first answer under a name that is not empty.
    pub fn value<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).find(|value| !value.trim().is_empty())
    }

    /// Every answer under a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The numbers of the rows of `field` that hold an answer, ascending. A payload counts only these, so
    /// the row that a refusal names as `parts.1` is the second of them.
    pub fn rows(&self, field: &str) -> Vec<usize> {
        let mut rows: Vec<usize> = self
            .values
            .iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .filter_map(|(name, _)| {
                name.strip_prefix(field)?.strip_prefix('.')?.split('.').next()?.parse().ok()
            })
            .collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

impl KeptDraft {
    /// The same with the filled rows of `field` numbered from 0, as the payload counts them and a refusal
    /// names them.
    pub fn with_rows_closed_up(mut self, field: &str) -> KeptDraft {
        let rows = self.rows(field);
        self.values.retain_mut(|(name, _)| {
            let Some(rest) = name.strip_prefix(field).and_then(|rest| rest.strip_prefix('.')) else {
                return true;
            };
            let Some((row, inner)) = rest.split_once('.') else { return false };
            let place = row.parse().ok().and_then(|row: usize| rows.iter().position(|r| *r == row));
            if let Some(place) = place {
                *name = format!("{field}.{place}.{inner}");
            }
            place.is_some()
        });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_left_empty_are_passed_over_as_the_payload_does() {
        let values = [
            ("parts.0.reference", " "),
            ("parts.3.reference", "S-2"),
            ("parts.1.units", "C1"),
            ("partsx.9", "no"),
        ];
        let values = values.map(|(n, v)| (n.to_string(), v.to_string())).to_vec();
        let kept = KeptDraft { values, ..KeptDraft::default() };
        assert_eq!(kept.rows("parts"), [1, 3]);
        assert_eq!(kept.value("parts.0.reference"), None);
        let kept = kept.with_rows_closed_up("parts");
        assert_eq!(kept.value("parts.0.units"), Some("C1"));
        assert_eq!(kept.value("parts.1.reference"), Some("S-2"));
        assert_eq!(kept.value("partsx.9"), Some("no"));
    }
}
