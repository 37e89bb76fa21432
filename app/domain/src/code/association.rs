//! Which identifiers must stand together and which must not (General Specifications, section 4.14.2).
//!
//! The rules hold for all that marks one item, over several symbols taken together; a single symbol may
//! break them without being wrong.

use super::Element;
use super::ai_table::row_of;
use crate::text::{Said, Text, text};

/// A pair rule that a set of elements breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AssociationError {
    /// The identifier whose rule it is.
    pub ai: String,
    /// What is wrong.
    pub kind: AssociationErrorKind,
}

/// How a pair rule is broken.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum AssociationErrorKind {
    /// None of the identifiers that must stand beside it does.
    Missing {
        /// The alternatives, such as `01, 02`.
        needed: String,
    },
    /// An identifier that must not stand beside it does.
    Excluded {
        /// That identifier.
        other: String,
    },
    /// The identifier stands there twice with different values.
    Repeated,
}

impl AssociationError {
    /// The error in words.
    pub fn said(&self) -> Said {
        const MISSING: Text = text(
            "({ai}) must stand together with {needed}. Scan the other symbol of the label as well.",
            "({ai}) 须与 {needed} 同时出现。请同时扫描标签上的另一个条码。",
        );
        const EXCLUDED: Text = text(
            "({ai}) must not stand together with ({other}). Check that both belong to the same item.",
            "({ai}) 不能与 ({other}) 同时出现。请确认两者属于同一物品。",
        );
        const REPEATED: Text = text(
            "({ai}) stands there twice with different values. Check that both belong to the same item.",
            "({ai}) 出现两次且值不同。请确认两者属于同一物品。",
        );
        match &self.kind {
            AssociationErrorKind::Missing { needed } => MISSING.with(&[("ai", &self.ai), ("needed", needed)]),
            AssociationErrorKind::Excluded { other } => EXCLUDED.with(&[("ai", &self.ai), ("other", other)]),
            AssociationErrorKind::Repeated => REPEATED.with(&[("ai", &self.ai)]),
        }
    }
}

impl std::fmt::Display for AssociationError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.said().fmt(f)
    }
}

impl std::error::Error for AssociationError {}

/// Checks the pair rules over all elements that mark one item.
///
/// # Errors
/// The first rule that is broken, in the order of the elements.
pub fn check_associations(elements: &[Element]) -> Result<(), AssociationError> {
    for (index, element) in elements.iter().enumerate() {
        let broken = |kind| Err(AssociationError { ai: element.ai.clone(), kind });
        if elements[..index].iter().any(|earlier| earlier.ai == element.ai && earlier.value != element.value)
        {
            return broken(AssociationErrorKind::Repeated);
        }
        let Some(row) = row_of(&element.ai) else { continue };
        let excluded = row.excludes.split(',').filter(|pattern| !pattern.is_empty()).find_map(|pattern| {
            // An identifier does not exclude itself, even where its pattern covers it.
            elements.iter().find(|other| other.ai != element.ai && is_like(&other.ai, pattern))
        });
        if let Some(other) = excluded {
            return broken(AssociationErrorKind::Excluded { other: other.ai.clone() });
        }
        for needed in row.requires {
            let holds = |pattern| elements.iter().any(|other| stands_for(other, pattern, &element.ai));
            if !needed.split(',').any(|together| together.split('+').all(holds)) {
                return broken(AssociationErrorKind::Missing { needed: listed(needed) });
            }
        }
    }
    Ok(())
}

/// Whether an element fulfils a pattern in the requirements of `of`. A digital signature (8030) needs a
/// key that names one single thing, so a key whose serial part is left out does not count for it.
fn stands_for(element: &Element, pattern: &str, of: &str) -> bool {
    let without_serial = match element.ai.as_str() {
        "253" | "255" => 13,
        "8003" => 14,
        _ => 0,
    };
    is_like(&element.ai, pattern) && (of != "8030" || element.value.len() > without_serial)
}

fn is_like(ai: &str, pattern: &str) -> bool {
    ai.len() == pattern.len()
        && ai.bytes().zip(pattern.bytes()).all(|(digit, like)| like == b'n' || digit == like)
}

fn listed(needed: &str) -> String {
    let alternatives: Vec<String> =
        needed.split(',').map(|together| format!("({})", together.replace('+', ") + ("))).collect();
    alternatives.join(" / ")
}
