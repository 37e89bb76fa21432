//! Bridging: a named person says that the record of one thing belongs to a batch: an order or invoice line
//! (C10), or what somebody kept under another lot code (C49). The program proposes; only a person joins.
//!
//! CBV has no word for it; exported under the project's own namespace.

use super::{About, Context, EventKind, Outcome, release::overtake};
use crate::{
    book::Known,
    field::{Field, Input},
    person::Role,
    record::{Facts, inspection_report, of_kind},
    refusal::Refusal,
    state::{Aspect, Effect},
    subject::{Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Bridging {
    /// The order or invoice line, or the batch whose records were kept under another lot code.
    pub subject: String,
    /// The batch to which it belongs.
    pub batch: String,
    /// How many pieces of that batch the line is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pieces: Option<u64>,
    /// On what grounds.
    pub grounds: String,
}

const JOINED: &[SubjectKind] = &[SubjectKind::OrderLine, SubjectKind::Batch];

const ITSELF: Text = text("{code} is that batch itself.", "{code} 就是该批次本身。");
const WAS_MADE: Text = text(
    "{subject} has a run sheet of its own: it is another batch, and is not joined to {batch}.",
    "{subject} 有自己的生产记录单，是另一个批次，不能并入 {batch}。",
);
const NOT_MADE: Text = text(
    "{batch} has no run sheet either. Join both to the batch that was made.",
    "{batch} 也没有生产记录单，请将两者并入实际生产的批次。",
);
const ALREADY: Text = text(
    "{subject} was joined to {batch} already. Declare that wrong first.",
    "{subject} 已并入 {batch}，请先更正原条目。",
);
const SENTENCE: Text = text("Joined {subject} to batch {batch}: {grounds}", "将 {subject} 并入批次 {batch}：{grounds}");

impl EventKind for Bridging {
    const NAME: &'static str = "bridging";
    const FILES: &'static [&'static str] = &["bridge"];
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Bridging", "桥接"),
        verb: text("Join to a batch", "并入批次"),
        purpose: text(
            "An order line, or records kept under another lot code, belong to a batch. Your name stands for it.",
            "订单行或以其他批号保存的记录属于某批次。以您的姓名确认。",
        ),
        roles: &[Role::Buyer, Role::Factory],
        offered_on: JOINED,
        fields: &[
            Field::must("subject", text("What belongs there", "归属对象"), Input::Code(JOINED)),
            Field::must("batch", text("To which batch", "所属批次"), Input::Code(&[SubjectKind::Batch])),
            Field::may("pieces", text("Pieces", "件数"), Input::Count)
                .help(text("Of an order line that several batches fill.", "一行由多个批次供货时填写。")),
            Field::must("grounds", text("On what grounds", "依据"), Input::Text)
                .help(text("What you compared: paper, label, sample.", "核对依据：单据、标签、样品。")),
        ],
        biz_step: "urn:lotwalk:bizstep:bridging",
        disposition: None,
    };

    fn references(&self) -> Vec<String> {
        vec![self.subject.clone(), self.batch.clone()]
    }

    fn needs(&self, book: &Known) -> Vec<Subject> {
        let subject = book.one(&self.subject, JOINED).ok();
        subject.into_iter().chain(book.one(&self.batch, &[SubjectKind::Batch]).ok()).collect()
    }

    fn judges(&self, book: &Known) -> Vec<Subject> {
        let subject = book.one(&self.subject, JOINED).ok();
        let failed = subject.is_some_and(|subject| inspection_report::any_fails(book.records(&subject)));
        book.one(&self.batch, &[SubjectKind::Batch]).ok().filter(|_| failed).into_iter().collect()
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let subject = book.one(&self.subject, JOINED).map_err(|r| r.at("subject"))?;
        let batch = book.one(&self.batch, &[SubjectKind::Batch]).map_err(|r| r.at("batch"))?;
        if subject == batch {
            return Err(Refusal::said("same_batch", ITSELF.with(&[("code", &self.subject)])).at("batch"));
        }
        let values = [("subject", subject.key.as_str()), ("batch", &batch.key)];
        if subject.kind == SubjectKind::Batch {
            // Custody begins with the run: a batch that has it was made, whatever its record lacks.
            let made = |batch: &Subject| {
                book.records(batch).contains_key("run_sheet")
                    || book.state(batch).is_some_and(|s| s.mark(Aspect::Custody).is_some())
            };
            if made(&subject) {
                return Err(Refusal::said("was_made", WAS_MADE.with(&values)).at("subject"));
            }
            if !made(&batch) {
                return Err(Refusal::said("not_made", NOT_MADE.with(&values)).at("batch"));
            }
            if let Some((other, _)) = of_kind(book.records(&subject), "bridge").next() {
                let said = ALREADY.with(&[("subject", &subject.key), ("batch", other)]);
                return Err(Refusal::said("joined_already", said).at("subject"));
            }
        }
        let mut facts: Facts = [
            ("bridged_to", batch.key.as_str()),
            ("bridged_by", &context.person.name),
            ("grounds", self.grounds.trim()),
        ]
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .into();
        facts.extend(self.pieces.map(|n| ("pieces".to_string(), n.to_string())));
        let mut outcome = Outcome::default();
        if inspection_report::any_fails(book.records(&subject)) {
            overtake([&batch], book, &mut outcome);
        }
        outcome.effect(Effect::Filed { subject, record: "bridge".into(), facts });
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        let values = [("subject", self.subject.as_str()), ("batch", &self.batch), ("grounds", &self.grounds)];
        SENTENCE.with(&values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    fn join(subject: &str, batch: &str) -> serde_json::Value {
        json!({"subject": subject, "batch": batch, "grounds": "packing list 14"})
    }

    #[test]
    fn c49_only_what_nobody_made_is_joined_to_a_batch_that_was() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.makes("L2", 100);
        // An inspection filed under a lot code that nobody made.
        for key in ["L-1", "L-2"] {
            desk.does("filing", json!({"subject": format!("batch:{key}"), "names": [{"code": key}]}));
        }
        assert_eq!(desk.refuses("bridging", join("L2", "L1")).reason, "was_made");
        assert_eq!(desk.refuses("bridging", join("L-1", "L-2")).reason, "not_made");
        desk.does("bridging", join("L-1", "L1"));
        assert_eq!(desk.refuses("bridging", join("L-1", "L2")).reason, "joined_already");
    }

    #[test]
    fn c10_an_order_line_may_be_filled_by_several_batches() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        desk.makes("L2", 100);
        let line = json!({"subject": "order_line:PO-7#10", "record": "order_line", "facts": []});
        desk.does("filing", line);
        for batch in ["L1", "L2"] {
            desk.does("bridging", join("PO-7#10", batch));
        }
        let line = Subject::new(SubjectKind::OrderLine, "PO-7#10");
        assert_eq!(of_kind(desk.known().records(&line), "bridge").count(), 2);
    }
}
