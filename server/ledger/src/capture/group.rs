//! One brand's drafts of one transaction: decided in order, written together.

use super::entry::{self, Setting};
use crate::{
    BrandId,
    db::{Tx, Value, values},
    dictionary::Dictionary,
    fault::Fault,
    head::Head,
    open::{self, Places, parse_ids},
    projections::Projections,
};
use domain::{
    book::{Known, Reference},
    event::{self, Context, Discrepancy, EventDraft, Outcome},
    log::{Hash, Node, leaf_hash},
    person::Person,
    quantity::Share,
    refusal::Refusal,
    state::{Aspect, Disposition, Effect, State},
    subject::{Subject, SubjectKind},
    time::Time,
    view::Receipt,
};
use std::{
    collections::{HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
};
use uuid::Uuid;

/// Entries that have the ids of drafts.
pub(crate) const WRITTEN: &str =
    "select id, seq, hash, bytes, subjects from entry where brand = $1 and id in ({list})";
/// What an entry raised.
pub(crate) const RAISED: &str =
    "select kind, subject, key, said from discrepancy where brand = $1 and seq = $2 order by n";
/// New entries.
pub(crate) const ENTRIES: &str = "insert into entry \
    (brand, seq, id, kind, event_time, zone, record_time, evidence, subjects, bytes, hash) values {rows}";

/// Drafts that are decided on one opened book, at most.
const CHUNK: usize = 4096;
/// A head is signed after so many entries, or so long, whichever comes first.
const SIGN_ENTRIES: u64 = 10_000;
const SIGN_MINUTES: i64 = 1;

/// CBV business steps that every unit goes through. They are told by the unit; a batch's story would
/// drown in them.
const FLOW: &[&str] = &[
    "commissioning",
    "creating_class_instance",
    "packing",
    "unpacking",
    "loading",
    "unloading",
    "storing",
    "shipping",
    "departing",
    "arriving",
    "receiving",
    "accepting",
    "void_shipping",
];

/// A draft, who hands it in, and when.
pub(crate) struct Item<'a> {
    pub(crate) draft: &'a EventDraft,
    pub(crate) person: &'a Person,
    pub(crate) now: Time,
}

/// What is written of one draft, to answer it when it is sent again.
struct Written {
    seq: u64,
    hash: Hash,
    bytes: Vec<u8>,
    subjects: Vec<i64>,
    discrepancies: Option<Vec<Discrepancy>>,
}

/// The drafts of a brand in one transaction.
pub(crate) struct Group<'a> {
    brand: i64,
    head: Head,
    items: Vec<Item<'a>>,
    answers: Vec<Option<Result<Receipt, Refusal>>>,
    projections: Projections,
    written: HashMap<Uuid, Written>,
    entries: Vec<Vec<Value>>,
    nodes: Vec<Node>,
    begun_at: u64,
}

impl<'a> Group<'a> {
    /// Takes the brand's head.
    pub(crate) async fn begin(
        tx: &mut Tx,
        dictionary: &mut Dictionary,
        brand: BrandId,
        items: Vec<Item<'a>>,
    ) -> Result<Group<'a>, Fault> {
        let head = Head::lock(tx, brand.0).await?;
        let head = head.ok_or_else(|| Fault::new(false, format!("there is no brand {}", brand.0)))?;
        dictionary.begin(head.next_subject);
        Ok(Group {
            brand: brand.0,
            answers: items.iter().map(|_| None).collect(),
            begun_at: head.frontier.size(),
            head,
            items,
            projections: Projections::default(),
            written: HashMap::new(),
            entries: vec![],
            nodes: vec![],
        })
    }

    /// Decides and writes every draft. After an event that the opened book cannot follow by itself (a
    /// correction above all), the rest is decided on a book opened anew.
    pub(crate) async fn write(&mut self, tx: &mut Tx, dictionary: &mut Dictionary) -> Result<(), Fault> {
        let (mut from, mut size) = (0, CHUNK);
        while from < self.items.len() {
            let to = self.items.len().min(from + size);
            let reached = self.write_chunk(tx, dictionary, from, to).await?;
            // Where the book has to be opened often, less of it is opened at a time.
            size = if reached < to { (size / 4).max(1) } else { (size * 2).min(CHUNK) };
            from = reached;
        }
        self.head.next_subject = dictionary.next;
        if self.head.frontier.size() > self.begun_at {
            self.head.store(tx, self.brand, &self.nodes).await?;
        }
        Ok(())
    }

    /// Signs and stores a checkpoint where the last one is old; tells when it did.
    pub(crate) async fn sign(&self, tx: &mut Tx, last: Option<(u64, Time)>) -> Result<Option<Time>, Fault> {
        let now = super::now();
        let due = match last {
            Some((size, at)) => self.size() >= size + SIGN_ENTRIES || now >= at.plus_minutes(SIGN_MINUTES),
            None => true,
        };
        if !due || self.size() == self.begun_at {
            return Ok(None);
        }
        self.head.checkpoint(tx, self.brand, now).await?;
        Ok(Some(now))
    }

    /// How many entries the book holds now.
    pub(crate) fn size(&self) -> u64 {
        self.head.frontier.size()
    }

    /// How many of them this group wrote.
    pub(crate) fn written(&self) -> u64 {
        self.size() - self.begun_at
    }

    /// The subjects and keys of which readers have to read again.
    pub(crate) fn touched(&mut self) -> (HashSet<i64>, HashSet<String>) {
        let Projections { touched, touched_keys, .. } = std::mem::take(&mut self.projections);
        (touched, touched_keys)
    }

    /// What became of each draft, in order.
    pub(crate) fn answers(self) -> Vec<Result<Receipt, Refusal>> {
        self.answers.into_iter().flatten().collect()
    }

    /// Decides and writes drafts up to `to`, or up to one after which the book must be opened anew;
    /// tells how far it came.
    async fn write_chunk(
        &mut self,
        tx: &mut Tx,
        dictionary: &mut Dictionary,
        from: usize,
        to: usize,
    ) -> Result<usize, Fault> {
        self.learn_written(tx, from, to).await?;
        let places = self.places(from, to);
        let mut known = open::open(tx, dictionary, self.brand, &places).await?;
        let mut reached = to;
        for i in from..to {
            if self.answers[i].is_some() {
                continue;
            }
            let draft = self.items[i].draft;
            if let Some(written) = self.written.get(&draft.id) {
                let answer = match entry::says_the_same(draft, &written.bytes) {
                    true => Ok(receipt_again(tx, dictionary, self.brand, draft.id, written).await?),
                    false => Err(entry::id_in_use(written.seq)),
                };
                self.answers[i] = Some(answer);
                continue;
            }
            let outcome = match self.decide(i, &known)? {
                Ok(outcome) => outcome,
                Err(refusal) => {
                    self.answers[i] = Some(Err(refusal));
                    continue;
                }
            };
            let seq = self.head.frontier.size() + 1;
            let item = &self.items[i];
            let setting = Setting { brand: &self.head.slug, seq, person: item.person, now: item.now };
            let bytes = match entry::bytes(draft, &setting) {
                Ok(bytes) => bytes,
                Err(refusal) => {
                    self.answers[i] = Some(Err(refusal));
                    continue;
                }
            };
            let followed = follows(&known, &outcome);
            known.apply(&outcome);
            self.append(tx, dictionary, i, bytes, outcome, &known).await?;
            if !followed {
                reached = i + 1;
                break;
            }
        }
        self.flush(tx, dictionary).await?;
        Ok(reached)
    }

    /// Loads the entries that drafts were written as before.
    async fn learn_written(&mut self, tx: &mut Tx, from: usize, to: usize) -> Result<(), Fault> {
        let ids: Vec<Value> = self.items[from..to]
            .iter()
            .filter(|item| !self.written.contains_key(&item.draft.id))
            .map(|item| Value::from(item.draft.id.as_bytes().as_slice()))
            .collect();
        for row in tx.rows_in(WRITTEN, &values![self.brand], &ids).await? {
            let written = Written {
                seq: row.count(1)?,
                hash: Hash::from_bytes(&row.bytes(2)?).map_err(Fault::damaged)?,
                bytes: row.bytes(3)?,
                subjects: parse_ids(&row.text(4)?)?,
                discrepancies: None,
            };
            self.written.insert(Uuid::from_slice(&row.bytes(0)?).map_err(Fault::damaged)?, written);
        }
        Ok(())
    }

    /// Where the book has to be opened for the drafts; those that cannot be read are answered.
    fn places(&mut self, from: usize, to: usize) -> Places {
        let mut places = Places::default();
        for i in from..to {
            match event::references(self.items[i].draft) {
                Ok((texts, entries)) => {
                    for text in texts {
                        // A text that is no code is refused by the decision, with its field.
                        match Reference::read(&text) {
                            Ok(Reference::Subject(subject)) => drop(places.subjects.insert(subject)),
                            Ok(Reference::Code(keys)) => {
                                // A new unit is keyed by its code, and may be known by it already.
                                places
                                    .subjects
                                    .extend(keys.iter().map(|k| Subject::logistic_unit(k.as_str())));
                                places.subjects.extend(of_text(&text));
                                places.keys.extend(keys);
                            }
                            Err(_) => {}
                        }
                    }
                    places.entries.extend(entries);
                }
                Err(refusal) => self.answers[i] = Some(Err(refusal)),
            }
        }
        places
    }

    /// Decides a draft. A panic in a decision is a fault of the program; it must not stop the writer.
    fn decide(&self, i: usize, known: &Known) -> Result<Result<Outcome, Refusal>, Fault> {
        let Item { draft, person, now } = self.items[i];
        let context = Context { draft, person, now };
        catch_unwind(AssertUnwindSafe(|| event::decide(&context, known)))
            .map_err(|_| Fault::new(false, format!("deciding {} of kind {} failed", draft.id, draft.kind)))
    }

    async fn append(
        &mut self,
        tx: &mut Tx,
        dictionary: &mut Dictionary,
        i: usize,
        bytes: Vec<u8>,
        outcome: Outcome,
        known: &Known,
    ) -> Result<(), Fault> {
        let Item { draft, now, .. } = self.items[i];
        let seq = self.head.frontier.size() + 1;
        let touched: Vec<&Subject> = outcome.effects.iter().flat_map(Effect::subjects).collect();
        let about = outcome.discrepancies.iter().filter_map(|d| d.subject.as_ref());
        let place = known.place_of(draft).ok().flatten();
        dictionary.find(tx, self.brand, touched.iter().copied().chain(about).chain(&place)).await?;
        let mut subjects = distinct(touched.iter().map(|s| dictionary.id_or_new(s)));
        let mut reversed = Vec::new();
        for effect in &outcome.effects {
            match effect {
                Effect::Reversed { seq: target } => reversed.push(*target),
                effect => self.projections.add(seq, effect, dictionary, known),
            }
        }
        if !reversed.is_empty() {
            self.flush(tx, dictionary).await?;
            for target in reversed {
                let touched = self.projections.reverse(tx, self.brand, target, seq).await?;
                dictionary.tell(tx, self.brand, touched.iter().copied()).await?;
                subjects = distinct(subjects.into_iter().chain(touched));
            }
        }
        subjects = distinct(subjects.into_iter().chain(place.and_then(|p| dictionary.id(&p))));
        self.tell(seq, &draft.kind, &subjects, &outcome, dictionary, known);
        self.projections.differs(self.brand, seq, &outcome.discrepancies, dictionary);
        let hash = leaf_hash(&bytes);
        self.nodes.extend(self.head.frontier.push(hash));
        let ids: Vec<String> = subjects.iter().map(i64::to_string).collect();
        let row = values![
            self.brand,
            seq,
            draft.id.as_bytes().as_slice(),
            &draft.kind,
            draft.event_time.0,
            i64::from(draft.zone.0),
            now.0,
            evidence_word(draft),
            ids.join(","),
            bytes.as_slice(),
            hash.as_bytes().as_slice(),
        ];
        self.entries.push(row.to_vec());
        let named = subjects.iter().filter_map(|id| dictionary.subject(*id).cloned()).collect();
        self.answers[i] = Some(Ok(Receipt {
            id: draft.id,
            seq,
            hash: hash.to_hex(),
            already: false,
            discrepancies: outcome.discrepancies.clone(),
            subjects: named,
        }));
        let discrepancies = Some(outcome.discrepancies);
        self.written.insert(draft.id, Written { seq, hash, bytes, subjects, discrepancies });
        Ok(())
    }

    /// Adds the entry to the stories of its subjects, and to those of the batches in them where it was
    /// more than a step of their way. That a batch was packed into one more carton the carton tells.
    fn tell(
        &mut self,
        seq: u64,
        kind: &str,
        subjects: &[i64],
        outcome: &Outcome,
        dictionary: &Dictionary,
        known: &Known,
    ) {
        let step = event::kind_named(kind).map(|k| k.about.biz_step);
        let is_flow = step.is_some_and(|step| FLOW.contains(&step));
        for id in subjects {
            let Some(subject) = dictionary.subject(*id) else { continue };
            if is_flow && subject.kind == SubjectKind::Batch && is_only_moved(subject, &outcome.effects) {
                self.projections.touched.insert(*id);
                continue;
            }
            self.projections.tell(*id, seq, false);
            if is_flow {
                continue;
            }
            if !matches!(subject.kind, SubjectKind::LogisticUnit | SubjectKind::Shipment) {
                continue;
            }
            for batch in known.state(subject).into_iter().flat_map(|s| s.contents.keys()) {
                if let Some(batch) = dictionary.id(batch) {
                    self.projections.tell(batch, seq, true);
                }
            }
        }
    }

    async fn flush(&mut self, tx: &mut Tx, dictionary: &mut Dictionary) -> Result<(), Fault> {
        self.projections.flush(tx, self.brand, dictionary).await?;
        tx.execute_many(ENTRIES, 11, &std::mem::take(&mut self.entries)).await
    }
}

/// A plain text may be the key of a subject that is not named by it.
fn of_text(text: &str) -> [Subject; 2] {
    let text = text.trim();
    [Subject::shipment(text), Subject::logistic_unit(text)]
}

/// True where effects only put a batch into containers or take it out.
fn is_only_moved(batch: &Subject, effects: &[Effect]) -> bool {
    effects
        .iter()
        .filter(|e| e.subjects().contains(&batch))
        .all(|e| matches!(e, Effect::PutIn { .. } | Effect::TakenOut { .. }))
}

fn distinct(ids: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let mut seen = HashSet::new();
    ids.into_iter().filter(|id| seen.insert(*id)).collect()
}

fn evidence_word(draft: &EventDraft) -> String {
    serde_json::to_value(draft.evidence).ok().and_then(|v| v.as_str().map(str::to_string)).unwrap_or_default()
}

/// The receipt of a draft that was written before.
async fn receipt_again(
    tx: &mut Tx,
    dictionary: &mut Dictionary,
    brand: i64,
    id: Uuid,
    written: &Written,
) -> Result<Receipt, Fault> {
    dictionary.tell(tx, brand, written.subjects.iter().copied()).await?;
    let discrepancies = match &written.discrepancies {
        Some(discrepancies) => discrepancies.clone(),
        None => raised(tx, dictionary, brand, written.seq).await?,
    };
    Ok(Receipt {
        id,
        seq: written.seq,
        hash: written.hash.to_hex(),
        already: true,
        discrepancies,
        subjects: written.subjects.iter().filter_map(|id| dictionary.subject(*id).cloned()).collect(),
    })
}

async fn raised(
    tx: &mut Tx,
    dictionary: &mut Dictionary,
    brand: i64,
    seq: u64,
) -> Result<Vec<Discrepancy>, Fault> {
    let mut all = Vec::new();
    for row in tx.rows(RAISED, &values![brand, seq]).await? {
        let subject = row.int_or_none(1)?;
        dictionary.tell(tx, brand, subject).await?;
        all.push(Discrepancy {
            kind: serde_json::from_value(row.text(0)?.into()).map_err(Fault::damaged)?,
            subject: subject.and_then(|id| dictionary.subject(id).cloned()),
            key: row.text_or_none(2)?.map(|k| domain::code::CodeKey::text(&k)),
            said: serde_json::from_str(&row.text(3)?).map_err(Fault::damaged)?,
        });
    }
    Ok(all)
}

/// True where [`Known::apply`] comes to the same as opening the book anew would: sums over unknown
/// shares, corrections and shipments that set out again are beyond it.
fn follows(known: &Known, outcome: &Outcome) -> bool {
    outcome.effects.iter().all(|effect| match effect {
        Effect::Reversed { .. } => false,
        Effect::Marked { subject, disposition } => {
            let state = known.state(subject);
            let sets_out = subject.kind == SubjectKind::Shipment
                && disposition.aspect() == Aspect::Custody
                && state.is_some_and(State::has_arrived)
                && *disposition == Disposition::InTransit;
            // A unit held within another stops that too, and only an opened book tells.
            let stops = matches!(disposition.aspect(), Aspect::Hold | Aspect::Recall);
            !sets_out && !(stops && subject.kind == SubjectKind::LogisticUnit)
        }
        Effect::PutIn { content, container, .. } => {
            let inside = |s: &Subject| known.state(s).is_some_and(|s| s.inside.contains(container));
            content.kind == SubjectKind::Batch || !inside(content) && !stopped(known, content)
        }
        Effect::TakenOut { content, container, share } => match content.kind {
            SubjectKind::Batch => {
                let held = known.state(container).and_then(|s| s.contents.get(content)).copied();
                matches!((held, share), (Some(Share::Exactly(had)), Share::Exactly(less)) if *less <= had)
            }
            _ => {
                let unknown = known
                    .state(content)
                    .is_some_and(|s| s.contents.values().any(|share| *share == Share::Unknown));
                !unknown && !stopped(known, content)
            }
        },
        _ => true,
    })
}

fn stopped(known: &Known, unit: &Subject) -> bool {
    known.state(unit).is_some_and(State::is_stopped)
}
