//! Answering a draft that was written before.

use crate::{
    db::{Tx, Value, values},
    dictionary::Dictionary,
    fault::Fault,
    open::parse_ids,
};
use domain::{event::Discrepancy, log::Hash, view::Receipt};
use std::collections::HashMap;
use uuid::Uuid;

/// Entries that have the ids of drafts.
pub(crate) const WRITTEN: &str =
    "select id, seq, hash, bytes, subjects from entry where brand = $1 and id in ({list})";
/// What an entry raised.
pub(crate) const RAISED: &str =
    "select kind, subject, key, said from discrepancy where brand = $1 and seq = $2 order by n";

/// What is written of one draft, to answer it when it is sent again.
pub(crate) struct Written {
    pub(crate) seq: u64,
    pub(crate) hash: Hash,
    pub(crate) bytes: Vec<u8>,
    pub(crate) subjects: Vec<i64>,
    /// What it raised, where that need not be read.
    pub(crate) discrepancies: Option<Vec<Discrepancy>>,
}

/// The entries that these ids were written as.
pub(crate) async fn written(
    tx: &mut Tx,
    brand: i64,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Written>, Fault> {
    let ids: Vec<Value> = ids.map(|id| Value::from(id.as_bytes().as_slice())).collect();
    let mut found = HashMap::new();
    for row in tx.rows_in(WRITTEN, &values![brand], &ids).await? {
        let written = Written {
            seq: row.count(1)?,
            hash: Hash::from_bytes(&row.bytes(2)?).map_err(Fault::damaged)?,
            bytes: row.bytes(3)?,
            subjects: parse_ids(&row.text(4)?)?,
            discrepancies: None,
        };
        found.insert(Uuid::from_slice(&row.bytes(0)?).map_err(Fault::damaged)?, written);
    }
    Ok(found)
}

/// The receipt of a draft that was written before.
pub(crate) async fn receipt(
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
