//! Unsealing: a sealed source is opened under one of the agreed conditions (C52). Name and salt are written
//! down, and are refused unless they are what was sealed: the ledger proves that nobody chose the name later.
//!
//! CBV has no word for it; exported under the project's own namespace.

use super::{About, Context, EventKind, Outcome};
use crate::{
    book::Known,
    field::{Field, Input},
    person::Role,
    record::Facts,
    refusal::Refusal,
    seal::{Seal, Sealed, TRIGGERS},
    state::{Aspect, Disposition, Effect},
    subject::{Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Unsealing {
    /// The material lot or batch with the sealed source.
    pub subject: String,
    /// Which of the agreed conditions has come about.
    pub condition: String,
    /// Why.
    pub reason: String,
    /// The name; put in by the server, which keeps it, where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_name: Option<String>,
    /// The salt; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
}

const SEALED: &[SubjectKind] = &[SubjectKind::MaterialLot, SubjectKind::Batch];

/// Where a sealed source can stand: the record, and the field of it.
const FIELDS: &[(&str, &str)] = &[("material_lot", "source"), ("run_sheet", "second_source")];

const NOTHING: Text = text("{subject} has no sealed source.", "{subject} 没有密封的来源。");
const NOT_IT: Text = text(
    "Name and salt are not what was sealed. Ask who sealed it.",
    "名称与盐值与密封内容不符，请联系密封人。",
);
const NOT_YET: Text = text(
    "The condition “{condition}” has not come about: {subject} is neither held nor recalled, nor failed an inspection.",
    "条件“{condition}”尚未成立：{subject} 既未扣留、召回，也未检验不合格。",
);
const SENTENCE: Text = text("Opened the sealed source of {subject}: {reason}", "公开 {subject} 的密封来源：{reason}");

impl EventKind for Unsealing {
    const NAME: &'static str = "unsealing";
    const FILES: &'static [&'static str] = &["opened_source"];
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Unsealing", "公开密封来源"),
        verb: text("Open a sealed source", "公开密封来源"),
        purpose: text(
            "A sealed name is opened under an agreed condition. From then on everybody who reads suppliers reads it.",
            "在约定条件下公开密封的名称。此后凡可查看供应商者均可查看。",
        ),
        roles: &[Role::Buyer, Role::Factory],
        offered_on: &[SubjectKind::MaterialLot],
        fields: &[
            Field::must("subject", text("Material lot or batch", "物料批或批次"), Input::Code(SEALED)),
            Field::must("condition", text("Condition", "公开条件"), Input::Choice(TRIGGERS)),
            Field::must("reason", text("Reason", "原因"), Input::Text),
            Field::may("source_name", text("Name", "名称"), Input::Line)
                .help(text("Left empty: as it was sealed here.", "留空则取此处密封的内容。")),
            Field::may("salt", text("Salt", "盐值"), Input::Line),
        ],
        biz_step: "urn:lotwalk:bizstep:unsealing",
        disposition: None,
    };

    fn references(&self) -> Vec<String> {
        vec![self.subject.clone()]
    }

    fn needs(&self, book: &Known) -> Vec<Subject> {
        book.one(&self.subject, SEALED).into_iter().collect()
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let subject = book.one(&self.subject, SEALED).map_err(|r| r.at("subject"))?;
        let sealed = FIELDS.iter().find_map(|(record, field)| {
            let fact = book.records(&subject).get(*record)?.fact(field)?;
            Some((*field, Sealed::read(fact)?))
        });
        let Some((field, sealed)) = sealed else {
            let said = NOTHING.with(&[("subject", &self.subject)]);
            return Err(Refusal::said("not_sealed", said).at("subject"));
        };
        self.has_come_about(&subject, context, book)?;
        let (name, salt) = (self.source_name.clone().unwrap_or_default(), self.salt.clone().unwrap_or_default());
        if !(Seal { name: name.clone(), salt }).opens(&sealed) {
            return Err(Refusal::new("not_what_was_sealed", NOT_IT).at("source_name"));
        }
        let facts: Facts = [
            ("field", field),
            ("source_name", &name),
            ("condition", &self.condition),
            ("reason", self.reason.trim()),
            ("opened_by", &context.person.name),
        ]
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .into();
        let mut outcome = Outcome::default();
        outcome.effect(Effect::Filed { subject, record: "opened_source".into(), facts });
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        SENTENCE.with(&[("subject", &self.subject), ("reason", &self.reason)])
    }
}

impl Unsealing {
    /// Whether the condition has come about, as far as the book can tell. That an authority asked, or that
    /// the owner wants it, stands in the reason, with the name of who says so.
    fn has_come_about(&self, subject: &Subject, context: &Context<'_>, book: &Known) -> Result<(), Refusal> {
        let state = book.state(subject);
        let mark = |aspect| state.and_then(|s| s.mark(aspect));
        let so = match self.condition.as_str() {
            "recall" => mark(Aspect::Recall) == Some(Disposition::Recalled),
            "safety" => {
                mark(Aspect::Hold) == Some(Disposition::Unavailable)
                    || mark(Aspect::Inspection) == Some(Disposition::NonConformant)
            }
            "owner" => context.person.role == Role::Factory || context.person.role == Role::Administrator,
            _ => context.person.role.releases(),
        };
        if so {
            return Ok(());
        }
        let title = TRIGGERS.iter().find(|(word, _)| *word == self.condition).map(|(_, title)| *title);
        let title = title.unwrap_or(text("", ""));
        let fill = |condition: &str| NOT_YET.with(&[("condition", condition), ("subject", &self.subject)]);
        let said = Said { en: fill(title.en).en, zh: fill(title.zh).zh };
        Err(Refusal::said("not_agreed_yet", said).at("condition"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    #[test]
    fn c52_a_seal_opens_under_the_agreed_condition_and_with_what_was_sealed() {
        let mut desk = Desk::furnished();
        let seal = Seal { salt: "0f".into(), name: "Brightway Motors".into() };
        let source = seal.close("77aa").to_string();
        desk.does(
            "filing",
            json!({"subject": "material_lot:M1", "record": "material_lot", "facts": [{"name": "source", "value": source}]}),
        );
        let open = |name: &str| {
            json!({"subject": "M1", "condition": "safety", "reason": "motor runs hot", "source_name": name, "salt": "0f"})
        };
        desk.role = Role::Buyer;
        assert_eq!(desk.refuses("unsealing", open("Brightway Motors")).reason, "not_agreed_yet");
        desk.does("holding", json!({"subjects": ["M1"], "action": "hold", "reason": "runs hot"}));
        assert_eq!(desk.refuses("unsealing", open("Another")).reason, "not_what_was_sealed");
        desk.does("unsealing", open("Brightway Motors"));
        let opened = &desk.known().records(&Subject::material_lot("M1"))["opened_source:source"];
        assert_eq!(opened.fact("source_name"), Some("Brightway Motors"));
        let other = json!({"subject": "M2", "condition": "authority", "reason": "asked"});
        assert_eq!(desk.refuses("unsealing", other).reason, "not_sealed");
    }
}
