//! Waiving: somebody by name does without a record of one batch, and says why (C51).
//!
//! CBV has no word for it; exported under the project's own namespace.

use super::{About, Context, EventKind, Outcome};
use crate::{
    book::Known,
    completeness::WAIVABLE,
    field::{Field, Input},
    person::Role,
    record::Facts,
    refusal::Refusal,
    state::Effect,
    subject::SubjectKind,
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Waiving {
    /// The batch.
    pub batch: String,
    /// What is done without.
    pub what: String,
    /// Who waives it, by name.
    pub waived_by: String,
    /// Why.
    pub reason: String,
}

const SENTENCE: Text = text("{by} waived a record of {batch}: {reason}", "{by} 豁免 {batch} 的一项记录：{reason}");

impl EventKind for Waiving {
    const NAME: &'static str = "waiving";
    const FILES: &'static [&'static str] = &["waiver"];
    const ABOUT: About = About {
        title: text("Waiver", "豁免"),
        verb: text("Waive a record", "豁免记录"),
        purpose: text(
            "One batch does without a record, in somebody's name. The waiver stays in its place for ever.",
            "由专人决定某批次免除一项记录。豁免将永久留存于该处。",
        ),
        roles: &[Role::Buyer],
        offered_on: &[SubjectKind::Batch],
        fields: &[
            Field::must("batch", text("Batch", "批次"), Input::Code(&[SubjectKind::Batch])),
            Field::must("what", text("What is done without", "豁免事项"), Input::Choice(WAIVABLE)),
            Field::must("waived_by", text("Waived by", "豁免批准人"), Input::Line),
            Field::must("reason", text("Reason", "原因"), Input::Text),
        ],
        biz_step: "urn:lotwalk:bizstep:waiving",
        disposition: None,
    };

    fn references(&self) -> Vec<String> {
        vec![self.batch.clone()]
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let batch = book.one(&self.batch, &[SubjectKind::Batch]).map_err(|r| r.at("batch"))?;
        let facts: Facts = [
            ("what", self.what.as_str()),
            ("waived_by", self.waived_by.trim()),
            ("role", context.person.role.word()),
            ("reason", self.reason.trim()),
        ]
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .into();
        let mut outcome = Outcome::default();
        outcome.effect(Effect::Filed { subject: batch, record: "waiver".into(), facts });
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        SENTENCE.with(&[("by", &self.waived_by), ("batch", &self.batch), ("reason", &self.reason)])
    }
}
