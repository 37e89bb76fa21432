//! Event and book agree: a relabeling without proof, a split that does not add up, a code that nobody put on
//! is settled before the goods leave.

use super::{Asked, Findings, Loaded, Rule};
use crate::{
    event::DiscrepancyKind,
    text::{Said, Text, text},
};

pub(super) const RULE: Rule = Rule {
    name: "open",
    title: text("No discrepancy is open about it", "没有未关闭的差异"),
    look: Asked::OfShipment(look),
};

const OPEN: Text = text(
    "{subject} has an open discrepancy: {what}. Settle it: its page says how.",
    "{subject} 有未关闭的差异：{what}。请按其页面提示处理。",
);

fn look(loaded: &Loaded, found: &mut Findings) {
    let of_batches =
        loaded.batches.iter().flat_map(|dossier| dossier.open.iter().map(|kind| (kind, &dossier.batch)));
    let of_units = loaded.open.iter().map(|(kind, subject)| (kind, subject));
    for (kind, subject) in of_units.chain(of_batches) {
        // What another rule asks for by itself is not told twice.
        if matches!(
            kind,
            DiscrepancyKind::NotReleased | DiscrepancyKind::NotAgreed | DiscrepancyKind::UnknownShare
        ) {
            continue;
        }
        let Text { en, zh } = kind.title();
        let fill = |what: &str| OPEN.with(&[("subject", &subject.key), ("what", what)]);
        let said = Said { en: fill(en).en, zh: fill(zh).zh };
        found.fails(format!("discrepancy.{}", kind.word()), subject, said, None);
    }
}
