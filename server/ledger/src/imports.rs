//! Imports: what was handed in, what was seen in it, which entries came of it, and the mappings that were
//! confirmed for a factory's columns. Kept beside the book: the book itself holds only entries.

use crate::{
    BrandId, Fault, Ledger,
    db::{Row, Value, values},
    words::kind_number,
};
use domain::{
    import::{ImportLine, ImportRun, ImportState, Learned, Mapping, Outcome, Preview, RowCounts},
    person::{Person, Role},
    subject::SubjectKind,
    time::Time,
};
use std::collections::HashMap;
use uuid::Uuid;

/// A new import.
pub(crate) const BEGIN: &str = "insert into import_run (brand, id, person, name, role, place, file_name, digest, \
    zone, state, tables, begun, touched, size_before, rows, written, already, refused, preview, outcome) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'reading', '', $10, $10, null, 0, 0, 0, 0, '{}', '{}')";
/// An import as its page shows it.
pub(crate) const ONE: &str = "select r.id, r.file_name, r.person, r.name, r.role, r.place, r.tables, r.begun, \
    r.touched, r.state, r.rows, r.written, r.already, r.refused, r.undone_by, \
    (select count(*) from import_entry e where e.brand = r.brand and e.run = r.id), \
    (select count(e.undone) from import_entry e where e.brand = r.brand and e.run = r.id), \
    r.digest, r.zone, r.preview, r.outcome, r.size_before from import_run r where r.brand = $1 and r.id = $2";
/// The newest imports of a brand.
pub(crate) const NEWEST: &str = "select r.id, r.file_name, r.person, r.name, r.role, r.place, r.tables, r.begun, \
    r.touched, r.state, r.rows, r.written, r.already, r.refused, r.undone_by, \
    (select count(*) from import_entry e where e.brand = r.brand and e.run = r.id), \
    (select count(e.undone) from import_entry e where e.brand = r.brand and e.run = r.id) \
    from import_run r where r.brand = $1 and (r.person = $2 or $2 = '') order by r.begun desc, r.id desc limit $3";
/// What was seen, once it was; only while nobody has confirmed it.
pub(crate) const SEEN: &str = "update import_run set state = 'open', preview = $3, tables = $4, touched = $5 \
    where brand = $1 and id = $2 and state in ('reading', 'open')";
/// Takes an import on, unless somebody else works on it: who stopped saying so has gone.
pub(crate) const CLAIM: &str = "update import_run set state = $3, touched = $5, \
    size_before = coalesce(size_before, case when $3 = 'importing' then cast($6 as bigint) end), \
    undone_by = case when $3 = 'undoing' then $8 else undone_by end \
    where brand = $1 and id = $2 and (state = $4 or (state = $3 and touched < $7))";
/// How far it has come.
pub(crate) const STEP: &str = "update import_run set rows = $3, written = $4, already = $5, refused = $6, \
    touched = $7 where brand = $1 and id = $2";
/// That somebody still works on it.
pub(crate) const TOUCH: &str = "update import_run set touched = $3 where brand = $1 and id = $2";
/// What came of it.
pub(crate) const END: &str =
    "update import_run set state = $3, outcome = $4, touched = $5 where brand = $1 and id = $2";
/// Entries that it wrote.
pub(crate) const ENTRIES: &str =
    "insert into import_entry (brand, run, seq) values {rows} on conflict do nothing";
/// Entries that it wrote and nobody took back, the newest first.
pub(crate) const LEFT: &str = "select seq from import_entry where brand = $1 and run = $2 and undone is null \
    and seq < $3 order by seq desc limit $4";
/// That an entry was taken back, and by which.
pub(crate) const TAKEN_BACK: &str =
    "update import_entry set undone = $4 where brand = $1 and run = $2 and seq = $3";
/// Which of these entries were taken back with their import.
pub(crate) const GONE: &str = "select seq, max(undone) from import_entry where brand = $1 and undone is not null \
    and seq in ({list}) group by seq";
/// Which of these ids there are.
pub(crate) const WRITTEN: &str = "select id, seq from entry where brand = $1 and id in ({list})";
/// What nobody confirmed in time.
pub(crate) const FORGOTTEN: &str =
    "delete from import_run where brand = $1 and state in ('reading', 'open') and touched < $2 returning id";
/// What was confirmed for a place's columns.
pub(crate) const LEARN: &str = "insert into column_mapping (brand, place, table_name, signature, mapping, learned_by, \
    learned_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (brand, place, table_name, signature) \
    do update set mapping = excluded.mapping, learned_by = excluded.learned_by, learned_at = excluded.learned_at";
/// Everything that was confirmed for a place, the newest first.
pub(crate) const LESSONS: &str = "select signature, mapping, learned_by, learned_at from column_mapping \
    where brand = $1 and place = $2 order by learned_at desc";
/// The keys of every place.
pub(crate) const PLACES: &str =
    "select key from subject where brand = $1 and kind = $2 order by key limit $3";

/// Imports that nobody confirmed are forgotten after seven days.
const KEEP_MINUTES: i64 = 7 * 24 * 60;
/// Who has not said for so long that they work on an import has gone.
const SILENT_MS: i64 = 30_000;
/// Imports that a page lists, and places that it offers.
const LISTED: u64 = 50;
const PLACES_OFFERED: u64 = 500;
/// Entries that are taken back together.
const TOGETHER: u64 = 500;

/// What is handed in.
#[derive(Clone, Debug)]
pub struct NewImport<'a> {
    /// Its id.
    pub id: Uuid,
    /// Who hands it in.
    pub person: &'a Person,
    /// The key of the place it came from; empty where none was told.
    pub place: &'a str,
    /// The name of the file.
    pub file: &'a str,
    /// Its digest.
    pub digest: &'a str,
    /// The zone of dates that name none.
    pub zone: &'a str,
}

impl Ledger {
    /// Forgets the imports that nobody confirmed within seven days, and tells their ids.
    ///
    /// # Errors
    /// When storage fails, as everywhere below.
    pub async fn forget_imports(&self, brand: BrandId) -> Result<Vec<String>, Fault> {
        let before = crate::capture::now().plus_minutes(-KEEP_MINUTES);
        let mut tx = self.db.begin().await?;
        let rows = tx.rows(FORGOTTEN, &values![brand.0, before.0]).await?;
        tx.commit().await?;
        rows.iter().map(|row| row.text(0)).collect()
    }

    /// Begins an import.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn begin_import(&self, brand: BrandId, new: &NewImport<'_>) -> Result<(), Fault> {
        let now = crate::capture::now();
        let person = new.person;
        let row = values![
            brand.0,
            new.id.to_string(),
            &person.id,
            &person.name,
            person.role.word(),
            new.place,
            new.file,
            new.digest,
            new.zone,
            now.0
        ];
        self.db.execute(BEGIN, &row).await.map(drop)
    }

    /// An import.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn import_run(&self, brand: BrandId, id: &str) -> Result<Option<ImportRun>, Fault> {
        let row = self.db.row(ONE, &values![brand.0, id]).await?;
        row.map(|row| {
            let line = line(&row)?;
            let silent = crate::capture::now().0 - line.touched.0 > SILENT_MS;
            Ok(ImportRun {
                stopped: line.state.is_under_way() && silent,
                line,
                digest: row.text(17)?,
                zone: row.text(18)?,
                preview: read::<Preview>(&row.text(19)?)?,
                outcome: read::<Outcome>(&row.text(20)?)?,
            })
        })
        .transpose()
    }

    /// How long the book was when an import began to be taken over.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn size_before_import(&self, brand: BrandId, id: &str) -> Result<u64, Fault> {
        let row = self.db.row(ONE, &values![brand.0, id]).await?;
        let size = row.map(|row| row.int_or_none(21)).transpose()?.flatten();
        Ok(size.and_then(|n| u64::try_from(n).ok()).unwrap_or(u64::MAX))
    }

    /// The newest imports of a brand that an account may see: its own, or all.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn imports(&self, brand: BrandId, account: &str, role: Role) -> Result<Vec<ImportLine>, Fault> {
        let whose = if role.releases() { "" } else { account };
        self.db.rows(NEWEST, &values![brand.0, whose, LISTED]).await?.iter().map(line).collect()
    }

    /// Keeps what was seen in an import.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn import_seen(&self, brand: BrandId, id: &str, preview: &Preview) -> Result<(), Fault> {
        let wanted = preview.sheets.iter().filter(|sheet| !sheet.is_left_out());
        let mut tables: Vec<&str> = wanted.map(|sheet| sheet.mapping.table.as_str()).collect();
        tables.dedup();
        let (json, now) = (write(preview)?, crate::capture::now().0);
        self.db.execute(SEEN, &values![brand.0, id, json, tables.join(", "), now]).await.map(drop)
    }

    /// Takes an import on to a state that is under way; false where it is in another one, or somebody works
    /// on it. `by` is the name of who takes it back.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn claim_import(
        &self,
        brand: BrandId,
        id: &str,
        from: ImportState,
        to: ImportState,
        by: Option<&str>,
    ) -> Result<bool, Fault> {
        let now = crate::capture::now().0;
        let size =
            self.db.row(crate::head::HEAD, &values![brand.0]).await?.map_or(Ok(0), |row| row.count(0))?;
        let row = values![brand.0, id, to.word(), from.word(), now, size, now - SILENT_MS, by];
        Ok(self.db.execute(CLAIM, &row).await? > 0)
    }

    /// Keeps how far an import has come, and which entries it wrote.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn import_came(
        &self,
        brand: BrandId,
        id: &str,
        counts: RowCounts,
        entries: &[u64],
    ) -> Result<(), Fault> {
        let RowCounts { rows, new, already, bad } = counts;
        let mut tx = self.db.begin().await?;
        let written: Vec<Vec<Value>> =
            entries.iter().map(|seq| values![brand.0, id, *seq].to_vec()).collect();
        tx.execute_many(ENTRIES, 3, &written).await?;
        let now = crate::capture::now().0;
        tx.execute(STEP, &values![brand.0, id, rows, new, already, bad, now]).await?;
        tx.commit().await
    }

    /// Keeps what came of an import.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn end_import(
        &self,
        brand: BrandId,
        id: &str,
        state: ImportState,
        outcome: &Outcome,
    ) -> Result<(), Fault> {
        let (json, now) = (write(outcome)?, crate::capture::now().0);
        self.db.execute(END, &values![brand.0, id, state.word(), json, now]).await.map(drop)
    }

    /// Entries of an import that are not taken back, before a number, the newest first.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn import_entries(&self, brand: BrandId, id: &str, before: u64) -> Result<Vec<u64>, Fault> {
        let rows = self.db.rows(LEFT, &values![brand.0, id, before, TOGETHER]).await?;
        rows.iter().map(|row| row.count(0)).collect()
    }

    /// Keeps which entries were taken back, each with the entry that did it.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn import_taken_back(
        &self,
        brand: BrandId,
        id: &str,
        pairs: &[(u64, u64)],
    ) -> Result<(), Fault> {
        let mut tx = self.db.begin().await?;
        for (seq, by) in pairs {
            tx.execute(TAKEN_BACK, &values![brand.0, id, *seq, *by]).await?;
        }
        tx.execute(TOUCH, &values![brand.0, id, crate::capture::now().0]).await?;
        tx.commit().await
    }

    /// Which of these entries were taken back with their import, and by which entry.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn taken_back(&self, brand: BrandId, seqs: &[u64]) -> Result<HashMap<u64, u64>, Fault> {
        let list: Vec<Value> = seqs.iter().map(|seq| Value::from(*seq)).collect();
        let rows = self.db.look().rows_in(GONE, &values![brand.0], &list, true).await?;
        rows.iter().map(|row| Ok((row.count(0)?, row.count(1)?))).collect()
    }

    /// Which of these drafts were written, by their ids, and as which entry.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn written(&self, brand: BrandId, ids: &[Uuid]) -> Result<HashMap<Uuid, u64>, Fault> {
        let list: Vec<Value> = ids.iter().map(|id| Value::from(id.as_bytes().as_slice())).collect();
        let rows = self.db.look().rows_in(WRITTEN, &values![brand.0], &list, true).await?;
        let one = |row: &Row| Ok((Uuid::from_slice(&row.bytes(0)?).map_err(Fault::damaged)?, row.count(1)?));
        rows.iter().map(one).collect()
    }

    /// Says that somebody still works on an import.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn import_lives(&self, brand: BrandId, id: &str) -> Result<(), Fault> {
        self.db.execute(TOUCH, &values![brand.0, id, crate::capture::now().0]).await.map(drop)
    }

    /// Keeps what was confirmed for a place's columns; a later one for the same headers takes its place.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn learn_mapping(
        &self,
        brand: BrandId,
        place: &str,
        signature: &str,
        mapping: &Mapping,
        by: &str,
    ) -> Result<(), Fault> {
        let (json, now) = (write(mapping)?, crate::capture::now().0);
        let row = values![brand.0, place, &mapping.table, signature, json, by, now];
        self.db.execute(LEARN, &row).await.map(drop)
    }

    /// Everything that was confirmed for a place, each with the signature of the headers it is for.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn lessons(&self, brand: BrandId, place: &str) -> Result<Vec<(String, Learned)>, Fault> {
        let rows = self.db.rows(LESSONS, &values![brand.0, place]).await?;
        let lesson = |row: &Row| {
            let mapping = read::<Mapping>(&row.text(1)?)?;
            Ok((row.text(0)?, Learned { mapping, by: row.text(2)?, at: Time(row.int(3)?) }))
        };
        rows.iter().map(lesson).collect()
    }

    /// The keys of the places that there are.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn place_keys(&self, brand: BrandId) -> Result<Vec<String>, Fault> {
        let kind = kind_number(SubjectKind::Place);
        let rows = self.db.rows(PLACES, &values![brand.0, kind, PLACES_OFFERED]).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }
}

fn line(row: &Row) -> Result<ImportLine, Fault> {
    let word = |what: &str, word: String| Fault::damaged(format!("there is no {what} {word}"));
    let (role, state) = (row.text(4)?, row.text(9)?);
    Ok(ImportLine {
        id: row.text(0)?,
        file: row.text(1)?,
        person: row.text(2)?,
        name: row.text(3)?,
        role: Role::from_word(&role).ok_or_else(|| word("role", role))?,
        place: row.text(5)?,
        tables: row.text(6)?,
        begun: Time(row.int(7)?),
        touched: Time(row.int(8)?),
        state: ImportState::from_word(&state).ok_or_else(|| word("state", state))?,
        counts: RowCounts {
            rows: row.count(10)?,
            new: row.count(11)?,
            already: row.count(12)?,
            bad: row.count(13)?,
        },
        undone_by: row.text_or_none(14)?,
        entries: row.count(15)?,
        undone: row.count(16)?,
    })
}

/// An empty object is what was never written.
fn read<T: serde::de::DeserializeOwned + Default>(json: &str) -> Result<T, Fault> {
    if json == "{}" {
        return Ok(T::default());
    }
    serde_json::from_str(json).map_err(Fault::damaged)
}

fn write(value: &impl serde::Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(Fault::damaged)
}
