//! Numbers, as both languages write them: digits in groups of three.

use crate::here::{said, tr};
use domain::{
    quantity::{Quantity, Share},
    text::{Text, text},
};

const PIECE: Text = text("1 piece", "1 件");
const PIECES: Text = text("{n} pieces", "{n} 件");
const CARTON: Text = text("1 carton", "1 箱");
const CARTONS: Text = text("{n} cartons", "{n} 箱");
const BATCH: Text = text("1 batch", "1 个批次");
const BATCHES: Text = text("{n} batches", "{n} 个批次");
const UNKNOWN_SHARE: Text = text("Some or none: nobody recorded the split", "数量不详：未记录如何分装");

/// A whole number: `4,250`.
pub fn number(n: u64) -> String {
    grouped(&n.to_string())
}

/// So many pieces.
pub fn pieces(n: u64) -> String {
    counted(n, PIECE, PIECES)
}

/// So many cartons.
pub fn cartons(n: u64) -> String {
    counted(n, CARTON, CARTONS)
}

/// So many batches.
pub fn batches(n: u64) -> String {
    counted(n, BATCH, BATCHES)
}

/// How much of a batch something holds. A share that nobody recorded says so.
pub fn share(share: Share) -> String {
    match share {
        Share::Exactly(n) => pieces(n.0),
        Share::Unknown => tr(UNKNOWN_SHARE).to_owned(),
    }
}

/// An amount with its unit.
pub fn quantity(quantity: Quantity) -> String {
    let amount = quantity.amount();
    let (whole, part) = amount.split_once('.').unwrap_or((&amount, ""));
    let point = if part.is_empty() { "" } else { "." };
    format!("{}{point}{part} {}", grouped(whole), tr(quantity.unit.title()))
}

fn counted(n: u64, one: Text, many: Text) -> String {
    match n {
        1 => tr(one).to_owned(),
        _ => said(&many.with(&[("n", &number(n))])),
    }
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::quantity::{Pieces, Unit};

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(4_250), "4,250");
        assert_eq!(number(1_000_000), "1,000,000");
        assert_eq!(quantity(Quantity { thousandths: 1_234_500, unit: Unit::Kilogram }), "1,234.5 kg");
    }

    #[test]
    fn one_is_not_many_and_unknown_is_no_number() {
        assert_eq!(pieces(1), "1 piece");
        assert_eq!(share(Share::Exactly(Pieces(1_200))), "1,200 pieces");
        assert!(!share(Share::Unknown).contains(|c: char| c.is_ascii_digit()));
    }
}
