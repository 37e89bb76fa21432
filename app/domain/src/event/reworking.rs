//! Reworking: goods are changed after they were made: an insert swapped, a warning sticker added,
//! repacked, repaired. Whatever was inspected before no longer speaks for them, so the batch goes back to
//! "inspection stale" until it is inspected again or waived by name (C30).
//!
//! EPCIS: ObjectEvent OBSERVE `repairing`, with the material lots that went in and out.

use super::{
    About, Context, DiscrepancyKind, EventKind, Outcome,
    contents::MaterialUsed,
    protocol,
    release::overtake,
};
use crate::{
    book::Known,
    field::{Field, Input},
    person::Role,
    plan::Proof,
    refusal::Refusal,
    state::{Aspect, Disposition, Effect},
    subject::{Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Reworking {
    /// The cartons that were reworked, or the batch where all of it was.
    pub subjects: Vec<String>,
    /// What was done, one of the form's words.
    pub work: String,
    /// How many pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Material lots that went in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials_in: Vec<MaterialUsed>,
    /// Material lots that were taken out. A trace still reaches them: pieces may have been missed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials_out: Vec<MaterialUsed>,
    /// A photo of the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}

const WORK: &[(&str, Text)] = &[
    ("insert_swapped", text("Insert swapped", "更换说明书或插页")),
    ("warning_sticker", text("Warning sticker added", "加贴警示贴纸")),
    ("repacked", text("Repacked", "重新包装")),
    ("repaired", text("Repaired", "修理")),
    ("other", text("Something else (say it in the reason)", "其他（请在原因中说明）")),
];

const GOODS: &[SubjectKind] = &[SubjectKind::LogisticUnit, SubjectKind::Batch];

const COUNT: Text = text(
    "{n} pieces were reworked; the book holds {book} in what is named. Count again, or name the other cartons.",
    "返工 {n} 件，账面上所列货物共 {book} 件。请复点，或补充其他外箱。",
);
const SENTENCE: Text = text("Reworked {what}: {work}", "返工 {what}：{work}");

impl EventKind for Reworking {
    const NAME: &'static str = "reworking";
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Reworking", "返工"),
        verb: text("Rework", "返工"),
        purpose: text(
            "Goods were changed after production. Name the cartons and pieces; earlier inspections then no longer count.",
            "货物生产后有改动。请填写外箱与数量；此前的检验随之失效。",
        ),
        roles: &[Role::Factory, Role::Warehouse, Role::Inspector, Role::Buyer],
        offered_on: &[SubjectKind::LogisticUnit, SubjectKind::Batch],
        fields: &[
            Field::must("subjects", text("Cartons, or the whole batch", "外箱，或整批"), Input::Codes(GOODS))
                .help(text(
                    "Scan each carton, one a line. Name a batch only if all of it was reworked.",
                    "逐箱扫描，每行一个。仅整批返工时填写批次。",
                )),
            Field::must("work", text("What was done", "返工内容"), Input::Choice(WORK)),
            Field::may("quantity", text("Pieces", "件数"), Input::Count),
            Field::may("reason", text("Reason", "原因"), Input::Line),
            Field::may(
                "materials_in",
                text("Material lots put in", "投入的物料批"),
                Input::Rows(MaterialUsed::FIELDS),
            ),
            Field::may(
                "materials_out",
                text("Material lots taken out", "取出的物料批"),
                Input::Rows(MaterialUsed::FIELDS),
            ),
            Field::may("photo", text("Photo", "照片"), Input::Photo),
        ],
        biz_step: "repairing",
        disposition: Some(Disposition::InspectionStale),
    };

    fn references(&self) -> Vec<String> {
        let materials = self.materials_in.iter().chain(&self.materials_out).map(|m| m.material_lot.clone());
        self.subjects.iter().cloned().chain(materials).collect()
    }

    fn needs(&self, book: &Known) -> Vec<Subject> {
        protocol::needs(&self.batches(book), book)
    }

    fn judges(&self, book: &Known) -> Vec<Subject> {
        self.batches(book).into_iter().collect()
    }

    fn proven_by(proof: Proof) -> &'static [&'static str] {
        match proof {
            Proof::Named => &[],
            Proof::Counted => &["quantity"],
            Proof::CountedAndScanned => &["quantity", "subjects"],
        }
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let mut outcome = Outcome::default();
        let mut goods = BTreeSet::new();
        for code in &self.subjects {
            goods.insert(book.one(code, GOODS).map_err(|r| r.at("subjects"))?);
        }
        protocol::check_proof::<Self>(&protocol::batches(&goods, book), context, book, |name| {
            let lacks = match name {
                "quantity" => self.quantity.is_none(),
                // Each carton is scanned rather than the batch named.
                _ => goods.iter().any(|one| one.kind == SubjectKind::Batch),
            };
            lacks.then(|| name.to_string())
        })?;
        for subject in &goods {
            for (i, used) in self.materials_in.iter().enumerate() {
                let (output, input) = (subject.clone(), material_lot(book, used, "materials_in", i)?);
                outcome.effect(Effect::MadeFrom { output, input, quantity: used.quantity() });
            }
        }
        for (i, used) in self.materials_out.iter().enumerate() {
            material_lot(book, used, "materials_out", i)?;
        }
        for subject in stale(&goods, book) {
            outcome.effect(Effect::Marked { subject, disposition: Disposition::InspectionStale });
        }
        overtake(&goods, book, &mut outcome);
        self.count(&goods, book, &mut outcome);
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        let what = self.subjects.join(", ");
        let work = WORK.iter().find(|(word, _)| *word == self.work).map(|(_, title)| title.said());
        let work = work.unwrap_or_else(|| Said::same(&*self.work));
        let fill = |work: &str| SENTENCE.with(&[("what", &what), ("work", work)]);
        Said { en: fill(&work.en).en, zh: fill(&work.zh).zh }
    }
}

impl Reworking {
    /// The batches in the goods, as far as the book tells what these are.
    fn batches(&self, book: &Known) -> BTreeSet<Subject> {
        let goods: Vec<Subject> = self.subjects.iter().filter_map(|code| book.one(code, GOODS).ok()).collect();
        protocol::batches(&goods, book)
    }

    fn count(&self, goods: &BTreeSet<Subject>, book: &Known, outcome: &mut Outcome) {
        let Some(n) = self.quantity else { return };
        let states = goods.iter().filter_map(|s| book.state(s));
        let in_book = states.fold(0_u64, |sum, state| {
            let pieces = state.counted.map_or(0, |q| q.thousandths / 1000);
            sum.saturating_add(if state.contents.is_empty() { pieces } else { state.pieces().0 })
        });
        if let Some(first) = goods.first().filter(|_| in_book > 0 && n > in_book) {
            let (n, in_book) = (n.to_string(), in_book.to_string());
            let said = COUNT.with(&[("n", &n), ("book", &in_book)]);
            outcome.differs(DiscrepancyKind::CountDiffers, first, said);
        }
    }
}

fn material_lot(book: &Known, used: &MaterialUsed, field: &str, i: usize) -> Result<Subject, Refusal> {
    book.one(&used.material_lot, &[SubjectKind::MaterialLot])
        .map_err(|r| r.at(format!("{field}.{i}.material_lot")))
}

/// The goods, and the batches in them, whatever their inspection said before: what was never inspected
/// has to be, too, before anybody may say that it was inspected as it is now.
fn stale(goods: &BTreeSet<Subject>, book: &Known) -> BTreeSet<Subject> {
    let mut stale = goods.clone();
    for state in goods.iter().filter_map(|s| book.state(s)) {
        stale.extend(state.contents.keys().cloned());
    }
    stale.retain(|s| book.state(s).is_none_or(|s| s.mark(Aspect::Life) != Some(Disposition::Destroyed)));
    stale
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    fn mark(desk: &Desk, subject: &Subject) -> Option<Disposition> {
        desk.state(subject).mark(Aspect::Inspection)
    }

    #[test]
    fn c30_a_rework_makes_the_inspection_stale_until_the_next_one() {
        let mut desk = Desk::furnished();
        let batch = desk.makes("L1", 100);
        let carton = desk.packs("C1", "L1", 24);
        let inspect = json!({"subjects": ["L1"], "level": "final", "result": "pass"});
        desk.does("inspecting", inspect);
        assert_eq!(mark(&desk, &batch), Some(Disposition::Conformant));
        let materials = json!([{"material_lot": "M2"}]);
        let outcome = desk.does(
            "reworking",
            json!({"subjects": ["C1"], "work": "warning_sticker", "quantity": 24, "materials_in": materials}),
        );
        assert_eq!(outcome.discrepancies, []);
        assert!(outcome.effects.iter().any(|e| matches!(e,
            Effect::MadeFrom { output, input, .. } if *output == carton && input.key == "M2")));
        assert_eq!(mark(&desk, &batch), Some(Disposition::InspectionStale));
        assert_eq!(mark(&desk, &carton), Some(Disposition::InspectionStale));
        let again = json!({"subjects": ["L1", "C1"], "level": "re_inspection", "result": "pass"});
        desk.does("inspecting", again);
        assert_eq!(mark(&desk, &batch), Some(Disposition::Conformant));
        assert_eq!(mark(&desk, &carton), Some(Disposition::Conformant));
    }

    #[test]
    fn more_pieces_than_there_are_is_told() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.packs("C1", "L1", 24);
        let payload = json!({"subjects": ["C1"], "work": "repaired", "quantity": 25});
        assert_eq!(desk.differs("reworking", payload), [DiscrepancyKind::CountDiffers]);
        let unknown =
            json!({"subjects": ["C1"], "work": "repaired", "materials_out": [{"material_lot": "M9"}]});
        assert_eq!(desk.refuses("reworking", unknown).field.as_deref(), Some("materials_out.0.material_lot"));
    }
}
