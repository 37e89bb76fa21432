//! The one door for writing.
//!
//! A single writer drains the queue into one transaction (group commit): the drafts of all who wait are
//! decided one after the other on one opened book, written together, and acknowledged only when they are
//! durable. A draft that is refused harms no other. What the writer could not write at all it tries
//! again caller by caller, so that a fault that belongs to one of them stays with that one.

pub(crate) mod again;
mod entry;
mod follow;
pub(crate) mod group;
mod rehearse;

use crate::{BrandId, Fault, Ledger, cache::Answers, db::Db, dictionary::Dictionary, open::Places, standing};
use domain::{event::EventDraft, person::Person, refusal::Refusal, time::Time, view::Receipt};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tokio::{
    runtime::{Builder, Handle},
    sync::{Semaphore, mpsc, oneshot},
    time::timeout,
};

/// Callers that may wait in the queue; more have to wait before it.
const QUEUE: usize = 4096;
/// The drafts of one transaction, unless a single caller brings more.
const GROUP: usize = 8192;
/// Drafts that are read before others get a turn.
const READ_AT_ONCE: usize = 128;

/// The tables are measured when they hold so many entries, and whenever those have doubled.
const MEASURE_FIRST: u64 = 1000;

/// What becomes of each draft of a caller, in the order given.
pub(crate) type Answer = Vec<Result<Receipt, Refusal>>;

/// What one caller hands in.
pub(crate) struct Job {
    brand: BrandId,
    person: Person,
    drafts: Vec<EventDraft>,
    /// Where each draft needs the book, or why it cannot be read.
    places: Vec<Result<Places, Refusal>>,
    now: Option<Time>,
    answer: oneshot::Sender<Result<Answer, Fault>>,
}

/// What is told where there is no writer any more.
pub(crate) const CLOSED: &str = "the ledger is closed";

/// A message to the writer.
pub(crate) enum Message {
    Capture(Job),
    /// Decide, and leave the book as it is.
    Rehearse(Job, Duration),
    /// Make rows of the board anew that are due, for about so long.
    Settle(Duration, oneshot::Sender<()>),
    /// Write what is queued, sign every head, and stop.
    Stop(oneshot::Sender<()>),
}

/// The writer's end that callers hold.
#[derive(Clone)]
pub(crate) struct Door {
    queue: mpsc::Sender<Message>,
    /// One rehearsal at a time: between two of them whoever waits for a receipt gets it.
    rehearsing: Arc<Semaphore>,
}

impl Door {
    /// Starts the writer of a database, on a thread of its own: however many requests the others have to
    /// answer, those who wait for a receipt do not wait for them.
    ///
    /// # Errors
    /// When the system gives no further thread.
    pub(crate) fn open(
        db: Db,
        entries: u64,
        answers: Arc<Answers>,
        captures: Arc<AtomicU64>,
    ) -> Result<Door, Fault> {
        let (queue, messages) = mpsc::channel(QUEUE);
        let writer = Writer {
            db,
            answers,
            captures,
            dictionaries: HashMap::new(),
            signed: HashMap::new(),
            entries,
            measure_at: (entries * 2).max(MEASURE_FIRST),
            others: Handle::current(),
            // Whoever wrote here before may have left something.
            behind: true,
            settled: Instant::now(),
        };
        let no_thread = |error| Fault::new(false, format!("the writer cannot start: {error}"));
        let runtime = Builder::new_current_thread().enable_all().build().map_err(no_thread)?;
        std::thread::Builder::new()
            .name("ledger-writer".into())
            .spawn(move || runtime.block_on(writer.run(messages)))
            .map_err(no_thread)?;
        Ok(Door { queue, rehearsing: Arc::new(Semaphore::new(1)) })
    }

    /// Whether there is a writer to hand anything in to.
    pub(crate) fn is_open(&self) -> bool {
        !self.queue.is_closed()
    }

    /// Has the rows of the board made anew that are due, as many as it can in about so long.
    pub(crate) async fn settle(&self, patience: Duration) {
        let (done, wait) = oneshot::channel();
        if self.queue.send(Message::Settle(patience, done)).await.is_ok() {
            // Who asked looks for itself how far it came.
            let _ = wait.await;
        }
    }

    /// Stops the writer when it has written what is queued.
    pub(crate) async fn close(&self) {
        let (done, wait) = oneshot::channel();
        if self.queue.send(Message::Stop(done)).await.is_ok() {
            // The writer drops its end when it is gone already: there is nothing left to wait for.
            let _ = wait.await;
        }
    }
}

impl Ledger {
    /// The one door for writing. Answers in the order given; each draft stands alone. An entry is durable
    /// when its receipt is here.
    ///
    /// A draft sent again is answered with the receipt of the first time, `already` set; another content
    /// under the same id is refused (`id_in_use`).
    ///
    /// # Errors
    /// A [`Fault`] when storage fails; then nothing of these drafts was written.
    pub async fn capture(
        &self,
        brand: BrandId,
        person: &Person,
        drafts: Vec<EventDraft>,
    ) -> Result<Vec<Result<Receipt, Refusal>>, Fault> {
        self.hand_in(brand, person, drafts, None).await
    }

    /// [`capture`](Self::capture) with the record time given, for stories that must replay to the same
    /// bytes.
    ///
    /// # Errors
    /// As [`capture`](Self::capture).
    pub async fn capture_at(
        &self,
        brand: BrandId,
        person: &Person,
        drafts: Vec<EventDraft>,
        now: Time,
    ) -> Result<Vec<Result<Receipt, Refusal>>, Fault> {
        self.hand_in(brand, person, drafts, Some(now)).await
    }

    async fn hand_in(
        &self,
        brand: BrandId,
        person: &Person,
        drafts: Vec<EventDraft>,
        now: Option<Time>,
    ) -> Result<Answer, Fault> {
        self.ask_writer(brand, person, drafts, now, Message::Capture).await
    }

    async fn ask_writer(
        &self,
        brand: BrandId,
        person: &Person,
        drafts: Vec<EventDraft>,
        now: Option<Time>,
        message: impl FnOnce(Job) -> Message,
    ) -> Result<Answer, Fault> {
        if drafts.is_empty() {
            return Ok(vec![]);
        }
        let (answer, wait) = oneshot::channel();
        // Read here, by each caller on its own thread: the one writer has enough to do.
        let mut places = Vec::with_capacity(drafts.len());
        for some in drafts.chunks(READ_AT_ONCE) {
            places.extend(some.iter().map(|d| entry::check_size(d).and_then(|()| Places::of(d))));
            if some.len() == READ_AT_ONCE {
                // Other requests wait for this thread.
                tokio::task::yield_now().await;
            }
        }
        self.refuse_unstored(brand, &drafts, &mut places).await?;
        let job = Job { brand, person: person.clone(), drafts, places, now, answer };
        let gone = || Fault::new(true, CLOSED);
        self.door.queue.send(message(job)).await.map_err(|_| gone())?;
        wait.await.map_err(|_| gone())?
    }
}

/// When a brand's head was last signed.
#[derive(Clone, Copy)]
struct Signed {
    size: u64,
    at: Time,
}

struct Writer {
    db: Db,
    answers: Arc<Answers>,
    captures: Arc<AtomicU64>,
    dictionaries: HashMap<BrandId, Dictionary>,
    signed: HashMap<BrandId, Signed>,
    /// Entries in the database, as far as they were written here.
    entries: u64,
    /// With how many entries the tables are measured again.
    measure_at: u64,
    /// The runtime of all but the writer.
    others: Handle,
    /// Rows of the board may be due.
    behind: bool,
    /// When such were made anew last.
    settled: Instant,
}

/// So long nobody hands anything in before the board is caught up with.
const QUIET: Duration = Duration::from_millis(20);
/// However much is handed in, the board is caught up with as often.
const LATEST: Duration = Duration::from_secs(5);
/// For so long at a time.
const SPELL: Duration = Duration::from_millis(50);

impl Writer {
    async fn run(mut self, mut messages: mpsc::Receiver<Message>) {
        while let Some(message) = self.next(&mut messages).await {
            let (mut stop, mut rehearsal, mut settle) = (None, None, None);
            let mut jobs = Vec::new();
            let mut drafts = 0;
            let mut next = Some(message);
            while let Some(message) = next {
                match message {
                    Message::Capture(job) => {
                        drafts += job.drafts.len();
                        jobs.push(job);
                    }
                    Message::Rehearse(job, patience) => {
                        rehearsal = Some((job, patience));
                        break;
                    }
                    Message::Settle(patience, done) => {
                        settle = Some((patience, done));
                        break;
                    }
                    Message::Stop(done) => {
                        stop = Some(done);
                        break;
                    }
                }
                next = if drafts < GROUP { messages.try_recv().ok() } else { None };
            }
            self.behind |= !jobs.is_empty();
            self.write(jobs).await;
            if let Some((patience, done)) = settle {
                self.settle(patience).await;
                // Who went away has nothing to be told.
                let _ = done.send(());
            }
            if let Some((job, patience)) = rehearsal {
                let answer = rehearse::rehearse(&self.db, &job, patience).await;
                // Who went away has nothing to be told.
                let _ = job.answer.send(answer);
            }
            if let Some(done) = stop {
                self.db.put_pen_down().await;
                // Nobody need wait for this any more if the receiver is gone.
                let _ = done.send(());
                return;
            }
        }
    }

    /// The next message. While none comes the board is caught up with; where they do not end, a little of it
    /// every few seconds.
    async fn next(&mut self, messages: &mut mpsc::Receiver<Message>) -> Option<Message> {
        while self.behind {
            if self.settled.elapsed() < LATEST
                && let Ok(message) = timeout(QUIET, messages.recv()).await
            {
                return message;
            }
            self.settle(SPELL).await;
        }
        messages.recv().await
    }

    /// Makes rows of the board anew that are due.
    async fn settle(&mut self, patience: Duration) {
        let begun = Instant::now();
        self.behind = loop {
            match standing::settle(&self.db).await {
                Ok(true) if begun.elapsed() < patience => {}
                Ok(more) => break more,
                // The fault is in the log; the next entry lets it be tried again.
                Err(_) => break false,
            }
        };
        self.settled = Instant::now();
    }

    /// Writes the jobs in one transaction and answers them.
    async fn write(&mut self, jobs: Vec<Job>) {
        match self.try_write(&jobs).await {
            Ok(answers) => {
                for (job, answer) in jobs.into_iter().zip(answers) {
                    // A caller that went away does not undo what is durable.
                    let _ = job.answer.send(Ok(answer));
                }
            }
            Err(fault) if fault.retry || jobs.len() == 1 => {
                for job in jobs {
                    let _ = job.answer.send(Err(fault.clone()));
                }
            }
            Err(_) => {
                for job in jobs {
                    let answer = self.try_write(std::slice::from_ref(&job)).await;
                    let answer = answer.map(|mut all| all.pop().unwrap_or_default());
                    let _ = job.answer.send(answer);
                }
            }
        }
    }

    async fn try_write(&mut self, jobs: &[Job]) -> Result<Vec<Answer>, Fault> {
        if jobs.is_empty() {
            return Ok(vec![]);
        }
        let written = self.transaction(jobs).await;
        if written.is_err() {
            // Ids that were given out in it have never been.
            self.dictionaries.clear();
        }
        written
    }
}

/// The present moment.
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

impl Writer {
    async fn transaction(&mut self, jobs: &[Job]) -> Result<Vec<Answer>, Fault> {
        let mut by_brand: std::collections::BTreeMap<BrandId, Vec<usize>> = Default::default();
        for (i, job) in jobs.iter().enumerate() {
            by_brand.entry(job.brand).or_default().push(i);
        }
        let mut tx = self.db.begin_group().await?;
        let mut answers: Vec<Answer> = jobs.iter().map(|_| vec![]).collect();
        let mut marks = vec![];
        let mut signed = vec![];
        let mut entries = 0;
        for (brand, members) in by_brand {
            let dictionary = self.dictionaries.entry(brand).or_default();
            let drafts = members.iter().flat_map(|&i| {
                let job = &jobs[i];
                let now = job.now.unwrap_or_else(now);
                let drafts = job.drafts.iter().zip(&job.places);
                drafts.map(move |(draft, places)| group::Item { draft, places, person: &job.person, now })
            });
            let mut group = group::Group::begin(&mut tx, dictionary, brand, drafts.collect()).await?;
            group.write(&mut tx, dictionary).await?;
            if let Some(at) = group.sign(&mut tx, self.signed.get(&brand).map(|s| (s.size, s.at))).await? {
                signed.push((brand, Signed { size: group.size(), at }));
            }
            entries += group.written();
            let (from, to) = (group.size() - group.written(), group.size());
            marks.push((brand, group.corrects(), group.touched(), from, to));
            let mut done = group.answers().into_iter();
            for i in members {
                answers[i] = done.by_ref().take(jobs[i].drafts.len()).collect();
            }
        }
        for (brand, .., to) in &marks {
            self.answers.announce(*brand, *to);
        }
        if let Err(fault) = tx.commit().await {
            for (brand, ..) in &marks {
                self.answers.withdraw(*brand);
            }
            return Err(fault);
        }
        self.signed.extend(signed);
        self.captures.fetch_add(entries, Relaxed);
        self.entries += entries;
        if self.entries >= self.measure_at {
            self.measure_at = self.entries * 2;
            let db = self.db.clone();
            // Its fault is in the log; plans are as good as before.
            self.others.spawn(async move { db.measure().await.is_ok() });
        }
        for (brand, corrects, (subjects, keys), from, to) in &marks {
            match corrects {
                true => self.answers.forget_all(),
                false => self.answers.forget(*brand, subjects, keys),
            }
            self.answers.wrote(*brand, *from, *to);
        }
        Ok(answers)
    }
}
