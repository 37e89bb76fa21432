//! Commissioning: a code is put into use. A carton or pallet gets its SSCC and marks before anything is
//! in it, or a unit, batch or material lot gets one more code.

use super::{About, Context, EventKind, Outcome};
use crate::{
    book::Known,
    field::{Field, Input},
    person::Role,
    refusal::Refusal,
    state::Disposition,
    subject::{Level, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Commissioning {
    /// The codes that are put into use, all on the same subject.
    pub codes: Vec<String>,
    /// Where they stand.
    pub level: Level,
    /// What they are put on; left out for a new carton or pallet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

const MAY_CARRY: &[SubjectKind] = &[SubjectKind::LogisticUnit, SubjectKind::Batch, SubjectKind::MaterialLot];

const LEVELS: &[(&str, Text)] = &[
    (Level::Carton.word(), Level::Carton.title()),
    (Level::Pallet.word(), Level::Pallet.title()),
    (Level::Product.word(), Level::Product.title()),
    (Level::InnerPack.word(), Level::InnerPack.title()),
    (Level::RetailBox.word(), Level::RetailBox.title()),
    (Level::Material.word(), Level::Material.title()),
];

const NOT_A_UNIT: Text = text(
    "A new logistic unit is a carton or a pallet. For {level}, say what the code is put on.",
    "新的物流单元只能是外箱或托盘。若为{level}，请填写条码所属的对象。",
);
const SENTENCE: Text = text("Put {codes} into use", "启用条码 {codes}");

impl EventKind for Commissioning {
    const NAME: &'static str = "commissioning";
    const ABOUT: About = About {
        title: text("Commissioning", "启用条码"),
        verb: text("Put a code into use", "启用条码"),
        purpose: text(
            "A new carton or pallet gets its code, or something known gets one more.",
            "为新的外箱或托盘启用条码，或为已有对象增加条码。",
        ),
        roles: &[Role::Factory, Role::Warehouse, Role::Buyer],
        offered_on: &[],
        fields: &[
            Field::must("codes", text("Codes", "条码"), Input::Codes(&[]))
                .help(text("All codes that stand on it, one a line.", "其上的全部条码，每行一个。")),
            Field::must("level", text("Where they stand", "条码所在层级"), Input::Choice(LEVELS)),
            Field::may("subject", text("On something known", "用于已有对象"), Input::Code(MAY_CARRY))
                .help(text("Leave empty for a new carton or pallet.", "新外箱或新托盘请留空。")),
        ],
        biz_step: "commissioning",
        disposition: Some(Disposition::Active),
    };

    fn references(&self) -> Vec<String> {
        self.codes.iter().chain(&self.subject).cloned().collect()
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let mut outcome = Outcome::default();
        let subject = match &self.subject {
            Some(text) => book.one(text, MAY_CARRY).map_err(|r| r.at("subject"))?,
            None if matches!(self.level, Level::Carton | Level::Pallet) => {
                book.new_unit(&self.codes, context).map_err(|r| r.at("codes"))?
            }
            None => {
                let title = self.level.title();
                let mut said = NOT_A_UNIT.with(&[("level", title.en)]);
                said.zh = NOT_A_UNIT.with(&[("level", title.zh)]).zh;
                return Err(Refusal::said("subject_missing", said).at("subject"));
            }
        };
        book.name(&subject, &self.codes, self.level, &mut outcome).map_err(|r| r.at("codes"))?;
        book.move_there(&subject, context, &mut outcome)?;
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        SENTENCE.with(&[("codes", &self.codes.join(", "))])
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        event::desk::{Desk, json},
        subject::Subject,
    };

    #[test]
    fn a_new_carton_carries_its_sscc_and_its_mark() {
        let mut desk = Desk::new();
        desk.does("commissioning", json!({"codes": ["CTN-1", "MARK 1"], "level": "carton"}));
        let unit = Subject::logistic_unit("CTN-1");
        let names: Vec<_> = desk.state(&unit).open_names().map(|n| n.key.as_str().to_string()).collect();
        assert_eq!(names, ["CTN-1", "MARK 1"]);
        desk.does("commissioning", json!({"codes": ["X"], "level": "carton", "subject": "MARK 1"}));
        assert_eq!(desk.state(&unit).open_names().count(), 3);
    }

    #[test]
    fn a_code_in_use_is_not_given_to_another() {
        let mut desk = Desk::new();
        desk.does("commissioning", json!({"codes": ["CTN-1"], "level": "carton"}));
        let again = desk.refuses("commissioning", json!({"codes": ["CTN-1"], "level": "carton"}));
        assert_eq!((again.reason.as_str(), again.field.as_deref()), ("code_in_use", Some("codes")));
        let level = desk.refuses("commissioning", json!({"codes": ["B"], "level": "product"}));
        assert_eq!(level.reason, "subject_missing");
    }
}
