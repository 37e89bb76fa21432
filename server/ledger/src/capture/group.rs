//! One brand's drafts of one transaction: decided in order, written together.

use super::{
    again::{self, Written},
    entry::{self, Setting},
};
use crate::{
    BrandId,
    db::{Tx, Value, values},
    dictionary::Dictionary,
    fault::Fault,
    head::Head,
    open::{self, Places},
    projections::Projections,
    standing::Shaken,
};
use domain::{
    book::Known,
    event::{self, Context, EventDraft, Outcome},
    log::{Node, leaf_hash},
    person::Person,
    refusal::Refusal,
    state::{Disposition, Effect},
    subject::{Subject, SubjectKind},
    time::Time,
    view::Receipt,
};
use std::{
    collections::{HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
};
use uuid::Uuid;

/// New entries.
pub(crate) const ENTRIES: &str = "insert into entry \
    (brand, seq, id, kind, event_time, zone, record_time, evidence, subjects, bytes, hash) values {rows}";

/// Drafts that are decided on one opened book, at most.
const CHUNK: usize = 4096;
/// A head is signed after so many entries, or so long, whichever comes first.
const SIGN_ENTRIES: u64 = 10_000;
const SIGN_MINUTES: i64 = 1;

/// A draft, where it needs the book, who hands it in, and when.
pub(crate) struct Item<'a> {
    pub(crate) draft: &'a EventDraft,
    pub(crate) places: &'a Result<Places, Refusal>,
    pub(crate) person: &'a Person,
    pub(crate) now: Time,
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
    shaken: Shaken,
    judges: bool,
    begun_at: u64,
    corrects: bool,
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
            shaken: Shaken::default(),
            judges: false,
            corrects: false,
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
            // The batch before another is found by how batches stand.
            if std::mem::take(&mut self.judges) {
                std::mem::take(&mut self.shaken).renew(tx, self.brand).await?;
            }
        }
        std::mem::take(&mut self.shaken).renew(tx, self.brand).await?;
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

    /// True where an entry was taken back. What that reaches is not only what the entry named.
    pub(crate) fn corrects(&self) -> bool {
        self.corrects
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
        let ids = self.items[from..to].iter().map(|item| item.draft.id);
        let ids = ids.filter(|id| !self.written.contains_key(id));
        let written = again::written(tx, self.brand, ids).await?;
        self.written.extend(written);
        let places = self.places(from, to);
        let mut known = open::open(tx, dictionary, self.brand, &places).await?;
        let drafts: Vec<&EventDraft> = self.items[from..to].iter().map(|item| item.draft).collect();
        open::open_further(tx, dictionary, self.brand, &drafts, &mut known).await?;
        let mut reached = to;
        for i in from..to {
            if self.answers[i].is_some() {
                continue;
            }
            let draft = self.items[i].draft;
            // An entry that this one names may be among those not written yet.
            if !self.entries.is_empty() && event::references(draft).is_ok_and(|(_, named)| !named.is_empty())
            {
                reached = i;
                break;
            }
            known.turn_to(draft.event_time.date(draft.zone));
            // What is judged is judged as it stands in the book, and what came into the book just now may lead
            // to records that nobody has looked up.
            let needs = event::needs(draft, &known);
            let unread = needs.records.iter().any(|subject| !known.has_records(subject));
            let judges = !needs.dossiers.is_empty();
            let behind = !self.entries.is_empty() || judges && !self.shaken.is_empty();
            if behind && (unread || judges) {
                (reached, self.judges) = (i, judges);
                break;
            }
            if let Some(written) = self.written.get(&draft.id) {
                let answer = match entry::says_the_same(draft, &written.bytes) {
                    true => Ok(again::receipt(tx, dictionary, self.brand, draft.id, written).await?),
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
            let followed = super::follow::follows(&known, &outcome);
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

    /// Where the book has to be opened for the drafts; those that cannot be read are answered.
    fn places(&mut self, from: usize, to: usize) -> Places {
        let mut places = Places::default();
        for (item, answer) in self.items[from..to].iter().zip(&mut self.answers[from..to]) {
            match item.places {
                Ok(of_draft) => places.add(of_draft),
                Err(refusal) => *answer = Some(Err(refusal.clone())),
            }
        }
        places
    }

    /// Decides a draft. A panic in a decision is a fault of the program; it must not stop the writer.
    fn decide(&self, i: usize, known: &Known) -> Result<Result<Outcome, Refusal>, Fault> {
        let Item { draft, person, now, .. } = self.items[i];
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
        let round: Vec<Subject> = touched.iter().flat_map(|s| known.all_round(s)).collect();
        dictionary
            .find(tx, self.brand, touched.iter().copied().chain(about).chain(&place).chain(&round))
            .await?;
        // A pallet's card tells of the cartons on it: what was answered about it is no longer so.
        self.projections.touched.extend(round.iter().filter_map(|s| dictionary.id(s)));
        let mut subjects = distinct(touched.iter().map(|s| dictionary.id_or_new(s)));
        let mut reversed = Vec::new();
        for effect in &outcome.effects {
            self.shaken.shake(effect, dictionary, known);
            match effect {
                Effect::Reversed { seq: target } => reversed.push(*target),
                effect => self.projections.add(seq, effect, dictionary, known),
            }
        }
        if !reversed.is_empty() {
            self.corrects = true;
            self.flush(tx, dictionary).await?;
            for target in reversed {
                let touched = self.projections.reverse(tx, self.brand, target, seq).await?;
                dictionary.tell(tx, self.brand, touched.iter().copied()).await?;
                for id in &touched {
                    if let Some(subject) = dictionary.subject(*id) {
                        self.shaken.touch(*id, subject);
                    }
                }
                subjects = distinct(subjects.into_iter().chain(touched));
            }
        }
        subjects = distinct(subjects.into_iter().chain(place.and_then(|p| dictionary.id(&p))));
        self.tell(seq, &subjects, &outcome, dictionary, known);
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
        subjects: &[i64],
        outcome: &Outcome,
        dictionary: &Dictionary,
        known: &Known,
    ) {
        let is_flow = !outcome.effects.is_empty() && outcome.effects.iter().all(is_flow);
        for id in subjects {
            let Some(subject) = dictionary.subject(*id) else { continue };
            if is_flow && subject.kind == SubjectKind::Batch && is_only_moved(subject, &outcome.effects) {
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

/// True of what happens to every unit on its way: it gets a code, is packed, moved, shipped, received.
/// Those are told by the unit; a batch's story would drown in them.
fn is_flow(effect: &Effect) -> bool {
    match effect {
        Effect::Named { .. } | Effect::MadeFrom { .. } | Effect::Counted { .. } | Effect::Moved { .. } => {
            true
        }
        Effect::PutIn { .. } | Effect::TakenOut { .. } => true,
        Effect::Marked { disposition, .. } => {
            matches!(disposition, Disposition::Active | Disposition::InProgress | Disposition::InTransit)
        }
        Effect::Filed { subject, .. } => subject.kind != SubjectKind::LogisticUnit,
        Effect::Unnamed { .. } | Effect::Reversed { .. } => false,
    }
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
