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
