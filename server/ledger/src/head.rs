//! Where a brand's book ends: the tree's edge, and the key that signs it.

use crate::{
    db::{Tx, Value, values},
    fault::Fault,
};
use domain::{
    log::{Checkpoint, Frontier, Hash, Node, SigningKey},
    time::Time,
};

/// The head, and the brand it belongs to.
pub(crate) const HEAD: &str = "select h.size, h.frontier, h.next_subject, b.slug, b.signing_key \
    from log_head h join brand b on b.id = h.brand where h.brand = $1";
/// Moves the head.
pub(crate) const MOVE: &str =
    "update log_head set size = $2, frontier = $3, next_subject = $4 where brand = $1";
/// Complete nodes of the tree.
pub(crate) const NODES: &str = "insert into log_node (brand, level, node, hash) values {rows}";
/// A signed checkpoint.
pub(crate) const CHECKPOINT: &str = "insert into checkpoint (brand, size, note, record_time) \
    values ($1, $2, $3, $4) on conflict do nothing";

/// Nodes are stored at every fourth level: a proof reads at most 16 hashes a level, and an entry costs
/// about three bytes.
pub(crate) const STEP: u8 = 4;

/// The end of a brand's book.
pub(crate) struct Head {
    pub(crate) frontier: Frontier,
    pub(crate) next_subject: i64,
    pub(crate) slug: String,
    pub(crate) key: SigningKey,
}

impl Head {
    /// Reads the head and keeps other processes off it until the transaction ends.
    pub(crate) async fn lock(tx: &mut Tx, brand: i64) -> Result<Option<Head>, Fault> {
        let sql = match tx.for_update() {
            "" => HEAD.to_string(),
            clause => format!("{HEAD}{clause} of h"),
        };
        let rows = tx.rows(&sql, &values![brand]).await?;
        rows.first().map(Head::read).transpose()
    }

    /// The head from a row of [`HEAD`].
    pub(crate) fn read(row: &crate::db::Row) -> Result<Head, Fault> {
        let (size, bytes) = (row.count(0)?, row.bytes(1)?);
        let hashes: Result<Vec<Hash>, _> = bytes.chunks(32).map(Hash::from_bytes).collect();
        let frontier = Frontier::from_parts(size, hashes.map_err(Fault::damaged)?).map_err(Fault::damaged)?;
        let key: SigningKey = row.text(4)?.parse().map_err(Fault::damaged)?;
        Ok(Head { frontier, next_subject: row.int(2)?, slug: row.text(3)?, key })
    }

    /// Writes head and nodes.
    pub(crate) async fn store(&self, tx: &mut Tx, brand: i64, nodes: &[Node]) -> Result<(), Fault> {
        let rows: Vec<Vec<Value>> = nodes
            .iter()
            .filter(|n| n.level > 0 && n.level % STEP == 0)
            .map(|n| values![brand, i64::from(n.level), n.index, n.hash.as_bytes().as_slice()].to_vec())
            .collect();
        tx.execute_many(NODES, 4, &rows).await?;
        let edge: Vec<u8> = self.frontier.hashes().iter().flat_map(|h| h.0).collect();
        tx.execute(MOVE, &values![brand, self.frontier.size(), edge, self.next_subject]).await?;
        Ok(())
    }

    /// The signed checkpoint of this head.
    pub(crate) fn note(&self) -> Result<(Checkpoint, String), Fault> {
        let checkpoint = Checkpoint {
            origin: self.key.name().to_string(),
            size: self.frontier.size(),
            root: self.frontier.root(),
        };
        let note = checkpoint.sign(&self.key).map_err(Fault::damaged)?.to_string();
        Ok((checkpoint, note))
    }

    /// Signs and stores the checkpoint of this head.
    pub(crate) async fn checkpoint(&self, tx: &mut Tx, brand: i64, now: Time) -> Result<(), Fault> {
        let (checkpoint, note) = self.note()?;
        tx.execute(CHECKPOINT, &values![brand, checkpoint.size, note, now.0]).await?;
        Ok(())
    }
}
