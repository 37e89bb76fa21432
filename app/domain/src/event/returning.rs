//! Returning: goods come back from the field, or somebody complains about them (C35, C44).
//!
//! A carton that comes back is marked returned. A lot code on one toy speaks for that toy and never for
//! the whole batch, so a batch only gets the complaint filed; where the code can mean several batches
//! each of them gets it. Nobody at a shop counter is turned away: an unknown code is kept too.
//!
//! EPCIS: ObjectEvent OBSERVE `receiving` with disposition `returned`.

use super::{About, Context, Discrepancy, DiscrepancyKind, EventKind, Outcome};
use crate::{
    book::{Known, Meaning},
    field::{Field, Input},
    person::Role,
    record::complaint::COMPLAINTS,
    refusal::Refusal,
    state::{Disposition, Effect},
    subject::{Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Returning {
    /// The code on the goods.
    pub code: String,
    /// What is wrong, one of the form's words.
    pub complaint: String,
    /// How many pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pieces: Option<u64>,
    /// The version that stands on the product or its packaging.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_seen: Option<String>,
    /// Who sold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retailer: Option<String>,
    /// A photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
    /// True where the goods themselves came back.
    #[serde(default)]
    pub goods_back: bool,
}

const GOODS: &[SubjectKind] =
    &[SubjectKind::Batch, SubjectKind::LogisticUnit, SubjectKind::TradeItem, SubjectKind::Shipment];

const UNKNOWN: Text = text(
    "A return came in under {code}, which no record names. Record the goods, or tell what it stands for.",
    "收到条码 {code} 的退货，但没有任何记录包含它。请录入该货物或说明其含义。",
);
const SEVERAL: Text = text(
    "A return came in under {code}, which can mean {n} things; it is kept with each. Find out which one is meant.",
    "收到条码 {code} 的退货，它可能指 {n} 个对象，已分别记录。请查明所指。",
);
const SENTENCE: Text =
    text("Returned from the field under {code}: {complaint}", "市场退货 {code}：{complaint}");

impl EventKind for Returning {
    const NAME: &'static str = "returning";
    const ABOUT: About = About {
        title: text("Return from the field", "市场退货"),
        verb: text("Record a return", "录入退货"),
        purpose: text(
            "A toy came back or somebody complains. The code and what is wrong are enough.",
            "玩具被退货或有人投诉。填写条码与问题即可。",
        ),
        roles: &[Role::Retailer, Role::Buyer, Role::Warehouse, Role::Inspector, Role::Factory],
        offered_on: &[SubjectKind::Batch, SubjectKind::LogisticUnit],
        fields: &[
            Field::must("code", text("Code on the goods", "货物上的条码"), Input::Code(GOODS)).help(text(
                "The lot code or any code on toy, box or carton.",
                "玩具、彩盒或外箱上的批号或任一条码。",
            )),
            Field::must("complaint", text("What is wrong", "问题"), Input::Choice(COMPLAINTS)),
            Field::may("photo", text("Photo", "照片"), Input::Photo),
            Field::may("version_seen", text("Version that stands on it", "其上标注的版本"), Input::Line),
            Field::may("pieces", text("Pieces", "件数"), Input::Count),
            Field::may("retailer", text("Who sold it", "销售方"), Input::Line),
            Field::may("goods_back", text("The goods themselves came back", "货物已退到"), Input::Check),
        ],
        biz_step: "receiving",
        disposition: Some(Disposition::Returned),
    };

    fn references(&self) -> Vec<String> {
        vec![self.code.clone()]
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let mut outcome = Outcome::default();
        let subjects = match book.meaning(&self.code, GOODS).map_err(|r| r.at("code"))? {
            Meaning::One(subject) => vec![subject],
            Meaning::Several(candidates) => {
                let said = SEVERAL.with(&[("code", &self.code), ("n", &candidates.len().to_string())]);
                if let Some(first) = candidates.first() {
                    outcome.differs(DiscrepancyKind::AmbiguousCode, first, said);
                }
                candidates
            }
            Meaning::None(key) => {
                let said = UNKNOWN.with(&[("code", &self.code)]);
                let kind = DiscrepancyKind::UnknownCode;
                outcome.discrepancies.push(Discrepancy { kind, subject: None, key: Some(key), said });
                vec![]
            }
        };
        let alone = subjects.len() == 1;
        for subject in subjects {
            if alone && self.goods_back && subject.kind == SubjectKind::LogisticUnit {
                let disposition = Disposition::Returned;
                outcome.effect(Effect::Marked { subject: subject.clone(), disposition });
                book.move_there(&subject, context, &mut outcome)?;
            }
            outcome.effect(self.filed(subject));
        }
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        let complaint = COMPLAINTS.iter().find(|(word, _)| *word == self.complaint);
        let complaint = complaint.map_or_else(|| Said::same(&*self.complaint), |(_, title)| title.said());
        let fill = |complaint: &str| SENTENCE.with(&[("code", &self.code), ("complaint", complaint)]);
        Said { en: fill(&complaint.en).en, zh: fill(&complaint.zh).zh }
    }
}

impl Returning {
    fn filed(&self, subject: Subject) -> Effect {
        let facts = [
            ("code", Some(self.code.clone())),
            ("complaint", Some(self.complaint.clone())),
            ("pieces", self.pieces.map(|n| n.to_string())),
            ("version_seen", self.version_seen.clone()),
            ("retailer", self.retailer.clone()),
        ];
        let facts: BTreeMap<String, String> =
            facts.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?))).collect();
        Effect::Filed { subject, record: "complaint".into(), facts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::desk::{Desk, json},
        state::Aspect,
    };

    #[test]
    fn c35_one_toy_never_marks_the_whole_batch() {
        let mut desk = Desk::furnished();
        let batch = desk.makes("L1", 100);
        let carton = desk.packs("C1", "L1", 24);
        desk.role = Role::Retailer;
        let back = |code: &str| json!({"code": code, "complaint": "breakage", "goods_back": true});
        desk.does("returning", back("L1"));
        desk.does("returning", back("C1"));
        assert_eq!(desk.state(&batch).mark(Aspect::Custody), Some(Disposition::InProgress));
        assert_eq!(desk.state(&carton).mark(Aspect::Custody), Some(Disposition::Returned));
    }

    #[test]
    fn nobody_is_turned_away() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.does(
            "producing",
            json!({"lot_code": "L1", "batch": "L1-B", "trade_item": "TOY", "factory": "W1"}),
        );
        desk.role = Role::Retailer;
        let odour = |code: &str| json!({"code": code, "complaint": "odour"});
        let both = desk.does("returning", odour("L1"));
        assert_eq!(both.discrepancies[0].kind, DiscrepancyKind::AmbiguousCode);
        assert_eq!(both.effects.len(), 2);
        let unknown = desk.does("returning", odour("L9"));
        assert_eq!(unknown.discrepancies[0].kind, DiscrepancyKind::UnknownCode);
        assert_eq!(unknown.discrepancies[0].key.as_ref().map(|k| k.as_str()), Some("L9"));
    }
}
