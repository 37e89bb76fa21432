//! Ready answers: what a scan was answered is kept as bytes until an entry touches what it was made of.
//!
//! Every subject and key falls into one of a million stripes (with fewer, a busy floor touches them all
//! within the minute), and a stripe holds the number of the last commit that touched anything in it. An
//! answer carries the number of the last commit before it was read, and the stripes of everything it was
//! read from; it is good while none of these has a later number. Two subjects in one stripe cost a needless
//! reading, never a stale answer. Memory is bounded by bytes: a young generation, and an old one that is
//! dropped when the young one is full.

use crate::{BrandId, Reader};
use bytes::Bytes;
use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
};

const STRIPES: usize = 1 << 20;
const SHARDS: usize = 32;
/// Bytes of answers that are kept at most, keys and stripes included.
const MOST_BYTES: usize = 96 << 20;

/// What an answer was read from.
#[derive(Debug)]
pub(crate) struct Sources {
    as_of: u64,
    epoch: u64,
    stripes: HashSet<u32>,
}

struct Kept {
    scope: (BrandId, &'static str),
    code: Box<str>,
    as_of: u64,
    epoch: u64,
    stripes: Box<[u32]>,
    answer: Arc<(u16, Bytes)>,
}

impl Kept {
    fn bytes(&self) -> usize {
        // The constant stands for the map's slot, the counters and the two allocations.
        self.code.len() + self.stripes.len() * 4 + self.answer.1.len() + 200
    }
}

#[derive(Default)]
struct Shard {
    young: HashMap<u64, Arc<Kept>>,
    young_bytes: usize,
    old: HashMap<u64, Arc<Kept>>,
}

/// The answers of one ledger.
pub(crate) struct Answers {
    hasher: RandomState,
    stripes: Box<[AtomicU64]>,
    commits: AtomicU64,
    epoch: AtomicU64,
    shards: Vec<Mutex<Shard>>,
    /// The size of each brand's book for which a checkpoint is known to be kept.
    signed: Mutex<HashMap<BrandId, u64>>,
    /// The size of each brand's book as far as answers here have followed it.
    followed: Mutex<HashMap<BrandId, u64>>,
    /// The size of each brand's book when what is being committed here is in it.
    announced: Mutex<HashMap<BrandId, u64>>,
    pub(crate) hits: AtomicU64,
    pub(crate) misses: AtomicU64,
}

impl Answers {
    /// Keeps nothing yet.
    pub(crate) fn new() -> Answers {
        Answers {
            hasher: RandomState::new(),
            stripes: (0..STRIPES).map(|_| AtomicU64::new(0)).collect(),
            commits: AtomicU64::new(0),
            epoch: AtomicU64::new(0),
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            signed: Mutex::default(),
            followed: Mutex::default(),
            announced: Mutex::default(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// Begins a reading: whatever is committed from here on makes it stale.
    pub(crate) fn begin(&self) -> Sources {
        Sources { as_of: self.commits.load(SeqCst), epoch: self.epoch.load(SeqCst), stripes: HashSet::new() }
    }

    /// Notes that the reading rests on a subject.
    pub(crate) fn rests_on(&self, sources: &mut Sources, brand: BrandId, subject: i64) {
        sources.stripes.insert(self.subject_stripe(brand, subject));
    }

    /// Notes that the reading rests on what a key names.
    pub(crate) fn rests_on_key(&self, sources: &mut Sources, brand: BrandId, key: &str) {
        sources.stripes.insert(self.key_stripe(brand, key));
    }

    /// The answer that is kept for a code, while it is good.
    pub(crate) fn get(&self, reader: &Reader, code: &str) -> Option<Arc<(u16, Bytes)>> {
        let scope = scope(reader);
        let slot = self.hasher.hash_one((scope, code));
        let kept = self.find(slot).filter(|k| k.scope == scope && *k.code == *code && self.is_good(k));
        match &kept {
            Some(_) => self.hits.fetch_add(1, SeqCst),
            None => self.misses.fetch_add(1, SeqCst),
        };
        kept.map(|k| k.answer.clone())
    }

    /// Keeps an answer.
    pub(crate) fn put(&self, reader: &Reader, code: &str, sources: Sources, answer: Arc<(u16, Bytes)>) {
        let scope = scope(reader);
        let slot = self.hasher.hash_one((scope, code));
        let kept = Kept {
            scope,
            code: code.into(),
            as_of: sources.as_of,
            epoch: sources.epoch,
            stripes: sources.stripes.into_iter().collect(),
            answer,
        };
        let mut shard = self.shard(slot);
        shard.young_bytes += kept.bytes();
        shard.young.insert(slot, Arc::new(kept));
        if shard.young_bytes > MOST_BYTES / SHARDS / 2 {
            shard.old = std::mem::take(&mut shard.young);
            shard.young_bytes = 0;
        }
    }

    /// Makes every answer stale that rests on these. To be called after the commit that touched them.
    pub(crate) fn forget(&self, brand: BrandId, subjects: &HashSet<i64>, keys: &HashSet<String>) {
        // The stripes first and the counter last: who begins to read with the new number reads what is
        // committed, and who began before it finds its stripes later than its number.
        let number = self.commits.load(SeqCst) + 1;
        for subject in subjects {
            self.stripes[self.subject_stripe(brand, *subject) as usize].fetch_max(number, SeqCst);
        }
        for key in keys {
            self.stripes[self.key_stripe(brand, key) as usize].fetch_max(number, SeqCst);
        }
        self.commits.fetch_max(number, SeqCst);
    }

    /// Makes every answer stale. To be called after the commit that did it.
    pub(crate) fn forget_all(&self) {
        self.epoch.fetch_add(1, SeqCst);
    }

    /// Notes to which size this process is about to write a book on: whoever finds it that large before
    /// [`wrote`](Self::wrote) was called has found nothing of another's.
    pub(crate) fn announce(&self, brand: BrandId, to: u64) {
        self.announced.lock().unwrap_or_else(PoisonError::into_inner).insert(brand, to);
    }

    /// What was announced came to nothing.
    pub(crate) fn withdraw(&self, brand: BrandId) {
        self.announced.lock().unwrap_or_else(PoisonError::into_inner).remove(&brand);
    }

    /// Notes that this process wrote a book on from one size to another. Where another process had
    /// written to it before, every answer is stale.
    pub(crate) fn wrote(&self, brand: BrandId, from: u64, to: u64) {
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        let known = followed.insert(brand, to);
        if known != Some(from) {
            self.forget_all();
        }
    }

    /// Notes the size of a book as it was found; where it is larger than what was written here, another
    /// process wrote to it, and every answer is stale.
    pub(crate) fn found(&self, brand: BrandId, size: u64) {
        let announced = self.announced.lock().unwrap_or_else(PoisonError::into_inner).get(&brand).copied();
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        let known = followed.entry(brand).or_insert(0);
        if size > (*known).max(announced.unwrap_or(0)) {
            *known = size;
            self.forget_all();
        }
    }

    /// Whether the checkpoint of a size is known to be kept.
    pub(crate) fn has_signed(&self, brand: BrandId, size: u64) -> bool {
        self.signed.lock().unwrap_or_else(PoisonError::into_inner).get(&brand) == Some(&size)
    }

    /// Notes that the checkpoint of a size is kept.
    pub(crate) fn signed(&self, brand: BrandId, size: u64) {
        self.signed.lock().unwrap_or_else(PoisonError::into_inner).insert(brand, size);
    }

    fn find(&self, slot: u64) -> Option<Arc<Kept>> {
        let mut shard = self.shard(slot);
        if let Some(kept) = shard.young.get(&slot) {
            return Some(kept.clone());
        }
        let kept = shard.old.remove(&slot)?;
        shard.young_bytes += kept.bytes();
        shard.young.insert(slot, kept.clone());
        Some(kept)
    }

    fn is_good(&self, kept: &Kept) -> bool {
        kept.epoch == self.epoch.load(SeqCst)
            && kept.stripes.iter().all(|s| self.stripes[*s as usize].load(SeqCst) <= kept.as_of)
    }

    fn shard(&self, slot: u64) -> std::sync::MutexGuard<'_, Shard> {
        // A panic while it was locked leaves whole answers only.
        self.shards[slot as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn subject_stripe(&self, brand: BrandId, subject: i64) -> u32 {
        stripe(self.hasher.hash_one((brand, subject)))
    }

    fn key_stripe(&self, brand: BrandId, key: &str) -> u32 {
        stripe(self.hasher.hash_one((brand, key)))
    }
}

fn stripe(hash: u64) -> u32 {
    (hash % STRIPES as u64) as u32
}

fn scope(reader: &Reader) -> (BrandId, &'static str) {
    (reader.brand, reader.role.word())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::person::Role;

    fn answer(text: &'static str) -> Arc<(u16, Bytes)> {
        Arc::new((200, Bytes::from_static(text.as_bytes())))
    }

    #[test]
    fn an_answer_is_good_until_what_it_rests_on_is_touched() {
        let answers = Answers::new();
        let (brand, reader) = (BrandId(1), Reader { brand: BrandId(1), role: Role::Buyer });
        let mut sources = answers.begin();
        answers.rests_on(&mut sources, brand, 7);
        answers.put(&reader, "A", sources, answer("seven"));
        assert!(answers.get(&reader, "A").is_some());
        assert!(answers.get(&Reader { role: Role::Warehouse, ..reader }, "A").is_none());
        answers.forget(brand, &HashSet::from([8]), &HashSet::new());
        assert!(answers.get(&reader, "A").is_some());
        answers.forget(brand, &HashSet::from([7]), &HashSet::new());
        assert!(answers.get(&reader, "A").is_none());
    }

    #[test]
    fn what_was_read_before_a_commit_and_kept_after_it_is_stale() {
        let answers = Answers::new();
        let (brand, reader) = (BrandId(1), Reader { brand: BrandId(1), role: Role::Buyer });
        let mut sources = answers.begin();
        answers.rests_on_key(&mut sources, brand, "A");
        answers.forget(brand, &HashSet::new(), &HashSet::from(["A".to_string()]));
        answers.put(&reader, "A", sources, answer("old"));
        assert!(answers.get(&reader, "A").is_none());
    }

    #[test]
    fn what_another_process_wrote_makes_every_answer_stale() {
        let (brand, reader) = (BrandId(1), Reader { brand: BrandId(1), role: Role::Buyer });
        let kept = |then: &dyn Fn(&Answers)| {
            let answers = Answers::new();
            answers.wrote(brand, 0, 5);
            answers.put(&reader, "A", answers.begin(), answer("five"));
            then(&answers);
            answers.get(&reader, "A").is_some()
        };
        let unheard_of = Answers::new();
        unheard_of.put(&reader, "A", unheard_of.begin(), answer("none"));
        unheard_of.wrote(brand, 4, 5);
        assert!(unheard_of.get(&reader, "A").is_none(), "nobody knows who wrote the first four");
        assert!(!kept(&|answers| answers.forget_all()));
        assert!(kept(&|answers| answers.wrote(brand, 5, 6)));
        assert!(!kept(&|answers| answers.wrote(brand, 6, 7)));
        assert!(kept(&|answers| answers.found(brand, 5)));
        assert!(!kept(&|answers| answers.found(brand, 6)));
        let committing = |then: &dyn Fn(&Answers)| {
            kept(&|answers| {
                answers.announce(brand, 6);
                then(answers);
            })
        };
        assert!(committing(&|answers| answers.found(brand, 6)), "found what is being committed here");
        assert!(!committing(&|answers| answers.found(brand, 7)));
        assert!(!committing(&|answers| {
            answers.withdraw(brand);
            answers.found(brand, 6);
        }));
    }

    #[test]
    fn memory_is_bounded() {
        let answers = Answers::new();
        let reader = Reader { brand: BrandId(1), role: Role::Buyer };
        let big = Arc::new((200, Bytes::from(vec![0; 100_000])));
        for i in 0..5_000 {
            answers.put(&reader, &i.to_string(), answers.begin(), big.clone());
        }
        let kept: usize =
            answers.shards.iter().map(|s| s.lock().map_or(0, |s| s.young.len() + s.old.len())).sum();
        assert!(kept * 100_000 <= MOST_BYTES + SHARDS * 200_000, "{kept} answers are kept");
    }
}
