//! Sealed sources (C52): a supplier's supplier or a subcontracted line that is on record without its name.
//!
//! What stands in the ledger is a commitment, SHA-256 of a random salt and the name, and a likeness, which
//! is the same for the same name within a brand and tells nothing else. Name and salt stay beside the book,
//! readable to who sealed it. When one of the agreed conditions comes about the seal is opened: name and
//! salt are written down, and everybody can check that they are what was sealed.
//!
//! ```
//! use domain::seal::{Seal, Sealed};
//! let seal = Seal { salt: "9f2c".into(), name: "Brightway Motors".into() };
//! let sealed = seal.close("6b1d0c");
//! assert_eq!(Sealed::read(&sealed.to_string()), Some(sealed.clone()));
//! assert!(seal.opens(&sealed));
//! assert!(!Seal { name: "Another".into(), ..seal }.opens(&sealed));
//! ```

use crate::text::{Said, Text, text};
use sha2::{Digest, Sha256};
use std::fmt;

/// Under which conditions a seal is opened.
pub const TRIGGERS: &[(&str, Text)] = &[
    ("recall", text("A recall of goods made with it", "涉及货物召回")),
    ("safety", text("A hold or a failed inspection for safety", "因安全问题扣留或检验不合格")),
    ("authority", text("An authority asks", "监管部门要求")),
    ("owner", text("Its owner opens it", "密封人自行公开")),
];

/// What is kept beside the book about a sealed name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seal {
    /// Random text, drawn anew for every seal: without it a short list of names could be tried.
    pub salt: String,
    /// The name.
    pub name: String,
}

/// What stands in the ledger in its place.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Sealed {
    /// SHA-256 of salt and name, 64 hexadecimal digits.
    pub commitment: String,
    /// The same for the same name within a brand: a keyed hash made where the key is, hexadecimal.
    pub likeness: String,
}

const PREFIX: &str = "sealed:";
const SHOWN: Text = text("Sealed source {likeness}", "密封来源 {likeness}");

impl Seal {
    /// What stands in the ledger for it.
    pub fn close(&self, likeness: &str) -> Sealed {
        Sealed { commitment: self.commitment(), likeness: likeness.into() }
    }

    /// True where this is what was sealed.
    pub fn opens(&self, sealed: &Sealed) -> bool {
        self.commitment() == sealed.commitment
    }

    fn commitment(&self) -> String {
        let mut hash = Sha256::new();
        // The length in front keeps one salt and name from reading like another.
        hash.update((self.salt.len() as u64).to_be_bytes());
        hash.update(self.salt.as_bytes());
        hash.update(self.name.as_bytes());
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A name as names are compared: case and spaces apart, and without what companies put behind it.
pub fn same_name(name: &str) -> String {
    const BEHIND: &[&str] = &["co", "ltd", "limited", "inc", "llc", "gmbh", "corp", "company", "corporation"];
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<&str> = words.collect();
    while words.len() > 1 && words.last().is_some_and(|last| BEHIND.contains(last)) {
        words.pop();
    }
    words.concat()
}

impl Sealed {
    /// Reads a fact; `None` where it is a name in plain words.
    pub fn read(fact: &str) -> Option<Sealed> {
        let (commitment, likeness) = fact.strip_prefix(PREFIX)?.split_once(':')?;
        let hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
        let good = commitment.len() == 64 && !likeness.is_empty() && hex(commitment) && hex(likeness);
        good.then(|| Sealed { commitment: commitment.into(), likeness: likeness.into() })
    }

    /// What a reader is told of it: that it is sealed, and which one it is among the sealed ones.
    pub fn said(&self) -> Said {
        SHOWN.with(&[("likeness", self.likeness.get(..8).unwrap_or(&self.likeness))])
    }
}

impl fmt::Display for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}:{}", self.commitment, self.likeness)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c52_a_seal_tells_nothing_and_opens_only_with_what_was_sealed() {
        let seal = |salt: &str, name: &str| Seal { salt: salt.into(), name: name.into() };
        let closed = seal("a1", "Brightway").close("77");
        assert!(!closed.to_string().contains("Brightway"));
        assert_ne!(closed.commitment, seal("a2", "Brightway").close("77").commitment);
        assert_ne!(seal("ab", "c").close("7").commitment, seal("a", "bc").close("7").commitment);
        assert!(seal("a1", "Brightway").opens(&closed));
        assert!(!seal("a1", "Brightway ").opens(&closed));
        for bad in ["Brightway", "sealed:12:34", "sealed:", &closed.to_string().replace("77", "x!")] {
            assert_eq!(Sealed::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn c56_a_name_written_otherwise_is_the_same_name() {
        for (one, two) in [("Plastika Ltd", "PLASTIKA  LIMITED"), ("Kite-Works Co., Ltd.", "Kite Works")] {
            assert_eq!(same_name(one), same_name(two));
        }
        assert_ne!(same_name("Plastika"), same_name("Plastica"));
        assert_eq!(same_name("Limited"), "limited");
    }
}
