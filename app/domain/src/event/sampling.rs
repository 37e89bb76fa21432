//! Sampling: pieces of a batch are kept. The sample gets a code of its own; scanning it opens its batch and
//! no other (C51). One whose batch nobody knows is kept as unassigned (C17).
//!
//! EPCIS: ObjectEvent OBSERVE `sampling`.

use super::{About, Context, DiscrepancyKind, EventKind, Outcome};
use crate::{
    book::{Known, Meaning},
    field::{Field, Input},
    person::Role,
    record::Facts,
    refusal::Refusal,
    state::Effect,
    subject::{Level, Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Sampling {
    /// The code on the sample.
    pub sample: String,
    /// The batch it was taken from.
    pub batch: String,
    /// The lot code that stands on it; the batch's own where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot_code_on_sample: Option<String>,
    /// Where it is kept: room, shelf, box.
    pub location: String,
    /// In whose keeping.
    pub custodian: String,
    /// How many pieces.
    pub pieces: u64,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_on: Option<String>,
    /// A photo of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}

const TAKEN: Text = text(
    "There is a sample {sample} already, of batch {batch}. Give this one a code of its own.",
    "留样 {sample} 已存在，属于批次 {batch}。请另用编码。",
);
const UNASSIGNED: Text = text(
    "Sample {sample} says batch {batch}, which no record names. Look at the sample, or record the batch.",
    "留样 {sample} 标注批次 {batch}，但没有该批次的记录。请核对留样，或补录批次。",
);
const SEVERAL: Text = text(
    "Sample {sample} says {batch}, which several batches are called. Say which one it is.",
    "留样 {sample} 标注 {batch}，该批号对应多个批次。请指明是哪一个。",
);
const OTHER_LABEL: Text = text(
    "On sample {sample} stands “{code}”, which names {other}, not {batch}. Look which batch it is.",
    "留样 {sample} 上写有“{code}”，指向 {other} 而非 {batch}。请核对其批次。",
);
const SENTENCE: Text = text("Kept {n} pieces of {batch} as sample {sample}", "将 {batch} 的 {n} 件留样为 {sample}");

impl EventKind for Sampling {
    const NAME: &'static str = "sampling";
    const FILES: &'static [&'static str] = &["retained_sample"];
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Sampling", "留样"),
        verb: text("Keep a sample", "留样"),
        purpose: text(
            "Pieces of a batch are kept: how many, where, and in whose keeping. The sample has a code of its own.",
            "留存某批次的若干件：数量、位置与保管人。留样自有编码。",
        ),
        roles: &[Role::Factory, Role::Inspector, Role::Buyer],
        offered_on: &[SubjectKind::Batch],
        fields: &[
            Field::must("batch", text("Batch", "批次"), Input::Code(&[SubjectKind::Batch])),
            Field::must("sample", text("Code of the sample", "留样编码"), Input::NewCode(Level::Sample)),
            Field::may("lot_code_on_sample", text("Lot code on the sample", "留样上的批号"), Input::Line)
                .help(text("As it stands on it. Left empty: the batch's own.", "照留样填写；留空则为该批次批号。")),
            Field::must("location", text("Where it is kept", "存放位置"), Input::Line)
                .help(text("Room, shelf, box.", "房间、货架、箱号。")),
            Field::must("custodian", text("Custodian", "保管人"), Input::Line),
            Field::must("pieces", text("Pieces", "件数"), Input::Count),
            Field::may("kept_on", text("Kept since", "留样日期"), Input::Date),
            Field::may("photo", text("Photo", "照片"), Input::Photo),
        ],
        biz_step: "sampling",
        disposition: None,
    };

    fn references(&self) -> Vec<String> {
        let label = self.lot_code_on_sample.clone();
        [self.sample.clone(), self.batch.clone()].into_iter().chain(label).collect()
    }

    fn needs(&self, book: &Known) -> Vec<Subject> {
        let batch = book.one(&self.batch, &[SubjectKind::Batch]).ok();
        let sample = book.one(&self.sample, &[SubjectKind::RetainedSample]).ok();
        batch.into_iter().chain(sample).collect()
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let code = self.sample.trim();
        let kinds = [SubjectKind::RetainedSample];
        let key = match book.meaning(code, &kinds).map_err(|r| r.at("sample"))? {
            Meaning::None(key) => key,
            Meaning::One(known) => return Err(taken(code, known, book)),
            Meaning::Several(_) => return book.one(code, &kinds).map(|_| Outcome::default()).map_err(|r| r.at("sample")),
        };
        let sample = Subject::new(SubjectKind::RetainedSample, key.as_str());
        let mut outcome = Outcome::default();
        outcome.name(&sample, key, Level::Sample);
        let batch = self.batch(&sample, book, &mut outcome)?;
        let kept_on = self.kept_on.clone().unwrap_or_else(|| context.draft.event_time.date(context.draft.zone));
        let own = batch.as_ref().and_then(|batch| book.records(batch).get("run_sheet")?.fact("lot_code"));
        let label = self.lot_code_on_sample.as_deref().map(str::trim).or(own).unwrap_or(self.batch.trim());
        let facts: Facts = [
            ("sampled_batch", batch.as_ref().map_or(self.batch.trim(), |batch| &batch.key)),
            ("lot_code_on_sample", label),
            ("location", self.location.trim()),
            ("custodian", self.custodian.trim()),
            ("pieces", &self.pieces.to_string()),
            ("kept_on", &kept_on),
        ]
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .into();
        outcome.effect(Effect::Filed { subject: sample, record: "retained_sample".into(), facts });
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        SENTENCE.with(&[("n", &self.pieces.to_string()), ("batch", &self.batch), ("sample", &self.sample)])
    }
}

fn taken(code: &str, known: Subject, book: &Known) -> Refusal {
    let of = book.records(&known).get("retained_sample").and_then(|r| r.fact("sampled_batch"));
    let said = TAKEN.with(&[("sample", code), ("batch", of.unwrap_or("?"))]);
    Refusal { candidates: vec![known], ..Refusal::said("sample_exists", said).at("sample") }
}

impl Sampling {
    /// The batch, where exactly one is meant; else the sample stays unassigned, and that is told.
    fn batch(&self, sample: &Subject, book: &Known, outcome: &mut Outcome) -> Result<Option<Subject>, Refusal> {
        let meant = book.meaning(&self.batch, &[SubjectKind::Batch]).map_err(|r| r.at("batch"))?;
        let values = [("sample", self.sample.trim()), ("batch", self.batch.trim())];
        let (kind, said, batch) = match meant {
            Meaning::One(batch) => {
                self.compare_label(sample, &batch, book, outcome);
                return Ok(Some(batch));
            }
            Meaning::None(_) => (DiscrepancyKind::Unassigned, UNASSIGNED.with(&values), None),
            Meaning::Several(_) => (DiscrepancyKind::AmbiguousCode, SEVERAL.with(&values), None),
        };
        outcome.differs(kind, sample, said);
        Ok(batch)
    }

    /// What stands on the sample may name another batch than who kept it said.
    fn compare_label(&self, sample: &Subject, batch: &Subject, book: &Known, outcome: &mut Outcome) {
        let Some(label) = self.lot_code_on_sample.as_deref() else { return };
        let Ok(Meaning::One(other)) = book.meaning(label, &[SubjectKind::Batch]) else { return };
        if other != *batch {
            let values =
                [("sample", self.sample.trim()), ("code", label), ("other", &other.key), ("batch", &batch.key)];
            outcome.differs(DiscrepancyKind::Unassigned, sample, OTHER_LABEL.with(&values));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    fn keep(sample: &str, batch: &str) -> serde_json::Value {
        json!({"sample": sample, "batch": batch, "location": "Room 2, shelf 4", "custodian": "Q. Li", "pieces": 3})
    }

    #[test]
    fn c51_a_sample_is_of_one_batch_and_its_code_is_used_once() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.makes("L2", 100);
        desk.does("sampling", keep("S-1", "L1"));
        let sample = Subject::new(SubjectKind::RetainedSample, "S-1");
        let filed = &desk.known().records(&sample)["retained_sample"];
        assert_eq!((filed.fact("sampled_batch"), filed.fact("lot_code_on_sample")), (Some("L1"), Some("L1")));
        assert_eq!(desk.refuses("sampling", keep("S-1", "L2")).reason, "sample_exists");
        let mut other = keep("S-2", "L1");
        other["lot_code_on_sample"] = json!("L2");
        assert_eq!(desk.differs("sampling", other), [DiscrepancyKind::Unassigned]);
    }

    #[test]
    fn c17_a_sample_of_a_batch_that_nobody_recorded_is_shown_as_unassigned() {
        let mut desk = Desk::furnished();
        assert_eq!(desk.differs("sampling", keep("S-1", "L9")), [DiscrepancyKind::Unassigned]);
        let run = json!({"lot_code": "L1", "batch": "L1-a", "trade_item": "TOY", "factory": "F1"});
        desk.does("producing", run);
        desk.makes("L1", 5);
        assert_eq!(desk.differs("sampling", keep("S-2", "L1")), [DiscrepancyKind::AmbiguousCode]);
    }
}
