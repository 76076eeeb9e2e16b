//! What became of each change that ever came, so that a replay gets the stored verdict.

use super::{Rows, count, int};
use crate::error::StoreError;
use records::wire::Verdict;
use records::{ChangeId, Seq};
use rusqlite::OptionalExtension;
use seal::Hash;

/// Its table.
pub const TABLE: &str = "
CREATE TABLE change (
    id      BLOB PRIMARY KEY,
    hash    BLOB NOT NULL,
    feed    INTEGER REFERENCES feed,    -- where it was accepted
    seq     INTEGER,
    verdict TEXT                        -- JSON, if it was not accepted
) STRICT, WITHOUT ROWID;
";

/// What is known of a change.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its hash.
    pub hash: Hash,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a change.
#[derive(Clone, Debug)]
pub enum Fate {
    /// In the log.
    Accepted(Seq),
    /// Held or refused.
    Answered(Verdict),
}

/// What is known of a change, if it ever came.
pub fn find(rows: &Rows<'_>, id: ChangeId) -> Result<Option<Known>, StoreError> {
    let found: Option<([u8; 32], Option<i64>, Option<String>)> = rows
        .conn
        .prepare_cached("SELECT hash, seq, verdict FROM change WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((hash, seq, verdict)) = found else { return Ok(None) };
    let fate = match (seq, verdict) {
        (Some(seq), _) => Fate::Accepted(Seq(count(seq))),
        (None, Some(verdict)) => Fate::Answered(serde_json::from_str(&verdict)?),
        (None, None) => return Err(StoreError::Lacks("the verdict of a change")),
    };
    Ok(Some(Known { hash: Hash(hash), fate }))
}

/// True if the log holds the change.
pub fn accepted(rows: &Rows<'_>, id: ChangeId) -> Result<bool, StoreError> {
    Ok(find(rows, id)?.is_some_and(|known| matches!(known.fate, Fate::Accepted(_))))
}

/// Notes an accepted change; a held one that is accepted now moves here.
pub fn accept(rows: &Rows<'_>, id: ChangeId, hash: Hash, feed: i64, seq: Seq) -> Result<(), StoreError> {
    rows.conn
        .prepare_cached(
            "INSERT INTO change (id, hash, feed, seq) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET feed = ?3, seq = ?4, verdict = NULL WHERE seq IS NULL AND hash = ?2",
        )?
        .execute((id.0.as_bytes(), hash.0, feed, int(seq.0)?))?;
    Ok(())
}

/// Notes a change that was not accepted.
pub fn answer(rows: &Rows<'_>, id: ChangeId, hash: Hash, verdict: &Verdict) -> Result<(), StoreError> {
    rows.conn
        .prepare_cached(
            "INSERT INTO change (id, hash, verdict) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE SET verdict = ?3 WHERE seq IS NULL AND hash = ?2",
        )?
        .execute((id.0.as_bytes(), hash.0, serde_json::to_string(verdict)?))?;
    Ok(())
}
