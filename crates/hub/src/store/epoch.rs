//! Lineages: a restore begins a new epoch that names its parent and the heads it branched from.

use super::Rows;
use crate::error::StoreError;
use records::{Epoch, ServerTime};
use rusqlite::OptionalExtension;
use uuid::Uuid;

/// Its table.
pub const TABLE: &str = "
CREATE TABLE epoch (
    number   INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    parent   BLOB,                   -- NULL for the first
    begun    INTEGER NOT NULL,       -- ms since 1970-01-01 UTC
    branched TEXT NOT NULL           -- JSON: seq and chain of each feed where it branched off
) STRICT;
";

/// The newest epoch, if the store has begun.
pub fn current(rows: &Rows<'_>) -> Result<Option<Epoch>, StoreError> {
    let id: Option<[u8; 16]> = rows
        .conn
        .prepare_cached("SELECT id FROM epoch ORDER BY number DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(id.map(|id| Epoch(Uuid::from_bytes(id))))
}

/// Backups and what devices offer again are younger than this, ms: so long after a restore something may still come.
const YOUNG_MS: i64 = 35 * 86_400_000;

/// True if the store was restored not long ago.
pub fn is_young(rows: &Rows<'_>, now: ServerTime) -> Result<bool, StoreError> {
    let found: Option<i64> = rows
        .conn
        .prepare_cached("SELECT begun FROM epoch WHERE parent IS NOT NULL ORDER BY number DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(found.is_some_and(|begun| now.0.saturating_sub(begun) < YOUNG_MS))
}

/// Begins an epoch.
pub fn begin(rows: &Rows<'_>, id: Epoch, now: ServerTime) -> Result<(), StoreError> {
    let parent = current(rows)?.map(|epoch| epoch.0.into_bytes());
    let branched = serde_json::to_string(&super::feed::heads(rows)?)?;
    rows.conn.execute(
        "INSERT INTO epoch (id, parent, begun, branched) VALUES (?1, ?2, ?3, ?4)",
        (id.0.as_bytes(), parent, now.0, branched),
    )?;
    Ok(())
}
