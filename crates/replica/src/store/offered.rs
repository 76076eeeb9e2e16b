//! Table `offered`: own changes that the server accepted, kept for 35 days, to be offered again as they were if the
//! server must be restored from an older state (rules 29 to 31).

use super::{Store, meta, outbox};
use crate::Fault;
use records::{ChangeId, Epoch, Letter, Subject};
use rusqlite::Connection;

pub const SQL: &str = "\
CREATE TABLE offered (
    change    BLOB NOT NULL PRIMARY KEY,
    subject   BLOB NOT NULL,
    epoch     BLOB NOT NULL,
    seq       INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL, -- server time of the verdict
    salt      TEXT NOT NULL,
    bytes     TEXT NOT NULL,
    receipt   TEXT NOT NULL
) STRICT;
CREATE INDEX offered_by_time ON offered (at_ms);
CREATE INDEX offered_by_subject ON offered (subject);";

/// Backups are younger than this.
const KEPT_MS: i64 = 35 * 86_400_000;

/// What an accepted verdict says.
pub struct Acceptance<'a> {
    pub epoch: Epoch,
    pub seq: records::Seq,
    pub at_ms: i64,
    pub receipt: &'a str,
}

pub fn has(db: &Connection, change: ChangeId) -> Result<bool, Fault> {
    let mut statement = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM offered WHERE change = ?1)")?;
    Ok(statement.query_row([change.0.as_bytes()], |row| row.get(0))?)
}

pub fn keep(
    db: &Connection,
    id: ChangeId,
    subject: Subject,
    letter: &Letter,
    how: &Acceptance<'_>,
) -> Result<(), Fault> {
    let mut statement = db.prepare_cached(
        "INSERT INTO offered (change, subject, epoch, seq, at_ms, salt, bytes, receipt)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (change) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, at_ms = excluded.at_ms,
             receipt = excluded.receipt",
    )?;
    let values = rusqlite::params![
        id.0.as_bytes(),
        subject.0.as_bytes(),
        how.epoch.0.as_bytes(),
        super::record::sql_seq(how.seq)?,
        how.at_ms,
        letter.salt.0,
        letter.bytes.get(),
        how.receipt,
    ];
    statement.execute(values)?;
    Ok(())
}

/// In a new epoch: everything in sight will come again, and what this device once had accepted is offered again,
/// before anything else.
pub fn begin_epoch(db: &Connection, epoch: Epoch) -> Result<(), Fault> {
    db.execute("UPDATE record SET before = 1 WHERE seq IS NOT NULL AND before = 0", [])?;
    super::copy::offer_again(db)?;
    meta::set(db, &meta::RECOVERING, &true)?;
    meta::set(db, &meta::NOTES_OWED, &true)?;
    let mut rows = vec![];
    let mut statement =
        db.prepare("SELECT salt, bytes, receipt FROM offered WHERE epoch <> ?1 ORDER BY at_ms DESC, seq DESC")?;
    let mut found = statement.query([epoch.0.as_bytes()])?;
    while let Some(row) = found.next()? {
        let bytes = serde_json::value::RawValue::from_string(row.get(1)?)?;
        rows.push((Letter { salt: records::Salt(row.get(0)?), bytes }, row.get::<_, String>(2)?));
    }
    let mut first: i64 = db.query_row("SELECT min(0, coalesce(min(ord), 0)) FROM outbox", [], |row| row.get(0))?;
    let mut place = db.prepare("UPDATE outbox SET ord = ?2, frozen = 1, receipt = ?3 WHERE change = ?1")?;
    for (letter, receipt) in rows {
        let change = letter.open()?;
        if outbox::add(db, &change, &letter, "waiting")? {
            first -= 1;
            place.execute((change.id.0.as_bytes(), first, receipt))?;
            super::record::settle_pending(db, change.head.id)?;
        }
    }
    Ok(())
}

/// Everything in sight has come: what did not is hidden, and offered as copies (rule 29).
pub fn end_recovery(db: &Connection) -> Result<(), Fault> {
    // what was told to come later may wait for a copy
    let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE receipt IS NOT NULL AND state IN ('waiting', 'flying'))";
    let waiting: bool = db.query_row(sql, [], |row| row.get(0))?;
    if !waiting && meta::get(db, &meta::RECOVERING)? == Some(true) {
        db.execute("UPDATE record SET before = 2 WHERE before = 1", [])?;
        meta::set(db, &meta::RECOVERING, &false)?;
    }
    Ok(())
}

impl Store {
    /// Lets go of own changes that every backup holds by now. Called daily.
    pub(super) fn drop_old_offers(db: &Connection, server_ms: i64) -> Result<(), Fault> {
        db.execute("DELETE FROM offered WHERE at_ms < ?1", [server_ms.saturating_sub(KEPT_MS)])?;
        Ok(())
    }
}
