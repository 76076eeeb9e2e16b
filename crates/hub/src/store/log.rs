//! The log: every accepted change of a feed in order, verbatim and sealed, chained by hash.

use super::{Rows, int};
use crate::error::StoreError;
use records::{Change, Letter, Seq, ServerTime};
use seal::Hash;

/// Its table.
pub const TABLE: &str = "
CREATE TABLE log (
    feed     INTEGER NOT NULL REFERENCES feed,
    seq      INTEGER NOT NULL,
    change   BLOB NOT NULL,
    act      BLOB NOT NULL,
    record   BLOB NOT NULL,
    hash     BLOB NOT NULL,       -- BLAKE3(salt, bytes)
    chain    BLOB NOT NULL,       -- of the feed up to here
    batch    INTEGER NOT NULL REFERENCES batch,
    received INTEGER NOT NULL,    -- ms since 1970-01-01 UTC
    body     BLOB NOT NULL,       -- salt and bytes, sealed by the subject's key
    PRIMARY KEY (feed, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_record ON log (record);
";

/// One accepted change.
pub struct Line<'a> {
    /// Number of the feed.
    pub feed: i64,
    /// Its place.
    pub seq: Seq,
    /// As it came.
    pub letter: &'a Letter,
    /// What is in it.
    pub change: &'a Change,
    /// Its hash.
    pub hash: Hash,
    /// The chain with it.
    pub chain: Hash,
    /// In which batch it came.
    pub batch: i64,
    /// When.
    pub received: ServerTime,
}

/// Appends a line.
pub fn append(rows: &Rows<'_>, line: &Line<'_>) -> Result<(), StoreError> {
    let plain = serde_json::to_vec(line.letter)?;
    let body = rows.seal(line.change.head.subject, "change", line.change.id.0, &plain)?;
    rows.conn
        .prepare_cached(
            "INSERT INTO log (feed, seq, change, act, record, hash, chain, batch, received, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute((
            line.feed,
            int(line.seq.0)?,
            line.change.id.0.as_bytes(),
            line.change.act.0.as_bytes(),
            line.change.head.id.0.as_bytes(),
            line.hash.0,
            line.chain.0,
            line.batch,
            line.received.0,
            body,
        ))?;
    Ok(())
}

/// Checks the chain of a feed up to its head; returns the seq of the first line that does not fit or is missing.
pub fn first_broken(rows: &Rows<'_>, feed: i64, head: Seq) -> Result<Option<Seq>, StoreError> {
    let mut statement = rows.conn.prepare_cached("SELECT seq, hash, chain FROM log WHERE feed = ?1 ORDER BY seq")?;
    let mut lines = statement.query([feed])?;
    let (mut chain, mut expected) = (Hash::START, 1_i64);
    while let Some(line) = lines.next()? {
        let seq: i64 = line.get(0)?;
        chain = seal::chain(chain, Hash(line.get(1)?));
        if seq != expected || chain != Hash(line.get(2)?) {
            return Ok(Some(Seq(super::count(expected))));
        }
        expected += 1;
    }
    Ok((super::count(expected) != head.0 + 1).then_some(Seq(super::count(expected))))
}
