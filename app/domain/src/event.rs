//! Events: the draft somebody fills in, the kinds there are, and how one is decided.
//!
//! A kind is one file in `event/` and one word in the list below. It declares what its form asks, which
//! codes it names, what it does to the book (as [`Effect`]s) and how the timeline tells it. Nothing
//! outside its file knows its name: pages, projections and exports follow what it declares.

use crate::{
    book::{EntryName, Known},
    code::CodeKey,
    document,
    field::{self, Field},
    person::{Person, Role},
    plan::Proof,
    refusal::Refusal,
    state::{Disposition, Effect},
    subject::{Level, Subject, SubjectKind},
    text::{Said, Text, text},
    time::{Time, Zone},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How a fact came to be known. Shown wherever the fact is shown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// A code was read by a camera or a scanner.
    Scanned,
    /// It came in a record pack.
    Imported,
    /// Somebody keyed it in.
    #[default]
    Declared,
    /// Somebody remembers it; there is no record behind it.
    Testimony,
}

impl Evidence {
    /// The word on a screen.
    pub const fn title(self) -> Text {
        match self {
            Evidence::Scanned => text("Scanned", "扫描"),
            Evidence::Imported => text("Imported", "导入"),
            Evidence::Declared => text("Declared", "申报"),
            Evidence::Testimony => text("Testimony", "口述"),
        }
    }
}

/// An event as filled in, before the ledger has seen it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct EventDraft {
    /// Made by whoever drafts it (UUIDv7), so that sending it twice is harmless.
    pub id: Uuid,
    /// One of [`KINDS`].
    pub kind: String,
    /// When it happened, as claimed.
    pub event_time: Time,
    /// The zone of the clock that was read.
    #[serde(default)]
    pub zone: Zone,
    /// Where it happened: a code or a subject of a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// How it came to be known.
    #[serde(default)]
    pub evidence: Evidence,
    /// Anything a reader should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The document that tells of it, by the digest of its bytes: a photo of the paper run sheet, a PDF, the
    /// workbook that was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The kind's own fields.
    pub payload: Value,
}

/// What a decision may rest on besides the book: the draft, who hands it in, and when that is.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The draft.
    pub draft: &'a EventDraft,
    /// Who hands it in.
    pub person: &'a Person,
    /// The record time: when the ledger learned of it.
    pub now: Time,
}

/// What an event comes to: effects on the book, and where event and book disagree.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// In the order in which they apply.
    pub effects: Vec<Effect>,
    /// Kept open until something closes them.
    pub discrepancies: Vec<Discrepancy>,
    /// What the effects name, for a draft may name thousands and each is asked about.
    #[serde(skip)]
    named: HashMap<Subject, HashSet<(CodeKey, Level)>>,
}

impl Outcome {
    /// Adds an effect.
    pub fn effect(&mut self, effect: Effect) {
        if let Effect::Named { subject, key, level } = &effect {
            self.named.entry(subject.clone()).or_default().insert((key.clone(), *level));
        }
        self.effects.push(effect);
    }

    /// True where it names the subject, by whatever code.
    pub(crate) fn names(&self, subject: &Subject) -> bool {
        self.named.contains_key(subject)
    }

    /// Puts a code on a subject, once.
    pub(crate) fn name(&mut self, subject: &Subject, key: CodeKey, level: Level) {
        let named = (key, level);
        if !self.named.get(subject).is_some_and(|names| names.contains(&named)) {
            self.effect(Effect::Named { subject: subject.clone(), key: named.0, level });
        }
    }

    /// Adds a discrepancy about a subject.
    pub fn differs(&mut self, kind: DiscrepancyKind, subject: &Subject, said: Said) {
        self.discrepancies.push(Discrepancy::about(kind, subject, said));
    }
}

/// What an event kind says about itself.
#[derive(Debug)]
pub struct About {
    /// Its name as a thing: “Relabeling”.
    pub title: Text,
    /// On the button that opens the form: “Relabel”.
    pub verb: Text,
    /// What it is for and when to use it, in one or two sentences.
    pub purpose: Text,
    /// The roles that may hand it in, the one whose daily work it is first. An administrator always may.
    pub roles: &'static [Role],
    /// The kinds of subject on whose page the form is offered; the subject fills the form's first field.
    pub offered_on: &'static [SubjectKind],
    /// What the form asks.
    pub fields: &'static [Field],
    /// The CBV 2.0 business step, or a URI of ours where CBV has no word.
    pub biz_step: &'static str,
    /// The CBV 2.0 disposition it leaves, where it leaves one.
    pub disposition: Option<Disposition>,
}

/// What an event kind fulfils. The type itself is the payload.
pub trait EventKind: Serialize + DeserializeOwned {
    /// The kind's name: a gerund, equal to the CBV business step where CBV has one.
    const NAME: &'static str;
    /// What it says about itself.
    const ABOUT: About;
    /// Every code or subject the payload names, so that the book can be opened at these places. A subject
    /// that is named by its key stands here as its [`Subject::urn`].
    fn references(&self) -> Vec<String>;
    /// Earlier entries the payload names.
    fn entries(&self) -> Vec<EntryName> {
        vec![]
    }
    /// The record kinds that only this kind files.
    const FILES: &'static [&'static str] = &[];
    /// True for a kind that asks for more than what its codes name: see the next two.
    const ASKS: bool = false;
    /// Subjects whose records have to be open too, as far as `book` tells which; asked again until there are
    /// no new ones. The plan of what a code means is found only once the code is.
    fn needs(&self, _book: &Known) -> Vec<Subject> {
        vec![]
    }
    /// Batches whose dossiers have to be gathered: of the batch or shipment that is judged.
    fn judges(&self, _book: &Known) -> Vec<Subject> {
        vec![]
    }
    /// The fields that a trace plan asks for with a proof (lock 5, C24), beside those that always must stand;
    /// a field of a row with its rows' name before it.
    fn proven_by(_proof: Proof) -> &'static [&'static str] {
        &[]
    }
    /// Whether it makes sense by itself, whatever the book says: what fields alone cannot tell.
    fn check(&self) -> Result<(), Refusal> {
        Ok(())
    }
    /// What it comes to, or why it may not be. [`check`](EventKind::check) has passed.
    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal>;
    /// The sentence for the timeline, told of the past.
    fn sentence(&self) -> Said;
}

/// The codes and subjects that a draft names, and the earlier entries.
pub type References = (Vec<String>, Vec<EntryName>);

/// What else has to be open before a draft is decided: subjects with their records, batches with everything
/// a judgment rests on.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Needs {
    /// Subjects whose records are asked about.
    pub records: Vec<Subject>,
    /// Batches that are judged.
    pub dossiers: Vec<Subject>,
}

/// An event kind as the rest of the program meets it: by name.
#[derive(Debug)]
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// What it says about itself.
    pub about: About,
    /// The record kinds that only it files.
    pub files: &'static [&'static str],
    /// The fields that a trace plan asks for with a proof.
    pub proven_by: fn(Proof) -> &'static [&'static str],
    references: fn(&Value) -> Result<References, Refusal>,
    asks: bool,
    needs: fn(&Value, &Known) -> Needs,
    decide: fn(&Context<'_>, &Known) -> Result<Outcome, Refusal>,
    sentence: fn(&Value) -> Option<Said>,
}

const UNREADABLE: Text = text("The payload could not be read: {why}", "内容无法读取：{why}");

const fn kind<K: EventKind>() -> Kind {
    fn read<K: EventKind>(payload: &Value) -> Result<K, Refusal> {
        field::check(K::ABOUT.fields, payload)?;
        let event = K::deserialize(field::answered(payload))
            .map_err(|e| Refusal::said("unreadable_payload", UNREADABLE.with(&[("why", &e.to_string())])))?;
        event.check()?;
        Ok(event)
    }
    Kind {
        name: K::NAME,
        about: K::ABOUT,
        files: K::FILES,
        proven_by: K::proven_by,
        references: |payload| {
            let event = read::<K>(payload)?;
            let mut references = event.references();
            references.extend(field::subjects_by_key(K::ABOUT.fields, payload).iter().map(Subject::urn));
            Ok((references, event.entries()))
        },
        asks: K::ASKS,
        needs: |payload, book| match read::<K>(payload) {
            Ok(event) => Needs { records: event.needs(book), dossiers: event.judges(book) },
            Err(_) => Needs::default(),
        },
        decide: |context, book| read::<K>(&context.draft.payload)?.decide(context, book),
        sentence: |payload| K::deserialize(field::answered(payload)).ok().map(|event| event.sentence()),
    }
}

/// One word a kind: the file's name and the payload type in it.
macro_rules! kinds {
    ($($file:ident::$payload:ident),* $(,)?) => {
        $(pub mod $file;)*
        /// Every event kind there is.
        pub static KINDS: &[Kind] = &[$(kind::<$file::$payload>()),*];
    };
}

pub mod contents;
#[cfg(test)]
pub(crate) mod desk;
mod discrepancy;
mod names;
mod protocol;
mod release;

pub use discrepancy::{Discrepancy, DiscrepancyKind};
pub use names::*;

kinds![
    commissioning::Commissioning,
    producing::Producing,
    packing::Packing,
    unpacking::Unpacking,
    inspecting::Inspecting,
    reworking::Reworking,
    relabeling::Relabeling,
    shipping::Shipping,
    splitting::Splitting,
    receiving::Receiving,
    returning::Returning,
    holding::Holding,
    filing::Filing,
    observing::Observing,
    correcting::Correcting,
    planning::Planning,
    accepting::Accepting,
    opening::Opening,
    releasing::Releasing,
    sampling::Sampling,
    retrieving::Retrieving,
    waiving::Waiving,
    judging::Judging,
    bridging::Bridging,
    unsealing::Unsealing,
];

/// What else has to be open before a draft can be decided, as far as the book tells which.
pub fn needs(draft: &EventDraft, book: &Known) -> Needs {
    let kind = kind_named(&draft.kind).filter(|kind| kind.asks);
    kind.map(|kind| (kind.needs)(&draft.payload, book)).unwrap_or_default()
}

/// The kind of a name.
pub fn kind_named(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|k| k.name == name)
}

impl Kind {
    /// True where the role may hand it in.
    pub fn allows(&self, role: Role) -> bool {
        role == Role::Administrator || self.about.roles.contains(&role)
    }

    /// The sentence for the timeline; `None` where the payload is not of this kind.
    pub fn sentence(&self, payload: &Value) -> Option<Said> {
        (self.sentence)(payload)
    }
}

const NO_KIND: Text = text(
    "There is no event kind “{name}”. The kinds are: {names}.",
    "没有“{name}”这种事件。可用的有：{names}。",
);
const NOT_ALLOWED: Text = text(
    "Your role ({role}) may not record this ({kind}). Ask one of: {roles}.",
    "您的角色（{role}）不能记录此事件（{kind}）。请联系：{roles}。",
);
const FUTURE: Text = text(
    "The event time {time} is in the future. Check the clock of this device.",
    "事件时间 {time} 晚于当前时间，请检查本设备的时钟。",
);

/// A phone's clock may be a little ahead of the server's; more than this is a wrong clock.
const CLOCK_TOLERANCE_MINUTES: i64 = 10;

/// Where the book has to be opened for a draft: its codes and subjects, and the entries it names.
pub fn references(draft: &EventDraft) -> Result<References, Refusal> {
    let kind = known_kind(draft)?;
    let (mut references, entries) = (kind.references)(&draft.payload)?;
    if let Some(place) = &draft.place {
        references.push(place.clone());
        references.extend(Subject::by_key(place, &[SubjectKind::Place]).map(|place| place.urn()));
    }
    Ok((references, entries))
}

/// What a draft comes to on this book: effects and discrepancies, or a refusal in words a person can
/// act on. Pure: the same draft on the same book always comes to the same.
pub fn decide(context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
    let draft = context.draft;
    let kind = known_kind(draft)?;
    if !kind.allows(context.person.role) {
        return Err(not_allowed(kind, context.person.role));
    }
    if draft.event_time > context.now.plus_minutes(CLOCK_TOLERANCE_MINUTES) {
        let said = FUTURE.with(&[("time", &draft.event_time.at(draft.zone))]);
        return Err(Refusal::said("event_time_in_future", said).at("event_time"));
    }
    document::check_source(draft)?;
    book.place_of(draft)?;
    (kind.decide)(context, book)
}

fn known_kind(draft: &EventDraft) -> Result<&'static Kind, Refusal> {
    kind_named(&draft.kind).ok_or_else(|| {
        let names: Vec<_> = KINDS.iter().map(|k| k.name).collect();
        let said = NO_KIND.with(&[("name", &draft.kind), ("names", &names.join(", "))]);
        Refusal::said("unknown_kind", said).at("kind")
    })
}

fn not_allowed(kind: &Kind, role: Role) -> Refusal {
    let in_lang = |pick: fn(&Text) -> &'static str| {
        let roles: Vec<_> = kind.about.roles.iter().map(|r| pick(&r.title())).collect();
        (pick(&role.title()), pick(&kind.about.title), roles.join(", "))
    };
    let (en, zh) = (in_lang(|t| t.en), in_lang(|t| t.zh));
    let fill = |(role, kind, roles): &(&str, &str, String)| {
        NOT_ALLOWED.with(&[("role", role), ("kind", kind), ("roles", roles)])
    };
    Refusal::said("role_may_not", Said { en: fill(&en).en, zh: fill(&zh).zh })
}

const OUT_OF_LIFE: Text = text(
    "{code} had been destroyed or taken out of use before this. Check which of the two is right.",
    "在此之前 {code} 已被销毁或停用，请核对哪一项属实。",
);

/// What is said of something that was done to goods which should not exist any more.
pub(crate) fn out_of_life(code: &str) -> Said {
    OUT_OF_LIFE.with(&[("code", code)])
}
