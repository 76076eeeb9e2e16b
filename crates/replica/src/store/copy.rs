//! Copies of what others wrote, which an earlier epoch sent and this one did not: perhaps nobody else holds them any more,
//! so they are offered to the server, and let go of once it has them or has shown them to the office (rule 29).

use super::view::{AtomNames, View};
use super::{meta, record};
use crate::Fault;
use records::{Record, RecordId, limits};
use rusqlite::{Connection, OptionalExtension};

/// Copies are part of a request like its batch: together they stay below what the server reads.
const BYTES: usize = limits::BATCH_BYTES / 2;

/// In yet another epoch all copies are offered again.
pub fn offer_again(db: &Connection) -> Result<(), Fault> {
    db.execute("UPDATE record SET before = 2 WHERE before > 2", [])?;
    Ok(())
}

/// True if a copy waits to be offered.
pub fn waits(db: &Connection) -> Result<bool, Fault> {
    let recovering = meta::get(db, &meta::RECOVERING)?.unwrap_or(false);
    let found: bool = db.query_row("SELECT EXISTS (SELECT 1 FROM record WHERE before IN (2, 3))", [], |r| r.get(0))?;
    Ok(found && !recovering)
}

/// The copies of the next request: those of the last one if it was not answered.
pub fn offer(db: &Connection, names: &AtomNames) -> Result<Vec<Record>, Fault> {
    if !waits(db)? {
        return Ok(vec![]);
    }
    let view = View::open(db, names)?;
    let mut copies = view.confirmed("before = 3", limits::COPIES_PER_EXCHANGE)?;
    if copies.is_empty() {
        let mut bytes = 0;
        for copy in view.confirmed("before = 2", limits::COPIES_PER_EXCHANGE)? {
            bytes += serde_json::to_string(&copy)?.len();
            if bytes > BYTES && !copies.is_empty() {
                break;
            }
            db.prepare_cached("UPDATE record SET before = 3 WHERE id = ?1")?.execute([copy.head.id.0.as_bytes()])?;
            copies.push(copy);
        }
    }
    Ok(copies)
}

/// Of the copies just offered these need not be kept; the others the server cannot take, and they stay, unseen.
pub fn answered(db: &Connection, copied: &[RecordId]) -> Result<(), Fault> {
    // what is still pending in a record stands on it, unseen, until the record comes
    let mut find = db.prepare_cached("SELECT row FROM record WHERE id = ?1 AND before = 3 AND pending = 0")?;
    for id in copied {
        let row: Option<i64> = find.query_row([id.0.as_bytes()], |row| row.get(0)).optional()?;
        if let Some(row) = row {
            record::erase(db, row)?;
        }
    }
    db.execute("UPDATE record SET before = 4 WHERE before = 3", [])?;
    Ok(())
}
