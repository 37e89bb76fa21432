//! Releasing: a batch is signed off (C15), or a shipment is let go (C48, C59). Every rule of the gate is looked
//! at; what fails keeps it, unless somebody by name and role lets it pass, with the reason. That stays in the
//! record, and in every pack made of it later.
//!
//! CBV has no word for it; exported under the project's own namespace.

use super::{About, Context, EventKind, Outcome, protocol::ROLES};
use crate::{
    book::Known,
    dossier::Dossier,
    field::{Field, Input},
    gate::{self, Failure},
    person::Role,
    record::Facts,
    refusal::Refusal,
    state::{Disposition, Effect},
    subject::{Subject, SubjectKind},
    text::{Said, Text, text},
    time::Time,
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Releasing {
    /// The batch or shipment.
    pub subject: String,
    /// Who lets pass what the gate holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_by: Option<String>,
    /// In which role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_role: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
}

const GOODS: &[SubjectKind] = &[SubjectKind::Batch, SubjectKind::Shipment];

const HELD: Text = text(
    "{subject} cannot be released, for {n} reasons. The first: {first}",
    "{subject} 不能放行，共 {n} 项原因。第一项：{first}",
);
const ONE_REASON: Text =
    text("{subject} cannot be released: {first}", "{subject} 不能放行：{first}");
const NOT_WHOLE: Text = text(
    "To let it pass give all three: who, in which role, and why.",
    "破例放行须填写三项：批准人、角色与原因。",
);
const MAY_NOT: Text = text(
    "Only a buyer or an administrator records that something is let pass. Ask one of them.",
    "破例放行只能由买方或管理员录入，请联系他们。",
);
const SENTENCE: Text = text("Released {subject}", "放行 {subject}");
const LET_PASS: Text =
    text("Released {subject}; {by} let pass what the gate held", "放行 {subject}；{by} 破例批准");

impl EventKind for Releasing {
    const NAME: &'static str = "releasing";
    const FILES: &'static [&'static str] = &["release"];
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Releasing", "放行"),
        verb: text("Release", "放行"),
        purpose: text(
            "Sign that a batch, or a shipment, may leave. The gate is looked at first; what it holds needs a mend, or a name.",
            "签字确认批次或货运单可以放行。系统先逐项核查；未通过的须补正，或由专人破例批准。",
        ),
        roles: &[Role::Inspector, Role::Buyer, Role::Factory],
        offered_on: GOODS,
        fields: &[
            Field::must("subject", text("Batch or shipment", "批次或货运单"), Input::Code(GOODS)),
            Field::may("override_by", text("Let pass by", "破例批准人"), Input::Line)
                .help(text("Only where the gate holds it: a name.", "仅在未通过核查时填写姓名。")),
            Field::may("override_role", text("In the role of", "角色"), Input::Choice(ROLES)),
            Field::may("override_reason", text("Reason", "原因"), Input::Text),
        ],
        biz_step: "urn:lotwalk:bizstep:releasing",
        disposition: Some(Disposition::Released),
    };

    fn references(&self) -> Vec<String> {
        vec![self.subject.clone()]
    }

    fn judges(&self, book: &Known) -> Vec<Subject> {
        book.one(&self.subject, GOODS).into_iter().collect()
    }

    fn check(&self) -> Result<(), Refusal> {
        let given = [&self.override_by, &self.override_role, &self.override_reason];
        match given.iter().filter(|g| g.is_some()).count() {
            0 | 3 => Ok(()),
            _ => Err(Refusal::new("missing_field", NOT_WHOLE).at("override_by")),
        }
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let subject = book.one(&self.subject, GOODS).map_err(|r| r.at("subject"))?;
        let failures = match subject.kind {
            SubjectKind::Shipment => book.loaded(&subject).map(gate::of_shipment),
            _ => book.dossier(&subject).map(gate::of_batch),
        };
        let failures = failures.unwrap_or_default();
        if !failures.is_empty() && self.override_by.is_none() {
            return Err(held(&subject, &failures));
        }
        if !failures.is_empty() && !context.person.role.releases() {
            return Err(Refusal::new("role_may_not", MAY_NOT).at("override_by"));
        }
        let facts = self.facts(&subject, &failures, context, book);
        let mut outcome = Outcome::default();
        outcome.effect(Effect::Filed { subject: subject.clone(), record: "release".into(), facts });
        // One that was signed earlier than what speaks against the goods was cleared does not answer it.
        let early = releasable_from(&subject, book).is_some_and(|from| context.draft.event_time < from);
        let disposition = if early { Disposition::ReleaseStale } else { Disposition::Released };
        outcome.effect(Effect::Marked { subject, disposition });
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        match &self.override_by {
            Some(by) => LET_PASS.with(&[("subject", &self.subject), ("by", by)]),
            None => SENTENCE.with(&[("subject", &self.subject)]),
        }
    }
}

/// Before when no release answers what speaks against a batch, or against those in a shipment.
fn releasable_from(subject: &Subject, book: &Known) -> Option<Time> {
    let batches = book.loaded(subject).map(|loaded| loaded.batches.as_slice()).unwrap_or_default();
    batches.iter().chain(book.dossier(subject)).filter_map(Dossier::releasable_from).max()
}

fn held(subject: &Subject, failures: &[Failure]) -> Refusal {
    let sentence = if failures.len() == 1 { ONE_REASON } else { HELD };
    let first = failures.first().map(|failure| failure.said.clone()).unwrap_or_default();
    let n = failures.len().to_string();
    let fill = |first: &str| sentence.with(&[("subject", &subject.key), ("n", &n), ("first", first)]);
    let said = Said { en: fill(&first.en).en, zh: fill(&first.zh).zh };
    Refusal::said("gate_holds", said).at("subject")
}

impl Releasing {
    fn facts(&self, subject: &Subject, failures: &[Failure], context: &Context<'_>, book: &Known) -> Facts {
        // The longest list of reasons still fits an entry; the rest is told by the gate's own page.
        const MOST: usize = 40;
        let passed: Vec<String> =
            failures.iter().take(MOST).map(Failure::passed).collect();
        let role = self.override_role.as_deref();
        let cartons = (subject.kind == SubjectKind::Shipment).then(|| book.state(subject).map_or(0, |s| s.cartons));
        let facts = [
            ("released_by", Some(context.person.name.clone())),
            ("role", Some(context.person.role.word().to_string())),
            ("released_on", Some(context.draft.event_time.date(context.draft.zone))),
            ("cartons", cartons.map(|n| n.to_string())),
            ("override_by", self.override_by.clone().filter(|_| !failures.is_empty())),
            ("override_role", role.filter(|_| !failures.is_empty()).map(str::to_string)),
            ("override_reason", self.override_reason.clone().filter(|_| !failures.is_empty())),
            ("let_pass", (!passed.is_empty()).then(|| passed.join("\n"))),
        ];
        facts.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        event::desk::{Desk, json},
        person::Role,
        state::{Aspect, Disposition},
        subject::Subject,
    };

    #[test]
    fn c59_what_the_gate_holds_leaves_only_by_a_name_a_role_and_a_reason() {
        let mut desk = Desk::furnished();
        let batch = desk.makes("L1", 100);
        desk.gathers(&batch);
        let bare = json!({"subject": "L1"});
        let refusal = desk.refuses("releasing", bare.clone());
        assert_eq!(refusal.reason, "gate_holds");
        let half = json!({"subject": "L1", "override_by": "A. Berg"});
        assert_eq!(desk.refuses("releasing", half).reason, "missing_field");
        let named = json!({"subject": "L1", "override_by": "A. Berg", "override_role": "quality_manager",
                           "override_reason": "air freight, papers follow"});
        desk.role = Role::Inspector;
        assert_eq!(desk.refuses("releasing", named.clone()).reason, "role_may_not");
        desk.role = Role::Buyer;
        desk.does("releasing", named);
        assert_eq!(desk.state(&batch).mark(Aspect::Release), Some(Disposition::Released));
        let release = &desk.known().records(&Subject::batch("L1"))["release"];
        assert_eq!(release.fact("override_by"), Some("A. Berg"));
        assert!(release.fact("let_pass").is_some_and(|passed| passed.contains("agreed/trace_plan")));
    }
}
