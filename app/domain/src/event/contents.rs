//! What goes into something: pieces of a batch into a carton, material lots into a batch or a rework.

use crate::{
    field::{Field, Input},
    quantity::{Pieces, Quantity, Share, Unit},
    subject::SubjectKind,
    text::{Text, text},
};
use serde::{Deserialize, Serialize};

/// How much of a batch went in, or came out.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BatchPacked {
    /// Which batch.
    pub batch: String,
    /// How many pieces; left out where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pieces: Option<u64>,
}

impl BatchPacked {
    /// What a form asks about it.
    pub const FIELDS: &'static [Field] = &[
        Field::must("batch", text("Batch", "批次"), Input::Code(&[SubjectKind::Batch])),
        Field::may("pieces", text("Pieces", "件数"), Input::Count)
            .help(text("Leave empty if the split is not known.", "若各批次数量不明请留空。")),
    ];

    /// The share it comes to.
    pub fn share(&self) -> Share {
        self.pieces.map_or(Share::Unknown, |n| Share::Exactly(Pieces(n)))
    }
}

/// A material lot that went into something, or was taken out of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct MaterialUsed {
    /// Which.
    pub material_lot: String,
    /// How much, as a decimal; left out where nobody measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// What the amount is counted in; pieces where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
}

impl MaterialUsed {
    /// What a form asks about it.
    pub const FIELDS: &'static [Field] = &[
        Field::must("material_lot", text("Material lot", "物料批"), Input::Code(&[SubjectKind::MaterialLot])),
        Field::may("amount", text("Amount", "数量"), Input::Amount),
        Field::may("unit", text("Unit", "单位"), Input::Choice(UNITS)),
    ];

    /// The amount with its unit.
    pub fn quantity(&self) -> Option<Quantity> {
        Quantity::parse(self.amount.as_deref()?, self.unit.unwrap_or(Unit::Piece))
    }
}

const UNITS: &[(&str, Text)] = &[
    (Unit::Piece.word(), Unit::Piece.title()),
    (Unit::Kilogram.word(), Unit::Kilogram.title()),
    (Unit::Litre.word(), Unit::Litre.title()),
    (Unit::Metre.word(), Unit::Metre.title()),
];
