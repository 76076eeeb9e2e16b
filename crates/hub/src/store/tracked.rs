//! Records whose arrival at their place is told, until a device of that place has stored them.

use super::{Rows, count, int};
use crate::error::StoreError;
use records::{RecordId, Seq};
use uuid::Uuid;

/// Its table.
pub const TABLE: &str = "
CREATE TABLE tracked (
    feed   INTEGER NOT NULL REFERENCES feed,
    seq    INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (feed, seq)
) STRICT, WITHOUT ROWID;
";

/// Waits for the arrival of a record.
pub fn wait(rows: &Rows<'_>, feed: i64, seq: Seq, record: RecordId) -> Result<(), StoreError> {
    rows.conn.prepare_cached("INSERT OR IGNORE INTO tracked (feed, seq, record) VALUES (?1, ?2, ?3)")?.execute((
        feed,
        int(seq.0)?,
        record.0.as_bytes(),
    ))?;
    Ok(())
}

/// Records of a feed up to `seq` that wait, at most `most`.
pub fn arrived(rows: &Rows<'_>, feed: i64, seq: Seq, most: usize) -> Result<Vec<(Seq, RecordId)>, StoreError> {
    let mut statement = rows
        .conn
        .prepare_cached("SELECT seq, record FROM tracked WHERE feed = ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3")?;
    let found = statement.query_map((feed, int(seq.0)?, i64::try_from(most).unwrap_or(i64::MAX)), |row| {
        let id: [u8; 16] = row.get(1)?;
        Ok((Seq(count(row.get(0)?)), RecordId(Uuid::from_bytes(id))))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// No longer waits.
pub fn done(rows: &Rows<'_>, feed: i64, seq: Seq) -> Result<(), StoreError> {
    rows.conn.prepare_cached("DELETE FROM tracked WHERE feed = ?1 AND seq = ?2")?.execute((feed, int(seq.0)?))?;
    Ok(())
}
