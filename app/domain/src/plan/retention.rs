//! How long a market wants records kept. Defaults; a plan may agree on more, and says so itself.

use crate::text::{Text, text};

/// A market with its periods, in years from the last shipment.
#[derive(Clone, Copy, Debug)]
pub struct Market {
    /// The word in stored text.
    pub word: &'static str,
    /// Its name on a screen.
    pub title: Text,
    /// Records, certificates and shipments.
    pub record_years: u64,
    /// Retained samples; no law sets one, this is custom.
    pub sample_years: u64,
}

/// The markets. US: 16 CFR 1107.26 and 1109.5(g), five years. EU: Directive 2009/48/EC art. 4(3) and 9, ten
/// years; GB the same. China: kept as long as the EU asks, for want of a stated period.
pub const MARKETS: &[Market] = &[
    Market { word: "us", title: text("United States", "美国"), record_years: 5, sample_years: 3 },
    Market { word: "eu", title: text("European Union", "欧盟"), record_years: 10, sample_years: 3 },
    Market { word: "gb", title: text("Great Britain", "英国"), record_years: 10, sample_years: 3 },
    Market { word: "cn", title: text("China", "中国"), record_years: 10, sample_years: 3 },
];

/// The market of a word.
pub fn market_named(word: &str) -> Option<&'static Market> {
    MARKETS.iter().find(|market| market.word == word)
}
