//! Retrieving: somebody looks whether a retained sample is where it should be (C58). One that is not stays an
//! open discrepancy until it is found.
//!
//! CBV has no word for it; exported under the project's own namespace.

use super::{About, Context, DiscrepancyKind, EventKind, Outcome};
use crate::{
    book::Known,
    field::{Field, Input},
    person::Role,
    refusal::Refusal,
    state::Effect,
    subject::{Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Retrieving {
    /// The sample.
    pub sample: String,
    /// Whether it was there.
    pub result: String,
    /// Where it is now, if it was moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

const SAMPLES: &[SubjectKind] = &[SubjectKind::RetainedSample];
const RESULTS: &[(&str, Text)] =
    &[("found", text("It is there", "已找到")), ("missing", text("It is not there", "未找到"))];

const MISSING: Text = text(
    "Sample {sample} is not at {location}. Look for it; if it is lost, keep another or waive it.",
    "留样 {sample} 不在 {location}。请查找；若已遗失，请另行留样或豁免。",
);
const FOUND: Text = text("Found sample {sample}", "查到留样 {sample}");
const NOT_THERE: Text = text("Did not find sample {sample}", "未找到留样 {sample}");

impl EventKind for Retrieving {
    const NAME: &'static str = "retrieving";
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Retrieval check", "调取查验"),
        verb: text("Check a sample", "查验留样"),
        purpose: text(
            "Scan the sample where it is kept. What is not there is told to whoever keeps it.",
            "到存放处扫描留样。未找到的会告知保管人。",
        ),
        roles: &[Role::Factory, Role::Inspector, Role::Buyer, Role::Warehouse],
        offered_on: SAMPLES,
        fields: &[
            Field::must("sample", text("Sample", "留样"), Input::Code(SAMPLES)),
            Field::must("result", text("Is it there?", "是否在位？"), Input::Choice(RESULTS)),
            Field::may("location", text("Moved to", "移至"), Input::Line),
        ],
        biz_step: "urn:lotwalk:bizstep:retrieving",
        disposition: None,
    };

    fn references(&self) -> Vec<String> {
        vec![self.sample.clone()]
    }

    fn needs(&self, book: &Known) -> Vec<Subject> {
        book.one(&self.sample, SAMPLES).into_iter().collect()
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let sample = book.one(&self.sample, SAMPLES).map_err(|r| r.at("sample"))?;
        let filed = book.records(&sample).get("retained_sample");
        let mut facts = filed.map(|filed| filed.facts.clone()).unwrap_or_default();
        let day = context.draft.event_time.date(context.draft.zone);
        let mut outcome = Outcome::default();
        match self.result.as_str() {
            "found" => {
                facts.remove("missing_since");
                facts.insert("found_on".into(), day);
            }
            _ => {
                let location = facts.get("location").map(String::as_str).unwrap_or("?");
                let said = MISSING.with(&[("sample", &self.sample), ("location", location)]);
                outcome.differs(DiscrepancyKind::NotFound, &sample, said);
                facts.insert("missing_since".into(), day);
            }
        }
        if let Some(location) = &self.location {
            facts.insert("location".into(), location.trim().to_string());
        }
        outcome.effect(Effect::Filed { subject: sample, record: "retained_sample".into(), facts });
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        let sentence = if self.result == "found" { FOUND } else { NOT_THERE };
        sentence.with(&[("sample", &self.sample)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    #[test]
    fn c58_a_sample_that_is_not_where_it_should_be_stays_open() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.does(
            "sampling",
            json!({"sample": "S-1", "batch": "L1", "location": "A", "custodian": "Q. Li", "pieces": 3}),
        );
        let check = |result: &str| json!({"sample": "S-1", "result": result});
        assert_eq!(desk.differs("retrieving", check("missing")), [DiscrepancyKind::NotFound]);
        let sample = Subject::new(SubjectKind::RetainedSample, "S-1");
        let fact = |desk: &Desk, name: &str| {
            desk.known().records(&sample)["retained_sample"].fact(name).map(str::to_string)
        };
        assert!(fact(&desk, "missing_since").is_some());
        desk.does("retrieving", check("found"));
        assert_eq!(fact(&desk, "missing_since"), None);
        assert_eq!(fact(&desk, "location").as_deref(), Some("A"));
    }
}
