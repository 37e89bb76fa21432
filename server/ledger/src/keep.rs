//! Keeping the book honest and safe: verify, backup, restore.

mod documents;

pub use documents::Copied;
use documents::FILES;
pub(crate) use documents::shelf;

use crate::{
    BrandId, Fault, Ledger,
    db::{self, values},
    head::{self, Head, STEP},
    shelf::Shelf,
    views::timeline::named_in,
};
use domain::{
    log::{Checkpoint, Frontier, Hash, leaf_hash},
    refusal::Refusal,
    text::{Text, text},
    time::{Time, Zone},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::{Path, PathBuf},
};

/// Documents by digest, each with the first entry that names it.
type Named = BTreeMap<String, u64>;

/// Entries in order, a stretch at a time.
pub(crate) const STRETCH: &str = "select seq, id, kind, event_time, zone, record_time, evidence, bytes, \
    hash from entry where brand = $1 and seq > $2 order by seq limit $3";
/// Every stored checkpoint.
pub(crate) const CHECKPOINTS: &str = "select size, note from checkpoint where brand = $1 order by size";
/// Stored nodes of the tree among a stretch of entries.
pub(crate) const NODES: &str =
    "select node, hash from log_node where brand = $1 and level = $2 and node >= $3 and node < $4";
/// What a subject's story tells, though the entry does not name the subject, or is not there.
pub(crate) const UNTOLD: &str = "select s.seq, s.subject from subject_entry s \
    left join entry e on e.brand = s.brand and e.seq = s.seq \
    where s.brand = $1 and s.way = 0 and (e.seq is null \
        or ',' || e.subjects || ',' not like '%,' || cast(s.subject as text) || ',%') \
    order by s.seq, s.subject limit $2";
/// The tables of intervals.
pub(crate) const INTERVALS: [&str; 6] = ["name", "link", "mark", "counted", "fact", "refer"];
/// The last entry that an interval names, and how many end before they begin.
pub(crate) const ADRIFT: &str = "select cast(coalesce(max(since), 0) as bigint), \
    cast(coalesce(max(until), 0) as bigint), \
    count(case when since < 1 or (until > 0 and until < since) then 1 end) from {table} where brand = $1";
/// The last entry there is, whatever the head tells.
pub(crate) const LAST: &str = "select cast(coalesce(max(seq), 0) as bigint) from entry where brand = $1";
/// Dispositions that contradict each other: two of one aspect at once.
pub(crate) const TWICE: &str = "select count(*) from (select subject from mark \
    where brand = $1 and until is null group by subject, aspect having count(*) > 1) as twice";

const ENTRIES_AT_ONCE: i64 = 1000;
/// Findings that are told one by one; more would bury the first.
const MOST_FINDINGS: usize = 100;

const EXISTS: Text =
    text("{path} exists already. Name a file that does not.", "{path} 已存在，请指定一个尚不存在的文件。");
const PG_DUMP: Text = text(
    "This database is PostgreSQL, which has its own tool for this: run pg_dump --format=custom --file={path}, and pg_restore to bring it back. Copy the place of the documents (--files) along.",
    "当前数据库为 PostgreSQL，请使用其自带工具：pg_dump --format=custom --file={path} 备份，pg_restore 恢复。文件存放处（--files）请一并复制。",
);
const LEFT_OVER: Text = text(
    "{log} is what was left of a database at {path} and may hold entries that are nowhere else. Move both to a \
     safe place together, or restore under another name.",
    "{log} 是原位于 {path} 的数据库的残留日志，可能含有别处没有的条目。请将两者一并移至安全位置，或恢复为其他名称。",
);
const NOT_EMPTY: Text = text(
    "The database {path} is there already. Name one that does not exist yet; nothing was changed.",
    "数据库 {path} 已存在。请指定尚不存在的数据库；未作任何更改。",
);
const NO_BACKUP: Text = text("{path} is not a backup of a ledger: {why}.", "{path} 不是账本备份：{why}。");

/// What [`Ledger::verify`] found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VerifyReport {
    /// Entries whose bytes were hashed again.
    pub entries: u64,
    /// Checkpoints that were compared.
    pub checkpoints: u64,
    /// Documents that entries name and whose bytes were hashed again.
    pub documents: u64,
    /// What does not fit, in words with the place; empty when all is well.
    pub findings: Vec<String>,
}

impl VerifyReport {
    fn finds(&mut self, finding: String) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        }
    }
}

impl Ledger {
    /// Hashes every entry again, grows the tree from nothing, and compares it with every stored node,
    /// every checkpoint ever signed and the head; then looks for projections that do not fit the
    /// entries, and for documents that entries name and that are not there, or not as they were stored.
    /// `progress` is told now and then how many entries are done. Others may read and capture
    /// meanwhile: what is written after it began is left for the next time.
    ///
    /// # Errors
    /// When storage fails. What does not fit is not an error but a finding.
    pub async fn verify(&self, mut progress: impl FnMut(u64)) -> Result<VerifyReport, Fault> {
        let mut report = VerifyReport::default();
        for brand in self.brands().await? {
            let mut named = Named::default();
            self.verify_log(brand.id, &brand.slug, &mut report, &mut named, &mut progress).await?;
            self.verify_documents(brand.id, &brand.slug, named, &mut report).await?;
        }
        Ok(report)
    }

    async fn verify_log(
        &self,
        brand: BrandId,
        slug: &str,
        report: &mut VerifyReport,
        named: &mut Named,
        progress: &mut impl FnMut(u64),
    ) -> Result<(), Fault> {
        // Checkpoints before the head: one that is beyond it was then signed of entries that are gone, and
        // not while we read.
        let mut checkpoints: HashMap<u64, String> = HashMap::new();
        for row in self.db.rows(CHECKPOINTS, &values![brand.0]).await? {
            checkpoints.insert(row.count(0)?, row.text(1)?);
        }
        let row = self.db.row(head::HEAD, &values![brand.0]).await?;
        let head = row.as_ref().map(Head::read).transpose()?;
        let Some(head) = head else {
            report.finds(format!("{slug}: the head is gone"));
            return Ok(());
        };
        let size = head.frontier.size();
        let mut beyond: Vec<u64> = checkpoints.keys().copied().filter(|at| *at > size).collect();
        beyond.sort_unstable();
        for at in beyond {
            report.finds(format!("{slug}: a checkpoint tells {at} entries, the head {size}"));
        }
        let mut grown = Frontier::new();
        while grown.size() < size {
            let from = grown.size();
            let rows = self.db.rows(STRETCH, &values![brand.0, from, ENTRIES_AT_ONCE]).await?;
            if rows.is_empty() {
                report.finds(format!("{slug}: entry {} is gone, the head tells {size} entries", from + 1));
                return Ok(());
            }
            let mut nodes: HashMap<(u8, u64), Hash> = HashMap::new();
            for row in rows {
                let seq = row.count(0)?;
                if seq != grown.size() + 1 {
                    report.finds(format!("{slug}: entry {} is gone", grown.size() + 1));
                    return Ok(());
                }
                if seq > size {
                    break;
                }
                check_entry(slug, &row, report, named)?;
                for node in grown.push(leaf_hash(&row.bytes(7)?)) {
                    if node.level > 0 && node.level % STEP == 0 {
                        nodes.insert((node.level, node.index), node.hash);
                    }
                }
                report.entries += 1;
                if let Some(note) = checkpoints.get(&seq) {
                    report.checkpoints += 1;
                    check_note(slug, note, &head, &grown, report);
                }
            }
            self.check_nodes(brand, slug, &nodes, report).await?;
            progress(report.entries);
        }
        if grown != head.frontier {
            report.finds(format!("{slug}: the head is not that of the {size} entries"));
        }
        self.verify_projections(brand, slug, report).await
    }

    async fn check_nodes(
        &self,
        brand: BrandId,
        slug: &str,
        nodes: &HashMap<(u8, u64), Hash>,
        report: &mut VerifyReport,
    ) -> Result<(), Fault> {
        let levels: HashSet<u8> = nodes.keys().map(|(level, _)| *level).collect();
        for level in levels {
            let at = || nodes.keys().filter(|(l, _)| *l == level).map(|(_, n)| *n);
            let (Some(from), Some(to)) = (at().min(), at().max()) else { continue };
            let mut stored = HashMap::new();
            for row in self.db.rows(NODES, &values![brand.0, i64::from(level), from, to + 1]).await? {
                stored.insert(row.count(0)?, row.bytes(1)?);
            }
            for node in at() {
                let same = nodes.get(&(level, node)).map(|h| h.as_bytes().as_slice());
                if stored.get(&node).map(Vec::as_slice) != same {
                    report.finds(format!("{slug}: node {node} of level {level} is not that of the entries"));
                }
            }
        }
        Ok(())
    }

    async fn verify_projections(
        &self,
        brand: BrandId,
        slug: &str,
        report: &mut VerifyReport,
    ) -> Result<(), Fault> {
        let mut last = vec![];
        for table in INTERVALS {
            let sql = ADRIFT.replace("{table}", table);
            if let Some(row) = self.db.row(&sql, &values![brand.0]).await? {
                last.push((table, row.count(0)?.max(u64::try_from(row.int(1)?).unwrap_or(0))));
                if row.int(2)? > 0 {
                    report.finds(format!("{slug}: {} rows of {table} end before they begin", row.int(2)?));
                }
            }
        }
        if let Some(row) = self.db.row(LAST, &values![brand.0]).await? {
            last.push(("entry", row.count(0)?));
        }
        // Captures go on meanwhile, so the head is read after what may not be beyond it.
        let head = self.db.row(head::HEAD, &values![brand.0]).await?;
        let size = head.map_or(Ok(0), |r| r.count(0))?;
        for (table, seq) in last.into_iter().filter(|(_, seq)| *seq > size) {
            report.finds(format!("{slug}: a row of {table} names entry {seq} of {size}"));
        }
        for row in self.db.rows(UNTOLD, &values![brand.0, MOST_FINDINGS as u64]).await? {
            let (seq, subject) = (row.count(0)?, row.int(1)?);
            report.finds(format!("{slug}: the story of subject {subject} tells entry {seq}, which does not"));
        }
        let twice = self.db.row(TWICE, &values![brand.0]).await?.map_or(Ok(0), |r| r.count(0))?;
        if twice > 0 {
            report.finds(format!("{slug}: {twice} subjects have two dispositions of one aspect"));
        }
        Ok(())
    }

    /// Writes a copy of the database to a file that does not exist yet, while others read and capture, and
    /// the documents from a folder into one beside it. On PostgreSQL refused, with the command that does it.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn backup(&self, path: &Path) -> Result<Result<Copied, Refusal>, Fault> {
        let shown = path.display().to_string();
        if path.exists() {
            return Ok(Err(Refusal::said("file_exists", EXISTS.with(&[("path", &shown)]))));
        }
        match self.db.copy_to(path).await? {
            // Documents after the database: none that it names is stored later.
            true => self.copy_documents_beside(path).await.map(Ok),
            false => Ok(Err(Refusal::said("use_pg_dump", PG_DUMP.with(&[("path", &shown)])))),
        }
    }

    /// Puts a backup in the place of a database that does not exist yet, and its documents in the place for
    /// `files` (see [`open_with`](Ledger::open_with)). The backup is opened and its log verified first; a
    /// database that is there is never written over. Documents that are missing or changed are told and do
    /// not keep the book from coming back.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn restore(
        url: &str,
        files: Option<&str>,
        path: &Path,
    ) -> Result<Result<Copied, Refusal>, Fault> {
        let shown = path.display().to_string();
        let Some(target) = db::sqlite_path(url) else {
            return Ok(Err(Refusal::said("use_pg_dump", PG_DUMP.with(&[("path", &shown)]))));
        };
        let full = std::fs::metadata(target).is_ok_and(|m| m.len() > 0);
        if full {
            let target = target.display().to_string();
            return Ok(Err(Refusal::said("not_empty", NOT_EMPTY.with(&[("path", &target)]))));
        }
        // SQLite would write what is left of another database into this one.
        let log = beside(target, "-wal");
        if std::fs::metadata(&log).is_ok_and(|m| m.len() > 0) {
            let (target, log) = (target.display().to_string(), log.display().to_string());
            return Ok(Err(Refusal::said("left_over", LEFT_OVER.with(&[("path", &target), ("log", &log)]))));
        }
        let io = |e: std::io::Error| Fault::new(true, format!("{shown} cannot be copied: {e}"));
        let no = |why: &str| Refusal::said("no_backup", NO_BACKUP.with(&[("path", &shown), ("why", why)]));
        if !is_sqlite(path) {
            return Ok(Err(no("it is not an SQLite database")));
        }
        if let Some(folder) = target.parent().filter(|p| !p.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(io)?;
        }
        // Under another name first, so that a copy that stops half-way is never taken for the database.
        let part = target.with_extension("restoring");
        std::fs::copy(path, &part).map_err(io)?;
        let to = shelf(url, files)?;
        let why = match verified(&part, &beside(path, FILES), to.as_ref()).await {
            Ok(Ok(copied)) => {
                std::fs::File::open(&part).and_then(|file| file.sync_all()).map_err(io)?;
                std::fs::rename(&part, target).map_err(io)?;
                return Ok(Ok(copied));
            }
            Ok(Err(finding)) => finding,
            Err(fault) => fault.to_string(),
        };
        remove(&part);
        Ok(Err(no(&why)))
    }
}

/// Every SQLite file begins with this.
fn is_sqlite(path: &Path) -> bool {
    use std::io::Read;
    let mut begin = [0; 16];
    std::fs::File::open(path).and_then(|mut f| f.read_exact(&mut begin)).is_ok()
        && begin == *b"SQLite format 3\0"
}

/// Verifies the log of a copy, and copies its documents from the folder beside it; the first thing that does
/// not fit in place of that. The copy is closed afterwards.
async fn verified(copy: &Path, from: &Path, to: Option<&Shelf>) -> Result<Result<Copied, String>, Fault> {
    let url = format!("sqlite:{}", copy.display());
    let ledger = Ledger::open_with(&url, Some(&from.to_string_lossy())).await?;
    let copied = ledger.verified_copy(to).await;
    ledger.close().await;
    remove_beside(copy);
    copied
}

fn remove(part: &Path) {
    // What cannot be removed is told by the next attempt, which cannot write there.
    let _ = std::fs::remove_file(part);
    remove_beside(part);
}

/// The files that SQLite keeps beside an open database.
fn remove_beside(part: &Path) {
    for ending in ["-wal", "-shm"] {
        // They are gone already when the last connection closed in good order.
        let _ = std::fs::remove_file(beside(part, ending));
    }
}

/// A file that SQLite keeps beside a database.
fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Compares an entry's columns with its bytes.
fn check_entry(slug: &str, row: &db::Row, report: &mut VerifyReport, named: &mut Named) -> Result<(), Fault> {
    let seq = row.count(0)?;
    let bytes = row.bytes(7)?;
    if leaf_hash(&bytes).as_bytes().as_slice() != row.bytes(8)? {
        report.finds(format!("{slug}: entry {seq} is not what was hashed"));
    }
    let content: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    for document in named_in(&content) {
        named.entry(document.digest).or_insert(seq);
    }
    let id = uuid::Uuid::from_slice(&row.bytes(1)?).map(|u| u.to_string()).unwrap_or_default();
    let repeated = [
        ("seq", json!(seq)),
        ("id", json!(id)),
        ("kind", json!(row.text(2)?)),
        ("eventTime", json!(Time(row.int(3)?))),
        ("zone", i16::try_from(row.int(4)?).map_or(Value::Null, |minutes| json!(Zone(minutes)))),
        ("recordTime", json!(Time(row.int(5)?))),
        ("evidence", json!(row.text(6)?)),
    ];
    for (name, value) in repeated {
        if content[name] != value {
            report.finds(format!("{slug}: the columns of entry {seq} are not those of its content: {name}"));
        }
    }
    Ok(())
}

fn check_note(slug: &str, note: &str, head: &Head, grown: &Frontier, report: &mut VerifyReport) {
    let size = grown.size();
    match Checkpoint::open(note, &[head.key.verifier()]) {
        Ok(checkpoint) if checkpoint.size == size && checkpoint.root == grown.root() => {}
        Ok(_) => report.finds(format!("{slug}: the checkpoint of {size} entries is of another tree")),
        Err(error) => report.finds(format!("{slug}: the checkpoint of {size} entries: {}", error.said())),
    }
}
