//! Carton and shipment mapping: which cartons hold the batch, with how many pieces, and to whom they went
//! (C16). Carton numbers that overlap or leave holes are told.

use super::{Door, Look};
use crate::{
    dossier::Dossier,
    event::CONTENTS_PACKED,
    person::Role,
    record::of_kind,
    text::{Text, text},
};

const NONE: Text = text("No carton of the batch is on record.", "没有该批次的外箱记录。");
const UNKNOWN: Text = text(
    "In {n} cartons nobody knows how many pieces are of this batch. Open and count them.",
    "有 {n} 箱不知含该批次多少件，请开箱点数。",
);
const NOT_PACKED: Text = text(
    "{n} of {made} pieces are in no carton. Record the cartons, or count the batch again.",
    "{made} 件中有 {n} 件不在任何外箱中。请补录外箱，或重新清点该批次。",
);
const TOO_MANY: Text = text(
    "The cartons hold {n} pieces more than the {made} that were made. Count again.",
    "外箱中比生产的 {made} 件多出 {n} 件，请复点。",
);
const OVERLAP: Text = text(
    "Carton numbers {first} to {last} stand in two ranges. Correct one of them.",
    "箱号 {first} 至 {last} 同时出现在两个范围内，请更正其一。",
);
const HOLE: Text = text(
    "Carton numbers {first} to {last} are in no range. Record them, or say in a range where they are.",
    "箱号 {first} 至 {last} 不在任何范围内。请补录，或更正范围。",
);
const BACKWARDS: Text = text(
    "The range from {first} to {last} ends before it begins. Correct it.",
    "范围 {first} 至 {last} 首末颠倒，请更正。",
);
const NO_CONSIGNEE: Text =
    text("Shipment {shipment} does not tell where it goes.", "货运单 {shipment} 未写明发往何处。");

/// A range of carton numbers.
struct Range {
    first: u64,
    last: u64,
    pieces: u64,
}

pub(super) fn look(dossier: &Dossier, look: &mut Look) {
    let ranges = ranges(dossier, look);
    let cartons = dossier.cartons;
    look.there |= cartons.count > 0;
    if cartons.count == 0 && ranges.is_empty() {
        look.misses("carton_range", NONE.said(), Role::Factory, Door::record("carton_range", &dossier.batch));
        return;
    }
    compare_ranges(dossier, &ranges, look);
    let pack = || Door::event(CONTENTS_PACKED, &dossier.batch);
    if cartons.unknown > 0 {
        let said = UNKNOWN.with(&[("n", &cartons.unknown.to_string())]);
        look.misses("carton_range.unknown", said, Role::Warehouse, pack());
    }
    // Cartons scanned one by one say more than a range of numbers; the range counts where there are none.
    let packed = match cartons.count {
        0 => ranges.iter().fold(0_u64, |sum, r| {
            sum.saturating_add((r.last.saturating_sub(r.first) + 1).saturating_mul(r.pieces))
        }),
        _ => cartons.pieces,
    };
    if let (Some(made), 0) = (dossier.made, cartons.unknown) {
        let (accounted, number) = (packed.saturating_add(dossier.kept()), made.to_string());
        if accounted < made {
            let said = NOT_PACKED.with(&[("n", &(made - accounted).to_string()), ("made", &number)]);
            look.misses("carton_range.not_packed", said, Role::Factory, pack());
        } else if packed > made {
            let said = TOO_MANY.with(&[("n", &(packed - made).to_string()), ("made", &number)]);
            look.misses("carton_range.too_many", said, Role::Factory, pack());
        }
    }
    for sent in dossier.shipments.iter().filter(|s| !s.facts.contains_key("destination")) {
        let said = NO_CONSIGNEE.with(&[("shipment", &sent.shipment.key)]);
        look.misses("shipment.destination", said, Role::Warehouse, Door::record("shipment", &sent.shipment));
    }
}

fn ranges(dossier: &Dossier, look: &mut Look) -> Vec<Range> {
    let mut ranges = vec![];
    for (_, filed) in of_kind(&dossier.records, "carton_range") {
        look.finds(filed.entry.as_ref());
        let number = |name: &str| filed.fact(name).and_then(|n| n.parse::<u64>().ok());
        let (Some(first), Some(last)) = (number("first"), number("last")) else { continue };
        if last < first {
            let said = BACKWARDS.with(&[("first", &first.to_string()), ("last", &last.to_string())]);
            let door = Door::record("carton_range", &dossier.batch);
            look.misses("carton_range.backwards", said, Role::Factory, door);
            continue;
        }
        ranges.push(Range { first, last, pieces: number("pieces").unwrap_or(0) });
    }
    ranges.sort_by_key(|r| (r.first, r.last));
    ranges
}

fn compare_ranges(dossier: &Dossier, ranges: &[Range], look: &mut Look) {
    let door = || Door::record("carton_range", &dossier.batch);
    let between = |said: Text, first: u64, last: u64| {
        said.with(&[("first", &first.to_string()), ("last", &last.to_string())])
    };
    let mut reached: Option<u64> = None;
    for range in ranges {
        if let Some(reached) = reached {
            if range.first <= reached {
                let said = between(OVERLAP, range.first, range.last.min(reached));
                look.misses("carton_range.overlap", said, Role::Factory, door());
            } else if range.first > reached.saturating_add(1) {
                let said = between(HOLE, reached + 1, range.first - 1);
                look.misses("carton_range.hole", said, Role::Factory, door());
            }
        }
        reached = Some(reached.map_or(range.last, |r| r.max(range.last)));
    }
}
