//! What can be spoken of: batches, units, shipments and the rest, each by kind and key.
//!
//! A subject is not a code. Codes come and go (a relabeled carton has had two), the subject stays; which
//! codes name it, and since when, is told by [`Effect::Named`](crate::state::Effect::Named).

use crate::{
    code::control_character,
    text::{Text, text},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};

/// The kinds of subject, in the order in which a trace meets them from the product outwards.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A product as ordered and priced; named by GTINs.
    TradeItem,
    /// What one production run made under one identity; named by lot codes.
    Batch,
    /// An incoming quantity of material or component under a supplier's lot code.
    MaterialLot,
    /// Anything handled as one, of kind carton or pallet; named by SSCCs and marks.
    LogisticUnit,
    /// Units sent together under one reference.
    Shipment,
    /// Where something is; named by a GLN or a short name.
    Place,
    /// What buyer and factory agreed for a trade item at a factory.
    TracePlan,
    /// Pieces of a batch that are kept; named by what stands on them.
    RetainedSample,
    /// A line of a purchase order or an invoice.
    OrderLine,
}

impl SubjectKind {
    /// Every kind.
    pub const ALL: [SubjectKind; 9] = [
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

    /// The word in stored text: `logistic_unit`.
    pub const fn word(self) -> &'static str {
        match self {
            SubjectKind::TradeItem => "trade_item",
            SubjectKind::Batch => "batch",
            SubjectKind::MaterialLot => "material_lot",
            SubjectKind::LogisticUnit => "logistic_unit",
            SubjectKind::Shipment => "shipment",
            SubjectKind::Place => "place",
            SubjectKind::TracePlan => "trace_plan",
            SubjectKind::RetainedSample => "retained_sample",
            SubjectKind::OrderLine => "order_line",
        }
    }

    /// The word in a URL: `logistic-unit`.
    pub fn slug(self) -> String {
        self.word().replace('_', "-")
    }

    /// The word on a screen.
    pub const fn title(self) -> Text {
        match self {
            SubjectKind::TradeItem => text("Trade item", "商品"),
            SubjectKind::Batch => text("Batch", "批次"),
            SubjectKind::MaterialLot => text("Material lot", "物料批"),
            SubjectKind::LogisticUnit => text("Logistic unit", "物流单元"),
            SubjectKind::Shipment => text("Shipment", "货运单"),
            SubjectKind::Place => text("Place", "地点"),
            SubjectKind::TracePlan => text("Trace plan", "追溯方案"),
            SubjectKind::RetainedSample => text("Retained sample", "留样"),
            SubjectKind::OrderLine => text("Order or invoice line", "订单或发票行"),
        }
    }

    /// The kind for a stored word or a URL's word.
    pub fn from_word(word: &str) -> Option<SubjectKind> {
        SubjectKind::ALL.into_iter().find(|k| k.word() == word || k.slug() == word)
    }
}

/// One thing the ledger knows: its kind and its key, which is unique within brand and kind.
///
/// Written `batch:2026-0412` in JSON and columns, `urn:lotwalk:batch:2026-0412` where a scanned code
/// could stand as well (see [`crate::book::Reference`]).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its key: given by whoever first spoke of it, never re-used, not empty, no control characters but
    /// those that a plain code may hold.
    pub key: String,
}

impl Subject {
    /// A subject of a kind.
    pub fn new(kind: SubjectKind, key: impl Into<String>) -> Subject {
        Subject { kind, key: key.into() }
    }
    /// A batch.
    pub fn batch(key: impl Into<String>) -> Subject {
        Subject::new(SubjectKind::Batch, key)
    }
    /// A logistic unit.
    pub fn logistic_unit(key: impl Into<String>) -> Subject {
        Subject::new(SubjectKind::LogisticUnit, key)
    }
    /// A shipment.
    pub fn shipment(key: impl Into<String>) -> Subject {
        Subject::new(SubjectKind::Shipment, key)
    }
    /// A material lot.
    pub fn material_lot(key: impl Into<String>) -> Subject {
        Subject::new(SubjectKind::MaterialLot, key)
    }
    /// A trade item.
    pub fn trade_item(key: impl Into<String>) -> Subject {
        Subject::new(SubjectKind::TradeItem, key)
    }
    /// A place.
    pub fn place(key: impl Into<String>) -> Subject {
        Subject::new(SubjectKind::Place, key)
    }

    /// The trace plan of a trade item at a factory, by the keys of both.
    pub fn trace_plan(trade_item: &str, factory: &str) -> Subject {
        Subject::new(SubjectKind::TracePlan, format!("{trade_item}@{factory}"))
    }

    /// The subjects of these kinds that a text may mean by their keys, where no code is it: what records
    /// are kept under. A carton's or shipment's key is its first code, and a code is looked up.
    pub fn by_key(text: &str, kinds: &[SubjectKind]) -> impl Iterator<Item = Subject> {
        const KEPT_UNDER_KEYS: [SubjectKind; 7] = [
            SubjectKind::TradeItem,
            SubjectKind::Batch,
            SubjectKind::MaterialLot,
            SubjectKind::Place,
            SubjectKind::TracePlan,
            SubjectKind::RetainedSample,
            SubjectKind::OrderLine,
        ];
        let is_key = Subject::from_urn(text).is_none();
        let kept = kinds.iter().filter(move |kind| is_key && KEPT_UNDER_KEYS.contains(kind));
        kept.map(|kind| Subject::new(*kind, text.trim())).filter(|subject| !subject.key.is_empty())
    }

    /// The text that means this subject and nothing else where a code could stand as well.
    pub fn urn(&self) -> String {
        format!("{URN}{self}")
    }

    /// The subject a [`urn`](Self::urn) names; `None` for any other text.
    pub fn from_urn(text: &str) -> Option<Subject> {
        text.strip_prefix(URN)?.parse().ok()
    }
}

const URN: &str = "urn:lotwalk:";

/// A text of a draft as a person reads it: where it names subjects by their [`Subject::urn`], only their
/// keys.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(URN) {
        return Cow::Borrowed(text);
    }
    let prefixes = SubjectKind::ALL.map(|kind| format!("{URN}{}:", kind.word()));
    Cow::Owned(prefixes.iter().fold(text.to_string(), |text, prefix| text.replace(prefix, "")))
}

/// True of a text that reads back as a key.
pub(crate) fn is_key(text: &str) -> bool {
    !text.is_empty() && control_character(text).is_none()
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.word(), self.key)
    }
}

/// The text is not `kind:key` with a kind of [`SubjectKind`] and a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotASubject(pub String);

impl fmt::Display for NotASubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not kind:key, such as batch:2026-0412", self.0)
    }
}

impl std::error::Error for NotASubject {}

impl FromStr for Subject {
    type Err = NotASubject;
    fn from_str(s: &str) -> Result<Subject, NotASubject> {
        let (word, key) = s.split_once(':').ok_or_else(|| NotASubject(s.into()))?;
        let kind = SubjectKind::from_word(word).ok_or_else(|| NotASubject(s.into()))?;
        if !is_key(key) {
            return Err(NotASubject(s.into()));
        }
        Ok(Subject::new(kind, key))
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Subject, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

/// Where a code stands, from the product outwards. An absent level (often the inner pack) is allowed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// On the product itself.
    Product,
    /// On an inner pack.
    InnerPack,
    /// On the retail box.
    RetailBox,
    /// On the carton (the trade's master carton).
    Carton,
    /// On the pallet.
    Pallet,
    /// In shipping documents.
    Shipment,
    /// On incoming material.
    Material,
    /// Of a place.
    Place,
    /// On a retained sample.
    Sample,
    /// In purchase orders and invoices.
    Paper,
    /// Of a trace plan.
    Plan,
}

impl Level {
    /// Every level.
    pub const ALL: [Level; 11] = [
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

    /// The word in stored text.
    pub const fn word(self) -> &'static str {
        match self {
            Level::Product => "product",
            Level::InnerPack => "inner_pack",
            Level::RetailBox => "retail_box",
            Level::Carton => "carton",
            Level::Pallet => "pallet",
            Level::Shipment => "shipment",
            Level::Material => "material",
            Level::Place => "place",
            Level::Sample => "sample",
            Level::Paper => "paper",
            Level::Plan => "plan",
        }
    }

    /// The level for a stored word.
    pub fn from_word(word: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|l| l.word() == word)
    }

    /// The word on a screen.
    pub const fn title(self) -> Text {
        match self {
            Level::Product => text("Product", "产品"),
            Level::InnerPack => text("Inner pack", "内包装"),
            Level::RetailBox => text("Retail box", "彩盒"),
            Level::Carton => text("Carton", "外箱"),
            Level::Pallet => text("Pallet", "托盘"),
            Level::Shipment => text("Shipment", "货运单"),
            Level::Material => text("Material", "物料"),
            Level::Place => text("Place", "地点"),
            Level::Sample => text("Retained sample", "留样"),
            Level::Paper => text("Order or invoice", "订单或发票"),
            Level::Plan => text("Trace plan", "追溯方案"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code;
    use proptest::prelude::*;

    /// Texts as scanners and thumbs hand them in, separators and line breaks among them.
    fn scanned() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[A-Z0-9(): \t\n\r\u{1d}\u{85}\u{ad}\u{4ef6}]{1,30}",
            "(\\]C1)?(10|21|402|91)[A-Z0-9]{1,12}\u{1d}?(10|21|400|91)?[A-Z0-9\n]{1,12}",
        ]
    }

    proptest! {
        #[test]
        fn what_a_code_makes_reads_back_on_every_phone(text in scanned(), kind in 0..SubjectKind::ALL.len()) {
            let Ok(read) = code::read(None, text.as_bytes()) else { return Ok(()) };
            for key in read.keys() {
                let subject = Subject::new(SubjectKind::ALL[kind], key.as_str());
                prop_assert_eq!(subject.to_string().parse(), Ok(subject.clone()));
                prop_assert_eq!(Subject::from_urn(&subject.urn()), Some(subject.clone()));
                let json = serde_json::to_string(&subject).expect("is JSON");
                prop_assert_eq!(serde_json::from_str::<Subject>(&json).ok(), Some(subject));
            }
        }
    }

    #[test]
    fn a_subject_reads_back_from_what_it_prints() {
        for kind in SubjectKind::ALL {
            let subject = Subject::new(kind, "A:b/ç 1");
            assert_eq!(subject.to_string().parse(), Ok(subject.clone()));
            assert_eq!(Subject::from_urn(&subject.urn()), Some(subject));
        }
    }

    #[test]
    fn a_person_reads_keys() {
        assert_eq!(plain("urn:lotwalk:batch:2026-0412, urn:lotwalk:place:F:1"), "2026-0412, F:1");
        assert_eq!(plain("(00)306141410000070023"), "(00)306141410000070023");
    }

    #[test]
    fn a_code_is_never_taken_for_a_subject() {
        assert_eq!(Subject::from_urn("batch:1"), None);
        assert!("batch:".parse::<Subject>().is_err());
        assert!("lot:1".parse::<Subject>().is_err());
    }
}
