//! The part of the book that a decision has open: names, states and earlier entries, already loaded.
//!
//! The ledger opens it at the places that [`crate::event::references`] tells; deciding then needs no
//! I/O. Several drafts can be decided on one book in a row: [`Known::apply`] carries the effects of each
//! over to the next.

use crate::{
    code::{self, CodeKey},
    dossier::Dossier,
    event::{Context, Discrepancy, DiscrepancyKind, Outcome},
    gate::Loaded,
    person::Role,
    record::Records,
    refusal::Refusal,
    state::State,
    subject::{Level, Subject, SubjectKind, is_key},
    text::{Text, text},
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

mod apply;
mod goods;
mod judged;

pub use goods::Override;
pub(crate) use goods::{OVERRIDE_BY, OVERRIDE_REASON};
pub use judged::Alias;

/// An earlier entry as a draft names it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum EntryName {
    /// By the id of its draft.
    Id(Uuid),
    /// By its place in the ledger.
    Seq(u64),
}

impl EntryName {
    /// Reads an id or a sequence number, `#` in front allowed.
    pub fn read(text: &str) -> Option<EntryName> {
        let text = text.trim();
        let seq = text.strip_prefix('#').unwrap_or(text).parse().ok().map(EntryName::Seq);
        seq.or_else(|| Uuid::parse_str(text).ok().map(EntryName::Id))
    }
}

/// An earlier entry, as a correction needs to know it.
#[derive(Clone, PartialEq, Debug)]
pub struct KnownEntry {
    /// Its place in the ledger.
    pub seq: u64,
    /// Its event kind.
    pub kind: String,
    /// The role in which it was recorded.
    pub role: Role,
    /// The entry that declared it wrong, where one has.
    pub corrected_by: Option<u64>,
    /// The subjects it touched.
    pub subjects: Vec<Subject>,
}

/// What is known at the places a draft names.
#[derive(Clone, Debug, Default)]
pub struct Known {
    names: HashMap<CodeKey, Vec<Subject>>,
    states: HashMap<Subject, State>,
    /// Those of `states` that must not be moved, themselves: few, where `states` can be thousands.
    stopped: BTreeSet<Subject>,
    entries: HashMap<Uuid, KnownEntry>,
    records: HashMap<Subject, Records>,
    dossiers: HashMap<Subject, Dossier>,
    loaded: HashMap<Subject, Loaded>,
    aliases: HashMap<CodeKey, Vec<Alias>>,
    /// The day on which the draft at hand says that it happened: an alias counts by it.
    day: String,
}

/// What a text in a draft stands for: a subject outright, or a code with its ways to be looked up.
#[derive(Clone, PartialEq, Debug)]
pub enum Reference {
    /// `urn:lotwalk:batch:2026-0412`: picked from candidates, or written by a program.
    Subject(Subject),
    /// A code as scanned or typed; its keys, the most specific first.
    Code(Vec<CodeKey>),
}

impl Reference {
    /// Reads a text of a draft.
    pub fn read(text: &str) -> Result<Reference, Refusal> {
        if let Some(subject) = Subject::from_urn(text) {
            return Ok(Reference::Subject(subject));
        }
        let code = code::read(None, text.as_bytes()).map_err(|e| Refusal::unreadable(&e))?;
        Ok(Reference::Code(code.keys()))
    }
}

const UNKNOWN: Text = text(
    "No record names the code {code}. Check it, or record the goods first.",
    "没有任何记录包含条码 {code}。请核对，或先录入该货物。",
);
const NO_SUBJECT: Text = text("There is no {kind} {key}.", "不存在 {kind} {key}。");
const WRONG_KIND: Text =
    text("{code} is a {is}. What is asked for here is: {asked}.", "{code} 是{is}。此处需要的是：{asked}。");
const AMBIGUOUS: Text = text(
    "{code} can mean {n} things. Choose the one that is meant.",
    "{code} 可能指 {n} 个对象，请选择其中一个。",
);
const NEW_UNIT: Text = text(
    "{code} was met for the first time here: no record says what is in it.",
    "首次出现 {code}：没有记录说明其中的内容。",
);

impl Known {
    /// A book with nothing in it.
    pub fn new() -> Known {
        Known::default()
    }

    /// Tells which subjects a code names or has named; none is an answer too.
    pub fn learn_name(&mut self, key: CodeKey, subjects: Vec<Subject>) {
        self.names.insert(key, subjects);
    }

    /// Tells the state of a subject that exists.
    pub fn learn_state(&mut self, subject: Subject, state: State) {
        self.states.insert(subject.clone(), state);
        self.note_stop(&subject);
    }

    /// Keeps `stopped` true to a state that may have changed.
    fn note_stop(&mut self, subject: &Subject) {
        match self.states.get(subject).is_some_and(|s| s.marks.values().any(|d| d.stops())) {
            true => self.stopped.insert(subject.clone()),
            false => self.stopped.remove(subject),
        };
    }

    /// Tells of an earlier entry.
    pub fn learn_entry(&mut self, id: Uuid, entry: KnownEntry) {
        self.entries.insert(id, entry);
    }

    /// True when the code was looked up, whatever came of it.
    pub fn has_name(&self, key: &CodeKey) -> bool {
        self.names.contains_key(key)
    }

    /// The state of a subject; `None` where there is no such subject.
    pub fn state(&self, subject: &Subject) -> Option<&State> {
        self.states.get(subject)
    }

    /// An earlier entry.
    pub fn entry(&self, name: EntryName) -> Option<&KnownEntry> {
        match name {
            EntryName::Id(id) => self.entries.get(&id),
            EntryName::Seq(seq) => self.entries.values().find(|e| e.seq == seq),
        }
    }

    /// Every subject that the key names now; where it names none now, those it has named.
    pub fn named(&self, key: &CodeKey) -> Vec<Subject> {
        let all = self.names.get(key).map_or(&[][..], Vec::as_slice);
        let open =
            |s: &&Subject| self.states.get(*s).is_some_and(|state| state.open_names().any(|n| n.key == *key));
        let now: Vec<Subject> = all.iter().filter(open).cloned().collect();
        if now.is_empty() { all.to_vec() } else { now }
    }

    /// The one subject of these kinds that a text of a draft stands for. Several candidates are all
    /// told in the refusal; none is picked.
    pub fn one(&self, text: &str, kinds: &[SubjectKind]) -> Result<Subject, Refusal> {
        match self.meaning(text, kinds)? {
            Meaning::One(subject) => Ok(subject),
            Meaning::Several(candidates) => Err(ambiguous(text, candidates)),
            Meaning::None(_) => Err(Refusal::said("unknown_code", UNKNOWN.with(&[("code", text)]))),
        }
    }

    /// The logistic unit a text stands for; one that is new to the book is named on the spot, with a
    /// discrepancy, for what stands on the floor exists whether or not it was recorded.
    pub fn unit(&self, text: &str, level: Level, outcome: &mut Outcome) -> Result<Subject, Refusal> {
        match self.meaning(text, &[SubjectKind::LogisticUnit])? {
            Meaning::One(unit) => Ok(unit),
            Meaning::Several(candidates) => Err(ambiguous(text, candidates)),
            Meaning::None(key) => {
                let unit = Subject::logistic_unit(key.as_str());
                if !outcome.names(&unit) {
                    outcome.name(&unit, key.clone(), level);
                    outcome.discrepancies.push(Discrepancy {
                        kind: DiscrepancyKind::UnknownCode,
                        subject: Some(unit.clone()),
                        key: Some(key),
                        said: NEW_UNIT.with(&[("code", text)]),
                    });
                }
                Ok(unit)
            }
        }
    }

    /// A subject for a new logistic unit, keyed by the first of its codes that may be put on it. A code
    /// that was on a unit before, and was taken off, does not bring that unit back.
    pub(crate) fn new_unit(&self, codes: &[String], context: &Context<'_>) -> Result<Subject, Refusal> {
        let first = codes.first().ok_or_else(|| Refusal::new("empty_code", EMPTY))?;
        let nobody = Subject::logistic_unit("");
        let key = self.free_key(first, &nobody)?;
        let unit = Subject::logistic_unit(key.as_str());
        Ok(match self.state(&unit) {
            Some(_) => Subject::logistic_unit(format!("{key}~{}", context.draft.id.simple())),
            None => unit,
        })
    }

    /// A subject for a new shipment, kept under its reference as it stands. A code scanned with separators
    /// is no reference to write down, and gives its first key.
    pub(crate) fn new_shipment(&self, reference: &str) -> Result<Subject, Refusal> {
        let reference = reference.trim();
        Ok(match is_key(reference) {
            true => Subject::shipment(reference),
            false => Subject::shipment(self.key(reference)?.as_str()),
        })
    }

    /// Puts codes on a subject; those that are on it already stay as they are. Two batches may share a
    /// lot code, and two suppliers too (C07); anything else has its codes alone.
    pub(crate) fn name(
        &self,
        subject: &Subject,
        codes: &[String],
        level: Level,
        outcome: &mut Outcome,
    ) -> Result<(), Refusal> {
        let shared = matches!(subject.kind, SubjectKind::Batch | SubjectKind::MaterialLot);
        for code in codes {
            let key = match shared {
                true => self.key(code)?,
                false => self.free_key(code, subject)?,
            };
            let on_it = self.state(subject).is_some_and(|s| s.open_names().any(|n| n.key == key));
            if !on_it {
                outcome.name(subject, key, level);
            }
        }
        Ok(())
    }

    /// The key under which a code will be found.
    fn key(&self, text: &str) -> Result<CodeKey, Refusal> {
        match Reference::read(text)? {
            Reference::Code(keys) => keys.into_iter().next().ok_or_else(|| Refusal::new("empty_code", EMPTY)),
            Reference::Subject(_) => Err(Refusal::said("not_a_code", NOT_A_CODE.with(&[("text", text)]))),
        }
    }

    /// The key under which a code that is to be put on something will be found; refused where the code
    /// is on another subject already.
    pub fn free_key(&self, text: &str, for_subject: &Subject) -> Result<CodeKey, Refusal> {
        let key = self.key(text)?;
        let others: Vec<Subject> = self
            .named(&key)
            .into_iter()
            .filter(|s| s != for_subject && s.kind == for_subject.kind)
            .filter(|s| self.state(s).is_some_and(|state| state.open_names().any(|n| n.key == key)))
            .collect();
        if let Some(other) = others.first() {
            let said = IN_USE.with(&[("code", text), ("unit", &other.key)]);
            return Err(Refusal { candidates: others, ..Refusal::said("code_in_use", said) });
        }
        Ok(key)
    }

    /// What a text of a draft can mean among these kinds: a code of theirs, or else the key they are kept
    /// under. A code that names only subjects of other
    /// kinds is refused, for it was scanned into the wrong field.
    pub fn meaning(&self, text: &str, kinds: &[SubjectKind]) -> Result<Meaning, Refusal> {
        let keys = match Reference::read(text)? {
            Reference::Subject(subject) if !kinds.contains(&subject.kind) => {
                return Err(wrong_kind(text, &[subject], kinds));
            }
            Reference::Subject(subject) if self.states.contains_key(&subject) => {
                return Ok(Meaning::One(subject));
            }
            Reference::Subject(subject) => {
                let title = subject.kind.title();
                let mut said = NO_SUBJECT.with(&[("kind", title.en), ("key", &subject.key)]);
                said.zh = NO_SUBJECT.with(&[("kind", title.zh), ("key", &subject.key)]).zh;
                return Err(Refusal::said("unknown_subject", said));
            }
            Reference::Code(keys) => keys,
        };
        let mut other_kinds = Vec::new();
        for key in &keys {
            let all = self.named(key);
            let fitting: Vec<Subject> = all.iter().filter(|s| kinds.contains(&s.kind)).cloned().collect();
            match fitting.as_slice() {
                [] => other_kinds.extend(all),
                [one] => return Ok(Meaning::One(one.clone())),
                _ => return Ok(Meaning::Several(fitting)),
            }
        }
        let meant = keys.iter().filter_map(|key| self.aliases.get(key)).flatten();
        let mut meant: Vec<Subject> = meant
            .filter(|alias| alias.counts_on(&self.day) && kinds.contains(&alias.subject.kind))
            .map(|alias| alias.subject.clone())
            .collect();
        meant.dedup();
        match meant.as_slice() {
            [] => {}
            [one] => return Ok(Meaning::One(one.clone())),
            _ => return Ok(Meaning::Several(meant)),
        }
        let by_key: Vec<Subject> =
            Subject::by_key(text, kinds).filter(|subject| self.states.contains_key(subject)).collect();
        match by_key.as_slice() {
            [] => {}
            [one] => return Ok(Meaning::One(one.clone())),
            _ => return Ok(Meaning::Several(by_key)),
        }
        if !other_kinds.is_empty() {
            return Err(wrong_kind(text, &other_kinds, kinds));
        }
        let first = keys.into_iter().next().ok_or_else(|| Refusal::new("empty_code", EMPTY))?;
        Ok(Meaning::None(first))
    }
}

/// What a text of a draft can mean.
#[derive(Clone, PartialEq, Debug)]
pub enum Meaning {
    /// Exactly this.
    One(Subject),
    /// Any of these; none is picked (C07).
    Several(Vec<Subject>),
    /// Nothing that a record names. The key under which it would be found.
    None(CodeKey),
}

fn ambiguous(code: &str, candidates: Vec<Subject>) -> Refusal {
    let said = AMBIGUOUS.with(&[("code", code), ("n", &candidates.len().to_string())]);
    Refusal { candidates, ..Refusal::said("ambiguous_code", said) }
}

const EMPTY: Text = text("The code is empty. Scan or type it.", "条码为空，请扫描或输入。");
const NOT_A_CODE: Text = text("{text} names a subject and is not a code.", "{text} 是对象标识，不是条码。");

const IN_USE: Text = text(
    "The code {code} is on {unit} already. Scan the new label again; if both really carry it, hold both.",
    "条码 {code} 已用于 {unit}。请重新扫描新标签；若两者确实带同一条码，请同时扣留。",
);

fn wrong_kind(code: &str, found: &[Subject], asked: &[SubjectKind]) -> Refusal {
    let words = |pick: fn(&Text) -> &'static str| {
        let is = found.first().map(|s| pick(&s.kind.title())).unwrap_or_default();
        let asked: Vec<_> = asked.iter().map(|k| pick(&k.title())).collect();
        (is, asked.join(", "))
    };
    let (en, zh) = (words(|t| t.en), words(|t| t.zh));
    let fill =
        |(is, asked): &(&str, String)| WRONG_KIND.with(&[("code", code), ("is", is), ("asked", asked)]);
    let mut refusal = Refusal::said("wrong_kind", fill(&en));
    refusal.said.zh = fill(&zh).zh;
    refusal
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    #[test]
    fn an_entry_is_named_by_number_or_id() {
        let id = Uuid::from_u128(7);
        assert_eq!(EntryName::read(" #12 "), Some(EntryName::Seq(12)));
        assert_eq!(EntryName::read(&id.to_string()), Some(EntryName::Id(id)));
        assert_eq!(EntryName::read("twelve"), None);
    }

    #[test]
    fn c07_an_ambiguous_code_is_told_and_never_picked() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 10);
        desk.does(
            "producing",
            json!({"lot_code": "L1", "batch": "other", "trade_item": "TOY", "factory": "W1"}),
        );
        let refusal = desk.known().one("L1", &[SubjectKind::Batch]).expect_err("refused");
        assert_eq!(refusal.reason, "ambiguous_code");
        assert_eq!(refusal.candidates, [Subject::batch("L1"), Subject::batch("other")]);
        let chosen = refusal.candidates[1].urn();
        assert_eq!(desk.known().one(&chosen, &[SubjectKind::Batch]), Ok(Subject::batch("other")));
    }

    #[test]
    fn what_no_code_is_may_be_a_key() {
        let mut desk = Desk::furnished();
        desk.does("producing", json!({"lot_code": "L1", "batch": "2026-7", "trade_item": "TOY"}));
        let batch = Subject::batch("2026-7");
        assert_eq!(desk.known().one("2026-7", &[SubjectKind::Batch]), Ok(batch.clone()));
        desk.does("commissioning", json!({"codes": ["2026-7"], "level": "carton"}));
        assert_eq!(desk.known().one("2026-7", &[SubjectKind::Batch]), Ok(batch));
    }

    #[test]
    fn a_code_in_the_wrong_field_is_told_what_it_is() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 10);
        let refusal = desk.known().one("L1", &[SubjectKind::Shipment]).expect_err("refused");
        assert_eq!(refusal.said.en, "L1 is a Batch. What is asked for here is: Shipment.");
        assert_eq!(
            desk.known().one("L2", &[SubjectKind::Batch]).expect_err("refused").reason,
            "unknown_code"
        );
        let gone = desk.known().one("urn:lotwalk:batch:L2", &[SubjectKind::Batch]).expect_err("refused");
        assert_eq!(gone.reason, "unknown_subject");
    }

    #[test]
    fn a_code_taken_off_and_put_on_another_carton_leads_to_the_present_one() {
        let mut desk = Desk::furnished();
        desk.makes("L1", 100);
        let first = desk.packs("C1", "L1", 24);
        let relabel = json!({"old_code": "C1", "new_code": "N1", "reason": "damaged", "quantity": 24});
        desk.does("relabeling", relabel);
        desk.does("commissioning", json!({"codes": ["C1"], "level": "carton"}));
        let now = desk.known().one("C1", &[SubjectKind::LogisticUnit]).expect("there");
        assert_ne!(now, first);
        assert_eq!(desk.known().one("N1", &[SubjectKind::LogisticUnit]), Ok(first));
    }
}
