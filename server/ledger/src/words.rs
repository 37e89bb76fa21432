//! The small numbers that stand in columns for words of the domain. Never renumbered: they are stored.

use crate::fault::Fault;
use domain::{
    person::Role,
    quantity::{Quantity, Unit},
    state::Aspect,
    subject::{Level, SubjectKind},
};

/// `link.kind`: a logistic unit directly in a container; `amount` is the cartons it counts for by itself.
pub(crate) const UNIT_IN: i64 = 1;
/// `link.kind`: a batch in a unit or shipment; `amount` pieces, null where the share is not known.
pub(crate) const BATCH_IN: i64 = 2;
/// `link.kind`: the child came from the parent; `amount` thousandths of `unit`.
pub(crate) const MADE_FROM: i64 = 3;
/// `link.kind`: the child is at the parent, a place.
pub(crate) const AT: i64 = 4;

const KINDS: [SubjectKind; 9] = [
    SubjectKind::TradeItem,
    SubjectKind::Batch,
    SubjectKind::MaterialLot,
    SubjectKind::LogisticUnit,
    SubjectKind::Shipment,
    SubjectKind::Place,
    SubjectKind::TracePlan,
    SubjectKind::RetainedSample,
    SubjectKind::OrderLine,
];
const LEVELS: [Level; 11] = [
    Level::Product,
    Level::InnerPack,
    Level::RetailBox,
    Level::Carton,
    Level::Pallet,
    Level::Shipment,
    Level::Material,
    Level::Place,
    Level::Sample,
    Level::Paper,
    Level::Plan,
];
const ASPECTS: [Aspect; 6] =
    [Aspect::Life, Aspect::Custody, Aspect::Inspection, Aspect::Hold, Aspect::Recall, Aspect::Release];
const UNITS: [Unit; 5] = [Unit::Piece, Unit::Carton, Unit::Kilogram, Unit::Litre, Unit::Metre];

fn number<T: PartialEq>(all: &[T], one: &T) -> i64 {
    // Every list above holds every word of its type; the test below says so.
    all.iter().position(|x| x == one).map_or(0, |i| i as i64 + 1)
}

fn word<T: Copy>(all: &[T], number: i64, what: &str) -> Result<T, Fault> {
    let index = usize::try_from(number - 1).ok();
    index
        .and_then(|i| all.get(i))
        .copied()
        .ok_or_else(|| Fault::damaged(format!("there is no {what} with the number {number}")))
}

/// The number of a subject kind.
pub(crate) fn kind_number(kind: SubjectKind) -> i64 {
    number(&KINDS, &kind)
}

/// The subject kind of a number.
pub(crate) fn kind_word(number: i64) -> Result<SubjectKind, Fault> {
    word(&KINDS, number, "subject kind")
}

/// The number of a level.
pub(crate) fn level_number(level: Level) -> i64 {
    number(&LEVELS, &level)
}

/// The level of a number.
pub(crate) fn level_word(number: i64) -> Result<Level, Fault> {
    word(&LEVELS, number, "level")
}

/// The number of an aspect.
pub(crate) fn aspect_number(aspect: Aspect) -> i64 {
    number(&ASPECTS, &aspect)
}

/// The number of a unit of quantity.
pub(crate) fn unit_number(unit: Unit) -> i64 {
    number(&UNITS, &unit)
}

/// The bit of a role in a set of them.
pub(crate) fn role_bit(role: Role) -> i64 {
    1 << Role::ALL.iter().position(|r| *r == role).unwrap_or_default()
}

/// A quantity from its two columns.
pub(crate) fn quantity(thousandths: i64, unit: i64) -> Result<Quantity, Fault> {
    let thousandths =
        u64::try_from(thousandths).map_err(|_| Fault::damaged(format!("an amount of {thousandths}")))?;
    Ok(Quantity { thousandths, unit: word(&UNITS, unit, "unit")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_number_that_leads_back() {
        for kind in SubjectKind::ALL {
            assert_eq!(kind_word(kind_number(kind)).ok(), Some(kind));
        }
        for level in Level::ALL {
            assert_eq!(level_word(level_number(level)).ok(), Some(level));
        }
        for unit in Unit::ALL {
            assert_eq!(quantity(7, unit_number(unit)).ok(), Some(Quantity { thousandths: 7, unit }));
        }
        assert!(kind_word(0).is_err() && kind_word(10).is_err() && kind_word(i64::MIN + 1).is_err());
    }
}
