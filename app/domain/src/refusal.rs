//! The domain says no, with a reason, the place and the mend.

use crate::{
    code::CodeError,
    person::Role,
    subject::Subject,
    text::{Said, Text},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why something was not recorded. Nothing was written; the draft is still with whoever sent it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Refusal {
    /// A short word for programs, stable: `code_in_use`.
    pub reason: String,
    /// The field of the draft it is about: `old_code`, `parts.1.cartons`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong, and how to mend it.
    pub said: Said,
    /// Where a code could mean several subjects: all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Subject>,
}

impl Refusal {
    /// A refusal with a sentence that needs no filling in.
    pub fn new(reason: &str, sentence: Text) -> Refusal {
        Refusal::said(reason, sentence.said())
    }

    /// A refusal with a sentence that was filled in.
    pub fn said(reason: &str, said: Said) -> Refusal {
        Refusal { reason: reason.into(), field: None, said, candidates: vec![] }
    }

    /// A code that cannot be read.
    pub fn unreadable(error: &CodeError) -> Refusal {
        Refusal::said("unreadable_code", error.said())
    }

    /// What the role may be told of it: one that reads no records learns what is wrong, and not which
    /// subjects there are.
    pub fn told(self, role: Role) -> Refusal {
        match role.reads_records() {
            true => self,
            false => Refusal { candidates: vec![], ..self },
        }
    }

    /// The same, about a field.
    pub fn at(mut self, field: impl Into<String>) -> Refusal {
        self.field = Some(field.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{field}: {}", self.said.en),
            None => f.write_str(&self.said.en),
        }
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::text;

    #[test]
    fn candidates_are_told_only_to_those_who_read_records() {
        let several = Refusal::new("ambiguous_code", text("Which?", "哪一个？"));
        let refusal = Refusal { candidates: vec![Subject::batch("L1"), Subject::batch("L2")], ..several };
        for role in Role::ALL {
            let told = refusal.clone().told(role);
            assert_eq!(told.candidates.is_empty(), !role.reads_records(), "{role:?}");
            assert_eq!((told.reason, told.said), (refusal.reason.clone(), refusal.said.clone()));
        }
    }
}
