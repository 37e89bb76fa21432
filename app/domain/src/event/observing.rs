//! Observing: a code was seen, and nothing more is claimed. A code that no record names is kept with an
//! open discrepancy that closes itself when the record arrives (C08).
//!
//! EPCIS: ObjectEvent OBSERVE `inventory_check`.

use super::{About, Context, Discrepancy, DiscrepancyKind, EventKind, Outcome};
use crate::{
    book::{Known, Meaning},
    field::{Field, Input},
    person::Role,
    quantity::Quantity,
    refusal::Refusal,
    state::Effect,
    subject::{Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Observing {
    /// The code that was seen.
    pub code: String,
    /// How many pieces were counted, where somebody counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pieces: Option<u64>,
}

const UNKNOWN: Text = text(
    "{code} was seen, but no record names it. It is kept; record the goods and this closes itself.",
    "已见到条码 {code}，但没有任何记录包含它。现已保留；录入该货物后自动关闭。",
);
const SEVERAL: Text = text(
    "{code} was seen and can mean {n} things. Find out which one is meant.",
    "已见到条码 {code}，它可能指 {n} 个对象，请查明所指。",
);
const COUNT: Text = text(
    "{n} pieces were counted in {code}; the book holds {book}. Count again or correct the contents.",
    "{code} 点数为 {n} 件，账面为 {book} 件。请复点或更正内容。",
);
const SENTENCE: Text = text("Saw {code}", "见到 {code}");
const COUNTED: Text = text("Saw {code} and counted {n} pieces", "见到 {code}，点数 {n} 件");

impl EventKind for Observing {
    const NAME: &'static str = "observing";
    const ABOUT: About = About {
        title: text("Observation", "观测"),
        verb: text("Keep as seen", "记录所见"),
        purpose: text(
            "A code was seen here. An unknown one is kept until its record arrives.",
            "在此见到某条码。未知条码会保留，直到相应记录到达。",
        ),
        roles: &[Role::Buyer, Role::Factory, Role::Warehouse, Role::Inspector, Role::Retailer],
        offered_on: &[SubjectKind::LogisticUnit],
        fields: &[
            Field::must("code", text("Code", "条码"), Input::Code(&SubjectKind::ALL)),
            Field::may("pieces", text("Pieces counted", "点数（件）"), Input::Count)
                .help(text("Only if you opened and counted it.", "仅在开箱点数后填写。")),
        ],
        biz_step: "inventory_check",
        disposition: None,
    };

    fn references(&self) -> Vec<String> {
        vec![self.code.clone()]
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let mut outcome = Outcome::default();
        match book.meaning(&self.code, &SubjectKind::ALL).map_err(|r| r.at("code"))? {
            Meaning::One(subject) => self.seen(subject, context, book, &mut outcome)?,
            Meaning::Several(candidates) => {
                let said = SEVERAL.with(&[("code", &self.code), ("n", &candidates.len().to_string())]);
                let (kind, subject) = (DiscrepancyKind::AmbiguousCode, candidates.into_iter().next());
                outcome.discrepancies.push(Discrepancy { kind, subject, key: None, said });
            }
            Meaning::None(key) => {
                let said = UNKNOWN.with(&[("code", &self.code)]);
                let kind = DiscrepancyKind::UnknownCode;
                outcome.discrepancies.push(Discrepancy { kind, subject: None, key: Some(key), said });
            }
        }
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        match self.pieces {
            Some(n) => COUNTED.with(&[("code", &self.code), ("n", &n.to_string())]),
            None => SENTENCE.with(&[("code", &self.code)]),
        }
    }
}

impl Observing {
    /// Only a carton or pallet is at one place as a whole, and can be counted by opening it.
    fn seen(
        &self,
        subject: Subject,
        context: &Context<'_>,
        book: &Known,
        outcome: &mut Outcome,
    ) -> Result<(), Refusal> {
        if subject.kind != SubjectKind::LogisticUnit {
            return Ok(());
        }
        book.move_there(&subject, context, outcome)?;
        let Some(n) = self.pieces else { return Ok(()) };
        let in_book = book.state(&subject).map_or(0, |s| s.pieces().0);
        if in_book > 0 && in_book != n {
            let (n, in_book) = (n.to_string(), in_book.to_string());
            let said = COUNT.with(&[("n", &n), ("code", &self.code), ("book", &in_book)]);
            outcome.differs(DiscrepancyKind::CountDiffers, &subject, said);
        }
        outcome.effect(Effect::Counted { subject, quantity: Quantity::pieces(n) });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    #[test]
    fn c08_an_unknown_code_is_kept_under_its_key() {
        let mut desk = Desk::furnished();
        let seen = desk.does("observing", json!({"code": " C7 "}));
        assert_eq!((seen.effects.len(), seen.discrepancies.len()), (0, 1));
        assert_eq!(seen.discrepancies[0].key.as_ref().map(|k| k.as_str()), Some("C7"));
    }

    #[test]
    fn what_was_counted_is_compared_with_the_book() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        let carton = desk.packs("C1", "L1", 24);
        desk.place = Some("W1".into());
        let count = |n: u64| json!({"code": "C1", "pieces": n});
        assert_eq!(desk.differs("observing", count(24)), []);
        assert_eq!(desk.differs("observing", count(23)), [DiscrepancyKind::CountDiffers]);
        assert_eq!(desk.state(&carton).place, Some(Subject::place("W1")));
    }
}
