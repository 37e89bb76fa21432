//! One label, several symbols: what they say together, and where they contradict each other.
//!
//! A carton often bears its SSCC in one symbol, article, count and lot in a second and the article alone
//! in a third. Identifiers that stand on one label belong to one item (General Specifications, section
//! 4.14): each may have one value only, and pairs that exclude each other must not meet.

use super::association::{AssociationError, AssociationErrorKind, check_associations};
use super::{Code, Element, How, gs1};
use crate::text::{Said, Text, text};

/// What the symbols of one label say together.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Label {
    /// Every identifier once, with the value that was read first: logistic unit, article, contents, count,
    /// lot and serial in front, then the others as they were read.
    pub elements: Vec<Element>,
    /// Other GTINs of the same article: those of another level of packaging, such as the piece inside.
    pub levels: Vec<String>,
    /// What has no identifiers: a carton mark, an address, a reference.
    pub texts: Vec<String>,
    /// Where the symbols contradict each other.
    pub contradictions: Vec<Contradiction>,
    /// The pair rule that is not met yet: another symbol of the label may complete it.
    pub incomplete: Option<AssociationError>,
}

/// Where the symbols of a label contradict each other.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Contradiction {
    /// Several SSCCs: the labels of several cartons are in view, or one is a left-over.
    Units(Vec<String>),
    /// Several articles: GTINs that differ in more than the level of packaging.
    Articles(Vec<String>),
    /// Several lots.
    Lots(Vec<String>),
    /// Several values of another identifier.
    Values {
        /// The identifier.
        ai: String,
        /// Its data title; empty where it has none.
        title: &'static str,
        /// The values in the order read.
        values: Vec<String>,
    },
    /// Two identifiers that must not stand together.
    Pair(AssociationError),
}

impl Contradiction {
    /// The contradiction in words, with what to do.
    pub fn said(&self) -> Said {
        const UNITS: Text = text(
            "Two or more cartons are in view: SSCC {values}. Show one carton only, or take off the label that is not its own.",
            "画面中有多个箱：SSCC {values}。请只对准一个箱，或去除不属于它的标签。",
        );
        const ARTICLES: Text = text(
            "This label names different trade items: GTIN {values}. Check which one is in the carton before anything is recorded.",
            "此标签标有不同的商品：GTIN {values}。记录之前请确认箱内是哪一种。",
        );
        const LOTS: Text = text(
            "This label names different lots: {values}. Check which one is in the carton before anything is recorded.",
            "此标签标有不同的批号：{values}。记录之前请确认箱内是哪一批。",
        );
        const VALUES: Text = text(
            "The symbols of this label differ in {title} ({ai}): {values}. Check that all belong to one carton.",
            "此标签上各条码的 {title} ({ai}) 不一致：{values}。请确认它们属于同一个箱。",
        );
        let listed = |values: &[String]| values.join(" / ");
        match self {
            Contradiction::Units(values) => UNITS.with(&[("values", &listed(values))]),
            Contradiction::Articles(values) => ARTICLES.with(&[("values", &listed(values))]),
            Contradiction::Lots(values) => LOTS.with(&[("values", &listed(values))]),
            Contradiction::Values { ai, title, values } => {
                VALUES.with(&[("title", title), ("ai", ai), ("values", &listed(values))])
            }
            Contradiction::Pair(error) => error.said(),
        }
    }
}

impl Label {
    /// Puts the codes of one label together. The order of the codes decides only which of several values
    /// is told first; no value is chosen where they contradict each other.
    pub fn of<'c>(codes: impl IntoIterator<Item = &'c Code>) -> Label {
        let mut label = Label::default();
        let mut read: Vec<&Element> = Vec::new();
        for code in codes {
            if code.how == How::Text || code.elements.is_empty() {
                add(&mut label.texts, &code.text);
            }
            for element in &code.elements {
                if !read.iter().any(|known| known.ai == element.ai && known.value == element.value) {
                    read.push(element);
                }
            }
        }
        label.articles(&read);
        for element in &read {
            if element.ai != "01" && !label.elements.iter().any(|known| known.ai == element.ai) {
                label.differing(element, &read);
                label.elements.push((*element).clone());
            }
        }
        label.elements.sort_by_key(|element| rank(&element.ai));
        label.pairs();
        label
    }

    /// The label as one code to look up, as printed under a symbol. `None` while the symbols contradict
    /// each other, or when nothing was read.
    pub fn code(&self) -> Option<String> {
        if !self.contradictions.is_empty() {
            return None;
        }
        match self.elements.is_empty() {
            true => self.texts.first().cloned(),
            false => Some(gs1::bracketed(&self.elements)),
        }
    }

    /// True when nothing was read.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty() && self.texts.is_empty()
    }

    /// Article (01) and contents (02): one article may be there on several levels of packaging.
    fn articles(&mut self, read: &[&Element]) {
        let gtins = |ai: &'static str| read.iter().filter(move |element| element.ai == ai);
        let all: Vec<&str> = gtins("01").chain(gtins("02")).map(|element| element.value.as_str()).collect();
        let mut articles: Vec<String> = Vec::new();
        for gtin in &all {
            if !articles.iter().any(|known| is_one_article(known, gtin)) {
                articles.push((*gtin).to_owned());
            }
        }
        if articles.len() > 1 {
            self.contradictions.push(Contradiction::Articles(articles));
        }
        // Of several levels the carton's own is the outermost: the one with an indicator in front.
        let own = gtins("01").find(|element| !element.value.starts_with('0')).or(gtins("01").next());
        let Some(own) = own else { return };
        self.elements.push((**own).clone());
        for element in gtins("01").filter(|element| element.value != own.value) {
            if is_one_article(&own.value, &element.value) {
                add(&mut self.levels, &element.value);
            }
        }
    }

    /// Other values of an identifier than the one that was read first. Several contents of one article
    /// do not contradict each other; those of several articles were told already.
    fn differing(&mut self, element: &Element, read: &[&Element]) {
        let same = read.iter().filter(|other| other.ai == element.ai);
        let values: Vec<String> = same.map(|other| other.value.clone()).collect();
        if values.len() < 2 || element.ai == "02" {
            return;
        }
        self.contradictions.push(match element.ai.as_str() {
            "00" => Contradiction::Units(values),
            "10" => Contradiction::Lots(values),
            ai => Contradiction::Values { ai: ai.to_owned(), title: element.title, values },
        });
    }

    /// The pair rules over all symbols. Where the contents are the article itself, the article stands
    /// there for the people who handle it and is no second claim.
    fn pairs(&mut self) {
        let of = |ai: &str| self.elements.iter().find(|element| element.ai == ai);
        let same = match (of("01"), of("02")) {
            (Some(article), Some(contents)) => is_one_article(&article.value, &contents.value),
            _ => false,
        };
        let claimed: Vec<Element> =
            self.elements.iter().filter(|element| !same || element.ai != "01").cloned().collect();
        match check_associations(&claimed) {
            Ok(()) => {}
            Err(error) if matches!(error.kind, AssociationErrorKind::Missing { .. }) => {
                self.incomplete = Some(error);
            }
            Err(error) => self.contradictions.push(Contradiction::Pair(error)),
        }
    }
}

/// Whether two GTINs differ only in the indicator of the packaging level, and so in the check digit.
fn is_one_article(one: &str, other: &str) -> bool {
    one == other || one.len() == 14 && other.len() == 14 && one.get(1..13) == other.get(1..13)
}

fn add(list: &mut Vec<String>, value: &str) {
    if !list.iter().any(|known| known == value) {
        list.push(value.to_owned());
    }
}

/// What people look for first comes first.
fn rank(ai: &str) -> usize {
    const FIRST: [&str; 6] = ["00", "01", "02", "37", "10", "21"];
    FIRST.iter().position(|first| *first == ai).unwrap_or(FIRST.len())
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    const PIECE: &str = "09506000134352";
    /// The same article with the indicator of a carton.
    const CARTON: &str = "19506000134359";
    const OTHER: &str = "09506000134369";
    const SSCC: &str = "095060001343520017";
    const SECOND_SSCC: &str = "095060001343520024";

    fn label(symbols: &[(&str, &str)]) -> Label {
        let codes: Vec<Code> = symbols
            .iter()
            .map(|(identifier, text)| read(Some(identifier), text.as_bytes()).expect("is readable"))
            .collect();
        Label::of(&codes)
    }

    #[test]
    fn unit_contents_and_lot_of_three_symbols_are_one_identity() {
        let whole = label(&[
            ("]C1", "10LOT-7\u{1d}3724"),
            ("]C1", &format!("00{SSCC}")),
            ("]C1", &format!("02{PIECE}3724")),
            ("]C0", "SUNRISE 12/40"),
        ]);
        assert_eq!(whole.contradictions, []);
        assert_eq!(whole.incomplete, None);
        assert_eq!(whole.code().as_deref(), Some(format!("(00){SSCC}(02){PIECE}(37)24(10)LOT-7").as_str()));
        assert_eq!(whole.texts, ["SUNRISE 12/40"]);
        let again = read(None, whole.code().expect("agrees").as_bytes()).expect("reads back");
        assert_eq!(again.keys()[0].as_str(), format!("(00){SSCC}"));
    }

    #[test]
    fn the_article_on_two_levels_of_packaging_is_one_article() {
        let both = label(&[("]E0", &PIECE[1..]), ("]C1", &format!("01{CARTON}10LOT-7"))]);
        assert_eq!(both.contradictions, []);
        assert_eq!(both.code().as_deref(), Some(format!("(01){CARTON}(10)LOT-7").as_str()));
        assert_eq!(both.levels, [PIECE]);
        let beside =
            label(&[("]E0", &PIECE[1..]), ("]C1", &format!("00{SSCC}")), ("]C1", &format!("02{PIECE}3724"))]);
        assert_eq!(beside.contradictions, [], "the piece's own symbol stands beside the contents");
    }

    #[test]
    fn two_articles_contradict_and_nothing_is_chosen() {
        for symbols in [
            [("]C1", format!("01{PIECE}10LOT-7")), ("]E0", OTHER[1..].to_owned())],
            [("]C1", format!("00{SSCC}02{PIECE}3724")), ("]E0", OTHER[1..].to_owned())],
        ] {
            let both = label(&symbols.each_ref().map(|(identifier, text)| (*identifier, text.as_str())));
            let articles = both.contradictions.iter().find_map(|contradiction| match contradiction {
                Contradiction::Articles(gtins) => Some(gtins.clone()),
                _ => None,
            });
            let mut articles = articles.expect("is told");
            articles.sort();
            assert_eq!(articles, [PIECE, OTHER]);
            assert_eq!(both.code(), None);
        }
    }

    #[test]
    fn lots_units_and_dates_that_differ_are_told_with_both_values() {
        let lots = label(&[("]C1", &format!("01{PIECE}10LOT-7")), ("]Q3", &format!("01{PIECE}10LOT-8"))]);
        assert_eq!(lots.contradictions, [Contradiction::Lots(vec!["LOT-7".into(), "LOT-8".into()])]);
        let said = lots.contradictions[0].said();
        assert!(said.en.contains("LOT-7 / LOT-8") && said.zh.contains("LOT-7 / LOT-8"));
        assert_eq!(lots.code(), None);

        let units = label(&[("]C1", &format!("00{SSCC}")), ("]C1", &format!("00{SECOND_SSCC}"))]);
        assert_eq!(units.contradictions, [Contradiction::Units(vec![SSCC.into(), SECOND_SSCC.into()])]);

        let dates = label(&[("]C1", &format!("01{PIECE}11260101")), ("]C1", &format!("01{PIECE}11260102"))]);
        assert!(matches!(&dates.contradictions[..], [Contradiction::Values { ai, .. }] if ai == "11"));
    }

    #[test]
    fn a_label_that_is_seen_in_part_says_which_symbol_is_missing() {
        let part = label(&[("]C1", "10LOT-7")]);
        assert!(matches!(
            part.incomplete.map(|error| error.kind),
            Some(AssociationErrorKind::Missing { .. })
        ));
        assert_eq!(part.contradictions, []);
    }

    #[test]
    fn a_symbol_that_is_seen_twice_is_one() {
        let once = label(&[("]C1", &format!("00{SSCC}"))]);
        assert_eq!(label(&[("]C1", &format!("00{SSCC}")), ("]d2", &format!("00{SSCC}"))]), once);
        assert!(Label::of(&[]).is_empty());
        assert_eq!(label(&[("]C0", "KA-1"), ("]C0", "KA-1")]).code().as_deref(), Some("KA-1"));
    }
}
