//! The keys by which the ledger's code dictionary knows codes, and a code's label for people.

use std::convert::Infallible;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::key::{Gln, Gtin, Sscc};
use super::{Code, Element, How, NoteKind, gs1};

/// What the ledger's code dictionary knows a code by.
///
/// `(00)…`, `(01)…(10)…` and so on for GS1 keys, the bare text for everything else; equal keys mean
/// the same thing whatever symbol, spelling or link they were read from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeKey(String);

impl CodeKey {
    /// The key as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of a plain text: a lot code, a carton mark, a reference. Case and inner spaces count.
    pub fn text(text: &str) -> CodeKey {
        CodeKey(text.to_owned())
    }

    /// The key of a logistic unit.
    pub fn sscc(sscc: &Sscc) -> CodeKey {
        CodeKey(format!("(00){sscc}"))
    }

    /// The key of a trade item.
    pub fn gtin(gtin: &Gtin) -> CodeKey {
        CodeKey(format!("(01){gtin}"))
    }

    /// The key of a batch of a trade item.
    pub fn gtin_lot(gtin: &Gtin, lot_code: &str) -> CodeKey {
        CodeKey(format!("(01){gtin}(10){lot_code}"))
    }

    /// The key of one single unit of a trade item.
    pub fn gtin_serial(gtin: &Gtin, serial: &str) -> CodeKey {
        CodeKey(format!("(01){gtin}(21){serial}"))
    }

    /// The key of a place, whatever role it has on a label.
    pub fn gln(gln: &Gln) -> CodeKey {
        CodeKey(format!("(414){gln}"))
    }
}

impl std::fmt::Display for CodeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CodeKey {
    type Err = Infallible;

    /// Takes a key back from storage. A scan goes through [`super::read`] and [`Code::keys`] instead.
    fn from_str(stored: &str) -> Result<CodeKey, Infallible> {
        Ok(CodeKey(stored.to_owned()))
    }
}

impl Code {
    /// Every key to look this code up by, the most specific first and never none.
    ///
    /// Bare digits that a person typed end with their plain text as well, for a factory may use such
    /// digits as a lot code; thirteen of them are also tried as a place.
    pub fn keys(&self) -> Vec<CodeKey> {
        let mut keys = Vec::new();
        let mut add = |key: String| {
            if !keys.iter().any(|known: &CodeKey| known.0 == key) {
                keys.push(CodeKey(key));
            }
        };
        element_keys(&self.elements, &mut add);
        let unmarked = self.notes.iter().any(|note| note.kind == NoteKind::Unmarked);
        if unmarked && self.how == How::Gtin && self.text.len() == 13 {
            add(format!("(414){}", self.text));
        }
        if unmarked {
            add(self.text.clone());
        }
        if keys.is_empty() {
            keys.push(CodeKey::text(&self.text));
        }
        keys
    }

    /// The code as a person reads it: `(01)09506000134352(10)ABC` where it has identifiers, else the text.
    pub fn label(&self) -> String {
        match self.how {
            How::ElementString | How::Bracketed | How::DigitalLink => gs1::bracketed(&self.elements),
            How::Sscc | How::Gtin | How::Text => self.text.clone(),
        }
    }

    /// The value of an application identifier, when the code has it.
    pub fn value(&self, ai: &str) -> Option<&str> {
        value_of(&self.elements, ai)
    }
}

fn value_of<'e>(elements: &'e [Element], ai: &str) -> Option<&'e str> {
    elements.iter().find(|element| element.ai == ai).map(|element| element.value.as_str())
}

/// The keys of elements, in the order: logistic unit, trade item, contents, assets and the other keys,
/// place, then what is only text.
fn element_keys(elements: &[Element], add: &mut impl FnMut(String)) {
    let value = |ai| value_of(elements, ai);
    if let Some(sscc) = value("00") {
        add(format!("(00){sscc}"));
    }
    // A piece of a trade item (8006, 8026) has the GTIN in its first fourteen digits.
    let gtin_in = |ai| value(ai).and_then(|piece| piece.get(..14));
    let item = value("01").or_else(|| gtin_in("8006")).or_else(|| value("03"));
    let contents = value("02").or_else(|| gtin_in("8026"));
    if let Some(gtin) = item {
        for qualifier in ["21", "235", "10"] {
            if let Some(value) = value(qualifier) {
                add(format!("(01){gtin}({qualifier}){value}"));
            }
        }
        add(format!("(01){gtin}"));
    }
    if let Some(gtin) = contents {
        if let Some(lot_code) = value("10") {
            add(format!("(01){gtin}(10){lot_code}"));
        }
        add(format!("(01){gtin}"));
    }
    // The remaining keys of the General Specifications, each with the serial component that makes it
    // one single thing.
    for (ai, component) in [
        ("8003", ""),
        ("8004", ""),
        ("253", ""),
        ("255", ""),
        ("8010", "8011"),
        ("8013", ""),
        ("8017", "8019"),
        ("8018", "8019"),
    ] {
        let Some(key) = value(ai) else { continue };
        if let Some(component_value) = value(component) {
            add(format!("({ai}){key}({component}){component_value}"));
        }
        add(format!("({ai}){key}"));
    }
    for place in ["414", "410", "411", "412", "413", "415", "416", "417"] {
        let Some(gln) = value(place) else { continue };
        if let (Some(extension), "414") = (value("254"), place) {
            add(format!("(414){gln}(254){extension}"));
        }
        add(format!("(414){gln}"));
    }
    let mut texts: Vec<&str> = Vec::new();
    if item.is_none() && contents.is_none() {
        texts.extend(["10", "21"].into_iter().filter_map(value));
    }
    // Order, consignment and shipment references, and what companies agree on among themselves.
    texts.extend(["400", "401", "402"].into_iter().filter_map(value));
    texts.extend(
        elements.iter().filter(|element| element.ai.starts_with('9')).map(|element| element.value.as_str()),
    );
    for text in texts {
        add(text.to_owned());
    }
}
