//! Judging: a person answers whether a material change could affect compliance (16 CFR 1107.23, C56). The
//! answer counts for the change as it is now: if that changes again, it is asked again.
//!
//! CBV has no word for it; exported under the project's own namespace.

use super::{About, Context, EventKind, Outcome};
use crate::{
    book::Known,
    change,
    field::{Field, Input},
    person::Role,
    record::material_change::ANSWERS,
    refusal::Refusal,
    state::Effect,
    subject::{Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Judging {
    /// The batch.
    pub batch: String,
    /// What changed, by its word; the only open one where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// `yes` or `no`.
    pub affects: String,
    /// Why.
    pub reason: String,
}

const NO_CHANGE: Text = text(
    "{batch} has no such change that waits for an answer. Open are: {open}.",
    "{batch} 没有待判定的此项变更。待判定的有：{open}。",
);
const WHICH: Text = text(
    "{batch} has several changes that wait for an answer. Say which one: {open}.",
    "{batch} 有多项待判定的变更，请指明：{open}。",
);
const NONE: Text = text("none", "无");
const SENTENCE: Text = text(
    "Judged a change of {batch}: {reason}",
    "判定 {batch} 的变更：{reason}",
);

impl EventKind for Judging {
    const NAME: &'static str = "judging";
    const FILES: &'static [&'static str] = &["material_change"];
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Judging a change", "变更判定"),
        verb: text("Answer a material change", "判定变更"),
        purpose: text(
            "Something differs from the batch before, or from what was tested. Say whether it could affect compliance, and why.",
            "该批次与上一批或检测时不同。请判定是否可能影响合规，并说明理由。",
        ),
        roles: &[Role::Buyer, Role::Inspector],
        offered_on: &[SubjectKind::Batch],
        fields: &[
            Field::must("batch", text("Batch", "批次"), Input::Code(&[SubjectKind::Batch])),
            Field::may("what", text("Which change", "变更项"), Input::Line)
                .help(text("Left empty where there is only one.", "仅有一项时可留空。")),
            Field::must("affects", text("Could it affect compliance?", "是否可能影响合规？"), Input::Choice(ANSWERS)),
            Field::must("reason", text("Reason", "理由"), Input::Text),
        ],
        biz_step: "urn:lotwalk:bizstep:judging",
        disposition: None,
    };

    fn references(&self) -> Vec<String> {
        vec![self.batch.clone()]
    }

    fn judges(&self, book: &Known) -> Vec<Subject> {
        book.one(&self.batch, &[SubjectKind::Batch]).into_iter().collect()
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let batch = book.one(&self.batch, &[SubjectKind::Batch]).map_err(|r| r.at("batch"))?;
        let changes = book.dossier(&batch).map(change::unanswered).unwrap_or_default();
        let open: Vec<&str> = changes.iter().map(|change| change.what.as_str()).collect();
        let told = |none: &str| if open.is_empty() { none.to_string() } else { open.join(", ") };
        let refuse = |reason: &str, said: Text| {
            let fill = |none: &str| said.with(&[("batch", &self.batch), ("open", &told(none))]);
            Refusal::said(reason, Said { en: fill(NONE.en).en, zh: fill(NONE.zh).zh }).at("what")
        };
        let meant = match (&self.what, changes.as_slice()) {
            (Some(what), all) => all.iter().find(|change| change.what == what.trim()),
            (None, [only]) => Some(only),
            (None, []) => None,
            (None, _) => return Err(refuse("which_change", WHICH)),
        };
        let change = meant.ok_or_else(|| refuse("no_change", NO_CHANGE))?;
        let facts = change::answered(change, &self.affects, self.reason.trim(), &context.person.name);
        let mut outcome = Outcome::default();
        outcome.effect(Effect::Filed { subject: batch, record: "material_change".into(), facts });
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        SENTENCE.with(&[("batch", &self.batch), ("reason", &self.reason)])
    }
}
