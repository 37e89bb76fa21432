//! The papers of the shipment bridge: every line of its purchase order and invoice belongs to a batch (C10).

use super::{Asked, Findings, Loaded, Rule};
use crate::{
    completeness::Door,
    dossier::OrderLine,
    event::BATCH_JOINED,
    text::{Said, Text, text},
};

pub(super) const RULE: Rule = Rule {
    name: "paid",
    title: text("Every order and invoice line belongs to a batch", "每条订单与发票行都归属批次"),
    look: Asked::OfShipment(look),
};

const NOT_JOINED: Text = text(
    "Line {line} of {number} ({value}, {cartons}) is written on no batch. Join it to the batch that fills it.",
    "{number} 第 {line} 行（{value}，{cartons}）未归属任何批次，请并入对应批次。",
);
const VALUE: Text = text("{value} {currency}", "{value} {currency}");
const NO_VALUE: Text = text("value not on record", "金额未记录");
const CARTONS: Text = text("{cartons} cartons", "{cartons} 箱");
const NO_CARTONS: Text = text("cartons not on record", "外箱数未记录");

fn look(loaded: &Loaded, found: &mut Findings) {
    for (line, joined) in &loaded.lines {
        if !joined {
            let door = Door::event(BATCH_JOINED, &line.line);
            found.fails("order_line", &line.line, not_joined(line), Some(door));
        }
    }
}

/// What is said of a line: how much it is worth and of how many cartons, or that this is not on record.
fn not_joined(line: &OrderLine) -> Said {
    let fact = |name: &str| line.facts.get(name).map(|fact| fact.trim()).filter(|fact| !fact.is_empty());
    let value = match fact("value") {
        Some(value) => VALUE.with(&[("value", value), ("currency", fact("currency").unwrap_or_default())]),
        None => NO_VALUE.said(),
    };
    let cartons = fact("cartons").map_or(NO_CARTONS.said(), |cartons| CARTONS.with(&[("cartons", cartons)]));
    let (line, number) = (fact("line").unwrap_or_default(), fact("number").unwrap_or_default());
    let fill = |value: &str, cartons: &str| {
        NOT_JOINED.with(&[("line", line), ("number", number), ("value", value.trim()), ("cartons", cartons)])
    };
    Said { en: fill(&value.en, &cartons.en).en, zh: fill(&value.zh, &cartons.zh).zh }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subject::{Subject, SubjectKind};

    #[test]
    fn c10_what_a_line_does_not_tell_is_said_to_be_not_on_record() {
        let said = |facts: &[(&str, &str)]| {
            let facts = facts.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
            let line = Subject::new(SubjectKind::OrderLine, "INV-7#2");
            not_joined(&OrderLine { line, facts, pieces: None })
        };
        let bare = said(&[("number", "INV-7"), ("line", "2"), ("cartons", " ")]);
        assert!(
            bare.en.starts_with("Line 2 of INV-7 (value not on record, cartons not on record) is"),
            "{bare:?}"
        );
        assert!(bare.zh.starts_with("INV-7 第 2 行（金额未记录，外箱数未记录）"), "{bare:?}");
        let whole = said(&[
            ("number", "INV-7"),
            ("line", "2"),
            ("cartons", "12"),
            ("value", "48"),
            ("currency", "USD"),
        ]);
        assert!(
            whole.en.contains("(48 USD, 12 cartons)") && whole.zh.contains("（48 USD，12 箱）"),
            "{whole:?}"
        );
    }
}
