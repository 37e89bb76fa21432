//! Inspecting: a check of a batch, cartons or a material lot, with its sample, defects and result. A stale
//! inspection may also be waived, by name and with the reason.
//!
//! EPCIS: ObjectEvent OBSERVE `inspecting`, disposition `conformant` or `non_conformant`.

use super::{About, Context, DiscrepancyKind, EventKind, Outcome, protocol, release::overtake};
use crate::{
    book::Known,
    dossier::Dossier,
    field::{Field, Input},
    person::Role,
    record::inspection_report::{LEVELS, RESULTS},
    refusal::Refusal,
    state::{Aspect, Disposition, Effect},
    subject::{Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Inspecting {
    /// The batch, cartons or material lot that the result speaks for.
    pub subjects: Vec<String>,
    /// When in its way it was inspected, one of the form's words.
    pub level: String,
    /// `pass`, `fail` or `waived`.
    pub result: String,
    /// How many pieces were presented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presented: Option<u64>,
    /// How many of them were looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<u64>,
    /// What was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<Defect>,
    /// Who waived a stale inspection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived_by: Option<String>,
    /// The grounds of the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grounds: Option<String>,
}

/// One kind of defect that was found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Defect {
    /// `critical`, `major` or `minor` (ISO 2859-1).
    pub class: String,
    /// What is wrong.
    pub what: String,
    /// On how many pieces.
    pub count: u64,
    /// A photo of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}

const GOODS: &[SubjectKind] = &[SubjectKind::Batch, SubjectKind::LogisticUnit, SubjectKind::MaterialLot];

/// The result that speaks against the goods.
const FAILED: &str = "fail";

/// The result that lets a stale inspection stand.
const WAIVED: &str = "waived";

const CLASSES: &[(&str, Text)] = &[
    ("critical", text("Critical", "致命")),
    ("major", text("Major", "严重")),
    ("minor", text("Minor", "轻微")),
];

const DEFECTS: &[Field] = &[
    Field::must("class", text("Class", "等级"), Input::Choice(CLASSES)),
    Field::must("what", text("What is wrong", "缺陷描述"), Input::Line),
    Field::must("count", text("On how many pieces", "缺陷件数"), Input::Count),
    Field::may("photo", text("Photo", "照片"), Input::Photo),
];

const SAMPLE: Text = text(
    "The sample ({sample}) is larger than what was presented ({presented}). Check both numbers.",
    "抽样数（{sample}）大于送检数（{presented}），请核对。",
);
const MORE: Text = text(
    "{n} pieces were presented; the book holds {book} of {subject}. Count again.",
    "送检 {n} 件，账面上 {subject} 为 {book} 件，请复点。",
);
const NO_NAME: Text =
    text("A waiver needs the name of who waives and the grounds.", "豁免须填写批准人姓名与依据。");
const NOT_STALE: Text = text(
    "The inspection of {subject} is not stale: there is nothing to waive. Record the result instead.",
    "{subject} 的检验并未失效，无需豁免，请直接录入结果。",
);
const SENTENCE: Text = text("Inspected {what} ({level}): {result}", "检验 {what}（{level}）：{result}");

impl EventKind for Inspecting {
    const NAME: &'static str = "inspecting";
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Inspecting", "检验"),
        verb: text("Inspect", "检验"),
        purpose: text(
            "A check with its sample, defects and result. Name everything the result speaks for.",
            "录入一次检验：抽样、缺陷与结果。请列出结果所涵盖的全部货物。",
        ),
        roles: &[Role::Inspector, Role::Factory, Role::Buyer],
        offered_on: &[SubjectKind::Batch, SubjectKind::LogisticUnit, SubjectKind::MaterialLot],
        fields: &[
            Field::must(
                "subjects",
                text("Batch, cartons or material lot", "批次、外箱或物料批"),
                Input::Codes(GOODS),
            )
            .help(text(
                "One a line. After a rework, name the reworked cartons too.",
                "每行一个。返工后请同时列出返工的外箱。",
            )),
            Field::must("level", text("When", "检验阶段"), Input::Choice(LEVELS)),
            Field::must("result", text("Result", "结果"), Input::Choice(RESULTS)),
            Field::may("presented", text("Pieces presented", "送检件数"), Input::Count),
            Field::may("sample", text("Sample size", "抽样件数"), Input::Count),
            Field::may("defects", text("Defects", "缺陷"), Input::Rows(DEFECTS)),
            Field::may("grounds", text("Grounds of the result", "结果依据"), Input::Text),
            Field::may("waived_by", text("Waived by", "豁免批准人"), Input::Line)
                .help(text("Only to waive a stale inspection.", "仅在豁免失效检验时填写。")),
        ],
        biz_step: "inspecting",
        disposition: Some(Disposition::Conformant),
    };

    fn references(&self) -> Vec<String> {
        self.subjects.clone()
    }

    /// A failure ends releases; a pass of what failed or was changed has to be later than that.
    fn judges(&self, book: &Known) -> Vec<Subject> {
        let goods: Vec<Subject> = self.subjects.iter().filter_map(|code| book.one(code, GOODS).ok()).collect();
        let in_doubt = |batch: &Subject| {
            let mark = book.state(batch).and_then(|s| s.mark(Aspect::Inspection));
            matches!(mark, Some(Disposition::NonConformant | Disposition::InspectionStale))
        };
        let batches = protocol::batches(&goods, book).into_iter();
        batches.filter(|batch| self.result == FAILED || in_doubt(batch)).collect()
    }

    fn check(&self) -> Result<(), Refusal> {
        if let (Some(sample), Some(presented)) = (self.sample, self.presented)
            && sample > presented
        {
            let (sample, presented) = (sample.to_string(), presented.to_string());
            let said = SAMPLE.with(&[("sample", &sample), ("presented", &presented)]);
            return Err(Refusal::said("sample_too_large", said).at("sample"));
        }
        if self.result == WAIVED && (self.waived_by.is_none() || self.grounds.is_none()) {
            let field = if self.waived_by.is_none() { "waived_by" } else { "grounds" };
            return Err(Refusal::new("missing_field", NO_NAME).at(field));
        }
        Ok(())
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let waived = self.result == WAIVED;
        let mut outcome = Outcome::default();
        let mut goods = vec![];
        for code in &self.subjects {
            let subject = book.one(code, GOODS).map_err(|r| r.at("subjects"))?;
            let state = book.state(&subject);
            let stale =
                state.is_some_and(|s| s.mark(Aspect::Inspection) == Some(Disposition::InspectionStale));
            if waived && !stale {
                let said = NOT_STALE.with(&[("subject", code)]);
                return Err(Refusal::said("nothing_to_waive", said).at("subjects"));
            }
            self.judge(&subject, code, context, book, &mut outcome);
            goods.push(subject);
        }
        if self.result == FAILED {
            // A carton that fails puts in doubt what was found of its batch before.
            let passed = |batch: &Subject| {
                book.state(batch).is_some_and(|s| s.mark(Aspect::Inspection) == Some(Disposition::Conformant))
            };
            let batches = protocol::batches(&goods, book).into_iter();
            for subject in batches.filter(|batch| !goods.contains(batch) && passed(batch)) {
                outcome.effect(Effect::Marked { subject, disposition: Disposition::InspectionStale });
            }
            overtake(&goods, book, &mut outcome);
        }
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        let title = |words: &[(&str, Text)], word: &str| {
            words.iter().find(|(w, _)| *w == word).map_or_else(|| Said::same(word), |(_, t)| t.said())
        };
        let (level, result) = (title(LEVELS, &self.level), title(RESULTS, &self.result));
        let what = self.subjects.join(", ");
        let fill = |level: &str, result: &str| {
            SENTENCE.with(&[("what", &what), ("level", level), ("result", result)])
        };
        Said { en: fill(&level.en, &result.en).en, zh: fill(&level.zh, &result.zh).zh }
    }
}

impl Inspecting {
    fn judge(
        &self,
        subject: &Subject,
        code: &str,
        context: &Context<'_>,
        book: &Known,
        outcome: &mut Outcome,
    ) {
        let in_book = book.state(subject).and_then(|s| s.counted).map(|q| q.thousandths / 1000);
        if let (Some(presented), Some(in_book)) = (self.presented, in_book)
            && presented > in_book
            && subject.kind == SubjectKind::Batch
        {
            let (n, in_book) = (presented.to_string(), in_book.to_string());
            let said = MORE.with(&[("n", &n), ("book", &in_book), ("subject", code)]);
            outcome.differs(DiscrepancyKind::CountDiffers, subject, said);
        }
        let record = "inspection_report".to_string();
        outcome.effect(Effect::Filed { subject: subject.clone(), record, facts: self.report() });
        // A pass while the batch is still being made does not speak for what is made after it.
        let disposition = match (self.result.as_str(), self.level.as_str()) {
            (FAILED, _) => Disposition::NonConformant,
            (_, "inline") => return,
            _ if self.is_older(subject, context, book) => return,
            _ => Disposition::Conformant,
        };
        outcome.effect(Effect::Marked { subject: subject.clone(), disposition });
    }

    /// True where it was inspected before what speaks against it happened: that comes late, and lifts nothing.
    fn is_older(&self, subject: &Subject, context: &Context<'_>, book: &Known) -> bool {
        let against = book.dossier(subject).and_then(Dossier::spoken_against);
        against.is_some_and(|against| context.draft.event_time < against)
    }

    fn report(&self) -> BTreeMap<String, String> {
        let count = |class: &str| {
            let of_class = self.defects.iter().filter(|d| d.class == class);
            let n = of_class.fold(0_u64, |sum, d| sum.saturating_add(d.count));
            (n > 0).then(|| n.to_string())
        };
        let facts = [
            ("level", Some(self.level.clone())),
            ("result", Some(self.result.clone())),
            ("presented", self.presented.map(|n| n.to_string())),
            ("sample", self.sample.map(|n| n.to_string())),
            ("critical", count("critical")),
            ("major", count("major")),
            ("minor", count("minor")),
            ("waived_by", self.waived_by.clone()),
            ("grounds", self.grounds.clone()),
        ];
        facts.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    #[test]
    fn defects_are_counted_by_class() {
        let mut desk = Desk::furnished();
        let batch = desk.makes("L1", 500);
        let defects = json!([
            {"class": "major", "what": "loose wheel", "count": 2}, {"class": "major", "what": "paint", "count": 1},
            {"class": "minor", "what": "dust", "count": 4}]);
        let outcome = desk.does(
            "inspecting",
            json!({"subjects": ["L1"], "level": "final", "result": "fail", "presented": 500, "sample": 50, "defects": defects}),
        );
        let facts = outcome.effects.iter().find_map(|e| match e {
            Effect::Filed { facts, .. } => Some(facts.clone()),
            _ => None,
        });
        let facts = facts.unwrap_or_default();
        assert_eq!(
            (facts["major"].as_str(), facts["minor"].as_str(), facts.get("critical")),
            ("3", "4", None)
        );
        assert_eq!(desk.state(&batch).mark(Aspect::Inspection), Some(Disposition::NonConformant));
    }

    #[test]
    fn a_pass_on_the_line_does_not_speak_for_the_batch() {
        let mut desk = Desk::furnished();
        let batch = desk.makes("L1", 500);
        desk.does("inspecting", json!({"subjects": ["L1"], "level": "inline", "result": "pass"}));
        assert_eq!(desk.state(&batch).mark(Aspect::Inspection), None);
        let more = json!({"subjects": ["L1"], "level": "final", "result": "pass", "presented": 501});
        assert_eq!(desk.differs("inspecting", more), [DiscrepancyKind::CountDiffers]);
        let sample =
            json!({"subjects": ["L1"], "level": "final", "result": "pass", "presented": 5, "sample": 6});
        assert_eq!(desk.refuses("inspecting", sample).reason, "sample_too_large");
    }

    #[test]
    fn c30_a_carton_that_fails_puts_in_doubt_what_was_found_of_its_batch() {
        let mut desk = Desk::furnished();
        let batch = desk.makes("L1", 500);
        desk.packs("C1", "L1", 24);
        let inspection = |desk: &Desk| desk.state(&batch).mark(Aspect::Inspection);
        let carton = json!({"subjects": ["C1"], "level": "re_inspection", "result": "fail"});
        desk.does("inspecting", carton.clone());
        assert_eq!(inspection(&desk), None, "nothing was found of it yet");
        desk.does("inspecting", json!({"subjects": ["L1"], "level": "final", "result": "pass"}));
        desk.does("inspecting", carton);
        assert_eq!(inspection(&desk), Some(Disposition::InspectionStale));
    }

    #[test]
    fn c30_a_stale_inspection_is_waived_by_name() {
        let mut desk = Desk::furnished();
        let batch = desk.makes("L1", 500);
        let waive = |by: Option<&str>| {
            json!({"subjects": ["L1"], "level": "re_inspection", "result": "waived", "grounds": "outer sleeve only",
                   "waived_by": by})
        };
        assert_eq!(desk.refuses("inspecting", waive(Some("A. Berg"))).reason, "nothing_to_waive");
        desk.does("reworking", json!({"subjects": ["L1"], "work": "repacked"}));
        assert_eq!(desk.refuses("inspecting", waive(None)).field.as_deref(), Some("waived_by"));
        desk.does("inspecting", waive(Some("A. Berg")));
        assert_eq!(desk.state(&batch).mark(Aspect::Inspection), Some(Disposition::Conformant));
    }
}
