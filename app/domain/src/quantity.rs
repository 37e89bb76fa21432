//! Counts and units that cannot be mixed by accident.

use crate::text::{Said, Text, text};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A number of finished pieces (consumer units). Never cartons, never kilograms.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pieces(pub u64);

impl fmt::Display for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::iter::Sum for Pieces {
    fn sum<I: Iterator<Item = Pieces>>(iter: I) -> Pieces {
        Pieces(iter.fold(0, |sum, p| sum.saturating_add(p.0)))
    }
}

/// How much of a batch a container holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Share {
    /// So many pieces, as counted or declared.
    Exactly(Pieces),
    /// Some pieces or none: the split was not recorded ("one or more of {…}"). A recall counts it as
    /// holding the batch; a clearance never does.
    Unknown,
}

impl Share {
    /// The pieces, where they are known.
    pub fn pieces(self) -> Option<Pieces> {
        match self {
            Share::Exactly(p) => Some(p),
            Share::Unknown => None,
        }
    }
}

/// What a [`Quantity`] is counted in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Finished pieces or discrete components.
    Piece,
    /// Cartons.
    Carton,
    /// Kilograms.
    Kilogram,
    /// Litres.
    Litre,
    /// Metres.
    Metre,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Unit; 5] = [Unit::Piece, Unit::Carton, Unit::Kilogram, Unit::Litre, Unit::Metre];

    /// The word on a screen, after the number.
    pub const fn title(self) -> Text {
        match self {
            Unit::Piece => text("pieces", "件"),
            Unit::Carton => text("cartons", "箱"),
            Unit::Kilogram => text("kg", "千克"),
            Unit::Litre => text("l", "升"),
            Unit::Metre => text("m", "米"),
        }
    }

    /// The word in stored text and in import files.
    pub const fn word(self) -> &'static str {
        match self {
            Unit::Piece => "piece",
            Unit::Carton => "carton",
            Unit::Kilogram => "kilogram",
            Unit::Litre => "litre",
            Unit::Metre => "metre",
        }
    }

    /// The unit for a stored word.
    pub fn from_word(word: &str) -> Option<Unit> {
        Unit::ALL.into_iter().find(|u| u.word() == word)
    }
}

/// An amount with its unit. Kept in thousandths, so that 12.5 kg is exact and no float reaches the
/// hashed bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Quantity {
    /// The amount times one thousand.
    pub thousandths: u64,
    /// What is counted.
    pub unit: Unit,
}

impl Quantity {
    /// A whole number of pieces.
    pub fn pieces(n: u64) -> Quantity {
        Quantity { thousandths: n.saturating_mul(1000), unit: Unit::Piece }
    }

    /// A whole number of cartons.
    pub fn cartons(n: u64) -> Quantity {
        Quantity { thousandths: n.saturating_mul(1000), unit: Unit::Carton }
    }

    /// Parses a decimal with at most three places, `.` as the mark: `12.5`.
    pub fn parse(amount: &str, unit: Unit) -> Option<Quantity> {
        let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
        if whole.is_empty()
            || part.len() > 3
            || !(whole.bytes().chain(part.bytes())).all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let part: u64 = format!("{part:0<3}").parse().ok()?;
        let thousandths = whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(part)?;
        Some(Quantity { thousandths, unit })
    }

    /// The amount as a decimal without trailing zeros.
    pub fn amount(self) -> String {
        let (whole, part) = (self.thousandths / 1000, self.thousandths % 1000);
        match part {
            0 => whole.to_string(),
            _ => format!("{whole}.{part:03}").trim_end_matches('0').to_string(),
        }
    }

    /// Amount and unit, for a reader.
    pub fn said(self) -> Said {
        let unit = self.unit.title();
        Said { en: format!("{} {}", self.amount(), unit.en), zh: format!("{} {}", self.amount(), unit.zh) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        let q = Quantity::parse("12.5", Unit::Kilogram).unwrap();
        assert_eq!((q.thousandths, q.amount().as_str()), (12_500, "12.5"));
        assert_eq!(Quantity::parse("0.001", Unit::Metre).unwrap().amount(), "0.001");
        for bad in ["", ".5", "1,5", "-1", "1.2345", "1e3", "99999999999999999999"] {
            assert_eq!(Quantity::parse(bad, Unit::Piece), None, "{bad}");
        }
    }
}
