//! The ledger itself: its head, its entries, and the proof that one is among them.

use super::{PAGE, Reading, sources::tells_supplier};
use crate::{
    BrandId, Fault, Ledger, Reader,
    db::values,
    head::{self, Head, STEP},
    open::parse_ids,
};
use domain::{
    log::{Hash, inclusion_proof, node_hash},
    view::{CheckpointView, EntryView, LedgerView, Page},
};
use serde_json::Value as Json;
use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
};

/// The newest entries before a number.
pub(crate) const NEWEST: &str =
    "select seq from entry where brand = $1 and seq < $2 order by seq desc limit $3";
/// What is open.
pub(crate) const OPEN: &str = "select seq, kind, subject, key, said, closed from discrepancy \
    where brand = $1 and closed is null order by seq desc, n limit 50";
/// How much is open.
pub(crate) const OPEN_COUNT: &str = "select count(*) from discrepancy where brand = $1 and closed is null";
/// An entry as written.
pub(crate) const ENTRY: &str = "select bytes, hash, subjects from entry where brand = $1 and seq = $2";
/// What an entry raised.
pub(crate) const RAISED: &str = "select seq, kind, subject, key, said, closed from discrepancy \
    where brand = $1 and seq = $2 order by n";
/// Leaves of the tree.
pub(crate) const LEAVES: &str =
    "select seq, hash from entry where brand = $1 and seq > $2 and seq <= $3 order by seq";
/// Stored nodes of the tree.
pub(crate) const NODES: &str =
    "select node, hash from log_node where brand = $1 and level = $2 and node >= $3 and node < $4";

/// Subjects of an entry that are told by name.
const MOST_SUBJECTS: usize = 200;

impl Ledger {
    /// Entries before a sequence number (the newest without one), the newest first; the head, and what
    /// is open.
    ///
    /// # Errors
    /// When storage fails, or there is no such brand.
    pub async fn ledger_view(&self, reader: &Reader, before: Option<u64>) -> Result<LedgerView, Fault> {
        let mut reading = Reading::begin(self, reader);
        let checkpoint = self.checkpoint(reader.brand).await?;
        if !reader.role.reads_ledger() {
            let (entries, open_discrepancies) = (Page::default(), Page::default());
            return Ok(LedgerView { checkpoint, entries, open_discrepancies });
        }
        let before = before.and_then(|n| i64::try_from(n).ok()).unwrap_or(i64::MAX);
        let rows = reading.rows(NEWEST, &values![before, PAGE as i64 + 1]).await?;
        let mut seqs = rows.iter().map(|r| r.int(0)).collect::<Result<Vec<i64>, _>>()?;
        let more = seqs.len() > PAGE;
        seqs.truncate(PAGE);
        let next = seqs.last().filter(|_| more).map(i64::to_string);
        let rows = reading.lines(&seqs, None).await?;
        let entries = Page { rows, total: checkpoint.size, next };
        let open = reading.rows(OPEN, &[]).await?;
        let total = reading.rows(OPEN_COUNT, &[]).await?.first().map_or(Ok(0), |r| r.count(0))?;
        let rows = reading.discrepancies(open).await?;
        Ok(LedgerView { checkpoint, entries, open_discrepancies: Page { rows, total, next: None } })
    }

    /// An entry with its proof. Sequence numbers begin at 1; the leaf's index in the tree is one less.
    /// The content is null where it tells a supplier and the reader may not know; hash and proof hold
    /// all the same.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn entry(&self, reader: &Reader, seq: u64) -> Result<Option<EntryView>, Fault> {
        if !reader.role.reads_records() {
            return Ok(None);
        }
        // The tree first: an entry that is seen is in it only where the look begins later.
        let head = self.head(reader.brand).await?;
        let index = seq.checked_sub(1).filter(|index| *index < head.frontier.size());
        // That there is no such entry can be told without a checkpoint, which is written down.
        let Some(index) = index else { return Ok(None) };
        let checkpoint = self.hand_out(reader.brand, &head).await?;
        let mut reading = Reading::begin(self, reader);
        let Some(row) = reading.rows(ENTRY, &values![seq]).await?.into_iter().next() else {
            return Ok(None);
        };
        let content: Json = serde_json::from_slice(&row.bytes(0)?).map_err(Fault::damaged)?;
        let hidden = !reader.role.reads_suppliers() && tells_supplier(&content);
        let hash = Hash::from_bytes(&row.bytes(1)?).map_err(Fault::damaged)?;
        let subjects = parse_ids(&row.text(2)?)?;
        let seq_column = i64::try_from(seq).map_err(Fault::damaged)?;
        let Some(line) = reading.lines(&[seq_column], None).await?.into_iter().next() else {
            return Ok(None);
        };
        let told: Vec<i64> = subjects.into_iter().take(MOST_SUBJECTS).collect();
        reading.learn_titles(told.iter().copied()).await?;
        let raised = reading.rows(RAISED, &values![seq]).await?;
        let discrepancies = reading.discrepancies(raised).await?;
        let proof = reading.proof(checkpoint.size, index).await?;
        Ok(Some(EntryView {
            line,
            subjects: told.into_iter().map(|id| reading.titled(id)).collect(),
            content: if hidden { Json::Null } else { content },
            hash: hash.to_hex(),
            proof: proof.into_iter().map(Hash::to_hex).collect(),
            checkpoint,
            discrepancies,
        }))
    }

    /// The signed checkpoint of the present size. What is handed out is also kept, so that
    /// [`verify`](Self::verify) holds the book to it ever after.
    ///
    /// # Errors
    /// When storage fails, or there is no such brand.
    pub async fn checkpoint(&self, brand: BrandId) -> Result<CheckpointView, Fault> {
        let head = self.head(brand).await?;
        self.hand_out(brand, &head).await
    }

    async fn head(&self, brand: BrandId) -> Result<Head, Fault> {
        let row = self.db.row(head::HEAD, &values![brand.0]).await?;
        let row = row.ok_or_else(|| Fault::new(false, format!("there is no brand {}", brand.0)))?;
        Head::read(&row)
    }

    async fn hand_out(&self, brand: BrandId, head: &Head) -> Result<CheckpointView, Fault> {
        let (checkpoint, note) = head.note()?;
        self.keep_checkpoint(brand, checkpoint.size, &note).await?;
        Ok(CheckpointView {
            origin: checkpoint.origin,
            size: checkpoint.size,
            root: checkpoint.root.to_base64(),
            note,
            verifier_key: head.key.verifier().to_string(),
        })
    }

    async fn keep_checkpoint(&self, brand: BrandId, size: u64, note: &str) -> Result<(), Fault> {
        if size == 0 || self.answers.has_signed(brand, size) {
            return Ok(());
        }
        let now = crate::capture::now().0;
        self.db.execute(head::CHECKPOINT, &values![brand.0, size, note, now]).await?;
        self.answers.signed(brand, size);
        Ok(())
    }
}

impl Reading<'_> {
    /// The proof that a leaf is in the tree of some size.
    async fn proof(&self, size: u64, index: u64) -> Result<Vec<Hash>, Fault> {
        // Once to learn which nodes it takes, once with them.
        let asked = RefCell::new(BTreeSet::new());
        inclusion_proof(size, index, |level, node| {
            asked.borrow_mut().insert((level, node));
            Some(Hash([0; 32]))
        })
        .map_err(Fault::damaged)?;
        let mut nodes = HashMap::new();
        for (level, node) in asked.into_inner() {
            nodes.insert((level, node), self.node(level, node).await?);
        }
        inclusion_proof(size, index, |level, node| nodes.get(&(level, node)).copied()).map_err(Fault::damaged)
    }

    /// A complete node: hashed from the stored ones on the level at or below it.
    async fn node(&self, level: u8, node: u64) -> Result<Hash, Fault> {
        let above = level % STEP;
        let stored = level - above;
        let (from, to) = (node << above, (node + 1) << above);
        let rows = match stored {
            0 => self.rows(LEAVES, &values![from, to]).await?,
            _ => self.rows(NODES, &values![i64::from(stored), from, to]).await?,
        };
        let mut hashes: Vec<(i64, Hash)> = rows
            .iter()
            .map(|r| Ok((r.int(0)?, Hash::from_bytes(&r.bytes(1)?).map_err(Fault::damaged)?)))
            .collect::<Result<_, Fault>>()?;
        hashes.sort_by_key(|(n, _)| *n);
        let mut hashes: Vec<Hash> = hashes.into_iter().map(|(_, h)| h).collect();
        if hashes.len() as u64 != to - from {
            return Err(Fault::damaged(format!("node {node} of level {level} lacks leaves")));
        }
        while hashes.len() > 1 {
            hashes = hashes.chunks(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
        }
        hashes.first().copied().ok_or_else(|| Fault::damaged(format!("node {node} of level {level} is gone")))
    }
}
