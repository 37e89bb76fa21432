//! Inspection and release: inline, final, and the sign-off, all of the same batch (C15). Whether what was
//! found lets the goods leave is the gate's to say; here only whether it is on record.

use super::{Door, Look};
use crate::{
    dossier::Dossier,
    event::{GOODS_INSPECTED, RELEASE_SIGNED},
    person::Role,
    record::of_kind,
    state::{Aspect, Disposition},
    text::{Text, text},
};

const NO_INLINE: Text = text("No inline inspection is on record.", "没有生产中检验记录。");
const NO_FINAL: Text = text("No final inspection is on record.", "没有终检记录。");
const NO_RELEASE: Text = text("Nobody has signed that the batch is released.", "尚无人签字放行该批次。");
const RELEASE_STALE: Text = text(
    "After {batch} was released it was changed, or an inspection that failed came to the book. Once it is inspected again and passes, release it again.",
    "{batch} 放行后有改动，或有不合格的检验记录。请在复检合格后重新放行。",
);

pub(super) fn look(dossier: &Dossier, look: &mut Look) {
    let mut levels = vec![];
    for (level, report) in of_kind(&dossier.records, "inspection_report") {
        look.finds(report.entry.as_ref());
        // One that was filed before reports were kept by level tells it in its facts.
        levels.push(report.fact("level").unwrap_or(level));
    }
    let inspect = || Door::event(GOODS_INSPECTED, &dossier.batch);
    if !levels.contains(&"inline") && !dossier.records.contains_key("waiver:inline_inspection") {
        look.misses("inspection_report.inline", NO_INLINE.said(), Role::Inspector, inspect());
    }
    if !levels.iter().any(|level| ["final", "re_inspection"].contains(level)) {
        look.misses("inspection_report.final", NO_FINAL.said(), Role::Inspector, inspect());
    }
    let sign = || Door::event(RELEASE_SIGNED, &dossier.batch);
    match dossier.records.get("release") {
        Some(release) => look.finds(release.entry.as_ref()),
        None => look.misses("release", NO_RELEASE.said(), Role::Inspector, sign()),
    }
    if dossier.mark(Aspect::Release) == Some(Disposition::ReleaseStale) {
        let said = RELEASE_STALE.with(&[("batch", &dossier.batch.key)]);
        look.misses("release.stale", said, Role::Inspector, sign());
    }
}
